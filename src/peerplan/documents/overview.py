"""Many units at a glance: one line each, and the table of them for a spreadsheet. Pure."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Self

from peerplan.guide.model import Guide
from peerplan.messages import say
from peerplan.plan.plan import Plan, Verdict

BOM = "\ufeff"  # without it Excel takes UTF-8 for the system's old encoding

# At a cell's beginning, or at what becomes one where a spreadsheet takes another sign for the separator.
_FORMULA = re.compile(r"(^|[,;\t])(?=[=+\-@\t\r])")
_ORDER: tuple[Verdict, ...] = ("not-yet", "ready-to-try", "ready")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """Where one unit stands. `areas` holds how many items are in place, and of how many, by the area's id."""

    folder: str
    name: str
    workplace: str
    verdict: Verdict
    start: date
    open: int
    late: int
    has_ended: bool
    areas: Mapping[str, tuple[int, int]]
    next_due: date | None
    next_title: str

    @classmethod
    def of(cls, plan: Plan, folder: str) -> Self:
        coming = next(iter(plan.next_steps), None)
        return cls(
            folder=folder,
            name=plan.answers.unit.name,
            workplace=plan.answers.unit.workplace,
            verdict=plan.verdict,
            start=plan.answers.placement.start,
            open=len(plan.actions),
            late=len(plan.late),
            has_ended=plan.has_ended,
            areas={area.id: (area.done, area.total) for area in plan.areas},
            next_due=coming.due if coming else None,
            next_title=coming.title if coming else "",
        )

    def attention(self) -> tuple[object, ...]:
        """What needs attention first: a period that is not over, a blocking gap, most that is late, an early start."""
        return (self.has_ended, _ORDER.index(self.verdict), -self.late, self.start, self.name, self.folder)


@dataclass(frozen=True, slots=True)
class Overview:
    """The lines, those that need attention first, and how many there are of each verdict and with something late."""

    lines: tuple[UnitLine, ...]
    verdicts: Mapping[Verdict, int]
    late: int

    @classmethod
    def of(cls, lines: Iterable[UnitLine]) -> Self:
        ordered = tuple(sorted(lines, key=UnitLine.attention))
        return cls(
            lines=ordered,
            verdicts={verdict: sum(line.verdict == verdict for line in ordered) for verdict in _ORDER},
            late=sum(bool(line.late) for line in ordered),
        )


def overview_csv(overview: Overview, guide: Guide) -> bytes:
    """The overview as Swedish Excel opens it: semicolons, UTF-8 with a mark, CRLF, and no cell that is a formula."""
    language = guide.language
    text = StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    names = ("unit", "workplace", "verdict", "start-heading", "open", "late-heading", "next-heading", "next-title")
    table.writerow([*(say(language, f"status-{name}") for name in names), *(area.label for area in guide.areas),
                    say(language, "status-folder")])  # fmt: skip
    for line in overview.lines:
        areas = [line.areas.get(area.id) for area in guide.areas]
        cells = [
            line.name,
            line.workplace,
            say(language, f"verdict-{line.verdict}"),
            line.start,
            line.open,
            line.late,
            line.next_due or "",
            line.next_title,
            # "3/7" would become a date
            *(say(language, "status-of", done=found[0], total=found[1]) if found else "" for found in areas),
            line.folder,
        ]
        table.writerow([_harmless(cell) for cell in cells])
    return (BOM + text.getvalue()).encode()


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
