"""A plan folder has a name that is valid everywhere, one peerplan at a time, and no way out."""

import errno
import json
import os
import re
import unicodedata
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from peerplan.errors import FolderInUse, InputError, WriteError
from peerplan.folder.folder import NAME_LIMIT, backup_name, folder_name, locked
from peerplan.folder.read import edited_pages
from peerplan.folder.record import MEMORY, RECORD, FolderRecord, pending_checksum
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.blanks import Document

RESERVED = ["CON", "prn", "Aux", "NUL", "com1", "COM9", "LPT1", "COM\u00b9", "lpt\u00b2"]
LINKS = pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
NEW = pending_checksum(b"new")
ID = str(uuid4())


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("Avdelning 7 (Öst)", "avdelning-7-ost"),
        ("Ward 7, surgery", "ward-7-surgery"),
        ("../../etc/passwd", "etc-passwd"),
        ("Kirurgi/Urologi: dag", "kirurgi-urologi-dag"),
        ("..", "unit"),
        ("🏥", "unit"),
        ("CON", "unit-con"),
        ("Com1", "unit-com1"),
        ("Contact", "contact"),
    ],
)
def test_a_folder_is_named_after_the_unit(unit: str, name: str) -> None:
    assert folder_name(unit) == name


@given(st.text() | st.sampled_from([*RESERVED, "å" * 300, "a-" * 300, "-" * 61 + "a", "con."]))
def test_a_name_is_valid_on_every_system(unit: str) -> None:
    name = folder_name(unit)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= NAME_LIMIT
    assert not re.fullmatch(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", name)


@given(st.text())
def test_a_name_does_not_depend_on_how_letters_are_encoded(unit: str) -> None:
    assert folder_name(unicodedata.normalize("NFC", unit)) == folder_name(unicodedata.normalize("NFD", unit))


# --- the lock --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_folder_is_one_peerplans_at_a_time_and_leftovers_are_cleaned_by_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "ward-7"
    left = [folder / ".pp-abc.tmp", folder / MEMORY / ".pp-def.tmp"]
    with locked(folder):
        for path in left:
            path.touch()  # as if it were at work
        with pytest.raises(FolderInUse) as caught, locked(folder):
            pass
        assert all(path.exists() for path in left)
    assert [(one.message, one.place) for one in caught.value.problems] == [("folder-in-use", str(folder))]
    with locked(folder):
        assert not any(path.exists() for path in left)


def test_an_error_sets_the_folder_free(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), locked(tmp_path):
        raise KeyboardInterrupt
    with FileLock(tmp_path / MEMORY / "lock", timeout=0) as lock:
        assert lock.is_locked


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError) as caught, locked(tmp_path / "file"):
        pass
    assert caught.value.problems[0].message == "cannot-write"


@LINKS
def test_a_memory_that_is_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "ward-7", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / ".pp-another.tmp").touch()
    (folder / MEMORY).symlink_to(outside)
    with pytest.raises(WriteError), locked(folder):
        pass
    assert [path.name for path in outside.iterdir()] == [".pp-another.tmp"]


@LINKS
def test_a_lock_that_is_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "ward-7", tmp_path / "diary.txt"
    (folder / MEMORY).mkdir(parents=True)
    outside.write_text("mine")
    (folder / MEMORY / "lock").symlink_to(outside)
    with pytest.raises(WriteError), locked(folder):
        pass
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_on_a_share_that_knows_no_locks_the_work_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder, code: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(_file: int, _how: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    for _ in range(2):  # what the first one left keeps nobody out
        with locked(tmp_path):
            pass
    assert not recwarn.list


# --- the record ------------------------------------------------------------------------------------------------------


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content)


def test_a_folder_without_a_record_remembers_nothing(tmp_path: Path) -> None:
    assert Snapshot(tmp_path).record is None
    assert Snapshot(tmp_path / "no folder").record is None


def test_a_record_is_read_and_set_right_after_a_crash(tmp_path: Path) -> None:
    pending = {"plan.md": NEW, "letter.txt": NEW, "gone.md": None}
    record = FolderRecord(ID, {"plan.md": "old"}, pending=pending, arriving={"plan.md": ("new", {})})
    put(tmp_path, {RECORD: record.to_json().encode(), "plan.md": b"new"})
    assert Snapshot(tmp_path).record == FolderRecord(ID, {"plan.md": "new"}, {"plan.md": {}})


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"version": 1}', b'{"version": 9}'])
def test_a_damaged_record_is_named(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, {RECORD: content})
    with pytest.raises(InputError) as caught:
        _ = Snapshot(tmp_path).record
    assert [(one.message, one.place) for one in caught.value.problems] == [("record-wrong", str(tmp_path / RECORD))]


@pytest.mark.parametrize("name", ["answers.toml", "../plan.md", "..\\plan.md", "sub/plan.md", "C:plan.md", ".ssh", ""])
@pytest.mark.parametrize("table", ["written", "made", "offered", "taken", "pending", "exported"])
def test_a_record_that_names_what_is_no_document_is_refused(tmp_path: Path, table: str, name: str) -> None:
    put(tmp_path, {RECORD: json.dumps({"version": 1, "plan": ID, table: {name: "text"}}).encode()})
    with pytest.raises(InputError) as caught:
        _ = Snapshot(tmp_path).record
    assert caught.value.problems[0].message == "record-wrong"


def test_a_folder_in_place_of_a_record_is_named(tmp_path: Path) -> None:
    (tmp_path / RECORD).mkdir(parents=True)
    with pytest.raises(InputError):
        _ = Snapshot(tmp_path).record


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name of POSIX")
@pytest.mark.parametrize("name", ["plan.md", RECORD])
def test_what_never_ends_is_not_waited_for(tmp_path: Path, name: str) -> None:
    (tmp_path / MEMORY).mkdir()
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError) as caught:
        Snapshot(tmp_path).content(name)
    assert [(one.message, one.place) for one in caught.value.problems] == [("not-a-file", str(tmp_path / name))]


def test_what_stands_in_the_folder_is_read_with_what_was_offered_beside_it(tmp_path: Path) -> None:
    files = {"plan.md": b"mine\r\n", "plan.new.md": b"new\xff", "letter.new.txt": b""}
    put(tmp_path, {**files, "other.md": b"other"})
    assert Snapshot(tmp_path).standing(["plan.md", "letter.txt", "plan.ics"]) == files


def test_a_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.md").mkdir()
    with pytest.raises(InputError) as caught:
        Snapshot(tmp_path).standing(["plan.md"])
    assert caught.value.problems[0].place == str(tmp_path / "plan.md")


# --- what is written, in which order ---------------------------------------------------------------------------------


def changes(
    folder: Path,
    before: FolderRecord,
    new: dict[str, bytes],
    others: dict[str, bytes] | None = None,
    *,
    force: bool = False,
) -> FolderChanges:
    snapshot = Snapshot(folder)
    documents = {name: Document(content, content.decode()) for name, content in new.items()}
    content = FolderContent(documents, others or {}, edited_pages(snapshot, before))
    return changes_to(snapshot, before, before, content, force=force)


def test_nothing_new_is_nothing_to_write(tmp_path: Path) -> None:
    before = FolderRecord(ID, {"plan.md": "text"})
    put(tmp_path, {"plan.md": b"text", "answers.toml": b"a = 1", RECORD: before.to_json().encode()})
    again = changes(tmp_path, before, {"plan.md": b"text"}, {"answers.toml": b"a = 1"})
    assert (again.files, list(again.writes)) == ({}, [])


def test_a_record_that_a_crash_left_pending_is_finished_even_if_nothing_else_is_new(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "plan.md": b"new",
            RECORD: FolderRecord(ID, {"plan.md": "old"}, pending={"plan.md": NEW}, arriving={"plan.md": ("new", {})})
            .to_json()
            .encode(),
        },
    )
    before = Snapshot(tmp_path).record
    assert before
    writes = dict(changes(tmp_path, before, {"plan.md": b"new"}).writes)
    assert writes[(tmp_path / RECORD).resolve()] == FolderRecord(ID, {"plan.md": "new"}).to_json().encode()


def test_the_record_is_written_first_and_last_and_the_answers_before_the_documents(tmp_path: Path) -> None:
    before = FolderRecord(ID, {"plan.md": "old", "gone.md": "old"})
    put(tmp_path, {"plan.md": b"old", "gone.md": b"old"})
    writes = list(changes(tmp_path, before, {"plan.md": b"new"}, {"a.toml": b"1"}).writes)
    assert [path.relative_to(tmp_path.resolve()).as_posix() for path, _ in writes] == [
        RECORD,
        "a.toml",
        "plan.md",
        "gone.md",
        RECORD,
    ]
    assert [content for _, content in writes[1:-1]] == [b"1", b"new", None]
    records = [FolderRecord.from_json((content or b"").decode()) for _, content in (writes[0], writes[-1])]
    pending = {"plan.md": NEW, "gone.md": None}
    assert records[0] == FolderRecord(ID, before.written, pending=pending, arriving={"plan.md": ("new", {})})
    assert records[1] == FolderRecord(ID, {"plan.md": "new"})


def test_an_edited_document_that_is_replaced_is_copied_before(tmp_path: Path) -> None:
    before = FolderRecord(ID, {"plan.md": "old"})
    put(tmp_path, {"plan.md": b"mine", "plan.md.bak": b"from last time"})
    forced = changes(tmp_path, before, {"plan.md": b"new"}, force=True)
    assert forced.copies == {"plan.md": "plan.md.2.bak"}
    writes = list(forced.writes)
    assert dict(writes)[tmp_path.resolve() / "plan.md.2.bak"] == b"mine"
    names = [path.name for path, _ in writes]
    assert names == ["record.json", "plan.md.2.bak", "plan.md", "record.json"]


@LINKS
def test_a_backup_takes_no_name_that_a_broken_link_has(tmp_path: Path) -> None:
    (tmp_path / "plan.md.bak").symlink_to("nowhere")
    assert backup_name(tmp_path, "plan.md") == "plan.md.2.bak"


@pytest.mark.criterion(25)
@LINKS
def test_a_link_within_the_folder_is_followed_and_stays(tmp_path: Path) -> None:
    before = FolderRecord(ID, {"plan.md": "old"})
    put(tmp_path, {"texts/plan.md": b"old"})
    (tmp_path / "plan.md").symlink_to("texts/plan.md")
    writes = dict(changes(tmp_path, before, {"plan.md": b"new"}).writes)
    assert writes[(tmp_path / "texts" / "plan.md").resolve()] == b"new"


@pytest.mark.criterion(25)
@LINKS
@pytest.mark.parametrize("name", ["plan.md", "answers.toml", RECORD])
def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder, outside = tmp_path / "ward-7", tmp_path / "outside"
    before = FolderRecord(ID, {"plan.md": "old"})
    put(folder, {"plan.md": b"old", "answers.toml": b"", RECORD: b""})
    outside.write_bytes(b"old")
    (folder / name).unlink()
    (folder / name).symlink_to(outside)
    with pytest.raises(WriteError) as caught:
        changes(folder, before, {"plan.md": b"new"}, {"answers.toml": b"1"})
    assert [(one.message, one.place) for one in caught.value.problems] == [("link-leads-out", str(folder / name))]
    assert outside.read_bytes() == b"old"
