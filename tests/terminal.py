"""The program as a person meets it: in a pseudo-terminal of a given size, with the screen that it draws."""

import os
import re
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pyte

PATIENCE = 20  # seconds to wait for what should be shown
COLOURS = re.compile(r"\x1b\[[\d;]*m")
ESCAPE = "\x1b"


class Terminal:
    """One run. `output` is all that was written, `screen` what stands there, lines above it included."""

    def __init__(
        self,
        *arguments: str | Path,
        cwd: Path,
        columns: int = 80,
        environ: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
    ) -> None:
        rows = 200  # so that nothing scrolls away
        self.output = ""
        self.columns = columns
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._seen = 0
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "peerplan", *map(str, arguments)],
            cwd=str(cwd),
            dimensions=(rows, columns),
            env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **(environ or {})},
            encoding=encoding,
        )
        self._child.delaybeforesend = None
