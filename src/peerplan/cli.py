"""The commands: parse, call, print the result, end with its exit code.

With usage and completion the only file that imports typer. Each command imports what it uses when it runs, so that
`--help` answers at once; what that says is in content/help*.toml.
"""

import gc
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Optional, TypeVar

import typer

from peerplan import __version__
from peerplan.call import PROGRAM, own_call
from peerplan.completion import documents, languages, one_of
from peerplan.errors import CANNOT_PRINT, PeerplanError, Problem, UsageError, WriteError
from peerplan.messages import Messages
from peerplan.report.failures import failure_of, print_failure, spoken_language
from peerplan.usage import HELP, SpokenCommand, SpokenGroup

if TYPE_CHECKING:
    from peerplan.answers.draft import Draft
    from peerplan.commands.init import Interview, Save
    from peerplan.guide.guide import Guide
    from peerplan.guide.kit import Kit

OPENING = 5  # seconds to wait for a program to open a file

R = TypeVar("R")


@dataclass
class _Run:
    """One run of the program: its messages, the language for errors, and whether --json is wanted and was given.

    `asked` is the --lang that was given before the command.
    """

    messages: Messages
    language: str
    wants_json: bool
    has_printed_json: bool = False
    asked: str = ""

    def kit(self) -> "Kit":
        from peerplan.guide.kit import Kit

        return Kit(self.messages)

    def known_language(self, lang: str) -> str:
        """Return what --lang asked for, behind the command or before it, or "".

        Raises:
            UsageError: if there is no such language.
        """
        lang = lang or self.asked
        if lang and lang not in self.messages.languages:
            raise UsageError(self.messages.unknown_language(lang, "--lang"))
        return lang

    @property
    def report(self) -> ModuleType:
        """The module that prints results: print_init, print_update and so on, as text or as JSON."""
        return import_module(f"peerplan.report.{'json' if self.wants_json else 'terminal'}")

    def conclude(
        self, show: Callable[[R, Messages, str], None], result: R, failure: PeerplanError | None, language: str = ""
    ) -> None:
        """Print what a command returned, in the language for errors if no other is given, and end with its exit code.

        Raises:
            PeerplanError: the failure, which there can be although there is a result.
        """
        show(result, self.messages, language or self.language)
        self.has_printed_json = self.wants_json
        if failure:
            raise failure


class _Commands(SpokenGroup):
    """Turns every error into one line on stderr and its exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 # typer's Context is not public
        messages = Messages(program=own_call(sys.orig_argv, os.environ, _here()))
        ctx.obj = _Run(messages, spoken_language(args, messages), "--json" in args)
        with _told(ctx.obj):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        with _told(ctx.obj):
            return super().invoke(ctx)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # it was removed
        return Path()


@contextmanager
def _told(run: _Run) -> Iterator[None]:
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:  # nobody reads on
        _print_no_more()
        raise typer.Exit(WriteError.exit_code) from None
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 # this is where bugs become one line
        failure = failure_of(error)
        if failure.problems[0].message == CANNOT_PRINT:
            _print_no_more()
        print_failure(failure, run.messages, run.language, as_json=run.wants_json and not run.has_printed_json)
        raise typer.Exit(failure.exit_code) from None


def _print_no_more() -> None:
    """Send what is still to be printed nowhere, or Python would try again when it ends, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": HELP},
    rich_markup_mode=None,  # rich would cost every --help 50 ms
    pretty_exceptions_enable=False,
)
command = partial(app.command, cls=SpokenCommand)


def main() -> None:
    """Run the program. What a terminal cannot show becomes "?" there; files are always UTF-8.

    Letters typed in another encoding become half surrogates, which are refused where they are judged.
    """
    gc.set_threshold(200_000)  # with the usual 700, a twelfth of a short run goes into looking for circles
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look for some in every package there is
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, in English, about what a person cannot change
    if not os.environ.get("COLUMNS", "1").strip("0"):
        del os.environ["COLUMNS"]  # which rich would believe
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it was closed
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 # open as long as the run
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name=PROGRAM)
    finally:
        gc.freeze()  # else Python goes through everything once more before it ends: a fifth of a short run


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"peerplan {__version__}")
        raise typer.Exit


Lang = Annotated[str, typer.Option("--lang", autocompletion=languages)]


@app.callback()
def peerplan(
    ctx: typer.Context,
    version: Annotated[  # its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True)
    ] = False,
    lang: Lang = "",
) -> None:
    run: _Run = ctx.obj
    run.asked = run.known_language(lang)
    if not ctx.invoked_subcommand:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(UsageError.exit_code)


Folder = Annotated[Optional[Path], typer.Argument(metavar="FOLDER")]  # noqa: UP045 # typer evaluates this at run time
AnswersOption = Annotated[Optional[Path], typer.Option("--answers", metavar="FILE")]  # noqa: UP045
Settings = Annotated[list[str], typer.Option("--set", metavar="SETTING")]
NoInput = Annotated[bool, typer.Option("--no-input")]
PlainOption = Annotated[bool, typer.Option("--plain")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
Force = Annotated[bool, typer.Option("--force")]
Json = Annotated[bool, typer.Option("--json")]
Folders = Annotated[Optional[list[Path]], typer.Argument(metavar="FOLDER")]  # noqa: UP045
CHECKS = "ready|ready-to-try|not-late"
Check = Annotated[str, typer.Option("--check", metavar=CHECKS, autocompletion=one_of(CHECKS))]


@command()
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
    from peerplan.commands.init import InitRequest
    from peerplan.commands.init import init as make

    run: _Run = ctx.obj
    day = _day(as_of, run)
    has_terminal = _has_terminal()
    if not (has_terminal or no_input) and "MSYSTEM" in os.environ:  # Git Bash gives programs no console
        typer.echo(run.messages.say(run.language, "git-bash"), err=True)
    request = InitRequest(
        folder=folder,
        answers=answers,
        settings=set_,
        language=run.known_language(lang) or None,
        system_language=run.messages.of_locale(),
        as_of=day,
        no_input=no_input,
        dry_run=dry_run,
        force=force,
        plain=plain,
        interview=None if no_input or json or not has_terminal else _interview(run, day, plain=plain),
    )
    made = make(request, run.kit())
    run.language = made.files.plan.answers.language
    run.conclude(run.report.print_init, made, made.failure)
    if made.page and request.interview:
        _offer_to_open(made.page, run)


@command()
def example(ctx: typer.Context, folder: Folder = None, lang: Lang = "", as_of: AsOf = "", json: Json = False) -> None:
    from peerplan.commands.example import example_request
    from peerplan.commands.init import init as make

    run: _Run = ctx.obj
    run.language = run.known_language(lang) or run.messages.of_locale()
    texts = run.messages.example_answers(run.language)
    made = make(example_request(folder, texts, run.language, _day(as_of, run)), run.kit())
    run.conclude(run.report.print_init, made, made.failure)
    if made.page and _has_terminal() and not json:
        _offer_to_open(made.page, run)


@command()
def update(
    ctx: typer.Context,
    folders: Folders = None,
    as_of: AsOf = "",
    dry_run: DryRun = False,
    force: Force = False,
    json: Json = False,
) -> None:
    from peerplan.commands.update import update as make

    run: _Run = ctx.obj
    updates = make(folders or [Path()], run.kit(), _day(as_of, run), force=force, dry_run=dry_run)
    run.conclude(run.report.print_update, updates, updates.failure)


@command()
def status(
    ctx: typer.Context, folders: Folders = None, as_of: AsOf = "", json: Json = False, check: Check = ""
) -> None:
    from peerplan.commands.status import status as gather

    run: _Run = ctx.obj
    found = gather(folders or [Path()], run.kit(), run.language, _day(as_of, run), check)
    run.conclude(run.report.print_status, found, found.failure)


UnitsTable = Annotated[Optional[Path], typer.Argument(metavar="UNITS")]  # noqa: UP045
Target = Annotated[Path, typer.Option("--to", metavar="FOLDER")]
SkipInvalid = Annotated[bool, typer.Option("--skip-invalid")]
Html = Annotated[bool, typer.Option("--html")]
Encoding = Annotated[  # any that Python knows; these are what spreadsheet programs write
    Optional[str],  # noqa: UP045
    typer.Option("--encoding", metavar="NAME", autocompletion=one_of("utf-8|cp1252|mac-roman|cp850")),
]
Delimiter = Annotated[Optional[str], typer.Option("--delimiter", metavar="CHARACTER")]  # noqa: UP045
Sheet = Annotated[Optional[str], typer.Option("--sheet", metavar="NAME")]  # noqa: UP045
Starter = Annotated[Optional[Path], typer.Option("--starter", metavar="FILE")]  # noqa: UP045


@command()
def batch(
    ctx: typer.Context,
    units: UnitsTable = None,
    to: Target = Path("plans"),
    lang: Lang = "",
    as_of: AsOf = "",
    html: Html = False,
    dry_run: DryRun = False,
    skip_invalid: SkipInvalid = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    json: Json = False,
    starter: Starter = None,
) -> None:
    run: _Run = ctx.obj
    language = run.known_language(lang) or run.messages.of_locale()
    if starter:
        if units:
            raise UsageError(Problem("starter-alone", {}, str(units)))
        from peerplan.commands.batch.starter import write_starter

        write_starter(starter, run.kit().guide(language), _day(as_of, run))
        run.conclude(run.report.print_starter, starter, None, language)
        return
    if units is None:
        raise UsageError(Problem("units-needed", {}, "batch"))
    from peerplan.commands.batch.run import BatchRequest
    from peerplan.commands.batch.run import batch as make
    from peerplan.report.terminal import progress_bar

    request = BatchRequest(
        table=units,
        to=to,
        language=language,
        as_of=_day(as_of, run),
        html=html,
        dry_run=dry_run,
        skip_invalid=skip_invalid,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
    )
    with progress_bar(run.messages, language) as progress:
        made = make(request, run.kit(), progress)
    run.conclude(run.report.print_batch, made, made.failure, language)


Group = Annotated[bool, typer.Option("--group")]
Open = Annotated[bool, typer.Option("--open")]
RosterTable = Annotated[Path, typer.Argument(metavar="ROSTER")]
PlanFolder = Annotated[Path, typer.Argument(metavar="FOLDER")]
DraftsTo = Annotated[Optional[Path], typer.Option("--to", metavar="FOLDER")]  # noqa: UP045


@command()
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
    from peerplan.commands.emails.run import EmailsRequest
    from peerplan.commands.emails.run import emails as make

    run: _Run = ctx.obj
    request = EmailsRequest(
        folder=folder,
        roster=roster,
        to=to,
        language=run.known_language(lang) or None,
        as_of=_day(as_of, run),
        group=group,
        dry_run=dry_run,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
    )
    made = make(request, run.kit())
    run.conclude(run.report.print_emails, made, made.failure)
    if open_ and not dry_run and not _open(made.first):
        typer.echo(run.messages.say(run.language, "emails-open-failed", path=made.first), err=True)


FORMATS = "html|docx|pdf"
Formats = Annotated[list[str], typer.Option("--to", metavar=FORMATS, autocompletion=one_of(FORMATS))]
Letterhead = Annotated[Optional[Path], typer.Option("--letterhead", metavar="FILE")]  # noqa: UP045
DocumentName = Annotated[str, typer.Option("--document", metavar="NAME", autocompletion=documents)]
Output = Annotated[Optional[Path], typer.Option("--output", metavar="FILE")]  # noqa: UP045


@command()
def export(
    ctx: typer.Context,
    folders: Folders = None,
    to: Formats = ["html"],  # noqa: B006 # typer copies it
    document: DocumentName = "",
    output: Output = None,
    letterhead: Letterhead = None,
    as_of: AsOf = "",
    open_: Open = False,
    json: Json = False,
) -> None:
    from peerplan.commands.export import ExportRequest
    from peerplan.commands.export import export as make

    run: _Run = ctx.obj
    request = ExportRequest(folders or [Path()], to, document, output, _day(as_of, run), letterhead)
    made = make(request, run.kit())
    if open_ and made.files and not _open(made.files[0]):
        typer.echo(run.messages.say(run.language, "open-failed", path=made.files[0]), err=True)
    run.conclude(run.report.print_export, made, made.failure)


@command()
def form(ctx: typer.Context, lang: Lang = "", output: Output = None, json: Json = False) -> None:
    from peerplan.commands.form import write_form

    run: _Run = ctx.obj
    language = run.known_language(lang) or run.messages.of_locale()
    made = write_form(output, run.kit().guide(language))
    run.conclude(run.report.print_form, made, None, language)


def _offer_to_open(path: Path, run: _Run) -> None:
    """Ask whether to open what was made; whoever stops here has the plan all the same."""
    try:
        answer = input(run.messages.say(run.language, "open-page") + " ")
    except (EOFError, KeyboardInterrupt):
        return
    if answer.strip().casefold()[:1] in ("", *run.messages.say(run.language, "open-yes").split()) and not _open(path):
        typer.echo(run.messages.say(run.language, "open-failed", path=path), err=True)


def _open(path: Path) -> bool:
    """Hand a file to the program that the machine opens such files with; False if there is none."""
    if sys.platform in ("win32", "darwin"):
        return not typer.launch(str(path))
    import subprocess

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


def _interview(run: _Run, as_of: date, *, plain: bool) -> "Interview":
    def interview(draft: "Draft", guide: "Guide", save: "Save | None", earliest: date | None) -> "Draft":
        from peerplan.interview.console import ask_here

        run.language = guide.language
        return ask_here(draft, guide, save, as_of, is_new=earliest is not None, plain=plain)

    return interview


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _day(text: str, run: _Run) -> date:
    """Return the day of --as-of, or today; nowhere else is the clock read."""
    if not text:
        return date.today()  # noqa: DTZ011 # the day on the person's own calendar
    with suppress(ValueError):
        return date.fromisoformat(text)
    from peerplan.answers.days import days_of

    day = days_of(run.kit().guide(run.messages.languages[0])).read(text)
    if isinstance(day, Problem):
        message = "as-of-form" if day.message == "not-a-date" else day.message
        raise UsageError(replace(day, message=message, place="--as-of"))
    return day
