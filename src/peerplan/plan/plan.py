"""Answers -> Plan: what is in place, what has to be done by whom and when, and whether the unit can start.

Pure: no files, no clock. The day that "late" is judged by is passed in.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from peerplan.answers.keys import ACTIVITIES, START
from peerplan.answers.model import Answers
from peerplan.answers.questions import IN_PLACE, answer_options
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Activity, Advice, FollowUp, Item, Milestone, Risk, Role, Sheet, Source
from peerplan.guide.tailoring import Profile, Tailored, Words, applies, tailor
from peerplan.guide.workdays import working_days_of
from peerplan.plan.checklist import Checklist, checklist
from peerplan.plan.dates import Timing, Week
from peerplan.plan.outlook import (
    Phase,
    Verdict,
    can_be_done,
    phase_of,
    profile_of,
    smaller_helps,
    timing_of,
    verdict_of,
)
from peerplan.plan.readiness import Action, AreaStatus, action_of, actions_for, area_status
from peerplan.plan.timetable import ChosenActivity, timetable

Standing = Literal["ready", "ready-to-try", "short-of-time", "not-yet", "under-way", "over"]

NEXT_STEPS = 3


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
class _DatedMilestone:
    """A day that everybody remembers, where it is known, and whether what it stands for is in place."""

    day: date | None
    label: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the documents say about one unit.

    `squeezed` holds the weeks there were to prepare and the usual ones, where there were less than half of these.
    `verdict` is about the start, and None once the placement has begun. `actions` are those that can be done in this
    phase, in the order to do them, `left_over` what is not in place and can be done no more, and `settled` what is in
    place. `short` are the
    essential actions that take longer than the time that is left; `earliest_start` is the first day on which all
    essential ones could be in place, and `smaller_helps` tells that they could be for single activities.
    `reply_by` is the day by which the readers of a letter are asked to reply, or None if it has passed.
    `letter_is_too_late` tells that the first day has to do what the letter to the students can no longer do.
    """

    answers: Answers
    profile: Profile
    words: Words
    phase: Phase
    squeezed: tuple[int, int] | None
    verdict: Verdict | None
    areas: tuple[AreaStatus, ...]
    checklist: Checklist
    actions: tuple[Action, ...]
    left_over: tuple[Action, ...]
    settled: tuple[Action, ...]
    next_steps: tuple[Action, ...]
    next_follow_up: DatedFollowUp | None
    short: tuple[Action, ...]
    earliest_start: date | None
    smaller_helps: bool
    reply_by: date | None
    letter_is_too_late: bool
    roles: tuple[Role, ...]
    advice: tuple[Advice, ...]
    milestones: tuple[_DatedMilestone, ...]
    activities: tuple[ChosenActivity, ...]
    sheets: tuple[Sheet, ...]
    timetable: tuple[Week, ...]
    risks: tuple[Risk, ...]
    follow_ups: tuple[DatedFollowUp, ...]
    sources: tuple[Source, ...]

    @property
    def standing(self) -> Standing:
        """Where the unit stands, in one word: the verdict before the start, and the phase after it."""
        return self.verdict or cast("Standing", self.phase)

    @property
    def coming(self) -> tuple[date, str] | None:
        """The day and the title of what comes next: once the placement has begun, the next time to look back."""
        if self.next_follow_up and self.next_follow_up.day:
            return self.next_follow_up.day, self.next_follow_up.follow_up.title
        return next(((one.due, one.title) for one in self.next_steps), None)

    @property
    def essential(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.essential)

    @property
    def blocking(self) -> tuple[Action, ...]:
        """What has to be settled first: nothing any more, once the placement has begun."""
        return tuple(action for action in self.actions if action.blocks and self.phase == "before")

    @property
    def late(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.late)


def begun_problem(start: date, as_of: date) -> Problem | None:
    """Return the problem of a new plan for a placement that has begun by that day, or None."""
    return Problem("has-begun", {"start": start, "as_of": as_of}) if start < as_of else None


def day_off_problem(start: date, country: str) -> Problem | None:
    """Return the problem of a start on a day on which hardly anybody works in the country, or None."""
    return None if working_days_of(country)(start) else Problem("start-day-off", {"start": start})


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
    items = unit.items
    timing = timing_of(answers, items, guide, as_of)
    phase = phase_of(timing)
    given = answer_options(items, answers.items, guide)
    called_for = (_as_she_says(one, answers, timing) for one in actions_for(items, given, guide, timing).values())
    open_actions = sorted(called_for, key=lambda action: action.due)
    actions = tuple(one for one in open_actions if can_be_done(one, phase))
    short = tuple(one for one in actions if one.is_short) if phase == "before" else ()
    areas = tuple(
        area_status(area, items, given, answers.notes, {action.id: action for action in actions})
        for area in unit.areas
        if any(item.area == area.id for item in items)
    )
    follow_ups = tuple(_in_order(_dated(one, timing) for one in unit.follow_ups))
    activities = _chosen_activities(answers, unit, guide, profile.level)
    open_ids = {item.id for item in items if given[item.id].state not in IN_PLACE}
    risks = tuple(risk for risk in unit.risks if not risk.open or open_ids & set(risk.open))
    reply_by = timing.weeks_before(guide.reply_weeks)
    return Plan(
        answers=answers,
        profile=profile,
        words=unit.words,
        phase=phase,
        squeezed=timing.squeezed,
        verdict=verdict_of(actions) if phase == "before" else None,
        areas=areas,
        checklist=checklist((item for area in areas for item in area.items), answers, guide, as_of),
        actions=actions,
        left_over=tuple(one for one in open_actions if one not in actions),
        settled=tuple(
            _as_she_says(action_of(item, given[item.id], guide, timing), answers, timing)
            for item in items
            if item.id not in {one.id for one in open_actions}
        ),
        next_steps=tuple(sorted(actions, key=lambda one: (not one.blocks, bool(short) and not one.essential)))[
            :NEXT_STEPS
        ],
        next_follow_up=None if phase == "before" else next((one for one in follow_ups if one.is_to_come), None),
        short=short,
        earliest_start=timing.earliest_start(items, [one.id for one in actions]) if short else None,
        smaller_helps=bool(short) and smaller_helps(answers, guide, as_of),
        reply_by=None if timing.is_late(reply_by) else reply_by,
        letter_is_too_late=timing.no_day_is_left
        and as_of <= placement.start
        and any(item.fallback and item.id in open_ids for item in items),
        roles=unit.roles,
        advice=unit.advice,
        milestones=tuple(
            _milestone(one, items, open_ids, timing, answers.due) for one in unit.milestones if _is_met(one, items)
        ),
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
        follow_ups=follow_ups,
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


def _as_she_says(action: Action, answers: Answers, timing: Timing) -> Action:
    """Return an action with the day and the name that a person gave it."""
    due = answers.due.get(action.id, action.due)
    return replace(action, due=due, late=timing.is_late(due), who=answers.who.get(action.id, ""))


def _dated(follow_up: FollowUp, timing: Timing) -> DatedFollowUp:
    day = timing.of_follow_up(follow_up)
    return DatedFollowUp(day, follow_up, has_passed=day is not None and timing.is_late(day))


def _in_order(points: Iterable[DatedFollowUp]) -> Iterator[DatedFollowUp]:
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


def doubtful_choices(plan: Plan, guide: Guide) -> Iterator[tuple[str, Problem]]:
    """Yield what was chosen but does not suit the unit, and so is left out, and a start on a day off.

    Gives the key, and the problem.
    """
    if problem := day_off_problem(plan.answers.placement.start, plan.answers.unit.country):
        yield START, problem
    labels = {choice.id: choice.label for choice in tailor(guide, plan.profile).choices[ACTIVITIES]}
    suiting = {chosen.activity.id for chosen in plan.activities if chosen.activity}
    for one in plan.answers.placement.activities:
        if one not in suiting:
            yield ACTIVITIES, Problem("activity-left-out", {"activity": labels[one]})


def _is_met(milestone: Milestone, items: Iterable[Item]) -> bool:
    """Tell whether the unit has the item that a milestone is about."""
    return not milestone.item or any(item.id == milestone.item for item in items)


def _milestone(
    milestone: Milestone,
    items: Iterable[Item],
    open_ids: AbstractSet[str],
    timing: Timing,
    own_days: Mapping[str, date],
) -> _DatedMilestone:
    item = next((one for one in items if one.id == milestone.item), None)
    if item:
        day: date | None = own_days.get(item.id) or timing.due(item)
    else:
        day = timing.after(milestone.anchor, milestone.days)
    return _DatedMilestone(day, milestone.label, is_done=item is not None and item.id not in open_ids)


def _sources(
    guide: Guide, profile: Profile, said: Iterable[Item | Advice | Role | Risk | FollowUp | Sheet | Activity]
) -> tuple[Source, ...]:
    """Return the sources of everything that the plan says and that hold for the unit, in the guide's order."""
    used = {source for record in said for source in record.sources}
    return tuple(source for source in guide.sources if source.id in used and applies(source.when, profile))
