"""The overview of many units: in the order of need, for a reader and for a spreadsheet."""

import csv
import io
from codecs import BOM_UTF8
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from openpyxl import load_workbook
from pymarkdown.api import PyMarkdownApi

from peerplan.answers.draft import check_answers
from peerplan.documents.overview import overview_csv, overview_xlsx
from peerplan.documents.overview_page import overview_page
from peerplan.plan.outlook import Verdict
from peerplan.plan.overview import STANDINGS, Overview, UnitLine
from peerplan.plan.plan import make_plan
from samples import LINE, draft, guide, plan, templates

LANGUAGES = ("en", "sv")
FORMULAS = ["=1+1", "+46", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example";"x")', "\t=1", "\r=1"]
NAMES = ["=1+1", "+cmd", "a,b;c", '"', "<b>", "[x](javascript:1)", "http://x.example", "7"]
HOSTILE = ["a|b", "[x](http://x.example)", "<b>", "`a`", "*a*", "a\\", "# a", "_a_", "http://x.example", "1. a", "=1+1"]


def rows_of(*lines: UnitLine, language: str = "sv") -> list[list[str]]:
    data = overview_csv(Overview.of(lines), guide(language))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(*lines: UnitLine, language: str = "sv") -> Any:  # noqa: ANN401 # openpyxl's types know no links
    return load_workbook(io.BytesIO(overview_xlsx(Overview.of(lines), guide(language)))).worksheets[0]


def cells_of(*lines: UnitLine) -> dict[str, Any]:
    """The cells of the first unit in the workbook, by their headings."""
    headings, cells = list(sheet_of(*lines).rows)[:2]
    return {heading.value: cell for heading, cell in zip(headings, cells, strict=True)}


def widths_of(sheet: Any) -> dict[int, float]:  # noqa: ANN401
    """How wide each column is; those beside each other that are as wide stand together in the file."""
    together = sheet.column_dimensions.values()
    return {number: one.width for one in together for number in range(one.min, one.max + 1)}


def contrast(cell: Any) -> float:  # noqa: ANN401
    """How much a cell's letters stand out from its ground, as WCAG counts it."""

    def light(colour: object) -> float:
        colour = colour if isinstance(colour, str) else "FF000000"  # the theme's, which is black
        parts = [int(colour[at : at + 2], 16) / 255 for at in (2, 4, 6)]
        linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    ground = cell.fill.fgColor.rgb if cell.fill.fill_type else "FFFFFFFF"
    one, other = sorted([light(cell.font.color.rgb), light(ground)])
    return other / one


def test_a_line_says_where_the_unit_stands() -> None:
    given = {"support.managers": "no", "unit.workplace": "Norra", "unit.coordinator.name": "Karin Exempel"}
    made = plan(given, state="done")
    line = UnitLine.of(made, "ward-7")
    assert (line.folder, line.name, line.workplace, line.verdict) == ("ward-7", "Ward 7", "Norra", made.verdict)
    assert (line.start, line.open, line.late) == (date(2027, 1, 18), len(made.actions), len(made.late))
    assert (line.coordinator, line.areas["support"]) == ("Karin Exempel", (6, 7))
    assert set(line.areas) == {area.id for area in guide().areas}


def test_what_comes_next_is_what_the_plan_says_first() -> None:
    made = plan()
    assert made.late
    first = made.next_steps[0]
    line = UnitLine.of(made, "x")
    assert (line.next_due, line.next_title) == (first.due, first.title)


def test_a_period_that_is_over_needs_no_attention_before_others() -> None:
    over = replace(LINE, name="Over", late=9, phase="over", verdict=None)
    coming = replace(LINE, name="Coming", verdict="ready", late=0)
    assert [line.name for line in Overview.of([over, coming]).lines] == ["Coming", "Over"]
    answers = check_answers(draft(), guide())
    for day, standing in ((date(2027, 3, 12), "under-way"), (date(2027, 3, 13), "over")):
        assert UnitLine.of(make_plan(answers, guide(), day), "x").standing == standing


def test_a_unit_that_is_ready_has_nothing_next() -> None:
    line = UnitLine.of(plan(state="done"), "x")
    assert (line.verdict, line.open, line.next_due, line.next_title) == ("ready", 0, None, "")


def test_those_that_need_most_attention_come_first() -> None:
    ordered = [
        replace(LINE, folder="a", verdict="not-yet", late=3),
        replace(LINE, folder="b", verdict="not-yet", late=1, start=date(2027, 1, 18)),
        replace(LINE, folder="c", verdict="not-yet", late=1, start=date(2027, 2, 1)),
        replace(LINE, folder="d", verdict="ready-to-try", late=9, name="A"),
        replace(LINE, folder="e", verdict="ready-to-try", late=9, name="B"),
        replace(LINE, folder="f", verdict="ready-to-try", late=9, name="B"),
        replace(LINE, folder="g", verdict="ready", late=0),
    ]
    overview = Overview.of(reversed(ordered))
    assert list(overview.lines) == ordered
    assert (overview.first(2).lines, overview.first(2).left_out) == (tuple(ordered[:2]), 5)
    assert (overview.first(2).count, overview.first(2).standings) == (7, overview.standings)
    assert overview.first() == overview
    assert {one: count for one, count in overview.standings.items() if count} == {
        "not-yet": 3,
        "ready-to-try": 3,
        "ready": 1,
    }
    assert overview.late == 6


def test_the_table_is_as_swedish_excel_opens_it() -> None:
    data = overview_csv(Overview.of([LINE]), guide("sv"))
    assert data.startswith(BOM_UTF8)
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") == 2
    headings, cells = rows_of(LINE)
    assert dict(zip(headings, cells, strict=True)) == {
        "Enhet": "Ängen",
        "Arbetsplats": "Norra; sjukhuset",
        "Läge": "Redo att pröva",
        "Skede": "Före start",
        "Start": "2027-01-18",
        "Kvar": "7",
        "Försenade": "2",
        "Härnäst": "2026-12-07",
        "Nästa åtgärd": "Boka rum",
        "Stöd på arbetsplatsen": "5 av 7 på plats",
        "Lärandemiljö": "8 av 9 på plats",
        "Lärosätet": "",
        "Information och mottagande": "4 av 5 på plats",
        "Samordnare": "Eva Exempel",
        "Mapp": "angen",
    }


def test_every_cell_is_quoted_so_that_commas_may_separate_too() -> None:
    text = overview_csv(Overview.of([replace(LINE, name='a,b;"c"')]), guide("sv")).decode("utf-8-sig")
    assert text.splitlines()[1].startswith('"a,b;""c""";"Norra; sjukhuset";"Redo att pröva";')
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    assert {line.count('";"') for line in text.splitlines()} == {14}


@pytest.mark.criterion(30)
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    for cell in rows_of(replace(LINE, name=formula, workplace=formula, next_title=formula))[1]:
        assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_no_cell_is_a_formula_where_commas_separate() -> None:
    line = replace(LINE, name="Avdelning 7,=1+1", workplace="x,=1+1,y", coordinator="x,=1+1,y")
    data = overview_csv(Overview.of([line]), guide("sv")).decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(data)) for cell in row if cell.startswith("=")]


@pytest.mark.parametrize("name", ['Avdelning "7"', "Ward; 7", "Ward, 7", "Ängen 🏥"])
def test_a_name_comes_back_as_it_was(name: str) -> None:
    assert rows_of(replace(LINE, name=name))[1][0] == name


def test_the_same_lines_in_any_order_give_the_same_bytes() -> None:
    lines = [replace(LINE, folder=folder) for folder in "abc"]
    for language in LANGUAGES:
        for write in (overview_csv, overview_xlsx, templates().overview):
            made = [write(Overview.of(one), guide(language)) for one in (lines, lines[::-1])]
            assert made[0] == made[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_says_what_the_table_says(language: str) -> None:
    texts = [[str(cell.value or "") if cell.value != 0 else "0" for cell in row]
             for row in sheet_of(LINE, language=language).rows]  # fmt: skip
    assert [[text.removesuffix(" 00:00:00") for text in row] for row in texts] == rows_of(LINE, language=language)


def test_in_the_workbook_numbers_are_numbers_and_dates_are_dates() -> None:
    cells = cells_of(LINE)
    assert (cells["Kvar"].value, cells["Försenade"].value) == (7, 2)
    for heading, day in (("Start", datetime(2027, 1, 18)), ("Härnäst", datetime(2026, 12, 7))):  # noqa: DTZ001 # no zones
        assert (cells[heading].value, cells[heading].number_format) == (day, "yyyy-mm-dd")
    assert cells_of(replace(LINE, next_due=None, next_title=""))["Härnäst"].value is None


@pytest.mark.criterion(30)
@pytest.mark.parametrize("name", NAMES)
def test_in_the_workbook_a_text_stays_a_text_and_only_the_unit_leads_somewhere(name: str) -> None:
    cells = cells_of(replace(LINE, name=name, workplace=name, coordinator=name, next_title=name))
    for heading in ("Enhet", "Arbetsplats", "Samordnare", "Nästa åtgärd"):
        assert (cells[heading].value, cells[heading].data_type) == (name, "s")
    links = {cell.hyperlink.target.replace("\\", "/") for cell in cells.values() if cell.hyperlink}
    assert (links, bool(cells["Enhet"].hyperlink)) == ({"angen/plan.md"}, True)


def test_in_the_workbook_a_unit_leads_to_its_page_where_there_is_one() -> None:
    data = overview_xlsx(Overview.of([LINE, replace(LINE, folder="b")]), guide("sv"), {"angen"})
    links = [
        cell.hyperlink.target.replace("\\", "/") for cell in load_workbook(io.BytesIO(data)).worksheets[0]["A"][1:]
    ]
    assert links == ["angen/plan.html", "b/plan.md"]


def test_a_colour_stands_beside_words_that_say_the_same_and_can_be_read() -> None:
    verdicts = [replace(LINE, verdict=one) for one in get_args(Verdict)]
    phases = [replace(LINE, phase="under-way", verdict=None), replace(LINE, phase="over", verdict=None)]
    rows = list(sheet_of(*verdicts, *phases).rows)
    assert len({row[2].value for row in rows[1:]}) == len(STANDINGS)
    assert [row[2].fill.fill_type for row in rows[1:]] == ["solid"] * len(STANDINGS)
    assert [cell.value for row in rows for cell in row if contrast(cell) < 4.5] == []


def test_what_is_late_is_marked() -> None:
    late, not_late = (cells_of(replace(LINE, late=count))["Försenade"] for count in (1, 0))
    assert (late.font.bold, late.fill.fill_type) == (True, "solid")
    assert (not_late.value, not_late.font.bold, not_late.fill.fill_type) == (0, False, None)


def test_the_workbook_can_be_filtered_and_printed_with_its_headings() -> None:
    sheet = sheet_of(LINE, replace(LINE, name="Ången", next_title="Ta reda på vad som gäller för " * 3))
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Översikt", "B2", "A1:O3")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_columns_and_rows_have_room_for_what_they_hold() -> None:
    names = ["Ä", "Avdelning 7 för kirurgi och urologi, plan 4"]
    sheet = sheet_of(*(replace(LINE, name=name, next_title="Ta reda på vad som gäller " * 3) for name in names))
    for column, width in zip(sheet.columns, widths_of(sheet).values(), strict=True):
        for cell in column:
            lines = sheet.row_dimensions[cell.row].height / 15
            assert len(str(cell.value or "")) <= width * lines
        assert max(map(len, column[0].value.split())) < width
    heights = [sheet.row_dimensions[number].height for number in (2, 3)]
    assert heights[0] == heights[1] > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_is_clean_markdown_whatever_the_units_are_called(language: str, tmp_path: Path) -> None:
    names = [replace(LINE, name=name, workplace=name, folder=f"u{number}") for number, name in enumerate(HOSTILE)]
    for number, lines in enumerate([[], [LINE], [replace(LINE, next_due=None, next_title="", workplace="")], names]):
        for name, document in templates().overview(Overview.of(lines), guide(language)).items():
            data = document.content
            (tmp_path / f"{number}-{name}").write_bytes(data)
    linter = PyMarkdownApi().disable_rule_by_identifier("line-length")  # a table's row is one line
    result = linter.scan_path(str(tmp_path))
    assert len(list(tmp_path.iterdir())) == 4
    assert [(one.scan_file, one.line_number, one.rule_name) for one in result.scan_failures] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_is_one_row_that_leads_to_its_plan(language: str) -> None:
    lines = [replace(LINE, name=name, workplace=name, folder=f"u{number}") for number, name in enumerate(HOSTILE)]
    text = templates().overview(Overview.of(lines), guide(language))["overview.md"].content.decode()
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(HOSTILE)
    assert {row.replace(r"\|", "").count("|") for row in table} == {6 + len(guide().areas) + 1}
    assert all(f"](u{number}/plan.md)" in text for number in range(len(HOSTILE)))
    assert "<b>" not in text


# --- as a page -------------------------------------------------------------------------------------------------------


def test_the_page_leads_to_each_plan_and_says_in_words_what_it_shows() -> None:
    other = replace(LINE, folder="o s a?", name="Ösa", coordinator="")
    page = overview_page(Overview.of([LINE, other]), guide("sv"), {"angen"}).decode()
    assert 'href="angen/plan.html">Ängen</a>, Norra; sjukhuset' in page
    assert 'href="o%20s%20a%3F/plan.md"' in page
    assert all(said in page for said in ("Redo att pröva", "5 av 7 på plats", "2027-01-18", "Eva Exempel", "Boka rum"))
    assert page.encode() == overview_page(Overview.of([LINE, other]), guide("sv"), {"angen"})


@pytest.mark.parametrize("name", [*NAMES, *HOSTILE])
def test_no_name_becomes_markup_in_the_page(name: str) -> None:
    line = replace(LINE, name=name, workplace=name, coordinator=name, next_title=name)
    page = overview_page(Overview.of([line]), guide(), ())
    plain = overview_page(Overview.of([replace(LINE, workplace="a", next_title="a")]), guide(), ())
    assert page.count(b"<") == plain.count(b"<")
    assert page.count(b"href") == plain.count(b"href")
