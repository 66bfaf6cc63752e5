"""Tables that people keep in a spreadsheet: CSV or XLSX -> rows of text with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from peerplan.errors import InputError, Problem, UsageError
from peerplan.tables.check import check_grid
from peerplan.tables.grid import EPOCH_1900, Grid, Limits, Row, has_text
from peerplan.tables.headings import PERSONAL, Cell
from peerplan.tables.separated import open_csv
from peerplan.tables.workbook import open_xlsx

_WORKBOOKS = {".xlsx", ".xlsm"}
_TEXTS = {".csv", ".tsv", ".tab", ".txt"}
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel 97-2003, and whatever Excel encrypts
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_FIRST_DAY, _LAST_DAY = EPOCH_1900 + timedelta(40_000), EPOCH_1900 + timedelta(60_000)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has been read through once: going through it yields its count rows and never fails.

    Each row has as many texts as there are headings. Rows without any text are left out. notices are what the
    person should know though nothing is wrong. epoch is day 0 of the file's day numbers (see as_date_text).
    """

    headings: tuple[Cell, ...]
    count: int
    notices: tuple[Problem, ...]
    epoch: date
    grid: Grid

    def __iter__(self) -> Iterator[Row]:
        width = len(self.headings)
        padding = ("",) * width
        rows = filter(has_text, self.grid.rows())
        next(rows)  # the headings
        for number, line, texts in rows:
            yield Row(number, line, (texts + padding)[:width])

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
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> Table:
    """Open a table and read it through once; the first row that holds a text has the headings.

    encoding and delimiter are for CSV and overrule what the file looks like; sheet is a worksheet's name.

    Raises:
        InputError: the file cannot be read as a table, with everything that is wrong in it.
        UsageError: there is no such encoding or delimiter, or a CSV file was given with a sheet.

    """
    grid = _open(path, _bytes(path, limits), limits, (encoding, delimiter, sheet))
    headings, count = check_grid(grid, limits)
    cells = tuple(Cell(text, grid.place(headings, column)) for column, text in enumerate(headings.texts))
    return Table(cells, count, grid.notices, grid.epoch, grid)


def as_date_text(text: str, epoch: date = EPOCH_1900) -> str:
    """Write as an ISO date what a date column holds without its format; any other text stays as it is.

    That is a day number for a day from July 2009 to April 2064 (40000 to 60000 in Excel's usual count), and a
    date with midnight behind it. `01/02/2026` stays: nobody can tell which is the month.
    """
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
        raise InputError(Problem("table-missing", place=path.name)) from None
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
    if not data:
        raise InputError(Problem("table-empty", place=path.name))
    if data.startswith(_COMPOUND):
        raise InputError(Problem("table-encrypted" if _ENCRYPTED_PART in data else "table-old-excel", place=path.name))
    if data.startswith(_ZIP):
        if suffix in _TEXTS:
            raise InputError(Problem("table-zip-named-text", {"suffix": suffix}, path.name))
        return open_xlsx(data, path.name, limits, sheet=sheet)
    if suffix in _WORKBOOKS:
        raise InputError(Problem("table-text-named-workbook", {"suffix": suffix}, path.name))
    if sheet is not None:
        raise UsageError(Problem("table-without-sheets", {"sheet": sheet}, path.name))
    return open_csv(data, path.name, limits, encoding=encoding, delimiter=delimiter)
