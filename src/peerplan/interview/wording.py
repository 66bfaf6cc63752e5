"""What the interview says around a question, the same on every kind of screen."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from peerplan.answers.questions import Place, Step
from peerplan.guide.guide import Guide
from peerplan.plan.plan import Plan

WIDEST = 80
NARROWEST = 20
USUAL_WEEKS = 8  # to prepare, and of a placement
MENU_SIGNS = "\u25cf\u25cb"  # the filled and the open circle with which questionary marks choices


def width() -> int:
    """Return the columns to write in: the terminal's, but no more than read well."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def wrapped(text: str, indent: str = "") -> str:
    """Break a text into lines of the terminal's width; an address stays whole, to be clicked and copied."""
    return indent + broken(text, max(width(), NARROWEST) - len(indent), indent)


def broken(text: str, room: int, indent: str) -> str:
    """Break a text between words into lines of so many columns, the first without the indent of the others."""
    return f"\n{indent}".join(textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False))


def can_show_menus(environ: Mapping[str, str], encoding: str) -> bool:
    """Tell whether the terminal can be redrawn, and has the signs that menus use."""
    try:
        MENU_SIGNS.encode(encoding)
    except UnicodeEncodeError:
        return False
    return environ.get("TERM") != "dumb"


def heading(place: Place, guide: Guide) -> Iterator[str]:
    """Return where in the interview this is, and at the beginning of an area what the area is about."""
    yield guide.say("interview-progress", area=place.area, number=place.number, total=place.total)
    if place.is_first_in_area:
        yield place.about


def option_lines(step: Step) -> list[tuple[str, str]]:
    """Return the options, and how each is shown: its label, and what it means where that needs saying."""
    return [(one, ": ".join(filter(None, (label, step.meanings.get(one))))) for one, label in step.options]


def explanation(step: Step, guide: Guide) -> Iterator[str]:
    """Why the question is asked, what "partly" would mean, and why this is offered."""
    yield guide.say("interview-why", why=step.why)
    if step.partly:
        yield guide.say("interview-partly", partly=step.partly)
    if step.hint:
        yield step.hint


def date_hint(after: object, guide: Guide) -> str:
    """Return how a date is written, with one that could be meant: a Monday some weeks after a day."""
    day = after if isinstance(after, date) else date.min
    day += timedelta(weeks=USUAL_WEEKS, days=-day.weekday())
    language = guide.own_language
    long = language.short_date.format(day=day.day, month=language.months[day.month - 1], year=day.year)
    return guide.say("interview-date", long=long, short=day)


def source_lines(step: Step, guide: Guide) -> Iterator[str]:
    """Return where the question comes from."""
    for source in guide.sources:
        if source.id in step.sources:
            yield f"{source.title} ({source.publisher}): {source.url}"
    if not step.sources:
        yield guide.say("interview-no-source")


def date_lines(plan: Plan, guide: Guide) -> Iterator[str]:
    """Return what is due first in each area with the start that was chosen."""
    by_area = ([item.action for item in area.items if item.action] for area in plan.areas)
    first = [min(actions, key=lambda action: action.due) for actions in by_area if actions]
    if first:
        yield guide.say("interview-dates")
    for action in sorted(first, key=lambda action: action.due):
        message = "interview-due-past" if action.late else "interview-due"
        yield guide.say(message, date=action.due, title=action.title)


def short_time_lines(plan: Plan, offers: Iterable[Step], guide: Guide) -> Iterator[str]:
    """Return a warning if the time is short, what that means, and the ways out: a later start, and what is offered."""
    if plan.squeezed:
        weeks, usual = plan.squeezed
        yield guide.say("interview-short-time", weeks=weeks, usual=usual)
    if plan.short:
        yield guide.say("interview-short-of", titles=", ".join(action.title for action in plan.short))
    if plan.short:
        yield guide.say("interview-short-move", day=plan.earliest_start)
    elif plan.squeezed:
        yield guide.say("interview-short-later")
    for step in offers if plan.short or plan.squeezed else ():
        yield guide.say("interview-short-offer", label=dict(step.options)[step.short_time])
