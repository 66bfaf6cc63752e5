"""What the headings of a table mean."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from peerplan.errors import InputError, Problem
from peerplan.tables.grid import column_letters
from peerplan.text import fold, with_hyphens

_SHOWN = 40  # characters of an unknown heading
_NEAR = 0.75  # of 1 is the same, by difflib
PERSONAL = re.compile(r"@|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")


class Cell(NamedTuple):
    """A text and where it stands."""

    text: str
    place: str


def match_headings(
    headings: Sequence[Cell], aliases: Mapping[str, str], *, in_sheet: bool = False
) -> tuple[tuple[str | None, ...], tuple[Problem, ...]]:
    """Return the key of each heading, None where it has none, and a problem for each heading that is not known.

    aliases maps every way to write a heading to its key.
    Case, white space, dashes and the two ways to write å don't matter. An unknown heading is a
    `table-heading-unknown`, or a `table-heading-misspelt` when a known one is near; the caller decides
    whether that is an error. A heading that looks like somebody's data is named by its column only. Where none is
    known, one problem says so, and whether the table may need another separator: not in_sheet, in one of a workbook.

    Raises:
        InputError: two headings mean the same.

    """
    keys_by_name = {fold(alias): key for alias, key in aliases.items()}
    written = {fold(alias): alias for alias in aliases}
    keys = tuple(keys_by_name.get(fold(with_hyphens(heading.text))) for heading in headings)
    if not any(keys):
        message = "table-headings-missing-in-sheet" if in_sheet else "table-headings-missing"
        return keys, (Problem(message, place=headings[0].place),)
    unknown = tuple(
        _unknown(heading, column, written)
        for column, (heading, key) in enumerate(zip(headings, keys, strict=True))
        if key is None and heading.text
    )
    if doubles := tuple(_doubles(headings, keys)):
        raise InputError(*doubles, *unknown)
    return keys, unknown


def _unknown(heading: Cell, column: int, written: Mapping[str, str]) -> Problem:
    shown = column_letters(column) if PERSONAL.search(heading.text) else " ".join(heading.text.split())[:_SHOWN]
    near = difflib.get_close_matches(fold(heading.text)[:_SHOWN], written, cutoff=_NEAR)
    if near:
        return Problem("table-heading-misspelt", {"heading": shown, "nearest": written[near[0]]}, heading.place)
    return Problem("table-heading-unknown", {"heading": shown}, heading.place)


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
