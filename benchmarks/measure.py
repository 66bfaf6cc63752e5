"""One run of one command: its processor time, wall time and memory."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).parent / "loops" / "launch.py"
BETWEEN = 0.5  # seconds between two looks at the memory; a look takes about a millisecond of another core


class NotDoneError(Exception):
    """A command ended with another exit code than the one expected; the text says how."""


@dataclass(frozen=True)
class Measured:
    """What a run took: seconds of processor and wall time, MB of its largest process and of all at their largest.

    `together` is 0 where the run was too short to look. `files` are those with something in them that it left.
    """

    cpu: float
    wall: float
    peak: float
    together: float
    files: int = 0


def measure(command: list[str], cwd: Path, *, code: int = 0, clocked: bool = False) -> Measured:
    """Run a command in a folder that is there already.

    `clocked` commands print the seconds that they took themselves. Raises NotDoneError if the exit code is another one.
    """
    result, errors = cwd / "taken.json", cwd / "errors.txt"
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(result), *command]
    home = cwd.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home)}
    printed = subprocess.PIPE if clocked else subprocess.DEVNULL
    os.sync()  # so that a run does not pay for what the one before it left to be written
    with errors.open("wb") as said:
        process = subprocess.Popen(
            launch, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=printed, stderr=said
        )
        together = _watch(process)
    out = process.communicate()[0]
    taken = json.loads(result.read_text(encoding="utf-8"))
    ended = taken.pop("code")
    if ended != code:
        raise NotDoneError(f"{Path(command[0]).name}: exit code {ended}: {errors.read_text(encoding='utf-8').strip()}")
    return Measured(**taken | (json.loads(out) if clocked else {}), together=together)


def _watch(process: subprocess.Popen[bytes]) -> float:
    """Wait for a launched command, and give the most memory, in MB, that its processes had together."""
    most = 0.0
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(BETWEEN)
            return most
        most = max(most, sum(_memory(child) for child in _children(process.pid)))


def _children(parent: int) -> list[int]:
    with suppress(OSError):
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        return [one for child in children for one in (int(child), *_children(int(child)))]
    return []


def _memory(process: int) -> float:
    """Give a process's part of the memory that it has or shares, in MB; 0 when it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
