"""What a template can use: plain values, with every text that a person wrote made safe for Markdown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Protocol

from peerplan.answers.model import Answers
from peerplan.answers.questions import IN_PLACE
from peerplan.guide.guide import Guide
from peerplan.guide.model import Activity, Advice, FollowUp, Risk, Role, Sheet
from peerplan.guide.tailoring import FACT_OF_CONDITION, Profile, tailor
from peerplan.plan.checklist import ChecklistLine
from peerplan.plan.plan import Plan

DECISION = "decision"


class _Citing(Protocol):
    """A record that names its sources by their ids."""

    @property
    def sources(self) -> tuple[str, ...]: ...


def template_data(plan: Plan, guide: Guide, *safes: Callable[[str], str]) -> list[dict[str, object]]:
    """Return the variables of the templates, for each kind of document one set.

    What makes a person's words fit for the kind is its safe. `labels` and `about` hold what the chosen setting, scope,
    level, audience and coordinator's role are called and mean. `open` holds the ids of the items that are not in place;
    `decision` is what was answered to that item. `checklist` has the lines of each owner, `in_place` those of what is
    done. `sources` are numbered; a record's `cites` is what stands after a statement, " [2, 5]" or nothing.
    """
    answers = plan.answers.model_dump()
    of_all = _guide_data(plan, guide)
    return [of_all | _person_data(plan, answers, of_all, safe) for safe in safes]


def _guide_data(plan: Plan, guide: Guide) -> dict[str, Any]:
    """Return what no person wrote, which is the same for every kind of document."""
    numbers = {source.id: number for number, source in enumerate(plan.sources, 1)}

    def cited(record: Activity | Advice | FollowUp | Risk | Role | Sheet) -> dict[str, object]:
        return {**vars(record), "cites": _cites(record, numbers)}

    return {
        "language": guide.own_language,
        "decision": plan.answers.items.get(DECISION, ""),
        "words": plan.words,
        "labels": _chosen(guide, plan.profile, "label"),
        "about": _chosen(guide, plan.profile, "about"),
        "group": plan.profile.group,
        "verdict": plan.verdict,
        "open": [item.id for area in plan.areas for item in area.items if item.state not in IN_PLACE],
        "late_mark": guide.say("late-mark"),
        "actions": [{**_fields(one), "cites": _cites(one, numbers)} for one in plan.actions],
        "blocking": plan.blocking,
        "late": plan.late,
        "to_begin": plan.to_begin,
        "milestones": plan.milestones,
        "letters": plan.letters,
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
        "sheets": [cited(sheet) for sheet in plan.sheets],
        "risks": [cited(risk) for risk in plan.risks],
        "follow_ups": [
            {**cited(one.follow_up), "day": one.day, "has_passed": one.has_passed} for one in plan.follow_ups
        ],
        "sources": [{**vars(source), "number": numbers[source.id]} for source in plan.sources],
    }


def _person_data(
    plan: Plan, answers: Mapping[str, object], of_all: Mapping[str, Any], safe: Callable[[str], str]
) -> dict[str, object]:
    """Return what may hold a person's words; of_all is what holds none."""
    said = _safe({name: answers[name] for name in ("unit", "placement", "first_day")}, safe)
    said["placement"]["why"] = _sentence(said["placement"]["why"])
    lists = plan.checklist
    return {
        "unit": said["unit"],
        "placement": said["placement"],
        "first_day": said["first_day"],
        "checklist": [_fields(part) | {"lines": [_line(line, safe) for line in part.lines]} for part in lists.parts],
        "in_place": [_line(line, safe) for line in lists.in_place],
        "other_notes": [(label, [*map(safe, notes)]) for label, notes in lists.notes],
        "actions": [one | {"who": safe(one["who"])} for one in of_all["actions"]],
        "next_steps": [replace(one, who=safe(one.who)) if one.who else one for one in plan.next_steps],
        "activity_names": [safe(one.label) if one.activity is None else one.label for one in plan.activities],
        "own_activities": said["placement"]["own_activities"],
        "timetable": [replace(week, activity=safe(week.activity)) for week in plan.timetable],
    }


def _sentence(text: str) -> str:
    """Return a person's sentence with a full stop where she set nothing at its end: another one follows it."""
    return f"{text}." if text and text.rstrip("\"')»”")[-1:] not in ".!?:…" else text


def _cites(record: _Citing, numbers: Mapping[str, int]) -> str:
    """Return the numbers of a record's sources as they stand after a statement."""
    found = sorted(numbers[one] for one in record.sources if one in numbers)
    return f" [{', '.join(map(str, found))}]" if found else ""


def _fields(record: Any) -> dict[str, object]:  # noqa: ANN401 # any dataclass
    return {field.name: getattr(record, field.name) for field in fields(record)}


def flat(answers: Answers) -> dict[str, object]:
    """Return answers by their keys in answers.toml."""
    return dict(_flat(answers.model_dump(by_alias=True), ""))


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _safe(value: Any, safe: Callable[[str], str]) -> Any:  # noqa: ANN401 # walks what model_dump gives
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {key: _safe(one, safe) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(one, safe) for one in value]
    return value


def _line(line: ChecklistLine, safe: Callable[[str], str]) -> ChecklistLine:
    """Return a line with what a person wrote made safe; what peerplan wrote stays as it is."""
    if line.id and not line.who and not line.notes:
        return line
    title = line.title if line.id else safe(line.title)
    return replace(line, title=title, who=safe(line.who), notes=tuple(map(safe, line.notes)))


@lru_cache(maxsize=256)
def _chosen(guide: Guide, profile: Profile, field: str) -> dict[str, str]:
    """Return a text of each choice that conditions look at, in the unit's words; empty if nothing was chosen."""
    unit = tailor(guide, profile)
    texts = {}
    for name, key in FACT_OF_CONDITION.items():
        chosen = getattr(profile, name)
        texts[name] = next((getattr(choice, field) for choice in unit.choices[key] if choice.id == chosen), "")
    return texts
