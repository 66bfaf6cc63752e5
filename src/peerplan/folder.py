"""A plan folder on disk. Every file is old or new, never torn, whatever interrupts the writing."""

import os
import re
import tempfile
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

from slugify import slugify

from peerplan.errors import Problem, WriteError

NAME_LIMIT = 60

# Names that Windows keeps for devices, with any ending.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def folder_name(unit_name: str) -> str:
    """A folder's name for a unit, valid on every system: "Avdelning 7 (Öst)" is avdelning-7-ost."""
    slug = slugify(unit_name, max_length=NAME_LIMIT)
    return f"unit-{slug}".rstrip("-") if not slug or _RESERVED.fullmatch(slug) else slug


def changed_files(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Which of the files stand in the folder with another content."""
    return [
        name for name, content in files.items() if (folder / name).is_file() and (folder / name).read_bytes() != content
    ]


def back_up(folder: Path, files: Mapping[str, bytes]) -> None:
    """Keep a copy of each file that is about to change: plan.md becomes plan.md.bak, then plan.md.2.bak.

    Raises:
        WriteError: naming the file.
    """
    for name in changed_files(folder, files):
        numbered = (f"{name}.{number}.bak" for number in count(2))
        copy = next(one for one in chain([f"{name}.bak"], numbered) if not os.path.lexists(folder / one))
        write_files(folder, {copy: (folder / name).read_bytes()})


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into the folder, making it if need be.

    Raises:
        WriteError: naming the file; what stood there before is intact.
    """
    place = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            place = folder / name
            _replace(place, content)
    except OSError as error:
        raise WriteError(Problem("cannot-write", {"why": error.strerror or error}, str(place))) from None


def _replace(path: Path, content: bytes) -> None:
    """Put the content in a file beside it and rename that: the rename is what makes it whole."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".pp-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The mode the file has, or would have if it were made plainly: mkstemp makes private ones."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
