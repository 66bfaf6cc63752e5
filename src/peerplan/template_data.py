"""What a template can use: plain values, with every text that a person wrote made safe for Markdown."""

from dataclasses import asdict
from typing import Any

from peerplan.guide import Guide
from peerplan.markdown import escape
from peerplan.planning import Plan
from peerplan.tailoring import FACT_OF_CONDITION, choices_for


def template_data(plan: Plan, guide: Guide) -> dict[str, object]:
    """The variables of the templates.

    `labels` and `about` hold what the chosen setting, scope, level, audience and coordinator's role are called and
    mean. `open` holds the ids of the items that are not in place.
    """
    answers = _escaped(plan.answers.model_dump())
    areas = [_with_escaped_notes(asdict(area)) for area in plan.areas]
    items = [item for area in areas for item in area["items"]]
    return {
        "language": next(language for language in guide.languages if language.id == guide.language),
        "unit": answers["unit"],
        "placement": answers["placement"],
        "words": plan.words,
        "labels": _chosen(plan, guide, "label"),
        "about": _chosen(plan, guide, "about"),
        "group": plan.profile.group,
        "verdict": plan.verdict,
        "areas": areas,
        "done": [item for item in items if item["state"] == "done"],
        "noted": [item for item in items if item["note"]],
        "open": [item["id"] for item in items if item["state"] in ("partly", "open", "unknown")],
        "actions": [asdict(action) for action in plan.actions],
        "next_steps": [asdict(action) for action in plan.next_steps],
        "blocking": [asdict(action) for action in plan.blocking],
        "late": [asdict(action) for action in plan.late],
        "reply_by": plan.reply_by,
        "letter_is_too_late": plan.letter_is_too_late,
        "owners": [owner.label for owner in guide.owners],
        "roles": [role.model_dump() | {"label": guide.owner_label(role.owner)} for role in plan.roles],
        "advice": [one.text for one in plan.advice],
        "activities": [one.activity.model_dump() | {"label": one.label} for one in plan.activities],
        "timetable": [asdict(week) for week in plan.timetable],
        "risks": [risk.model_dump() for risk in plan.risks],
        "follow_ups": [one.follow_up.model_dump() | {"day": one.day} for one in plan.follow_ups],
        "sources": [source.model_dump() for source in plan.sources],
    }


def _escaped(value: Any) -> Any:  # noqa: ANN401 # walks what model_dump gives
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(one) for one in value]
    return value


def _with_escaped_notes(area: dict[str, Any]) -> dict[str, Any]:
    return area | {"items": [item | {"note": escape(item["note"])} for item in area["items"]]}


def _chosen(plan: Plan, guide: Guide, field: str) -> dict[str, str]:
    """A text of each choice that conditions look at, in the unit's words; empty if nothing was chosen."""
    texts = {}
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(plan.profile, name)
        texts[name] = next(
            (getattr(choice, field) for choice in choices_for(guide, key, plan.words) if choice.id == chosen), ""
        )
    return texts
