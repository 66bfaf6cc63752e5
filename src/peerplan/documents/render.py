"""Plan -> documents: the bytes of every file that templates/<language>/ makes of a plan. Writes nothing.

A template's name says what it makes: plan.md.j2 makes plan.md; student-email.eml.j2 makes a mail draft and the same
text in student-email.txt. A template that renders to nothing makes no file. Templates get plain data; texts that
people wrote are escaped before they get there, so no template has to think of it.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.loaders import FileSystemLoader
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from peerplan.documents.letters import compose, draft
from peerplan.documents.markdown import escape, parse, to_text
from peerplan.documents.overview import Overview
from peerplan.documents.variables import template_data
from peerplan.errors import InputError, Problem
from peerplan.guide.model import Guide, Language
from peerplan.plan.plan import Plan

# In the package in the wheel; at the top of the repository in a checkout and an editable install.
_SHIPPED = Path(__file__).parents[1] / "templates"
TEMPLATES = _SHIPPED if _SHIPPED.is_dir() else Path(__file__).parents[3] / "templates"

SUFFIX = ".j2"


def render_documents(plan: Plan, guide: Guide, templates: Path = TEMPLATES) -> dict[str, bytes]:
    """Every document of a plan: its bytes by file name.

    Raises:
        InputError: naming the template and the line, if a template is wrong.
    """
    data = template_data(plan, guide)
    documents: dict[str, bytes] = {}
    for name in _names(templates / guide.language):
        text = _render(templates / guide.language, name, data)
        if text.strip():
            try:
                documents.update(_files(name.removesuffix(SUFFIX), text, guide.language))
            except InputError as error:
                place = str(templates / guide.language / name)
                raise InputError(*(replace(problem, place=place) for problem in error.problems)) from None
    return documents


class Writing(NamedTuple):
    """A letter as its template gives it: what its subject is called, the subject, and the body in Markdown."""

    label: str
    subject: str
    body: str


def letter_to(plan: Plan, guide: Guide, template: str, reader: str, templates: Path = TEMPLATES) -> Writing:
    """A letter to one reader, whose name may be empty.

    Raises:
        InputError: naming the template and the line, if it is wrong.
    """
    data = {**template_data(plan, guide), "reader": escape(reader)}
    return _letter(_render(templates / guide.language, template, data))


def render_overview(overview: Overview, guide: Guide, templates: Path = TEMPLATES) -> dict[str, bytes]:
    """The overview of many units, as a document.

    Raises:
        InputError: naming the template and the line, if a template is wrong.
    """
    folder = templates / guide.language / "units"
    lines = [replace(line, name=escape(line.name), workplace=escape(line.workplace)) for line in overview.lines]
    data = {
        "lines": lines,
        "verdicts": overview.verdicts,
        "late": overview.late,
        "areas": [(area.id, area.label) for area in guide.areas],
        "language": next(language for language in guide.languages if language.id == guide.language),
    }
    return {name.removesuffix(SUFFIX): _render(folder, name, data).encode() for name in _names(folder)}


@cache
def _environment(folder: Path) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Markdown; markdown.escape does what HTML escaping can't
    )
    environment.filters |= {"day": _long_date, "short_day": _short_date, "span": _span, "gantt_name": _gantt_name}
    return environment


@cache
def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("_")))


def _render(folder: Path, name: str, data: Mapping[str, object]) -> str:
    try:
        text = _environment(folder).get_template(name).render(data)
    except TemplateSyntaxError as error:
        raise InputError(_template_problem(folder / (error.name or name), error.lineno, error)) from None
    except Exception as error:  # noqa: BLE001 # a template can go wrong in any way, and it is not our code
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
        raise InputError(_template_problem(folder / name, lines[-1] if lines else None, error)) from None
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _template_problem(path: Path, line: int | None, error: Exception) -> Problem:
    return Problem("template-wrong", {"what": error}, f"{path}:{line}" if line else str(path))


def _files(name: str, text: str, language: str) -> Iterator[tuple[str, bytes]]:
    """The files that one rendered document makes."""
    if not name.endswith(".eml"):
        yield name, text.encode()
        return
    label, subject, body = _letter(text)
    letter = compose(subject, body, language)
    yield name, draft(letter)
    yield name.removesuffix(".eml") + ".txt", f"{label}: {subject}\n\n{letter.text}".encode()


def _letter(text: str) -> Writing:
    """Take the first line of a letter, which has the subject, from the body."""
    heading, _, body = text.partition("\n\n")
    label, _, subject = to_text(parse(heading)).strip().partition(": ")
    return Writing(label, subject, body)


@pass_context
def _long_date(context: Context, day: date) -> str:
    """A date as one writes it in running text: Monday 18 January 2027."""
    language: Language = context["language"]
    return _written(day, language, language.date)


@pass_context
def _short_date(context: Context, day: date) -> str:
    """The same without the weekday: 18 January 2027."""
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


def _gantt_name(text: str) -> str:
    """A task's name in a Mermaid chart, where colons, semicolons and number signs have a meaning."""
    return re.sub(r"\s*[:;#]\s*", " \u2013 ", text).strip()
