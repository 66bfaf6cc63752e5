"""`peerplan status`: how far one unit or many have come. Writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

from peerplan.answers.draft import check_answers
from peerplan.answers.toml import FILE_NAME
from peerplan.documents.overview import UnitLine
from peerplan.errors import CheckNotMet, InputError, PeerplanError, Problem, UsageError
from peerplan.folder.read import read_current
from peerplan.plan.plan import Plan, make_plan

Check = Literal["ready", "ready-to-try", "not-late"]


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """Where one unit stands. `ticks` counts the ticked boxes that `update` has not read in yet; they are counted."""

    folder: Path
    plan: Plan
    ticks: int


@dataclass(frozen=True, slots=True)
class Status:
    """The units, the one that needs attention most first, and what is wrong in the folders that cannot be read."""

    units: tuple[UnitStatus, ...]
    problems: tuple[Problem, ...]


def check_of(text: str) -> Check | None:
    """What --check asked for, or None.

    Raises:
        UsageError: if there is no such check.
    """
    if text and text not in get_args(Check):
        raise UsageError(Problem("unknown-check", {"value": text, "choices": ", ".join(get_args(Check))}, "--check"))
    return cast("Check", text) if text else None


def gather(folders: Iterable[Path], as_of: date) -> Status:
    """Read plan folders, and those within a folder that is none itself.

    Raises:
        InputError: if there is no unit to show.
    """
    units: list[UnitStatus] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    for folder in folders:
        found = list(_plan_folders(folder))
        if not found:
            problems.append(Problem("no-plan-here", {}, str(folder)))
        for one in found:
            if one.resolve() in seen:
                continue
            seen.add(one.resolve())
            try:
                units.append(_unit_status(one, as_of))
            except PeerplanError as error:
                problems += error.problems
    if not units:
        raise InputError(*problems)
    units.sort(key=lambda unit: UnitLine.of(unit.plan, str(unit.folder)).attention())
    return Status(tuple(units), tuple(problems))


def refuse_short(units: Iterable[UnitStatus], check: Check) -> None:
    """Hold the units against what was asked for.

    Raises:
        CheckNotMet: naming each unit that falls short.
    """
    short = [unit for unit in units if not _meets(unit.plan, check)]
    if short:
        values = {"check": check}
        raise CheckNotMet(*(Problem("check-not-met", values, str(unit.folder)) for unit in short))


def _meets(plan: Plan, check: Check) -> bool:
    if check == "not-late":
        return not plan.late
    return plan.verdict in ("ready", check)


def _plan_folders(folder: Path) -> Iterator[Path]:
    """The folder itself if it holds answers, else the folders in it that do."""
    if (folder / FILE_NAME).is_file():
        yield folder
        return
    yield from sorted(path.parent for path in folder.glob(f"*/{FILE_NAME}"))


def _unit_status(folder: Path, as_of: date) -> UnitStatus:
    current = read_current(folder)
    answers = check_answers(current.draft, current.guide, current.places)
    return UnitStatus(folder, make_plan(answers, current.guide, as_of), len(current.ticks))
