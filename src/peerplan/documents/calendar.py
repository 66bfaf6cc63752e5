"""Plan -> plan.ics: the placement, the actions, a person's own lines and the follow-ups as all-day events. Pure.

What is done is cancelled there, and so is what can be done no more: an event that is only left out stays in a calendar
that was filled from an earlier file.

A calendar program recognises an event by its id, which depends on the plan's id and the action's only: renaming the
unit or moving a date keeps it. Nobody is invited, and no time is blocked.

RFC 5545 asks for little more than escaping and folding, so the lines are written here: a library needs as long for
one calendar as all documents of a plan together. The tests read it back with one.
"""

from collections.abc import Iterable
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
        events.placement(),
        *map(events.action, plan.actions),
        *(events.own_line(one, one.due) for one in plan.answers.own if one.due),
        *(events.follow_up(one.day, one.follow_up) for one in plan.follow_ups if one.day),
        *(events.action(one, is_cancelled=True) for one in (*plan.settled, *plan.left_over)),
        b"END:VCALENDAR",
        b"",
    ]
    return b"\r\n".join(lines)


class _Events:
    """Makes the events of one plan."""

    def __init__(self, plan: Plan, guide: Guide, plan_id: UUID) -> None:
        self.plan = plan
        self.guide = guide
        self.plan_id = plan_id
        self.unit = one_line(plan.answers.unit.name)

    def placement(self) -> bytes:
        placement = self.plan.answers.placement
        message = "calendar-placement" if placement.end else "calendar-start"
        summary = self.guide.say(message, learners=self.plan.words["Learners"], unit=self.unit)
        return self._event("placement", (placement.start, placement.end or placement.start), summary)

    def action(self, action: Action, *, is_cancelled: bool = False) -> bytes:
        about = _steps(action.owner_label, action.steps)
        summary = f"{action.title} ({self.unit})"
        return self._event(action.id, (action.due, action.due), summary, about, is_cancelled=is_cancelled)

    def own_line(self, own: OwnLine, due: date) -> bytes:
        about = _description([own.note]) if own.note else b""
        summary = f"{one_line(own.title)} ({self.unit})"
        return self._event(f"own {own.title}", (due, due), summary, about, is_cancelled=own.done)

    def follow_up(self, day: date, follow_up: FollowUp) -> bytes:
        about = _questions(follow_up.whom, follow_up.questions)
        return self._event(f"follow-up {follow_up.anchor}", (day, day), f"{follow_up.title} ({self.unit})", about)

    def _event(
        self, name: str, days: tuple[date, date], summary: str, about: bytes = b"", *, is_cancelled: bool = False
    ) -> bytes:
        first, after = days[0], days[1] + timedelta(days=1)  # the end does not belong to the event
        lines = [
            f"BEGIN:VEVENT\r\nUID:{uuid5(self.plan_id, name)}\r\nDTSTAMP:{_MADE}".encode(),
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}\r\nDTEND;VALUE=DATE:{after:%Y%m%d}".encode(),
            _line("SUMMARY", summary),
            about,
            b"TRANSP:TRANSPARENT",
            b"STATUS:CANCELLED" if is_cancelled else b"",
            b"END:VEVENT",
        ]
        return b"\r\n".join(filter(None, lines))


@lru_cache(maxsize=512)  # the plans of a table call for the same actions
def _steps(owner: str, steps: tuple[str, ...]) -> bytes:
    return _description([owner, "", *(f"{number}. {step}" for number, step in enumerate(steps, 1))])


@lru_cache(maxsize=64)
def _questions(whom: str, questions: tuple[str, ...]) -> bytes:
    return _description([whom, "", *(f"- {question}" for question in questions)])


def _description(lines: Iterable[str]) -> bytes:
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
