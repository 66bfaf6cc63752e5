"""Plan -> documents: the bytes of every file that templates/<language>/ makes of a plan. Writes nothing.

A template's name says what it makes: plan.md.j2 makes plan.md; student-email.eml.j2 makes a mail draft and the same
text in student-email.txt. A template that renders to nothing makes no file. Templates get plain data; texts that
people wrote are escaped before they get there, so no template has to think of it.
"""

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from jinja2 import StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.loaders import FileSystemLoader
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from peerplan.documents.calendar import FILE_NAME as CALENDAR
from peerplan.documents.calendar import calendar_file
from peerplan.documents.letters import compose, eml
from peerplan.documents.markdown import escape, parse, to_text
from peerplan.documents.variables import template_data
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Language
from peerplan.plan.overview import Overview
from peerplan.plan.plan import Plan

SUFFIX = ".j2"
UNITS = "units"  # the folder of the templates that are about many units


class _LetterText(NamedTuple):
    """A letter as its template gives it: what its subject is called, the subject, and the body in Markdown."""

    label: str
    subject: str
    body: str


class Templates:
    """The templates of a kit, each compiled once. A folder for each language holds the same names.

    Raises:
        InputError: if a language lacks a template that another one has.
    """

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        self.folder = folder
        names = {language: _all_names(folder / language) for language in languages}
        every = frozenset[str]().union(*names.values())
        if any(every - found for found in names.values()):
            raise InputError(
                *(
                    Problem("templates-missing", {"names": ", ".join(sorted(every - found))}, str(folder / language))
                    for language, found in names.items()
                    if every - found
                )
            )
        self._environments: dict[Path, SandboxedEnvironment] = {}

    def documents(self, plan: Plan, guide: Guide, plan_id: str) -> dict[str, bytes]:
        """Return every document of a plan: its bytes by file name. The calendar's events have ids made from plan_id.

        Raises:
            InputError: naming the template and the line, if a template is wrong.
        """
        data = template_data(plan, guide)
        documents: dict[str, bytes] = {}
        folder = self.folder / guide.language
        for name in sorted(_names(folder)):
            text = self._render(folder, name, data)
            if text.strip():
                try:
                    documents.update(_files(name.removesuffix(SUFFIX), text, guide.language))
                except InputError as error:
                    raise InputError(*(replace(one, place=str(folder / name)) for one in error.problems)) from None
        return documents | {CALENDAR: calendar_file(plan, guide, plan_id)}

    def letter(self, plan: Plan, guide: Guide, name: str, reader: str) -> _LetterText:
        """Return a letter to one reader, whose name may be empty.

        Raises:
            InputError: naming the template and the line, if it is wrong.
        """
        data = {**template_data(plan, guide), "reader": escape(reader)}
        return _letter(self._render(self.folder / guide.language, name, data))

    def overview(self, overview: Overview, guide: Guide) -> dict[str, bytes]:
        """Return the overview of many units, as documents.

        Raises:
            InputError: naming the template and the line, if a template is wrong.
        """
        folder = self.folder / guide.language / UNITS
        lines = [replace(line, name=escape(line.name), workplace=escape(line.workplace)) for line in overview.lines]
        data = {
            "lines": lines,
            "standings": overview.standings,
            "late": overview.late,
            "areas": [(area.id, area.label) for area in guide.areas],
            "language": guide.own_language,
        }
        return {name.removesuffix(SUFFIX): self._render(folder, name, data).encode() for name in sorted(_names(folder))}

    def _render(self, folder: Path, name: str, data: Mapping[str, object]) -> str:
        if folder not in self._environments:
            self._environments[folder] = _environment(folder)
        try:
            text = self._environments[folder].get_template(name).render(data)
        except TemplateSyntaxError as error:
            raise InputError(_template_problem(folder / (error.name or name), error.lineno, error)) from None
        except Exception as error:  # noqa: BLE001 # a template can go wrong in any way, and it is not our code
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename.endswith(SUFFIX)]
            raise InputError(_template_problem(folder / name, lines[-1] if lines else None, error)) from None
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _environment(folder: Path) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Markdown; markdown.escape does what HTML escaping can't
    )
    environment.filters |= {"day": _long_date, "short_day": _short_date, "span": _span}
    return environment


def _all_names(folder: Path) -> frozenset[str]:
    return _names(folder) | {f"{UNITS}/{name}" for name in _names(folder / UNITS)}


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("_"))


def _template_problem(path: Path, line: int | None, error: Exception) -> Problem:
    return Problem("template-wrong", {"what": error}, f"{path}:{line}" if line else str(path))


def _files(name: str, text: str, language: str) -> Iterator[tuple[str, bytes]]:
    """Return the files that one rendered document makes."""
    if not name.endswith(".eml"):
        yield name, text.encode()
        return
    label, subject, body = _letter(text)
    letter = compose(subject, body, language)
    yield name, eml(letter)
    yield name.removesuffix(".eml") + ".txt", f"{label}: {subject}\n\n{letter.text}".encode()


def _letter(text: str) -> _LetterText:
    """Take the first line of a letter, which has the subject, from the body."""
    heading, _, body = text.partition("\n\n")
    label, _, subject = to_text(parse(heading)).strip().partition(": ")
    return _LetterText(label, subject, body)


@pass_context
def _long_date(context: Context, day: date) -> str:
    """Return a date as one writes it in running text: Monday 18 January 2027."""
    language: Language = context["language"]
    return _written(day, language, language.date)


@pass_context
def _short_date(context: Context, day: date) -> str:
    """Return a date without the weekday: 18 January 2027."""
    language: Language = context["language"]
    return _written(day, language, language.short_date)


@pass_context
def _span(context: Context, start: date, end: date | None) -> str:
    """Two dates with what they have in common written once: 18 to 22 January 2027."""
    language: Language = context["language"]
    form = language.short_date
    if end is None or end == start:
        return _written(start, language, form)
    if (start.year, start.month) == (end.year, end.month):
        return _written(end, language, form.replace("{day}", f"{start.day}\u2013{end.day}"))
    first = _written(start, language, form)
    return f"{first.replace(f' {end.year}', '')}\u2013{_written(end, language, form)}"


def _written(day: date, language: Language, form: str) -> str:
    weekday, month = language.weekdays[day.weekday()], language.months[day.month - 1]
    return form.format(weekday=weekday, day=day.day, month=month, year=day.year)
