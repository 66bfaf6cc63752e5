"""Makes the guide speak about one unit: what applies to it, and in its own words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from peerplan.guide import Advice, Area, Choice, Fact, FollowUp, Guide, Item, Risk, Role
from peerplan.texts import Group, When

# The fact that each field of a condition looks at; `group` is counted, not chosen.
FACT_OF_CONDITION = {
    "setting": "unit.setting",
    "scope": "placement.scope",
    "level": "placement.level",
    "audience": "placement.audience",
    "coordinator": "unit.coordinator.role",
}
NOBODY = "none"  # the coordinator of a unit that has not said who coordinates
REPLACED = ("label", "question", "why", "partly", "title", "steps")

Model = TypeVar("Model", bound=BaseModel)
Conditional = TypeVar("Conditional", Advice, FollowUp, Risk, Role)


@dataclass(frozen=True, slots=True)
class Profile:
    """What conditions in the content look at; empty is not known yet."""

    setting: str = ""
    scope: str = ""
    level: str = ""
    audience: str = ""
    group: Group = "unknown"
    coordinator: str = NOBODY


def group_of(participants: int | None) -> Group:
    """One, an even or an odd number: what decides whether there are pairs."""
    if participants is None:
        return "unknown"
    if participants == 1:
        return "one"
    return "odd" if participants % 2 else "even"


def applies(when: When, profile: Profile) -> bool:
    """Whether a condition holds for the unit."""
    return all(not allowed or getattr(profile, name) in allowed for name, allowed in when)


class Words(dict[str, str]):
    """The unit's words by token; a token with a capital gives the word with a capital."""

    def __missing__(self, token: str) -> str:
        if not token[0].isupper():
            raise KeyError(token)
        word = self[token[0].lower() + token[1:]]
        return word[0].upper() + word[1:]


def words_for(guide: Guide, profile: Profile) -> Words:
    """The guide's words with those that the unit's choices replace."""
    words = Words(guide.words)
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(profile, name)
        for choice in guide.fact(key).choices:
            if choice.id == chosen:
                words.update(choice.words)
    return words


def fill(value: Model, words: Mapping[str, str]) -> Model:
    """The same record with every word in braces replaced."""
    return value.model_copy(update={name: _filled(field, words) for name, field in value})


def _filled(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return value.format_map(words) if "{" in value else value
    if isinstance(value, tuple):
        return tuple(_filled(one, words) for one in value)
    if isinstance(value, BaseModel):
        return fill(value, words)
    return value


def items_for(guide: Guide, profile: Profile) -> tuple[Item, ...]:
    """The items that apply to the unit, with its variants and words."""
    words = words_for(guide, profile)
    return tuple(fill(_variant(item, profile), words) for item in guide.items if applies(item.when, profile))


def areas_for(guide: Guide, profile: Profile) -> tuple[Area, ...]:
    """The areas, in the unit's words."""
    words = words_for(guide, profile)
    return tuple(fill(area, words) for area in guide.areas)


def facts_for(guide: Guide, profile: Profile) -> tuple[Fact, ...]:
    """The facts to be told about the unit, in its words, with the choices that it is offered."""
    words = words_for(guide, profile)
    offered = [
        fact.model_copy(update={"choices": tuple(one for one in fact.choices if applies(one.when, profile))})
        for fact in guide.facts
        if applies(fact.when, profile)
    ]
    return tuple(fill(fact, words) for fact in offered)


def choices_for(guide: Guide, key: str, words: Words) -> tuple[Choice, ...]:
    """All choices of a fact, in the unit's words."""
    return tuple(fill(choice, words) for choice in guide.fact(key).choices)


def those_for(records: Iterable[Conditional], profile: Profile, words: Words) -> tuple[Conditional, ...]:
    """The records that hold for the unit, in its words."""
    return tuple(fill(record, words) for record in records if applies(record.when, profile))


def _variant(item: Item, profile: Profile) -> Item:
    """The item with what its variants say for the unit; later ones win."""
    for variant in item.variants:
        if applies(variant.when, profile):
            said = {name: text for name in REPLACED if (text := getattr(variant, name)) is not None}
            steps = (*said.get("steps", item.steps), *variant.more)
            item = item.model_copy(update={**said, "steps": steps, "sources": (*item.sources, *variant.sources)})
    return item
