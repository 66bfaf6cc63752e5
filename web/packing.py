"""Packs what is installed in Pyodide as the site needs it, with what Python and the program make at a first run."""

import compileall
import io
import re
import sys
import sysconfig
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

import planner
from peerplan.answers.toml import FILE_NAME

PACKAGES = Path(sysconfig.get_path("purelib"))
_NOT_NEEDED = (".pyi", ".dist-info/RECORD", "packing.py", "packing.pyc")
_OWN = ("peerplan", "holidays")  # whose sources the program looks at, to know whether what it kept is still right
_SELDOM = re.compile(r"holidays/.*__pycache__/")  # one country of some 250 is ever read
_DATED = (1980, 1, 1, 0, 0, 0)


def pack(answers: list[str]) -> bytes:
    """Return all packages as one .zip, compiled, after the program has made a plan of each file of answers.

    They are given by their paths.
    """
    for package in PACKAGES.iterdir():
        is_own = package.name in _OWN
        compile_ = compileall.compile_dir if package.is_dir() else compileall.compile_file
        compile_(package, quiet=1, legacy=not is_own, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        for source in () if is_own else [package, *package.rglob("*.py")]:
            if source.suffix == ".py" and source.with_suffix(".pyc").exists():
                source.unlink()
    planner.settle()
    sys.dont_write_bytecode = False  # it also says whether the program keeps anything
    for content in answers:
        made = planner.work(content, FILE_NAME, "2026-11-24", "en")
        if not made["zip"]:
            raise RuntimeError(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(PACKAGES.rglob("*")):
            name = path.relative_to(PACKAGES).as_posix()
            if path.is_file() and not name.endswith(_NOT_NEEDED) and not _SELDOM.match(name):
                archive.writestr(zipfile.ZipInfo(name, _DATED), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
