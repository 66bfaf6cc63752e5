"""An empty table of units to fill in, CSV or XLSX: the headings, what may stand below them, and one example row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path

from xlsxwriter import Workbook

from peerplan.answers.keys import NAME, START
from peerplan.errors import Problem, UsageError
from peerplan.folder.disk import write_files
from peerplan.guide.guide import Guide
from peerplan.guide.model import Fact, Item
from peerplan.guide.tailoring import PARTICIPANTS, Profile, Words, fill, words_for

WEEKS_AHEAD = 16  # of the example's start, so that there is time for everything
ROWS = 1000  # that get drop-downs


@dataclass(frozen=True, slots=True)
class _Column:
    """A heading, what is asked, what may be chosen, and the example."""

    heading: str
    note: str
    choices: tuple[str, ...]
    example: str | int | date


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
        choices = tuple(choice.label for choice in fact.choices)
        note = "\n".join(filter(None, [fact.question, ", ".join(choices)]))
        yield _Column(fact.label, note, choices if fact.kind == "choice" else (), _example(fact, guide, as_of))
    for item in (fill(item, words) for item in guide.items):
        labels = tuple(option.label for option in guide.options_of(item))
        yield _Column(item.label, f"{item.question}\n{', '.join(labels)}", labels, _unknown(item, guide))


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
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 1)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, max(12, len(column.heading) + 2))
            sheet.write_string(0, number, column.heading, bold)
            sheet.write_comment(0, number, column.note, {"x_scale": 2, "y_scale": 2})
            if isinstance(column.example, date):
                sheet.write_datetime(1, number, column.example, day)
                sheet.set_column(number, number, 12, day)
            else:
                sheet.write(1, number, column.example)
            if column.choices:
                sheet.data_validation(1, number, ROWS, number, {"validate": "list", "source": list(column.choices)})
    return data.getvalue()
