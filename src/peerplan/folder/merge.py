"""A three-way merge of lines: a person's edits and peerplan's new text in one.

Where the two sides changed the same lines in two ways, or lines that touch, nothing is merged and a person decides: no
edit disappears or lands where it was not made.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple


class _Change(NamedTuple):
    """base[start:end] became other[new_start:new_end]."""

    start: int
    end: int
    new_start: int
    new_end: int


class _Area(NamedTuple):
    """The lines base[first:change.end] that a change of mine (side 0) or theirs (side 1) is about."""

    first: int
    side: int
    change: _Change


def merge(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """Bring the changes from base to theirs into mine; return None where the sides meet.

    Args:
        base: the lines that peerplan wrote last.
        mine: what stands there now, perhaps edited by a person.
        theirs: what peerplan would write now.
    """
    merged: list[str] = []
    done = 0
    for ours, others, sides in _places(base, mine, theirs):
        merged += mine[done : ours.start]
        merged += theirs[others] if sides == {1} else mine[ours]
        done = ours.stop
        if sides == {0, 1} and mine[ours] != theirs[others]:
            return None
    return merged + mine[done:]


def _places(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[slice, slice, set[int]]]:
    """Yield each changed place, downwards: its lines in mine and in theirs, and which sides (0, 1) changed it."""
    areas = sorted([*_areas(base, mine, 0), *_areas(base, theirs, 1)])
    moved = [0, 0]  # how far each side's lines are from base's, so far
    top = 0
    while top < len(areas):
        stop, end = top, areas[top].change.end
        while stop < len(areas) and areas[stop].first <= end:
            end = max(end, areas[stop].change.end)
            stop += 1
        group, top = areas[top:stop], stop
        start = min(area.change.start for area in group)
        starts = [start + shift for shift in moved]
        for _, side, change in group:
            moved[side] += change.new_end - change.new_start - (change.end - change.start)
        ours, others = (slice(starts[side], end + moved[side]) for side in (0, 1))
        yield ours, others, {area.side for area in group}


def _areas(base: list[str], other: list[str], side: int) -> Iterator[_Area]:
    above = 0
    for change in _changes(base, other):
        yield _Area(change.start - _twins(base, other, change, change.start - above), side, change)
        above = change.end


def _twins(base: list[str], other: list[str], change: _Change, room: int) -> int:
    """Count the lines above what was added or removed that are the same lines again.

    Of twins nobody knows which one was added or removed, so a change of either must meet the other's.
    """
    start, end, new_start, new_end = change
    lines, at, stop = (base, start, end) if new_start == new_end else (other, new_start, new_end)
    replaced = start != end and new_start != new_end
    if replaced or not any(lines[at:stop]):  # one blank line is as good as another
        return 0
    same = 0
    while same < room and lines[at - 1 - same] == lines[stop - 1 - same]:
        same += 1
    return same if same >= stop - at else 0


def _changes(base: list[str], other: list[str]) -> list[_Change]:
    """Return the changes downwards, each addition and removal as far down as the same text allows."""
    settled: list[_Change] = []
    below = len(base)
    for found in reversed(list(_differences(base, other))):
        change = found
        while change.end < below and _can_sink(base, other, change):
            change = _Change(*(place + 1 for place in change))
        settled.append(change)
        below = change.start
    return settled[::-1]


def _can_sink(base: list[str], other: list[str], change: _Change) -> bool:
    start, end, new_start, new_end = change
    if new_start == new_end:
        return base[start] == base[end]
    return start == end and other[new_start] == other[new_end]


def _differences(base: list[str], other: list[str]) -> Iterator[_Change]:
    """Compare what lies between the landmarks, from its first to its last difference.

    Without landmarks difflib needs 20 seconds for 3,000 lines. With them its shortcut for frequent lines
    (autojunk) does no harm: it is only taken where 200 lines hold no landmark.
    """
    start, new_start = 0, 0
    for place, new_place in [*_landmarks(base, other), (len(base), len(other))]:
        old, new = base[start:place], other[new_start:new_place]
        shorter = min(len(old), len(new))
        head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
        tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
        matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail])
        start, new_start = start + head, new_start + head
        for tag, first, last, new_first, new_last in matcher.get_opcodes():
            if tag != "equal":
                yield _Change(start + first, start + last, new_start + new_first, new_start + new_last)
        start, new_start = place + 1, new_place + 1


def _landmarks(base: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Return where lines stand that both texts hold once: the most of them that come in the same order."""
    counts, other_counts = Counter(base), Counter(other)
    places = {line: place for place, line in enumerate(other) if other_counts[line] == counts[line] == 1}
    ends: list[tuple[int, int]] = []  # the highest line on which a row of 1, 2, 3 ... landmarks can end
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for place, line in enumerate(base):
        if line in places:
            pair = (place, places[line])
            length = bisect_left(ends, pair[1], key=lambda end: end[1])
            before[pair] = ends[length - 1] if length else None
            ends[length : length + 1] = [pair]
    row: list[tuple[int, int]] = []
    last = ends[-1] if ends else None
    while last:
        row.append(last)
        last = before[last]
    return row[::-1]
