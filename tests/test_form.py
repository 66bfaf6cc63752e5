"""The form: one page that needs nothing else, can do nothing else, and gives what the interview gives."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from peerplan.answers.draft import Draft
from peerplan.answers.keys import LANGUAGE
from peerplan.answers.questions import Step
from peerplan.answers.toml_new import new_answers
from peerplan.answers.values import MISSING
from peerplan.documents.form import FORM, form_page
from peerplan.documents.page import LAYOUTS
from peerplan.interview.walk import Walk
from samples import AS_OF, guide, run, say
from test_page import BROWSER, HOSTILE, VNU, Reader, contrast, needs_browser, palettes
from test_walk import Person

LANGUAGES = ("en", "sv")
PARTS = ["support", "environment", "institution", "students"]


def page(language: str = "en") -> str:
    return form_page(guide(language)).decode()


def inner(tag: str, text: str) -> str:
    (found,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return str(found)


def data(language: str = "en") -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="form-data">(.*?)</script>', page(language))
    read: dict[str, Any] = json.loads(found)
    return read


def rules(text: str) -> dict[str, str]:
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return {rule.partition(" ")[0]: rule.partition(" ")[2] for rule in policy.replace("&#39;", "'").split("; ")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_runs_its_own_script_and_nothing_else(language: str) -> None:
    text = page(language)
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        digest = b64encode(sha256(inner(tag, text).encode()).digest()).decode()
        assert rules(text)[kind] == f"'sha256-{digest}'"
    assert rules(text)["default-src"] == rules(text)["base-uri"] == rules(text)["form-action"] == "'none'"
    assert rules(text)["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_nothing_from_elsewhere(language: str) -> None:
    read = Reader(page(language))
    assert {tag for tag, _ in read.tags} & {"link", "img", "iframe", "object", "base"} == set()
    assert read.values("src") == read.values("href") == []
    script = inner("script", page(language))
    assert not re.search(
        r"\beval\b|Function\(|innerHTML|outerHTML|insertAdjacent|document\.write|fetch\(|https?:", script
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_it_says_is_in_it_and_nothing_is_written_twice(language: str) -> None:
    said = data(language)["say"]
    script = "".join(path.read_text(encoding="utf-8") for path in LAYOUTS.glob("form-*.js"))
    asked = set(re.findall(r'\b(?:say|wrong)\("([a-z-]+)"', script))
    assert len(asked) > 40
    assert asked - said.keys() == set()
    assert said[MISSING] == say(language, MISSING)
    assert "{program}" not in json.dumps(said)
    assert not re.search(r"[åäöÅÄÖ]", re.sub("//.*", "", script))  # no words in a script


def test_what_is_asked_is_what_the_content_has() -> None:
    content, asked = guide(), data()
    assert [fact["key"] for fact in asked["facts"]] == [fact.key for fact in content.facts]
    assert [item["key"] for item in asked["items"]] == [item.key for item in content.items]
    assert [one["id"] for one in asked["questions"]] == [one.id for one in content.questions]


def test_no_text_of_the_content_ends_the_script() -> None:
    content = guide()
    ends = "</script><script>alert(1)</script><!--"
    facts = (content.facts[0].model_copy(update={"question": ends}), *content.facts[1:])
    text = form_page(content.model_copy(update={"facts": facts})).decode()
    assert len([tag for tag, _ in Reader(text).tags if tag == "script"]) == 2
    assert "alert(1)" in text


def test_another_version_of_the_questions_has_another_name_in_the_browser() -> None:
    versions = {data(language)["version"] for language in LANGUAGES}
    assert len(versions) == 2
    assert data()["version"] == data()["version"]


def test_errors_can_be_read_in_both_schemes() -> None:
    css = (LAYOUTS / "form.css").read_text(encoding="utf-8")
    for colour, tokens in zip(re.findall(r"--error: (#\w{6})", css), palettes()[:2], strict=True):
        assert contrast(colour, tokens["ground"]) >= 4.5
        assert contrast(tokens["link"], tokens["ground"]) >= 4.5  # a button's words, either way round


# --- the command -----------------------------------------------------------------------------------------------------


def test_it_is_written_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    made = run("form", "--lang", "sv", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert FORM in made.stdout
    assert (tmp_path / FORM).read_text(encoding="utf-8") == page("sv")


def test_it_goes_where_it_is_wanted_and_leaves_alone_what_is_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        made = run("form", "--output", "there/questions.html", "--json", cwd=tmp_path)
        assert json.loads(made.stdout) == {"version": 1, "form": str(Path("there/questions.html")), "notices": []}
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["questions.html"]


def test_what_stood_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / FORM).write_text("mine", encoding="utf-8")
    made = run("form", cwd=tmp_path)
    assert (made.returncode, f"{FORM}.bak" in made.stderr) == (0, True)
    assert (tmp_path / f"{FORM}.bak").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / FORM).read_text(encoding="utf-8") == page()


def test_where_it_cannot_be_written_one_line_says_so(tmp_path: Path) -> None:
    made = run("form", "--output", tmp_path, cwd=tmp_path)
    assert (made.returncode, len(made.stderr.splitlines())) == (5, 1)
    assert run("form", "--lang", "fi", cwd=tmp_path).returncode == 2


# --- filled in, in a browser -----------------------------------------------------------------------------------------

FACTS: Mapping[str, object] = {
    "unit.name": "Avdelning 7 (Öst)",
    "unit.setting": "hospital",
    "who": "beginner",
    "placement.start": "18/1 2027",
    "placement.end": "12 mars 2027",
    "placement.scope": "whole-period",
    "placement.participants": "4",
    "details": "now",
    "unit.workplace": "\"'><script>alert(1)</script>",
    "unit.coordinator.role": "other",
    "unit.coordinator.title": "=1+1",
    "unit.coordinator.name": "Åsa Ek",
    "unit.coordinator.email": "asa.ek@sjukhuset.example",
    "unit.coordinator.phone": "+46 8 123 456",
    "placement.activities": ["rounds", "documentation"],
    "placement.own-activities": "såromläggning, rond",
    "first-day.time": "7.30",
    "support.decision": "try",
    "institution.contact": "yes",
}
TURNS = ("yes", "partly", "no", "unknown", "partly", "yes")


class Coordinator(Person):
    """Gives the same answers here as in the browser, and remembers them."""

    def answer(self, step: Step) -> object:
        return FACTS.get(step.key, TURNS[len(self.asked) % len(TURNS)] if step.done else "")


def interviewed(language: str) -> tuple[Draft, dict[str, object]]:
    """The answers that an interview leaves, and what was answered to each question."""
    given: dict[str, object] = {}
    person = Coordinator(lambda step, _: given.setdefault(step.key, person.answer(step)))
    person.note = HOSTILE
    content = guide(language)
    walk = Walk({LANGUAGE: language}, content, person, None, AS_OF, is_new=True)
    draft = walk.run()
    assert not any(person.problems)
    assert len(person.notes) > 2
    given |= dict.fromkeys(person.notes, HOSTILE)
    return draft, {key: value for key, value in given.items() if value}


def in_browser(task: str, folder: Path, language: str, **given: object) -> dict[str, Any]:
    """What a browser says of a task of form.mjs."""
    path = folder / f"form-{language}.html"
    path.write_text(page(language), encoding="utf-8")
    node = shutil.which("node")
    assert node
    command = [node, BROWSER / "form.mjs", task, folder, path]
    made = subprocess.run(
        [*map(str, command)], input=json.dumps(given), capture_output=True, encoding="utf-8", check=False, timeout=600
    )
    assert made.stderr == ""
    found: dict[str, Any] = json.loads(made.stdout)
    assert found["told"] == []  # no request, no dialog, nothing that the policy forbade
    return found


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keyboard_alone_it_gives_what_the_interview_gives(language: str, tmp_path: Path) -> None:
    draft, given = interviewed(language)
    buttons = [say(language, "form-download"), say(language, "form-line")]
    found = in_browser("walk", tmp_path, language, **given, buttons=buttons, areas=PARTS)
    assert found["wrong"] == []
    assert [one["tag"] for one in found["begun"]] == ["H2"] * 5  # what has the focus when a part begins
    assert found["scripts"] == 2
    assert [bool(count) for count in found["sources"]] == [False, True, True, True, True, False]
    answers, table = (tmp_path / name for name in found["files"])
    assert [answers.name, table.name] == ["avdelning-7-ost-answers.toml", "avdelning-7-ost-units.csv"]
    assert answers.read_text(encoding="utf-8") == new_answers(draft, guide(language))
    assert table.name in found["status"]
    made = run("init", "ward", "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path)
    assert made.returncode == 0


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_told_where_it_is_and_led_to(language: str, tmp_path: Path) -> None:
    found = in_browser("errors", tmp_path, language, next=say(language, "form-next"))
    problem = say(language, MISSING)
    assert found["wrong"] == []
    assert found["summary"]["look"] == "errors"
    assert found["summary"]["text"].count(problem) == 3
    assert found["field"]["id"] == "unit-name"
    assert found["described"]["invalid"] == "true"
    assert say(language, "form-error", problem=problem) in found["described"]["text"]
    assert found["invalid"] == "false"


@pytest.mark.slow
@needs_browser
def test_one_can_go_back_and_forth_and_the_review_says_what_is_missing_and_leads_there(tmp_path: Path) -> None:
    unfinished = say("en", "form-unfinished", count="").partition(":")[0]
    found = in_browser("review", tmp_path, "en", next=say("en", "form-next"), areas=PARTS)
    assert found["seen"] == [
        ["#support", "H2"],
        ["", "H2"],
        ["#support", "H2"],
        ["#review", "H2"],
        ["#support", "support-decision-use"],
        ["#review", "H2"],
    ]
    assert unfinished in found["unfinished"]
    assert say("en", "form-download") in found["text"]
    assert unfinished not in found["text"]


@pytest.mark.slow
@needs_browser
def test_answers_are_kept_until_they_are_forgotten_and_never_what_was_refused(tmp_path: Path) -> None:
    found = in_browser("storage", tmp_path, "en", forget=say("en", "form-forget"), number="19121212-1212")
    ((key, kept),) = ((key, kept) for key, kept in found["kept"].items() if data()["version"] in key)
    assert "form-en.html " in key
    assert "Ward 7" in kept
    assert "1212" not in kept
    assert found["back"]["name"] == "Ward 7"
    assert say("en", "form-found", unit="Ward 7") in found["back"]["text"]
    assert found["tabs"] == "Ward 8"  # what one tab takes, the other does not undo
    assert found["dialogs"] == [say("en", "form-forget-sure")]
    assert (found["forgotten"]["items"], found["forgotten"]["name"]) == (found["others"], "")
    assert say("en", "form-forgotten") in found["forgotten"]["text"]
    assert found["refused"]["name"] == "Ward 7"
    assert say("en", "form-not-kept") in found["refused"]["text"]


@pytest.mark.slow
@needs_browser
def test_it_is_valid_html(tmp_path: Path) -> None:
    paths = []
    for language in LANGUAGES:
        paths.append(tmp_path / f"{language}.html")
        paths[-1].write_text(page(language), encoding="utf-8")
    java = shutil.which("java")
    assert java
    command = [java, "-jar", VNU, "--stdout", "--errors-only", *paths]
    made = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert made.stdout == ""
