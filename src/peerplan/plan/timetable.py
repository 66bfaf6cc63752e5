"""A first timetable over the weeks of a placement: what to practise, and who leads first. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from peerplan.guide.texts import Group
from peerplan.plan.dates import Timing, Week

PAIR = ("A", "B")
TRIO = ("A", "B", "C")


def timetable(timing: Timing, group: Group, participants: int | None, activities: Sequence[str]) -> Iterator[Week]:
    """Return the weeks of the placement, with the roles rotated so that everybody leads every activity in turn."""
    has_trio = group == "odd"
    has_pair = group in ("even", "unknown") or (has_trio and participants != len(TRIO))
    for turn, week in enumerate(timing.weeks()):
        yield replace(
            week,
            activity=activities[turn % len(activities)] if activities else "",
            pair=_moved_on(PAIR, turn, len(activities)) if has_pair else (),
            trio=_moved_on(TRIO, turn, len(activities)) if has_trio else (),
        )


def _moved_on(people: tuple[str, ...], turn: int, activities: int) -> tuple[str, ...]:
    """Rotate the people for a turn, by one more per round where the same would lead again."""
    if activities and activities % len(people) == 0:
        turn += turn // activities
    start = turn % len(people)
    return people[start:] + people[:start]
