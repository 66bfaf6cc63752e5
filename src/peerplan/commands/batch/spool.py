"""The lines of an overview in the order of attention, on the disk where they are many."""

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import IO
from weakref import finalize

from peerplan.errors import Problem, WriteError, reason
from peerplan.plan.overview import STANDINGS, Overview, UnitLine

RUN = 2_000  # lines that are sorted in memory, a kilobyte each
_BLOCK = 50  # lines that are read at once, of each run


class LineSpool:
    """Takes lines in any order and gives them, as often as wanted, in that of attention.

    Beyond the first RUN they lie, sorted in runs, in a file without a name, which is gone when this is.
    """

    def __init__(self, run: int = RUN) -> None:
        self._run = run
        self._lines: list[UnitLine] = []
        self._runs: list[tuple[int, int]] = []  # where each begins and ends in the file
        self._file: IO[bytes] | None = None
        self._standings: Counter[str] = Counter()
        self._late = 0

    def add(self, line: UnitLine) -> None:
        """Take a line.

        Raises:
            WriteError: if there is no room for temporary files.
        """
        self._standings[line.standing] += 1
        self._late += bool(line.late)
        self._lines.append(line)
        if len(self._lines) >= self._run:
            try:
                self._put_aside()
            except OSError as error:
                raise WriteError(Problem("cannot-write", {"why": reason(error)}, tempfile.gettempdir())) from None

    def overview(self) -> Overview:
        self._lines.sort(key=UnitLine.attention)
        return Overview(self, {one: self._standings[one] for one in STANDINGS}, self._late)

    def __len__(self) -> int:
        return self._standings.total()

    def __iter__(self) -> Iterator[UnitLine]:
        return merge(self._lines, *map(self._read, self._runs), key=UnitLine.attention)

    def _put_aside(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="peerplan-")  # noqa: SIM115 # it lasts as long as this
            finalize(self, self._file.close)
        begin = self._file.seek(0, 2)
        lines = iter(sorted(self._lines, key=UnitLine.attention))
        while block := list(islice(lines, _BLOCK)):
            pickle.dump(block, self._file)
        self._runs.append((begin, self._file.tell()))
        self._lines.clear()

    def _read(self, run: tuple[int, int]) -> Iterator[UnitLine]:
        at, end = run
        while self._file and at < end:
            self._file.seek(at)
            block: list[UnitLine] = pickle.load(self._file)  # noqa: S301 # this process wrote it
            at = self._file.tell()
            yield from block
