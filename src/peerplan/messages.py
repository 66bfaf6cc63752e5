"""What the program says to a person, in her language: content/messages.toml -> one line of text."""

import errno
import locale
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from peerplan.errors import Problem

# A path or a key may hold anything; none of it may break the line or drive the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

CONTENT = Path(__file__).parent / "guide" / "content"


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def say(language: str, message: str, **values: object) -> str:
    """The text of a message id in a language, with its places filled; a value that is a message itself is said too."""
    text: str = _read("messages.toml")[message][language]
    return text.format_map({name: _said(language, value) for name, value in values.items()})


def _said(language: str, value: object) -> object:
    return say(language, value.message, **value.values) if isinstance(value, Problem) else value


def reason(error: Exception) -> object:
    """Why the system refused something: a message of ours if there is one, else in its own words."""
    code = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
    message = f"system-{code}"
    return Problem(message) if message in _read("messages.toml") else getattr(error, "strerror", None) or error


def problem_line(language: str, problem: Problem) -> str:
    """One line: the place, what is wrong and what to do."""
    text = say(language, problem.message, **problem.values)
    return _CONTROL.sub(" ", f"{problem.place}: {text}" if problem.place else text)


def languages() -> tuple[str, ...]:
    """The ids of the languages there are, the fallback first."""
    return tuple(language["id"] for language in _read("languages.toml")["languages"])


def language_of_locale(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the person's system, or the first language there is."""
    names = (environ.get("LC_ALL"), environ.get("LC_MESSAGES"), environ.get("LANG"), locale.getlocale()[0])
    name = next((name for name in names if name), "")
    for language in _read("languages.toml")["languages"]:
        if name.startswith(tuple(language["locales"])):
            return str(language["id"])
    return languages()[0]
