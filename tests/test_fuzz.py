"""Odd files of every kind bring about a result or an error told in one line, and what could be read still can.

What is tried, and what counts as a finding, stands in fuzz/, where the same goes on for as long as one wishes.
"""

import faulthandler
import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from findings import FindingError, Judge, check_same, contents
from peerplan.errors import PeerplanError
from targets import targets

WISHED = int(os.environ.get("FUZZ_EXAMPLES", "0"))  # examples of each kind, others each time
HANGS = 300  # seconds
TARGETS = targets()
READ = [name for name, target in TARGETS.items() if target.read]
JUDGE = Judge(seconds=math.inf)

randoms = st.randoms(use_true_random=False)


def as_many_as(usual: int) -> settings:
    return settings(
        max_examples=WISHED or usual,
        derandomize=not WISHED,
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
    )


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 # no secret


@contextmanager
def a_place() -> Iterator[Path]:
    """Give an empty folder, and end the whole run where what is done there never ends."""
    faulthandler.dump_traceback_later(HANGS, exit=True, file=2)
    with TemporaryDirectory() as place:
        yield Path(place)
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.parametrize("name", TARGETS)
def test_a_real_file_is_no_finding(name: str) -> None:
    with a_place() as place:
        TARGETS[name].examine(JUDGE, place, TARGETS[name].seeds()[0])


@pytest.mark.slow
@pytest.mark.criterion(10)
@pytest.mark.parametrize("name", READ)
@as_many_as(100)
@given(random=randoms)
def test_an_odd_file_is_read_or_told(name: str, random: Random) -> None:
    with a_place() as place:
        TARGETS[name].read_only(JUDGE, place, TARGETS[name].odd_file(random))


@pytest.mark.slow
@pytest.mark.criterion(22)
@pytest.mark.parametrize("name", TARGETS)
@as_many_as(8)
@given(random=randoms)
def test_an_odd_file_leaves_everything_readable(name: str, random: Random) -> None:
    with a_place() as place:
        TARGETS[name].examine(JUDGE, place, TARGETS[name].odd_file(random))


# --- it would be found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READ)
def test_some_odd_files_are_taken_and_some_refused(name: str) -> None:
    target, random, taken = TARGETS[name], chance(7), 0
    with a_place() as place:
        path = place / target.name
        path.parent.mkdir(exist_ok=True)
        for _ in range(60):
            path.write_bytes(target.odd_file(random))
            with suppress(PeerplanError):
                (target.read or print)(path)
                taken += 1
    assert 0 < taken < 60


def test_the_same_chance_makes_the_same_file() -> None:
    for target in TARGETS.values():
        assert target.odd_file(chance(1)) == target.odd_file(chance(1))
    made = {TARGETS["plan"].odd_file(chance(number)) for number in range(30)}
    assert len(made - {*TARGETS["plan"].seeds()}) > 20


def ends(code: int, stderr: str = "") -> Judge:
    return Judge(program=lambda *_, **__: CompletedProcess([], code, "", stderr))


def crashes(*_: object, **__: object) -> CompletedProcess[str]:
    raise KeyError


def fills_memory(*_: object, **__: object) -> CompletedProcess[str]:
    return CompletedProcess([], int(not b"x" * 400_000_000), "", "")


FINDINGS: dict[str, Judge] = {
    "a bug": ends(1, "something went wrong"),
    "an exception got out: KeyError": Judge(program=crashes),
    "exit code 5": ends(5, "cannot write"),
    "no word why": ends(3),
    "a traceback": ends(0, "Traceback (most recent call last):"),
    "control characters": ends(3, "answers.toml: \x1b[31m"),
    "takes too long": Judge(seconds=-1, program=lambda *_, **__: CompletedProcess([], 0, "", "")),
}


@pytest.mark.parametrize("found", FINDINGS)
def test_what_must_not_be_is_found(found: str) -> None:
    with pytest.raises(FindingError, match=found):
        FINDINGS[found].code(Path(), "status")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_too_much_memory_is_found() -> None:
    with pytest.raises(FindingError, match="too much memory"):
        Judge(program=fills_memory).code(Path(), "status")


@pytest.mark.parametrize("code", [0, 3, 4, 6])
def test_what_may_be_is_no_finding(code: int) -> None:
    assert ends(code, "answers.toml:4: not a date\n").code(Path(), "status") == code


def test_a_changed_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "plan.md").touch()
    before = contents(tmp_path)
    check_same(before, contents(tmp_path), "nothing")
    (tmp_path / "plan.new.md").touch()
    with pytest.raises(FindingError, match=r"emails changed plan\.new\.md"):
        check_same(before, contents(tmp_path), "emails")


class Forgetful:
    """A program that updates a plan by throwing away what a person wrote into it."""

    def __init__(self, broken: str) -> None:
        self.broken = broken

    def __call__(self, command: str, *_: object, cwd: Path, **__: object) -> CompletedProcess[str]:
        plan = cwd / "ward" / "plan.md"
        if command == "update":
            plan.write_text(self.broken, encoding="utf-8")
        torn = command == "status" and plan.read_text(encoding="utf-8") == "torn"
        return CompletedProcess([], 3 if torn else 0, "", "torn")


@pytest.mark.parametrize(
    ("broken", "found"), [("torn", "what was readable before"), ("# Plan\n", "update drops what a person wrote")]
)
def test_a_program_that_loses_something_is_found(tmp_path: Path, broken: str, found: str) -> None:
    with pytest.raises(FindingError, match=found):
        TARGETS["plan"].examine(Judge(program=Forgetful(broken)), tmp_path, b"# Plan\n\nkaffekorg\n")
