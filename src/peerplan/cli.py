"""The commands: parse, call, report. The only file that imports typer.

Each command imports what it uses when it runs, so that `--help` answers at once.
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

from peerplan import __version__
from peerplan.errors import Problem, UsageError
from peerplan.messages import language_of_locale, languages, say
from peerplan.report.failures import failure_of, print_errors, spoken_language, tell_failure

if TYPE_CHECKING:
    from peerplan.answers.draft import Draft
    from peerplan.commands.init import Interview, Save
    from peerplan.guide.model import Guide

OPENING = 5  # seconds to wait for a program to open a file

# Keys of what a command's context remembers.
LANGUAGE = "peerplan.language"
WANTS_JSON = "peerplan.wants-json"
HAS_RESULT = "peerplan.has-result"


class _Commands(TyperGroup):
    """Turns every error into one line on stderr and its exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 # typer's Context is not public
        ctx.meta[LANGUAGE] = spoken_language(args)
        ctx.meta[WANTS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        try:
            return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            if type(error).__module__.startswith("typer"):
                _complete_refusal(error, ctx.meta)
                raise
            failure = failure_of(error)
        as_json = ctx.meta[WANTS_JSON] and not ctx.meta.get(HAS_RESULT)
        tell_failure(failure, ctx.meta[LANGUAGE], as_json=as_json)
        raise typer.Exit(failure.exit_code)


def _complete_refusal(error: BaseException, meta: dict[str, Any]) -> None:
    """Print the document of --json for what typer refuses itself; typer says it on stderr."""
    if meta[WANTS_JSON] and hasattr(error, "format_message"):
        problem = Problem("usage", {"what": error.format_message()})
        print_errors([problem], meta[LANGUAGE], UsageError.exit_code)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich would cost every --help 50 ms
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the program. What a terminal cannot show becomes "?" there; files are always UTF-8.

    Letters typed in another encoding become half surrogates, which are refused where they are judged.
    """
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"peerplan {__version__}")
        raise typer.Exit


@app.callback()
def peerplan(
    version: Annotated[  # its callback does the work
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Plan peer learning at a workplace unit: what must be in place, who does what by when, and what to write."""


Folder = Annotated[
    Optional[Path],  # noqa: UP045 # typer evaluates this at run time
    typer.Argument(show_default=False, help="The plan folder. Default: a new one named after the unit."),
]
AnswersOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--answers", metavar="FILE", help="A file of answers, as in examples/. What it lacks is asked."),
]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", help="One answer, such as placement.start=2027-01-18. Repeatable."),
]
NoInput = Annotated[bool, typer.Option("--no-input", help="Ask nothing; what is not answered is unknown.")]
PlainOption = Annotated[bool, typer.Option("--plain", help="Numbered lines instead of menus, for screen readers.")]
Lang = Annotated[str, typer.Option("--lang", metavar="en|sv", help="Language of questions and documents.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to judge by what is late. Default: today.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there; edited files are kept as .bak.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, instead of text.")]
Folders = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Argument(metavar="[FOLDER]...", show_default=False, help="Plan folders. Default: the one you are in."),
]
Check = Annotated[
    str,
    typer.Option("--check", metavar="ready|ready-to-try|not-late", help="Exit with 8 when a unit falls short of this."),
]


@app.command()
def init(
    ctx: typer.Context,
    folder: Folder = None,
    answers: AnswersOption = None,
    set_: Settings = [],  # noqa: B006 # typer copies it
    no_input: NoInput = False,
    plain: PlainOption = False,
    lang: Lang = "",
    as_of: AsOf = "",
    dry_run: DryRun = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Walk through the questions and write the plan folder."""
    from peerplan.commands.init import Request
    from peerplan.commands.init import init as make
    from peerplan.folder.write import refuse_kept

    day = _day(as_of)
    has_terminal = _has_terminal()
    if not (has_terminal or no_input) and "MSYSTEM" in os.environ:  # Git Bash gives programs no console
        typer.echo(say(ctx.meta[LANGUAGE], "git-bash"), err=True)
    request = Request(
        folder=folder,
        answers=answers,
        settings=set_,
        language=lang or None,
        system_language=language_of_locale(),
        as_of=day,
        no_input=no_input,
        dry_run=dry_run,
        force=force,
        interview=None if no_input or json or not has_terminal else _interview(ctx, day, plain=plain),
    )
    files = make(request)
    if json:
        from peerplan.report.json import plan_json

        _print_json(ctx, plan_json(files, written=not dry_run))
    else:
        from peerplan.report.terminal import report_plan

        report_plan(files, written=not dry_run, plain=plain)
    ctx.meta[LANGUAGE] = files.plan.answers.language
    refuse_kept([files])


@app.command()
def update(
    ctx: typer.Context,
    folders: Folders = None,
    as_of: AsOf = "",
    dry_run: DryRun = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write the documents again from the answers and the ticks; what you edited is kept."""
    from peerplan.commands.update import update_all
    from peerplan.folder.write import refuse_kept

    updated = update_all(folders or [Path()], _day(as_of), force=force, dry_run=dry_run)
    if json:
        from peerplan.report.json import update_json

        _print_json(ctx, update_json(updated, ctx.meta[LANGUAGE], written=not dry_run))
    else:
        from peerplan.report.terminal import report_update

        for one in updated.units:
            ctx.meta[LANGUAGE] = one.files.plan.answers.language
            report_update(one, written=not dry_run)
    updated.refuse_failed()
    refuse_kept([one.files for one in updated.units])


@app.command()
def status(
    ctx: typer.Context, folders: Folders = None, as_of: AsOf = "", json: Json = False, check: Check = ""
) -> None:
    """Show how far one unit or many have come: readiness, what is late, what comes next."""
    from peerplan.commands.status import check_of, gather, refuse_short
    from peerplan.errors import InputError

    wanted = check_of(check)
    day = _day(as_of)
    found = gather(folders or [Path()], day)
    if json:
        from peerplan.report.json import status_json

        _print_json(ctx, status_json(found, day, ctx.meta[LANGUAGE]))
    else:
        from peerplan.report.terminal import report_status

        report_status(found.units, ctx.meta[LANGUAGE])
    if found.problems:
        raise InputError(*found.problems)
    if wanted:
        refuse_short(found.units, wanted)


UnitsTable = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Argument(metavar="UNITS", show_default=False, help="A table with one unit a row: CSV or XLSX."),
]
Target = Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder for the plan folders.")]
SkipInvalid = Annotated[
    bool, typer.Option("--skip-invalid", help="Leave rows out that are wrong, and write the others.")
]
Encoding = Annotated[Optional[str], typer.Option("--encoding", help="Of a CSV file, such as cp1252.")]  # noqa: UP045
Delimiter = Annotated[Optional[str], typer.Option("--delimiter", help="Of a CSV file, such as ';'.")]  # noqa: UP045
Sheet = Annotated[Optional[str], typer.Option("--sheet", help="The name of the worksheet.")]  # noqa: UP045
Starter = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--starter", metavar="FILE", help="Write an empty table to fill in, .csv or .xlsx, and stop."),
]


@app.command()
def batch(
    ctx: typer.Context,
    units: UnitsTable = None,
    to: Target = Path("plans"),
    lang: Lang = "",
    as_of: AsOf = "",
    dry_run: DryRun = False,
    skip_invalid: SkipInvalid = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    json: Json = False,
    starter: Starter = None,
) -> None:
    """Make or update one plan folder for each row of a table, and an overview."""
    from peerplan.commands.batch.run import Request
    from peerplan.commands.batch.run import batch as make_all
    from peerplan.errors import EditedFileKept

    language = _known_language(lang)
    if starter:
        from peerplan.commands.batch.starter import write_starter

        if units:
            raise UsageError(Problem("starter-alone", {}, str(units)))
        write_starter(starter, language, _day(as_of))
        if json:
            from peerplan.report.json import starter_json

            _print_json(ctx, starter_json(starter))
        else:
            typer.echo(say(language, "starter-written", path=starter))
        return
    if units is None:
        raise UsageError(Problem("units-needed", {}, "batch"))
    request = Request(
        table=units,
        to=to,
        language=language,
        as_of=_day(as_of),
        dry_run=dry_run,
        skip_invalid=skip_invalid,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
    )
    from peerplan.report.terminal import progress_bar, report_batch

    with progress_bar(language) as progress:
        made = make_all(request, progress)
    if json:
        from peerplan.report.json import batch_json

        _print_json(ctx, batch_json(made, language, written=not dry_run))
    else:
        report_batch(made, to, language, written=not dry_run)
    made.refuse_invalid()
    if made.kept:
        raise EditedFileKept(*made.kept)


Group = Annotated[bool, typer.Option("--group", help="One draft to the coordinator, the students in Bcc.")]
Open = Annotated[bool, typer.Option("--open", help="Hand the first draft to the mail program.")]
RosterTable = Annotated[Path, typer.Argument(metavar="ROSTER", help="A list of students: CSV or XLSX.")]
PlanFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The plan folder.")]
DraftsTo = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--to", metavar="DIR", help="A new folder for the drafts. Default: one beside the list."),
]


@app.command()
def emails(
    ctx: typer.Context,
    folder: PlanFolder,
    roster: RosterTable,
    to: DraftsTo = None,
    group: Group = False,
    lang: Lang = "",
    as_of: AsOf = "",
    dry_run: DryRun = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    open_: Open = False,
    json: Json = False,
) -> None:
    """Draft the introductory e-mail to each student on a list. Nothing is sent."""
    from peerplan.commands.emails.run import Request
    from peerplan.commands.emails.run import emails as write_drafts
    from peerplan.report.terminal import report_emails

    request = Request(
        folder=folder,
        roster=roster,
        to=to,
        language=lang or None,
        as_of=_day(as_of),
        group=group,
        dry_run=dry_run,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
    )
    made = write_drafts(request)
    language = ctx.meta[LANGUAGE]
    if json:
        from peerplan.report.json import emails_json

        _print_json(ctx, emails_json(made, language, written=not dry_run))
    else:
        report_emails(made, language, written=not dry_run)
    first = made.folder / made.names[0]
    if open_ and not dry_run and not _open(first):
        typer.echo(say(language, "emails-open-failed", path=first), err=True)


def _open(path: Path) -> bool:
    """Hand a file to the program that the machine opens such files with; False if there is none."""
    if sys.platform in ("win32", "darwin"):
        return not typer.launch(str(path))
    try:  # typer does not wait for what the opener says
        opener = subprocess.Popen(  # noqa: S603 # a file that this command wrote
            ["xdg-open", path],  # noqa: S607 # wherever the system has it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return not opener.wait(OPENING)
    except OSError:
        return False
    except subprocess.TimeoutExpired:  # some openers last as long as the program that they start
        return True


def _known_language(lang: str) -> str:
    """The language that was asked for, or the system's."""
    if lang and lang not in languages():
        raise UsageError(Problem("unknown-language", {"value": lang, "choices": ", ".join(languages())}, "--lang"))
    return lang or language_of_locale()


def _print_json(ctx: typer.Context, document: str) -> None:
    """Print the one document that --json promises."""
    ctx.meta[HAS_RESULT] = True
    typer.echo(document)


def _interview(ctx: typer.Context, as_of: date, *, plain: bool) -> "Interview":
    def interview(draft: "Draft", guide: "Guide", save: "Save | None", *, is_new: bool) -> "Draft":
        from peerplan.interview.console import ask_here

        ctx.meta[LANGUAGE] = guide.language
        return ask_here(draft, guide, save, as_of, is_new=is_new, plain=plain)

    return interview


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _day(text: str) -> date:
    """The day of --as-of, or today: the only place where the clock is read."""
    if not text:
        return date.today()  # noqa: DTZ011 # the day on the person's own calendar
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(Problem("as-of-form", {"value": text}, "--as-of")) from None
