"""A draft -> the text of an answers.toml that is not there yet: each key under its question and its options. Pure.

One that is there is changed with tomlkit, which keeps what people wrote in it and takes a hundred times as long.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from peerplan.answers.draft import Draft, known_keys
from peerplan.answers.keys import LANGUAGE, OWN, PLANNED_FROM
from peerplan.answers.questions import draft_profile
from peerplan.guide.guide import Guide
from peerplan.guide.model import Fact
from peerplan.guide.tailoring import Profile, tailor

_BARE = re.compile(r"[A-Za-z0-9_-]+")

Comments = Mapping[str, tuple[str, ...]]


def new_answers(draft: Draft, guide: Guide) -> str:
    """Return the text of a new answers.toml. A table within a table is written on one line."""
    comments = comments_of(guide, draft_profile(draft, guide))
    nested: dict[str, Any] = {}
    for key in dict.fromkeys((*known_keys(guide), *draft)):
        if key in draft and key not in (LANGUAGE, OWN):
            *tables, name = key.split(".")
            table = nested
            for part in tables:
                table = table.setdefault(part, {})
            table[name] = draft[key]
    top = {name: value for name, value in nested.items() if not isinstance(value, dict)}
    lines = [f"# {guide.say('answers-heading')}", _line(LANGUAGE, draft.get(LANGUAGE, guide.language))]
    for name, value in top.items():
        lines += ["", *_lines("", {name: value}, comments)]
    for name, table in nested.items():
        if name not in top:
            lines += ["", f"[{name}]", *_lines(f"{name}.", table, comments)]
    for one in _own_lines(draft):
        lines += ["", f"[[{OWN}]]", *_lines("", one, {})]
    return "".join(f"{line}\n" for line in lines)


def _own_lines(draft: Draft) -> list[dict[str, object]]:
    own = draft.get(OWN)
    return [*own] if isinstance(own, list | tuple) else []


def _lines(prefix: str, table: Mapping[str, object], comments: Comments) -> Iterator[str]:
    """Yield the lines of a table; what is written on one line has the comments of everything in it above it."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        is_inner = isinstance(value, dict)
        for one in [one for one in comments if one.startswith(f"{key}.")] if is_inner else [key]:
            yield from (f"# {line}" for line in comments.get(one, ()))
        yield _line(name, value)


def _line(name: str, value: object) -> str:
    return f"{name if _BARE.fullmatch(name) else _text(name)} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(_line(name, one) for name, one in value.items())}}}"
    return _text(str(value))


def _text(text: str) -> str:
    """Write a text as JSON does, which is TOML too but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@lru_cache(maxsize=256)
def comments_of(guide: Guide, profile: Profile) -> Comments:
    """Return the comment above each key, by the key: the question, then what may be answered."""
    unit = tailor(guide, profile)
    comments: dict[str, tuple[str, ...]] = {PLANNED_FROM: (guide.say("answers-planned-from"),)}
    comments |= {fact.key: (fact.question, *_choices(fact)) for fact in unit.facts}
    for item in unit.items:
        options = " | ".join(option.id for option in guide.options_of(item))
        comments[item.key] = (item.question, options)
    return comments


def _choices(fact: Fact) -> tuple[str, ...]:
    return (" | ".join(choice.id for choice in fact.choices),) if fact.choices else ()
