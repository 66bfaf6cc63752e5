"""The empty table of units: what stands in it, and that it can be filled in."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from peerplan.answers.values import MOST_PARTICIPANTS
from peerplan.commands.batch.rows import UnitRow, parse_units
from peerplan.commands.batch.starter import write_starter
from peerplan.errors import UsageError
from peerplan.tables import read_table
from samples import AS_OF, guide, kit, run, say

LANGUAGES = ("en", "sv")
KINDS = (".csv", ".xlsx")


def starter(folder: Path, language: str, kind: str = ".xlsx") -> Path:
    path = folder / f"units-{language}{kind}"
    write_starter(path, guide(language), AS_OF)
    return path


def sheet_of(path: Path) -> Any:  # noqa: ANN401 # openpyxl's types know no notes
    return load_workbook(path).worksheets[0]


def checks_of(sheet: Any) -> dict[str, Any]:  # noqa: ANN401
    """What is checked below each heading."""
    checks = {}
    for one in sheet.data_validations.dataValidation:
        [cells] = one.sqref.ranges
        assert (cells.min_row, cells.max_row >= 1000, cells.min_col) == (2, True, cells.max_col)
        checks[sheet.cell(1, cells.min_col).value] = one
    return checks


def widths_of(sheet: Any) -> dict[int, float]:  # noqa: ANN401
    """How wide each column is; those beside each other that are as wide stand together in the file."""
    together = sheet.column_dimensions.values()
    return {number: one.width for one in together for number in range(one.min, one.max + 1)}


def lists_of(sheet: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """What may be chosen below each heading."""
    checks = checks_of(sheet)
    return {name: one.formula1.strip('"').split(",") for name, one in checks.items() if one.type == "list"}


def only_row(path: Path) -> UnitRow:
    """The example, with a name of its own."""
    table = read_table(path)
    [headings, example] = table.grid.rows()
    own = example._replace(texts=("Ward 9", *example.texts[1:]))
    [row] = parse_units(replace(table, grid=replace(table.grid, rows=lambda: (headings, own))), kit(), "sv").rows
    return row


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_column_for_every_question_in_the_language(tmp_path: Path, language: str, kind: str) -> None:
    content = guide(language)
    table = read_table(starter(tmp_path, language, kind))
    labels = [fact.label for fact in content.facts] + [item.label for item in content.items]
    assert [heading.text for heading in table.headings] == labels
    assert (table.notices, table.count) == ((), 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_the_same_in_both_kinds(tmp_path: Path, language: str) -> None:
    given = [only_row(starter(tmp_path, language, kind)).given for kind in KINDS]
    assert given[0] == given[1]
    assert (given[0]["unit.setting"], given[0]["placement.start"]) == ("hospital", date(2027, 3, 15))
    assert given[0]["support.managers"] == "unknown"


def test_the_examples_start_is_a_monday_with_time_for_everything(tmp_path: Path) -> None:
    for day in range(1, 8):
        path = tmp_path / f"{day}.csv"
        write_starter(path, guide("sv"), date(2026, 12, day))
        start = only_row(path).given["placement.start"]
        assert isinstance(start, date)
        assert (start.weekday(), 105 <= (start - date(2026, 12, day)).days <= 112) == (0, True)


@pytest.mark.parametrize(("language", "delimiter"), [("sv", ";"), ("en", ",")])
def test_the_text_is_as_excel_opens_it(tmp_path: Path, language: str, delimiter: str) -> None:
    data = starter(tmp_path, language, ".csv").read_bytes()
    assert data.startswith("\ufeff".encode())
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert {len(row) for row in rows} == {len(guide().facts) + len(guide().items)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_offered_below_its_heading(tmp_path: Path, language: str) -> None:
    content = guide(language)
    expected = {
        **{fact.label: [one.label for one in fact.choices] for fact in content.facts if fact.kind == "choice"},
        **{item.label: [one.label for one in content.options_of(item)] for item in content.items},
    }
    assert lists_of(sheet_of(starter(tmp_path, language))) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_on_each_heading_asks_and_says_what_may_be_chosen(tmp_path: Path, language: str) -> None:
    sheet = sheet_of(starter(tmp_path, language))
    lists = lists_of(sheet)
    for heading in sheet[1]:
        note = heading.comment.text
        assert note.split("\n")[0].endswith("?"), note
        assert ", ".join(lists.get(heading.value, [])) in note


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_written_for_a_reader(tmp_path: Path, language: str) -> None:
    notes = [heading.comment.text for heading in sheet_of(starter(tmp_path, language))[1]]
    assert [note for note in notes if "{" in note] == []


def test_the_workbook_holds_real_dates_and_numbers_and_its_headings_stay_in_view(tmp_path: Path) -> None:
    sheet = sheet_of(starter(tmp_path, "sv"))
    cells = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (sheet.title, sheet.freeze_panes) == ("Enheter", "B2")
    assert cells["Start"].value == datetime(2027, 3, 15)  # noqa: DTZ001 # a spreadsheet knows no zones
    assert (cells["Start"].number_format, cells["Antal"].value) == ("yyyy-mm-dd", 4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_and_numbers_are_checked_and_what_may_stand_there_is_said_in_the_language(
    tmp_path: Path, language: str
) -> None:
    content = guide(language)
    checks = checks_of(sheet_of(starter(tmp_path, language)))
    for key in ("placement.start", "placement.end"):
        day, said = checks[content.fact(key).label], content.say("starter-date")
        assert (day.type, day.operator) == ("date", "greaterThanOrEqual")
        assert (day.prompt, day.error, day.errorStyle) == (said, said, None)  # None: it stops
    number, said = (
        checks[content.fact("placement.participants").label],
        content.say("starter-number", most=MOST_PARTICIPANTS),
    )
    assert (number.type, number.operator or "between") == ("whole", "between")
    assert (number.formula1, number.formula2, number.prompt, number.error) == ("1", "200", said, said)
    assert {one.error for one in checks.values() if one.type == "list"} == {content.say("starter-choice")}
    assert {one.type for one in checks.values()} == {"date", "whole", "list"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_as_wide_as_what_they_hold(tmp_path: Path, language: str) -> None:
    sheet = sheet_of(starter(tmp_path, language))
    lists, widths = lists_of(sheet), widths_of(sheet)
    height = sheet.row_dimensions[1].height
    for heading, example in zip(sheet[1], sheet[2], strict=True):
        width = widths[heading.column]
        held = [*heading.value.split(), *lists.get(heading.value, [])]
        assert max(map(len, held)) < width <= 43
        assert (heading.alignment.wrap_text, len(heading.value) <= width * height / 15) == (True, True)
        is_day = example.number_format == "yyyy-mm-dd"
        assert (10 if is_day else len(str(example.value or ""))) < width


def test_it_prints_on_landscape_pages_with_the_headings_and_the_units_on_each(tmp_path: Path) -> None:
    sheet = sheet_of(starter(tmp_path, "sv"))
    assert (sheet.page_setup.orientation, sheet.print_title_rows, sheet.print_title_cols) == (
        "landscape",
        "$1:$1",
        "$A:$A",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_its_example_alone_makes_no_plan(tmp_path: Path, language: str, kind: str) -> None:
    path = tmp_path / f"units{kind}"
    options = ["--lang", language, "--as-of", str(AS_OF)]
    written = run("batch", "--starter", path, *options, cwd=tmp_path)
    assert (written.returncode, written.stderr, f"peerplan batch {path}" in written.stdout) == (0, "", True)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    made = run("batch", path, *options, cwd=tmp_path)
    assert made.returncode == 3
    assert say(language, "units-only-example") in made.stderr
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_left_out_beside_other_rows_and_that_is_told(tmp_path: Path, language: str) -> None:
    path = starter(tmp_path, language, ".csv")
    headings, example = path.read_text(encoding="utf-8-sig").splitlines()
    delimiter = guide(language).own_language.delimiter
    own = delimiter.join(["Ward 9", *example.split(delimiter)[1:]])
    path.write_text(f"{headings}\n{example}\n{own}", encoding="utf-8-sig")
    made = run("batch", path, "--lang", language, "--as-of", str(AS_OF), cwd=tmp_path)
    assert made.returncode == 0
    assert f"units-{language}.csv:2: {headings.split(delimiter)[0]}: {say(language, 'units-example')}" in made.stderr
    assert [one.parent.name for one in (tmp_path / "plans").glob("*/plan.md")] == ["ward-9"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_batch_accepts_everything_that_can_be_chosen(tmp_path: Path, language: str) -> None:
    path = starter(tmp_path, language)
    workbook = load_workbook(path)
    sheet: Any = workbook.worksheets[0]
    lists = lists_of(sheet)
    example = [cell.value for cell in sheet[2]]
    headings = [cell.value for cell in sheet[1]]
    count = max(map(len, lists.values()))
    for number in range(count):
        for column, heading in enumerate(headings):
            choices = lists.get(heading)
            value = choices[number % len(choices)] if choices else example[column]
            sheet.cell(number + 2, column + 1, f"{value} {number}" if not column else value)
    workbook.save(path)
    made = run("batch", path, "--lang", language, "--as-of", str(AS_OF), cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert len(list((tmp_path / "plans").glob("*/plan.md"))) == count == 8


@pytest.mark.parametrize("name", ["units.xls", "units.ods", "units"])
def test_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_starter(tmp_path / name, guide("sv"), AS_OF)
    assert [one.message for one in caught.value.problems] == ["starter-kind"]


def test_a_table_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        write_starter(path, guide("sv"), AS_OF)
    assert [one.message for one in caught.value.problems] == ["starter-exists"]
    assert path.read_text(encoding="utf-8") == "mine"
