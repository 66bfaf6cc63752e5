"""What one answer may be: a text on one line, a day, a number, a choice; and what is said of a value that is none."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from peerplan.answers.privacy import check_text
from peerplan.guide.guide import Guide
from peerplan.guide.model import Kind
from peerplan.guide.workdays import countries
from peerplan.text import one_line

MISSING, UNREADABLE = "missing", "unreadable"

NAME_LIMIT = 100
TEXT_LIMIT = 200
NOTE_LIMIT = 5000
MOST_PARTICIPANTS = 200
SHOWN = 40  # characters of a wrong value that an error shows

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNREADABLE = re.compile("[\ud800-\udfff]")  # half a character: what a terminal could not decode
_CONTROL_BUT_LINES = re.compile(r"(?![\n\t])" + _CONTROL.pattern)
_MARKDOWN = re.compile(r"^\s*(#{1,6}\s|>|```)|\*\*|__|`|~~|\*\S[^*]*\*|!?\[[^\]]*\]\(|<[a-z/!][^>]*>", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;]")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTHS = 12
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def wrong(message: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(message, message, values)


def _shown(value: object) -> str:
    """Return a wrong value as an error repeats it; what may be an identity number is masked."""
    if check_text(str(value), "").doubtful:
        value = re.sub(r"\d", "*", str(value))
    text = _UNREADABLE.sub("\ufffd", _CONTROL.sub(" ", str(value)))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def nearest(value: str, known: Mapping[str, str]) -> str:
    """Return the closest known id, or ""; `known` maps ids and labels to ids."""
    found = get_close_matches(value.casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""


def _one_line(limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        value = _readable(value).strip()
        if _CONTROL.search(value):
            raise wrong("line-break")
        if len(value) > limit:
            raise wrong("too-long", limit=limit, length=len(value))
        return value

    return check


def _plain_name(value: str) -> str:
    if not one_line(value):
        raise wrong(MISSING)
    if _MARKDOWN.search(value):
        raise wrong("markdown")
    return value


def _readable(value: str) -> str:
    if _UNREADABLE.search(value):
        raise wrong(UNREADABLE)
    return value


def _note(value: str) -> str:
    _readable(value)
    if _CONTROL_BUT_LINES.search(value):
        raise wrong("control-character")
    if len(value) > NOTE_LIMIT:
        raise wrong("too-long", limit=NOTE_LIMIT, length=len(value))
    return value.strip()


def _day(value: object) -> object:
    """Accept a date, or ISO text; everything else could be read in more than one way."""
    value = typed("date", value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    slashed = _SLASHED.fullmatch(value.strip()) if isinstance(value, str) else None
    if slashed and max(int(slashed[1]), int(slashed[2])) <= MONTHS:
        raise wrong("ambiguous-date", value=_shown(value), year=slashed[3])
    raise wrong("not-a-date", value=_shown(value))


def _participants(value: object) -> object:
    number = typed("integer", value)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_PARTICIPANTS:
        raise wrong("not-a-number", value=_shown(value), most=MOST_PARTICIPANTS)
    return number


def _list(value: object) -> object:
    """Accept a list, or its parts as one text: "nursing, medicine"; keep each once."""
    value = typed("list", value)
    if not isinstance(value, list):
        return value
    return tuple(one for number, one in enumerate(value) if one not in value[:number])


def _email(value: str) -> str:
    if value:
        try:
            validate_email(value, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise wrong("not-an-email") from None
    return value


def _country(value: str) -> str:
    if value.upper() not in countries():
        raise wrong("unknown-country", value=_shown(value))
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
    return wrong(message, value=_shown(value), near=near, choices=", ".join(labels))


def typed(kind: Kind, value: object) -> object:
    """Return an answer as answers.toml holds it: text that is a date, a number or a list becomes one."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind in ("list", "choices"):
        return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    if kind == "integer" and text.isdecimal():
        return int(text)
    if kind == "date" and _ISO_DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return text


Line = Annotated[str, AfterValidator(_one_line(TEXT_LIMIT))]
Name = Annotated[str, AfterValidator(_one_line(NAME_LIMIT)), AfterValidator(_plain_name)]
Email = Annotated[Line, AfterValidator(_email)]
Day = Annotated[date, BeforeValidator(_day)]
List = BeforeValidator(_list)  # of a tuple
Lines = Annotated[tuple[Line, ...], List]
Note = Annotated[str, AfterValidator(_note)]
Number = Annotated[int, BeforeValidator(_participants)]
Country = Annotated[Line, AfterValidator(_country)]
