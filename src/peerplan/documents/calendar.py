"""Plan -> plan.ics: the placement, the actions, a person's own lines and the follow-ups as all-day events. Pure.

What is done is cancelled there, and so is what can be done no more: an event that is only left out stays in a calendar
that was filled from an earlier file.

A calendar program recognises an event by its id, which depends on the plan's id and the action's only: renaming the
unit or moving a date keeps it. Nobody is invited, and no time is blocked.

RFC 5545 asks for little more than escaping and folding, so the lines are written here: a library needs as long for
one calendar as all documents of a plan together. The tests read it back with one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

from peerplan.answers.model import OwnLine
from peerplan.guide.guide import Guide
from peerplan.guide.model import FollowUp
from peerplan.plan.plan import Plan
from peerplan.plan.readiness import Action
from peerplan.text import one_line

FILE_NAME = "plan.ics"

LINE_LIMIT = 75  # octets, RFC 5545 section 3.1
_WITHIN_A_CHARACTER = range(0x80, 0xC0)  # in UTF-8

# RFC 5545 wants to know when the event was made. The same answers give the same bytes, so it is always this day.
_MADE = "20260101T000000Z"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar_file(plan: Plan, guide: Guide, plan_id: str) -> bytes:
    """Return the calendar of a plan; plan_id is kept in the folder's record."""
    name = guide.say("calendar-name", unit=one_line(plan.answers.unit.name))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//peerplan//peerplan//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{name.translate(_ESCAPES)}",
        *_placement(plan, guide, plan_id),
        *(line for action in plan.actions for line in _action(action, plan, plan_id)),
        *(line for one in plan.answers.own if one.due for line in _own_line(one, one.due, plan, plan_id)),
        *(line for one in plan.follow_ups if one.day for line in _follow_up(one.day, one.follow_up, plan, plan_id)),
        *(line for one in (*plan.settled, *plan.left_over) for line in _cancelled(_action(one, plan, plan_id))),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line.encode()) + b"\r\n" for line in lines)


def _placement(plan: Plan, guide: Guide, plan_id: str) -> Iterator[str]:
    placement = plan.answers.placement
    message = "calendar-placement" if placement.end else "calendar-start"
    summary = guide.say(message, learners=plan.words["Learners"], unit=one_line(plan.answers.unit.name))
    return _event(plan_id, "placement", (placement.start, placement.end or placement.start), summary)


def _action(action: Action, plan: Plan, plan_id: str) -> Iterator[str]:
    summary = f"{action.title} ({one_line(plan.answers.unit.name)})"
    steps = [action.owner_label, "", *(f"{number}. {step}" for number, step in enumerate(action.steps, 1))]
    return _event(plan_id, action.id, (action.due, action.due), summary, "\n".join(steps))


def _own_line(own: OwnLine, due: date, plan: Plan, plan_id: str) -> Iterator[str]:
    summary = f"{one_line(own.title)} ({one_line(plan.answers.unit.name)})"
    event = _event(plan_id, f"own {own.title}", (due, due), summary, own.note)
    return _cancelled(event) if own.done else event


def _cancelled(event: Iterator[str]) -> Iterator[str]:
    for line in event:
        if line == "END:VEVENT":
            yield "STATUS:CANCELLED"
        yield line


def _follow_up(day: date, follow_up: FollowUp, plan: Plan, plan_id: str) -> Iterator[str]:
    summary = f"{follow_up.title} ({one_line(plan.answers.unit.name)})"
    description = "\n".join([follow_up.whom, "", *(f"- {question}" for question in follow_up.questions)])
    return _event(plan_id, f"follow-up {follow_up.anchor}", (day, day), summary, description)


def _event(plan_id: str, name: str, days: tuple[date, date], summary: str, description: str = "") -> Iterator[str]:
    first, last = days
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(UUID(plan_id), name)}"
    yield f"DTSTAMP:{_MADE}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"  # the end does not belong to the event
    yield f"SUMMARY:{summary.translate(_ESCAPES)}"
    if description:
        yield f"DESCRIPTION:{description.translate(_ESCAPES)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _folded(line: bytes) -> bytes:
    """Cut a line into pieces of at most 75 octets, each but the first after a blank; cut no character in two."""
    pieces = []
    while len(line) > LINE_LIMIT:
        end = LINE_LIMIT
        while line[end] in _WITHIN_A_CHARACTER:
            end -= 1
        pieces.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*pieces, line])
