"""Killed at any change that it makes to the disk, a command leaves each file old or new, and its next run goes on."""

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from disks import write_plainly
from samples import AS_OF, EXAMPLES, killed_after, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")

Files = dict[str, bytes]
CHANGING = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate")
EVERY = int(os.environ.get("KILL_EVERY", "9"))  # with 1 it is killed at each of some 700 changes, which takes minutes
DAY = ("--as-of", AS_OF)
PEOPLE = [f"Student {number};s{number}@ki.example" for number in range(30)]
TABLE = """name;setting;start;participants;coordinator-name;managers
Ängen;hospital;2027-01-18;4;Disa Exempel;yes
Ången;home;2027-01-18;3;;no
Norra;hospital;2027-02-15;;Bo Prov;
Södra;primary-care;2027-02-15;2;Bo Prov;partly
"""
LATER = TABLE.replace("2027-02-15", "2027-03-01") + "Östra;hospital;2027-02-15;2;;\n"
EDITS = (
    ("answers.toml", "start = 2027-03-01", "start = 2027-03-08"),
    ("plan.md", "- [ ] **", "- [x] **"),
    ("plan.md", "<!-- rota -->", "<!-- rota -->\n  Disa asks about Fridays.\n- [ ] Order badges"),
    ("student-email.txt", "\n\n", "\n\nBring your lunch.\n\n"),
)


def with_plan(here: Path) -> None:
    assert (
        run("init", "ward", "--answers", EXAMPLES / "dental-clinic-en" / "answers.toml", *DAY, cwd=here).returncode == 0
    )


def with_edited_plan(here: Path) -> None:
    with_plan(here)
    for name, old, new in EDITS:
        text = (here / "ward" / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (here / "ward" / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def with_table(here: Path) -> None:
    (here / "units.csv").write_text(TABLE, encoding="utf-8")


def with_other_table(here: Path) -> None:
    with_table(here)
    assert run("batch", "units.csv", *DAY, cwd=here).returncode == 0
    (here / "units.csv").write_text(LATER, encoding="utf-8")


def with_students(here: Path) -> None:
    with_plan(here)
    (here / "course.csv").write_text("\n".join(["Name;E-mail", *PEOPLE]), encoding="utf-8")


@dataclass(frozen=True)
class Work:
    """A command in a folder, and what it finds there; `made` are the folders that it makes, whole or not at all."""

    begin: Callable[[Path], None]
    command: tuple[object, ...]
    made: tuple[str, ...] = ()


WORK = {
    "init": Work(lambda _: None, ("init", "ward", "--answers", EXAMPLES / "surgical-ward-sv" / "answers.toml", *DAY)),
    "update": Work(with_edited_plan, ("update", "ward", *DAY)),
    "batch": Work(with_table, ("batch", "units.csv", *DAY), ("plans/norra/", "plans/sodra/")),
    "batch again": Work(with_other_table, ("batch", "units.csv", *DAY), ("plans/ostra/",)),
    "emails": Work(with_students, ("emails", "ward", "course.csv", *DAY), ("course-emails/",)),
}


def files_in(folder: Path) -> Files:
    """Every file that a person sees."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("[!.]*"))
        if path.is_file() and not re.search(r"(^|/)\.", path.relative_to(folder).as_posix())
    }


def is_change(event: str, arguments: tuple[object, ...], place: Path) -> bool:
    """Tell whether an event of Python's is a change to something in a place."""
    if isinstance(arguments[0], int):  # a file that is open already
        return False
    writes = event == "open" and int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR)
    return bool(event in CHANGING or writes) and Path(str(arguments[0])).absolute().is_relative_to(place)


def is_killed(moment: int, work: Callable[[], object], place: Path) -> bool:
    """Do some work in a process that is killed at one of its changes; tells whether it makes so many.

    It dies before the change, or where it opens a file to write just after that: then the file is there and empty.
    """

    def watched() -> None:
        number = count()

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in (*CHANGING, "open") and is_change(event, arguments, place) and next(number) == moment:
                if event == "open":
                    with suppress(OSError):
                        os.open(str(arguments[0]), int(str(arguments[2])), 0o600)
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        work()

    return killed_after(None, watched)


def kills(begun: Path, here: Path, work: Callable[[], object], every: int) -> Iterator[int]:
    """Kill the work at its changes, each time from the beginning, and give at which one that was."""
    for moment in count(step=every):
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(begun, here)
        if not is_killed(moment, work, here):
            return
        yield moment


def torn(before: Files, after: Files, found: Files) -> list[str]:
    """Return the files that are neither old nor new, and those that are gone."""
    others = [path for path, one in found.items() if one not in (before.get(path), after.get(path))]
    return others + [path for path in before if path in after and path not in found]


@pytest.mark.slow
@pytest.mark.criterion(20)
@pytest.mark.parametrize("name", WORK)
def test_killed_at_any_change_nothing_is_torn_and_the_next_run_goes_on(tmp_path: Path, name: str) -> None:
    work = WORK[name]
    begun, whole, here = (tmp_path / one for one in ("begun", "whole", "here"))
    begun.mkdir()
    work.begin(begun)
    shutil.copytree(begun, whole)
    assert run(*work.command, cwd=whole).returncode == 0
    before, after = files_in(begun), files_in(whole)
    moment = -1
    for moment in kills(begun, here, lambda: run(*work.command, cwd=here), EVERY):
        found = files_in(here)
        assert (moment, torn(before, after, found)) == (moment, [])
        for folder in work.made:
            assert {one for one in found if one.startswith(folder)} in (
                set(),
                {one for one in after if one.startswith(folder)},
            )
        assert run(*work.command, cwd=here).returncode == 0
        assert after.items() <= files_in(here).items()
        assert [*here.rglob(".pp*")] == []
    assert moment > 50


def test_the_same_kills_tear_what_is_written_plainly(tmp_path: Path) -> None:
    begun, here = tmp_path / "begun", tmp_path / "here"
    begun.mkdir()
    before, after = {"plan.md": b"old\n"}, {"plan.md": b"new\n"}
    (begun / "plan.md").write_bytes(before["plan.md"])
    found = [
        torn(before, after, files_in(here))
        for _ in kills(begun, here, lambda: write_plainly(here / "plan.md", after["plan.md"]), 1)
    ]
    assert found == [["plan.md"]]
