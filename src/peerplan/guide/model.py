"""The domain as data: the models of content/*.toml, in one language.

Words in braces (`{learner}`) are filled in later, when it is known whom the plan is for: see tailoring.py.
"""

from typing import Literal

from pydantic import Field

from peerplan.guide.texts import Record, Text, Texts, When

State = Literal["done", "partly", "open", "unknown", "not-applicable"]
Kind = Literal["text", "email", "list", "integer", "date", "country", "choice", "choices"]
Anchor = Literal["start", "first-week", "middle", "last-week", "end"]


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
    """One possible value of a fact, and what choosing it means. `words` replace the guide's words then.

    `when` says to whom it is offered; it can be chosen all the same.
    """

    id: str
    label: Text
    about: Text = ""
    when: When = When()
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

    `lead` is in weeks before the placement's start, by scope, with a `default`. `without` names shared options that
    the item does not have.
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
    without: tuple[str, ...] = ()
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


class Advice(Record):
    """What others have seen, or what usually helps, and what to do with it."""

    id: str
    text: Text
    sources: tuple[str, ...]
    when: When = When()


class Activity(Record):
    """A structured learning activity in four steps. `turns` says who leads when, and when the two swap.

    With a `teaching_note`, the supervisor shows one of them first.
    """

    id: str
    objective: Text
    plan: Text
    check_in: Text
    perform: Text
    follow_up: Text
    turns: Text
    sources: tuple[str, ...]
    teaching_note: Text = ""


class Risk(Record):
    """What may go wrong, and what to do; shown while one of the `open` items is not in place, or always."""

    id: str
    risk: Text
    action: Text
    sources: tuple[str, ...]
    when: When = When()
    open: tuple[str, ...] = ()


class FollowUp(Record):
    """A point in time to look back: `days` after the anchor.

    The anchors are the first and the last day, the first Friday at least two days later, the Monday of the last week
    and the day midway.
    """

    id: str
    anchor: Anchor
    days: int
    title: Text
    whom: Text
    questions: Texts
    sources: tuple[str, ...]
    when: When = When()


class Role(Record):
    """What an owner of actions does in the plan."""

    id: str
    owner: str
    text: Text
    sources: tuple[str, ...]
    when: When = When()


class Letters(Record):
    """How many weeks before the start the readers of a letter are asked to reply."""

    reply: int


class Guide(Record):
    """All content, in one language. It is loaded once, so a guide is equal to itself only, and quick to compare."""

    language: str
    languages: tuple[Language, ...]
    words: dict[str, Text]
    letters: Letters
    options: tuple[Option, ...]
    owners: tuple[Owner, ...]
    areas: tuple[Area, ...]
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    advice: tuple[Advice, ...]
    activities: tuple[Activity, ...]
    risks: tuple[Risk, ...]
    follow_ups: tuple[FollowUp, ...]
    roles: tuple[Role, ...]
    sources: tuple[Source, ...]

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def fact(self, key: str) -> Fact:
        return next(fact for fact in self.facts if fact.key == key)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def owner_label(self, owner_id: str) -> str:
        return next(owner.label for owner in self.owners if owner.id == owner_id)

    def options_of(self, item: Item) -> tuple[Option, ...]:
        return item.options or tuple(option for option in self.options if option.id not in item.without)
