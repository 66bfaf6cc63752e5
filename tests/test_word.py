"""The Word file holds what the documents hold, is the same each time, and takes a workplace's own letterhead."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from PIL import Image

from markdown_reader import hostile
from peerplan.answers.draft import check_answers
from peerplan.answers.toml import read_answers
from peerplan.documents.letterhead import MADE
from peerplan.documents.picture import picture_of
from peerplan.documents.sheets import Block, Heading, List, ListItem, SheetText, Text, TextTable, sheets_of, text_of
from peerplan.documents.word import LARGEST_LETTERHEAD, check_letterhead, word_of
from peerplan.errors import InputError
from peerplan.plan.plan import make_plan
from samples import AS_OF, EXAMPLES, guide, plan, problem_line, rendered, run, say, templates

FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/plan.md"))
LIBREOFFICE = Path(__file__).parent / "letterheads" / "libreoffice.docx"
Made = Callable[[], bytes]
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sheets_in(texts: dict[str, str], language: str) -> tuple[SheetText, ...]:
    return sheets_of(texts, guide(language), templates().blanks)


def opened(content: bytes) -> WordDocument:
    return Document(BytesIO(content))


def word(texts: dict[str, str], letterhead: bytes | None = None, *, language: str = "en") -> WordDocument:
    return opened(word_of(sheets_in(texts, language), None, guide(language), "Ward 7", letterhead))


def texts_of(folder: Path) -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.*") if path.suffix in (".md", ".txt")
    }


SIGNS = {qn("w:br"): "\n", qn("w:tab"): "\t"}


def said(document: WordDocument) -> list[str]:
    """What the paragraphs say, those of tables in their place and tick boxes as signs, without the empty ones."""
    paragraphs = (one.xpath(".//w:t | .//w:br | .//w:tab") for one in document.element.body.iter(qn("w:p")))
    texts = ("".join(SIGNS.get(piece.tag) or piece.text or "" for piece in pieces) for pieces in paragraphs)
    return [text.strip() for text in texts if text.strip()]


def expected(blocks: Sequence[Block | ListItem]) -> Iterator[str]:
    """What blocks say, paragraph by paragraph."""
    for block in blocks:
        if isinstance(block, Heading | Text):
            yield text_of(block.spans).strip()
        elif isinstance(block, List):
            yield from (text for item in block.items for text in expected(item.blocks))
        elif isinstance(block, TextTable):
            yield from (text_of(cell) for row in (block.head, *block.rows) for cell in row)


def styled(document: WordDocument, *names: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name in names]


def numbers(document: WordDocument) -> list[tuple[str, int]]:
    """The numbered paragraphs, each with the number that Word shows."""
    counts: dict[str, int] = {}
    found = []
    for one in document.element.body.xpath("//w:p[w:pPr/w:numPr]"):
        level, id_ = (one.xpath(f"w:pPr/w:numPr/w:{name}/@w:val")[0] for name in ("ilvl", "numId"))
        override = f"w:num[@w:numId={id_}]/w:lvlOverride[@w:ilvl={level}]/w:startOverride/@w:val"
        if start := document.part.numbering_part.element.xpath(override):
            counts[id_] = counts.get(id_, int(start[0]) - 1) + 1
            found.append((Paragraph(one, document).text, counts[id_]))
    return found


# --- what is in it ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_example_reads_back_in_order_word_for_word(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "unit")
    assert run("export", copy, "--to", "docx", "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    document = opened((copy / "plan.docx").read_bytes())
    language = folder.name[-2:]
    answers = check_answers(read_answers(folder / "answers.toml").draft, guide(language))
    letters = make_plan(answers, guide(language), AS_OF).letters
    sheets = sheets_of(texts_of(folder), guide(language), templates().blanks, letters)
    titles = [one.heading for one in sheets]
    wanted = [text for title, one in zip(titles, sheets, strict=True) for text in (title, *expected(one.blocks))]
    subjects = [f"{say(language, 'letter-subject')}: {one.title}" for one in sheets]
    picture = document.inline_shapes[0]._inline.docPr.get("title")  # noqa: SLF001
    around = {say(language, "page-copy"), picture, *styled(document, "Caption"), *subjects}
    boxes = re.compile("^[☐☑][\t ]?")
    assert [boxes.sub("", one) for one in said(document) if one not in around] == [one for one in wanted if one]
    assert styled(document, "Title") == titles[:1]
    assert [one.text for one in document.paragraphs if one.paragraph_format.page_break_before] == titles[1:]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_ticks_and_tables_are_those_of_the_documents(folder: Path) -> None:
    texts = texts_of(folder)
    document = word(texts, language=folder.name[-2:])
    marks = re.findall(r"^ *- \[([ x])\]", "\n".join(texts[name] for name in sorted(texts)), re.MULTILINE)
    states = document.element.body.xpath("//w:sdtPr/*[local-name()='checkbox']/*[local-name()='checked']")
    assert sorted(one.values()[0] for one in states) == sorted("1" if mark == "x" else "0" for mark in marks)
    rows = [one for text in texts.values() for one in re.findall(r"^\|(?!-).*", text, re.MULTILINE)]
    assert sum(len(table.rows) for table in document.tables) == len(rows)


def test_the_first_thing_after_the_title_says_that_it_is_a_copy() -> None:
    document = word({"plan.md": "# Åäö\n\nText"}, language="sv")
    assert [one.text for one in document.paragraphs[:3]] == ["Åäö", say("sv", "page-copy"), "Text"]


def test_headings_go_down_step_by_step_and_each_sheet_begins_a_page() -> None:
    document = word({"plan.md": "# A\n\n## B\n\n### C", "manager.md": "# D\n\n## E", "x.txt": "Subject: F\n\nG\n---\n"})
    heads = [(one.style.name, one.text) for one in document.paragraphs if one.style and "Head" in str(one.style.name)]
    letter = say("en", "page-letter-entry", title="F")
    told = [("Heading 1", "B"), ("Heading 2", "C"), ("Heading 1", "D"), ("Heading 2", "E")]
    assert heads == [*told, ("Heading 1", letter), ("Heading 2", "G")]
    assert [one.text for one in document.paragraphs if one.paragraph_format.page_break_before] == ["D", letter]
    assert f"{say('en', 'letter-subject')}: F" in said(document)


def test_every_numbered_list_starts_where_it_says() -> None:
    text = "# T\n\n1. a\n2. b\n   1. in\n   2. in two\n3. c\n\nText\n\n1. d\n\nText\n\n7. e\n8. f\n"
    found = [("a", 1), ("b", 2), ("in", 1), ("in two", 2), ("c", 3), ("d", 1), ("e", 7), ("f", 8)]
    assert numbers(word({"plan.md": text})) == found


def test_a_table_repeats_its_head_and_a_form_has_room_to_write() -> None:
    text = "# T\n\n| When | What |\n|---|---|\n| 1 | a |\n\n| Name | |\n|---|---|\n| Why | |\n"
    table, form = word({"plan.md": text}).tables
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [True, False]  # noqa: SLF001
    assert all(row.height and row.height > Cm(1) for row in form.rows)
    assert [[cell.text for cell in row.cells] for row in form.rows] == [["Name", ""], ["Why", ""]]


def test_a_tick_box_can_be_clicked_and_a_blank_is_marked() -> None:
    document = word({"plan.md": "# T\n\n- [x] done\n- [ ] open\n- none\n\n[fill in: a name] here"})
    assert said(document)[2:] == ["☑\tdone", "☐\topen", "none", "[fill in: a name] here"]
    runs = [run_ for one in document.paragraphs for run_ in one.runs]
    assert [one.text for one in runs if one.font.highlight_color] == ["[fill in: a name]"]
    assert len(document.element.body.xpath("//w:sdt")) == 2


def test_only_links_to_the_web_and_to_mail_lead_anywhere() -> None:
    targets = ["https://ki.se/å?a=1", "mailto:a@b.example", "plan.md", "tel:123", "https://", "ftp://x.se", "#x"]
    document = word({"plan.md": "# T\n\n" + "\n\n".join(f"[{n}]({one})" for n, one in enumerate(targets))})
    links = [(link.text, link.address) for one in document.paragraphs for link in one.hyperlinks]
    assert links == [("0", "https://ki.se/%C3%A5?a=1"), ("1", "mailto:a@b.example")]
    assert said(document)[2:] == [str(n) for n in range(len(targets))]


def test_the_picture_of_the_time_is_there_with_its_words() -> None:
    made = plan(language="sv")
    texts = {name: one.decode() for name, one in rendered(made).items() if name.endswith(".md")}
    picture = picture_of(made, guide("sv"))
    document = opened(word_of(sheets_in(texts, "sv"), picture, guide("sv"), "Avdelning å", None))
    (shown,) = document.inline_shapes
    about = shown._inline.docPr  # noqa: SLF001
    assert (about.get("descr"), about.get("title")) == (picture.description, picture.title)
    assert shown.width / shown.height == pytest.approx(picture.width / picture.height, rel=0.01)
    (part,) = (one for one in document.part.package.parts if str(one.partname).endswith(".png"))
    assert Image.open(BytesIO(part.blob)).width > 900


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_the_file_says_its_language_and_what_it_is(language: str, tag: str) -> None:
    document = word({"plan.md": "# T"}, language=language)
    about = document.core_properties
    assert (about.title, about.language, about.author) == (
        say(language, "calendar-name", unit="Ward 7"),
        tag,
        "peerplan",
    )
    assert about.created == about.modified == MADE
    assert document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val") == [tag]
    assert (round(document.sections[0].page_width.cm), round(document.sections[0].page_height.cm, 1)) == (21, 29.7)  # type: ignore[union-attr]
    assert "PAGE" in footer_of(document)


# --- its form --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "unit")
    made = []
    for _ in range(2):
        assert run("export", "unit", "--to", "docx", "--as-of", AS_OF, cwd=tmp_path).returncode == 0
        made.append((tmp_path / "unit" / "plan.docx").read_bytes())
    assert made[0] == made[1]
    assert {one.date_time for one in zipfile.ZipFile(BytesIO(made[0])).infolist()} == {(1980, 1, 1, 0, 0, 0)}


HOSTILE = "<b>&amp; =1+1 \x0b\x00 \ud800 🏥 \u202eRTL ]]> [x](javascript:1) \ufffe"


def test_what_a_person_wrote_stays_text() -> None:
    document = word({"plan.md": f"# {HOSTILE}\n\n- {HOSTILE}\n", "x.txt": f"Subject: {HOSTILE}\n\n=1+1 {HOSTILE}"})
    assert sum("<b>& =1+1" in one and "\u202eRTL ]]>" in one and "🏥" in one for one in said(document)) >= 2
    assert not document.element.body.xpath("//w:hyperlink | //w:fldSimple | //w:instrText")


@pytest.mark.slow
@settings(max_examples=40)
@given(hostile)
def test_any_text_gives_a_file_that_opens(text: str) -> None:
    sheets = sheets_in({"plan.md": text, "x.txt": text}, "en")
    document = opened(word_of(sheets, None, guide(), text))
    whole = "".join(said(document))
    for sheet in sheets:
        for one in expected(sheet.blocks):
            assert NOT_IN_XML.sub("", one).strip() in whole or "\n" in one or not one.strip()


# --- on a workplace's own letterhead ---------------------------------------------------------------------------------


def footer_of(document: WordDocument) -> str:
    return str(document.sections[-1].footer._element.xpath("string()"))  # noqa: SLF001


def header_of(document: WordDocument) -> str:
    return "".join(one.text for one in document.sections[-1].header.paragraphs)


def saved(document: WordDocument) -> bytes:
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def plain_letterhead() -> bytes:
    document = Document()
    document.add_paragraph("Secret body")
    run_ = document.add_paragraph("Secret").add_run("commented")
    document.add_comment(run_, "Secret comment", "Somebody", "S")
    document.sections[0].header.paragraphs[0].text = "Region Öst"
    document.add_section()  # takes its header from the first
    document.sections[0].footer.paragraphs[0].text = "Växel 010"
    return saved(document)


def own_letterhead() -> bytes:
    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    logo = BytesIO()
    Image.new("RGB", (8, 4), "navy").save(logo, "PNG")
    page.header.paragraphs[0].add_run().add_picture(logo, width=Cm(2))
    document.add_paragraph().add_run().add_picture(BytesIO(logo.getvalue()), width=Cm(2))
    document.styles["Heading 1"].font.size = Pt(31)
    document.styles["Heading 1"].element.set(qn("w:styleId"), "Rubrik1")
    document.styles["Normal"].font.name = "Comic Sans MS"
    return saved(document)


LETTER = {"plan.md": "# T\n\n## H\n\n1. a\n\n- b\n\n| c | d |\n|---|---|\n| e | f |\n\n- [ ] g"}


@pytest.mark.parametrize("letterhead", [plain_letterhead, LIBREOFFICE.read_bytes, own_letterhead])
def test_a_letterhead_keeps_what_is_its_own_and_gets_the_styles_it_lacks(letterhead: Made) -> None:
    before = opened(letterhead())
    document = word(LETTER, letterhead())
    assert header_of(document) == header_of(before)
    after, page = document.sections[-1], before.sections[-1]
    assert (after.page_width, after.left_margin) == (page.page_width, page.left_margin)
    assert said(document) == ["T", say("en", "page-copy"), "H", "a", "b", "c", "d", "e", "f", "☐\tg"]
    used = set(document.element.body.xpath("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val"))
    assert used <= {one.style_id for one in document.styles}
    kept = {one.style_id: one.element.xpath("string()") for one in before.styles}
    assert kept.items() <= {one.style_id: one.element.xpath("string()") for one in document.styles}.items()
    assert numbers(document) == [("a", 1)]
    check_letterhead(word_of(sheets_in(LETTER, "en"), None, guide(), "x", letterhead()), guide(), "again")


def test_nothing_of_a_letterheads_own_text_stays_in_the_file() -> None:
    content = word_of(sheets_in(LETTER, "en"), None, guide(), "x", plain_letterhead())
    archive = zipfile.ZipFile(BytesIO(content))
    assert not any(b"Secret" in archive.read(name) for name in archive.namelist())
    assert not [name for name in archive.namelist() if "comments" in name or "thumbnail" in name]


@pytest.mark.parametrize(("letterhead", "footer"), [(plain_letterhead, "Växel 010"), (own_letterhead, "PAGE 1")])
def test_pages_are_numbered_unless_the_letterhead_has_a_footer(letterhead: Made, footer: str) -> None:
    assert footer_of(word(LETTER, letterhead())).strip() == footer


def test_a_letterheads_logo_and_looks_are_used() -> None:
    document = word(LETTER, own_letterhead())
    assert [one.style.name for one in document.paragraphs if one.text == "H" and one.style] == ["Heading 1"]
    assert document.styles["Heading 1"].font.size == Pt(31)
    pictures = [one for one in document.part.package.iter_parts() if "/media/" in str(one.partname)]
    assert len(pictures) == 1
    assert document.sections[0].header._element.xpath(".//w:drawing")  # noqa: SLF001


def broken(change: str) -> bytes:
    content = plain_letterhead()
    if change == "text":
        return b"Hello"
    if change == "cut":
        return content[: len(content) // 2]
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            if name != change:
                after.writestr(name, before.read(name)[: -40 if name.endswith(change) else None])
    return made.getvalue()


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(
    "change", ["text", "cut", "[Content_Types].xml", "word/document.xml", "ument.xml", "es.xml", "er1.xml", "missing"]
)
def test_a_letterhead_that_is_none_is_one_line_and_nothing_is_written(
    change: str, language: str, tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / f"laboratory-{language}", tmp_path / "unit")
    if change != "missing":
        (tmp_path / "mall.docx").write_bytes(broken(change))
    made = run("export", "unit", "--to", "docx", "--letterhead", "mall.docx", cwd=tmp_path)
    assert made.returncode == 3
    assert len(made.stderr.splitlines()) == 1
    assert made.stderr.startswith("mall.docx: ")
    assert not (tmp_path / "unit" / "plan.docx").exists()


PARTS = [
    "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/footer1.xml",
    "docProps/core.xml", "_rels/.rels", "word/_rels/document.xml.rels", "[Content_Types].xml",
]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"<x/>", b"", b'<x xmlns="urn:x"><y/></x>', b"<w:p/>", b"<x>" + b"<y/>" * 2_000_000]
)
@pytest.mark.parametrize("part", PARTS)
def test_a_letterhead_with_a_part_of_another_kind_is_used_or_told(part: str, content: bytes) -> None:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(plain_letterhead())) as before, zipfile.ZipFile(made, "w") as after:
        assert part in before.namelist()
        for name in before.namelist():
            after.writestr(name, content if name == part else before.read(name))
    if not refused(made.getvalue()):
        assert said(word(LETTER, made.getvalue()))[-1] == "☐\tg"


def refused(letterhead: bytes) -> list[str]:
    try:
        check_letterhead(letterhead, guide(), "mall.docx")
    except InputError as error:
        return [one.message for one in error.problems]
    return []


def test_a_letterhead_that_is_far_too_large_is_told(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-sv", tmp_path / "unit")
    with (tmp_path / "mall.docx").open("wb") as file:
        file.truncate(LARGEST_LETTERHEAD + 1)
    made = run("export", "unit", "--to", "docx", "--letterhead", "mall.docx", cwd=tmp_path)
    assert (made.returncode, made.stderr.splitlines()[0][:11]) == (3, "mall.docx: ")


def test_a_letterhead_error_is_said_in_both_languages() -> None:
    with pytest.raises(InputError) as raised:
        check_letterhead(b"", guide(), "mall.doc")
    (problem,) = raised.value.problems
    assert problem_line("sv", problem).startswith("mall.doc: brevmallen är inget Word-dokument (.docx)")
    assert "no Word document" in problem_line("en", problem)


def test_a_letterhead_with_a_password_is_told_as_one() -> None:
    with pytest.raises(InputError) as raised:
        check_letterhead(
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), guide(), "mall.docx"
        )
    assert [(one.message, one.place) for one in raised.value.problems] == [("letterhead-password", "mall.docx")]


@pytest.mark.slow
def test_a_letterhead_is_for_word_only(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "unit")
    (tmp_path / "own.docx").write_bytes(plain_letterhead())
    made = run("export", "unit", "--letterhead", "own.docx", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (2, f"--letterhead: {say('en', 'letterhead-alone')}\n")
    assert run("export", "unit", "--to", "docx", "--letterhead", "own.docx", cwd=tmp_path).returncode == 0
    assert header_of(opened((tmp_path / "unit" / "plan.docx").read_bytes())) == "Region Öst"


# --- without what it needs, and with another program -----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lacking", ["docx", "typst"])
def test_without_the_extra_one_line_says_what_to_install(lacking: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "unit")
    program = f"import sys; sys.modules[{lacking!r}] = None; from peerplan.cli import app; app(sys.argv[1:])"
    command = [sys.executable, "-c", program, "export", "unit", "--to", "html", "--to", "docx"]
    made = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr == f"--to: {say('en', 'export-extra', value='docx')}\n"
    assert not (tmp_path / "unit" / "plan.docx").exists()
    assert (tmp_path / "unit" / "plan.html").read_bytes() == (EXAMPLES / "laboratory-en" / "plan.html").read_bytes()


@pytest.mark.slow
def test_a_web_page_needs_no_extra(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "unit")
    program = "import sys; from peerplan.cli import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    command = [sys.executable, "-c", program, "export", "unit"]
    made = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    assert {"docx", "lxml", "typst"} & set(made.stdout.split()) == set()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("libreoffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "laboratory-en", tmp_path / "unit")
    run("export", "unit", "--to", "docx", "--as-of", AS_OF, cwd=tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["libreoffice", profile, "--headless", "--convert-to", "pdf", "unit/plan.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "plan.pdf").read_bytes().count(b"/Type/Page/") > 5
