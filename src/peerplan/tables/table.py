"""Tables that people keep in a spreadsheet: CSV or XLSX -> rows of text with their places."""

import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from peerplan.errors import InputError, Problem, UsageError, missing_or_hidden
from peerplan.tables.grid import EPOCH_1900, Grid, Limits, Row
from peerplan.tables.headings import PERSONAL, Cell, KnownHeadings
from peerplan.tables.separated import open_csv
from peerplan.tables.workbook import open_xlsx
from peerplan.text import visible, with_hyphens

_WORKBOOKS = {".xlsx", ".xlsm"}
_TEXTS = {".csv", ".tsv", ".tab", ".txt"}
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel 97-2003, and whatever Excel encrypts
_LOCK = "~$"  # begins the name of what Excel keeps beside a file while it is open
_HEAD = 1_000  # bytes
_KINDS = {b"<?xml": "XML", b"<": "HTML", b"%pdf": "PDF", b"[{": "JSON", b'{"': "JSON"}
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_FIRST_DAY, _LAST_DAY = EPOCH_1900 + timedelta(40_000), EPOCH_1900 + timedelta(60_000)
_NO_HEADING = "table-column-without-heading"
_TITLES = 20  # rows among which headings are looked for
_SEVERAL = 2  # headings in a row, which are no chance
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?")


# What is wrong with cells, by message id and column: the first such row, and how many cells there are.
_Flaws = dict[tuple[str, int], tuple[Row, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was checked, with how many rows it has under its headings.

    notices are what the person should know though nothing is wrong. epoch is day 0 of the file's day numbers (see
    as_date_text).
    """

    headings: tuple[Cell, ...]
    count: int
    grid: Grid

    @property
    def rows(self) -> Iterator[Row]:
        """The rows from the top, made anew each time, so that a long table is never held as rows.

        Each has a text, and as many cells as there are headings.
        """
        width = len(self.headings)
        padding = ("",) * width
        for row in islice(_rows_with_text(self.grid), 1, None):
            yield row._replace(texts=(row.texts + padding)[:width])

    def without_rows(self) -> "Table":
        """Return the table for another process, which is handed rows of it."""
        return replace(self, grid=replace(self.grid, rows=tuple))

    @property
    def notices(self) -> tuple[Problem, ...]:
        return self.grid.notices

    @property
    def in_sheet(self) -> bool:
        """Whether it is from a workbook, where cells need no separator."""
        return bool(self.grid.sheet)

    @property
    def epoch(self) -> date:
        return self.grid.epoch

    def place(self, row: Row, column: int) -> str:
        """Say where a cell stands, by the heading as the file has it: `units.csv:14: start`.

        For use once the headings are known ones: a file without headings has a person's data there. One that looks
        like that all the same is not repeated: `units.csv:14 (B14)`.
        """
        heading = " ".join(self.headings[column].text.split())
        return self.grid.place(row, column) if PERSONAL.search(heading) else self.grid.place(row, column, heading)


def read_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    headings: Collection[str] = (),
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> Table:
    """Read a table; the first row that holds a text has the headings.

    encoding and delimiter are for CSV and overrule what the file looks like; sheet is a worksheet's name. headings are
    ways to write one, by which they are found under rows that stand above them: those are refused.

    Raises:
        InputError: the file cannot be read as a table, with everything that is wrong in it.
        UsageError: there is no such encoding or delimiter, or a CSV file was given with a sheet.

    """
    grid = _open(path, _bytes(path, limits), limits, (encoding, delimiter, sheet))
    _refuse_rows_above(grid, headings)
    first, count = _checked(grid, limits)
    cells = tuple(Cell(text, grid.place(first, column)) for column, text in enumerate(first.texts))
    return Table(cells, count, grid)


def as_date_text(text: str, epoch: date = EPOCH_1900) -> str:
    """Write as an ISO date what a date column holds without its format; any other text stays as it is.

    That is a day number for a day from July 2009 to April 2064 (40000 to 60000 in Excel's usual count), and a
    date with midnight behind it. `01/02/2026` stays: nobody can tell which is the month.
    """
    text = with_hyphens(text)
    if re.fullmatch(r"[0-9]{5}(\.0)?", text):
        day = epoch + timedelta(int(text[:5]))
        return day.isoformat() if _FIRST_DAY <= day <= _LAST_DAY else text
    midnight = _MIDNIGHT.fullmatch(text)
    return midnight[1] if midnight else text


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.file + 1)
    except FileNotFoundError:
        raise InputError(Problem(missing_or_hidden(path, "table-missing"), place=path.name)) from None
    except (OSError, ValueError):
        # Windows says "permission denied" for a folder
        message = "table-is-folder" if path.is_dir() else "table-unreadable"
        raise InputError(Problem(message, place=path.name)) from None
    if len(data) > limits.file:
        raise InputError(Problem("table-too-big", {"megabytes": limits.file // 1_000_000}, path.name))
    return data


def _open(path: Path, data: bytes, limits: Limits, options: tuple[str | None, str | None, str | None]) -> Grid:
    """Open a table by what the bytes are; a name that says something else is an error."""
    encoding, delimiter, sheet = options
    suffix = path.suffix.lower()
    if path.name.startswith(_LOCK):
        raise InputError(Problem("table-lock", {"name": path.name.removeprefix(_LOCK)}, path.name))
    if not data:
        raise InputError(Problem("table-empty", place=path.name))
    if data.startswith(_COMPOUND):
        raise InputError(Problem("table-encrypted" if _ENCRYPTED_PART in data else "table-old-excel", place=path.name))
    if data.startswith(_ZIP):
        if suffix in _TEXTS:
            raise InputError(Problem("table-zip-named-text", {"suffix": suffix}, path.name))
        return open_xlsx(data, path.name, limits, sheet=sheet)
    if kind := _other_kind(data):
        raise InputError(Problem("table-no-table", {"kind": kind}, path.name))
    if suffix in _WORKBOOKS:
        raise InputError(Problem("table-text-named-workbook", {"suffix": suffix}, path.name))
    if sheet is not None:
        raise UsageError(Problem("table-without-sheets", {"sheet": sheet}, path.name))
    return open_csv(data, path.name, limits, encoding=encoding, delimiter=delimiter)


def _other_kind(data: bytes) -> str:
    """Return what a file is that looks like no table, whatever its name; web pages and XML are often named .xls."""
    head = data[:_HEAD].removeprefix(BOM_UTF8).lstrip().lower()
    return next((kind for beginning, kind in _KINDS.items() if head.startswith(beginning)), "")


def _rows_with_text(grid: Grid) -> Iterator[Row]:
    seen = (row._replace(texts=tuple(visible(text).strip() for text in row.texts)) for row in grid.rows())
    return (row for row in seen if any(row.texts))


def _refuse_rows_above(grid: Grid, headings: Collection[str]) -> None:
    """Refuse a table whose first row holds no heading while one of the next ones holds several.

    Raises:
        InputError: which says in which row the headings seem to stand.
    """
    known = KnownHeadings(headings)
    counted = [(row, known.count(row.texts)) for row in islice(_rows_with_text(grid), _TITLES)]
    below = next((row for row, count in counted if count >= _SEVERAL), None)
    if below and not counted[0][1]:
        raise InputError(Problem("table-headings-below", {"row": below.number}, grid.place(counted[0][0], 0)))


def _checked(grid: Grid, limits: Limits) -> tuple[Row, int]:
    """Return the row of headings, without empty ones at the end, and how many rows under it hold a text.

    Raises:
        InputError: what is wrong, one problem for each column and kind; or nothing is there, or too much.

    """
    rows = _rows_with_text(grid)
    headings = next(rows, None)
    if headings is None:
        raise InputError(Problem("table-empty", place=grid.file), *grid.notices)
    _check_size(headings, grid, limits)
    headings = headings._replace(texts=headings.texts[: _width(headings)])
    width = len(headings.texts)
    flaws = {key: flaw for key, flaw in grid.flaws.items() if key[1] < width}
    _note_flaws(headings, headings.texts, limits, flaws)
    count = 0
    for count, row in enumerate(rows, start=1):  # the last one is how many there are
        if count == 1 and sum(map(bool, headings.texts)) == 1 < sum(map(bool, row.texts)):
            raise InputError(Problem("table-title-row", place=grid.place(headings, width - 1)))
        _check_size(row, grid, limits)
        _note_flaws(row, headings.texts, limits, flaws)
    if flaws:
        raise InputError(*_problems(flaws, grid, limits))
    if not count:
        raise InputError(Problem("table-no-rows", place=grid.file), *grid.notices)
    return headings, count


def _width(row: Row) -> int:
    return max(column for column, text in enumerate(row.texts, start=1) if text)


def _check_size(row: Row, grid: Grid, limits: Limits) -> None:
    if row.number > limits.rows:
        raise InputError(Problem("table-too-many-rows", {"limit": limits.rows}, grid.place(row, 0)))
    if len(row.texts) > limits.columns and _width(row) > limits.columns:
        place = grid.place(row, _width(row) - 1)
        raise InputError(Problem("table-too-many-columns", {"limit": limits.columns}, place))


def _note_flaws(row: Row, headings: tuple[str, ...], limits: Limits, flaws: _Flaws) -> None:
    for column, text in enumerate(row.texts):
        if not text:
            continue
        if len(text) > limits.cell:
            message = "table-cell-too-long"
        elif column >= len(headings) or not headings[column]:
            message = _NO_HEADING
        else:
            continue
        first, cells = flaws.get((message, column), (row, 0))
        flaws[message, column] = (first, cells + 1)


def _problems(flaws: _Flaws, grid: Grid, limits: Limits) -> Iterator[Problem]:
    """Tell them from the top down, by letters: the headings may turn out to be a person's data."""
    for (message, column), (row, cells) in sorted(flaws.items(), key=lambda item: (item[1][0].number, item[0][1])):
        values = {"cells": cells, "limit": limits.cell}
        told = "table-column-without-heading-in-sheet" if grid.sheet and message == _NO_HEADING else message
        yield Problem(told, values, grid.place(row, column))
