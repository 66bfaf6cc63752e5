"""What a person wrote into the checklist of a plan: ticks, notes, dates, names and lines of her own. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from peerplan.errors import Problem
from peerplan.folder.blocks import Block, alike, plain, readable
from peerplan.folder.lines import ReadLine, Titles, around, name_and_note, named

ALIKE = 0.75  # how alike a reworded line has to be
SHORT = 60  # characters: a line of a person's own that is shorter was not wrapped by an editor
_GOES_ON = ("(", "-", "\u2013", "\u2014")  # what an editor may have moved to the next line

_TICKED = ("x", "✓", "✔", "☑", "v", "*")
_EMPTY = ("", "_")


@dataclass(slots=True)
class Reading:
    """What stands in a checklist.

    `lines` are those of items, by id, and `own` a person's own; `days` are those that the table above the checklist
    has for items, and `rows` what stands beside each of them. `hers` are the places of the blocks that are read and
    written again from the answers, by the id of the item or the title of the line that they belong to; `held` are the
    lines that stay as they are because they cannot be read. `has_lines` tells that there is a checklist at all.
    """

    lines: dict[str, ReadLine] = field(default_factory=dict)
    own: list[ReadLine] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)
    hers: dict[int, str] = field(default_factory=dict)
    held: dict[str, list[int]] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)

    @property
    def has_lines(self) -> bool:
        return bool(self.lines)


def read_checklist(blocks: Sequence[Block], titles: Titles, written: frozenset[str] | None, place: str) -> Reading:
    """Read the checklist of a plan.

    Args:
        blocks: the plan's.
        titles: by what its lines are known.
        written: the keys of the blocks that peerplan wrote and that are no lines, None where that is not known: what
            is not among them is a person's.
        place: the file's name, for the problems.
    """
    return _Reader(blocks, titles, written, place).read()


class _Reader:
    def __init__(self, blocks: Sequence[Block], titles: Titles, written: frozenset[str] | None, place: str) -> None:
        self.blocks = blocks
        self.titles = titles
        self.written = written
        self.place = place
        self.ids = {*titles.lines.values(), *titles.labels.values()}
        self.reading = Reading()

    def read(self) -> Reading:
        ids = {number: id_ for number, block in enumerate(self.blocks) if (id_ := self._id_of(block))}
        first = self._first_of_the_checklist(ids)
        if first is None:
            return self.reading
        for number, block in enumerate(self.blocks):  # also below a line that was copied to the top of the plan
            self._read_day(number, block)
        ids |= self._reworded(first, ids)
        owner, under, is_hers = "", "", False
        for number, block in enumerate(self.blocks[first:], first):
            if block.kind == "heading":
                owner, under = self._owner_of(block), ""
                is_hers = not owner and self.written is not None and not self._is_written(block)
            elif number in self.reading.hers:
                under = ""
            elif number in ids:
                under = self._read_item(number, block, ids[number])
            elif is_hers and not (under and block.level > 1):  # what stands under a heading of her own stays there
                continue
            elif block.box is not None or (under and self._is_own_item(block)):
                under = self._read_own(number, block, owner)
            elif under and not self._is_written(block):
                self._add_note(number, block, under)
        self._finish()
        return self.reading

    def _finish(self) -> None:
        """Tell problems from the top down, and take a note once: a line that stays or was copied has it twice."""
        self.reading.unread.sort(key=lambda problem: int(problem.place.rpartition(":")[2]))
        for id_, line in self.reading.lines.items():
            self.reading.lines[id_] = replace(line, notes=tuple(dict.fromkeys(line.notes)))

    def _first_of_the_checklist(self, ids: Mapping[int, str]) -> int | None:
        """Return where the checklist begins: under the heading above the first line that is known."""
        boxed = [number for number in ids if self.blocks[number].box is not None]
        if not boxed:
            return None
        above = range(boxed[0] - 1, -1, -1)
        return next((one for one in above if self.blocks[one].kind == "heading" and self.blocks[one].level < 3), 0)  # noqa: PLR2004 # below the parts of the checklist, which are of level 3

    def _id_of(self, block: Block) -> str:
        """Return the item that a block is the line of, known by its id or its words."""
        if block.kind != "item" or (block.box is None and block.level > 1):  # an editor may indent a whole list
            return ""
        if block.id in self.ids:
            return block.id
        if block.box is None:
            return self._labelled(block)
        return self.titles.lines.get(self.titles.title_in(alike(block.raw)), "")

    def _labelled(self, block: Block) -> str:
        """Return the item whose label a block begins with, as a note by itself does."""
        label, colon, _ = block.raw.partition(":")
        return self.titles.labels.get(alike(label), "") if colon else ""

    def _reworded(self, first: int, ids: Mapping[int, str]) -> dict[int, str]:
        """Return the items whose lines were reworded: not found by their words, but alike."""
        missing = {title: id_ for title, id_ in self.titles.lines.items() if id_ not in ids.values()}
        found: dict[int, str] = {}
        for number, block in enumerate(self.blocks[first:], first):
            if block.box is None or number in ids or block.level > 1 or self.written is None:
                continue
            close = get_close_matches(self.titles.days.first_in(alike(block.raw))[1], missing, cutoff=ALIKE)
            if close and missing[close[0]] not in found.values():
                found[number] = missing[close[0]]
        return found

    def _owner_of(self, heading: Block) -> str:
        said = alike(heading.raw)
        return next((id_ for label, id_ in self.titles.owners.items() if said.startswith(label)), "")

    def _is_own_item(self, block: Block) -> bool:
        """Tell whether a line without a box is a person's: an item beside the others, where we know what we wrote."""
        return block.kind == "item" and block.level < 2 and self.written is not None and not self._is_written(block)  # noqa: PLR2004 # notes are indented by two

    def _is_written(self, block: Block) -> bool:
        return self.written is not None and block.key in self.written

    def _day_of(self, number: int, key: str, text: str) -> tuple[date | None, str]:
        """Return the day that a line begins with, and what comes after it; the line of a day that is none is held."""
        day, rest = self.titles.days.first_in(text)
        return self._day_or_hold(number, key, day), rest

    def _day_or_hold(self, number: int, key: str, day: date | Problem | None) -> date | None:
        if isinstance(day, Problem):
            self._hold(number, key, "day-unread", why=day)
            return None
        return day

    def _day_before_title(self, number: int, id_: str, text: str) -> tuple[date | None, str]:
        """Return the day in what stands before a title, where nothing else is expected, and what comes after it."""
        day = self.titles.days.read(text.strip(" ,:"))
        if isinstance(day, date):
            return day, ""
        first, rest = self._day_of(number, id_, text)
        if rest and not first:
            self._hold(number, id_, "day-unread", why=day)
        return first, rest

    def _read_day(self, number: int, block: Block) -> None:
        """Read a row of the table of days, if its day is that of an item and can be read."""
        if block.kind != "row":
            return
        said, _, label = plain(block.raw).partition(" | ")
        day, rest = self.titles.days.first_in(said)
        id_ = next((one for text, one in self.titles.milestones.items() if alike(label).startswith(text)), "")
        if isinstance(day, date) and not rest and id_:
            self.reading.days[id_] = day
            self.reading.rows.append((id_, readable(label)))
            self.reading.hers[number] = id_

    def _read_item(self, number: int, block: Block, id_: str) -> str:
        text = plain(block.raw)
        folded = alike(block.raw)
        self.reading.hers[number] = id_
        if block.box is None and not self._labelled(block):
            self._hold(number, id_, "tick-unclear")
            self.reading.lines.setdefault(id_, ReadLine(block.first + 1, ticked=None))
            return id_
        if block.box is None:
            return self._read_note_by_itself(block, id_)
        title = self.titles.title_in(folded, id_)
        ticked = self._ticked(block, id_, number)
        if not title:  # other words for it are a note
            day, said = self._day_of(number, id_, self.titles.without_late(text))
            self.reading.lines.setdefault(id_, ReadLine(block.first + 1, ticked, day, "", (said,), reworded=True))
            return id_
        before, after = around(text, folded, title)
        day, rest = self._day_before_title(number, id_, before)
        below = block.below if title in alike(block.head) and not block.below.startswith(_GOES_ON) else ""
        who, note = name_and_note(self.titles.without_late(after.removesuffix(plain(below))))
        line = ReadLine(block.first + 1, ticked, day, who, tuple(filter(None, [rest if day else "", note, below])))
        old = self.reading.lines.get(id_)
        if old is None:
            self.reading.lines[id_] = line
        else:
            self._twice(number, id_, old, line)
        return id_

    def _read_note_by_itself(self, block: Block, id_: str) -> str:
        """Read a note about an item that has no line; what comes after it belongs to no line either."""
        note = block.words.partition(":")[2].strip(" *_")
        old = self.reading.lines.get(id_, ReadLine(block.first + 1, None))
        self.reading.lines[id_] = replace(old, notes=(*old.notes, note))
        return ""

    def _twice(self, number: int, id_: str, old: ReadLine, line: ReadLine) -> None:
        if old.ticked != line.ticked or (old.due, old.who) != (line.due, line.who):
            for one, owner in list(self.reading.hers.items()):
                if owner == id_ and self.blocks[one].box is not None and one != number:
                    self._hold(one, id_, "tick-twice")
            self._hold(number, id_, "tick-twice")
            line = replace(line, ticked=None)
        self.reading.lines[id_] = replace(line, notes=(*old.notes, *line.notes))

    def _read_own(self, number: int, block: Block, owner: str) -> str:
        is_title = len(block.head) < SHORT
        below = block.below if is_title and not block.below.startswith(_GOES_ON) else ""
        said = plain(block.head if below else block.raw)
        first, rest = self.titles.days.first_in(said)
        title, who = named(self.titles.without_late(rest))
        title = self.titles.without_late(title)  # she may have written a name behind it
        if not title:
            return ""
        day = self._day_or_hold(number, title, first)
        ticked = self._ticked(block, title, number) if block.box is not None else False
        self.reading.hers[number] = title
        notes = (below,) if below else ()
        self.reading.own.append(ReadLine(block.first + 1, ticked, day, who, notes, title, owner))
        return title

    def _add_note(self, number: int, block: Block, under: str) -> None:
        self.reading.hers[number] = under
        if under in self.reading.lines:
            line = self.reading.lines[under]
            self.reading.lines[under] = replace(line, notes=(*line.notes, block.words))
        elif under in self.ids:  # its line cannot be read
            self.reading.lines[under] = ReadLine(block.first + 1, None, notes=(block.words,), reworded=True)
        else:
            line = self.reading.own[-1]
            self.reading.own[-1] = replace(line, notes=(*line.notes, block.words))

    def _ticked(self, block: Block, key: str, number: int) -> bool | None:
        if block.box is None:
            return None
        mark = block.box.casefold()
        if mark in _TICKED:
            return True
        if mark in _EMPTY and "~~" not in block.raw:
            return False
        self._hold(number, key, "tick-unclear")
        return None

    def _hold(self, number: int, key: str, message: str, **values: object) -> None:
        """Leave a line as it stands, and say so."""
        held = self.reading.held.setdefault(key, [])
        if number not in held:
            held.append(number)
            block = self.blocks[number]
            self.reading.unread.append(
                Problem(message, {"line": plain(block.raw)[:60], **values}, f"{self.place}:{block.first + 1}")
            )
