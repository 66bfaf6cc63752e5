"""The documents of a folder, as they stand, as sheets to look at: blocks and pieces of text, for any format. Pure.

What a person wrote in her files is her own Markdown. Pictures are not shown, for a page fetches nothing from elsewhere,
and raw HTML is shown as the text it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from peerplan.documents.letters import parts_of
from peerplan.documents.markdown import letter_tree
from peerplan.guide.blanks import Blanks
from peerplan.guide.guide import Guide
from peerplan.plan.points import DatedLetter

LETTER = ".txt"
TEXTS = (".md", LETTER)

_DOCUMENTS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_ID = re.compile(r"[ \t]*<!--\s*[\w-]+\s*-->")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # what slugify leaves as it is
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text, with its line breaks. `is_blank` marks one that a reader fills in."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    is_blank: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1 within its sheet, and no level is left out. `id` is its own on the page."""

    level: int
    spans: Spans
    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list; `ticked` is None without a tick box."""

    ticked: bool | None
    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class List:
    """A list, numbered from `start` on or, where that is None, with bullets."""

    start: int | None
    items: tuple[ListItem, ...]

    @property
    def has_boxes(self) -> bool:
        return any(item.ticked is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows of cells. `head` is empty for a form: its first column says what to write beside it."""

    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


Block = Heading | Text | List | TextTable
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class SheetText:
    """One document to look at. `name` is its file's; a letter's `title` is its subject.

    `heading` is what it is called among others, with a letter's receiver; `send` says when to send a letter.
    """

    name: str
    title: str
    blocks: Blocks
    heading: str = ""
    send: str = ""

    @property
    def is_letter(self) -> bool:
        return self.name.endswith(LETTER)

    @property
    def id(self) -> str:
        return id_of(self.name)


def id_of(name: str) -> str:
    """Return what a document is called on a page and on the command line: plan.md is plan."""
    stem = name.rpartition(".")[0]
    if _SLUG.fullmatch(stem):
        return stem
    from slugify import slugify

    return slugify(stem)


def sheets_of(
    texts: Mapping[str, str], guide: Guide, blanks: Blanks, letters: Iterable[DatedLetter] = ()
) -> tuple[SheetText, ...]:
    """Return the documents as sheets, in the order of the guide; texts are by name, letters those of the plan.

    Where one of them names another, the name becomes a link to it.
    """
    by_id = {one.id: one for one in letters}
    order, last = guide.document_order, len(guide.document_order) + 1
    shown = [name for name in texts if name.endswith(TEXTS)]
    shown.sort(key=lambda name: (order.get(id_of(name), last), name))
    sheets = (_Reader(name, shown, guide, blanks).sheet(texts[name]) for name in shown)
    return tuple(_headed(sheet, by_id.get(sheet.id), guide) for sheet in sheets)


def _headed(sheet: SheetText, letter: DatedLetter | None, guide: Guide) -> SheetText:
    """Return a sheet with its heading; a letter's says to whom it goes, where that is known."""
    if not sheet.is_letter:
        return replace(sheet, heading=sheet.title)
    if letter is None:
        return replace(sheet, heading=guide.say("page-letter-entry", title=sheet.title))
    message = "page-letter-by" if letter.day else "page-letter-send"
    return replace(
        sheet,
        heading=guide.say("page-letter-to", to=letter.to, title=sheet.title),
        send=guide.say(message, send=letter.send, day=letter.day) if letter.is_to_go else "",
    )


class _Reader:
    """Reads one document; `names` are all that are shown together."""

    def __init__(self, name: str, names: Iterable[str], guide: Guide, blanks: Blanks) -> None:
        self.name = name
        self.guide = guide
        self.found = blanks
        self.is_letter = name.endswith(LETTER)
        self.line_break = "\n" if self.is_letter else " "
        others = [] if self.is_letter else [re.escape(one) for one in names if one != name]
        self.others = re.compile(f"({'|'.join(others)})") if others else None
        self.headings = 0
        self.level = 1 if self.is_letter else 0  # the subject is the title, and stands outside the text

    def sheet(self, text: str) -> SheetText:
        if self.is_letter:
            title, body = parts_of(text, self.guide)
            return SheetText(self.name, title or self.name, tuple(self.blocks(letter_tree(body.strip().splitlines()))))
        blocks = tuple(self.blocks(SyntaxTreeNode(_DOCUMENTS.parse(_ID.sub("", text)))))
        if blocks and isinstance(first := blocks[0], Heading):
            return SheetText(self.name, text_of(first.spans), blocks[1:])
        return SheetText(self.name, self.name, blocks)

    def blocks(self, node: SyntaxTreeNode) -> Iterator[Block]:
        for child in node.children:
            if child.type == "heading":
                yield self._heading(child)
            elif child.type in ("bullet_list", "ordered_list"):
                yield self._list(child)
            elif child.type == "table":
                yield self._table(child)
            elif child.type in ("paragraph", "inline"):
                yield Text(self._spans(child))
            elif child.children:  # a quotation: what it says
                yield from self.blocks(child)
            elif child.content:  # code: as it stands
                yield Text((Span(child.content.rstrip("\n")),))

    def _heading(self, node: SyntaxTreeNode) -> Heading:
        self.headings += 1
        self.level = min(int(node.tag[1:]), self.level + 1)
        spans = tuple(replace(one, link="") if one.link.startswith("#") else one for one in self._spans(node))
        return Heading(self.level, spans, f"{id_of(self.name)}-{self.headings}")  # a link is lost in a bookmark

    def _list(self, node: SyntaxTreeNode) -> List:
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        return List(start, tuple(map(self._item, node.children)))

    def _item(self, node: SyntaxTreeNode) -> ListItem:
        blocks = tuple(self.blocks(node))
        if blocks and isinstance(first := blocks[0], Text) and (box := _BOX.match(first.spans[0].text)):
            rest = (Span(first.spans[0].text[box.end() :]), *first.spans[1:])
            return ListItem(box[1] in "xX", (Text(tuple(span for span in rest if span.text)), *blocks[1:]))
        return ListItem(None, blocks)

    def _table(self, node: SyntaxTreeNode) -> TextTable:
        rows = tuple(tuple(map(self._spans, row.children)) for part in node.children for row in part.children)
        is_form = not all(any(span.text for span in cell) for cell in rows[0])
        return TextTable((), rows) if is_form else TextTable(rows[0], rows[1:])

    def _spans(self, node: SyntaxTreeNode) -> Spans:
        """Return the pieces of what a node says; those that look alike are put together, so that blanks are found."""
        pieces = groupby(self._pieces(node, Span("")), key=lambda one: (one.bold, one.italic, one.link))
        spans: list[Span] = []
        for (bold, italic, link), alike in pieces:
            around, marks = self.found.parts_of("".join(one.text for one in alike))
            for text, mark in zip(around, [*marks, ""], strict=True):
                spans += self._linked(Span(text, bold, italic, link))
                spans.append(Span(mark, bold, italic, link, is_blank=True))
        return tuple(span for span in spans if span.text) or (Span(""),)

    def _linked(self, span: Span) -> Iterator[Span]:
        """Yield a piece with the names of other documents as links to them."""
        parts = self.others.split(span.text) if self.others and not span.link else [span.text]
        for place, part in enumerate(parts):
            yield replace(span, text=part, link=f"#{id_of(part)}" if place % 2 else span.link)

    def _pieces(self, node: SyntaxTreeNode, like: Span) -> Iterator[Span]:
        for child in node.children:
            if child.type in ("softbreak", "hardbreak"):
                yield replace(like, text=self.line_break if child.type == "softbreak" else "\n")
            elif child.children:
                link = str(child.attrs.get("href", "")) or like.link
                bold, italic = like.bold or child.type == "strong", like.italic or child.type == "em"
                yield from self._pieces(child, Span("", bold, italic, link))
            else:
                yield replace(like, text=child.content)


def text_of(spans: Iterable[Span]) -> str:
    """Return what pieces say, without their looks."""
    return "".join(span.text for span in spans)
