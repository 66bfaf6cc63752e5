"""What a plan folder says now: its answers, with the ticks of its checklist read into them. Writes nothing."""

from dataclasses import dataclass

from peerplan.answers.draft import LANGUAGE, Draft
from peerplan.errors import InputError, Problem
from peerplan.folder.checklist import Reading, apply_ticks, read_boxes, states_of
from peerplan.folder.reconcile import offered_name
from peerplan.folder.record import CHECKLIST, FolderRecord
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.guide.model import Item


@dataclass(frozen=True, slots=True)
class FolderState:
    """A plan folder as it is.

    `draft` has the answers with the ticks. `reading` holds the boxes of the checklist, if there is one that peerplan
    wrote, and `ticks` the items whose answer they changed.
    """

    snapshot: Snapshot
    guide: Guide
    draft: Draft
    reading: Reading | None
    ticks: tuple[Item, ...]


def read_state(snapshot: Snapshot, kit: Kit, language: str | None = None) -> FolderState:
    """Read a plan folder; language is for another one than the answers'.

    Raises:
        InputError: if the answers, the record or the checklist cannot be read.
    """
    draft, places = snapshot.answers.draft, snapshot.answers.places
    asked = language or draft.get(LANGUAGE, kit.languages[0])
    guide = kit.guide(asked, f"{places.get(LANGUAGE, '')}: {LANGUAGE}")
    record = snapshot.record
    reading = _checklist(snapshot, record) if record else None
    ticks: tuple[Item, ...] = ()
    if record and reading:
        seen = record.boxes if record.boxes is not None else states_of(record.written.get(CHECKLIST, ""))
        draft, ticks = apply_ticks(draft, reading.ticked, seen, guide)
    return FolderState(snapshot, guide, {**draft, LANGUAGE: guide.language}, reading, ticks)


def _checklist(snapshot: Snapshot, record: FolderRecord) -> Reading | None:
    standing = snapshot.standing([CHECKLIST])
    content, written = standing.get(CHECKLIST), record.written.get(CHECKLIST)
    if content is None or written is None:
        return None
    if CHECKLIST in record.offered and offered_name(CHECKLIST) not in standing:
        written = record.offered[CHECKLIST]  # she took what she wanted of it
    place = str(snapshot.folder / CHECKLIST)
    try:
        return read_boxes(written, content.decode(), place)
    except UnicodeDecodeError:
        raise InputError(Problem("not-utf8", {}, place)) from None
