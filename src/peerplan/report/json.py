"""What `--json` prints: one document, the same keys in every version with the same number."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from peerplan.commands.batch.run import Batch
from peerplan.commands.emails.run import Emails
from peerplan.commands.status import Status, UnitStatus
from peerplan.commands.update import Updated, Updates
from peerplan.documents.overview import UnitLine
from peerplan.errors import Problem
from peerplan.folder.write import PlanFiles
from peerplan.messages import problem_line
from peerplan.plan.plan import Plan
from peerplan.plan.readiness import Action

VERSION = 1


def plan_json(files: PlanFiles, *, written: bool) -> str:
    """What `init` made."""
    return _document(
        folder=str(files.folder),
        written=written,
        files=_files(files),
        **_plan(files.plan),
        notices=_lines(files.placed_notices, files.plan.answers.language),
    )


def update_json(updates: Updates, language: str, *, written: bool) -> str:
    """What became of the folders."""
    return _document(
        written=written,
        units=[
            {
                "folder": str(one.files.folder),
                "files": _files(one.files),
                "ticks": [
                    {"id": tick.id, "answer": one.current.draft[_key(one, tick.id)]} for tick in one.current.ticks
                ],
                **_plan(one.files.plan),
                "notices": _lines(one.files.placed_notices, language),
            }
            for one in updates.units
        ],
        errors=_errors((problem for one in updates.failures for problem in one.problems), language),
    )


def status_json(status: Status, as_of: date, language: str) -> str:
    """Where the units stand, those that need attention most first."""
    counts = Counter(unit.plan.verdict for unit in status.units)
    return _document(
        as_of=as_of.isoformat(),
        units=[_unit(unit) for unit in status.units],
        totals={
            "units": len(status.units),
            **{verdict: counts[verdict] for verdict in ("ready", "ready-to-try", "not-yet")},
            "late": sum(bool(unit.plan.late) for unit in status.units),
        },
        errors=_errors(status.problems, language),
    )


def batch_json(made: Batch, language: str, *, written: bool) -> str:
    """What was made of a table: the units, those that need attention most first."""
    return _document(
        written=written,
        counts=dict(made.counts),
        units=[_line(line) for line in made.overview.lines],
        gone=list(made.gone),
        notices=_lines(made.notices, language),
        kept=_lines(made.kept, language),
        errors=_errors(made.problems, language),
    )


def emails_json(made: Emails, language: str, *, written: bool) -> str:
    """Which drafts were made; nothing about whom they are for."""
    return _document(
        folder=str(made.folder),
        written=written,
        drafts=list(made.names),
        protected=list(made.protected),
        to_fill_in=made.blanks,
        notices=_lines(made.notices, language),
    )


def starter_json(path: Path) -> str:
    """Where the empty table is."""
    return _document(starter=str(path))


def errors_json(language: str, problems: Iterable[Problem], exit_code: int) -> str:
    """What went wrong, instead of a result."""
    return _document(exit_code=exit_code, errors=_errors(problems, language))


def _lines(problems: Iterable[Problem], language: str) -> list[str]:
    return [problem_line(language, problem) for problem in problems]


def _errors(problems: Iterable[Problem], language: str) -> list[dict[str, str]]:
    return [
        {"id": problem.message, "place": problem.place, "text": problem_line(language, problem)} for problem in problems
    ]


def _document(**values: Any) -> str:  # noqa: ANN401 # whatever JSON can hold
    return json.dumps({"version": VERSION, **values}, indent=2)  # in ASCII: a terminal's encoding may lack letters


def _unit(unit: UnitStatus) -> dict[str, object]:
    return {"folder": str(unit.folder), "unread_ticks": unit.ticks, **_plan(unit.plan)}


def _line(line: UnitLine) -> dict[str, object]:
    areas = {area: {"done": done, "total": total} for area, (done, total) in line.areas.items()}
    due = line.next_due and line.next_due.isoformat()
    return {**asdict(line), "start": line.start.isoformat(), "next_due": due, "areas": areas}


def _plan(plan: Plan) -> dict[str, object]:
    answers = plan.answers
    return {
        "unit": answers.unit.name,
        "setting": answers.unit.setting,
        "start": answers.placement.start.isoformat(),
        "end": answers.placement.end and answers.placement.end.isoformat(),
        "verdict": plan.verdict,
        "blocking": [action.id for action in plan.blocking],
        "open": len(plan.actions),
        "late": len(plan.late),
        "areas": {area.id: {"done": area.done, "total": area.total} for area in plan.areas},
        "actions": [_action(action) for action in plan.actions],
    }


def _action(action: Action) -> dict[str, object]:
    return {
        "id": action.id,
        "title": action.title,
        "owner": action.owner,
        "due": action.due.isoformat(),
        "late": action.late,
        "blocks": action.blocks,
    }


def _files(files: PlanFiles) -> dict[str, str]:
    return {document.name: document.kind for document in files.documents}


def _key(updated: Updated, item_id: str) -> str:
    item = updated.current.guide.item(item_id)
    return f"{item.area}.{item.id}"
