"""What was answered about one unit: from a draft, which may be unfinished and wrong, to Answers, which are neither.

A draft is a flat dict from key to value, `{"unit.name": "Ward 7", "support.managers": "yes"}`, with the keys of
answers.toml. The interview, `--set`, a file and a table row all fill the same kind of draft, and `check_answers`
judges them all alike.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from peerplan.errors import InputError, PrivacyError, Problem
from peerplan.guide import Guide, Kind
from peerplan.messages import languages
from peerplan.privacy import check_text
from peerplan.workdays import countries

Draft = dict[str, object]

MISSING = "missing"
EVERYWHERE = ""  # the key of the place of all answers that have none of their own

NAME_LIMIT = 100
TEXT_LIMIT = 200
NOTE_LIMIT = 2000
MOST_PARTICIPANTS = 200
SHOWN = 40  # characters of a wrong value that an error shows

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINES = re.compile(r"(?![\n\t])" + _CONTROL.pattern)
_MARKDOWN = re.compile(r"^\s*(#{1,6}\s|>|```)|\*\*|__|`|~~|\*\S[^*]*\*|!?\[[^\]]*\]\(|<[a-z/!][^>]*>", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;]")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _wrong(message: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(message, message, values)


def _shown(value: object) -> str:
    text = _CONTROL.sub(" ", str(value))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def nearest(value: str, known: Mapping[str, str]) -> str:
    """The known id nearest to what was written, as `known` leads to it from ids and labels; or nothing."""
    found = get_close_matches(value.casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""


def _one_line(limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        value = value.strip()
        if _CONTROL.search(value):
            raise _wrong("line-break")
        if len(value) > limit:
            raise _wrong("too-long", limit=limit, length=len(value))
        return value

    return check


def _plain_name(value: str) -> str:
    if not value:
        raise _wrong(MISSING)
    if _MARKDOWN.search(value):
        raise _wrong("markdown")
    return value


def _note(value: str) -> str:
    if _CONTROL_BUT_LINES.search(value):
        raise _wrong("control-character")
    if len(value) > NOTE_LIMIT:
        raise _wrong("too-long", limit=NOTE_LIMIT, length=len(value))
    return value.strip()


def _day(value: object) -> object:
    """A date, or ISO text; everything else could be read in more than one way."""
    value = typed("date", value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and (slashed := _SLASHED.fullmatch(value.strip())):
        raise _wrong("ambiguous-date", value=_shown(value), year=slashed[3])
    raise _wrong("not-a-date", value=_shown(value))


def _participants(value: object) -> object:
    number = typed("integer", value)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_PARTICIPANTS:
        raise _wrong("not-a-number", value=_shown(value), most=MOST_PARTICIPANTS)
    return number


def _list(value: object) -> object:
    """A list, or its parts as one text: "nursing, medicine"."""
    return tuple(value) if isinstance(value := typed("list", value), list) else value


def _email(value: str) -> str:
    if value:
        try:
            validate_email(value, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise _wrong("not-an-email") from None
    return value


def _country(value: str) -> str:
    if value.upper() not in countries():
        raise _wrong("unknown-country", value=_shown(value))
    return value.upper()


def _language(value: str) -> str:
    if value not in languages():
        raise _unknown_choice(value, {language: language for language in languages()})
    return value


def _choice_of(key: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo[Guide]) -> str:
        choices = info.context.fact(key).choices
        if value and value not in {choice.id for choice in choices}:
            raise _unknown_choice(value, {choice.id: choice.label for choice in choices})
        return value

    return AfterValidator(check)


def _unknown_choice(value: str, labels: Mapping[str, str]) -> PydanticCustomError:
    known = {name.casefold(): choice for choice, label in labels.items() for name in (choice, label)}
    near = known.get(value.casefold()) or nearest(value, known)
    message = "unknown-choice-near" if near else "unknown-choice"
    return _wrong(message, value=_shown(value), near=near, choices=", ".join(labels))


def typed(kind: Kind, value: object) -> object:
    """An answer as answers.toml holds it: text that is a date, a number or a list becomes one."""
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
Lines = Annotated[tuple[Line, ...], BeforeValidator(_list)]
Note = Annotated[str, AfterValidator(_note)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Coordinator(Part):
    name: Line = ""
    role: Annotated[str, _choice_of("unit.coordinator.role")] = ""
    email: Email = ""


class Unit(Part):
    name: Name
    setting: Annotated[str, _choice_of("unit.setting")]
    workplace: Line = ""
    professions: Lines = ()
    country: Annotated[Line, AfterValidator(_country)]
    coordinator: Coordinator = Coordinator()


class Placement(Part):
    start: Day
    end: Day | None = None
    audience: Annotated[str, _choice_of("placement.audience")]
    scope: Annotated[str, _choice_of("placement.scope")]
    level: Annotated[str, _choice_of("placement.level")] = ""
    participants: Annotated[int, BeforeValidator(_participants)] | None = None
    institution: Line = ""
    programme: Line = ""
    activities: Annotated[tuple[Annotated[str, _choice_of("placement.activities")], ...], BeforeValidator(_list)] = ()

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        if self.end and self.end < self.start:
            raise _wrong("end-before-start", start=self.start.isoformat(), end=self.end.isoformat())
        return self


class Answers(Part):
    """All that was answered about one unit. `items` holds an option's id by item id, `notes` a text by item id."""

    language: Annotated[str, AfterValidator(_language)]
    unit: Unit
    placement: Placement
    items: dict[str, str]
    notes: dict[str, Note]


def known_keys(guide: Guide) -> tuple[str, ...]:
    """Every key that answers.toml may hold, in its order."""
    items = [f"{item.area}.{item.id}" for item in guide.items]
    return (
        "language",
        *(fact.key for fact in guide.facts),
        *items,
        *(f"notes.{item.id}" for item in guide.items),
    )


def check_answers(draft: Mapping[str, object], guide: Guide, places: Mapping[str, str] | None = None) -> Answers:
    """Turn a draft into Answers.

    places says where each key was written ("answers.toml:4"), for the errors.

    Raises:
        InputError: with a problem for everything that is missing or wrong, in the order of the keys.
        PrivacyError: if a text holds a personal identity number.
    """
    problems = [replace(problem, place=_place(key, places or {})) for key, problem in find_problems(draft, guide)]
    if problems:
        raise InputError(*problems)
    findings = (check_text(value, _place(key, places or {})) for key, value in draft.items() if isinstance(value, str))
    if certain := [problem for found in findings for problem in found.certain]:
        raise PrivacyError(*certain)
    return _validated(draft, guide)


def refuse_wrong(draft: Mapping[str, object], guide: Guide, places: Mapping[str, str]) -> None:
    """Judge what a draft holds, but not what it lacks.

    Raises:
        InputError: with a problem for everything that is wrong.
    """
    problems = [(key, one) for key, one in find_problems(draft, guide) if one.message != MISSING]
    if problems:
        raise InputError(*(replace(one, place=_place(key, places)) for key, one in problems))


def _place(key: str, places: Mapping[str, str]) -> str:
    return ": ".join(filter(None, (places.get(key, places.get(EVERYWHERE)), key)))


def find_problems(draft: Mapping[str, object], guide: Guide) -> Iterator[tuple[str, Problem]]:
    """Everything that is missing or wrong in a draft: the key, and the problem without a place."""
    known = known_keys(guide)
    for key in draft:
        if key not in known:
            near = _nearest_key(key, known)
            yield key, Problem("unknown-key-near" if near else "unknown-key", {"near": near})
    for item in guide.items:
        key = f"{item.area}.{item.id}"
        labels = {option.id: option.label for option in guide.options_of(item)}
        if key in draft and not (isinstance(draft[key], str) and draft[key] in labels):
            refused = _unknown_choice(str(draft[key]), labels)
            yield key, Problem(refused.type, refused.context or {})
    try:
        _validated(draft, guide)
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            yield _key_of(wrong["loc"]), Problem(_MESSAGES.get(wrong["type"], wrong["type"]), wrong.get("ctx", {}))


# pydantic's own error types, in our words
_MESSAGES = {"string_type": "not-a-text", "tuple_type": "not-a-list"}


def _key_of(loc: tuple[int | str, ...]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    return "placement.end" if names == ["placement"] else ".".join(names)


def _nearest_key(key: str, known: tuple[str, ...]) -> str:
    """The key that was probably meant: the same name in another table, else the most similar one."""
    same_name = [
        one for one in known if one.rpartition(".")[2] == key.rpartition(".")[2] and not one.startswith("notes.")
    ]
    return same_name[0] if same_name else nearest(key, {one.casefold(): one for one in known})


def _validated(draft: Mapping[str, object], guide: Guide) -> Answers:
    nested: dict[str, Any] = {
        "language": guide.language,
        "unit": {},
        "placement": {},
        "items": {},
        "notes": {},
    }
    defaults = {fact.key: fact.default for fact in guide.facts if fact.default}
    areas = {area.id for area in guide.areas}
    for key in known_keys(guide):
        value = draft.get(key, "")
        value = defaults.get(key, "") if value == "" else value
        if value == "":
            continue
        *tables, name = key.split(".")
        table = nested
        for part in ("items" if part in areas else part for part in tables):
            table = table.setdefault(part, {})
        table[name] = value
    return Answers.model_validate(nested, context=guide)
