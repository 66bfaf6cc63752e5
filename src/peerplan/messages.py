"""What the program says, in every language there is: a message id -> one line of text."""

import locale
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from peerplan.errors import SYSTEM, InputError, Problem
from peerplan.prepared import prepared

CONTENT = Path(__file__).parent / "guide" / "content"
FILE_NAME = "messages.toml"
HELP, HELP_OF_COMMANDS = "help.toml", "help-commands.toml"
EXAMPLE = "example.toml"
LANGUAGES = "languages.toml"

T = TypeVar("T")

# A path or a key may hold anything; none of it may break the line or drive the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

_PLACE = re.compile(r"\{(\w+)")

# What stands where a date or a choice belongs may be anything: an address, a telephone or an identity number.
_PERSONAL = re.compile(r"\S*@\S*|\d(?:[ +-]?\d){9,}")


class Messages:
    """The messages of a content folder, read and checked when the first of them is said.

    program is what to write to call the program; a message names it so where it prints a command.
    """

    def __init__(self, folder: Path = CONTENT, program: str = "peerplan") -> None:
        self.folder = folder
        self.program = program

    def say(self, language: str, message: str, **values: object) -> str:
        """Return the text of a message with its places filled; a value that is a message itself is said too.

        Raises:
            InputError: if messages.toml cannot be read, or lacks a text or a place in one of the languages.
        """
        if message.startswith(SYSTEM) and message not in self._texts:
            return str(values["words"])
        text = self._texts[message][language]
        said = {name: self._said(language, value) for name, value in values.items()}
        return text.format_map({"program": self.program, **said})

    def line(self, language: str, problem: Problem) -> str:
        """Return one line: the place, what is wrong and what to do; what may be personal in a wrong value is left out.

        Raises:
            InputError: as say does.
        """
        values = dict(problem.values)
        if "value" in values:
            values["value"] = _PERSONAL.sub("…", str(values["value"]))
        text = self.say(language, problem.message, **values)
        if problem.cells > 1:
            text += " " + self.say(language, "first-of-cells", count=problem.cells)
        return _CONTROL.sub(" ", f"{problem.place}: {text}" if problem.place else text)

    def _said(self, language: str, value: object) -> object:
        return self.say(language, value.message, **value.values) if isinstance(value, Problem) else value

    def texts(self, language: str) -> dict[str, str]:
        """Return the text of every message, by id, with its places not filled.

        Raises:
            InputError: as say does.
        """
        return {message: texts[language] for message, texts in self._texts.items()}

    def help_texts(self, language: str, *, of_commands: bool) -> dict[str, str]:
        """Return what --help says, by id and in the order of its files, which nothing else reads.

        What it says of each command is the most, and left out where the program itself is asked.

        Raises:
            InputError: if one of the files cannot be read, or lacks a text in one of the languages.
        """
        files = (HELP, HELP_OF_COMMANDS) if of_commands else (HELP,)
        return {name: texts[language] for file in files for name, texts in self._checked(file).items()}

    def example_answers(self, language: str) -> dict[str, str]:
        """Return the answers of the example, by their keys in answers.toml.

        Raises:
            InputError: as help_texts does, of example.toml.
        """
        return {key: texts[language] for key, texts in self._checked(EXAMPLE).items()}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The ids of the languages there are, the fallback first."""
        return tuple(record["id"] for record in self._language_records)

    def unknown_language(self, language: object, place: str) -> Problem:
        """Return what to say of a language that there is not."""
        return Problem("unknown-language", {"value": language, "choices": ", ".join(self.languages)}, place)

    def of_locale(self, environ: Mapping[str, str] = os.environ) -> str:
        """Return the language of the person's system, or the first language there is."""
        names = (environ.get("LC_ALL"), environ.get("LC_MESSAGES"), environ.get("LANG"), locale.getlocale()[0])
        name = next((name for name in names if name), "")
        for record in self._language_records:
            if name.startswith(tuple(record["locales"])):
                return str(record["id"])
        return self.languages[0]

    @cached_property
    def _language_records(self) -> list[dict[str, Any]]:
        return self._prepared(LANGUAGES, self._read_languages)

    def _read_languages(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = read_toml(self.folder / LANGUAGES).get("languages", [])
        if not records or not all("id" in record and "locales" in record for record in records):
            raise InputError(Problem("content-wrong", {"what": "has no languages"}, LANGUAGES))
        return records

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        return self._checked(FILE_NAME)

    def _prepared(self, file: str, make: Callable[[], T]) -> T:
        """Return what is made of a file; it is kept only for the content that comes with the program."""
        if self.folder != CONTENT:
            return make()
        return prepared(Path(file).stem, (CONTENT / LANGUAGES, CONTENT / file, Path(__file__)), make)

    def _checked(self, file: str) -> dict[str, dict[str, str]]:
        return self._prepared(file, partial(self._read_checked, file))

    def _read_checked(self, file: str) -> dict[str, dict[str, str]]:
        texts = read_toml(self.folder / file)
        if problems := list(_gaps(file, texts, self.languages)):
            raise InputError(*problems)
        return texts


def read_toml(path: Path) -> dict[str, Any]:
    """Read a content file.

    Raises:
        InputError: if it is not TOML in UTF-8.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("content-wrong", {"what": error}, path.name)) from None


def _gaps(file: str, texts: Mapping[str, Any], languages: tuple[str, ...]) -> Iterator[Problem]:
    """Tell what is missing: one problem for each language, and one for each message whose languages differ."""
    whole = {message: text for message, text in texts.items() if isinstance(text, dict)}
    for message in texts.keys() - whole.keys():
        yield Problem("content-wrong", {"what": "is not a text per language"}, f"{file}: {message}")
    for language in languages:
        lacking = [message for message, text in whole.items() if not text.get(language)]
        yield from missing_texts(file, language, lacking)
    for message, text in whole.items():
        if unknown := text.keys() - set(languages):
            what = f"has '{min(unknown)}', which languages.toml lacks"
            yield Problem("content-wrong", {"what": what}, f"{file}: {message}")
        elif len({frozenset(_places(one)) for one in text.values() if one}) > 1:
            what = "has other words in braces in one language than in another"
            yield Problem("content-wrong", {"what": what}, f"{file}: {message}")


def missing_texts(file: str, language: str, places: list[str]) -> Iterator[Problem]:
    """Tell once of all the texts that a file lacks in a language: the first of the places is named."""
    if places:
        others = f", nor have {len(places) - 1} others in this file" if len(places) > 1 else ""
        what = f"has no text in '{language}'{others}"
        yield Problem("content-wrong", {"what": what}, f"{file}: {places[0]}")


def _places(text: str) -> list[str]:
    return _PLACE.findall(text)  # string.Formatter would cost every --help a millisecond
