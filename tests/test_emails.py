"""Drafts for a list of students: what each gets, and what nobody else may see."""

import json
import os
import re
import shutil
import signal
import stat
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest

from mail_reader import bodies_of, swedish_subjects
from peerplan.commands.emails.run import EmailsRequest, _open_to_others
from peerplan.commands.emails.run import emails as make
from peerplan.text import one_line
from samples import AS_OF, EXAMPLES, killed_after, kit, run

NAMES = ["Åsa Öst", "Bo <b>Ek</b>", "Cyrus O'Neil", "Disa Ö. Exempelsson"]
ADDRESSES = ["asa.ost@ki.example", "bo.ek@ki.example", "cyrus@ki.example", "disa@ki.example"]
LANGUAGES = ["svenska", "English", "", "sv"]


def roster(folder: Path, *extra: str, heading: str = "Namn;E-post;Språk") -> Path:
    rows = [";".join(row) for row in zip(NAMES, ADDRESSES, LANGUAGES, strict=True)]
    path = folder / "kursen.csv"
    path.write_text("\n".join([heading, *rows, *extra]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def plan_folder(tmp_path: Path) -> Path:
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    assert run("init", tmp_path / "ward", "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    return tmp_path / "ward"


def drafts(folder: Path) -> list[EmailMessage]:
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    assert all(isinstance(message, EmailMessage) for message in messages)
    return [message for message in messages if isinstance(message, EmailMessage)]


def emails(plan: Path, *arguments: str | Path) -> Path:
    run_ = run("emails", plan, *arguments, "--as-of", str(AS_OF), cwd=plan.parent)
    assert (run_.returncode, run_.stderr) == (0, "")
    return plan.parent / "kursen-emails"


@pytest.mark.criterion(15)
def test_each_draft_holds_one_students_address_and_no_others(plan_folder: Path, tmp_path: Path) -> None:
    made = emails(plan_folder, roster(tmp_path))
    assert [message["To"] for message in drafts(made)] == ADDRESSES
    for number, path in enumerate(sorted(made.glob("*.eml"))):
        content = path.read_bytes() + path.with_suffix(".txt").read_bytes()
        others = [address for address in ADDRESSES if address != ADDRESSES[number]]
        assert not [address for address in others if address.encode() in content]


def test_each_student_is_greeted_by_name_in_her_language(plan_folder: Path, tmp_path: Path) -> None:
    greetings = [
        path.read_text("utf-8").splitlines()[3] for path in sorted(emails(plan_folder, roster(tmp_path)).glob("*.txt"))
    ]
    assert greetings == ["Hej Åsa Öst!", "Hello Bo <b>Ek</b>!", "Hello Cyrus O'Neil!", "Hej Disa Ö. Exempelsson!"]


def test_hundreds_of_swedish_names_come_back_equal(tmp_path: Path) -> None:
    names = [name for name in map(one_line, swedish_subjects(150)) if len(name) <= 100 and "," not in name]
    path = tmp_path / "kursen.csv"
    rows = (f'"{name}";student{number}@ki.example;sv' for number, name in enumerate(names))
    path.write_text("\n".join(["Namn;E-post;Språk", *rows]) + "\n", encoding="utf-8")
    answers = EXAMPLES / "surgical-ward-sv" / "answers.toml"
    assert run("init", tmp_path / "ward", "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    assert run("emails", tmp_path / "ward", path, cwd=tmp_path).returncode == 0
    greetings = [
        bodies_of(one.read_bytes())[0].splitlines()[0] for one in sorted((tmp_path / "kursen-emails").glob("*.eml"))
    ]
    assert greetings == [f"Hej {name}!" for name in names]


def fill(plan: Path, **values: str) -> None:
    letter = plan / "student-email.txt"
    text = letter.read_text(encoding="utf-8")
    for blank, value in values.items():
        assert f"[fill in: {blank}" in text
        text = re.sub(rf"\[fill in: {blank}[^\]]*\]", value, text)
    letter.write_text(text, encoding="utf-8-sig", newline="\r\n")  # as Notepad saves it


def test_what_was_filled_in_is_in_each_draft_in_whatever_language(plan_folder: Path, tmp_path: Path) -> None:
    fill(plan_folder, time="7.30 *sharp*", where="<the entrance>", address="Bus 4\tto the end")
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert (run_.returncode, run_.stderr) == (0, "")
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "kursen-emails").glob("*.txt"))]
    for english, swedish in (
        ("- Time: 7.30 *sharp*\n", "- Tid: 7.30 *sharp*\n"),
        ("- Place: <the entrance>\n", "- Plats: <the entrance>\n"),
        ("- How to get here: Bus 4\tto the end\n", "- Så hittar du hit: Bus 4 to the end\n"),
    ):
        assert [english in text for text in texts] == [False, True, True, False]
        assert [swedish in text for text in texts] == [True, False, False, True]
    html = drafts(tmp_path / "kursen-emails")[1].get_body(("html",))
    assert html is not None
    assert "7.30 *sharp*" in html.get_content()
    assert "Still to be filled in, in each draft: at most 6 places." in run_.stdout


@pytest.mark.parametrize(("old", "new"), [("- ", "• "), ("- ", "\u2013 "), (": ", ":\u00a0"), ("\n", "\r\n")])
def test_the_letter_is_what_stands_there_whatever_an_editor_made_of_it(
    plan_folder: Path, tmp_path: Path, old: str, new: str
) -> None:
    fill(plan_folder, time="07:30")
    letter = plan_folder / "student-email.txt"
    text = letter.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace(old, new)
    letter.write_bytes(text.encode())
    assert run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    made = (tmp_path / "kursen-emails" / "student-2.txt").read_text("utf-8")
    assert re.search(r"^[-•\u2013] Time:\s07:30$", made, re.MULTILINE)
    assert "Tid: 07:30" in (tmp_path / "kursen-emails" / "student-1.txt").read_text("utf-8")
    html = drafts(tmp_path / "kursen-emails")[1].get_body(("html",))
    assert html is not None
    assert re.search(r"<li>Time:\s07:30</li>", html.get_content())


def test_what_was_filled_in_is_found_without_the_hidden_folder(plan_folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(plan_folder / ".peerplan")
    fill(plan_folder, time="07:30")
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert run_.returncode == 0
    assert "- Time: 07:30\n" in (tmp_path / "kursen-emails" / "student-2.txt").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_was_filled_in_is_read_however_it_was_saved(plan_folder: Path, tmp_path: Path, encoding: str) -> None:
    fill(plan_folder, time="Första rummet, 07.30")
    letter = plan_folder / "student-email.txt"
    letter.write_bytes(letter.read_text(encoding="utf-8-sig").encode(encoding))
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert run_.returncode == 0
    assert "- Time: Första rummet, 07.30\n" in (tmp_path / "kursen-emails" / "student-2.txt").read_text("utf-8")


def test_what_may_be_an_identity_number_in_what_was_filled_in_is_told(plan_folder: Path, tmp_path: Path) -> None:
    fill(plan_folder, time="8112289874")
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert "student-email.txt: this may be a personal identity number (**********)" in run_.stderr


def test_an_identity_number_that_was_filled_in_is_refused(plan_folder: Path, tmp_path: Path) -> None:
    fill(plan_folder, time="19811228-9874")
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert (run_.returncode, "9874" in run_.stderr) == (6, False)
    place = (
        rf"{re.escape(str(plan_folder / 'student-email.txt'))}:\d+: first-day.time: there is a personal identity number"
    )
    assert re.match(place, run_.stderr)


def test_other_edits_of_the_letter_are_in_the_drafts_in_its_language(plan_folder: Path, tmp_path: Path) -> None:
    letter = plan_folder / "student-email.txt"
    text = letter.read_text(encoding="utf-8").replace("Subject: Welcome to", "Subject: At last, welcome to")
    letter.write_text(text + "\nWe have a parrot.\n", encoding="utf-8")
    run_ = run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path)
    assert run_.stderr.startswith(f"{letter}: what you changed here beyond what was to be filled in is not in")
    made = [path.read_text("utf-8") for path in sorted((tmp_path / "kursen-emails").glob("*.txt"))]
    assert ["parrot" in one for one in made] == [False, True, True, False]
    assert ["Subject: At last, welcome to Ward 7" in one for one in made] == [False, True, True, False]


def test_a_letter_that_says_another_day_or_waits_for_her_is_told(plan_folder: Path, tmp_path: Path) -> None:
    letter, offered = plan_folder / "student-email.txt", plan_folder / "student-email.new.txt"
    text = letter.read_text(encoding="utf-8")
    letter.write_text(text.replace("welcome.", "welcome to us!"), encoding="utf-8")
    answers = plan_folder / "answers.toml"
    answers.write_text(answers.read_text("utf-8").replace("start = 2027-01-18", "start = 2027-01-25"), "utf-8")
    assert run("update", plan_folder, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 4
    run_ = run("emails", plan_folder, roster(tmp_path), "--group", "--as-of", str(AS_OF), cwd=tmp_path)
    assert f"{letter}: does not name the first day, 25 January 2027" in run_.stderr
    assert f"{offered}: the new text of a section of student-email.txt waits here" in run_.stderr


def test_a_letter_without_its_subject_is_sent_all_the_same(plan_folder: Path, tmp_path: Path) -> None:
    letter = plan_folder / "student-email.txt"
    letter.write_text("Dear all\n\nWelcome!\n", encoding="utf-8")
    assert run("emails", plan_folder, roster(tmp_path), "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    made = (tmp_path / "kursen-emails" / "student-2.txt").read_text("utf-8")
    assert made == "To: bo.ek@ki.example\nSubject: Peer learning\n\nDear all\n\nWelcome!\n"


def test_a_text_to_paste_says_to_whom_and_about_what(plan_folder: Path, tmp_path: Path) -> None:
    made = emails(plan_folder, roster(tmp_path))
    assert (made / "student-1.txt").read_text("utf-8").startswith("Till: asa.ost@ki.example\nÄmne: Välkommen till")
    assert (made / "student-2.txt").read_text("utf-8").startswith("To: bo.ek@ki.example\nSubject: Welcome to")


def test_a_list_in_the_plan_folder_is_told_as_such(plan_folder: Path, tmp_path: Path) -> None:
    run_ = run("emails", plan_folder, roster(plan_folder), cwd=tmp_path)
    assert (run_.returncode, run_.stderr.startswith(f"{plan_folder / 'kursen.csv'}: the list lies in")) == (2, True)


def test_no_drafts_land_in_any_plan_folder(plan_folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(plan_folder, tmp_path / "other"))
    before = {path.relative_to(tmp_path) for path in tmp_path.rglob("*")}
    for arguments in ((roster(other),), (roster(tmp_path), "--to", other / "later" / "drafts")):
        run_ = run("emails", plan_folder, *arguments, cwd=tmp_path)
        assert (run_.returncode, "a plan folder" in run_.stderr) == (2, True)
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*")} - before == {
        Path("kursen.csv"),
        Path("other/kursen.csv"),
    }


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_drafts_on_a_disk_without_modes_are_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert [*_open_to_others(tmp_path), *_open_to_others(tmp_path / "none")] == []
    tmp_path.chmod(0o755)
    assert [problem.message for problem in _open_to_others(tmp_path)] == ["emails-open-to-others"]


@pytest.mark.criterion(44)
def test_json_tells_what_was_made_and_nothing_of_a_student(plan_folder: Path, tmp_path: Path) -> None:
    path = roster(tmp_path, "Eva;eva@ki.example;sv;skyddad identitet", heading="Namn;E-post;Språk;Anmärkning")
    made = json.loads(run("emails", plan_folder, path, "--json", cwd=tmp_path).stdout)
    assert made["drafts"] == [f"student-{number}.eml" for number in range(1, 5)]
    assert made["protected"] == ["kursen.csv:6"]
    assert (made["written"], made["to_fill_in"]) == (True, 9)
    assert not [part for part in (*NAMES, *ADDRESSES, "Eva") if part in json.dumps(made, ensure_ascii=False)]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the opener is another there")
@pytest.mark.parametrize(("code", "said"), [(0, False), (3, True)])
def test_where_no_program_opens_a_draft_it_says_what_to_do(
    plan_folder: Path, tmp_path: Path, code: int, *, said: bool
) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\ncp "$1" "{tmp_path}/opened"\nexit {code}\n', encoding="utf-8")
    opener.chmod(0o755)
    path = f"{opener.parent}:{os.environ['PATH']}"
    run_ = run("emails", plan_folder, roster(tmp_path), "--open", cwd=tmp_path, environ={"PATH": path})
    assert (run_.returncode, "no mail program opened" in run_.stderr) == (0, said)
    assert (tmp_path / "opened").read_bytes() == (tmp_path / "kursen-emails" / "student-1.eml").read_bytes()


def test_a_name_with_markup_stays_text_in_the_html(plan_folder: Path, tmp_path: Path) -> None:
    html = drafts(emails(plan_folder, roster(tmp_path)))[1].get_body(("html",))
    assert html is not None
    assert "Hello Bo &lt;b&gt;Ek&lt;/b&gt;!" in html.get_content()


def test_the_headers_are_exactly_those_of_an_unsent_draft(plan_folder: Path, tmp_path: Path) -> None:
    for message in drafts(emails(plan_folder, roster(tmp_path))):
        assert message.keys() == ["X-Unsent", "Subject", "To", "MIME-Version", "Content-Type"]


@pytest.mark.criterion(45)
def test_file_names_are_numbers_and_only_the_owner_can_read_them(plan_folder: Path, tmp_path: Path) -> None:
    made = emails(plan_folder, roster(tmp_path))
    names = [f"student-{number}.{kind}" for number in range(1, 5) for kind in ("eml", "txt")]
    assert sorted(path.name for path in made.iterdir()) == names
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in made.iterdir()} == {0o600}
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_the_plan_folder_learns_nothing(plan_folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in plan_folder.rglob("*") if path.is_file()}
    emails(plan_folder, roster(tmp_path))
    assert {path: path.read_bytes() for path in plan_folder.rglob("*") if path.is_file()} == before


def test_the_same_list_gives_the_same_bytes_in_a_folder_of_its_own(plan_folder: Path, tmp_path: Path) -> None:
    first = emails(plan_folder, roster(tmp_path))
    emails(plan_folder, roster(tmp_path))
    second = tmp_path / "kursen-emails-2"
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


@pytest.mark.criterion(15)
def test_a_group_gets_one_draft_to_the_coordinator_with_the_students_in_bcc(plan_folder: Path, tmp_path: Path) -> None:
    run_ = run("emails", plan_folder, roster(tmp_path), "--group", "--as-of", str(AS_OF), cwd=tmp_path)
    assert (
        run_.stderr == "kursen.csv: the group gets one letter, in one language; the list asks for another for some: 2\n"
    )
    (message,) = drafts(tmp_path / "kursen-emails")
    assert [address.addr_spec for address in message["Bcc"].addresses] == ADDRESSES
    assert not [address for address in ADDRESSES if address in message["To"]]
    assert "Cc" not in message


def test_a_dry_run_shows_one_draft_and_writes_nothing(plan_folder: Path, tmp_path: Path) -> None:
    run_ = run("emails", plan_folder, roster(tmp_path), "--dry-run", "--as-of", str(AS_OF), cwd=tmp_path)
    assert run_.returncode == 0
    assert "Hej Åsa Öst!" in run_.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kursen.csv", "ward"]


@pytest.mark.parametrize(
    ("extra", "exit_code", "place"),
    [
        ("Eva 19811228-9874;eva@ki.example;sv", 6, "kursen.csv:6: Namn"),
        ("Eva;not an address;sv", 3, "kursen.csv:6: E-post"),
        ("Eva;ASA.OST@ki.example;sv", 3, "kursen.csv:2: E-post"),
        ("Eva;;sv", 3, "kursen.csv:6: E-post"),
        ("Eva;eva@ki.example;Klingon", 3, "kursen.csv:6: Språk"),
    ],
)
def test_a_wrong_row_is_told_by_its_place_and_shows_nothing_of_it(
    plan_folder: Path, tmp_path: Path, extra: str, exit_code: int, place: str
) -> None:
    run_ = run("emails", plan_folder, roster(tmp_path, extra), cwd=tmp_path)
    assert run_.returncode == exit_code
    assert run_.stderr.startswith(place)
    said = run_.stdout + run_.stderr
    assert not [part for part in (*NAMES, *ADDRESSES, "Eva", "9874", "not an address", "Klingon") if part in said]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kursen.csv", "ward"]


@pytest.mark.criterion(43)
def test_a_protected_identity_gets_no_file_and_the_row_is_told(plan_folder: Path, tmp_path: Path) -> None:
    path = roster(tmp_path, "Eva;eva@ki.example;sv;skyddad identitet", heading="Namn;E-post;Språk;Anmärkning")
    run_ = run("emails", plan_folder, path, cwd=tmp_path)
    assert run_.returncode == 6
    assert run_.stderr.count("kursen.csv:6: this row is marked as a protected identity") == 1
    assert "Eva" not in run_.stdout + run_.stderr
    made = tmp_path / "kursen-emails"
    assert len(drafts(made)) == len(NAMES)
    assert not [file for file in made.iterdir() if b"eva@ki.example" in file.read_bytes()]


def test_a_list_of_protected_identities_alone_is_no_empty_list(plan_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "kursen.csv"
    path.write_text("Namn;E-post;Skyddad\nÅsa;asa@ki.example;ja\nBo;bo@ki.example;x\n", encoding="utf-8")
    run_ = run("emails", plan_folder, path, "--lang", "en", "--as-of", str(AS_OF), cwd=tmp_path)
    lines = run_.stderr.splitlines()
    assert (run_.returncode, len(lines), run_.stdout) == (3, 2, "")
    assert [line.partition(": ")[0] for line in lines] == ["kursen.csv:2", "kursen.csv:3"]
    assert all("Arrange with the educational institution" in line for line in lines)
    assert not (tmp_path / "kursen-emails").exists()


def test_what_may_be_an_identity_number_in_the_answers_is_told_masked(tmp_path: Path) -> None:
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    note = ["--answers", str(answers), "--set", "notes.rooms=Room 8112289874"]
    notice = ": notes.rooms: this may be a personal identity number (**********); remove it if it is one\n"
    commands: list[list[str | Path]] = [
        ["init", "ward", *note],
        ["update", "ward"],
        ["emails", "ward", roster(tmp_path)],
    ]
    for command in commands:
        run_ = run(*command, "--as-of", str(AS_OF), cwd=tmp_path)
        assert (run_.returncode, run_.stderr) == (0, f"{Path('ward', 'answers.toml')}{notice}")
    made = run("init", "other", *note, "--as-of", str(AS_OF), "--json", cwd=tmp_path)
    assert json.loads(made.stdout)["notices"] == [f"{Path('other', 'answers.toml')}{notice}".strip()]


def test_a_column_that_is_not_needed_is_named_and_not_used(plan_folder: Path, tmp_path: Path) -> None:
    path = roster(tmp_path, "Eva;eva@ki.example;sv;070-123 45 67", heading="Namn;E-post;Språk;Telefon")
    run_ = run("emails", plan_folder, path, cwd=tmp_path)
    assert run_.returncode == 0
    assert "(D1): this column is not needed" in run_.stderr
    assert not [file for file in (tmp_path / "kursen-emails").iterdir() if b"070-123" in file.read_bytes()]


def test_a_column_for_identity_numbers_is_refused(plan_folder: Path, tmp_path: Path) -> None:
    run_ = run("emails", plan_folder, roster(tmp_path, heading="Namn;E-post;Personnummer"), cwd=tmp_path)
    assert run_.returncode == 6
    assert "delete it" in run_.stderr


def test_drafts_never_go_into_the_plan_folder_nor_onto_something_that_is_there(
    plan_folder: Path, tmp_path: Path
) -> None:
    path = roster(tmp_path)
    assert run("emails", plan_folder, path, "--to", plan_folder / "mail", cwd=tmp_path).returncode == 2
    assert run("emails", plan_folder, path, "--to", tmp_path / "kursen.csv", cwd=tmp_path).returncode == 2
    assert not (plan_folder / "mail").exists()


@pytest.mark.parametrize("key", ["unit.name", "unit.workplace", "notes.rooms"])
def test_an_identity_number_in_the_answers_is_refused_masked(tmp_path: Path, key: str) -> None:
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    arguments = ["--answers", str(answers), "--set", f"{key}=Ward 19811228-9874", "--as-of", str(AS_OF), "--json"]
    run_ = run("init", tmp_path / "w", *arguments, cwd=tmp_path)
    assert run_.returncode == 6
    assert json.loads(run_.stdout)["errors"][0]["id"] == "privacy-identity-number"
    assert "9874" not in run_.stdout + run_.stderr
    assert not (tmp_path / "w").exists()


@pytest.mark.criterion(20)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
@pytest.mark.parametrize("moment", [0, 3, 7])
def test_drafts_that_a_killed_run_left_behind_are_removed_by_the_next(
    plan_folder: Path, tmp_path: Path, moment: int
) -> None:
    request = EmailsRequest(plan_folder, roster(tmp_path), tmp_path / "drafts", None, AS_OF)

    def killed_at_a_file() -> None:
        files = count()

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event == "open" and ".pp-" in str(arguments[0]) and next(files) == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        make(request, kit())

    killed_after(None, killed_at_a_file)
    assert [len(list(one.iterdir())) for one in tmp_path.glob(".pp-*")] == [moment]
    (tmp_path / ".pp-of-somebody-else.tmp").mkdir()
    make(request, kit())
    assert [one.name for one in tmp_path.glob(".pp-*")] == [".pp-of-somebody-else.tmp"]
    assert len(drafts(tmp_path / "drafts")) == len(NAMES)
