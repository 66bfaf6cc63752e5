"""A draft is judged: everything that is wrong is told with its key, and what was probably meant."""

from collections.abc import Mapping
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.answers.draft import Draft, check_answers, check_draft, known_keys
from peerplan.answers.values import MISSING, nearest, typed
from peerplan.errors import AND_MORE, InputError, PrivacyError, Problem
from samples import draft, guide, kit, problem_line


def problems(changes: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(key, problem.message) for key, problem in check_draft({**draft(), **changes}, guide()).problems]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("unit.name", "", "missing"),
        ("unit.name", "\u00ad\u3164 \u2800\u200d", "missing"),
        ("unit.name", "A\nB", "line-break"),
        ("unit.name", "A\u202eB", "line-break"),
        ("unit.name", "W" * 101, "too-long"),
        ("unit.name", "# Ward", "markdown"),
        ("unit.name", "<b>Ward</b>", "markdown"),
        ("unit.name", 7, "not-a-text"),
        ("unit.workplace", "H" * 201, "too-long"),
        ("unit.setting", "hospitl", "unknown-choice-near"),
        ("unit.setting", "spaceship", "unknown-choice"),
        ("unit.country", "XX", "unknown-country"),
        ("unit.professions", 3, "not-a-list"),
        ("unit.coordinator.email", "karin", "not-an-email"),
        ("unit.coordinator.role", "boss", "unknown-choice"),
        ("placement.start", "1/2/2027", "ambiguous-date"),
        ("placement.start", "18/1", "no-year"),
        ("placement.start", "1/13/2027", "not-a-date"),
        ("placement.start", "2027-02-30", "no-such-day"),
        ("placement.start", 7, "not-a-date"),
        ("placement.end", date(2027, 1, 17), "end-before-start"),
        ("placement.participants", 0, "not-a-number"),
        ("placement.participants", 201, "not-a-number"),
        ("placement.participants", "four", "not-a-number"),
        ("placement.participants", True, "not-a-number"),
        ("placement.level", "begginer", "unknown-choice-near"),
        ("support.managers", "yess", "unknown-choice-near"),
        ("support.managers", "not-applicable", "unknown-choice"),
        ("support.decision", "yes", "unknown-choice"),
        ("notes.rooms", "a\x00b", "control-character"),
        ("notes.rooms", "n" * 5001, "too-long"),
    ],
)
def test_a_wrong_value_is_told_with_its_key(key: str, value: object, message: str) -> None:
    assert problems({key: value}) == [(key, message)]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("anna.\u00f6berg@norra.example", "email-character"),
        ("anna@nor,ra.example", "email-character"),
        ("anna berg@norra.example", "email-blank"),
        ("anna.norra.example", "email-no-at"),
        ("anna@norra@example.org", "email-two-ats"),
        ("@norra.example", "email-no-name"),
        ("anna@", "email-no-domain"),
        ("anna@norra", "email-no-domain"),
        ("anna..b@norra.example", "email-form"),
    ],
)
def test_a_wrong_address_is_told_with_the_reason_and_not_repeated(address: str, reason: str) -> None:
    ((key, problem),) = check_draft({**draft(), "unit.coordinator.email": address}, guide()).problems
    why = problem.values["why"]
    assert isinstance(why, Problem)
    assert (key, problem.message, why.message) == ("unit.coordinator.email", "not-an-email", reason)
    assert "'\u00f6'" in problem_line("sv", problem) or reason != "email-character" or "," in address
    assert not any(part in problem_line("en", problem) for part in ("anna", "norra"))


def test_of_many_keys_that_there_are_not_the_first_are_told_and_the_rest_is_counted() -> None:
    problems = check_draft({f"none-{number}": 1 for number in range(60_000)}, guide()).problems
    told = [(key, one.message) for key, one in problems if key.startswith("none")]
    assert (len(told), told[0], told[-1]) == (21, ("none-0", "unknown-key"), ("none-20", AND_MORE))
    assert dict(problems)["none-20"].values == {"count": 59_980}


@pytest.mark.parametrize(
    ("own", "key", "message"),
    [
        ([{"title": "Order cake", "whom": "Eva"}], "own.whom", "unknown-key"),
        ([{"title": "Order cake", "done": "soon"}], "own.done", "not-a-truth"),
        ([{"title": "Order cake", "done": 1.5}], "own.done", "not-a-truth"),
        (["Order cake"], "own", "not-a-line"),
        ([["Order cake"]], "own", "not-a-line"),
        ("Order cake", "own", "not-a-list"),
        ([{"whom": "Eva", "title": "a"}] * 1000, "own.whom", "unknown-key"),
    ],
)
def test_what_is_wrong_about_lines_of_ones_own_is_told_once_in_both_languages(
    own: object, key: str, message: str
) -> None:
    ((found, problem),) = check_draft({**draft(), "own": own}, guide()).problems
    assert (found, problem.message) == (key, message)
    assert all(problem_line(language, problem) for language in kit().languages)


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_very_many_digits_is_none(digits: int) -> None:
    assert problems({"placement.participants": "9" * digits}) == [("placement.participants", "not-a-number")]
    assert typed("integer", "9" * digits, guide()) == (int("9" * digits) if digits < 1000 else "9" * digits)


def test_a_domain_may_have_letters_of_its_own() -> None:
    assert problems({"unit.coordinator.email": "anna@\u00f6berg.example"}) == []


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("unit.seting", "unit.setting"),
        ("support.rooms", "environment.rooms"),
        ("placement.name", "unit.name"),
        ("environment.romms", "environment.rooms"),
    ],
)
def test_a_misspelt_key_is_told_with_the_nearest(key: str, near: str) -> None:
    ((found, problem),) = check_draft({**draft(), key: "x"}, guide()).problems
    assert (found, problem.message, problem.values["near"]) == (key, "unknown-key-near", near)


def test_all_problems_are_told_together_with_their_places() -> None:
    wrong = {**draft(), "unit.setting": "x", "placement.participants": 0}
    with pytest.raises(InputError) as error:
        check_answers(wrong, guide(), {"": "answers.toml", "unit.setting": "answers.toml:5"})
    assert [one.place for one in error.value.problems] == [
        "answers.toml:5: unit.setting",
        "answers.toml: placement.participants",
    ]


def test_what_is_lacking_is_not_wrong_yet() -> None:
    check_draft({"unit.name": "Ward 7"}, guide()).refuse({}, but=MISSING)
    with pytest.raises(InputError):
        check_draft({"unit.setting": "x"}, guide()).refuse({}, but=MISSING)


@pytest.mark.parametrize("key", ["unit.name", "unit.workplace", "notes.rooms"])
def test_an_identity_number_is_refused(key: str) -> None:
    with pytest.raises(PrivacyError) as error:
        check_answers({**draft(), key: "Anna 19811228-9874"}, guide())
    assert "9874" not in str(error.value.problems)


def test_a_note_may_have_lines() -> None:
    assert check_answers({**draft(), "notes.rooms": "One\nTwo\n"}, guide()).notes["rooms"] == "One\nTwo"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2027-01-18", date(2027, 1, 18)),
        ("date", "18 January", "18 January"),
        ("integer", " 4 ", 4),
        ("integer", "4.5", "4.5"),
        ("list", "nursing, medicine; ", ["nursing", "medicine"]),
        ("choices", "rounds", ["rounds"]),
        ("text", " Ward 7 ", "Ward 7"),
    ],
)
def test_a_text_becomes_what_the_file_holds(kind: str, text: str, value: object) -> None:
    assert typed(kind, text, guide()) == value  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_the_nearest_is_always_a_known_one_or_nothing(text: str) -> None:
    assert nearest(text, {"rooms": "rooms", "computers": "computers"}) in ("rooms", "computers", "")


KINDS: dict[str, object] = {
    "whole number": 7,
    "number": 1.5,
    "not a number": float("nan"),
    "truth": True,
    "date": date(2027, 1, 18),
    "moment": datetime(2027, 1, 18, 10, 0),  # noqa: DTZ001 # as TOML gives it
    "time": time(10, 0),
    "list": ["yes"],
    "list of numbers": [1],
    "list of lists": [["yes"]],
}
FACTS = [key for key in known_keys(guide()) if key.split(".")[0] in ("language", "unit", "placement")]
ITEMS = [f"{item.area}.{item.id}" for item in guide().items]
NOTES = ["notes.rooms", "notes.decision"]
RIGHT = {
    *(("placement.start", "date"), ("placement.end", "date"), ("placement.participants", "whole number")),
    ("unit.professions", "list"),
    ("placement.own-activities", "list"),
}


@pytest.mark.parametrize("empty", ["", []])
@pytest.mark.parametrize("key", [*FACTS, *ITEMS, *NOTES])
def test_an_empty_value_is_no_answer(key: str, empty: object) -> None:
    without = [problem.message for _, problem in check_draft(_without(key), guide()).problems]
    assert [problem.message for _, problem in check_draft(_without(key) | {key: empty}, guide()).problems] == without


def _without(key: str) -> Draft:
    return {one: value for one, value in draft().items() if one != key}


def test_an_answer_that_was_chosen_twice_counts_once() -> None:
    chosen = {**draft(), "placement.activities": ["rounds", "documentation", "rounds"], "unit.professions": "a, b, a"}
    answers = check_answers(chosen, guide())
    assert (answers.placement.activities, answers.unit.professions) == (("rounds", "documentation"), ("a", "b"))


def test_a_list_of_very_many_is_read_in_one_go() -> None:
    many = [f"profession {number % 50_000}" for number in range(60_000)]
    assert check_answers({**draft(), "unit.professions": many}, guide()).unit.professions == tuple(many[:50_000])


@pytest.mark.parametrize("key", ["placement.start", "placement.participants", "unit.setting"])
def test_a_wrong_value_that_may_be_an_identity_number_is_masked(key: str) -> None:
    with pytest.raises(InputError) as raised:
        check_answers({**draft(), key: "811228 9874"}, guide())
    assert raised.value.problems[0].values["value"] == "****** ****"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", [*(key for key in FACTS if key != "language"), *NOTES])
def test_a_value_of_the_wrong_kind_is_one_problem_with_its_key(key: str, kind: str) -> None:
    told = [found for found, _ in problems({key: KINDS[kind]})]
    assert told == ([] if (key, kind) in RIGHT else [key])


@pytest.mark.parametrize("kind", KINDS)
def test_an_option_of_the_wrong_kind_is_one_problem_with_its_key(kind: str) -> None:
    for key in ITEMS:
        assert [found for found, _ in problems({key: KINDS[kind]})] == [key]


@pytest.mark.parametrize("blank", ["", "   ", "\t", "\u00a0"])
def test_a_blank_name_is_missing(blank: str) -> None:
    assert problems({"unit.name": blank}) == [("unit.name", "missing")]


@pytest.mark.parametrize("name", ["\u200b", "\u2060\ufeff", "\udcff", "Ward \ud800"])
def test_a_name_that_nobody_can_read_is_refused(name: str) -> None:
    assert [key for key, _ in problems({"unit.name": name})] == ["unit.name"]


@pytest.mark.parametrize(
    "name", ["Åsa's ward", "C_1 * D", "7", "A & B", "病棟 7", "🏥", "W" * 100, "Ward #7", "1. Ward"]
)
def test_an_unusual_name_is_a_name(name: str) -> None:
    assert check_answers({**draft(), "unit.name": name}, guide()).unit.name == name


@pytest.mark.parametrize(
    ("value", "near"), [("Hospital", "hospital"), ("hospitl", "hospital"), ("radiologi", "radiology"), ("x", "")]
)
def test_the_option_that_was_meant_is_told(value: str, near: str) -> None:
    ((key, problem),) = check_draft({**draft(), "unit.setting": value}, guide()).problems
    assert (key, problem.values["near"]) == ("unit.setting", near)


def test_a_swedish_label_leads_to_its_option() -> None:
    content = guide("sv")
    label = content.options_of(content.items[0])[0].label
    key = f"{content.items[0].area}.{content.items[0].id}"
    ((_, problem),) = check_draft({**draft(language="sv"), key: label}, content).problems
    assert problem.values["near"] == content.options_of(content.items[0])[0].id


VALUES = st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.lists(st.text(), max_size=2))
OWN_LINES = st.lists(st.dictionaries(st.sampled_from(["title", "due", "done", "whom"]), VALUES) | VALUES, max_size=2)


@given(st.dictionaries(st.sampled_from([*FACTS, *NOTES, "own"]), VALUES | OWN_LINES))
def test_whatever_is_wrong_is_one_line_in_both_languages(values: dict[str, object]) -> None:
    for _, problem in check_draft(values, guide()).problems:
        assert all(len(problem_line(language, problem).splitlines()) == 1 for language in ("en", "sv"))


@given(st.dictionaries(st.text(max_size=10), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()))))
def test_no_draft_at_all_breaks_the_judging(values: dict[str, object]) -> None:
    assert check_draft(values, guide()).problems


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("unit.coordinator.name", "Anna 19811228-9874"),
        ("unit.professions", ["nursing", "Anna 19811228-9874"]),
        ("unit.setting", "198112289874"),
        ("placement.participants", "198112289874"),
        ("placement.start", "198112289874"),
        ("support.managers", "198112289874"),
    ],
)
def test_an_identity_number_is_refused_wherever_it_stands_and_not_shown(key: str, value: object) -> None:
    with pytest.raises(PrivacyError) as raised:
        check_answers({**draft(), key: value}, guide())
    assert "9874" not in str(raised.value.problems)
