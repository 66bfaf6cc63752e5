"""What a plan folder says now: its answers, with the ticks of its checklist read into them. Writes nothing."""

from dataclasses import dataclass
from pathlib import Path

from peerplan.answers.draft import Draft
from peerplan.answers.toml import FILE_NAME, read_answers, read_text
from peerplan.errors import InputError, Problem
from peerplan.folder.checklist import Reading, Tick, apply_ticks, read_boxes, states_of
from peerplan.folder.folder import read_record, read_standing
from peerplan.folder.reconcile import offered_name
from peerplan.folder.record import CHECKLIST, Record
from peerplan.guide.load import load_guide
from peerplan.guide.model import Guide
from peerplan.messages import languages

LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Current:
    """A plan folder as it is. `text` is answers.toml; `record` is None if peerplan has written no plan here.

    `places` says where each answer was written. `reading` holds the boxes of the checklist, if there is one that
    peerplan wrote, and `ticks` those that changed an answer.
    """

    draft: Draft
    places: dict[str, str]
    guide: Guide
    text: str
    record: Record | None
    reading: Reading | None
    ticks: tuple[Tick, ...]


def read_current(folder: Path, language: str | None = None) -> Current:
    """Read a plan folder; language is for another one than the answers'.

    Raises:
        InputError: if the answers, the record or the checklist cannot be read.
    """
    path = folder / FILE_NAME
    draft, places = read_answers(path)
    guide = load_guide(_known_language(language or draft.get(LANGUAGE, languages()[0]), places))
    record = read_record(folder)
    reading = _checklist(folder, record) if record else None
    ticks: tuple[Tick, ...] = ()
    if record and reading:
        seen = record.boxes if record.boxes is not None else states_of(record.written.get(CHECKLIST, ""))
        draft, ticks = apply_ticks(draft, reading.ticked, seen, guide)
    return Current({**draft, LANGUAGE: guide.language}, places, guide, read_text(path), record, reading, ticks)


def _known_language(language: object, places: dict[str, str]) -> str:
    if language not in languages():
        values = {"value": language, "choices": ", ".join(languages())}
        raise InputError(Problem("unknown-language", values, f"{places.get(LANGUAGE, '')}: {LANGUAGE}"))
    return str(language)


def _checklist(folder: Path, record: Record) -> Reading | None:
    standing = read_standing(folder, [CHECKLIST])
    content, written = standing.get(CHECKLIST), record.written.get(CHECKLIST)
    if content is None or written is None:
        return None
    if CHECKLIST in record.offered and offered_name(CHECKLIST) not in standing:
        written = record.offered[CHECKLIST]  # she took what she wanted of it
    place = str(folder / CHECKLIST)
    try:
        return read_boxes(written, content.decode(), place)
    except UnicodeDecodeError:
        raise InputError(Problem("not-utf8", {}, place)) from None
