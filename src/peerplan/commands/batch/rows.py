"""A table of units -> a draft of answers for each row. Headings and values may be ids or labels, in any language."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from peerplan.answers.draft import Draft
from peerplan.answers.model import typed
from peerplan.answers.privacy import check_text
from peerplan.errors import InputError, Problem
from peerplan.guide.load import load_guide
from peerplan.guide.model import Fact, Guide, Kind
from peerplan.guide.tailoring import Profile, Words, fill, words_for
from peerplan.messages import languages
from peerplan.tables import Row, Table, as_date_text, match_headings

LANGUAGE = "language"
LANGUAGE_HEADINGS = ("language", "språk")

Given = dict[str, str]

_WHOLE = re.compile(r"(?<=\d)[.,]0+$")  # the end of 4.0, which is 4


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row: `given` holds the text of each answer by its key, with labels turned into ids; blanks are left out."""

    row: Row
    given: Given


@dataclass(frozen=True, slots=True)
class Units:
    """A table whose headings are understood; `keys` says what each column is, None for one that is not used.

    `guide` has the words for what is told of the table.
    """

    table: Table
    keys: tuple[str | None, ...]
    unused: tuple[Problem, ...]
    guide: Guide

    def __iter__(self) -> Iterator[UnitRow]:
        columns = [(column, key, _ids(key)) for column, key in enumerate(self.keys) if key]
        dates = {key for _, key, _ in columns if _kind(key) == "date"}
        numbers = {key for _, key, _ in columns if _kind(key) == "integer"}
        for row in self.table:
            given = {}
            for column, key, ids in columns:
                text = row.texts[column].strip()
                if text and key in dates:
                    given[key] = as_date_text(text, self.table.epoch)
                elif text:
                    given[key] = _WHOLE.sub("", text) if key in numbers else _as_ids(text, key, ids)
            yield UnitRow(row, given)

    def place(self, row: Row, key: str) -> str:
        """Where an answer stands, or the row if the table has no such column."""
        column = self.keys.index(key) if key in self.keys else None
        if column is None:
            return f"{self.table.place(row, 0).rpartition(': ')[0]}: {key}"
        return self.table.place(row, column)

    def identity_numbers(self) -> Iterator[tuple[Row, Problem]]:
        """The identity numbers in columns that are not used: they have no place in the table either."""
        unused = [column for column, key in enumerate(self.keys) if key is None]
        for row in self.table if unused else ():
            for column in unused:
                for found in check_text(row.texts[column], self.table.place(row, column)).certain:
                    yield row, found

    def in_words(self, problem: Problem, key: str) -> Problem:
        """A problem with the labels of the options, which a table holds, in the place of their ids."""
        labels = {id_: label for label, id_ in _values(key, self.guide)}
        values = dict(problem.values)
        for name in ("near", "choices"):
            if name in values:
                values[name] = ", ".join(labels.get(one, one) for one in str(values[name]).split(", "))
        return replace(problem, values=values)


def understand(table: Table, language: str) -> Units:
    """Find what the headings of a table mean; language is for what is told of it.

    Raises:
        InputError: for a heading that is misspelt or there twice, and for a column that no plan can do without.
    """
    guide = load_guide(language)
    matching = match_headings(table.headings, _headings())
    misspelt = [problem for problem in matching.unknown if problem.message == "table-heading-misspelt"]
    lacking = [fact for fact in guide.facts if fact.required and fact.key not in matching.keys]
    if misspelt or lacking:
        place = table.headings[0].place
        missing = (Problem("units-column-missing", {"heading": fact.label}, place) for fact in lacking)
        raise InputError(*misspelt, *missing, *(table.notices if lacking else ()))
    return Units(table, matching.keys, matching.unknown, guide)


def draft_of(given: Mapping[str, str]) -> Draft:
    """The answers of a row as answers.toml holds them."""
    return {key: typed(kind, text) if (kind := _kind(key)) else text for key, text in given.items()}


def changed_draft(draft: Draft, before: Mapping[str, str], now: Mapping[str, str]) -> Draft:
    """A folder's answers with what was changed in its row since the last time; the rest stays as it is there."""
    changed = draft | draft_of({key: text for key, text in now.items() if before.get(key) != text})
    emptied = draft_of({key: text for key, text in before.items() if key not in now})
    return {key: value for key, value in changed.items() if emptied.get(key) != value}


def _guides() -> Sequence[Guide]:
    return [load_guide(language) for language in languages()]


def _fact(key: str) -> Fact | None:
    return next((fact for fact in _guides()[0].facts if fact.key == key), None)


@cache
def _kind(key: str) -> Kind | None:
    fact = _fact(key)
    return fact.kind if fact else None


@cache
def _headings() -> dict[str, str]:
    """Every way to write a heading, and its key."""
    headings = dict.fromkeys(LANGUAGE_HEADINGS, LANGUAGE)
    for guide in _guides():
        for fact in guide.facts:
            headings |= {fact.column: fact.key, fact.label: fact.key}
        for item in guide.items:
            headings |= dict.fromkeys((item.id, item.label), f"{item.area}.{item.id}")
    return headings


@cache
def _ids(key: str) -> dict[str, str]:
    """Every way to write a value of a column, folded, and its id; empty for a column of free text."""
    known = [one for guide in _guides() for one in _values(key, guide)]
    return {_folded(way): id_ for label, id_ in known for way in (id_, label)}


def _values(key: str, guide: Guide) -> list[tuple[str, str]]:
    """The values of a column: the label and the id; a label with words that depend on the unit in each of its forms."""
    if key == LANGUAGE:
        return [(language.name, language.id) for language in guide.languages]
    if not (fact := _fact(key)):
        items = [item for item in guide.items if f"{item.area}.{item.id}" == key]
        return [(one.label, one.id) for item in items for one in guide.options_of(item)]
    choices = guide.fact(fact.key).choices
    return [(fill(choice, words).label, choice.id) for words in _all_words(guide) for choice in choices]


def _all_words(guide: Guide) -> list[Words]:
    """The words for each kind of unit, those for one that is not known last."""
    settings = [choice.id for choice in guide.fact("unit.setting").choices]
    return [words_for(guide, Profile(setting=setting)) for setting in (*settings, "")]


def _folded(text: str) -> str:
    """A text whatever its case, its blanks and the form of its letters."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _as_ids(text: str, key: str, ids: Mapping[str, str]) -> str:
    if not ids:
        return text
    parts = text.replace(";", ",").split(",") if _kind(key) == "choices" else [text]
    return ", ".join(ids.get(_folded(part), part.strip()) for part in parts)
