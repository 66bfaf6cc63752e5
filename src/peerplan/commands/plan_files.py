"""From a plan to the files of its folder: what the commands that write plans have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from peerplan.answers_toml import FILE_NAME
from peerplan.calendar_file import FILE_NAME as CALENDAR
from peerplan.calendar_file import calendar_file
from peerplan.documents import render_documents
from peerplan.errors import EditedFileKept, Problem
from peerplan.folder import read_record, read_standing, renewal_writes
from peerplan.guide import Guide
from peerplan.planning import Plan
from peerplan.record import CHECKLIST, Record, plan_id
from peerplan.renewal import Document, offered_name, renew
from peerplan.ticks import Reading, read_boxes


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """A plan, what becomes of its documents, and what has to be written for that, in order."""

    plan: Plan
    folder: Path
    documents: tuple[Document, ...]
    writes: Sequence[tuple[Path, bytes | None]]

    @property
    def names(self) -> tuple[str, ...]:
        """The files that belong to the plan."""
        return (FILE_NAME, *(document.name for document in self.documents if document.after is not None))


def plan_files(
    folder: Path,
    plan: Plan,
    guide: Guide,
    answers: Mapping[str, bytes],
    *,
    reading: Reading | None = None,
    force: bool = False,
) -> PlanFiles:
    """Render everything and decide what becomes of each file.

    Args:
        folder: the plan folder, which need not be there yet.
        plan: what the documents say.
        guide: the content the plan was made with.
        answers: answers.toml by its name, if it changes.
        reading: what the boxes of the checklist in the folder say, if they were read.
        force: replace what a person edited.

    Raises:
        PeerplanError: if a template is wrong or a file cannot be read.
    """
    before = read_record(folder)
    record = before or Record(plan_id(plan.answers))
    new = {**render_documents(plan, guide), CALENDAR: calendar_file(plan, record.plan)}
    standing = read_standing(folder, {**new, **record.written})
    renewal = renew(new, standing, record, unticked={CHECKLIST: reading.text} if reading else {}, force=force)
    renewal = replace(renewal, after=replace(renewal.after, boxes=_boxes_left(renewal.documents)))
    return PlanFiles(plan, folder, renewal.documents, tuple(renewal_writes(folder, renewal, before, answers)))


def refuse_kept(units: Iterable[PlanFiles]) -> None:
    """Tell which edited files were kept as they are.

    Raises:
        EditedFileKept: if there is any, with a problem for each place.
    """
    kept = [(unit.folder / one.name, one) for unit in units for one in unit.documents if one.kind == "kept"]
    if kept:
        raise EditedFileKept(*(_where_they_meet(path, document) for path, document in kept))


def _where_they_meet(path: Path, document: Document) -> Problem:
    new = offered_name(document.name)
    if not document.conflicts:
        return Problem("kept-whole", {"new": new}, str(path))
    lines = ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in document.conflicts)
    return Problem("kept-lines", {"new": new, "lines": lines}, f"{path}:{document.conflicts[0][0]}")


def _boxes_left(documents: Iterable[Document]) -> dict[str, bool] | None:
    """The boxes of the checklist as they will stand there, where that is not as peerplan wrote them."""
    for one in documents:
        if one.name == CHECKLIST and one.base is not None and one.after is not None and one.after != one.base.encode():
            return dict(read_boxes(one.base, one.after.decode(errors="replace"), one.name).ticked)
    return None
