"""Units to test with, and the program run as a user runs it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from datetime import date
from functools import cache
from pathlib import Path

from typer.testing import CliRunner

from peerplan.answers.draft import Draft, check_answers
from peerplan.answers.questions import steps_for
from peerplan.cli import app
from peerplan.documents.render import Templates
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.kit import TEMPLATES, Kit
from peerplan.messages import Messages
from peerplan.plan.overview import UnitLine
from peerplan.plan.plan import Plan, make_plan

AS_OF = date(2026, 11, 24)
START = date(2027, 1, 18)
EXAMPLES = Path(__file__).parents[1] / "examples"
PLAIN_ROSTER = "Name;E-mail\nAsa Ek;asa@ki.example\nBo Ek;bo@ki.example\n"
PLAN_ID = "6f1c1f0e-0000-4000-8000-000000000000"


LINE = UnitLine(
    folder="angen",
    name="Ängen",
    workplace="Norra; sjukhuset",
    coordinator="Eva Exempel",
    phase="before",
    verdict="ready-to-try",
    start=date(2027, 1, 18),
    open=7,
    late=2,
    areas={"support": (5, 7), "environment": (8, 9), "students": (4, 5)},
    next_due=date(2026, 12, 7),
    next_title="Boka rum",
)


def environ_keeping_in(place: Path) -> dict[str, str]:
    """Return the environment of a run that keeps what it prepares in a folder, and whose coverage is not measured.

    Measuring loads modules of its own.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environ, "PYTHONPYCACHEPREFIX": str(place)}


@cache
def kit() -> Kit:
    """Return the shipped kit, read once for all tests."""
    return Kit(Messages())


def guide(language: str = "en") -> Guide:
    return kit().guide(language)


def say(language: str, message: str, **values: object) -> str:
    return kit().messages.say(language, message, **values)


def problem_line(language: str, problem: Problem) -> str:
    return kit().messages.line(language, problem)


@cache
def templates() -> Templates:
    """Return the shipped templates, compiled once for all tests."""
    return Templates(TEMPLATES, kit().guides)


def rendered(plan: Plan, own: Templates | None = None) -> dict[str, bytes]:
    """Return every document of a plan but the calendar."""
    made = (own or templates()).documents(plan, guide(plan.answers.language), PLAN_ID)
    return {name: document.content for name, document in made.items() if name != "plan.ics"}


FULL: Draft = {
    "placement.audience": "students",
    "placement.scope": "whole-period",
    "unit.workplace": "Hospital",
    "unit.professions": ["nursing"],
    "unit.country": "SE",
    "unit.coordinator.role": "aka",
    "unit.coordinator.name": "Kim",
    "unit.coordinator.email": "kim@example.org",
    "placement.institution": "University",
    "placement.programme": "Nursing",
    "placement.activities": ["rounds"],
}


def draft(
    changes: Mapping[str, object] | None = None,
    *,
    state: str = "open",
    language: str = "en",
    content: Guide | None = None,
) -> Draft:
    """Return a unit for which every question that applies has been answered with an option of one state."""
    content = content or guide(language)
    facts: Draft = {
        "language": content.language,
        "unit.name": "Ward 7",
        "unit.setting": "hospital",
        "placement.start": START,
        "placement.end": date(2027, 3, 12),
        "placement.level": "beginner",
        "placement.participants": 4,
        **(changes or {}),
    }
    while missing := [step for step in steps_for(facts, content) if step.done and step.key not in facts]:
        item = content.item(missing[0].key.partition(".")[2])
        options = content.options_of(item)
        facts[missing[0].key] = next((one.id for one in options if one.state == state), options[-1].id)
    return facts


def plan(
    changes: Mapping[str, object] | None = None,
    *,
    state: str = "open",
    language: str = "en",
    content: Guide | None = None,
) -> Plan:
    content = content or guide(language)
    return make_plan(check_answers(draft(changes, state=state, content=content), content), content, AS_OF)


def run(*arguments: object, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program in this process, in English, in a folder and without a terminal."""
    given = [*map(str, arguments)]
    with chdir(cwd):
        made = CliRunner().invoke(app, given, env={"LC_ALL": "C.UTF-8", **(environ or {})}, catch_exceptions=False)
    return subprocess.CompletedProcess(given, made.exit_code, made.stdout, made.stderr)


def run_process(
    *arguments: object, cwd: Path, environ: Mapping[str, str] | None = None, wrapper: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, where that is the point; wrapper is a command that starts it."""
    return subprocess.run(
        [*wrapper, sys.executable, "-m", "peerplan", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def killed_after(seconds: float | None, work: Callable[[], object]) -> bool:
    """Do the work in a copy of this process (POSIX) and kill it with -9 after so long, if it is not done by then.

    Tells whether it was killed, which it may do itself.
    """
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
