"""Where each item stands, and the action that it calls for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from peerplan.answers.questions import IN_PLACE
from peerplan.guide.guide import Guide
from peerplan.guide.model import Area, Fallback, Item, Option, State
from peerplan.plan.dates import Timing


@dataclass(frozen=True, slots=True)
class Action:
    """What has to be done for one item until its answer is yes.

    `owner` is a role's id, `owner_label` what it is called, and `sources` are ids. `partly` is what an answer of partly
    means, and empty for any other answer. `is_short` tells of an essential one that takes longer than the time that is
    left before the start; one for `under_way` is of use also after it. One that `presses` is not begun, and takes
    longer, as a rule, than there was time when the plan was first made. `who` is the name of the one who does it.
    """

    id: str
    title: str
    steps: tuple[str, ...]
    owner: str
    owner_label: str
    due: date
    late: bool
    blocks: bool
    why: str
    partly: str
    sources: tuple[str, ...]
    essential: bool
    is_short: bool
    presses: bool
    under_way: bool
    who: str = ""


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """Where one item stands, and the action it calls for, if any.

    `answer` is an option's label, `owner` a role's id.
    """

    id: str
    label: str
    owner: str
    answer: str
    state: State
    note: str
    action: Action | None


@dataclass(frozen=True, slots=True)
class AreaStatus:
    """Where one area stands: `done` of `total` items; not applicable items do not count."""

    id: str
    label: str
    items: tuple[ItemStatus, ...]
    done: int
    total: int


def actions_for(items: Sequence[Item], given: Mapping[str, Option], guide: Guide, timing: Timing) -> dict[str, Action]:
    """Return the actions that are still to be done, by the item they belong to.

    When no working day is left before the start, an item with a fallback gets that instead, on the first day, and the
    items that it replaces get none.
    """
    still_open = [item for item in items if given[item.id].state not in IN_PLACE]
    actions = {item.id: action_of(item, given[item.id], guide, timing) for item in still_open}
    for item in still_open:
        if item.fallback and timing.no_day_is_left:
            actions[item.id] = _fallback(item, item.fallback, guide, timing)
            for replaced in item.fallback.replaces:
                actions.pop(replaced, None)
    return actions


def action_of(item: Item, option: Option, guide: Guide, timing: Timing) -> Action:
    """Return what an item calls for."""
    due = timing.due(item)
    return Action(
        id=item.id,
        title=item.title,
        steps=item.steps,
        owner=item.owner,
        owner_label=guide.owner_label(item.owner),
        due=due,
        late=timing.is_late(due),
        blocks=option.id in item.blocks,
        why=item.why,
        partly=item.partly if option.state == "partly" else "",
        sources=item.sources,
        essential=item.least is not None,
        is_short=item.least is not None and not timing.can_still_be_done(item),
        presses=option.state != "partly" and timing.was_made_too_late_for(item),
        under_way=item.under_way,
    )


def _fallback(item: Item, fallback: Fallback, guide: Guide, timing: Timing) -> Action:
    return Action(
        id=item.id,
        title=fallback.title,
        steps=fallback.steps,
        owner=fallback.owner,
        owner_label=guide.owner_label(fallback.owner),
        due=timing.start,
        late=timing.is_late(timing.start),
        blocks=False,
        why=item.why,
        partly="",
        sources=item.sources,
        essential=False,
        is_short=False,
        presses=False,
        under_way=False,
    )


def area_status(
    area: Area,
    items: Sequence[Item],
    given: Mapping[str, Option],
    notes: Mapping[str, str],
    actions: Mapping[str, Action],
) -> AreaStatus:
    """Return where an area stands; items holds those of all areas."""
    own = tuple(
        ItemStatus(
            id=item.id,
            label=item.label,
            owner=item.owner,
            answer=given[item.id].label,
            state=given[item.id].state,
            note=notes.get(item.id, ""),
            action=actions.get(item.id),
        )
        for item in items
        if item.area == area.id
    )
    counted = [status.state for status in own if status.state != "not-applicable"]
    return AreaStatus(area.id, area.label, own, counted.count("done"), len(counted))
