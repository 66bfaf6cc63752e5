"""Runs the program in the browser: a file of answers, or a plan folder as one .zip, becomes a plan folder.

The worker hands over what the person opened and gets the folder back. What she opened may be anything.
"""

import io
import json
import os
import shutil
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from peerplan.cli import main

ANSWERS = "answers.toml"
PLACE = "/home/peerplan"
LOCK = ".peerplan/lock"  # says nothing, and is no part of a plan
OF_MACS = "__MACOSX/"  # what a Mac packs beside each file
MOST_FILES = 500
LARGEST = 20_000_000  # bytes of all files together; a plan folder has less than one
_DATED = (1980, 1, 1, 0, 0, 0)  # so that the same folder gives the same bytes


class NotAFolder(Exception):  # noqa: N818 # it is said to a person, by its id
    """What was opened is no plan folder; the text is the id of a message."""


def work(opened: str, name: str, day: str, language: str, place: str = PLACE) -> dict[str, Any]:
    """Make or update a plan from a file that a person opened under a name, and return what came of it.

    `said` is what the program prints as JSON, `zip` the folder, None where there is none; `refused` is the id of a
    message about what was opened, "" if it could be used. place is emptied first: it is the only folder used.
    """
    return _work(Path(opened).read_bytes(), name, language, day, Path(place))


def _work(content: bytes, name: str, language: str, day: str, place: Path) -> dict[str, Any]:
    os.chdir(place.anchor)  # a folder in which a process is cannot be removed everywhere
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    os.chdir(place)
    try:
        arguments = _begin(content, name, place)
    except NotAFolder as error:
        return {"refused": str(error), "code": 3, "said": {}, "zip": None, "files": {}, "folder": ""}
    os.environ["LC_ALL"] = language  # as if the system were in it: a plan has its own
    code, said = _run([*arguments, "--json", "--as-of", day])
    folder = next(iter(sorted(one.parent for one in place.glob(f"*/{ANSWERS}"))), None)
    files = _files(folder) if folder and (said.get("files") or said.get("units")) else {}
    return {
        "refused": "",
        "code": code,
        "said": said,
        "zip": pack(folder.name, files) if folder and files else None,
        "files": {file: files[file] for file in files if "/" not in file},
        "folder": folder.name if folder else "",
    }


def pdf(place: str = PLACE) -> bytes:
    """Return the plan that was made last as a PDF.

    Raises:
        NotAFolder: if none can be made.
    """
    folder = next(one.parent for one in Path(place).glob(f"*/{ANSWERS}"))
    code, said = _run(["export", str(folder), "--to", "pdf", "--json"])
    if code:
        raise NotAFolder(str(said))
    return Path(said["files"][0]).read_bytes()


def _begin(content: bytes, name: str, place: Path) -> list[str]:
    """Put what was opened where the program looks for it, and return the command for it."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        folder = unpack(content, place)
        return ["update", folder]
    if name.lower().endswith(".zip"):
        raise NotAFolder("site-not-a-zip")
    (place / ANSWERS).write_bytes(content)
    return ["init", "--no-input", "--answers", ANSWERS]


def unpack(content: bytes, place: Path) -> str:
    """Unpack a plan folder, and return its name.

    Raises:
        NotAFolder: for a path that leads out of it, for too much, for what is damaged or encrypted, and if no answers
            are in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not (one.is_dir() or one.filename.startswith(OF_MACS))]
            if len(members) > MOST_FILES:
                raise NotAFolder("site-zip-too-large")
            paths = {one: _path(one.filename) for one in members}
            tops = [path.parent for path in paths.values() if path.name == ANSWERS]
            if not tops:
                raise NotAFolder("site-zip-without-plan")
            top, left = min(tops, key=lambda one: len(one.parts)), LARGEST
            for member, path in paths.items():
                if path.is_relative_to(top):
                    left = _unpack_one(archive, member, place / (top.name or "plan") / path.relative_to(top), left)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise NotAFolder("site-not-a-zip") from None
    return top.name or "plan"


def _path(name: str) -> PurePosixPath:
    """Return where a file of an archive lies; one that leads out of the archive is refused."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or not path.name:
        raise NotAFolder("site-zip-leads-out")
    return path


def _unpack_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, left: int) -> int:
    """Unpack one file, and return how many bytes there may still be: what an archive says of its sizes may be a lie."""
    with archive.open(member) as file:
        content = file.read(left + 1)
    if len(content) > left:
        raise NotAFolder("site-zip-too-large")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(content)
    return left - len(content)


def pack(name: str, files: dict[str, bytes]) -> bytes:
    """Return a folder as one .zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}/{path}", _DATED), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in found.items() if name != LOCK}


def _run(arguments: list[str]) -> tuple[int, dict[str, Any]]:
    """Run the program as on a command line, and return its exit code and what it prints."""
    out = io.StringIO()
    sys.argv = ["peerplan", *arguments]
    code = 0
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return code, json.loads(out.getvalue() or "{}")


def settle() -> None:
    """Give each file at which the program looks one and the same time: what it kept is for files of that time."""
    for package in ("peerplan", "holidays"):
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for path in Path(folder).rglob("*"):
                os.utime(path, (0, 0))
