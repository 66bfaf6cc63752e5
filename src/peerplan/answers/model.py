"""The answers about one unit, as models: what they are, and what belongs together."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from peerplan.answers.values import Country, Day, Email, Line, Lines, List, Name, Note, Number, choice_of, wrong


class _Part(BaseModel):
    """A table of answers.toml, whose keys have hyphens."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))


class Coordinator(_Part):
    name: Line = ""
    role: Annotated[str, choice_of("unit.coordinator.role")] = ""
    title: Line = ""
    email: Email = ""
    phone: Line = ""


class Unit(_Part):
    name: Name
    setting: Annotated[str, choice_of("unit.setting")]
    workplace: Line = ""
    professions: Lines = ()
    country: Country
    coordinator: Coordinator = Coordinator()


class Placement(_Part):
    start: Day
    end: Day | None = None
    audience: Annotated[str, choice_of("placement.audience")]
    scope: Annotated[str, choice_of("placement.scope")]
    level: Annotated[str, choice_of("placement.level")] = ""
    participants: Number | None = None
    called: Annotated[str, choice_of("placement.called")] = ""
    institution: Line = ""
    programme: Line = ""
    why: Line = ""
    own_activities: Lines = ()
    activities: Annotated[tuple[Annotated[str, choice_of("placement.activities")], ...], List] = ()

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        if self.end and self.end < self.start:
            raise wrong("end-before-start", start=self.start.isoformat(), end=self.end.isoformat())
        return self


class FirstDay(_Part):
    time: Line = ""
    place: Line = ""
    met_by: Line = ""
    call_when_ill: Line = ""
    clothes: Line = ""
    bring: Line = ""
    directions: Line = ""
    schedule: Line = ""
    private_contact: Line = ""


class OwnLine(_Part):
    """A line of a person's own in the checklist; `owner` is the role under whose heading it stands, if it does."""

    title: Line
    due: Day | None = None
    done: bool = False
    owner: Line = ""
    who: Line = ""
    note: Note = ""


class Answers(_Part):
    """All that was answered about one unit, and what a person wrote into its documents.

    `items` holds an option's id by item id; `notes` a text, `due` a day and `who` a name by item id; `filled` what
    stands in the place of a blank by the blank's id.
    """

    language: str
    planned_from: Day | None = None
    unit: Unit
    placement: Placement
    first_day: FirstDay = FirstDay()
    items: dict[str, str]
    notes: dict[str, Note] = {}
    due: dict[str, Day] = {}
    who: dict[str, Line] = {}
    filled: dict[str, Note] = {}
    own: tuple[OwnLine, ...] = ()

    def personal_texts(self) -> Iterator[str]:
        """Yield what a person wrote in her own words, which may tell who somebody is."""
        coordinator, placement = self.unit.coordinator, self.placement
        yield from (coordinator.name, coordinator.email, coordinator.phone, placement.why, *placement.own_activities)
        yield from _texts_in(self.model_dump(include={"first_day", "notes", "who", "filled", "own"}))


def _texts_in(values: object) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        yield from chain.from_iterable(map(_texts_in, values.values()))
    elif isinstance(values, list | tuple):
        yield from chain.from_iterable(map(_texts_in, values))
