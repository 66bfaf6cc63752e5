"""Reads content/*.toml into a Guide, and refuses content that contradicts itself."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from peerplan.errors import InputError, Problem
from peerplan.guide import Guide, Item, When

CONTENT = Path(__file__).with_name("content")
NOT_GUIDE = "messages.toml"


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
        if path.name == NOT_GUIDE:
            continue
        for key, records in _parse(path).items():
            if key in content:
                raise InputError(Problem("content-duplicate", {"id": key}, f"{path.name}"))
            content[key] = records
            homes[key] = path.name
    languages = tuple(record["id"] for record in content["languages"])
    try:
        guide = Guide.model_validate(
            content | {"language": language}, context={"language": language, "languages": languages}
        )
    except ValidationError as error:
        raise InputError(*_wrong_records(error, content, homes)) from None
    if problems := tuple(_contradictions(guide, content, homes)):
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


def _contradictions(guide: Guide, content: dict[str, Any], homes: dict[str, str]) -> Iterator[Problem]:
    """Ids used twice, ids and words that do not exist, and items that follow each other in a circle."""
    ids = {key: [_id(record) for record in records] for key, records in content.items() if isinstance(records, list)}
    for key, used in ids.items():
        for twice in (name for name, count in Counter(used).items() if count > 1):
            yield Problem("content-duplicate", {"id": twice}, homes[key])
    columns = [fact.column for fact in guide.facts] + ids["items"]
    for twice in (name for name, count in Counter(columns).items() if count > 1):
        yield Problem("content-duplicate", {"id": twice}, "facts.toml, items.toml")
    for item in guide.items:
        for kind, used_ids in _references(item):
            for unknown in set(used_ids) - set(ids[kind]):
                yield Problem("content-unknown", {"id": unknown, "kind": kind}, f"{homes['items']}: {item.id}")
        for unknown in set(item.blocks) - {option.id for option in guide.options_of(item)}:
            yield Problem("content-unknown", {"id": unknown, "kind": "options"}, f"{homes['items']}: {item.id}")
        if _in_circle(guide, item):
            yield Problem("content-cycle", {"id": item.id}, f"{homes['items']}: {item.id}")
    yield from _unknown_values(guide, content, homes)
    yield from _unknown_words(guide, content, homes)


def _id(record: dict[str, Any]) -> str:
    return str(record.get("id") or record.get("key"))


def _references(item: Item) -> Iterator[tuple[str, Iterable[str]]]:
    yield "areas", [item.area]
    yield "owners", [item.owner]
    yield "sources", [*item.sources, *(source for variant in item.variants for source in variant.sources)]
    yield "items", [item.follows] if item.follows else []
    if item.fallback:
        yield "items", item.fallback.replaces
        yield "owners", [item.fallback.owner]


def _in_circle(guide: Guide, item: Item) -> bool:
    leaders = {one.id: one.follows for one in guide.items}
    seen: set[str] = set()
    leader = item.follows
    while leader and leader not in seen:
        seen.add(leader)
        leader = leaders.get(leader, "")
    return item.id in seen


def _unknown_values(guide: Guide, content: dict[str, Any], homes: dict[str, str]) -> Iterator[Problem]:
    """Conditions (`when`) and lead times that name a setting, scope, level or audience there is not."""
    known = {
        name: {choice.id for fact in guide.facts if fact.column == name for choice in fact.choices}
        for name in When.model_fields
        if name != "group"
    }
    for key, records in content.items():
        for record in records if isinstance(records, list) else []:
            for when in _conditions(record):
                for name, values in when.items():
                    for unknown in set(values) - known.get(name, set(values)):
                        yield Problem("content-unknown", {"id": unknown, "kind": name}, f"{homes[key]}: {_id(record)}")
            for unknown in set(record.get("lead", {})) - known["scope"] - {"default"}:
                yield Problem("content-unknown", {"id": unknown, "kind": "lead"}, f"{homes[key]}: {_id(record)}")


def _conditions(node: object) -> Iterator[dict[str, list[str]]]:
    if isinstance(node, dict):
        if isinstance(node.get("when"), dict):
            yield node["when"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _conditions(child)


def _unknown_words(guide: Guide, content: dict[str, Any], homes: dict[str, str]) -> Iterator[Problem]:
    """Words in braces, and words that a choice replaces, which words.toml lacks."""
    for key, records in content.items():
        if key == "languages":
            continue
        for record in records if isinstance(records, list) else [records]:
            used = set(re.findall(r"\{(\w+)\}", str(record)))
            used |= {word for choice in record.get("choices", ()) for word in choice.get("words", ())}
            for unknown in {word[0].lower() + word[1:] for word in used} - set(guide.words):
                yield Problem("content-unknown", {"id": unknown, "kind": "words"}, f"{homes[key]}: {_id(record)}")
