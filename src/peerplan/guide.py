"""The domain as data: content/*.toml -> one frozen Guide in one language.

Every text stands in the files once per language, side by side (`why.en`, `why.sv`). A Guide holds the texts
of the one language it was loaded in, as plain strings; loading checks that the others are there too.
Words in braces (`{learner}`) are filled in later, when it is known whom the plan is for: see tailoring.py.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

CONTENT = Path(__file__).with_name("content")

State = Literal["done", "partly", "open", "unknown", "not-applicable"]
Kind = Literal["text", "email", "list", "integer", "date", "country", "choice", "choices"]
Group = Literal["unknown", "one", "even", "odd"]


def _in_language(value: object, info: ValidationInfo[dict[str, Any]]) -> object:
    """Pick the text of the language that is being loaded; refuse one that another language lacks."""
    languages: tuple[str, ...] = info.context["languages"]
    if not isinstance(value, dict):
        raise PydanticCustomError("translation", "is not a text per language")
    for language in languages:
        if not value.get(language):
            raise PydanticCustomError("translation", "has no text in '{language}'", {"language": language})
    if unknown := set(value) - set(languages):
        raise PydanticCustomError(
            "translation", "has '{language}', which languages.toml lacks", {"language": min(unknown)}
        )
    texts = [value[language] for language in languages]
    if isinstance(texts[0], list) and len({len(text) for text in texts}) > 1:
        raise PydanticCustomError("translation", "has more texts in one language than in another")
    return value[info.context["language"]]


Text = Annotated[str, BeforeValidator(_in_language)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_in_language)]


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(Record):
    """For whom something holds. Every list that is given must contain the plan's value; none given: always."""

    setting: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    group: tuple[Group, ...] = ()


class Language(Record):
    """A language of the texts, and how it writes a date, with and without the weekday.

    `locales` are the beginnings of its locale names.
    """

    id: str
    name: str
    locales: tuple[str, ...]
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    date: str
    short_date: str


class Source(Record):
    """Where a statement comes from; the title stands in the source's own language."""

    id: str
    title: str
    publisher: str
    url: str


class Choice(Record):
    """One possible value of a fact, and what choosing it means. `words` replace the guide's words then."""

    id: str
    label: Text
    about: Text = ""
    words: dict[str, Text] = Field(default_factory=dict)


class Fact(Record):
    """Something to be told about the unit or the placement. `key` is its place in answers.toml.

    `default` holds where nothing is answered; `short_time` is what the interview offers instead when dates in the
    plan have passed already.
    """

    key: str
    kind: Kind
    label: Text
    question: Text
    why: Text
    required: bool = False
    default: str = ""
    short_time: str = ""
    choices: tuple[Choice, ...] = ()
    when: When = When()

    @property
    def column(self) -> str:
        """The fact's heading in a units table: `placement.start` is `start`."""
        return self.key.partition(".")[2].replace(".", "-")


class Option(Record):
    """A possible answer to an item, and what it means for the plan."""

    id: str
    label: Text
    state: State


class Variant(Record):
    """What an item says instead for some units; what is not given stays. `more` adds steps, `sources` add sources."""

    when: When
    label: Text | None = None
    question: Text | None = None
    why: Text | None = None
    partly: Text | None = None
    title: Text | None = None
    steps: Texts | None = None
    more: Texts = ()
    sources: tuple[str, ...] = ()


class Fallback(Record):
    """What is done on the first day when an item can no longer be done before it."""

    title: Text
    steps: Texts
    owner: str
    replaces: tuple[str, ...] = ()


class Item(Record):
    """One readiness item: a question, and the action it calls for until the answer is yes.

    `lead` is in weeks before the placement's start, by scope, with a `default`.
    """

    id: str
    area: str
    owner: str
    lead: dict[str, int]
    label: Text
    question: Text
    why: Text
    partly: Text
    title: Text
    steps: Texts
    sources: tuple[str, ...]
    options: tuple[Option, ...] = ()
    blocks: tuple[str, ...] = ()
    follows: str = ""
    when: When = When()
    fallback: Fallback | None = None
    variants: tuple[Variant, ...] = ()


class Area(Record):
    id: str
    label: Text
    about: Text


class Owner(Record):
    """A role that can own an action."""

    id: str
    label: Text


class Letters(Record):
    """How many weeks before the start the readers of a letter are asked to reply."""

    reply: int


class Guide(Record):
    """All content, in one language."""

    language: str
    languages: tuple[Language, ...]
    words: dict[str, Text]
    letters: Letters
    options: tuple[Option, ...]
    owners: tuple[Owner, ...]
    areas: tuple[Area, ...]
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    sources: tuple[Source, ...]

    def fact(self, key: str) -> Fact:
        return next(fact for fact in self.facts if fact.key == key)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def options_of(self, item: Item) -> tuple[Option, ...]:
        return item.options or self.options
