"""Answers -> Plan: what is in place, what has to be done by whom and when, and whether the unit can start.

Pure: no files, no clock. The day that "late" is judged by is passed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from peerplan.answers import Answers
from peerplan.errors import InputError, Problem
from peerplan.guide import Area, Guide, Item, Option, Source, State
from peerplan.tailoring import Profile, Words, areas_for, group_of, items_for, words_for
from peerplan.workdays import IsWorkingDay, on_or_before, working_days_of

Verdict = Literal["ready", "ready-to-try", "not-yet"]

NEXT_STEPS = 3
CLOSED: tuple[State, ...] = ("open", "unknown")  # a leading answer after which the followers are not asked


@dataclass(frozen=True, slots=True)
class Action:
    """What has to be done for one item until its answer is yes. `owner` is a role's label."""

    id: str
    title: str
    steps: tuple[str, ...]
    owner: str
    due: date
    late: bool
    blocks: bool
    why: str


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """Where one item stands, and the action it calls for, if any."""

    id: str
    label: str
    answer: str
    state: State
    note: str
    sources: tuple[str, ...]
    action: Action | None


@dataclass(frozen=True, slots=True)
class AreaStatus:
    """Where one area stands: `done` of `total` items; not applicable items do not count."""

    id: str
    label: str
    about: str
    items: tuple[ItemStatus, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the documents say about one unit.

    `actions` are the open ones in the order to do them. `reply_by` is the day by which the readers of a letter are
    asked to reply, or None if it has passed. `first_day` is the action that replaces a letter which
    can no longer reach the students before they come.
    """

    answers: Answers
    profile: Profile
    words: Words
    verdict: Verdict
    areas: tuple[AreaStatus, ...]
    actions: tuple[Action, ...]
    next_steps: tuple[Action, ...]
    sources: tuple[Source, ...]
    reply_by: date | None
    first_day: Action | None

    @property
    def blocking(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.blocks)

    @property
    def late(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.late)


def profile_of(answers: Answers) -> Profile:
    """What conditions in the content look at."""
    placement = answers.placement
    return Profile(
        setting=answers.unit.setting,
        scope=placement.scope,
        level=placement.level,
        audience=placement.audience,
        group=group_of(placement.participants),
    )


def refuse_begun(answers: Answers, as_of: date, places: Mapping[str, str]) -> None:
    """A new plan is for a placement to come. places says where each key was given, for the error.

    Raises:
        InputError: if the placement began before the day the plan is made for.
    """
    if answers.placement.start < as_of:
        values = {"start": answers.placement.start, "as_of": as_of}
        place = ": ".join(filter(None, (places.get("placement.start"), "placement.start")))
        raise InputError(Problem("has-begun", values, place))


def make_plan(answers: Answers, guide: Guide, as_of: date) -> Plan:
    """The plan that the answers call for, as it stands on a day."""
    profile = profile_of(answers)
    timing = _Timing(answers, as_of)
    items = items_for(guide, profile)
    given = answer_options(items, answers.items, guide)
    still_open = [item for item in items if given[item.id].state not in ("done", "not-applicable")]
    first_day = _first_day(still_open, guide, timing)
    actions = {item.id: _action(item, given[item.id], guide, timing) for item in still_open}
    for moved in _moved(items, first_day):
        actions.pop(moved, None)
    statuses = {
        item.id: _status(item, given[item.id], answers.notes.get(item.id, ""), actions.get(item.id)) for item in items
    }
    ordered = tuple(sorted([*actions.values(), *filter(None, [first_day])], key=lambda action: action.due))
    return Plan(
        answers=answers,
        profile=profile,
        words=words_for(guide, profile),
        verdict=_verdict(ordered),
        areas=tuple(
            _area(area, items, statuses) for area in areas_for(guide, profile) if any(area.id == i.area for i in items)
        ),
        actions=ordered,
        next_steps=tuple(sorted(ordered, key=lambda action: not action.blocks))[:NEXT_STEPS],
        sources=_sources(items, guide),
        reply_by=timing.reply_by(guide.letters.reply),
        first_day=first_day,
    )


class _Timing:
    """When things are due for one placement, and whether that day has passed."""

    def __init__(self, answers: Answers, as_of: date) -> None:
        self.start = answers.placement.start
        self.scope = answers.placement.scope
        self.as_of = as_of
        self.is_working_day: IsWorkingDay = working_days_of(answers.unit.country)

    def due(self, item: Item) -> date:
        return self.weeks_before(item.lead.get(self.scope, item.lead["default"]))

    def weeks_before(self, weeks: int) -> date:
        """The working day that many weeks before the start, or the last one before that."""
        return on_or_before(self.start - timedelta(weeks=weeks), self.is_working_day)

    def reply_by(self, weeks: int) -> date | None:
        day = self.weeks_before(weeks)
        return day if day >= self.as_of else None

    @property
    def no_day_is_left(self) -> bool:
        """Whether the last working day before the start has passed."""
        return self.as_of > on_or_before(self.start - timedelta(days=1), self.is_working_day)


def answer_options(items: Sequence[Item], answers: Mapping[str, str], guide: Guide) -> dict[str, Option]:
    """The answer to each item, by id. What was not answered is unknown, and so is what follows an open item."""
    chosen: dict[str, Option] = {}
    for item in items:
        options = {option.id: option for option in guide.options_of(item)}
        unknown = next(option for option in options.values() if option.state == "unknown")
        closed = item.follows in chosen and chosen[item.follows].state in CLOSED
        chosen[item.id] = unknown if closed else options.get(answers.get(item.id, ""), unknown)
    return chosen


def _status(item: Item, option: Option, note: str, action: Action | None) -> ItemStatus:
    return ItemStatus(item.id, item.label, option.label, option.state, note, item.sources, action)


def _action(item: Item, option: Option, guide: Guide, timing: _Timing) -> Action:
    due = timing.due(item)
    return Action(
        id=item.id,
        title=item.title,
        steps=item.steps,
        owner=_owner(item.owner, guide),
        due=due,
        late=due < timing.as_of,
        blocks=option.id in item.blocks,
        why=item.why,
    )


def _owner(owner_id: str, guide: Guide) -> str:
    return next(owner.label for owner in guide.owners if owner.id == owner_id)


def _first_day(still_open: Sequence[Item], guide: Guide, timing: _Timing) -> Action | None:
    """What replaces an action that can no longer be done before the start."""
    for item in still_open:
        if item.fallback and timing.no_day_is_left:
            return Action(
                id=item.id,
                title=item.fallback.title,
                steps=item.fallback.steps,
                owner=_owner(item.fallback.owner, guide),
                due=timing.start,
                late=timing.start < timing.as_of,
                blocks=False,
                why=item.why,
            )
    return None


def _moved(items: tuple[Item, ...], first_day: Action | None) -> set[str]:
    """The items whose own action the first-day talk replaces."""
    return {
        moved
        for item in items
        if first_day and item.fallback and item.id == first_day.id
        for moved in (item.id, *item.fallback.replaces)
    }


def _area(area: Area, items: tuple[Item, ...], statuses: dict[str, ItemStatus]) -> AreaStatus:
    own = tuple(statuses[item.id] for item in items if item.area == area.id)
    counted = [status for status in own if status.state != "not-applicable"]
    done = sum(status.state == "done" for status in counted)
    return AreaStatus(area.id, area.label, area.about, own, done, len(counted))


def _verdict(actions: tuple[Action, ...]) -> Verdict:
    if any(action.blocks for action in actions):
        return "not-yet"
    return "ready-to-try" if actions else "ready"


def _sources(items: tuple[Item, ...], guide: Guide) -> tuple[Source, ...]:
    used = {source for item in items for source in item.sources}
    return tuple(source for source in guide.sources if source.id in used)
