"""Answers -> Plan: what is in place, what has to be done by whom and when, and whether the unit can start.

Pure: no files, no clock. The day that "late" is judged by is passed in.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol, cast

from peerplan.answers.model import Answers
from peerplan.answers.questions import IN_PLACE, answer_options
from peerplan.guide.guide import Guide
from peerplan.guide.model import Advice, Item, Option, Risk, Role, Sheet, Source
from peerplan.guide.tailoring import Profile, Tailored, Words, applies, tailor
from peerplan.plan.checklist import Checklist, checklist
from peerplan.plan.dates import Timing, Week
from peerplan.plan.outlook import (
    Phase,
    Verdict,
    can_be_done,
    next_steps,
    phase_of,
    profile_of,
    smaller_helps,
    timing_of,
    verdict_of,
)
from peerplan.plan.points import (
    DatedFollowUp,
    DatedLetter,
    DatedMilestone,
    dated_follow_ups,
    dated_letters,
    dated_milestones,
    with_follow_ups,
)
from peerplan.plan.readiness import Action, AreaStatus, action_of, actions_for, area_status
from peerplan.plan.timetable import ChosenActivity, any_activity, chosen_activities, timetable

Standing = Literal["ready", "ready-to-try", "short-of-time", "not-yet", "under-way", "over"]


class _Citing(Protocol):
    """A record that names its sources by their ids."""

    @property
    def sources(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the documents say about one unit.

    `squeezed` holds the weeks there were to prepare and the usual ones, where there were less than half of these.
    `verdict` is about the start, and None once the placement has begun. `actions` are those that can be done in this
    phase, in the order to do them, `left_over` what is not in place and can be done no more, and `settled` what is in
    place. `short` are the
    essential actions that take longer than the time that is left; `earliest_start` is the first day on which all
    essential ones could be in place, and `smaller_helps` tells that they could be for single activities.
    `reply_by` is the day by which the readers of a letter are asked to reply, or None if it has passed or the letter
    goes no earlier.
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
    milestones: tuple[DatedMilestone, ...]
    letters: tuple[DatedLetter, ...]
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

    @property
    def to_begin(self) -> tuple[Action, ...]:
        """What to begin at once beside the next steps, as it takes longer than there is time before the start."""
        pressing = (action for action in self.actions if action.presses and self.phase == "before")
        return tuple(action for action in pressing if action not in self.next_steps)


def make_plan(answers: Answers, guide: Guide, as_of: date) -> Plan:
    """Return the plan that the answers call for, as it stands on a day."""
    profile, placement = profile_of(answers, guide), answers.placement
    unit = tailor(guide, profile)
    items = unit.items
    timing = timing_of(answers, items, guide, as_of)
    phase = phase_of(timing)
    given = answer_options(items, answers.items, guide)
    open_ids = {item.id for item in items if given[item.id].state not in IN_PLACE}
    called_for = (_as_she_says(one, answers, timing) for one in actions_for(items, given, guide, timing).values())
    open_actions = sorted(called_for, key=lambda action: action.due)
    actions = tuple(one for one in open_actions if can_be_done(one, phase))
    short = tuple(one for one in actions if one.is_short) if phase == "before" else ()
    areas = tuple(_areas(unit, given, answers, actions))
    follow_ups = dated_follow_ups(unit.follow_ups, timing)
    activities = chosen_activities(placement, unit, guide, profile.level)
    to_practise = activities or [any_activity(guide, profile.level)]
    risks = tuple(risk for risk in unit.risks if not risk.open or open_ids & set(risk.open))
    letters = [item for item in items if item.fallback]  # what the first day makes up for
    talks = {item.id for item in letters} if timing.no_day_is_left else set[str]()
    to_send = {one.id: one.due for one in actions if one.id not in talks}
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
        next_steps=next_steps(actions, is_short=bool(short)),
        next_follow_up=None if phase == "before" else next((one for one in follow_ups if one.is_to_come), None),
        short=short,
        earliest_start=timing.earliest_start(items, [one.id for one in actions]) if short else None,
        smaller_helps=bool(short) and smaller_helps(answers, guide, as_of),
        reply_by=_reply_by(letters, guide, timing),
        letter_is_too_late=timing.no_day_is_left
        and not timing.is_late(placement.start)
        and any(item.id in open_ids for item in letters),
        roles=unit.roles,
        advice=unit.advice,
        milestones=_to_remember(unit, open_ids, timing, answers, follow_ups),
        letters=tuple(dated_letters(unit.letters, to_send, timing, phase)),
        activities=activities,
        sheets=unit.sheets,
        timetable=tuple(timetable(timing, profile.group, placement.participants, to_practise)),
        risks=risks,
        follow_ups=follow_ups,
        sources=_sources(
            guide,
            profile,
            *([item for item in items if item.id in open_ids], risks),
            *(unit.advice, unit.roles, unit.follow_ups, unit.sheets),
            [one.activity for one in activities if one.activity],
        ),
    )


def _reply_by(letters: Iterable[Item], guide: Guide, timing: Timing) -> date | None:
    """Return the day by which readers are asked to reply, if it is to come and a letter is to go before it."""
    day = timing.weeks_before(guide.reply_weeks)
    return None if timing.is_late(day) or any(timing.due(item) >= day for item in letters) else day


def _as_she_says(action: Action, answers: Answers, timing: Timing) -> Action:
    """Return an action with the day and the name that a person gave it."""
    if action.id not in answers.due and action.id not in answers.who:
        return action
    due = answers.due.get(action.id, action.due)
    return replace(action, due=due, late=timing.is_late(due), who=answers.who.get(action.id, ""))


def _to_remember(
    unit: Tailored, open_ids: Collection[str], timing: Timing, answers: Answers, follow_ups: Iterable[DatedFollowUp]
) -> tuple[DatedMilestone, ...]:
    """Return the days to remember: once the placement has begun, none of what is not in place."""
    phase = phase_of(timing)
    items = [item for item in unit.items if phase == "before" or item.id not in open_ids]
    milestones = tuple(dated_milestones(unit.milestones, items, open_ids, timing, answers.due))
    return with_follow_ups(milestones, follow_ups) if phase == "under-way" else milestones


def _areas(
    unit: Tailored, given: Mapping[str, Option], answers: Answers, actions: Iterable[Action]
) -> Iterator[AreaStatus]:
    by_id = {action.id: action for action in actions}
    for area in unit.areas:
        if any(item.area == area.id for item in unit.items):
            yield area_status(area, unit.items, given, answers.notes, by_id)


def _sources(guide: Guide, profile: Profile, *said: Iterable[_Citing]) -> tuple[Source, ...]:
    """Return the sources of everything that the plan says and that hold for the unit, in the guide's order."""
    used = {source for records in said for record in records for source in record.sources}
    return tuple(source for source in guide.sources if source.id in used and applies(source.when, profile))
