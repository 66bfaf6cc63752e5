"""Markdown and the texts people write: made safe to stand in it, and letters turned into HTML.

Pure: no files, no clock. Raw HTML in a letter is shown as the text it is.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape as escape_html

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.tree import SyntaxTreeNode

from peerplan.text import one_line

_LETTERS = MarkdownIt("zero", {"breaks": True}).enable(["list", "lheading", "newline"])
_BETWEEN_PARTS = re.compile(r"\n\n+(?=[^\s\-+*\d])")
_PROSE = re.compile(r"([^\W\d_][^\n]*(\n|\Z))+")  # lines that begin with a letter: no list, no heading
_BULLET = re.compile(r"^[•◦▪·‣\u2013\u2014]\s+")

# An underscore between two letters, as in an address, marks nothing.
_SPECIAL = re.compile(r"[\\`*{}\[\]<>|~$]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
# A list or heading marker, the underline of a heading, or the line under a table's headings (":-").
_LINE_START = re.compile(r"^(?:(?=[#+=-]|:-)|(\d{1,9})(?=[.)](?:\s|$)))")
_HEADING_END = re.compile(r"(?<!\\)#$")
_ADDRESS = re.compile(r"(?i)(?<=www)\.|(?<=mailto):|(?<=xmpp):|:(?=//)")

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
</head>
<body>
{body}</body>
</html>
"""


@lru_cache(maxsize=256)  # the documents of a unit say the same names
def escape(text: str) -> str:
    """Make a person's text safe anywhere on a line of Markdown; it reads as one_line(text) does.

    Holds in a paragraph, at the start of a line, in a bullet, heading, link text, and in a table cell with
    blanks around it; for CommonMark and for GitHub's additions (tables, strikethrough, web addresses made
    links, mathematics), except that GitHub makes a link of a mail address all the same. Ordinary prose stays
    as it is.
    """
    marked = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    marked = _LINE_START.sub(r"\1\\", marked)
    marked = _HEADING_END.sub(r"\\#", marked)
    return _ADDRESS.sub(r"\\\g<0>", marked)


def to_html(lines: Sequence[str], language: str, title: str) -> str:
    """Make a whole HTML page of a letter: semantic elements, no style, nothing fetched from elsewhere.

    Of Markdown a letter has only what reads as plain text: paragraphs, underlined headings and lists, whatever its
    bullets are. language is the page's language tag ("sv"), title plain text.
    """
    body = "".join(map(_html_of, _parts_of(_with_hyphens(lines))))
    return _PAGE.format(language=escape_html(language), title=escape_html(title), body=body)


def _parts_of(text: str) -> list[str]:
    """Cut a letter where nothing that stands above can go on: before a line after a blank one that is no list's.

    The letters of many units share most of these parts.
    """
    return _BETWEEN_PARTS.split(text)


@lru_cache(maxsize=1024)
def _html_of(part: str) -> str:
    if _PROSE.fullmatch(part):  # as most are, and this is ten times as fast
        lines = escapeHtml(part.rstrip("\n")).replace("\n", "<br>\n")
        return f"<p>{lines}</p>\n"
    return str(_LETTERS.render(part))


def letter_tree(lines: Sequence[str]) -> SyntaxTreeNode:
    """Return the body of a letter as the tree of what to_html makes of it."""
    return SyntaxTreeNode(_LETTERS.parse(_with_hyphens(lines)))


def _with_hyphens(lines: Sequence[str]) -> str:
    return "\n".join(_BULLET.sub("- ", line) for line in lines)
