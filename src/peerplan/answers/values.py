"""What one answer may be: a text on one line, a day, a number, a choice; and what is said of a value that is none."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from peerplan.answers.days import days_of
from peerplan.answers.email import email_problem
from peerplan.answers.privacy import CONTROL, UNREADABLE, shown
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Kind
from peerplan.guide.workdays import countries
from peerplan.text import is_seen

MISSING, NOT_READABLE = "missing", "unreadable"

NAME_LIMIT = 100
TEXT_LIMIT = 200
NOTE_LIMIT = 5000
MOST_PARTICIPANTS = 200
MOST_DIGITS = 1000  # Python reads no number of more than 4,300

_CONTROL_BUT_LINES = re.compile(r"(?![\n\t])" + CONTROL.pattern)
_MARKDOWN = re.compile(r"^\s*(#{1,6}\s|>|```)|\*\*|__|`|~~|\*\S[^*]*\*|!?\[[^\]]*\]\(|<[a-z/!][^>]*>", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;]")


def wrong(message: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(message, message, values)


def nearest(value: str, known: Mapping[str, str]) -> str:
    """Return the closest known id, or ""; `known` maps ids and labels to ids."""
    found = get_close_matches(value.casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""


def _one_line(limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        value = _readable(value).strip()
        if CONTROL.search(value):
            raise wrong("line-break")
        if len(value) > limit:
            raise wrong("too-long", limit=limit, length=len(value))
        return value

    return check


def _plain_name(value: str) -> str:
    if not is_seen(value):
        raise wrong(MISSING)
    if _MARKDOWN.search(value):
        raise wrong("markdown")
    return value


def _readable(value: str) -> str:
    if UNREADABLE.search(value):
        raise wrong(NOT_READABLE)
    return value


def _note(value: str) -> str:
    _readable(value)
    if _CONTROL_BUT_LINES.search(value):
        raise wrong("control-character")
    if len(value) > NOTE_LIMIT:
        raise wrong("too-long", limit=NOTE_LIMIT, length=len(value))
    return value.strip()


def _day(value: object, info: ValidationInfo[Guide]) -> object:
    """Accept a date, or text that can be only one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, bool | datetime) or not isinstance(value, str | int):
        raise wrong("not-a-date", value=shown(value))
    day = days_of(info.context).read(str(value))  # 20270118 is a number to TOML
    if isinstance(day, Problem):
        raise wrong(day.message, **day.values)
    return day


def _participants(value: object) -> object:
    number = _number_in(value) if isinstance(value, str) else value
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_PARTICIPANTS:
        raise wrong("not-a-number", value=shown(value), most=MOST_PARTICIPANTS)
    return number


def _list(value: object) -> object:
    """Accept a list, or its parts as one text: "nursing, medicine"; keep each once."""
    if isinstance(value, str):
        value = _parts_of(value)
    if not isinstance(value, list):
        return value
    try:
        return tuple(dict.fromkeys(value))
    except TypeError:  # of something else than texts, which is refused
        return tuple(value)


def _email(value: str) -> str:
    if value and (problem := email_problem(value)):
        raise wrong(problem.message, **problem.values)
    return value


def _country(value: str) -> str:
    if value.upper() not in countries():
        raise wrong("unknown-country", value=shown(value))
    return value.upper()


def choice_of(key: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo[Guide]) -> str:
        choices = info.context.fact(key).choices
        if value and value not in {choice.id for choice in choices}:
            raise unknown_choice(value, {choice.id: choice.label for choice in choices})
        return value

    return AfterValidator(check)


def unknown_choice(value: str, labels: Mapping[str, str]) -> PydanticCustomError:
    known = {name.casefold(): choice for choice, label in labels.items() for name in (choice, label)}
    near = known.get(value.casefold()) or nearest(value, known)
    message = "unknown-choice-near" if near else "unknown-choice"
    return wrong(message, value=shown(value), near=near, choices=", ".join(labels))


def typed(kind: Kind, value: object, guide: Guide) -> object:
    """Return an answer as answers.toml holds it: text that is a date, a number or a list becomes one."""
    if not isinstance(value, str):
        return value
    if kind in ("list", "choices"):
        return _parts_of(value)
    if kind == "integer":
        return _number_in(value)
    if kind == "date" and isinstance(day := days_of(guide).read(value), date):
        return day
    return value.strip()


def _parts_of(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _number_in(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else text


Line = Annotated[str, AfterValidator(_one_line(TEXT_LIMIT))]
Name = Annotated[str, AfterValidator(_one_line(NAME_LIMIT)), AfterValidator(_plain_name)]
Email = Annotated[Line, AfterValidator(_email)]
Day = Annotated[date, BeforeValidator(_day)]
List = BeforeValidator(_list)  # of a tuple
Lines = Annotated[tuple[Line, ...], List]
Note = Annotated[str, AfterValidator(_note)]
Number = Annotated[int, BeforeValidator(_participants)]
Country = Annotated[Line, AfterValidator(_country)]
