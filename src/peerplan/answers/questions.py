"""The interview as a list of steps: which questions apply, given the answers so far. Asks nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peerplan.answers.draft import Draft, check_draft, unknown_answers
from peerplan.answers.keys import NOTES
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Fact, Item, Kind, Option, State, Together
from peerplan.guide.tailoring import Profile, profile_from, tailor

IN_PLACE: tuple[State, ...] = ("done", "not-applicable")
CLOSED: tuple[State, ...] = ("open", "unknown")  # a leading answer after which the followers are not asked

PARTLY = "partly"  # the answer to items together after which each is asked
FACTS = "facts"  # the part of the interview that is about the unit and the placement


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `key` is its place in answers.toml; `options` are ids with their labels.

    `meanings` say what options mean where a label is not enough, and `note` is the place of a note on what is asked.
    `partly` says what "partly" would mean, `sources` are ids, and `done` holds the options after which nothing is
    left to do; facts have none of the three. `hint` says why the default is what it is, where that needs saying.

    A question about several keys has `sets`: for each option the answers that it stands for; `asks` is the option after
    which each of them is asked.
    """

    key: str
    area: str
    kind: Kind
    label: str
    question: str
    why: str
    options: tuple[tuple[str, str], ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    default: str = ""
    short_time: str = ""
    partly: str = ""
    sources: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    hint: str = ""
    note: str = ""
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asks: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The places in answers.toml that the question is about."""
        return tuple(next(iter(self.sets.values()))) if self.sets else (self.key,)

    def answers(self, value: object) -> Mapping[str, object]:
        """Return what an answer stands for, by its place; nothing if each is to be asked."""
        if not self.sets:
            return {self.key: value}
        return self.sets.get(str(value), {})

    def answer_in(self, draft: Draft) -> object:
        """Return what a draft says to the question, None if nothing."""
        if not self.sets:
            return draft.get(self.key)
        if not any(key in draft for key in self.keys):
            return None
        alike = (one for one, sets in self.sets.items() if all((draft.get(key) or "") == sets[key] for key in sets))
        return next(alike, self.asks or None)

    @property
    def can_be_skipped(self) -> bool:
        """Tell whether there may be no answer at all, not even a default."""
        return not (self.required or self.default)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the interview has come: question `number` of at most `total`, in the area with this label."""

    number: int
    total: int
    area: str
    about: str
    is_first_in_area: bool


def draft_profile(draft: Mapping[str, object], guide: Guide) -> Profile:
    """Return what conditions in the content look at, as far as it is known."""
    defaults = {fact.key: fact.default for fact in guide.facts}
    return profile_from(guide, lambda key: draft.get(key) or defaults.get(key))


def answer_options(items: Sequence[Item], answers: Mapping[str, str], guide: Guide) -> dict[str, Option]:
    """Return the answer to each item, by id.

    What was not answered is unknown, and so is what follows an open item. What a done item implies is done.
    """
    chosen: dict[str, Option] = {}
    for item in items:
        options = {option.id: option for option in guide.options_of(item)}
        unknown = next(option for option in options.values() if option.state == "unknown")
        closed = item.follows in chosen and chosen[item.follows].state in CLOSED
        chosen[item.id] = unknown if closed else options.get(answers.get(item.id, ""), unknown)
    implied = {one for item in items if chosen[item.id].state == "done" for one in item.implies}
    for item in items:
        if item.id in implied and chosen[item.id].state not in IN_PLACE:
            chosen[item.id] = next(option for option in guide.options_of(item) if option.state == "done")
    return chosen


def steps_for(draft: Draft, guide: Guide) -> tuple[Step, ...]:
    """Return the questions that apply, in order, without those that follow an item that is not in place."""
    unit = tailor(guide, draft_profile(draft, guide))
    facts = [_fact_step(fact) for fact in unit.facts]
    items = unit.items
    given = answer_options(items, item_answers(draft, guide), guide)
    closed = {item.id for item in items if draft.get(item.key) and given[item.id].state in CLOSED}
    asked = [item for item in items if item.follows not in closed]
    order = [area.id for area in guide.areas]
    return (
        *facts,
        *(_item_step(item, guide) for item in sorted(asked, key=lambda item: order.index(item.area))),
    )


def questions_for(draft: Draft, guide: Guide, opened: Collection[str] = ()) -> tuple[Step, ...]:
    """Return the steps as the interview puts them: what is answered together is one question.

    Its members follow where they are not all alike, or where it is in opened.
    """
    asked = {fact.key for fact in guide.facts if fact.asked}
    steps = [step for step in steps_for(draft, guide) if step.area != FACTS or step.key in asked]
    by_key = {step.key: step for step in steps}
    keys = {item.id: item.key for item in guide.items}
    first: dict[str, tuple[Step, list[Step]]] = {}
    for question in tailor(guide, draft_profile(draft, guide)).questions:
        members = [by_key[key] for one in question.members if (key := keys.get(one, one)) in by_key]
        if len(members) > 1 or (members and question.options):
            first[members[0].key] = _together(question, members), members
    within = {member.key for _, members in first.values() for member in members}
    return tuple(one for step in steps for one in _put(step, first, within, draft, opened))


def _put(
    step: Step,
    first: Mapping[str, tuple[Step, list[Step]]],
    within: Collection[str],
    draft: Draft,
    opened: Collection[str],
) -> Iterator[Step]:
    """Yield a step by itself, or the question that it begins and its members if they are asked; else nothing."""
    if step.key not in within:
        yield step
    elif step.key in first:
        together, members = first[step.key]
        yield together
        if together.key in opened or together.answer_in(draft) == together.asks != "":
            yield from members


def _together(question: Together, members: Sequence[Step]) -> Step:
    keys = [member.key for member in members]
    if question.options:
        options = tuple((one.id, one.label) for one in question.options)
        sets = {one.id: one.sets or dict.fromkeys(keys, "") for one in question.options if not one.asks}
        asks = next((one.id for one in question.options if one.asks), "")
    else:
        options = tuple(one for one in members[0].options if all(one in member.options for member in members))
        sets = {one: dict.fromkeys(keys, one) for one, _ in options if one != PARTLY}
        asks = PARTLY
    return Step(
        key=question.id,
        area=members[0].area,
        kind="choice",
        label=question.label,
        question=question.question,
        why=question.why,
        options=options,
        default=question.default or members[0].default,
        partly=question.partly,
        sources=tuple(dict.fromkeys(source for member in members for source in member.sources)),
        done=tuple(one for one in members[0].done if one in dict(options)),
        note=members[0].note,
        sets=sets,
        asks=asks,
    )


def item_answers(draft: Draft, guide: Guide) -> dict[str, str]:
    """Return the answers of a draft by item id."""
    keys = {item.key: item.id for item in guide.items}
    return {keys[key]: str(value) for key, value in draft.items() if key in keys and value}


def open_steps(draft: Draft, guide: Guide) -> tuple[Step, ...]:
    """Return the steps without which a plan would rest on guesses: required facts and items not answered yet."""
    return tuple(
        step for step in steps_for(draft, guide) if not draft.get(step.key) and (step.required or step.area != FACTS)
    )


def problem_with(step: Step, value: object, draft: Draft, guide: Guide) -> Problem | None:
    """Return what is wrong with an answer to a step, by the rules that hold for a file, or None."""
    candidate = {**draft, **step.answers(value)}
    return next((problem for key, problem in check_draft(candidate, guide).problems if key in step.keys), None)


def with_unknown(draft: Draft, guide: Guide) -> Draft:
    """Return the draft with every item that was not answered counted as unknown."""
    unknown = unknown_answers(guide)
    return draft | {step.key: unknown[step.key] for step in open_steps(draft, guide) if step.area != FACTS}


def _fact_step(fact: Fact) -> Step:
    options = tuple((choice.id, choice.label) for choice in fact.choices)
    return Step(
        fact.key,
        FACTS,
        fact.kind,
        fact.label,
        fact.question,
        fact.why,
        options,
        {choice.id: choice.about for choice in fact.choices},
        fact.required,
        fact.default,
        fact.short_time,
    )


def _item_step(item: Item, guide: Guide) -> Step:
    options = guide.options_of(item)
    return Step(
        key=item.key,
        area=item.area,
        kind="choice",
        label=item.label,
        question=item.question,
        why=item.why,
        options=tuple((option.id, option.label) for option in options),
        meanings={option.id: option.about for option in options},
        default=next(option.id for option in options if option.state == "unknown"),
        partly="" if item.options else item.partly,
        sources=item.sources,
        done=tuple(option.id for option in options if option.state in IN_PLACE),
        note=f"{NOTES}.{item.id}",
    )


def note_step(step: Step, guide: Guide) -> Step:
    """Return the question for a note on what a step asks about."""
    return Step(
        key=step.note,
        area=step.area,
        kind="text",
        label=guide.say("note-label"),
        question=guide.say("note-question", label=step.label),
        why=guide.say("note-why"),
    )
