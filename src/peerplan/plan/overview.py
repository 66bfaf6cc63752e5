"""Many units at a glance: one line each, those that need attention first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from peerplan.plan.plan import Plan, Verdict

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
        """Return a sort key, most urgent first: not over, blocked, most late, an early start."""
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
