"""A three-way merge of lines: a person's edits and peerplan's new text in one, or the places where they meet.

Line endings, a byte order mark and the final line break are no text: they are left out of the comparison and
stay as the person left them. Where the two sides changed the same lines in two ways, or lines that touch,
nothing is merged and a person decides: no edit disappears or lands where it was not made.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the byte order mark, once decoded


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, or None and where the sides meet.

    conflicts are the first and the last line of each place, counted from 1 in the person's text. Where the
    person removed the lines, it is the line that now stands there (the last line when none does).
    """

    text: str | None
    conflicts: tuple[tuple[int, int], ...] = ()


class _Text(NamedTuple):
    """Lines, each with its line break, which the last one may lack."""

    mark: str
    lines: list[str]
    pieces: list[tuple[str, str]]


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


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Bring the changes from base to theirs into mine.

    Args:
        base: what peerplan wrote last.
        mine: what stands there now, perhaps edited by a person.
        theirs: what peerplan would write now.
    """
    if mine == base:
        return Merged(theirs)
    old, own, new = _read(base), _read(mine), _read(theirs)
    pieces: list[tuple[str, str]] = []
    conflicts: list[tuple[int, int]] = []
    done = 0
    for ours, others, sides in _places(old.lines, own.lines, new.lines):
        pieces += own.pieces[done : ours.start]
        pieces += [(line, "") for line in new.lines[others]] if sides == {1} else own.pieces[ours]
        done = ours.stop
        if sides == {0, 1} and own.lines[ours] != new.lines[others]:
            first = min(ours.start + 1, max(len(own.lines), 1))
            conflicts.append((first, max(ours.stop, first)))
    if conflicts:
        return Merged(None, tuple(conflicts))
    return Merged(_written(pieces + own.pieces[done:], own, new))


def _read(text: str) -> _Text:
    body = text.removeprefix(MARK)
    parts = [*re.split("(\r\n|\r|\n)", body), ""]
    if not parts[-2]:  # what follows the final line break is no line
        del parts[-2:]
    lines, breaks = parts[::2], parts[1::2]
    return _Text(text[: len(text) - len(body)], lines, list(zip(lines, breaks, strict=True)))


def _written(pieces: list[tuple[str, str]], own: _Text, new: _Text) -> str:
    """Join the pieces in own's style, or in new's where own is too short to show one."""
    breaks = [found for text in (own, new) for _, found in text.pieces]
    own_breaks = Counter(filter(None, breaks[: len(own.pieces)])) or Counter(filter(None, breaks))
    usual = next((found for found, _ in own_breaks.most_common(1)), "\n")
    ended = [line + (found or usual) for line, found in pieces]
    open_ended = (own.pieces or new.pieces or [("", "")])[-1][1] == ""
    if open_ended and pieces and pieces[-1][0]:  # an empty last line is only there by its line break
        ended[-1] = pieces[-1][0]
    return own.mark + "".join(ended)


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
