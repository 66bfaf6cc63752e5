"""The work on one unit of a table: what its row makes of its folder."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Literal

from peerplan.answers.draft import Draft, check_answers, check_draft, unknown_answers, with_planned_from
from peerplan.answers.keys import LANGUAGE, START
from peerplan.answers.toml import FILE_NAME
from peerplan.answers.toml_new import new_answers
from peerplan.commands.batch.findings import Wrong
from peerplan.commands.batch.folders import UnitFolders, token, unit_key
from peerplan.commands.batch.rows import UnitRow, Units, changed_draft
from peerplan.commands.batch.seals import Seals, files_in
from peerplan.commands.making import PlanFiles, PlanMaker, changed_answers
from peerplan.errors import InputError, PeerplanError, Problem
from peerplan.folder.disk import Staging
from peerplan.folder.folder import locked
from peerplan.folder.read import FolderState
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.plan.doubts import begun_problem
from peerplan.plan.overview import UnitLine
from peerplan.tables import Row


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one row: its folder's name as a number, None where it names no unit, and what is wrong.

    `is_long` tells which of its two folders the unit has. `unused` is what is wrong in columns that are not used.
    """

    folder: int | None
    is_long: bool
    problems: tuple[Wrong, ...]
    unused: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One row that was checked, and the folder that it gets."""

    row: UnitRow
    folder: str


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What became of one unit, the sections that could not be merged, and what to look at in its row.

    `told` is what its folder says: what could not be read there, and what was replaced.
    """

    kind: Literal["new", "updated", "same"]
    line: UnitLine
    kept: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    told: tuple[Problem, ...]


class Worker:
    """Checks rows of a table and writes their folders; `language` is for new plans whose row names none.

    It keeps nothing of a row that is done, and knows of the others only which folders are theirs.
    """

    def __init__(self, maker: PlanMaker, units: Units, folders: UnitFolders, seals: Seals, language: str) -> None:
        self.maker = maker
        self.units = units
        self.folders = folders
        self.to = folders.to
        self.language = language
        self.seals = seals

    def check(self, rows: Iterable[Row]) -> list[Checked]:
        """Return what is found in some rows."""
        return [self._checked(row) for row in rows]

    def _checked(self, row: Row) -> Checked:
        unused = tuple(self.units.identity_numbers(row))
        if not self.units.is_unit(row):
            return Checked(None, False, (), unused)  # noqa: FBT003 # by their order
        read = self.units.read(row)
        unit = unit_key(read.given)
        snapshot, is_long = self.folders.choose(unit) if unit[0] else (None, False)
        problems = (self.units.wrong(one, key, row) for key, one in self._problems(read, snapshot))
        return Checked(token(snapshot.folder.name) if snapshot else None, is_long, tuple(problems), unused)

    def _problems(self, row: UnitRow, snapshot: Snapshot | None) -> list[tuple[str, Problem]]:
        """Return what is wrong: the key, and the problem, without a place if it stands in the row.

        snapshot is the unit's folder as it stands, None for a row without a name.
        """
        try:
            draft, guide, state, stays = self._unit(row, snapshot)
        except PeerplanError as error:
            return [(LANGUAGE, problem) for problem in error.problems]
        answers, problems = check_draft(draft, guide)
        if unused := [problem for key in stays for problem in _problems_of(key, {**draft, key: row.given[key]}, guide)]:
            return unused
        if answers is None or snapshot is None:
            places = state.places if state else {}
            return [
                (key, one if key in row.given else replace(one, place=places.get(key, ""))) for key, one in problems
            ]
        begun = None if state else begun_problem(answers.placement.start, self.maker.as_of)
        return [(START, begun)] if begun else []

    def _job(self, row: Row, *, is_long: bool) -> Job:
        read = self.units.read(row)
        return Job(read, self.folders.folder(unit_key(read.given), is_long=is_long).name)

    def write(self, rows: Iterable[tuple[Row, bool]]) -> list[UnitOutcome]:
        """Write the folders of some rows, each with whether it has the longer of its two.

        Raises:
            PeerplanError: if a folder cannot be written; then none of them is changed.
        """
        with ExitStack() as holding, Staging() as staging:
            outcomes = [self._stage(self._job(row, is_long=is_long), staging, holding) for row, is_long in rows]
            staging.put_in_place()
        return outcomes

    def preview(self, rows: Iterable[tuple[Row, bool]]) -> list[UnitOutcome]:
        """Return what write would do."""
        jobs = (self._job(row, is_long=is_long) for row, is_long in rows)
        return [self._outcome(job, self._files(job, Snapshot(self.to / job.folder))) for job in jobs]

    def _stage(self, job: Job, staging: Staging, holding: ExitStack) -> UnitOutcome:
        folder = self.to / job.folder
        is_there = folder.exists()
        if is_there:
            holding.enter_context(locked(folder))
        snapshot = Snapshot(folder)
        there = files_in(snapshot) if is_there else {}
        files = self._files(job, snapshot)
        if is_there:
            staging.add(files.changes.writes)
            place = folder
        else:
            place = staging.add_folder(
                folder, {name: one for name, one in files.changes.files.items() if one is not None}
            )
        outcome = self._outcome(job, files)
        if there is not None and not (outcome.kept or outcome.notices or outcome.told):
            self.seals.put(place, job.row, outcome.line, {**there, **files.changes.files})
        return outcome

    def _files(self, job: Job, snapshot: Snapshot) -> PlanFiles:
        """Make the files of a job; what its folder holds is read again, for it may have changed since the check."""
        draft, guide, state, stays = self._unit(job.row, snapshot)
        given = job.row.remembered(snapshot.record.given if snapshot.record else {})
        answers = check_answers(draft, guide)
        changed = changed_answers(draft, state) if state else {FILE_NAME: new_answers(draft, guide).encode()}
        files = self.maker.files(snapshot, answers, changed, state, given=given)
        told = ((key, Problem("batch-unit-says-otherwise", {"folder": job.folder})) for key in stays)
        return replace(files, notices=(*files.notices, *told))

    def _unit(
        self, row: UnitRow, snapshot: Snapshot | None
    ) -> tuple[Draft, Guide, FolderState | None, tuple[str, ...]]:
        """Return the draft that a row makes with what its folder holds, that as it was, and what stays against it."""
        if row.problems:
            raise InputError(*row.problems)
        kit, given = self.maker.kit, row.given
        language = given.get(LANGUAGE, self.language)
        if language not in kit.languages:
            raise InputError(kit.messages.unknown_language(language, ""))
        if snapshot is None or not (snapshot.folder / FILE_NAME).is_file():
            guide = kit.guide(language)
            new: Draft = {LANGUAGE: language, **row.passed, **given}
            return with_planned_from(new, self.maker.as_of, None), guide, None, ()
        state = self.maker.read(snapshot)
        record = snapshot.record
        unknown = unknown_answers(state.guide)
        draft, stays = changed_draft(state.draft, record.given if record else {}, row, unknown)
        draft = {LANGUAGE: state.guide.language, **with_planned_from(draft, self.maker.as_of, record and record.start)}
        return draft, kit.guide(draft[LANGUAGE]), state, stays

    def _outcome(self, job: Job, files: PlanFiles) -> UnitOutcome:
        changes = files.changes
        is_new = all(document.before is None for document in changes.documents)
        kind: Literal["new", "updated", "same"] = "new" if is_new else "updated" if changes.files else "same"
        notices = tuple(self.units.placed(problem, key, job.row.row) for key, problem in files.notices)
        line = UnitLine.of(files.plan, changes.folder.name)
        return UnitOutcome(kind, line, tuple(changes.kept), notices, (*files.unread, *changes.replaced))


def _problems_of(key: str, draft: Draft, guide: Guide) -> list[tuple[str, Problem]]:
    return [(wrong, problem) for wrong, problem in check_draft(draft, guide).problems if wrong == key]
