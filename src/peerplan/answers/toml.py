"""answers.toml -> a draft, and where in the file each answer stands; and its text as bytes again."""

import re
import tomllib
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from peerplan.answers.draft import EVERYWHERE, Draft
from peerplan.errors import InputError, Problem, missing_or_hidden, reason
from peerplan.text import decoded, is_seen, other_kind, two_versions_in

FILE_NAME = "answers.toml"
SIZE_LIMIT = 200_000  # bytes; a full file has about 10,000, and more takes more than two seconds to plan

_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_NAMES = rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*"
_TABLE = re.compile(rf"\s*\[{_NAMES}\]")
_KEY = re.compile(rf"{_NAMES}=")
# Comments and short texts are matched too, so that quotes within them begin nothing.
_TEXT = re.compile(
    r"""#[^\n\x85\u2028\u2029]*|"{3}(?:\\[\s\S]|[^\\])*?"{3}|'{3}[\s\S]*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
)
_TEXT_OR_LETTER = re.compile(rf"(?:{_TEXT.pattern})|([^\x00-\x7f])")
# Keys of many parts, for which tomllib takes a gigabyte, and numbers of more digits than Python reads, in any notation.
_BOMB = re.compile(rf"^[ \t\[]*{_NAME}(?:[ \t]*\.[ \t]*{_NAME}){{20}}|\w{{1000}}", re.MULTILINE)
_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)")


class AnswersText(NamedTuple):
    """A file of answers: its bytes and text, the draft it holds, and where each key stands ("answers.toml:4")."""

    content: bytes
    text: str
    draft: Draft
    places: dict[str, str]


def read_answers(path: Path) -> AnswersText:
    """Read a file of answers.

    Raises:
        InputError: if the file cannot be read, or is not TOML in UTF-8 or marked UTF-16.
    """
    content = _read(path)
    refuse_other_kinds(content, path)
    text = _decoded(content, path)
    refuse_two_versions(text, path)
    draft = _parsed(text, path) if is_seen(text) else {}
    if not draft:
        raise InputError(Problem("no-answers", {}, str(path)))
    places = {EVERYWHERE: str(path), **{key: f"{path}:{line}" for key, line in _lines(text, draft)}}
    return AnswersText(content, text, draft, places)


def encoded_like(text: str, previous: bytes, path: Path) -> bytes:
    """Encode an answers.toml with the byte order mark and the line breaks that the file has now.

    One in UTF-16, which no other program takes for TOML, becomes UTF-8 with a mark, which Notepad opens as well.

    Raises:
        InputError: if it is more than can be read again; path is the file's.
    """
    if "\r\n" in decoded(previous):
        text = text.replace("\n", "\r\n")
    content = (BOM_UTF8 if previous.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)) else b"") + text.encode()
    if len(content) > SIZE_LIMIT:
        raise InputError(Problem("answers-too-large", {"limit": SIZE_LIMIT}, str(path)))
    return content


def refuse_other_kinds(content: bytes, path: Path) -> None:
    """Refuse a file that was saved as something else than plain text.

    Raises:
        InputError: what it was saved as.
    """
    if kind := other_kind(content):
        raise InputError(Problem("no-plain-text", {"kind": kind}, str(path)))


def refuse_two_versions(text: str, path: Path) -> None:
    """Refuse a text in which two versions of some lines wait for a person to choose: neither is what she wants.

    Raises:
        InputError: where they stand.
    """
    if lines := two_versions_in(text):
        raise InputError(Problem("two-versions", {"last": lines[1]}, f"{path}:{lines[0]}"))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise InputError(Problem(missing_or_hidden(path, "no-such-file"), {}, str(path))) from None
    except IsADirectoryError:
        raise InputError(Problem("is-a-folder", {}, str(path))) from None
    except OSError as error:
        raise InputError(Problem("cannot-read", {"why": reason(error)}, str(path))) from None
    if len(content) > SIZE_LIMIT:
        raise InputError(Problem("too-large", {"limit": SIZE_LIMIT}, str(path)))
    return content


def _decoded(content: bytes, path: Path) -> str:
    """Return the text of a file in UTF-8, or in what Notepad calls Unicode, which begins with a mark."""
    encoding = "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        return _TEXT_OR_LETTER.sub(_as_seen, text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("not-utf8", {}, f"{path}:{line}")) from None


def _as_seen(found: re.Match[str]) -> str:
    """Return what stands outside a file's texts as TOML has it: the web and Word have other blanks and line breaks."""
    if not found[1]:
        return found[0]
    kind = unicodedata.category(found[1])
    if kind in ("Zl", "Zp") or found[1] == "\x85":
        return "\n"
    return {"Zs": " ", "Cf": ""}.get(kind, found[1])


def _parsed(text: str, path: Path) -> Draft:
    if bomb := _BOMB.search(_TEXT.sub(lambda found: "\n" * found[0].count("\n") or '""', text)):
        line = bomb.string.count("\n", 0, bomb.start()) + 1
        raise InputError(Problem("not-toml", {}, f"{path}:{line}"))
    try:
        return dict(_flat(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        number = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        from peerplan.answers.toml_mistakes import mistake_in

        problem, line = mistake_in(text, str(error), number)
        raise InputError(replace(problem, place=f"{path}:{line}")) from None
    except RecursionError:
        raise InputError(Problem("not-toml", {}, str(path))) from None


def _flat(nested: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _without_texts(text: str) -> str:
    """Return a file with line breaks alone in the place of texts of several lines, which may look like keys."""
    return _TEXT.sub(lambda found: "\n" * found[0].count("\n") or found[0], text)


def _lines(text: str, draft: Draft) -> Iterator[tuple[str, int]]:
    """Return the line of each key; a key within an inline table stands where the table begins."""
    starts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(_without_texts(text).split("\n"), 1):
        if found := _TABLE.match(line):
            table = f"{_bare(found[1])}."
        elif found := _KEY.match(line):
            starts.setdefault(table + _bare(found[1]), number)
    for key in draft:
        place = key
        while place and place not in starts:
            place = place.rpartition(".")[0]
        if place:
            yield key, starts[place]


def _bare(names: str) -> str:
    return re.sub(r"[\s\"']", "", names)
