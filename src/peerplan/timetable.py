"""A first timetable over the weeks of a placement: which activity, and who leads when. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from peerplan.texts import Group
from peerplan.timing import Timing

PAIR = ("A", "B")
TRIO = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class TimetableWeek:
    """One week: `pair` leads and observes; `trio` leads, takes part and observes; letters stand for people.

    `activity` is a label, or empty if none was chosen. `pair` is empty for one participant or three, `trio` for an
    even number or one.
    """

    number: int
    first: date
    last: date
    activity: str
    pair: tuple[str, ...]
    trio: tuple[str, ...]


def timetable(
    timing: Timing, group: Group, participants: int | None, activities: Sequence[str]
) -> Iterator[TimetableWeek]:
    """The weeks of the placement, with the roles moved on by one each week."""
    has_trio = group == "odd"
    has_pair = group in ("even", "unknown") or (has_trio and participants != len(TRIO))
    for week in timing.weeks():
        turn = week.number - 1
        yield TimetableWeek(
            number=week.number,
            first=week.first,
            last=week.last,
            activity=activities[turn % len(activities)] if activities else "",
            pair=_moved_on(PAIR, turn) if has_pair else (),
            trio=_moved_on(TRIO, turn) if has_trio else (),
        )


def _moved_on(people: tuple[str, ...], turn: int) -> tuple[str, ...]:
    start = turn % len(people)
    return people[start:] + people[:start]
