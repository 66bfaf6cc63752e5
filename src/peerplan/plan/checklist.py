"""The lines of the checklist: what is to be done by whom, a person's own lines, and what is in place. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from peerplan.answers.model import Answers, OwnLine
from peerplan.guide.guide import Guide
from peerplan.plan.readiness import Action, ItemStatus


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line. `id` is the item's, and empty for a person's own; `answer` is empty while there is something to do."""

    id: str
    ticked: bool
    title: str
    due: date | None
    late: bool
    answer: str
    who: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChecklistPart:
    """What one role has to do; `owner` is the role's id, and empty for a person's own lines under no role."""

    owner: str
    label: str
    lines: tuple[ChecklistLine, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is to be done, by role and day; what is in place; and the notes about items that are in neither."""

    parts: tuple[ChecklistPart, ...]
    in_place: tuple[ChecklistLine, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]


def checklist(items: Iterable[ItemStatus], answers: Answers, guide: Guide, as_of: date) -> Checklist:
    """Return the checklist of a unit; items are those that it is asked about."""
    items, own, owners = tuple(items), answers.own, guide.owners
    known = {owner.id for owner in owners}
    parts = [
        ChecklistPart(owner.id, owner.label, _in_order([*_todo(items, owner.id), *_own(own, as_of, {owner.id})]))
        for owner in owners
    ]
    parts.append(ChecklistPart("", "", _in_order(_own(own, as_of, {one.owner for one in own} - known))))
    done = [
        _done(item, answers.who.get(item.id, ""))
        for owner in owners
        for item in items
        if item.state == "done" and item.owner == owner.id
    ]
    shown = {line.id for part in parts for line in part.lines} | {line.id for line in done}
    labels = {one.id: one.label for one in guide.items} | {one.id: one.label for one in items}
    said = (
        (label, answers.notes.get(id_, "").splitlines(), answers.who.get(id_, ""))
        for id_, label in labels.items()
        if id_ not in shown
    )
    return Checklist(
        tuple(part for part in parts if part.lines),
        (*done, *(_own_line(one, late=False) for one in own if one.done)),
        tuple((label, (*notes, *filter(None, [who]))) for label, notes, who in said if notes or who),
    )


def _in_order(lines: Iterable[ChecklistLine]) -> tuple[ChecklistLine, ...]:
    return tuple(sorted(lines, key=lambda line: line.due or date.max))


def _todo(items: Iterable[ItemStatus], owner: str) -> Iterator[ChecklistLine]:
    for item in items:
        if item.action and item.action.owner == owner:
            yield _line_of(item, item.action)


def _line_of(item: ItemStatus, action: Action) -> ChecklistLine:
    return ChecklistLine(
        id=item.id,
        ticked=False,
        title=action.title,
        due=action.due,
        late=action.late,
        answer="",
        who=action.who,
        notes=tuple(item.note.splitlines()),
    )


def _done(item: ItemStatus, who: str) -> ChecklistLine:
    notes = tuple(item.note.splitlines())
    return ChecklistLine(item.id, True, item.label, None, False, item.answer, who, notes)  # noqa: FBT003 # ticked, not late


def _own(own: Iterable[OwnLine], as_of: date, owners: set[str]) -> Iterator[ChecklistLine]:
    for one in own:
        if not one.done and one.owner in owners:
            yield _own_line(one, late=one.due is not None and one.due < as_of)


def _own_line(one: OwnLine, *, late: bool) -> ChecklistLine:
    return ChecklistLine("", one.done, one.title, one.due, late, "", one.who, tuple(one.note.splitlines()))
