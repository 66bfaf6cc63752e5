"""`peerplan update`: write the documents of a plan again; what a person edited is kept."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from peerplan.answers.draft import check_answers
from peerplan.answers.questions import draft_profile, open_steps
from peerplan.answers.toml import FILE_NAME, encoded_like, write_answers
from peerplan.errors import InputError, PeerplanError, Problem
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import held, quoted
from peerplan.folder.read import Current, read_current
from peerplan.folder.write import Making, PlanFiles, plan_files
from peerplan.plan.plan import make_plan


@dataclass(frozen=True, slots=True)
class Updated:
    """What the folder said before, ticks included, and what became of its files."""

    current: Current
    files: PlanFiles


@dataclass(frozen=True, slots=True)
class Updates:
    """The folders that were updated, and why others were not."""

    units: tuple[Updated, ...]
    failures: tuple[PeerplanError, ...]

    def refuse_failed(self) -> None:
        """Raise the failures as one, of the kind of the first.

        Raises:
            PeerplanError: if there was any.
        """
        if self.failures:
            raise type(self.failures[0])(*(problem for one in self.failures for problem in one.problems))


def update_all(folders: Iterable[Path], as_of: date, *, force: bool = False, dry_run: bool = False) -> Updates:
    """Bring plan folders up to date; one that fails does not stop the others."""
    units: list[Updated] = []
    failures: list[PeerplanError] = []
    for folder in folders:
        try:
            units.append(update(folder, as_of, force=force, dry_run=dry_run))
        except PeerplanError as error:
            failures.append(error)
    return Updates(tuple(units), tuple(failures))


def update(folder: Path, as_of: date, *, force: bool = False, dry_run: bool = False) -> Updated:
    """Bring one plan folder up to date.

    Edited files that had to be kept are no error here: plan_files.refuse_kept tells of them.

    Raises:
        PeerplanError: before anything is written.
    """
    if not (folder / FILE_NAME).is_file():
        raise InputError(Problem("no-plan-here", {}, str(folder)))
    with nullcontext() if dry_run else held(folder):
        current = read_current(folder)
        if current.record is None and open_steps(current.draft, current.guide):
            raise InputError(Problem("unfinished", {"folder": quoted(folder)}, str(folder / FILE_NAME)))
        plan = make_plan(check_answers(current.draft, current.guide, current.places), current.guide, as_of)
        answers = _ticked_answers(folder / FILE_NAME, current)
        files = plan_files(folder, Making(plan, current.guide, answers, current.reading), force=force)
        if not dry_run:
            write_in_order(files.writes)
    return Updated(current, files)


def _ticked_answers(path: Path, current: Current) -> dict[str, bytes]:
    """answers.toml by its name, if ticks changed an answer; otherwise it stays as the person left it."""
    if not current.ticks:
        return {}
    profile = draft_profile(current.draft, current.guide)
    text = write_answers(current.draft, current.guide, profile, current.text)
    return {path.name: encoded_like(text, path.read_bytes())}
