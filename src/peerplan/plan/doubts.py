"""What a person should look at before a plan is made of her answers, though it could be. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from peerplan.answers.keys import ACTIVITIES, END, START
from peerplan.answers.model import Answers
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.tailoring import tailor
from peerplan.guide.workdays import working_days_of
from peerplan.plan.plan import Plan

YEAR = timedelta(366)
FAR = 2 * YEAR  # for which nobody plans yet


def begun_problem(start: date, as_of: date) -> Problem | None:
    """Return the problem of a new plan for a placement that has begun by that day, or None."""
    return Problem("has-begun", {"start": start, "as_of": as_of}) if start < as_of else None


def doubtful_start(start: date, country: str, as_of: date) -> Problem | None:
    """Return the problem of a start in a year that nobody plans for yet, or on a day off in the country, or None."""
    if start > as_of + FAR:
        return Problem("start-far", {"start": start})
    return None if working_days_of(country)(start) else Problem("start-day-off", {"start": start})


def doubtful_end(start: date, end: date | None, country: str) -> Problem | None:
    """Return the problem of an end in a year that may be a slip, or on a day off in the country, or None.

    A placement of one day is told of its day once, as the start.
    """
    if end is None or end == start:
        return None
    if end > start + YEAR:
        return Problem("end-far", {"end": end})
    return None if working_days_of(country)(end) else Problem("end-day-off", {"end": end})


def refuse_begun(answers: Answers, as_of: date, places: Mapping[str, str]) -> None:
    """Refuse a new plan for a placement that has begun; places says where each key was given.

    Raises:
        InputError: if the placement has begun.
    """
    if problem := begun_problem(answers.placement.start, as_of):
        raise InputError(replace(problem, place=": ".join(filter(None, (places.get(START), START)))))


def doubtful_choices(plan: Plan, guide: Guide, as_of: date) -> Iterator[tuple[str, Problem]]:
    """Yield what was chosen but does not suit the unit, and so is left out, and days that may be a slip.

    Gives the key, and the problem.
    """
    placement, country = plan.answers.placement, plan.answers.unit.country
    if problem := doubtful_start(placement.start, country, as_of):
        yield START, problem
    if problem := doubtful_end(placement.start, placement.end, country):
        yield END, problem
    labels = {choice.id: choice.label for choice in tailor(guide, plan.profile).choices[ACTIVITIES]}
    suiting = {chosen.activity.id for chosen in plan.activities if chosen.activity}
    for one in plan.answers.placement.activities:
        if one not in suiting:
            yield ACTIVITIES, Problem("activity-left-out", {"activity": labels[one]})
