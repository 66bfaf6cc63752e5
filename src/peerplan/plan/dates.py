"""When things are due for one placement: lead times, follow-up and weeks. Pure: no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from peerplan.guide.model import Anchor, FollowUp, Item
from peerplan.guide.workdays import on_or_before, working_days_of

WEEK = timedelta(weeks=1)
FRIDAY = 4
MOST_WEEKS = 30
USUAL_WEEKS = 4  # of a placement whose end is not known


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the placement, Monday to Friday, cut where the placement starts or ends.

    `has_days_off` tells that a public holiday lies between its first and its last day. `activity` is the label of
    what to practise, or empty if none was chosen. `pair` leads and observes; `trio` leads, takes part and observes;
    letters stand for people. `pair` is empty for one participant or three, `trio` for an even number or one, and both
    in a week when nobody leads yet.
    """

    number: int
    first: date
    last: date
    has_days_off: bool
    activity: str = ""
    pair: tuple[str, ...] = ()
    trio: tuple[str, ...] = ()

    @property
    def has_leader(self) -> bool:
        return bool(self.pair or self.trio)


class Timing:
    """The days of one placement, and whether they have passed.

    end is None where it is not known. as_of is the day that "late" is judged by.
    """

    def __init__(self, start: date, end: date | None, scope: str, country: str, as_of: date) -> None:
        self.start = start
        self.end = end
        self.scope = scope
        self.as_of = as_of
        self.is_working_day = working_days_of(country)
        self.on_or_before = partial(on_or_before, is_working_day=self.is_working_day)

    def due(self, item: Item) -> date:
        """Return the day by which an item has to be in place."""
        return self.weeks_before(item.lead.get(self.scope, item.lead["default"]))

    def weeks_before(self, weeks: int) -> date:
        """Return the working day that many weeks before the start, or the last one before that."""
        return self.on_or_before(self.start - weeks * WEEK)

    @property
    def no_day_is_left(self) -> bool:
        """Tell whether the last working day before the start has passed."""
        return self.as_of > self.on_or_before(self.start - timedelta(days=1))

    def is_late(self, day: date) -> bool:
        return day < self.as_of

    def of_follow_up(self, follow_up: FollowUp) -> date | None:
        """Return the working day of a follow-up, not before the start; None if it is not known."""
        return self.after(follow_up.anchor, follow_up.days)

    def after(self, anchor: Anchor, days: int) -> date | None:
        """Return the working day so many days after an anchor, not before the start; None if it is not known."""
        day = self._anchors()[anchor]
        return None if day is None else max(self.on_or_before(day + timedelta(days=days)), self.start)

    def _anchors(self) -> dict[Anchor, date | None]:
        """Return the days that follow-ups count from; what lies after the end is moved to it."""
        third = self.start + timedelta(days=2)
        friday = third + timedelta(days=(FRIDAY - third.weekday()) % 7)
        return {
            "start": self.start,
            "first-week": min(friday, self.end or friday),
            "middle": self.end and self.start + (self.end - self.start) / 2,
            "last-week": self.end and self.end - timedelta(days=self.end.weekday()),
            "end": self.end,
        }

    def weeks(self) -> Iterator[Week]:
        """Return the weeks of the placement, the first ones if it has no end; none if it lies within a weekend."""
        monday = self.start - timedelta(days=self.start.weekday())
        if self.start.weekday() > FRIDAY:
            monday += WEEK
        for number in range(1, (MOST_WEEKS if self.end else USUAL_WEEKS) + 1):
            first, last = max(monday, self.start), min(monday + timedelta(days=FRIDAY), self.end or date.max)
            if first > last:
                return
            days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
            yield Week(number, first, last, has_days_off=not all(map(self.is_working_day, days)))
            monday += WEEK
