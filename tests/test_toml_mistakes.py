"""A line that is no TOML is told with what to write there, and nothing personal is repeated."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from peerplan.answers.toml import read_answers
from peerplan.errors import InputError, Problem
from samples import kit, problem_line, run


def told(folder: Path, text: str) -> Problem:
    path = folder / "answers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_answers(path)
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize(
    ("line", "message", "right"),
    [
        ("name = \u201cWard 7\u201d", "toml-curly", 'name = "Ward 7"'),
        ("name = \u201dWard 7\u201d # big", "toml-curly", 'name = "Ward 7"'),
        ("name = \u2018Ward 7\u2019,", "toml-curly", 'name = "Ward 7"'),
        ("name = Ward 7", "toml-quotes", 'name = "Ward 7"'),
        ("name = Ward's", "toml-quotes", 'name = "Ward\'s"'),
        ("name =", "toml-quotes", 'name = ""'),
        ("professions = [nursing, medicine]", "toml-quotes", 'professions = ["nursing", "medicine"]'),
        ("managers = Yes", "toml-quotes", 'managers = "Yes"'),
        ("managers = True", "toml-true", "managers = true"),
        ('name = "Ward 7', "toml-quote", 'name = "Ward 7"'),
        ("name = 'Ward 7", "toml-quote", 'name = "Ward 7"'),
        ('name = Ward 7"', "toml-quote", 'name = "Ward 7"'),
        ('name = "Ward "7" north"', "toml-quote", "name = 'Ward \"7\" north'"),
        ('name = "Ward 7";', "toml-end", 'name = "Ward 7"'),
        ('name = "Ward 7",', "toml-end", 'name = "Ward 7"'),
        ('name ; "Ward 7"', "toml-sign", 'name = "Ward 7"'),
        ('name: "Ward 7"', "toml-sign", 'name = "Ward 7"'),
        ("name == Ward 7", "toml-sign", 'name = "Ward 7"'),
        ('name "Ward 7"', "toml-equals", 'name = "Ward 7"'),
        ("name Ward 7", "toml-equals", 'name = "Ward 7"'),
        ('workplace = "C:\\Users\\x"', "toml-backslash", "workplace = 'C:\\Users\\x'"),
        ('workplace = "C:\\Users\\x\'s"', "toml-backslash", 'workplace = "C:\\\\Users\\\\x\'s"'),
        ('professions = ["a"; "b"]', "toml-comma", 'professions = ["a", "b"]'),
        ('professions = ["a", "b"', "toml-bracket", 'professions = ["a", "b"]'),
        ("[placement", "toml-bracket", "[placement]"),
        ("placement]", "toml-bracket", "[placement]"),
        ("[[own", "toml-bracket", "[[own]]"),
        ("start = 25/1", "toml-date", "start = 2027-01-18"),
        ("start = 18 January 2027", "toml-date", "start = 2027-01-18"),
        ("start = 2027-02-30", "toml-date", "start = 2027-01-18"),
        ("start = 2027-01-18;", "toml-end", "start = 2027-01-18"),
        ("start: 2027-01-18", "toml-sign", "start = 2027-01-18"),
    ],
)
def test_each_usual_mistake_is_told_with_what_to_write(tmp_path: Path, line: str, message: str, right: str) -> None:
    problem = told(tmp_path, f'[unit]\n# a comment\n{line}\nsetting = "hospital"\n[support]\ndecision = "try"\n')
    assert (problem.message, problem.values) == (message, {"line": right})
    assert problem.place.endswith(":3")
    assert tomllib.loads(right)
    for language in kit().languages:
        assert right in problem_line(language, problem)


@pytest.mark.criterion(8)
@pytest.mark.parametrize(
    ("text", "first", "line"),
    [
        ('[unit]\nname = "a"\nname = "b"\n', 2, 3),
        ('[unit]\nname = "a"\n[notes]\nname = "x"\n[unit]\nsetting = "b"\n', 1, 5),
        ('[unit]\ncoordinator = { name = "x" }\n[unit.coordinator]\nrole = "aka"\n', 2, 3),
    ],
)
def test_what_stands_twice_is_told_with_both_lines(tmp_path: Path, text: str, first: int, line: int) -> None:
    problem = told(tmp_path, text)
    assert (problem.message, problem.values) == ("toml-twice", {"first": first})
    assert problem.place.endswith(f":{line}")


def test_a_list_that_goes_on_over_lines_is_told_where_it_begins(tmp_path: Path) -> None:
    problem = told(tmp_path, '[unit]\nprofessions = [\n  "a",\n  "b"\nname = "c"\n')
    assert (problem.message, problem.place[-2:]) == ("toml-bracket", ":2")


BLANKS = " " * 190_000  # where time grew with the square of a length, each of these took many minutes


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (f"[unit{BLANKS}x\n", "not-toml", 1),
        (f"{BLANKS}x\n", "not-toml", 1),
        (f'[unit]\nname = a{BLANKS}b"\n', "toml-quote", 2),
        (f"[unit]\nname = {'= ' * 90_000}\n", "toml-quotes", 2),
        (f'[unit]\nprofessions = ["a"\n{chr(10) * 90_000}', "toml-bracket", 2),
    ],
)
def test_what_is_very_long_is_told_like_anything_else(tmp_path: Path, text: str, message: str, line: int) -> None:
    problem = told(tmp_path, text)
    assert (problem.message, problem.place.rpartition(":")[2]) == (message, str(line))


@pytest.mark.parametrize("number", ["9" * 5000, f"0x{'f' * 5000}", "9_" * 3000 + "9"])
@pytest.mark.parametrize("text", ["[placement]\nparticipants = {}\n", '[unit]\na = {{b = "c", d = {}}}\n'])
def test_a_number_that_python_does_not_read_is_told_wherever_it_stands(tmp_path: Path, text: str, number: str) -> None:
    problem = told(tmp_path, text.format(number))
    assert (problem.message, problem.place.rpartition(":")[2]) == ("not-toml", "2")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[unit.coordinator]\nname = Anna Ek", 'name = "..."'),
        ("[unit]\ncoordinator.name = \u201cAnna Ek\u201d", 'coordinator.name = "..."'),
        ('[unit]\ncoordinator = { name = \u201cAnna Ek\u201d, role = "aka" }', 'coordinator = { name = "..." }'),
        ("unit.coordinator.email = Anna@ki.example", 'unit.coordinator.email = "..."'),
        ("[unit]\nworkplace = Anna@ki.example", 'workplace = "..."'),
        ("[unit]\nworkplace = Anna 8112289874", 'workplace = "..."'),
        ("[notes]\nrooms = Anna said so", 'rooms = "..."'),
        ("[who]\nrooms: Anna", 'rooms = "..."'),
        ("[filled]\nmanagers-decision = 'Anna", 'managers-decision = "..."'),
        ("[[own]]\ntitle = Ask Anna", 'title = "..."'),
        ("[first-day]\nmet-by = Anna", 'met-by = "..."'),
        ("kontakt = Anna", 'kontakt = "..."'),
        (f"[unit]\nworkplace = {'Anna ' * 30}", 'workplace = "..."'),
    ],
)
def test_nothing_personal_is_repeated(tmp_path: Path, text: str, form: str) -> None:
    problem = told(tmp_path, text + "\n")
    assert problem.values == {"line": form}
    assert not re.search(r"Anna|Ek|\d{4}", problem_line("sv", replace(problem, place="")))


@pytest.mark.parametrize(
    "text", ["Anna Ek;anna@ki.example\n", "anna ek\n", "anna: 8112289874\n", "[unit]\nMin enhet = Anna\n"]
)
def test_what_nobody_can_guess_gets_a_general_message_in_the_persons_language(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text).message == "not-toml"
    made = run("init", "w", "--answers", "answers.toml", "--lang", "sv", "--no-input", cwd=tmp_path)
    assert made.returncode == 3
    assert "raden går inte att förstå; skriv den som" in made.stderr
    assert "nna" not in made.stderr
