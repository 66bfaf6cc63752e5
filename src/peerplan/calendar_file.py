"""Plan -> plan.ics: the placement and the open actions as all-day events. Pure.

A calendar program recognises an event by its id, which depends on the plan's id and the action's only: renaming the
unit or moving a date keeps it. Nobody is invited, and no time is blocked.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from peerplan.messages import say
from peerplan.planning import Plan

FILE_NAME = "plan.ics"

# RFC 5545 wants to know when the event was made. The same answers give the same bytes, so it is always this day.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def calendar_file(plan: Plan, plan_id: str) -> bytes:
    """The calendar of a plan; plan_id is kept in the folder's record."""
    calendar, unit = Calendar(), plan.answers.unit.name
    calendar.add("prodid", "-//peerplan//peerplan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say(plan.answers.language, "calendar-name", unit=unit))
    calendar.add_component(_placement(plan, plan_id))
    for action in plan.actions:
        steps = [action.owner, "", *(f"{number}. {step}" for number, step in enumerate(action.steps, 1))]
        event = _event(plan_id, action.id, (action.due, action.due), f"{action.title} ({unit})", "\n".join(steps))
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _placement(plan: Plan, plan_id: str) -> Event:
    placement, unit, language = plan.answers.placement, plan.answers.unit.name, plan.answers.language
    message = "calendar-placement" if placement.end else "calendar-start"
    summary = say(language, message, learners=plan.words["Learners"], unit=unit)
    return _event(plan_id, "placement", (placement.start, placement.end or placement.start), summary)


def _event(plan_id: str, name: str, days: tuple[date, date], summary: str, description: str = "") -> Event:
    first, last = days
    event = Event()
    event.add("uid", str(uuid5(UUID(plan_id), name)))
    event.add("dtstamp", _MADE)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the end does not belong to the event
    event.add("summary", summary)
    if description:
        event.add("description", description)
    event.add("transp", "TRANSPARENT")
    return event
