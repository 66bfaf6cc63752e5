"""Before, under way and over: what a plan says on each day of its life, with the real content."""

import re
from datetime import date, timedelta
from itertools import product

import pytest

from peerplan.answers.draft import check_answers
from peerplan.plan.plan import Plan, make_plan
from samples import START, draft, guide, plan, rendered

AHEAD = 200
SCOPES = ["single-activities", "whole-period", "education-ward"]
WORST_LAST = ("ready", "ready-to-try", "short-of-time", "not-yet")


def plan_on(day: date, changes: dict[str, object] | None = None, *, state: str = "done") -> Plan:
    return make_plan(check_answers(draft(changes, state=state), guide()), guide(), day)


def open_but(item: str, **changes: object) -> dict[str, object]:
    areas = {one.id: one.key for one in guide().items}
    return {areas[item]: "no", **changes}


def test_under_way_the_days_to_remember_hold_the_times_to_look_back_that_are_to_come() -> None:
    made = plan_on(START + timedelta(days=3))
    to_come = {(one.day, one.follow_up.title, False) for one in made.follow_ups if one.is_to_come}
    days = [one.day for one in made.milestones if one.day]
    remembered = {one.day for one in plan_on(START - timedelta(days=1)).milestones}
    assert {one for one in to_come if one[0] not in remembered} == {
        (one.day, one.label, one.is_done) for one in made.milestones if one.day not in remembered
    }
    assert days == sorted(set(days))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("audience", ["students", "new-colleagues"])
@pytest.mark.parametrize("ahead", [2, 45, AHEAD])
def test_a_verdict_gets_no_better_as_time_passes_and_nothing_is_done(scope: str, audience: str, ahead: int) -> None:
    planned_from = START - timedelta(days=ahead)
    changes = {"placement.scope": scope, "placement.audience": audience, "planned-from": planned_from}
    changes |= {"support.decision": "try", "support.managers": "partly", "support.colleagues": "partly"}
    answers = check_answers(draft(changes), guide())
    days = [START - timedelta(days=left) for left in (*range(ahead, 0, -5), 1, 0, -1, *range(-5, -AHEAD, -13))]
    plans = [make_plan(answers, guide(), day) for day in days]
    standings = [WORST_LAST.index(one.verdict) for one in plans if one.verdict]
    assert standings == sorted(standings)
    phases = [one.phase for one in plans]
    assert phases == sorted(phases, key=["before", "under-way", "over"].index)
    for one in plans:
        assert all(action.due >= planned_from for action in one.actions)
        assert one.phase != "over" or one.actions == ()


@pytest.mark.parametrize(
    ("item", "days", "verdict"),
    [
        ("computers", 15, "ready-to-try"),
        ("computers", 14, "ready-to-try"),
        ("computers", 13, "short-of-time"),
        ("rota", 3, "short-of-time"),
        ("escalation", 1, "ready-to-try"),
        ("plan-b", 1, "ready-to-try"),
        ("managers", 1, "not-yet"),
    ],
)
def test_an_essential_item_that_cannot_be_in_time_makes_a_unit_short_of_it(item: str, days: int, verdict: str) -> None:
    made = plan_on(START - timedelta(days=days), open_but(item))
    assert made.verdict == verdict
    assert [one.id for one in made.short] == ([item] if verdict == "short-of-time" else [])


def test_a_unit_that_is_short_of_time_is_told_two_ways_out() -> None:
    made = plan_on(START - timedelta(days=3), open_but("computers"))
    assert made.earliest_start == START - timedelta(days=3) + timedelta(weeks=2)
    assert made.smaller_helps  # single activities need no login
    text = rendered(made)["plan.md"].decode()
    assert "move the start to Friday 29 January 2027 or later, or start with single activities" in text
    small = plan_on(START - timedelta(days=3), open_but("supervisors", **{"placement.scope": "single-activities"}))
    assert small.verdict == "short-of-time"
    assert not small.smaller_helps


@pytest.mark.parametrize(
    ("days", "pressing"),
    [
        (56, set()),
        (55, {"computers"}),
        (28, {"computers"}),
        (27, {"colleagues", "short-course", "rota", "computers", "contact", "requirements"}),
    ],
)
def test_what_takes_longer_than_there_is_time_is_to_be_begun_at_once(days: int, pressing: set[str]) -> None:
    day = START - timedelta(days=days)
    made = plan_on(day, {"planned-from": day}, state="open")
    assert {one.id for one in made.actions if one.presses} == pressing
    assert {one.id for one in made.to_begin} == pressing - {one.id for one in made.next_steps}


def test_what_was_begun_or_has_no_start_to_wait_for_does_not_press() -> None:
    day = START - timedelta(days=27)
    begun = plan_on(day, {"planned-from": day, "environment.computers": "partly"}, state="open")
    assert "computers" not in {one.id for one in begun.actions if one.presses}
    assert plan_on(START + timedelta(days=1), {"planned-from": day}, state="open").to_begin == ()


@pytest.mark.parametrize(
    ("language", "in_line", "besides"),
    [
        (
            "en",
            "2. **Order logins and cards, and find computers.** Coordinator, begin today, to be done by",
            "Begin today with this too,",
        ),
        (
            "sv",
            "2. **Beställ inloggning och kort, och ordna datorer.** Samordnare, börja i dag, klart senast",
            "Börja också i dag med det här,",
        ),
    ],
)
def test_a_plan_made_late_says_what_to_begin_today(language: str, in_line: str, besides: str) -> None:
    changes: dict[str, object] = {"environment.computers": "no", "support.managers": "partly"}
    few = plan({**changes, "planned-from": START - timedelta(days=55)}, language=language, state="done")
    text = rendered(few)["plan.md"].decode()
    assert in_line in text
    assert besides not in text
    many = plan({"planned-from": START - timedelta(days=20)}, language=language)
    assert besides in rendered(many)["plan.md"].decode()
    at_leisure = plan({"planned-from": START - timedelta(days=90)}, language=language)
    assert besides not in rendered(at_leisure)["plan.md"].decode()


def test_nothing_is_due_at_christmas() -> None:
    dues = {action.id: action.due for action in plan_on(date(2026, 9, 1), state="open").actions}
    assert dues["email-written"] == date(2026, 12, 23)  # three weeks before the start are the 28th


def test_where_the_content_knows_of_no_smaller_way_none_helps() -> None:
    facts = tuple(fact.model_copy(update={"short_time": ""}) for fact in guide().facts)
    content = guide().model_copy(update={"facts": facts})
    made = make_plan(check_answers(draft(open_but("computers")), content), content, START - timedelta(days=3))
    assert made.short
    assert not made.smaller_helps


@pytest.mark.parametrize(("days", "short"), [(60, False), (10, True)])
def test_what_is_essential_comes_before_what_is_due_earlier_only_where_time_is_short(*, days: int, short: bool) -> None:
    changes: dict[str, object] = {f"support.{one}": "partly" for one in ("managers", "colleagues")}
    made = plan_on(START - timedelta(days=days), {**changes, "support.decision": "try"}, state="open")
    assert (bool(made.short), bool(made.earliest_start), made.blocking) == (short, short, ())
    assert not all(action.essential for action in made.actions[:3])
    assert made.next_steps == (made.essential if short else made.actions)[:3]


def test_under_way_the_next_time_to_look_back_comes_first_and_the_start_is_asked_for_no_more() -> None:
    made = plan_on(date(2027, 2, 10), {"support.decision": "undecided"}, state="open")
    assert (made.phase, made.verdict, made.blocking) == ("under-way", None, ())
    assert made.essential
    assert (made.short, made.earliest_start, made.smaller_helps) == ((), None, False)
    asked = {action.id for action in made.actions}
    assert asked & {"decision", "managers", "email-written", "email-sent", "first-day", "numbers"} == set()
    assert {"rooms", "reflection", "escalation"} <= asked
    assert made.coming == (date(2027, 2, 12), "Midway, individually")
    text = rendered(made)["plan.md"].decode()
    assert "Next: **Midway, individually**, Friday 12 February 2027." in text
    assert "Get the manager's decision" not in text


def test_when_it_is_over_nothing_is_asked_and_what_was_missing_is_taken_along() -> None:
    made = plan_on(date(2027, 3, 20), open_but("rooms"))
    assert (made.phase, made.actions, [one.id for one in made.left_over]) == ("over", (), ["rooms"])
    assert made.coming == (date(2027, 4, 2), "Afterwards: look back and decide")
    text = rendered(made)["plan.md"].decode()
    assert "### Was not in place\n\n- Sort out rooms" in text
    assert "peerplan init next-plan --answers answers.toml" in text
    assert "- [ ]" not in text
    assert plan_on(date(2027, 6, 1)).coming is None


def test_a_placement_without_an_end_is_not_over_for_half_a_year() -> None:
    changes: dict[str, object] = {"placement.end": ""}
    assert plan_on(START + timedelta(weeks=30), changes).phase == "under-way"
    assert plan_on(START + timedelta(weeks=30, days=1), changes).phase == "over"


def letters_to_go(made: Plan) -> list[tuple[str, date | None]]:
    return [(one.id, one.day) for one in made.letters if one.is_to_go]


def test_every_letter_has_a_receiver_and_none_of_it_stands_in_the_letter() -> None:
    made = plan_on(START - timedelta(days=60), state="open")
    texts = {name: text.decode() for name, text in rendered(made).items() if name.endswith(".txt")}
    assert {f"{one.id}.txt" for one in made.letters} == set(texts)
    for letter in made.letters:
        assert letter.send not in texts[f"{letter.id}.txt"]
        assert texts[f"{letter.id}.txt"].startswith("Subject: ")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "| student-email.txt | the students | as soon as a supervisor has read it, by 2026-12-23 |"),
        ("sv", "| student-email.txt | studenterna | så snart en handledare har läst det, senast 2026-12-23 |"),
    ],
)
def test_how_to_says_to_whom_each_letter_goes_and_when(language: str, line: str) -> None:
    content = guide(language)
    made = make_plan(check_answers(draft(state="open", language=language), content), content, date(2026, 9, 1))
    text = rendered(made)["how-to.md"].decode()
    assert line in text
    assert all(f"| {one.id}.txt | {one.to} |" in text for one in made.letters)


def test_a_letter_is_to_go_while_it_is_of_use() -> None:
    day, midway = START - timedelta(days=90), date(2027, 2, 12)
    first, last = ("institution-email", date(2026, 11, 9)), ("supervisors-email", midway)
    sent = plan_on(day, {"students.email-written": "yes", "students.email-sent": "yes"}, state="open")
    assert letters_to_go(sent) == [first, ("student-reminder", None), last]
    talk = plan_on(START - timedelta(days=1), state="open")
    assert [name for name, _ in letters_to_go(talk)] == ["institution-email", "student-reminder", "supervisors-email"]
    assert letters_to_go(plan_on(START + timedelta(days=1))) == [last]
    assert letters_to_go(plan_on(START + timedelta(days=200))) == []


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("days", [-60, -1, 1, 20, 200])
@pytest.mark.parametrize("scope", SCOPES)
def test_every_document_that_another_one_names_is_there(scope: str, days: int, language: str) -> None:
    content = guide(language)
    day = START + timedelta(days=days)
    for short_course, audience, participants in product(("yes", "no"), ("students", "new-colleagues"), (1, 4)):
        changes: dict[str, object] = {"placement.scope": scope, "placement.audience": audience}
        changes |= {"placement.participants": participants, "support.short-course": short_course}
        made = make_plan(check_answers(draft(changes, state="open", language=language), content), content, day)
        texts = {name: text.decode() for name, text in rendered(made).items() if not name.endswith(".eml")}
        named = {(name, other) for name, text in texts.items() for other in re.findall(r"[a-z-]+\.(?:md|txt)\b", text)}
        assert [one for one in named if one[1] not in texts] == []


@pytest.mark.parametrize(("days", "come"), [(-20, "come"), (9, "who came")])
def test_a_letter_to_the_institution_knows_that_they_have_come(days: int, come: str) -> None:
    letter = rendered(plan_on(START + timedelta(days=days), state="open"))["institution-email.txt"].decode()
    assert f"four students {come} to us on 18 January 2027" in letter
