"""Units to test with, and the program run as a user runs it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from peerplan.answers.draft import Draft, check_answers
from peerplan.answers.questions import steps_for
from peerplan.guide.load import load_guide
from peerplan.guide.guide import Guide
from peerplan.plan.plan import Plan, make_plan

AS_OF = date(2026, 11, 24)
START = date(2027, 1, 18)
EXAMPLES = Path(__file__).parents[1] / "examples"


def guide(language: str = "en") -> Guide:
    return load_guide(language)


def draft(changes: Mapping[str, object] | None = None, *, state: str = "open", language: str = "en") -> Draft:
    """A unit for which every question that applies has been answered with an option of one state."""
    facts: Draft = {
        "language": language,
        "unit.name": "Ward 7",
        "unit.setting": "hospital",
        "placement.start": START,
        "placement.end": date(2027, 3, 12),
        "placement.level": "beginner",
        "placement.participants": 4,
        **(changes or {}),
    }
    content = guide(language)
    while missing := [step for step in steps_for(facts, content) if step.done and step.key not in facts]:
        item = content.item(missing[0].key.partition(".")[2])
        options = content.options_of(item)
        facts[missing[0].key] = next((one.id for one in options if one.state == state), options[-1].id)
    return facts


def plan(changes: Mapping[str, object] | None = None, *, state: str = "open", language: str = "en") -> Plan:
    content = guide(language)
    return make_plan(check_answers(draft(changes, state=state, language=language), content), content, AS_OF)


def run(
    *arguments: str | Path, cwd: Path, environ: Mapping[str, str] | None = None, wrapper: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, in English, without a terminal; wrapper is a command that starts it."""
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


def killed_after(seconds: float | None, work: Callable[[], object]) -> None:
    """Do the work in a copy of this process (POSIX) and kill it with -9 after so long, if it is not done by then."""
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
