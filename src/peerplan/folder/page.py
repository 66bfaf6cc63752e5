"""A document as a page of blocks and its sections, from heading to heading. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peerplan.folder.blocks import Block, blocks_of, lines_of


@dataclass(slots=True)
class Page:
    """A text as its lines and blocks.

    `hers` has what each block belongs to that is read back as an answer, by the block's place. `said` has the keys of
    blocks that say the same in other words: a line where a person filled in a blank says what it said before.
    """

    lines: list[str]
    blocks: list[Block]
    hers: Mapping[int, str] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "Page":
        lines = lines_of(text)
        return cls(lines, blocks_of(lines))

    @property
    def said_besides(self) -> list[str]:
        """What it says beside what is read back as an answer."""
        return [self.key(number) for number in range(len(self.blocks)) if number not in self.hers]

    def key(self, number: int) -> str:
        return self.said.get(number) or self.blocks[number].key

    def raw(self, number: int, *, with_gap: bool) -> list[str]:
        """Return a block's lines, with the blank ones before it or without them."""
        block = self.blocks[number]
        return [""] * (block.gap if with_gap else 0) + self.lines[block.first : block.last]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A document as it stands, what peerplan wrote there (None if unknown), and the lines to leave as they are.

    `held` are the blocks of these, by what they belong to.
    """

    mine: Page
    written: Page | None
    held: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks of a page from a heading to the next one."""

    page: Page
    first: int
    last: int

    @property
    def heading(self) -> str:
        """The key of the heading, or "" of what stands above the first one."""
        return self.page.key(self.first) if self.page.blocks[self.first].kind == "heading" else ""

    @property
    def said(self) -> list[str]:
        """What it says beside what is read back."""
        return [self.page.key(number) for number in range(self.first, self.last) if number not in self.page.hers]

    @property
    def has_boxes(self) -> bool:
        """Whether it is a part of the checklist."""
        blocks = range(self.first, self.last)
        return any(self.page.blocks[number].box is not None for number in self.page.hers if number in blocks)

    @property
    def lines(self) -> list[str]:
        blocks = self.page.blocks[self.first : self.last]
        return self.page.lines[blocks[0].first : blocks[-1].last]

    @property
    def lines_besides(self) -> list[str]:
        """The lines of what it says beside what is read back."""
        blocks = [number for number in range(self.first, self.last) if number not in self.page.hers]
        return [line for one in blocks for line in self.page.raw(one, with_gap=one != self.first)]

    @property
    def place(self) -> tuple[int, int]:
        """The first and the last line, counted from 1."""
        blocks = self.page.blocks[self.first : self.last]
        return blocks[0].first + 1, blocks[-1].last


def sections_of(page: Page) -> list[Section]:
    """Return the sections of a page; the first one may have no heading. A page that says nothing has none."""
    starts = [number for number, block in enumerate(page.blocks) if block.kind == "heading"]
    if not page.blocks:
        return []
    if not starts or starts[0]:
        starts.insert(0, 0)
    ends = [*starts[1:], len(page.blocks)][: len(starts)]
    return [Section(page, first, last) for first, last in zip(starts, ends, strict=True)]


def refreshed(mine: Page, written: Page, filled: Page) -> Page:
    """Return a person's page in which each line that stands as it was written says what stands in its blanks now.

    Else what she filled in elsewhere would contradict a line that stayed, under whichever heading.

    Args:
        mine: her page.
        written: what was written last.
        filled: the same, block by block, with what stands in its blanks now.
    """
    blocks = range(len(written.blocks))
    changed = {written.blocks[one].key: one for one in blocks if written.blocks[one].key != filled.blocks[one].key}
    stale = (
        {one: changed[block.key] for one, block in enumerate(mine.blocks) if block.key in changed} if changed else {}
    )
    lines = [*mine.lines]
    for number in sorted(stale.keys() - mine.said.keys(), reverse=True):
        block = mine.blocks[number]
        lines[block.first : block.last] = filled.raw(stale[number], with_gap=False)
    page = Page(lines, blocks_of(lines), mine.hers)
    if len(page.blocks) != len(mine.blocks):
        return mine
    page.said = mine.said | {number: written.key(there) for number, there in stale.items()}
    return page


def read_back(page: Page) -> list[tuple[str, list[str]]]:
    """Return what is read back as an answer, under which heading and as it was written."""
    return [
        (section.heading, page.raw(number, with_gap=False))
        for section in sections_of(page)
        for number in range(section.first, section.last)
        if number in page.hers
    ]


def shared(mine: Page, page: Page) -> Page:
    """Return the sections of a page that a person's page has too, saying the same, be it under another heading."""
    own = sections_of(mine)
    bodies = [section.said[1:] for section in own]
    said = [section.said for section in own]
    same = [one for one in sections_of(page) if one.said in said or (one.said[1:] and one.said[1:] in bodies)]
    found = Page.of(in_one([one.lines for one in same]))
    numbers = [number for one in same for number in range(one.first, one.last)]
    found.hers = {place: page.hers[number] for place, number in enumerate(numbers) if number in page.hers}
    return found


def joined(lines: Sequence[str]) -> str:
    """Return lines as one text."""
    return "".join(f"{line}\n" for line in lines)


def in_one(parts: Sequence[Sequence[str]]) -> str:
    """Return sections as one text, with a blank line between them."""
    return "\n".join(joined(part) for part in parts if part)
