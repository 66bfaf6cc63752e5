"""The calendar can be read by any program, and recognises its events again when the plan changes."""

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from peerplan.documents.calendar import calendar_file
from peerplan.plan.plan import Plan, make_plan
from peerplan.text import one_line
from samples import AS_OF, EXAMPLES, START, guide, plan, run

ID = str(uuid4())
Event = dict[str, str]


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def events_of(content: bytes) -> list[Event]:
    """The events, read by the letter of RFC 5545, without the library that wrote them."""
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
    events: list[Event] = []
    for line in lines[lines.index("BEGIN:VEVENT") : -2]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif line != "END:VEVENT":
            assert name not in events[-1]
            events[-1][name] = unescaped(value)
    return events


def events(made: Plan, plan_id: str = ID) -> list[Event]:
    return events_of(calendar_file(made, guide(made.answers.language), plan_id))


def days(event: Event) -> tuple[date, date]:
    """The first day and the first that no longer belongs to the event."""
    first, after = (event[f"{name};VALUE=DATE"] for name in ("DTSTART", "DTEND"))
    return date.fromisoformat(first), date.fromisoformat(after)


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_the_placement_takes_all_its_days_and_its_end_is_the_day_after() -> None:
    assert days(events(plan())[0]) == (START, date(2027, 3, 13))


def test_a_placement_without_an_end_is_the_day_it_starts() -> None:
    first = events(plan({"placement.end": None}))[0]
    assert days(first) == (START, START + timedelta(days=1))
    assert first["SUMMARY"] == "Students start at Ward 7 (peer learning)"


@pytest.mark.parametrize("state", ["open", "partly", "done"])
def test_each_open_action_and_each_follow_up_is_an_event_on_its_day(state: str) -> None:
    made = plan({"support.decision": "try"}, state=state)
    expected = [(f"{action.title} (Ward 7)", action.due) for action in made.actions]
    expected += [(f"{one.follow_up.title} (Ward 7)", one.day) for one in made.follow_ups if one.day]
    found = [(event["SUMMARY"], days(event)) for event in events(made)[1:] if "STATUS" not in event]
    assert found == [(title, (due, due + timedelta(days=1))) for title, due in expected]


def test_an_action_says_who_does_it_and_how() -> None:
    made = plan()
    action = made.actions[0]
    owner, empty, *steps = events(made)[1]["DESCRIPTION"].split("\n")
    assert (owner, empty) == (action.owner_label, "")
    assert steps == [f"{number}. {step}" for number, step in enumerate(action.steps, 1)]


@pytest.mark.parametrize(("language", "summary"), [("en", "Students at Ward 7"), ("sv", "Studenter på Ward 7")])
def test_the_texts_are_in_the_plans_language(language: str, summary: str) -> None:
    made = plan(language=language)
    first, second, *_ = events(made)
    assert first["SUMMARY"] == f"{summary} (peer learning)"
    assert second["SUMMARY"].startswith(made.actions[0].title)


@pytest.mark.criterion(18)
def test_nobody_is_invited_and_no_time_is_blocked() -> None:
    content = calendar_file(
        plan({"unit.coordinator.name": "Karin", "unit.coordinator.email": "k@ward.example"}), guide(), ID
    )
    assert not re.search(rb"ATTENDEE|ORGANIZER|VALARM|mailto|k@ward|Karin", content, re.IGNORECASE)
    assert b"\r\nMETHOD:PUBLISH\r\n" in content
    assert {event["TRANSP"] for event in events_of(content)} == {"TRANSPARENT"}


# --- its form --------------------------------------------------------------------------------------------------------

NAMES = [
    "Ward\\Norr",
    "Åsele; vårdcentral, öst",
    "Ward\\7",
    "BEGIN:VEVENT",
    "END:VCALENDAR",
    '"A":B;C',
    "å" * 100,
    "🏥" * 50,
    "a, b",
]
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=100)


MADE = plan()


def named(name: str, made: Plan = MADE) -> Plan:
    """A plan whose unit has a name that no check has looked at."""
    unit = made.answers.unit.model_copy(update={"name": name})
    return replace(made, answers=made.answers.model_copy(update={"unit": unit}))


@pytest.mark.criterion(18)
@settings(max_examples=60)
@given(names | st.sampled_from(NAMES))
def test_any_name_reads_back_and_every_line_is_short_and_ends_as_it_must(name: str) -> None:
    content = calendar_file(named(name), guide(), ID)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])  # no letter is cut in two
    assert events_of(content)[0]["SUMMARY"] == f"Students at {one_line(name)} (peer learning)"
    assert len(events_of(content)) == 1 + len(MADE.actions) + len(MADE.follow_ups)


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in EXAMPLES.glob("*/plan.ics")), ids=lambda path: path.name
)
def test_the_examples_load_in_a_library_with_all_that_the_standard_asks_for(folder: Path) -> None:
    calendar = Calendar.from_ical((folder / "plan.ics").read_bytes())
    assert {"PRODID", "VERSION", "METHOD"} <= calendar.keys()
    found = calendar.walk("VEVENT")
    assert len(found) > 5
    for event in found:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= event.keys()
        assert event.errors == []
        assert type(event.decoded("DTSTART")) is date
        assert event.decoded("DTEND") > event.decoded("DTSTART")


# --- recognised again ------------------------------------------------------------------------------------------------


def uids(made: Plan, plan_id: str = ID) -> dict[str, str]:
    """The ids of the events by their actions; the placement comes first."""
    points = [one.follow_up.anchor for one in made.follow_ups if one.day]
    gone = (*made.settled, *made.left_over)
    names_ = ["placement", *(action.id for action in made.actions), *points, *(action.id for action in gone)]
    return dict(zip(names_, (event["UID"] for event in events(made, plan_id)), strict=True))


def test_no_two_events_share_an_id() -> None:
    made = plan({"environment.rooms": "yes"})
    assert len(set(uids(made).values())) == 1 + len(made.actions) + 1 + len(made.follow_ups)
    assert set(uids(plan()).values()).isdisjoint(uids(plan(), str(uuid4())).values())


@pytest.mark.criterion(18)
@pytest.mark.parametrize(
    ("changes", "language"),
    [
        ({"unit.name": "Ward 8"}, "en"),
        ({"placement.start": date(2027, 2, 1), "placement.end": None}, "en"),
        ({"support.managers": "yes", "environment.rooms": "partly"}, "en"),
        ({}, "sv"),
    ],
)
def test_an_event_keeps_its_id_whatever_else_changes(changes: dict[str, object], language: str) -> None:
    before, now = uids(plan()), uids(plan(changes, language=language))
    common = before.keys() & now.keys()
    assert len(common) > 15
    assert {one: before[one] for one in common} == {one: now[one] for one in common}


@pytest.mark.criterion(17)
def test_the_same_plan_is_the_same_bytes() -> None:
    assert calendar_file(plan(), guide(), ID) == calendar_file(plan(), guide(), ID)


def test_the_ids_survive_an_update_that_renames_the_unit_moves_the_start_and_the_folder(tmp_path: Path) -> None:
    first, moved = tmp_path / "ward-7", tmp_path / "ward-8"
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    assert run("init", first, "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    before = {event["UID"] for event in events_of((first / "plan.ics").read_bytes())}
    first.rename(moved)
    text = (moved / "answers.toml").read_text(encoding="utf-8")
    text = text.replace("Ward 7", "Ward 8").replace("2027-01-18", "2027-02-01")
    (moved / "answers.toml").write_text(text, encoding="utf-8")
    assert run("update", moved, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    found = events_of((moved / "plan.ics").read_bytes())
    assert {event["UID"] for event in found} == before
    assert all("Ward 8" in event["SUMMARY"] for event in found)
    assert days(found[0])[0] == date(2027, 2, 1)


def test_a_copied_folder_gets_ids_of_its_own_once_its_unit_is_called_something_else(tmp_path: Path) -> None:
    first, copy = tmp_path / "ward-7", tmp_path / "ward-8"
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    assert run("init", first, "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    ids = {event["UID"] for event in events_of((first / "plan.ics").read_bytes())}
    shutil.copytree(first, copy)
    assert run("update", copy, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    assert {event["UID"] for event in events_of((copy / "plan.ics").read_bytes())} == ids
    text = (copy / "answers.toml").read_text(encoding="utf-8")
    (copy / "answers.toml").write_text(text.replace("Ward 7", "Ward 8"), encoding="utf-8")
    for _again in range(2):
        assert run("update", copy, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
        own = {event["UID"] for event in events_of((copy / "plan.ics").read_bytes())}
        assert (own.isdisjoint(ids), len(own)) == (True, len(ids))


def test_what_is_done_or_can_be_done_no_more_is_cancelled_and_keeps_its_id() -> None:
    item = guide().item("rooms")
    before, now = plan(), plan({f"{item.area}.{item.id}": "yes"})
    assert uids(before) == uids(now)
    assert cancelled(now) - cancelled(before) == {"rooms"}
    over = make_plan(before.answers, guide(), date(2027, 4, 1))
    assert uids(over) == uids(before)
    assert {action.id for action in before.actions} <= cancelled(over)


def test_a_line_of_a_persons_own_with_a_day_is_an_event_and_a_done_one_is_cancelled() -> None:
    lines = [
        {"title": "Order cake", "due": date(2027, 1, 15)},
        {"title": "Call Ek", "due": date(2027, 1, 8), "done": True},
    ]
    found = {event["SUMMARY"]: event for event in events(plan({"own": [*lines, {"title": "No day"}]}))}
    own = {summary.partition(" (")[0]: event for summary, event in found.items()}
    assert (days(own["Order cake"])[0], own["Order cake"].get("STATUS")) == (date(2027, 1, 15), None)
    assert own["Call Ek"]["STATUS"] == "CANCELLED"
    assert "No day" not in own


def cancelled(made: Plan) -> set[str]:
    """The items whose events are cancelled."""
    names = {uid: name for name, uid in uids(made).items()}
    return {names[event["UID"]] for event in events(made) if event.get("STATUS") == "CANCELLED"}
