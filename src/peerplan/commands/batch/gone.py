"""The plan folders whose units are no longer in the table."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from peerplan.answers.keys import NAME
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.batch.folders import Tokens, owner_of, token, unit_key
from peerplan.errors import Problem
from peerplan.folder.snapshot import Snapshot
from peerplan.plan.overview import UnitLine


def plan_folders_in(folder: Path) -> Iterator[str]:
    """Give the names of the plan folders in a folder, which need not be there."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if Path(entry.path, FILE_NAME).exists():
                yield entry.name


class Gone:
    """The plan folders in a folder that belong to no row of the table, and the new units of the same names."""

    def __init__(self, to: Path, folders: Tokens) -> None:
        self.to = to
        self._owners = {name: _name_of(to / name) for name in plan_folders_in(to) if token(name) not in folders}
        self._names = {name for name in self._owners.values() if name}
        self._new: dict[str, Path] = {}

    @property
    def folders(self) -> list[str]:
        return sorted(self._owners)

    def note_new(self, line: UnitLine) -> None:
        """Take note of a unit that is new."""
        if self._names and (name := unit_key({NAME: line.name})[0]) in self._names:
            self._new[name] = self.to / line.folder

    def same_name(self) -> Iterator[Problem]:
        """Warn of folders that lost their row while a unit of the same name is new: was the workplace put right?"""
        for folder in self.folders:
            if new := self._new.get(self._owners[folder]):
                yield Problem("batch-same-name", {"new": new}, str(self.to / folder))


def _name_of(folder: Path) -> str:
    owner = owner_of(Snapshot(folder))
    return owner[0] if owner else ""
