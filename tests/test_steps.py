"""Which questions apply, in which order, and where an interview goes on."""

from collections.abc import Collection
from datetime import date

import pytest

import samples
from peerplan.answers.draft import Draft
from peerplan.answers.questions import (
    FACTS,
    Step,
    draft_profile,
    open_steps,
    problem_with,
    questions_for,
    steps_for,
    with_unknown,
)
from peerplan.guide.tailoring import tailor
from rules import draft, guide
from samples import FULL

GUIDE = guide()
FOLLOWERS = {item.id for item in GUIDE.items if item.follows == "contact"}


def asked(answers: Draft) -> list[str]:
    return [step.key for step in steps_for(answers, GUIDE)]


def step_of(key: str, answers: Draft) -> Step:
    return next(step for step in steps_for(answers, GUIDE) if step.key == key)


def ids(keys: list[str]) -> set[str]:
    return {key.rpartition(".")[2] for key in keys}


def test_the_facts_come_first_and_then_the_areas_in_their_order() -> None:
    areas = [step.area for step in steps_for(draft(), GUIDE)]
    assert list(dict.fromkeys(areas)) == [FACTS, "support", "environment", "institution", "students"]
    assert areas == sorted(areas, key=list(dict.fromkeys(areas)).index)


def test_the_start_is_asked_early_so_that_the_dates_are_known_early() -> None:
    assert asked({})[:4] == ["unit.name", "unit.setting", "placement.audience", "placement.start"]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_question_says_why_it_is_asked(language: str) -> None:
    assert [step.key for step in steps_for({}, guide(language)) if not step.why] == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_question_that_offers_partly_says_what_it_would_mean(language: str) -> None:
    with_partly = [step for step in steps_for({}, guide(language)) if "partly" in dict(step.options)]
    assert len(with_partly) > 10
    assert [step.key for step in with_partly if not step.partly] == []


def test_a_meaning_of_partly_is_given_only_where_partly_can_be_chosen() -> None:
    assert [step.key for step in steps_for({}, GUIDE) if step.partly and "partly" not in dict(step.options)] == []


def test_every_readiness_question_has_a_source() -> None:
    assert [step.key for step in steps_for({}, GUIDE) if step.done and not step.sources] == []


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_what_follows_something_that_is_not_in_place_is_not_asked(answer: str) -> None:
    assert ids(asked(draft({"institution.contact": answer}))) & FOLLOWERS == set()


@pytest.mark.parametrize("answer", ["yes", "partly"])
def test_what_follows_something_that_is_under_way_is_asked(answer: str) -> None:
    assert ids(asked(draft({"institution.contact": answer}))) >= FOLLOWERS


def test_an_interview_in_which_nothing_is_in_place_is_shorter_by_the_followers() -> None:
    assert len(FOLLOWERS) == 2
    assert len(asked(draft(state="open"))) == len(asked(draft(state="done"))) - 2


def test_single_activities_need_fewer_questions_than_the_whole_period() -> None:
    single = asked(draft({"placement.scope": "single-activities"}))
    assert set(single) < set(asked(draft()))


def test_new_colleagues_are_not_asked_about_an_institution() -> None:
    keys = asked(draft({"placement.audience": "new-colleagues"}))
    assert [key for key in keys if "institution" in key or key == "placement.level"] == []


def test_what_does_not_apply_is_not_open() -> None:
    answers = draft({"institution.contact": "no"})
    assert open_steps(answers, GUIDE) == ()


def test_open_are_the_required_facts_and_every_readiness_question() -> None:
    open_keys = [step.key for step in open_steps({}, GUIDE)]
    assert open_keys[:3] == ["unit.name", "unit.setting", "placement.start"]
    assert open_keys[3:] == [step.key for step in steps_for({}, GUIDE) if step.area != FACTS]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("unit.name", "", "missing"),
        ("placement.start", "1/2/2027", "ambiguous-date"),
        ("placement.start", "soon", "not-a-date"),
        ("placement.end", date(2027, 1, 17), "end-before-start"),
        ("placement.participants", "many", "not-a-number"),
        ("unit.country", "Sverige", "unknown-country"),
        ("unit.coordinator.email", "kim", "not-an-email"),
    ],
)
def test_an_answer_is_judged_as_in_a_file(key: str, value: object, message: str) -> None:
    answers = draft(FULL)
    problem = problem_with(step_of(key, answers), value, answers, GUIDE)
    assert problem is not None
    assert problem.message == message


def test_an_answer_is_not_blamed_for_what_is_wrong_elsewhere() -> None:
    answers = draft(FULL | {"unit.coordinator.email": "kim"})
    assert problem_with(step_of("unit.name", answers), "Ward 8", answers, GUIDE) is None


def test_an_identity_number_is_refused_where_it_is_typed() -> None:
    answers = draft(FULL)
    problem = problem_with(step_of("unit.coordinator.name", answers), "Kim 19121212-1212", answers, GUIDE)
    assert problem is not None
    assert problem.message == "privacy-identity-number"


def test_what_could_not_be_read_as_text_is_refused() -> None:
    answers = draft(FULL)
    assert problem_with(step_of("unit.name", answers), "Avdelning \udcd6st", answers, GUIDE) is not None


def test_without_answers_every_item_counts_as_unknown_and_no_fact_is_made_up() -> None:
    filled = with_unknown({}, GUIDE)
    assert filled["support.decision"] == "undecided"
    assert set(filled.values()) == {"undecided", "unknown"}
    assert [step.key for step in open_steps(filled, GUIDE)] == ["unit.name", "unit.setting", "placement.start"]


def test_what_was_answered_does_not_become_unknown() -> None:
    assert with_unknown({"support.managers": "yes"}, GUIDE)["support.managers"] == "yes"


def test_what_a_coordinators_role_changes_is_asked_as_the_plan_says_it() -> None:
    answers = draft({"unit.coordinator.role": "aka"})
    question = step_of("environment.computers", answers).question
    assert question == "Has the aka seen the computers?"
    assert (
        next(item.question for item in tailor(GUIDE, draft_profile(answers, GUIDE)).items if item.id == "computers")
        == question
    )


# --- asked together --------------------------------------------------------------------------------------------------

SHIPPED = samples.guide()
MOST_QUESTIONS = {"whole-period": 26, "education-ward": 26, "single-activities": 18}
COURSE = ["institution.theory", "institution.objectives", "institution.assessment"]


def put(answers: Draft, opened: Collection[str] = ()) -> dict[str, Step]:
    return {step.key: step for step in questions_for(answers, SHIPPED, opened)}


@pytest.mark.parametrize("scope", MOST_QUESTIONS)
@pytest.mark.parametrize("setting", [choice.id for choice in SHIPPED.fact("unit.setting").choices])
def test_an_interview_is_short_where_one_answer_serves(setting: str, scope: str) -> None:
    unit: Draft = {"unit.setting": setting, "placement.scope": scope, "institution.contact": "yes"}
    assert 12 < len(put(unit)) <= MOST_QUESTIONS[scope]


@pytest.mark.parametrize("answer", ["yes", "no", "unknown"])
def test_one_answer_serves_for_all_and_is_read_back_from_them(answer: str) -> None:
    course = put({"institution.contact": "yes"})["course"]
    given = {"institution.contact": "yes", **course.answers(answer)}
    assert given == {"institution.contact": "yes", **dict.fromkeys(COURSE, answer)}
    assert put(given)["course"].answer_in(given) == answer
    assert not {*COURSE} & put(given).keys()


def test_after_partly_each_is_asked_and_what_differs_is_partly() -> None:
    given: Draft = {"institution.contact": "yes"}
    assert put(given)["course"].answers("partly") == {}
    keys = list(put(given, {"course"}))
    place = keys.index("course")
    assert keys[place + 1 : place + 4] == COURSE
    mixed = {**given, COURSE[0]: "yes", COURSE[1]: "no", COURSE[2]: "no"}
    assert put(mixed)["course"].answer_in(mixed) == "partly"
    assert {*COURSE} <= put(mixed).keys()


def test_where_only_some_are_answered_the_others_are_asked() -> None:
    given: Draft = {"institution.contact": "yes", COURSE[0]: "yes"}
    assert put(given)["course"].answer_in(given) == "partly"


def test_what_follows_an_item_that_is_not_in_place_is_not_asked_together_either() -> None:
    assert "course" not in put({"institution.contact": "no"})


def test_who_is_coming_answers_for_whom_and_how_far() -> None:
    who = put({})["who"]
    assert who.answers("advanced") == {"placement.audience": "students", "placement.level": "advanced"}
    colleagues: Draft = {"placement.audience": "new-colleagues", "placement.level": ""}
    assert who.answers("new-colleagues") == colleagues
    assert put(colleagues)["who"].answer_in(colleagues) == "new-colleagues"


def test_details_can_wait_or_are_asked_one_by_one() -> None:
    details = put({})["details"]
    assert set(details.answers("later").values()) == {""}
    later = dict(details.answers("later"))
    assert put(later)["details"].answer_in(later) == "later"
    assert not {*details.keys} & put(later).keys()
    some = {**later, "first-day.time": "7.30"}
    assert {*details.keys} <= put(some).keys()


def test_country_and_professions_are_not_asked() -> None:
    every = {key for step in put({}, {"details"}).values() for key in step.keys}
    assert not {"unit.country", "unit.professions", "placement.called"} & every
    assert {"unit.workplace", "placement.why", "first-day.private-contact"} <= every
