"""The work on the units of a table: checked and written a few dozen at a time, by two processes if there are many."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Literal, TypeVar

from peerplan.answers.draft import Draft, check_answers, find_problems
from peerplan.answers.questions import draft_profile
from peerplan.answers.toml import FILE_NAME, encoded_like, write_answers
from peerplan.commands.batch.rows import LANGUAGE, Given, changed_draft, draft_of
from peerplan.documents.overview import UnitLine
from peerplan.errors import PeerplanError, Problem
from peerplan.folder.disk import Staging
from peerplan.folder.folder import held
from peerplan.folder.read import Current, read_current
from peerplan.folder.write import Making, PlanFiles, kept_problems, plan_files
from peerplan.guide.load import load_guide
from peerplan.guide.model import Guide
from peerplan.messages import languages
from peerplan.plan.plan import START, begun_problem, make_plan

CHUNK = 32  # units for which the disk is flushed once
MANY = 200  # units from which on a second process pays
PROCESSES = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """One row of a table: its folder, None if the row has no name, and what the row gives.

    `language` is for a new plan if the row names none.
    """

    folder: Path | None
    given: Given
    language: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit, the documents whose edits could not be merged, and what to look at, by its key."""

    kind: Literal["new", "updated", "same"]
    line: UnitLine
    kept: tuple[Problem, ...]
    notices: tuple[tuple[str, Problem], ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    draft: Draft
    guide: Guide
    current: Current | None


def work_through(work: Callable[[list[Job]], list[T]], jobs: Iterable[Job], count: int) -> Iterator[T]:
    """The results of all jobs, in order. count tells how many there are."""
    chunks = _chunks(jobs)
    if count < MANY or (os.cpu_count() or 1) < PROCESSES:
        yield from chain.from_iterable(map(work, chunks))
        return
    with ProcessPoolExecutor(PROCESSES, initializer=_ignore_interrupts) as pool:
        waiting: deque[Future[list[T]]] = deque()
        try:
            for chunk in chunks:
                waiting.append(pool.submit(work, chunk))
                if len(waiting) > PROCESSES:  # a row is read when it is soon wanted, and no earlier
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    remaining = iter(jobs)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def check_jobs(jobs: list[Job]) -> list[list[tuple[str, Problem]]]:
    """What is wrong in each job: the key, and the problem, without a place if it stands in the row."""
    return [_wrong(job) for job in jobs]


def write_jobs(jobs: list[Job]) -> list[Outcome]:
    """Write the folders of jobs that were checked.

    Raises:
        PeerplanError: if a folder cannot be written; then none of them is changed.
    """
    with ExitStack() as holding, Staging() as staging:
        outcomes = [_stage(job, staging, holding) for job in jobs]
        staging.put_in_place()
    return outcomes


def preview_jobs(jobs: list[Job]) -> list[Outcome]:
    """What write_jobs would do."""
    return [_outcome(job, files) for job in jobs if (files := _files(job))]


def _ignore_interrupts() -> None:
    """The first process stops the others when they have written what they hold."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _wrong(job: Job) -> list[tuple[str, Problem]]:
    if (language := job.given.get(LANGUAGE, job.language)) not in languages():
        values = {"value": language, "choices": ", ".join(languages())}
        return [(LANGUAGE, Problem("unknown-language", values))]
    try:
        return _unit_problems(job, _unit(job))
    except PeerplanError as error:
        return [("", problem) for problem in error.problems]


def _unit_problems(job: Job, unit: _Unit) -> list[tuple[str, Problem]]:
    places = unit.current.places if unit.current else {}
    found = [
        (key, problem if key in job.given else replace(problem, place=places.get(key, "")))
        for key, problem in find_problems(unit.draft, unit.guide)
    ]
    if not found:
        answers = check_answers(unit.draft, unit.guide)
        if not unit.current and (begun := begun_problem(answers.placement.start, job.as_of)):
            return [(START, begun)]
    return found


def _unit(job: Job) -> _Unit:
    if job.folder and (job.folder / FILE_NAME).is_file():
        current = read_current(job.folder)
        before = current.record.given if current.record else {}
        draft = {LANGUAGE: current.guide.language, **changed_draft(current.draft, before, job.given)}
        return _Unit(draft, load_guide(str(draft[LANGUAGE])), current)
    draft = {LANGUAGE: job.language, **draft_of(job.given)}
    return _Unit(draft, load_guide(str(draft[LANGUAGE])), None)


def _stage(job: Job, staging: Staging, holding: ExitStack) -> Outcome:
    folder = _folder(job)
    if not folder.exists():
        files = _files(job)
        root = folder.resolve()
        staging.add_folder(
            folder, {str(path.relative_to(root)): text for path, text in files.writes if text is not None}
        )
    else:
        holding.enter_context(held(folder))
        files = _files(job)
        staging.add(files.writes)
    return _outcome(job, files)


def _files(job: Job) -> PlanFiles:
    unit = _unit(job)
    plan = make_plan(check_answers(unit.draft, unit.guide), unit.guide, job.as_of)
    reading = unit.current.reading if unit.current else None
    return plan_files(_folder(job), Making(plan, unit.guide, _answers(job, unit), reading, job.given))


def _answers(job: Job, unit: _Unit) -> dict[str, bytes]:
    """answers.toml by its name, if it says something else than it does now."""
    current = unit.current
    if current and unit.draft == current.draft and not current.ticks:
        return {}
    text = write_answers(unit.draft, unit.guide, draft_profile(unit.draft, unit.guide), current.text if current else "")
    return {FILE_NAME: encoded_like(text, (_folder(job) / FILE_NAME).read_bytes() if current else b"")}


def _folder(job: Job) -> Path:
    if job.folder is None:
        raise AssertionError(job)  # a row without a name is refused when it is checked
    return job.folder


def _outcome(job: Job, files: PlanFiles) -> Outcome:
    is_new = all(document.before is None for document in files.documents)
    kind: Literal["new", "updated", "same"] = "new" if is_new else "updated" if files.writes else "same"
    kept = tuple(kept_problems(files.folder, files.documents))
    return Outcome(kind, UnitLine.of(files.plan, _folder(job).name), kept, files.notices)
