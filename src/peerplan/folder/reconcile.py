"""Decides what becomes of each document of a plan folder when it is written again. Pure.

What a person changed is kept: her edits and the new text are merged, and where they meet, her file stays as it is and
the new text goes beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePath
from typing import Literal

from peerplan.folder.checklist import read_boxes
from peerplan.folder.merge import merge
from peerplan.folder.record import FolderRecord

Outcome = Literal["new", "updated", "merged", "same", "kept", "replaced", "deleted", "removed", "left"]

_WRITTEN: tuple[Outcome, ...] = ("new", "updated", "merged", "replaced", "removed")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What becomes of one document.

    kind is "kept" where the new text had to go beside a person's, "deleted" where she deleted the file and it stays
    so, and "left" where it is no longer part of the plan but holds her edits. `before` and `after` are its content,
    None if there is no such file; `base` is what counts as written last; `offered` is what goes
    beside it, and `beside` the name it goes by.
    `conflicts` are the first and last lines of the places, in her text, where the two meet; a kept document without
    such places cannot be merged at all.
    """

    name: str
    kind: Outcome
    before: bytes | None
    after: bytes | None
    base: str | None
    offered: bytes | None = None
    beside: str = ""
    conflicts: tuple[tuple[int, int], ...] = ()

    @property
    def is_written(self) -> bool:
        return self.kind in _WRITTEN


@dataclass(frozen=True, slots=True)
class Renewal:
    """What becomes of all documents; the files to write or, for None, to remove; the record during that and after."""

    documents: tuple[FileChange, ...]
    files: Mapping[str, bytes | None]
    during: FolderRecord
    after: FolderRecord


def offered_name(name: str, number: int = 1) -> str:
    """Return where a new text goes that could not be merged: plan.new.md, beside plan.md, or plan.new.2.md."""
    path = PurePath(name)
    return f"{path.stem}.new{f'.{number}' if number > 1 else ''}{path.suffix}"


def renew(
    new: Mapping[str, bytes],
    standing: Mapping[str, bytes],
    record: FolderRecord,
    *,
    unticked: Mapping[str, str] | None = None,
    force: bool = False,
) -> Renewal:
    """Bring new documents into a folder.

    Args:
        new: the documents as the answers now call for them, by name.
        standing: what is in the folder, also of the offered documents.
        record: what was written last.
        unticked: texts without their ticks, to take for what stands there: a tick is an answer, no edit.
        force: replace what a person changed, and write again what she deleted.
    """
    documents = []
    for name in [*new, *(name for name in record.written if name not in new)]:
        # She took what she wanted of what was offered, if it is no longer there.
        was_taken = name in record.offered and offered_name(name) not in standing
        case = _Case(
            name=name,
            new=_text(new.get(name)),
            there=standing.get(name),
            unticked=(unticked or {}).get(name),
            written=record.written.get(name),
            base=record.offered[name] if was_taken else record.written.get(name),
        )
        document = _obsolete(case) if case.new is None else _renewed(case, case.new, force=force)
        if document.offered is not None:
            ours = {name: text.encode() for name, text in record.offered.items()}
            document = replace(document, beside=_free_name(name, [document.offered, ours.get(name)], standing))
        documents.append(document)
    files = {one.name: one.after for one in documents if one.is_written}
    files |= {one.beside: one.offered for one in documents if one.offered not in (None, standing.get(one.beside))}
    offered = {one.name: one.offered.decode() for one in documents if one.offered is not None}
    for name, text in record.offered.items():
        if name not in offered and _is(standing.get(offered_name(name)), text):
            files[offered_name(name)] = None
    return Renewal(
        tuple(documents),
        files,
        during=replace(
            record,
            pending={one.name: _text(one.after) for one in documents if one.is_written},
            merged={one.name: one.base for one in documents if one.kind == "merged" and one.base is not None},
        ),
        after=replace(
            record,
            written={one.name: one.base for one in documents if one.base is not None},
            offered=offered,
        ),
    )


def _free_name(name: str, ours: list[bytes | None], standing: Mapping[str, bytes]) -> str:
    """Return where a new text can go without replacing something that a person wrote there."""
    names = (offered_name(name, number) for number in count(1))
    return next(one for one in names if one not in standing or standing[one] in ours)


@dataclass(frozen=True, slots=True)
class _Case:
    """A document to judge: the new text, what is there, that without its ticks, what was written, the base to merge."""

    name: str
    new: str | None
    there: bytes | None
    unticked: str | None
    written: str | None
    base: str | None

    @property
    def is_unedited(self) -> bool:
        return self.written is not None and (_is(self.there, self.written) or self.unticked == self.written)


def _obsolete(case: _Case) -> FileChange:
    """Return what becomes of a document that the plan no longer needs."""
    if case.there is None:
        return FileChange(case.name, "deleted", None, None, None)
    if case.is_unedited:
        return FileChange(case.name, "removed", case.there, None, None)
    return FileChange(case.name, "left", case.there, case.there, case.written)


def _renewed(case: _Case, new: str, *, force: bool) -> FileChange:
    there, content = case.there, new.encode()
    if there == content:
        return FileChange(case.name, "same", there, there, new)
    if there is None:
        if case.written is not None and not force:
            return FileChange(case.name, "deleted", None, None, case.written)
        return FileChange(case.name, "new", None, content, new)
    if case.is_unedited:
        return FileChange(case.name, "updated", there, content, new)
    if force:
        return FileChange(case.name, "replaced", there, content, new)
    return _merged(case, there, new)


def _merged(case: _Case, there: bytes, new: str) -> FileChange:
    kept = FileChange(case.name, "kept", there, there, case.written, new.encode())
    try:
        mine = there.decode() if case.unticked is None else case.unticked
    except UnicodeDecodeError:
        return kept
    if case.base is None:
        return kept
    merged = merge(case.base, mine, new)
    if merged.text is None:
        return replace(kept, conflicts=merged.conflicts)
    # A line that she copied has an item's box too: it says what the answer says, or the next renewal would change it.
    text = merged.text if case.unticked is None else read_boxes(new, merged.text, case.name).text
    after = text.encode()
    return FileChange(case.name, "same" if after == there else "merged", there, after, new)


def _is(content: bytes | None, text: str | None) -> bool:
    return content is not None and text is not None and content == text.encode()


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode()
