"""Every answer has its state, and every item that is not in place has one action."""

from collections.abc import Mapping
from datetime import date

import pytest

import samples
from peerplan.answers.questions import answer_options
from peerplan.guide.model import Item, Option
from peerplan.guide.tailoring import Profile, tailor
from peerplan.plan.dates import Timing
from peerplan.plan.readiness import Action, actions_for, area_status
from rules import guide

UNIT = Profile(setting="hospital", scope="whole-period", level="beginner", audience="students", group="even")
FOLLOWERS = ("theory", "endorsement")


def items() -> tuple[Item, ...]:
    return tailor(guide(), UNIT).items


def given(answers: Mapping[str, str]) -> dict[str, Option]:
    return answer_options(items(), answers, guide())


def actions(answers: Mapping[str, str], as_of: str = "2026-09-01") -> dict[str, Action]:
    timing = Timing(date(2027, 1, 18), None, "whole-period", "SE", date.fromisoformat(as_of))
    return actions_for(items(), given(answers), guide(), timing)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("yes", "done"),
        ("partly", "partly"),
        ("no", "open"),
        ("unknown", "unknown"),
        ("not-applicable", "not-applicable"),
    ],
)
def test_an_answer_gives_its_state(answer: str, state: str) -> None:
    assert given({"rooms": answer})["rooms"].state == state


@pytest.mark.parametrize(("answer", "state"), [("use", "done"), ("try", "done"), ("undecided", "unknown")])
def test_an_item_with_options_of_its_own_has_their_states(answer: str, state: str) -> None:
    assert given({"decision": answer})["decision"].state == state


def test_what_was_not_answered_is_unknown() -> None:
    assert {option.state for option in given({}).values()} == {"unknown"}


@pytest.mark.parametrize("leading", ["no", "unknown"])
def test_followers_of_an_open_item_are_unknown_whatever_was_answered_before(leading: str) -> None:
    answers = dict.fromkeys(FOLLOWERS, "yes") | {"contact": leading}
    assert {given(answers)[one].state for one in FOLLOWERS} == {"unknown"}
    assert set(FOLLOWERS) <= set(actions(answers))


@pytest.mark.parametrize("leading", ["yes", "partly", "not-applicable"])
def test_followers_of_any_other_item_keep_their_answer(leading: str) -> None:
    answers = dict.fromkeys(FOLLOWERS, "yes") | {"contact": leading}
    assert {given(answers)[one].state for one in FOLLOWERS} == {"done"}


@pytest.mark.parametrize(
    ("answer", "called_for"),
    [("yes", False), ("partly", True), ("no", True), ("unknown", True), ("not-applicable", False)],
)
def test_an_action_is_called_for_until_the_item_is_in_place(*, answer: str, called_for: bool) -> None:
    assert ("rooms" in actions({"rooms": answer})) is called_for


@pytest.mark.parametrize(
    ("item", "answer", "blocks"),
    [
        ("decision", "undecided", True),
        ("managers", "no", True),
        ("managers", "unknown", True),
        ("managers", "partly", False),
        ("colleagues", "no", True),
        ("colleagues", "unknown", False),
        ("colleagues", "partly", False),
        ("endorsement", "no", False),
        ("endorsement", "unknown", False),
        ("contact", "no", False),
        ("rooms", "no", False),
    ],
)
def test_only_some_answers_block(*, item: str, answer: str, blocks: bool) -> None:
    assert actions({item: answer, "contact": "partly"} | {item: answer})[item].blocks is blocks


def test_what_was_sent_was_written_too() -> None:
    sent = items_of_the_real_guide({"email-sent": "yes", "email-written": "no"})
    assert (sent["email-sent"].state, sent["email-written"].state) == ("done", "done")
    assert items_of_the_real_guide({"email-sent": "no", "email-written": "no"})["email-written"].state == "open"


def items_of_the_real_guide(answers: Mapping[str, str]) -> dict[str, Option]:
    real = samples.guide()
    return answer_options(tailor(real, UNIT).items, answers, real)


def test_an_action_says_what_the_item_says() -> None:
    item = next(one for one in items() if one.id == "rooms")
    action = actions({"rooms": "no"})["rooms"]
    assert (action.title, action.steps, action.why) == (item.title, item.steps, item.why)
    assert action.owner == "coordinator"
    assert action.due == date(2026, 12, 7)
    assert (action.partly, action.essential) == ("", False)
    assert actions({"rooms": "partly"})["rooms"].partly == "some of rooms."


@pytest.mark.parametrize(("as_of", "late"), [("2026-12-07", False), ("2026-12-08", True)])
def test_an_action_is_late_once_its_day_has_passed(*, as_of: str, late: bool) -> None:
    assert actions({"rooms": "no"}, as_of)["rooms"].late is late


def test_a_letter_that_cannot_be_sent_becomes_a_talk_on_the_first_day() -> None:
    talk = actions({"email-sent": "no", "email-written": "no"}, "2027-01-16")
    assert talk["email-sent"] == Action(
        id="email-sent",
        title="Talk it through on the first day",
        steps=("Sit down together.",),
        owner="supervisor",
        owner_label="supervisor",
        due=date(2027, 1, 18),
        late=False,
        blocks=False,
        why="Because of email-sent.",
        partly="",
        sources=("first",),
        essential=False,
        is_short=False,
        presses=False,
        under_way=False,
    )
    assert "email-written" not in talk


def test_a_letter_that_is_written_and_cannot_be_sent_becomes_a_talk_too() -> None:
    assert actions({"email-sent": "no", "email-written": "yes"}, "2027-01-16")["email-sent"].owner == "supervisor"


def test_on_the_last_working_day_the_letter_is_still_to_be_sent() -> None:
    letter = actions({"email-sent": "no", "email-written": "no"}, "2027-01-15")
    assert letter["email-sent"].title == "Arrange email-sent"
    assert letter["email-sent"].late
    assert "email-written" in letter


def test_a_letter_that_was_sent_needs_no_talk_instead() -> None:
    assert "email-sent" not in actions({"email-sent": "yes", "email-written": "yes"}, "2027-01-16")


def test_an_area_counts_what_is_done_of_what_applies() -> None:
    answers = {"rooms": "yes", "computers": "not-applicable", "plan-b": "partly"}
    environment = next(one for one in guide().areas if one.id == "environment")
    status = area_status(environment, items(), given(answers), {"rooms": "Room 4."}, actions(answers))
    assert (status.label, status.done, status.total) == ("Environment", 1, 2)
    by_id = {item.id: item for item in status.items}
    assert len(by_id) == 3
    assert by_id["rooms"].note == "Room 4."
    assert by_id["rooms"].action is None
    assert (by_id["computers"].action, by_id["computers"].note) == (None, "")
    assert (by_id["plan-b"].answer, by_id["plan-b"].state) == ("partly", "partly")
    assert by_id["plan-b"].action == actions(answers)["plan-b"]
