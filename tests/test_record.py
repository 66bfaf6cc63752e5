"""What a plan folder remembers survives the file, a crash, and changes of the answers."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.folder.record import FolderRecord, checksum, new_plan_id, offered_name, pending_checksum
from samples import plan

ID = "5b0c6c0e-8c6e-4c43-9f3f-0f6a7b2d6c11"
names = st.text(st.characters(categories=["L", "N"]), min_size=1).map("{}.md".format)
texts = st.dictionaries(st.text(), st.text())
documents = st.dictionaries(names, st.text())
records = st.builds(
    FolderRecord,
    plan=st.uuids().map(str),
    written=documents,
    offered=documents,
    taken=documents,
    values=st.dictionaries(names, texts),
    made=documents,
    pending=st.dictionaries(names, st.none() | st.text()),
    arriving=st.dictionaries(names, st.tuples(st.text(), texts)),
    titles=texts,
    start=st.none() | st.dates(),
)


@given(records)
def test_a_record_reads_back_as_it_was_written(record: FolderRecord) -> None:
    assert FolderRecord.from_json(record.to_json()) == record


@given(records)
def test_the_file_says_its_version_and_ends_its_last_line(record: FolderRecord) -> None:
    assert json.loads(record.to_json())["version"] == 1
    assert record.to_json().endswith("}\n")


def test_the_same_record_is_the_same_text_whatever_the_order() -> None:
    one = FolderRecord(ID, {"a.md": "1", "b.md": "2"}, titles={"Rooms": "rooms", "Rota": "rota"})
    other = FolderRecord(ID, {"b.md": "2", "a.md": "1"}, titles={"Rota": "rota", "Rooms": "rooms"})
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
    {"version": 1, "plan": ID, "titles": {"Rooms": 1}},
    {"version": 1, "plan": ID, "start": "soon"},
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

BEFORE = FolderRecord(
    ID, {"plan.md": "old", "gone.md": "old", "letter.txt": "old"}, offered={"plan.md": "other"}, values={"plan.md": {}}
)
DURING = replace(
    BEFORE,
    pending={
        "plan.md": pending_checksum(b"# new\n\n- [ ] Rooms\n"),
        "gone.md": None,
        "added.md": pending_checksum(b"new"),
        "added.ics": pending_checksum(b"new"),
    },
    arriving={"plan.md": ("# new\n\n- [ ] Rooms\n", {"[fill in: time]": "7.30"}), "added.md": ("new", {})},
)


@pytest.mark.parametrize("box", ["[ ]", "[x]"])
def test_what_has_reached_its_place_counts_as_written_whatever_was_ticked_since(box: str) -> None:
    plan_md = f"# new\r\n\r\n- {box} Rooms\r\n".encode()
    settled = DURING.settled({"plan.md": plan_md, "gone.md": None, "added.md": b"new", "added.ics": b"new"})
    assert settled.written == {"plan.md": "# new\n\n- [ ] Rooms\n", "added.md": "new", "letter.txt": "old"}
    assert settled.values == {"plan.md": {"[fill in: time]": "7.30"}, "added.md": {}}
    assert settled.made == {"added.ics": checksum(b"new")}
    assert (settled.pending, settled.arriving) == ({}, {})


@pytest.mark.parametrize("plan_md", [b"old", b"old, edited", b"\xff", None])
def test_what_has_not_counts_as_it_did(plan_md: bytes | None) -> None:
    settled = DURING.settled({"plan.md": plan_md, "gone.md": b"old", "added.md": None, "added.ics": None})
    assert settled == BEFORE


def test_a_file_that_is_no_text_can_be_pending() -> None:
    content = bytes(range(256))
    record = FolderRecord.from_json(FolderRecord(ID, pending={"a.xlsx": pending_checksum(content)}).to_json())
    assert record.settled({"a.xlsx": content}).made == {"a.xlsx": checksum(content)}
    assert record.settled({"a.xlsx": content[1:]}).made == {}


def test_without_a_crash_there_is_nothing_to_settle() -> None:
    assert BEFORE.settled({}) == BEFORE


def test_what_counts_as_written_has_its_blanks_filled() -> None:
    record = FolderRecord(ID, {"a.txt": "Time: [fill in: time]"}, values={"a.txt": {"[fill in: time]": "7.30"}})
    assert record.base("a.txt", is_beside=False) == "Time: 7.30"
    assert record.base("b.txt", is_beside=False) is None


def test_what_was_offered_counts_as_written_once_it_is_gone() -> None:
    record = FolderRecord(ID, {"plan.md": "old"}, offered={"plan.md": "a section"}, taken={"plan.md": "new"})
    assert record.base("plan.md", is_beside=True) == "old"
    assert record.base("plan.md", is_beside=False) == "new"


@pytest.mark.parametrize(
    ("name", "beside"), [("plan.md", "plan.new.md"), ("a.b.txt", "a.b.new.txt"), ("LICENSE", "LICENSE.new")]
)
def test_the_new_text_goes_beside_with_the_same_ending(name: str, beside: str) -> None:
    assert offered_name(name) == beside


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
