"""The documents of a folder as one Word file, on a workplace's own letterhead if there is one. Pure.

Needs the extra `export`. The body is a layout like the web page is; python-docx opens the base and packs the file.
"""

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import typst
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length
from lxml.etree import LxmlError

from peerplan.documents.letterhead import MADE, base_of, numbering_of, packed, set_language, style_ids
from peerplan.documents.page import LAYOUTS, layouts, svg_of
from peerplan.documents.picture import Picture
from peerplan.documents.sheets import List, SheetText, Spans, TextTable, text_of
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide

INDENT = 425  # of each level of a list, in twentieths of a point, as in word-numbering.xml
BY_HAND = 800  # the least height of a form's rows
FORM_LABEL = 0.4  # of a form's width
NARROWEST, WIDEST = 11, 40  # letters that a column is at least and at most reckoned to have
PIXELS = 200  # of the picture, an inch
LARGEST_LETTERHEAD = 20_000_000  # bytes; one with large pictures has a few millions
_MOST_UNPACKED = 50_000_000
_MOST_XML = 5_000_000  # bytes, of which each takes many in memory; Word's own styles are 50,000
_LONGEST_TITLE = 255  # python-docx refuses a longer one

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK = re.compile(r"(?:https?://[\w.-]+(?::\d+)?(?:[/?#][!-~]*)?|mailto:[!-~]+)", re.IGNORECASE | re.ASCII)
_DRAWING = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), width: 340pt)"

_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")  # of what Word locks with a password
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LxmlError, PythonDocxError, OpcError,
    LookupError, ValueError, AttributeError, TypeError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Image:
    """The picture of the time within the file: how large it is shown, and what it is called there."""

    relation: str
    width: int
    height: int
    id: int = 1_000_000  # so that a letterhead's own pictures have others


def check_letterhead(content: bytes, guide: Guide, place: str) -> None:
    """Make sure that a file can be the base, by writing an empty document upon it; place names it in the message.

    Raises:
        InputError: if it is no Word document, or damaged, or locked with a password.
    """
    if _ENCRYPTED_PART in content:
        raise InputError(Problem("letterhead-password", place=place))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
        xml = sum(one.file_size for one in members if one.filename.endswith((".xml", ".rels")))
        if xml > _MOST_XML or sum(one.file_size for one in members) > _MOST_UNPACKED:
            raise ValueError
        word_of((), None, guide, "", content)
    except _DAMAGED:
        raise InputError(Problem("letterhead-damaged", place=place)) from None


def word_of(
    sheets: Sequence[SheetText], picture: Picture | None, guide: Guide, unit: str, letterhead: bytes | None = None
) -> bytes:
    """Return the sheets as a Word file; letterhead is a Word file whose page and styles it takes."""
    document = base_of(letterhead)
    _Body(document, guide).write(sheets, picture)
    set_language(document, guide.own_language.tag)
    about = document.core_properties
    about.title = _clean(guide.say("calendar-name", unit=unit))[:_LONGEST_TITLE]
    about.language = guide.own_language.tag
    about.author = about.last_modified_by = "peerplan"
    about.comments = ""
    about.created = about.modified = MADE
    about.revision = 1
    return packed(document)


class _Body:
    """Fills the body of a document."""

    def __init__(self, document: WordDocument, guide: Guide) -> None:
        self.document = document
        self.guide = guide
        self.styles = style_ids(document)
        self.numbering = numbering_of(document)
        self.bullets, self.numbers = self._definitions()
        self.bullet_list = self.numbering.add_num(self.bullets).numId  # type: ignore[no-untyped-call]
        page = document.sections[-1]
        margins = (page.left_margin or 0) + (page.right_margin or 0) + (page.gutter or 0)
        self.width = Length((page.page_width or Cm(21)) - margins)
        self.height = Length((page.page_height or Cm(29.7)) - (page.top_margin or 0) - (page.bottom_margin or 0))

    def write(self, sheets: Sequence[SheetText], picture: Picture | None) -> None:
        body = layouts().get_template("word.xml.j2")
        text = body.render(
            sheets=sheets,
            picture=picture,
            image=self._image(picture) if picture else None,
            say=self.guide.say,
            style=lambda name: self.styles[name.casefold()],
            number=self._number,
            link=self._link,
            widths_of=self._widths,
            indent=INDENT,
            by_hand=BY_HAND,
        )
        end = self.document.element.body.get_or_add_sectPr()
        for block in parse_xml(_clean(text)):
            end.addprevious(block)

    def _definitions(self) -> list[int]:
        """Add our own bullets and numbers to those that the document has, and return their ids."""
        ids = [int(one) for one in self.numbering.xpath("w:abstractNum/@w:abstractNumId")]
        first = max(ids, default=-1) + 1
        own = parse_xml((LAYOUTS / "word-numbering.xml").read_bytes()).xpath("w:abstractNum")
        lists = self.numbering.xpath("w:num | w:numIdMacAtCleanup")  # which come after all definitions
        for place, one in enumerate(own, first):
            one.set(qn("w:abstractNumId"), str(place))
            lists[0].addprevious(one) if lists else self.numbering.append(one)
        return [first, first + 1]

    def _number(self, block: List, depth: int) -> int:
        """Return the id of a list in Word: each numbered one has its own, which starts where it says."""
        if block.start is None:
            return int(self.bullet_list)
        number = self.numbering.add_num(self.numbers)  # type: ignore[no-untyped-call]
        number.add_lvlOverride(depth).add_startOverride(block.start)
        return int(number.numId)

    def _link(self, target: str) -> str:
        """Return the id of a link that leads out of the file, or "" of what is to be text."""
        if not _LINK.fullmatch(target):
            return ""
        return self.document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)

    def _widths(self, table: TextTable) -> list[int]:
        """Return how wide the columns are, in twentieths of a point: as what they hold asks for."""
        rows: tuple[tuple[Spans, ...], ...] = (table.head, *table.rows) if table.head else table.rows
        total = self.width.twips
        if not table.head and len(rows[0]) > 1:
            rest = round(total * (1 - FORM_LABEL) / (len(rows[0]) - 1))
            return [total - rest * (len(rows[0]) - 1), *[rest] * (len(rows[0]) - 1)]
        longest = [max(len(text_of(cell)) for cell in column) for column in zip(*rows, strict=True)]
        shares = [min(max(one, NARROWEST), WIDEST) for one in longest]
        return [total * one // sum(shares) for one in shares]

    def _image(self, picture: Picture) -> Image:
        svg = {"svg": _clean(svg_of(picture))}
        png = typst.compile(_DRAWING, format="png", ppi=PIXELS, sys_inputs=svg, ignore_system_fonts=True)
        relation, _ = self.document.part.get_or_add_image(BytesIO(png))
        room = min(self.width, Cm(16), int(self.height * 0.7 * picture.width / picture.height))
        return Image(relation, Emu(room), int(room * picture.height / picture.width))


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
