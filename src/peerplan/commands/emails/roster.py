"""A list of students -> whom to write to. It is read, never copied; no value of it gets into an error."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from peerplan.answers.email import not_an_email
from peerplan.answers.privacy import IdentityNumbers, Protection, check_text
from peerplan.documents.letters import written_address
from peerplan.errors import InputError, PrivacyError, Problem
from peerplan.guide.kit import Kit
from peerplan.tables import Row, Table, match_headings
from peerplan.text import fold, one_line

EMAIL, NAME, FIRST, LAST, LANGUAGE, GROUP = "email", "name", "first-name", "last-name", "language", "group"
PROTECTED, REMARK, IDENTITY = "protected", "remark", "identity"
PROTECTED_ROW = "roster-protected"  # the message
NAME_LIMIT = 100  # characters
MOST_CELLS = 200_000  # each is looked through: 10,000 students with 20 columns

_AFTER_A_NAME = re.compile(r"[^<>@]*<([^<>]+)>;?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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


class RosterWords:
    """The words by which a roster is read, in any of the languages; the address alone tells students apart."""

    def __init__(self, kit: Kit) -> None:
        self.languages = kit.languages
        self.protection = Protection(kit.words("privacy")["protected"])
        words = kit.words("roster")
        self.headings = {alias: key for key, names in words["columns"].items() for alias in (key, *names)}
        # A kind of which there may be several columns gets a number too.
        for key, names in {**words["searched"], **words["unwanted"]}.items():
            self.headings |= {alias: f"{key}:{number}" for number, alias in enumerate(names)}
        records = kit.guides[0].languages
        self._languages = {fold(name): one.id for one in records for name in (one.id, one.name, *one.names)}

    def language(self, text: str) -> str | None:
        """Return the id of a language, "" for an empty cell, None if there is no such language."""
        return self._languages.get(fold(text)) if text.strip() else ""

    def is_protected(self, row: Row, marks: Iterable[int]) -> bool:
        """Tell whether a row says that an identity is protected, in a column of marks or anywhere."""
        marked = any(self.protection.is_marked(row.texts[column]) for column in marks)
        return marked or any(map(self.protection.is_mentioned, row.texts))


def read_roster(table: Table, words: RosterWords) -> Roster:
    """Return the readers of letters that stand in a table's rows. Columns that are not needed are named, and not used.

    Every cell is looked through for identity numbers and for words that say that an identity is protected: a heading
    that nobody thought of must not hide them.

    Raises:
        PrivacyError: if there are identity numbers, or a column for them, with the place of each.
        InputError: for everything else that is wrong, with its place.
    """
    if (cells := table.count * len(table.headings)) > MOST_CELLS:
        raise InputError(Problem("roster-too-large", {"cells": cells, "limit": MOST_CELLS}, table.headings[0].place))
    if certain := [problem for heading in table.headings for problem in check_text(*heading).certain]:
        raise PrivacyError(*certain)
    columns, kinds, unused = _columns(table, words)
    marks = [column for column, kind in kinds if kind == PROTECTED]
    findings = list(_identity_numbers(table))
    if certain := [problem for _, found in findings for problem in found.certain]:
        raise PrivacyError(*certain)
    protected: list[Row] = []
    others: list[Row] = []
    for row in table.rows:
        (protected if words.is_protected(row, marks) else others).append(row)
    if problems := list(_problems(table, others, protected, columns, words)):
        raise InputError(*problems)
    read = {*columns.values(), *(column for column, _ in kinds)}  # a telephone number elsewhere is no false alarm
    notices = [problem for column, found in findings if column in read for problem in found.doubtful]
    notices += [Problem("roster-column-unused", {}, place) for place in unused]
    return Roster(
        tuple(_student(row, columns, words) for row in others),
        tuple(_places(table, protected, columns)),
        (*table.notices, *notices),
    )


def _identity_numbers(table: Table) -> Iterator[tuple[int, IdentityNumbers]]:
    for row in table.rows:
        for column, text in enumerate(row.texts):
            if any(check_text(text, "")):
                yield column, check_text(text, table.place(row, column))


def _columns(table: Table, words: RosterWords) -> tuple[dict[str, int], list[tuple[int, str]], list[str]]:
    """Give the columns that are used, those for marks and remarks with their kind, and the places of unused headings.

    A heading that is nearly something missing is an error: a slip must not hide that an identity is protected. One that
    asks for it in words of its own ("Har studenten skyddad identitet?") is a column of marks.
    """
    keys, unknown = match_headings(table.headings, words.headings, in_sheet=table.in_sheet)
    columns = {key: column for column, key in enumerate(keys) if key and ":" not in key}
    kinds = [(column, key.partition(":")[0]) for column, key in enumerate(keys) if key and ":" in key]
    if identity := [table.headings[column].place for column, kind in kinds if kind == IDENTITY]:
        raise PrivacyError(*(Problem("roster-identity-column", {}, place) for place in identity))
    asks = {
        heading.place: column
        for column, heading in enumerate(table.headings)
        if keys[column] is None and words.protection.is_mentioned(heading.text)
    }
    kinds += [(column, PROTECTED) for column in asks.values()]
    wrong, unused = [], []
    for problem in (one for one in unknown if one.place not in asks):
        meant = words.headings.get(str(problem.values.get("nearest", "")), "").partition(":")[0]
        if not any(keys) or (meant and meant not in (*columns, IDENTITY, REMARK)):
            wrong.append(problem)
        else:
            unused.append(problem.place)
    if EMAIL not in columns:
        wrong.append(Problem("roster-no-email", {}, table.headings[0].place))
    if wrong:
        raise InputError(*wrong)
    return columns, kinds, unused


def _places(table: Table, rows: Iterable[Row], columns: Mapping[str, int]) -> Iterator[str]:
    for row in rows:
        yield table.place(row, columns[EMAIL]).rpartition(": ")[0]


def _problems(
    table: Table, rows: list[Row], protected: list[Row], columns: Mapping[str, int], words: RosterWords
) -> Iterator[Problem]:
    if not rows:
        none = [Problem(PROTECTED_ROW, {}, place) for place in _places(table, protected, columns)]
        yield from none or [Problem("roster-empty", {}, table.headings[0].place)]
    # Protected rows count, so that a second row without the mark makes no draft for the same person.
    counts = Counter(_folded_address(_address(row, columns)) for row in (*rows, *protected))
    for row in rows:
        email = _address(row, columns)
        place = table.place(row, columns[EMAIL])
        if not written_address(email):
            yield replace(not_an_email(email), place=place) if email else Problem("missing", {}, place)
        elif counts[_folded_address(email)] > 1:
            yield Problem("roster-twice", {}, place)
        for key in [key for key in (NAME, FIRST, LAST) if key in columns]:
            yield from _name_problems(row.texts[columns[key]], table.place(row, columns[key]))
        if LANGUAGE in columns and words.language(row.texts[columns[LANGUAGE]]) is None:
            yield Problem(
                "roster-language", {"choices": ", ".join(words.languages)}, table.place(row, columns[LANGUAGE])
            )


def _name_problems(text: str, place: str) -> Iterator[Problem]:
    if _CONTROL.search(text):
        yield Problem("line-break", {}, place)
    if len(text) > NAME_LIMIT:
        yield Problem("too-long", {"length": len(text), "limit": NAME_LIMIT}, place)


def _address(row: Row, columns: Mapping[str, int]) -> str:
    """Return the address in a row, without the name that Outlook copies with it: Anna Ek <anna@ki.example>."""
    text = row.texts[columns[EMAIL]]
    found = _AFTER_A_NAME.fullmatch(text)
    return found[1] if found else text


def _folded_address(text: str) -> str:
    return (written_address(text) or text).casefold()


def _spoken(name: str) -> str:
    """Return a name as it is said: "Svensson, Anna" is Anna Svensson."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def _student(row: Row, columns: Mapping[str, int], words: RosterWords) -> Student:
    def text(key: str) -> str:
        return one_line(row.texts[columns[key]]) if key in columns else ""

    name = text(FIRST) or _spoken(text(NAME)) or text(LAST)
    email = written_address(_address(row, columns)) or ""
    return Student(name, email, words.language(text(LANGUAGE)) or "", text(GROUP))
