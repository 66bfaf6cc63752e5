"""A folder of answers files, as the form gives them: each is the row of a unit, whatever it is called."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from peerplan.answers.draft import EVERYWHERE, NOT_ANSWERED
from peerplan.answers.toml import read_answers
from peerplan.commands.batch.findings import Wrong
from peerplan.commands.batch.folders import UnitKey, unit_key
from peerplan.commands.batch.rows import UnitRow, Units
from peerplan.errors import InputError, Problem, reason
from peerplan.guide.kit import Kit
from peerplan.tables import Row, Table
from peerplan.tables.grid import Grid

SUFFIX = ".toml"
SHOWN = 5  # names of what was left out


class _Files(Table):
    """A folder as a table: its file is the folder, and each row holds the name of a file there."""

    @property
    def rows(self) -> Iterator[Row]:
        return iter(self.grid.rows())


class AnswerFiles(Units):
    """Files of answers. Each is read anew whenever its row is, so that none of many is held."""

    def why_no_unit(self, row: Row) -> str:  # noqa: ARG002 # each file is one
        return ""

    def read(self, row: Row) -> UnitRow:
        try:
            read = read_answers(self._path(row))
        except InputError as error:
            return UnitRow(row, {}, frozenset(), problems=error.problems)
        answers = self.ways.read(read.draft)
        given = {key: value for key, value in answers.items() if value not in NOT_ANSWERED}
        passed = {key: value for key, value in answers.items() if key not in given}
        return UnitRow(row, given, frozenset(answers), passed)

    def unit(self, row: Row) -> UnitKey:
        return unit_key(self.read(row).given)

    def place(self, row: Row, key: str) -> str:
        """Say where an answer stands: the line of its file, or the file if it has none."""
        try:
            places: Mapping[str, str] = read_answers(self._path(row)).places
        except InputError:
            places = {}
        return f"{places.get(key, places.get(EVERYWHERE, self._path(row)))}: {key}"

    def placed(self, problem: Problem, key: str, row: Row) -> Problem:
        return problem if problem.place else replace(problem, place=self.place(row, key))

    def wrong(self, problem: Problem, key: str, row: Row) -> Wrong:
        """Return what is wrong in a file; each answer is told."""
        placed = self.placed(problem, key, row)
        return Wrong(placed, 0, repr(placed))

    def identity_numbers(self, row: Row) -> Iterator[Wrong]:  # noqa: ARG002 # every value is an answer
        return iter(())

    def _path(self, row: Row) -> Path:
        return Path(self.table.grid.file, row.texts[0])


def answer_files(folder: Path, kit: Kit, language: str) -> AnswerFiles:
    """Find the files of answers in a folder; language is for those that name none.

    Raises:
        InputError: if there are none, or the folder cannot be read.
    """
    try:
        seen = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(Problem("cannot-read", {"why": reason(error)}, str(folder))) from None
    files = [path for path in seen if path.suffix.lower() == SUFFIX and path.is_file()]
    folders = [path for path in seen if path.is_dir()]
    with_answers = [path for path in folders if any(path.glob(f"*{SUFFIX}"))]
    others = [path.name for path in seen if path in with_answers or path not in (*files, *folders)]
    if not files:
        raise InputError(Problem("answers-folder-none", {}, str(folder)))
    rows = tuple(Row(number, number, (path.name,)) for number, path in enumerate(files, 1))
    table = _Files((), len(rows), Grid(str(folder), rows=lambda: rows, notices=tuple(_left_out(others, folder))))
    return AnswerFiles.of(table, (), kit, language)


def _left_out(names: list[str], folder: Path) -> Iterator[Problem]:
    if names:
        shown = [*names[:SHOWN], *(["…"] if names[SHOWN:] else [])]
        yield Problem("answers-folder-others", {"names": ", ".join(shown)}, str(folder))
