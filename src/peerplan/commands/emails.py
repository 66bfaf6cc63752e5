"""`peerplan emails`: one draft for each student on a list. Nothing is sent, and the plan folder learns nothing."""

import os
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from pathlib import Path

from peerplan.answers import check_answers, doubtful_numbers
from peerplan.answers_toml import FILE_NAME
from peerplan.current import Current, read_current
from peerplan.disk import write_private_folder
from peerplan.documents import letter_to
from peerplan.errors import InputError, PrivacyError, Problem, UsageError
from peerplan.guide_files import load_guide
from peerplan.mail import compose, draft
from peerplan.messages import languages
from peerplan.planning import Plan, make_plan
from peerplan.privacy import check_text
from peerplan.roster import Roster, read_roster
from peerplan.tables import read_table

TEMPLATE = "student-email.eml.j2"
COORDINATOR_EMAIL = "unit.coordinator.email"


@dataclass(frozen=True, slots=True)
class Request:
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

    `protected` are the places of rows that got none, and `notices` what the person should know.
    """

    folder: Path
    names: tuple[str, ...]
    sample: str
    protected: tuple[str, ...]
    notices: tuple[Problem, ...]


def emails(request: Request) -> Emails:
    """Draft a letter for each student, or one for all.

    Raises:
        PeerplanError: before anything is written.
    """
    if request.language and request.language not in languages():
        values = {"value": request.language, "choices": ", ".join(languages())}
        raise UsageError(Problem("unknown-language", values, "--lang"))
    if not (request.folder / FILE_NAME).is_file():
        raise InputError(Problem("no-plan-here", {}, str(request.folder)))
    to = request.to or _beside(request.roster)
    if to.resolve().is_relative_to(request.folder.resolve()):
        raise UsageError(Problem("emails-in-plan-folder", {}, "--to"))
    if to.exists():
        raise UsageError(Problem("emails-folder-exists", {}, str(to)))
    current = read_current(request.folder, request.language)
    table = read_table(request.roster, encoding=request.encoding, delimiter=request.delimiter, sheet=request.sheet)
    roster = read_roster(table)
    answers = _plan(current, current.guide.language, request).answers
    doubtful = [replace(found, place=f"{_answers_of(request)}: {key}") for key, found in doubtful_numbers(answers)]
    letters = _group_letter(current, roster, request) if request.group else _letters(current, roster, request)
    if not request.dry_run:
        write_private_folder(to, letters)
    sample = next(content for name, content in letters.items() if name.endswith(".txt"))
    names = tuple(name for name in letters if name.endswith(".eml"))
    return Emails(to, names, sample.decode(), roster.protected, (*roster.notices, *doubtful))


def _letters(current: Current, roster: Roster, request: Request) -> dict[str, bytes]:
    """The draft and the text of each student, numbered: a file's name tells nobody who it is for."""
    plans = {
        language: _plan(current, language, request)
        for language in {student.language or current.guide.language for student in roster.students}
    }
    width = len(str(len(roster.students)))
    files: dict[str, bytes] = {}
    for number, student in enumerate(roster.students, 1):
        plan = plans[student.language or current.guide.language]
        subject, body = letter_to(plan, load_guide(plan.answers.language), TEMPLATE, student.name)
        letter = compose(subject, body, plan.answers.language, to=[student.email])
        files |= _files(f"student-{number:0{width}}", draft(letter), f"{subject}\n\n{letter.text}")
    return files


def _group_letter(current: Current, roster: Roster, request: Request) -> dict[str, bytes]:
    """One draft to the coordinator, with the students where they cannot see each other."""
    plan = _plan(current, current.guide.language, request)
    coordinator = plan.answers.unit.coordinator.email
    if not coordinator:
        raise InputError(Problem("emails-no-coordinator", {}, f"{_answers_of(request)}: {COORDINATOR_EMAIL}"))
    subject, body = letter_to(plan, current.guide, TEMPLATE, "")
    bcc = [student.email for student in roster.students]
    letter = compose(subject, body, plan.answers.language, to=[coordinator], bcc=bcc)
    return _files("group", draft(letter), f"{subject}\n\n{letter.text}")


def _plan(current: Current, language: str, request: Request) -> Plan:
    guide = load_guide(language)
    answers = check_answers({**current.draft, "language": language}, guide, current.places)
    plan = make_plan(answers, guide, request.as_of)
    _, body = letter_to(plan, guide, TEMPLATE, "")
    if certain := check_text(body, _answers_of(request)).certain:
        raise PrivacyError(*certain)
    return plan


def _answers_of(request: Request) -> str:
    return str(request.folder / FILE_NAME)


def _files(name: str, eml: bytes, text: str) -> dict[str, bytes]:
    return {f"{name}.eml": eml, f"{name}.txt": text.encode()}


def _beside(roster: Path) -> Path:
    """A folder beside the list that is not there yet."""
    names = chain([f"{roster.stem}-emails"], (f"{roster.stem}-emails-{number}" for number in count(2)))
    return next(path for name in names if not os.path.lexists(path := roster.with_name(name)))
