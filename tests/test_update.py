"""`peerplan update`, as a person runs it: her edits and ticks live on, and a crash or a second run does no harm."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from time import monotonic

import pytest
from filelock import FileLock

from disks import mounted, write_plainly
from peerplan.answers.draft import Draft
from peerplan.answers.toml import SIZE_LIMIT
from peerplan.commands.init import Initiated, InitRequest, Save, init
from peerplan.commands.update import update
from peerplan.folder.lines import around
from peerplan.folder.record import MEMORY, RECORD, FolderRecord
from peerplan.guide.guide import Guide
from samples import AS_OF, EXAMPLES, guide, killed_after, kit, run, run_process, say

pytestmark = pytest.mark.slow  # whole runs on whole folders

MARK = BOM_UTF8.decode()
EXAMPLE = EXAMPLES / "surgical-ward-en" / "answers.toml"
POSIX = pytest.mark.skipif(os.name == "nt", reason="links and kills of POSIX")
LOCK = f"{MEMORY}/lock"

ROOMS = guide().item("rooms").label
MOVED = ("start = 2027-01-18", "start = 2027-01-25")
NO_CONTACT = ('contact = "yes"', 'contact = "no"')
NOTE = ("## Two rules\n", "## Two rules\n\nLena has the key to room 4.\n")  # touches nothing that moves
CLASH = (
    " Karolinska Institutet start ",
    " Karolinska Institutet (Lena knows them) start ",
)  # on the line with the dates


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "ward-7"
    assert run("init", folder, "--answers", EXAMPLE, "--as-of", str(AS_OF), cwd=folder.parent).returncode == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "ward-7")


def updated(*arguments: str | Path) -> CompletedProcess[str]:
    return run("update", *arguments, "--as-of", str(AS_OF), cwd=Path(arguments[0]).parent)


def change(path: Path, *changes: tuple[str, str]) -> None:
    """Change a file as an editor does that keeps everything else."""
    text = path.read_bytes().decode()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_bytes(text.encode())


def tick(folder: Path, item: str, mark: str = "x") -> None:
    path = folder / "plan.md"
    text, count = re.subn(rf"^- \[.?\](.*<!-- {item} -->)$", rf"- [{mark}]\1", path.read_text(), flags=re.MULTILINE)
    assert count == 1
    path.write_text(text)


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the lock, whose content means nothing."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if name != LOCK}


def documents_of(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in files_of(folder).items() if "/" not in name}


def answer(folder: Path, name: str) -> str:
    found = re.search(rf'^{name} = "(.*)"\r?$', (folder / "answers.toml").read_text(), re.MULTILINE)
    assert found
    return found[1]


def box(folder: Path, item: str) -> str:
    found = re.search(rf"^- \[(.?)\].*<!-- {item} -->$", (folder / "plan.md").read_text(), re.MULTILINE)
    assert found
    return found[1]


# --- what is written -------------------------------------------------------------------------------------------------


@POSIX
def test_that_nobody_reads_on_is_no_fault(folder: Path) -> None:
    command = [sys.executable, "-m", "peerplan", "status", str(folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_folder_of_a_batch_that_lost_its_memory_is_updated(folder: Path) -> None:
    shutil.rmtree(folder / MEMORY)
    change(folder / "answers.toml", ('rooms = "partly"\n', ""))
    tick(folder, "rota")
    assert updated(folder).returncode == 0
    assert answer(folder, "rota") == "yes"


def test_a_tick_that_does_not_count_yet_is_told_in_every_output(folder: Path) -> None:
    change(folder / "answers.toml", NO_CONTACT)
    assert updated(folder).returncode == 0
    tick(folder, "numbers")
    said = "is ticked, but counts only when what it depends on is in place"
    assert said in run("status", folder, "--as-of", str(AS_OF), cwd=folder).stderr
    assert said in json.loads(updated(folder, "--json").stdout)["units"][0]["notices"][0]
    tick(folder, "numbers")
    assert said in updated(folder).stderr


def test_the_next_plan_takes_along_what_lasts_and_asks_anew_for_the_rest(folder: Path) -> None:
    plan = folder / "plan.md"
    plan.write_text(plan.read_text().replace("[ ]", "[x]") + "- [x] Order cakeq\n")
    change(folder / "student-email.txt", ("[fill in: when and how you get it]", "by post on 4 Januaryq"))
    change(folder / "student-email.txt", ("[fill in: where to meet]", "the entranceq"))
    answers = folder / "answers.toml"
    answers.write_text(answers.read_text().replace("[notes]\n", '[notes]\nrota = "Lisq asks"\nplan-b = "a keyq"\n'))
    assert run("update", folder, "--as-of", "2027-03-20", cwd=folder).returncode == 0
    dates = ("--set", "placement.start=2027-08-30", "--set", "placement.end=2027-10-22")
    call = ("init", "next-plan", "--answers", "answers.toml", *dates, "--as-of", "2027-03-20")
    assert call[:4] == tuple(re.findall(r"`peerplan (.*?) --set", plan.read_text())[0].split())
    run_ = run(*call, cwd=folder)
    assert (run_.returncode, "has to be done anew each time counts as not known" in run_.stderr) == (0, True)
    following = folder / "next-plan"
    assert [answer(following, one) for one in ("rooms", "supervisors", "rota", "email-sent")] == [
        *("yes", "yes", "unknown", "unknown")
    ]
    made = (following / "plan.md").read_text() + (following / "student-email.txt").read_text()
    assert all(one in made for one in ("- [ ] Order cakeq", "a keyq", "the entranceq"))
    assert not any(one in made for one in ("Lisq", "4 Januaryq"))
    assert "\u2013 late" not in (following / "plan.md").read_text()


def test_a_day_that_was_changed_in_the_table_of_days_is_the_items(folder: Path) -> None:
    (row,) = re.findall(
        r"^\| 2\S+ \| The letter has gone out \|$", (folder / "plan.md").read_text(), flags=re.MULTILINE
    )
    change(folder / "plan.md", (row, row.replace(row.split()[1], "2027-01-07")))
    assert updated(folder).returncode == 0
    assert "[due]\nemail-sent = 2027-01-07" in (folder / "answers.toml").read_text()
    plan = (folder / "plan.md").read_text()
    assert "| 2027-01-07 | The letter has gone out |" in plan
    assert re.search(r"\*\*2027-01-07\*\* .*<!-- email-sent -->", plan)


def test_what_is_written_behind_a_row_of_the_table_of_days_is_a_note_on_the_item(folder: Path) -> None:
    change(folder / "plan.md", ("The letter has gone out |", "The letter has gone out, Eva sends itq |"))
    for _ in range(2):
        assert updated(folder).returncode == 0
        assert (folder / "answers.toml").read_text().count("Eva sends itq") == 1
        plan = (folder / "plan.md").read_text()
        assert "The letter has gone out |" in plan
        assert re.search(r"<!-- email-sent -->\n  - Eva sends itq\n", plan)


def test_an_item_added_to_a_numbered_list_keeps_the_numbers_that_she_gave(folder: Path) -> None:
    letter = folder / "supervisors-email.txt"
    numbered = re.findall(r"^\d\. .*$", letter.read_text(), flags=re.MULTILINE)
    hers = [numbered[0], "2. Is there time for lunchq?", *(f"{n}. {one[3:]}" for n, one in enumerate(numbered[1:], 3))]
    change(letter, ("\n".join(numbered), "\n".join(hers)))
    assert updated(folder).returncode == 0
    assert "\n".join(hers) in letter.read_text()


def test_the_terminal_tells_the_ways_out_and_the_next_time_to_look_back(folder: Path) -> None:
    short, under_way = (
        run("status", folder, "--as-of", day, cwd=folder).stdout for day in ("2027-01-16", "2027-02-01")
    )
    assert "move the start to" in short
    assert "2027-02-12: Midway" in under_way


def test_what_stands_after_a_title_is_found_where_folding_changed_its_length() -> None:
    before, after = around("2027-01-15 STRAßE ORDNEN (Eva)", "2027-01-15 strasse ordnen (eva)", "strasse ordnen")
    assert (before, after) == ("2027-01-15", " (Eva)")


def test_two_different_things_for_one_blank_are_both_left_and_said(folder: Path) -> None:
    change(folder / "how-to.md", ("Decision: [fill in: what the manager decided]", "Decision: an hourq"))
    change(folder / "manager.md", ("Your answer: [fill in: what the manager decided]", "Your answer: two hoursq"))
    for _time in range(2):
        run_ = updated(folder)
        assert (run_.returncode, run_.stderr.count("two different things stand in the place of")) == (0, 2)
        assert "Decision: an hourq" in (folder / "how-to.md").read_text()
        assert "Your answer: two hoursq" in (folder / "manager.md").read_text()
    assert "hoursq" not in (folder / "answers.toml").read_text()


@pytest.mark.parametrize(
    "said",
    [
        "Decision: [fill in: what the manager decided]\n   I have asked Leq",
        "Decision:\n   - perhaps in Mayq",
        "Decision:",
    ],
)
def test_words_beside_a_blank_are_an_edit_and_no_answer(folder: Path, said: str) -> None:
    change(folder / "how-to.md", ("Decision: [fill in: what the manager decided]", said))
    assert updated(folder).returncode == 0
    assert said in (folder / "how-to.md").read_text()
    assert "[filled]" not in (folder / "answers.toml").read_text()


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2003"])
def test_another_kind_of_blanks_fills_nothing_in_and_is_no_edit(folder: Path, blank: str) -> None:
    before = documents_of(folder)
    letter = folder / "student-email.txt"
    letter.write_text(letter.read_text().replace(" ", blank))
    roster = folder.parent / "course.csv"
    roster.write_text("E-mail\nasa@ki.example\n")
    drafted = run("emails", folder, roster, "--as-of", str(AS_OF), cwd=folder.parent)
    assert "Still to be filled in" in drafted.stdout
    assert updated(folder).returncode == 0
    assert documents_of(folder) == before


@pytest.mark.parametrize("said", ["[fill in] two hours", "(fill in: two hours)", "[fyll i:] two hours", "[two hours]"])
def test_what_is_left_of_a_blank_is_no_part_of_the_answer(folder: Path, said: str) -> None:
    change(folder / "how-to.md", ("Decision: [fill in: what the manager decided]", f"Decision: {said}"))
    assert updated(folder).returncode == 0
    assert "Your answer: two hours\n" in (folder / "manager.md").read_text()


def test_what_was_filled_in_keeps_its_dashes(folder: Path) -> None:
    change(folder / "how-to.md", ("Decision: [fill in: what the manager decided]", "Decision: Mondays 13\u201314"))
    assert updated(folder).returncode == 0
    assert "Your answer: Mondays 13\u201314" in (folder / "manager.md").read_text()


def test_lines_under_a_heading_of_her_own_stay_there_and_are_there_once(folder: Path) -> None:
    change(
        folder / "plan.md", ("## Checklist\n", "## Checklist\n\n### Anna\n\n- [ ] Order name tagsq\n- Talk to Leq\n")
    )
    assert updated(folder).returncode == 0
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 0
    plan = (folder / "plan.md").read_text()
    assert "### Anna\n\n- [ ] Order name tagsq\n- Talk to Leq\n" in plan
    assert (plan.count("tagsq"), plan.count("Leq")) == (1, 1)


def test_a_line_of_the_checklist_that_was_moved_under_an_own_heading_is_there_once(folder: Path) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    change(
        folder / "plan.md",
        (f"{line}\n", ""),
        ("## Checklist\n", f"## Checklist\n\n### Week 3\n\nWith Leq.\n\n{line}\n"),
    )
    assert updated(folder).returncode == 0
    plan = (folder / "plan.md").read_text()
    assert "### Week 3\n\nWith Leq.\n" in plan
    assert plan.count("<!-- rooms -->") == 1


def test_a_line_in_other_words_is_no_conflict_when_it_is_late_or_done(folder: Path) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    change(folder / "plan.md", (line, "- [ ] Ask Leq about the two of them <!-- rooms -->"))
    for day in ("2027-01-10", "2027-01-11"):
        assert run("update", folder, "--as-of", day, cwd=folder).returncode == 0
        assert "Ask Leq about the two of them" in (folder / "plan.md").read_text()
    tick(folder, "rooms")
    assert run("update", folder, "--as-of", "2027-01-11", cwd=folder).returncode == 0
    plan = (folder / "plan.md").read_text()
    assert (plan.count("Leq"), plan.count("<!-- rooms -->")) == (1, 1)


def test_a_line_added_below_a_blank_that_was_filled_in_there_or_elsewhere_is_no_conflict(folder: Path) -> None:
    blank = "Decision: [fill in: what the manager decided]"
    change(folder / "how-to.md", (f"3. {blank}\n", f"3. {blank}\n4. Thank themq\n"))
    change(
        folder / "manager.md", ("Your answer: [fill in: what the manager decided]", "Your answer: two hoursq\n\nLisq")
    )
    assert updated(folder).returncode == 0
    assert "3. Decision: two hoursq\n4. Thank themq\n" in (folder / "how-to.md").read_text()
    assert "Your answer: two hoursq\n\nLisq" in (folder / "manager.md").read_text()


def test_what_is_filled_in_stands_also_in_lines_that_were_moved_under_another_heading(folder: Path) -> None:
    change(folder / "student-email.txt", ("Questions, illness and things you need\n-------", "See also: "))
    change(folder / "student-email.txt", ("\n\nKarin Example,", "\n\nEvaq Example,"))
    assert updated(folder).returncode == 0
    assert "- Questions: Evaq Example" in (folder / "student-email.txt").read_text()
    before = files_of(folder)
    assert updated(folder).returncode == 0
    assert files_of(folder) == before


def test_what_was_filled_in_can_be_changed_where_it_is_kept_once_nothing_asks_for_it(folder: Path) -> None:
    change(folder / "how-to.md", ("Answer: [fill in: what they said, even if it is a no]", "Answer: they are gladq"))
    assert updated(folder).returncode == 0
    tick(folder, "endorsement")
    assert updated(folder).returncode == 0
    line = "- **What they said, even if it is a no:** they are"
    change(folder / "plan.md", (f"{line} gladq\n", f"{line} sorryq\n- a line belowq\n"))
    assert updated(folder).returncode == 0
    assert 'institution-answer = "they are sorryq"' in (folder / "answers.toml").read_text()
    plan = (folder / "plan.md").read_text()
    assert f"{line} sorryq\n- a line belowq\n" in plan


def test_with_nothing_changed_nothing_is_written_and_that_is_said(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"}
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert "nothing has changed; nothing was written" in run_.stdout
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"} == before


@pytest.mark.parametrize(
    "changes",
    [[('rooms = "partly"', 'rooms = "yes"')], [MOVED, NO_CONTACT], [('language = "en"', 'language = "sv"')]],
)
def test_where_nobody_edited_an_update_ends_as_a_new_plan_with_the_same_answers(
    folder: Path, changes: list[tuple[str, str]]
) -> None:
    change(folder / "answers.toml", *changes)
    fresh = folder.parent / "fresh"
    assert updated(folder).returncode == 0
    made = run("init", fresh, "--answers", folder / "answers.toml", "--as-of", str(AS_OF), cwd=folder)
    assert made.returncode == 0, made.stderr
    mine, theirs = ({**documents_of(one)} for one in (folder, fresh))
    calendars = [re.sub(rb"UID:.*", b"", one.pop("plan.ics")) for one in (mine, theirs)]
    assert mine == theirs
    assert calendars[0] == calendars[1]


def test_the_day_it_is_judged_by_changes_what_is_late_and_the_same_day_gives_the_same_files(folder: Path) -> None:
    before = documents_of(folder)
    first = run("update", folder, "--as-of", "2027-01-17", cwd=folder)
    assert re.search(r"of which late: 1\d\.", first.stdout)
    assert documents_of(folder)["plan.md"] != before["plan.md"]
    assert re.search(r"of which late: \d\.", updated(folder).stdout)
    assert documents_of(folder) == before


def test_an_edit_is_kept_when_the_date_moves(folder: Path) -> None:
    change(folder / "plan.md", NOTE)
    change(folder / "answers.toml", MOVED)
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert "plan.md: updated; your own changes are kept" in run_.stdout
    text = (folder / "plan.md").read_text()
    assert NOTE[1] in text
    assert "On **Monday 25 January 2027**" in text
    assert "On **Monday 18 January 2027**" not in text


def test_an_edit_alone_is_nothing_to_write_but_the_page_and_that_is_said(folder: Path) -> None:
    change(folder / "plan.md", NOTE)
    assert updated(folder).stdout.startswith("plan.html: updated\nWard 7")
    before = files_of(folder)
    assert "nothing has changed; nothing was written" in updated(folder).stdout
    assert files_of(folder) == before


@pytest.mark.criterion(23)
@pytest.mark.parametrize(("newline", "mark"), [("\r\n", ""), ("\n", MARK), ("\r\n", MARK)])
def test_another_editors_line_ends_and_mark_are_no_edit_and_stay(folder: Path, newline: str, mark: str) -> None:
    def saved(text: str) -> bytes:
        return (mark + text.replace("\n", newline)).encode()

    text = (folder / "plan.md").read_text()
    (folder / "plan.md").write_bytes(saved(text))
    assert updated(folder).returncode == 0
    assert (folder / "plan.md").read_bytes() == saved(text)
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 0
    content = (folder / "plan.md").read_bytes()
    assert content == saved(content.decode().removeprefix(MARK).replace("\r\n", "\n"))
    assert b"25 January 2027" in content


@pytest.mark.parametrize(
    ("name", "content"), [("plan.md", b""), ("how-to.md", b"\0" * 900), ("student-email.txt", b" \n\n")]
)
def test_a_document_of_which_a_crash_or_a_full_disk_left_nothing_is_written_again(
    folder: Path, name: str, content: bytes
) -> None:
    before = documents_of(folder)
    (folder / name).write_bytes(content)
    done = updated(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert documents_of(folder) == before


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("plan.md", "Word", b"PK\x03\x04\x14\0\x06\0\x08\0"),
        ("student-email.txt", "HTML", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>"),
        ("answers.toml", "RTF", b"{\\rtf1\\ansi\\ansicpg1252\n"),
    ],
)
def test_what_was_saved_as_something_else_than_text_stays_as_it_is_and_is_told(
    folder: Path, name: str, kind: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    before = files_of(folder)
    done = updated(folder)
    assert done.returncode == 3
    assert done.stderr == f"{folder / name}: {say('en', 'no-plain-text', kind=kind)}\n"
    assert files_of(folder) == before


@pytest.mark.parametrize("name", ["plan.md", "student-email.txt", "answers.toml"])
def test_two_versions_that_wait_for_a_choice_are_told_and_nothing_is_read(folder: Path, name: str) -> None:
    path = folder / name
    first, line, *rest = path.read_text().splitlines()
    path.write_text("\n".join([first, "<<<<<<< HEAD", line, "=======", f"{line} too", ">>>>>>> karin", *rest]))
    before = files_of(folder)
    done = updated(folder)
    assert done.returncode == 3
    assert done.stderr == f"{path}:2: {say('en', 'two-versions', last=6)}\n"
    assert files_of(folder) == before


@pytest.mark.parametrize(
    ("copy", "name"),
    [
        ("plan-KARINS-DATOR.md", "plan.md"),
        ("plan (1).md", "plan.md"),
        ("plan (Karins kopia i konflikt 2026-11-24).md", "plan.md"),
        ("plan.sync-conflict-20261124-101010-ABCDEFG.md", "plan.md"),
        ("answers-KARINS-DATOR.toml", "answers.toml"),
        ("plan.md.txt", "plan.md"),
        ("student-email_conflict.txt", "student-email.txt"),
    ],
)
def test_a_copy_that_a_program_for_syncing_made_is_told_in_update_and_status_and_not_read(
    folder: Path, copy: str, name: str
) -> None:
    (folder / copy).write_bytes((folder / name).read_bytes() + b"- [x] Order cake")
    before = files_of(folder)
    for done in (updated(folder), run("status", folder, "--as-of", str(AS_OF), cwd=folder.parent)):
        assert done.returncode == 0
        assert f"{folder / copy}: {say('en', 'copy-unread', name=name)}" in done.stdout + done.stderr
    assert files_of(folder) == before


@pytest.mark.parametrize("name", ["planning.md", "plan-b.md", "plan.new.md", "plan.md.bak", "my plan (1).md"])
def test_what_is_no_copy_is_not_told(folder: Path, name: str) -> None:
    (folder / name).write_text("Mine.")
    assert updated(folder).stderr == ""


def test_the_lines_of_a_part_that_is_gone_stand_there_again_as_is_told(folder: Path) -> None:
    path = folder / "plan.md"
    text = path.read_text()
    cut = text.index("- [ ]", text.index("### Coordinator"))
    path.write_text(text[:cut])
    done = updated(folder)
    assert "Removed from the checklist; they stand there again" in done.stdout
    assert path.read_text() == text


def test_a_file_of_a_plan_folder_stands_for_it(folder: Path) -> None:
    assert updated(folder / "plan.md").stdout == updated(folder).stdout
    (folder.parent / "units.csv").write_text("")
    assert updated(folder.parent / "units.csv").returncode == 3


@pytest.mark.criterion(22)
def test_where_both_changed_a_line_hers_stays_and_the_new_text_is_beside_it(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    hers = (folder / "plan.md").read_bytes()
    run_ = updated(folder)
    assert run_.returncode == 4
    assert re.fullmatch(
        r".*plan\.md:1: both you and peerplan have changed .*lines: 1.5.*plan\.new\.md.*\n", run_.stderr
    )
    assert CLASH[1] in (folder / "plan.md").read_text()
    assert "| 2027-01-25 | First day |" in (folder / "plan.md").read_text()  # the other sections are renewed
    assert hers != (folder / "plan.md").read_bytes()
    assert b"25 January 2027" in (folder / "plan.new.md").read_bytes()
    assert b"25 January 2027" in (folder / "student-email.txt").read_bytes()
    before = files_of(folder)
    assert updated(folder).returncode == 4  # until she has decided
    assert files_of(folder) == before


def test_rows_of_the_table_of_days_that_were_copied_to_a_section_that_is_kept_stay_there(tmp_path: Path) -> None:
    answers = EXAMPLE.parents[1] / "dental-clinic-sv" / "answers.toml"
    assert run("init", "ward", "--answers", answers, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    plan = tmp_path / "ward" / "plan.md"
    rows = re.findall(r"^\| 2.*\n", plan.read_text(encoding="utf-8"), flags=re.MULTILINE)[:5]
    change(plan, ("med under tiden.\n\n", f"med under tiden.\n\n{''.join(rows)}"))
    for _ in range(2):
        assert run("update", "ward", "--as-of", "2026-12-14", cwd=tmp_path).returncode == 4
        assert "".join(rows) in plan.read_text(encoding="utf-8")


def test_once_the_new_text_is_gone_it_is_asked_no_more(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 4
    (folder / "plan.new.md").unlink()
    hers = (folder / "plan.md").read_bytes()
    run_ = updated(folder)
    assert run_.returncode == 0
    assert "both you and peerplan" not in run_.stderr
    assert (folder / "plan.md").read_bytes() == hers
    assert not (folder / "plan.new.md").exists()


@pytest.mark.parametrize(
    ("name", "hers", "day"),
    [
        ("plan.md", ("**Monday 18 January 2027**", "**Monday 25 January 2027**"), "18 January 2027"),
        ("plan.md", ("| 2027-01-18 | First day |", "| 2027-01-25 | First day |"), "2027-01-18"),
        ("student-email.txt", ("On 18 January 2027 you", "Next Monday you"), "18 January 2027"),
    ],
)
def test_a_text_that_goes_out_with_another_first_day_is_told_each_time(
    folder: Path, name: str, hers: tuple[str, str], day: str
) -> None:
    change(folder / name, hers)
    for _ in range(2):
        run_ = updated(folder)
        assert run_.returncode == 0
        assert run_.stderr.startswith(f"{folder / name}: does not name the first day, {day}: ")
        assert run_.stderr.count("\n") == 1


def test_a_letter_with_blanks_is_told_once_all_is_said_to_be_in_place(folder: Path) -> None:
    plan, letter = folder / "plan.md", folder / "student-email.txt"
    plan.write_text(plan.read_text().replace("[ ]", "[x]"))
    for name in ("student-reminder.txt", "supervisors-email.txt"):
        (folder / name).write_text(re.sub(r"\[fill in:[^\]]*\]", "it is here", (folder / name).read_text()))
    run_ = updated(folder)
    assert re.fullmatch(rf"{letter}: everything is in place, but blanks are left to fill in here: \d\n", run_.stderr)
    letter.write_text(re.sub(r"\[fill in:[^\]]*\]", "it is here", letter.read_text()))
    assert updated(folder).stderr == ""


def test_a_letter_that_stayed_as_it_was_when_the_day_moved_is_told_also_when_its_new_text_is_gone(folder: Path) -> None:
    change(folder / "student-email.txt", ("You are very welcome.", "We are glad that you come!"))
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 4
    (folder / "student-email.new.txt").unlink()
    assert "student-email.txt: does not name the first day, 25 January 2027" in updated(folder).stderr
    change(folder / "student-email.txt", ("18 January 2027 you", "25\u00a0January 2027 you"))
    assert updated(folder).stderr == ""


def test_what_she_put_together_from_both_texts_lives_on(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 4
    change(folder / "plan.md", ("On **Monday 18 January 2027**", "On **Monday 25 January 2027**"))
    (folder / "plan.new.md").unlink()
    change(folder / "answers.toml", ('rooms = "partly"', 'rooms = "yes"'))
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert CLASH[1] in (folder / "plan.md").read_text()
    assert "25 January 2027" in (folder / "plan.md").read_text()
    assert box(folder, "rooms") == "x"


def test_status_says_what_waits_until_it_is_gone(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    assert updated(folder).returncode == 4
    said = run("status", folder, "--as-of", str(AS_OF), cwd=folder)
    assert f"{folder / 'plan.new.md'}: the new text of a section of plan.md waits here" in said.stderr
    (folder / "plan.new.md").unlink()
    assert run("status", folder, "--as-of", str(AS_OF), cwd=folder).stderr == ""


@pytest.mark.criterion(27)
def test_a_dry_run_shows_the_difference_and_writes_nothing(folder: Path) -> None:
    change(folder / "plan.md", NOTE)
    change(folder / "answers.toml", MOVED)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run_ = updated(folder, "--dry-run")
    assert run_.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    lines = run_.stdout.splitlines()
    assert any(line.startswith("-On **Monday 18 January 2027**") for line in lines)
    assert any(line.startswith("+On **Monday 25 January 2027**") for line in lines)
    assert not any(line.startswith(("+Lena has", "-Lena has")) for line in lines)
    assert "Nothing was written, because of --dry-run." in lines


@pytest.mark.criterion(27)
def test_a_dry_run_of_a_conflict_has_the_same_exit_code(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    before = files_of(folder)
    run_ = updated(folder, "--dry-run")
    assert run_.returncode == 4
    assert "+On **Monday 25 January 2027**" in run_.stdout
    assert files_of(folder) == before


def test_what_is_written_in_a_word_file_is_told_as_unread_and_an_export_as_it_was_made_is_not(folder: Path) -> None:
    assert run("export", folder, "--to", "docx", cwd=folder).returncode == 0
    assert "plan.docx" not in updated(folder).stderr
    with (folder / "plan.docx").open("ab") as file:
        file.write(b"\0")
    told = updated(folder)
    assert (told.returncode, told.stderr.count("plan.docx: what is written in it is not read")) == (0, 1)


@pytest.mark.criterion(22)
def test_force_replaces_an_edited_file_and_keeps_a_copy_each_time(folder: Path) -> None:
    for edit, backup in (("mine", "plan.md.bak"), ("mine again", "plan.md.2.bak")):
        change(folder / "plan.md", ("## Two rules\n", f"## Two rules\n\n{edit}\n"))
        hers = (folder / "plan.md").read_bytes()
        run_ = updated(folder, "--force")
        assert (run_.returncode, run_.stderr) == (0, "")
        assert "plan.md: replaced; yours is kept" in run_.stdout
        assert (folder / backup).read_bytes() == hers
        assert f"\n{edit}\n" not in (folder / "plan.md").read_text()


def test_the_name_of_the_copy_is_told(folder: Path) -> None:
    (folder / "plan.md.bak").touch()
    change(folder / "plan.md", NOTE)
    assert "plan.md.2.bak" in updated(folder, "--force").stdout


def test_a_deleted_file_stays_deleted_until_asked_for(folder: Path) -> None:
    (folder / "workplace-meeting.md").unlink()
    change(folder / "answers.toml", MOVED)
    run_ = updated(folder)
    assert run_.returncode == 0
    assert "workplace-meeting.md: you deleted it" in run_.stdout
    assert not (folder / "workplace-meeting.md").exists()
    assert "workplace-meeting.md: new" in updated(folder, "--force").stdout
    assert b"25 January 2027" in (folder / "workplace-meeting.md").read_bytes()


def test_a_file_the_plan_no_longer_needs_goes_unless_it_was_edited(folder: Path) -> None:
    change(folder / "answers.toml", NO_CONTACT)
    assert "institution-email.txt: new" in updated(folder).stdout
    change(folder / "institution-email.txt", ("Subject: ", "Subject: (asked Lena) "))
    change(folder / "answers.toml", NO_CONTACT[::-1])
    assert "institution-email.txt: no longer needed, but you have changed it" in updated(folder).stdout
    assert "(asked Lena)" in (folder / "institution-email.txt").read_text()
    assert not (folder / "institution-email.eml").exists()


def test_a_folder_that_lost_its_memory_keeps_every_file_that_differs(folder: Path) -> None:
    shutil.rmtree(folder / MEMORY)
    change(folder / "plan.md", NOTE)
    hers = (folder / "plan.md").read_bytes()
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr.count("\n")) == (4, 1)
    assert (folder / "plan.md").read_bytes() == hers
    assert {path.name for path in folder.glob("*.new.*")} == {"plan.new.md"}


# --- ticks -----------------------------------------------------------------------------------------------------------


def test_a_tick_becomes_an_answer_and_is_reported_and_the_rest_of_the_answers_stays(folder: Path) -> None:
    change(folder / "answers.toml", ('rooms = "partly"', '# Lena knows more\nrooms = "partly"   # since May'))
    before = (folder / "answers.toml").read_text()
    tick(folder, "rooms")
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert f"Read from the checklist: {ROOMS}: yes" in run_.stdout
    assert (folder / "answers.toml").read_text() == before.replace('rooms = "partly"', 'rooms = "yes"')
    assert box(folder, "rooms") == "x"
    assert "nothing has changed" in updated(folder).stdout


def test_a_tick_is_told_in_the_plans_language(folder: Path) -> None:
    change(folder / "answers.toml", ('language = "en"', 'language = "sv"'))
    updated(folder)
    tick(folder, "rooms")
    assert f"{guide('sv').item('rooms').label}: ja\n" in updated(folder).stdout


def test_unticking_makes_it_partly_and_a_decision_undecided(folder: Path) -> None:
    tick(folder, "shared-shifts", " ")
    tick(folder, "decision", " ")
    run_ = updated(folder)
    assert (answer(folder, "shared-shifts"), answer(folder, "decision")) == ("partly", "undecided")
    assert run_.stdout.count("Read from the checklist") == 2
    assert (box(folder, "shared-shifts"), box(folder, "decision")) == (" ", " ")


@pytest.mark.parametrize("mark", ["", MARK])
def test_answers_with_windows_line_ends_keep_them(folder: Path, mark: str) -> None:
    path = folder / "answers.toml"
    before = (mark + path.read_text().replace("\n", "\r\n")).encode()
    path.write_bytes(before)
    tick(folder, "rooms")
    assert updated(folder).returncode == 0
    assert path.read_bytes() == before.replace(b'rooms = "partly"', b'rooms = "yes"')


def test_a_tick_in_a_plan_that_had_to_be_kept_is_read_once_and_unticking_is_seen(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    change(folder / "answers.toml", MOVED)
    tick(folder, "rooms")
    assert updated(folder).returncode == 4
    assert answer(folder, "rooms") == "yes"
    change(folder / "answers.toml", ('rooms = "yes"', 'rooms = "no"'))
    assert "Read from the checklist" not in updated(folder).stdout
    assert answer(folder, "rooms") == "no"
    change(folder / "answers.toml", ('rooms = "no"', 'rooms = "yes"'))
    assert updated(folder).returncode == 4
    tick(folder, "rooms", " ")
    assert f"{ROOMS}: partly" in updated(folder).stdout


@pytest.mark.parametrize("mark", ["/", "?"])
def test_what_could_not_be_read_in_the_checklist_stays_and_is_said_in_every_output(folder: Path, mark: str) -> None:
    tick(folder, "rota", mark)
    hers = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rota -->" in line)
    change(folder / "answers.toml", MOVED)
    said = "supervisors and stand-ins on the rota' is neither [ ] nor [x]"
    run_ = updated(folder)
    assert (run_.returncode, said in run_.stderr) == (0, True)
    assert hers in (folder / "plan.md").read_text().splitlines()
    assert said in json.loads(updated(folder, "--json").stdout)["units"][0]["notices"][0]
    assert said in run("status", folder, "--as-of", str(AS_OF), cwd=folder).stderr
    assert answer(folder, "rota") == "no"


def test_a_line_that_is_gone_is_told_and_its_answer_stays(folder: Path) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    change(folder / "plan.md", (f"{line}\n", ""))
    assert f"for their answers are the same: {ROOMS}" in updated(folder).stdout
    assert answer(folder, "rooms") == "partly"
    assert line in (folder / "plan.md").read_text()


def test_a_tick_that_another_answer_overrides_is_not_dropped_in_silence(folder: Path) -> None:
    change(folder / "answers.toml", NO_CONTACT)
    assert updated(folder).returncode == 0
    tick(folder, "objectives")
    run_ = updated(folder)
    assert box(folder, "objectives") == "x" or "objectives" in run_.stdout + run_.stderr


def test_two_copies_of_a_line_that_disagree_stay_and_are_told(folder: Path) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    ticked = line.replace("[ ]", "[x]")
    change(folder / "plan.md", (line, f"{line}\n{ticked}"))
    change(folder / "answers.toml", ("participants = 4", "participants = 6"))
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr.count("stands there twice and says two things")) == (0, 2)
    assert f"{line}\n{ticked}\n" in (folder / "plan.md").read_text()
    assert answer(folder, "rooms") == "partly"


@pytest.mark.parametrize("place", ["beside it", "under a heading of her own", "in a section that is kept", "above"])
def test_two_copies_that_disagree_stay_two_however_often_it_is_updated(folder: Path, place: str) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    ticked = line.replace("[ ]", "[x]")
    places = {
        "beside it": (line, f"{line}\n{ticked}"),
        "under a heading of her own": ("## Two rules\n", f"## My week\n\n{ticked}\n\n## Two rules\n"),
        "in a section that is kept": ("## Do this next\n", f"## Do this next\n\nAll other things first.\n\n{ticked}\n"),
        "above": ("## Contacts\n", f"{ticked}\n\n## Contacts\n"),
    }
    change(folder / "plan.md", places[place], CLASH)
    change(folder / "answers.toml", ("participants = 4", "participants = 6"))
    assert updated(folder).returncode == 4
    before = files_of(folder)
    copies = [one for one in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in one]
    assert sorted(copies) == sorted([line, ticked])
    for _ in range(2):
        assert updated(folder).returncode == 4
        assert files_of(folder) == before


def test_a_line_that_cannot_be_read_stays_one_however_often_it_is_updated(folder: Path) -> None:
    lines = (folder / "plan.md").read_text().splitlines()
    line, clear = (next(line for line in lines if f"<!-- {one} -->" in line) for one in ("rooms", "rota"))
    unclear = line.replace("[ ]", "[ ")
    above = ("\n## The basis", f"\n{clear}\n{unclear}\n\n## The basis")
    change(folder / "plan.md", (f"{line}\n", ""), (f"{clear}\n", ""), above, CLASH)
    assert_it_comes_to_rest(folder, [unclear])


@pytest.mark.parametrize("own", ["", "- [ ] Order cake\n"])
def test_a_note_under_a_line_that_cannot_be_read_stays_that_lines(folder: Path, own: str) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rooms -->" in line)
    unclear = line.replace("[ ]", "[ ")
    change(folder / "plan.md", (line, f"{own}{unclear}\n  - Ask Lena."))
    notes = tomllib.loads((folder / "answers.toml").read_text())["notes"]
    for _ in range(2):
        assert updated(folder).returncode == 0
        answers = tomllib.loads((folder / "answers.toml").read_text())
        assert answers["notes"] == {**notes, "rooms": f"Ask Lena.\n{notes['rooms']}"}
        assert [one["title"] for one in answers.get("own", [])] == (["Order cake"] if own else [])
        assert f"{unclear}\n  - Ask Lena.\n" in (folder / "plan.md").read_text()


def test_a_note_in_a_line_that_stands_twice_is_taken_once(folder: Path) -> None:
    line = next(line for line in (folder / "plan.md").read_text().splitlines() if "<!-- rota -->" in line)
    noted = line.replace(" <!--", ": Eva draws it up <!--").replace("[ ]", "[x]")
    change(folder / "plan.md", (line, f"{line}\n{noted}"), CLASH)
    assert_it_comes_to_rest(folder, [line, noted])
    assert tomllib.loads((folder / "answers.toml").read_text())["notes"]["rota"] == "Eva draws it up"


def assert_it_comes_to_rest(folder: Path, lines: list[str]) -> None:
    change(folder / "answers.toml", ("participants = 4", "participants = 6"))
    assert updated(folder).returncode == 4
    updated(folder)
    before = files_of(folder)
    for one in lines:
        assert (folder / "plan.md").read_text().count(f"{one}\n") == 1
    assert updated(folder).returncode == 4
    assert files_of(folder) == before


def test_a_folder_that_lost_its_memory_loses_no_tick(folder: Path) -> None:
    tick(folder, "rooms")
    shutil.rmtree(folder / MEMORY)
    for change_ in (None, ("participants = 4", "participants = 6")):
        if change_:
            change(folder / "answers.toml", change_)
        updated(folder)
        assert answer(folder, "rooms") == "yes"
        assert box(folder, "rooms") == "x"


@pytest.mark.criterion(10)
@pytest.mark.parametrize("name", ["plan.md", "student-email.txt", "plan.html", RECORD])
def test_a_file_that_is_far_too_large_is_told_and_not_read(folder: Path, name: str) -> None:
    os.truncate(folder / name, 100_000_000_000)
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr.count("\n")) == (3, 1)
    assert f"{name}: the file is larger than" in run_.stderr


def test_answers_that_would_not_be_read_again_are_not_written(folder: Path) -> None:
    path = folder / "answers.toml"
    path.write_bytes(path.read_bytes() + b"#" * (SIZE_LIMIT - 20 - path.stat().st_size) + b"\n")
    assert updated(folder).returncode == 0
    change(folder / "plan.md", ("<!-- rota -->", "<!-- rota -->\n  - Eva has drawn up the rota until March."))
    before = files_of(folder)
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr.count("answers.toml: the answers would take more than")) == (3, 1)
    assert files_of(folder) == before
    made = run(
        "init",
        "other",
        "--answers",
        path,
        "--set",
        "notes.rota=Eva has drawn up the rota.",
        "--as-of",
        AS_OF,
        cwd=folder.parent,
    )
    assert (made.returncode, (folder.parent / "other").exists()) == (3, False)


# --- init on a plan that is there ------------------------------------------------------------------------------------


def test_init_keeps_edits_and_reads_ticks_too(folder: Path) -> None:
    change(folder / "plan.md", NOTE)
    tick(folder, "rooms")
    arguments = ("--set", "placement.start=2027-01-25", "--as-of", str(AS_OF))
    run_ = run("init", folder, *arguments, cwd=folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert answer(folder, "rooms") == "yes"
    text = (folder / "plan.md").read_text()
    assert NOTE[1] in text
    assert "25 January 2027" in text


def test_init_keeps_an_edited_file_that_cannot_be_merged(folder: Path) -> None:
    change(folder / "plan.md", CLASH)
    hers = (folder / "plan.md").read_bytes()
    run_ = run("init", folder, "--set", "placement.start=2027-01-25", "--as-of", str(AS_OF), cwd=folder)
    assert run_.returncode == 4
    assert (folder / "plan.md").read_bytes().startswith(hers[: hers.index(b"## ")])
    assert (folder / "plan.new.md").exists()


def interviewed(folder: Path, answers: Draft, meanwhile: Callable[[], object] = lambda: None) -> Initiated:
    """Go on with a plan in an interview that changes some answers, while something else happens in the folder."""

    def interview(draft: Draft, _guide: Guide, save: Save | None, _earliest: date | None) -> Draft:
        assert save
        save({**draft, **answers})
        meanwhile()
        return {**draft, **answers}

    return init(
        InitRequest(
            folder=folder,
            answers=None,
            settings=[],
            language=None,
            system_language="en",
            as_of=AS_OF,
            no_input=False,
            dry_run=False,
            force=False,
            plain=False,
            interview=interview,
        ),
        kit(),
    )


def test_what_is_written_into_the_documents_during_an_interview_is_kept(folder: Path) -> None:
    def edit() -> None:
        text = (folder / "plan.md").read_text(encoding="utf-8")
        ticked = re.sub(r"- \[ \] (.*<!-- (?:rooms|managers) -->)", r"- [x] \1", text)
        assert ticked.count("[x]") == text.count("[x]") + 2
        (folder / "plan.md").write_text(f"{ticked}\nCall Bo.\n", encoding="utf-8")
        change(folder / "student-email.txt", ("Hello", "Hello there"))

    made = interviewed(folder, {"placement.participants": 6, "support.managers": "no"}, edit)
    assert (made.failure, made.files.state and len(made.files.state.ticks)) == (None, 2)
    answers = tomllib.loads((folder / "answers.toml").read_text(encoding="utf-8"))
    assert answers["placement"]["participants"] == 6
    assert (answers["environment"]["rooms"], answers["support"]["managers"]) == ("yes", "no")
    assert "Call Bo." in (folder / "plan.md").read_text(encoding="utf-8")
    assert "Hello there" in (folder / "student-email.txt").read_text(encoding="utf-8")


@POSIX
def test_answers_that_are_a_link_stay_one_when_an_interview_saves(folder: Path) -> None:
    (folder / "answers.toml").rename(folder / "ours.toml")
    (folder / "answers.toml").symlink_to("ours.toml")
    interviewed(folder, {"unit.name": "Ward 8"})
    assert (folder / "answers.toml").is_symlink()
    assert 'name = "Ward 8"' in (folder / "ours.toml").read_text()


# --- many folders, failures ------------------------------------------------------------------------------------------


def test_one_bad_folder_does_not_stop_the_others_and_gives_the_exit_code(folder: Path) -> None:
    bad = shutil.copytree(folder, folder.parent / "bad")
    other = shutil.copytree(folder, folder.parent / "other")
    for one in (folder, bad, other):
        change(one / "answers.toml", MOVED)
    change(bad / "answers.toml", ('level = "beginner"', 'level = "begginer"'))
    before = files_of(bad)
    run_ = updated(folder, bad, folder.parent / "none", other)
    assert run_.returncode == 3
    first, second = run_.stderr.splitlines()
    assert re.search(r"bad.answers\.toml:\d+: placement\.level: .*beginner", first)
    assert "none: there is no plan in this folder" in second
    assert files_of(bad) == before
    for one in (folder, other):
        assert b"25 January 2027" in (one / "plan.md").read_bytes()
        assert not list(one.glob("*.new.*"))


@pytest.mark.parametrize("answers", ["", "[unit]\nname = 'Ward 7'\n", "no toml"])
def test_a_folder_whose_answers_do_not_make_a_plan_is_an_input_error(tmp_path: Path, answers: str) -> None:
    (tmp_path / "answers.toml").write_text(answers)
    run_ = updated(tmp_path)
    assert (run_.returncode, run_.stdout) == (3, "")
    assert "answers.toml" in run_.stderr
    assert documents_of(tmp_path) == {"answers.toml": answers.encode()}


@pytest.mark.parametrize("name", ["answers.toml", RECORD])
@pytest.mark.parametrize("arguments", [[], ["--force"]])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(
    folder: Path, name: str, arguments: list[str]
) -> None:
    (folder / name).write_bytes(b"\xff\xfe\xe5")
    before = files_of(folder)
    run_ = updated(folder, *arguments)
    assert run_.returncode == 3
    assert str(folder / name) in run_.stderr
    assert files_of(folder) == before


def test_json_says_what_became_of_each_file(folder: Path) -> None:
    change(folder / "plan.md", NOTE)
    change(folder / "answers.toml", MOVED)
    tick(folder, "rooms")
    document = json.loads(updated(folder, "--json").stdout)
    (unit,) = document["units"]
    assert (document["version"], document["written"]) == (1, True)
    assert (unit["folder"], unit["start"]) == (str(folder), "2027-01-25")
    assert unit["ticks"] == [{"id": "rooms", "answer": "yes"}]
    assert unit["files"].pop("plan.md") == "merged"
    assert set(unit["files"].values()) == {"updated"}
    assert {"plan.ics", "student-email.eml", "student-email.txt"} <= unit["files"].keys()


def test_json_says_what_failed(tmp_path: Path) -> None:
    run_ = updated(tmp_path / "none", "--json")
    assert run_.returncode == 3
    assert "no-plan-here" in json.dumps(json.loads(run_.stdout))


def test_a_full_disk_is_exit_code_5_and_every_file_is_as_it_was(folder: Path) -> None:
    change(folder / "answers.toml", MOVED)
    before = {name: content for name, content in files_of(folder).items() if name != RECORD}
    small, after = folder.parent / "small", folder.parent / "after"
    small.mkdir()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024 + 50  # room for no copy
    script = f"""
    mount -t tmpfs -o size={size}k none '{small}'
    cp -r '{folder}' '{small}'
    trap "cp -r '{small}/ward-7' '{after}'" EXIT
    """
    run_ = run_process("update", small / "ward-7", "--as-of", str(AS_OF), cwd=small, wrapper=mounted(script))
    assert run_.returncode == 5
    assert "(the disk is full)" in run_.stderr
    assert {name: content for name, content in files_of(after).items() if name != RECORD} == before


# --- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.criterion(24)
def test_while_another_peerplan_works_there_the_folder_is_in_use(folder: Path) -> None:
    change(folder / "answers.toml", MOVED)
    before = files_of(folder)
    with FileLock(folder / LOCK):
        run_ = updated(folder)
    assert (run_.returncode, run_.stdout) == (7, "")
    assert run_.stderr == f"{folder}: another peerplan is working in this folder; try again when it is done\n"
    assert files_of(folder) == before


@pytest.mark.criterion(24)
def test_of_several_at_once_one_does_the_work_and_the_others_find_nothing_to_do(folder: Path) -> None:
    change(folder / "answers.toml", MOVED)
    tick(folder, "rooms")
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: run_process("update", folder, "--as-of", AS_OF, cwd=folder.parent), range(3)))
    assert {one.returncode for one in runs} <= {0, 7}
    assert sum("plan.md: updated" in one.stdout for one in runs) == 1
    assert not list(folder.glob("*.new.*"))
    assert updated(folder).stdout.startswith(f"{folder}: nothing has changed")


@pytest.mark.criterion(24)
def test_of_two_new_plans_in_one_folder_at_once_one_is_made_and_the_other_refused(tmp_path: Path) -> None:
    def make(name: str) -> CompletedProcess[str]:
        return run_process(
            *("init", "ward", "--answers", EXAMPLE, "--set", f"unit.name={name}", "--as-of", AS_OF), cwd=tmp_path
        )

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            runs = list(pool.map(make, ["Ward 8", "Ward 9"]))
        codes = [one.returncode for one in runs]
        assert sorted(codes) in ([0, 2], [0, 7])
        name = ["Ward 8", "Ward 9"][codes.index(0)]
        assert (tmp_path / "ward" / "plan.md").read_text(encoding="utf-8").startswith(f"# Peer learning at {name}\n")
        shutil.rmtree(tmp_path / "ward")


# --- killed ----------------------------------------------------------------------------------------------------------

KILLS = 30


LATER = (MOVED, ('rooms = "partly"', 'rooms = "yes"'))
BACK = tuple((new, old) for old, new in LATER)


def moments(folder: Path) -> Iterator[float]:
    """Random moments, in seconds, up to a bit more than an update takes here, most of them while it writes."""
    lengths = []
    for changes in (LATER, BACK) * 3:
        change(folder / "answers.toml", *changes)
        begin = monotonic()
        killed_after(None, lambda: update([folder], kit(), AS_OF))
        lengths.append(monotonic() - begin)
    whole = min(lengths)
    chance = random.Random(20270118)  # noqa: S311 # no secret, the same moments each time
    while True:
        yield chance.triangular(0, 1.2 * whole, 0.9 * whole)


def standing(folder: Path) -> dict[str, bytes]:
    """The documents without what a killed update left over."""
    return {name: content for name, content in documents_of(folder).items() if not name.startswith(".pp-")}


@pytest.mark.criterion(20)
@POSIX
def test_no_kill_at_any_moment_tears_a_file_or_makes_our_own_text_look_like_a_persons(folder: Path) -> None:
    later = shutil.copytree(folder, folder.parent / "later")
    change(later / "answers.toml", *LATER)
    update([later], kit(), AS_OF)
    old, new = documents_of(folder), documents_of(later)
    change(later / "answers.toml", *BACK)
    moment = moments(later)
    for _ in range(KILLS):
        change(folder / "answers.toml", *LATER)
        killed_after(next(moment), lambda: update([folder], kit(), AS_OF))
        found = standing(folder)
        assert found.keys() == new.keys()
        assert [name for name, content in found.items() if content not in (old[name], new[name])] == []
        change(folder / "answers.toml", *BACK)  # so that the next update has to write again what was new
        assert {one.kind for one in update([folder], kit(), AS_OF).units[0].changes.documents} <= {
            "same",
            "updated",
        }
        assert documents_of(folder) == old


@POSIX
def test_no_kill_at_any_moment_loses_a_tick(folder: Path) -> None:
    moment = moments(shutil.copytree(folder, folder.parent / "later"))
    ends: dict[str, dict[str, bytes]] = {}
    for turn in range(KILLS // 2):
        mark, moved = ("x", MOVED) if turn % 2 == 0 else (" ", MOVED[::-1])
        change(folder / "answers.toml", moved)
        tick(folder, "rooms", mark)
        before = documents_of(folder)
        killed_after(next(moment), lambda: update([folder], kit(), AS_OF))
        found = standing(folder)
        assert {one.kind for one in update([folder], kit(), AS_OF).units[0].changes.documents} <= {
            "same",
            "updated",
        }
        after = documents_of(folder)
        assert after == ends.setdefault(mark, after)
        assert answer(folder, "rooms") == ("yes" if mark == "x" else "partly")
        assert [name for name, content in found.items() if content not in (before[name], after[name])] == []


@POSIX
def test_no_kill_at_any_moment_loses_a_word(folder: Path) -> None:
    moment = moments(shutil.copytree(folder, folder.parent / "later"))
    words: list[str] = []
    for turn in range(KILLS // 2):
        change(folder / "answers.toml", MOVED if turn % 2 == 0 else MOVED[::-1])
        plan = (folder / "plan.md").read_text()
        line = next(line for line in plan.splitlines() if "<!-- rota -->" in line)
        new = [f"note{turn}q", f"own{turn}q"]
        (folder / "plan.md").write_text(plan.replace(line, f"{line}\n  {new[0]} here\n- [ ] {new[1]} line"))
        letter = (folder / "student-email.txt").read_text()
        letter, filled = re.subn(r"\[fill in: [^\]]+\]", f"filled{turn}q", letter, count=1)
        (folder / "student-email.txt").write_text(letter)
        words += [*new, *([f"filled{turn}q"] if filled else [])]
        killed_after(next(moment), lambda: update([folder], kit(), AS_OF))
        assert update([folder], kit(), AS_OF).failure is None
        said = "".join(path.read_text() for path in folder.iterdir() if path.suffix in (".md", ".txt"))
        assert [word for word in words if word not in said] == []


def test_a_tick_made_after_a_kill_at_the_very_end_is_a_tick(folder: Path) -> None:
    before = FolderRecord.from_json((folder / RECORD).read_text(encoding="utf-8"))
    change(folder / "answers.toml", MOVED)
    update([folder], kit(), AS_OF)
    after = FolderRecord.from_json((folder / RECORD).read_text(encoding="utf-8"))
    (folder / RECORD).write_text(replace(before, pending=after.written).to_json(), encoding="utf-8")
    tick(folder, "rooms")
    run_ = updated(folder)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert answer(folder, "rooms") == "yes"


@POSIX
def test_the_same_kills_tear_files_that_are_written_plainly(folder: Path) -> None:
    before = documents_of(folder)
    after = {name: content * 2 for name, content in before.items()}
    chance = random.Random(20270118)  # noqa: S311

    def write_on() -> None:
        while True:
            for files in (after, before):
                for name, content in files.items():
                    write_plainly(folder / name, content)

    torn = 0
    for _ in range(KILLS // 4):
        killed_after(chance.uniform(0, 0.01), write_on)
        torn += any(text not in (before[name], after[name]) for name, text in documents_of(folder).items())
        for name, content in before.items():
            (folder / name).write_bytes(content)
    assert torn > 0
