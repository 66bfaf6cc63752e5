"""What tells that nothing has changed about a unit since its folder was made, or was last found to be the same.

A seal lies in the unit's folder: its line in the overview, and a checksum of all that decides what becomes of the
folder. That is the program with its content and templates, the day, what the row gives, and every file in the folder.
Where a seal does not hold, the folder is read; so nothing depends on it but the time that takes.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from peerplan.answers.keys import COORDINATOR
from peerplan.commands.batch.rows import UnitRow
from peerplan.commands.making import PlanMaker
from peerplan.errors import InputError
from peerplan.folder.record import MEMORY, RECORD
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.kit import Kit
from peerplan.plan.overview import UnitLine

SEAL = f"{MEMORY}/seal.json"
LARGEST = 1_000_000  # bytes of a file; where a larger one lies, there is no seal

_PROGRAM = Path(__file__).parents[2]
_LIBRARIES = ("holidays", "jinja2", "markdown-it-py")  # whose other versions may write otherwise


@dataclass(frozen=True, slots=True)
class Seal:
    """A unit's line without its coordinator, whose name is in the answers only, and the checksum."""

    line: UnitLine
    checksum: str


@dataclass(frozen=True, slots=True)
class Seals:
    """Makes and reads the seals of one run; `run` is what tells that run from others."""

    run: bytes

    @classmethod
    def of(cls, maker: PlanMaker) -> Self:
        return cls(_digest(_program(maker.kit)) + repr((maker.as_of, maker.html)).encode())

    def line_of(self, row: UnitRow, snapshot: Snapshot) -> UnitLine | None:
        """Return the line of a unit about which nothing has changed, None if something has, or may have."""
        with suppress(InputError, ValidationError):
            seal = _adapter().validate_json(snapshot.content(SEAL) or b"")
            files = files_in(snapshot)
            if files is None:
                return None
            for coordinator in _coordinators(row, snapshot):
                line = replace(seal.line, coordinator=coordinator)
                if self._checksum(row, files, line) == seal.checksum:
                    return line
        return None

    def put(self, folder: Path, row: UnitRow, line: UnitLine, files: Mapping[str, bytes | None]) -> None:
        """Seal a folder, which may still go by another name; files are what will be in it, None for what will not."""
        seal = Seal(replace(line, coordinator=""), self._checksum(row, files, line))
        write_seal(folder, _adapter().dump_json(seal))

    def _checksum(self, row: UnitRow, files: Mapping[str, bytes | None], line: UnitLine) -> str:
        return self.checksum(files, (sorted(row.given.items()), sorted(row.asked), line))

    def checksum(self, files: Mapping[str, bytes | None], said: object) -> str:
        """Return what tells whether a run finds the same files and has the same to say; said is read by its repr."""
        contents = {"run": self.run, "files": _digest(files), "said": repr(said).encode(errors="surrogatepass")}
        return _digest(contents).hex()


def _coordinators(row: UnitRow, snapshot: Snapshot) -> Iterator[str]:
    """Give who may coordinate a unit: first whom the row names, for it takes long to read the answers."""
    yield str(row.given.get(COORDINATOR, ""))
    yield str(snapshot.answers.draft.get(COORDINATOR, ""))


def write_seal(folder: Path, content: bytes) -> None:
    """Write the seal of a folder, if that can be: without it a run takes longer, and a torn one does not hold.

    Nothing is followed or waited for that lies in its place.
    """
    path = folder / SEAL
    with suppress(OSError):
        if path.is_file() or not path.exists():
            path.unlink(missing_ok=True)
            path.write_bytes(content)


def files_in(snapshot: Snapshot) -> dict[str, bytes | None] | None:
    """Return the files of a plan folder by their names, None where one is too large or cannot be read.

    A folder in it has its name only, and its memory the record.
    """
    files: dict[str, bytes | None] = {}
    with suppress(OSError, InputError):
        with os.scandir(snapshot.folder) as entries:
            found = [(one.name, one.is_dir(), one.stat().st_size) for one in entries if one.name != MEMORY]
        if all(size <= LARGEST for _, is_folder, size in found if not is_folder):
            for name, is_folder, _ in [*found, (RECORD, False, 0)]:
                files[name] = b"" if is_folder else snapshot.content(name)
            return files
    return None


def _digest(contents: Mapping[str, bytes | None]) -> bytes:
    digest = blake2b(digest_size=16)
    for name, content in sorted(contents.items()):
        if content is not None:
            digest.update(repr((name, len(content))).encode(errors="surrogatepass"))
            digest.update(content)
    return digest.digest()


@cache
def _adapter() -> TypeAdapter[Seal]:
    return TypeAdapter(Seal)


def _program(kit: Kit) -> dict[str, bytes]:
    """Return what makes the documents, by name: this program, its content and templates, and versions of libraries."""
    versions = {library: _version(library).encode() for library in _LIBRARIES}
    tops = (_PROGRAM, kit.content, kit.templates, kit.messages.folder)
    return versions | {f"{number}/{name}": content for number, top in enumerate(tops) for name, content in _files(top)}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # a program packed into one file, whose libraries change with it
        return ""


def _files(top: Path) -> Iterator[tuple[str, bytes]]:
    """Give the files below a folder, without what Python and prepared.py keep there."""
    for folder, _, names in os.walk(top):
        if Path(folder).name != "__pycache__":
            paths = (Path(folder, name) for name in names)
            yield from ((path.relative_to(top).as_posix(), path.read_bytes()) for path in paths)
