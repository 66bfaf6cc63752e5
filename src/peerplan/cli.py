"""The commands: parse, call, report. The only file that imports typer.

Each command imports what it uses when it runs, so that `--help` answers at once.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

from peerplan import __version__
from peerplan.errors import Interrupted, PeerplanError, Problem, UsageError
from peerplan.messages import language_of_locale, languages, problem_line

if TYPE_CHECKING:
    from peerplan.answers import Draft
    from peerplan.commands.init import Interview, Save
    from peerplan.guide import Guide

LANGUAGE = "peerplan.language"


class _Commands(TyperGroup):
    """Turns every error into one line on stderr and its exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 # typer's Context is not public
        ctx.meta[LANGUAGE] = _spoken_language(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        language = ctx.meta[LANGUAGE]
        try:
            return super().invoke(ctx)
        except PeerplanError as error:
            for problem in error.problems:
                typer.echo(problem_line(language, problem), err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            typer.echo(problem_line(language, Problem("interrupted")), err=True)
            raise typer.Exit(Interrupted.exit_code) from None
        except Exception as error:  # the last resort: a bug is one line and a file, no traceback
            if type(error).__module__.startswith("typer"):
                raise
            typer.echo(problem_line(language, Problem("unexpected", {"log": _log(error)})), err=True)
            raise typer.Exit(PeerplanError.exit_code) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich would cost every --help 50 ms
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the program. What a terminal cannot show becomes "?" there; files are always UTF-8."""
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
Force = Annotated[bool, typer.Option("--force", help="Replace a plan that is there; the old files are kept as .bak.")]


@app.command()
def init(
    folder: Folder = None,
    answers: AnswersOption = None,
    set_: Settings = [],  # noqa: B006 # typer copies it
    no_input: NoInput = False,
    plain: PlainOption = False,
    lang: Lang = "",
    as_of: AsOf = "",
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Walk through the questions and write the plan folder."""
    from peerplan.commands.init import Request
    from peerplan.commands.init import init as make
    from peerplan.report import report_plan

    day = _day(as_of)
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
        interview=None if no_input or not _has_terminal() else _interview(day, plain=plain),
    )
    result = make(request)
    report_plan(result.plan, str(result.folder), result.names, written=not dry_run)


def _interview(as_of: date, *, plain: bool) -> "Interview":
    from peerplan.interview.walk import Asker, Walk
    from peerplan.interview.wording import can_show_menus

    def interview(draft: "Draft", guide: "Guide", save: "Save") -> "Draft":
        asker: Asker
        if plain or not can_show_menus(os.environ, sys.stdout.encoding):
            from peerplan.interview.plain import Plain

            asker = Plain(guide)
        else:
            from peerplan.interview.screen import Screen

            asker = Screen(guide)
        return Walk(draft, guide, asker, save, as_of).run()

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


def _spoken_language(arguments: Sequence[str]) -> str:
    """The language for errors, before the options are parsed: --lang if it is given right, else the system's."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    asked = [value for name, value in pairs if name == "--lang"]
    asked += [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    return next((one for one in asked if one in languages()), language_of_locale())


def _log(error: Exception) -> str:
    """Write where a bug struck to a file: no values, so that nothing personal is in it."""
    with tempfile.NamedTemporaryFile("w", prefix="peerplan-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"peerplan {__version__}, Python {sys.version}\n{type(error).__name__}\n")
        file.writelines(traceback.format_tb(error.__traceback__))
    return file.name
