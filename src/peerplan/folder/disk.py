"""Files written so that each is old or new, never torn, whatever interrupts the writing."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path, PurePath
from typing import Self

from peerplan.errors import Problem, WriteError, reason

MANY = 20  # from here on, one flush of the whole disk costs less than one a file

# What Windows says while Word, a virus scanner or a sync program holds a file: access denied, sharing, locked.
_HELD = (5, 32, 33)
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between the attempts, 2.55 in all

Writes = Iterable[tuple[Path, bytes | None]]


class Staging:
    """Files and whole new folders, first all written under other names, then put in place in the order given.

    So a full disk changes nothing, and one flush of the disk is enough for many files.
    """

    def __init__(self) -> None:
        self._staged: list[tuple[Path, Path | None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _place, temporary in self._staged:
            if temporary:
                _discard(temporary)

    def add(self, writes: Writes) -> None:
        """Stage contents for their places; None will remove the file. A place may come twice.

        Raises:
            WriteError: naming the file.
        """
        for place, content in writes:
            with _explained(place):
                self._staged.append((place, None if content is None else _write_beside(place, content)))

    def add_folder(self, folder: Path, files: Mapping[str, bytes], *, private: bool = False, mark: str = "") -> Path:
        """Stage a folder that is not there yet, and return where; it will appear with all its files at once.

        private keeps it and the files to their owner; mark is part of the name that it has until then.

        Raises:
            WriteError: naming the folder.
        """
        with _explained(folder):
            temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".pp-{mark}", suffix=".tmp"))
            self._staged.append((folder, temporary))
            for inner in {PurePath(name).parent for name in files if "/" in name}:
                (temporary / inner).mkdir()
            for name, content in files.items():
                path = temporary / name
                path.write_bytes(content)
                if private:
                    path.chmod(0o600)
            if not private:
                temporary.chmod(0o777 & ~_umask())
        return temporary

    def put_in_place(self) -> None:
        """Replace the old by the new.

        Raises:
            WriteError: naming the file; what stood there before is intact.
        """
        with _explained(self._staged[0][0] if self._staged else Path()):
            _flush([temporary for _, temporary in self._staged if temporary])
        for place, temporary in self._staged:
            with _explained(place):
                if temporary is None:
                    place.unlink(missing_ok=True)
                    continue
                if not temporary.is_dir():
                    temporary.chmod(_mode(place))  # not before: what may only be read cannot be flushed
                replace_patiently(temporary, place)
        _flush_folders({place.parent for place, _ in self._staged})


def write_in_order(writes: Writes) -> None:
    """Put each content where it belongs, in the order given; None removes the file. A path may come twice.

    Raises:
        WriteError: naming the file; what stood there before is intact.
    """
    with Staging() as staging:
        staging.add(writes)
        staging.put_in_place()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into the folder, making it if need be.

    Raises:
        WriteError: naming the file; what stood there before is intact.
    """
    make_folder(folder)
    write_in_order((folder / name, content) for name, content in files.items())


def write_private_folder(folder: Path, files: Mapping[str, bytes], mark: str) -> None:
    """Make a new folder with files that only its owner can read; it appears with all of them at once.

    What an interrupted writing with the same mark left beside it is removed.

    Raises:
        WriteError: naming the folder.
    """
    make_folder(folder.parent)
    clean_leftovers(folder.parent, mark)
    with Staging() as staging:
        staging.add_folder(folder, files, private=True, mark=mark)
        staging.put_in_place()


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        WriteError: naming the folder.
    """
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)


def clean_leftovers(folder: Path, mark: str = "") -> None:
    """Remove what an interrupted writing left; only while nobody else writes here with this mark."""
    for path in folder.glob(f".pp-{mark}*.tmp"):
        _discard(path)


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
    """Write the content to a new file in the same folder."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pp-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(path: Path) -> int:
    """Return the mode the file has, or would have if it were made plainly: mkstemp makes private ones."""
    return path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _discard(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
        return
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Turn what the system says about a place into one line for a person."""
    try:
        yield
    except OSError as error:
        message = "file-is-held" if _is_held(error) else "cannot-write"
        raise WriteError(Problem(message, {"why": reason(error)}, str(place))) from None


def _flush(staged: list[Path]) -> None:
    files = (file for one in staged for file in (one.rglob("*") if one.is_dir() else [one]) if file.is_file())
    few = [*islice(files, MANY)]
    if len(few) == MANY and hasattr(os, "sync"):
        os.sync()
        return
    for path in (*few, *files):
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
            raise WriteError(Problem("written-not-confirmed", {"why": reason(error)}, str(folder))) from None
