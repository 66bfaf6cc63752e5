"""`peerplan batch`: one plan folder for each row of a table or file of answers, and an overview of them.

The table is gone through several times and never held: for its units, for what is wrong, and to write.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from peerplan.answers.draft import refusal
from peerplan.commands.batch.answer_files import answer_files
from peerplan.commands.batch.checking import Check, check_rows, unchanged_rows
from peerplan.commands.batch.findings import Findings
from peerplan.commands.batch.folders import Tokens, UnitFolders, token
from peerplan.commands.batch.gone import Gone, plan_folders_in
from peerplan.commands.batch.overview import make_overview
from peerplan.commands.batch.rows import Units, known_headings, parse_units
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.spool import LineSpool
from peerplan.commands.batch.staff import Staff, staff_for
from peerplan.commands.batch.work import UnitOutcome
from peerplan.commands.making import PlanMaker
from peerplan.errors import EditedFileKept, InputError, Interrupted, PeerplanError, Problem, UsageError
from peerplan.folder.folder import locked
from peerplan.guide.kit import Kit
from peerplan.plan.overview import Overview
from peerplan.tables import read_table

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What the command was asked for; `table` may be a folder of answers; `language` is for rows that name none."""

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
    Of many, the first are there and one that counts the others.
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


class _Results:
    """What became of the units: each is counted or put aside when it is done, and let go."""

    def __init__(self, check: Check, unchanged: LineSpool, to: Path) -> None:
        self.check = check
        self.gone = Gone(to, check.folders)
        self.lines = unchanged
        self.kinds = Counter({"same": len(unchanged)})
        self.kept, self.notices, self.told = Findings(), Findings(), Findings()

    def add(self, outcome: UnitOutcome) -> None:
        self.kinds[outcome.kind] += 1
        self.lines.add(outcome.line)
        self.kept.add(*outcome.kept)
        self.notices.add(*outcome.notices)
        self.told.add(*outcome.told)
        if outcome.kind == "new":
            self.gone.note_new(outcome.line)


def batch(request: BatchRequest, kit: Kit, progress: Progress, processes: int | None = None) -> Batch:
    """Check all rows, then write a folder for each and the overview.

    progress is called with how many of how many units are done. processes is how many to work in, as many as pay if
    it is None: that changes nothing but the time it takes.

    Raises:
        PeerplanError: before anything is written, for everything that is wrong in the table, unless invalid rows
            are to be skipped.
    """
    units = _units(request, kit)
    table = units.table
    maker = PlanMaker(kit, request.as_of, html=request.html)
    folders, lines = UnitFolders(units.named, request.to), LineSpool()
    seals = Seals.of(maker)
    unchanged = unchanged_rows(units, folders, seals, lines)
    with closing(staff_for(table.count - unchanged.count, processes)) as staff:
        staff.set_up(maker, units, folders, seals, request.language)
        check = check_rows(units, folders, unchanged, staff)
        if check.problems.count and not request.skip_invalid:
            raise refusal([*check.problems])
        with ExitStack() as holding:
            if not request.dry_run:
                holding.enter_context(locked(request.to))
            results = _Results(check, lines, request.to)
            _work_through(units, results, staff, progress, request)
            overview = results.lines.overview()
            made = make_overview(overview, maker, request.to, request.language, seals, dry_run=request.dry_run)
    return Batch(
        to=request.to,
        overview=overview,
        counts={kind: results.kinds[kind] for kind in ("new", "updated", "same")},
        problems=tuple(check.problems),
        kept=(*results.kept, *made.kept),
        notices=(
            *table.notices,
            *units.notices,
            *results.notices,
            *results.gone.same_name(),
            *results.told,
            *made.replaced,
        ),
        gone=tuple(results.gone.folders),
        written=not request.dry_run,
    )


def _units(request: BatchRequest, kit: Kit) -> Units:
    """Read the table, or find the answers in a folder.

    Raises:
        PeerplanError: if they cannot be understood, or an option is given that only tables have.
    """
    encoding, delimiter, sheet = request.encoding, request.delimiter, request.sheet
    if not request.table.is_dir():
        known = known_headings(kit)
        table = read_table(request.table, encoding=encoding, delimiter=delimiter, sheet=sheet, headings=known)
        return parse_units(table, kit, request.language)
    for option, value in (("--encoding", encoding), ("--delimiter", delimiter), ("--sheet", sheet)):
        if value is not None:
            raise UsageError(Problem("answers-folder-option", {}, option))
    return answer_files(request.table, kit, request.language)


def _work_through(units: Units, results: _Results, staff: Staff, progress: Progress, request: BatchRequest) -> None:
    """Write the folders of the rows that are to be written, or find out what that would do.

    Raises:
        PeerplanError: if a folder cannot be written, or the person stopped.
    """
    done, check = len(results.lines), results.check
    try:
        with closing(staff):  # nobody writes any more when the folder is let go
            for _, outcomes in staff.do("preview" if request.dry_run else "write", check.jobs(units)):
                for outcome in outcomes:
                    results.add(outcome)
                    progress(done := done + 1, check.count)
    except KeyboardInterrupt:
        raise Interrupted(_how_far(check.folders, request)) from None


def _how_far(folders: Tokens, request: BatchRequest) -> Problem:
    """Say how many plans there are after an interruption: the last ones may have been written and not counted."""
    if request.dry_run:
        return Problem("interrupted")
    done = sum(token(name) in folders for name in plan_folders_in(request.to))
    return Problem("batch-interrupted", {"done": done, "count": len(folders)})
