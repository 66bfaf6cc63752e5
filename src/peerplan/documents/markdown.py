"""Markdown and the texts people write: made safe to stand in it, and turned into HTML and plain text.

Pure: no files, no clock. The Markdown is CommonMark with tables; raw HTML in it is shown as the text it is.
"""

import re
from html import escape as escape_html

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from peerplan.text import one_line

# Images are off because a letter must not fetch anything from elsewhere when it is opened.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


# An underscore between two letters, as in an address, marks nothing.
_SPECIAL = re.compile(r"[\\`*{}\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")
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


def parse(markdown: str) -> list[Token]:
    """Read Markdown once, for to_html and to_text alike."""
    return _PARSER.parse(markdown)


def to_html(markdown: list[Token], language: str, title: str) -> str:
    """Make a whole HTML page: semantic elements, no style, nothing fetched from elsewhere.

    language is the page's language tag ("sv"), title plain text.
    """
    body = _PARSER.renderer.render(markdown, _PARSER.options, {})
    return _PAGE.format(language=escape_html(language), title=escape_html(title), body=body)


def to_text(markdown: list[Token]) -> str:
    """Make the plain text that a person can paste into a mail.

    A blank line stands between blocks; lists keep "- " and "1. ", links become "text (address)", emphasis and
    escapes go. Lines carry no trailing blanks, and the text ends with one newline.
    """
    text = _join(SyntaxTreeNode(markdown).children, "\n\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n") + "\n"


def _join(nodes: list[SyntaxTreeNode], separator: str) -> str:
    return separator.join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return "> " + _join(node.children, "\n\n").replace("\n", "\n> ")
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case "hr":
            return "---"
        case "table":
            rows = [row for section in node.children for row in section.children]
            return "\n".join(" | ".join(_inline(cell) for cell in row.children) for row in rows)
        case _:
            return _inline(node)


def _list(node: SyntaxTreeNode) -> str:
    # markdown-it hides the paragraphs of a list that was written without blank lines.
    is_tight = any(child.type == "paragraph" and child.hidden for item in node.children for child in item.children)
    separator = "\n" if is_tight else "\n\n"
    first = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, first):
        marker = "- " if node.type == "bullet_list" else f"{number}. "
        items.append(marker + _join(item.children, separator).replace("\n", "\n" + " " * len(marker)))
    return separator.join(items)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(node)
        case _:
            return "".join(_inline(child) for child in node.children)


def _link(node: SyntaxTreeNode) -> str:
    text = "".join(_inline(child) for child in node.children)
    address = str(node.attrs["href"])
    shown = {form.removeprefix("mailto:") for form in (address, _PARSER.normalizeLinkText(address))}
    if text in shown | {address}:
        return text
    return f"{text} ({address.removeprefix('mailto:')})"
