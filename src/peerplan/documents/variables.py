"""What a template can use: plain values, with every text that a person wrote made safe for Markdown."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Protocol

from peerplan.answers.questions import IN_PLACE
from peerplan.documents.markdown import escape
from peerplan.guide.guide import Guide
from peerplan.guide.model import Activity, Advice, FollowUp, Risk, Role, Sheet
from peerplan.guide.tailoring import FACT_OF_CONDITION, Profile, tailor
from peerplan.plan.plan import Plan
from peerplan.plan.readiness import ItemStatus

DECISION = "decision"


class _Citing(Protocol):
    """A record that names its sources by their ids."""

    @property
    def sources(self) -> tuple[str, ...]: ...


def template_data(plan: Plan, guide: Guide) -> dict[str, object]:
    """Return the variables of the templates.

    `labels` and `about` hold what the chosen setting, scope, level, audience and coordinator's role are called and
    mean. `open` holds the ids of the items that are not in place; `decision` is what was answered to that item.
    `checklist` has for each owner the actions and the items in place. `sources` are numbered; a record's `cites` is
    what stands after a statement, " [2, 5]" or nothing. `reader` is the name of the person that a letter is to, if it
    is to one.
    """
    answers = _escaped(plan.answers.model_dump())
    items = [_with_escaped_note(item) for area in plan.areas for item in area.items]
    numbers = {source.id: number for number, source in enumerate(plan.sources, 1)}

    def cited(record: Activity | Advice | FollowUp | Risk | Role | Sheet) -> dict[str, object]:
        return {**dict(record), "cites": _cites(record, numbers)}

    return {
        "language": guide.own_language,
        "reader": "",
        "unit": answers["unit"],
        "placement": answers["placement"],
        "first_day": answers["first_day"],
        "decision": plan.answers.items.get(DECISION, ""),
        "words": plan.words,
        "labels": _chosen(guide, plan.profile, "label"),
        "about": _chosen(guide, plan.profile, "about"),
        "group": plan.profile.group,
        "verdict": plan.verdict,
        "checklist": [
            {
                "owner": owner.id,
                "label": owner.label,
                "actions": [item for item in items if item.action and item.action.owner == owner.id],
                "done": [item for item in items if item.state == "done" and item.owner == owner.id],
            }
            for owner in guide.owners
        ],
        "open": [item.id for item in items if item.state not in IN_PLACE],
        "other_notes": [item for item in items if item.note and not item.action and item.state != "done"],
        "actions": [{**_fields(action), "cites": _cites(action, numbers)} for action in plan.actions],
        "next_steps": plan.next_steps,
        "blocking": plan.blocking,
        "late": plan.late,
        "milestones": plan.milestones,
        "reply_by": plan.reply_by,
        "letter_is_too_late": plan.letter_is_too_late,
        "phase": plan.phase,
        "left_over": plan.left_over,
        "next_follow_up": plan.next_follow_up,
        "short": plan.short,
        "essential": plan.essential,
        "earliest_start": plan.earliest_start,
        "smaller_helps": plan.smaller_helps,
        "roles": [{**cited(role), "label": guide.owner_label(role.owner)} for role in plan.roles],
        "advice": [cited(one) for one in plan.advice],
        "activities": [
            {**cited(one.activity), "label": one.label} for one in plan.activities if one.activity is not None
        ],
        "activity_names": [escape(one.label) if one.activity is None else one.label for one in plan.activities],
        "own_activities": answers["placement"]["own_activities"],
        "sheets": [cited(sheet) for sheet in plan.sheets],
        "timetable": [replace(week, activity=escape(week.activity)) for week in plan.timetable],
        "risks": [cited(risk) for risk in plan.risks],
        "follow_ups": [
            {**cited(one.follow_up), "day": one.day, "has_passed": one.has_passed} for one in plan.follow_ups
        ],
        "sources": [{**dict(source), "number": numbers[source.id]} for source in plan.sources],
    }


def _cites(record: _Citing, numbers: Mapping[str, int]) -> str:
    """Return the numbers of a record's sources as they stand after a statement."""
    found = sorted(numbers[one] for one in record.sources if one in numbers)
    return f" [{', '.join(map(str, found))}]" if found else ""


def _fields(record: Any) -> dict[str, object]:  # noqa: ANN401 # any dataclass
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _escaped(value: Any) -> Any:  # noqa: ANN401 # walks what model_dump gives
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(one) for one in value]
    return value


def _with_escaped_note(item: ItemStatus) -> ItemStatus:
    return replace(item, note=escape(item.note)) if item.note else item


@lru_cache(maxsize=256)
def _chosen(guide: Guide, profile: Profile, field: str) -> dict[str, str]:
    """Return a text of each choice that conditions look at, in the unit's words; empty if nothing was chosen."""
    unit = tailor(guide, profile)
    texts = {}
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(profile, name)
        texts[name] = next((getattr(choice, field) for choice in unit.choices[key] if choice.id == chosen), "")
    return texts
