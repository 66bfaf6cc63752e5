"""What is wrong with a line of answers.toml that is no TOML, and what to write there instead. Pure.

Nothing personal is repeated: of a coordinator, a note or a name only the form of the line is shown.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from peerplan.answers.keys import DUE, END, ITEM_WORDS, OWN, PLANNED_FROM, START
from peerplan.answers.privacy import check_text
from peerplan.errors import Problem
from peerplan.guide.blanks import FILLED

LONGEST = 100  # characters of a line that is shown as it should be

_PERSONAL = ("unit.coordinator", "first-day", FILLED, OWN, *ITEM_WORDS)
_DATES = {key.rpartition(".")[2] for key in (START, END, PLANNED_FROM, DUE)}
_DAY = "2027-01-18"

# For lines without blanks around them, and so that the time they take does not grow with the square of the length.
_HEADING = re.compile(r"(\[*+)\s*+([\w-]++(?:\s*+\.\s*+[\w-]++)*+)\s*+\]*+[\s,;:]*+(?:#.*)?")
_LINE = re.compile(r"([a-z][a-z-]*(?:\.[a-z][a-z-]*)*)\s*(==|[=:;])?\s*(.*?)(?:(?<!\s)\s+#[^\"'\u201c\u201d]*)?")
_CURLY = re.compile(
    "[\u201c-\u201f\u00ab\u00bb\u2033]|^[\u2018-\u201b\u2039\u203a]|[\u2018-\u201b\u2039\u203a](?=[,; ]*$)"
)
_DIGITS = re.compile(r"\d{6}")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate")
_UNCLOSED = ("Unclosed", 'Expected "\'"')


class _Line(NamedTuple):
    """A line as it was meant: its key, the sign after it, and its value."""

    key: str
    sign: str
    value: str


def mistake_in(text: str, error: str, number: int) -> tuple[Problem, int]:
    """Return what is wrong with a file and on which line, counted from 1.

    Args:
        text: the file's.
        error: what tomllib says.
        number: the line at which it gave up.
    """
    lines = [line.strip() for line in text.split("\n")]
    if error.startswith(_TWICE) and _is_toml(lines[number - 1]):
        first = _first_of(lines, number)
        return (Problem("toml-twice", {"first": first}) if first else Problem("not-toml")), number
    above = range(number, 0, -1) if error.startswith(_UNCLOSED) else [number]
    tables = _tables(lines[:number])
    for one in above:
        if found := _mended(lines[one - 1], tables[one - 1]):
            message, line = found
            return Problem(message, {"line": line}), one
    return Problem("not-toml"), number


def _mended(line: str, table: str) -> tuple[str, str] | None:
    """Return a mistake's message and the line without it; None if the line is right, or nobody knows what is meant."""
    heading = _HEADING.fullmatch(line)
    if heading and ("[" in line or "]" in line):
        brackets = max(1, len(heading[1]))
        mended = f"{'[' * brackets}{heading[2]}{']' * brackets}"
        return None if _is_toml(line) or not _is_toml(mended) else ("toml-bracket", mended)
    found = _LINE.fullmatch(line)
    if found is None or _is_toml(line):
        return None
    given = _Line(found[1], found[2] or "", found[3])
    if given.sign != "=" and not (table or "." in given.key):
        return None  # some words that are no answer, and may be anybody's
    messages, value = _steps(given)
    if not _is_toml(f"x = {value}"):
        is_date = given.key.rpartition(".")[2] in _DATES or table == DUE
        message, value = ("toml-date", _DAY) if is_date else _quoted(value)
        messages = [message] if is_date else [*messages, message]
    mended = f"{given.key} = {value}"
    if not messages or not _is_toml(mended):
        return None
    return messages[0], mended if _may_be_shown(f"{table}.{given.key}".strip("."), mended) else _form(given.key, value)


def _steps(line: _Line) -> tuple[list[str], str]:
    """Return the messages for what is wrong around a line's value, and the value without that."""
    messages = [] if line.sign == "=" else ["toml-sign" if line.sign else "toml-equals"]
    value = line.value
    for message, mended in (
        ("toml-curly", lambda value: _CURLY.sub('"', value)),
        ("toml-end", lambda value: value.rstrip(",; ")),
        ("toml-comma", lambda value: value.replace(";", ",") if value.startswith("[") else value),
        ("toml-bracket", _closed),
    ):
        if (after := mended(value)) != value:
            messages.append(message)
            value = after
    return messages, value


def _closed(value: str) -> str:
    for opening, closing in ("[]", "{}"):
        if value.startswith(opening) and not value.endswith(closing):
            return value + closing
    return value


def _quoted(value: str) -> tuple[str, str]:
    """Return the message for a value that is none, and the value with its quotes."""
    if value.casefold() in ("true", "false"):
        return "toml-true", value.lower()
    if not value:
        return "toml-quotes", '""'
    if value.startswith("["):
        return "toml-quotes", f"[{', '.join(_text(part) for part in value[1:-1].split(',') if part.strip())}]"
    inner = value.strip("\"'")
    if "\\" in inner and value.startswith('"') and value.endswith('"'):
        return "toml-backslash", _text(value)
    return "toml-quote" if inner != value else "toml-quotes", _text(value)


def _text(value: str) -> str:
    """Return a text in the quotes that it can stand in."""
    inner = value.strip().strip("\"'")
    if "'" not in inner and ("\\" in inner or '"' in inner):
        return f"'{inner}'"
    return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _form(key: str, value: str) -> str:
    """Return a line without what stands in it."""
    if value.startswith("{"):
        return f'{key} = {{ name = "..." }}'
    return f'{key} = ["..."]' if value.startswith("[") else f'{key} = "..."'


def _may_be_shown(key: str, line: str) -> bool:
    """Tell whether nobody's name, address or number can stand in a line."""
    is_personal = "." not in key or any(key == one or key.startswith(f"{one}.") for one in _PERSONAL)
    found = check_text(line, "")
    return not (is_personal or found.certain or found.doubtful or "@" in line or _DIGITS.search(line)) and (
        len(line) <= LONGEST
    )


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _tables(lines: Sequence[str]) -> list[str]:
    """Return the table that each of some lines stands in; a heading stands in the one before."""
    tables, table = [], ""
    for line in lines:
        tables.append(table)
        heading = _HEADING.fullmatch(line)
        if heading and heading[1]:
            table = re.sub(r"\s", "", heading[2])
    return tables


def _keys(lines: Sequence[str]) -> Iterator[str]:
    """Yield what each line begins: the whole key of an answer or a table, or nothing."""
    for line, table in zip(lines, _tables(lines), strict=True):
        heading = _HEADING.fullmatch(line)
        if heading and heading[1]:
            yield re.sub(r"\s", "", heading[2])
        else:
            found = _LINE.fullmatch(line)
            yield f"{table}.{found[1]}".strip(".") if found and found[2] else ""


def _first_of(lines: Sequence[str], number: int) -> int:
    """Return the line where what a line gives stands already, 0 if that is not known."""
    *before, key = _keys(lines[:number])
    return before.index(key) + 1 if key and key in before else 0
