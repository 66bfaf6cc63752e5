"""What a person should look at before a plan is made of her answers, though it could be. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from peerplan.answers.keys import ACTIVITIES, START
from peerplan.answers.model import Answers
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.tailoring import tailor
from peerplan.guide.workdays import working_days_of
from peerplan.plan.plan import Plan


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
