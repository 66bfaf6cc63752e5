"""What becomes of a document that both a person and peerplan have changed: section by section, hers is never lost."""

from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from uuid import uuid4

import pytest

from peerplan.folder.blocks import lines_of
from peerplan.folder.page import Page, ReadPage
from peerplan.folder.reconcile import FileChange, FolderNow, Renewal, renew
from peerplan.folder.record import FolderRecord, checksum, offered_name, pending_checksum
from peerplan.folder.write import NO_TITLES
from peerplan.guide.blanks import Document
from peerplan.text import decoded

ID = str(uuid4())
TOP = b"top\n\n"
ONE = b"One\n---\n\na\n"
BASE = TOP + ONE + b"\nTwo\n---\n\nd \xe2\x80\x93 *x*\n\n- e\n"
NEW = BASE.replace(b"- e", b"- E")
EDITED = BASE.replace(b"\na\n", b"\nmine\n")
MERGED = NEW.replace(b"\na\n", b"\nmine\n")
CLASH = BASE.replace(b"- e", b"- mine")
KEPT = CLASH
BOTH = CLASH.replace(b"\na\n", b"\nb\n")  # she changed one section, and both another
BESIDE = b"Two\n---\n\nd \xe2\x80\x93 *x*\n\n- E\n"
WRITTEN = FolderRecord(ID, {"plan.txt": BASE.decode()})

EDITORS: list[Callable[[bytes], bytes]] = [
    lambda text: text.replace(b"\n", b"\r\n"),
    lambda text: BOM_UTF8 + text,
    lambda text: text.decode().encode("utf-16"),
    lambda text: text.decode().encode("cp1252"),
    lambda text: text.replace(b"- e", "• e".encode()),
    lambda text: text.replace("\u2013".encode(), b"-").replace(b"*", b""),
    lambda text: text.rstrip() + b"  \n\n",
]


def one(
    standing: Mapping[str, bytes], record: FolderRecord = WRITTEN, new: bytes | None = NEW, *, force: bool = False
) -> tuple[FileChange, Renewal]:
    documents = {} if new is None else {"plan.txt": Document(new, new.decode())}
    renewal = renew(documents, now(standing, record), lambda: NO_TITLES, lambda *_: b"", force=force)
    (document,) = renewal.documents
    return document, renewal


def now(standing: Mapping[str, bytes], record: FolderRecord) -> FolderNow:
    """A folder as the commands read it."""
    pages = {}
    for name, content in standing.items():
        base = record.base(name, is_beside=offered_name(name) in standing)
        if name in record.written and decoded(content) != base:
            pages[name] = ReadPage(Page.of(decoded(content)), Page.of(base or ""))
    return FolderNow(standing, record, pages)


# --- one document ----------------------------------------------------------------------------------------------------


def test_the_line_breaks_of_every_program_end_a_line_and_a_byte_order_mark_is_none_of_it() -> None:
    assert lines_of("\ufeffa\x0bb\x0cc\x85d\u2028e\r\nf\rg\n\nh") == [*"abcdefg", "", "h"]
    assert (lines_of(""), lines_of("\n"), lines_of("a\n"), lines_of("a\n\n")) == ([], [""], ["a"], ["a", ""])


def test_a_document_that_never_was_is_new() -> None:
    document, renewal = one({}, FolderRecord(ID))
    assert (document.kind, renewal.files) == ("new", {"plan.txt": NEW})
    assert renewal.during.pending == {"plan.txt": pending_checksum(NEW)}
    assert renewal.after == FolderRecord(ID, {"plan.txt": NEW.decode()})


@pytest.mark.parametrize("record", [WRITTEN, FolderRecord(ID)])
def test_a_document_that_is_right_already_is_not_written(record: FolderRecord) -> None:
    document, renewal = one({"plan.txt": NEW}, record)
    assert (document.kind, renewal.files, renewal.during.pending) == ("same", {}, {})
    assert renewal.after == FolderRecord(ID, {"plan.txt": NEW.decode()})


def test_a_document_that_nobody_edited_is_replaced() -> None:
    document, renewal = one({"plan.txt": BASE})
    assert (document.kind, renewal.files) == ("updated", {"plan.txt": NEW})


@pytest.mark.parametrize("editor", EDITORS)
def test_what_only_an_editor_laid_out_anew_is_no_edit(editor: Callable[[bytes], bytes]) -> None:
    document, renewal = one({"plan.txt": editor(BASE)})
    assert document.kind == "updated"
    assert decoded(renewal.files["plan.txt"] or b"").replace("\r\n", "\n") == NEW.decode()


def test_a_section_that_only_she_changed_and_one_that_only_we_changed_are_both_taken() -> None:
    document, renewal = one({"plan.txt": EDITED})
    assert (document.kind, renewal.files) == ("merged", {"plan.txt": MERGED})
    assert renewal.after.written == {"plan.txt": NEW.decode()}
    assert one({"plan.txt": MERGED}, renewal.after)[1].files == {}


def test_one_that_both_changed_stays_as_hers_the_others_are_renewed_and_its_new_text_lies_beside() -> None:
    document, renewal = one({"plan.txt": CLASH})
    assert (document.kind, document.conflicts) == ("kept", ((8, 13),))
    assert renewal.files == {"plan.new.txt": BESIDE}
    assert renewal.after.offered == {"plan.txt": checksum(BESIDE)}


def test_sections_around_one_that_both_changed_are_merged_all_the_same() -> None:
    document, renewal = one({"plan.txt": CLASH}, new=NEW.replace(b"\na\n", b"\nA\n"))
    assert document.kind == "kept"
    assert renewal.files == {"plan.txt": CLASH.replace(b"\na\n", b"\nA\n"), "plan.new.txt": BESIDE}
    assert one({"plan.txt": BOTH})[1].files == {"plan.new.txt": BESIDE}


def test_where_it_is_not_known_what_was_written_each_section_that_differs_stays() -> None:
    document, renewal = one({"plan.txt": EDITED}, FolderRecord(ID))
    assert (document.kind, document.after) == ("kept", EDITED)
    assert renewal.files == {"plan.new.txt": b"One\n---\n\na\n\n" + BESIDE}


def test_sections_of_her_own_stay_where_they_are_and_ones_that_she_removed_stay_away() -> None:
    own = BASE.replace(b"Two\n---", b"Mine\n----\n\nmine\n\nTwo\n---")
    assert one({"plan.txt": own})[1].files == {"plan.txt": NEW.replace(b"Two\n---", b"Mine\n----\n\nmine\n\nTwo\n---")}
    assert one({"plan.txt": TOP + ONE})[1].files == {}
    gone = TOP + b"Mine\n----\n\nmine\n"
    assert one({"plan.txt": BASE + b"\nMine\n----\n\nmine\n"}, new=TOP.rstrip() + b"\n")[1].files == {"plan.txt": gone}


def test_a_section_that_she_removed_stays_away_also_beside_one_that_both_changed() -> None:
    there = CLASH.replace(ONE + b"\n", b"")
    _, renewal = one({"plan.txt": there})
    assert renewal.files == {"plan.new.txt": BESIDE}
    assert one({"plan.txt": there, "plan.new.txt": BESIDE}, renewal.after)[1].files == {}


def test_where_there_is_nothing_to_renew_a_document_stays_as_she_made_it_to_the_last_blank_line() -> None:
    there = EDITED.replace(b"Two\n---\n\n", b"Two\n---\n\n\n") + b"\n\nHers\n----\nmine"
    document, renewal = one({"plan.txt": there}, new=BASE)
    assert (document.kind, document.after, renewal.files) == ("same", there, {})


def test_the_rows_of_a_table_that_she_tore_apart_stay_where_they_are() -> None:
    table = b"\n| mine |\n\n|---|\n| b |\n"
    assert one({"plan.txt": BASE.replace(b"\na\n", table)})[1].files == {"plan.txt": NEW.replace(b"\na\n", table)}


def test_a_comment_of_hers_is_an_edit_like_any_other() -> None:
    comment = b"\na\n<!-- mine -->\n"
    assert one({"plan.txt": BASE.replace(b"\na\n", comment)})[1].files == {"plan.txt": NEW.replace(b"\na\n", comment)}


def test_a_section_that_the_plan_no_longer_has_goes_unless_she_changed_it() -> None:
    assert one({"plan.txt": BASE}, new=TOP + ONE)[1].files == {"plan.txt": TOP + ONE}
    assert one({"plan.txt": CLASH}, new=TOP + ONE)[1].files == {}


@pytest.mark.parametrize("there", [CLASH, EDITED, b"\xff\xfe"])
def test_force_replaces_edits(there: bytes) -> None:
    document, renewal = one({"plan.txt": there}, force=True)
    assert (document.kind, document.before, renewal.files) == ("replaced", there, {"plan.txt": NEW})


def test_force_replaces_nothing_of_which_peerplan_is_the_author() -> None:
    assert one({"plan.txt": BASE}, force=True)[0].kind == "updated"
    assert one({"plan.txt": NEW}, force=True)[0].kind == "same"


def test_a_deleted_document_stays_deleted_until_force() -> None:
    document, renewal = one({})
    assert (document.kind, renewal.files, renewal.after) == ("deleted", {}, WRITTEN)
    document, renewal = one({}, force=True)
    assert (document.kind, renewal.files) == ("new", {"plan.txt": NEW})


def test_a_document_that_the_plan_no_longer_needs_is_removed_unless_it_was_edited() -> None:
    document, renewal = one({"plan.txt": BASE}, new=None)
    assert (document.kind, renewal.files) == ("removed", {"plan.txt": None})
    assert (renewal.during.pending, renewal.after.written) == ({"plan.txt": None}, {})
    document, renewal = one({"plan.txt": EDITED}, new=None)
    assert (document.kind, document.after, renewal.files, renewal.after) == ("left", EDITED, {}, WRITTEN)
    document, renewal = one({}, new=None)
    assert (document.kind, renewal.files, renewal.after.written) == ("deleted", {}, {})


def test_a_document_that_was_left_is_merged_when_it_is_needed_again() -> None:
    _, renewal = one({"plan.txt": EDITED}, new=None)
    assert one({"plan.txt": EDITED}, renewal.after)[1].files == {"plan.txt": MERGED}


# --- a mail, which is made from its letter ---------------------------------------------------------------------------


def mailed(letter: bytes | None, mail: bytes | None, record: FolderRecord) -> Renewal:
    standing = {name: content for name, content in {"a.txt": letter, "a.eml": mail}.items() if content is not None}
    new = {"a.txt": Document(NEW, NEW.decode()), "a.eml": Document(b"mail of " + NEW, made_from=("a.txt",))}
    return renew(new, now(standing, record), lambda: NO_TITLES, lambda _, letters: b"mail of " + letters["a.txt"])


def test_a_mail_is_made_from_the_letter_as_it_stands() -> None:
    record = FolderRecord(ID, {"a.txt": BASE.decode()}, made={"a.eml": checksum(b"mail")})
    assert mailed(EDITED, b"mail", record).files == {"a.txt": MERGED, "a.eml": b"mail of " + MERGED}
    assert mailed(CLASH, b"mail", record).files["a.eml"] == b"mail of " + KEPT


def test_a_mail_that_somebody_changed_is_made_anew_and_kept_as_a_copy() -> None:
    record = FolderRecord(ID, {"a.txt": BASE.decode()}, made={"a.eml": checksum(b"mail")})
    kinds = {one.name: one.kind for one in mailed(BASE, b"changed", record).documents}
    assert kinds == {"a.txt": "updated", "a.eml": "replaced"}


# --- the new text that was offered -----------------------------------------------------------------------------------

OFFERED = one({"plan.txt": CLASH})[1].after
LATER = NEW.replace(b"\na\n", b"\nlater\n")


def test_as_long_as_the_offered_text_lies_there_it_is_said_again_and_nothing_is_written() -> None:
    document, renewal = one({"plan.txt": KEPT, "plan.new.txt": BESIDE}, OFFERED)
    assert (document.kind, renewal.files, renewal.after) == ("kept", {}, OFFERED)


def test_the_sections_around_one_that_stays_are_renewed_all_the_same() -> None:
    _, renewal = one({"plan.txt": KEPT, "plan.new.txt": BESIDE}, OFFERED, LATER)
    assert renewal.files == {"plan.txt": KEPT.replace(b"\na\n", b"\nlater\n")}


def test_an_offered_text_that_nobody_touched_is_replaced_by_a_newer_one() -> None:
    _, renewal = one({"plan.txt": KEPT, "plan.new.txt": BESIDE}, OFFERED, NEW.replace(b"E", b"F"))
    assert renewal.files == {"plan.new.txt": BESIDE.replace(b"E", b"F")}


@pytest.mark.parametrize("there", [KEPT, KEPT.replace(b"mine", b"mine, and E"), NEW])
def test_once_the_offered_text_is_gone_it_counts_as_taken(there: bytes) -> None:
    document, renewal = one({"plan.txt": there}, OFFERED)
    assert (document.kind, renewal.files) == ("same", {})
    assert (renewal.after.offered, renewal.after.taken) == ({}, {})


def test_what_was_taken_is_the_base_for_what_comes_later() -> None:
    assert one({"plan.txt": KEPT}, OFFERED, LATER)[1].files == {"plan.txt": KEPT.replace(b"\na\n", b"\nlater\n")}


@pytest.mark.parametrize("there", [NEW, BASE])
def test_the_offered_text_goes_away_when_nothing_is_kept_any_more(there: bytes) -> None:
    standing = {"plan.txt": there, "plan.new.txt": BESIDE}
    assert one(standing, OFFERED)[1].files.get("plan.new.txt", b"left alone") is None


def test_an_offered_text_that_was_edited_is_not_removed() -> None:
    standing = {"plan.txt": BASE, "plan.new.txt": b"my notes"}
    assert "plan.new.txt" not in one(standing, OFFERED)[1].files


def test_the_offered_text_replaces_nothing_that_a_person_wrote_in_its_place() -> None:
    _, renewal = one({"plan.txt": CLASH, "plan.new.txt": b"my notes"})
    assert renewal.files["plan.new.2.txt"] == BESIDE
    assert "plan.new.txt" not in renewal.files
