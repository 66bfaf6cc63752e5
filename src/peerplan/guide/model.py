"""The domain as data: the records of content/*.toml, in one language.

Words in braces (`{learner}`) are filled in later, when it is known whom the plan is for: see tailoring.py.
"""

from typing import Literal

from pydantic import Field

from peerplan.guide.texts import ContentModel, Text, Texts, When

State = Literal["done", "partly", "open", "unknown", "not-applicable"]
Kind = Literal["text", "email", "list", "integer", "date", "country", "choice", "choices"]
Anchor = Literal["start", "first-week", "middle", "last-week", "end"]


class Language(ContentModel):
    """A language of the texts.

    `tag` is how it is written where it is spoken (sv-SE), for a spelling checker. `names` are what people call it,
    `locales` the beginnings of its locale names, and `heading` is what a column of languages is called. `date` and
    `short_date` are how it writes a date, with and without the weekday; `blank` begins a place that a reader has to
    fill in, `[fill in: …]`. `delimiter` stands between the cells of a CSV file that Excel opens right where the
    language is spoken.
    """

    id: str
    tag: str
    name: str
    names: tuple[str, ...]
    locales: tuple[str, ...]
    heading: str
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    date: str
    short_date: str
    blank: str
    delimiter: str


class Source(ContentModel):
    """Where a statement comes from: a DOI or an official page. The title stands in the source's own language.

    `year` is when a paper came out, or when a page without a date was read. `when` says to whom it is evidence.
    """

    id: str
    title: str
    publisher: str
    year: int
    url: str
    when: When = When()


class Choice(ContentModel):
    """One possible value of a fact, and what choosing it means. `words` replace the guide's words then.

    `also` are other ways to write it, in any language. `when` says to whom it is offered; it can be chosen
    all the same.
    """

    id: str
    label: Text
    also: tuple[str, ...] = ()
    about: Text = ""
    when: When = When()
    words: dict[str, Text] = Field(default_factory=dict)


class Fact(ContentModel):
    """A question about the unit or the placement. `key` is its place in answers.toml.

    `also` are other headings that it may have in a units table, in any language.
    One that is not `asked` is no question of the interview. `default` holds where nothing is answered; `short_time` is
    what the interview offers instead when dates in the plan have passed already.
    """

    key: str
    kind: Kind
    label: Text
    question: Text
    why: Text
    also: tuple[str, ...] = ()
    required: bool = False
    asked: bool = True
    default: str = ""
    short_time: str = ""
    choices: tuple[Choice, ...] = ()
    when: When = When()

    @property
    def column(self) -> str:
        """The fact's heading in a units table: `placement.start` is `start`."""
        return self.key.partition(".")[2].replace(".", "-")


class Option(ContentModel):
    """A possible answer to an item, what it is about, and what it means for the plan.

    `also` are other ways to write it.
    """

    id: str
    label: Text
    state: State
    about: Text = ""
    also: tuple[str, ...] = ()


class _Variant(ContentModel):
    """What an item says instead for some units; what is not given stays. `more` adds steps, `sources` add sources."""

    when: When
    lead: dict[str, int] | None = None
    label: Text | None = None
    question: Text | None = None
    why: Text | None = None
    partly: Text | None = None
    title: Text | None = None
    steps: Texts | None = None
    more: Texts = ()
    sources: tuple[str, ...] = ()


class Fallback(ContentModel):
    """What is done on the first day when an item can no longer be done before it."""

    title: Text
    steps: Texts
    owner: str
    replaces: tuple[str, ...] = ()


class Item(ContentModel):
    """One readiness item: a question, and the action it calls for until the answer is yes.

    `lead` is in weeks before the placement's start, by scope, with a `default`. An item with a `least`, in weeks, is
    essential: that is the least time it takes. One that others have a part in `takes` some weeks as a rule, once it was
    begun. One of use also when the placement has begun is for `under_way` too,
    and one for `each_time` is done anew for the next placement.
    When an item is done, those that it `implies` are too. `without` names shared options that the item does not have.
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
    implies: tuple[str, ...] = ()
    least: int | None = None
    takes: int = 0
    under_way: bool = False
    each_time: bool = False
    follows: str = ""
    when: When = When()
    fallback: Fallback | None = None
    variants: tuple[_Variant, ...] = ()

    @property
    def key(self) -> str:
        """The item's place in answers.toml: `environment.rooms`."""
        return f"{self.area}.{self.id}"


class QuietTime(ContentModel):
    """A part of the year in which a country hardly works: from a day to a day ("12-24"), or by ISO weeks."""

    id: str
    country: str
    first: str = ""
    last: str = ""
    weeks: tuple[int, ...] = ()


class Area(ContentModel):
    id: str
    label: Text
    about: Text


class Owner(ContentModel):
    """A role that can own an action."""

    id: str
    label: Text


class Advice(ContentModel):
    """What others have seen, or what usually helps, and what to do with it."""

    id: str
    text: Text
    sources: tuple[str, ...]
    when: When = When()


class Activity(ContentModel):
    """A structured learning activity in four steps. `turns` says who leads when, and when the two swap.

    A `teaching_note` says what comes first. `earliest` is the week, by level, before which nobody leads it.
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
    earliest: dict[str, int] = Field(default_factory=dict)


class Risk(ContentModel):
    """What may go wrong, and what to do; shown while one of the `open` items is not in place, or always."""

    id: str
    risk: Text
    action: Text
    sources: tuple[str, ...]
    when: When = When()
    open: tuple[str, ...] = ()


class FollowUp(ContentModel):
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


class Role(ContentModel):
    """What an owner of actions does in the plan."""

    id: str
    owner: str
    text: Text
    sources: tuple[str, ...]
    when: When = When()


class Blank(ContentModel):
    """A place that a reader fills in. What says one of the `hints` is the same blank wherever it stands.

    With a `key` it stands for that answer. A blank that a kit added has no record, and gets its id from its hint. One
    for `each_time` is about one placement, and empty again for the next.
    """

    id: str
    hints: Texts
    key: str = ""
    each_time: bool = False


class Milestone(ContentModel):
    """One of the few days that everybody remembers: when an `item` is to be in place, or `days` after an anchor."""

    id: str
    label: Text
    item: str = ""
    anchor: Anchor = "start"
    days: int = 0
    when: When = When()


class Sending(ContentModel):
    """To whom a letter of the plan folder goes, and when to `send` it; `id` is the name of its template.

    Its day is that of the `item` that it is for, or of an `anchor`. With `before` it goes only before the start.
    """

    id: str
    to: Text
    send: Text
    item: str = ""
    anchor: Anchor | None = None
    before: bool = False
    when: When = When()


class Sheet(ContentModel):
    """A page to print and use: what it is for, the points in order, and the lines of a form to fill in by hand.

    `document` names the template that shows it.
    """

    id: str
    document: str
    title: Text
    use: Text
    points: Texts = ()
    form: Texts = ()
    sources: tuple[str, ...] = ()
    when: When = When()


class TogetherOption(ContentModel):
    """An answer to a question about several facts: it `sets` what it means, `asks` each, or passes them over."""

    id: str
    label: Text
    sets: dict[str, str] = Field(default_factory=dict)
    asks: bool = False


class Together(ContentModel):
    """A question of the interview for several facts, by their keys, or items, by their ids (`members`).

    Items have the shared options; after partly each of them is asked, and `partly` says what that would mean.
    """

    id: str
    members: tuple[str, ...]
    label: Text
    question: Text
    why: Text
    partly: Text = ""
    default: str = ""
    options: tuple[TogetherOption, ...] = ()
