"""Reads content/*.toml into a Guide, and refuses content that contradicts itself."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from peerplan.errors import InputError, Problem
from peerplan.guide.checks import contradictions
from peerplan.guide.model import Guide

CONTENT = Path(__file__).with_name("content")
NOT_GUIDE = frozenset({"messages.toml", "privacy.toml", "roster.toml"})  # what the program says, and reads lists by


@cache
def load_guide(language: str, folder: Path = CONTENT) -> Guide:
    """Read the content in one language.

    Raises:
        InputError: naming the file and the record, for a missing translation, an unknown id, a cycle, a
            duplicate, or anything else that the models do not know.
    """
    content: dict[str, Any] = {}
    homes: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in NOT_GUIDE:
            continue
        for key, records in _parse(path).items():
            if key in content:
                raise InputError(Problem("content-duplicate", {"id": key}, f"{path.name}"))
            content[key] = records
            homes[key] = path.name
    if "languages" not in content:
        raise InputError(Problem("content-wrong", {"what": "has no languages"}, str(folder)))
    languages = tuple(record["id"] for record in content["languages"])
    try:
        guide = Guide.model_validate(
            content | {"language": language}, context={"language": language, "languages": languages}
        )
    except ValidationError as error:
        raise InputError(*_wrong_records(error, content, homes)) from None
    if problems := [replace(one, place=f"{homes[top]}: {one.place}") for top, one in contradictions(content)]:
        raise InputError(*problems)
    return guide


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("content-wrong", {"what": error}, path.name)) from None


def _wrong_records(error: ValidationError, content: dict[str, Any], homes: dict[str, str]) -> Iterator[Problem]:
    for wrong in error.errors(include_url=False, include_input=False):
        top, *rest = (str(part) for part in wrong["loc"])
        if rest and rest[0].isdigit():
            record = content[top][int(rest[0])]
            rest[0] = str(record.get("id") or record.get("key") or f"{top} {int(rest[0]) + 1}")
        place = ": ".join((homes.get(top, top), *rest[:1], *filter(None, [".".join(rest[1:])])))
        yield Problem("content-wrong", {"what": wrong["msg"]}, place)
