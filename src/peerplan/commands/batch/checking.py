"""What is wrong in a table, and of each row whether it can be written, in one byte."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from peerplan.answers.keys import NAME
from peerplan.commands.batch.findings import Findings
from peerplan.commands.batch.folders import Tokens, UnitFolders, UnitKey, token
from peerplan.commands.batch.rows import Units
from peerplan.commands.batch.staff import Staff
from peerplan.errors import Problem
from peerplan.tables import Row

_LEFT_OUT, _PLAIN, _LONG = range(3)


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong in the rows, and the folders of all units, of the others too.

    `rows` has of each row of the table whether it is left out, or else which of its two folders its unit has.
    """

    problems: Findings
    folders: Tokens
    rows: bytearray

    @property
    def count(self) -> int:
        """How many rows can be written."""
        return len(self.rows) - self.rows.count(_LEFT_OUT)

    def jobs(self, units: Units) -> Iterator[tuple[Row, bool]]:
        """Give the rows that can be written, each with whether its unit has the longer of its two folders."""
        rows = zip(units.table.rows, self.rows, strict=True)
        return ((row, folder == _LONG) for row, folder in rows if folder != _LEFT_OUT)


def check_rows(units: Units, folders: UnitFolders, staff: Staff) -> Check:
    """Look at all rows before anything is written."""
    found, rows = Findings(), bytearray()
    twice = _Twice(units, folders)
    names = array("Q")
    for chunk, checked in staff.do("check", units.table.rows):
        for row, one in zip(chunk, checked, strict=True):
            problems = (*one.problems, *twice.problems(row), *one.unused)
            found.add(*problems)
            if one.folder is not None:
                names.append(one.folder)
            left_out = problems or one.folder is None
            rows.append(_LEFT_OUT if left_out else _LONG if one.is_long else _PLAIN)
    return Check(found, Tokens(names), rows)


class _Twice:
    """Finds the rows of units that are there already."""

    def __init__(self, units: Units, folders: UnitFolders) -> None:
        self.units = units
        self.folders = folders
        self._first: dict[UnitKey, Row] = {}

    def problems(self, row: Row) -> Iterator[Problem]:
        """Give a problem that names both rows, if an earlier one has this unit."""
        if not self.folders.twice or self.units.is_example(row):
            return
        unit = self.units.unit(row)
        if token(repr(unit)) not in self.folders.twice:
            return
        if unit in self._first:
            first = self.units.place(self._first[unit], NAME).rpartition(": ")[0]
            yield Problem("units-same", {"first": first}, self.units.place(row, NAME))
        else:
            self._first[unit] = row._replace(texts=())
