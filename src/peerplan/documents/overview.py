"""The overview of many units as a table for a spreadsheet: as text, and as a workbook. Pure."""

import csv
import re
from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from textwrap import wrap
from typing import IO, Any

from xlsxwriter import Workbook

from peerplan.documents.overview_page import plan_in
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
_FORMULA_TEXT = 255  # characters of a text in a formula, its quotation marks not counted
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
    data = BytesIO()
    write_csv(overview, guide, data)
    return data.getvalue()


def write_csv(overview: Overview, guide: Guide, file: IO[bytes]) -> None:
    """Write what overview_csv returns, line by line."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")  # without the mark Excel takes it for the system's old encoding
    table = csv.writer(text, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    table.writerow(_headings(guide))
    for line in overview.lines:
        table.writerow([_harmless(cell) for cell in _cells(line, guide)])
    text.detach()


def _harmless(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def overview_xlsx(overview: Overview, guide: Guide, with_page: Container[str] = ()) -> bytes:
    """Return the overview as a workbook: to sort, filter and print, and each unit leads to its plan.

    with_page are the folders whose plan is a page too.
    """
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as workbook:
        sheet, formats = _begun(workbook, guide)
        headings = _headings(guide)
        rows = [_cells(line, guide) for line in overview.lines]
        _lay_out(sheet, headings, rows)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, formats["heading"])
        for number, (line, row) in enumerate(zip(overview.lines, rows, strict=True), 1):
            sheet.write_url(number, 0, f"external:{plan_in(line.folder, with_page)}", formats["link"], line.name)
            _write_row(sheet, number, line, row, formats)
    return data.getvalue()


def write_long_xlsx(overview: Overview, guide: Guide, file: IO[bytes], with_page: Container[str] = ()) -> None:
    """Write the overview of many units as overview_xlsx does that of a few, row by row.

    A sheet cannot hold that many links, and each would stay in memory: a formula leads to each plan. So would the
    height of each row: all have that of two lines.
    """
    with Workbook(file, {"constant_memory": True}) as workbook:
        sheet, formats = _begun(workbook, guide)
        sheet.set_default_row(2 * _LINE)
        headings = _headings(guide)
        widths = [_width_of([heading], _WIDEST) for heading in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, formats["heading"])
        for number, line in enumerate(overview.lines, 1):
            row = _cells(line, guide)
            link, name = _quoted(plan_in(line.folder, with_page)), _quoted(line.name)
            if len(line.name) <= _FORMULA_TEXT:
                sheet.write_formula(number, 0, f"=HYPERLINK({link},{name})", formats["link"], line.name)
            else:
                sheet.write_string(number, 0, line.name)
            _write_row(sheet, number, line, row, formats)
            widths = [max(width, len(str(cell))) for width, cell in zip(widths, row, strict=True)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, _WIDEST if column else _WIDEST_LINK) + 1)
        _lay_out_pages(sheet, len(overview.lines), len(headings))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _begun(workbook: Any, guide: Guide) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401 # xlsxwriter has no types
    """Return the sheet of a workbook, and how its cells can look."""
    workbook.set_properties({"created": _MADE})
    sheet = workbook.add_worksheet(guide.say("overview-sheet"))
    plain = {"text_wrap": True, "valign": "top"}
    return sheet, {name: workbook.add_format({**plain, **style}) for name, style in _STYLES.items()}


def _write_row(sheet: Any, number: int, line: UnitLine, row: Sequence[Cell], formats: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Write what stands beside a unit's name."""
    looks = _looks(line)
    for column, cell in enumerate(row[1:], 1):
        _write(sheet, (number, column), cell, formats[looks.get(column, "plain")])


def _write(sheet: Any, place: tuple[int, int], cell: Cell, style: object) -> None:  # noqa: ANN401 # xlsxwriter has no types
    """Write a cell as what it is: a text stays one, whatever it looks like."""
    write = {str: sheet.write_string, int: sheet.write_number, date: sheet.write_datetime}[type(cell)]
    (sheet.write_blank if cell == "" else write)(*place, cell, style)


def _lay_out(sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:  # noqa: ANN401
    """Fit columns and rows to what they hold, and lay out the pages."""
    texts = [[str(cell) for cell in column] for column in zip(headings, *rows, strict=True)]
    widths = [_width_of(column, _WIDEST if number else _WIDEST_LINK) for number, column in enumerate(texts)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 1)
    for number, row in enumerate([headings, *rows]):
        lines = (_lines_of(str(cell), width) for cell, width in zip(row, widths, strict=True))
        sheet.set_row(number, max(lines) * _LINE)  # LibreOffice does not find the height by itself
    _lay_out_pages(sheet, len(rows), len(headings))


def _lines_of(text: str, width: int) -> int:
    return 1 if len(text) <= width else len(wrap(text, width))


def _lay_out_pages(sheet: Any, rows: int, columns: int) -> None:  # noqa: ANN401
    """Keep the headings and the units in view, and print a page wide."""
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, rows, columns - 1)
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
