"""`peerplan init`: from answers to a plan folder."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from peerplan.answers.draft import NOT_ANSWERED, Draft, check_answers, refuse_wrong, typed_answers
from peerplan.answers.questions import open_steps, with_unknown
from peerplan.answers.toml import FILE_NAME, read_answers, read_text
from peerplan.errors import InputError, Interrupted, Problem, UsageError
from peerplan.folder.autosave import AnswersFile
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import held, quoted, refuse_no_folder
from peerplan.folder.read import Current, read_current
from peerplan.folder.write import Making, PlanFiles, plan_files
from peerplan.guide.load import load_guide
from peerplan.guide.model import Guide
from peerplan.messages import languages
from peerplan.plan.plan import make_plan, refuse_begun

NAME = "unit.name"
LANGUAGE = "language"
SET = "--set"

Save = Callable[[Draft], None]


class Interview(Protocol):
    """Asks a person for what a draft lacks, and saves every answer at once."""

    def __call__(self, draft: Draft, guide: Guide, save: Save | None, /, *, is_new: bool) -> Draft:
        """The finished draft; save is None where nothing may be written.

        Where there is no plan yet (is_new), it is for a placement to come.

        Raises:
            KeyboardInterrupt: if the person stopped.
        """


@dataclass(frozen=True, slots=True)
class Request:
    """What the command was asked for. `interview` is None where nobody can be asked."""

    folder: Path | None
    answers: Path | None
    settings: Sequence[str]
    language: str | None
    system_language: str
    as_of: date
    no_input: bool
    dry_run: bool
    force: bool
    interview: Interview | None


def init(request: Request) -> PlanFiles:
    """Complete the answers, make the plan and write its folder.

    A folder that holds answers already is gone on with, unless answers come from elsewhere.

    Raises:
        PeerplanError: before anything is written, except for the answers that an interview saves.
    """
    if request.language and request.language not in languages():
        raise UsageError(_unknown_language(request.language, "--lang"))
    if request.folder:
        refuse_no_folder(request.folder)
    with ExitStack() as holding:
        folder = request.folder
        if not folder or not _holds_the_answers(folder, request.answers):
            return _make_new(request, holding)
        if not request.dry_run:
            holding.enter_context(held(folder))
        current = read_current(folder, request.language or _settings(request).get(LANGUAGE))
        return _go_on(request, folder, current, holding)


def _make_new(request: Request, holding: ExitStack) -> PlanFiles:
    draft, places = read_answers(request.answers) if request.answers else ({}, {})
    settings = _settings(request)
    places |= dict.fromkeys(settings, SET)
    language = request.language or {**draft, **settings}.get(LANGUAGE, request.system_language)
    if language not in languages():
        raise InputError(_unknown_language(language, f"{places[LANGUAGE]}: {LANGUAGE}"))
    guide = load_guide(str(language))
    draft |= typed_answers(settings, guide)
    draft[LANGUAGE] = guide.language
    refuse_wrong(draft, guide, places)
    text = read_text(request.answers) if request.answers else ""
    file = AnswersFile(request.folder, guide, text, holding, replaces=bool(request.answers) and request.force)
    if open_steps(draft, guide):
        _refuse_another_plan(request)
        if request.interview:  # what a file lacks is asked, also where it says so
            draft = {key: value for key, value in draft.items() if value not in NOT_ANSWERED}
        draft = _completed(draft, guide, file, request, is_new=True)
    answers = check_answers(draft, guide, places)
    refuse_begun(answers, request.as_of, places)
    plan = make_plan(answers, guide, request.as_of)
    folder = file.folder_of(draft)
    content = file.content_of(draft)
    files = plan_files(folder, Making(plan, guide, {FILE_NAME: content}), force=request.force)
    if not (request.force or request.interview):
        _refuse_what_is_in_the_way(files, content)
    if not request.dry_run:
        file.hold()
        file.back_up()
        write_in_order(files.writes)
    return files


def _go_on(request: Request, folder: Path, current: Current, holding: ExitStack) -> PlanFiles:
    guide, settings = current.guide, _settings(request)
    places = current.places | dict.fromkeys(settings, SET)
    draft = {**current.draft, **typed_answers(settings, guide), LANGUAGE: guide.language}
    refuse_wrong(draft, guide, places)
    file = AnswersFile(folder, guide, current.text, holding, known=(folder / FILE_NAME).read_bytes())
    is_new = current.record is None
    draft = _completed(draft, guide, file, request, is_new=is_new)
    checked = check_answers(draft, guide, places)
    if is_new:
        refuse_begun(checked, request.as_of, places)
    plan = make_plan(checked, guide, request.as_of)
    answers = {FILE_NAME: file.content_of(draft)}
    files = plan_files(folder, Making(plan, guide, answers, current.reading), force=request.force)
    if not request.dry_run:
        write_in_order(files.writes)
    return files


def _completed(draft: Draft, guide: Guide, file: AnswersFile, request: Request, *, is_new: bool) -> Draft:
    """The draft with what was missing asked for, or counted as unknown.

    Raises:
        UsageError: for what is missing, without a terminal.
        Interrupted: if the person stopped.
    """
    if request.interview:
        save = None if request.dry_run else file.save
        try:
            draft = request.interview(draft, guide, save, is_new=is_new)
        except KeyboardInterrupt:
            raise _interrupted(file if save else None) from None
    elif request.no_input:
        draft = with_unknown(draft, guide)
    missing = [step.key for step in open_steps(draft, guide)]
    if missing:
        message = "answers-needed" if request.no_input else "answers-missing"
        raise UsageError(Problem(message, {"keys": ", ".join(missing)}))
    return draft


def _interrupted(file: AnswersFile | None) -> Interrupted:
    """What to say when the person stopped: how to go on, if answers were saved."""
    if file and file.folder and file.known:
        return Interrupted(Problem("interrupted-saved", {"folder": quoted(file.folder)}))
    return Interrupted(Problem("interrupted"))


def _settings(request: Request) -> dict[str, str]:
    """The answers of --set, as they were written."""
    settings = {}
    for setting in request.settings:
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not key:
            raise UsageError(Problem("set-form", {}, SET))
        settings[key] = value
    return settings


def _unknown_language(language: object, place: str) -> Problem:
    return Problem("unknown-language", {"value": language, "choices": ", ".join(languages())}, place)


def _refuse_another_plan(request: Request) -> None:
    """Other answers are not asked for on top of those that are there."""
    if request.interview and request.answers and not request.force and _has_answers(request.folder):
        raise UsageError(Problem("in-the-way", {"names": FILE_NAME}, str(request.folder)))


def _has_answers(folder: Path | None) -> bool:
    return folder is not None and (folder / FILE_NAME).exists()


def _refuse_what_is_in_the_way(files: PlanFiles, answers: bytes) -> None:
    """A new plan replaces nothing that is there."""
    names = [one.name for one in files.documents if one.before is not None and one.kind != "same"]
    path = files.folder / FILE_NAME
    if path.is_file() and path.read_bytes() != answers:
        names.insert(0, FILE_NAME)
    if names:
        raise UsageError(Problem("in-the-way", {"names": ", ".join(names)}, str(files.folder)))


def _holds_the_answers(folder: Path, answers: Path | None) -> bool:
    """Whether the folder's own answers are to be gone on with."""
    own = folder / FILE_NAME
    return own.is_file() and (answers is None or answers.resolve() == own.resolve())
