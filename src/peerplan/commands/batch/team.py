"""Processes that work off chunks of rows for this one, which hands them out and takes the results in order.

They are started anew (spawn) everywhere: the progress bar has a thread, with which forking is not safe. Each has a pipe
of its own and ends when that is closed, so that none outlives this process.
"""

import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, cast

from peerplan.commands.batch.folders import UnitFolders
from peerplan.commands.batch.rows import Units
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.staff import Alone, Task, in_chunks
from peerplan.commands.batch.work import Worker
from peerplan.commands.making import PlanMaker
from peerplan.errors import PeerplanError, Problem, refused_by_system
from peerplan.guide.kit import Kit
from peerplan.messages import Messages
from peerplan.tables import Table

_READY = "ready"
_ENDED = (EOFError, OSError)  # what a pipe says whose other end is closed
_PATIENCE = 60  # seconds to wait for a process to finish its chunk
_AHEAD = 8  # chunks for each process that may be done before the one whose turn it is


@dataclass(frozen=True, slots=True)
class _SetUp:
    """What a process needs to know to work: nothing of it grows with the table but eight bytes a unit."""

    content: Path
    templates: Path
    messages: Path
    program: str
    as_of: date
    html: bool
    language: str
    kind: type[Units]
    table: Table
    keys: tuple[str | None, ...]
    folders: UnitFolders
    seals: Seals

    def worker(self) -> Worker:
        kit = Kit(Messages(self.messages, self.program), self.content, self.templates)
        units = self.kind.of(self.table, self.keys, kit, self.language)
        return Worker(PlanMaker(kit, self.as_of, html=self.html), units, self.folders, self.seals, self.language)


class Team:
    """Several processes that work at the same time."""

    def __init__(self, members: dict[Connection, SpawnProcess]) -> None:
        self._members = members
        self._alone: Alone | None = None

    @classmethod
    def start(cls, count: int) -> "Team | None":
        """Start processes, which load while this one goes on; None if the system does not let it."""
        context = get_context("spawn")
        team = cls({})
        try:
            with _interrupts_ignored():
                for _ in range(count):
                    ours, theirs = context.Pipe()
                    process = context.Process(target=serve, args=(theirs,), daemon=True)
                    process.start()
                    theirs.close()
                    team._members[ours] = process  # its own
        except (OSError, ImportError, RuntimeError):
            team.close()
            return None
        return team

    def set_up(self, maker: PlanMaker, units: Units, folders: UnitFolders, seals: Seals, language: str) -> None:
        kit = maker.kit
        set_up = _SetUp(
            kit.content,
            kit.templates,
            kit.messages.folder,
            kit.messages.program,
            maker.as_of,
            maker.html,
            language,
            type(units),
            units.table.without_rows(),
            units.keys,
            folders,
            seals,
        )
        try:
            for connection in self._members:
                connection.recv()
                connection.send(set_up)
        except _ENDED:  # a process could not be loaded, in some odd surroundings
            self.close()
            self._alone = Alone()
            self._alone.set_up(maker, units, folders, seals, language)

    def do(self, task: Task, rows: Iterable[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
        if self._alone:
            yield from self._alone.do(task, rows)
            return
        chunks = enumerate(in_chunks(rows))
        idle = list(self._members)
        at: dict[Connection, int] = {}
        given: dict[int, list[Any]] = {}
        done: dict[int, list[Any] | Exception] = {}
        turn = 0
        while True:
            while idle and len(given) < _AHEAD * len(self._members) and (chunk := next(chunks, None)):
                number, given[number] = chunk[0], chunk[1]
                at[idle[-1]] = number
                with _lost_if_ended():
                    idle.pop().send((task, chunk[1]))
            if turn in done:
                result = done.pop(turn)
                if isinstance(result, Exception):
                    raise result
                yield given.pop(turn), result
                turn += 1
            elif given:
                for one in wait([*at]):
                    connection = cast("Connection", one)
                    with _lost_if_ended():
                        done[at.pop(connection)] = connection.recv()
                    idle.append(connection)
            else:
                return

    def close(self) -> None:
        """Let all finish the chunks they are at; what they say of it is heard by nobody."""
        for connection in self._members:
            connection.close()
        for process in self._members.values():
            process.join(_PATIENCE)
            if process.is_alive():
                process.terminate()
        self._members = {}


def serve(connection: Connection) -> None:
    """Work off what comes through a pipe until it is closed; a result is a list, or the error there was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that leads decides what an interruption means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if not sys.warnoptions:  # as in cli.py
        warnings.simplefilter("ignore")
    with suppress(*_ENDED):
        connection.send(_READY)
        worker = connection.recv().worker()
        while True:
            task, rows = connection.recv()
            connection.send(_result(worker, task, rows))


def _result(worker: Worker, task: Task, rows: list[Any]) -> list[Any] | Exception:
    try:
        result: list[Any] = getattr(worker, task)(rows)
    except PeerplanError as error:
        return type(error)(*map(_portable, error.problems))
    except OSError as error:
        return refused_by_system(error)
    except Exception as error:  # noqa: BLE001 # a bug is told where bugs are told, with where it struck
        bug = RuntimeError(type(error).__name__)
        bug.add_note("".join(traceback.format_tb(error.__traceback__)))
        return bug
    return result


def _portable(problem: Problem) -> Problem:
    """Return a problem with nothing in it that cannot be sent to another process: an error becomes what it says."""
    values = {
        name: _portable(one) if isinstance(one, Problem) else one if isinstance(one, int) else str(one)
        for name, one in problem.values.items()
    }
    return replace(problem, values=values)


def _end_with_parent() -> None:
    """End at once when the process that leads is killed: the folder's lock is gone with it."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _lost_if_ended() -> Iterator[None]:
    try:
        yield
    except _ENDED:
        raise PeerplanError(Problem("process-lost")) from None


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach, not even while they load; only the main thread can do that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
