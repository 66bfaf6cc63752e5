"""A plan folder on disk: its name, its lock, and the order in which it is written."""

import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from peerplan.answers.toml import FILE_NAME as ANSWERS
from peerplan.errors import FolderInUse, Problem, WriteError, reason
from peerplan.folder.disk import clean_leftovers, make_folder
from peerplan.folder.record import MEMORY, RECORD
from peerplan.folder.snapshot import Snapshot

if TYPE_CHECKING:  # only what writes loads it
    from peerplan.folder.reconcile import Renewal

NAME_LIMIT = 60
PATIENCE = 3  # seconds to wait for another peerplan in the same folder

_NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}

# Names that Windows keeps for devices, with any ending.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def folder_name(unit_name: str) -> str:
    """Return a folder's name for a unit, valid on every system: "Avdelning 7 (Öst)" is avdelning-7-ost."""
    from slugify import slugify

    slug = slugify(unit_name, max_length=NAME_LIMIT)
    return f"unit-{slug}".rstrip("-") if not slug or _RESERVED.fullmatch(slug) else slug


def plan_folders(folders: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """Return the plan folders among these and, of one that is none itself, those in it; each once.

    A file of a plan folder stands for its folder.

    Gives also a problem for each folder that is none and holds none.
    """
    found: dict[Path, Path] = {}
    problems = []
    for path in folders:
        folder = path.parent if path.is_file() and (path.parent / ANSWERS).is_file() else path
        own = [folder] if (folder / ANSWERS).is_file() else sorted(one.parent for one in folder.glob(f"*/{ANSWERS}"))
        if not own:
            problems.append(Problem("no-plan-here", {}, str(folder)))
        for one in own:
            found.setdefault(one.resolve(), one)
    return [*found.values()], problems


def refuse_no_folder(path: Path) -> None:
    """Make sure that a plan folder can be at a path.

    Raises:
        WriteError: if something else is there, or if there can be no such path.
    """
    try:
        if not path.exists() or path.is_dir():
            return
        problem = Problem("no-folder", {}, str(path))
    except (OSError, ValueError) as error:
        problem = Problem("cannot-write", {"why": reason(error)}, str(path))
    raise WriteError(problem)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a plan folder, which is made if need be, so that nobody else writes there; clean up after a crash.

    On a share that knows no locks nobody is kept out.

    Raises:
        FolderInUse: if somebody else holds it for more than three seconds.
        WriteError: if the folder cannot be made or written in, or its memory is a link that leads out of it.
    """
    from filelock import FileLock, Timeout

    resolve_inside(folder, MEMORY)
    make_folder(folder / MEMORY)
    lock = FileLock(folder / MEMORY / "lock", timeout=PATIENCE, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise FolderInUse(Problem("folder-in-use", {}, str(folder))) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise WriteError(Problem("cannot-write", {"why": reason(error)}, str(folder))) from None
    try:
        for place in (folder, folder / MEMORY):
            clean_leftovers(place)
        yield
    finally:
        lock.release()


def renewal_files(
    snapshot: Snapshot, renewal: "Renewal", others: Mapping[str, bytes], copies: Mapping[str, str]
) -> dict[str, bytes | None]:
    """Return every file that is written or, for None, removed, the record last; nothing if nothing changed.

    others are files that are no documents (answers.toml); copies are the names that backup_names gave.
    """
    after = renewal.after.to_json().encode()
    changed = {name: content for name, content in others.items() if snapshot.content(name) != content}
    if not changed and not renewal.files and snapshot.content(RECORD) == after:
        return {}
    before = {change.name: change.before for change in renewal.documents}
    return {**{copy: before[name] for name, copy in copies.items()}, **changed, **renewal.files, RECORD: after}


def places_of(snapshot: Snapshot, names: Iterable[str]) -> dict[str, Path]:
    """Return the file that each name stands for; a link is followed, but not out of the folder.

    Raises:
        WriteError: if a link leads out of it.
    """
    if not snapshot.is_there:
        return {name: snapshot.folder / name for name in names}
    root = snapshot.folder.resolve()
    memory = resolve_inside(root, MEMORY)
    places = {}
    for name in names:
        place = memory / PurePath(name).name if name.startswith(f"{MEMORY}/") else root / name
        places[name] = resolve_inside(snapshot.folder, name) if place.is_symlink() else place
    return places


def backup_names(folder: Path, renewal: "Renewal") -> dict[str, str]:
    """Return the name of the copy that each edited document gets before it is replaced."""
    return {one.name: backup_name(folder, one.name) for one in renewal.documents if one.kind == "replaced"}


def backup_name(folder: Path, name: str) -> str:
    """Return a free name for a copy: plan.md becomes plan.md.bak, then plan.md.2.bak."""
    names = chain([f"{name}.bak"], (f"{name}.{number}.bak" for number in count(2)))
    return next(one for one in names if not os.path.lexists(folder / one))


def resolve_inside(folder: Path, name: str) -> Path:
    """Return the file that a name stands for; a link is followed, but not out of the folder."""
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise WriteError(Problem("link-leads-out", {}, str(folder / name)))
    return path
