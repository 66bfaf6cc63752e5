"""What a plan folder remembers survives the file, a crash, and changes of the answers."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.folder.record import FolderRecord, new_plan_id
from samples import plan

ID = "5b0c6c0e-8c6e-4c43-9f3f-0f6a7b2d6c11"
texts = st.dictionaries(st.text(), st.text())
records = st.builds(
    FolderRecord,
    plan=st.uuids().map(str),
    written=texts,
    offered=texts,
    pending=st.dictionaries(st.text(), st.none() | st.text()),
    boxes=st.none() | st.dictionaries(st.text(), st.booleans()),
)


@given(records)
def test_a_record_reads_back_as_it_was_written(record: FolderRecord) -> None:
    assert FolderRecord.from_json(record.to_json()) == record


@given(records)
def test_the_file_says_its_version_and_ends_its_last_line(record: FolderRecord) -> None:
    assert json.loads(record.to_json())["version"] == 1
    assert record.to_json().endswith("}\n")


def test_the_same_record_is_the_same_text_whatever_the_order() -> None:
    one = FolderRecord(ID, {"a.md": "1", "b.md": "2"}, boxes={"rooms": True, "rota": False})
    other = FolderRecord(ID, {"b.md": "2", "a.md": "1"}, boxes={"rota": False, "rooms": True})
    assert one.to_json() == other.to_json()


def is_refused(text: str) -> bool:
    try:
        FolderRecord.from_json(text)
    except ValueError:
        return True
    return False


DAMAGED = ["", "{", "null", "[]", "3", '"plan"', "{}", '{"version": 1}', "\0\0\0\0"]
OTHERS = [{"version": 2, "plan": ID}, {"plan": ID}, {"version": 1, "plan": ID, "unknown": 1}]
WRONG_KINDS = [
    {"version": 1, "plan": 5},
    {"version": 1, "plan": "no id"},
    {"version": 1, "plan": ID, "written": ["plan.md"]},
    {"version": 1, "plan": ID, "written": {"plan.md": 3}},
    {"version": 1, "plan": ID, "offered": None},
    {"version": 1, "plan": ID, "pending": {"plan.md": 3}},
    {"version": 1, "plan": ID, "boxes": {"rooms": "yes"}},
]


@pytest.mark.parametrize("text", [*DAMAGED, *map(json.dumps, OTHERS)])
def test_what_is_no_record_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize("text", [*map(json.dumps, WRONG_KINDS)])
def test_a_record_with_values_of_a_wrong_kind_is_refused(text: str) -> None:
    assert is_refused(text)


def test_a_record_nested_too_deeply_is_refused() -> None:
    assert is_refused("[" * 100_000)


# --- after a crash ---------------------------------------------------------------------------------------------------

BEFORE = FolderRecord(ID, {"plan.md": "old", "gone.md": "old", "letter.txt": "old"}, {"plan.md": "other"})
DURING = FolderRecord(ID, BEFORE.written, BEFORE.offered, {"plan.md": "new", "gone.md": None, "added.md": "new"})


def test_what_has_reached_its_place_counts_as_written() -> None:
    settled = DURING.settled({"plan.md": b"new", "gone.md": None, "added.md": b"new"})
    assert settled == FolderRecord(ID, {"plan.md": "new", "added.md": "new", "letter.txt": "old"}, BEFORE.offered)


@pytest.mark.parametrize("plan_md", [b"old", b"old, edited", b"\xff", None])
def test_what_has_not_counts_as_it_did(plan_md: bytes | None) -> None:
    settled = DURING.settled({"plan.md": plan_md, "gone.md": b"old", "added.md": None})
    assert settled == BEFORE


def test_without_a_crash_there_is_nothing_to_settle() -> None:
    assert BEFORE.settled({}) == BEFORE


@pytest.mark.parametrize(("there", "boxes"), [(b"new", None), (b"old", {"rooms": True})])
def test_the_boxes_of_a_checklist_that_was_replaced_are_forgotten(there: bytes, boxes: dict[str, bool] | None) -> None:
    record = FolderRecord(ID, {"plan.md": "old"}, pending={"plan.md": "new"}, boxes={"rooms": True})
    assert record.settled({"plan.md": there}).boxes == boxes


# --- the id ----------------------------------------------------------------------------------------------------------


def test_the_id_is_the_same_for_the_same_unit_and_start_whatever_else_was_answered() -> None:
    assert new_plan_id(plan().answers) == new_plan_id(plan({"placement.participants": 6}, state="done").answers)
    assert str(UUID(new_plan_id(plan().answers))) == new_plan_id(plan().answers)


@pytest.mark.parametrize(
    "changes",
    [
        {"unit.name": "Ward 8"},
        {"unit.workplace": "Northern Hospital"},
        {"unit.setting": "laboratory"},
        {"placement.start": "2027-01-19"},
    ],
)
def test_other_units_and_starts_have_other_ids(changes: dict[str, object]) -> None:
    assert new_plan_id(plan(changes).answers) != new_plan_id(plan().answers)
