"""Report failures: one line for each problem on stderr, and with --json one document."""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from peerplan import __version__
from peerplan.errors import InputError, Interrupted, PeerplanError, Problem, refused_by_system
from peerplan.messages import Messages

ANSWERS = "answers.toml"
HEAD = 10_000  # bytes; the language stands first

_LANGUAGE = re.compile(r'^language\s*=\s*"(\w+)"', re.MULTILINE)


def failure_of(error: BaseException) -> PeerplanError:
    """Map an exception to a PeerplanError; a bug becomes one line and a file, no traceback."""
    if isinstance(error, PeerplanError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted(Problem("interrupted-anywhere"))
    if isinstance(error, OSError):
        return refused_by_system(error)
    return PeerplanError(Problem("unexpected", {"log": _log(error)}))


def print_failure(failure: PeerplanError, messages: Messages, language: str, *, as_json: bool) -> None:
    """Print the problems as lines, and as the one document if that is wanted, as far as there is room."""
    with suppress(OSError):
        for line in _lines(failure, messages, language):
            print(line, file=sys.stderr, flush=True)
        if as_json:
            from peerplan.report.json import print_errors

            print_errors(failure.problems, messages, language, failure.exit_code)


def _lines(failure: PeerplanError, messages: Messages, language: str) -> list[str]:
    try:
        return [messages.line(language, problem) for problem in failure.problems]
    except InputError as broken:  # the messages themselves are wrong, and say so in English
        return [f"{problem.place}: {problem.values['what']}" for problem in broken.problems]


def spoken_language(arguments: Sequence[str], messages: Messages) -> str:
    """Return the language for errors before options are parsed: of --lang, else of the plan, else the system's."""
    asked = [value for name, value in pairwise(arguments) if name == "--lang"]
    asked += [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    asked += filter(None, map(_language_of_plan, [*arguments, "."]))
    return next((one for one in asked if one in messages.languages), messages.of_locale())


def _language_of_plan(argument: str) -> str:
    """Return the language of the answers in a file or a folder, if it is one; only the head of it is read."""
    for path in (Path(argument), Path(argument, ANSWERS)):
        with suppress(OSError, ValueError):
            if path.suffix == ".toml" and path.is_file():
                from peerplan.text import decoded

                with path.open("rb") as file:
                    if found := _LANGUAGE.search(decoded(file.read(HEAD))):
                        return found[1]
    return ""


def _log(error: BaseException) -> str:
    """Write where a bug struck to a file: no values, so that nothing personal is in it."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="peerplan-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"peerplan {__version__}, Python {sys.version}\n{type(error).__name__}\n")
        file.writelines(traceback.format_tb(error.__traceback__))
        file.writelines(getattr(error, "__notes__", ()))  # where it struck in another process
    return file.name
