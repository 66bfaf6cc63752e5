"""answers.toml <-> a draft. People edit the file too: their comments, order and layout survive."""

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.container import OutOfOrderTableProxy
from tomlkit.items import Comment, InlineTable, Null, Table, Whitespace

from peerplan.answers.draft import EVERYWHERE, Draft, known_keys
from peerplan.errors import InputError, Problem
from peerplan.guide.model import Fact, Guide
from peerplan.guide.tailoring import Profile, tailor
from peerplan.messages import reason, say

FILE_NAME = "answers.toml"
LANGUAGE = "language"
SIZE_LIMIT = 1_000_000  # bytes; a full file has about 10,000

Container = Any  # tomlkit's document, tables and inline tables share their methods but no type

_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_NAMES = rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*"
_TABLE = re.compile(rf"\s*\[{_NAMES}\]")
_KEY = re.compile(rf"{_NAMES}=")
# Comments and short texts are matched too, so that quotes within them begin nothing.
_TEXT = re.compile(r"""#.*|"{3}(?:\\[\s\S]|[^\\])*?"{3}|'{3}[\s\S]*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)")


def read_answers(path: Path) -> tuple[Draft, dict[str, str]]:
    """Read a file of answers: the draft, and where each key stands ("answers.toml:4"), or else the file.

    Raises:
        InputError: if the file cannot be read, or is not TOML in UTF-8.
    """
    text = read_text(path)
    try:
        nested = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        raise InputError(
            Problem("not-toml", {"what": _TOML_PLACE.sub("", str(error)).split(" (at end")[0]}, f"{path}:{line}")
        ) from None
    except RecursionError:
        raise InputError(Problem("not-toml", {"what": "nested too deeply"}, str(path))) from None
    draft = dict(_flat(nested))
    if not draft:
        raise InputError(Problem("no-answers", {}, str(path)))
    return draft, {EVERYWHERE: str(path), **{key: f"{path}:{line}" for key, line in _lines(text, draft)}}


def read_text(path: Path) -> str:
    """The text of a file of answers.

    Raises:
        InputError: as read_answers does.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise InputError(Problem("too-large", {"limit": SIZE_LIMIT}, str(path)))
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("not-utf8", {}, f"{path}:{line}")) from None
    except FileNotFoundError:
        raise InputError(Problem("no-such-file", {}, str(path))) from None
    except IsADirectoryError:
        raise InputError(Problem("is-a-folder", {}, str(path))) from None
    except OSError as error:
        raise InputError(Problem("cannot-read", {"why": reason(error)}, str(path))) from None


def _flat(nested: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _lines(text: str, draft: Draft) -> Iterator[tuple[str, int]]:
    """The line on which each key stands; a key within an inline table stands where the table begins."""
    starts: dict[str, int] = {}
    table = ""
    outside_texts = _TEXT.sub(lambda found: "\n" * found[0].count("\n") or found[0], text)
    for number, line in enumerate(outside_texts.split("\n"), 1):
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


def write_answers(draft: Draft, guide: Guide, profile: Profile, previous: str = "") -> str:
    """The text of answers.toml for a draft: each key under its question and its options.

    previous is what the file holds now; everything in it that is not an answer stays.
    """
    document = tomlkit.parse(previous)
    comments = _comments(guide, profile)
    for key in known_keys(guide):
        if key not in draft:
            _remove(document, key, comments.get(key, ()))
        elif key != LANGUAGE or LANGUAGE in document:
            _set(document, key, draft[key], comments)
    text = tomlkit.dumps(document)
    if LANGUAGE in document:
        return text
    return f'# {say(guide.language, "answers-heading")}\n{LANGUAGE} = "{guide.language}"\n\n{text}'


def encoded_like(text: str, previous: bytes) -> bytes:
    """The bytes of an answers.toml, with the byte order mark and the line breaks that the file has now."""
    if b"\r\n" in previous:
        text = text.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if previous.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()


@lru_cache(maxsize=256)
def _comments(guide: Guide, profile: Profile) -> dict[str, tuple[str, ...]]:
    """By key: the question, then what may be answered."""
    unit = tailor(guide, profile)
    comments = {fact.key: (fact.question, *_choices(fact)) for fact in unit.facts}
    for item in unit.items:
        options = " | ".join(option.id for option in guide.options_of(item))
        comments[f"{item.area}.{item.id}"] = (item.question, options)
    return comments


def _choices(fact: Fact) -> tuple[str, ...]:
    return (" | ".join(choice.id for choice in fact.choices),) if fact.choices else ()


def _set(document: TOMLDocument, key: str, value: object, comments: Mapping[str, tuple[str, ...]]) -> None:
    *tables, name = key.split(".")
    table: Container = document
    for depth, part in enumerate(tables):
        if part not in table:
            inner = ".".join([*tables[: depth + 1], ""])
            lines = [line for one, lines in comments.items() if depth and one.startswith(inner) for line in lines]
            _add(table, part, tomlkit.inline_table() if depth else tomlkit.table(), lines)
        table = table[part]
    written = list(value) if isinstance(value, tuple) else value
    if name in table:
        if table[name].unwrap() != written:
            table[name] = written
        return
    _add(table, name, written, comments.get(key, ()))


def _add(table: Container, name: str, value: object, lines: Sequence[str]) -> None:
    """Add a value at the table's end under comment lines, where TOML has room for them, before the blank lines there.

    There is none in an inline table, in one that stands in several places, or where a table within would come between.
    """
    scattered = isinstance(table, OutOfOrderTableProxy)
    body = table.value.body if isinstance(table, Table) else []
    blanks = list(takewhile(lambda one: isinstance(one[1], Whitespace), reversed(body)))
    del body[len(body) - len(blanks) :]
    if not (scattered or isinstance(table, InlineTable) or any(isinstance(one, Table) for one in table.values())):
        for line in lines:
            table.add(tomlkit.comment(line))
    if scattered:
        table[name] = value
    else:
        table.append(name, value)
    body.extend(blanks)


def _remove(document: TOMLDocument, key: str, lines: Sequence[str]) -> None:
    """Take an answer out, and the comment lines above it that are ours."""
    *tables, name = key.split(".")
    table: Container = document
    for part in tables:
        table = table.get(part, {})
    if name not in table:
        return
    if isinstance(table, Table):
        body = table.value.body
        number = next(number for number, (one, _) in enumerate(body) if one is not None and one.key == name)
        while number and isinstance(comment := body[number - 1][1], Comment) and comment.as_string()[2:-1] in lines:
            number -= 1
            body[number] = (None, Null())
    table.remove(name)
