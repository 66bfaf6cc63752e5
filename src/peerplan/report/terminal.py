"""What the terminal shows when a command is done, in the person's language or the plan's."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from peerplan.errors import Problem
from peerplan.folder.folder import quoted
from peerplan.messages import Messages

if TYPE_CHECKING:  # what a command did not import for its work is not imported for its report
    from peerplan.commands.batch.run import Batch
    from peerplan.commands.emails.run import Emails
    from peerplan.commands.init import Initiated
    from peerplan.commands.making import PlanFiles
    from peerplan.commands.status import Status, UnitStatus
    from peerplan.commands.update import Updates
    from peerplan.folder.reconcile import FileChange
    from peerplan.guide.model import Area
    from peerplan.plan.plan import Plan, Standing
    from peerplan.plan.readiness import Action, ItemStatus

_STYLES = {
    "ready": "bold green",
    "ready-to-try": "bold yellow",
    "short-of-time": "bold red",
    "not-yet": "bold red",
    "under-way": "bold",
    "over": "dim",
}
_READABLE = (".md", ".txt")  # documents whose differences mean something to a reader


class _Page:
    """Where a report is written: lines in one language, on stdout."""

    def __init__(self, messages: Messages, language: str, *, plain: bool = False) -> None:
        self.messages = messages
        self.language = language
        self.console = Console(
            file=sys.stdout, highlight=False, soft_wrap=True, force_terminal=False if plain else None
        )

    def text(self, message: str, **values: object) -> str:
        return self.messages.say(self.language, message, **values)

    def say(self, message: str, **values: object) -> None:
        self.console.print(Text(self.text(message, **values)))

    def line(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style))

    def notices(self, problems: "Iterable[Problem]") -> None:
        """Print what a person should know although all went well: on stderr, to be no part of a result in a pipe."""
        console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        for problem in problems:
            console.print(Text(self.messages.line(self.language, problem)))

    def verdict(self, plan: "Plan") -> None:
        verdict = self.text(f"verdict-{plan.standing}")
        message = "report-open" if plan.actions else "report-over" if plan.phase == "over" else "report-ready"
        unit, late = plan.answers.unit.name, len(plan.late)
        text = Text(self.text(message, unit=unit, verdict=verdict, open=len(plan.actions), late=late))
        text.highlight_words([verdict], _STYLES[plan.standing])
        self.console.print(text)

    def follow_up(self, plan: "Plan") -> None:
        """Print the next time to look back, once the placement has begun."""
        if plan.next_follow_up:
            self.console.print()
            self.say("report-follow-up", day=plan.next_follow_up.day, title=plan.next_follow_up.follow_up.title)

    def ways_out(self, plan: "Plan") -> None:
        """Print what can be done where the time is too short."""
        if plan.short:
            self.console.print()
            self.say("report-move", day=plan.earliest_start)
            if plan.smaller_helps:
                self.say("report-smaller")

    def actions(self, heading: str, actions: "Iterable[Action]") -> None:
        for number, action in enumerate(actions):
            if not number:
                self.console.print()
                self.say(heading)
            self.line(f"  {action.due}  {action.title} ({action.owner_label})")


def print_init(made: "Initiated", messages: Messages, language: str) -> None:
    """Print the verdict, what comes next, and where the files are."""
    files, plan = made.files, made.files.plan
    page = _Page(messages, plan.answers.language, plain=made.plain)
    page.notices(files.placed_notices)
    page.verdict(plan)
    if plan.letter_is_too_late:
        page.say("report-first-day")
    page.follow_up(plan)
    page.actions("report-next", plan.next_steps)
    page.ways_out(plan)
    page.say("report-written" if made.written else "report-would-write", folder=files.changes.folder)
    for name in files.names:
        page.line(f"  {name}")


def print_update(updates: "Updates", messages: Messages, language: str) -> None:
    """Print for each folder the ticks that were read, what became of each file, and the verdict."""
    for one in updates.units:
        page = _Page(messages, one.plan.answers.language)
        page.notices(one.placed_notices)
        _print_ticks(one, page)
        _print_changes(one, page, written=updates.written)
        page.verdict(one.plan)


def _print_ticks(files: "PlanFiles", page: _Page) -> None:
    state = files.state
    if state is None:
        return
    for item in state.ticks:
        options = {option.id: option.label for option in state.guide.options_of(item)}
        page.say("tick-read", label=item.label, answer=options[str(state.draft[item.key])])
    if state.words:
        read = (f"{page.text(f'words-{one}')} {count}" for one, count in state.words.items())
        page.say("words-read", what=", ".join(read))
    page.notices(state.unread)
    if state.gone:
        labels = [state.guide.item(one).label for one in state.gone]
        page.say("ticks-gone", labels=", ".join(labels))
    for status in _ticked_but_open(files.plan, state.ticked):
        page.say("tick-not-counted", label=status.label)


def _print_changes(files: "PlanFiles", page: _Page, *, written: bool) -> None:
    changes = files.changes
    if not changes.writes:
        page.say("update-nothing", folder=changes.folder)
    for document in changes.documents:
        if document.kind != "same" and (changes.writes or document.kind == "kept"):
            copy = changes.copies.get(document.name, "")
            page.line(f"{document.name}: {page.text(f'update-{document.kind}', copy=copy)}")
        if not written:
            _print_difference(document, page)
    if changes.writes and not written:
        page.say("update-would")


def _ticked_but_open(plan: "Plan", ticked: "Container[str]") -> "Iterator[ItemStatus]":
    """Give the items that are ticked but count as open, because what they follow is not in place."""
    for area in plan.areas:
        for item in area.items:
            if item.id in ticked and item.action:
                yield item


def print_status(status: "Status", messages: Messages, language: str) -> None:
    """Print one unit at length, or many in a table."""
    for unit in status.units:
        _Page(messages, unit.plan.answers.language).notices(unit.notices)
    if len(status.units) == 1:
        _print_unit(status.units[0], _Page(messages, status.units[0].plan.answers.language))
    else:
        _print_units(status, _Page(messages, language))


def _print_unit(unit: "UnitStatus", page: _Page) -> None:
    """Print the verdict of one unit, area by area, what is late and what comes next."""
    plan = unit.plan
    page.verdict(plan)
    page.say("status-start", start=plan.answers.placement.start)
    page.console.print()
    width = max(cell_len(area.label) for area in plan.areas)
    for area in plan.areas:
        done = page.text("status-of", done=area.done, total=area.total)
        page.line(f"{set_cell_size(area.label, width)}  {done}")
    coming = [action for action in plan.actions if not action.late and action not in (*plan.blocking, *plan.short)]
    page.follow_up(plan)
    page.actions("status-blocking", plan.blocking)
    page.actions("status-short", [action for action in plan.short if not action.blocks])
    page.actions("status-late", [action for action in plan.late if action not in (*plan.blocking, *plan.short)])
    page.actions("report-next", coming[:3])
    page.ways_out(plan)
    if unit.ticks:
        page.console.print()
        page.say("status-ticks", count=unit.ticks, folder=quoted(unit.folder))


def _print_units(status: "Status", page: _Page) -> None:
    """Print a row for each unit with how much of each area is in place, then how many there are of each verdict."""
    table = Table(box=None, pad_edge=False)
    table.add_column(page.text("status-unit"), overflow="fold")
    for heading in ("verdict", "start-heading"):
        table.add_column(page.text(f"status-{heading}"), no_wrap=True)
    for title in (page.text("status-late-heading"), *map(str, range(1, len(status.areas) + 1))):
        table.add_column(title, no_wrap=True, justify="right")
    for unit in status.units:
        table.add_row(*_unit_cells(unit.plan, status.areas, page))
    legend = ", ".join(f"{number} {area.label}" for number, area in enumerate(status.areas, 1))
    page.console.print(table)
    page.console.print()
    page.console.print(Text(page.text("status-areas", legend=legend)), soft_wrap=False)
    late = sum(bool(unit.plan.late) for unit in status.units)
    page.say("status-total", count=len(status.units), verdicts=_counts(status.standings, page), late=late)


def _counts(standings: "Mapping[Standing, int]", page: _Page) -> str:
    return ", ".join(f"{page.text(f'verdict-{one}')} {count}" for one, count in standings.items() if count)


def _unit_cells(plan: "Plan", areas: "Sequence[Area]", page: _Page) -> Iterator[Text]:
    unit = plan.answers.unit
    done = {area.id: f"{area.done}/{area.total}" for area in plan.areas}
    yield Text(", ".join(filter(None, (unit.name, unit.workplace))))
    yield Text(page.text(f"verdict-{plan.standing}"), _STYLES[plan.standing])
    yield Text(str(plan.answers.placement.start))
    yield Text(str(len(plan.late)))
    yield from (Text(done.get(area.id, "\u2013")) for area in areas)


def print_batch(made: "Batch", messages: Messages, language: str) -> None:
    """Print what was made of a table, and how the units stand."""
    page = _Page(messages, language)
    page.notices(made.notices)
    page.notices(Problem("batch-gone", {"folder": made.to / folder}) for folder in made.gone)
    total, late = len(made.overview.lines), made.overview.late
    page.say("status-total", count=total, verdicts=_counts(made.overview.standings, page) or "-", late=late)
    page.say("batch-counts", **made.counts)
    page.say("batch-written" if made.written else "update-would", to=made.to)


def print_starter(path: Path, messages: Messages, language: str) -> None:
    """Print where the empty table is."""
    _Page(messages, language).say("starter-written", path=path)


def print_emails(made: "Emails", messages: Messages, language: str) -> None:
    """Print how many drafts there are and where; nothing about whom they are for, but for the sample of a dry run."""
    page = _Page(messages, language)
    page.notices(made.notices)
    page.notices(Problem("roster-protected", {}, place) for place in made.protected)
    page.say("emails-written" if made.written else "emails-would", count=len(made.names), folder=made.folder)
    if made.blanks:
        page.say("emails-to-fill-in", count=made.blanks, path=made.letter)
    if not made.written:
        page.console.print()
        page.line(made.sample)


@contextmanager
def progress_bar(messages: Messages, language: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far a long run has come, on stderr, if that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(messages.say(language, "batch-progress"))

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _print_difference(document: "FileChange", page: _Page) -> None:
    """Print what would change in a document that people read."""
    new = document.offered if document.kind == "kept" else document.after
    if document.before == new or not document.name.endswith(_READABLE):
        return
    old, now = ((content or b"").decode(errors="replace").splitlines() for content in (document.before, new))
    for line in unified_diff(old, now, document.name, document.name, lineterm=""):
        page.line(line, {"+": "green", "-": "red"}.get(line[:1], ""))
