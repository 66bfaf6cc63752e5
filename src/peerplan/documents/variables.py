"""What a template can use: plain values, with every text that a person wrote made safe for Markdown."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from peerplan.answers.questions import IN_PLACE
from peerplan.documents.markdown import escape
from peerplan.guide.guide import Guide
from peerplan.guide.tailoring import FACT_OF_CONDITION, Profile, tailor
from peerplan.guide.texts import ContentModel
from peerplan.plan.plan import Plan
from peerplan.plan.readiness import AreaStatus

DECISION = "decision"


def template_data(plan: Plan, guide: Guide) -> dict[str, object]:
    """Return the variables of the templates.

    `labels` and `about` hold what the chosen setting, scope, level, audience and coordinator's role are called and
    mean. `open` holds the ids of the items that are not in place; `decision` is what was answered to that item.
    `reader` is the name of the person that a letter is to, if it is to one.
    """
    answers = _escaped(plan.answers.model_dump())
    areas = [_with_escaped_notes(area) for area in plan.areas]
    items = [item for area in areas for item in area.items]
    return {
        "language": guide.own_language,
        "reader": "",
        "unit": answers["unit"],
        "placement": answers["placement"],
        "decision": plan.answers.items.get(DECISION, ""),
        "words": plan.words,
        "labels": _chosen(guide, plan.profile, "label"),
        "about": _chosen(guide, plan.profile, "about"),
        "group": plan.profile.group,
        "verdict": plan.verdict,
        "areas": areas,
        "done": [item for item in items if item.state == "done"],
        "noted": [item for item in items if item.note],
        "open": [item.id for item in items if item.state not in IN_PLACE],
        "actions": plan.actions,
        "next_steps": plan.next_steps,
        "blocking": plan.blocking,
        "late": plan.late,
        "reply_by": plan.reply_by,
        "letter_is_too_late": plan.letter_is_too_late,
        "has_begun": plan.has_begun,
        "has_ended": plan.has_ended,
        "owners": [owner.label for owner in guide.owners],
        "roles": [{**_plain(role), "label": guide.owner_label(role.owner)} for role in plan.roles],
        "advice": [one.text for one in plan.advice],
        "activities": [{**_plain(one.activity), "label": one.label} for one in plan.activities],
        "timetable": plan.timetable,
        "risks": _all_plain(plan.risks),
        "follow_ups": [{**_plain(one.follow_up), "day": one.day} for one in plan.follow_ups],
        "sources": _all_plain(plan.sources),
    }


def _plain(record: ContentModel) -> dict[str, object]:
    """Return the fields of a record: a template gets no methods to call."""
    return dict(record)


def _all_plain(records: Iterable[ContentModel]) -> list[dict[str, object]]:
    return [_plain(record) for record in records]


def _escaped(value: Any) -> Any:  # noqa: ANN401 # walks what model_dump gives
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(one) for one in value]
    return value


def _with_escaped_notes(area: AreaStatus) -> AreaStatus:
    return replace(
        area, items=tuple(replace(item, note=escape(item.note)) if item.note else item for item in area.items)
    )


@lru_cache(maxsize=256)
def _chosen(guide: Guide, profile: Profile, field: str) -> dict[str, str]:
    """Return a text of each choice that conditions look at, in the unit's words; empty if nothing was chosen."""
    unit = tailor(guide, profile)
    texts = {}
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(profile, name)
        texts[name] = next((getattr(choice, field) for choice in unit.choices[key] if choice.id == chosen), "")
    return texts
