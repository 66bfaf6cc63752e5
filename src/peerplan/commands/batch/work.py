"""The work on one unit of a table: what its row makes of its folder."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from peerplan.answers.draft import Draft, check_answers, check_draft, with_planned_from
from peerplan.answers.keys import LANGUAGE, START
from peerplan.answers.model import Answers
from peerplan.answers.toml import FILE_NAME
from peerplan.answers.toml_new import new_answers
from peerplan.commands.batch.rows import UnitRow, changed_draft
from peerplan.commands.making import PlanFiles, PlanMaker, changed_answers
from peerplan.errors import InputError, PeerplanError, Problem
from peerplan.folder.disk import Staging
from peerplan.folder.folder import locked
from peerplan.folder.read import FolderState
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.plan.doubts import begun_problem
from peerplan.plan.overview import UnitLine


@dataclass(frozen=True, slots=True)
class Job:
    """One row that was checked: the draft that it makes with what its folder holds, and the same as answers."""

    row: UnitRow
    folder: str
    draft: Draft
    answers: Answers


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What became of one unit, the sections that could not be merged, and what to look at, by its key.

    `told` is what its folder says: what could not be read there, and what was replaced.
    """

    kind: Literal["new", "updated", "same"]
    line: UnitLine
    kept: tuple[Problem, ...]
    notices: tuple[tuple[str, Problem], ...]
    told: tuple[Problem, ...]


class Worker:
    """Checks rows and writes their folders in a folder; `language` is for new plans whose row names none."""

    def __init__(self, maker: PlanMaker, to: Path, language: str) -> None:
        self.maker = maker
        self.to = to
        self.language = language

    def check(self, row: UnitRow, snapshot: Snapshot | None) -> Job | list[tuple[str, Problem]]:
        """Return a job, or what is wrong: the key, and the problem, without a place if it stands in the row.

        snapshot is the unit's folder as it stands, None for a row without a name.
        """
        try:
            draft, guide, state = self._unit(row, snapshot)
        except PeerplanError as error:
            return [(LANGUAGE, problem) for problem in error.problems]
        answers, problems = check_draft(draft, guide)
        if answers is None or snapshot is None:
            places = state.places if state else {}
            return [
                (key, one if key in row.given else replace(one, place=places.get(key, ""))) for key, one in problems
            ]
        if not state and (begun := begun_problem(answers.placement.start, self.maker.as_of)):
            return [(START, begun)]
        return Job(row, snapshot.folder.name, draft, answers)

    def write(self, jobs: Iterable[Job]) -> list[UnitOutcome]:
        """Write the folders of some jobs.

        Raises:
            PeerplanError: if a folder cannot be written; then none of them is changed.
        """
        with ExitStack() as holding, Staging() as staging:
            outcomes = [self._stage(job, staging, holding) for job in jobs]
            staging.put_in_place()
        return outcomes

    def preview(self, jobs: Iterable[Job]) -> list[UnitOutcome]:
        """Return what write would do."""
        return [_outcome(self._files(job, Snapshot(self.to / job.folder))) for job in jobs]

    def _stage(self, job: Job, staging: Staging, holding: ExitStack) -> UnitOutcome:
        folder = self.to / job.folder
        if folder.exists():
            holding.enter_context(locked(folder))
            files = self._files(job, Snapshot(folder))
            staging.add(files.changes.writes)
        else:
            files = self._files(job, Snapshot(folder))
            staging.add_folder(folder, {name: one for name, one in files.changes.files.items() if one is not None})
        return _outcome(files)

    def _files(self, job: Job, snapshot: Snapshot) -> PlanFiles:
        """Make the files of a job; what its folder holds is read again, for it may have changed since the check."""
        draft, guide, state = self._unit(job.row, snapshot)
        given = job.row.remembered(snapshot.record.given if snapshot.record else {})
        answers = job.answers if draft == job.draft else check_answers(draft, guide)
        changed = changed_answers(draft, state) if state else {FILE_NAME: new_answers(draft, guide).encode()}
        return self.maker.files(snapshot, answers, changed, state, given=given)

    def _unit(self, row: UnitRow, snapshot: Snapshot | None) -> tuple[Draft, Guide, FolderState | None]:
        """Return the draft that a row makes with what its folder holds, and that as it was."""
        kit, given = self.maker.kit, row.given
        language = given.get(LANGUAGE, self.language)
        if language not in kit.languages:
            raise InputError(kit.messages.unknown_language(language, ""))
        if snapshot is None or not (snapshot.folder / FILE_NAME).is_file():
            guide = kit.guide(language)
            new: Draft = {LANGUAGE: language, **given}
            return with_planned_from(new, self.maker.as_of, None), guide, None
        state = self.maker.read(snapshot)
        record = snapshot.record
        draft = changed_draft(state.draft, record.given if record else {}, row)
        draft = {LANGUAGE: state.guide.language, **with_planned_from(draft, self.maker.as_of, record and record.start)}
        return draft, kit.guide(draft[LANGUAGE]), state


def _outcome(files: PlanFiles) -> UnitOutcome:
    changes = files.changes
    is_new = all(document.before is None for document in changes.documents)
    kind: Literal["new", "updated", "same"] = "new" if is_new else "updated" if changes.files else "same"
    told = (*files.unread, *changes.replaced)
    return UnitOutcome(kind, UnitLine.of(files.plan, changes.folder.name), tuple(changes.kept), files.notices, told)
