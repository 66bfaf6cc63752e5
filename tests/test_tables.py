import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.errors import InputError, Problem, UsageError
from peerplan.tables import EPOCH_1904, Cell, Limits, as_date_text, match_headings, read_table
from table_files import HEADINGS, UNITS, as_csv, problems, save, save_workbook, texts

ALIASES = {"name": "name", "Enhet": "name", "start": "start", "Startdatum": "start", "Första dagen": "start"}


@pytest.mark.criterion(1)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_to_save_text_gives_the_same_rows(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    path = save(tmp_path, as_csv([HEADINGS, *UNITS], delimiter, end).encode(encoding))
    assert texts(path) == [HEADINGS, *UNITS]


def test_a_workbook_gives_the_same_rows_as_text(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[name, date.fromisoformat(day), int(n), note] for name, day, n, note in UNITS]
    assert texts(save_workbook(tmp_path, [HEADINGS, *rows])) == [HEADINGS, *UNITS]


def test_empty_rows_and_columns_at_the_end_are_dropped(tmp_path: Path) -> None:
    path = save(tmp_path, "\r\na;b;;;\r\n1;;;;\r\n;;;;\r\n 2 ;\xa0;;;\r\n;;;;\r\n\r\n")
    assert texts(path) == [["a", "b"], ["1", ""], ["2", ""]]
    assert [row.number for row in read_table(path).rows] == [3, 5]


def test_line_breaks_within_a_cell_are_of_one_kind(tmp_path: Path) -> None:
    assert texts(save(tmp_path, 'a;b;c\n"x\ry";"x\r\ny";"x\ny"\n')) == [["a", "b", "c"], ["x\ny"] * 3]


def test_short_rows_are_filled_up(tmp_path: Path) -> None:
    assert texts(save(tmp_path, "a;b;c\n1\n")) == [["a", "b", "c"], ["1", "", ""]]


@pytest.mark.criterion(5)
@pytest.mark.parametrize(
    ("name", "content", "message", "place"),
    [
        ("units.csv", b"", "table-empty", "units.csv"),
        ("units.xlsx", b"", "table-empty", "units.xlsx"),
        ("units.csv", b"\xef\xbb\xbf", "table-empty", "units.csv"),
        ("units.csv", b"\r\n;;;\r\n \r\n", "table-empty", "units.csv"),
        ("units.csv", b"Enhet;Start\r\n;;\r\n", "table-no-rows", "units.csv"),
        ("units.csv", b"Enhet\r\nabc\0def\r\n", "table-no-text", "units.csv:2"),
        ("units.csv", b'Enhet;Start\r\n"Norra;2027\r\nS;2\r\n', "table-quotation-marks", "units.csv:2"),
        ("units.csv", b'Enhet;Start\r\n"Norra"x;2027\r\n', "table-quotation-marks", "units.csv:2"),
        ("units.csv", b"PK\x03\x04rest", "table-zip-named-text", "units.csv"),
        ("units.xlsx", b"Enhet;Start\r\nNorra;2027-01-18\r\n", "table-text-named-workbook", "units.xlsx"),
        ("units.xlsx", b"PK\x03\x04rest", "table-damaged", "units.xlsx"),
        ("units.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "table-old-excel", "units.xls"),
        ("units.xls", b"\xef\xbb\xbf\r\n<HTML><table><tr><td>Enhet</td></tr></table>", "table-no-table", "units.xls"),
        ("units.xlsx", b"<?xml version='1.0'?><Workbook/>", "table-no-table", "units.xlsx"),
        ("units.csv", b'[{"Enhet": "Norra"}]', "table-no-table", "units.csv"),
        ("units.csv", b"%PDF-1.7", "table-no-table", "units.csv"),
        ("~$units.xlsx", b"\x05Karin", "table-lock", "~$units.xlsx"),
        (
            "units.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "table-encrypted",
            "units.xlsx",
        ),
    ],
)
def test_each_kind_of_wrong_file_has_its_message(
    tmp_path: Path, name: str, content: bytes, message: str, place: str
) -> None:
    assert problems(save(tmp_path, content, name)) == [(message, place)]


@pytest.mark.parametrize(
    ("name", "content", "values"),
    [
        ("units.csv", b"PK\x03\x04rest", {"suffix": ".csv"}),
        ("units.XLSX", b"Enhet;Start\r\n", {"suffix": ".xlsx"}),
        ("units.xls", b"<table>", {"kind": "HTML"}),
        ("units.xml", b"<?xml version='1.0'?><Workbook/>", {"kind": "XML"}),
        ("units.csv", b'{"Enhet": "Norra"}', {"kind": "JSON"}),
        ("units.csv", b"%PDF-1.7", {"kind": "PDF"}),
        ("units.csv", bytes(2_000_001), {"megabytes": 2}),
    ],
)
def test_a_wrong_file_is_called_what_it_is(
    tmp_path: Path, name: str, content: bytes, values: dict[str, object]
) -> None:
    with pytest.raises(InputError) as caught:
        read_table(save(tmp_path, content, name), limits=Limits(file=2_000_000))
    assert [problem.values for problem in caught.value.problems] == [values]


@pytest.mark.criterion(11)
def test_a_missing_file_and_a_folder_have_their_messages(tmp_path: Path) -> None:
    assert problems(tmp_path / "units.csv") == [("table-missing", "units.csv")]
    (tmp_path / "folder.csv").mkdir()
    assert problems(tmp_path / "folder.csv") == [("table-is-folder", "folder.csv")]
    save(tmp_path, "a\n1\n", "units.csv.txt")
    assert problems(tmp_path / "units.csv") == [("ending-hidden", "units.csv")]
    assert problems(tmp_path / "a\0.csv") == [("table-unreadable", "a\0.csv")]


def test_a_sheet_cannot_be_chosen_in_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_table(save(tmp_path, "a\n1\n"), sheet="Blad1")
    assert caught.value.problems == (Problem("table-without-sheets", {"sheet": "Blad1"}, "units.csv"),)


def test_a_place_in_text_is_the_line_and_after_a_line_break_the_cell_too(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, 'Enhet;Start datum\r\nNorra;x\r\n"Söd\r\nra";y\r\nVästra;z\r\n'))
    places = [table.place(row, 1) for row in table.rows]
    assert places == ["units.csv:2: Start datum", "units.csv:3: Start datum", "units.csv:5 (B4): Start datum"]
    assert table.headings[1] == Cell("Start datum", "units.csv:1 (B1)")


def test_a_place_repeats_no_heading_that_looks_like_somebodys_data(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, "Enhet;asa@ki.example;070-123 45 67\nNorra;x;y\n"))
    (row,) = table.rows
    assert [table.place(row, column) for column in range(3)] == [
        "units.csv:2: Enhet",
        "units.csv:2 (B2)",
        "units.csv:2 (C2)",
    ]


def test_a_place_in_a_workbook_is_sheet_and_cell_wherever_the_table_begins(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[], [], [None, None, "Enhet", "Start"], [None, None, "Norra", "x"]]
    path = save_workbook(tmp_path, rows)
    table = read_table(path)
    (row,) = table.rows
    assert table.place(row, 3) == "units.xlsx: Blad1!D4: Start"
    assert row.texts == ("", "", "Norra", "x")


def test_a_table_is_read_once_and_needs_its_file_no_more(tmp_path: Path) -> None:
    for path in (save(tmp_path, as_csv([HEADINGS, *UNITS])), save_workbook(tmp_path, [HEADINGS, *UNITS])):
        table = read_table(path)
        path.unlink()
        assert table.count == len(UNITS)


def test_a_table_for_another_process_is_the_same_without_its_rows(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, as_csv([HEADINGS, *UNITS])))
    sent = pickle.loads(pickle.dumps(table.without_rows()))  # noqa: S301 # what was written right here
    assert (sent.headings, sent.count, list(sent.rows)) == (table.headings, table.count, [])
    assert [sent.place(row, 1) for row in table.rows] == [table.place(row, 1) for row in table.rows]


@pytest.mark.criterion(3)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("46041", "2026-01-19"),
        ("46041.0", "2026-01-19"),
        ("40000", "2009-07-06"),
        ("60000", "2064-04-08"),
        ("2027-01-18 00:00:00", "2027-01-18"),
        ("2027-01-18T00:00", "2027-01-18"),
    ],
)
def test_a_day_without_its_format_becomes_a_date(text: str, expected: str) -> None:
    assert as_date_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "39999",
        "60001",
        "0",
        "46041.5",
        "4604",
        "460410",
        "01/02/2026",
        "2027-01-18 09:30",
        "",
        "TRUE",
        "٤٦٠٤١",
    ],
)
def test_what_may_be_something_else_stays(text: str) -> None:
    assert as_date_text(text) == text


@given(st.dates(date(2013, 7, 8), date(2064, 4, 8)))
def test_a_day_number_and_its_date_belong_together_in_both_epochs(day: date) -> None:
    assert as_date_text(str((day - date(1899, 12, 30)).days)) == day.isoformat()
    assert as_date_text(str((day - date(1904, 1, 1)).days).zfill(5), EPOCH_1904) == day.isoformat()


def test_values_under_no_heading_are_told_once_a_column(tmp_path: Path) -> None:
    path = save(tmp_path, "a;;c\n1;2;3\n1;;3;4\n1;2;3;4\n")
    assert problems(path) == [
        ("table-column-without-heading", "units.csv:2 (B2)"),
        ("table-column-without-heading", "units.csv:3 (D3)"),
    ]
    assert problems(save(tmp_path, "a;;c\n1;2;3;4\n1;2;3\n")) == [
        ("table-column-without-heading", "units.csv:2 (B2)"),
        ("table-column-without-heading", "units.csv:2 (D2)"),
    ]
    assert problems(save(tmp_path, "a;\n1;\n1;2\n")) == [("table-column-without-heading", "units.csv:3 (B3)")]


def test_too_much_is_told(tmp_path: Path) -> None:
    limits = Limits(file=100_000, rows=5, columns=3, row=60, cell=20)
    long = "x" * 21
    assert problems(save(tmp_path, f"a;b\n1;{long}\n"), limits=limits) == [("table-cell-too-long", "units.csv:2 (B2)")]
    assert problems(save(tmp_path, f"{long}\n1\n"), limits=limits) == [("table-cell-too-long", "units.csv:1 (A1)")]
    assert texts(save(tmp_path, f"a\n{long[1:]}\n"), limits=limits) == [["a"], [long[1:]]]
    assert texts(save(tmp_path, "a\n1\n"), limits=Limits(file=4)) == [["a"], ["1"]]
    with pytest.raises(InputError) as caught:
        read_table(save(tmp_path, f"a;b\n1;{long}\n1;{long}\n"), limits=limits)
    assert caught.value.problems[0].values == {"cells": 2, "limit": 20}
    assert len(texts(save(tmp_path, "a;b;c;\n" + "1;2;3;;\n" * 4), limits=limits)) == 5
    for content, problem in (
        ("a\n" + "1\n" * 5, Problem("table-too-many-rows", {"limit": 5}, "units.csv:6 (A6)")),
        ("a;b;c;d;\n1\n", Problem("table-too-many-columns", {"limit": 3}, "units.csv:1 (D1)")),
    ):
        with pytest.raises(InputError) as caught:
            read_table(save(tmp_path, content), limits=limits)
        assert caught.value.problems == (problem,)
    assert problems(save(tmp_path, 'a\n"x\n' + "y\n" * 40), limits=limits) == [("table-row-too-long", "units.csv:2")]
    assert problems(save(tmp_path, "a" * 100_001), limits=limits) == [("table-too-big", "units.csv")]
    assert texts(save(tmp_path, "a;;;\n" + "1;;;\n" * 4 + ";;;\n" * 99), limits=limits) == [["a"]] + [["1"]] * 4


def cells(*headings: str) -> list[Cell]:
    return [Cell(heading, f"units.csv:1 ({chr(65 + column)}1)") for column, heading in enumerate(headings)]


@pytest.mark.parametrize(
    "heading", ["STARTDATUM", " startdatum ", "första  dagen", "Fo\u0308rsta\xa0dagen", "Första\ndagen"]
)
def test_case_space_and_composition_do_not_matter(heading: str) -> None:
    keys, unknown = match_headings(cells("Enhet", "", heading), ALIASES)
    assert keys == ("name", None, "start")
    assert unknown == ()


def test_an_unknown_heading_is_told_with_the_nearest() -> None:
    keys, unknown = match_headings(cells("nmae", "start", "Telefon \n hem", "kalle@example.se", "sort"), ALIASES)
    assert keys == (None, "start", None, None, None)
    assert unknown == (
        Problem("table-heading-misspelt", {"heading": "nmae", "nearest": "name"}, "units.csv:1 (A1)"),
        Problem("table-heading-unknown", {"heading": "Telefon hem"}, "units.csv:1 (C1)"),
        Problem("table-heading-unknown", {"heading": "D"}, "units.csv:1 (D1)"),
        Problem("table-heading-unknown", {"heading": "sort"}, "units.csv:1 (E1)"),
    )


def test_two_headings_for_one_thing_are_told_with_both_columns() -> None:
    with pytest.raises(InputError) as caught:
        match_headings(cells(" FÖRSTA \n dagen", "sart", "name", "start"), ALIASES)
    assert caught.value.problems == (
        Problem("table-heading-twice", {"meaning": "FÖRSTA dagen", "first": "A", "second": "D"}, "units.csv:1 (D1)"),
        Problem("table-heading-misspelt", {"heading": "sart", "nearest": "start"}, "units.csv:1 (B1)"),
    )


def test_a_table_without_headings_is_told_and_nobody_named() -> None:
    for in_sheet, message in ((False, "table-headings-missing"), (True, "table-headings-missing-in-sheet")):
        keys, (problem,) = match_headings(cells("Anna Svensson", "20010203-1234"), ALIASES, in_sheet=in_sheet)
        assert not any(keys)
        assert (problem.message, problem.place, dict(problem.values)) == (message, "units.csv:1 (A1)", {})


def test_no_problem_tells_what_a_cell_says(tmp_path: Path) -> None:
    person = "Anna Svensson 20010203-1234"
    for content in (
        f"a\n{person};x\n",
        f"a;b\n{person * 9};\n",
        f'a\n"{person}\n',
        f"a\n{person}\0\n",
        f"{person};b\n;",
    ):
        with pytest.raises(InputError) as caught:
            read_table(save(tmp_path, content), limits=Limits(cell=99), delimiter=";")
        assert "Anna" not in repr(caught.value.problems)
