"""Sheets as PDF for people who read, print and share it: tagged (PDF/UA-1), A4, and the same bytes every time.

typst sets the pages. Of the fonts of the computer it uses none, so that the pages look alike everywhere.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from peerplan.documents.page import LAYOUTS, svg_of
from peerplan.documents.picture import Picture
from peerplan.documents.sheets import SheetText, TextTable, text_of
from peerplan.guide.guide import Guide
from peerplan.text import visible

MISSING = r"\u{fffd}"  # stands for a character that no font has: PDF/UA allows none of these

_SHORT = 14  # rows, each as high as a line to write on
_LONGEST_LINK = 2000  # typst refuses one that is much longer
_WEB = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[^ !#-\[\]-~]")  # printable ASCII, but for the quotation mark and the backslash
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def pdf_of(sheets: Sequence[SheetText], picture: Picture | None, guide: Guide, unit: str) -> bytes:
    """Return the sheets as PDF, the picture of the time after the first one. unit is what the unit is called."""
    layout = _layouts().get_template("page.typ.j2")
    source = layout.render(
        sheets=sheets,
        picture=picture,
        svg=svg_of(picture) if picture else "",
        title=guide.say("calendar-name", unit=unit),
        language=guide.language,
        region=guide.own_language.tag.partition("-")[2],
        say=guide.say,
        text_of=text_of,
        is_short=_is_short,
        is_web=lambda link: bool(_WEB.match(link)) and len(link) <= _LONGEST_LINK,
    )
    return _compiled(source)


def _is_short(table: TextTable) -> bool:
    """Tell whether a table is certain to be shorter than a page, so that it need not go on on the next one."""
    return len(table.rows) <= _SHORT and sum(len(text_of(cell)) for row in table.rows for cell in row) <= _SHORT * 100


def _compiled(source: str) -> bytes:
    """Return what typst makes of a source, where need be with a sign for what its fonts do not have.

    Some characters can be shown alone and not together; then all that is not common in Swedish or English goes.
    """
    own = typst.Fonts(include_system_fonts=False)

    def compiled(text: str) -> bytes:
        return typst.compile(
            text.encode(), font_paths=own, ignore_system_fonts=True, format="pdf", pdf_standards="ua-1"
        )

    def is_shown(character: str) -> bool:
        try:
            compiled(f'#set document(title: "-", date: none)\n#{literal(character)}')
        except typst.TypstError:
            return False
        return True

    try:
        return compiled(source)
    except typst.TypstError:
        source = _with_only(is_shown, source)
    try:
        return compiled(source)
    except typst.TypstError:
        return compiled(_with_only(_is_common, source))


def _with_only(is_shown: Callable[[str], bool], source: str) -> str:
    """Return a source with only some of the characters that are escaped in it."""
    found = {code: chr(int(code, 16)) for code in _ESCAPED.findall(source)}
    hidden = {code for code, character in found.items() if character != "\n" and not is_shown(character)}
    return _ESCAPED.sub(lambda one: MISSING if one[1] in hidden else one[0], source)


def _is_common(character: str) -> bool:
    return character.isprintable() and character.encode("cp1252", "ignore") != b""


def literal(value: object) -> Markup:
    """Return a value as a literal of typst: no text is ever markup or code, and none turns others round."""
    if isinstance(value, Markup):  # of a macro, and so of literals
        return value
    if isinstance(value, str):
        escaped = _NOT_PLAIN.sub(lambda one: f"\\u{{{ord(one[0]):x}}}", visible(value))
        return Markup(f'"{escaped}"')  # noqa: S704 # nothing in it ends the literal
    return Markup(str(value).lower())  # noqa: S704 # a number, true or false


@cache
def _layouts() -> Environment:
    """Return the layouts, in which everything that is put in is a literal."""
    return Environment(
        loader=FileSystemLoader(LAYOUTS),
        autoescape=True,  # tells what comes from a macro
        finalize=literal,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
