"""A draft is judged: everything that is wrong is told with its key, and what was probably meant."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.answers import check_answers, find_problems, nearest, refuse_wrong, typed
from peerplan.errors import InputError, PrivacyError
from samples import draft, guide


def problems(changes: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(key, problem.message) for key, problem in find_problems({**draft(), **changes}, guide())]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("unit.name", "", "missing"),
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
        ("placement.start", "18/1/2027", "ambiguous-date"),
        ("placement.start", "2027-02-30", "not-a-date"),
        ("placement.start", 20270118, "not-a-date"),
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
        ("notes.rooms", "n" * 2001, "too-long"),
    ],
)
def test_a_wrong_value_is_told_with_its_key(key: str, value: object, message: str) -> None:
    assert problems({key: value}) == [(key, message)]


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
    ((found, problem),) = find_problems({**draft(), key: "x"}, guide())
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
    refuse_wrong({"unit.name": "Ward 7"}, guide(), {})
    with pytest.raises(InputError):
        refuse_wrong({"unit.setting": "x"}, guide(), {})


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
    assert typed(kind, text) == value  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_the_nearest_is_always_a_known_one_or_nothing(text: str) -> None:
    assert nearest(text, {"rooms": "rooms", "computers": "computers"}) in ("rooms", "computers", "")


@given(st.dictionaries(st.text(max_size=10), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()))))
def test_no_draft_at_all_breaks_the_judging(values: dict[str, object]) -> None:
    assert list(find_problems(values, guide()))
