"""`peerplan init`: from answers to a plan folder."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from peerplan.answers.draft import NOT_ANSWERED, Draft, check_draft, for_next_time, with_planned_from
from peerplan.answers.keys import LANGUAGE, START
from peerplan.answers.questions import open_steps, with_unknown
from peerplan.answers.toml import FILE_NAME, AnswersText, read_answers
from peerplan.answers.values import MISSING
from peerplan.answers.ways import ways_of
from peerplan.call import quoted
from peerplan.commands.making import PlanFiles, PlanMaker
from peerplan.documents.page import PAGE
from peerplan.errors import EditedFileKept, Interrupted, Problem, UsageError
from peerplan.folder.autosave import AnswersFile
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import locked, refuse_no_folder
from peerplan.folder.read import FolderState
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.plan.doubts import refuse_begun

SET = "--set"

Save = Callable[[Draft], None]
# Asks a person for what a draft lacks, saves every answer at once where that may be, and returns the finished draft.
# The day is the first that the placement of a new plan may start on. KeyboardInterrupt: the person stopped.
Interview = Callable[[Draft, Guide, Save | None, date | None], Draft]


@dataclass(frozen=True, slots=True)
class InitRequest:
    """What the command was asked for. `interview` is None where nobody can be asked."""

    folder: Path | None
    answers: Path | None
    settings: Sequence[str]
    language: str | None
    system_language: str
    as_of: date
    no_input: bool
    dry_run: bool = False
    force: bool = False
    plain: bool = False
    interview: Interview | None = None


@dataclass(frozen=True, slots=True)
class Initiated:
    """What was made; `written` is False for a dry run, `plain` asks for a report without escape codes."""

    files: PlanFiles
    written: bool
    plain: bool

    @property
    def failure(self) -> EditedFileKept | None:
        return self.files.failure

    @property
    def page(self) -> Path | None:
        """The web page, if one was written."""
        return self.files.changes.folder / PAGE if self.written and PAGE in self.files.names else None


def init(request: InitRequest, kit: Kit) -> Initiated:
    """Complete the answers, make the plan and write its folder.

    Resume from a folder that holds answers already, unless answers come from elsewhere.

    Raises:
        PeerplanError: before anything is written, except for the answers that an interview saves.
    """
    if request.folder:
        refuse_no_folder(request.folder)
    maker = PlanMaker(kit, request.as_of, force=request.force, html=True)
    with ExitStack() as holding:
        folder = request.folder
        if not folder or not _holds_the_answers(folder, request.answers):
            files = _make_new(request, maker, holding)
        else:
            if not request.dry_run:
                holding.enter_context(locked(folder))
            files = _go_on(request, maker, Snapshot(folder), holding)
    return Initiated(files, written=not request.dry_run, plain=request.plain)


def _make_new(request: InitRequest, maker: PlanMaker, holding: ExitStack) -> PlanFiles:
    source = read_answers(request.answers) if request.answers else AnswersText(b"", "", {}, {})
    said, ways = source.draft, ways_of(maker.kit.guides)
    source = source._replace(draft=ways.read(source.draft))
    settings = ways.read(_settings(request))
    places = source.places | dict.fromkeys(settings, SET)
    language = request.language or {**source.draft, **settings}.get(LANGUAGE, request.system_language)
    guide = maker.kit.guide(language, f"{places.get(LANGUAGE, '')}: {LANGUAGE}")
    draft: Draft = {**source.draft, **settings, LANGUAGE: guide.language}
    planned = partial(with_planned_from, as_of=request.as_of, planned_start=source.draft.get(START))
    draft = planned(draft)
    checked = check_draft(draft, guide)
    checked.refuse(places, but=MISSING)
    if is_next := _is_next_time(source.draft, draft, request.as_of):
        draft = for_next_time(draft, guide)
        checked = check_draft(draft, guide)
    replaces = bool(request.answers) and request.force
    file = AnswersFile(request.folder, guide, source.text, said, holding, replaces=replaces)
    if open_steps(draft, guide):
        _refuse_another_plan(request)
        if request.interview:  # what a file lacks is asked, also where it says so
            draft = {key: value for key, value in draft.items() if value not in NOT_ANSWERED}
        draft = planned(_completed(draft, guide, file, request, is_new=True))
        checked = check_draft(draft, guide)
    answers = checked.accepted(places)
    refuse_begun(answers, request.as_of, places)
    snapshot = Snapshot(file.folder_of(draft))
    content = file.content_of(draft)
    files = maker.files(snapshot, answers, {FILE_NAME: content})
    if is_next:
        files = replace(files, notices=(*files.notices, (START, Problem("next-time"))))
    if not (request.force or request.interview):
        _refuse_what_is_in_the_way(files, snapshot, content)
    if not request.dry_run:
        file.hold()
        if not (request.force or request.interview):
            _refuse_what_came_meanwhile(snapshot)
        file.back_up()
        write_in_order(files.changes.writes)
    return files


def _is_next_time(earlier: Draft, draft: Draft, as_of: date) -> bool:
    """Tell whether the answers are those of a plan whose placement has begun, for a later one."""
    began, start = earlier.get(START), draft.get(START)
    return isinstance(began, date) and isinstance(start, date) and began < as_of <= start


def _go_on(request: InitRequest, maker: PlanMaker, snapshot: Snapshot, holding: ExitStack) -> PlanFiles:
    settings = ways_of(maker.kit.guides).read(_settings(request))
    state = maker.read(snapshot, request.language or settings.get(LANGUAGE))
    guide, before = state.guide, snapshot.answers
    places = {**state.places, **dict.fromkeys(settings, SET)}
    draft = {**state.draft, **settings, LANGUAGE: guide.language}
    checked = check_draft(draft, guide)
    checked.refuse(places, but=MISSING)
    file = AnswersFile(snapshot.folder, guide, before.text, before.draft, holding, known=before.content)
    is_new = snapshot.record is None
    completed = _completed(draft, guide, file, request, is_new=is_new)
    if request.interview:
        now = maker.read(Snapshot(snapshot.folder), guide.language)
        completed, snapshot, state = _with_meanwhile(completed, draft, state, now), now.snapshot, now
    completed = with_planned_from(completed, request.as_of, snapshot.record and snapshot.record.start)
    answers = (checked if completed == draft else check_draft(completed, guide)).accepted(places)
    if is_new:
        refuse_begun(answers, request.as_of, places)
    content = file.content_of(completed)
    files = maker.files(snapshot, answers, {FILE_NAME: content} if content != file.known else {}, state)
    if not request.dry_run:
        write_in_order(files.changes.writes)
    return files


def _with_meanwhile(completed: Draft, draft: Draft, before: FolderState, now: FolderState) -> Draft:
    """Return what an interview made of a draft, with what was written into the documents while it went on.

    What was answered in the interview counts.
    """
    asked = {key for key in {*draft, *completed} if draft.get(key) != completed.get(key)}
    written = {key: value for key, value in now.draft.items() if before.draft.get(key) != value}
    return completed | {key: value for key, value in written.items() if key not in asked}


def _completed(draft: Draft, guide: Guide, file: AnswersFile, request: InitRequest, *, is_new: bool) -> Draft:
    """Complete a draft: ask for what is missing, or count it as unknown.

    Raises:
        UsageError: for what is missing, without a terminal.
        Interrupted: if the person stopped.
    """
    if request.interview:
        save = None if request.dry_run else file.save
        try:
            draft = request.interview(draft, guide, save, request.as_of if is_new else None)
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
    """Return the error for a person who stopped, with the way to resume if answers were saved."""
    if file and file.folder and file.known:
        return Interrupted(Problem("interrupted-saved", {"folder": quoted(file.folder)}))
    return Interrupted(Problem("interrupted"))


def _settings(request: InitRequest) -> dict[str, str]:
    """Return the answers of --set, as they were written."""
    settings = {}
    for setting in request.settings:
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not key:
            raise UsageError(Problem("set-form", {}, SET))
        settings[key] = value
    return settings


def _refuse_another_plan(request: InitRequest) -> None:
    """Refuse to ask for other answers on top of those that are there."""
    if request.interview and request.answers and not request.force and _has_answers(request.folder):
        raise UsageError(Problem("in-the-way", {"names": FILE_NAME}, str(request.folder)))


def _has_answers(folder: Path | None) -> bool:
    return folder is not None and (folder / FILE_NAME).exists()


def _refuse_what_is_in_the_way(files: PlanFiles, snapshot: Snapshot, answers: bytes) -> None:
    """Refuse to replace what is there with a new plan."""
    names = [one.name for one in files.changes.documents if one.before is not None and one.kind != "same"]
    if snapshot.content(FILE_NAME) not in (None, answers):
        names.insert(0, FILE_NAME)
    if names:
        raise UsageError(Problem("in-the-way", {"names": ", ".join(names)}, str(snapshot.folder)))


def _refuse_what_came_meanwhile(snapshot: Snapshot) -> None:
    """Refuse to replace what another run made between the look at the folder and its lock."""
    if Snapshot(snapshot.folder).content(FILE_NAME) != snapshot.content(FILE_NAME):
        raise UsageError(Problem("in-the-way", {"names": FILE_NAME}, str(snapshot.folder)))


def _holds_the_answers(folder: Path, answers: Path | None) -> bool:
    """Tell whether to resume from the folder's own answers."""
    own = folder / FILE_NAME
    return own.is_file() and (answers is None or answers.resolve() == own.resolve())
