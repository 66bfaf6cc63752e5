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
from functools import lru_cache
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
    events = _Events(plan, guide, UUID(plan_id))
    lines = [
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//peerplan//peerplan//EN",
        b"METHOD:PUBLISH",
        _line("X-WR-CALNAME", name),
        *events.placement(),
        *(line for action in plan.actions for line in events.action(action)),
        *(line for one in plan.answers.own if one.due for line in events.own_line(one, one.due)),
        *(line for one in plan.follow_ups if one.day for line in events.follow_up(one.day, one.follow_up)),
        *(line for one in (*plan.settled, *plan.left_over) for line in _cancelled(events.action(one))),
        b"END:VCALENDAR",
        b"",
    ]
    return b"\r\n".join(lines)


class _Events:
    """Makes the events of one plan, line by line."""

    def __init__(self, plan: Plan, guide: Guide, plan_id: UUID) -> None:
        self.plan = plan
        self.guide = guide
        self.plan_id = plan_id
        self.unit = one_line(plan.answers.unit.name)

    def placement(self) -> Iterator[bytes]:
        placement = self.plan.answers.placement
        message = "calendar-placement" if placement.end else "calendar-start"
        summary = self.guide.say(message, learners=self.plan.words["Learners"], unit=self.unit)
        return self._event("placement", (placement.start, placement.end or placement.start), summary)

    def action(self, action: Action) -> Iterator[bytes]:
        steps = (action.owner_label, "", *(f"{number}. {step}" for number, step in enumerate(action.steps, 1)))
        return self._event(action.id, (action.due, action.due), f"{action.title} ({self.unit})", steps)

    def own_line(self, own: OwnLine, due: date) -> Iterator[bytes]:
        about = (own.note,) if own.note else ()
        event = self._event(f"own {own.title}", (due, due), f"{one_line(own.title)} ({self.unit})", about)
        return _cancelled(event) if own.done else event

    def follow_up(self, day: date, follow_up: FollowUp) -> Iterator[bytes]:
        about = (follow_up.whom, "", *(f"- {question}" for question in follow_up.questions))
        return self._event(f"follow-up {follow_up.anchor}", (day, day), f"{follow_up.title} ({self.unit})", about)

    def _event(self, name: str, days: tuple[date, date], summary: str, about: tuple[str, ...] = ()) -> Iterator[bytes]:
        first, last = days
        yield b"BEGIN:VEVENT"
        yield f"UID:{uuid5(self.plan_id, name)}".encode()
        yield f"DTSTAMP:{_MADE}".encode()
        yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}".encode()
        yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}".encode()  # the end does not belong to the event
        yield _line("SUMMARY", summary)
        if about:
            yield _description(about)
        yield b"TRANSP:TRANSPARENT"
        yield b"END:VEVENT"


def _cancelled(event: Iterator[bytes]) -> Iterator[bytes]:
    for line in event:
        if line == b"END:VEVENT":
            yield b"STATUS:CANCELLED"
        yield line


@lru_cache(maxsize=512)  # the plans of a table call for the same actions
def _description(lines: tuple[str, ...]) -> bytes:
    return _line("DESCRIPTION", "\n".join(lines))


def _line(name: str, text: str) -> bytes:
    """Write a line, cut into pieces of at most 75 octets, each but the first after a blank; cut no character in two."""
    line = f"{name}:{text.translate(_ESCAPES)}".encode()
    pieces = []
    while len(line) > LINE_LIMIT:
        end = LINE_LIMIT
        while line[end] in _WITHIN_A_CHARACTER:
            end -= 1
        pieces.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*pieces, line])
