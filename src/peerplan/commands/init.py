"""`peerplan init`: from answers to a plan folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from peerplan.answers import Draft, check_answers
from peerplan.answers_toml import FILE_NAME, read_answers, read_text, write_answers
from peerplan.documents import render_documents
from peerplan.errors import InputError, Interrupted, Problem, UsageError
from peerplan.folder import back_up, changed_files, folder_name, write_files
from peerplan.guide import Guide
from peerplan.guide_files import load_guide
from peerplan.interview.steps import draft_profile, open_steps, with_unknown
from peerplan.messages import languages
from peerplan.planning import Plan, make_plan, refuse_begun

NAME = "unit.name"
LANGUAGE = "language"

Save = Callable[[Draft], None]
Interview = Callable[[Draft, Guide, Save], Draft]


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


@dataclass(frozen=True, slots=True)
class Result:
    """The plan that was made, and the files that hold it."""

    plan: Plan
    folder: Path
    names: tuple[str, ...]


def init(request: Request) -> Result:
    """Complete the answers, make the plan and write its folder.

    Raises:
        PeerplanError: before anything is written, except for the answers that an interview saves.
    """
    start_from = request.answers or _answers_in(request.folder)
    draft, places = _given(start_from, request.settings)
    guide = load_guide(_language(draft, places, request))
    draft["language"] = guide.language
    file = _AnswersFile(request, guide, read_text(start_from) if start_from else "")
    was_there = start_from is not None and start_from != request.answers
    if request.interview and (was_there or open_steps(draft, guide)):
        draft = _interview(draft, guide, file, request.interview)
    elif request.no_input:
        draft = with_unknown(draft, guide)
    _refuse_missing(draft, guide, request)
    answers = check_answers(draft, guide, places)
    if not was_there:
        refuse_begun(answers, request.as_of, places)
    plan = make_plan(answers, guide, request.as_of)
    documents = render_documents(plan, guide)
    folder = file.folder_of(draft)
    files = {FILE_NAME: file.text_of(draft).encode(), **documents}
    changed = changed_files(folder, documents if was_there else files)
    if changed and not (request.force or request.interview):
        raise UsageError(Problem("in-the-way", {"names": ", ".join(changed)}, str(folder)))
    if not request.dry_run:
        back_up(folder, files)
        write_files(folder, files)
    return Result(plan, folder, tuple(files))


class _AnswersFile:
    """answers.toml of the plan that is being made, kept up to date while an interview goes on."""

    def __init__(self, request: Request, guide: Guide, text: str) -> None:
        self.folder = request.folder
        self.guide = guide
        self.text = text
        self.is_kept = not request.dry_run
        self.is_saved = False

    def folder_of(self, draft: Draft) -> Path:
        """The folder that was given, or a new one named after the unit.

        Raises:
            UsageError: if that name belongs to another plan.
        """
        if self.folder is None:
            folder = Path(folder_name(str(draft[NAME])))
            if (folder / FILE_NAME).exists():
                raise UsageError(Problem("name-taken", {"folder": folder}, str(folder)))
            self.folder = folder
        return self.folder

    def text_of(self, draft: Draft) -> str:
        return write_answers(draft, self.guide, draft_profile(draft, self.guide), self.text)

    def save(self, draft: Draft) -> None:
        if self.is_kept and (self.folder or NAME in draft):
            self.text = self.text_of(draft)
            write_files(self.folder_of(draft), {FILE_NAME: self.text.encode()})
            self.is_saved = True


def _interview(draft: Draft, guide: Guide, file: _AnswersFile, interview: Interview) -> Draft:
    try:
        return interview(draft, guide, file.save)
    except KeyboardInterrupt:
        message = "interrupted-saved" if file.is_saved else "interrupted"
        raise Interrupted(Problem(message, {"folder": file.folder})) from None


def _answers_in(folder: Path | None) -> Path | None:
    path = folder / FILE_NAME if folder else None
    return path if path and path.is_file() else None


def _given(path: Path | None, settings: Sequence[str]) -> tuple[Draft, dict[str, str]]:
    """The draft from the file of answers and the settings, and where each key was given."""
    draft, places = read_answers(path) if path else ({}, {})
    for setting in settings:
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not key:
            raise UsageError(Problem("set-form", {}, "--set"))
        draft[key], places[key] = value, "--set"
    return draft, places


def _language(draft: Draft, places: dict[str, str], request: Request) -> str:
    """The language that was asked for, else the answers', else the system's."""
    language = request.language or draft.get("language", request.system_language)
    if language not in languages():
        values = {"value": language, "choices": ", ".join(languages())}
        error = UsageError if request.language else InputError
        place = "--lang" if request.language else f"{places['language']}: language"
        raise error(Problem("unknown-language", values, place))
    return str(language)


def _refuse_missing(draft: Draft, guide: Guide, request: Request) -> None:
    """Without answers to go by there is no plan, and without a terminal nobody to ask."""
    missing = [step.key for step in open_steps(draft, guide)]
    if missing:
        message = "answers-needed" if request.no_input else "answers-missing"
        raise UsageError(Problem(message, {"keys": ", ".join(missing)}))
