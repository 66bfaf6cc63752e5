"""The time of a plan as a picture: months, who has to do how much when, the placement, and when to look back. Pure.

The lanes are as wide as a telephone is, and everything that a colour says is also said by a shape and in words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from peerplan.guide.guide import Guide
from peerplan.plan.plan import Plan

WIDTH = 340  # of the picture, in its own units; a letter is 10 high
LABEL, ROW, GAP = 15, 17, 6  # the heights of a lane's label and of a row of marks, and what is below them
TOP, LEGEND = 34, 26  # the heights of the months and of what the signs mean
NARROWEST = 15  # that two marks side by side can be
MONTH = 22  # the least room for the name of a month, and for a year
WEEK = timedelta(weeks=1)

State = Literal["done", "to-come", "late", "look-back"]
STATES: tuple[State, ...] = ("late", "to-come", "done", "look-back")


@dataclass(frozen=True, slots=True)
class Mark:
    """How many things are in one state in one stretch of time, where their sign stands, and what they are."""

    x: float
    y: float
    state: State
    count: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """What one role has to do; `bar` is where a stretch of time begins and how long it is."""

    label: str
    y: float
    marks: tuple[Mark, ...]
    bar: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture, ready to draw.

    `months` are where each begins, with its name and its year where these are told; `states` are the signs in use.
    """

    title: str
    description: str
    height: float
    months: tuple[tuple[float, str, str], ...]
    period: tuple[float, float]
    lanes: tuple[Lane, ...]
    states: tuple[tuple[State, str], ...]
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class _Point:
    lane: str
    day: date
    state: State
    title: str


def picture_of(plan: Plan, guide: Guide) -> Picture:
    """Return the time of a plan as a picture."""
    points, placement = tuple(_points(plan, guide)), plan.answers.placement
    scale = _Scale([*(point.day for point in points), placement.start, placement.end or placement.start])
    period = scale.span(placement.start, placement.end or placement.start)
    lanes: list[Lane] = []
    y = float(TOP)
    by_lane: dict[str, list[_Point]] = defaultdict(list)
    for point in points:
        by_lane[point.lane].append(point)
    for label, own in by_lane.items():
        marks = tuple(_marks(own, scale, y + LABEL))
        lanes.append(Lane(label, y, marks))
        y = max(mark.y for mark in marks) + ROW / 2 + GAP
    lanes.append(Lane(plan.words["Period"], y, (), period))
    used = {point.state for point in points}
    return Picture(
        title=guide.say("picture-title", unit=plan.answers.unit.name),
        description=_description(points, plan, guide),
        height=y + LABEL + ROW + LEGEND,
        months=tuple(scale.months(guide)),
        period=period,
        lanes=tuple(lanes),
        states=tuple((state, guide.say(f"picture-{state}")) for state in STATES if state in used),
    )


def _points(plan: Plan, guide: Guide) -> Iterator[_Point]:
    """Yield what has a day: by role what is done and what is to be done, own lines too; then when to look back."""
    done: dict[str, list[tuple[date, str]]] = defaultdict(list)
    in_place = {line.id for line in plan.checklist.in_place}
    for action in plan.settled:
        if action.id in in_place:
            done[action.owner].append((action.due, action.title))
    open_ = {part.owner: part for part in plan.checklist.parts}
    for owner in (*(one.id for one in guide.owners), ""):
        label = guide.owner_label(owner) if owner else guide.say("picture-own")
        label = label[:1].upper() + label[1:]
        for day, title in done[owner]:
            yield _Point(label, day, "done", title)
        for line in open_[owner].lines if owner in open_ else ():
            if line.due:
                yield _Point(label, line.due, "late" if line.late else "to-come", line.title)
    for one in plan.follow_ups:
        if one.day:
            yield _Point(guide.say("picture-look-back"), one.day, "look-back", one.follow_up.title)


class _Scale:
    """Where days lie from left to right. Time is cut into stretches of whole weeks, wide enough for a mark each."""

    def __init__(self, days: Iterable[date]) -> None:
        days = tuple(days)
        first, last = min(days), max(days)
        self.first = first - timedelta(days=first.weekday())
        weeks = (last - self.first) // WEEK + 1
        self.weeks_in_one = -(-weeks // (WIDTH // NARROWEST))
        self.count = -(-weeks // self.weeks_in_one)
        self.unit = WIDTH / (self.count * self.weeks_in_one * 7)  # of a day

    def x(self, day: date) -> float:
        return round((day - self.first).days * self.unit, 1)

    def span(self, first: date, last: date) -> tuple[float, float]:
        return self.x(first), round(((last - first).days + 1) * self.unit, 1)

    def stretch(self, day: date) -> int:
        return (day - self.first) // (WEEK * self.weeks_in_one)

    def middle(self, stretch: int) -> float:
        return round((stretch + 0.5) * WIDTH / self.count, 1)

    def months(self, guide: Guide) -> Iterator[tuple[float, str, str]]:
        """Yield where each month begins, its name where there is room, and the year of the first and of January."""
        names = guide.own_language.months
        last = self.first + WEEK * self.weeks_in_one * self.count
        day = self.first
        while day < last:
            next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            has_room = min(self.x(next_month), WIDTH) - self.x(day) >= MONTH
            begins = day == self.first or day.month == 1
            name, year = names[day.month - 1][:3], str(day.year) if begins else ""
            yield (self.x(day), name, year) if has_room else (self.x(day), "", "" if next_month.month == 1 else year)
            day = next_month


def _marks(points: Iterable[_Point], scale: _Scale, top: float) -> Iterator[Mark]:
    """Yield one mark for each state in each stretch of time, one below the other."""
    stretches: Mapping[int, dict[State, list[str]]] = defaultdict(lambda: defaultdict(list))
    for point in sorted(points, key=lambda one: one.day):
        stretches[scale.stretch(point.day)][point.state].append(f"{point.day} {point.title}")
    for stretch, states in stretches.items():
        for row, state in enumerate(one for one in STATES if one in states):
            y = top + (row + 0.5) * ROW
            yield Mark(scale.middle(stretch), y, state, len(states[state]), tuple(states[state]))


def _description(points: Iterable[_Point], plan: Plan, guide: Guide) -> str:
    """Say what the picture shows."""
    points, placement = tuple(points), plan.answers.placement
    counts = {state: sum(point.state == state for point in points) for state in STATES}
    days = [str(point.day) for point in points if point.state == "look-back"]
    said = [
        guide.say("picture-says", open=counts["late"] + counts["to-come"], late=counts["late"], done=counts["done"]),
        guide.say(
            "picture-period" if placement.end else "picture-start",
            period=plan.words["Period"],
            start=placement.start,
            end=placement.end,
        ),
        *([guide.say("picture-days", days=", ".join(days))] if days else []),
    ]
    return " ".join(said)
