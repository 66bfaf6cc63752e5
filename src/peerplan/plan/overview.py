"""Many units at a glance: one line each, those that need attention first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

from peerplan.plan.outlook import Phase, Verdict
from peerplan.plan.plan import Plan, Standing

# Those that need attention first.
STANDINGS: tuple[Standing, ...] = ("not-yet", "short-of-time", "ready-to-try", "under-way", "ready", "over")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """Where one unit stands. `areas` holds how many items are in place, and of how many, by the area's id."""

    folder: str
    name: str
    workplace: str
    coordinator: str
    phase: Phase
    verdict: Verdict | None
    start: date
    open: int
    late: int
    areas: Mapping[str, tuple[int, int]]
    next_due: date | None
    next_title: str

    @classmethod
    def of(cls, plan: Plan, folder: str) -> Self:
        coming = plan.coming
        return cls(
            folder=folder,
            name=plan.answers.unit.name,
            workplace=plan.answers.unit.workplace,
            coordinator=plan.answers.unit.coordinator.name,
            phase=plan.phase,
            verdict=plan.verdict,
            start=plan.answers.placement.start,
            open=len(plan.actions),
            late=len(plan.late),
            areas={area.id: (area.done, area.total) for area in plan.areas},
            next_due=coming[0] if coming else None,
            next_title=coming[1] if coming else "",
        )

    @property
    def standing(self) -> Standing:
        """Where the unit stands, in one word, as of a plan."""
        return self.verdict or cast("Standing", self.phase)

    def attention(self) -> tuple[object, ...]:
        """Return a sort key, most urgent first: what stands worst, most late, an early start; what is over is last."""
        return (STANDINGS.index(self.standing), -self.late, self.start, self.name, self.folder)


@dataclass(frozen=True, slots=True)
class Overview:
    """The lines, those that need attention first, and how many stand in each way and have something late."""

    lines: tuple[UnitLine, ...]
    standings: Mapping[Standing, int]
    late: int

    @classmethod
    def of(cls, lines: Iterable[UnitLine]) -> Self:
        ordered = tuple(sorted(lines, key=UnitLine.attention))
        return cls(
            lines=ordered,
            standings={one: sum(line.standing == one for line in ordered) for one in STANDINGS},
            late=sum(bool(line.late) for line in ordered),
        )
