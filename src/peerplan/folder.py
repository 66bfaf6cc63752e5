"""A plan folder on disk: its name, its lock, what is in it, and how it is renewed."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from filelock import FileLock, Timeout
from slugify import slugify

from peerplan.disk import Writes, clean_leftovers, make_folder
from peerplan.errors import FolderInUse, InputError, Problem, WriteError
from peerplan.record import Record
from peerplan.renewal import Renewal, offered_name

NAME_LIMIT = 60
MEMORY = ".peerplan"
RECORD = f"{MEMORY}/record.json"
PATIENCE = 3  # seconds to wait for another peerplan in the same folder

# Names that Windows keeps for devices, with any ending.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def folder_name(unit_name: str) -> str:
    """A folder's name for a unit, valid on every system: "Avdelning 7 (Öst)" is avdelning-7-ost."""
    slug = slugify(unit_name, max_length=NAME_LIMIT)
    return f"unit-{slug}".rstrip("-") if not slug or _RESERVED.fullmatch(slug) else slug


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a plan folder, which is made if need be, so that nobody else writes there; clean up after a crash.

    Raises:
        FolderInUse: if somebody else holds it for more than three seconds.
        WriteError: if the folder cannot be made or written in.
    """
    make_folder(folder / MEMORY)
    lock = FileLock(folder / MEMORY / "lock", timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise FolderInUse(Problem("folder-in-use", {}, str(folder))) from None
    except OSError as error:
        raise WriteError(Problem("cannot-write", {"why": error.strerror or error}, str(folder))) from None
    try:
        for place in (folder, folder / MEMORY):
            clean_leftovers(place)
        yield
    finally:
        lock.release()


def read_record(folder: Path) -> Record | None:
    """What the folder remembers, after a crash set right; None if it remembers nothing.

    Raises:
        InputError: if the record is not peerplan's.
    """
    path = folder / RECORD
    try:
        record = Record.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise InputError(Problem("record-wrong", {}, str(path))) from None
    standing = read_standing(folder, record.pending)
    return record.settled({name: standing.get(name) for name in record.pending})


def read_standing(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The content of those of the documents that are there, and of what was offered beside them.

    Raises:
        InputError: if one of them cannot be read.
    """
    standing = {}
    for name in chain.from_iterable((name, offered_name(name)) for name in names):
        path = folder / name
        try:
            standing[name] = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(Problem("cannot-read", {"why": error.strerror or error}, str(path))) from None
    return standing


def renewal_writes(folder: Path, renewal: Renewal, before: Record | None, others: Mapping[str, bytes]) -> Writes:
    """What has to be written for a renewal, in the order in which a crash does no harm; nothing if nothing changed.

    others are files that are no documents (answers.toml); a replaced document gets a backup first.

    Raises:
        WriteError: if a file is a link that leads out of the folder.
    """
    changed = {name: content for name, content in others.items() if not _stands(folder / name, content)}
    if not changed and not renewal.files and renewal.after == before:
        return []
    record = _within(folder, RECORD)
    return [
        (record, renewal.during.to_json().encode()),
        *((_within(folder, name), content) for name, content in backups(folder, renewal).items()),
        *((_within(folder, name), content) for name, content in {**changed, **renewal.files}.items()),
        (record, renewal.after.to_json().encode()),
    ]


def backups(folder: Path, renewal: Renewal) -> dict[str, bytes]:
    """A copy of each edited document that is replaced, by its name."""
    replaced = [(one.name, one.before) for one in renewal.documents if one.kind == "replaced"]
    return {backup_name(folder, name): content for name, content in replaced if content is not None}


def backup_name(folder: Path, name: str) -> str:
    """A name that is free for a copy: plan.md becomes plan.md.bak, then plan.md.2.bak."""
    names = chain([f"{name}.bak"], (f"{name}.{number}.bak" for number in count(2)))
    return next(one for one in names if not os.path.lexists(folder / one))


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _within(folder: Path, name: str) -> Path:
    """The file that a name stands for; a link is followed, but not out of the folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise WriteError(Problem("link-leads-out", {}, str(folder / name)))
    return path
