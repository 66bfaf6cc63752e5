"""A document merged section by section, by what its blocks say. Pure.

What is read back as an answer is no part of it: it stands in the new text already. A section that a person did not
change becomes the new one, and so does one that only an editor laid out anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from peerplan.folder.blocks import Block
from peerplan.folder.merge import merge
from peerplan.folder.page import Page, Section, in_one, sections_of


@dataclass(frozen=True, slots=True)
class MergedPage:
    """The merged text, and what is to count as written next time: now, and once she has removed what lies beside.

    `conflicts` are the lines, in her text, of the sections that had to stay as they are, and `beside` their new text.
    """

    text: str
    base: str
    taken: str
    conflicts: tuple[tuple[int, int], ...]
    beside: str


def merge_pages(base: Page | None, mine: Page, new: Page) -> MergedPage:
    """Bring the changes from base to new into a person's page; base is what was written last, None if unknown."""
    olds = sections_of(base) if base else []
    own, news = sections_of(mine), sections_of(new)
    of_new, of_mine = _partners(olds, news), _partners(olds, own)
    old_of_new = {there: here for here, there in of_new.items()}
    mine_of_new = {number: of_mine[old] for number, old in old_of_new.items() if old in of_mine}
    _find_taken(own, news, {*of_mine.values()}, {*old_of_new}, mine_of_new)
    merging = _Merging()
    for number, section in enumerate(news):
        old = olds[old_of_new[number]] if number in old_of_new else None
        there = mine_of_new.get(number)
        if there is not None:
            merging.resolve(old, own[there], section, there)
        elif old is None or section.has_boxes:
            merging.add(section.lines, None)
        else:
            merging.leave_out(section.lines)
    shared = {there: here for here, there in of_mine.items()}
    for number, section in enumerate(own):
        is_hers = number not in shared or section.said != olds[shared[number]].said
        if is_hers and number not in mine_of_new.values():
            merging.insert(section.lines_besides, number)
    return merging.page()


def _find_taken(
    own: Sequence[Section], news: Sequence[Section], paired: set[int], known: set[int], mine_of_new: dict[int, int]
) -> None:
    """Pair new sections that were not there before with those that a person copied from the text beside hers."""
    for number, section in enumerate(news):
        if number in mine_of_new or number in known:
            continue
        free = (one for one, other in enumerate(own) if one not in paired and other.heading == section.heading)
        if (found := next(free, None)) is not None:
            mine_of_new[number] = found
            paired.add(found)


@dataclass(slots=True)
class _Part:
    """A section of the merged text; `mine` is its number in the person's page, None if it is not from there."""

    text: Sequence[str]
    base: Sequence[str]
    taken: Sequence[str]
    mine: int | None


class _Merging:
    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.beside: list[Sequence[str]] = []
        self.conflicts: list[tuple[int, int]] = []

    def add(self, lines: Sequence[str], mine: int | None) -> None:
        self.parts.append(_Part(lines, lines, lines, mine))

    def leave_out(self, lines: Sequence[str]) -> None:
        """Leave out a section that a person removed; it counts as written, else it would be a new one next time."""
        self.parts.append(_Part((), lines, lines, None))

    def resolve(self, old: Section | None, mine: Section, new: Section, number: int) -> None:
        """Add a section that both sides have."""
        if mine.said == new.said or (old and mine.said == old.said):
            self.add(new.lines, number)
            return
        if old:
            merged = merge(old.lines, [*_undone(mine, old)], new.lines)
            if merged is not None:
                self.parts.append(_Part(merged, new.lines, new.lines, number))
                return
        self.conflicts.append(mine.place)
        self.beside.append(new.lines)
        base = [*_settled(old, mine)] if old else []
        self.parts.append(_Part(mine.lines, base, [*_settled(new, mine)], number))

    def insert(self, lines: Sequence[str], number: int) -> None:
        """Add a section of a person's own after the one that stands above it in her page."""
        above = [place for place, part in enumerate(self.parts, 1) if part.mine is not None and part.mine < number]
        self.parts.insert(max(above, default=0), _Part(lines, (), (), number))

    def page(self) -> MergedPage:
        return MergedPage(
            in_one([part.text for part in self.parts]),
            in_one([part.base for part in self.parts]),
            in_one([part.taken for part in self.parts]),
            tuple(self.conflicts),
            in_one(self.beside),
        )


def _partners(olds: Sequence[Section], others: Sequence[Section]) -> dict[int, int]:
    """Return which section became which: by the heading, or in its place where both neighbours stayed."""
    mine, theirs = [one.heading for one in olds], [one.heading for one in others]
    pairs: dict[int, int] = {}
    for kind, first, last, other_first, other_last in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and last - first == other_last - other_first):
            pairs |= zip(range(first, last), range(other_first, other_last), strict=True)
    for number, heading in enumerate(mine):
        if number not in pairs and heading in theirs and (there := theirs.index(heading)) not in pairs.values():
            pairs[number] = there
    return pairs


def _undone(mine: Section, old: Section) -> Iterator[str]:
    """Yield a person's section with everything as it was written that she did not change, or that is read back."""
    page, written = mine.page, old.page
    own = [number for number in range(mine.first, mine.last) if number not in page.hers]
    ours = [number for number in range(old.first, old.last) if number not in written.hers]
    read_back = [number for number in range(old.first, old.last) if number in written.hers]
    same = _same([page.key(one) for one in own], [written.key(one) for one in ours])
    for place, number in enumerate(own):
        if place not in same or _is_renumbered(page.blocks[number], written.blocks[ours[same[place]]]):
            yield from page.raw(number, with_gap=number != mine.first)
            continue
        there = ours[same[place]]
        while read_back and read_back[0] < there:
            yield from written.raw(read_back.pop(0), with_gap=True)
        yield from written.raw(there, with_gap=there != old.first)
    for number in read_back:
        yield from written.raw(number, with_gap=True)


def _is_renumbered(mine: Block, written: Block) -> bool:
    """Tell whether a person gave an item of a list another number, because she wrote one of her own above it."""
    numbers = [block.bullet.rstrip(".)") for block in (mine, written)]
    return all(map(str.isdigit, numbers)) and len(set(numbers)) > 1


def _settled(written: Section, mine: Section) -> Iterator[str]:
    """Yield a section as it was written, with what is read back as it stands in a person's: that has been read.

    Where nothing was to be read back, what she copied there belongs to another section.
    """
    blocks = range(written.first, written.last)
    for number in blocks:
        if number not in written.page.hers:
            yield from written.page.raw(number, with_gap=number != written.first)
    for number in range(mine.first, mine.last) if not written.page.hers.keys().isdisjoint(blocks) else ():
        if number in mine.page.hers:
            yield from mine.page.raw(number, with_gap=True)


def _same(mine: Sequence[str], written: Sequence[str]) -> dict[int, int]:
    return {
        block.a + step: block.b + step
        for block in SequenceMatcher(None, mine, written, autojunk=False).get_matching_blocks()
        for step in range(block.size)
    }
