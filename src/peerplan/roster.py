"""A list of students -> whom to write to. It is read, never copied; no value of it gets into an error."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from peerplan.errors import InputError, PrivacyError, Problem
from peerplan.markdown import flatten
from peerplan.messages import CONTENT, languages
from peerplan.privacy import check_text, is_marked, mentions_protection
from peerplan.tables import Row, Table, match_headings

EMAIL, NAME, FIRST, LAST, LANGUAGE, GROUP = "email", "name", "first-name", "last-name", "language", "group"
PROTECTED, REMARK, IDENTITY = "protected", "remark", "identity"


@dataclass(frozen=True, slots=True)
class Student:
    """Whom one letter goes to. `language` is empty where the list names none."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str = ""
    group: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """The students; the places of rows whose identity is protected; what the person should know."""

    students: tuple[Student, ...]
    protected: tuple[str, ...]
    notices: tuple[Problem, ...]


def read_roster(table: Table) -> Roster:
    """Make letters' readers of a table's rows. Columns that are not needed are named, and not read.

    Raises:
        PrivacyError: if there are identity numbers, or a column for them, with the place of each.
        InputError: for everything else that is wrong, with its place.
    """
    keys = _keys(table)
    columns = {key: column for column, key in enumerate(keys) if key and ":" not in key}
    searched = [(column, key.partition(":")[0]) for column, key in enumerate(keys) if key and ":" in key]
    if any(kind == IDENTITY for _, kind in searched):
        places = [table.headings[column].place for column, kind in searched if kind == IDENTITY]
        raise PrivacyError(*(Problem("roster-identity-column", {}, place) for place in places))
    if EMAIL not in columns:
        raise InputError(Problem("roster-no-email", {}, table.headings[0].place))
    protected, rows = _sorted_out(table, columns, searched)
    notices = _refuse_numbers(table, rows, columns)
    problems = list(_problems(table, rows, columns))
    if problems:
        raise InputError(*problems)
    unused = [heading for heading, key in zip(table.headings, keys, strict=True) if heading.text and key is None]
    notices += [Problem("roster-column-unused", {}, heading.place) for heading in unused]
    return Roster(tuple(_student(row, columns) for row in rows), tuple(protected), (*table.notices, *notices))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((CONTENT / "roster.toml").read_text(encoding="utf-8"))


def _keys(table: Table) -> tuple[str | None, ...]:
    """What each column holds; a kind of which there may be several columns gets the heading's number too."""
    words = _words()
    aliases = {alias: key for key, names in words["columns"].items() for alias in (key, *names)}
    many = {**words["searched"], **words["unwanted"]}
    aliases |= {alias: f"{key}:{number}" for key, names in many.items() for number, alias in enumerate(names)}
    return match_headings(table.headings, aliases).keys


def _sorted_out(
    table: Table, columns: Mapping[str, int], searched: list[tuple[int, str]]
) -> tuple[list[str], list[Row]]:
    """The places of the rows of protected identities, and the other rows."""
    protected, rows = [], []
    for row in table:
        marked = any(kind == PROTECTED and is_marked(row.texts[column]) for column, kind in searched)
        looked_at = [*columns.values(), *(column for column, _ in searched)]
        if marked or any(mentions_protection(row.texts[column]) for column in looked_at):
            protected.append(table.place(row, columns[EMAIL]).rpartition(": ")[0])
        else:
            rows.append(row)
    return protected, rows


def _refuse_numbers(table: Table, rows: list[Row], columns: Mapping[str, int]) -> list[Problem]:
    """Refuse identity numbers in what is read; give those that may be some."""
    findings = [check_text(row.texts[column], table.place(row, column)) for row in rows for column in columns.values()]
    if certain := [problem for found in findings for problem in found.certain]:
        raise PrivacyError(*certain)
    return [problem for found in findings for problem in found.doubtful]


def _problems(table: Table, rows: list[Row], columns: Mapping[str, int]) -> Iterator[Problem]:
    counts = Counter(row.texts[columns[EMAIL]].strip().casefold() for row in rows)
    if not rows:
        yield Problem("roster-empty", {}, table.headings[0].place)
    for row in rows:
        email = row.texts[columns[EMAIL]].strip()
        place = table.place(row, columns[EMAIL])
        if not email or not _is_address(email):
            yield Problem("not-an-email" if email else "missing", {}, place)
        elif counts[email.casefold()] > 1:
            yield Problem("roster-twice", {}, place)
        if LANGUAGE in columns and _language(row.texts[columns[LANGUAGE]]) is None:
            yield Problem("roster-language", {"choices": ", ".join(languages())}, table.place(row, columns[LANGUAGE]))


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _language(text: str) -> str | None:
    """The id of a language, "" for an empty cell, None if there is no such language."""
    folded = " ".join(text.casefold().split())
    names = {name.casefold(): key for key, aliases in _words()["languages"].items() for name in (key, *aliases)}
    return names.get(folded) if folded else ""


def _student(row: Row, columns: Mapping[str, int]) -> Student:
    def text(key: str) -> str:
        return flatten(row.texts[columns[key]]) if key in columns else ""

    name = text(NAME) or f"{text(FIRST)} {text(LAST)}".strip()
    return Student(name, text(EMAIL), _language(text(LANGUAGE)) or "", text(GROUP))
