"""The one way from answers to a plan folder: answers -> plan -> documents -> what becomes of each file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from peerplan.answers.draft import Draft, check_draft, doubtful_numbers
from peerplan.answers.keys import LANGUAGE
from peerplan.answers.model import Answers
from peerplan.answers.toml import FILE_NAME, encoded_like
from peerplan.answers.ways import ways_of
from peerplan.commands.unread import unread_in
from peerplan.documents.letters import LETTER, mail_of
from peerplan.documents.page import PAGE, page_of
from peerplan.documents.picture import picture_of
from peerplan.documents.render import LETTERS, Templates, short_day
from peerplan.documents.sheets import TEXTS, sheets_of
from peerplan.documents.variables import flat
from peerplan.errors import EditedFileKept, InputError, Problem
from peerplan.folder.hiding import words_of
from peerplan.folder.read import FolderState, edited_pages, read_state, titles_of
from peerplan.folder.record import CHECKLIST, FolderRecord, new_plan_id
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.blanks import Document
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.plan.doubts import doubtful_choices
from peerplan.plan.plan import Plan, make_plan
from peerplan.text import decoded, fold


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """A plan and what becomes of the files of its folder.

    `notices` are what to look at, by the key of the answer; `state` is what the folder said before, if it held a plan.
    `unfit` are the texts that should not go out to people as they stand, with the reason.
    """

    plan: Plan
    changes: FolderChanges
    notices: tuple[tuple[str, Problem], ...]
    state: FolderState | None
    unfit: tuple[Problem, ...] = ()

    @property
    def placed_notices(self) -> list[Problem]:
        """The notices with the file and the key."""
        path = self.changes.folder / FILE_NAME
        return [replace(problem, place=f"{path}: {key}") for key, problem in self.notices]

    @property
    def unread(self) -> tuple[Problem, ...]:
        return (*(unread_in(self.state, self.plan) if self.state else ()), *self.unfit)

    @property
    def names(self) -> tuple[str, ...]:
        """The files that belong to the plan."""
        return (FILE_NAME, *(one.name for one in self.changes.documents if one.after is not None))

    @property
    def letter(self) -> str:
        """The letter to those who come, or "" where the plan needs none."""
        return LETTER if LETTER in self.names else ""

    @property
    def failure(self) -> EditedFileKept | None:
        """Edits that could not be merged."""
        kept = self.changes.kept
        return EditedFileKept(*kept) if kept else None


def changed_answers(draft: Draft, state: FolderState) -> dict[str, bytes]:
    """Return answers.toml by its name, if it says something else than it does now; its comments and layout stay.

    Raises:
        InputError: if it would be larger than what can be read again.
    """
    snapshot = state.snapshot
    before = snapshot.answers
    if draft == {LANGUAGE: draft[LANGUAGE], **before.draft}:
        return {}
    from peerplan.answers.toml_writer import write_answers

    text = write_answers(draft, state.guide, before.text)
    return {FILE_NAME: encoded_like(text, before.content, snapshot.folder / FILE_NAME)}


@dataclass(frozen=True)
class PlanMaker:
    """Makes the files of plan folders, all of one run, with the templates of a kit.

    `as_of` is the day that "late" is judged by; `force` replaces what a person edited. `html` makes the web page also
    where there is none yet.
    """

    kit: Kit
    as_of: date
    force: bool = False
    html: bool = False

    @cached_property
    def templates(self) -> Templates:
        return Templates(self.kit.templates, self.kit.guides)

    def read(self, snapshot: Snapshot, language: object = None) -> FolderState:
        """Read a plan folder; of one that lost its memory, what is edited is told from what its answers call for.

        Raises:
            PeerplanError: if something there cannot be read.
        """
        recalled = None
        draft = ways_of(self.kit.guides).read(snapshot.answers.draft)
        if snapshot.record is None and snapshot.content(CHECKLIST) is not None:
            guide = self.kit.guide(draft.get(LANGUAGE, self.kit.languages[0]))
            answers = check_draft(draft, guide).answers
            if answers:
                recalled = self.templates.documents(make_plan(answers, guide, self.as_of), guide, new_plan_id(answers))
        return read_state(snapshot, self.kit, language, recalled=recalled)

    def files(
        self,
        snapshot: Snapshot,
        answers: Answers,
        answers_file: Mapping[str, bytes],
        state: FolderState | None = None,
        *,
        given: Mapping[str, str] | None = None,
    ) -> PlanFiles:
        """Make everything, and write nothing. answers_file is answers.toml by its name, if it changes.

        Raises:
            PeerplanError: if a template is wrong or a file cannot be read.
        """
        guide = self.kit.guide(answers.language)
        plan = make_plan(answers, guide, self.as_of)
        before = snapshot.record or FolderRecord(new_plan_id(answers))
        after = self._about(plan, before, snapshot, given)
        documents = self.templates.documents(plan, guide, after.plan)
        if self.html or snapshot.content(PAGE) is not None:
            documents[PAGE] = Document(b"", made_from=tuple(one for one in documents if one.endswith(TEXTS)))
        content = FolderContent(
            documents,
            answers_file,
            state.pages if state else edited_pages(snapshot, before),
            lambda: titles_of(guide, self.kit, flat(answers), after.titles),
            partial(self._make, plan, guide, snapshot.folder),
        )
        changes = changes_to(snapshot, before, after, content, force=self.force)
        notices = (*doubtful_numbers(answers), *doubtful_choices(plan, guide, self.as_of))
        return PlanFiles(plan, changes, notices, state, tuple(_outdated(documents, changes, plan, guide)))

    def unfilled(self, files: PlanFiles) -> Iterator[Problem]:
        """Yield the letters with blanks of a unit that has said that everything is in place."""
        for one in files.changes.documents if files.plan.verdict == "ready" else ():
            if one.name.endswith(LETTERS) and (left := self.templates.blanks.found_in(decoded(one.after or b""))):
                yield Problem("letter-unfilled", {"count": len(left)}, str(files.changes.folder / one.name))

    def _make(self, plan: Plan, guide: Guide, folder: Path, name: str, contents: Mapping[str, bytes]) -> bytes:
        """Make a file from others: the web page from all texts, or a mail from its letter."""
        texts = {one: decoded(content) for one, content in contents.items()}
        if name == PAGE:
            sheets = sheets_of(texts, guide, self.templates.blanks, plan.letters)
            return page_of(sheets, picture_of(plan, guide), guide, plan.answers.unit.name)
        ((letter, text),) = texts.items()
        return _mail_of(guide, folder, letter, text)

    def _about(
        self, plan: Plan, record: FolderRecord, snapshot: Snapshot, given: Mapping[str, str] | None
    ) -> FolderRecord:
        """Return the record with what the plan is about now.

        A folder that was copied beside the first one gets an id of its own as soon as its unit is called something
        else: its events are other ones.
        """
        answers, folder = plan.answers, snapshot.folder.resolve().name
        was_renamed = record.unit not in ("", answers.unit.name)
        was_copied = was_renamed and folder != record.home and _has_the_plan(snapshot.folder, record)
        titles = {line.title: line.id for part in plan.checklist.parts for line in part.lines if line.id}
        titles |= {f"{line.title}: {line.answer}": line.id for line in plan.checklist.in_place if line.id}
        return replace(
            record,
            plan=new_plan_id(answers, folder) if was_copied else record.plan,
            titles=titles,
            given=record.given if given is None else given,
            start=answers.placement.start,
            unit=answers.unit.name,
            home=folder if was_copied or not record.home else record.home,
            hidden=record.hidden | words_of(answers.personal_texts()),
        )


def _outdated(documents: Mapping[str, Document], changes: FolderChanges, plan: Plan, guide: Guide) -> Iterator[Problem]:
    """Yield the plan and the letters that say another first day than the answers, or none: these go out to people."""
    start = plan.answers.placement.start
    days = (short_day(start, guide.own_language), start.isoformat())
    for one in changes.documents:
        new = documents.get(one.name)
        if new is None or one.after in (None, new.content) or one.kind == "kept":  # which is told already
            continue
        if one.name != CHECKLIST and not one.name.endswith(LETTERS):
            continue
        as_made, said = fold(new.content.decode()), fold(decoded(one.after or b""))
        for day in days:
            if fold(day) in as_made and fold(day) not in said:
                yield Problem("start-not-said", {"day": day}, str(changes.folder / one.name))


def _has_the_plan(folder: Path, record: FolderRecord) -> bool:
    """Tell whether the folder in which a plan was made is still there beside this one."""
    try:
        first = Snapshot(folder.resolve().parent / record.home).record if record.home else None
    except InputError:
        return False
    return first is not None and first.plan == record.plan


def _mail_of(guide: Guide, folder: Path, name: str, text: str) -> bytes:
    """Return a letter of a folder as a mail.

    Raises:
        InputError: with the letter as the place, if it cannot be sent.
    """
    try:
        return mail_of(text, guide)
    except InputError as error:
        raise InputError(*(replace(one, place=str(folder / name)) for one in error.problems)) from None
