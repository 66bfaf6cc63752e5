"""Writes tables of every kind for the tests, and reads them back."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from peerplan.errors import PeerplanError
from peerplan.tables import Limits, read_table

HEADINGS = ["Enhet", "Startdatum", "Antal", "Anteckning"]
UNITS = [
    ["Ängen", "2027-01-18", "4", "Rummet delas; fråga först.\nRing avd. 3, 'vit' dörr."],
    ["Ången 2", "2027-02-01", "6", ""],
    ["Åsögatan 7 “hemsjukvård”", "2027-03-01", "2", 'Skylten säger "Östra"'],
]
LIMITS = Limits()


def as_csv(rows: list[list[str]], delimiter: str = ";", end: str = "\r\n") -> str:
    written = io.StringIO(newline="")
    csv.writer(
        written,
        delimiter=delimiter,
        lineterminator=end,
        # Python 3.11 forgets to quote a line break that is not the line terminator
        quoting=csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    return written.getvalue()


def save(folder: Path, content: str | bytes, name: str = "units.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def save_workbook(folder: Path, rows: list[list[Any]], change: Callable[[Any], object] = id) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Blad1"
    for row in rows:
        sheet.append(row)
    change(workbook)
    path = folder / "units.xlsx"
    workbook.save(path)
    return path


def texts(path: Path, limits: Limits = LIMITS, **options: str) -> list[list[str]]:
    table = read_table(path, limits=limits, **options)
    rows = [list(row.texts) for row in table.rows]
    assert len(rows) == table.count
    return [[heading.text for heading in table.headings], *rows]


def problems(path: Path, limits: Limits = LIMITS, **options: str) -> list[tuple[str, str]]:
    with pytest.raises(PeerplanError) as caught:
        read_table(path, limits=limits, **options)
    return [(problem.message, problem.place) for problem in caught.value.problems]
