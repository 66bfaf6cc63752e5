"""Makes the guide speak about one unit: what applies to it, and in its own words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from peerplan.guide.guide import Guide
from peerplan.guide.model import (
    Activity,
    Advice,
    Area,
    Choice,
    Fact,
    FollowUp,
    Item,
    Milestone,
    Risk,
    Role,
    Sheet,
    Together,
)
from peerplan.guide.texts import Group, When

# The fact that each field of a condition looks at; `group` is counted, not chosen.
FACT_OF_CONDITION = {
    "setting": "unit.setting",
    "scope": "placement.scope",
    "level": "placement.level",
    "audience": "placement.audience",
    "coordinator": "unit.coordinator.role",
    "called": "placement.called",
}
PARTICIPANTS = "placement.participants"
NONE = "none"  # the level of a unit that has not said it, and the coordinator of one that has not said who coordinates
REPLACED = ("lead", "label", "question", "why", "partly", "title", "steps")

Model = TypeVar("Model", bound=BaseModel)
Conditional = TypeVar("Conditional", Advice, FollowUp, Milestone, Risk, Role, Sheet)


@dataclass(frozen=True, slots=True)
class Profile:
    """What conditions in the content look at; empty is not known yet."""

    setting: str = ""
    scope: str = ""
    level: str = NONE
    audience: str = ""
    group: Group = "unknown"
    coordinator: str = NONE
    called: str = ""


def profile_from(guide: Guide, value_of: Callable[[str], object]) -> Profile:
    """Return the profile of a unit; value_of gives the answer to a fact by its key, or something empty.

    What the unit is not asked counts as not answered, such as a level that was given before it chose new colleagues.
    """
    chosen = {name: str(value_of(key) or "") for name, key in FACT_OF_CONDITION.items()}
    participants = value_of(PARTICIPANTS)
    group = group_of(participants if isinstance(participants, int) else None)
    given = Profile(**chosen, group=group)
    asked = {name: chosen[name] for name, key in FACT_OF_CONDITION.items() if applies(guide.fact(key).when, given)}
    return Profile(**{name: answer for name, answer in asked.items() if answer}, group=group)


def group_of(participants: int | None) -> Group:
    """Return "one", "even" or "odd": what decides whether there are pairs."""
    if participants is None:
        return "unknown"
    if participants == 1:
        return "one"
    return "odd" if participants % 2 else "even"


def applies(when: When, profile: Profile) -> bool:
    """Tell whether a condition holds for the unit."""
    return all(not allowed or getattr(profile, name) in allowed for name, allowed in when)


class Words(dict[str, str]):
    """The unit's words by token; a token with a capital gives the word with a capital."""

    def __missing__(self, token: str) -> str:
        if not token[0].isupper():
            raise KeyError(token)
        word = self[token[0].lower() + token[1:]]
        return word[0].upper() + word[1:]


def words_for(guide: Guide, profile: Profile) -> Words:
    """Return the guide's words with those that the unit's choices and its number replace."""
    words = Words(guide.words)
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(profile, name)
        for choice in guide.fact(key).choices:
            if choice.id == chosen:
                words.update(choice.words)
    if profile.group == "one":
        words.update({word: words[other] for word, other in guide.words_of_one.items()})
    return words


def fill(value: Model, words: Mapping[str, str]) -> Model:
    """Return the same record with every word in braces replaced."""
    return value.model_copy(update={name: _filled(field, words) for name, field in value})


def _filled(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return value.format_map(words) if "{" in value else value
    if isinstance(value, tuple):
        return tuple(_filled(one, words) for one in value)
    if isinstance(value, BaseModel):
        return fill(value, words)
    return value


@dataclass(frozen=True, slots=True)
class Tailored:
    """The guide for one unit: the records that hold for it, in its words.

    `facts` are what it is asked, with the choices it is offered; `choices` are all choices, by the fact's key.
    """

    words: Words
    areas: tuple[Area, ...]
    facts: tuple[Fact, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    items: tuple[Item, ...]
    questions: tuple[Together, ...]
    advice: tuple[Advice, ...]
    activities: tuple[Activity, ...]
    risks: tuple[Risk, ...]
    follow_ups: tuple[FollowUp, ...]
    roles: tuple[Role, ...]
    milestones: tuple[Milestone, ...]
    sheets: tuple[Sheet, ...]


@lru_cache(maxsize=256)  # many units in a table are of few kinds
def tailor(guide: Guide, profile: Profile) -> Tailored:
    """Make the guide speak to a unit of this profile."""
    words = words_for(guide, profile)
    return Tailored(
        words=words,
        areas=tuple(fill(area, words) for area in guide.areas),
        facts=tuple(fill(_offered(fact, profile), words) for fact in guide.facts if applies(fact.when, profile)),
        choices={fact.key: tuple(fill(choice, words) for choice in fact.choices) for fact in guide.facts},
        items=tuple(fill(_variant(item, profile), words) for item in guide.items if applies(item.when, profile)),
        questions=tuple(fill(question, words) for question in guide.questions),
        advice=_those_for(guide.advice, profile, words),
        activities=tuple(fill(activity, words) for activity in guide.activities),
        risks=_those_for(guide.risks, profile, words),
        follow_ups=_those_for(guide.follow_ups, profile, words),
        roles=_those_for(guide.roles, profile, words),
        milestones=_those_for(guide.milestones, profile, words),
        sheets=_those_for(guide.sheets, profile, words),
    )


def _offered(fact: Fact, profile: Profile) -> Fact:
    return fact.model_copy(update={"choices": tuple(one for one in fact.choices if applies(one.when, profile))})


def _those_for(records: Iterable[Conditional], profile: Profile, words: Words) -> tuple[Conditional, ...]:
    return tuple(fill(record, words) for record in records if applies(record.when, profile))


def _variant(item: Item, profile: Profile) -> Item:
    """Return the item with what its variants say for the unit; later ones win."""
    for variant in item.variants:
        if applies(variant.when, profile):
            said = {name: text for name in REPLACED if (text := getattr(variant, name)) is not None}
            steps = (*said.get("steps", item.steps), *variant.more)
            sources = tuple(dict.fromkeys((*item.sources, *variant.sources)))
            item = item.model_copy(update={**said, "steps": steps, "sources": sources})
    return item
