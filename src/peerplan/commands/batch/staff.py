"""Who works off the rows of a table, chunk by chunk: this process alone, or several with this one to lead them."""

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Literal, Protocol, TypeVar

from peerplan.commands.batch.folders import UnitFolders
from peerplan.commands.batch.rows import Units
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.work import Worker
from peerplan.commands.making import PlanMaker

CHUNK = 64  # units for which the disk is flushed once
FEWEST = 200  # units for which other processes pay: each takes most of a second to load what it needs
MOST_PROCESSES = 8  # each takes 80 MB, and more could not be led faster than they work

Task = Literal["check", "write", "preview"]  # methods of a Worker
T = TypeVar("T")


class Staff(Protocol):
    """Does tasks on rows."""

    def set_up(self, maker: PlanMaker, units: Units, folders: UnitFolders, seals: Seals, language: str) -> None:
        """Say what is to be worked on, once and first."""
        ...

    def do(self, task: Task, rows: Iterable[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
        """Yield each chunk of the rows, in their order, with what its task gave.

        Raises:
            PeerplanError: what a task raised, when it is the turn of its chunk.
        """
        ...

    def close(self) -> None:
        """Let all finish what they are at, and no more."""
        ...


class Alone:
    """Works in this process."""

    def set_up(self, maker: PlanMaker, units: Units, folders: UnitFolders, seals: Seals, language: str) -> None:
        self._worker = Worker(maker, units, folders, seals, language)

    def do(self, task: Task, rows: Iterable[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
        work = getattr(self._worker, task)
        return ((chunk, work(chunk)) for chunk in in_chunks(rows))

    def close(self) -> None:
        pass


def in_chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def staff_for(units: int, processes: int | None = None) -> Staff:
    """Return who works on so many units: several processes where that pays and the system has them."""
    count = min(_cores(), MOST_PROCESSES) if processes is None and units >= FEWEST else processes or 1
    if count == 1 or getattr(sys, "frozen", False) or not sys.executable:  # no Python that could be started again
        return Alone()
    try:
        from peerplan.commands.batch.team import Team  # a browser has no processes to import
    except ImportError:
        return Alone()
    return Team.start(count) or Alone()


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
