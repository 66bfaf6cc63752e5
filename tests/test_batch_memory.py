"""A batch of many units: what is kept of each, what is told of many, and the overview of more than one can read."""

import csv
import io
import json
import tracemalloc
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from peerplan.answers.privacy import IDENTITY_NUMBER
from peerplan.commands.batch.checking import Unchanged, check_rows
from peerplan.commands.batch.findings import MOST, Findings, Wrong, WrongCells
from peerplan.commands.batch.folders import UnitFolders, token
from peerplan.commands.batch.overview import make_overview
from peerplan.commands.batch.rows import Units, parse_units
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.spool import LineSpool
from peerplan.commands.batch.staff import Task, in_chunks
from peerplan.commands.batch.work import Checked
from peerplan.commands.making import PlanMaker
from peerplan.documents.overview import overview_csv, write_long_xlsx
from peerplan.errors import AND_MORE, Problem
from peerplan.folder.disk import make_folder
from peerplan.folder.record import MEMORY
from peerplan.messages import Messages
from peerplan.plan.overview import SHOWN, Overview, UnitLine
from peerplan.report.json import print_errors
from peerplan.tables import read_table
from samples import AS_OF, LINE, guide, kit, problem_line, templates
from table_files import as_csv, save

LONG = SHOWN + 3


def lines(count: int) -> Iterator[UnitLine]:
    """Lines in an order that is not theirs."""
    for number in range(count):
        of_all = number * 7 % count
        yield replace(
            LINE, folder=f"enhet-{of_all}", name=f"Enhet {of_all:05}", late=of_all % 3, areas={"support": (5, 7)}
        )


class NimbleStaff:
    """Finds nothing wrong with any row, at once."""

    def __init__(self, units: Units, folders: UnitFolders) -> None:
        self.units = units
        self.folders = folders

    def set_up(self, maker: PlanMaker, units: Units, folders: UnitFolders, seals: Seals, language: str) -> None: ...

    def do(self, _task: Task, rows: Iterable[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
        for chunk in in_chunks(rows):
            names = (self.folders.folder(self.units.unit(row), is_long=False).name for row in chunk)
            yield chunk, [Checked(token(name), is_long=False, problems=(), unused=()) for name in names]

    def close(self) -> None: ...


def kept_of(count: int, folder: Path) -> int:
    """How many bytes are kept of a table of so many units, beside its file, once all is checked and done."""
    path = save(
        folder,
        as_csv([["name", "setting", "start"], *([f"Enhet {one}", "home", "2027-01-18"] for one in range(count))]),
    )
    tracemalloc.start()
    units = parse_units(read_table(path), kit(), "sv")
    folders = UnitFolders(units.named, folder)
    check = check_rows(units, folders, Unchanged(bytearray(units.table.count), array("Q")), NimbleStaff(units, folders))
    spool = LineSpool(run=100)
    for line in lines(count):
        spool.add(line)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert (check.count, len(spool.overview().lines)) == (count, count)
    return kept


def test_of_a_unit_a_few_bytes_are_kept(tmp_path: Path) -> None:
    # Some runs come to more: what is kept of the guide, and Python's own tables of tuples and names when they grow.
    assert min(kept_of(2_200, tmp_path) for _ in range(3)) - kept_of(200, tmp_path) < 60 * 2_000


def test_a_check_knows_which_rows_can_be_written(tmp_path: Path) -> None:
    units = parse_units(
        read_table(save(tmp_path, as_csv([["name", "setting", "start"], *([one, "", ""] for one in "abca")]))),
        kit(),
        "sv",
    )
    folders = UnitFolders(units.named, tmp_path)
    check = check_rows(units, folders, Unchanged(bytearray(units.table.count), array("Q")), NimbleStaff(units, folders))
    assert [problem.message for problem in check.problems] == ["units-same"]
    assert [row.texts[0] for row, _ in check.jobs(units)] == ["a", "b", "c"]
    assert (check.count, len(check.folders)) == (3, 3)


# --- what is told of many --------------------------------------------------------------------------------------------


def test_of_many_findings_the_first_are_told_and_the_rest_is_counted() -> None:
    findings = Findings()
    problems = [Problem("not-a-date", {"value": str(number)}) for number in range(MOST + 5)]
    findings.add(*problems[:MOST])
    assert [*findings] == problems[:MOST]
    findings.add(*problems[MOST:])
    assert [*findings] == [*problems[:MOST], Problem(AND_MORE, {"count": 5})]
    assert [problem_line(one, [*findings][-1]) for one in ("en", "sv")] == [
        "and 5 more",
        "och 5 till",
    ]


def wrong(message: str, column: int, text: object, row: int) -> Wrong:
    return Wrong(Problem(message, {}, f"units.csv:{row}"), column, (column, text))


def test_what_is_wrong_in_many_cells_is_told_once_in_the_order_of_the_columns() -> None:
    found = WrongCells()
    found.add(wrong("b", 2, "x", 2), wrong("b", 2, "y", 2), wrong("a", 1, "x", 3), wrong("b", 2, "x", 3))
    assert [(one.message, one.place, one.cells) for one in found] == [
        ("a", "units.csv:3", 1),
        ("b", "units.csv:2", 2),
        ("b", "units.csv:2", 1),
    ]
    assert found.count == 4


def test_of_many_wrong_cells_the_first_are_told_and_the_others_counted() -> None:
    found = WrongCells()
    found.add(*(wrong("a", 0, text, text) for text in range(MOST + 5)), wrong("a", 0, 0, 999), wrong("a", 0, 999, 999))
    *told, last = found
    assert (len(told), told[0].cells, last) == (MOST, 2, Problem(AND_MORE, {"count": 6}))


def test_an_identity_number_is_told_however_late_it_stands() -> None:
    found = WrongCells()
    found.add(*(wrong("a", 0, text, text) for text in range(MOST + 1)))
    found.add(*(wrong(IDENTITY_NUMBER, 1, text, text) for text in range(2)))
    assert [one.message for one in found][MOST:] == [IDENTITY_NUMBER, AND_MORE]
    assert (found.count, [*found][-1].values) == (MOST + 3, {"count": 2})


def test_json_has_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    print_errors([Problem("no-folder", {}, "a"), Problem(AND_MORE, {"count": 5})], Messages(), "en", 3)
    first, last = json.loads(capsys.readouterr().out)["errors"]
    assert ("count" in first, "cells" in first, last["count"], last["id"]) == (False, False, 5, "and-more")
    print_errors([Problem("not-a-number", {"value": "x", "most": 9}, "a", cells=37)], Messages(), "en", 3)
    (one,) = json.loads(capsys.readouterr().out)["errors"]
    assert (one["cells"], one["text"].endswith("(37 cells, of which this is the first)")) == (37, True)


# --- the lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [1, 7, 50, 1000])
def test_lines_come_in_the_order_of_attention_again_and_again(run: int) -> None:
    spool = LineSpool(run)
    for line in lines(150):
        spool.add(line)
    overview, plain = spool.overview(), Overview.of(lines(150))
    assert [*overview.lines] == [*overview.lines] == [*plain.lines]
    assert (overview.standings, overview.late, overview.count) == (plain.standings, plain.late, 150)
    one, other = iter(overview.lines), iter(overview.lines)
    assert [next(one) for _ in range(120)] == [next(other) for _ in range(120)]


def test_the_first_lines_stand_for_all_and_all_are_counted() -> None:
    whole = Overview.of(lines(10))
    first = whole.first(4)
    assert (first.lines, first.left_out, first.count) == (tuple(whole.lines)[:4], 6, 10)
    assert (first.standings, first.late) == (whole.standings, whole.late)
    assert whole.first(10) == whole


# --- an overview of more than one can read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The first 4 are here; all are in overview.xlsx"),
        ("sv", "Här är de första 4; alla finns i overview.xlsx"),
    ],
)
def test_an_overview_to_read_says_that_there_are_more(language: str, said: str) -> None:
    text = templates().overview(Overview.of(lines(10)).first(4), guide(language))["overview.md"].content.decode()
    assert (said in text, "10 " in text, text.count("plan.md")) == (True, True, 4)
    assert (
        said
        not in templates().overview(Overview.of(lines(4)).first(4), guide(language))["overview.md"].content.decode()
    )


def test_a_long_workbook_has_all_units_each_leads_to_its_plan_and_a_text_stays_one() -> None:
    hostile = replace(LINE, folder="a", name='=1+1 "x"', late=99)
    data = io.BytesIO()
    overview = Overview.of([hostile, replace(LINE, folder="b", name="n" * 300, late=98), *lines(20)])
    write_long_xlsx(overview, guide("sv"), data)
    sheet = load_workbook(data).worksheets[0]
    values = load_workbook(data, data_only=True).worksheets[0]
    assert sheet["A2"].value == '=HYPERLINK("a/plan.md","=1+1 ""x""")'
    assert [row[0].value for row in values.iter_rows(min_row=2)] == [line.name for line in overview.lines]
    table = [*csv.reader(io.StringIO(overview_csv(overview, guide("sv")).decode("utf-8-sig")), delimiter=";")]
    assert [cell.value for cell in values[1]] == table[0]
    assert (values["C2"].value, values["G2"].value, values.auto_filter.ref) == (table[1][2], 99, "A1:O23")
    again = io.BytesIO()
    write_long_xlsx(overview, guide("sv"), again)
    assert data.getvalue() == again.getvalue()


def content_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_long_overview_is_made_anew_and_what_was_edited_is_kept_as_a_copy(tmp_path: Path) -> None:
    maker = PlanMaker(kit(), AS_OF)
    overview, other = Overview.of(lines(LONG)), Overview.of(lines(LONG + 1))
    assert make_overview(overview, maker, tmp_path, "sv", Seals(b""), dry_run=True).replaced == ()
    assert [*tmp_path.iterdir()] == []
    make_folder(tmp_path / MEMORY)
    make_overview(overview, maker, tmp_path, "sv", Seals(b""), dry_run=False)
    made = content_of(tmp_path)
    assert {*made} == {"overview.md", "overview.html", "overview.csv", "overview.xlsx", "record.json", "seal.json"}
    assert made["overview.csv"][0] == overview_csv(overview, guide("sv"))
    assert made["overview.csv"][0].count(b"\r\n") == LONG + 1
    assert (made["overview.md"][0].count(b"/plan.md"), made["overview.html"][0].count(b"/plan.md")) == (SHOWN, SHOWN)
    make_overview(overview, maker, tmp_path, "sv", Seals(b""), dry_run=False)
    assert content_of(tmp_path) == made  # nothing is written where nothing changed
    (tmp_path / "overview.csv").write_bytes(b"mine")
    (tmp_path / "overview.xlsx").unlink()
    for dry_run in (True, False):
        (replaced,) = make_overview(other, maker, tmp_path, "sv", Seals(b""), dry_run=dry_run).replaced
        assert (replaced.values, Path(replaced.place).name) == ({"copy": "overview.csv.bak"}, "overview.csv")
    assert (tmp_path / "overview.csv.bak").read_bytes() == b"mine"
    assert (tmp_path / "overview.csv").read_bytes() == overview_csv(other, guide("sv"))
    assert not (tmp_path / "overview.xlsx").exists()  # what was deleted stays so


@pytest.mark.parametrize("html", [False, True])
def test_a_unit_of_a_long_overview_leads_to_its_page_where_there_is_one(tmp_path: Path, html: bool) -> None:  # noqa: FBT001
    maker, overview = PlanMaker(kit(), AS_OF, html=html), Overview.of(lines(LONG))
    make_folder(tmp_path / MEMORY)
    last = [*overview.lines][-1].folder
    for ending in ("plan.html" if html else "plan.md", "plan.html"):
        make_overview(overview, maker, tmp_path, "sv", Seals(b""), dry_run=False)
        cell = load_workbook(tmp_path / "overview.xlsx").worksheets[0].cell(LONG + 1, 1).value
        assert f'"{last}/{ending}"' in str(cell)
        make_folder(tmp_path / last)
        (tmp_path / last / "plan.html").write_bytes(b"")


def test_an_overview_that_grows_long_and_short_again_counts_as_peerplans(tmp_path: Path) -> None:
    maker = PlanMaker(kit(), AS_OF)
    make_folder(tmp_path / MEMORY)
    for count in (3, LONG, 3):
        assert make_overview(Overview.of(lines(count)), maker, tmp_path, "sv", Seals(b""), dry_run=False).replaced == ()
        assert (tmp_path / "overview.csv").read_bytes().count(b"\r\n") == count + 1
    assert not list(tmp_path.glob("*.bak"))
