import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from peerplan.errors import InputError, Problem
from peerplan.tables import EPOCH_1904, Limits, read_table
from peerplan.tables.grid import EPOCH_1900
from peerplan.tables.sheet_scan import Scan, scan_sheet
from table_files import HEADINGS, UNITS, as_csv, problems, save, save_workbook, texts

SHEET_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_TAIL = "</sheetData></worksheet>"
FRAGMENTS = """
<row>|<row r="2">|<row r="x">|</row>|<c>|<c r="B2" t="s">|<c r="A1" t="e">|<c r="ZZZZ1">|<c r="">|</c>
|<v>|</v>|<v/>|<f>|</f>|<is><t>|</t></is>|1|99999|x|<c t="d"><v>2027-13-45</v></c>|<c><v>1e999</v></c>
|<c r="A0"><v>1</v></c>|<c r="A-1"><v>1</v></c>|<c s="99"><v>46041</v></c>|<c t="b"><v>7</v></c>|&#0;
|<c t="?"><v>7</v></c>|</sheetData>
"""


def with_sheet_xml(path: Path, xml: str | bytes) -> Path:
    """Put another text in the place of the first worksheet."""
    return changed(path, "xl/worksheets/sheet1.xml", lambda _: xml.encode() if isinstance(xml, str) else xml)


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    return path


def scan(cells: str) -> Scan:
    return scan_sheet(BytesIO(f"{SHEET_HEAD}{cells}{SHEET_TAIL}".encode()))


def add_sheets(workbook: Workbook) -> None:
    workbook.create_sheet("Gömd", 0).sheet_state = "hidden"
    workbook.create_sheet("Mitt blad").append(["Enhet"])
    workbook["Mitt blad"].append(["Södra"])
    workbook.active = 1


def test_values_become_what_a_person_would_have_typed(tmp_path: Path) -> None:
    moment = datetime(2027, 1, 18, 9, 30)  # noqa: DTZ001 (a spreadsheet knows no time zone)
    values = [4.0, 37.5, 0.1 + 0.2, 700101, 1e20, True, date(2027, 1, 18), moment, moment.time(), " x\r\ny "]
    rare = [moment.replace(hour=0, minute=0), timedelta(hours=7, minutes=30)]
    path = save_workbook(tmp_path, [list("abcdefghijkl"), [*values, *rare]])
    expected = ["4", "37.5", "0.3", "700101", "1e+20", "TRUE", "2027-01-18", "2027-01-18 09:30:00", "09:30:00", "x\ny"]
    expected += ["2027-01-18", "7:30:00"]
    assert texts(path)[1] == expected


def test_dates_of_both_epochs_are_right(tmp_path: Path) -> None:
    def since_1904(workbook: Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    rows: list[list[Any]] = [["start"], [date(2026, 1, 19)]]
    path = save_workbook(tmp_path, rows)
    assert texts(path) == [["start"], ["2026-01-19"]]
    assert read_table(path).epoch == EPOCH_1900
    path = save_workbook(tmp_path, rows, since_1904)
    for _ in ("1", "true"):
        table = read_table(path)
        assert [row.texts for row in table.rows] == [("2026-01-19",)]
        assert table.epoch == EPOCH_1904
        changed(path, "xl/workbook.xml", lambda xml: xml.replace(b'date1904="1"', b'date1904="true"'))


def test_a_workbook_is_read_however_a_program_names_its_parts(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enhet"], ["Norra"]], add_sheets)
    # Excel says where a sheet is from the folder that it is in, and says nothing of one that can be seen.
    changed(path, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b'"/xl/', b'"'))
    changed(path, "xl/workbook.xml", lambda xml: xml.replace(b' state="visible"', b""))
    assert texts(path) == [["Enhet"], ["Norra"]]
    changed(
        path, "xl/workbook.xml", lambda xml: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    )
    assert texts(path) == [["Enhet"], ["Norra"]]


def test_where_no_sheet_can_be_seen_the_first_one_is_read(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enhet"], ["Norra"]])
    changed(path, "xl/workbook.xml", lambda xml: xml.replace(b'state="visible"', b'state="hidden"'))
    assert texts(path) == [["Enhet"], ["Norra"]]


def test_a_list_of_sheets_that_ends_too_early_is_told(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enhet"], ["Norra"]])
    changed(path, "xl/workbook.xml", lambda xml: xml[: xml.index(b"</sheets>")])
    assert problems(path) == [("table-damaged", "units.xlsx")]


def test_a_sheet_that_is_a_chart_is_no_table(tmp_path: Path) -> None:
    def chart(workbook: Workbook) -> None:
        workbook.create_chartsheet("Diagram", 0)

    table = read_table(save_workbook(tmp_path, [["Enhet"], ["Norra"]], chart))
    assert [row.texts for row in table.rows] == [("Norra",)]
    assert table.notices == ()


def test_the_first_visible_sheet_is_read_and_told(tmp_path: Path) -> None:
    table = read_table(save_workbook(tmp_path, [["Enhet"], ["Norra"]], add_sheets))
    assert [row.texts for row in table.rows] == [("Norra",)]
    assert [dict(notice.values) for notice in table.notices] == [{"sheet": "Blad1", "others": "Mitt blad"}]


def test_every_other_sheet_that_can_be_seen_is_told(tmp_path: Path) -> None:
    def add(workbook: Workbook) -> None:
        add_sheets(workbook)
        workbook.create_sheet("Mer")

    (notice,) = read_table(save_workbook(tmp_path, [["Enhet"], ["Norra"]], add)).notices
    assert notice.values["others"] == "Mitt blad, Mer"


def test_where_the_first_sheet_is_no_table_the_others_are_told(tmp_path: Path) -> None:
    assert problems(save_workbook(tmp_path, [["Läs detta först"]], add_sheets)) == [
        ("table-no-rows", "units.xlsx"),
        ("table-first-sheet", "units.xlsx"),
    ]
    assert problems(save_workbook(tmp_path, [], add_sheets)) == [
        ("table-empty", "units.xlsx"),
        ("table-first-sheet", "units.xlsx"),
    ]


@pytest.mark.parametrize(
    "above", [[["Peer learning VT 2027"], ["Uppdaterad 2026-11-20"]], [["Plan"], ["Den", "20/11"]]]
)
def test_headings_under_other_rows_are_told_in_one_line(tmp_path: Path, above: list[list[str]]) -> None:
    rows = [*above, [], HEADINGS, *UNITS]
    workbook = save_workbook(tmp_path, rows, lambda book: book.worksheets[0].merge_cells("A3:D3"))
    text = save(tmp_path, as_csv([(row + [""] * 4)[:4] for row in rows]))
    for path, place in ((workbook, "units.xlsx: Blad1!A1"), (text, "units.csv:1 (A1)")):
        with pytest.raises(InputError) as caught:
            read_table(path, headings=["enhet", "startdatum"])
        assert caught.value.problems == (Problem("table-headings-below", {"row": 4}, place),)


@pytest.mark.parametrize("first", ["Enhet", "Avdelning"])
def test_headings_that_come_again_and_a_row_that_has_one_by_chance_are_no_headings_below(
    tmp_path: Path, first: str
) -> None:
    again = ["Enhet", "Startdatum"] if first == "Enhet" else ["Enhet", "2027"]
    path = save(tmp_path, as_csv([[first, "Dag"], again]))
    assert read_table(path, headings=["Enhet", "Startdatum"]).count == 1


def test_a_title_above_the_headings_is_told(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enheter 2027"], [], ["Enhet", "Start"], ["Norra", "2027-01-18"]])
    assert problems(path) == [("table-title-row", "units.xlsx: Blad1!A1")]
    assert texts(save_workbook(tmp_path, [["Enhet"], ["Norra"]])) == [["Enhet"], ["Norra"]]


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    def rename(workbook: Workbook) -> None:
        workbook.worksheets[0].title = "Bo's blad"

    table = read_table(save_workbook(tmp_path, [["Enhet"], ["Norra"]], rename))
    assert [table.place(row, 0) for row in table.rows] == ["units.xlsx: 'Bo''s blad'!A2: Enhet"]
    path = save_workbook(tmp_path, [["Enhet"], ["Norra"]], add_sheets)
    table = read_table(path, sheet=" mitt BLAD ")
    (row,) = table.rows
    assert (row.texts, table.place(row, 0)) == (("Södra",), "units.xlsx: 'Mitt blad'!A2: Enhet")
    assert table.notices == ()


def test_an_unknown_sheet_is_told_with_the_names(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enhet"], ["Norra"]], add_sheets)
    with pytest.raises(InputError) as caught:
        read_table(path, sheet="Blad2")
    values = {"sheet": "Blad2", "sheets": "Gömd, Blad1, Mitt blad"}
    assert caught.value.problems == (Problem("table-sheet-unknown", values, "units.xlsx"),)


def test_cells_merged_downwards_count_for_each_of_their_rows_and_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Enhet", "Sjukhus", "Antal", "Anteckning"],
        ["N", "Östra", 4, "Ring först"],
        ["S", None, None, None],
        ["V", "Norra", 2, None],
    ]

    def merge(workbook: Workbook) -> None:
        for cells in ("B2:B3", "C2:C3", "A5:A9", "E2:E3", "F1:G1"):  # below the last one is no row
            workbook["Blad1"].merge_cells(cells)

    table = read_table(save_workbook(tmp_path, rows, merge))
    assert [row.texts[:3] for row in table.rows] == [("N", "Östra", "4"), ("S", "Östra", "4"), ("V", "Norra", "2")]
    assert [row.texts[3] for row in table.rows] == ["Ring först", "", ""]
    assert [(notice.message, notice.values, notice.place) for notice in table.notices] == [
        ("table-merged-cells", {"cells": "B2:B3"}, "units.xlsx: Blad1!B2:B3")
    ]
    one = save_workbook(tmp_path, rows, lambda workbook: workbook["Blad1"].merge_cells("B2:B3"))
    assert [row.texts[1:3] for row in read_table(one).rows] == [("Östra", "4"), ("Östra", ""), ("Norra", "2")]


def test_what_nobody_sees_is_read_and_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Enhet", "Sjukhus", "Antal"], ["N", "Östra", 4], ["S", "Norra", 3], ["V", "Norra", 2]]

    def hide(workbook: Workbook) -> None:
        sheet = workbook["Blad1"]
        for row in (3, 4, 9):  # the last one is empty
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["A"].hidden = True
        sheet.column_dimensions["B"].width = 30
        sheet.column_dimensions.group("C", "XFD", hidden=True)

    table = read_table(save_workbook(tmp_path, rows, hide))
    assert [row.texts[0] for row in table.rows] == ["N", "S", "V"]
    assert [(one.message, one.values, one.place) for one in table.notices] == [
        ("table-hidden-rows", {"count": 2, "first": 3}, "units.xlsx: Blad1"),
        ("table-hidden-columns", {"columns": "A, C"}, "units.xlsx: Blad1"),
    ]


def test_a_heading_merged_over_columns_is_told_as_one_of_a_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Enhet", "Period", None], ["", "Start", "Slut"], ["Norra", "2027-01-18", "2027-02-01"]]
    path = save_workbook(tmp_path, rows, lambda workbook: workbook["Blad1"].merge_cells("B1:C1"))
    assert problems(path) == [("table-column-without-heading-in-sheet", "units.xlsx: Blad1!C2")]


@pytest.mark.criterion(12)
def test_formulas_without_a_value_and_error_values_are_told_together(tmp_path: Path) -> None:
    def break_cells(workbook: Workbook) -> None:
        sheet = workbook["Blad1"]
        sheet["C3"], sheet["C4"] = "=1+1", "=1+2"
        sheet["B2"] = "#REF!"
        sheet["E2"] = "=1+1"  # under no heading: it is not part of the table
        sheet["F4"] = "Rum 4"  # under none either, but it says something

    path = save_workbook(tmp_path, [HEADINGS, *UNITS], break_cells)
    with pytest.raises(InputError) as caught:
        read_table(path)
    told = [(problem.message, problem.values["cells"], problem.place) for problem in caught.value.problems]
    assert told == [
        ("table-error-value", 1, "units.xlsx: Blad1!B2"),
        ("table-formula-without-value", 2, "units.xlsx: Blad1!C3"),
        ("table-column-without-heading-in-sheet", 1, "units.xlsx: Blad1!F4"),
    ]


def test_formulas_with_a_stored_value_are_read(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["x"]])
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>'
        '<row r="2"><c r="A2"><f>2+2</f><v>4</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    )
    assert texts(with_sheet_xml(path, SHEET_HEAD + cells + SHEET_TAIL)) == [["a", "b"], ["4", ""]]
    prefixed = re.sub(r"<(/?)(?!x:)", r"<\1x:", SHEET_HEAD + cells + SHEET_TAIL).replace("xmlns=", "xmlns:x=")
    assert texts(with_sheet_xml(path, prefixed)) == [["a", "b"], ["4", ""]]
    assert problems(with_sheet_xml(path, prefixed.replace("<x:v>4</x:v>", ""))) == [
        ("table-formula-without-value", "units.xlsx: Blad1!A2")
    ]


def test_rows_and_cells_without_a_number_come_after_those_before_them() -> None:
    error = '<c t="e"><v>#REF!</v></c>'
    found = scan(f'<row>{error}<c/>{error}</row><row r="5"><c r="B5"/>{error}</row><row>{error}</row>')
    assert found.flaws == {("table-error-value", 0): (1, 2), ("table-error-value", 2): (1, 2)}
    assert (found.last_row, found.last_column) == (6, 2)
    assert scan(f'<row>{error}</row><row r="5"><c r="B5"/>{error}</row><row>{error}</row>').flaws == {
        ("table-error-value", 0): (1, 2),
        ("table-error-value", 2): (5, 1),
    }
    assert scan(f"<row><c/></row><row>{error}</row>").flaws == {("table-error-value", 0): (2, 1)}
    assert scan(f'<row r="5">{error}</row>').flaws == {("table-error-value", 0): (5, 1)}
    assert scan('<row r="7"><c r="AX7"><v>1</v></c></row>').last_column == 49
    assert scan('<row r="7"><c r="C7" t="inlineStr"><is><t>a</t></is></c><c r="D7"/></row>').last_column == 2


def test_white_space_between_the_parts_of_a_cell_is_no_value() -> None:
    missing = {("table-formula-without-value", 0): (1, 1)}
    assert scan("<row><c><f>1+1</f><v></v>\n</c>\n</row>").flaws == missing
    assert scan("<x:row><x:c><x:f>1+1</x:f><x:v></x:v>\n</x:c>\n</x:row>").flaws == missing
    assert scan("<row><c><f>1+1</f>\n</c><c><v>1</v></c></row>").flaws == missing
    assert scan("<row><c>\n<f>1+1</f>\n<v>2</v>\n</c></row>").flaws == {}


def test_a_sheet_that_ends_too_early_is_no_sheet() -> None:
    with pytest.raises(ExpatError):
        scan_sheet(BytesIO(f"{SHEET_HEAD}<row>".encode()))


@pytest.mark.criterion(11)
def test_every_truncation_of_a_workbook_is_told(tmp_path: Path) -> None:
    whole = save_workbook(tmp_path, [HEADINGS, *UNITS]).read_bytes()
    for length in range(4, len(whole) - 1, 97):
        assert problems(save(tmp_path, whole[:length], "units.xlsx")) == [("table-damaged", "units.xlsx")]


def test_a_zip_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "units.ods", "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert problems(tmp_path / "units.ods") == [("table-no-workbook", "units.ods")]


def test_a_workbook_locked_with_a_zip_password_is_told(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["a"], ["1"]])
    packed = bytearray(path.read_bytes())
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert problems(save(tmp_path, bytes(packed), "units.xlsx")) == [("table-encrypted", "units.xlsx")]


def test_a_workbook_reaching_too_far_is_told_before_it_is_laid_out(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["a"], ["1"]])
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert problems(with_sheet_xml(path, SHEET_HEAD + corner + SHEET_TAIL)) == [
        ("table-too-many-rows", "units.xlsx: Blad1!A1048576")
    ]
    wide = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    assert problems(with_sheet_xml(path, SHEET_HEAD + wide + SHEET_TAIL)) == [
        ("table-too-many-columns", "units.xlsx: Blad1!XFD1")
    ]


def test_a_workbook_holds_as_many_cells_as_are_laid_out_at_once_and_no_more(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [list("abc"), *[[1, 2, 3]] * 3])
    assert len(texts(path, limits=Limits(block=12))) == 4
    with pytest.raises(InputError) as caught:
        read_table(path, limits=Limits(block=11))
    assert [(problem.place, problem.values) for problem in caught.value.problems] == [
        ("units.xlsx: Blad1!A4", {"limit": 3})
    ]
    with pytest.raises(InputError) as caught:
        read_table(path, limits=Limits(columns=2))
    assert [(problem.place, problem.values) for problem in caught.value.problems] == [
        ("units.xlsx: Blad1!C1", {"limit": 2})
    ]
    assert len(texts(save_workbook(tmp_path, [["a"], *[[1]] * 3]), limits=Limits(block=4))) == 4


def test_formatted_empty_cells_far_away_do_not_count(tmp_path: Path) -> None:
    def format_far_away(workbook: Workbook) -> None:
        workbook["Blad1"]["ZZ30000"].font = Font(bold=True)

    assert texts(save_workbook(tmp_path, [["a"], ["1"]], format_far_away)) == [["a"], ["1"]]


def test_a_bomb_is_told_whatever_sizes_it_claims(tmp_path: Path) -> None:
    path = with_sheet_xml(save_workbook(tmp_path, [["a"], ["1"]]), SHEET_HEAD + " " * 70_000_000 + SHEET_TAIL)
    packed = path.read_bytes()
    assert len(packed) < 200_000
    assert problems(path) == [("table-too-big", "units.xlsx")]
    claimed = (70_000_000 + len(SHEET_HEAD + SHEET_TAIL)).to_bytes(4, "little")
    assert packed.count(claimed) == 2
    assert problems(save(tmp_path, packed.replace(claimed, bytes([9, 0, 0, 0])), "units.xlsx")) == [
        ("table-too-big", "units.xlsx")
    ]


def test_all_that_is_unpacked_counts_to_the_last_byte(tmp_path: Path) -> None:
    path = with_sheet_xml(save_workbook(tmp_path, [["a"], ["1"]]), SHEET_HEAD + SHEET_TAIL)
    with zipfile.ZipFile(path) as archive:
        missing = 2_000_001 - sum(part.file_size for part in archive.infolist())
    with_sheet_xml(path, f"{SHEET_HEAD}{' ' * missing}{SHEET_TAIL}")
    assert problems(path, limits=Limits(unpacked=2_000_001)) == [("table-empty", "units.xlsx")]
    with pytest.raises(InputError) as caught:
        read_table(path, limits=Limits(unpacked=2_000_000))
    assert caught.value.problems == (Problem("table-too-big", {"megabytes": 2}, "units.xlsx"),)


def test_a_file_of_far_too_many_parts_is_told(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["Enhet"], ["N"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"x/{number}", b"")
    assert problems(path) == [("table-damaged", "units.xlsx")]


def test_a_long_attribute_is_read_in_few_pieces() -> None:
    """A parser begins it anew at each of them."""

    class Part(BytesIO):
        reads = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.reads += 1
            return super().read(size)

    part = Part(b'<worksheet><sheetFormatPr x="' + b"x" * 10_000_000 + b'"/></worksheet>')
    scan_sheet(part)
    assert part.reads < 20


@pytest.mark.parametrize("value", ["&b;", "1"])  # calamine would read the second one
def test_an_entity_bomb_is_refused(tmp_path: Path, value: str) -> None:
    document_type = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    xml = document_type + SHEET_HEAD + f'<row><c t="str"><v>{value}</v></c></row>' + SHEET_TAIL
    assert problems(with_sheet_xml(save_workbook(tmp_path, [["a"], ["1"]]), xml)) == [("table-damaged", "units.xlsx")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS.split("|")), max_size=12).map("".join))
def test_any_sheet_is_a_table_or_a_message(tmp_path: Path, cells: str) -> None:
    path = with_sheet_xml(save_workbook(tmp_path, [["a"], ["1"]]), SHEET_HEAD + cells + SHEET_TAIL)
    with suppress(InputError):
        table = read_table(path)
        assert table.count > 0
