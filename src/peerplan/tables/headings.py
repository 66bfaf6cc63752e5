"""What the headings of a table mean."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from peerplan.errors import InputError, Problem
from peerplan.tables.grid import column_letters
from peerplan.text import fold, with_hyphens

_SHOWN = 40  # characters of an unknown heading
_NEAR = 0.75  # of 1 is the same, by difflib
_LONG = 5  # characters of a heading that tells something within another one: Start, not Tel
PERSONAL = re.compile(r"@|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")


class Cell(NamedTuple):
    """A text and where it stands."""

    text: str
    place: str


class KnownHeadings:
    """Ways to write a heading, compared as match_headings does."""

    def __init__(self, headings: Iterable[str]) -> None:
        self._known = frozenset(map(_plain, headings))

    def count(self, texts: Iterable[str]) -> int:
        """Return how many of some texts are headings."""
        return sum(bool(text) and _plain(text) in self._known for text in texts)


def match_headings(
    headings: Sequence[Cell],
    aliases: Mapping[str, str],
    *,
    also: Mapping[str, str] = MappingProxyType({}),
    in_sheet: bool = False,
) -> tuple[tuple[str | None, ...], tuple[Problem, ...]]:
    """Return the key of each heading, None where it has none, and a problem for each heading that is not used.

    aliases maps every way to write a heading to its key, and `also` the less strict ones, which give way to those.
    Case, white space, dashes and the two ways to write å don't matter. An unknown heading is a
    `table-heading-unknown`, or a `table-heading-misspelt` when one of the aliases is near; the caller decides
    whether that is an error. A heading that looks like somebody's data is named by its column only. Where none is
    known, one problem says so, and whether the table may need another separator: not in_sheet, in one of a workbook.

    Raises:
        InputError: two headings mean the same.

    """
    known = _Known(aliases, also)
    keys = tuple(known.key(heading.text) for heading in headings)
    if not any(keys):
        message = "table-headings-missing-in-sheet" if in_sheet else "table-headings-missing"
        return keys, (Problem(message, place=headings[0].place),)
    others = {
        key: heading for heading, key in zip(headings, keys, strict=True) if key and known.is_strict(heading.text)
    }
    gives_way = tuple(key in others and not known.is_strict(one.text) for one, key in zip(headings, keys, strict=True))
    unused = tuple(
        _other(heading, others[key]) if key else known.unknown(heading, column)
        for column, (heading, key) in enumerate(zip(headings, keys, strict=True))
        if heading.text and (key is None or gives_way[column])
    )
    keys = tuple(None if gives else key for gives, key in zip(gives_way, keys, strict=True))
    if doubles := tuple(_doubles(headings, keys)):
        raise InputError(*doubles, *unused)
    return keys, unused


class _Known:
    """The ways to write each heading, compared whatever their case."""

    def __init__(self, aliases: Mapping[str, str], also: Mapping[str, str]) -> None:
        self._strict = {_plain(way): key for way, key in aliases.items()}
        self._keys = {_plain(way): key for way, key in also.items()} | self._strict
        self._written = {_plain(way): way for way in (*also, *aliases)}
        self._suggests = bool(also)

    def key(self, text: str) -> str | None:
        return self._keys.get(_plain(text))

    def is_strict(self, text: str) -> bool:
        return _plain(text) in self._strict

    def unknown(self, heading: Cell, column: int) -> Problem:
        shown = {"heading": column_letters(column) if PERSONAL.search(heading.text) else _shown(heading)}
        text = _plain(heading.text)[:_SHOWN]
        if near := difflib.get_close_matches(text, self._strict, n=1, cutoff=_NEAR):
            return Problem("table-heading-misspelt", {**shown, "nearest": self._written[near[0]]}, heading.place)
        if near := self._suggestions(text):
            return Problem("table-heading-unknown-near", {**shown, "nearest": self._written[near[0]]}, heading.place)
        return Problem("table-heading-unknown", shown, heading.place)

    def _suggestions(self, text: str) -> list[str]:
        """Return the known heading that an unknown one has within it, the longest first, or else the nearest."""
        if not self._suggests:
            return []
        within = [way for way in self._keys if len(way) >= _LONG and re.search(rf"\b{re.escape(way)}\b", text)]
        return sorted(within, key=len, reverse=True) or difflib.get_close_matches(text, self._keys, n=1, cutoff=_NEAR)


def _plain(text: str) -> str:
    return fold(with_hyphens(text))


def _shown(heading: Cell) -> str:
    return " ".join(heading.text.split())[:_SHOWN]


def _other(heading: Cell, other: Cell) -> Problem:
    return Problem("table-heading-other", {"heading": _shown(heading), "other": _shown(other)}, heading.place)


def _doubles(headings: Sequence[Cell], keys: Sequence[str | None]) -> Iterator[Problem]:
    """Name both columns wherever two headings mean the same."""
    first: dict[str, int] = {}
    for column, key in enumerate(keys):
        if key is None:
            continue
        if key in first:
            columns = {"first": column_letters(first[key]), "second": column_letters(column)}
            written = " ".join(headings[first[key]].text.split())
            yield Problem("table-heading-twice", {"meaning": written, **columns}, headings[column].place)
        first.setdefault(key, column)
