"""The one door by which what a person wrote into a plan folder comes back as answers. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from peerplan.answers.days import days_of
from peerplan.answers.draft import Draft
from peerplan.answers.keys import DUE, LANGUAGE, NOTES, OWN, WHO
from peerplan.answers.questions import IN_PLACE, draft_profile
from peerplan.answers.toml import FILE_NAME
from peerplan.answers.ways import ways_of
from peerplan.errors import Problem
from peerplan.folder.blocks import alike
from peerplan.folder.checklist import Reading, read_checklist
from peerplan.folder.lines import Titles
from peerplan.folder.page import Page, ReadPage, shared
from peerplan.folder.record import CHECKLIST, FolderRecord, checksum, offered_name
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.words import FilledIn, apply_ticks, blank_answers, line_answers, read_blanks
from peerplan.guide.blanks import FILLED, Blanks, Document
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.guide.model import Item
from peerplan.guide.tailoring import tailor
from peerplan.text import decoded


@dataclass(frozen=True, slots=True)
class FolderState:
    """A plan folder as it is.

    `before` are the answers of answers.toml; `draft` has them with everything that a person wrote into the documents,
    and `places` where each of them stands. `ticks` are the items whose answer her boxes changed, `ticked` all that are
    ticked, `gone` those whose lines she removed, `filled` the keys of the blanks that she filled in, and `unread` what
    could not be read. `pages` are the documents that are not as peerplan wrote them.
    """

    snapshot: Snapshot
    guide: Guide
    before: Draft
    draft: Draft
    places: Mapping[str, str]
    ticks: tuple[Item, ...]
    ticked: frozenset[str]
    gone: tuple[str, ...]
    unread: tuple[Problem, ...]
    filled: frozenset[str]
    pages: Mapping[str, ReadPage]

    @property
    def words(self) -> Mapping[str, int]:
        """How many notes, days, names, filled-in blanks and own lines the documents changed, by their table."""
        before, now = self.before, self.draft
        changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        tables = Counter(OWN if key == OWN else key.partition(".")[0] for key in changed)
        facts = sum(key in self.filled for key in changed)
        said = {NOTES: tables[NOTES], DUE: tables[DUE], WHO: tables[WHO], FILLED: facts, OWN: tables[OWN]}
        return {table: count for table, count in said.items() if count}

    @property
    def waiting(self) -> list[Problem]:
        """The new texts that lie beside documents until a person has taken what she wants of them."""
        record, folder = self.snapshot.record, self.snapshot.folder
        offered = [name for name in record.offered if self.snapshot.is_beside(name)] if record else []
        return [Problem("waiting", {"name": name}, str(folder / offered_name(name))) for name in offered]


def read_state(
    snapshot: Snapshot,
    kit: Kit,
    language: object = None,
    *,
    names: Collection[str] | None = None,
    recalled: Mapping[str, Document] | None = None,
) -> FolderState:
    """Read a plan folder.

    Args:
        snapshot: the folder.
        kit: the guides.
        language: another one than the answers'.
        names: the documents to read; all of them if it is None.
        recalled: the documents as the answers call for them, where the folder's memory is lost.

    Raises:
        InputError: if the answers, the record or a document cannot be read.
    """
    draft, places = ways_of(kit.guides).read(snapshot.answers.draft), snapshot.answers.places
    asked = language or draft.get(LANGUAGE, kit.languages[0])
    guide = kit.guide(asked, f"{places.get(LANGUAGE, '')}: {LANGUAGE}")
    reader = _Reader(snapshot, kit, guide, {**draft, LANGUAGE: guide.language}, recalled or {})
    return reader.read(names)


def edited_pages(snapshot: Snapshot, record: FolderRecord, names: Collection[str] | None = None) -> dict[str, ReadPage]:
    """Return the documents that are not as peerplan wrote them.

    Raises:
        InputError: if one of them cannot be read.
    """
    pages = {}
    for name in dict.fromkeys([CHECKLIST, *record.written]):
        text = snapshot.text(name) if names is None or name in names else None
        base = record.base(name, is_beside=snapshot.is_beside(name))
        if text is not None and text != base:
            pages[name] = ReadPage(Page.of(text), None if base is None else Page.of(base))
    return pages


class _Reader:
    """Reads one folder, document by document."""

    def __init__(
        self, snapshot: Snapshot, kit: Kit, guide: Guide, draft: Draft, recalled: Mapping[str, Document]
    ) -> None:
        self.snapshot = snapshot
        self.kit = kit
        self.guide = guide
        self.before = self.draft = draft
        self.places = dict(snapshot.answers.places)
        self.record = snapshot.record or FolderRecord("")
        self.recalled = recalled
        self.blanks = Blanks(kit.guides)
        self.found: list[FilledIn] = []
        self.unread: list[Problem] = []
        self.ticks: tuple[Item, ...] = ()
        self.ticked: frozenset[str] = frozenset()
        self.gone: tuple[str, ...] = ()

    def read(self, names: Collection[str] | None) -> FolderState:
        pages = edited_pages(self.snapshot, self.record, names) | self._recalled_pages()
        for name, page in pages.items():
            self._read_blanks(name, page)
        if CHECKLIST in pages:
            pages[CHECKLIST] = self._read_checklist(pages[CHECKLIST])
        for name in self.recalled.keys() & pages.keys():
            page = pages[name]
            pages[name] = replace(page, written=shared(page.mine, page.written) if page.written else None)
        draft, problems = blank_answers(self.found, self.blanks, self.draft)
        unread = (*self.unread, *problems, *self._copies())
        filled = frozenset(key for one in self.found for key in self.blanks.keys_of(one.mark))
        return FolderState(
            self.snapshot,
            self.guide,
            self.before,
            draft,
            self.places,
            self.ticks,
            self.ticked,
            self.gone,
            unread,
            filled,
            pages,
        )

    def _copies(self) -> Iterator[Problem]:
        """Tell of copies in which somebody may have written, and that are not read."""
        names = [*dict.fromkeys([CHECKLIST, *self.record.written])]
        for copy, name in self.snapshot.copies([FILE_NAME, *names]):
            yield Problem("copy-unread", {"name": name}, str(self.snapshot.folder / copy))
        for name in names:
            word = PurePath(name).with_suffix(".docx").name
            content = self.snapshot.content(word)
            if content is not None and checksum(content) != self.record.exported.get(word):
                yield Problem("word-unread", {"name": name}, str(self.snapshot.folder / word))

    def _recalled_pages(self) -> dict[str, ReadPage]:
        """Return the documents of a folder that lost its memory, against what the answers call for."""
        texts = {name: self.snapshot.text(name) for name, one in self.recalled.items() if one.text is not None}
        return {
            name: ReadPage(Page.of(text), Page.of(decoded(self.recalled[name].content)))
            for name, text in texts.items()
            if text is not None
        }

    def _read_blanks(self, name: str, page: ReadPage) -> None:
        text, values = self.record.written.get(name), self.record.values.get(name, {})
        if name in self.recalled:
            text, values = self.recalled[name].text, self.recalled[name].values
        if text is None or page.written is None:
            return
        found = [*read_blanks(Page.of(text), values, page.mine, self.blanks, str(self.snapshot.folder / name))]
        self.places |= {key: one.place for one in found for key in self.blanks.keys_of(one.mark)}
        self.found += found

    def _read_checklist(self, page: ReadPage) -> ReadPage:
        """Read the plan's checklist, and mark on both sides what is read back."""
        mine, written = page.mine, page.written
        titles = titles_of(self.guide, self.kit, self.draft, self.record.titles)
        before = read_checklist(written.blocks, titles, None, "") if written else None
        keys = None
        if written and before:
            keys = frozenset(written.key(one) for one in range(len(written.blocks)) if one not in before.hers)
        place = str(self.snapshot.folder / CHECKLIST)
        reading = read_checklist(mine.blocks, titles, keys, place)
        mine.hers = reading.hers
        if written and before:
            written.hers = before.hers
        self._take(None if self.recalled else before, reading, place)
        held = {
            key: tuple(tuple(mine.raw(one, with_gap=False)) for one in numbers) for key, numbers in reading.held.items()
        }
        return replace(page, held=held)

    def _take(self, before: Reading | None, reading: Reading, place: str) -> None:
        """Take what was read as answers."""
        now = {one: line.ticked for one, line in reading.lines.items()}
        then = {one: line.ticked for one, line in before.lines.items()} if before else None
        draft, self.ticks = apply_ticks(self.draft, now, then, self.guide)
        self.draft = line_answers(before, reading, draft)
        self.places |= _places_of(reading, place)
        self.unread += reading.unread
        self.ticked = frozenset(one for one, ticked in now.items() if ticked)
        self.gone = tuple(one for one in before.lines if one not in reading.lines) if before else ()


def _places_of(reading: Reading, place: str) -> dict[str, str]:
    lines = {f"{table}.{one}": line for one, line in reading.lines.items() for table in ("notes", "due", "who")}
    own = {"own": reading.own[0]} if reading.own else {}
    return {key: f"{place}:{line.number}" for key, line in {**lines, **own}.items()}


def titles_of(guide: Guide, kit: Kit, draft: Draft, written: Mapping[str, str]) -> Titles:
    """Return by what the lines of a unit's checklist are known; written has those that were written last."""
    unit = tailor(guide, draft_profile(draft, guide))
    items = unit.items
    lines = {alike(item.title): item.id for item in items}
    lines |= {alike(item.fallback.title): item.id for item in items if item.fallback}
    lines |= {
        alike(f"{item.label}: {option.label}"): item.id
        for item in items
        for option in guide.options_of(item)
        if option.state in IN_PLACE
    }
    lines |= {alike(title): id_ for title, id_ in written.items()}
    return Titles(
        lines=dict(sorted(lines.items(), key=lambda one: -len(one[0]))),
        labels={alike(item.label): item.id for item in (*guide.items, *items)},
        owners={alike(owner.label): owner.id for owner in guide.owners},
        milestones={alike(one.label): one.item for one in unit.milestones if one.item},
        late=[one.say("late-mark") for one in kit.guides],
        days=days_of(guide),
    )
