"""`peerplan update`: write the documents of a plan again; what a person edited is kept."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from peerplan.answers.draft import check_answers, with_planned_from
from peerplan.answers.questions import open_steps
from peerplan.answers.toml import FILE_NAME
from peerplan.call import quoted
from peerplan.commands.making import PlanFiles, PlanMaker, changed_answers
from peerplan.errors import EditedFileKept, InputError, PeerplanError, Problem
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import locked, plan_folders
from peerplan.folder.record import CHECKLIST
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.kit import Kit


@dataclass(frozen=True, slots=True)
class Updates:
    """The folders that were updated, and why others were not; `written` is False for a dry run."""

    units: tuple[PlanFiles, ...]
    failures: tuple[PeerplanError, ...]
    written: bool

    @property
    def failure(self) -> PeerplanError | None:
        """The failures as one, of the kind of the first, or else edits that could not be merged."""
        if self.failures:
            return type(self.failures[0])(*(problem for one in self.failures for problem in one.problems))
        kept = [problem for one in self.units for problem in one.changes.kept]
        return EditedFileKept(*kept) if kept else None


def update(folders: Iterable[Path], kit: Kit, as_of: date, *, force: bool = False, dry_run: bool = False) -> Updates:
    """Bring plan folders up to date, and those within a folder that is none itself.

    One that fails does not stop the others.
    """
    maker = PlanMaker(kit, as_of, force=force)
    units: list[PlanFiles] = []
    found, problems = plan_folders(folders)
    failures: list[PeerplanError] = []
    for folder in found:
        try:
            units.append(_update_folder(folder, maker, dry_run=dry_run))
        except PeerplanError as error:
            failures.append(error)
    failures += [InputError(one) for one in problems]
    return Updates(tuple(units), tuple(failures), written=not dry_run)


def _update_folder(folder: Path, maker: PlanMaker, *, dry_run: bool) -> PlanFiles:
    with nullcontext() if dry_run else locked(folder):
        snapshot = Snapshot(folder)
        state = maker.read(snapshot)
        has_plan = snapshot.record is not None or snapshot.content(CHECKLIST) is not None
        if not has_plan and open_steps(state.draft, state.guide):
            raise InputError(Problem("unfinished", {"folder": quoted(folder)}, str(folder / FILE_NAME)))
        draft = with_planned_from(state.draft, maker.as_of, snapshot.record and snapshot.record.start)
        answers = check_answers(draft, state.guide, state.places)
        files = maker.files(snapshot, answers, changed_answers(draft, state), state)
        files = replace(files, unfit=(*files.unfit, *maker.unfilled(files)))
        if not dry_run:
            write_in_order(files.changes.writes)
    return files
