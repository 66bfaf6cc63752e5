"""What was measured, as Markdown."""

import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from environments import run
from goals import GOALS, Of, Outcome

KINDS = {"cpu": "processor", "wall": "wall", "peak": "memory"}


def machine(place: Path) -> list[str]:
    """Say on what was measured, as lines of a list; `place` is where the files were written."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((line.split(": ")[-1] for line in lines if "model name" in line), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    file_system = run("df", "--output=fstype", place).split()[-1]
    return [
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load before the start {os.getloadavg()[0]:.1f}",
        f"- {processor}, {os.cpu_count()} cores, {memory:.0f} GB",
        f"- Linux {platform.release()}, {file_system}, Python {platform.python_version()}",
    ]


def report(about: list[str], outcomes: Mapping[str, Outcome], left_out: Mapping[str, str]) -> str:
    """Give the whole text: the machine and versions, the goals, and a table a case."""
    lines = ["# What `peerplan` takes", "", *about, "", "How it was measured, and what the words mean: README.md.", ""]
    lines += ["## Goals", "", *_goals(outcomes), ""]
    for outcome in outcomes.values():
        lines += [f"## {outcome.case.name}: {outcome.case.about}", "", *_case(outcome), ""]
    lines += [f"- Not measured: {case}: {why}" for case, why in left_out.items()]
    return "\n".join(lines).rstrip() + "\n"


def _goals(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    yield "| goal | by | measured | holds |"
    yield "|---|---|---|---|"
    for goal in GOALS:
        figure = goal.measured(outcomes)
        by, _, per = goal.of.partition("/")
        said = ("not measured", "") if figure is None else (_short(figure), ("**no**", "yes")[goal.holds(figure)])
        yield f"| {goal.about} | {KINDS[by]}{per and f', a {per}'} | {said[0]} | {said[1]} |"


def _case(outcome: Outcome) -> Iterator[str]:
    first = outcome.case.steps[0].name
    yield f"Medians of {len(outcome.rounds)}. The last two columns: how many times as much the first row takes."
    yield ""
    yield "| | processor | wall | wall, a unit | files | peak MB | together MB | processor, times | wall, times |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for step in outcome.case.steps:
        files = outcome.rounds[0][step.name].files
        together = max(taken[step.name].together for taken in outcome.rounds)
        cells = [
            step.name,
            *(_time(outcome.typical(step.name, of)) for of in ("cpu", "wall", "wall/unit")),
            f"{files:,}" if files else "",
            f"{outcome.typical(step.name, 'peak'):.0f}",
            f"{together:.0f}" if together else "",
            *_beside(outcome, first, step.name),
        ]
        yield f"| {' | '.join(cells)} |"


def _beside(outcome: Outcome, first: str, other: str) -> list[str]:
    """Give the two ratios: a file where both wrote some, else of the runs."""
    if first == other:
        return ["", ""]
    by_file = outcome.rounds[0][first].files and outcome.rounds[0][other].files
    of: tuple[Of, Of] = ("cpu/file", "wall/file") if by_file else ("cpu", "wall")
    return [_short(outcome.ratio(first, other, one)) for one in of]


def _short(number: float) -> str:
    """Give a number with three digits that count: 0.0312, 1,010."""
    return f"{float(f'{number:.3g}'):,g}"


def _time(seconds: float) -> str:
    """Give a time in the unit in which it has few digits."""
    if seconds >= 10:  # noqa: PLR2004
        return f"{seconds:,.1f} s"
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.3g} ms"  # noqa: PLR2004
