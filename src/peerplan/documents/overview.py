"""The overview of many units as a table for a spreadsheet. Pure."""

import csv
import re
from io import StringIO

from peerplan.guide.guide import Guide
from peerplan.plan.overview import Overview

# At a cell's beginning, or at what becomes one where a spreadsheet takes another sign for the separator.
_FORMULA = re.compile(r"(^|[,;\t])(?=[=+\-@\t\r])")


def overview_csv(overview: Overview, guide: Guide) -> bytes:
    """Return the overview as Swedish Excel opens it: semicolons, UTF-8 with a mark, CRLF, and no formulas."""
    text = StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    names = ("unit", "workplace", "verdict", "start-heading", "open", "late-heading", "next-heading", "next-title")
    table.writerow([*(guide.say(f"status-{name}") for name in names), *(area.label for area in guide.areas),
                    guide.say("status-folder")])  # fmt: skip
    for line in overview.lines:
        areas = [line.areas.get(area.id) for area in guide.areas]
        cells = [
            line.name,
            line.workplace,
            guide.say(f"verdict-{line.standing}"),
            line.start,
            line.open,
            line.late,
            line.next_due or "",
            line.next_title,
            # "3/7" would become a date
            *(guide.say("status-of", done=found[0], total=found[1]) if found else "" for found in areas),
            line.folder,
        ]
        table.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for the system's old encoding


def _harmless(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
