"""What the terminal shows when a command is done, in the person's language or the plan's."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from peerplan.call import quoted
from peerplan.errors import Problem
from peerplan.messages import Messages
from peerplan.report.printer import STYLES, Printer

if TYPE_CHECKING:  # what a command did not import for its work is not imported for its report
    from rich.text import Text

    from peerplan.commands.batch.run import Batch
    from peerplan.commands.emails.run import Emails
    from peerplan.commands.export import Exports
    from peerplan.commands.form import Form
    from peerplan.commands.init import Initiated
    from peerplan.commands.making import PlanFiles
    from peerplan.commands.status import Status, UnitStatus
    from peerplan.commands.update import Updates
    from peerplan.folder.reconcile import FileChange
    from peerplan.guide.model import Area
    from peerplan.plan.plan import Plan, Standing

_READABLE = (".md", ".txt")  # documents whose differences mean something to a reader


def print_init(made: "Initiated", messages: Messages, language: str) -> None:
    """Print the verdict, what comes next, and where the files are."""
    files, plan = made.files, made.files.plan
    printer = Printer(messages, plan.answers.language, plain=made.plain)
    printer.notices(files.placed_notices)
    printer.verdict(plan)
    if plan.letter_is_too_late:
        printer.say("report-first-day")
    printer.follow_up(plan)
    printer.actions("report-next", plan.next_steps)
    printer.ways_out(plan)
    printer.line("")
    if made.written:
        _print_what_to_do(made, printer)
    else:
        printer.say("report-would-write", folder=files.changes.folder)
        for name in files.names:
            printer.line(f"  {name}")


def _print_what_to_do(made: "Initiated", printer: Printer) -> None:
    """Print where the plan is, what to do with it, and the command for later, which runs from anywhere."""
    folder = made.files.changes.folder.absolute()
    printer.say("report-written", folder=folder)
    printer.say("report-read", page=made.page.name if made.page else "plan.md")
    if made.files.letter:
        printer.say("report-letter", letter=made.files.letter)
    printer.say("report-tick" if made.files.letter else "report-tick-only")
    printer.line(f"   {printer.messages.program} update {quoted(folder)}")


def print_update(updates: "Updates", messages: Messages, language: str) -> None:
    """Print for each folder the ticks that were read, what became of each file, and the verdict.

    Of one folder, print what comes next too.
    """
    for one in updates.units:
        printer = Printer(messages, one.plan.answers.language)
        printer.notices(one.placed_notices)
        _print_ticks(one, printer)
        _print_changes(one, printer, written=updates.written)
        printer.verdict(one.plan)
        if len(updates.units) == 1:
            printer.follow_up(one.plan)
            printer.actions("report-next", one.plan.next_steps)


def _print_ticks(files: "PlanFiles", printer: Printer) -> None:
    state = files.state
    if state is None:
        return
    for item in state.ticks:
        options = {option.id: option.label for option in state.guide.options_of(item)}
        printer.say("tick-read", label=item.label, answer=options[str(state.draft[item.key])])
    if state.words:
        read = (f"{printer.text(f'words-{one}')} {count}" for one, count in state.words.items())
        printer.say("words-read", what=", ".join(read))
    printer.notices(files.unread)
    if state.gone:
        labels = [state.guide.item(one).label for one in state.gone]
        printer.say("ticks-gone", labels=", ".join(labels))


def _print_changes(files: "PlanFiles", printer: Printer, *, written: bool) -> None:
    changes = files.changes
    if not changes.files:
        printer.say("update-nothing", folder=changes.folder)
    for document in changes.documents:
        if document.kind != "same" and (changes.files or document.kind == "kept"):
            copy = changes.copies.get(document.name, "")
            printer.line(f"{document.name}: {printer.text(f'update-{document.kind}', copy=copy)}")
        if not written:
            _print_difference(document, printer)
    if changes.files and not written:
        printer.say("update-would")


def print_export(made: "Exports", messages: Messages, language: str) -> None:
    """Print which files were written."""
    printer = Printer(messages, language)
    printer.notices(made.notices)
    for path in made.files:
        printer.say("export-written", path=path)


def print_status(status: "Status", messages: Messages, language: str) -> None:
    """Print one unit at length, or many in a table."""
    for unit in status.units:
        Printer(messages, unit.plan.answers.language).notices(unit.notices)
    if len(status.units) == 1:
        _print_unit(status.units[0], Printer(messages, status.units[0].plan.answers.language))
    else:
        _print_units(status, Printer(messages, language))


def _print_unit(unit: "UnitStatus", printer: Printer) -> None:
    """Print the verdict of one unit, area by area, what is late and what comes next."""
    plan = unit.plan
    printer.verdict(plan)
    printer.say("status-start", start=plan.answers.placement.start)
    printer.line("")
    from rich.cells import cell_len, set_cell_size

    width = max(cell_len(area.label) for area in plan.areas)
    for area in plan.areas:
        done = printer.text("status-of", done=area.done, total=area.total)
        printer.line(f"{set_cell_size(area.label, width)}  {done}")
    coming = [action for action in plan.actions if not action.late and action not in (*plan.blocking, *plan.short)]
    printer.follow_up(plan)
    printer.actions("status-blocking", plan.blocking)
    printer.actions("status-short", [action for action in plan.short if not action.blocks])
    printer.actions("status-late", [action for action in plan.late if action not in (*plan.blocking, *plan.short)])
    printer.actions("report-next", coming[:3])
    printer.ways_out(plan)
    if unit.ticks:
        printer.line("")
        printer.say("status-ticks", count=unit.ticks, folder=quoted(unit.folder))


def _print_units(status: "Status", printer: Printer) -> None:
    """Print a row for each unit with how much of each area is in place, then how many there are of each verdict."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    table.add_column(printer.text("status-unit"), overflow="fold")
    for heading in ("verdict", "start-heading"):
        table.add_column(printer.text(f"status-{heading}"), no_wrap=True)
    for title in (printer.text("status-late-heading"), *map(str, range(1, len(status.areas) + 1))):
        table.add_column(title, no_wrap=True, justify="right")
    for unit in status.units:
        table.add_row(*_unit_cells(unit.plan, status.areas, printer))
    legend = ", ".join(f"{number} {area.label}" for number, area in enumerate(status.areas, 1))
    printer.console.print(table)
    printer.line("")
    printer.console.print(Text(printer.text("status-areas", legend=legend)), soft_wrap=False)
    late = sum(bool(unit.plan.late) for unit in status.units)
    printer.say("status-total", count=len(status.units), verdicts=_counts(status.standings, printer), late=late)


def _counts(standings: "Mapping[Standing, int]", printer: Printer) -> str:
    return ", ".join(f"{printer.text(f'verdict-{one}')} {count}" for one, count in standings.items() if count)


def _unit_cells(plan: "Plan", areas: "Sequence[Area]", printer: Printer) -> "Iterator[Text]":
    from rich.text import Text

    unit = plan.answers.unit
    done = {area.id: f"{area.done}/{area.total}" for area in plan.areas}
    yield Text(", ".join(filter(None, (unit.name, unit.workplace))))
    yield Text(printer.text(f"verdict-{plan.standing}"), STYLES[plan.standing])
    yield Text(str(plan.answers.placement.start))
    yield Text(str(len(plan.late)))
    yield from (Text(done.get(area.id, "\u2013")) for area in areas)


def print_batch(made: "Batch", messages: Messages, language: str) -> None:
    """Print what was made of a table, and how the units stand."""
    printer = Printer(messages, language)
    printer.notices(made.notices)
    printer.notices(Problem("batch-gone", {"folder": made.to / folder}) for folder in made.gone)
    total, late = made.overview.count, made.overview.late
    printer.say("status-total", count=total, verdicts=_counts(made.overview.standings, printer) or "-", late=late)
    printer.say("batch-counts", **made.counts)
    printer.say("batch-written" if made.written else "update-would", to=made.to)


def print_starter(path: Path, messages: Messages, language: str) -> None:
    """Print where the empty table is."""
    Printer(messages, language).say("starter-written", path=path)


def print_form(made: "Form", messages: Messages, language: str) -> None:
    """Print where the page is, and what it is for."""
    printer = Printer(messages, language)
    printer.notices(made.notices)
    printer.say("form-written", path=made.path)


def print_emails(made: "Emails", messages: Messages, language: str) -> None:
    """Print how many drafts there are and where; nothing about whom they are for, but for the sample of a dry run."""
    printer = Printer(messages, language)
    printer.notices(made.notices)
    printer.say("emails-written" if made.written else "emails-would", count=len(made.names), folder=made.folder)
    if made.blanks:
        printer.say("emails-to-fill-in", count=made.blanks, path=made.letter)
    if not made.written:
        printer.line("")
        printer.line(made.sample)


@contextmanager
def progress_bar(messages: Messages, language: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far a long run has come, on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(messages.say(language, "batch-progress"))

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _print_difference(document: "FileChange", printer: Printer) -> None:
    """Print what would change in a document that people read."""
    new = document.offered if document.kind == "kept" else document.after
    if document.before == new or not document.name.endswith(_READABLE):
        return
    old, now = ((content or b"").decode(errors="replace").splitlines() for content in (document.before, new))
    for line in unified_diff(old, now, document.name, document.name, lineterm=""):
        printer.line(line, {"+": "green", "-": "red"}.get(line[:1], ""))
