"""Excel workbooks (.xlsx, .xlsm).

calamine reads the values. What it cannot tell or does not survive is checked before: it expands a zip file of
any size, lays a sheet out as one dense block (two cells at opposite corners end the process), and gives an
empty text both for an error value and for a formula that was never computed.
"""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import NamedTuple
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from peerplan.errors import InputError, Problem
from peerplan.tables.grid import (
    EPOCH_1900,
    EPOCH_1904,
    Grid,
    Limits,
    Row,
    column_letters,
    sheet_reference,
    tidy,
)
from peerplan.tables.sheet_scan import Scan, open_parser, scan_sheet

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SMALL_PART = 1_000_000  # bytes; the list of a workbook's sheets is a few hundred
_PIECE = 1 << 16  # bytes
_SHOWN_COLUMNS = 10
_MOST_MEMBERS = 10_000  # files in a workbook: one with many pictures has hundreds
_ENCRYPTED = 1  # bit of a zip member's flags
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, CalamineError,
    LookupError, ValueError, EOFError, OSError, NotImplementedError,
)  # fmt: skip

Value = int | float | str | bool | time | date | datetime | timedelta


class _Sheet(NamedTuple):
    name: str
    part: str
    visible: bool


def open_xlsx(data: bytes, file: str, limits: Limits, *, sheet: str | None = None) -> Grid:
    """Open a sheet of a workbook: the one named, else the first that is visible.

    file is the name that messages give it.

    Raises:
        InputError: no workbook, or damaged, encrypted, over a limit, or without that sheet.

    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_archive(archive, file, limits)
            sheets, epoch = _sheets(archive)
            chosen = _choose(sheets, sheet, file)
            with archive.open(chosen.part) as part:
                scan = scan_sheet(part)
        _check_extent(scan, limits, file, chosen.name)
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        cells = workbook.get_sheet_by_name(chosen.name)
    except _DAMAGED:
        raise InputError(Problem("table-damaged", place=file)) from None

    place = f"{file}: {sheet_reference(chosen.name)}"
    notices = (*_other_sheets(sheets, chosen, sheet, file), *_merged(cells, file), *_hidden(scan, place))
    flaws = {key: (Row(first, first, ()), count) for key, (first, count) in scan.flaws.items()}
    return Grid(file, partial(_rows, cells), chosen.name, epoch, notices, flaws)


def _check_archive(archive: zipfile.ZipFile, file: str, limits: Limits) -> None:
    """Unpack everything once and throw it away: what a zip file says about its sizes may be a lie."""
    if _WORKBOOK not in archive.namelist():
        raise InputError(Problem("table-no-workbook", place=file))
    left, members = limits.unpacked, archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise zipfile.BadZipFile
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise InputError(Problem("table-encrypted", place=file))
        member.file_size = left + 2 * _PIECE  # else zipfile stops at the size that the file gives
        size = 0
        with archive.open(member) as content:
            while size <= left and (piece := content.read(_PIECE)):
                size += len(piece)
        member.file_size = size
        left -= size
        if left < 0:
            raise InputError(Problem("table-too-big", {"megabytes": limits.unpacked // 1_000_000}, file))


def _elements(archive: zipfile.ZipFile, part: str, wanted: frozenset[str]) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in wanted:
            found.append((local, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    if archive.getinfo(part).file_size > _SMALL_PART:
        raise ValueError
    parser = open_parser()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part))
    return found


def _sheets(archive: zipfile.ZipFile) -> tuple[list[_Sheet], date]:
    """List the worksheets with their parts in the archive, and the day that day numbers count from."""
    parts = {}
    for _, relation in _elements(archive, _RELATIONS, frozenset({"Relationship"})):
        if relation["Type"].endswith("/worksheet"):
            target = relation["Target"]
            parts[relation["Id"]] = target[1:] if target.startswith("/") else f"xl/{target}"
    sheets, epoch = [], EPOCH_1900
    for name, attributes in _elements(archive, _WORKBOOK, frozenset({"sheet", "workbookPr"})):
        if name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            epoch = EPOCH_1904
        elif name == "sheet" and attributes.get("id") in parts:
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(_Sheet(attributes["name"], parts[attributes["id"]], visible))
    return sheets, epoch


def _choose(sheets: list[_Sheet], wanted: str | None, file: str) -> _Sheet:
    if not sheets:
        raise ValueError
    if wanted is None:
        return next((sheet for sheet in sheets if sheet.visible), sheets[0])
    for sheet in sheets:
        if sheet.name.strip().casefold() == wanted.strip().casefold():
            return sheet
    names = ", ".join(sheet.name for sheet in sheets)
    raise InputError(Problem("table-sheet-unknown", {"sheet": wanted, "sheets": names}, file))


def _check_extent(scan: Scan, limits: Limits, file: str, sheet: str) -> None:
    place = f"{file}: {sheet_reference(sheet)}"
    rows = min(limits.rows, limits.block // min(max(scan.last_column + 1, 1), limits.columns))
    if scan.last_row > rows:
        raise InputError(Problem("table-too-many-rows", {"limit": rows}, f"{place}!A{scan.last_row}"))
    if scan.last_column >= limits.columns:
        problem = Problem(
            "table-too-many-columns",
            {"limit": limits.columns},
            f"{place}!{column_letters(scan.last_column)}1",
        )
        raise InputError(problem)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    # calamine gives the empty rows before the first used one, but not the empty columns before it
    margin = ("",) * (sheet.start[1] if sheet.start else 0)
    merged = sorted(_merged_down(sheet), reverse=True)
    covered: dict[int, tuple[int, str]] = {}  # the last row of a merged cell, and its text, by column
    for number, values in enumerate(sheet.iter_rows(), start=1):
        texts = (*margin, *map(_text, values))
        if covered:
            covered = {column: cell for column, cell in covered.items() if number <= cell[0]}
            if any(texts):  # else it is no row
                texts = tuple(text or covered.get(column, (0, ""))[1] for column, text in enumerate(texts))
        while merged and merged[-1][0] <= number:
            _, column, last = merged.pop()
            covered[column] = (last, texts[column] if column < len(texts) else "")
        yield Row(number, number, texts)


def _text(value: Value) -> str:
    """Write a value as the text that a person would have typed."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return format(value, ".15g")  # as many digits as Excel shows; 4.0 is 4
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _other_sheets(sheets: list[_Sheet], chosen: _Sheet, wanted: str | None, file: str) -> Iterator[Problem]:
    others = [sheet.name for sheet in sheets if sheet.visible and sheet != chosen]
    if others and wanted is None:
        yield Problem("table-first-sheet", {"sheet": chosen.name, "others": ", ".join(others)}, file)


def _hidden(scan: Scan, place: str) -> Iterator[Problem]:
    """Tell of rows and columns that nobody sees, and that are read like the others."""
    if scan.hidden_rows:
        values = {"count": scan.hidden_rows, "first": scan.first_hidden_row}
        yield Problem("table-hidden-rows", values, place)
    hidden = ((first, min(last, scan.last_column)) for first, last in scan.hidden_columns)
    names = [column_letters(one) for first, last in hidden for one in range(first, last + 1)]
    if names:
        yield Problem("table-hidden-columns", {"columns": ", ".join(names[:_SHOWN_COLUMNS])}, place)


def _merged_down(sheet: CalamineSheet) -> Iterator[tuple[int, int, int]]:
    """Give of cells merged downwards the first row, the column and the last row; rows count from 1."""
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            yield top + 1, left, bottom + 1


def _merged(sheet: CalamineSheet, file: str) -> Iterator[Problem]:
    """Tell of the first cells that are merged downwards: their value counts for each of their rows."""
    for first, column, last in sorted(_merged_down(sheet))[:1]:
        cells = f"{column_letters(column)}{first}:{column_letters(column)}{last}"
        yield Problem("table-merged-cells", {"cells": cells}, f"{file}: {sheet_reference(sheet.name)}!{cells}")
