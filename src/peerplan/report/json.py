"""What `--json` prints: one document, the same keys in every version with the same number."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerplan.errors import AND_MORE, Problem
from peerplan.messages import Messages

if TYPE_CHECKING:  # what a command did not import for its work is not imported for its report
    from peerplan.commands.batch.run import Batch
    from peerplan.commands.emails.run import Emails
    from peerplan.commands.export import Exports
    from peerplan.commands.form import Form
    from peerplan.commands.init import Initiated
    from peerplan.commands.making import PlanFiles
    from peerplan.commands.status import Status, UnitStatus
    from peerplan.commands.update import Updates
    from peerplan.plan.overview import Lines, UnitLine
    from peerplan.plan.plan import Plan
    from peerplan.plan.readiness import Action

VERSION = 1


def print_init(made: "Initiated", messages: Messages, language: str) -> None:
    """Print what `init` made."""
    files = made.files
    _print(
        folder=str(files.changes.folder),
        written=made.written,
        files=_files(files),
        **_plan(files.plan),
        notices=_lines(files.placed_notices, messages, files.plan.answers.language),
    )


def print_update(updates: "Updates", messages: Messages, language: str) -> None:
    """Print what became of the folders."""
    _print(
        written=updates.written,
        units=[_updated(one, messages, language) for one in updates.units],
        errors=_errors((problem for one in updates.failures for problem in one.problems), messages, language),
    )


def print_status(status: "Status", messages: Messages, language: str) -> None:
    """Print where the units stand, those that need attention most first."""
    _print(
        as_of=status.as_of.isoformat(),
        units=[_unit(unit, messages) for unit in status.units],
        totals={
            "units": len(status.units),
            **status.standings,
            "late": sum(bool(unit.plan.late) for unit in status.units),
        },
        errors=_errors(status.problems, messages, language),
    )


def print_batch(made: "Batch", messages: Messages, language: str) -> None:
    """Print what was made of a table: the units, those that need attention most first."""
    _print(
        written=made.written,
        counts=dict(made.counts),
        units=_Streamed(made.overview.lines),
        gone=list(made.gone),
        notices=_lines(made.notices, messages, language),
        kept=_lines(made.kept, messages, language),
        errors=_errors(made.problems, messages, language),
    )


def print_emails(made: "Emails", messages: Messages, language: str) -> None:
    """Print which drafts were made; nothing about whom they are for."""
    _print(
        folder=str(made.folder),
        written=made.written,
        drafts=list(made.names),
        protected=list(made.protected),
        to_fill_in=made.blanks,
        notices=_lines(made.notices, messages, language),
    )


def print_export(made: "Exports", messages: Messages, language: str) -> None:
    """Print which files were written."""
    _print(
        files=[str(path) for path in made.files],
        notices=_lines(made.notices, messages, language),
        errors=_errors((problem for one in made.failures for problem in one.problems), messages, language),
    )


def print_starter(path: Path, messages: Messages, language: str) -> None:
    """Print where the empty table is."""
    _print(starter=str(path))


def print_form(made: "Form", messages: Messages, language: str) -> None:
    """Print where the page is."""
    _print(form=str(made.path), notices=_lines(made.notices, messages, language))


def print_errors(problems: Iterable[Problem], messages: Messages, language: str, exit_code: int) -> None:
    """Print what went wrong, instead of a result."""
    _print(exit_code=exit_code, errors=_errors(problems, messages, language))


def _lines(problems: Iterable[Problem], messages: Messages, language: str) -> list[str]:
    return [messages.line(language, problem) for problem in problems]


def _errors(problems: Iterable[Problem], messages: Messages, language: str) -> list[dict[str, object]]:
    return [
        {"id": problem.message, "place": problem.place, "text": messages.line(language, problem)}
        | ({"count": problem.values["count"]} if problem.message == AND_MORE else {})
        | ({"cells": problem.cells} if problem.cells > 1 else {})
        for problem in problems
    ]


def _print(**values: Any) -> None:  # noqa: ANN401 # whatever JSON can hold
    for piece in json.JSONEncoder(indent=2).iterencode({"version": VERSION, **values}):
        print(piece, end="")  # in ASCII: a terminal's encoding may lack letters
    print()


class _Streamed(list[Any]):
    """The lines of an overview as a list of what is printed of them, each made when it is its turn."""

    def __init__(self, lines: "Lines") -> None:
        super().__init__()
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Any]:
        return map(_line, self._lines)


def _updated(files: "PlanFiles", messages: Messages, language: str) -> dict[str, object]:
    state = files.state
    return {
        "folder": str(files.changes.folder),
        "files": _files(files),
        "words": dict(state.words) if state else {},
        "ticks": [{"id": item.id, "answer": state.draft[item.key]} for item in state.ticks] if state else [],
        **_plan(files.plan),
        "notices": _lines([*files.placed_notices, *files.unread], messages, language),
    }


def _unit(unit: "UnitStatus", messages: Messages) -> dict[str, object]:
    notices = _lines(unit.notices, messages, unit.plan.answers.language)
    return {"folder": str(unit.folder), "unread_ticks": unit.ticks, "notices": notices, **_plan(unit.plan)}


def _line(line: "UnitLine") -> dict[str, object]:
    areas = {area: {"done": done, "total": total} for area, (done, total) in line.areas.items()}
    due = line.next_due and line.next_due.isoformat()
    values = {**asdict(line), "start": line.start.isoformat(), "next_due": due, "areas": areas}
    del values["coordinator"]  # output ends up in logs, and a plan's has no names either
    return values


def _plan(plan: "Plan") -> dict[str, object]:
    answers = plan.answers
    return {
        "unit": answers.unit.name,
        "setting": answers.unit.setting,
        "start": answers.placement.start.isoformat(),
        "end": answers.placement.end and answers.placement.end.isoformat(),
        "phase": plan.phase,
        "verdict": plan.verdict,
        "blocking": [action.id for action in plan.blocking],
        "short_of_time": [action.id for action in plan.short],
        "earliest_start": plan.earliest_start and plan.earliest_start.isoformat(),
        "next": plan.coming and {"day": plan.coming[0].isoformat(), "title": plan.coming[1]},
        "open": len(plan.actions),
        "late": len(plan.late),
        "areas": {area.id: {"done": area.done, "total": area.total} for area in plan.areas},
        "actions": [_action(action) for action in plan.actions],
        "left_over": [action.id for action in plan.left_over],
    }


def _action(action: "Action") -> dict[str, object]:
    return {
        "id": action.id,
        "title": action.title,
        "owner": action.owner,
        "owner_label": action.owner_label,
        "sources": list(action.sources),
        "due": action.due.isoformat(),
        "late": action.late,
        "blocks": action.blocks,
        "essential": action.essential,
    }


def _files(files: "PlanFiles") -> dict[str, str]:
    return {document.name: document.kind for document in files.changes.documents}
