"""Decides what becomes of each document of a plan folder when it is written again. Pure.

What a person wrote as an answer has been read; every other edit of hers is merged section by section. Where that
fails, her section stays as it is, and its new text goes beside the document.
"""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from peerplan.folder.blocks import blocks_of, lines_of
from peerplan.folder.checklist import read_checklist
from peerplan.folder.lines import Titles
from peerplan.folder.page import Page, ReadPage, joined, read_back, refreshed
from peerplan.folder.record import CHECKLIST, FolderRecord, checksum, filled, offered_name, pending_checksum
from peerplan.folder.sections import merge_pages
from peerplan.guide.blanks import Document
from peerplan.text import decoded

_BREAK = re.compile("\r\n|\r|\n")

Outcome = Literal["new", "updated", "merged", "same", "kept", "replaced", "deleted", "removed", "left"]

# Makes a file from others: its content, for its name and what these hold, by name.
Make = Callable[[str, Mapping[str, bytes]], bytes]
FindTitles = Callable[[], Titles]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What becomes of one document.

    kind is "kept" where a section of a person's could not be merged, "deleted" where she deleted the file and it stays
    so, and "left" where it is no longer part of the plan but holds her edits. `before` and `after` are its content,
    None if there is no such file; `base` is what counts as written last, with its blanks, and `values` what stands
    there; of a file that nobody edits it is the checksum `made`.
    `offered` is what goes beside it, `beside` the name it goes by, and `taken` what counts as written once that
    is gone. `conflicts` are the first and last lines of the sections that stayed, in her text.
    """

    name: str
    kind: Outcome
    before: bytes | None
    after: bytes | None
    base: str | None
    values: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
    offered: bytes | None = None
    beside: str = ""
    taken: str = ""
    conflicts: tuple[tuple[int, int], ...] = ()

    @property
    def is_written(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Renewal:
    """What becomes of all documents; the files to write or, for None, to remove; the record before that and after."""

    documents: tuple[FileChange, ...]
    files: Mapping[str, bytes | None]
    before: FolderRecord
    after: FolderRecord

    @property
    def during(self) -> FolderRecord:
        """The record while the files are being written: after a crash it tells our own output from a person's."""
        written = [one for one in self.documents if one.is_written]
        return replace(
            self.before,
            hidden=self.after.hidden,
            pending={one.name: pending_checksum(one.after) for one in written},
            arriving={one.name: (one.base, one.values) for one in written if one.base is not None},
        )


@dataclass(frozen=True, slots=True)
class FolderNow:
    """What is in a folder: the documents and what lies beside them, and those that are not as peerplan wrote them.

    `record` is what was written last.
    """

    standing: Mapping[str, bytes]
    record: FolderRecord
    pages: Mapping[str, ReadPage]


def renew(
    new: Mapping[str, Document], now: FolderNow, titles: FindTitles, make: Make, *, force: bool = False
) -> Renewal:
    """Bring new documents into a folder.

    Args:
        new: the documents as the answers now call for them, by name.
        now: what is in the folder.
        titles: finds by what the lines of the new checklist are known, where it has to be merged.
        make: makes a file from others as they stand.
        force: replace what a person changed, and write again what she deleted.
    """
    documents: dict[str, FileChange] = {}
    for name in [*new, *(name for name in now.record.names if name not in new)]:
        document = new.get(name)
        if document is None:
            documents[name] = _obsolete(name, now)
        elif document.text is None:
            there = {one: after for one in document.made_from if (after := documents[one].after) is not None}
            is_plain = document.content and all(new[one].content == there[one] for one in there)
            documents[name] = _made(name, document.content if is_plain else make(name, there), now)
        else:
            documents[name] = _renewed(name, document, now, titles, force=force)
    return _renewal([_beside(one, now) for one in documents.values()], now)


def _renewal(documents: list[FileChange], now: FolderNow) -> Renewal:
    record, standing = now.record, now.standing
    files = {one.name: one.after for one in documents if one.is_written}
    files |= {one.beside: one.offered for one in documents if one.offered not in (None, standing.get(one.beside))}
    offered = {one.name: checksum(one.offered) for one in documents if one.offered is not None}
    for name in record.offered:
        if name not in offered and _is_as_offered(name, offered_name(name), now):
            files[offered_name(name)] = None
    bases = {one.name: one for one in documents if one.base is not None}
    return Renewal(
        tuple(documents),
        files,
        before=record,
        after=replace(
            record,
            written={name: one.base or "" for name, one in bases.items()},
            values={name: one.values for name, one in bases.items() if one.values},
            made={one.name: one.made for one in documents if one.made},
            offered=offered,
            taken={one.name: one.taken for one in documents if one.taken},
        ),
    )


def _beside(change: FileChange, now: FolderNow) -> FileChange:
    """Give what is offered a name that replaces nothing that a person wrote there."""
    if change.offered is None:
        return change
    names = (offered_name(change.name, number) for number in count(1))
    free = next(
        one for one in names if now.standing.get(one) in (None, change.offered) or _is_as_offered(change.name, one, now)
    )
    return replace(change, beside=free)


def _is_as_offered(name: str, beside: str, now: FolderNow) -> bool:
    """Tell whether what lies beside a document is what was put there last."""
    return beside in now.standing and checksum(now.standing[beside]) == now.record.offered.get(name)


def _obsolete(name: str, now: FolderNow) -> FileChange:
    """Return what becomes of a document that the plan no longer needs; what it held as an answer has been read."""
    there, page = now.standing.get(name), now.pages.get(name)
    if there is None:
        return FileChange(name, "deleted", None, None, None)
    if (made := now.record.made.get(name)) and made != checksum(there):
        return FileChange(name, "left", there, there, None, made=made)
    if page is None or (page.written and page.mine.said_besides == page.written.said_besides):
        return FileChange(name, "removed", there, None, None)
    return FileChange(name, "left", there, there, now.record.written[name], now.record.values.get(name, {}))


def _made(name: str, content: bytes, now: FolderNow) -> FileChange:
    """Return what becomes of a file that nobody edits: it is made anew, and an edited one is kept as a copy."""
    there, before, made = now.standing.get(name), now.record.made.get(name), checksum(content)
    if there is None:
        return FileChange(
            name, "deleted" if before else "new", None, None if before else content, None, made=before or made
        )
    kind: Outcome = "same" if there == content else "updated" if checksum(there) == before else "replaced"
    return FileChange(name, kind, there, content, None, made=made)


def _renewed(name: str, document: Document, now: FolderNow, titles: FindTitles, *, force: bool) -> FileChange:
    there, content, text = now.standing.get(name), document.content, document.text or ""
    fresh = FileChange(name, "new", there, content, text, document.values)
    if there is None:
        written = now.record.written.get(name)
        if written is not None and not force:
            return FileChange(name, "deleted", None, None, written, now.record.values.get(name, {}))
        return fresh
    if there == content:
        return replace(fresh, kind="same")
    page = now.pages.get(name)
    if page is None and name in now.record.written:
        after = _styled(content.decode(), there)
        return replace(fresh, kind="same" if after == there else "updated", after=after)
    if force:
        return replace(fresh, kind="replaced")
    page = page or ReadPage(Page.of(decoded(there)), None)
    new = _new_page(fresh, titles)
    merged = _merged(fresh, new, _refilled(page, fresh, now.record), there, titles)
    stays = merged.kind == "merged" and _is_up_to_date(page, new)
    return replace(merged, kind="same", after=there) if stays else merged


def _refilled(page: ReadPage, fresh: FileChange, record: FolderRecord) -> ReadPage:
    """Return a page and what was written last with what stands in its blanks now, which was read and so is no edit.

    Where what was written last has no blanks any more, they are returned as they are.
    """
    written, text = page.written, record.written.get(fresh.name)
    values = record.values.get(fresh.name, {})
    if written is None or text is None or lines_of(filled(text, values)) != written.lines:
        return page
    now = Page.of(filled(text, fresh.values))
    if len(now.blocks) != len(written.blocks):
        return page
    now.hers = written.hers
    now.said = {number: written.key(number) for number in range(len(written.blocks))}
    return replace(page, mine=refreshed(page.mine, written, now), written=now)


def _new_page(fresh: FileChange, titles: FindTitles) -> Page:
    new = Page.of((fresh.after or b"").decode())
    if fresh.name == CHECKLIST:
        new.hers = read_checklist(new.blocks, titles(), None, "").hers
    return new


def _is_up_to_date(page: ReadPage, new: Page) -> bool:
    """Tell whether there is nothing to renew: the same was written last time, and what is read back still stands so.

    What a person made of it then stays as it is, to the last blank line.
    """
    is_written = page.written is not None and page.written.lines == new.lines
    return is_written and not page.held and read_back(page.mine) == read_back(new)


def _merged(fresh: FileChange, new: Page, page: ReadPage, there: bytes, titles: FindTitles) -> FileChange:
    content = (fresh.after or b"").decode()
    merged = merge_pages(page.written, page.mine, new)
    text = content if merged.text == joined(new.lines) else merged.text
    if page.held:
        text = _with_held(text, page.held, titles())
    after = _styled(text, there)
    if not merged.conflicts:
        kind: Outcome = "same" if after == there else "updated" if text == content else "merged"
        return replace(fresh, kind=kind, after=after)
    return replace(
        fresh,
        kind="kept",
        after=after,
        base=merged.base,
        values={},
        offered=merged.beside.encode(),
        taken=merged.taken,
        conflicts=merged.conflicts,
    )


def _with_held(text: str, held: Mapping[str, tuple[tuple[str, ...], ...]], titles: Titles) -> str:
    """Return a checklist with the lines that could not be read as a person left them, each as often as she has it.

    Those in a section that stayed as it is are there already. The others come in the place of peerplan's own line.
    """
    lines = lines_of(text)
    blocks = blocks_of(lines)
    reading = read_checklist(blocks, titles, None, "")
    boxed = [one for one in sorted(reading.hers) if blocks[one].box is not None or blocks[one].raw.startswith("[")]
    numbers = [one for one in boxed if reading.hers[one] in held]
    stands = {number: tuple(lines[blocks[number].first : blocks[number].last]) for number in numbers}
    new = dict(stands)
    for key in {reading.hers[number] for number in numbers}:
        places = [number for number in numbers if reading.hers[number] == key]
        missing = [*held[key]]
        others = [number for number in places if len(places) == 1 or not _took(stands[number], missing)]
        ours = [number for number in others if blocks[number].box is not None]
        if missing:
            new |= dict.fromkeys(ours, ())
            at = ours[0] if ours else places[-1]
            new[at] = (*new[at], *(line for block in missing for line in block))
    for number in reversed(numbers):
        lines[blocks[number].first : blocks[number].last] = new[number]
    return joined(lines)


def _took(block: tuple[str, ...], among: list[tuple[str, ...]]) -> bool:
    """Take a block out of a list, if it is there."""
    if is_there := block in among:
        among.remove(block)
    return is_there


def _styled(text: str, there: bytes) -> bytes:
    """Return a text with the line ends and the byte order mark of the file that it replaces."""
    ends = Counter(_BREAK.findall(decoded(there)))
    usual = next((end for end, _ in ends.most_common(1)), "\n")
    mark = BOM_UTF8 if there.startswith(BOM_UTF8) else b""
    return mark + text.replace("\n", usual).encode()
