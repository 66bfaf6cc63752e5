"""Files written so that each is old or new, never torn, whatever interrupts the writing."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from peerplan.errors import Problem, WriteError

TEMPORARY = ".pp-*.tmp"
MANY = 20  # from here on, one flush of the whole disk costs less than one a file

# What Windows says while Word, a virus scanner or a sync program holds a file: access denied, sharing, locked.
_HELD = (5, 32, 33)
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between the attempts, 2.55 in all

Writes = Iterable[tuple[Path, bytes | None]]


def write_in_order(writes: Writes) -> None:
    """Put each content where it belongs, in the order given; None removes the file. A path may come twice.

    Everything is on the disk under another name before the first file is replaced, so a full disk changes nothing.

    Raises:
        WriteError: naming the file; what stood there before is intact.
    """
    staged: list[tuple[Path, Path | None]] = []
    place = Path()
    try:
        for place, content in writes:
            staged.append((place, None if content is None else _write_beside(place, content)))
        _flush([temporary for _, temporary in staged if temporary])
        for place, temporary in staged:
            if temporary is None:
                place.unlink(missing_ok=True)
            else:
                replace_patiently(temporary, place)
    except OSError as error:
        message = "file-is-held" if _is_held(error) else "cannot-write"
        raise WriteError(Problem(message, {"why": error.strerror or error}, str(place))) from None
    finally:
        for _, temporary in staged:
            if temporary:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
    _flush_folders({place.parent for place, _ in staged})


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into the folder, making it if need be.

    Raises:
        WriteError: naming the file; what stood there before is intact.
    """
    make_folder(folder)
    write_in_order((folder / name, content) for name, content in files.items())


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        WriteError: naming the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(Problem("cannot-write", {"why": error.strerror or error}, str(folder))) from None


def clean_leftovers(folder: Path) -> None:
    """Remove what an interrupted writing left; only while nobody else writes here."""
    for path in folder.glob(TEMPORARY):
        with suppress(OSError):
            path.unlink()


def replace_patiently(
    temporary: Path,
    path: Path,
    replace: Callable[[Path, Path], object] = os.replace,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Rename over a file, again and again for 2.5 seconds while another program holds it.

    Raises:
        OSError: the last attempt's.
    """
    for wait in _WAITS:
        try:
            replace(temporary, path)
        except OSError as error:
            if not _is_held(error):
                raise
            sleep(wait)
        else:
            return
    replace(temporary, path)


def _is_held(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _HELD


def _write_beside(path: Path, content: bytes) -> Path:
    """Write the content to a new file in the same folder, with the mode that the file has or would get."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pp-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(_mode(path))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(path: Path) -> int:
    """The mode the file has, or would have if it were made plainly: mkstemp makes private ones."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _flush(files: list[Path]) -> None:
    if len(files) >= MANY and hasattr(os, "sync"):
        os.sync()
        return
    for path in files:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _flush_folders(folders: Iterable[Path]) -> None:
    """Make the new names last; Windows has no such call.

    Raises:
        WriteError: saying that the new files are there all the same.
    """
    if os.name == "nt":
        return
    for folder in folders:
        try:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise WriteError(Problem("written-not-confirmed", {"why": error.strerror}, str(folder))) from None
