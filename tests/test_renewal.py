"""When a plan is written again, nothing a person wrote disappears."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edits import Lines, edited
from peerplan.documents.calendar import calendar_file
from peerplan.folder.checklist import read_boxes, without_marks
from peerplan.folder.merge import MARK
from peerplan.folder.reconcile import FileChange, Renewal, offered_name, renew
from peerplan.folder.record import CHECKLIST, FolderRecord
from samples import guide, plan, rendered

pytestmark = pytest.mark.slow  # thousands of texts

ID = str(uuid4())
BASE = "a\nb\nc\nd\ne\n"
NEW = b"a\nb\nc\nd\nE\n"
EDITED = b"A\nb\nc\nd\ne\n"
MERGED = b"A\nb\nc\nd\nE\n"
CLASH = b"a\nb\nc\nd\nmine\n"
WRITTEN = FolderRecord(ID, {"plan.md": BASE})


def one(
    standing: Mapping[str, bytes], record: FolderRecord = WRITTEN, new: bytes | None = NEW, *, force: bool = False
) -> tuple[FileChange, Renewal]:
    renewal = renew({} if new is None else {"plan.md": new}, standing, record, force=force)
    (document,) = renewal.documents
    return document, renewal


# --- one document ----------------------------------------------------------------------------------------------------


def test_a_document_that_never_was_is_new() -> None:
    document, renewal = one({}, FolderRecord(ID))
    assert (document.kind, renewal.files) == ("new", {"plan.md": NEW})
    assert renewal.during == FolderRecord(ID, pending={"plan.md": NEW.decode()})
    assert renewal.after == FolderRecord(ID, {"plan.md": NEW.decode()})


@pytest.mark.parametrize("record", [WRITTEN, FolderRecord(ID)])
def test_a_document_that_is_right_already_is_not_written(record: FolderRecord) -> None:
    document, renewal = one({"plan.md": NEW}, record)
    assert (document.kind, renewal.files, renewal.during.pending) == ("same", {}, {})
    assert renewal.after == FolderRecord(ID, {"plan.md": NEW.decode()})


def test_a_document_that_nobody_edited_is_replaced() -> None:
    document, renewal = one({"plan.md": BASE.encode()})
    assert (document.kind, renewal.files) == ("updated", {"plan.md": NEW})
    assert renewal.during == replace(WRITTEN, pending={"plan.md": NEW.decode()})


def test_edits_elsewhere_are_merged_and_the_base_of_the_next_merge_is_the_new_text() -> None:
    document, renewal = one({"plan.md": EDITED})
    assert (document.kind, renewal.files) == ("merged", {"plan.md": MERGED})
    assert renewal.after.written == {"plan.md": NEW.decode()}
    assert one({"plan.md": MERGED}, renewal.after)[1] == Renewal(
        (replace(document, kind="same", before=MERGED),), {}, renewal.after, renewal.after
    )


def test_edits_of_the_same_place_stay_and_the_new_text_goes_beside_them() -> None:
    document, renewal = one({"plan.md": CLASH})
    assert (document.kind, document.before, document.after, document.conflicts) == ("kept", CLASH, CLASH, ((5, 5),))
    assert renewal.files == {"plan.new.md": NEW}
    assert renewal.after == FolderRecord(ID, WRITTEN.written, {"plan.md": NEW.decode()})


@pytest.mark.parametrize(("there", "record"), [(EDITED, FolderRecord(ID)), (b"\xff\xfe", WRITTEN)])
def test_what_cannot_be_merged_at_all_stays_whole(there: bytes, record: FolderRecord) -> None:
    document, renewal = one({"plan.md": there}, record)
    assert (document.kind, document.after, document.conflicts) == ("kept", there, ())
    assert renewal.files == {"plan.new.md": NEW}


@pytest.mark.parametrize("there", [CLASH, EDITED, b"\xff\xfe"])
def test_force_replaces_edits(there: bytes) -> None:
    document, renewal = one({"plan.md": there}, force=True)
    assert (document.kind, document.before, renewal.files) == ("replaced", there, {"plan.md": NEW})


def test_force_replaces_nothing_of_which_peerplan_is_the_author() -> None:
    assert one({"plan.md": BASE.encode()}, force=True)[0].kind == "updated"
    assert one({"plan.md": NEW}, force=True)[0].kind == "same"


def test_a_deleted_document_stays_deleted_until_force() -> None:
    document, renewal = one({})
    assert (document.kind, renewal.files, renewal.after) == ("deleted", {}, WRITTEN)
    document, renewal = one({}, force=True)
    assert (document.kind, renewal.files) == ("new", {"plan.md": NEW})


def test_a_document_that_the_plan_no_longer_needs_is_removed_unless_it_was_edited() -> None:
    document, renewal = one({"plan.md": BASE.encode()}, new=None)
    assert (document.kind, renewal.files) == ("removed", {"plan.md": None})
    assert (renewal.during.pending, renewal.after.written) == ({"plan.md": None}, {})
    document, renewal = one({"plan.md": EDITED}, new=None)
    assert (document.kind, document.after, renewal.files, renewal.after) == ("left", EDITED, {}, WRITTEN)
    document, renewal = one({}, new=None)
    assert (document.kind, renewal.files, renewal.after.written) == ("deleted", {}, {})


def test_a_document_that_was_left_is_merged_when_it_is_needed_again() -> None:
    _, renewal = one({"plan.md": EDITED}, new=None)
    assert one({"plan.md": EDITED}, renewal.after)[1].files == {"plan.md": MERGED}


def test_texts_without_their_ticks_are_compared_in_place_of_what_stands_there() -> None:
    renewal = renew({"plan.md": NEW}, {"plan.md": b"ticked"}, WRITTEN, unticked={"plan.md": BASE})
    assert (renewal.documents[0].kind, renewal.documents[0].before) == ("updated", b"ticked")
    renewal = renew({"plan.md": NEW}, {"plan.md": b"ticked"}, WRITTEN, unticked={"plan.md": EDITED.decode()})
    assert renewal.files == {"plan.md": MERGED}


# --- the new text that was offered -----------------------------------------------------------------------------------

OFFERED = one({"plan.md": CLASH})[1].after
LATER = NEW.replace(b"a", b"later")


def test_as_long_as_the_offered_text_stands_there_nothing_is_written_and_it_is_said_again() -> None:
    document, renewal = one({"plan.md": CLASH, "plan.new.md": NEW}, OFFERED)
    assert (document.kind, renewal.files, renewal.after) == ("kept", {}, OFFERED)


def test_an_offered_text_that_nobody_touched_is_replaced_by_a_newer_one() -> None:
    _, renewal = one({"plan.md": CLASH, "plan.new.md": NEW}, OFFERED, LATER)
    assert renewal.files == {"plan.new.md": LATER}
    assert renewal.after.offered == {"plan.md": LATER.decode()}


@pytest.mark.parametrize("there", [CLASH, b"a\nb\nc\nd\nmine, and E\n", NEW])
def test_once_the_offered_text_is_gone_it_counts_as_taken(there: bytes) -> None:
    document, renewal = one({"plan.md": there}, OFFERED)
    assert (document.kind, renewal.files) == ("same", {})
    assert renewal.after == FolderRecord(ID, {"plan.md": NEW.decode()})


def test_what_was_taken_is_the_base_for_what_comes_later() -> None:
    _, renewal = one({"plan.md": CLASH}, OFFERED, LATER)
    assert renewal.files == {"plan.md": b"later\nb\nc\nd\nmine\n"}


@pytest.mark.parametrize("there", [NEW, BASE.encode(), b"a\nb\nc\nd\ne\nf\n"])
def test_the_offered_text_goes_away_when_nothing_is_kept_any_more(there: bytes) -> None:
    standing = {"plan.md": there, "plan.new.md": NEW}
    assert one(standing, OFFERED, BASE.encode())[1].files.get("plan.new.md", b"left alone") is None


def test_an_offered_text_that_was_edited_is_not_removed() -> None:
    standing = {"plan.md": BASE.encode(), "plan.new.md": b"my notes"}
    assert "plan.new.md" not in one(standing, OFFERED, BASE.encode())[1].files


@pytest.mark.parametrize("record", [WRITTEN, OFFERED])
@pytest.mark.parametrize("new", [NEW, LATER])
def test_the_offered_text_replaces_nothing_that_a_person_wrote_in_its_place(record: FolderRecord, new: bytes) -> None:
    _, renewal = one({"plan.md": CLASH, "plan.new.md": b"my notes"}, record, new)
    assert "plan.new.md" not in renewal.files


@pytest.mark.parametrize(
    ("name", "beside"), [("plan.md", "plan.new.md"), ("a.b.txt", "a.b.new.txt"), ("LICENSE", "LICENSE.new")]
)
def test_the_new_text_goes_beside_with_the_same_ending(name: str, beside: str) -> None:
    assert offered_name(name) == beside


# --- random edits of random plans ------------------------------------------------------------------------------------

CHOICES: list[dict[str, object]] = [
    {},
    {"placement.start": date(2027, 2, 1)},
    {"placement.start": date(2026, 12, 7), "placement.end": None},
    {"unit.name": "Ward 8, day surgery", "notes.rooms": "The room is shared."},
    {"unit.setting": "laboratory", "placement.level": "advanced"},
    {"placement.scope": "single-activities", "institution.contact": "yes"},
    {"placement.audience": "new-colleagues"},
]


Unit = tuple[int, str, str]


@cache
def documents(changes: int, state: str, language: str) -> dict[str, bytes]:
    made = plan(CHOICES[changes], state=state, language=language)
    return {**rendered(made), "plan.ics": calendar_file(made, guide(language), ID)}


some_units = st.tuples(
    st.integers(0, len(CHOICES) - 1),
    st.sampled_from(["open", "partly", "done"]),
    st.sampled_from(["en", "en", "en", "sv"]),
)


class Edit(NamedTuple):
    """One edit as a person makes it; the places are shares of the text's lines."""

    kind: str
    first: float
    length: int
    target: float

    def made_in(self, lines: Lines, number: int) -> Lines:
        first, target = int(self.first * len(lines)), int(self.target * len(lines))
        if self.kind != "tick":
            places = (first, min(first + self.length, len(lines)), target)
            return edited(lines, self.kind, places, [f"Lena's note {number}"] * self.length)
        boxes = [place for place, line in enumerate(lines) if line.startswith("- [")]
        ticked = [boxes[int(self.first * len(boxes))]] if boxes else []
        return [line.replace("[ ]", "[x]") if place in ticked else line for place, line in enumerate(lines)]


class Edits(NamedTuple):
    """What a person did to one document, and the program she saved it with."""

    edits: list[Edit]
    newline: str
    mark: str
    final: bool

    def made_in(self, content: bytes) -> bytes:
        lines = content.decode().split("\n")[:-1]
        for number, edit in enumerate(self.edits):
            lines = edit.made_in(lines, number)
        return (self.mark + self.newline.join(lines) + self.newline * self.final).encode()


KINDS = ["insert", "delete", "change", "move", "rewrite", "copy", "tick"]
shares = st.floats(0, 1, exclude_max=True)
some_edits = st.builds(
    Edits,
    st.lists(st.builds(Edit, st.sampled_from(KINDS), shares, st.integers(1, 4), shares), max_size=4),
    st.sampled_from(["\n", "\n", "\r\n"]),
    st.sampled_from(["", "", MARK]),
    st.sampled_from([True, True, False]),
)
NAMES = [
    CHECKLIST,
    "student-email.txt",
    "student-email.eml",
    "workplace-meeting.md",
    "institution-email.txt",
    "plan.ics",
]
edits_by_name = st.dictionaries(st.sampled_from(NAMES[:1] * 3 + NAMES[1:]), some_edits, min_size=1, max_size=3)


def edited_documents(written: Mapping[str, bytes], edits: Mapping[str, Edits]) -> dict[str, bytes]:
    return {name: edits[name].made_in(text) if name in edits else text for name, text in written.items()}


def record_of(written: Mapping[str, bytes]) -> FolderRecord:
    return FolderRecord(ID, {name: content.decode() for name, content in written.items()})


def renewed(new: Mapping[str, bytes], standing: Mapping[str, bytes], record: FolderRecord) -> Renewal:
    """A renewal with the checklist's ticks taken out, as the commands do it."""
    there, base = standing.get(CHECKLIST), record.written.get(CHECKLIST)
    ticks = {} if there is None or base is None else {CHECKLIST: read_boxes(base, there.decode(), "").text}
    return renew(new, standing, record, unticked=ticks)


def lines_of(content: bytes) -> Counter[str]:
    return Counter(line.strip("\r\n" + MARK) for line in content.decode().split("\n"))


def unmarked(lines: Counter[str]) -> Counter[str]:
    """The lines with their boxes emptied: a tick is an answer, and no edit."""
    return Counter(without_marks(line) for line in lines.elements())


def without_ticks(written: bytes, content: bytes) -> bytes:
    return read_boxes(written.decode(), content.decode(), "").text.encode()


@settings(max_examples=150, deadline=None)
@given(some_units, some_units, edits_by_name)
def test_every_line_a_person_wrote_is_in_the_document_or_her_document_is_kept(
    before: Unit, now: Unit, edits: dict[str, Edits]
) -> None:
    old, new = documents(*before), documents(*now)
    standing = edited_documents(old, edits)
    renewal = renewed(new, standing, record_of(old))
    for document in renewal.documents:
        name, mine = document.name, standing.get(document.name)
        if mine is None or name not in edits:
            assert document.kind in ("new", "same", "updated", "removed")
        elif document.kind == "kept":
            assert (document.after, name in renewal.files) == (mine, False)
            assert renewal.files[offered_name(name)] == new[name]
        else:
            base = old[name]
            written = lines_of(without_ticks(base, mine) if name == CHECKLIST else mine) - lines_of(base)
            assert unmarked(written) <= unmarked(lines_of(document.after or b""))
            assert (document.after == mine) or renewal.files[name] == document.after


@settings(max_examples=60, deadline=None)
@given(some_units, some_units, edits_by_name)
@example((0, "done", "en"), (0, "open", "en"), {CHECKLIST: Edits([Edit("copy", 0.25, 1, 0.0)], "\n", "", final=True)})
def test_what_was_written_is_left_alone_the_next_time(before: Unit, now: Unit, edits: dict[str, Edits]) -> None:
    old, new = documents(*before), documents(*now)
    standing = edited_documents(old, edits)
    first = renewed(new, standing, record_of(old))
    second = renewed(new, with_files(standing, first.files), first.after)
    assert (second.files, second.after) == ({}, first.after)


def with_files(standing: Mapping[str, bytes], files: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {name: content for name, content in {**standing, **files}.items() if content is not None}


def assert_a_crash_does_no_harm(
    old: dict[str, bytes], new: dict[str, bytes], standing: dict[str, bytes], arrived: int
) -> None:
    """After so many files have arrived, the next run ends where this one would have."""
    whole = renewed(new, standing, record_of(old))
    crashed = with_files(standing, dict(list(whole.files.items())[:arrived]))
    record = whole.during.settled({name: crashed.get(name) for name in whole.during.pending})
    again = renewed(new, crashed, record)
    assert with_files(crashed, again.files) == with_files(standing, whole.files)
    assert again.after == whole.after


@settings(max_examples=80, deadline=None)
@given(some_units, some_units, st.integers(0, 8))
def test_a_crash_never_makes_our_own_text_look_like_a_persons(before: Unit, now: Unit, arrived: int) -> None:
    old, new = documents(*before), documents(*now)
    assert_a_crash_does_no_harm(old, new, old, arrived)


@settings(max_examples=150, deadline=None)
@given(some_units, some_units, edits_by_name, st.integers(0, 8))
@example((0, "open", "en"), (5, "open", "en"), {CHECKLIST: Edits([Edit("insert", 0, 1, 0)], "\n", "", True)}, 1)  # noqa: FBT003
def test_a_crash_never_makes_merged_text_look_like_a_persons(
    before: Unit, now: Unit, edits: dict[str, Edits], arrived: int
) -> None:
    old, new = documents(*before), documents(*now)
    assert_a_crash_does_no_harm(old, new, edited_documents(old, edits), arrived)


@settings(max_examples=60, deadline=None)
@given(some_units, edits_by_name)
def test_as_long_as_the_answers_stay_edits_stay_byte_for_byte_and_ticks_alone_count(
    unit: Unit, edits: dict[str, Edits]
) -> None:
    old = documents(*unit)
    standing = edited_documents(old, edits)
    renewal = renewed(old, standing, record_of(old))
    assert {one.kind for one in renewal.documents} <= {"same", "updated", "merged"}
    for name in renewal.files:
        assert name == CHECKLIST
        assert renewal.files[name] == without_ticks(old[name], standing[name])
