"""`peerplan batch`: one plan folder for each row of a table, and an overview of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from uuid import UUID

from peerplan.answers.draft import refusal
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.batch.folders import Unit, owner_of, unit_folders, unit_of
from peerplan.commands.batch.rows import Units, understand
from peerplan.commands.batch.work import Job, Outcome, check_jobs, preview_jobs, work_through, write_jobs
from peerplan.documents.overview import Overview, overview_csv
from peerplan.documents.render import render_overview
from peerplan.errors import InputError, Interrupted, Problem
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import held, read_record, read_standing, renewal_writes
from peerplan.folder.reconcile import Document, renew
from peerplan.folder.record import Record
from peerplan.folder.write import kept_problems
from peerplan.guide.load import load_guide
from peerplan.tables import Row, read_table

NAME = "unit.name"
OVERVIEW_ID = str(UUID(int=0))  # an overview has no calendar that would need an id of its own

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What the command was asked for; `language` is for rows that name none."""

    table: Path
    to: Path
    language: str
    as_of: date
    dry_run: bool = False
    skip_invalid: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was made: the overview and what became of its documents, and how many folders are new, updated or the same.

    `problems` are what is wrong in rows that were left out, `kept` in documents whose edits could not be merged,
    `notices` are what the person should know, and `gone` are the folders of units that are no longer in the table.
    """

    overview: Overview
    counts: Mapping[str, int]
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    kept: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    gone: tuple[str, ...]

    def refuse_invalid(self) -> None:
        """Raise what was wrong in the rows that were left out.

        Raises:
            InputError: with a problem for each.
        """
        if self.problems:
            raise InputError(*self.problems)


def batch(request: Request, progress: Progress) -> Batch:
    """Check all rows, then write a folder for each and the overview.

    progress is told how many of how many units are done.

    Raises:
        PeerplanError: before anything is written, for everything that is wrong in the table, unless invalid rows
            are to be skipped.
    """
    table = read_table(request.table, encoding=request.encoding, delimiter=request.delimiter, sheet=request.sheet)
    units = understand(table, request.language)
    folders = unit_folders((unit for one in units if (unit := unit_of(one.given))[0]), request.to)
    invalid = _check(units, folders, request)
    problems = tuple(problem for number in sorted(invalid) for problem in invalid[number])
    if problems and not request.skip_invalid:
        raise refusal(problems)
    with ExitStack() as holding:
        if not request.dry_run:
            holding.enter_context(held(request.to))
        jobs = (job for row, job in _jobs(units, folders, request) if row.number not in invalid)
        try:
            outcomes = _write(jobs, table.count - len(invalid), request, progress)
        except KeyboardInterrupt:
            raise Interrupted(_how_far(folders, request)) from None
        overview = Overview.of(one.line for one in outcomes)
        documents = _write_overview(overview, request)
    gone = _gone(request.to, set(folders.values()))
    kept = (*(problem for one in outcomes for problem in one.kept), *kept_problems(request.to, documents))
    counts = {kind: sum(one.kind == kind for one in outcomes) for kind in ("new", "updated", "same")}
    valid = (row for row, _ in _jobs(units, folders, request) if row.number not in invalid)
    notices = (
        *table.notices,
        *units.unused,
        *_notices(units, valid, outcomes),
        *_same_name(gone, outcomes, request.to),
    )
    return Batch(overview, counts, documents, problems, kept, notices, gone)


def _notices(units: Units, rows: Iterator[Row], outcomes: list[Outcome]) -> Iterator[Problem]:
    """What the units' rows should be looked at for."""
    if any(one.notices for one in outcomes):  # else the rows need not be read again
        for row, one in zip(rows, outcomes, strict=True):
            yield from (_placed(problem, key, row, units) for key, problem in one.notices)


def _jobs(units: Units, folders: Mapping[Unit, str], request: Request) -> Iterator[tuple[Row, Job]]:
    for one in units:
        unit = unit_of(one.given)
        folder = request.to / folders[unit] if unit[0] else None
        yield one.row, Job(folder, one.given, request.language, request.as_of)


def _check(units: Units, folders: Mapping[Unit, str], request: Request) -> dict[int, list[Problem]]:
    """The problems of each row that has any, by its number."""
    invalid: dict[int, list[Problem]] = defaultdict(list)
    rows = (row for row, _ in _jobs(units, folders, request))
    jobs = (job for _, job in _jobs(units, folders, request))
    for row, found in zip(rows, work_through(check_jobs, jobs, units.table.count), strict=True):
        if found:
            invalid[row.number] += [_placed(problem, key, row, units) for key, problem in found]
    for row, problem in chain(_repeated(units), units.identity_numbers()):
        invalid[row.number].append(problem)
    return invalid


def _repeated(units: Units) -> Iterator[tuple[Row, Problem]]:
    """The rows of units that are there already, each with a problem that names both rows."""
    rows: dict[Unit, Row] = {}
    for one in units:
        unit = unit_of(one.given)
        if unit[0] and unit in rows:
            first = units.place(rows[unit], NAME).rpartition(": ")[0]
            yield one.row, Problem("units-same", {"first": first}, units.place(one.row, NAME))
        rows.setdefault(unit, one.row)


def _placed(problem: Problem, key: str, row: Row, units: Units) -> Problem:
    return problem if problem.place else units.in_words(replace(problem, place=units.place(row, key)), key)


def _write(jobs: Iterator[Job], count: int, request: Request, progress: Progress) -> list[Outcome]:
    outcomes = []
    work = preview_jobs if request.dry_run else write_jobs
    for outcome in work_through(work, jobs, count):
        outcomes.append(outcome)
        progress(len(outcomes), count)
    return outcomes


def _how_far(folders: Mapping[Unit, str], request: Request) -> Problem:
    """What to say of an interruption: the processes may have written more than they told of."""
    done = sum((request.to / folder / FILE_NAME).is_file() for folder in folders.values())
    if request.dry_run:
        return Problem("interrupted")
    return Problem("batch-interrupted", {"done": done, "count": len(folders)})


def _write_overview(overview: Overview, request: Request) -> tuple[Document, ...]:
    """Write overview.md and overview.csv like any document: what a person changed in them is kept."""
    guide = load_guide(request.language)
    new = {**render_overview(overview, guide), "overview.csv": overview_csv(overview, guide)}
    renewal = renew(new, read_standing(request.to, new), read_record(request.to) or Record(OVERVIEW_ID))
    if not request.dry_run:
        write_in_order(renewal_writes(request.to, renewal, {}, {}))
    return renewal.documents


def _same_name(gone: tuple[str, ...], outcomes: list[Outcome], to: Path) -> Iterator[Problem]:
    """Folders that lost their row while a unit of the same name is new: perhaps only the workplace was put right."""
    new = {unit_of({NAME: one.line.name})[0]: to / one.line.folder for one in outcomes if one.kind == "new"}
    for folder in gone:
        owner = owner_of(to / folder)
        if owner and owner[0] in new:
            yield Problem("batch-same-name", {"new": new[owner[0]]}, str(to / folder))


def _gone(to: Path, folders: set[str]) -> tuple[str, ...]:
    """The plan folders that belong to no row."""
    return tuple(sorted(path.parent.name for path in to.glob(f"*/{FILE_NAME}") if path.parent.name not in folders))
