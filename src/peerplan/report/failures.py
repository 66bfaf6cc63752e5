"""What is told when something goes wrong: one line for each problem on stderr, and with --json one document."""

import re
import sys
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from peerplan import __version__
from peerplan.errors import Interrupted, PeerplanError, Problem
from peerplan.messages import language_of_locale, languages, problem_line

ANSWERS = "answers.toml"
HEAD = 10_000  # characters; the language stands first

_LANGUAGE = re.compile(r'^language\s*=\s*"(\w+)"', re.MULTILINE)


def failure_of(error: BaseException) -> PeerplanError:
    """The error of ours that an exception is told as; a bug is one line and a file, no traceback."""
    if isinstance(error, PeerplanError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted(Problem("interrupted"))
    return PeerplanError(Problem("unexpected", {"log": _log(error)}))


def tell_failure(failure: PeerplanError, language: str, *, as_json: bool) -> None:
    """Print the problems as lines, and as the one document if that is wanted."""
    for problem in failure.problems:
        print(problem_line(language, problem), file=sys.stderr, flush=True)
    if as_json:
        print_errors(failure.problems, language, failure.exit_code)


def print_errors(problems: Iterable[Problem], language: str, exit_code: int) -> None:
    """Print the one JSON document of a command that failed."""
    from peerplan.report.json import errors_json

    print(errors_json(language, problems, exit_code))


def spoken_language(arguments: Sequence[str]) -> str:
    """The language for errors, before the options are parsed: that of --lang, else of the plan, else the system's."""
    asked = [value for name, value in pairwise(arguments) if name == "--lang"]
    asked += [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    asked += filter(None, map(_language_of_plan, [*arguments, "."]))
    return next((one for one in asked if one in languages()), language_of_locale())


def _language_of_plan(argument: str) -> str:
    """The language of the answers in a file or a folder, if it is one."""
    for path in (Path(argument), Path(argument, ANSWERS)):
        with suppress(OSError, ValueError):
            if path.suffix == ".toml" and (found := _LANGUAGE.search(path.read_text(encoding="utf-8-sig")[:HEAD])):
                return found[1]
    return ""


def _log(error: BaseException) -> str:
    """Write where a bug struck to a file: no values, so that nothing personal is in it."""
    with tempfile.NamedTemporaryFile("w", prefix="peerplan-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"peerplan {__version__}, Python {sys.version}\n{type(error).__name__}\n")
        file.writelines(traceback.format_tb(error.__traceback__))
    return file.name
