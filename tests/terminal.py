"""The program as a person meets it: in a pseudo-terminal of a given size, with the screen that it draws."""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pexpect
import pyte

PATIENCE = 20  # seconds to wait for what should be shown
QUIET = 0.2  # seconds without output after which a screen counts as drawn

OFFER = r"(?:web browser|webbl.saren)\?[^:]*: "
ESCAPE = "\x1b"
UP, DOWN, ENTER = "\x1b[A", "\x1b[B", "\r"
CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_K, CTRL_N, CTRL_O = "\x01", "\x02", "\x03", "\x04", "\x0b", "\x0e", "\x0f"


@dataclass(frozen=True)
class Console:
    """A window: its size, the encoding of its letters, and the variables that the program finds set."""

    columns: int = 80
    lines: int = 60
    encoding: str = "utf-8"
    environ: Mapping[str, str] = field(default_factory=dict)


def mind_signals() -> None:
    """Undo what nohup and a shell's `&` do, so that a closed window and Ctrl-C count also in the background."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Screen(pyte.Screen):
    """A screen that answers when the program asks where the cursor is, as real ones do."""

    terminal: "Terminal"

    def write_process_input(self, data: str) -> None:
        self.terminal.type(data)


class Terminal:
    """One run of the program. `output` is all that it has written, escape codes included."""

    def __init__(self, *arguments: str | Path, cwd: Path, console: Console) -> None:
        self.output = ""
        self.encoding = console.encoding
        self._screen = _Screen(console.columns, console.lines)
        self._screen.terminal = self
        self._stream = pyte.Stream(self._screen)
        surroundings = {
            name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}
        }
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "peerplan", *map(str, arguments)],
            cwd=str(cwd),
            env={**surroundings, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **console.environ},
            dimensions=(console.lines, console.columns),
            encoding=console.encoding,
            codec_errors="replace",
            timeout=PATIENCE,
            preexec_fn=mind_signals,
        )
        self._child.delaybeforesend = None
        self._child.ptyproc.delayafterclose = 0  # it is waited for
        self._child.logfile_read = self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close(force=True)

    def write(self, text: str) -> None:
        """What pexpect calls for everything that it reads."""
        self.output += text
        self._stream.feed(text)

    def flush(self) -> None:
        """What pexpect calls after it has written."""

    def type(self, keys: str) -> None:
        self._child.send(keys)

    def type_line(self, text: str) -> None:
        self._child.send(text + ENTER)

    def expect(self, pattern: str) -> Sequence[str]:
        """Wait until the output matches: the text before, the match, then its groups."""
        self._child.expect(pattern)
        return self._child.before, *(self._child.match.group(0), *self._child.match.groups())

    def shown(self) -> list[str]:
        """The lines on the screen, once nothing more is being drawn."""
        with suppress(pexpect.EOF):
            while self._child.expect([r"[\s\S]+", pexpect.TIMEOUT], timeout=QUIET) == 0:
                pass
        return [line.rstrip() for line in self._screen.display]

    def until(self, holds: Callable[[list[str]], bool]) -> list[str]:
        """Wait until something holds of the lines on the screen: these lines."""
        while not holds(lines := [line.rstrip() for line in self._screen.display]):
            try:
                self._child.expect(r"[\s\S]+")
            except (pexpect.TIMEOUT, pexpect.EOF):
                raise AssertionError("\n".join(lines).rstrip()) from None
        return lines

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def kill(self, how: signal.Signals) -> None:
        """End it from outside, as a closed window or `kill` does."""
        self._child.kill(how)
        self._child.expect(pexpect.EOF)
        self._child.wait()
        self._child.close()

    def end(self, offer: str = "n") -> tuple[int | None, str]:
        """Wait until it ends: its exit code, and what it wrote last. `offer` answers whether to open the plan."""
        before = ""
        if self._child.expect([pexpect.EOF, OFFER]):
            before = self._child.before + self._child.after
            self.type_line(offer)
            self._child.expect(pexpect.EOF)
        self._child.wait()
        self._child.close()
        return self._child.exitstatus, before + self._child.before
