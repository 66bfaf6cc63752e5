"""What a person wrote into the checklist of a plan: ticks, notes, dates, names and lines of her own. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from peerplan.answers.model import typed
from peerplan.errors import Problem
from peerplan.folder.blocks import Block, alike, plain

ALIKE = 0.75  # how alike a reworded line has to be
NAME_WORDS = 3  # of a name; more words at a line's end are a note
DAY_WORDS = 4  # of something that may be meant for a day

SHORT = 60  # characters: a line of a person's own that is shorter was not wrapped by an editor
_GOES_ON = ("(", "-", "\u2013", "\u2014")  # what an editor may have moved to the next line

_TICKED = ("x", "✓", "✔", "☑", "v", "*")
_EMPTY = ("", "_")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\b[\s:,]*")
_BRACKETED = re.compile(r"(.*?)\s*\(([^()]*)\)")
_NAME = re.compile(r"[@\w][\w.'-]*(?: [\w.'-]+)*")


@dataclass(frozen=True, slots=True)
class Titles:
    """By what the lines of a checklist are known, all by how they are compared.

    `lines` has the item of each line: what is to be done, or what is in place and the answer; `labels` the item of a
    note that stands by itself, and `owners` the role of a heading. `late` is what stands after a line that is late, in
    each language.
    """

    lines: Mapping[str, str]
    labels: Mapping[str, str]
    owners: Mapping[str, str]
    late: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an item, or with `title` a person's own. `ticked` is None where that is not clear.

    `due` is None where no day stands there. `number` counts from 1. Of one that was `reworded` only the box is read.
    """

    number: int
    ticked: bool | None
    due: date | None = None
    who: str = ""
    notes: tuple[str, ...] = ()
    title: str = ""
    owner: str = ""
    reworded: bool = False

    @property
    def note(self) -> str:
        return "\n".join(self.notes)


@dataclass(slots=True)
class Reading:
    """What stands in a checklist.

    `lines` are those of items, by id, and `own` a person's own. `hers` are the places of the blocks that are read and
    written again from the answers, by the id of the item or the title of the line that they belong to; `held` are the
    lines that stay as they are because they cannot be read. `has_lines` tells that there is a checklist at all.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    own: list[Line] = field(default_factory=list)
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
        self.by_length = sorted(titles.lines.items(), key=lambda one: -len(one[0]))
        self.ids = {*titles.lines.values(), *titles.labels.values()}
        self.reading = Reading()

    def read(self) -> Reading:
        ids = {number: id_ for number, block in enumerate(self.blocks) if (id_ := self._id_of(block))}
        first = self._first_of_the_checklist(ids)
        if first is None:
            return self.reading
        ids |= self._reworded(first, ids)
        owner, under = "", ""
        for number, block in enumerate(self.blocks[first:], first):
            if block.kind == "heading":
                owner, under = self._owner_of(block), ""
            elif number in ids:
                under = self._read_item(number, block, ids[number])
            elif block.box is not None or (under and self._is_own_item(block)):
                under = self._read_own(number, block, owner)
            elif under and not self._is_written(block):
                self._add_note(number, block, under)
        self.reading.unread.sort(key=lambda problem: int(problem.place.rpartition(":")[2]))
        return self.reading

    def _first_of_the_checklist(self, ids: Mapping[int, str]) -> int | None:
        """Return where the checklist begins: under the heading above the first line that is known."""
        boxed = [number for number in ids if self.blocks[number].box is not None]
        if not boxed:
            return None
        above = range(boxed[0] - 1, -1, -1)
        return next((one for one in above if self.blocks[one].kind == "heading" and self.blocks[one].level < 3), 0)  # noqa: PLR2004 # below the parts of the checklist, which are of level 3

    def _id_of(self, block: Block) -> str:
        """Return the item that a block is the line of, known by its id or its words."""
        if block.kind != "item" or block.level > 1:
            return ""
        if block.id in self.ids:
            return block.id
        if block.box is None:
            return self.titles.labels.get(alike(block.raw.partition(":")[0]), "") if ":" in block.raw else ""
        return self.titles.lines.get(self._title_in(alike(block.raw), ""), "")

    def _title_in(self, folded: str, id_: str) -> str:
        """Return the title in a line, after a day or what may be meant for one; of that item, or of any."""
        day = _DAY.match(folded)
        rest = folded[day.end() :] if day else folded
        for title, one in self.by_length:
            if id_ in ("", one) and rest.startswith(title) and not rest[len(title) : len(title) + 1].isalnum():
                return title
        for title, one in self.by_length:
            before, found, _ = rest.partition(title)
            if found and id_ in ("", one) and len(before.split()) <= DAY_WORDS and any(map(str.isdigit, before)):
                return title
        return ""

    def _reworded(self, first: int, ids: Mapping[int, str]) -> dict[int, str]:
        """Return the items whose lines were reworded: not found by their words, but alike."""
        missing = {title: id_ for title, id_ in self.by_length if id_ not in ids.values()}
        found: dict[int, str] = {}
        for number, block in enumerate(self.blocks[first:], first):
            if block.box is None or number in ids or block.level > 1 or self.written is None:
                continue
            close = get_close_matches(_DAY.sub("", alike(block.raw)), missing, n=1, cutoff=ALIKE)
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

    def _read_item(self, number: int, block: Block, id_: str) -> str:
        text = plain(block.raw)
        folded = alike(block.raw)
        if block.box is None:
            return self._read_note_by_itself(number, block, id_)
        title = self._title_in(folded, id_)
        ticked = self._ticked(block, id_, number)
        if not title:  # its words were changed: they are an edit like any other
            self.reading.lines.setdefault(id_, Line(block.first + 1, ticked, reworded=True))
            return id_
        self.reading.hers[number] = id_
        before, after = _around(text, folded, title)
        day, rest = _day_of(before)
        if rest:
            self._hold(number, id_, "day-unread")
        below = block.below if title in alike(block.head) and not block.below.startswith(_GOES_ON) else ""
        who, note = self._who(after.removesuffix(plain(below)) if below else after)
        line = Line(block.first + 1, ticked, day, who, tuple(filter(None, [note, below])))
        old = self.reading.lines.get(id_)
        if old is None:
            self.reading.lines[id_] = line
        else:
            self._twice(number, id_, old, line)
        return id_

    def _read_note_by_itself(self, number: int, block: Block, id_: str) -> str:
        """Read a note about an item that has no line; what comes after it belongs to no line either."""
        self.reading.hers[number] = id_
        note = block.words.partition(":")[2].strip(" *_")
        old = self.reading.lines.get(id_, Line(block.first + 1, None))
        self.reading.lines[id_] = replace(old, notes=(*old.notes, note))
        return ""

    def _twice(self, number: int, id_: str, old: Line, line: Line) -> None:
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
        day, title = _day_of(plain(block.head if below else block.raw))
        for mark in self.titles.late:
            title = re.sub(rf"\s*[-\u2013\u2014]\s*{re.escape(mark)}$", "", title, flags=re.IGNORECASE)
        bracketed = _BRACKETED.fullmatch(title)
        title, who = (
            (bracketed[1], bracketed[2]) if bracketed and bracketed[1] and _is_name(bracketed[2]) else (title, "")
        )
        if not title:
            return ""
        ticked = self._ticked(block, title, number) if block.box is not None else False
        self.reading.hers[number] = title
        notes = (below,) if below else ()
        self.reading.own.append(Line(block.first + 1, ticked, day, who, notes, title, owner))
        return title

    def _add_note(self, number: int, block: Block, under: str) -> None:
        self.reading.hers[number] = under
        if under in self.reading.lines:
            line = self.reading.lines[under]
            self.reading.lines[under] = replace(line, notes=(*line.notes, block.words))
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

    def _hold(self, number: int, key: str, message: str) -> None:
        """Leave a line as it stands, and say so."""
        held = self.reading.held.setdefault(key, [])
        if number not in held:
            held.append(number)
            block = self.blocks[number]
            self.reading.unread.append(
                Problem(message, {"line": plain(block.raw)[:60]}, f"{self.place}:{block.first + 1}")
            )

    def _who(self, after: str) -> tuple[str, str]:
        """Return the name and the note at a line's end, without what peerplan itself writes there."""
        rest = after.strip()
        for mark in self.titles.late:
            rest = re.sub(
                rf"(?:^|\s)[-\u2013\u2014]\s*{re.escape(mark)}(?=\W|$)", " ", rest, flags=re.IGNORECASE
            ).strip()
        bracketed = _BRACKETED.match(rest)
        if bracketed and _is_name(bracketed[2]):
            note = f"{bracketed[1]} {rest[bracketed.end() :]}".strip(" ,;:\u2013-")
            return bracketed[2].strip(), note
        rest = rest.strip(" ,;:/\u2013-")
        return (rest, "") if _is_name(rest) else ("", rest)


def _around(text: str, folded: str, title: str) -> tuple[str, str]:
    """Return what stands before and after a title in a text; folding may have changed the length of what is before."""
    at = folded.index(title)
    words = len(folded[:at].split())
    parts = text.split()
    return " ".join(parts[:words]), " ".join(parts)[len(" ".join(parts[: words + len(title.split())])) :]


def _day_of(text: str) -> tuple[date | None, str]:
    """Return the day that a text begins with, and what comes after it."""
    found = _DAY.match(text)
    day = typed("date", found[1]) if found else None
    return (day, text[found.end() :].strip()) if found and isinstance(day, date) else (None, text.strip())


def _is_name(text: str) -> bool:
    text = text.strip()
    return bool(_NAME.fullmatch(text)) and len(text.split()) <= NAME_WORDS and not any(map(str.isdigit, text))
