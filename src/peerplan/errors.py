"""What can go wrong, as values. The command line turns them into one line each and an exit code."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

AND_MORE = "and-more"  # the message that counts problems which are not told one by one
CANNOT_PRINT = "cannot-print"
SYSTEM = "system-"  # begins the ids of messages about what the system refused: system-EACCES


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    message is an id in content/messages.toml, values fill its places, and place says where it is
    ("answers.toml:4: unit.setting", or nothing). Values never hold a person's name or address. It may be about several
    cells of a table, of which that is the first.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    cells: int = 1


class PeerplanError(Exception):
    """Something a person can put right; each problem becomes one line on stderr."""

    exit_code = 1

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


class UsageError(PeerplanError):
    """The command cannot run as it was called, or an answer is missing without a terminal."""

    exit_code = 2


class InputError(PeerplanError):
    """A file or a value that was given is wrong."""

    exit_code = 3


class EditedFileKept(PeerplanError):  # noqa: N818 # nothing is lost
    """A file that a person edited was kept as it is; the new text is beside it."""

    exit_code = 4


class WriteError(PeerplanError):
    """A file or folder cannot be written."""

    exit_code = 5


class PrivacyError(PeerplanError):
    """Something personal stands where it must not be."""

    exit_code = 6


class FolderInUse(PeerplanError):  # noqa: N818 # it passes
    """Another peerplan is writing in the folder."""

    exit_code = 7


class CheckNotMet(PeerplanError):  # noqa: N818 # the answer to --check
    """A unit falls short of what `status --check` asked for."""

    exit_code = 8


class Interrupted(PeerplanError):  # noqa: N818 # not an error
    """The person stopped; what she had answered is kept."""

    exit_code = 130


def reason(error: Exception) -> Problem:
    """Return why the system refused something; `words` are its own, for where there is no message."""
    code = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
    return Problem(f"{SYSTEM}{code}", {"words": getattr(error, "strerror", None) or error})


def missing_or_hidden(path: Path, missing: str) -> str:
    """Return the message for a file that is not there: Windows hides the .txt that Notepad adds to a name."""
    return "ending-hidden" if os.path.lexists(f"{path}.txt") else missing


def refused_by_system(error: OSError) -> PeerplanError:
    """Return the error for what the system refused where nothing said more: a path, or else where output goes."""
    if error.filename is None and error.errno != errno.ENOENT:  # which a working folder that was removed gives
        return WriteError(Problem(CANNOT_PRINT, {"why": reason(error)}))
    return InputError(Problem("cannot-use", {"why": reason(error)}, str(error.filename or ".")))
