"""`peerplan emails`: one draft for each student on a list. Nothing is sent, and the plan folder learns nothing."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from peerplan.answers.draft import check_answers, doubtful_numbers
from peerplan.answers.keys import LANGUAGE
from peerplan.answers.model import Answers
from peerplan.answers.privacy import check_text
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.emails.roster import PROTECTED_ROW, Roster, RosterWords, read_roster
from peerplan.documents.letters import LETTER, compose, eml, parts_of
from peerplan.documents.render import Templates, short_day
from peerplan.errors import InputError, PrivacyError, Problem, UsageError, WriteError
from peerplan.folder.disk import write_private_folder
from peerplan.folder.folder import locked
from peerplan.folder.read import FolderState, read_state
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.plan.plan import make_plan
from peerplan.tables import read_table
from peerplan.text import fold, one_line

COORDINATOR_EMAIL = "unit.coordinator.email"


@dataclass(frozen=True, slots=True)
class EmailsRequest:
    """What the command was asked for; `to` and `language` are None where nothing was said."""

    folder: Path
    roster: Path
    to: Path | None
    language: str | None
    as_of: date
    group: bool = False
    dry_run: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Emails:
    """What was made: where, how many drafts, and the first of them as text.

    `protected` are the places of rows that got none, and `notices` what the person should know. `blanks` is how many
    places of a draft are still to be filled in, which can be done once for all in the plan folder's `letter`.
    """

    folder: Path
    names: tuple[str, ...]
    sample: str
    protected: tuple[str, ...]
    notices: tuple[Problem, ...]
    blanks: int
    letter: Path
    written: bool

    @property
    def failure(self) -> PrivacyError | None:
        """The rows that got no draft, which somebody has to see to."""
        return (
            PrivacyError(*(Problem(PROTECTED_ROW, {}, place) for place in self.protected)) if self.protected else None
        )

    @property
    def first(self) -> Path:
        return self.folder / self.names[0]


@dataclass(frozen=True, slots=True)
class _Draft:
    """One draft: its name without an ending, the mail, and the same as a text to paste, addresses and subject first."""

    name: str
    mail: bytes
    text: str

    @property
    def files(self) -> dict[str, bytes]:
        return {f"{self.name}.eml": self.mail, f"{self.name}.txt": self.text.encode()}


def emails(request: EmailsRequest, kit: Kit) -> Emails:
    """Draft a letter for each student, or one for all.

    Raises:
        PeerplanError: before anything is written.
    """
    if not (request.folder / FILE_NAME).is_file():
        raise InputError(Problem("no-plan-here", {}, str(request.folder)))
    to = _target(request)
    state = read_state(Snapshot(request.folder), kit, request.language, names=(LETTER,))
    words = RosterWords(kit)
    table = read_table(
        request.roster,
        encoding=request.encoding,
        delimiter=request.delimiter,
        sheet=request.sheet,
        headings=words.headings,
    )
    roster = read_roster(table, words)
    writer = _Writer(state, request, kit)
    drafts = [writer.to_group(roster)] if request.group else writer.to_each(roster)
    unheard = _other_languages(roster, state, request) if request.group else ()
    if not request.dry_run:
        _write(to, {name: content for one in drafts for name, content in one.files.items()}, request.folder)
    return Emails(
        to,
        names=tuple(f"{one.name}.eml" for one in drafts),
        sample=drafts[0].text,
        protected=roster.protected,
        notices=(*roster.notices, *writer.notices(), *unheard, *_open_to_others(to)),
        blanks=max(len(writer.blanks.found_in(one.text)) for one in drafts),
        letter=request.folder / LETTER,
        written=not request.dry_run,
    )


def _write(to: Path, files: Mapping[str, bytes], plan: Path) -> None:
    """Write the drafts of a plan, after removing those that an interrupted run for the same plan left half made."""
    with ExitStack() as holding:
        with suppress(WriteError):  # a plan that may only be read
            holding.enter_context(locked(plan))
        write_private_folder(to, files, mark=sha256(str(plan.resolve()).encode()).hexdigest()[:8])


def _open_to_others(to: Path) -> Iterator[Problem]:
    """Tell of drafts that were written where the disk keeps no modes, as on a USB stick. Windows has other ways."""
    if os.name != "nt" and to.exists() and to.stat().st_mode & 0o077:
        yield Problem("emails-open-to-others", {}, str(to))


def _target(request: EmailsRequest) -> Path:
    """Return the folder for the drafts: one that is not there yet, and in no plan folder."""
    to = request.to or _beside(request.roster)
    if any((above / FILE_NAME).is_file() for above in to.resolve().parents):
        if request.to:
            raise UsageError(Problem("emails-in-plan-folder", {}, "--to"))
        raise UsageError(Problem("emails-list-in-plan-folder", {}, str(request.roster)))
    if to.exists():
        raise UsageError(Problem("emails-folder-exists", {}, str(to)))
    return to


def _beside(roster: Path) -> Path:
    """Return a path beside the list where nothing is yet."""
    names = chain([f"{roster.stem}-emails"], (f"{roster.stem}-emails-{number}" for number in count(2)))
    return next(path for name in names if not os.path.lexists(path := roster.with_name(name)))


def _other_languages(roster: Roster, state: FolderState, request: EmailsRequest) -> Iterator[Problem]:
    others = [student for student in roster.students if student.language not in ("", state.guide.language)]
    if others:
        yield Problem("emails-group-language", {"count": len(others)}, request.roster.name)


class _Writer:
    """Writes the letters of one plan: from the letter in its folder as it stands, or from its template."""

    def __init__(self, state: FolderState, request: EmailsRequest, kit: Kit) -> None:
        self.state = state
        self.request = request
        self.kit = kit
        self.templates = Templates(kit.templates, kit.guides)
        self.blanks = self.templates.blanks
        self.answers_file = str(request.folder / FILE_NAME)
        self.letters: dict[str, str] = {}
        self.checked: dict[str, Answers] = {}
        self.own = kit.guide(state.before.get(LANGUAGE, state.guide.language)).language

    def to_each(self, roster: Roster) -> list[_Draft]:
        """Return a draft for each student, numbered, so that no file name says who it is for."""
        width = len(str(len(roster.students)))
        return [
            self._draft(f"student-{number:0{width}}", student.language, student.name, to=[student.email])
            for number, student in enumerate(roster.students, 1)
        ]

    def to_group(self, roster: Roster) -> _Draft:
        """Return one draft to the coordinator, with the students where they cannot see each other."""
        own = self.state.guide.language
        coordinator = self._answers(own).unit.coordinator.email
        if not coordinator:
            raise InputError(Problem("emails-no-coordinator", {}, f"{self.answers_file}: {COORDINATOR_EMAIL}"))
        return self._draft("group", own, "", to=[coordinator], bcc=[student.email for student in roster.students])

    def notices(self) -> Iterator[Problem]:
        """Yield warnings about the plan's answers and its letter, and about what could not be read."""
        for key, found in doubtful_numbers(self._answers(self.state.guide.language)):
            yield replace(found, place=f"{self.answers_file}: {key}")
        place = str(self.request.folder / LETTER)
        if self.own in self.letters:
            yield from check_text(self.letters[self.own], place).doubtful
            day = short_day(self._answers(self.own).placement.start, self.kit.guide(self.own).own_language)
            if fold(day) not in fold(self.letters[self.own]):
                yield Problem("start-not-said", {"day": day}, place)
        yield from (*self.state.waiting, *self.state.unread)
        page = self.state.pages.get(LETTER)
        others = [language for language in self.letters if language != self.own]
        if others and page and page.written and page.mine.said_besides != page.written.said_besides:
            yield Problem("emails-edits-unused", {}, place)

    def _draft(self, name: str, language: str, reader: str, *, to: Sequence[str], bcc: Sequence[str] = ()) -> _Draft:
        guide = self.kit.guide(language or self.state.guide.language)
        subject, body = parts_of(self._letter(guide), guide)
        subject = subject or guide.say("letter-no-subject")
        if reader:
            body = _greeting(body, guide, reader)
        letter = compose(subject, body, guide.language, to=to, bcc=bcc)
        heads = {guide.say("letter-to"): letter.recipients["To"]}
        heads |= {guide.say("letter-bcc"): letter.recipients["Bcc"]} if bcc else {}
        heads |= {guide.say("letter-subject"): (letter.subject,)}
        lines = "".join(f"{label}: {'; '.join(texts)}\n" for label, texts in heads.items())
        return _Draft(name, eml(letter), f"{lines}\n{letter.text}")

    def _letter(self, guide: Guide) -> str:
        """Return the letter in a language: as it stands in the folder, or as the template makes it."""
        if guide.language not in self.letters:
            text = self.state.snapshot.text(LETTER) if guide.language == self.own else None
            if text is None:
                plan = make_plan(self._answers(guide.language), guide, self.request.as_of)
                text = self.templates.letter(plan, guide, LETTER)
            place = str(self.request.folder / LETTER) if guide.language == self.own else self.answers_file
            if certain := check_text(text, place).certain:
                raise PrivacyError(*certain)
            self.letters[guide.language] = text
        return self.letters[guide.language]

    def _answers(self, language: str) -> Answers:
        if language not in self.checked:
            draft = {**self.state.draft, LANGUAGE: language}
            self.checked[language] = check_answers(draft, self.kit.guide(language), self.state.places)
        return self.checked[language]


def _greeting(body: str, guide: Guide, reader: str) -> str:
    """Put a reader's name into the greeting, where it still is as the template has it."""
    hello = guide.say("letter-hello")
    return body.replace(hello, guide.say("letter-hello-name", name=one_line(reader)), 1) if hello in body else body
