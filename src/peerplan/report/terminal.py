"""What the terminal shows when a command is done."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from peerplan.commands.batch.run import Batch
from peerplan.commands.emails.roster import PROTECTED_ROW
from peerplan.commands.emails.run import Emails
from peerplan.commands.status import UnitStatus
from peerplan.commands.update import Updated
from peerplan.errors import Problem
from peerplan.folder.folder import quoted
from peerplan.folder.reconcile import Document
from peerplan.folder.write import PlanFiles
from peerplan.guide.load import load_guide
from peerplan.guide.model import Area
from peerplan.messages import problem_line, say
from peerplan.plan.plan import Plan
from peerplan.plan.readiness import Action, ItemStatus

_STYLES = {"ready": "bold green", "ready-to-try": "bold yellow", "not-yet": "bold red"}
_READABLE = (".md", ".txt")  # documents whose differences mean something to a reader


def report_plan(files: PlanFiles, *, written: bool, plain: bool) -> None:
    """The verdict, what comes next, and where the files are; plain is without any escape codes."""
    plan = files.plan
    language = plan.answers.language
    console = _console(plain=plain)
    _print_notices(files.placed_notices, language)
    _print_verdict(console, plan)
    if plan.letter_is_too_late:
        console.print(Text(say(language, "report-first-day")))
    _print_actions(console, language, "report-next", plan.next_steps)
    console.print(Text(say(language, "report-written" if written else "report-would-write", folder=files.folder)))
    for name in files.names:
        console.print(Text(f"  {name}"))


def report_update(updated: Updated, *, written: bool) -> None:
    """The ticks that were read, what became of each file, and the verdict."""
    files, current = updated.files, updated.current
    language = files.plan.answers.language
    console = _console()
    _print_notices(files.placed_notices, language)
    for tick in current.ticks:
        console.print(Text(say(language, "tick-read", label=tick.label, answer=tick.answer)))
    for problem in current.reading.unread if current.reading else ():
        console.print(Text(problem_line(language, problem)))
    if current.reading and current.reading.gone:
        labels = [current.guide.item(one).label for one in current.reading.gone]
        console.print(Text(say(language, "ticks-gone", labels=", ".join(labels))))
    for status in _ticked_but_open(updated):
        console.print(Text(say(language, "tick-not-counted", label=status.label)))
    if not files.writes:
        console.print(Text(say(language, "update-nothing", folder=files.folder)))
    for document in files.documents:
        if document.kind != "same" and (files.writes or document.kind == "kept"):
            copy = files.copies.get(document.name, "")
            console.print(Text(f"{document.name}: {say(language, f'update-{document.kind}', copy=copy)}"))
        if not written:
            _print_difference(console, document)
    if files.writes and not written:
        console.print(Text(say(language, "update-would")))
    _print_verdict(console, files.plan)


def _ticked_but_open(updated: Updated) -> Iterator[ItemStatus]:
    """Items that are ticked but count as open, because what they follow is not in place."""
    ticked = updated.current.reading.ticked if updated.current.reading else {}
    for area in updated.files.plan.areas:
        for item in area.items:
            if ticked.get(item.id) and item.action:
                yield item


def report_status(units: Sequence[UnitStatus], language: str) -> None:
    """One unit at length, or many in a table."""
    if len(units) == 1:
        _report_unit(units[0])
    elif units:
        _report_units(units, language)


def _report_unit(unit: UnitStatus) -> None:
    """One unit: the verdict, area by area, what is late and what comes next."""
    plan, console = unit.plan, _console()
    language = plan.answers.language
    _print_verdict(console, plan)
    console.print(Text(say(language, "status-start", start=plan.answers.placement.start)))
    table = Table(box=None, show_header=False, pad_edge=False)
    for area in plan.areas:
        table.add_row(Text(area.label), Text(say(language, "status-of", done=area.done, total=area.total)))
    console.print()
    console.print(table)
    coming = [action for action in plan.actions if not action.late and not action.blocks]
    _print_actions(console, language, "status-blocking", plan.blocking)
    _print_actions(console, language, "status-late", [action for action in plan.late if not action.blocks])
    _print_actions(console, language, "report-next", coming[:3])
    if unit.ticks:
        console.print()
        console.print(Text(say(language, "status-ticks", count=unit.ticks, folder=quoted(unit.folder))))


def _report_units(units: Sequence[UnitStatus], language: str) -> None:
    """Many units: one row each with how much of each area is in place, then how many there are of each verdict."""
    console = _console()
    areas = load_guide(language).areas
    table = Table(box=None, pad_edge=False)
    table.add_column(say(language, "status-unit"), overflow="fold")
    for heading in ("verdict", "start-heading"):
        table.add_column(say(language, f"status-{heading}"), no_wrap=True)
    for title in (say(language, "status-late-heading"), *map(str, range(1, len(areas) + 1))):
        table.add_column(title, no_wrap=True, justify="right")
    for unit in units:
        table.add_row(*_unit_cells(unit.plan, areas, language))
    console.print(table)
    counts: Counter[str] = Counter(unit.plan.verdict for unit in units)
    parts = [f"{say(language, f'verdict-{verdict}')} {counts[verdict]}" for verdict in _STYLES if counts[verdict]]
    late = sum(bool(unit.plan.late) for unit in units)
    legend = ", ".join(f"{number} {area.label}" for number, area in enumerate(areas, 1))
    console.print()
    console.print(Text(say(language, "status-areas", legend=legend)), soft_wrap=False)
    console.print(Text(say(language, "status-total", count=len(units), verdicts=", ".join(parts), late=late)))


def _unit_cells(plan: Plan, areas: Sequence[Area], language: str) -> Iterator[Text]:
    unit = plan.answers.unit
    done = {area.id: f"{area.done}/{area.total}" for area in plan.areas}
    yield Text(", ".join(filter(None, (unit.name, unit.workplace))))
    yield Text(say(language, f"verdict-{plan.verdict}"), _STYLES[plan.verdict])
    yield Text(str(plan.answers.placement.start))
    yield Text(str(len(plan.late)))
    yield from (Text(done.get(area.id, "\u2013")) for area in areas)


def report_batch(made: Batch, to: Path, language: str, *, written: bool) -> None:
    """What was made of a table, and how the units stand."""
    console = _console()
    _print_notices(made.notices, language)
    _print_notices((Problem("batch-gone", {"folder": to / folder}) for folder in made.gone), language)
    counts = {verdict: made.overview.verdicts[verdict] for verdict in made.overview.verdicts}
    parts = [f"{say(language, f'verdict-{verdict}')} {count}" for verdict, count in counts.items() if count]
    total = len(made.overview.lines)
    console.print(
        Text(say(language, "status-total", count=total, verdicts=", ".join(parts) or "-", late=made.overview.late))
    )
    console.print(Text(say(language, "batch-counts", **made.counts)))
    console.print(Text(say(language, "batch-written" if written else "update-would", to=to)))


def report_emails(made: Emails, language: str, *, written: bool) -> None:
    """How many drafts there are and where; nothing about whom they are for, except in the sample of a dry run."""
    _print_notices(made.notices, language)
    _print_notices((Problem(PROTECTED_ROW, {}, place) for place in made.protected), language)
    message = "emails-written" if written else "emails-would"
    console = _console()
    console.print(Text(say(language, message, count=len(made.names), folder=made.folder)))
    if made.blanks:
        console.print(Text(say(language, "emails-to-fill-in", count=made.blanks, path=made.letter)))
    if not written:
        console.print()
        console.print(Text(made.sample))


@contextmanager
def progress_bar(language: str) -> Iterator[Callable[[int, int], None]]:
    """How far a long run has come, on stderr, if that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(say(language, "batch-progress"))

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _console(*, plain: bool = False) -> Console:
    return Console(file=sys.stdout, highlight=False, soft_wrap=True, force_terminal=False if plain else None)


def _print_notices(notices: Iterable[Problem], language: str) -> None:
    """What a person should know although all went well: on stderr, so that it is no part of a result in a pipe."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    for problem in notices:
        console.print(Text(problem_line(language, problem)))


def _print_verdict(console: Console, plan: Plan) -> None:
    language = plan.answers.language
    verdict = say(language, f"verdict-{plan.verdict}")
    line = say(
        language,
        "report-open" if plan.actions else "report-ready",
        unit=plan.answers.unit.name,
        verdict=verdict,
        open=len(plan.actions),
        late=len(plan.late),
    )
    text = Text(line)
    text.highlight_words([verdict], _STYLES[plan.verdict])
    console.print(text)


def _print_actions(console: Console, language: str, heading: str, actions: Iterable[Action]) -> None:
    for number, action in enumerate(actions):
        if not number:
            console.print()
            console.print(Text(say(language, heading)))
        console.print(Text(f"  {action.due}  {action.title} ({action.owner})"))


def _print_difference(console: Console, document: Document) -> None:
    """What would change in a document that people read."""
    new = document.offered if document.kind == "kept" else document.after
    if document.before == new or not document.name.endswith(_READABLE):
        return
    old, now = ((content or b"").decode(errors="replace").splitlines() for content in (document.before, new))
    for line in unified_diff(old, now, document.name, document.name, lineterm=""):
        style = {"+": "green", "-": "red"}.get(line[:1], "")
        console.print(Text(line, style))
