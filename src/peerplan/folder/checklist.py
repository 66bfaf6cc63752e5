"""The tick boxes of a plan as an input device: which were ticked or unticked since peerplan wrote them. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from peerplan.answers.draft import Draft
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Item, Option

ALIKE = 0.75  # how alike a reworded line without its id has to be

_BOX = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+\[)([^\]]{0,3})\](.*)$")
_ID = re.compile(r"<!--\s*([\w-]+)\s*-->")
_MARKS = {"": False, " ": False, "x": True, "X": True, "✓": True, "✔": True, "☑": True}


@dataclass(frozen=True, slots=True)
class _Box:
    """A line with a tick box. `line` counts from 1, `id` is the item's or nothing, `ticked` is None if unclear."""

    line: int
    id: str
    ticked: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the boxes say: the state by item id, what cannot be read, and the items whose lines are gone.

    `text` is the text with each box as peerplan wrote it: a tick is an answer, no edit.
    """

    ticked: Mapping[str, bool]
    unread: tuple[Problem, ...]
    gone: tuple[str, ...]
    text: str


def read_boxes(written: str, mine: str, place: str) -> Reading:
    """Read a person's checklist against the one that peerplan wrote; place is the file's name, for the problems.

    A line without its id is known again by its words. A box that peerplan never wrote is the person's own.
    """
    known = {box.id: box for box in _boxes(written) if box.id}
    found = [_identified(box, known) for box in _boxes(mine)]
    ours = [box for box in found if box.id in known]
    states: dict[str, set[bool | None]] = {}
    for box in ours:
        states.setdefault(box.id, set()).add(box.ticked)
    unread = [*_unknown_ids(found, known, place), *_unclear(ours, states, place)]
    return Reading(
        ticked={one: state for one, (state, *others) in states.items() if state is not None and not others},
        unread=tuple(unread),
        gone=tuple(one for one in known if one not in states),
        text=_with_boxes_of(known, ours, mine),
    )


def apply_ticks(
    draft: Draft, ticked: Mapping[str, bool], before: Mapping[str, bool], guide: Guide
) -> tuple[Draft, tuple[Item, ...]]:
    """Apply the boxes that differ from before, and return the draft and the items whose answer they changed.

    A ticked item is done, one that was unticked is partly done.

    before is the state of the boxes when peerplan saw them last.
    """
    changed = dict(draft)
    ticks: list[Item] = []
    for item in guide.items:
        key = item.key
        options = {option.id: option for option in guide.options_of(item)}
        if ticked.get(item.id) in (None, before.get(item.id, False)):
            continue
        old = options.get(str(draft.get(key)))
        if ticked[item.id] == (old is not None and old.state == "done"):
            continue
        changed[key] = _option_of(item, guide, ticked=ticked[item.id]).id
        ticks.append(item)
    return changed, tuple(ticks)


def states_of(text: str) -> dict[str, bool]:
    """Return the state of each box by id, of a text that peerplan wrote."""
    return {box.id: box.ticked for box in _boxes(text) if box.id and box.ticked is not None}


def without_marks(text: str) -> str:
    """Return the text with every box emptied: what two texts share that differ in ticks only."""
    return "".join(_BOX.sub(r"\g<1> ]\g<3>", line) for line in text.splitlines(keepends=True))


def _option_of(item: Item, guide: Guide, *, ticked: bool) -> Option:
    """Return the option that a box stands for: the mildest that is done, else partly or what comes nearest."""
    options = guide.options_of(item)
    if ticked:
        return [option for option in options if option.state == "done"][-1]
    order = ("partly", "open", "unknown")
    return min((option for option in options if option.state in order), key=lambda option: order.index(option.state))


def _boxes(text: str) -> Iterator[_Box]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := _BOX.match(line):
            marked = _ID.search(found[3])
            mark = found[2] if found[2] in _MARKS else found[2].strip()
            yield _Box(number, marked[1] if marked else "", _MARKS.get(mark), _ID.sub("", found[3]).strip())


def _identified(box: _Box, known: Mapping[str, _Box]) -> _Box:
    if box.id:
        return box
    texts = {one.text: one.id for one in known.values()}
    alike = get_close_matches(box.text, texts, n=1, cutoff=ALIKE)
    return _Box(box.line, texts[alike[0]] if alike else "", box.ticked, box.text)


def _unknown_ids(found: list[_Box], known: Mapping[str, _Box], place: str) -> Iterator[Problem]:
    for box in found:
        if box.id and box.id not in known:
            near = get_close_matches(box.id, known, n=1)
            message = "tick-unknown-near" if near else "tick-unknown"
            yield Problem(message, {"id": box.id, "near": "".join(near)}, f"{place}:{box.line}")


def _unclear(ours: list[_Box], states: Mapping[str, set[bool | None]], place: str) -> Iterator[Problem]:
    twice = {one for one, count in Counter(box.id for box in ours).items() if count > 1 and len(states[one]) > 1}
    for box in ours:
        if box.id in twice:
            yield Problem("tick-twice", {"id": box.id}, f"{place}:{box.line}")
        elif box.ticked is None:
            yield Problem("tick-unclear", {"id": box.id}, f"{place}:{box.line}")


def _with_boxes_of(known: Mapping[str, _Box], ours: list[_Box], mine: str) -> str:
    lines = mine.splitlines(keepends=True)
    for box in ours:
        if box.ticked is not None:
            mark = "x" if known[box.id].ticked else " "
            lines[box.line - 1] = _BOX.sub(rf"\g<1>{mark}]\g<3>", lines[box.line - 1])
    return "".join(lines)
