"""`peerplan batch`: one plan folder for each row of a table, and an overview of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from peerplan.answers.draft import refusal
from peerplan.answers.keys import NAME
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.batch.folders import UnitFolders, UnitKey, owner_of, unit_key
from peerplan.commands.batch.rows import Units, parse_units
from peerplan.commands.batch.work import Job, UnitOutcome, Worker
from peerplan.commands.making import PlanMaker
from peerplan.documents.overview import overview_csv, overview_xlsx
from peerplan.documents.overview_page import OVERVIEW_PAGE, overview_page
from peerplan.documents.page import PAGE
from peerplan.errors import EditedFileKept, InputError, Interrupted, PeerplanError, Problem
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import locked
from peerplan.folder.read import edited_pages
from peerplan.folder.record import FolderRecord
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.blanks import Document
from peerplan.guide.kit import Kit
from peerplan.plan.overview import Overview
from peerplan.tables import Row, read_table

CHUNK = 32  # units for which the disk is flushed once
OVERVIEW_ID = str(UUID(int=0))  # an overview has no calendar that would need an id of its own

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What the command was asked for; `language` is for rows that name none."""

    table: Path
    to: Path
    language: str
    as_of: date
    html: bool = False
    dry_run: bool = False
    skip_invalid: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was made: the overview, and how many folders are new, updated or the same; not `written` in a dry run.

    `problems` are what is wrong in rows that were left out, `kept` in documents whose edits could not be merged,
    `notices` are what the person should know, and `gone` are the folders of units that are no longer in the table.
    """

    to: Path
    overview: Overview
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    kept: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    gone: tuple[str, ...]
    written: bool

    @property
    def failure(self) -> PeerplanError | None:
        """What is wrong in rows, or else edits that could not be merged."""
        if self.problems:
            return InputError(*self.problems)
        return EditedFileKept(*self.kept) if self.kept else None


def batch(request: BatchRequest, kit: Kit, progress: Progress) -> Batch:
    """Check all rows, then write a folder for each and the overview.

    progress is called with how many of how many units are done.

    Raises:
        PeerplanError: before anything is written, for everything that is wrong in the table, unless invalid rows
            are to be skipped.
    """
    table = read_table(request.table, encoding=request.encoding, delimiter=request.delimiter, sheet=request.sheet)
    units = parse_units(table, kit, request.language)
    maker = PlanMaker(kit, request.as_of, html=request.html)
    worker = Worker(maker, request.to, request.language)
    jobs, problems, folders = _checked(units, worker)
    if problems and not request.skip_invalid:
        raise refusal(problems)
    with ExitStack() as holding:
        if not request.dry_run:
            holding.enter_context(locked(request.to))
        try:
            outcomes = _work_through(jobs, worker, progress, dry_run=request.dry_run)
        except KeyboardInterrupt:
            raise Interrupted(_how_far(folders, request)) from None
        overview = Overview.of(one.line for one in outcomes)
        changes = _overview_changes(overview, maker, request)
        if not request.dry_run:
            write_in_order(changes.writes)
    gone = _gone(request.to, folders)
    return Batch(
        to=request.to,
        overview=overview,
        counts={kind: sum(one.kind == kind for one in outcomes) for kind in ("new", "updated", "same")},
        problems=tuple(problems),
        kept=(*(problem for one in outcomes for problem in one.kept), *changes.kept),
        notices=(
            *table.notices,
            *units.notices,
            *_notices(units, jobs, outcomes),
            *_same_name(gone, outcomes, request.to),
            *(problem for one in outcomes for problem in one.told),
            *changes.replaced,
        ),
        gone=gone,
        written=not request.dry_run,
    )


def _checked(units: Units, worker: Worker) -> tuple[list[Job], list[Problem], set[str]]:
    """Return the rows that can be written, what is wrong in the others, and the folders of all units."""
    folders = UnitFolders((key for one in units.rows if (key := unit_key(one.given))[0]), worker.to)
    jobs: list[Job] = []
    names: set[str] = set()
    invalid: dict[int, list[Problem]] = defaultdict(list)
    for one in units.rows:
        key = unit_key(one.given)
        snapshot = folders.choose(key) if key[0] else None
        if snapshot:
            names.add(snapshot.folder.name)
        job = worker.check(one, snapshot)
        if isinstance(job, Job):
            jobs.append(job)
        else:
            invalid[one.row.number] += [units.placed(problem, key, one.row) for key, problem in job]
    for row, problem in chain(_repeated(units), units.identity_numbers()):
        invalid[row.number].append(problem)
    problems = [problem for number in sorted(invalid) for problem in invalid[number]]
    return [job for job in jobs if job.row.row.number not in invalid], problems, names


def _notices(units: Units, jobs: Iterable[Job], outcomes: Iterable[UnitOutcome]) -> Iterator[Problem]:
    """Give what the units' rows should be looked at for."""
    for job, one in zip(jobs, outcomes, strict=True):
        yield from (units.placed(problem, key, job.row.row) for key, problem in one.notices)


def _repeated(units: Units) -> Iterator[tuple[Row, Problem]]:
    """Give the rows of units that are there already, each with a problem that names both rows."""
    rows: dict[UnitKey, Row] = {}
    for one in units.rows:
        unit = unit_key(one.given)
        if unit[0] and unit in rows:
            first = units.place(rows[unit], NAME).rpartition(": ")[0]
            yield one.row, Problem("units-same", {"first": first}, units.place(one.row, NAME))
        rows.setdefault(unit, one.row)


def _work_through(jobs: list[Job], worker: Worker, progress: Progress, *, dry_run: bool) -> list[UnitOutcome]:
    outcomes: list[UnitOutcome] = []
    remaining = iter(jobs)
    while chunk := list(islice(remaining, CHUNK)):
        for outcome in worker.preview(chunk) if dry_run else worker.write(chunk):
            outcomes.append(outcome)
            progress(len(outcomes), len(jobs))
    return outcomes


def _how_far(folders: Iterable[str], request: BatchRequest) -> Problem:
    """Say how many plans there are after an interruption: the last ones may have been written and not counted."""
    if request.dry_run:
        return Problem("interrupted")
    done = [(request.to / folder / FILE_NAME).is_file() for folder in folders]
    return Problem("batch-interrupted", {"done": sum(done), "count": len(done)})


def _overview_changes(overview: Overview, maker: PlanMaker, request: BatchRequest) -> FolderChanges:
    """Make the overview's documents like any others: what a person changed in them is kept."""
    guide = maker.kit.guide(request.language)
    folders = (line.folder for line in overview.lines)
    with_page = {one for one in folders if request.html or (request.to / one / PAGE).is_file()}
    new = {
        **maker.templates.overview(overview, guide),
        "overview.csv": Document(overview_csv(overview, guide)),
        "overview.xlsx": Document(overview_xlsx(overview, guide)),
        OVERVIEW_PAGE: Document(overview_page(overview, guide, with_page)),
    }
    snapshot = Snapshot(request.to)
    record = snapshot.record or FolderRecord(OVERVIEW_ID)
    return changes_to(snapshot, record, record, FolderContent(new, pages=edited_pages(snapshot, record)))


def _same_name(gone: tuple[str, ...], outcomes: list[UnitOutcome], to: Path) -> Iterator[Problem]:
    """Warn of folders that lost their row while a unit of the same name is new: was the workplace put right?"""
    new = {unit_key({NAME: one.line.name})[0]: to / one.line.folder for one in outcomes if one.kind == "new"}
    for folder in gone:
        owner = owner_of(Snapshot(to / folder))
        if owner and owner[0] in new:
            yield Problem("batch-same-name", {"new": new[owner[0]]}, str(to / folder))


def _gone(to: Path, folders: set[str]) -> tuple[str, ...]:
    """Return the plan folders that belong to no row."""
    return tuple(sorted(path.parent.name for path in to.glob(f"*/{FILE_NAME}") if path.parent.name not in folders))
