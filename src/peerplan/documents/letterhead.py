"""The base of a Word file: a workplace's own document, or an empty page; its body makes room for another. Pure."""

import zipfile
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.numbering import CT_Numbering
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.section import _Footer, _Header
from docx.shared import Cm

from peerplan.documents.page import LAYOUTS

MADE = datetime(2026, 1, 1, tzinfo=UTC)  # always this day, so that the same documents give the same bytes
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ID, _DEFAULT = qn("w:styleId"), qn("w:default")

# What a document needs whatever it says. Of all else only what its page setup names is kept: headers and footers.
_KEPT = ("/styles", "/settings", "/webSettings", "/fontTable", "/theme", "/numbering")
_OF_THE_BODY = ("w:footnotePr", "w:endnotePr", "w:mailMerge")
_SAYS = ".//w:t[normalize-space()] | .//w:drawing | .//w:pict | .//w:object | .//w:fldSimple | .//w:instrText"
_PAGE_NUMBER = './/w:instrText[contains(., "PAGE")] | .//w:fldSimple[contains(@w:instr, "PAGE")]'


def base_of(letterhead: bytes | None) -> WordDocument:
    """Return a document with an empty body, and with every style that is needed."""
    document = Document(BytesIO(letterhead)) if letterhead else _empty()
    _clear(document)
    _add_styles(document)
    _add_page_numbers(document)
    return document


def packed(document: WordDocument) -> bytes:
    """Return the file of a document; a zip file otherwise tells when it was made."""
    saved, result = BytesIO(), BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.create_system = 3  # the same on every system
            after.writestr(member, before.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()


def style_ids(document: WordDocument) -> dict[str, str]:
    """Return the ids of the styles by their names, which Word keeps in English: a Swedish one has the id Rubrik1."""
    return {name_of(style).casefold(): style.get(_ID) for style in document.styles.element.xpath("w:style")}


def name_of(style: BaseOxmlElement) -> str:
    return "".join(style.xpath("w:name/@w:val"))


def numbering_of(document: WordDocument) -> CT_Numbering:
    """Return where the numbering of lists is defined; a document without lists has no such place yet."""
    part = document.part
    if not any(one.reltype == RELATIONSHIP_TYPE.NUMBERING for one in part.rels.values()):
        uri, empty = PackURI("/word/numbering.xml"), _layout("word-numbering.xml")
        for one in list(empty):
            empty.remove(one)
        made = NumberingPart(uri, CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    numbering: CT_Numbering = part.numbering_part.element
    return numbering


def set_language(document: WordDocument, tag: str) -> None:
    """Say in which language the text is, so that a program checks and reads it aloud in that one."""
    styles = document.styles.element
    if not styles.xpath("w:docDefaults"):
        styles.insert(0, styles.makeelement(qn("w:docDefaults")))
    properties = styles.xpath("w:docDefaults")[0]
    for name in ("w:rPrDefault", "w:rPr", "w:lang"):
        found = properties.find(qn(name))
        if found is None:
            found = properties.makeelement(qn(name))
            properties.insert(0 if name == "w:rPrDefault" else len(properties), found)
        properties = found
    for one in (properties, *styles.xpath('w:style[@w:type="paragraph"][@w:default="1"]/w:rPr/w:lang')):
        one.set(qn("w:val"), tag)


def _empty() -> WordDocument:
    """Return a document with an A4 page and no style."""
    document = Document()
    for part in (document.styles.element, document.part.numbering_part.element):
        for one in part.xpath("w:style | w:abstractNum | w:num"):
            part.remove(one)
    for one in document.settings.element.xpath('.//w:compatSetting[@w:name="compatibilityMode"]'):
        one.set(qn("w:val"), "15")  # Word says of an older one that it is opened in a compatibility mode
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.2)
    return document


def _clear(document: WordDocument) -> None:
    """Take away what a document says, and what belongs to that: its comments, notes and pictures."""
    body, part = document.element.body, document.part
    _inherit_headers(document)
    for block in body.xpath("*[not(self::w:sectPr)]"):
        body.remove(block)
    named = set(document.element.xpath("//@r:id"))
    for key, relation in list(part.rels.items()):
        if key not in named and not relation.reltype.endswith(_KEPT):
            del part.rels[key]
    for name in _OF_THE_BODY:
        for one in document.settings.element.xpath(name):
            one.getparent().remove(one)
    package = part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # a small picture of what it said
            del package.rels[key]


def _inherit_headers(document: WordDocument) -> None:
    """Give the last section, which stays, the headers and footers that it takes from those before it."""
    *others, last = document.sections
    own = last._sectPr  # noqa: SLF001 # python-docx names it nowhere else
    for section in reversed(others):
        references = section._sectPr.xpath("w:headerReference | w:footerReference")  # noqa: SLF001
        for one in references:
            same = [other for other in own if (other.tag, other.get(qn("w:type"))) == (one.tag, one.get(qn("w:type")))]
            if not same:
                own.insert(0, one)


def _add_styles(document: WordDocument) -> None:
    """Add the styles that a document lacks, upon those that it has."""
    styles, ids = document.styles.element, style_ids(document)
    for style in _layout("word-styles.xml").xpath("w:style"):
        if name_of(style).casefold() in ids or _is_default(style, styles):
            continue
        while style.get(_ID) in ids.values():  # in use for another
            style.set(_ID, style.get(_ID) + "1")
        for other in style.xpath("w:basedOn | w:next"):
            other.set(qn("w:val"), _default_paragraph(styles).get(_ID))
        styles.append(style)


def _is_default(style: BaseOxmlElement, styles: BaseOxmlElement) -> bool:
    """Tell whether a style is the one that all of its kind begin with, and a document has one already."""
    kind = style.get(qn("w:type"))
    return bool(style.get(_DEFAULT) and styles.xpath(f'w:style[@w:type="{kind}"][@w:default="1"]'))


def _default_paragraph(styles: BaseOxmlElement) -> BaseOxmlElement:
    """Return the style that all paragraphs begin with; LibreOffice has one and does not say so."""
    found: list[BaseOxmlElement] = styles.xpath('w:style[@w:type="paragraph"][@w:default="1"]')
    if not found:
        found = [one for one in styles.xpath('w:style[@w:type="paragraph"]') if name_of(one) == "Normal"]
        found[0].set(_DEFAULT, "1")
    return found[0]


def _add_page_numbers(document: WordDocument) -> None:
    """Number the pages, unless the document has something of its own there or numbers them above."""
    section = document.sections[-1]
    headers: list[_Header] = [section.header]
    footers: list[_Footer] = [section.footer]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
        footers.append(section.first_page_footer)
    if document.settings.odd_and_even_pages_header_footer:
        headers.append(section.even_page_header)
        footers.append(section.even_page_footer)
    if any(_holds(one, _PAGE_NUMBER) for one in headers) or any(_holds(one, _SAYS) for one in footers):
        return
    for footer in footers:
        footer.is_linked_to_previous = False
        paragraph = _layout("word-footer.xml").xpath("w:p")[0]
        paragraph.xpath("w:pPr/w:pStyle")[0].set(qn("w:val"), style_ids(document)["footer"])
        last = footer._element.xpath("w:p")[-1:]  # noqa: SLF001 # as above
        for one in last:
            footer._element.remove(one)  # noqa: SLF001
        footer._element.append(paragraph)  # noqa: SLF001


def _holds(part: _Header | _Footer, what: str) -> bool:
    return not part.is_linked_to_previous and bool(part._element.xpath(what))  # noqa: SLF001


def _layout(name: str) -> BaseOxmlElement:
    """Return one of our own layouts, as a tree of its own."""
    return parse_xml(_bytes_of(name))


@cache
def _bytes_of(name: str) -> bytes:
    return (LAYOUTS / name).read_bytes()
