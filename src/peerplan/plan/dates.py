"""When things are due for one placement: lead times, follow-up and weeks. Pure: no clock."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from peerplan.guide.model import Anchor, FollowUp, Item, QuietTime
from peerplan.guide.workdays import on_or_after, on_or_before, working_days_of

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


@dataclass(frozen=True, slots=True)
class Leads:
    """What lead times have to fit into.

    `planned_from` is the day on which the plan was first made, None where it is not known: no due date lies before it.
    `longest` is the longest lead of the unit's items, in weeks. Nothing is due in a `quiet` time of the year while it
    can be done before.
    """

    planned_from: date | None = None
    longest: int = 0
    quiet: Sequence[QuietTime] = ()


class Timing:
    """The days of one placement, and whether they have passed.

    end is None where it is not known. as_of is the day that "late" is judged by.
    """

    def __init__(
        self, start: date, end: date | None, scope: str, country: str, as_of: date, leads: Leads = Leads()
    ) -> None:
        self.start = start
        self.end = end
        self.scope = scope
        self.as_of = as_of
        self.is_working_day = working_days_of(country)
        self.on_or_before = partial(on_or_before, is_working_day=self.is_working_day)
        self.longest = timedelta(weeks=leads.longest)
        first = leads.planned_from
        self.earliest = on_or_after(first, self.is_working_day) if first else date.min
        self.available = max(start - first, timedelta(0)) if first else self.longest
        self.quiet = [one for one in leads.quiet if one.country == country]
        self._due: dict[int, date] = {}

    def due(self, item: Item) -> date:
        """Return the day by which an item has to be in place.

        Where there is less time than the longest lead, all leads shrink in proportion, so that their order stays.
        """
        weeks = lead_of(item, self.scope)
        if weeks not in self._due:  # many items have the same
            self._due[weeks] = self._day_before(timedelta(weeks=weeks))
        return self._due[weeks]

    def _day_before(self, lead: timedelta) -> date:
        if self.available < self.longest:
            lead = timedelta(days=lead.days * self.available.days // self.longest.days)
        day = self.on_or_before(self.start - lead)
        before = self.on_or_before(self._before_quiet(day))
        return before if before >= self.earliest else max(day, self.earliest)

    def _before_quiet(self, day: date) -> date:
        """Return the last day before the quiet time that a day lies in, or the day itself."""
        while self._is_quiet(day):
            day -= timedelta(days=1)
        return day

    def _is_quiet(self, day: date) -> bool:
        return any(_is_in(day, one) for one in self.quiet)

    @property
    def squeezed(self) -> tuple[int, int] | None:
        """The weeks that there were, and those that are usual, where that was less than half; None otherwise."""
        if 2 * self.available >= self.longest:
            return None
        return self.available // WEEK, self.longest // WEEK

    def can_still_be_done(self, item: Item) -> bool:
        """Tell whether the least time that an item takes is left before the start."""
        return self.as_of + timedelta(weeks=item.least or 0) <= self.start

    def was_made_too_late_for(self, item: Item) -> bool:
        """Tell whether an item takes longer, as a rule, than there was time when the plan was first made."""
        return self.available < min(timedelta(weeks=item.takes), self.longest)

    def earliest_start(self, items: Iterable[Item], still_open: Collection[str]) -> date:
        """Return the first working day on which the least time of every essential item that is open has passed."""
        least = max((item.least or 0 for item in items if item.id in still_open), default=0)
        return on_or_after(self.as_of + timedelta(weeks=least), self.is_working_day)

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
        """Return the working day so many days after an anchor, in the same week if there is one, None if not known.

        It is neither before the start, nor after the end if the day itself is not. What comes after the end waits
        until a quiet time is over, since nobody would be there.
        """
        day = self._anchors()[anchor]
        if day is None:
            return None
        day = max(day + timedelta(days=days), self.start)
        if self.end and day > self.end and self._is_quiet(day):
            return on_or_after(day, lambda one: self.is_working_day(one) and not self._is_quiet(one))
        before, after = self.on_or_before(day), on_or_after(day, self.is_working_day)
        if before >= max(_monday(day), self.start):
            return before
        leads_out = self.end is not None and day <= self.end < after
        return after if _monday(after) == _monday(day) and not leads_out else max(before, self.start)

    def _anchors(self) -> dict[Anchor, date | None]:
        """Return the days that follow-ups count from; what lies after the end is moved to it."""
        third = self.start + timedelta(days=2)
        friday = third + timedelta(days=(FRIDAY - third.weekday()) % 7)
        return {
            "start": self.start,
            "first-week": min(friday, self.end or friday),
            "middle": self.end and self.start + (self.end - self.start) / 2,
            "last-week": self.end and _monday(self.end),
            "end": self.end,
        }

    def weeks(self) -> Iterator[Week]:
        """Return the weeks of the placement, the first ones if it has no end; none if it lies within a weekend."""
        monday = _monday(self.start)
        if self.start.weekday() > FRIDAY:
            monday += WEEK
        for number in range(1, (MOST_WEEKS if self.end else USUAL_WEEKS) + 1):
            first, last = max(monday, self.start), min(monday + timedelta(days=FRIDAY), self.end or date.max)
            if first > last:
                return
            days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
            yield Week(number, first, last, has_days_off=not all(map(self.is_working_day, days)))
            monday += WEEK


def lead_of(item: Item, scope: str) -> int:
    """Return how many weeks before the start an item should be in place."""
    return item.lead.get(scope, item.lead["default"])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_in(day: date, quiet: QuietTime) -> bool:
    if quiet.weeks:
        return day.isocalendar().week in quiet.weeks
    first, last, this = quiet.first, quiet.last, f"{day:%m-%d}"
    return first <= this <= last if first <= last else this >= first or this <= last  # over the turn of the year
