"""An empty table of units to fill in, CSV or XLSX: the headings, what may stand below them, and one example row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook

from peerplan.answers.keys import NAME, START
from peerplan.answers.values import MOST_PARTICIPANTS
from peerplan.errors import Problem, UsageError
from peerplan.folder.disk import write_files
from peerplan.guide.guide import Guide
from peerplan.guide.model import Fact, Item, Kind
from peerplan.guide.tailoring import PARTICIPANTS, Profile, Words, fill, words_for

WEEKS_AHEAD = 16  # of the example's start, so that there is time for everything
ROWS = 1000  # that get drop-downs and checks
EARLIEST = date(2000, 1, 1)  # a day before it is a slip

_WRITTEN = ("text", "email", "list", "choices")  # kinds of answers in a person's own words, or several of them
_WRITTEN_WIDTH = 24  # characters
_DAY_WIDTH = 10
_WIDEST = 40
_SCALE = 70  # per cent, on paper: the table has many columns
_LINE = 15  # the height of a line, in points
_MARGIN = 0.4  # of a page, in inches
_A4 = 9


@dataclass(frozen=True, slots=True)
class _Column:
    """A heading, what is asked, what may be chosen, and the example."""

    heading: str
    note: str
    kind: Kind
    choices: tuple[str, ...]
    example: str | int | date

    @property
    def width(self) -> int:
        """How many characters the column holds; its heading is wrapped between words."""
        held = [*self.heading.split(), *self.choices, str(self.example)]
        least = _WRITTEN_WIDTH if self.kind in _WRITTEN else _DAY_WIDTH if self.kind == "date" else 0
        return min(_WIDEST, max(least, *map(len, held)))


def write_starter(path: Path, guide: Guide, as_of: date) -> None:
    """Write the table; its ending says which kind.

    Raises:
        UsageError: if the ending is another, or the file is there.
        WriteError: if it cannot be written.
    """
    writers = {".csv": _csv, ".xlsx": _xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(Problem("starter-kind", {}, str(path)))
    if path.exists():
        raise UsageError(Problem("starter-exists", {}, str(path)))
    columns = list(_columns(guide, words_for(guide, Profile()), as_of))
    write_files(path.parent, {path.name: writer(columns, guide)})


def _columns(guide: Guide, words: Words, as_of: date) -> Iterator[_Column]:
    for fact in (fill(fact, words) for fact in guide.facts):
        labels = tuple(choice.label for choice in fact.choices)
        note = "\n".join(filter(None, [fact.question, ", ".join(labels)]))
        choices = labels if fact.kind == "choice" else ()
        yield _Column(fact.label, note, fact.kind, choices, _example(fact, guide, as_of))
    for item in (fill(item, words) for item in guide.items):
        labels = tuple(option.label for option in guide.options_of(item))
        yield _Column(item.label, f"{item.question}\n{', '.join(labels)}", "choice", labels, _unknown(item, guide))


def _example(fact: Fact, guide: Guide, as_of: date) -> str | int | date:
    if fact.key == NAME:
        return guide.say("starter-unit")
    if fact.key == START:
        monday = as_of - timedelta(days=as_of.weekday())
        return monday + timedelta(weeks=WEEKS_AHEAD)
    if fact.key == PARTICIPANTS:
        return 4
    if fact.kind == "choice" and (fact.required or fact.default):
        return next(choice.label for choice in fact.choices if choice.id == (fact.default or fact.choices[-2].id))
    return fact.default


def _unknown(item: Item, guide: Guide) -> str:
    return next(option.label for option in guide.options_of(item) if option.state == "unknown")


def _csv(columns: list[_Column], guide: Guide) -> bytes:
    text = StringIO()
    table = csv.writer(text, delimiter=guide.own_language.delimiter, lineterminator="\r\n")
    table.writerow(column.heading for column in columns)
    table.writerow(column.example for column in columns)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(columns: list[_Column], guide: Guide) -> bytes:
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(guide.say("starter-sheet"))
        top = {"valign": "top"}
        bold, plain = workbook.add_format({**top, "bold": True, "text_wrap": True}), workbook.add_format(top)
        day = workbook.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        written = workbook.add_format({**top, "text_wrap": True})
        for number, column in enumerate(columns):
            style = day if column.kind == "date" else written if column.kind in _WRITTEN else plain
            sheet.set_column(number, number, column.width + 2, style)
            sheet.write_string(0, number, column.heading, bold)
            sheet.write_comment(0, number, column.note, {"x_scale": 2, "y_scale": 2})
            sheet.write(1, number, column.example, style)
            if check := _check(column, guide):
                sheet.data_validation(1, number, ROWS, number, check)
        _lay_out(sheet, columns)
    return data.getvalue()


def _check(column: _Column, guide: Guide) -> dict[str, object]:
    """Return how the spreadsheet checks what is written below a heading, {} if it may be anything."""
    if column.choices:
        choice = guide.say("starter-choice")
        return {"validate": "list", "source": list(column.choices), "error_message": choice}
    if column.kind == "date":
        said = guide.say("starter-date")
        limits = {"validate": "date", "criteria": ">=", "value": EARLIEST}
    elif column.kind == "integer":
        said = guide.say("starter-number", most=MOST_PARTICIPANTS)
        limits = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": MOST_PARTICIPANTS}
    else:
        return {}
    return {**limits, "input_message": said, "error_message": said}


def _lay_out(sheet: Any, columns: list[_Column]) -> None:  # noqa: ANN401 # xlsxwriter has no types
    """Keep the headings and the units in view, on the screen and on each page."""
    lines = max(len(wrap(column.heading, column.width)) for column in columns)
    sheet.set_row(0, lines * _LINE)  # LibreOffice does not find the height by itself
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_print_scale(_SCALE)
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    sheet.hide_gridlines(0)  # on paper there are none otherwise
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
