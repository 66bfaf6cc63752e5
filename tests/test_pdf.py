"""PDF: the documents as they stand, for people who read, print and share them, with or without a screen reader."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, Destination, DictionaryObject, PdfObject

from peerplan.documents.pdf import literal, pdf_of
from peerplan.documents.picture import Picture, picture_of
from peerplan.documents.sheets import Block, Heading, List, SheetText, Spans, Text, TextTable, sheets_of, text_of
from samples import AS_OF, EXAMPLES, guide, plan, rendered, run, say, templates
from test_pages import LANGUAGES, LONG, MOST_PAGES, longest

ALL = sorted(path.parent.name for path in EXAMPLES.glob("*/plan.md"))
HOSTILE = [
    '#panic("x") $x$ <b> @a \\ " \\" ` * _ = - + / // /* [x](javascript:1) #"',
    "\\u{0} \\n #{1/0} ]) } {{ 7*7 }} {% raw %} &amp; &#60; ~ -- ---",
    "\u202eabc\u202c \u200f\u05d0\u05d1 \u0627\u0644 \u2066x\u2069 \ufeff\u200b\u200d",
    "\N{GRINNING FACE} \N{MAN}\u200d\N{WOMAN}\ufe0f \u4e2d a\u20dd å\u20dd \u0301 \U0010ffff \ue000",
    "\x00\x01\x1f\x7f\x85\u2028\u2029 \t \ud800",
]


def texts_of(example: str) -> dict[str, str]:
    found = sorted((EXAMPLES / example).glob("*.md")) + sorted((EXAMPLES / example).glob("*.txt"))
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def language_of(example: str) -> str:
    return example[-2:]


def sheets_from(texts: Mapping[str, str], language: str = "en") -> tuple[SheetText, ...]:
    return sheets_of(texts, guide(language), templates().blanks)


def made(texts: Mapping[str, str], picture: Picture | None = None, unit: str = "Ward 7") -> "Pdf":
    return Pdf(pdf_of(sheets_from(texts), picture, guide(), unit))


@cache
def exported(example: str) -> "Pdf":
    language = language_of(example)
    picture = picture_of(plan(language=language), guide(language))
    return Pdf(pdf_of(sheets_from(texts_of(example), language), picture, guide(language), "Ward 7"))


class Element:
    """One element of the structure: what it is, what it is said to be in words, and what is in it."""

    def __init__(self, node: DictionaryObject) -> None:
        self.node = node
        self.kind = str(node.get("/S", "")).strip("/")
        self.words = str(node.get("/Alt", ""))

    @property
    def parts(self) -> Iterator["Element"]:
        inside = self.node.get("/K")
        inside = inside.get_object() if inside is not None else []
        for one in inside if isinstance(inside, ArrayObject) else [inside]:
            if isinstance(one, PdfObject) and isinstance(found := one.get_object(), DictionaryObject) and "/S" in found:
                yield Element(found)

    def walk(self) -> Iterator["Element"]:
        for part in self.parts:
            yield part
            yield from part.walk()


class Pdf:
    """A file as a program that reads aloud finds it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reader = PdfReader(BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self.pages = [page.extract_text() for page in self.reader.pages]

    @cached_property
    def elements(self) -> list[Element]:
        return list(Element(self.root["/StructTreeRoot"]).walk())

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.elements)

    def words(self, kind: str) -> list[str]:
        return [one.words for one in self.elements if one.kind == kind]

    @property
    def bookmarks(self) -> list[str]:
        return list(self._titles(self.reader.outline))

    def _titles(self, entries: Sequence[Any]) -> Iterator[str]:
        for one in entries:
            if isinstance(one, Destination):
                yield str(one.title)
            else:
                yield from self._titles(one)

    @property
    def links(self) -> list[str]:
        """Where the links lead; those within the file lead nowhere in particular."""
        actions = [note.get_object().get("/A", {}) for page in self.reader.pages for note in page.get("/Annots", [])]
        return [str(action.get("/URI", "")) for action in actions]


def letters(text: str) -> str:
    """Return what can be read of a text: lines are broken anew, and what marks a list is no text."""
    return "".join(re.findall(r"\w", text))


def said(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, List):
            for number, item in enumerate(block.items, block.start or 0):
                yield str(number) if block.start is not None else ""
                yield from said(item.blocks)
        elif isinstance(block, TextTable):
            yield from (text_of(cell) for row in (block.head, *block.rows) for cell in row)
        else:
            yield text_of(block.spans)


def within(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, List):
            for item in block.items:
                yield from within(item.blocks)


# --- what stands in it -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("example", ALL)
def test_everything_that_a_document_says_is_there_in_its_order(example: str) -> None:
    pdf, language = exported(example), language_of(example)
    footer = re.escape(guide(language).say("calendar-name", unit="Ward 7"))
    pages = [re.sub(rf"{footer}\s*\d+ / \d+", "", page) for page in pdf.pages]
    text, place = letters("".join(pages)), 0
    for sheet in sheets_from(texts_of(example), language):
        for one in (sheet.title, *said(sheet.blocks)):
            found = text.find(letters(one), place)
            assert found >= 0, (sheet.name, one)
            assert found - place < 600, (sheet.name, one)  # nothing between but the picture
            place = found + len(letters(one))
    assert letters(say(language, "page-copy")) in text
    assert "\ufffd" not in text


@pytest.mark.slow
@pytest.mark.parametrize("example", ALL)
def test_headings_are_bookmarks_and_each_sheet_begins_a_page(example: str) -> None:
    pdf, language = exported(example), language_of(example)
    expected: list[str] = []
    sheets = sheets_from(texts_of(example), language)
    for place, sheet in enumerate(sheets):
        title = sheet.heading
        assert sum(letters(page).startswith(letters(title)) for page in pdf.pages) == 1
        expected += [title, *(text_of(one.spans) for one in within(sheet.blocks) if isinstance(one, Heading))]
        expected += [say(language, "picture-title", unit="Ward 7")] if not place else []
    assert pdf.bookmarks == expected
    assert [pdf.count("H1"), sum(pdf.count(f"H{level}") for level in range(1, 7))] == [len(sheets), len(expected)]


@pytest.mark.slow
@pytest.mark.parametrize("example", ALL)
def test_tables_lists_boxes_and_the_picture_are_told_to_who_does_not_see_them(example: str) -> None:
    pdf, language = exported(example), language_of(example)
    blocks = [one for sheet in sheets_from(texts_of(example), language) for one in within(sheet.blocks)]
    tables = [one for one in blocks if isinstance(one, TextTable)]
    items = [item for one in blocks if isinstance(one, List) for item in one.items]
    assert pdf.count("Table") == len(tables)
    assert pdf.count("TH") == sum(len(one.head) for one in tables)
    assert pdf.count("TD") == sum(len(row) for one in tables for row in one.rows)
    assert pdf.count("LI") == len(items)
    figures = pdf.words("Figure")
    assert figures.count(say(language, "page-ticked")) == sum(item.ticked is True for item in items)
    assert figures.count(say(language, "page-open")) == sum(item.ticked is False for item in items)
    assert [one for one in figures if len(one) > 20] == [
        picture_of(plan(language=language), guide(language)).description
    ]


@pytest.mark.parametrize("example", ["surgical-ward-en", "education-ward-sv"])
def test_it_is_tagged_and_says_its_title_and_language_and_brings_its_fonts(example: str) -> None:
    pdf, language = exported(example), language_of(example)
    assert pdf.root["/MarkInfo"]["/Marked"]
    assert pdf.root["/Lang"] == {"en": "en-GB", "sv": "sv-SE"}[language]
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.reader.metadata
    assert pdf.reader.metadata.title == guide(language).say("calendar-name", unit="Ward 7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.root["/Metadata"].get_object().get_data()
    fonts = [font.get_object() for page in pdf.reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all(any(key.startswith("/FontFile") for key in one) for one in descriptors)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.reader.pages} == {(595, 842)}
    assert [page.split("/")[-1].strip() for page in pdf.pages] == [str(len(pdf.pages))] * len(pdf.pages)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", MOST_PAGES)
def test_page_one_of_the_longest_plan_is_page_one(scope: str, language: str) -> None:
    text = rendered(longest("hospital", scope, "students", language))["plan.md"].decode()
    sheets = sheets_from({"plan.md": text}, language)
    pages = Pdf(pdf_of(sheets, None, guide(language), str(LONG["unit.workplace"]))).pages
    rules, checklist = [text_of(one.spans) for one in sheets[0].blocks if isinstance(one, Heading) and one.level == 2][
        -2:
    ]
    assert letters(rules) in letters(pages[0])
    assert letters(checklist) in letters(pages[0] + pages[1][:200])
    assert len(pages) <= MOST_PAGES[scope]


def test_the_picture_is_left_out_where_the_plan_is_not_shown() -> None:
    pdf = made({"manager.md": "# One\n\nSay yes.\n"})
    assert (pdf.words("Figure"), pdf.bookmarks, len(pdf.pages)) == ([], ["One"], 1)


def test_a_form_has_no_header_and_rows_to_write_in() -> None:
    low, high = (
        made({"a.md": "# A\n\n| a | b |\n|---|---|\n" + "| c | d |\n" * 20}),
        made({"a.md": "# A\n\n| a | |\n|---|---|\n" + "| c | |\n" * 25}),
    )
    assert (low.count("TH"), high.count("TH")) == (2, 0)
    assert (len(low.pages), len(high.pages)) == (1, 2)


def test_links_lead_to_the_web_to_mail_and_to_other_sheets_only() -> None:
    other = "# Other\n\n[web](https://x.example/ö?a=b) [mail](mailto:a@b.example) [file](file:///etc/passwd)\n"
    plan_text = (
        "# Plan\n\nother.md and manager.md, [here](#picture), [gone](#gone), [x](ftp://x), [](http://y.example)\n"
    )
    pdf = made({"plan.md": plan_text, "other.md": other}, picture_of(plan(), guide()))
    assert [one for one in pdf.links if one] == ["https://x.example/%C3%B6?a=b", "mailto:a@b.example"]
    assert pdf.links.count("") == 2  # other.md and the picture
    assert all(letters(word) in letters("".join(pdf.pages)) for word in ("gone", "file", "manager.md", "x"))


def test_a_letter_keeps_its_subject_and_its_lines() -> None:
    pdf = made({"a.txt": "Subject: Välkommen\n\nHej!\n\nKim\nAvdelning 7\n"})
    lines = [line.strip() for line in pdf.pages[0].splitlines()]
    assert lines[:5] == ["Letter: Välkommen", "Subject: Välkommen", "Hej!", "Kim", "Avdelning 7"]


def test_the_same_documents_make_the_same_bytes() -> None:
    example = "laboratory-sv"
    again = exported.__wrapped__(example)
    assert exported(example).content == again.content


# --- whatever people write -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_text_and_nothing_else(text: str) -> None:
    plain: Spans = sheets_from({"a.md": "# A\n\nb\n"})[0].blocks[0].spans  # type: ignore[union-attr]
    spans = (
        replace(plain[0], text=text),
        replace(plain[0], text=text, bold=True, italic=True, link=text, is_blank=True),
    )
    cell = (spans,)
    blocks: tuple[Block, ...] = (
        Heading(2, spans, text),
        Text(spans),
        TextTable(cell, (cell,)),
        TextTable((), ((spans, spans),)),
    )
    picture = replace(picture_of(plan(), guide()), title=text, description=text)
    pdf = Pdf(pdf_of([SheetText("a.md", text, blocks), SheetText("a.md", text, ())], picture, guide(), text))
    shown = "".join(pdf.pages)
    assert (pdf.links, pdf.count("H1"), pdf.count("Table")) == ([], 2, 2)
    for word in re.findall(r"[!-~]{2,}", text):
        assert letters(word) in letters(shown)


def test_a_character_that_no_font_has_is_marked_and_the_others_stay() -> None:
    pdf = made({"a.md": "# A\n\nKaffe \N{GRINNING FACE} åäö \u05d0 \N{WHITE HEAVY CHECK MARK} → slut\n"})
    assert "Kaffe \ufffd åäö \u05d0" in pdf.pages[0]
    assert "→ slut" in pdf.pages[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#\n",
        "# \n\n## \n\n#### x\n",
        "### x\n\n# y\n\n##### z\n",
        "- [ ]\n- [x] \n- y\n",
        "> - 1. x\n",
        "- " * 19 + "x\n",
        f"| a | |\n|---|---|\n| {'x ' * 4000} | |\n",
        "```\n#panic()\n```\n",
        "\u200e\n",
        "999999999. x\n",
        "-\n\n  a\n\n  b\n",
    ],
)
def test_a_document_of_any_form_can_be_set(text: str) -> None:
    assert made({"a.md": text, "a.txt": text}).count("H1") == 2


def test_a_literal_of_typst_is_plain_ascii_and_ends_where_it_should() -> None:
    assert literal('a\\"ö\n#[]{}$') == r'"a\u{5c}\u{22}\u{f6}\u{a}#[]{}$"'
    assert [literal(one) for one in (3, 1.5, True)] == ["3", "1.5", "true"]


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "ward"))


def test_the_command_writes_it_and_says_so(ward: Path) -> None:
    done = run("export", ward, "--to", "pdf", "--as-of", AS_OF, cwd=ward)
    assert (done.returncode, done.stderr) == (0, "")
    assert (ward / "plan.pdf").read_bytes().startswith(b"%PDF-1.7")
    one = run("export", ward, "--to", "pdf", "--document", "how-to", "--as-of", AS_OF, cwd=ward)
    assert (one.returncode, (ward / "how-to.pdf").is_file()) == (0, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = Path(shutil.copytree(EXAMPLES / f"laboratory-{language}", tmp_path / "ward"))
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "peerplan.documents.pdf", raising=False)
    done = run("export", ward, "--to", "html", "--to", "pdf", cwd=ward)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert say(language, "export-extra", value="pdf") in done.stderr
    assert 'pip install "peerplan[export]"' in done.stderr
    assert not (ward / "plan.pdf").exists()


@pytest.mark.slow
def test_typst_is_loaded_only_for_it(ward: Path) -> None:
    watch = (
        "import sys; from peerplan.cli import main; sys.argv[1:] = ['export', '.']; sys.modules['typst'] = None; main()"
    )
    done = subprocess.run([sys.executable, "-c", watch], cwd=ward, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr, (ward / "plan.html").is_file()) == (0, "", True)


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler is not installed")
def test_another_reader_reads_it_too(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(exported("dental-clinic-sv").content)
    fonts, text = (
        subprocess.run([*command], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout
        for command in (("pdffonts", "plan.pdf"), ("pdftotext", "plan.pdf", "-"))
    )
    assert {line.split()[-5] for line in fonts.splitlines()[2:]} == {"yes"}
    assert "Gör det här härnäst" in text
