"""What is found in many rows: the first of it, and how much more there is."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import NamedTuple

from peerplan.answers.privacy import IDENTITY_NUMBER
from peerplan.errors import AND_MORE, Problem

MOST = 200  # of one kind: nobody reads on, and what is kept of a long table stays small


class Findings:
    """Problems of one kind, of which the first ones are kept and the rest is counted."""

    def __init__(self) -> None:
        self._first: list[Problem] = []
        self.count = 0

    def add(self, *problems: Problem) -> None:
        for problem in problems:
            if len(self._first) < MOST:
                self._first.append(problem)
            self.count += 1

    def __iter__(self) -> Iterator[Problem]:
        """Give the first ones, and one that tells how many more there are."""
        yield from self._first
        if more := self.count - len(self._first):
            yield Problem(AND_MORE, {"count": more})


class Wrong(NamedTuple):
    """What is wrong in a cell, and in which column it stands; what is alike in two of these is told once."""

    problem: Problem
    column: int
    alike: Hashable


class WrongCells:
    """What is wrong in the cells of a table: once for each text of a column, of which the first ones are kept."""

    def __init__(self) -> None:
        self._first: dict[Hashable, Wrong] = {}
        self._counts: dict[Hashable, int] = {}
        self.count = 0

    def add(self, *cells: Wrong) -> None:
        for cell in cells:
            self.count += 1
            if cell.alike in self._first:
                self._counts[cell.alike] += 1
            elif len(self._first) < MOST or self._weighs_most(cell):
                self._first[cell.alike] = cell
                self._counts[cell.alike] = 1

    def _weighs_most(self, cell: Wrong) -> bool:
        """Tell whether a cell has the first identity number, on which the exit code depends."""
        is_one = cell.problem.message == IDENTITY_NUMBER
        return is_one and all(one.problem.message != IDENTITY_NUMBER for one in self._first.values())

    def __iter__(self) -> Iterator[Problem]:
        """Give the first ones in the order of the columns, and one that counts the cells in which there are others."""
        for alike, cell in sorted(self._first.items(), key=lambda one: one[1].column):
            yield replace(cell.problem, cells=self._counts[alike])
        if more := self.count - sum(self._counts.values()):
            yield Problem(AND_MORE, {"count": more})
