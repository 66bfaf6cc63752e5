"""`peerplan status`: how far one unit or many have come. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

from peerplan.answers.draft import check_answers
from peerplan.commands.unread import unread_in
from peerplan.errors import CheckNotMet, InputError, PeerplanError, Problem, UsageError
from peerplan.folder.folder import plan_folders
from peerplan.folder.read import read_state
from peerplan.folder.record import CHECKLIST
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.kit import Kit
from peerplan.guide.model import Area
from peerplan.plan.overview import STANDINGS, UnitLine
from peerplan.plan.plan import Plan, Standing, make_plan

Check = Literal["ready", "ready-to-try", "not-late"]


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """Where one unit stands. `ticks` counts the ticked boxes that `update` has not read in yet; they are counted.

    `notices` are what waits for a person, and what she wrote that cannot be read.
    """

    folder: Path
    plan: Plan
    ticks: int
    notices: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The units, the one that needs attention most first, and what is wrong in the folders that cannot be read.

    `areas` are called as the person reads them; `check` is what the units are held against.
    """

    units: tuple[UnitStatus, ...]
    problems: tuple[Problem, ...]
    areas: Sequence[Area]
    as_of: date
    check: Check | None

    @property
    def standings(self) -> dict[Standing, int]:
        """How many units stand in each way."""
        return {one: sum(unit.plan.standing == one for unit in self.units) for one in STANDINGS}

    @property
    def failure(self) -> PeerplanError | None:
        """Folders that cannot be read, or else each unit that falls short."""
        if self.problems:
            return InputError(*self.problems)
        short = [unit for unit in self.units if self.check and not _meets(unit.plan, self.check)]
        problems = (Problem("check-not-met", {"check": self.check}, str(unit.folder)) for unit in short)
        return CheckNotMet(*problems) if short else None


def status(folders: Iterable[Path], kit: Kit, language: str, as_of: date, check: str = "") -> Status:
    """Read plan folders, and those within a folder that is none itself; language is the person's.

    Raises:
        UsageError: if there is no such check.
        InputError: if there is no unit to show.
    """
    wanted = _check_of(check)
    units: list[UnitStatus] = []
    found, problems = plan_folders(folders)
    for one in found:
        try:
            units.append(_unit_status(one, kit, as_of))
        except PeerplanError as error:
            problems += error.problems
    if not units:
        raise InputError(*problems)
    units.sort(key=lambda unit: UnitLine.of(unit.plan, str(unit.folder)).attention())
    return Status(tuple(units), tuple(problems), kit.guide(language).areas, as_of, wanted)


def _check_of(text: str) -> Check | None:
    if text and text not in get_args(Check):
        raise UsageError(Problem("unknown-check", {"value": text, "choices": ", ".join(get_args(Check))}, "--check"))
    return cast("Check", text) if text else None


def _meets(plan: Plan, check: Check) -> bool:
    if check == "not-late":
        return not plan.late
    return plan.verdict in (None, "ready", check)  # None: it has begun, and is no longer about to


def _unit_status(folder: Path, kit: Kit, as_of: date) -> UnitStatus:
    snapshot = Snapshot(folder)
    state = read_state(snapshot, kit, names=(CHECKLIST,))
    answers = check_answers(state.draft, state.guide, state.places)
    plan = make_plan(answers, state.guide, as_of)
    return UnitStatus(folder, plan, len(state.ticks), (*state.waiting, *unread_in(state, plan)))
