"""The overview of many units as a table for a spreadsheet: as text, and as a workbook. Pure."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook

from peerplan.guide.guide import Guide
from peerplan.plan.overview import Overview, UnitLine

Cell = str | int | date

# At a cell's beginning, or at what becomes one where a spreadsheet takes another sign for the separator: there only the
# first cell of a line counts as quoted, and the quotes of the others are part of a text that commas divide.
_FORMULA = re.compile(r"(^|[,;\t])(?=[=+\-@\t\r])")

_COLUMNS = ("unit", "workplace", "verdict", "phase", "start-heading", "open", "late-heading", "next-heading",
            "next-title")  # fmt: skip
_LAST_COLUMNS = ("coordinator", "folder")  # the areas stand before them

_A4 = 9
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 # a workbook says when it was made, and the same units give the same bytes
_WIDEST = 28  # characters of a column; what is longer is wrapped
_WIDEST_LINK = 60  # LibreOffice wraps no link
_BUTTON = 3  # characters that a filter's button takes
_LINE = 15  # the height of a line, in points
_MARGIN = 0.4  # of a page, in inches

# Letters on a ground from which they stand out by at least 4.5 to 1. The words say the same without the colours.
_STYLES: Mapping[str, Mapping[str, str | int]] = {
    "heading": {"bold": True, "bg_color": "#E7E6E6", "bottom": 1},
    "plain": {},
    "number": {"align": "center"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "link": {"font_color": "#0B4F9E", "underline": 1},
    "late": {"font_color": "#8A0010", "bg_color": "#FFD9DC", "bold": True, "align": "center"},
    "not-yet": {"font_color": "#8A0010", "bg_color": "#FFD9DC", "bold": True},
    "short-of-time": {"font_color": "#7A3000", "bg_color": "#FCE0CC", "bold": True},
    "ready-to-try": {"font_color": "#5C4A00", "bg_color": "#FFF1B8"},
    "ready": {"font_color": "#0F5223", "bg_color": "#D3F0DA"},
    "under-way": {"font_color": "#143F6B", "bg_color": "#DCEAF7"},
    "over": {"font_color": "#4D4D4D", "bg_color": "#EEEEEE"},
}


def overview_csv(overview: Overview, guide: Guide) -> bytes:
    """Return the overview as Swedish Excel opens it: semicolons, UTF-8 with a mark, CRLF, and no formulas.

    Every cell is quoted, for a spreadsheet that takes commas for separators too.
    """
    text = StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    table.writerow(_headings(guide))
    for line in overview.lines:
        table.writerow([_harmless(cell) for cell in _cells(line, guide)])
    return text.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for the system's old encoding


def _harmless(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def overview_xlsx(overview: Overview, guide: Guide) -> bytes:
    """Return the overview as a workbook: to sort, filter and print, and each unit leads to its plan."""
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _MADE})
        sheet = workbook.add_worksheet(guide.say("overview-sheet"))
        formats = {
            name: workbook.add_format({"text_wrap": True, "valign": "top", **style}) for name, style in _STYLES.items()
        }
        headings = _headings(guide)
        rows = [_cells(line, guide) for line in overview.lines]
        _lay_out(sheet, headings, rows)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, formats["heading"])
        for number, (line, row) in enumerate(zip(overview.lines, rows, strict=True), 1):
            sheet.write_url(number, 0, f"external:{line.folder}/plan.md", formats["link"], line.name)
            looks = _looks(line)
            for column, cell in enumerate(row[1:], 1):
                _write(sheet, (number, column), cell, formats[looks.get(column, "plain")])
    return data.getvalue()


def _write(sheet: Any, place: tuple[int, int], cell: Cell, style: object) -> None:  # noqa: ANN401 # xlsxwriter has no types
    """Write a cell as what it is: a text stays one, whatever it looks like."""
    write = {str: sheet.write_string, int: sheet.write_number, date: sheet.write_datetime}[type(cell)]
    (sheet.write_blank if cell == "" else write)(*place, cell, style)


def _lay_out(sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:  # noqa: ANN401
    """Fit columns and rows to what they hold, keep the headings and the units in view, and print a page wide."""
    texts = [[str(cell) for cell in column] for column in zip(headings, *rows, strict=True)]
    widths = [_width_of(column, _WIDEST if number else _WIDEST_LINK) for number, column in enumerate(texts)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 1)
    for number, row in enumerate([headings, *rows]):
        lines = (len(wrap(str(cell), width)) for cell, width in zip(row, widths, strict=True))
        sheet.set_row(number, max(lines) * _LINE)  # LibreOffice does not find the height by itself
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width_of(texts: Sequence[str], widest: int) -> int:
    """Return how many characters a column needs, its heading wrapped between words, and texts longer than widest."""
    heading, *others = texts
    words = (len(word) + _BUTTON for word in heading.split())
    return max(*words, *(min(widest, len(text)) for text in others), 1)


def _headings(guide: Guide) -> list[str]:
    """Return what stands above the cells of a unit."""
    first, last = ([guide.say(f"status-{name}") for name in names] for names in (_COLUMNS, _LAST_COLUMNS))
    return [*first, *(area.label for area in guide.areas), *last]


def _cells(line: UnitLine, guide: Guide) -> list[Cell]:
    """Return what is said of a unit, in the order of the headings."""
    areas = [line.areas.get(area.id) for area in guide.areas]
    return [
        line.name,
        line.workplace,
        guide.say(f"verdict-{line.standing}"),
        guide.say(f"phase-{line.phase}"),
        line.start,
        line.open,
        line.late,
        line.next_due or "",
        line.next_title,
        # "3/7" would become a date
        *(guide.say("status-of", done=found[0], total=found[1]) if found else "" for found in areas),
        line.coordinator,
        line.folder,
    ]


def _looks(line: UnitLine) -> dict[int, str]:
    """Return how the cells of a unit look that are not plain, by their column."""
    looks = {
        "verdict": line.standing,
        "start-heading": "day",
        "open": "number",
        "late-heading": "late" if line.late else "number",
        "next-heading": "day",
    }
    return {_COLUMNS.index(name): style for name, style in looks.items()}
