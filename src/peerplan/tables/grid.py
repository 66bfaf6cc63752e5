"""What a table file holds before its headings are known: rows of text, and how to say where a cell stands."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from peerplan.errors import Problem

EPOCH_1900 = date(1899, 12, 30)  # day 0 of Excel's day numbers, after its invented 29 February 1900
EPOCH_1904 = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a table may hold, so that a bomb ends in a message.

    file and unpacked (of a workbook) count bytes; rows and columns count up to the last cell that holds
    something, and block (of a workbook) all cells up to there, which calamine lays out at once; sheet (of CSV)
    counts empty rows too: no program saves more than an Excel sheet has; row (of CSV) and cell count characters. row
    stays below the csv module's limit of 131,072 for a field, so that a lost quotation mark gets an error in our words.
    """

    file: int = 50_000_000
    unpacked: int = 50_000_000
    rows: int = 200_000
    columns: int = 200
    block: int = 4_000_000
    sheet: int = 1_048_576
    row: int = 100_000
    cell: int = 10_000


class Row(NamedTuple):
    """One row: its number as a spreadsheet counts, the line of the file it begins on, its texts.

    The two differ in a CSV file after a line break within quotation marks or a `sep=` line; a workbook has
    rows only.
    """

    number: int
    line: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """An opened table. Each call of rows goes through them from the top; sheet is empty for a CSV file.

    flaws are the cells whose value the file lacks, by message id and column (all columns count from 0): the first
    such row, and how many cells there are.
    """

    file: str
    rows: Callable[[], Iterable[Row]]
    sheet: str = ""
    epoch: date = EPOCH_1900
    notices: tuple[Problem, ...] = ()
    flaws: Mapping[tuple[str, int], tuple[Row, int]] = field(default_factory=dict)

    def place(self, row: Row, column: int, heading: str = "") -> str:
        """Say where a cell stands: `units.csv:14: start`, or `units.xlsx: Sheet1!C14: start`.

        Where line and row of a CSV file differ, both are given: `units.csv:17 (C14): start`.
        """
        cell = f"{column_letters(column)}{row.number}"
        if self.sheet:
            where = f"{self.file}: {sheet_reference(self.sheet)}!{cell}"
        elif heading and row.line == row.number:
            where = f"{self.file}:{row.line}"
        else:
            where = f"{self.file}:{row.line} ({cell})"
        return f"{where}: {heading}" if heading else where


def column_letters(column: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_reference(sheet: str) -> str:
    """Quote a sheet's name as spreadsheets do when it is more than one word."""
    return sheet if re.fullmatch(r"\w+", sheet) else "'" + sheet.replace("'", "''") + "'"


def tidy(text: str) -> str:
    r"""Drop white space around a cell's text, and write its line breaks as \n whatever the program wrote."""
    text = text.strip()
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
