"""Answers -> Plan: what is in place, what has to be done by whom and when, and whether the unit can start.

Pure: no files, no clock. The day that "late" is judged by is passed in.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Literal

from peerplan.answers.draft import ACTIVITIES, START
from peerplan.answers.model import Answers
from peerplan.answers.questions import IN_PLACE, answer_options
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Activity, Advice, FollowUp, Item, Milestone, Risk, Role, Sheet, Source
from peerplan.guide.tailoring import Profile, Tailored, Words, applies, profile_from, tailor
from peerplan.plan.dates import Timing, Week
from peerplan.plan.readiness import Action, AreaStatus, actions_for, area_status
from peerplan.plan.timetable import ChosenActivity, timetable

Verdict = Literal["ready", "ready-to-try", "not-yet"]

NEXT_STEPS = 3


@dataclass(frozen=True, slots=True)
class _DatedFollowUp:
    """A point in time to look back, with its day where that is known."""

    day: date | None
    follow_up: FollowUp
    has_passed: bool


@dataclass(frozen=True, slots=True)
class _DatedMilestone:
    """A day that everybody remembers, where it is known, and whether what it stands for is in place."""

    day: date | None
    label: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the documents say about one unit.

    `actions` are the open ones in the order to do them. `reply_by` is the day by which the readers of a letter are
    asked to reply, or None if it has passed. `letter_is_too_late` tells that the first day has to do what the letter
    to the students can no longer do.
    """

    answers: Answers
    profile: Profile
    words: Words
    verdict: Verdict
    areas: tuple[AreaStatus, ...]
    actions: tuple[Action, ...]
    next_steps: tuple[Action, ...]
    reply_by: date | None
    letter_is_too_late: bool
    has_begun: bool
    has_ended: bool
    roles: tuple[Role, ...]
    advice: tuple[Advice, ...]
    milestones: tuple[_DatedMilestone, ...]
    activities: tuple[ChosenActivity, ...]
    sheets: tuple[Sheet, ...]
    timetable: tuple[Week, ...]
    risks: tuple[Risk, ...]
    follow_ups: tuple[_DatedFollowUp, ...]
    sources: tuple[Source, ...]

    @property
    def blocking(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.blocks)

    @property
    def late(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.late)


def profile_of(answers: Answers, guide: Guide) -> Profile:
    """Return what conditions in the content look at."""
    return profile_from(guide, lambda key: attrgetter(key)(answers))


def begun_problem(start: date, as_of: date) -> Problem | None:
    """Return the problem of a new plan for a placement that has begun by that day, or None."""
    return Problem("has-begun", {"start": start, "as_of": as_of}) if start < as_of else None


def refuse_begun(answers: Answers, as_of: date, places: Mapping[str, str]) -> None:
    """Refuse a new plan for a placement that has begun; places says where each key was given.

    Raises:
        InputError: if the placement has begun.
    """
    if problem := begun_problem(answers.placement.start, as_of):
        raise InputError(replace(problem, place=": ".join(filter(None, (places.get(START), START)))))


def make_plan(answers: Answers, guide: Guide, as_of: date) -> Plan:
    """Return the plan that the answers call for, as it stands on a day."""
    profile, placement = profile_of(answers, guide), answers.placement
    unit = tailor(guide, profile)
    timing = Timing(placement.start, placement.end, placement.scope, answers.unit.country, as_of)
    items = unit.items
    given = answer_options(items, answers.items, guide)
    actions = actions_for(items, given, guide, timing)
    ordered = tuple(sorted(actions.values(), key=lambda action: action.due))
    activities = _chosen_activities(answers, unit, guide, profile.level)
    open_ids = {item.id for item in items if given[item.id].state not in IN_PLACE}
    risks = tuple(risk for risk in unit.risks if not risk.open or open_ids & set(risk.open))
    reply_by = timing.weeks_before(guide.reply_weeks)
    return Plan(
        answers=answers,
        profile=profile,
        words=unit.words,
        verdict=_verdict(ordered),
        areas=tuple(
            area_status(area, items, given, answers.notes, actions)
            for area in unit.areas
            if any(item.area == area.id for item in items)
        ),
        actions=ordered,
        next_steps=tuple(sorted(ordered, key=lambda action: not action.blocks))[:NEXT_STEPS],
        reply_by=None if timing.is_late(reply_by) else reply_by,
        letter_is_too_late=timing.no_day_is_left
        and as_of <= placement.start
        and any(item.fallback and item.id in open_ids for item in items),
        has_begun=placement.start < as_of,
        has_ended=placement.end is not None and placement.end < as_of,
        roles=unit.roles,
        advice=unit.advice,
        milestones=tuple(_milestone(one, items, open_ids, timing) for one in unit.milestones if _is_met(one, items)),
        activities=activities,
        sheets=unit.sheets,
        timetable=tuple(
            timetable(
                timing,
                profile.group,
                placement.participants,
                activities or [_any_activity(guide, profile.level)],
            )
        ),
        risks=risks,
        follow_ups=tuple(_in_order(_dated(one, timing) for one in unit.follow_ups)),
        sources=_sources(
            guide,
            profile,
            [
                *(item for item in items if item.id in open_ids),
                *unit.advice,
                *unit.roles,
                *risks,
                *unit.follow_ups,
                *unit.sheets,
                *(one.activity for one in activities if one.activity),
            ],
        ),
    )


def _dated(follow_up: FollowUp, timing: Timing) -> _DatedFollowUp:
    day = timing.of_follow_up(follow_up)
    return _DatedFollowUp(day, follow_up, has_passed=day is not None and timing.is_late(day))


def _in_order(points: Iterable[_DatedFollowUp]) -> Iterator[_DatedFollowUp]:
    """Leave out what a short placement has no day for: the middle of three days is no point in time of its own."""
    last = date.min
    for point in points:
        if point.day is None or point.day > last:
            yield point
            last = point.day or last


def _chosen_activities(answers: Answers, unit: Tailored, guide: Guide, level: str) -> tuple[ChosenActivity, ...]:
    """Return the activities that were chosen, of those that suit the unit as it is now."""
    offered = (fact.choices for fact in unit.facts if fact.key == ACTIVITIES)
    labels = {choice.id: choice.label for choices in offered for choice in choices}
    records = {activity.id: activity for activity in unit.activities}
    chosen = answers.placement.activities
    ours = [
        ChosenActivity(labels[one], records[one], records[one].earliest.get(level, 1))
        for one in chosen
        if one in labels
    ]
    earliest = guide.own_activities_earliest.get(level, 1)
    return (*ours, *(ChosenActivity(one, None, earliest) for one in answers.placement.own_activities))


def _any_activity(guide: Guide, level: str) -> ChosenActivity:
    """Return what stands for an activity where none is chosen: one of the unit's own, still without a name."""
    return ChosenActivity("", None, guide.own_activities_earliest.get(level, 1))


def unfit_activities(plan: Plan, guide: Guide) -> Iterator[tuple[str, Problem]]:
    """Yield what was chosen but does not suit the unit, and so is left out: the key, and the problem."""
    labels = {choice.id: choice.label for choice in tailor(guide, plan.profile).choices[ACTIVITIES]}
    suiting = {chosen.activity.id for chosen in plan.activities if chosen.activity}
    for one in plan.answers.placement.activities:
        if one not in suiting:
            yield ACTIVITIES, Problem("activity-left-out", {"activity": labels[one]})


def _is_met(milestone: Milestone, items: Iterable[Item]) -> bool:
    """Tell whether the unit has the item that a milestone is about."""
    return not milestone.item or any(item.id == milestone.item for item in items)


def _milestone(
    milestone: Milestone, items: Iterable[Item], open_ids: AbstractSet[str], timing: Timing
) -> _DatedMilestone:
    item = next((one for one in items if one.id == milestone.item), None)
    day = timing.due(item) if item else timing.after(milestone.anchor, milestone.days)
    return _DatedMilestone(day, milestone.label, is_done=item is not None and item.id not in open_ids)


def _verdict(actions: tuple[Action, ...]) -> Verdict:
    if any(action.blocks for action in actions):
        return "not-yet"
    return "ready-to-try" if actions else "ready"


def _sources(
    guide: Guide, profile: Profile, said: Iterable[Item | Advice | Role | Risk | FollowUp | Sheet | Activity]
) -> tuple[Source, ...]:
    """Return the sources of everything that the plan says and that hold for the unit, in the guide's order."""
    used = {source for record in said for source in record.sources}
    return tuple(source for source in guide.sources if source.id in used and applies(source.when, profile))
