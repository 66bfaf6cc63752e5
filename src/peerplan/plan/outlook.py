"""How a unit stands on a day: before its placement, in it or after it, and whether it can start. Pure."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Literal

from peerplan.answers.keys import SCOPE
from peerplan.answers.model import Answers
from peerplan.answers.questions import answer_options
from peerplan.guide.guide import Guide
from peerplan.guide.model import Item
from peerplan.guide.tailoring import Profile, profile_from, tailor
from peerplan.plan.dates import MOST_WEEKS, WEEK, Leads, Timing, lead_of
from peerplan.plan.readiness import Action, actions_for

NEXT_STEPS = 3

Phase = Literal["before", "under-way", "over"]
Verdict = Literal["ready", "ready-to-try", "short-of-time", "not-yet"]


def profile_of(answers: Answers, guide: Guide) -> Profile:
    """Return what conditions in the content look at."""
    return profile_from(guide, lambda key: attrgetter(key)(answers))


def timing_of(answers: Answers, items: Iterable[Item], guide: Guide, as_of: date) -> Timing:
    placement = answers.placement
    return Timing(
        placement.start,
        placement.end,
        placement.scope,
        answers.unit.country,
        as_of,
        Leads(
            planned_from=answers.planned_from,
            longest=max((lead_of(item, placement.scope) for item in items), default=0),
            quiet=guide.quiet,
        ),
    )


def phase_of(timing: Timing) -> Phase:
    """Return where the day lies. A placement without an end is over when the longest one would be."""
    if timing.as_of < timing.start:
        return "before"
    return "over" if timing.is_late(timing.end or timing.start + MOST_WEEKS * WEEK) else "under-way"


def can_be_done(action: Action, phase: Phase) -> bool:
    """Tell whether there is any use in an action: once the placement has begun, its day must come or it must last."""
    return phase == "before" or (phase == "under-way" and (action.under_way or not action.late))


def smaller_helps(answers: Answers, guide: Guide, as_of: date) -> bool:
    """Tell whether the unit would have time enough if it did what a short time allows."""
    scope = guide.fact(SCOPE).short_time
    if not scope:
        return False
    smaller = answers.model_copy(update={"placement": answers.placement.model_copy(update={"scope": scope})})
    items = tailor(guide, profile_of(smaller, guide)).items
    given = answer_options(items, answers.items, guide)
    actions = actions_for(items, given, guide, timing_of(smaller, items, guide, as_of)).values()
    return not any(action.is_short for action in actions)


def verdict_of(actions: tuple[Action, ...]) -> Verdict:
    if any(action.blocks for action in actions):
        return "not-yet"
    if any(action.is_short for action in actions):
        return "short-of-time"
    return "ready-to-try" if actions else "ready"


def next_steps(actions: Iterable[Action], *, is_short: bool) -> tuple[Action, ...]:
    """Return what to do next: what blocks first and, where the time is short, what is essential before the rest."""
    ordered = sorted(actions, key=lambda one: (not one.blocks, is_short and not one.essential))
    return tuple(ordered[:NEXT_STEPS])
