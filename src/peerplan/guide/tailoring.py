"""Makes the guide speak about one unit: what applies to it, and in its own words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import is_
from typing import Protocol, TypeVar, cast

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
    Sending,
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
Conditional = TypeVar("Conditional", Advice, Fact, FollowUp, Item, Sending, Milestone, Risk, Role, Sheet)


class _Conditional(Protocol):
    """A record that holds for some units."""

    @property
    def when(self) -> When: ...


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
    return all(getattr(profile, name) in allowed for name, allowed in when.stated)


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
    """Return the same record with every word in braces replaced, or the very record if it has none."""
    filled = {name: _filled(field, words) for name, field in vars(value).items()}
    changed = {name: field for name, field in filled.items() if field is not getattr(value, name)}
    return value.model_copy(update=changed) if changed else value


def _filled(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return value.format_map(words) if "{" in value else value
    if isinstance(value, tuple):
        filled = tuple(_filled(one, words) for one in value)
        return value if all(map(is_, filled, value)) else filled
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
    letters: tuple[Sending, ...]
    sheets: tuple[Sheet, ...]


class _Wording:
    """The guide's records in the words of some units: what a table of many units shares. Each is filled once."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._filled: dict[int, tuple[BaseModel, BaseModel]] = {}  # by identity: the record, and the filled one

    def all(self, records: Iterable[Model]) -> tuple[Model, ...]:
        return tuple(self._fill(record) for record in records)

    def those_for(self, profile: Profile, records: Iterable[Conditional]) -> tuple[Conditional, ...]:
        return self.all(record for record in records if applies(record.when, profile))

    def _fill(self, record: Model) -> Model:
        if id(record) not in self._filled:
            self._filled[id(record)] = record, fill(record, self.words)
        return cast("Model", self._filled[id(record)][1])


@lru_cache(maxsize=256)  # many units in a table are of few kinds
def tailor(guide: Guide, profile: Profile) -> Tailored:
    """Make the guide speak to a unit of this profile."""
    words = words_for(guide, profile)
    wording = _wording(guide, tuple(words.items()))
    facts = (_offered(guide, number, _indices(one.choices, profile)) for number, one in enumerate(guide.facts))
    items = (_varied(guide, number, _indices(one.variants, profile)) for number, one in enumerate(guide.items))
    return Tailored(
        words=words,
        areas=wording.all(guide.areas),
        facts=wording.those_for(profile, facts),
        choices={fact.key: wording.all(fact.choices) for fact in guide.facts},
        items=wording.those_for(profile, items),
        questions=wording.all(guide.questions),
        advice=wording.those_for(profile, guide.advice),
        activities=wording.all(guide.activities),
        risks=wording.those_for(profile, guide.risks),
        follow_ups=wording.those_for(profile, guide.follow_ups),
        roles=wording.those_for(profile, guide.roles),
        milestones=wording.those_for(profile, guide.milestones),
        letters=wording.those_for(profile, guide.letters),
        sheets=wording.those_for(profile, guide.sheets),
    )


@lru_cache(maxsize=64)
def _wording(guide: Guide, words: tuple[tuple[str, str], ...]) -> _Wording:  # noqa: ARG001 # a guide's own words
    return _Wording(Words(words))


def _indices(records: Iterable[_Conditional], profile: Profile) -> tuple[int, ...]:
    return tuple(number for number, record in enumerate(records) if applies(record.when, profile))


@lru_cache(maxsize=1024)
def _offered(guide: Guide, number: int, choices: tuple[int, ...]) -> Fact:
    """Return one of the facts with those of its choices that are offered."""
    fact = guide.facts[number]
    return fact.model_copy(update={"choices": tuple(fact.choices[one] for one in choices)})


@lru_cache(maxsize=1024)
def _varied(guide: Guide, number: int, variants: tuple[int, ...]) -> Item:
    """Return one of the items with what some of its variants say; later ones win."""
    item = guide.items[number]
    for variant in (item.variants[one] for one in variants):
        said = {name: text for name in REPLACED if (text := getattr(variant, name)) is not None}
        steps = (*said.get("steps", item.steps), *variant.more)
        sources = tuple(dict.fromkeys((*item.sources, *variant.sources)))
        item = item.model_copy(update={**said, "steps": steps, "sources": sources})
    return item
