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
from datetime import date
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from peerplan.answers.toml import FILE_NAME as ANSWERS
from peerplan.answers.toml import read_answers
from peerplan.cli import main
from peerplan.folder.record import CHECKLIST, RECORD

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

    `said` is what the program prints as JSON, `zip` the folder, None where there is none, and `draft` its answers;
    `refused` is the id of a message about what was opened, "" if it could be used. The plan lies in place until
    another one takes its place.
    """
    coming = _emptied(Path(f"{place}-coming"))
    try:
        arguments = _begin(Path(opened).read_bytes(), name, coming)
    except NotAFolder as error:
        return {"refused": str(error), "said": {}, "zip": None}
    made = _made(arguments, day, language, coming)
    if made["zip"]:
        os.chdir(coming.anchor)
        shutil.rmtree(place, ignore_errors=True)
        coming.rename(place)
    return made


def renew(opened: str, day: str, language: str, place: str = PLACE) -> dict[str, Any]:
    """Give the plan that lies in place other answers, from a file, and return what came of it as work does."""
    folder = _folder_in(Path(place))
    shutil.copyfile(opened, folder / ANSWERS)
    return _made(["update", folder.name], day, language, Path(place))


def pdf(place: str = PLACE) -> bytes:
    """Return the plan that lies in place as a PDF.

    Raises:
        NotAFolder: if none can be made.
    """
    code, said = _run(["export", str(_folder_in(Path(place))), "--to", "pdf", "--json"])
    if code:
        raise NotAFolder(str(said))
    return Path(said["files"][0]).read_bytes()


def _emptied(place: Path) -> Path:
    os.chdir(place.anchor)  # a folder in which a process is cannot be removed everywhere
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def _folder_in(place: Path) -> Path:
    return next(one.parent for one in place.glob(f"*/{ANSWERS}"))


def _made(arguments: list[str], day: str, language: str, place: Path) -> dict[str, Any]:
    """Run a command in the folder of the plan's folder, and return what came of it."""
    os.chdir(place)
    os.environ["LC_ALL"] = language  # as if the system were in it: a plan has its own
    code, said = _run([*arguments, "--json", "--as-of", day])
    if not (said.get("files") or said.get("units")):
        return {"refused": "", "code": code, "said": said, "zip": None}
    folder = _folder_in(place)
    files = _files(folder)
    return {
        "refused": "",
        "code": code,
        "said": said,
        "zip": pack(folder.name, files),
        "files": {file: files[file] for file in files if "/" not in file},
        "folder": folder.name,
        "draft": _for_page(read_answers(folder / ANSWERS).draft),
    }


def _for_page(value: Any) -> Any:  # noqa: ANN401 # what TOML can hold
    """Return an answer as the page holds it: a day is {"day": "2027-01-18"}."""
    if isinstance(value, dict):
        return {key: _for_page(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_for_page(one) for one in value]
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _begin(content: bytes, name: str, place: Path) -> list[str]:
    """Put what was opened where the program looks for it, and return the command for it."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        folder = unpack(content, place)
        if (place / folder / RECORD).is_file() and not (place / folder / CHECKLIST).is_file():
            raise NotAFolder("site-zip-without-checklist")
        return ["update", folder]
    if not name.lower().endswith(".toml"):
        raise NotAFolder("site-not-a-zip" if name.lower().endswith(".zip") else "site-not-a-plan")
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
