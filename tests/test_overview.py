"""The overview of many units: in the order of need, for a reader and for a spreadsheet."""

import csv
import io
from codecs import BOM_UTF8
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pymarkdown.api import PyMarkdownApi

from peerplan.answers.draft import check_answers
from peerplan.documents.overview import overview_csv
from peerplan.plan.overview import Overview, UnitLine
from peerplan.plan.plan import make_plan
from samples import draft, guide, plan, templates

LANGUAGES = ("en", "sv")
LINE = UnitLine(
    folder="angen",
    name="Ängen",
    workplace="Norra; sjukhuset",
    phase="before",
    verdict="ready-to-try",
    start=date(2027, 1, 18),
    open=7,
    late=2,
    areas={"support": (5, 7), "environment": (8, 9), "students": (4, 5)},
    next_due=date(2026, 12, 7),
    next_title="Boka rum",
)
FORMULAS = ["=1+1", "+46", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example";"x")', "\t=1", "\r=1"]
HOSTILE = ["a|b", "[x](http://x.example)", "<b>", "`a`", "*a*", "a\\", "# a", "_a_", "http://x.example", "1. a", "=1+1"]


def rows_of(*lines: UnitLine, language: str = "sv") -> list[list[str]]:
    data = overview_csv(Overview.of(lines), guide(language))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_line_says_where_the_unit_stands() -> None:
    made = plan({"support.managers": "no", "unit.workplace": "Norra"}, state="done")
    line = UnitLine.of(made, "ward-7")
    assert (line.folder, line.name, line.workplace, line.verdict) == ("ward-7", "Ward 7", "Norra", made.verdict)
    assert (line.start, line.open, line.late) == (date(2027, 1, 18), len(made.actions), len(made.late))
    assert line.areas["support"] == (6, 7)
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
        "Start": "2027-01-18",
        "Kvar": "7",
        "Försenade": "2",
        "Härnäst": "2026-12-07",
        "Nästa åtgärd": "Boka rum",
        "Stöd på arbetsplatsen": "5 av 7 på plats",
        "Lärandemiljö": "8 av 9 på plats",
        "Lärosätet": "",
        "Information och mottagande": "4 av 5 på plats",
        "Mapp": "angen",
    }


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    for cell in rows_of(replace(LINE, name=formula, workplace=formula, next_title=formula))[1]:
        assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_no_cell_is_a_formula_where_commas_separate() -> None:
    data = overview_csv(Overview.of([replace(LINE, name="Avdelning 7,=1+1")]), guide("sv")).decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(data)) for cell in row if cell.startswith("=")]


@pytest.mark.parametrize("name", ['Avdelning "7"', "Ward; 7", "Ward, 7", "Ängen 🏥"])
def test_a_name_comes_back_as_it_was(name: str) -> None:
    assert rows_of(replace(LINE, name=name))[1][0] == name


def test_the_same_lines_in_any_order_give_the_same_bytes() -> None:
    lines = [replace(LINE, folder=folder) for folder in "abc"]
    for language in LANGUAGES:
        made = [(overview_csv(one, guide(language)), templates().overview(one, guide(language)))
                for one in (Overview.of(lines), Overview.of(lines[::-1]))]  # fmt: skip
        assert made[0] == made[1]


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
