"""A plan says what has to be done, by whom and when, and whether the unit can start."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.draft import check_answers
from peerplan.errors import InputError, Problem
from peerplan.guide.workdays import working_days_of
from peerplan.plan.checklist import ChecklistLine
from peerplan.plan.dates import Timing
from peerplan.plan.doubts import doubtful_choices, refuse_begun
from peerplan.plan.outlook import profile_of
from peerplan.plan.plan import Plan, make_plan
from peerplan.plan.timetable import ChosenActivity, timetable
from rules import draft, guide, plan
from samples import AS_OF, START

DECISIONS = ["use", "try", "undecided"]
BASIC_ANSWERS = ["yes", "partly", "no", "unknown"]  # "not applicable" cannot be said of the basis
ANSWERS = [*BASIC_ANSWERS, "not-applicable"]
DECIDED = {"support.decision": "try"}
EDUCATION_WARD = {"placement.scope": "education-ward"}
NEW_COLLEAGUES = {"placement.audience": "new-colleagues"}
HERS = {"notes.rooms": "Room 4.\nLena has the key.", "who.rooms": "Eva", "due.rooms": date(2026, 11, 23)}
NOTES = ("Room 4.", "Lena has the key.")


def plan_on(day: date, changes: dict[str, object] | None = None, *, state: str = "open") -> Plan:
    return make_plan(check_answers(draft(changes, state=state), guide()), guide(), day)


def due(made: Plan, item: str) -> date:
    return next(action.due for action in made.actions if action.id == item)


def open_ids(made: Plan) -> set[str]:
    return {action.id for action in made.actions}


@pytest.mark.parametrize(("state", "verdict"), [("done", "ready"), ("partly", "ready-to-try"), ("open", "not-yet")])
def test_the_verdict_follows_from_the_answers(state: str, verdict: str) -> None:
    assert plan(DECIDED if state == "partly" else {}, state=state).verdict == verdict


@pytest.mark.parametrize(("decision", "managers", "colleagues"), list(product(DECISIONS, BASIC_ANSWERS, BASIC_ANSWERS)))
def test_the_verdict_is_not_yet_exactly_when_something_blocks(decision: str, managers: str, colleagues: str) -> None:
    answers = {"support.decision": decision, "support.managers": managers, "support.colleagues": colleagues}
    made = plan({**answers}, state="partly")
    blocking = {
        item
        for item, blocks in {
            "decision": decision == "undecided",
            "managers": managers in ("no", "unknown"),
            "colleagues": colleagues == "no",
        }.items()
        if blocks
    }
    assert {action.id for action in made.blocking} == blocking
    assert made.verdict == ("not-yet" if blocking else "ready-to-try")


@pytest.mark.parametrize("endorsement", ANSWERS)
def test_endorsement_never_blocks(endorsement: str) -> None:
    made = plan({"institution.endorsement": endorsement}, state="done")
    assert made.verdict == ("ready" if endorsement in ("yes", "not-applicable") else "ready-to-try")


def test_not_applicable_wherever_that_can_be_said_leaves_only_the_basis_to_do() -> None:
    made = plan(DECIDED, state="not-applicable")
    assert {action.id for action in made.actions} == {item.id for item in guide().items if item.without}


def test_actions_stand_in_the_order_of_their_days_and_else_of_the_items() -> None:
    made = plan()
    order = [item.id for item in guide().items]
    assert len(made.actions) > 10
    assert list(made.actions) == sorted(made.actions, key=lambda action: (action.due, order.index(action.id)))


def test_the_next_three_steps_are_what_blocks_and_then_what_is_due_first() -> None:
    made = plan({**DECIDED, "support.colleagues": "no"}, state="partly")
    first, *others = made.next_steps
    assert first.id == "colleagues"
    assert others == [action for action in made.actions if action.id != "colleagues"][:2]


@pytest.mark.parametrize(("state", "count"), [("done", 0), ("open", 3)])
def test_there_are_at_most_three_next_steps(state: str, count: int) -> None:
    assert len(plan(state=state).next_steps) == count


def test_two_open_things_are_both_next_steps() -> None:
    made = plan({"environment.rooms": "no", "environment.plan-b": "no"}, state="done")
    assert [action.id for action in made.next_steps] == ["rooms", "plan-b"]


@pytest.mark.parametrize(
    ("item", "ordinary", "education_ward"),
    [
        ("managers", "2026-10-26", "2026-07-20"),
        ("colleagues", "2026-11-23", "2026-09-28"),
        ("rooms", "2026-12-07", "2026-09-28"),
        ("contact", "2026-11-09", "2026-08-03"),
        ("email-sent", "2027-01-04", "2027-01-04"),
    ],
)
def test_an_education_ward_starts_earlier(item: str, ordinary: str, education_ward: str) -> None:
    assert due(plan(), item) == date.fromisoformat(ordinary)
    assert due(plan(EDUCATION_WARD), item) == date.fromisoformat(education_ward)


def test_due_days_are_working_days_of_the_units_country() -> None:
    changes = {"placement.start": date(2027, 6, 7), "placement.end": date(2027, 7, 2)}
    assert due(plan({**changes, "unit.country": "SE"}), "plan-b") == date(2027, 5, 17)
    assert due(plan({**changes, "unit.country": "NO"}), "plan-b") == date(2027, 5, 14)


@settings(max_examples=40)
@given(
    start=st.dates(date(2026, 12, 1), date(2028, 12, 31)),
    scope=st.sampled_from(["single-activities", "whole-period", "education-ward"]),
    state=st.sampled_from(["partly", "open", "unknown"]),
    days_ago=st.integers(0, 400),
)
def test_every_due_day_is_a_working_day_before_the_start_or_the_first_day(
    start: date, scope: str, state: str, days_ago: int
) -> None:
    end = start + timedelta(days=30)
    as_of = start - timedelta(days=days_ago)
    made = plan_on(as_of, {"placement.start": start, "placement.end": end, "placement.scope": scope}, state=state)
    for action in made.actions:
        assert action.due == start or working_days_of("SE")(action.due)
        assert action.due <= start
        assert action.late is (action.due < as_of)
    assert made.late == tuple(action for action in made.actions if action.late)


def test_lateness_is_shown_and_takes_nothing_away() -> None:
    early, late = plan_on(date(2026, 1, 12)), plan_on(date(2027, 1, 15))
    assert not early.late
    assert open_ids(late) == open_ids(early)
    assert {action.id for action in late.late} == open_ids(late)


@pytest.mark.parametrize("day", [date(2027, 1, 16), date(2027, 1, 17), date(2027, 1, 18)])
def test_when_no_working_day_is_left_the_first_day_does_what_the_letter_would_have(day: date) -> None:
    made = plan_on(day)
    assert made.letter_is_too_late
    assert due(made, "email-sent") == START
    assert "email-written" not in open_ids(made)
    assert made.reply_by is None


def test_on_the_last_working_day_the_letter_can_still_go() -> None:
    made = plan_on(date(2027, 1, 15))
    assert not made.letter_is_too_late
    assert "email-written" in open_ids(made)


def test_a_letter_that_was_sent_is_not_too_late() -> None:
    assert not plan_on(date(2027, 1, 18), state="done").letter_is_too_late


@pytest.mark.parametrize(("day", "reply_by"), [(AS_OF, date(2027, 1, 11)), (date(2027, 1, 11), date(2027, 1, 11))])
def test_a_reply_is_asked_for_a_week_before_the_start(day: date, reply_by: date) -> None:
    assert plan_on(day).reply_by == reply_by


def test_a_reply_is_not_asked_for_by_a_day_that_has_passed() -> None:
    assert plan_on(date(2027, 1, 12)).reply_by is None


@pytest.mark.parametrize("weeks", range(13))
def test_no_reply_is_asked_for_before_the_letter_is_to_be_sent(weeks: int) -> None:
    day = START - timedelta(weeks=weeks)
    made = plan_on(day, {"planned-from": day})
    assert made.reply_by is None or due(made, "email-sent") < made.reply_by
    assert (made.reply_by is None) == (weeks < 7)


def test_items_that_follow_an_open_contact_are_in_the_plan() -> None:
    made = plan({"institution.contact": "no"}, state="done")
    assert open_ids(made) == {"contact", "theory", "endorsement"}
    institution = next(area for area in made.areas if area.id == "institution")
    assert [item.state for item in institution.items] == ["open", "unknown", "unknown"]
    assert (institution.done, institution.total) == (0, 3)


def test_the_four_areas_stand_in_order_with_every_open_item_in_one_of_them() -> None:
    made = plan()
    assert [area.id for area in made.areas] == ["support", "environment", "institution", "students"]
    assert {item.id for area in made.areas for item in area.items if item.action} == open_ids(made)


def test_new_colleagues_have_no_institution() -> None:
    made = plan(NEW_COLLEAGUES)
    assert [area.id for area in made.areas] == ["support", "environment", "students"]
    assert not {"contact", "theory"} & open_ids(made)
    assert {role.owner for role in made.roles} == {"manager", "coordinator", "supervisor"}


def test_single_activities_need_the_least() -> None:
    few = {item.id for area in plan({"placement.scope": "single-activities"}).areas for item in area.items}
    many = {item.id for area in plan().areas for item in area.items}
    assert few < many
    assert {"decision", "managers", "colleagues", "email-sent", "first-day"} <= few


def test_risks_that_have_been_dealt_with_are_left_out() -> None:
    some, all_of_them = plan(state="done").risks, plan().risks
    assert {risk.id for risk in some} < {risk.id for risk in all_of_them}
    assert not any(risk.open for risk in some)


@pytest.mark.parametrize(("weeks", "squeezed"), [(12, None), (6, None), (5, (5, 12)), (0, (0, 12))])
def test_a_plan_says_how_many_weeks_there_were_where_that_is_less_than_half(
    weeks: int, squeezed: tuple[int, int] | None
) -> None:
    assert plan({"planned-from": START - timedelta(weeks=weeks)}).squeezed == squeezed
    ward = plan({**EDUCATION_WARD, "planned-from": START - timedelta(weeks=12)})
    assert ward.squeezed == (12, 26)


def test_what_is_in_place_has_the_day_and_the_name_that_a_person_gave_it() -> None:
    settled = {action.id: action for action in plan(HERS, state="done").settled}
    assert (settled["rooms"].due, settled["rooms"].late, settled["rooms"].who) == (HERS["due.rooms"], True, "Eva")
    assert {action.who for action in settled.values() if action.id != "rooms"} == {""}
    assert settled["plan-b"].due == date(2026, 12, 28)
    assert len(settled) == len(guide().items)


def test_only_what_is_to_be_done_cites_its_sources() -> None:
    assert "second" in {source.id for source in plan({"placement.activities": ["documentation"]}).sources}
    laboratory = {"unit.setting": "laboratory"}  # whose computers have a source of their own
    assert "second" in {source.id for source in plan({**laboratory, "environment.computers": "no"}).sources}
    assert "second" not in {source.id for source in plan({**laboratory, "environment.computers": "yes"}).sources}


def test_chosen_activities_stand_in_the_order_they_were_chosen() -> None:
    made = plan({"placement.activities": ["documentation", "rounds"]})
    assert [one.activity.id for one in made.activities if one.activity] == ["documentation", "rounds"]
    assert [one.label for one in made.activities] == ["the documentation", "the rounds"]
    assert [week.activity for week in made.timetable[:3]] == [
        "the documentation",
        "the rounds",
        "the documentation",
    ]


def plan_with_own_activity(level: str) -> Plan:
    chosen = {"placement.activities": ["equipment", "documentation"], "placement.participants": 3}
    answers = check_answers(draft({**chosen, "placement.level": level}), guide())
    placement = answers.placement.model_copy(update={"own_activities": ("Wound care",)})
    return make_plan(answers.model_copy(update={"placement": placement}), guide(), AS_OF)


def test_the_units_own_activities_come_in_turn_after_those_chosen_and_not_before_their_week() -> None:
    made = plan_with_own_activity("beginner")
    assert [(one.label, one.activity is None, one.earliest) for one in made.activities] == [
        ("the equipment", False, 1),
        ("the documentation", False, 1),
        ("Wound care", True, 2),
    ]
    assert [(week.activity, week.trio[0]) for week in made.timetable[:6]] == [
        ("the equipment", "A"),
        ("the documentation", "B"),
        ("Wound care", "C"),
        ("the equipment", "B"),
        ("the documentation", "C"),
        ("Wound care", "A"),
    ]
    assert {one.earliest for one in plan_with_own_activity("advanced").activities} == {1}


def test_no_activity_is_led_two_weeks_running_where_there_is_another() -> None:
    placement = Timing(START, date(2027, 3, 12), "whole-period", "SE", AS_OF)
    activities = [ChosenActivity("early", None, 1), ChosenActivity("late", None, 4)]
    led = [week.activity for week in timetable(placement, "even", 4, activities)]
    assert led == ["early", "early", "early", "late", "early", "late", "early", "late"]


def test_where_no_activity_is_chosen_somebody_leads_one_without_a_name_from_its_week_on() -> None:
    weeks = plan({"placement.level": "beginner"}).timetable
    assert {week.activity for week in weeks} == {""}
    assert [week.number for week in weeks if not week.has_leader] == [1]
    assert all(week.has_leader for week in plan({"placement.level": "advanced"}).timetable)


def test_everybody_leads_every_activity_in_turn_and_none_before_its_week() -> None:
    made = plan({"placement.activities": ["documentation", "rounds"], "placement.level": "beginner"})
    earliest = {one.label: one.earliest for one in made.activities}
    assert max(earliest.values()) > 1
    assert [week.number for week in made.timetable if week.number < earliest.get(week.activity, 0)] == []
    leaders: dict[str, list[str]] = {}
    for week in made.timetable:
        leaders.setdefault(week.activity, []).append(week.pair[0])
    for activity, led in leaders.items():
        assert activity
        assert all(one != other for one, other in pairwise(led)), led


def test_milestones_have_the_day_of_their_item_or_count_from_an_anchor() -> None:
    made = plan({"support.managers": "yes"})
    dues = {one.label: (one.day, one.is_done) for one in made.milestones}
    assert dues["Managers"] == (date(2026, 10, 26), True)
    moved = plan({"due.managers": date(2026, 10, 19)}).milestones
    assert next(one.day for one in moved if one.label == "Managers") == date(2026, 10, 19)
    assert dues["Start"] == (date(2027, 1, 18), False)
    assert dues["Look back"] == (date(2027, 4, 2), False)
    assert [one.label for one in made.milestones] == ["Managers", "Start", "Look back"]
    endless = plan({"placement.end": ""})
    assert {one.label: one.day for one in endless.milestones}["Look back"] is None


@pytest.mark.parametrize(("answer", "in_place"), [("yes", True), ("no", False)])
def test_once_the_placement_has_begun_only_what_is_in_place_is_remembered(*, answer: str, in_place: bool) -> None:
    managers = {"support.managers": answer}
    before = {one.label: one.is_done for one in plan_on(START - timedelta(days=1), {**managers}).milestones}
    assert before == {"Managers": in_place, "Start": False, "Look back": False}
    assert ("Managers" in {one.label for one in plan_on(START, {**managers}).milestones}) is in_place
    assert ("Managers" in {one.label for one in plan_on(START + timedelta(weeks=40)).milestones}) is False


@pytest.mark.parametrize(
    ("participants", "pairs", "trios"),
    [
        ("", [("A", "B"), ("B", "A"), ("A", "B")], [()] * 3),
        (1, [()] * 3, [()] * 3),
        (2, [("A", "B"), ("B", "A"), ("A", "B")], [()] * 3),
        (3, [()] * 3, [("A", "B", "C"), ("B", "C", "A"), ("C", "A", "B")]),
        (4, [("A", "B"), ("B", "A"), ("A", "B")], [()] * 3),
        (5, [("A", "B"), ("B", "A"), ("A", "B")], [("A", "B", "C"), ("B", "C", "A"), ("C", "A", "B")]),
    ],
)
def test_roles_swap_from_week_to_week_for_any_number(
    participants: int | str, pairs: list[tuple[str, ...]], trios: list[tuple[str, ...]]
) -> None:
    weeks = plan({"placement.participants": participants, "placement.level": "advanced"}).timetable[:3]
    assert [week.pair for week in weeks] == pairs
    assert [week.trio for week in weeks] == trios


@pytest.mark.parametrize("audience", ["students", "new-colleagues"])
@pytest.mark.parametrize("scope", ["single-activities", "whole-period", "education-ward"])
@pytest.mark.parametrize("participants", [1, 2, 3])
def test_follow_up_has_five_points_in_time(audience: str, scope: str, participants: int) -> None:
    changes = {"placement.audience": audience, "placement.scope": scope, "placement.participants": participants}
    points = plan({**changes}).follow_ups
    days = [point.day for point in points]
    assert len(points) == 5
    assert all(days)
    assert days == sorted(days, key=str)
    assert [point.follow_up.anchor for point in points] == ["start", "first-week", "middle", "last-week", "end"]


@pytest.mark.parametrize(
    ("length", "anchors"),
    [(0, ["start", "end"]), (3, ["start", "first-week", "end"]), (11, ["start", "first-week", "last-week", "end"])],
)
def test_a_short_placement_has_no_two_points_on_one_day_and_none_out_of_turn(length: int, anchors: list[str]) -> None:
    start = date(2027, 1, 18)
    points = plan({"placement.start": start, "placement.end": start + timedelta(days=length)}).follow_ups
    days = [point.day for point in points if point.day]
    assert days == sorted(set(days))
    assert [point.follow_up.anchor for point in points] == anchors


def test_the_sources_are_those_that_the_plan_cites() -> None:
    made = plan(EDUCATION_WARD)
    shown = {source.id for source in made.sources}
    for records in (made.advice, made.risks, made.roles, [one.follow_up for one in made.follow_ups]):
        assert {source for record in records for source in record.sources} <= shown
    assert shown == {"first", "third"}


@pytest.mark.parametrize(
    ("role", "coordinator"), [("aka", "aka"), ("klass", "klass"), ("other", "other"), ("", "none")]
)
def test_the_profile_names_who_coordinates(role: str, coordinator: str) -> None:
    changes = {"unit.coordinator.role": role} if role else {}
    assert profile_of(check_answers(draft(changes), guide()), guide()).coordinator == coordinator


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2027, 1, 17), date(2027, 1, 18)])
def test_a_placement_that_begins_on_the_day_or_later_is_planned(day: date) -> None:
    refuse_begun(check_answers(draft(), guide()), day, {})
    assert plan_on(day).actions


@pytest.mark.parametrize(
    ("places", "place"),
    [({}, "placement.start"), ({"placement.start": "answers.toml:9"}, "answers.toml:9: placement.start")],
)
def test_a_placement_that_has_begun_is_refused(places: dict[str, str], place: str) -> None:
    with pytest.raises(InputError) as error:
        refuse_begun(check_answers(draft(), guide()), START + timedelta(days=1), places)
    (problem,) = error.value.problems
    assert (problem.message, problem.place) == ("has-begun", place)
    assert problem.values == {"start": START, "as_of": START + timedelta(days=1)}


@pytest.mark.parametrize(
    ("start", "end", "doubts"),
    [
        (START, date(2028, 1, 18), []),
        (START, date(2072, 3, 12), [("placement.end", "end-far")]),
        (date(2028, 11, 23), None, []),
        (date(2207, 1, 19), None, [("placement.start", "start-far")]),
    ],
)
def test_a_year_that_may_be_a_slip_is_asked_about(start: date, end: date | None, doubts: list[tuple[str, str]]) -> None:
    made = plan({"placement.start": start, "placement.end": end or ""})
    assert [(key, problem.message) for key, problem in doubtful_choices(made, guide(), AS_OF)] == doubts


def test_what_does_not_suit_the_unit_and_a_start_on_a_day_off_are_doubtful() -> None:
    chosen = {"placement.activities": ["documentation", "rounds"]}  # only a hospital has rounds
    assert list(doubtful_choices(plan(chosen), guide(), AS_OF)) == []
    made = plan({**chosen, "unit.setting": "home", "placement.start": date(2027, 1, 16)})
    assert list(doubtful_choices(made, guide(), AS_OF)) == [
        ("placement.start", Problem("start-day-off", {"start": date(2027, 1, 16)})),
        ("placement.activities", Problem("activity-left-out", {"activity": "the rounds"})),
    ]


@pytest.mark.parametrize(
    ("start", "end", "doubts"),
    [
        (START, date(2027, 3, 12), []),
        (START, date(2027, 3, 13), [("placement.end", "end-day-off")]),  # a Saturday
        (START, date(2027, 3, 26), [("placement.end", "end-day-off")]),  # Good Friday
        (date(2027, 1, 16), date(2027, 1, 16), [("placement.start", "start-day-off")]),  # one day: told once
    ],
)
def test_an_end_on_a_day_off_is_asked_about(start: date, end: date, doubts: list[tuple[str, str]]) -> None:
    made = plan({"placement.start": start, "placement.end": end})
    assert [(key, problem.message) for key, problem in doubtful_choices(made, guide(), AS_OF)] == doubts


def test_what_is_to_be_done_stands_under_its_role_by_day_with_what_a_person_wrote() -> None:
    made = plan(HERS)
    parts = {part.owner: part for part in made.checklist.parts}
    assert {owner: part.label for owner, part in parts.items()} == {one.id: one.label for one in guide().owners}
    for owner, part in parts.items():
        assert {line.id for line in part.lines} == {one.id for one in made.actions if one.owner == owner}
        assert [line.due for line in part.lines] == sorted(line.due for line in part.lines if line.due)
    assert next(line for line in parts["coordinator"].lines if line.id == "rooms") == ChecklistLine(
        "rooms",
        ticked=False,
        title="Arrange rooms",
        due=AS_OF - timedelta(days=1),
        late=True,
        answer="",
        who="Eva",
        notes=NOTES,
    )
    assert (made.checklist.in_place, made.checklist.notes) == ((), ())


def test_what_is_in_place_stands_by_role_with_its_answer_and_what_a_person_wrote() -> None:
    made = plan(HERS, state="done").checklist
    owners = [next(item.owner for item in guide().items if item.id == line.id) for line in made.in_place]
    assert owners == sorted(owners, key=[one.id for one in guide().owners].index)
    assert len(owners) == len(guide().items)
    assert next(line for line in made.in_place if line.id == "rooms") == ChecklistLine(
        "rooms", ticked=True, title="Label of rooms", due=None, late=False, answer="yes", who="Eva", notes=NOTES
    )
    assert {line.who for line in made.in_place if line.id != "rooms"} == {""}
    assert (made.parts, made.notes) == ((), ())


def test_notes_and_names_of_what_is_neither_to_be_done_nor_in_place_stand_by_themselves() -> None:
    written = {**HERS, "environment.computers": "not-applicable", "who.computers": "Bo"}
    made = plan({**written, "placement.scope": "single-activities"}).checklist
    assert made.notes == (("Label of rooms", (*NOTES, "Eva")), ("Label of computers", ("Bo",)))


def test_a_persons_own_lines_stand_among_those_of_their_role_and_else_under_none() -> None:
    cake = {
        "title": "Order cake",
        "due": AS_OF - timedelta(days=1),
        "owner": "supervisor",
        "who": "Eva",
        "note": "a\nb",
    }
    own = [
        {"title": "Phone Bo", "owner": "nobody"},
        {"title": "Water the plant", "due": AS_OF},
        cake,
        {"title": "Paint the door", "done": True, "due": AS_OF - timedelta(days=9), "owner": "supervisor"},
    ]
    made = plan({"own": own}).checklist
    assert [part.owner for part in made.parts] == [*(one.id for one in guide().owners), ""]
    supervisors, others = made.parts[2].lines, made.parts[-1]
    assert [line.title for line in supervisors][:2] == ["Order cake", "Arrange plan-b"]
    assert supervisors[0] == ChecklistLine(
        "",
        ticked=False,
        title="Order cake",
        due=AS_OF - timedelta(days=1),
        late=True,
        answer="",
        who="Eva",
        notes=("a", "b"),
    )
    assert others.label == ""
    assert [(line.title, line.late) for line in others.lines] == [("Water the plant", False), ("Phone Bo", False)]
    assert made.in_place == (
        ChecklistLine(
            "",
            ticked=True,
            title="Paint the door",
            due=AS_OF - timedelta(days=9),
            late=False,
            answer="",
            who="",
            notes=(),
        ),
    )


@pytest.mark.parametrize("setting", ["hospital", "laboratory", "home"])
@pytest.mark.parametrize("state", ["done", "partly", "open", "unknown"])
def test_the_same_answers_and_day_give_the_same_plan(setting: str, state: str) -> None:
    assert plan({"unit.setting": setting}, state=state) == plan({"unit.setting": setting}, state=state)
