"""`peerplan emails`: one draft for each student on a list. Nothing is sent, and the plan folder learns nothing."""

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from pathlib import Path

from peerplan.answers.draft import LANGUAGE, check_answers, doubtful_numbers
from peerplan.answers.privacy import check_text
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.emails.roster import Roster, RosterWords, read_roster
from peerplan.documents.blanks import Blanks
from peerplan.documents.letters import compose, eml
from peerplan.documents.markdown import escape, parse, to_text
from peerplan.documents.render import Templates
from peerplan.errors import InputError, PrivacyError, Problem, UsageError
from peerplan.folder.disk import write_private_folder
from peerplan.folder.read import FolderState, read_state
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.kit import Kit
from peerplan.plan.plan import Plan, make_plan
from peerplan.tables import read_table

TEMPLATE = "student-email.eml.j2"
LETTER = "student-email.txt"
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
    def failure(self) -> None:
        """None: all drafts were made, or the command failed before."""

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
    state = read_state(Snapshot(request.folder), kit, request.language)
    table = read_table(request.roster, encoding=request.encoding, delimiter=request.delimiter, sheet=request.sheet)
    roster = read_roster(table, RosterWords(kit))
    writer = _Writer(state, request, kit)
    drafts = [writer.to_group(roster)] if request.group else writer.to_each(roster)
    unheard = _other_languages(roster, state, request) if request.group else ()
    if not request.dry_run:
        write_private_folder(to, {name: content for one in drafts for name, content in one.files.items()})
    return Emails(
        to,
        names=tuple(f"{one.name}.eml" for one in drafts),
        sample=drafts[0].text,
        protected=roster.protected,
        notices=(*roster.notices, *writer.notices(), *unheard),
        blanks=max(len(writer.blanks.found_in(one.text)) for one in drafts),
        letter=request.folder / LETTER,
        written=not request.dry_run,
    )


def _target(request: EmailsRequest) -> Path:
    """Return the folder for the drafts: one that is not there yet, and not in the plan folder."""
    to = request.to or _beside(request.roster)
    if to.resolve().is_relative_to(request.folder.resolve()):
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


def _decoded(content: bytes) -> str:
    """Decode a file that a person saved with any editor."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    return content.decode("cp1252", errors="replace")


def _other_languages(roster: Roster, state: FolderState, request: EmailsRequest) -> Iterator[Problem]:
    others = [student for student in roster.students if student.language not in ("", state.guide.language)]
    if others:
        yield Problem("emails-group-language", {"count": len(others)}, request.roster.name)


class _Writer:
    """Writes the letters of one plan, in each language that is asked for.

    `values` is what the coordinator filled in in the plan folder's letter.
    """

    def __init__(self, state: FolderState, request: EmailsRequest, kit: Kit) -> None:
        self.state = state
        self.request = request
        self.kit = kit
        self.templates = Templates(kit.templates, kit.languages)
        self.blanks = Blanks(state.guide.languages)
        self.answers_file = str(request.folder / FILE_NAME)
        self.plans: dict[str, Plan] = {}
        self.unfilled = 0  # letters in another language than the one in which something was filled in
        self.written = self._written()
        self.edited = self._edited() or self.written
        self.values = self.blanks.filled(self.written, self.edited)
        place = str(request.folder / LETTER)
        if certain := [found for value in self.values.values() for found in check_text(value, place).certain]:
            raise PrivacyError(*certain)

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
        coordinator = self._plan(own).answers.unit.coordinator.email
        if not coordinator:
            raise InputError(Problem("emails-no-coordinator", {}, f"{self.answers_file}: {COORDINATOR_EMAIL}"))
        return self._draft("group", own, "", to=[coordinator], bcc=[student.email for student in roster.students])

    def notices(self) -> Iterator[Problem]:
        """Yield warnings about the plan's answers, and about edits of the letter that are not used."""
        for key, found in doubtful_numbers(self._plan(self.state.guide.language).answers):
            yield replace(found, place=f"{self.answers_file}: {key}")
        place = str(self.request.folder / LETTER)
        yield from (found for value in self.values.values() for found in check_text(value, place).doubtful)
        if self.blanks.fill(self.written, self.values).split() != self.edited.split():
            yield Problem("emails-edits-unused", {}, place)
        if self.unfilled:
            yield Problem("emails-other-language", {"count": self.unfilled}, place)

    def _written(self) -> str:
        """Return the letter as peerplan wrote it into the plan folder, or would write it."""
        record = self.state.snapshot.record
        if record and LETTER in record.written:
            return record.written[LETTER]
        writing = self.templates.letter(self._plan(self.state.guide.language), self.state.guide, TEMPLATE, "")
        return f"{writing.label}: {writing.subject}\n\n{to_text(parse(writing.body))}"

    def _edited(self) -> str:
        """Return the letter as it stands in the plan folder."""
        return _decoded(self.state.snapshot.content(LETTER) or b"")

    def _draft(self, name: str, language: str, reader: str, *, to: Sequence[str], bcc: Sequence[str] = ()) -> _Draft:
        plan = self._plan(language or self.state.guide.language)
        guide, blanks = self.kit.guide(plan.answers.language), self.blanks
        writing = self.templates.letter(plan, guide, TEMPLATE, reader)
        self.unfilled += bool(self.values) and not self.values.keys() & set(blanks.found_in(writing.body))
        body = blanks.fill(writing.body, {blank: escape(value) for blank, value in self.values.items()})
        letter = compose(blanks.fill(writing.subject, self.values), body, guide.language, to=to, bcc=bcc)
        heads = {guide.say("letter-to"): letter.recipients["To"]}
        heads |= {guide.say("letter-bcc"): letter.recipients["Bcc"]} if bcc else {}
        heads |= {writing.label: (letter.subject,)}
        lines = "".join(f"{label}: {'; '.join(texts)}\n" for label, texts in heads.items())
        return _Draft(name, eml(letter), f"{lines}\n{letter.text}")

    def _plan(self, language: str) -> Plan:
        if language not in self.plans:
            guide = self.kit.guide(language)
            places = self.state.snapshot.answers.places
            answers = check_answers({**self.state.draft, LANGUAGE: language}, guide, places)
            plan = make_plan(answers, guide, self.request.as_of)
            body = self.templates.letter(plan, guide, TEMPLATE, "").body
            if certain := check_text(body, self.answers_file).certain:
                raise PrivacyError(*certain)
            self.plans[language] = plan
        return self.plans[language]
