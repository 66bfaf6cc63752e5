"""Of each row of a table whether its unit is to be written, in one byte, and what is wrong in the rows."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from peerplan.answers.keys import NAME
from peerplan.commands.batch.findings import Wrong, WrongCells
from peerplan.commands.batch.folders import Tokens, UnitFolders, UnitKey, token, unit_key
from peerplan.commands.batch.rows import UnitRow, Units
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.spool import LineSpool
from peerplan.commands.batch.staff import Staff
from peerplan.errors import Problem
from peerplan.folder.snapshot import Snapshot
from peerplan.plan.overview import UnitLine
from peerplan.tables import Row

_TO_CHECK, _UNCHANGED, _LEFT_OUT, _PLAIN, _LONG = range(5)


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong in the rows, and the folders of all units, of those that are left out too.

    `rows` has of each row of the table whether it is unchanged or left out, or else which of its two folders its unit
    has.
    """

    problems: WrongCells
    folders: Tokens
    rows: bytearray

    @property
    def count(self) -> int:
        """How many units are in the overview."""
        return len(self.rows) - self.rows.count(_LEFT_OUT)

    def jobs(self, units: Units) -> Iterator[tuple[Row, bool]]:
        """Give the rows to write, each with whether its unit has the longer of its two folders."""
        rows = zip(units.table.rows, self.rows, strict=True)
        return ((row, what == _LONG) for row, what in rows if what in (_PLAIN, _LONG))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The rows about whose units nothing has changed, as in a check, and the folders of these units."""

    rows: bytearray
    folders: "array[int]"

    @property
    def count(self) -> int:
        return len(self.folders)


def unchanged_rows(units: Units, folders: UnitFolders, seals: Seals, lines: LineSpool) -> Unchanged:
    """Find the rows that need not be looked at again, and put the lines of their units aside."""
    rows, names = bytearray(units.table.count), array("Q")
    if folders.twice or not folders.to.exists():
        return Unchanged(rows, names)
    for number, row in enumerate(units.table.rows):
        if not units.is_unit(row):
            continue
        read = units.read(row)
        if (line := _sealed(read, folders, seals)) and not any(units.identity_numbers(row)):
            lines.add(line)
            names.append(token(line.folder))
            rows[number] = _UNCHANGED
    return Unchanged(rows, names)


def _sealed(row: UnitRow, folders: UnitFolders, seals: Seals) -> UnitLine | None:
    """Return the line of a unit about which nothing has changed; most lie in the plain folder, which is read first.

    There a row without a workplace may have been sealed that was the only one of its name, and is no more.
    """
    unit = unit_key(row.given)
    is_sure = unit[1] or folders.is_only_one(unit)
    line = seals.line_of(row, Snapshot(folders.folder(unit, is_long=False))) if is_sure else None
    return line or seals.line_of(row, folders.choose(unit)[0])


def check_rows(units: Units, folders: UnitFolders, unchanged: Unchanged, staff: Staff) -> Check:
    """Look at all other rows before anything is written."""
    found, rows = WrongCells(), unchanged.rows[:]
    twice = _Twice(units, folders)
    names = unchanged.folders[:]
    numbers = (number for number, what in enumerate(unchanged.rows) if what == _TO_CHECK)
    to_check = (row for row, what in zip(units.table.rows, unchanged.rows, strict=True) if what == _TO_CHECK)
    for chunk, checked in staff.do("check", to_check):
        for row, one in zip(chunk, checked, strict=True):
            problems = (*one.problems, *twice.problems(row), *one.unused)
            found.add(*problems)
            if one.folder is not None:
                names.append(one.folder)
            left_out = problems or one.folder is None
            rows[next(numbers)] = _LEFT_OUT if left_out else _LONG if one.is_long else _PLAIN
    return Check(found, Tokens(names), rows)


class _Twice:
    """Finds the rows of units that are there already."""

    def __init__(self, units: Units, folders: UnitFolders) -> None:
        self.units = units
        self.folders = folders
        self._column = units.keys.index(NAME) if NAME in units.keys else 0
        self._first: dict[UnitKey, str] = {}

    def problems(self, row: Row) -> Iterator[Wrong]:
        """Give a problem that names both rows, if an earlier one has this unit."""
        if not self.folders.twice or not self.units.is_unit(row):
            return
        unit = self.units.unit(row)
        if token(repr(unit)) not in self.folders.twice:
            return
        place = self.units.place(row, NAME)
        if unit in self._first:
            yield Wrong(Problem("units-same", {"first": self._first[unit]}, place), self._column, place)
        else:
            self._first[unit] = place.rpartition(": ")[0]
