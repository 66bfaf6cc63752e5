"""The guide: all content in one language, with what is looked up in it."""

from pydantic import Field, InstanceOf

from peerplan.errors import Problem
from peerplan.guide.model import (
    Activity,
    Advice,
    Area,
    Blank,
    Fact,
    FollowUp,
    Item,
    Language,
    Milestone,
    Option,
    Owner,
    QuietTime,
    Risk,
    Role,
    Sending,
    Sheet,
    Source,
    Together,
)
from peerplan.guide.texts import ContentModel, Text
from peerplan.messages import Messages


class Guide(ContentModel):
    """All content in one language. It is made once a run, so a guide is equal to itself only, and quick to compare."""

    language: str
    languages: tuple[Language, ...]
    words: dict[str, Text]
    words_of_one: dict[str, str]
    reply_weeks: int
    own_activities_earliest: dict[str, int]
    document_order: dict[str, int]
    options: tuple[Option, ...]
    owners: tuple[Owner, ...]
    areas: tuple[Area, ...]
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    questions: tuple[Together, ...]
    advice: tuple[Advice, ...]
    activities: tuple[Activity, ...]
    risks: tuple[Risk, ...]
    follow_ups: tuple[FollowUp, ...]
    roles: tuple[Role, ...]
    milestones: tuple[Milestone, ...]
    letters: tuple[Sending, ...]
    quiet: tuple[QuietTime, ...]
    blanks: tuple[Blank, ...]
    sheets: tuple[Sheet, ...]
    sources: tuple[Source, ...]
    messages: InstanceOf[Messages] = Field(repr=False)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def say(self, message: str, **values: object) -> str:
        """Return the text of a message in the guide's language; see Messages.say."""
        return self.messages.say(self.language, message, **values)

    def line(self, problem: Problem) -> str:
        """Return one line for a problem in the guide's language; see Messages.line."""
        return self.messages.line(self.language, problem)

    @property
    def own_language(self) -> Language:
        """The record of the guide's language."""
        return next(one for one in self.languages if one.id == self.language)

    def fact(self, key: str) -> Fact:
        return next(fact for fact in self.facts if fact.key == key)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def owner_label(self, owner_id: str) -> str:
        return next(owner.label for owner in self.owners if owner.id == owner_id)

    def options_of(self, item: Item) -> tuple[Option, ...]:
        return item.options or tuple(option for option in self.options if option.id not in item.without)
