"""Many units at a glance: one line each, those that need attention first. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Protocol, Self, cast

from peerplan.plan.outlook import Phase, Verdict
from peerplan.plan.plan import Plan, Standing

# Those that need attention first.
STANDINGS: tuple[Standing, ...] = ("not-yet", "short-of-time", "ready-to-try", "under-way", "ready", "over")

SHOWN = 2_000  # units in an overview to read: nobody reads more, and a page of more is slow to open


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


class Lines(Protocol):
    """Lines that can be gone through again and again, and need not be held."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[UnitLine]: ...


@dataclass(frozen=True, slots=True)
class Overview:
    """The lines, those that need attention first, and how many stand in each way and have something late.

    `left_out` is how many lines there are besides, which count all the same.
    """

    lines: Lines
    standings: Mapping[Standing, int]
    late: int
    left_out: int = 0

    @classmethod
    def of(cls, lines: Iterable[UnitLine]) -> Self:
        ordered = tuple(sorted(lines, key=UnitLine.attention))
        return cls(
            lines=ordered,
            standings={one: sum(line.standing == one for line in ordered) for one in STANDINGS},
            late=sum(bool(line.late) for line in ordered),
        )

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.lines) + self.left_out

    def first(self, most: int = SHOWN) -> Self:
        """Return the overview with the lines that need attention most."""
        lines = tuple(islice(self.lines, most))
        return replace(self, lines=lines, left_out=self.count - len(lines))
