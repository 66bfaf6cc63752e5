"""Disks of every kind."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

UNSHARE = which("unshare")


def mounted(script: str) -> list[str]:
    """What runs a command after a shell script that may mount, in a namespace that goes away with it; else skip."""
    wrapper = [UNSHARE or "unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", f'{script}\n"$@"', "sh"]
    probe = [*wrapper[:5], "-ec", "mount -t tmpfs none /mnt"]
    if not UNSHARE or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    return wrapper


def write_plainly(path: Path, content: bytes) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in content.decode().splitlines(keepends=True):
            file.write(line)
