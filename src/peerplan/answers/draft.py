"""What was answered about one unit: from a draft, which may be unfinished and wrong, to Answers, which are neither.

A draft is a flat dict from key to value, `{"unit.name": "Ward 7", "support.managers": "yes"}`, with the keys of
answers.toml. The interview, `--set`, a file and a table row all fill the same kind of draft, and `check_answers`
judges them all alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from pydantic import ValidationError

from peerplan.answers.keys import DUE, END, ITEM_WORDS, LANGUAGE, NOTES, OWN, PLANNED_FROM, START
from peerplan.answers.model import Answers
from peerplan.answers.privacy import IDENTITY_NUMBER, check_text
from peerplan.answers.values import MISSING, nearest, unknown_choice
from peerplan.errors import AND_MORE, InputError, PeerplanError, PrivacyError, Problem
from peerplan.guide.blanks import FILLED
from peerplan.guide.guide import Guide

Draft = dict[str, object]

NOT_ANSWERED: tuple[object, ...] = ("", [], ())  # what stands in answers.toml for a question that was passed over
MOST_UNKNOWN = 20  # keys that are told one by one: a file with more is no file of answers
EVERYWHERE = ""  # the key of the place of all answers that have none of their own


@lru_cache(maxsize=16)
def known_keys(guide: Guide) -> tuple[str, ...]:
    """Return every key that answers.toml may hold, in its order, but for those of blanks that a kit added."""
    words = (f"{table}.{item.id}" for table in ITEM_WORDS for item in guide.items)
    blanks = (f"{FILLED}.{blank.id}" for blank in guide.blanks if not blank.key)
    items = (item.key for item in guide.items)
    return (LANGUAGE, PLANNED_FROM, *(fact.key for fact in guide.facts), *items, *words, *blanks, OWN)


def _keys_of(draft: Mapping[str, object], guide: Guide) -> tuple[str, ...]:
    """Return the keys that this draft may hold."""
    own_blanks = [key for key in draft if key.startswith(f"{FILLED}.")]
    return tuple(dict.fromkeys((*known_keys(guide)[:-1], *own_blanks, OWN)))


def with_planned_from(draft: Draft, as_of: date, planned_start: object) -> Draft:
    """Return the draft with the day on which it was first planned for its start.

    planned_start is the start that it was planned for before, None if there was none.
    """
    is_planned = draft.get(PLANNED_FROM) and planned_start in (None, draft.get(START))
    return draft if is_planned or START not in draft else {**draft, PLANNED_FROM: as_of}


def for_next_time(draft: Draft, guide: Guide) -> Draft:
    """Return a draft for the next placement: what has to be done each time is not known yet, and no day is set.

    What was noted and filled in about the last one is left out.
    """
    unknown = unknown_answers(guide)
    anew = [item for item in guide.items if item.each_time]
    each = {item.key: unknown[item.key] for item in anew if item.key in draft}
    over = {f"{NOTES}.{item.id}" for item in anew}
    over |= {blank.key or f"{FILLED}.{blank.id}" for blank in guide.blanks if blank.each_time}
    kept = {key: value for key, value in draft.items() if not key.startswith(f"{DUE}.") and key not in over}
    own = kept.get(OWN)
    if isinstance(own, list | tuple):
        kept[OWN] = [{key: value for key, value in one.items() if key != "due"} | {"done": False} for one in own]
    return {**kept, **each}


def unknown_answers(guide: Guide) -> dict[str, str]:
    """Return for each item the answer that it is not known."""
    return {
        item.key: option.id for item in guide.items for option in guide.options_of(item) if option.state == "unknown"
    }


class _Checked(NamedTuple):
    """A draft that was gone through: the answers, or else what is missing or wrong, by key and without a place."""

    answers: Answers | None
    problems: tuple[tuple[str, Problem], ...]

    def refuse(self, places: Mapping[str, str], *, but: str = "") -> None:
        """Raise what is wrong; places says where each key was written ("answers.toml:4"), `but` is let pass.

        Raises:
            InputError: with a problem for everything that is missing or wrong, in the order of the keys.
            PrivacyError: the same, if something is a personal identity number.
        """
        problems = [replace(one, place=_place(key, places)) for key, one in self.problems if one.message != but]
        if problems:
            raise refusal(problems)

    def accepted(self, places: Mapping[str, str]) -> Answers:
        """Return the answers.

        Raises:
            InputError, PrivacyError: as refuse does.
        """
        self.refuse(places)
        return cast("Answers", self.answers)


def check_answers(draft: Mapping[str, object], guide: Guide, places: Mapping[str, str] | None = None) -> Answers:
    """Turn a draft into Answers; places says where each key was written, for the errors.

    Raises:
        InputError, PrivacyError: as _Checked.refuse does.
    """
    return check_draft(draft, guide).accepted(places or {})


def refusal(problems: Sequence[Problem]) -> PeerplanError:
    """Return the error for what is wrong in answers: an identity number weighs most."""
    kind = PrivacyError if any(one.message == IDENTITY_NUMBER for one in problems) else InputError
    return kind(*problems)


def _place(key: str, places: Mapping[str, str]) -> str:
    return ": ".join(filter(None, (places.get(key, places.get(EVERYWHERE)), key)))


def check_draft(draft: Mapping[str, object], guide: Guide) -> _Checked:
    """Validate a draft in one pass: it becomes Answers, or a problem for everything that is missing or wrong.

    A value with an identity number is not looked at further, so that nothing else shows it. An empty one is no answer.
    """
    draft = {key: value for key, value in draft.items() if value not in NOT_ANSWERED}
    found = dict(_identity_numbers(draft))
    known = _keys_of(draft, guide)
    names = frozenset(known)
    found |= _unknown_keys([key for key in draft if key not in names], known)
    found |= {key: problem for key, problem in _wrong_options(draft, guide) if key not in found}
    answers, wrong = _validated(
        {key: value for key, value in draft.items() if key in names and key not in found}, guide
    )
    meant = {problem.values.get("near") for problem in found.values()}
    others = [
        (key, problem)
        for key, problem in wrong
        if key not in found and not (problem.message == MISSING and key in meant)
    ]
    problems = (*found.items(), *others)
    return _Checked(None if problems else answers, problems)


def _identity_numbers(draft: Mapping[str, object]) -> Iterator[tuple[str, Problem]]:
    for key, value in draft.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for found in check_text(text, "").certain[:1]:
            yield key, found


def doubtful_numbers(answers: Answers) -> Iterator[tuple[str, Problem]]:
    """Yield what may be an identity number, for a person to judge: the key, and the problem without a place."""
    for key, text in _texts(answers.model_dump(by_alias=True)):
        for found in check_text(text, "").doubtful:
            yield key, found


def _texts(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", value


def _unknown_keys(unknown: Sequence[str], known: tuple[str, ...]) -> dict[str, Problem]:
    """Return what to say of the first keys that there are not, and at the next one how many more there are."""
    found = {}
    for key in unknown[:MOST_UNKNOWN]:
        near = _nearest_key(key, known)
        found[key] = Problem("unknown-key-near" if near else "unknown-key", {"near": near})
    if more := unknown[MOST_UNKNOWN:]:
        found[more[0]] = Problem(AND_MORE, {"count": len(more)})
    return found


def _wrong_options(draft: Mapping[str, object], guide: Guide) -> Iterator[tuple[str, Problem]]:
    for item in guide.items:
        if (key := item.key) not in draft:
            continue
        labels = {option.id: option.label for option in guide.options_of(item)}
        if not (isinstance(draft[key], str) and draft[key] in labels):
            refused = unknown_choice(str(draft[key]), labels)
            yield key, Problem(refused.type, refused.context or {})


# pydantic's own error types, in our words
_MESSAGES = {
    "string_type": "not-a-text",
    "tuple_type": "not-a-list",
    "bool_type": "not-a-truth",
    "bool_parsing": "not-a-truth",
    "model_type": "not-a-line",
    "extra_forbidden": "unknown-key",
}


def _key_of(loc: tuple[int | str, ...]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    return END if names == ["placement"] else ".".join(names)


def _nearest_key(key: str, known: tuple[str, ...]) -> str:
    """Return the key that was probably meant: the same name in another table, else the most similar one."""
    same_name = [
        one
        for one in known
        if one.rpartition(".")[2] == key.rpartition(".")[2] and one.partition(".")[0] not in (*ITEM_WORDS, FILLED)
    ]
    return same_name[0] if same_name else nearest(key, {one.casefold(): one for one in known})


def _validated(draft: Mapping[str, object], guide: Guide) -> tuple[Answers | None, list[tuple[str, Problem]]]:
    """Return the answers, or else what the models say against them, by key."""
    nested: dict[str, Any] = {"language": guide.language, "unit": {}, "placement": {}, "items": {}}
    defaults = {fact.key: fact.default for fact in guide.facts if fact.default}
    areas = {area.id for area in guide.areas}
    for key in _keys_of(draft, guide):
        value = draft.get(key, defaults.get(key))
        if value is None or key == LANGUAGE:
            continue
        *tables, name = key.split(".")
        table = nested
        for part in ("items" if part in areas else part for part in tables):
            table = table.setdefault(part, {})
        table[name] = value
    try:
        return Answers.model_validate(nested, context=guide), []
    except ValidationError as error:
        wrong = {
            (_key_of(one["loc"]), one["type"]): one for one in error.errors(include_url=False, include_input=False)
        }
        return None, [
            (key, Problem(_MESSAGES.get(kind, kind), one.get("ctx", {}))) for (key, kind), one in wrong.items()
        ]
