"""A command that the program prints runs as it is printed: however the program was called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from peerplan.call import own_call, quoted

HERE = Path("/home/eva/plans")


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        (["python3", "-m", "peerplan", "init"], "python3 -m peerplan"),
        (["py", "-W", "error", "-m", "peerplan"], "py -m peerplan"),
        (["python3", ".venv/bin/peerplan", "init", "-m"], ".venv/bin/peerplan"),
        (["python3", "/home/eva/plans/.venv/bin/peerplan"], ".venv/bin/peerplan"),
        (["python3", "/opt/my tools/peerplan"], '"/opt/my tools/peerplan"'),
        (["python3", "/root/.cache/uv/archive-v0/x1/bin/peerplan"], "uvx peerplan"),
        (["python3", "/root/.local/pipx/.cache/x1/bin/peerplan"], "pipx run peerplan"),
        (["python3", "/home/eva/bin/pytest"], "peerplan"),
        (["python3"], "peerplan"),
    ],
)
def test_a_call_is_repeated_as_it_was_made(arguments: list[str], call: str) -> None:
    assert own_call(arguments, {"PATH": "/nowhere"}, HERE) == call


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("name", ["ward-7", "my plan", 'a"b', "$(touch x)", "`touch x`", "it's $HOME", "a\\b", "Ängen"])
def test_a_shell_takes_a_quoted_path_for_what_it_is(tmp_path: Path, name: str) -> None:
    said = subprocess.run(f"printf %s {quoted(name)}", shell=True, cwd=tmp_path, capture_output=True, check=True)  # noqa: S602
    assert (said.stdout.decode(), [*tmp_path.iterdir()]) == (name, [])


def test_what_is_on_the_path_is_called_by_its_name(tmp_path: Path) -> None:
    script = tmp_path / "peerplan"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    assert own_call(["python3", str(script)], {"PATH": str(tmp_path)}, HERE) == "peerplan"
    assert own_call(["python3", "bin/peerplan"], {"PATH": str(tmp_path)}, HERE) == "bin/peerplan"


def test_powershell_runs_what_stands_in_quotes_behind_a_sign_only() -> None:
    arguments = ["python.exe", "C:/My Tools/peerplan.exe"]
    assert own_call(arguments, {"PSModulePath": "x"}, HERE) == '& "C:/My Tools/peerplan.exe"'
    assert own_call(arguments, {"PSModulePath": "x", "PROMPT": "$P$G"}, HERE) == '"C:/My Tools/peerplan.exe"'


def test_the_command_that_init_prints_last_runs(tmp_path: Path) -> None:
    known = ["--set", "unit.name=Ward 7", "--set", "unit.setting=hospital", "--set", "placement.start=2027-01-18"]
    command = [sys.executable, "-m", "peerplan", "init", "my plan", "--no-input", "--as-of", "2026-11-24", *known]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    printed = said.splitlines()[-1].strip()
    assert printed.startswith(f'{sys.executable} -m peerplan update "{tmp_path}')
    subprocess.run(f"{printed} --as-of 2026-11-24", shell=True, cwd="/", check=True, capture_output=True)  # noqa: S602
