"""Markdown and HTML as others read them, and text that would change them if it could."""

from html.parser import HTMLParser

from hypothesis import strategies as st
from markdown_it import MarkdownIt

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


CONTEXTS = [
    "{}",
    "Före\n{}",
    "a\\|b\n{}",
    "{}\n{}",
    "Före {} efter",
    "**{}** efter",
    "# {}",
    "## Om {}",
    "- {}",
    "- [ ] {}\n  {}",
    "1. {}",
    "> {}",
    "[{}](https://ki.se)",
    "| {} | b |\n|---|---|\n| c | d |",
    "| a | b |\n|---|---|\n| {} | Om {} |",
]


# Joined at random, so that a fragment meets the start, the end and every other fragment.
FRAGMENTS = [
    *(
        "#",
        "##",
        "-",
        "+",
        "*",
        "1.",
        "12)",
        "===",
        "---",
        "***",
        "___",
        "```",
        "~~~",
        "`",
        ":-:",
        ":--",
        "-:",
        "|",
    ),
    *(
        "~~x~~",
        "**x**",
        "_x_",
        "$x$",
        "[x](https://x.se)",
        "![x](x.png)",
        "[x]:",
        "[x]:x",
        "[^1]",
        "<https://x.se>",
    ),
    *(
        "<b>",
        "</p>",
        "<!--",
        "-->",
        "<?x",
        "<![CDATA[",
        "<script>alert(1)</script>",
        "&amp;",
        "&#60;",
        "&",
        "<",
    ),
    *(
        "@namn",
        "a@b.se",
        "https://x.se",
        "HTTP://X.SE",
        "www.x.se",
        "mailto:a@b.se",
        "xmpp:a@b.se",
        "{{x}}",
        "{%x%}",
    ),
    *("\\", "\\|", "\\#", "\\\\", ">", "!", "=", ":", ".", ")", "]", "}", "å", "Öberg", "ord", "7"),
]


BLANKS = [
    " ",
    "    ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\0",
    "\x0b",
    "\x85",
    "\xa0",
    "\u2028",
    "\u202e",
    "\u200b",
    "\ud800",
]

hostile = st.lists(st.sampled_from(FRAGMENTS + BLANKS) | st.text(max_size=4), max_size=8).map("".join)


class Page(HTMLParser):
    """The tags, attributes and text of an HTML page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data
