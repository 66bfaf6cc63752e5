"""Go through a whole table before anybody uses a row of it."""

from collections.abc import Iterator
from itertools import chain

from peerplan.errors import InputError, Problem
from peerplan.tables.grid import Flaw, Grid, Limits, Row, has_text


def check_grid(grid: Grid, limits: Limits) -> tuple[Row, int]:
    """Give the row of headings, without empty ones at the end, and how many rows under it hold a text.

    Raises:
        InputError: what is wrong, one problem for each column and kind; or nothing is there, or too much.

    """
    rows = filter(has_text, grid.rows())
    headings = next(rows, None)
    if headings is None:
        raise InputError(Problem("table-empty", place=grid.file), *grid.notices)
    _check_size(headings, grid, limits)
    headings = headings._replace(texts=headings.texts[: _width(headings)])
    flaws = {key: flaw for key, flaw in grid.flaws.items() if key[1] < len(headings.texts)}
    _note_flaws(headings, headings.texts, limits, flaws)
    count = 0
    first = next(rows, None)
    if first and sum(map(bool, headings.texts)) == 1 < sum(map(bool, first.texts)):
        raise InputError(Problem("table-title-row", place=grid.place(headings, _width(headings) - 1)))
    for row in chain([first] if first else [], rows):
        _check_size(row, grid, limits)
        _note_flaws(row, headings.texts, limits, flaws)
        count += 1
    if flaws:
        raise InputError(*_problems(flaws, grid, limits))
    if not count:
        raise InputError(Problem("table-no-rows", place=grid.file), *grid.notices)
    return headings, count


def _width(row: Row) -> int:
    return max((column for column, text in enumerate(row.texts, start=1) if text), default=0)


def _check_size(row: Row, grid: Grid, limits: Limits) -> None:
    if row.number > limits.rows:
        raise InputError(Problem("table-too-many-rows", {"limit": limits.rows}, grid.place(row, 0)))
    if len(row.texts) > limits.columns and _width(row) > limits.columns:
        place = grid.place(row, _width(row) - 1)
        raise InputError(Problem("table-too-many-columns", {"limit": limits.columns}, place))


def _note_flaws(row: Row, headings: tuple[str, ...], limits: Limits, flaws: dict[tuple[str, int], Flaw]) -> None:
    for column, text in enumerate(row.texts):
        if not text:
            continue
        if len(text) > limits.cell:
            message = "table-cell-too-long"
        elif column >= len(headings) or not headings[column]:
            message = "table-column-without-heading"
        else:
            continue
        first, cells = flaws.get((message, column), (row, 0))
        flaws[message, column] = Flaw(first, cells + 1)


def _problems(flaws: dict[tuple[str, int], Flaw], grid: Grid, limits: Limits) -> Iterator[Problem]:
    """Tell them from the top down, by letters: the headings may turn out to be a person's data."""
    for (message, column), flaw in sorted(flaws.items(), key=lambda item: (item[1].row.number, item[0][1])):
        values = {"cells": flaw.cells, "limit": limits.cell}
        yield Problem(message, values, grid.place(flaw.row, column))
