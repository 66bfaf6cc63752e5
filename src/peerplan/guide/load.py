"""Reads content/*.toml into guides, and refuses content that contradicts itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from peerplan.errors import InputError, Problem
from peerplan.guide.checks import contradictions
from peerplan.guide.guide import Guide
from peerplan.guide.texts import NO_TEXT
from peerplan.messages import Messages, missing_texts, read_toml

# What the program says, and reads lists by.
NOT_GUIDE = frozenset(
    {"example.toml", "help.toml", "help-commands.toml", "messages.toml", "privacy.toml", "roster.toml"}
)


@dataclass(frozen=True)
class Content:
    """The lists and tables of all content files, in every language, and the file that each of them is in."""

    records: Mapping[str, Any]
    homes: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(record["id"] for record in self.records["languages"])

    @cached_property
    def contradictions(self) -> tuple[Problem, ...]:
        """What is wrong with records together, which is the same in every language, with the file and the record."""
        found = contradictions(self.records)
        return tuple(replace(one, place=f"{self.homes[top]}: {one.place}") for top, one in found)


def read_content(folder: Path) -> Content:
    """Read the files of a content folder.

    Raises:
        InputError: if a file is not TOML, two hold the same list, or none has the languages.
    """
    records: dict[str, Any] = {}
    homes: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in NOT_GUIDE:
            continue
        for key, value in read_toml(path).items():
            if key in records:
                raise InputError(Problem("content-duplicate", {"id": key}, path.name))
            records[key] = value
            homes[key] = path.name
    if "languages" not in records:
        raise InputError(Problem("content-wrong", {"what": "has no languages"}, str(folder)))
    return Content(records, homes)


def guide_in(language: str, content: Content, messages: Messages) -> Guide:
    """Make the guide in one language.

    Raises:
        InputError: naming the file and the record, for a missing translation, an unknown id, a cycle, a
            duplicate, or anything else that the models do not know.
    """
    try:
        guide = Guide.model_validate(
            {**content.records, "language": language, "messages": messages},
            context={"language": language, "languages": content.languages},
        )
    except ValidationError as error:
        raise InputError(*_wrong_records(error, content)) from None
    if content.contradictions:
        raise InputError(*content.contradictions)
    return guide


def _wrong_records(error: ValidationError, content: Content) -> Iterator[Problem]:
    """Tell what is wrong in each record, and of a language that many texts lack once for each file."""
    lacking: dict[tuple[str, str], list[str]] = {}
    for wrong in error.errors(include_url=False, include_input=False):
        file, place = _place([str(part) for part in wrong["loc"]], content)
        if wrong["type"] == NO_TEXT:
            lacking.setdefault((file, wrong["ctx"]["language"]), []).append(place)
        else:
            yield Problem("content-wrong", {"what": wrong["msg"]}, f"{file}: {place}" if place else file)
    for (file, language), places in lacking.items():
        yield from missing_texts(file, language, places)


def _place(loc: list[str], content: Content) -> tuple[str, str]:
    """Return the file, and the record and field in it: `items.toml` and `rooms: steps.2`."""
    top, *rest = loc
    if rest and rest[0].isdigit():
        record = content.records[top][int(rest[0])]
        rest[0] = str(record.get("id") or record.get("key") or f"{top} {int(rest[0]) + 1}")
    return content.homes.get(top, top), ": ".join((*rest[:1], *filter(None, [".".join(rest[1:])])))
