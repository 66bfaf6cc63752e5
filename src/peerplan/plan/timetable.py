"""A timetable over the weeks of a placement: what to practise, and who leads first. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from peerplan.answers.keys import ACTIVITIES
from peerplan.answers.model import Placement
from peerplan.guide.guide import Guide
from peerplan.guide.model import Activity
from peerplan.guide.tailoring import Tailored
from peerplan.guide.texts import Group
from peerplan.plan.dates import Timing, Week

PAIR = ("A", "B")
TRIO = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class ChosenActivity:
    """An activity that the unit has chosen, what it is called, and the week it is led from.

    `activity` is None for one of the unit's own.
    """

    label: str
    activity: Activity | None
    earliest: int


def chosen_activities(placement: Placement, unit: Tailored, guide: Guide, level: str) -> tuple[ChosenActivity, ...]:
    """Return the activities that were chosen, of those that suit the unit as it is now."""
    offered = (fact.choices for fact in unit.facts if fact.key == ACTIVITIES)
    labels = {choice.id: choice.label for choices in offered for choice in choices}
    records = {activity.id: activity for activity in unit.activities}
    chosen = placement.activities
    ours = [
        ChosenActivity(labels[one], records[one], records[one].earliest.get(level, 1))
        for one in chosen
        if one in labels
    ]
    earliest = guide.own_activities_earliest.get(level, 1)
    return (*ours, *(ChosenActivity(one, None, earliest) for one in placement.own_activities))


def any_activity(guide: Guide, level: str) -> ChosenActivity:
    """Return what stands for an activity where none is chosen: one of the unit's own, still without a name."""
    return ChosenActivity("", None, guide.own_activities_earliest.get(level, 1))


def timetable(
    timing: Timing, group: Group, participants: int | None, activities: Sequence[ChosenActivity]
) -> Iterator[Week]:
    """Return the weeks of the placement: the activities in turn, and of each activity everybody leads in turn."""
    has_trio = group == "odd"
    has_pair = group in ("even", "unknown") or (has_trio and participants != len(TRIO))
    weeks_of = Counter[int | None]()  # how many weeks each activity has had, by its place in the list
    place: int | None = None
    for week in timing.weeks():
        ready = [one for one, activity in enumerate(activities) if activity.earliest <= week.number]
        others = [one for one in ready if one != place]
        place = min(others or ready, key=lambda one: weeks_of[one], default=None)
        turn = weeks_of[place] + (place or 0)
        weeks_of[place] += 1
        yield replace(
            week,
            activity="" if place is None else activities[place].label,
            pair=_moved_on(PAIR, turn) if has_pair and place is not None else (),
            trio=_moved_on(TRIO, turn) if has_trio and place is not None else (),
        )


def _moved_on(people: tuple[str, ...], turn: int) -> tuple[str, ...]:
    start = turn % len(people)
    return people[start:] + people[:start]
