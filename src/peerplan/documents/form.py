"""The interview's questions as a web page that needs no program: what is answered there is downloaded. Pure.

Everything that the page asks and says is data in it, taken from the guide; its scripts know no question. They are in
parts: `form-checks.js` judges answers, `form-questions.js` tells what is asked, `form-answers.js` holds what was
answered, and `form-files.js` makes the files of it. Only `form-fields.js`, for one question, and `form-page.js` know of
a page; `form-start.js` says what it ends with.
"""

import json
import re
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel

from peerplan.answers import values
from peerplan.answers.days import CENTURY, days_of
from peerplan.answers.draft import known_keys
from peerplan.answers.keys import END, LANGUAGE, NAME, NOTES, OWN, PLANNED_FROM, START
from peerplan.answers.privacy import SHOWN
from peerplan.answers.questions import CLOSED, IN_PLACE, PARTLY
from peerplan.answers.toml import FILE_NAME
from peerplan.call import PROGRAM
from peerplan.documents.page import LAYOUTS, layouts
from peerplan.guide.guide import Guide
from peerplan.guide.model import Item
from peerplan.guide.tailoring import FACT_OF_CONDITION, PARTICIPANTS, Profile
from peerplan.plan.doubts import FAR

FORM = "form.html"
TABLE = "units.csv"
LOGIC = ("form-checks.js", "form-questions.js", "form-answers.js", "form-files.js")  # need no page
BEGIN = "form-start.js"
PAGE = ("form-fields.js", "form-page.js", BEGIN)
STYLES = ("page.css", "form.css")
LONGEST_NAME = 60  # letters of the unit in a file's name

_CHOICE = {"id", "label", "about", "when", "words", "state"}
_FACT = {"key", "kind", "label", "question", "why", "required", "asked", "default", "choices", "when"}
_ITEM = {"id", "area", "label", "question", "why", "partly", "options", "without", "implies", "follows", "when"}
_ITEM |= {"sources"}
_VARIED = {"label", "question", "why", "partly"}
_TOGETHER = {"id", "members", "label", "question", "why", "partly", "default", "options"}

_QUOTED = re.compile(r'"([a-z]+(?:-[a-zA-Z]+)*)"')


def form_page(guide: Guide) -> bytes:
    """Return the page in the guide's language: one file that needs nothing from elsewhere."""
    script = _read((*LOGIC, *PAGE))
    style = _read(STYLES)
    data = json.dumps(form_data(guide, script), ensure_ascii=False, separators=(",", ":"))
    page = layouts().get_template("form.html.j2")
    return page.render(
        language=guide.language,
        policy=_policy(script, style),
        style=Markup(style),  # noqa: S704 # a file of the program
        script=Markup(script),  # noqa: S704
        data=Markup(data.replace("<", "\\u003c")),  # noqa: S704 # so that nothing in it ends the script
        say=guide.say,
    ).encode()


def _read(names: Collection[str]) -> str:
    return "\n".join((LAYOUTS / name).read_text(encoding="utf-8") for name in names)


def _policy(script: str, style: str) -> str:
    """Return what the browser lets the page do: run this script and use this style, and nothing else."""
    sources = {"script-src": _hash(script), "style-src": _hash(style)}
    rules = {"default-src": "'none'", **sources, "base-uri": "'none'", "form-action": "'none'"}
    return "; ".join((*(f"{name} {source}" for name, source in rules.items()), "require-trusted-types-for 'script'"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def form_data(guide: Guide, script: str) -> dict[str, Any]:
    """Return all that the page asks and says, as JSON holds it; script tells which messages are said.

    `version` is another one where anything else is.
    """
    texts = guide.messages.texts(guide.language)
    said = {id_: texts[id_].replace("{program}", PROGRAM) for id_ in _QUOTED.findall(script) if id_ in texts}
    days, language = days_of(guide), guide.own_language
    data = {
        "language": language.model_dump(include={"id", "weekdays", "months", "date", "short_date", "delimiter"}),
        "say": said,
        "days": {
            "months": dict(days.months),
            "weekdays": dict(days.weekdays),
            "fillers": sorted(days.fillers),
            "century": CENTURY,
        },
        "limits": {
            "name": values.NAME_LIMIT,
            "text": values.TEXT_LIMIT,
            "note": values.NOTE_LIMIT,
            "participants": values.MOST_PARTICIPANTS,
            "shown": SHOWN,
            "far": FAR.days,
            "slug": LONGEST_NAME,
        },
        "keys": {
            "language": LANGUAGE,
            "planned_from": PLANNED_FROM,
            "name": NAME,
            "start": START,
            "end": END,
            "participants": PARTICIPANTS,
            "notes": NOTES,
            "own": OWN,
        },
        "known_keys": known_keys(guide),
        "files": {"answers": FILE_NAME, "table": TABLE},
        "states": {"in_place": IN_PLACE, "closed": CLOSED, "partly": PARTLY},
        "conditions": {
            name: {"key": key, "empty": getattr(Profile(), name)} for name, key in FACT_OF_CONDITION.items()
        },
        "words": guide.words,
        "words_of_one": guide.words_of_one,
        "areas": [_record(area, {"id", "label", "about"}) for area in guide.areas],
        "options": [_record(option, _CHOICE) for option in guide.options],
        "facts": [_record(fact, _FACT) for fact in guide.facts],
        "items": [_item(item) for item in guide.items],
        "questions": [_record(one, _TOGETHER) for one in guide.questions],
        "sources": [_record(one, {"id", "title", "publisher", "url"}) for one in guide.sources],
    }
    version = sha256(json.dumps(data, sort_keys=True).encode() + script.encode()).hexdigest()[:16]
    return {**data, "version": version}


def _item(item: Item) -> dict[str, Any]:
    """Return an item with what some units are asked instead."""
    variants = [
        {
            "when": one.when.model_dump(mode="json", exclude_defaults=True),
            "says": _record(one, _VARIED),
            "sources": one.sources,
        }
        for one in item.variants
    ]
    variants = [one for one in variants if one["says"] or one["sources"]]
    return {"key": item.key, **_record(item, _ITEM), "variants": variants}


def _record(record: BaseModel, names: Collection[str]) -> dict[str, Any]:
    """Return some fields of a record, without those that say nothing."""
    dumped = record.model_dump(mode="json", include=set(names), exclude_defaults=True)
    return {name: _plain(value) for name, value in dumped.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 # what JSON holds
    """Return options and choices with what the page needs of them."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{name: one[name] for name in one if name in {*_CHOICE, "sets", "asks"}} for one in value]
    return value
