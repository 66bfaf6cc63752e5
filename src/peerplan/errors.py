"""What can go wrong, as values. The command line turns them into one line each and an exit code."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    message is an id in content/messages.toml, values fill its places, and place says where it is
    ("answers.toml:4: unit.setting", or nothing). Values never hold a person's name or address.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    place: str = ""


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


class WriteError(PeerplanError):
    """A file or folder cannot be written."""

    exit_code = 5


class Interrupted(PeerplanError):  # noqa: N818 # not an error
    """The person stopped; what she had answered is kept."""

    exit_code = 130
