"""What becomes of the files of a plan folder when its documents are written again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from peerplan.errors import Problem
from peerplan.folder.checklist import Reading, read_boxes, states_of
from peerplan.folder.folder import backup_names, renewal_writes
from peerplan.folder.reconcile import FileChange, renew
from peerplan.folder.record import CHECKLIST, FolderRecord
from peerplan.folder.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What a folder is to hold: the documents by name, and answers.toml by its name if it changes.

    `start` is the start that the plan is for, `reading` what the boxes of the checklist in the folder say, and `given`
    what a row of a table gave.
    """

    documents: Mapping[str, bytes]
    start: date | None = None
    answers: Mapping[str, bytes] = field(default_factory=dict)
    reading: Reading | None = None
    given: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What becomes of each document of a folder, and what has to be written for that, in order.

    `copies` are the names under which edited documents are kept that are replaced.
    """

    folder: Path
    documents: tuple[FileChange, ...]
    writes: Sequence[tuple[Path, bytes | None]]
    copies: Mapping[str, str]

    @property
    def kept(self) -> list[Problem]:
        """The edited documents that stay as they are, with the lines that meet the new text."""
        return [_where_they_meet(self.folder / one.name, one) for one in self.documents if one.kind == "kept"]


def changes_to(
    snapshot: Snapshot, record: FolderRecord, content: FolderContent, *, force: bool = False
) -> FolderChanges:
    """Decide what becomes of each file of a folder, which need not be there yet.

    record is what was written last; force replaces what a person edited.

    Raises:
        PeerplanError: if a file cannot be read, or leads out of the folder.
    """
    reading = content.reading
    standing = snapshot.standing({**content.documents, **record.written})
    unticked = {CHECKLIST: reading.text} if reading else {}
    renewal = renew(content.documents, standing, record, unticked=unticked, force=force)
    given = record.given if content.given is None else content.given
    after = replace(renewal.after, boxes=_boxes_left(renewal.documents), given=given, start=content.start)
    renewal = replace(renewal, after=after)
    copies = backup_names(snapshot.folder, renewal)
    writes = renewal_writes(snapshot, renewal, content.answers, copies)
    return FolderChanges(snapshot.folder, renewal.documents, writes, copies)


def _where_they_meet(path: Path, change: FileChange) -> Problem:
    new = change.beside
    if not change.conflicts:
        return Problem("kept-whole", {"new": new}, str(path))
    lines = ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in change.conflicts)
    return Problem("kept-lines", {"new": new, "lines": lines}, f"{path}:{change.conflicts[0][0]}")


def _boxes_left(documents: Iterable[FileChange]) -> dict[str, bool] | None:
    """Return the boxes of the checklist as they will stand there, where that is not as peerplan wrote them."""
    for one in documents:
        if one.name == CHECKLIST and one.base is not None and one.after is not None:
            boxes = dict(read_boxes(one.base, one.after.decode(errors="replace"), one.name).ticked)
            return None if boxes == states_of(one.base) else boxes
    return None
