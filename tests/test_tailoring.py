"""What a unit is told depends on what kind of unit it is."""

from itertools import combinations, product

import pytest

from peerplan.guide.model import Choice, Fact
from peerplan.guide.tailoring import FACT_OF_CONDITION, Profile, Tailored, applies, fill, group_of, tailor, words_for
from peerplan.guide.texts import When
from samples import guide, plan, rendered

LANGUAGES = ["en", "sv"]
NEW_COLLEAGUES = {"placement.audience": "new-colleagues", "placement.level": ""}
SIX_UNITS: dict[str, dict[str, object]] = {
    "surgical ward": {},
    "education ward": {"placement.scope": "education-ward", "placement.level": "advanced"},
    "health centre": {
        "unit.setting": "primary-care",
        "placement.scope": "single-activities",
        "placement.level": "intermediate",
    },
    "dental clinic": {"unit.setting": "dental-clinic", "placement.participants": 3},
    "laboratory": {"unit.setting": "laboratory", **NEW_COLLEAGUES},
    "home care": {"unit.setting": "home", "placement.level": "specialist", "placement.participants": 1},
}


def values_of(field: str) -> list[str]:
    return [choice.id for choice in guide().fact(FACT_OF_CONDITION[field]).choices]


def profiles(**fixed: str) -> list[Profile]:
    """Every kind of unit with these values; new colleagues have no level."""
    kinds = [("new-colleagues", ""), *(("students", level) for level in ["", *values_of("level")])]
    return [
        one
        for setting, scope, (audience, level) in product(values_of("setting"), values_of("scope"), kinds)
        if (one := Profile(setting, scope, level, audience, "even"))
        and all(getattr(one, name) == value for name, value in fixed.items())
    ]


def records_of(unit: Tailored) -> set[str]:
    """The statements that hold for the unit, by id: a word of its own does not make a statement its own."""
    ids = [one.id for one in unit.advice] + [one.id for one in unit.risks]
    return {*ids, *(one.id for one in unit.roles), *(one.id for one in unit.follow_ups)}


def texts_of(unit: Tailored) -> set[str]:
    """All that a plan for the unit can say."""
    texts = [one.text for one in unit.advice] + [one.text for one in unit.roles]
    texts += [text for one in unit.risks for text in (one.risk, one.action)]
    texts += [text for one in unit.follow_ups for text in (one.whom, *one.questions)]
    texts += [text for one in unit.items for text in (one.title, one.why, *one.steps)]
    return set(texts)


# --- each kind of unit gets something of its own ---------------------------------------------------------------------

VALUES = [(field, value) for field in ("setting", "scope", "level", "audience") for value in values_of(field)]


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_each_kind_of_unit_is_told_something_that_no_other_kind_is(field: str, value: str) -> None:
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for one in profiles():
        told[getattr(one, field) == value] |= records_of(tailor(guide(), one))
    assert told[True] - told[False]


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_unit_is_told_something_that_it_would_not_be_as_another_kind(field: str, value: str) -> None:
    content = guide()
    for one in profiles(**{field: value}):
        others = [twin for twin in profiles() if getattr(twin, field) != value and is_otherwise_alike(one, twin, field)]
        assert others
        for other in others:
            assert records_of(tailor(content, one)) - records_of(tailor(content, other)), (one, other)


def is_otherwise_alike(one: Profile, other: Profile, field: str) -> bool:
    may_differ = {field, "level"} if field == "audience" else {field}  # new colleagues have no level
    return all(getattr(one, name) == getattr(other, name) for name in set(FACT_OF_CONDITION) - may_differ)


def plan_text(changes: dict[str, object], language: str) -> str:
    made = rendered(plan(changes, language=language))
    return "".join(content.decode() for name, content in made.items() if name.endswith(".md"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_different_units_get_six_visibly_different_plans(language: str) -> None:
    plans = {name: plan_text(changes, language).splitlines() for name, changes in SIX_UNITS.items()}
    for (name, one), (other_name, other) in combinations(plans.items(), 2):
        own = set(one) - set(other)
        others = set(other) - set(one)
        assert min(len(own), len(others)) >= 15, (name, other_name)


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "language", "word", "is_called"),
    [
        (Profile(audience="students"), "en", "learners", "students"),
        (Profile(audience="new-colleagues"), "en", "learners", "new colleagues"),
        (Profile(audience="new-colleagues"), "sv", "learners", "nya kollegor"),
        (Profile(setting="special-accommodation"), "en", "persons", "residents"),
        (Profile(setting="laboratory"), "en", "persons", "samples"),
        (Profile(setting="hospital"), "sv", "at_the_unit", "på avdelningen"),
        (Profile(), "en", "at_the_unit", "at the unit"),
    ],
)
def test_things_are_called_what_they_are_called_at_the_unit(
    profile: Profile, language: str, word: str, is_called: str
) -> None:
    words = words_for(guide(language), profile)
    assert words[word] == is_called
    assert words[word.capitalize()] == is_called[0].upper() + is_called[1:]


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        words_for(guide(), Profile())["nothing"]


def test_words_are_filled_in_everywhere_in_a_record() -> None:
    choice = Choice.model_construct(id="a", label="{a_learner}")
    fact = Fact.model_construct(
        key="a.b", kind="choice", label="", why="", question="Who is {the_learner}?", choices=(choice,)
    )
    filled = fill(fact, words_for(guide(), Profile(audience="new-colleagues")))
    assert filled.question == "Who is the new colleague?"
    assert [one.label for one in filled.choices] == ["a new colleague"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_in_braces_is_left_for_any_kind_of_unit(language: str) -> None:
    texts = {text for profile in profiles() for text in texts_of(tailor(guide(language), profile))}
    assert len(texts) > 300
    assert [text for text in texts if "{" in text or "}" in text] == []


# --- what applies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("participants", "group"), [(None, "unknown"), (1, "one"), (2, "even"), (3, "odd"), (200, "even"), (199, "odd")]
)
def test_a_number_makes_a_group(participants: int | None, group: str) -> None:
    assert group_of(participants) == group


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(setting=("home",)), True),
        (When(setting=("home", "hospital")), True),
        (When(setting=("hospital",)), False),
        (When(setting=("home",), scope=("whole-period",)), True),
        (When(setting=("home",), scope=("education-ward",)), False),
        (When(level=("beginner",)), False),
        (When(coordinator=("none",)), True),
        (When(group=("even", "odd")), False),
    ],
)
def test_a_condition_holds_when_every_list_contains_the_units_value(*, when: When, holds: bool) -> None:
    assert applies(when, Profile(setting="home", scope="whole-period", audience="students")) is holds


def test_a_variant_replaces_adds_steps_and_adds_sources() -> None:
    ordinary = {item.id: item for item in tailor(guide(), Profile("hospital", "whole-period", "", "students")).items}
    radiology = {item.id: item for item in tailor(guide(), Profile("radiology", "whole-period", "", "students")).items}
    before, after = ordinary["adaptations"], radiology["adaptations"]
    assert after.steps[: len(before.steps)] == before.steps
    assert "radiation" in after.steps[-1]
    assert after.sources[: len(before.sources)] == before.sources
    assert "palm-2025" in radiology["managers"].sources


def test_a_unit_is_offered_the_activities_that_suit_it_and_can_be_given_any() -> None:
    laboratory = tailor(guide(), Profile("laboratory", "whole-period", "", "students"))
    offered = next(fact for fact in laboratory.facts if fact.key == "placement.activities").choices
    every = laboratory.choices["placement.activities"]
    assert "rounds" not in {choice.id for choice in offered}
    assert {choice.id for choice in offered} < {choice.id for choice in every}
    assert {choice.id for choice in every} == {activity.id for activity in guide().activities}


@pytest.mark.parametrize("key", ["placement.level", "placement.institution", "placement.programme"])
def test_new_colleagues_are_not_asked_about_their_education(key: str) -> None:
    asked = {
        audience: {fact.key for fact in tailor(guide(), Profile(audience=audience)).facts}
        for audience in ("students", "new-colleagues")
    }
    assert key in asked["students"]
    assert key not in asked["new-colleagues"]
