"""What is made of files that come with the program, kept as Python keeps what it compiles: until one of them changes.

Reading and checking the content and compiling the templates takes longer than all else in a short run. What comes of it
stands in the program's own __pycache__, and nowhere else: whoever can write there can have Python run anything already.
Nothing is ever kept for, or read from, a folder that a person names, for what is read back here is believed.
"""

import marshal
import os
import sys
from binascii import crc32
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from stat import S_ISDIR
from typing import Any, TypeVar, cast

from peerplan import __version__

_SUM = 4  # bytes

T = TypeVar("T")


def prepared(name: str, sources: Iterable[Path], make: Callable[[], T], made_by: str = "") -> T:
    """Return what make returns, which is plain data or code, or what it did when the sources were the same.

    sources are all that it is made of and by: files, and folders with the files in them; made_by is the version of a
    library that has a part in it. Where nothing can be written, it is made anew each time.
    """
    stamp = _stamp(sources, made_by)
    try:
        path = Path(cache_from_source(str(Path(__file__).with_name(f"{name}.py")))).with_suffix(".prepared")
    except NotImplementedError:  # a Python that keeps nothing
        return make()
    with suppress(OSError):
        kept = path.read_bytes()
        body = kept[len(stamp) + _SUM :]
        if kept.startswith(stamp) and kept.startswith(_sum(body), len(stamp)):
            return marshal.loads(body)  # type: ignore[no-any-return]  # noqa: S302 # this program wrote it, see above
    value = make()
    if not sys.dont_write_bytecode:
        body = marshal.dumps(cast("Any", value))
        _keep(path, stamp + _sum(body) + body)
    return value


def _stamp(sources: Iterable[Path], made_by: str) -> bytes:
    """Return what tells whether anything changed: versions, and the name, time and size of every source."""
    found = [one for source in sources for one in _seen(source)]
    return f"{(__version__, sys.version, made_by, found)!r}\n".encode()


def _seen(source: Path) -> list[tuple[str, int, int]]:
    """Return the name, time and size of a file, or of each file in a folder."""
    try:
        status = source.stat()
    except OSError:  # a program packed into one file has none
        return [(str(source), 0, 0)]
    if not S_ISDIR(status.st_mode):
        return [(str(source), status.st_mtime_ns, status.st_size)]
    with os.scandir(source) as entries:
        files = [(one.path, one.stat()) for one in entries if one.is_file()]
    return sorted((path, one.st_mtime_ns, one.st_size) for path, one in files)


def _sum(body: bytes) -> bytes:
    """Return what tells a whole file from a torn one."""
    return crc32(body).to_bytes(_SUM, "big")


def _keep(path: Path, content: bytes) -> None:
    """Write a file that another process may be reading or writing at the same time, if it can be written."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
