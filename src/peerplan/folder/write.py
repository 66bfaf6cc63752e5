"""From a plan to the files of its folder: what the commands that write plans have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from peerplan.answers.draft import doubtful_numbers
from peerplan.answers.toml import FILE_NAME
from peerplan.documents.calendar import FILE_NAME as CALENDAR
from peerplan.documents.calendar import calendar_file
from peerplan.documents.render import render_documents
from peerplan.errors import EditedFileKept, Problem
from peerplan.folder.checklist import Reading, read_boxes, states_of
from peerplan.folder.folder import backup_names, read_record, read_standing, renewal_writes
from peerplan.folder.reconcile import Document, renew
from peerplan.folder.record import CHECKLIST, Record, plan_id
from peerplan.guide.model import Guide
from peerplan.plan.plan import Plan, unfit_activities


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """A plan, what becomes of its documents, and what has to be written for that, in order.

    `copies` are the names under which edited documents are kept that are replaced; `notices` what the person should
    look at, by the key of the answer.
    """

    plan: Plan
    folder: Path
    documents: tuple[Document, ...]
    writes: Sequence[tuple[Path, bytes | None]]
    copies: Mapping[str, str]
    notices: tuple[tuple[str, Problem], ...]

    @property
    def placed_notices(self) -> list[Problem]:
        """The notices with the file and the key."""
        return [replace(problem, place=f"{self.folder / FILE_NAME}: {key}") for key, problem in self.notices]

    @property
    def names(self) -> tuple[str, ...]:
        """The files that belong to the plan."""
        return (FILE_NAME, *(document.name for document in self.documents if document.after is not None))


@dataclass(frozen=True, slots=True)
class Making:
    """What a plan folder is made from.

    `answers` is answers.toml by its name, if it changes; `reading` what the boxes of the checklist in the folder say;
    `given` what a row of a table gave.
    """

    plan: Plan
    guide: Guide
    answers: Mapping[str, bytes]
    reading: Reading | None = None
    given: Mapping[str, str] | None = None


def plan_files(folder: Path, making: Making, *, force: bool = False) -> PlanFiles:
    """Render everything and decide what becomes of each file; the folder need not be there yet.

    force replaces what a person edited.

    Raises:
        PeerplanError: if a template is wrong or a file cannot be read.
    """
    plan, reading = making.plan, making.reading
    record = read_record(folder) or Record(plan_id(plan.answers))
    new = {**render_documents(plan, making.guide), CALENDAR: calendar_file(plan, record.plan)}
    standing = read_standing(folder, {**new, **record.written})
    renewal = renew(new, standing, record, unticked={CHECKLIST: reading.text} if reading else {}, force=force)
    given = record.given if making.given is None else making.given
    after = replace(renewal.after, boxes=_boxes_left(renewal.documents), given=given)
    renewal = replace(renewal, after=after)
    copies = backup_names(folder, renewal)
    writes = renewal_writes(folder, renewal, making.answers, copies)
    notices = (*doubtful_numbers(plan.answers), *unfit_activities(plan, making.guide))
    return PlanFiles(plan, folder, renewal.documents, writes, copies, notices)


def refuse_kept(units: Iterable[PlanFiles]) -> None:
    """Tell which edited files were kept as they are.

    Raises:
        EditedFileKept: if there is any, with a problem for each place.
    """
    problems = [problem for unit in units for problem in kept_problems(unit.folder, unit.documents)]
    if problems:
        raise EditedFileKept(*problems)


def kept_problems(folder: Path, documents: Iterable[Document]) -> list[Problem]:
    """Which edited documents were kept as they are, and where they meet the new text."""
    return [_where_they_meet(folder / one.name, one) for one in documents if one.kind == "kept"]


def _where_they_meet(path: Path, document: Document) -> Problem:
    new = document.beside
    if not document.conflicts:
        return Problem("kept-whole", {"new": new}, str(path))
    lines = ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in document.conflicts)
    return Problem("kept-lines", {"new": new, "lines": lines}, f"{path}:{document.conflicts[0][0]}")


def _boxes_left(documents: Iterable[Document]) -> dict[str, bool] | None:
    """The boxes of the checklist as they will stand there, where that is not as peerplan wrote them."""
    for one in documents:
        if one.name == CHECKLIST and one.base is not None and one.after is not None:
            boxes = dict(read_boxes(one.base, one.after.decode(errors="replace"), one.name).ticked)
            return None if boxes == states_of(one.base) else boxes
    return None
