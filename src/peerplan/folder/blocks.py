"""A document as a sequence of blocks, alike however an editor wrote the same words down. Pure.

Editors rewrap lines, pad tables, and change bullets, escapes, emphasis and line ends; people write boxes and bullets
in many ways. None of this is a change of what a document says.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from peerplan.text import fold, one_line, with_hyphens

Kind = Literal["heading", "item", "row", "text"]

_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")  # Word, Teams and the web have line breaks of their own
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?")
_UNDERLINE = re.compile(r"=+|-{2,}")
_ROW = re.compile(r"\|.*")
_DELIMITERS = re.compile(r"[|:\s-]+")
_GLYPHS = {"☐": "", "⬜": "", "□": "", "❏": "", "☑": "x", "☒": "x", "✅": "x", "✔": "x", "✓": "x", "■": "x"}
_GLYPHS |= {"\uf0a8": "", "\uf06f": "", "\uf0fe": "x", "\uf0fd": "x", "\uf0fc": "x"}  # of Word's font Wingdings
_BOX = re.compile(rf"\\*\[([^\]\[\n]{{0,3}}?)\\*\](?!\()\s*|([{''.join(_GLYPHS)}])\uFE0F?\s*")
_BULLET = re.compile(r"(\s*)([-*+•◦▪·‣\u2010-\u2014\u2212]|\d{1,3}[.)])(?:\s+|(?=\\*\[[^\]\[]{0,3}?\\*\]))(?=\S)")
_DASHES = (
    "\u2010\u2011\u2012\u2013\u2014\u2212"  # begin an item only where they begin others too: prose has them as well
)
_ID = re.compile(r"\\?<\\?!(?:\\?[-\u2013\u2014]){1,2}\s*([\w-]+?)\s*(?:\\?[-\u2013\u2014]){1,2}\\?>")
_QUOTED = re.compile(r"(?: {0,3}>[ ]?)+")  # as a mail program does that is answered
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # of Word, Teams and the web
_ENTITY = re.compile(r"(?<!\\)&(?:#?\w+);")
_MARKUP = re.compile(
    r"\\([!-/:-@\[-`{-~])|\*+|`+|~~+|(?<!\w)_+|_+(?!\w)|<((?:https?://|mailto:)?[^\s<>]+[@.][^\s<>]+)>"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019\u201a", "'")
)


@dataclass(slots=True)
class Block:
    """A heading, an item of a list, a row of a table or a paragraph: lines[first:last] of its text.

    `level` is how deep a heading or how far indented an item is. `box` is what stands in a tick box, None if there is
    none; `id` is the id in a comment, if there is one. `raw` is what it says, as it was written, and `head` what
    stands on its first line.
    """

    kind: Kind
    level: int
    raw: str
    first: int
    last: int
    bullet: str = ""
    box: str | None = None
    id: str = ""
    gap: int = 0
    head: str = ""

    def __post_init__(self) -> None:
        self.head = self.raw

    @property
    def text(self) -> str:
        """What it says, without emphasis and escapes."""
        return plain(self.raw)

    @property
    def below(self) -> str:
        """What a person wrote on the lines after the first one."""
        return one_line(_ESCAPE.sub(r"\1", self.raw.removeprefix(self.head)))

    @property
    def comparable(self) -> str:
        """What a person wrote here, with one kind of dashes and quotation marks."""
        return with_hyphens(self.words).translate(_LOOKALIKES)

    @property
    def key(self) -> str:
        """What it says, for comparing."""
        return key_of(self.kind, self.raw, self.box)

    @property
    def words(self) -> str:
        """What a person wrote here, with her own emphasis."""
        return one_line(_ESCAPE.sub(r"\1", self.raw))


def plain(raw: str) -> str:
    """Return Markdown as a reader sees it, on one line."""
    return one_line(_MARKUP.sub(lambda found: found[1] or found[2] or "", raw))


def readable(raw: str) -> str:
    """Return Markdown as a reader sees it, with one kind of dashes and quotation marks."""
    return with_hyphens(plain(raw)).translate(_LOOKALIKES)


def alike(raw: str) -> str:
    """Return what two ways to write the same words have in common."""
    return fold(readable(raw))


def key_of(kind: Kind, raw: str, box: str | None) -> str:
    """Return by what a block is compared."""
    return f"{kind}: {'' if box is None else '[] '}{unicodedata.normalize('NFC', readable(raw))}"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without their ends; a final line break begins no line."""
    lines = _BREAK.split(text.removeprefix("\ufeff"))
    return lines[:-1] if lines and not lines[-1] else lines


def blocks_of(lines: Iterable[str]) -> list[Block]:
    """Return the blocks of a text, from top to bottom."""
    blocks: list[Block] = []
    gap = 0
    is_open = False  # the next line may belong to the last block
    for number, line in enumerate(map(_as_meant, lines)):
        body = one_line(line)
        if not body:
            gap += 1
            is_open = False
            continue
        above, gap = gap, 0
        last = blocks[-1] if blocks else None
        is_open |= bool(last and last.kind == "item" and not last.raw and line[0].isspace())  # a box by itself
        if is_open and last and last.kind == "text" and _UNDERLINE.fullmatch(body):
            last.kind, last.level, last.last = "heading", 1 if body[0] == "=" else 2, number + 1
            is_open = False
        elif _ROW.fullmatch(body) and _DELIMITERS.fullmatch(body) and last:
            last.last = number + 1
        elif found := _begun(line, body, last, number, is_open=is_open):
            found.gap = above
            blocks.append(found)
            is_open = found.kind in ("item", "text")
        elif last:
            last.raw, last.last = f"{last.raw} {body}", number + 1
    for block in blocks:
        if block.kind == "item" and (marked := _ID.search(block.raw)):
            block.id = marked[1]
            if block.box is not None or block.raw.startswith("["):  # any other comment is a person's
                block.raw = _ID.sub("", block.raw, count=1).strip()
                block.head = _ID.sub("", block.head, count=1).strip()
    return blocks


def _as_meant(line: str) -> str:
    """Return a line without marks of quotation, with one form of letters and blanks and what entities stand for."""
    line = line[quoted.end() :] if (quoted := _QUOTED.match(line)) else line
    if "&" in line:
        from html import unescape

        line = _ENTITY.sub(lambda found: unescape(found[0]), line)
    return unicodedata.normalize("NFC", _BLANK.sub(" ", line))


def _begun(line: str, body: str, last: Block | None, number: int, *, is_open: bool) -> Block | None:
    """Return the block that a line begins, None if it goes on with the last one."""
    if found := _HEADING.fullmatch(body):
        return Block("heading", len(found[1]), found[2], number, number + 1)
    if _ROW.fullmatch(body):
        cells = re.split(r"(?<!\\)\|", body.strip("|"))
        return Block("row", 0, " | ".join(cell.strip() for cell in cells), number, number + 1)
    bullet = _BULLET.match(line)
    if bullet and bullet[2] in _DASHES and is_open and last and last.bullet != bullet[2]:
        boxed = _BOX.match(line[bullet.end() :])
        bullet = bullet if boxed else None
    rest = line[bullet.end() :] if bullet else line.lstrip()
    box = _BOX.match(rest)
    if bullet or (box and (box[2] or rest[box.end(1) :].startswith(("] ", "\\] ")))):
        level = len(bullet[1].expandtabs(4)) if bullet else len(line) - len(line.lstrip())
        return _item(rest, level, bullet[2] if bullet else "", number)
    return None if is_open else Block("text", 0, body, number, number + 1)


def _item(rest: str, level: int, bullet: str, number: int) -> Block:
    box: str | None = None
    while found := _BOX.match(rest):  # "- [ ] ✅ Done"
        box = _GLYPHS[found[2]] if found[2] else box or one_line(found[1])
        rest = rest[found.end() :]
    return Block("item", level, one_line(rest), number, number + 1, bullet, box)
