"""Plan -> documents: every file that templates/<language>/ makes of a plan. Writes nothing.

A template's name says what it makes: plan.md.j2 makes plan.md; student-email.eml.j2 makes the letter
student-email.txt, and a mail draft of it. A template that renders to nothing makes no file. Templates get plain data;
texts that people wrote are escaped before they get there, so no template has to think of it. What a person filled in
is put into the blanks afterwards.
"""

import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.loaders import FileSystemLoader
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from peerplan.documents.calendar import FILE_NAME as CALENDAR
from peerplan.documents.calendar import calendar_file
from peerplan.documents.compiled import CompiledLoader
from peerplan.documents.letters import mail_of, parts_of, said_in_letter, without_nothing
from peerplan.documents.markdown import escape
from peerplan.documents.variables import flat, template_data
from peerplan.errors import InputError, Problem
from peerplan.guide.blanks import FILLED, Blanks, Document
from peerplan.guide.guide import Guide
from peerplan.guide.kit import TEMPLATES
from peerplan.guide.model import Language
from peerplan.plan.overview import Overview
from peerplan.plan.plan import Plan

SUFFIX = ".j2"
MAIL, LETTERS = ".eml", ".txt"  # a mail draft, and the letter that it is made from
UNITS = "units"  # the folder of the templates that are about many units

_OPTIONS: Any = {
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "auto_reload": False,  # no template changes during a run
    "autoescape": False,  # the output is Markdown; markdown.escape does what HTML escaping can't
}


class Templates:
    """The templates of a kit, each compiled once. A folder for each language holds the same names.

    Raises:
        InputError: if there are none, or if a language lacks a template that another one has.
    """

    def __init__(self, folder: Path, guides: Iterable[Guide]) -> None:
        guides = tuple(guides)
        languages = [guide.language for guide in guides]
        self.folder = folder
        names = {language: _all_names(folder / language) for language in languages}
        every = frozenset[str]().union(*names.values())
        if not every:
            raise InputError(Problem("templates-none", {}, str(folder)))
        if any(every - found for found in names.values()):
            raise InputError(
                *(
                    Problem("templates-missing", {"names": ", ".join(sorted(every - found))}, str(folder / language))
                    for language, found in names.items()
                    if every - found
                )
            )
        self.blanks = Blanks(guides)
        self._environments: dict[Path, Environment] = {}

    def documents(self, plan: Plan, guide: Guide, plan_id: str) -> dict[str, Document]:
        """Return every document of a plan by file name. The calendar's events have ids made from plan_id.

        Raises:
            InputError: naming the template and the line, if a template is wrong.
        """
        texts = self._texts(plan, guide, ())
        found = {mark for text in texts.values() for mark in self.blanks.found_in(text)}
        used = {key for mark in found for key in self.blanks.keys_of(mark)}
        if unused := [id_ for id_ in plan.answers.filled if f"{FILLED}.{id_}" not in used]:
            texts = self._texts(plan, guide, unused)
        answers = flat(plan.answers)
        documents: dict[str, Document] = {}
        for name, text in texts.items():
            is_letter = name.endswith(MAIL)
            values = self.blanks.values_in(text, answers)
            safe = said_in_letter if is_letter else escape
            values = {mark: safe(value) for mark, value in values.items()}
            whole = self.blanks.fill(text, values)
            document = Document((without_nothing(whole) if is_letter else whole).encode(), text, values)
            if is_letter:
                letter = name.removesuffix(MAIL) + LETTERS
                documents[letter] = document
                documents[name] = Document(self._mail(name, document.content.decode(), guide), made_from=(letter,))
            else:
                documents[name] = document
        return documents | {CALENDAR: Document(calendar_file(plan, guide, plan_id))}

    def letter(self, plan: Plan, guide: Guide, name: str) -> str:
        """Return a letter with what was filled in, by the name of its text.

        Raises:
            InputError: naming the template and the line, if it is wrong.
        """
        (data,) = template_data(plan, guide, said_in_letter)
        text = self._render(self.folder / guide.language, f"{name.removesuffix(LETTERS)}{MAIL}{SUFFIX}", data)
        values = self.blanks.values_in(text, flat(plan.answers))
        return without_nothing(self.blanks.fill(text, {mark: said_in_letter(one) for mark, one in values.items()}))

    def _texts(self, plan: Plan, guide: Guide, unused: Iterable[str]) -> dict[str, str]:
        """Return the texts of a plan with their blanks; unused are the ids of filled ones that stand in none of them.

        These stand among the notes, each by its hint: a blank of another kit, whose hint is not known, by its id.
        """
        hints = {blank.id: blank.hints[0] for blank in guide.blanks}
        other_blanks = [hints.get(id_, id_) for id_ in unused]
        data, plain = template_data(plan, guide, escape, said_in_letter)
        data["other_blanks"] = plain["other_blanks"] = other_blanks
        folder = self.folder / guide.language
        names = [name.removesuffix(SUFFIX) for name in sorted(_names(folder))]
        texts = {name: self._render(folder, name + SUFFIX, plain if name.endswith(MAIL) else data) for name in names}
        texts |= {name: without_nothing(text) for name, text in texts.items() if name.endswith(MAIL)}
        return {name: text for name, text in texts.items() if text.strip()}

    def _mail(self, name: str, text: str, guide: Guide) -> bytes:
        place = str(self.folder / guide.language / f"{name}{SUFFIX}")
        if not parts_of(text, guide)[0]:
            raise InputError(Problem("mail-subject-empty", {}, place))
        try:
            return mail_of(text, guide)
        except InputError as error:
            raise InputError(*(replace(one, place=place) for one in error.problems)) from None

    def overview(self, overview: Overview, guide: Guide) -> dict[str, Document]:
        """Return the overview of many units, as documents.

        Raises:
            InputError: naming the template and the line, if a template is wrong.
        """
        folder = self.folder / guide.language / UNITS
        lines = [
            replace(
                line, name=escape(line.name), workplace=escape(line.workplace), coordinator=escape(line.coordinator)
            )
            for line in overview.lines
        ]
        data = {
            "lines": lines,
            "count": overview.count,
            "left_out": overview.left_out,
            "standings": overview.standings,
            "late": overview.late,
            "areas": [(area.id, area.label) for area in guide.areas],
            "language": guide.own_language,
        }
        texts = {name.removesuffix(SUFFIX): self._render(folder, name, data) for name in sorted(_names(folder))}
        return {name: Document(text.encode(), text) for name, text in texts.items()}

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


def _environment(folder: Path) -> Environment:
    """Return what renders the templates of a folder; those that somebody else may have written in a sandbox."""
    shipped, real = TEMPLATES.resolve(), folder.resolve()  # however the folder is named
    environment: Environment
    if real.is_relative_to(shipped):
        title = "-".join(("template", *real.relative_to(shipped).parts))
        loader = CompiledLoader(folder, title, __file__)
        environment = Environment(loader=loader, **_OPTIONS)  # noqa: S701 # the options say it, with the reason
    else:
        environment = SandboxedEnvironment(loader=FileSystemLoader(folder), **_OPTIONS)
    environment.filters |= {"day": _long_date, "short_day": _short_date, "span": _span}
    return environment


def _all_names(folder: Path) -> frozenset[str]:
    return _names(folder) | {f"{UNITS}/{name}" for name in _names(folder / UNITS)}


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("_"))


def _template_problem(path: Path, line: int | None, error: Exception) -> Problem:
    return Problem("template-wrong", {"what": error}, f"{path}:{line}" if line else str(path))


@pass_context
def _long_date(context: Context, day: date) -> str:
    """Return a date as one writes it in running text: Monday 18 January 2027."""
    language: Language = context["language"]
    return _written(day, language, language.date)


@pass_context
def _short_date(context: Context, day: date) -> str:
    """Return a date without the weekday: 18 January 2027."""
    language: Language = context["language"]
    return short_day(day, language)


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


def short_day(day: date, language: Language) -> str:
    """Return a date as the documents write it within a sentence: 18 January 2027."""
    return _written(day, language, language.short_date)


def _written(day: date, language: Language, form: str) -> str:
    weekday, month = language.weekdays[day.weekday()], language.months[day.month - 1]
    return form.format(weekday=weekday, day=day.day, month=month, year=day.year)
