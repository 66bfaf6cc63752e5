"""A person's text never changes the structure around it, and Markdown reads the same as HTML and as text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it.token import Token

from markdown_reader import BLANKS, CONTEXTS, FRAGMENTS, GITHUB, Page, hostile
from peerplan.documents.markdown import escape, parse, to_html, to_text
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


def test_html_is_a_whole_page() -> None:
    html = to_html(parse("# Hej\n\nLäs [guiden](https://ki.se).\n"), "sv", "Råd & tips")
    assert html == (
        '<!DOCTYPE html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n<title>Råd &amp; tips</title>\n'
        '</head>\n<body>\n<h1>Hej</h1>\n<p>Läs <a href="https://ki.se">guiden</a>.</p>\n</body>\n</html>\n'
    )


@given(text=hostile, title=hostile)
def test_html_shows_a_persons_text_and_takes_no_tag_from_it(text: str, title: str) -> None:
    page = Page(to_html(parse(escape(text)), "sv", one_line(title)))
    assert [tag for tag in page.tags if tag != "p"] == ["html", "head", "meta", "title", "body"]
    assert page.text.split() == [*one_line(title).split(), *one_line(text).split()]


@given(markdown=st.lists(st.sampled_from(FRAGMENTS + BLANKS[:-1]), max_size=12).map("".join))
def test_html_fetches_and_runs_nothing_whatever_the_markdown_is(markdown: str) -> None:
    page = Page(to_html(parse(markdown), 'sv"><script>', "</title><script>"))
    assert not {"script", "img", "b", "style", "link"} & set(page.tags)
    assert not {"src", "onclick"} & page.attributes


def test_text_keeps_what_the_markdown_says() -> None:
    markdown = r"""
# Välkommen *hit*
En rad
som fortsätter,\
och en ny. **Fet**, `kod` och rum\_7 \<här\>.
## Ta med
- Skor
- Namnskylt
  1. lånad
  2. egen
---
7. Först

8. Sedan

   i två delar

> Sagt av
> någon

```
kod  å
```

| När | Var |
|-----|-----|
| 7.30 | Rum \| 2 |
"""
    assert to_text(parse(markdown)) == (
        "Välkommen hit\n\nEn rad som fortsätter,\noch en ny. Fet, kod och rum_7 <här>.\n\nTa med\n\n"
        "- Skor\n- Namnskylt\n  1. lånad\n  2. egen\n\n---\n\n7. Först\n\n8. Sedan\n\n   i två delar\n\n"
        "> Sagt av någon\n\nkod  å\n\nNär | Var\n7.30 | Rum | 2\n"
    )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("[Guiden](https://ki.se/g)", "Guiden (https://ki.se/g)"),
        ("[*Peer* guide](https://ki.se)", "Peer guide (https://ki.se)"),
        ("<https://ki.se/g>", "https://ki.se/g"),
        ("[https://ki.se](https://ki.se)", "https://ki.se"),
        ("<https://ki.se/å>", "https://ki.se/å"),
        ("<a@ki.se>", "a@ki.se"),
        ("[a@ki.se](mailto:a@ki.se)", "a@ki.se"),
        ("[Skriv](mailto:a@ki.se)", "Skriv (a@ki.se)"),
        ("![Bild](https://x.se/b.png)", "!Bild (https://x.se/b.png)"),
        ("", ""),
    ],
)
def test_text_shows_where_a_link_goes_once(markdown: str, text: str) -> None:
    assert to_text(parse(markdown)) == text + "\n"


@given(text=hostile)
def test_text_reads_a_persons_text_as_written(text: str) -> None:
    assert to_text(parse(f"- {escape(text)}\n- *slut*\n")) == f"- {one_line(text)}".rstrip() + "\n- slut\n"


@given(markdown=st.lists(st.sampled_from(FRAGMENTS + BLANKS[:-1]), max_size=12).map("".join))
def test_text_has_no_trailing_blanks_and_ends_once(markdown: str) -> None:
    text = to_text(parse(markdown))
    assert text.endswith("\n")
    assert not text.endswith("\n\n") or text == "\n"
    assert all(line == line.rstrip() for line in text.split("\n"))
