"""A walk forward, back and through the review, with a person whose replies are known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.draft import Draft, check_answers
from peerplan.answers.questions import FACTS, Place, Step, questions_for, steps_for
from peerplan.interview.asker import Move, Refused, ReviewRow
from peerplan.interview.walk import Walk
from rules import draft, guide
from samples import AS_OF, FULL, START

GUIDE = guide()
FOLLOWERS = {item.id for item in GUIDE.items if item.follows == "contact"}
EARLY = date(2026, 2, 2)  # long before the start: the time is not short
OTHERS = {"placement.scope": "single-activities", "placement.audience": "new-colleagues"}

Reply = Callable[[Step, object], object]


@dataclass
class Person:
    """Replies to each question by a rule, and to the reviews in turn; remembers what was put and what was told."""

    reply: Reply
    reviews: list[str | Move] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    defaults: list[object] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    confirmed: list[tuple[str, object]] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    note: object = ""
    rows: list[Sequence[ReviewRow]] = field(default_factory=list)

    def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
        if step.key.startswith("notes."):
            self.notes.append(step.key)
            return self.note
        self.asked.append(step.key)
        self.defaults.append(default)
        self.places.append(place)
        self.problems.append(refused.problem.message if refused else "")
        assert len(self.asked) < 1000, "the walk goes in circles"
        return self.reply(step, default)

    def confirm(self, step: Step, place: Place, answer: object) -> None:
        self.confirmed.append((step.key, answer))
        self.areas.append(place.area)

    def review(self, rows: Sequence[ReviewRow]) -> str | Move:
        self.rows.append(rows)
        return self.reviews.pop(0) if self.reviews else Move.WRITE

    def tell(self, lines: Iterable[str], indent: str = "") -> None:
        self.told += [indent + line for line in lines]


def keep(_: Step, default: object) -> object:
    return default


def from_(answers: Mapping[str, object]) -> Reply:
    return lambda step, _: answers.get(step.key, "")


def in_turn(*replies: object, then: Reply = keep) -> Reply:
    """Give these replies first, then those of a rule."""
    left = list(replies)
    return lambda step, default: left.pop(0) if left else then(step, default)


def walk(person: Person, begun: Draft | None = None, as_of: date = AS_OF) -> Draft:
    return Walk(begun or {}, GUIDE, person, lambda _: None, as_of, is_new=True).run()


def keys_of(answers: Draft) -> list[str]:
    return [step.key for step in questions_for(answers, GUIDE)]


def answered(answers: Draft) -> Draft:
    return {key: value for key, value in answers.items() if key != "language"}


ALL = draft(FULL, state="done")
KEYS = keys_of(ALL)
ALL_IN_ORDER = {key: ALL[key] for key in KEYS}


@pytest.mark.parametrize("state", ["open", "done"])
@pytest.mark.parametrize("changes", [{}, OTHERS])
def test_each_question_is_asked_once_and_the_answers_are_those_given(changes: Draft, state: str) -> None:
    answers = draft({**FULL, **changes}, state=state)
    person = Person(from_(answers))
    result = walk(person)
    assert person.asked == keys_of(answers)
    assert result == {key: answers[key] for key in person.asked}


def test_every_answer_is_saved_before_the_next_question_is_put() -> None:
    saved: list[Draft] = []
    wrong: list[str] = []

    def reply(step: Step, _: object) -> object:
        if saved[-1:] != ([dict(list(ALL_IN_ORDER.items())[: KEYS.index(step.key)])] if saved else []):
            wrong.append(step.key)
        return ALL[step.key]

    Walk({}, GUIDE, Person(reply), saved.append, AS_OF, is_new=True).run()
    assert wrong == []
    assert saved[-1] == ALL_IN_ORDER


def test_after_partly_a_note_is_offered_and_kept() -> None:
    person = Person(from_({**ALL, "environment.rooms": "partly"}), note="The small room is shared.")
    result = walk(person)
    assert person.notes == ["notes.rooms"]
    assert result["notes.rooms"] == "The small room is shared."
    assert ("notes.rooms", "The small room is shared.") in person.confirmed
    again = Person(keep, reviews=["environment.rooms"], note="")
    assert walk(again, result)["notes.rooms"] == "The small room is shared."
    assert again.notes == []


def test_a_note_can_be_written_at_any_question_about_what_is_in_place_and_taken_away() -> None:
    person = Person(in_turn(Move.NOTE), reviews=["environment.rooms"], note="Ask Eva.")
    result = walk(person, dict(ALL))
    assert result == {**ALL, "notes.rooms": "Ask Eva."}
    without = Person(in_turn(Move.NOTE), reviews=["environment.rooms"], note="")
    assert walk(without, result) == ALL


def test_the_review_shows_a_note_beside_its_answer() -> None:
    person = Person(keep)
    walk(person, {**ALL, "notes.rooms": "Ask Eva."})
    assert [row.answer for row in person.rows[0] if row.key == "environment.rooms"] == ["yes (Ask Eva.)"]
    assert not [row for row in person.rows[0] if "Eva" in row.answer and row.key != "environment.rooms"]


def test_a_note_that_is_left_changes_nothing_and_one_that_is_wrong_is_asked_for_again() -> None:
    left = Person(in_turn(Move.NOTE), reviews=["environment.rooms"], note=Move.BACK)
    assert walk(left, dict(ALL)) == ALL
    replies = iter(["19811228-9874", "Ask Eva."])

    class Wrong(Person):
        def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
            if not step.key.startswith("notes."):
                return super().ask(step, place, default, refused)
            self.problems.append(refused.problem.message if refused else "")
            return next(replies)

    wrong = Wrong(in_turn(Move.NOTE), reviews=["environment.rooms"])
    assert walk(wrong, dict(ALL))["notes.rooms"] == "Ask Eva."
    assert "privacy-identity-number" in wrong.problems


def test_what_was_refused_is_offered_again_but_never_an_identity_number() -> None:
    offered: list[object] = []

    class Typing(Person):
        def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
            if refused:
                offered.append(refused.answer)
            return super().ask(step, place, default, refused)

    walk(Typing(in_turn("# Ward", "19811228-9874", then=from_(ALL))))
    assert offered == ["# Ward", ""]


@pytest.mark.criterion(35)
def test_back_leads_from_every_question_to_the_one_before() -> None:
    turned: set[str] = set()

    def reply(step: Step, _: object) -> object:
        if step.key not in turned:
            turned.add(step.key)
            return Move.BACK
        return ALL[step.key]

    person = Person(reply)
    result = walk(person)
    expected = [KEYS[0], KEYS[0]]  # there is nothing before the first
    for before, key in pairwise(KEYS):
        expected += [key, before, key]
    assert person.asked == expected
    assert person.defaults[3::3] == [ALL[key] for key in KEYS[:-1]]
    assert result == ALL_IN_ORDER


def test_back_leads_from_the_review_to_the_first_question_and_loses_nothing() -> None:
    saved: list[Draft] = []
    person = Person(in_turn(*[Move.BACK] * 60), reviews=[Move.BACK])
    result = Walk(dict(ALL), GUIDE, person, saved.append, AS_OF, is_new=True).run()
    assert person.asked[: len(KEYS)] == KEYS[::-1]
    assert result == ALL
    assert all(one == ALL for one in saved)


@pytest.mark.parametrize("key", KEYS)
def test_an_answer_changed_on_the_way_back_leaves_the_others(key: str) -> None:
    back = len(KEYS) - KEYS.index(key) - 1
    other = {"unit.name": "Ward 8", "placement.participants": 3, "placement.start": date(2027, 1, 25)}

    def reply(step: Step, default: object) -> object:
        return other.get(step.key, default)

    person = Person(in_turn(*[Move.BACK] * back, then=reply), reviews=[Move.BACK])
    result = walk(person, dict(ALL))
    changed = {one: other[one] for one in KEYS[KEYS.index(key) :] if one in other}
    assert result == ALL | changed


def test_answers_that_no_longer_apply_are_set_aside_and_come_back() -> None:
    followers = {key: value for key, value in ALL.items() if key.partition(".")[2] in FOLLOWERS}
    person = Person(in_turn("no"), reviews=["institution.contact"])
    first = walk(person, dict(ALL))
    assert len(followers) == len(FOLLOWERS) == 2
    assert not followers.keys() & {row.key for row in person.rows[1]}
    assert not followers.keys() & set(keys_of(first))
    again = Person(in_turn("yes"), reviews=["institution.contact"])
    assert walk(again, first) == ALL
    assert again.asked == ["institution.contact"]
    assert followers.keys() <= {row.key for row in again.rows[1]}


def test_a_change_of_mind_about_who_is_coming_sets_aside_and_brings_back() -> None:
    person = Person(in_turn("new-colleagues", "students"), reviews=["placement.audience", "placement.audience"])
    assert walk(person, dict(ALL)) == ALL
    assert person.asked == ["placement.audience", "placement.audience"]
    assert [len(rows) for rows in person.rows] == [29, 23, 29]


def test_an_answer_set_aside_does_not_count_in_the_plan() -> None:
    answers = ALL | {"institution.contact": "no"}
    assert {f"institution.{item}" for item in FOLLOWERS} <= answers.keys()
    assert check_answers(answers, GUIDE).items["contact"] == "no"
    assert not {f"institution.{item}" for item in FOLLOWERS} & set(keys_of(answers))


@pytest.mark.parametrize("count", range(1, 44))
def test_an_interview_goes_on_where_it_was_left(count: int) -> None:
    begun = dict(list(ALL_IN_ORDER.items())[:count])
    person = Person(from_(ALL))
    assert walk(person, begun) == ALL_IN_ORDER
    assert person.asked == KEYS[count:]


def test_when_all_is_answered_the_review_comes_at_once() -> None:
    person = Person(keep)
    assert walk(person, dict(ALL)) == ALL
    assert person.asked == []
    assert len(person.rows) == 1


def test_a_question_that_was_passed_over_is_not_asked_again_and_one_that_never_was_asked_is() -> None:
    passed = {"unit.workplace": "", "placement.activities": []}
    person = Person(from_(ALL))
    walk(person, {key: value for key, value in ALL.items() if key != "placement.level"} | passed)
    assert person.asked == ["placement.level"]


def test_a_passed_question_is_saved_as_passed() -> None:
    saved: list[Draft] = []
    Walk({}, GUIDE, Person(from_(draft())), saved.append, AS_OF, is_new=True).run()
    assert (saved[-1]["unit.workplace"], saved[-1]["placement.activities"]) == ("", [])
    assert check_answers(saved[-1], GUIDE) == check_answers(draft(), GUIDE)


def test_what_other_settings_offer_is_set_aside_and_comes_back() -> None:
    both = ["rounds", "documentation"]
    begun = {**ALL, "placement.activities": both}
    person = Person(in_turn("laboratory", "hospital"), reviews=["unit.setting", "unit.setting"])
    result = walk(person, begun)
    rows = [next(row.answer for row in rows if row.key == "placement.activities") for rows in person.rows]
    assert rows == ["the rounds, the documentation", "the documentation", rows[0]]
    assert result["placement.activities"] == both


def test_what_may_be_an_identity_number_is_taken_and_told_masked() -> None:
    person = Person(in_turn("Kim 8112289874"), reviews=["unit.coordinator.name"])
    assert walk(person, dict(ALL))["unit.coordinator.name"] == "Kim 8112289874"
    assert person.told[-1] == "this may be a personal identity number (**********); remove it if it is one"


def test_only_an_answer_that_was_taken_is_confirmed() -> None:
    person = Person(in_turn("Ward 19811228-9874", "Ward 7"), reviews=["unit.name"])
    walk(person, dict(ALL))
    assert (person.problems, person.confirmed) == (["", "privacy-identity-number"], [("unit.name", "Ward 7")])


def test_an_end_that_was_set_aside_is_offered_again() -> None:
    person = Person(in_turn(date(2028, 1, 18), Move.BACK, START), reviews=["placement.start"])
    assert walk(person, dict(ALL)) == ALL
    assert person.asked == ["placement.start", "placement.end", "placement.start", "placement.end"]
    assert person.defaults[-1] == ALL["placement.end"]


def test_an_end_that_was_set_aside_is_offered_only_if_it_holds() -> None:
    person = Person(in_turn(date(2027, 5, 3)), reviews=["placement.start"])
    result = walk(person, dict(ALL))
    assert (person.asked, person.defaults[-1]) == (["placement.start", "placement.end"], "")
    assert result["placement.end"] == ""
    assert next(row.answer for row in person.rows[1] if row.key == "placement.end") == "\u2013"


def test_nothing_is_said_to_be_saved_in_a_trial() -> None:
    person = Person(from_(ALL))
    Walk({}, GUIDE, person, None, AS_OF, is_new=True).run()
    assert person.told[1] == "This is a trial (--dry-run): nothing is saved."


def test_only_the_gaps_are_asked() -> None:
    gaps = ["environment.rooms", "students.first-day"]
    begun = {key: value for key, value in ALL.items() if key not in gaps}
    person = Person(from_(ALL))
    assert walk(person, begun) == ALL
    assert person.asked == gaps


def test_after_a_change_in_the_review_only_what_it_opened_is_asked() -> None:
    answers = draft({**FULL, "institution.contact": "no"}, state="done")
    person = Person(in_turn("yes", then=from_(ALL)), reviews=["institution.contact"])
    assert walk(person, answers) == ALL
    assert set(person.asked) == {"institution.contact"} | {f"institution.{item}" for item in FOLLOWERS}


def test_after_a_change_that_opens_nothing_the_review_comes_back() -> None:
    person = Person(in_turn("partly"), reviews=["support.managers"])
    assert walk(person, dict(ALL)) == ALL | {"support.managers": "partly"}
    assert person.asked == ["support.managers"]
    assert person.defaults == [ALL["support.managers"]]
    assert [row.mark for row in person.rows[1] if row.key == "support.managers"] == ["open"]


def test_back_from_a_question_chosen_in_the_review_changes_nothing() -> None:
    person = Person(in_turn(Move.BACK), reviews=["support.managers"])
    assert walk(person, dict(ALL)) == ALL
    assert person.asked == ["support.managers"]
    assert len(person.rows) == 2


def test_the_review_shows_every_question_in_its_area_with_its_answer_in_words() -> None:
    person = Person(keep)
    walk(person, draft({**FULL, "institution.contact": "no", "support.managers": "partly"}, state="done"))
    rows = {row.key: row for row in person.rows[0]}
    assert rows["placement.activities"].answer == "the rounds"
    assert (rows["support.managers"].answer, rows["support.managers"].mark) == ("partly", "open")
    assert (rows["support.decision"].answer, rows["support.decision"].mark) == ("use", "done")
    assert (rows["institution.contact"].answer, rows["institution.contact"].mark) == ("no", "open")
    assert rows["unit.name"].mark == "fact"
    assert [row.area for row in person.rows[0]] == sorted(
        (row.area for row in person.rows[0]), key=list(dict.fromkeys(row.area for row in person.rows[0])).index
    )


def test_the_review_shows_what_is_taken_where_nothing_was_answered() -> None:
    person = Person(keep)
    walk(person, draft(), EARLY)
    rows = {row.key: row.answer for row in person.rows[0]}
    assert (rows["placement.audience"], rows["placement.scope"]) == ("the students", "the whole-period")


@pytest.mark.parametrize(
    ("key", "wrong", "message"),
    [
        ("unit.name", "", "missing"),
        ("placement.start", "1/2/2027", "ambiguous-date"),
        ("placement.end", "2027-01-01", "end-before-start"),
        ("placement.participants", "some", "not-a-number"),
        ("unit.country", "Sverige", "unknown-country"),
        ("unit.coordinator.email", "kim", "not-an-email"),
    ],
)
def test_a_wrong_answer_is_asked_for_again_and_not_kept(key: str, wrong: str, message: str) -> None:
    begun = {one: ALL[one] for one in KEYS[: KEYS.index(key)]}
    saved: list[Draft] = []
    person = Person(in_turn(wrong, then=from_(ALL)))
    result = Walk(begun, GUIDE, person, saved.append, AS_OF, is_new=True).run()
    assert person.asked[:3] == [key, key, KEYS[KEYS.index(key) + 1]]
    assert person.problems[:3] == ["", message, ""]
    assert saved[0] == begun | {key: ALL[key]}
    assert result == ALL_IN_ORDER


def test_a_start_in_the_past_is_asked_for_again() -> None:
    begun = {key: ALL[key] for key in KEYS[:3]}
    person = Person(in_turn("2026-01-18", then=from_(ALL)))
    assert walk(person, begun) == ALL_IN_ORDER
    assert person.asked[:2] == ["placement.start", "placement.start"]
    assert person.problems[1] == "interview-has-begun"


def test_a_start_that_went_by_while_the_interview_waited_is_asked_for_again() -> None:
    begun = {key: ALL[key] for key in KEYS[:30]} | {"placement.start": date(2026, 1, 18)}
    person = Person(from_(ALL))
    assert walk(person, begun) == ALL_IN_ORDER
    assert person.asked == ["placement.start", *KEYS[30:]]


def test_a_plan_that_is_there_already_may_have_begun() -> None:
    person = Person(keep, reviews=["placement.start"])
    begun = {**ALL, "placement.start": date(2026, 1, 18)}
    assert Walk(begun, GUIDE, person, lambda _: None, AS_OF, is_new=False).run() == begun
    assert (person.asked, person.problems) == (["placement.start"], [""])


def test_an_interview_never_ends_with_answers_that_a_file_is_refused_for() -> None:
    def reply(step: Step, default: object) -> object:
        days = {"placement.start": date(2027, 5, 3), "placement.end": date(2027, 6, 25)}
        return days.get(step.key, default)

    result = walk(Person(reply, reviews=["placement.start"]), dict(ALL))
    assert check_answers(result, GUIDE).placement.start == date(2027, 5, 3)


@pytest.mark.parametrize("key", [key for key in KEYS if key in FULL and key not in {*OTHERS, "unit.country"}])
def test_an_optional_answer_can_be_taken_away_again(key: str) -> None:
    empty: object = [] if key in {"placement.activities", "unit.professions"} else ""
    person = Person(in_turn(empty), reviews=[key])
    assert walk(person, dict(ALL)) == ALL | {key: empty}


def test_what_is_due_first_in_each_area_is_told_once_the_start_is_known() -> None:
    person = Person(from_(ALL))
    walk(person, as_of=date(2026, 12, 14))
    assert person.told[2:-3] == [
        "First to do:",
        "by 2026-12-14: Arrange decision",
        "by 2026-12-18: Arrange contact",
        "by 2026-12-30: Arrange rooms",
        "by 2027-01-08: Arrange email-written",
    ]
    assert person.told[-3:] == [
        "The time is short: what usually takes 12 weeks has to be done in 5, so all dates lie close together.",
        "A way out: start later.",
        "A way out: begin with the single-activities, which needs the least preparation.",
    ]


def test_what_can_hardly_be_in_time_is_told_with_the_day_to_move_to() -> None:
    essential = GUIDE.items[0].model_copy(update={"least": 3})
    content = GUIDE.model_copy(update={"items": (essential, *GUIDE.items[1:])})
    person = Person(from_(ALL))
    Walk({}, content, person, lambda _: None, date(2027, 1, 14), is_new=True).run()
    assert "If it is not ready already, this will hardly be in time: Arrange decision." in person.told
    assert "A way out: start on 2027-02-04 or later." in person.told


def test_dates_that_another_answer_moves_are_told_again() -> None:
    ward = {**ALL, "placement.scope": "education-ward"}
    person = Person(from_(ward))
    walk(person, as_of=EARLY)
    moved = [place for place, line in enumerate(person.told) if line == "First to do:"]
    assert len(moved) == 2
    assert person.told[moved[0] + 1] != person.told[moved[1] + 1]
    same = Person(from_(ALL))
    walk(same, as_of=EARLY)
    assert same.told.count("First to do:") == 1


def test_what_is_chosen_already_is_not_advised() -> None:
    person = Person(in_turn(START), reviews=["placement.start"])
    walk(person, ALL | {"placement.scope": "single-activities", "support.managers": "no"}, date(2027, 1, 4))
    assert [line for line in person.told if "time is short" in line] == [
        "The time is short: what usually takes 12 weeks has to be done in 2, so all dates lie close together."
    ]
    assert not [line for line in person.told if "begin with" in line]


def test_single_activities_are_offered_when_the_time_is_short() -> None:
    begun = {key: ALL[key] for key in KEYS[:3]}
    person = Person(in_turn(START))
    result = walk(person, begun, date(2026, 12, 14))
    assert any("what usually takes 12 weeks has to be done in 5" in line for line in person.told)
    assert result["placement.scope"] == "single-activities"


@pytest.mark.parametrize("day", ["2027-01-17", "2027-01-06", "2026-12-24"])  # a Sunday, a holiday and an eve
def test_a_start_on_a_day_off_is_told_at_once(day: str) -> None:
    person = Person(from_({**ALL, "placement.start": date.fromisoformat(day)}))
    walk(person, as_of=EARLY)
    assert f"{day} is a weekend or a holiday; is it the right first day?" in person.told


def test_the_whole_period_is_offered_when_there_is_time() -> None:
    begun = {key: ALL[key] for key in KEYS[:3]}
    person = Person(in_turn(START))
    assert walk(person, begun, EARLY)["placement.scope"] == "whole-period"
    assert not any("short" in line for line in person.told)


@pytest.mark.parametrize("count", [4, 5])
def test_the_offer_of_single_activities_survives_an_interruption(count: int) -> None:
    assert KEYS[3:6] == ["placement.start", "placement.end", "placement.scope"]
    begun = {key: ALL[key] for key in KEYS[:count]}
    assert walk(Person(keep), begun, date(2026, 12, 14))["placement.scope"] == "single-activities"


def test_a_scope_that_was_chosen_is_not_talked_out_of() -> None:
    person = Person(in_turn(START), reviews=["placement.start", "placement.scope"])
    assert walk(person, dict(ALL))["placement.scope"] == "whole-period"


def test_what_an_area_is_about_is_told_once_for_each() -> None:
    person = Person(from_(ALL))
    walk(person)
    first = [key for key, place in zip(person.asked, person.places, strict=True) if place.is_first_in_area]
    assert first == [
        "unit.name", "support.decision", "environment.rooms", "institution.contact", "students.email-written",
    ]  # fmt: skip
    assert all(place.about for place in person.places if place.area)


@settings(max_examples=25)
@given(st.data())
def test_how_much_is_left_is_seen_and_never_grows(data: st.DataObject) -> None:
    def reply(step: Step, default: object) -> object:
        if step.key in {"unit.name", "placement.start"}:
            return ALL[step.key]
        if step.kind == "choice":
            return data.draw(st.sampled_from([option for option, _ in step.options]))
        return default

    person = Person(reply)
    result = walk(person)
    left = [place.total - place.number for place in person.places]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert [place.number for place in person.places] == list(range(1, len(left) + 1))
    assert {step.key for step in steps_for(result, GUIDE) if step.area != FACTS} <= result.keys()
