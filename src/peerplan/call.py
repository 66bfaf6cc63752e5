"""How the program was called, so that a command that it prints runs as it is printed."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM = "peerplan"
# The folders in which uv and pipx keep what they run without installing it, and how they are called.
_RUN_ONCE = {("uv", "archive-v0"): f"uvx {PROGRAM}", ("pipx", ".cache"): f"pipx run {PROGRAM}"}
_UNSAFE = re.compile(r"[^\w./\\:-]")
_EXPANDED = re.compile(r'["$`!\\]')  # what a shell of POSIX looks into between double quotes


def quoted(path: object) -> str:
    """Return a path as it can be written in a command, in any shell as far as that goes."""
    text = str(path)
    if os.name != "nt" and _EXPANDED.search(text):
        return shlex.quote(text)
    return f'"{text}"' if _UNSAFE.search(text) else text


def own_call(arguments: Sequence[str], environ: Mapping[str, str], here: Path) -> str:
    """Return what to write to call the program again from a folder, as it was called.

    arguments are those that the interpreter got (`sys.orig_argv`).
    """
    if "-m" in arguments[: arguments.index(PROGRAM) if PROGRAM in arguments else 0]:
        return f"{_program(arguments[0], environ)} -m {PROGRAM}"
    script = next((Path(one) for one in arguments[1:] if Path(one).stem == PROGRAM), Path(arguments[0]))
    for folders, call in _RUN_ONCE.items():
        if {*folders} <= {*script.parts}:
            return call
    found = shutil.which(PROGRAM, path=environ.get("PATH"))
    if script.stem != PROGRAM or (found and Path(found).with_suffix("") == script.absolute().with_suffix("")):
        return PROGRAM
    if script.is_absolute() and script.is_relative_to(here):
        script = script.relative_to(here)
    return _program(str(script), environ)


def _program(path: str, environ: Mapping[str, str]) -> str:
    """Return a program as a shell takes it; PowerShell runs what stands in quotes only behind an &."""
    is_powershell = "PSModulePath" in environ and "PROMPT" not in environ
    return f"& {quoted(path)}" if is_powershell and quoted(path) != path else quoted(path)
