"""`peerplan init`: from answers to a plan folder."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from peerplan.answers import Draft, check_answers, refuse_wrong, typed_answers
from peerplan.answers_toml import FILE_NAME, encoded_like, read_answers, read_text, write_answers
from peerplan.commands.plan_files import Making, PlanFiles, plan_files
from peerplan.current import Current, read_current
from peerplan.disk import write_files, write_in_order
from peerplan.errors import FolderInUse, InputError, Interrupted, Problem, UsageError
from peerplan.folder import backup_name, folder_name, held, quoted, refuse_no_folder, within
from peerplan.guide import Guide
from peerplan.guide_files import load_guide
from peerplan.interview.steps import draft_profile, open_steps, with_unknown
from peerplan.messages import languages
from peerplan.planning import make_plan, refuse_begun

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
    file = _AnswersFile(request, guide, read_text(request.answers) if request.answers else "", holding)
    if open_steps(draft, guide):
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
    file = _AnswersFile(request, guide, current.text, holding, known=(folder / FILE_NAME).read_bytes())
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


def _completed(draft: Draft, guide: Guide, file: "_AnswersFile", request: Request, *, is_new: bool) -> Draft:
    """The draft with what was missing asked for, or counted as unknown.

    Raises:
        UsageError: for what is missing, without a terminal.
        Interrupted: if the person stopped.
    """
    if request.interview:
        file.refuse_another_plan()
        draft = _interview(draft, guide, file, request.interview, is_new=is_new)
    elif request.no_input:
        draft = with_unknown(draft, guide)
    missing = [step.key for step in open_steps(draft, guide)]
    if missing:
        message = "answers-needed" if request.no_input else "answers-missing"
        raise UsageError(Problem(message, {"keys": ", ".join(missing)}))
    return draft


class _AnswersFile:
    """answers.toml of the plan that is being made, kept up to date while an interview goes on.

    `known` is what the file holds as far as is known; None before anything was saved.
    """

    def __init__(
        self, request: Request, guide: Guide, text: str, holding: ExitStack, known: bytes | None = None
    ) -> None:
        self.folder = request.folder
        self.guide = guide
        self.text = text
        self.is_kept = not request.dry_run
        self.replaces = bool(request.answers) and request.force
        self.is_foreign = bool(request.answers) and not request.force
        self.holding = holding
        self.known = known
        self.is_held = known is not None

    def folder_of(self, draft: Draft) -> Path:
        """The folder that was given, or a new one named after the unit.

        Raises:
            UsageError: if that name belongs to another plan.
        """
        if self.folder is None:
            folder = Path(folder_name(str(draft[NAME])))
            if (folder / FILE_NAME).exists():
                raise UsageError(Problem("name-taken", {"folder": quoted(folder)}, str(folder)))
            self.folder = folder
        return self.folder

    def content_of(self, draft: Draft) -> bytes:
        """The file's content for a draft.

        Raises:
            FolderInUse: if somebody else changed the file while the interview went on.
        """
        path = self.folder_of(draft) / FILE_NAME
        now = path.read_bytes() if path.is_file() else b""
        if self.known not in (None, now):
            raise FolderInUse(Problem("answers-changed", {"folder": quoted(path.parent)}, str(path)))
        self.text = write_answers(draft, self.guide, draft_profile(draft, self.guide), self.text)
        return encoded_like(self.text, now)

    def hold(self) -> None:
        """Keep others from the folder from now on."""
        if self.folder and not self.is_held:
            self.holding.enter_context(held(self.folder))
            self.is_held = True

    def save(self, draft: Draft) -> None:
        """Write the answers so far, as soon as the folder has a name."""
        if not (self.folder or NAME in draft):
            return
        folder = self.folder_of(draft)
        path = within(folder, FILE_NAME)
        self.hold()
        if self.known is None and path.exists() and not self.replaces:  # another interview was first
            raise UsageError(Problem("name-taken", {"folder": quoted(folder)}, str(folder)))
        content = self.content_of(draft)
        self.back_up()
        write_in_order([(path, content)])
        self.known = content

    def back_up(self) -> None:
        """Keep a copy of the answers that are replaced by others."""
        path = self.folder / FILE_NAME if self.folder else None
        if self.replaces and path and path.is_file():
            write_files(path.parent, {backup_name(path.parent, path.name): path.read_bytes()})
        self.replaces = False

    def refuse_another_plan(self) -> None:
        """Other answers are not asked for on top of a plan that is there.

        Raises:
            UsageError: if the folder holds one.
        """
        if self.is_foreign and self.folder and (self.folder / FILE_NAME).exists():
            raise UsageError(Problem("in-the-way", {"names": FILE_NAME}, str(self.folder)))


def _interview(draft: Draft, guide: Guide, file: _AnswersFile, interview: Interview, *, is_new: bool) -> Draft:
    try:
        return interview(draft, guide, file.save if file.is_kept else None, is_new=is_new)
    except KeyboardInterrupt:
        if file.is_kept and file.folder and file.known:
            raise Interrupted(Problem("interrupted-saved", {"folder": quoted(file.folder)})) from None
        raise Interrupted(Problem("interrupted")) from None


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
