"""The form's scripts ask, judge and write what the program does: the same cases, given to both."""

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

import rules
import samples
from peerplan.answers.days import days_of
from peerplan.answers.draft import Draft
from peerplan.answers.email import email_problem
from peerplan.answers.privacy import check_text
from peerplan.answers.questions import Step, problem_with, questions_for
from peerplan.answers.toml import read_answers
from peerplan.answers.toml_new import new_answers
from peerplan.answers.values import typed
from peerplan.documents.form import LOGIC, PAGE, form_data
from peerplan.documents.page import LAYOUTS
from peerplan.errors import Problem
from peerplan.folder.folder import folder_name
from peerplan.guide.guide import Guide
from peerplan.interview.walk import Walk
from peerplan.plan.doubts import FAR, doubtful_end, doubtful_start
from samples import AS_OF, EXAMPLES, START
from test_days import DAY
from test_walk import Person

NODE = shutil.which("node")
SCRIPT = "".join((LAYOUTS / name).read_text(encoding="utf-8") for name in (*LOGIC, *PAGE))
LANGUAGES = ["en", "sv"]

pytestmark = pytest.mark.skipif(NODE is None, reason="bash .ci/browser installs what this needs")


def as_json(value: object) -> object:
    """A value as the scripts have it: a day is an object of its own."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value


def say(problem: Problem | None) -> object:
    """A problem as the scripts have it."""
    if problem is None:
        return None
    values = {
        name: say(value) if isinstance(value, Problem) else str(value) if isinstance(value, date) else value
        for name, value in problem.values.items()
    }
    return {"message": problem.message, "values": values}


def answered(guide: Guide, folder: Path, cases: Sequence[Sequence[object]]) -> list[Any]:
    """What the scripts say of each case: the name of a function, and what it is given."""
    data = folder / "data.json"
    data.write_text(json.dumps(form_data(guide, SCRIPT)), encoding="utf-8")
    assert NODE
    command = [NODE, Path(__file__).parent / "browser" / "logic.mjs", data, *(LAYOUTS / name for name in LOGIC)]
    given = json.dumps(as_json(cases))
    run = subprocess.run([*map(str, command)], input=given, capture_output=True, encoding="utf-8", check=False)
    assert run.stderr == ""
    found: list[Any] = json.loads(run.stdout)
    return found


def seeded(seed: int) -> Random:
    """Cases that are the same each time."""
    return Random(seed)  # noqa: S311 # no secrets


# --- which questions are asked ---------------------------------------------------------------------------------------


def as_step(step: Step) -> dict[str, object]:
    return {
        "key": step.key,
        "area": step.area,
        "kind": step.kind,
        "label": step.label,
        "question": step.question,
        "why": step.why,
        "options": [{"id": id_, "label": label, "about": step.meanings.get(id_, "")} for id_, label in step.options],
        "required": step.required,
        "default": step.default,
        "partly": step.partly,
        "sources": [*step.sources],
        "done": [*step.done],
        "note": step.note,
        "sets": {id_: dict(sets) for id_, sets in step.sets.items()} or None,
        "asks": step.asks,
    }


def random_draft(guide: Guide, random: Random) -> tuple[Draft, list[str]]:
    """Answers as they may come, some of them to questions that are not asked, and what is asked one by one."""
    draft: Draft = {}
    for fact in guide.facts:
        choices = [choice.id for choice in fact.choices]
        values: dict[str, list[object]] = {
            "choice": [*choices, ""],
            "choices": [[], "", choices[:2], choices[-1:]],
            "integer": [1, 2, 3, 4, ""],
            "date": [START, ""],
        }
        if random.random() < 0.7:
            draft[fact.key] = random.choice(values.get(fact.kind, ["Ett svar", ""]))
    for item in guide.items:
        if random.random() < 0.7:
            draft[item.key] = random.choice([option.id for option in guide.options_of(item)])
    return draft, [question.id for question in guide.questions if random.random() < 0.2]


@pytest.mark.parametrize(
    "guide", [samples.guide("en"), samples.guide("sv"), rules.guide("en")], ids=["en", "sv", "small"]
)
def test_the_same_questions_are_asked_of_any_answers(guide: Guide, tmp_path: Path) -> None:
    random = seeded(18)
    cases: list[tuple[Draft, list[str]]] = [({}, []), *(random_draft(guide, random) for _ in range(400))]
    for (draft, opened), steps in zip(
        cases, answered(guide, tmp_path, [("steps", *case) for case in cases]), strict=True
    ):
        assert steps == [as_step(step) for step in questions_for(draft, guide, opened)]
    asked = {tuple(step.key for step in questions_for(draft, guide, opened)) for draft, opened in cases}
    assert len(asked) > 5


def test_the_same_is_read_in_answers_and_taken_of_an_answer(tmp_path: Path) -> None:
    guide, random = samples.guide(), seeded(7)
    read: list[tuple[object, ...]] = []
    wanted: list[object] = []
    for _ in range(15):
        draft, _ = random_draft(guide, random)
        for step in questions_for(draft, guide):
            read.append(("answerIn", draft, step.key))
            wanted.append(as_json(step.answer_in(draft)))
            for option, _label in step.options if step.kind == "choice" else ():
                read.append(("taken", draft, step.key, option))
                wanted.append(as_json({**draft, **step.answers(option)}))
    assert answered(guide, tmp_path, read) == wanted


def test_a_choice_that_does_not_apply_now_comes_back_if_it_does_again(tmp_path: Path) -> None:
    draft = {"unit.setting": "laboratory", "placement.activities": ["rounds", "documentation"]}
    case = ("taken", {**draft, "unit.workplace": "Here"}, "placement.activities", ["specimens"])
    (taken,) = answered(samples.guide(), tmp_path, [case])
    assert taken["placement.activities"] == ["specimens", "rounds"]


# --- what is an answer -----------------------------------------------------------------------------------------------


SEPARATORS = ["-", "/", ".", " ", " - ", "/ ", "", ", ", ":e ", "th ", "\u2013", "\u00a0", "-'", " den "]
PARTS = ["18", "1", "01", "31", "2", "2027", "27", "30", "4", "13", "January", "jan", "januari", "Jan.", "maj", "må",
         "måndag", "Monday", "Mon,", "tisdagen", "den", "18th", "18:e", "1st", "\uff11\uff18", "ma", "x",
         "constructor", "0"]  # fmt: skip


def days(random: Random) -> list[str]:
    made = [
        "".join(part + random.choice(SEPARATORS) for part in random.choices(PARTS, k=random.randint(1, 5)))
        for _ in range(3000)
    ]
    forms = ["2027-01-18", "20270118", "18 January 2027", "18/1 2027", "18/1-27", "måndagen den 18 januari 2027",
             "1/2 2027", "18/1", "2027-02-30", "1/13/2027", "tisdag 18 januari 2027", "", "19811228-9874"]  # fmt: skip
    return [*forms, *made, *(one.strip() for one in made)]


def test_a_day_is_the_same_day_and_refused_for_the_same_reason(tmp_path: Path) -> None:
    texts = days(seeded(1))
    guide = samples.guide()
    read = [days_of(guide).read(text) for text in texts]
    assert DAY in read
    assert {one.message for one in read if isinstance(one, Problem)} == {
        "not-a-date", "no-year", "no-such-day", "ambiguous-date", "other-weekday",
    }  # fmt: skip
    found = answered(guide, tmp_path, [("readDay", text) for text in texts])
    for text, mine, theirs in zip(texts, read, found, strict=True):
        assert theirs == (say(mine) if isinstance(mine, Problem) else as_json(mine)), text


def numbers(random: Random) -> list[str]:
    """Texts with what is, may be and is not an identity number in them."""
    tens = ["8112289874", "1212121212", "7010632391", "5560160680", "8112289875", "9001011239", "0701012395"]
    marks = ["", "-", "+", " ", " - ", "--", "/", "_", ".", "\u2013", "\u200b", "\u00ad", ","]
    made = []
    for _ in range(2000):
        ten, inner = random.choice(tens), random.choice(["", "", "", "-", ".", " ", "/"])
        born = random.choice(["", "19", "20", "18", "1"]) + inner.join((ten[:2], ten[2:4], ten[4:6]))
        text = born + random.choice(marks) + ten[6:]
        if random.random() < 0.2:
            text = text.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
        made.append(
            random.choice(["", "Anna ", "0.", "1", "(", "2027-01-18 0800 "])
            + text
            + random.choice(["", ",5", " x", "1"])
        )
    return [*made, "2027-01-18 0800", "+46 70 123 45 67"]


def test_an_identity_number_is_found_where_the_program_finds_it(tmp_path: Path) -> None:
    texts = numbers(seeded(2))
    certain = [check_text(text, "").certain for text in texts]
    assert 100 < sum(map(bool, certain)) < len(texts) - 100
    found = answered(samples.guide(), tmp_path, [("problemWith", "text", text) for text in texts])
    for text, mine, theirs in zip(texts, certain, found, strict=True):
        assert theirs == (say(mine[0]) if mine else None), text
    doubts = answered(samples.guide(), tmp_path, [("doubtIn", text) for text in texts])
    for text, doubt in zip(texts, doubts, strict=True):
        doubtful = check_text(text, "").doubtful
        assert doubt == (say(doubtful[0]) if doubtful else None), text


@pytest.mark.parametrize(
    "address",
    ["asa@ki.se", "Asa.Ek@KI.se", "a+b@x-y.z0.org", "o'neil@a.se", "a@åäö.se", "a b@c.se", "a@b@c.se", "åsa@ki.se",
     "@ki.se", "a@ki", "a@.ki.se", "a..b@ki.se", "kim", "a@ki_x.se", "a@ki.local", "a@1.2", "a@b.se.", "a@-b.se",
     "a@ab--c.se", "a@xn--berg-5qa.se", ".a@b.se", f"{'a' * 65}@b.se", "a@b,se"],
)  # fmt: skip
def test_an_address_is_refused_for_the_same_reason(address: str, tmp_path: Path) -> None:
    (found,) = answered(samples.guide(), tmp_path, [("problemWith", "email", address)])
    assert found == say(email_problem(address))


CASES: list[tuple[str, str]] = [
    *(("unit.name", text) for text in ["", "  ", "Ward 7", "**x**", "<b>x</b>", "a" * 101, "\u200b", "Å" * 100]),
    *(
        ("unit.workplace", text)
        for text in ["x" * 201, "x" * 200, "🙂" * 200, "Norra 19121212-1212", "a\u202eb", "a\tb"]
    ),
    *(("placement.participants", text) for text in ["0", "1", " 4 ", "200", "201", "many", "\uff14", "4.0", "-1"]),
    *(("placement.start", text) for text in ["2027-01-18", "1/2 2027", "soon", "19811228-9874"]),
    *(("placement.end", text) for text in ["2027-01-17", "2027-01-18", "12 mars 2027"]),
    *(("placement.own-activities", text) for text in ["wound care; rounds,", "x" * 201, "a, 19121212-1212"]),
    *(("unit.coordinator.email", text) for text in ["kim@example.org", "kim"]),
    ("unit.coordinator.name", "Kim 19121212-1212"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_judged_as_in_the_interview(language: str, tmp_path: Path) -> None:
    guide = samples.guide(language)
    draft = samples.draft({"unit.workplace": "Here", "placement.end": ""}, language=language)
    steps = {step.key: step for step in questions_for(draft, guide)}
    values = [typed(steps[key].kind, text, guide) for key, text in CASES]
    kinds = [("typed", steps[key].kind, text) for key, text in CASES]
    assert answered(guide, tmp_path, kinds) == [as_json(value) for value in values]
    judged = answered(
        guide,
        tmp_path,
        [("judged", draft, key, value, str(AS_OF)) for (key, _), value in zip(CASES, values, strict=True)],
    )
    for (key, text), value, theirs in zip(CASES, values, judged, strict=True):
        assert theirs == say(problem_with(steps[key], value, draft, guide)), (key, text)


def test_a_placement_that_has_begun_is_refused(tmp_path: Path) -> None:
    cases: list[tuple[object, ...]] = [
        ("judged", {}, "placement.start", date(2026, 11, day), "2026-11-24") for day in (23, 24)
    ]
    found = answered(samples.guide(), tmp_path, cases)
    values = {"start": "2026-11-23", "as_of": "2026-11-24"}
    assert found == [{"message": "interview-has-begun", "values": values}, None]


def test_a_day_in_a_weekend_or_far_away_is_told_as_the_program_tells_it(tmp_path: Path) -> None:
    days = [*(date(2027, 1, day) for day in range(15, 23)), date(2028, 11, 23), AS_OF + FAR, AS_OF + FAR + timedelta(1)]
    cases = [("doubtInAnswer", key, day, str(AS_OF)) for key in ("placement.start", "placement.end") for day in days]
    found = answered(samples.guide(), tmp_path, cases)
    assert found[: len(days)] == [say(doubtful_start(day, "SE", AS_OF)) for day in days]
    ends = days[:8]  # how far an end lies from the start, the page does not look at
    assert found[len(days) :][:8] == [say(doubtful_end(AS_OF, day, "SE")) for day in ends]
    assert {one and one["message"] for one in found} == {None, "start-day-off", "start-far", "end-day-off"}


def test_what_was_wrong_is_judged_again_when_another_answer_changes(tmp_path: Path) -> None:
    cases = [
        ("written", [["placement.start", "18/1 2027"], ["placement.end", "17/1 2027"]]),
        (
            "written",
            [["placement.start", "18/1 2027"], ["placement.end", "17/1 2027"], ["placement.start", "14/1 2027"]],
        ),
        ("written", [["placement.end", "17/1 2027"], ["placement.start", "18/1 2027"]]),
        ("written", [["placement.participants", "4"], ["placement.participants", "19121212-1212"]]),
    ]
    early, right, late, number = answered(samples.guide(), tmp_path, cases)
    wrong = "end-before-start"
    assert [found["problems"].get("placement.end") for found in (early, right, late)] == [wrong, None, wrong]
    assert "placement.end" not in early["draft"]
    assert right["draft"]["placement.end"] == {"day": "2027-01-17"}
    assert number["problems"]["placement.participants"] == "privacy-identity-number"
    assert "1212" not in json.dumps(number["kept"])


def test_what_is_passed_over_counts_as_what_is_offered_but_no_readiness_does(tmp_path: Path) -> None:
    found = answered(samples.guide(), tmp_path, [("written", [])])[0]
    assert found["draft"]["placement.audience"] == "students"
    assert found["draft"]["placement.scope"] == "whole-period"
    assert found["draft"]["placement.participants"] == found["draft"]["unit.workplace"] == ""
    assert found["problems"].keys() >= {"unit.name", "unit.setting", "placement.start", "support.decision"}
    assert set(found["problems"].values()) == {"missing"}


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/answers.toml")), ids=lambda path: path.parent.name)
def test_the_answers_of_an_example_are_written_byte_for_byte(example: Path, tmp_path: Path) -> None:
    draft = read_answers(example).draft
    (text,) = answered(samples.guide(str(draft["language"])), tmp_path, [("answersText", draft)])
    assert text == example.read_text(encoding="utf-8")


class Coordinator(Person):
    """Answers each question as the answers of an example have it, and remembers what she wrote."""

    def __init__(self, answers: Draft) -> None:
        super().__init__(self.answered)
        self.answers = answers
        self.given: dict[str, object] = {}

    def answered(self, step: Step, _: object) -> object:
        answer = step.answer_in(self.answers)
        told = answer if isinstance(answer, list) else "" if answer is None else str(answer)
        self.given[step.key] = ", ".join(told) if step.kind == "list" else told
        return self.given[step.key]


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/answers.toml")), ids=lambda path: path.parent.name)
def test_the_answers_of_an_example_entered_give_what_the_interview_gives(example: Path, tmp_path: Path) -> None:
    answers = read_answers(example).draft
    guide = samples.guide(str(answers["language"]))
    person = Coordinator(answers)
    draft = Walk({"language": guide.language}, guide, person, None, AS_OF, is_new=True).run()
    (entered,) = answered(guide, tmp_path, [("entered", person.given)])
    assert {"language": guide.language, **entered} == as_json(draft)
    (text,) = answered(guide, tmp_path, [("answersText", draft)])
    assert text == new_answers(draft, guide)
    both = draft.keys() & answers.keys()  # a file may hold what this unit is not asked
    assert len(both) > 20
    assert {key: draft[key] for key in both} == {key: answers[key] for key in both}


HOSTILE = "\"]\n[unit]\x00\\ ' = <!-- </script> \u2028 \x7f å 🙂 # x"


def test_any_answers_are_written_as_the_program_writes_them(tmp_path: Path) -> None:
    guide, random = samples.guide("sv"), seeded(3)
    drafts: list[Draft] = [random_draft(guide, random)[0] for _ in range(100)]
    drafts[0] |= {"unit.name": HOSTILE, "notes.rooms": HOSTILE, "due.rooms": START, "filled.x y": HOSTILE}
    drafts[1] |= {"own": [{"title": HOSTILE, "due": START, "done": False}], "planned-from": AS_OF}
    texts = answered(guide, tmp_path, [("answersText", draft) for draft in drafts])
    for number, (draft, text) in enumerate(zip(drafts, texts, strict=True)):
        assert text == new_answers(draft, guide)
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8", newline="")
        assert read_answers(path).draft == {"language": "sv", **draft}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_has_the_headings_of_the_starter(language: str, tmp_path: Path) -> None:
    made = samples.run("batch", "--starter", "starter.csv", "--lang", language, cwd=tmp_path)
    assert made.returncode == 0
    (text,) = answered(samples.guide(language), tmp_path, [("unitLine", samples.draft())])
    delimiter = samples.guide(language).own_language.delimiter
    starter = (tmp_path / "starter.csv").read_text(encoding="utf-8-sig")
    headings, line = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    assert headings == next(csv.reader(StringIO(starter), delimiter=delimiter))
    assert len(line) == len(headings)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_makes_the_plan_that_the_answers_make_and_is_no_formula(language: str, tmp_path: Path) -> None:
    guide = samples.guide(language)
    changes: Draft = {
        "unit.coordinator.phone": "+46 8 123 456",
        "unit.workplace": "@SUM(1),=1+1;-2",
        "placement.own-activities": ["wound care", "=rounds"],
        "placement.activities": ["patient-encounter", "documentation"],
        "unit.coordinator.role": "aka",
    }
    draft = samples.draft(changes, state="partly", language=language)
    text, toml = answered(guide, tmp_path, [("unitLine", draft), ("answersText", draft)])
    (tmp_path / "units.csv").write_text(text, encoding="utf-8", newline="")
    assert not re.search(r'(^|[",;\t])[=+@-]', text, re.MULTILINE)
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "x.toml").write_text(toml, encoding="utf-8", newline="")
    for source, to in (("units.csv", "of-table"), ("answers", "of-files")):
        made = samples.run("batch", source, "--to", to, "--lang", language, "--as-of", str(AS_OF), cwd=tmp_path)
        assert made.returncode == 0, made.stderr
    table, files = (tmp_path / to / "ward-7" for to in ("of-table", "of-files"))
    assert read_answers(table / "answers.toml").draft == read_answers(files / "answers.toml").draft
    assert (table / "plan.md").read_bytes() == (files / "plan.md").read_bytes()


@pytest.mark.parametrize(
    ("unit", "name"),
    [("Avdelning 7 (Öst)", "avdelning-7-ost-x.csv"), ("Ångström/Æble: ß", "angstrom-aeble-ss-x.csv"),
     ("..\\..", "x.csv"), ("СПб", "x.csv"), ("CON", "con-x.csv"), ("O'Neil's", "oneils-x.csv"),
     ("a" * 99, f"{'a' * 60}-x.csv")],
)  # fmt: skip
def test_a_file_is_called_after_the_unit(unit: str, name: str, tmp_path: Path) -> None:
    (found,) = answered(samples.guide(), tmp_path, [("fileName", {"unit.name": unit}, "x.csv")])
    assert found == name


@pytest.mark.parametrize(
    "unit", ["Avdelning 7 (Öst)", "Ängen", "Kirurgen, plan 4", "Röntgen & lab", "Hemsjukvård Norr/Syd"]
)
def test_a_file_is_called_as_the_folder_is(unit: str, tmp_path: Path) -> None:
    (found,) = answered(samples.guide(), tmp_path, [("fileName", {"unit.name": unit}, "x")])
    assert found == f"{folder_name(unit)}-x"
