"""What content can get wrong although every record by itself is right."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from peerplan.errors import Problem
from peerplan.guide.tailoring import FACT_OF_CONDITION, NONE

Content = Mapping[str, Any]
Node = dict[str, Any]
Found = Iterator[tuple[str, Problem]]

# A field that names records, and the list that these stand in.
REFERENCES = {
    "area": "areas",
    "owner": "owners",
    "sources": "sources",
    "follows": "items",
    "replaces": "items",
    "open": "items",
    "item": "items",
    "implies": "items",
    "without": "options",
}


def contradictions(content: Content) -> Found:
    """Ids used twice, ids and words that there are not, and items that follow each other in a circle.

    Gives the list that each problem is in, and the problem with the record as its place.
    """
    lists = {top: records for top, records in content.items() if isinstance(records, list)}
    ids = {top: [_id(record) for record in records] for top, records in lists.items()}
    choices = {fact["key"]: {one["id"] for one in fact.get("choices", ())} for fact in lists["facts"]}
    yield from _used_twice(ids)
    activities = next(fact for fact in lists["facts"] if fact["key"] == "placement.activities")
    for unknown in {choice["id"] for choice in activities["choices"]} ^ set(ids["activities"]):
        yield "activities", Problem("content-unknown", {"id": unknown, "kind": "activities"}, unknown)
    for top, records in lists.items():
        for record in records:
            for unknown, kind in _unknown_ids(record, ids, choices):
                yield top, Problem("content-unknown", {"id": unknown, "kind": kind}, _id(record))
            for unknown in _unknown_words(record, content["words"]) if top != "languages" else ():
                yield top, Problem("content-unknown", {"id": unknown, "kind": "words"}, _id(record))
    yield from _unknown_members(lists["questions"], {*ids["items"], *ids["facts"]})
    for item in lists["items"]:
        for unknown in set(item.get("blocks", ())) - {one["id"] for one in item.get("options", content["options"])}:
            yield "items", Problem("content-unknown", {"id": unknown, "kind": "options"}, item["id"])
        if _in_circle(item, lists["items"]):
            yield "items", Problem("content-cycle", {"id": item["id"]}, item["id"])


def _unknown_members(questions: list[Node], known: set[str]) -> Found:
    for question in questions:
        sets = {key for option in question.get("options", ()) for key in option.get("sets", ())}
        for unknown in {*question["members"], *sets} - known:
            yield "questions", Problem("content-unknown", {"id": unknown, "kind": "items"}, question["id"])


def _id(record: Node) -> str:
    return str(record.get("id") or record.get("key"))


def _used_twice(ids: Mapping[str, list[str]]) -> Found:
    for top, names in ids.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield top, Problem("content-duplicate", {"id": name}, name)
    columns = {key.partition(".")[2].replace(".", "-") for key in ids["facts"]}
    for name in columns & set(ids["items"]):  # both are headings in a units table
        yield "items", Problem("content-duplicate", {"id": name}, name)


def _unknown_ids(
    record: Node, ids: Mapping[str, list[str]], choices: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Ids that a record names and that there are not, with the kind of thing they should be.

    choices are the ids of what each fact offers, by its key.
    """
    for node in _nodes(record):
        for field, kind in REFERENCES.items():
            named = node.get(field, ())
            for name in {named} if isinstance(named, str) else set(named):
                if name not in ids[kind]:
                    yield name, kind
        for field, values in node.get("when", {}).items():
            fact_key = FACT_OF_CONDITION.get(field)
            for value in set(values) - choices[fact_key] - {NONE} if fact_key else ():
                yield value, field
    leads = {scope for node in _nodes(record) for scope in node.get("lead", ())}
    for scope in leads - choices["placement.scope"] - {"default"}:
        yield scope, "scope"
    for level in set(record.get("earliest", ())) - choices["placement.level"] - {NONE}:
        yield level, "level"


def _nodes(value: object) -> Iterator[Node]:
    """Yield the record and all tables within it."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from _nodes(child)


def _unknown_words(record: Node, words: Node) -> set[str]:
    """Words in braces, and words that a choice replaces, which words.toml lacks."""
    used = set(re.findall(r"\{(\w+)\}", str(record)))
    used |= {word for choice in record.get("choices", ()) for word in choice.get("words", ())}
    return {word[0].lower() + word[1:] for word in used} - set(words)


def _in_circle(item: Node, items: list[Node]) -> bool:
    leaders = {one["id"]: one.get("follows", "") for one in items}
    seen: set[str] = set()
    leader = leaders[item["id"]]
    while leader and leader not in seen:
        seen.add(leader)
        leader = leaders.get(leader, "")
    return item["id"] in seen
