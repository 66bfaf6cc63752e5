"""Points in time of a placement: the days that everybody remembers, and those on which to look back. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from peerplan.guide.model import FollowUp, Item, Milestone, Sending
from peerplan.plan.dates import Timing


@dataclass(frozen=True, slots=True)
class DatedFollowUp:
    """A point in time to look back, with its day where that is known."""

    day: date | None
    follow_up: FollowUp
    has_passed: bool

    @property
    def is_to_come(self) -> bool:
        return self.day is not None and not self.has_passed


@dataclass(frozen=True, slots=True)
class DatedMilestone:
    """A day that everybody remembers, where it is known, and whether what it stands for is in place."""

    day: date | None
    label: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class DatedLetter:
    """A letter of the plan folder: to whom it goes and when, by which day if that is known.

    One that `is_to_go` has not been sent, and still can be.
    """

    id: str
    to: str
    send: str
    day: date | None
    is_to_go: bool


def dated_letters(
    letters: Iterable[Sending], due: Mapping[str, date], timing: Timing, phase: str
) -> Iterator[DatedLetter]:
    """Yield the letters with their days; due holds the days of what is still to be done, by the items' ids."""
    for one in letters:
        day = due.get(one.item) or (timing.after(one.anchor, 0) if one.anchor else None)
        is_in_time = phase == "before" or (phase == "under-way" and not one.before)
        yield DatedLetter(one.id, one.to, one.send, day, is_in_time and (not one.item or one.item in due))


def dated_follow_ups(follow_ups: Iterable[FollowUp], timing: Timing) -> tuple[DatedFollowUp, ...]:
    """Return the points in time to look back, with their days.

    What a short placement has no day for is left out: the middle of three days is no point in time of its own.
    """
    return tuple(_in_order(_dated(one, timing) for one in follow_ups))


def _dated(follow_up: FollowUp, timing: Timing) -> DatedFollowUp:
    day = timing.of_follow_up(follow_up)
    return DatedFollowUp(day, follow_up, has_passed=day is not None and timing.is_late(day))


def _in_order(points: Iterable[DatedFollowUp]) -> Iterator[DatedFollowUp]:
    last = date.min
    for point in points:
        if point.day is None or point.day > last:
            yield point
            last = point.day or last


def dated_milestones(
    milestones: Iterable[Milestone],
    items: Iterable[Item],
    still_open: Collection[str],
    timing: Timing,
    own: Mapping[str, date],
) -> Iterator[DatedMilestone]:
    """Yield the days to remember; one about an item that the unit does not have is left out.

    still_open holds the ids of the items that are not in place, own the days that a person gave to items.
    """
    by_id = {item.id: item for item in items}
    for one in milestones:
        if not one.item:
            yield DatedMilestone(timing.after(one.anchor, one.days), one.label, is_done=False)
        elif item := by_id.get(one.item):
            day = own.get(item.id) or timing.due(item)
            yield DatedMilestone(day, one.label, is_done=item.id not in still_open)


def with_follow_ups(
    milestones: Iterable[DatedMilestone], follow_ups: Iterable[DatedFollowUp]
) -> tuple[DatedMilestone, ...]:
    """Return the days to remember and the times to look back that are still to come, in order."""
    milestones = tuple(milestones)
    known = {one.day for one in milestones}
    to_come = [one for one in follow_ups if one.is_to_come and one.day not in known]
    more = (DatedMilestone(one.day, one.follow_up.title, is_done=False) for one in to_come)
    return tuple(sorted((*milestones, *more), key=lambda one: one.day or date.max))
