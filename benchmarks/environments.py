"""Environments of their own for what is measured: peerplan as a wheel of this tree, the peers as published."""

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEERS = {
    "bare": "jinja2==3.1.6",
    "copier": "copier==9.19.1",
    "cookiecutter": "cookiecutter==2.7.1",
    "mailmerge": "mailmerge==2.3.0",
}
LIST = """
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""


def run(*command: str | Path) -> str:
    """Run a command and give what it printed; end with what it said if it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def prepare(place: Path) -> dict[str, Path]:
    """Make the environments below `place`, or renew them, and give each one's folder of programs."""
    programs = {name: place / name / "bin" for name in ("peerplan", *PEERS)}
    for name, folder in programs.items():
        if not (folder / "pip").exists():
            venv.create(folder.parent, with_pip=True)
        if name in PEERS:
            run(folder / "pip", "install", PEERS[name])
    _install_wheel(programs["peerplan"] / "pip", place / "wheel")
    return programs


def _install_wheel(pip: Path, to: Path) -> None:
    """Build this tree's wheel and install it, also where its version number is there already."""
    for old in to.glob("*.whl"):
        old.unlink()
    run(pip, "wheel", "--no-deps", "--wheel-dir", to, ROOT)
    wheel = next(to.glob("*.whl"))
    run(pip, "install", f"{wheel}[export]")
    run(pip, "install", "--force-reinstall", "--no-deps", wheel)


def versions(programs: dict[str, Path]) -> dict[str, str]:
    """Give the versions of what is measured, peerplan's with the commit."""
    packages = {name: ("jinja2",) if name == "bare" else (name, "jinja2") for name in programs}
    said = {}
    for name, names in packages.items():
        installed = json.loads(run(programs[name] / "python", "-c", LIST, *names))
        said[name] = ", ".join(f"{package} {version}" for package, version in installed.items())
    commit = run("git", "describe", "--always", "--dirty").strip() if (ROOT / ".git").exists() else "unknown"
    return said | {"peerplan": f"{said['peerplan']}, commit {commit}"}
