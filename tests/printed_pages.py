"""Sets a document as a word processor does: A4, margins of 2.5 cm, and Helvetica, as wide as Arial, at 11 points."""

from collections.abc import Iterator
from html import escape
from io import BytesIO

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=6)
HEADINGS = {
    "h1": ParagraphStyle("h1", BODY, fontName="Helvetica-Bold", fontSize=18, leading=22),
    "h2": ParagraphStyle("h2", BODY, fontName="Helvetica-Bold", fontSize=14, leading=18, spaceBefore=10),
    "h3": ParagraphStyle("h3", BODY, fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=6),
}


def pages_of(markdown: str) -> int:
    """Return how many pages a document takes."""
    document = SimpleDocTemplate(
        BytesIO(), pagesize=A4, leftMargin=2.5 * cm, rightMargin=2.5 * cm, topMargin=2.5 * cm, bottomMargin=2.5 * cm
    )
    document.build([*_blocks(SyntaxTreeNode(PARSER.parse(markdown)).children)])
    return int(document.page)


def _blocks(nodes: list[SyntaxTreeNode], indent: float = 0) -> Iterator[Flowable]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            for item in node.children:
                yield from _blocks(item.children, indent + 18)
        elif node.type == "table":
            cells = [
                [Paragraph(_text(cell), BODY) for cell in row.children]
                for part in node.children
                for row in part.children
            ]
            width = A4[0] - 5 * cm
            yield Table(cells, colWidths=[width / len(cells[0])] * len(cells[0]))
        elif node.type == "heading":
            yield Paragraph(_text(node), HEADINGS[node.tag])
        else:
            style = ParagraphStyle("item", BODY, leftIndent=indent, spaceAfter=2) if indent else BODY
            yield Paragraph(_text(node), style)


def _text(node: SyntaxTreeNode) -> str:
    inline: list[Token] = [
        token for child in node.walk() if child.type == "text" and child.token for token in [child.token]
    ]
    return escape("".join(token.content for token in inline))
