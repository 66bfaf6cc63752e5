"""A person's text never changes the structure around it, and a letter reads the same as text and as HTML."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from markdown_reader import BLANKS, CONTEXTS, FRAGMENTS, GITHUB, Page, hostile
from peerplan.documents.markdown import escape, to_html
from peerplan.text import one_line


def structure(tokens: list[Token]) -> list[str]:
    """List what the tokens are, without their text. Blanks beside each other count as one text."""
    names = []
    for token in tokens:
        names.append(f"{token.type} {token.tag} {token.attrs} {token.map}")
        names.extend(structure(token.children or []))
    return names


def text_of(tokens: list[Token]) -> str:
    return "".join(text_of(token.children) if token.children else token.content for token in tokens)


@pytest.mark.parametrize("context", CONTEXTS)
@given(text=hostile)
def test_a_persons_text_reads_as_written_and_leaves_the_structure(context: str, text: str) -> None:
    assume(one_line(text))
    found = GITHUB.parse(context.replace("{}", escape(text)))
    harmless = GITHUB.parse(context.replace("{}", "ord"))
    assert structure(found) == structure(harmless)
    assert text_of(found) == text_of(harmless).replace("ord", one_line(text))


def test_the_same_texts_unescaped_do_change_the_structure() -> None:
    changed = [text for text in FRAGMENTS if structure(GITHUB.parse(text)) != structure(GITHUB.parse("ord"))]
    assert len(changed) > len(FRAGMENTS) / 3


@pytest.mark.parametrize(
    "prose",
    [
        "Åsa Öberg (handledare) \u2013 avd. 12",
        "Kl. 7.30: rond",
        "1.5 timmar",
        "4 studenter",
        "Varför? Så här!",
        "",
    ],
)
def test_ordinary_prose_stays_as_it_is(prose: str) -> None:
    assert escape(prose) == prose


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("12. avdelningen", "12\\. avdelningen"),
        ("#1 först #", "\\#1 först \\#"),
        ("#", "\\#"),
        (":-:", "\\:-:"),
        ("se https://ki.se", "se https\\://ki.se"),
        ("Www.ki.se", "Www\\.ki.se"),
        ("mailto:a@b.se", "mailto\\:a@b.se"),
    ],
)
def test_what_would_mean_something_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        (" Avd 7\r\n\r\n# Ny \t rad ", "Avd 7 # Ny rad"),
        ("a\u2028b\x85c\0d", "a b c d"),
        ("\u202eesreg\u202c", "esreg"),
        ("\u200b\ufeff \u200b", ""),
        ("half \ud83d pair", "half \ufffd pair"),
        ("👩\u200d⚕️ 10\xa0kg", "👩\u200d⚕️ 10\xa0kg"),
    ],
)
def test_flatten(text: str, flat: str) -> None:
    assert one_line(text) == flat


LETTER = """\
Hej *du*

Ta med
------

• Skor
• Namnskylt

1. Först
2. Sedan

Karin
Avdelning 7 <b>
"""


def test_a_letter_is_a_whole_page_with_headings_and_lists_whatever_the_bullets_are() -> None:
    html = to_html(LETTER.splitlines(), "sv", "Råd & tips")
    assert html == (
        '<!DOCTYPE html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n<title>Råd &amp; tips</title>\n'
        "</head>\n<body>\n<p>Hej *du*</p>\n<h2>Ta med</h2>\n<ul>\n<li>Skor</li>\n<li>Namnskylt</li>\n</ul>\n"
        "<ol>\n<li>Först</li>\n<li>Sedan</li>\n</ol>\n<p>Karin<br>\nAvdelning 7 &lt;b&gt;</p>\n</body>\n</html>\n"
    )


def test_an_ampersand_is_marked_only_where_it_would_become_another_sign() -> None:
    assert escape("Ear & nose, R&D") == "Ear & nose, R&D"
    assert escape("a &amp; b &#38;") == r"a \&amp; b \&#38;"


LINES = ["a", "b 2", 'Å & "b"', "<i>", "- c", "1. d", "  e", "==="]
AT_ONCE = MarkdownIt("zero", {"breaks": True}).enable(["list", "lheading", "newline"])


@given(said=st.lists(st.sampled_from([*LINES, *(f"\n{line}" for line in LINES)]), max_size=12))
def test_a_letter_made_part_by_part_is_the_letter_made_at_once(said: list[str]) -> None:
    lines = "\n".join(said).splitlines()
    assert to_html(lines, "sv", "x").partition("<body>\n")[2] == AT_ONCE.render("\n".join(lines)) + "</body>\n</html>\n"


@pytest.mark.criterion(29)
@given(text=hostile, title=hostile)
def test_html_shows_a_persons_text_and_takes_no_tag_from_it(text: str, title: str) -> None:
    page = Page(to_html([f"Om {one_line(text)}"], "sv", one_line(title)))
    assert page.tags == ["html", "head", "meta", "title", "body", "p"]
    assert page.text.split() == [*one_line(title).split(), "Om", *one_line(text).split()]


@given(markdown=st.lists(st.sampled_from(FRAGMENTS + BLANKS[:-1]), max_size=12).map("".join))
def test_html_fetches_and_runs_nothing_whatever_the_letter_is(markdown: str) -> None:
    page = Page(to_html(markdown.splitlines(), 'sv"><script>', "</title><script>"))
    assert not {"script", "img", "b", "style", "link"} & set(page.tags)
    assert not {"src", "onclick"} & page.attributes
