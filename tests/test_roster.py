from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peerplan.commands.emails.roster import Roster, RosterWords, Student, read_roster
from peerplan.documents.letters import compose, eml
from peerplan.errors import InputError, PeerplanError, PrivacyError, Problem
from peerplan.tables import read_table
from samples import kit, problem_line
from table_files import as_csv, save, save_workbook

ANNA = ["Anna Öst", "anna@ki.example", "svenska", "A"]
BO = ["Bo Ek", "bo@ki.example", "English", "B"]
HEADINGS = ["Namn", "E-post", "Språk", "Grupp"]
STUDENTS = (Student("Anna Öst", "anna@ki.example", "sv", "A"), Student("Bo Ek", "bo@ki.example", "en", "B"))


WORDS = RosterWords(kit())


def read(folder: Path, rows: list[list[str]]) -> Roster:
    return read_roster(read_table(save(folder, as_csv(rows), "course.csv")), WORDS)


def wrong(folder: Path, rows: list[list[str]], kind: type[PeerplanError] = InputError) -> list[tuple[str, str]]:
    with pytest.raises(kind) as caught:
        read(folder, rows)
    assert type(caught.value) is kind
    return [(problem.message, problem.place) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "headings",
    [
        HEADINGS,
        ["Name", "E-mail", "Language", "Group"],
        ["  STUDENT ", "epost", "Önskat  språk", "studentgrupp"],
        ["name", "email", "language", "group"],
    ],
)
def test_headings_of_both_languages_are_read(tmp_path: Path, headings: list[str]) -> None:
    assert read(tmp_path, [headings, ANNA, BO]) == Roster(STUDENTS, (), ())


def test_a_workbook_gives_the_same_students(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEADINGS, ANNA, BO]
    assert read_roster(read_table(save_workbook(tmp_path, rows)), WORDS).students == STUDENTS


def test_an_address_is_read_as_outlook_copies_it_with_the_name(tmp_path: Path) -> None:
    cells = ["Anna Ek <anna@ki.example>", '"Ek, Bo" <bo@ki.example>;', "<cia@ki.example>", "dan@ki.example"]
    roster = read(tmp_path, [["E-post"], *([cell] for cell in cells)])
    assert [one.email for one in roster.students] == [f"{name}@ki.example" for name in ("anna", "bo", "cia", "dan")]
    twice = [["E-post"], ["Anna Ek <anna@ki.example>"], ["Anna@ki.example"]]
    assert [message for message, _ in wrong(tmp_path, twice)] == ["roster-twice"] * 2
    assert [message for message, _ in wrong(tmp_path, [["E-post"], ["Anna <anna@x> <b@ki.example>"]])] != []


def test_an_address_is_all_that_is_needed(tmp_path: Path) -> None:
    assert read(tmp_path, [["E-post"], ["anna@ki.example"]]).students == (Student("", "anna@ki.example"),)


@pytest.mark.parametrize(
    ("headings", "names", "said"),
    [
        (["Efternamn", "Förnamn"], ["Öst", "Anna"], "Anna"),
        (["Efternamn", "Förnamn"], ["Öst", ""], "Öst"),
        (["Namn", "Tilltalsnamn"], ["Öst, Anna Maria", "Maria"], "Maria"),
        (["Namn", "Grupp"], ["Öst, Anna", "1"], "Anna Öst"),
        (["Namn", "Grupp"], ["Anna Öst", "1"], "Anna Öst"),
        (["Namn", "Grupp"], ["Öst,", "1"], "Öst,"),
        (["Namn", "Grupp"], ["Öst, Anna, Bo", "1"], "Öst, Anna, Bo"),
    ],
)
def test_a_student_is_greeted_as_people_are(tmp_path: Path, headings: list[str], names: list[str], said: str) -> None:
    roster = read(tmp_path, [[*headings, "E-post"], [*names, "anna@ki.example"]])
    assert [student.name for student in roster.students] == [said]


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("sv", "sv"),
        ("SVENSKA", "sv"),
        ("Swedish", "sv"),
        (" en ", "en"),
        ("engelska", "en"),
        ("English", "en"),
        ("", ""),
    ],
)
def test_a_language_may_be_written_in_both_languages_or_left_out(tmp_path: Path, written: str, language: str) -> None:
    roster = read(tmp_path, [HEADINGS, [*ANNA[:2], written, "A"]])
    assert [student.language for student in roster.students] == [language]


def test_everything_that_is_wrong_in_the_rows_is_told_together(tmp_path: Path) -> None:
    rows = [
        ["Anna", "anna@ki.example", "sv", ""],
        ["Bo", "bo at ki.example", "sv", ""],
        ["Cy", "", "sv", ""],
        ["Di", "ANNA@ki.example", "sv", ""],
        ["Eva", "åsa@ki.example", "klingon", ""],
        ["Fia", "fia@ki.example; eva@ki.example", "sv", ""],
    ]
    assert wrong(tmp_path, [HEADINGS, *rows]) == [
        ("roster-twice", "course.csv:2: E-post"),
        ("not-an-email", "course.csv:3: E-post"),
        ("missing", "course.csv:4: E-post"),
        ("roster-twice", "course.csv:5: E-post"),
        ("not-an-email", "course.csv:6: E-post"),
        ("roster-language", "course.csv:6: Språk"),
        ("not-an-email", "course.csv:7: E-post"),
    ]


def test_a_list_without_addresses_is_told(tmp_path: Path) -> None:
    assert wrong(tmp_path, [["Namn", "Telefon"], ["Anna", "070-123 45 67"]]) == [
        ("roster-no-email", "course.csv:1 (A1)")
    ]


def test_a_list_without_headings_is_told_with_the_one_that_it_needs(tmp_path: Path) -> None:
    assert wrong(tmp_path, [["anna@ki.example"], ["bo@ki.example"]]) == [
        ("table-headings-missing", "course.csv:1 (A1)"),
        ("roster-no-email", "course.csv:1 (A1)"),
    ]


@pytest.mark.parametrize("column", range(4))
def test_an_identity_number_in_any_cell_that_is_read_is_refused(tmp_path: Path, column: int) -> None:
    row = list(ANNA)
    row[column] += " 19811228-9874"
    assert wrong(tmp_path, [HEADINGS, row, BO], PrivacyError) == [
        ("privacy-identity-number", f"course.csv:2: {HEADINGS[column]}")
    ]


def test_an_identity_number_stored_as_a_number_is_refused(tmp_path: Path) -> None:
    path = save_workbook(tmp_path, [["E-post", "Grupp"], ["anna@ki.example", 198112289874]])
    with pytest.raises(PrivacyError) as caught:
        read_roster(read_table(path), WORDS)
    assert [problem.place for problem in caught.value.problems] == ["units.xlsx: Blad1!B2: Grupp"]


def test_ten_bare_digits_are_a_notice_only(tmp_path: Path) -> None:
    roster = read(tmp_path, [HEADINGS, [*ANNA[:3], "8112289874"]])
    assert roster.notices == (
        Problem("privacy-maybe-identity-number", {"masked": "**********"}, "course.csv:2: Grupp"),
    )


@pytest.mark.parametrize("heading", ["Personnummer", "Personal identity number", "Samordningsnummer"])
def test_a_column_for_identity_numbers_is_refused_even_when_empty(tmp_path: Path, heading: str) -> None:
    rows = [[*HEADINGS, heading], [*ANNA, ""]]
    assert wrong(tmp_path, rows, PrivacyError) == [("roster-identity-column", "course.csv:1 (E1)")]


def test_a_column_that_is_not_needed_is_named_and_not_used(tmp_path: Path) -> None:
    roster = read(tmp_path, [[*HEADINGS, "Telefon"], [*ANNA, "0701234567"], [*BO, "8112289874"]])
    assert roster == Roster(STUDENTS, (), (Problem("roster-column-unused", {}, "course.csv:1 (E1)"),))


@pytest.mark.parametrize("heading", ["Anm.", "Info", "Övrig information", "Adress", "Hur når vi dig?"])
def test_a_protected_identity_is_found_under_any_heading(tmp_path: Path, heading: str) -> None:
    rows = [[*HEADINGS, heading], ["Eva", "eva@ki.example", "", "", "skyddad identitet"], [*ANNA, ""], [*BO, ""]]
    roster = read(tmp_path, rows)
    assert (roster.students, roster.protected) == (STUDENTS, ("course.csv:2",))


@pytest.mark.parametrize("heading", ["Telefon", "Id", "SIS-ID", "Användarnamn"])
def test_an_identity_number_is_found_under_any_heading(tmp_path: Path, heading: str) -> None:
    rows = [[*HEADINGS, heading], [*ANNA, ""], [*BO, "198112289874"]]
    assert wrong(tmp_path, rows, PrivacyError) == [("privacy-identity-number", f"course.csv:3: {heading}")]


def test_a_heading_that_is_somebodys_data_is_not_repeated(tmp_path: Path) -> None:
    rows = [["E-post", "bo@ki.example"], ["anna@ki.example", "198112289874"]]
    assert wrong(tmp_path, rows, PrivacyError) == [("privacy-identity-number", "course.csv:2 (B2)")]


def test_an_identity_number_in_a_heading_is_refused(tmp_path: Path) -> None:
    rows = [["Namn", "E-post 19811228-9874"], ["Anna", "anna@ki.example"]]
    assert wrong(tmp_path, rows, PrivacyError) == [("privacy-identity-number", "course.csv:1 (B1)")]


@pytest.mark.criterion(43)
@pytest.mark.parametrize(
    ("heading", "mark"),
    [
        ("Skyddad identitet", "ja"),
        ("Protected identity", "x"),
        ("Anmärkning", "OBS: sekretessmarkerad"),
        ("Notes", "protected"),
        ("Notes", "Protected! Call first"),
        ("Anmärkning", "Skyddad, ring lärosätet"),
        ("Anmärkning", "Kommer måndag. Skyddad"),
        ("Har studenten skyddad identitet?", "ja"),
        ("Skyddad identitet (ja/nej)", "X"),
        ("Does the student have a protected identity", "yes"),
    ],
)
def test_a_protected_identity_is_a_place_and_nothing_else(tmp_path: Path, heading: str, mark: str) -> None:
    roster = read(tmp_path, [[*HEADINGS, heading], ["Eva", "eva@ki.example", "", "", mark], [*ANNA, ""], [*BO, "nej"]])
    assert roster == Roster(STUDENTS, ("course.csv:2",), ())


def test_a_mark_in_the_name_protects_too_and_no_other_fault_of_the_row_is_told(tmp_path: Path) -> None:
    roster = read(tmp_path, [HEADINGS, ANNA, ["Eva (skyddad identitet)", "", "klingon", ""], BO])
    assert roster == Roster(STUDENTS, ("course.csv:3",), ())


def test_a_second_row_without_the_mark_makes_no_draft_for_a_protected_identity(tmp_path: Path) -> None:
    rows = [["E-post", "Skyddad"], ["eva@ki.example", "ja"], ["EVA@ki.example", ""], ["bo@ki.example", ""]]
    assert wrong(tmp_path, rows) == [("roster-twice", "course.csv:3: E-post")]


@pytest.mark.parametrize("heading", ["Skydad identitet", "Emial", "Spark"])
def test_a_heading_that_is_nearly_something_missing_is_an_error(tmp_path: Path, heading: str) -> None:
    rows = [["Namn", "E-post" if heading != "Emial" else "Telefon", heading], ["Eva", "eva@ki.example", "ja"]]
    assert ("table-heading-misspelt", "course.csv:1 (C1)") in wrong(tmp_path, rows)


def test_a_list_of_far_too_many_cells_is_refused(tmp_path: Path) -> None:
    rows = [["E-post", *map(str, range(99))], *([f"a{number}@ki.example"] for number in range(2_001))]
    assert wrong(tmp_path, rows) == [("roster-too-large", "course.csv:1 (A1)")]


def test_a_second_column_of_something_is_not_needed(tmp_path: Path) -> None:
    roster = read(tmp_path, [[*HEADINGS, "E-post 2"], [*ANNA, "a@ki.example"], [*BO, ""]])
    assert roster == Roster(STUDENTS, (), (Problem("roster-column-unused", {}, "course.csv:1 (E1)"),))


@pytest.mark.parametrize("column", ["Anmärkning", "Skyddad"])
def test_an_identity_number_is_refused_where_only_marks_are_searched(tmp_path: Path, column: str) -> None:
    rows = [["E-post", column], ["eva@ki.example", "19811228-9874"]]
    assert wrong(tmp_path, rows, PrivacyError) == [("privacy-identity-number", f"course.csv:2: {column}")]


def test_an_identity_number_in_a_protected_row_is_refused(tmp_path: Path) -> None:
    rows = [["Namn", "E-post", "Skyddad"], ["Eva 19811228-9874", "eva@ki.example", "ja"]]
    assert wrong(tmp_path, rows, PrivacyError) == [("privacy-identity-number", "course.csv:2: Namn")]


@pytest.mark.parametrize(
    ("name", "message"), [("Eva\x0bBcc: x", "line-break"), ("Eva\nEk", "line-break"), ("x" * 101, "too-long")]
)
def test_a_name_that_is_none_is_told(tmp_path: Path, name: str, message: str) -> None:
    assert wrong(tmp_path, [["Namn", "E-post"], [name, "eva@ki.example"]]) == [(message, "course.csv:2: Namn")]


@pytest.mark.criterion(16)
def test_two_ways_to_write_a_domain_are_one_address(tmp_path: Path) -> None:
    rows = [["E-post"], ["eva@åsa.example"], ["eva@xn--sa-xia.example"]]
    assert [message for message, _ in wrong(tmp_path, rows)] == ["roster-twice", "roster-twice"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.emails() | st.from_regex(r"(=\?utf-8\?q\?x\?=|[åa-z.\"+]{1,8})@[åa-z.-]{1,8}\.(se|example)", fullmatch=True))
@example("=?utf-8?q?x?=@ki.example")
def test_an_address_that_is_read_can_be_written_in_a_letter(tmp_path: Path, address: str) -> None:
    with suppress(InputError):
        roster = read(tmp_path, [["E-post"], [address]])
        for student in roster.students:
            assert b"To: " + student.email.encode("ascii") in eml(compose("x", "y", "en", to=[student.email]))


def test_nothing_of_a_student_is_in_a_repr_but_the_language(tmp_path: Path) -> None:
    (student, _) = read(tmp_path, [HEADINGS, ANNA, BO]).students
    assert repr(student) == "Student(language='sv')"


# Each begins with letters that stand in no message and no place.
personal = st.from_regex(r"zhq[a-z]{3}", fullmatch=True)
values = st.one_of(
    personal,
    personal.map("{}@ki.example".format),
    personal.map("{} 19811228-9874".format),
    personal.map("{} skyddad identitet".format),
    personal.map("{}\x0b=?utf-8?q?x?=".format),
    st.sampled_from(["anna@ki.example", "sv", "", "8112289874"]),
)


rows = st.tuples(
    values, personal.map("{}@ki.example".format) | values, st.sampled_from(["sv", "", "zhq"]), values, values
)


@pytest.mark.criterion(44)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(rows.map(list), max_size=4))
def test_no_line_tells_anything_of_a_student(tmp_path: Path, students: list[list[str]]) -> None:
    last = ["zhq", "zhq@ki.example", "", "", ""]
    table = read_table(save(tmp_path, as_csv([[*HEADINGS, "Telefon"], *students, last]), "course.csv"))
    protected: tuple[str, ...] = ()
    try:
        roster = read_roster(table, WORDS)
    except PeerplanError as error:
        problems = error.problems
    else:
        problems, protected = roster.notices, roster.protected
        assert len(roster.students) + len(protected) == table.count
    said = [problem_line(language, problem) for language in kit().languages for problem in problems]
    said += [*protected, repr(problems)]
    assert not [line for line in said if "zhq" in line or "9874" in line or "anna@" in line]
