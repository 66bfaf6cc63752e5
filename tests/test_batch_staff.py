"""Many units in several processes: the same as in one, whatever happens to one of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from peerplan.commands.batch.folders import UnitFolders
from peerplan.commands.batch.rows import parse_units
from peerplan.commands.batch.run import Batch, BatchRequest, batch
from peerplan.commands.batch.seals import Seals
from peerplan.commands.batch.staff import CHUNK, FEWEST, Alone, staff_for
from peerplan.commands.batch.team import Team, _result
from peerplan.commands.batch.work import Worker
from peerplan.commands.making import PlanMaker
from peerplan.errors import InputError, PeerplanError, Problem, WriteError
from peerplan.messages import Messages
from peerplan.report.json import print_batch
from peerplan.tables import read_table
from samples import AS_OF, kit

pytestmark = pytest.mark.slow

HEADINGS = "name;setting;start;workplace;participants;managers"
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

# The program as it is called, in two processes however few the units.
IN_TWO = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from functools import partial
from peerplan.commands.batch import run
run.batch = partial(run.batch, processes=2)
from peerplan.cli import main
main()
"""


def table(folder: Path, count: int, *more: str) -> Path:
    rows = [f"Enhet {number};hospital;2027-01-18;Norra;4;yes" for number in range(count)]
    path = folder / "units.csv"
    path.write_text("\n".join([HEADINGS, *rows, *more]), encoding="utf-8")
    return path


def made_of(path: Path, to: Path, processes: int, *, skip_invalid: bool = False) -> Batch:
    request = BatchRequest(path, to, "sv", AS_OF, skip_invalid=skip_invalid)
    return batch(request, kit(), lambda _done, _count: None, processes)


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_one_process_and_two_give_the_same_bytes_and_say_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = (
        "Enhet 7;hospital;2027-01-18;Norra;4;yes",
        "Sist;hospital;snart;;4;ja",
        "Enhet 3;home;2027-01-18;1212121212;4;",
    )
    made, said = [], []
    for processes in (1, 2):
        to = tmp_path / str(processes) / "plans"
        to.parent.mkdir()
        made_of(table(tmp_path, 40), to, 1)
        plan = to / "enhet-5" / "plan.md"
        plan.write_text(plan.read_text(encoding="utf-8").replace("18 januari 2027", "en dag"), encoding="utf-8")
        path = table(tmp_path, 70, *odd)
        path.write_text(
            path.read_text(encoding="utf-8").replace("Enhet 5;hospital;2027-01-18", "Enhet 5;hospital;2027-02-01")
        )
        print_batch(made_of(path, to, processes, skip_invalid=True), Messages(), "sv")
        said.append(capsys.readouterr().out.replace(str(tmp_path / str(processes)), ""))
        made.append(content_of(to))
    assert said[0] == said[1]
    found = json.loads(said[0])
    assert (len(found["units"]), len(found["errors"]), len(found["kept"]), len(found["notices"])) == (71, 2, 1, 1)
    assert made[0] == made[1]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_wrong_with_a_unit_is_told_as_what_it_is(tmp_path: Path, processes: int) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "enhet-40").write_text("no folder")
    with pytest.raises(PeerplanError) as caught:
        made_of(table(tmp_path, 70), tmp_path / "plans", processes)
    assert (type(caught.value), caught.value.problems[0].place) == (
        WriteError,
        str(tmp_path / "plans" / "enhet-40" / ".peerplan"),
    )
    assert not list((tmp_path / "plans").glob(".pp-*"))


def test_progress_counts_the_units(tmp_path: Path) -> None:
    counted: list[tuple[int, int]] = []
    request = BatchRequest(table(tmp_path, 40), tmp_path / "plans", "sv", AS_OF, dry_run=True)
    batch(request, kit(), lambda done, count: counted.append((done, count)), 2)
    assert counted == [(number, 40) for number in range(1, 41)]


def test_few_units_are_worked_on_here() -> None:
    assert isinstance(staff_for(FEWEST - 1), Alone)


def test_where_there_are_no_processes_the_work_is_done_here() -> None:
    script = """
import sys
sys.modules["_multiprocessing"] = None  # as in a browser
from peerplan.commands.batch.staff import Alone, staff_for
print(isinstance(staff_for(1_000_000, 2), Alone))
"""
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout.split() == [b"True"]


class BrokenWorker:
    """Does no task as it should."""

    def check(self, _rows: list[Any]) -> list[Any]:
        raise InputError(Problem("x", {"what": ValueError("no"), "why": Problem("y", {"one": Path("a")}), "count": 1}))

    def write(self, _rows: list[Any]) -> list[Any]:
        raise ZeroDivisionError


def test_an_error_can_be_sent_to_another_process_and_a_bug_says_where_it_struck() -> None:
    worker = cast("Worker", BrokenWorker())
    error = _result(worker, "check", [])
    assert isinstance(error, InputError)
    assert error.problems == (Problem("x", {"what": "no", "why": Problem("y", {"one": "a"}), "count": 1}),)
    bug = _result(worker, "write", [])
    assert isinstance(bug, RuntimeError)
    assert (str(bug), "in write" in bug.__notes__[0]) == ("ZeroDivisionError", True)


def test_where_a_process_ends_before_it_is_ready_the_work_is_done_here(tmp_path: Path) -> None:
    team = Team.start(2)
    assert team
    for process in team._members.values():  # noqa: SLF001 # it stands for a system that lets none live
        process.kill()
        process.join()
    units = parse_units(read_table(table(tmp_path, CHUNK + 8)), kit(), "sv")
    maker = PlanMaker(kit(), AS_OF)
    team.set_up(maker, units, UnitFolders(units.named, tmp_path / "plans"), Seals.of(maker), "sv")
    assert [len(checked) for _, checked in team.do("check", units.table.rows)] == [CHUNK, 8]


# --- signals ---------------------------------------------------------------------------------------------------------


def started(folder: Path, count: int) -> "subprocess.Popen[str]":
    """The program at work on so many units, in a group of its own."""
    command = [sys.executable, "-c", IN_TWO, "batch", str(table(folder, count)), "--as-of", str(AS_OF), "--lang", "sv"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None and not next((folder / "plans").glob("enhet-*/plan.md"), None):
        time.sleep(0.01)
    return process


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def gone(pids: list[int]) -> Iterator[bool]:
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        yield not stat.exists() or stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@LINUX
def test_no_process_outlives_the_one_that_was_killed(tmp_path: Path) -> None:
    process = started(tmp_path, 400)
    workers = workers_of(process)
    process.kill()
    process.communicate()
    assert len(workers) == 2
    until = time.monotonic() + 20
    while not all(gone(workers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert all(gone(workers))
    files = {frozenset(file.name for file in one.iterdir()) for one in (tmp_path / "plans").glob("enhet-*")}
    assert len(files) == 1


@LINUX
def test_a_process_that_is_killed_ends_the_run_with_a_line_and_the_next_one_completes(tmp_path: Path) -> None:
    process = started(tmp_path, 200)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    said = process.communicate()[1]
    assert (process.returncode, len(said.splitlines()), "kör samma kommando igen" in said) == (1, 1, True)
    assert made_of(tmp_path / "units.csv", tmp_path / "plans", 1).counts["updated"] == 0
    assert not list((tmp_path / "plans").glob(".pp-*"))
    assert len(list((tmp_path / "plans").glob("*/plan.md"))) == 200


@POSIX
def test_interrupted_in_the_terminal_it_says_how_far_it_came_and_leaves_nothing_half(tmp_path: Path) -> None:
    process = started(tmp_path, 400)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[1]
    done = len(list((tmp_path / "plans").glob("*/plan.md")))
    assert process.returncode == 130
    assert said == f"Avbrutet. {done} av 400 enheter har en planmapp; kör samma kommando igen för att bli klar.\n"
    assert not list((tmp_path / "plans").glob(".pp-*"))
