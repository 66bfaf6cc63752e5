"""What a finding is: whatever a person's file brings about that is neither a result nor an error told in one line."""

import re
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from peerplan.errors import PeerplanError
from samples import AS_OF, run

SECONDS = 2.0  # of processor time
MEMORY = 300_000_000  # bytes
BARE = 60_000_000  # bytes that a run takes which reads nothing much

# Done; an answer is missing; the input is wrong; an edit was kept; something personal. A file brings about no other.
ANSWERED = (0, 2, 3, 4, 6)

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_LOG = re.compile(r"\S+peerplan-\w+\.log")


class FindingError(Exception):
    """Something that must not be."""


@dataclass(frozen=True)
class Judge:
    """Runs commands and raises FindingError where one does what it must not.

    `seconds` is how much processor time a command may take; tests don't ask. `program` is what is run.
    """

    seconds: float = SECONDS
    program: Callable[..., CompletedProcess[str]] = run

    def code(self, folder: Path, *arguments: object) -> int:
        """Run a command in a folder, and return its exit code."""
        command = str(arguments[0])
        with self._watched(command):
            made = self.program(*arguments, "--as-of", AS_OF, cwd=folder)
        self._check(command, made)
        return made.returncode

    def read(self, reader: Callable[[Path], object], path: Path) -> None:
        """Read a file by a function that a command uses."""
        with self._watched(reader.__name__), suppress(PeerplanError):
            reader(path)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Find exceptions that get out, and what takes too much time or memory."""
        before, began = _peak(), time.process_time()
        most = MEMORY - BARE + _resident()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as the program itself does
            try:
                yield
            except Exception as error:
                raise FindingError(f"{what}: an exception got out: {type(error).__name__}") from error
        taken = time.process_time() - began
        if taken > self.seconds:
            raise FindingError(f"{what} takes too long: {taken:.1f} s")
        if before < _peak() > most:
            raise FindingError(f"{what} takes too much memory: {(_peak() - most + MEMORY) // 1_000_000} MB")

    def _check(self, command: str, made: CompletedProcess[str]) -> None:
        if made.returncode == 1:
            raise FindingError(f"{command}: a bug\n{_log_of(made.stderr)}")
        if made.returncode not in ANSWERED:
            raise FindingError(f"{command}: exit code {made.returncode}\n{made.stderr}")
        if "Traceback" in made.stderr or "panicked" in made.stderr:
            raise FindingError(f"{command}: a traceback\n{made.stderr}")
        if made.returncode and not made.stderr.strip():
            raise FindingError(f"{command}: exit code {made.returncode}, and no word why")
        if _CONTROL.search(made.stderr):
            raise FindingError(f"{command}: control characters in a message\n{made.stderr!r}")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path there, but for locks, which say nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def check_same(before: dict[str, bytes], after: dict[str, bytes], when: str) -> None:
    """Make sure that nothing in a folder has changed."""
    if changed := sorted(name for name in before | after if before.get(name) != after.get(name)):
        raise FindingError(f"{when} changed {', '.join(changed)}")


def _log_of(stderr: str) -> str:
    """Return what the log of a bug says, and remove it."""
    found = _LOG.search(stderr)
    if not found:
        return stderr
    path = Path(found[0])
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text


def _peak() -> int:
    """Return the most memory that this process ever had, where the system tells; 0 elsewhere."""
    try:
        import resource  # not on Windows  # noqa: PLC0415
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _resident() -> int:
    """Return how much memory this process has now, where the system tells."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except OSError:
        return _peak()
