"""The interview in a real pseudo-terminal: menus and plain lines, both languages, every way to be interrupted."""

import os
import re
import signal
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, product
from pathlib import Path

import pytest
import tomlkit

from peerplan.answers.draft import Draft
from peerplan.answers.questions import PARTLY, Step, questions_for, steps_for
from peerplan.answers.toml_writer import write_answers
from samples import AS_OF, FULL, draft, guide, run, say

pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")

from terminal import (  # what it imports is missing on Windows
    CTRL_A,
    CTRL_B,
    CTRL_C,
    CTRL_D,
    CTRL_K,
    CTRL_N,
    CTRL_O,
    DOWN,
    ENTER,
    ESCAPE,
    UP,
    Console,
    Terminal,
)

pytestmark = pytest.mark.slow  # a process for each interview

MODES = ["menus", "plain"]
NAME = "Avdelning 7 Öst"
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:[34]\d|9\d|10\d)(?:;\d+)*m")
OTHERS: Draft = {"placement.scope": "single-activities", "placement.audience": "new-colleagues"}
PROGRESS = r"(?:question|fr.ga)\s+(\d+)\s+(?:of|av)\s+\d+"
ON_SCREEN = re.compile(r"(?:question|fråga)(\d+)(?:of|av)\d+")
NEW_PROMPT = r"\x1b\[\?2004h"  # a prompt asks that pasted text be told from typed
PROMPT = r"(?:Answer|Svar)(?: \[([^\r\n]*)\])?:"
MENU = r"(?:Write the plan now|Skriv planen nu)"  # in the review
LINE = r"(?:Number\s+to\s+change|Nummer\s+att\s+.ndra)"


@dataclass
class Interview:
    """A person at the terminal. `given` holds what was answered, `step` is what is asked, None at the review.

    `opened` holds the questions that she wanted to answer one by one.
    """

    terminal: Terminal
    mode: str = "plain"
    language: str = "en"
    given: Draft = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    step: Step | None = None
    offered: str = ""

    def look(self) -> str:
        """Wait for the next question or the review: its key, or nothing at the review."""
        if self.mode == "menus":
            return self._look_at_screen()
        number = self.terminal.expect(rf"{PROGRESS}|{MENU}|{LINE}")[2]
        if not number:
            self.step = None
            return ""
        self.step = questions_for(self.given, guide(self.language), self.opened)[int(number) - 1]
        text, _, offered = self.terminal.expect(PROMPT)
        encoding = self.terminal.encoding
        assert squeezed(self.step.question.encode(encoding, "replace").decode(encoding)) in squeezed(text)
        self.offered = offered or ""
        return self.step.key

    def _look_at_screen(self) -> str:
        self.terminal.expect(NEW_PROMPT)
        self.terminal.until(self._has_a_prompt)
        return self.step.key if self.step else ""

    def _has_a_prompt(self, lines: list[str]) -> bool:
        """Tell whether a question or the review is drawn, and which."""
        text = squeezed("".join(lines))
        if squeezed(say(self.language, "review-write")) in text:
            self.step = None
            return bool(pointed(lines))
        numbers = ON_SCREEN.findall(text)
        if not numbers:
            return False
        self.step = questions_for(self.given, guide(self.language), self.opened)[int(numbers[-1]) - 1]
        is_drawn = pointed(lines) if self.step.options else any("Answer:" in one or "Svar:" in one for one in lines)
        return bool(is_drawn) and squeezed(self.step.question) in text

    def answer(self, value: object) -> None:
        """Type an answer to what is asked; "" passes it. The note that is offered after partly is passed over."""
        assert self.step
        keys = self._line(self.step, value) if self.mode == "plain" else self._choose(self.step, value)
        self.given = {**self.given, **self.step.answers(value)}
        if self.step.sets and value == self.step.asks:
            self.opened.add(self.step.key)
        self.terminal.type(keys + ENTER)
        if value == PARTLY and not self.step.sets:
            self.terminal.expect(NEW_PROMPT if self.mode == "menus" else PROMPT)
            self.enter()

    def back(self) -> None:
        self.terminal.type("<" + ENTER if self.mode == "plain" else CTRL_B)

    def enter(self) -> None:
        self.terminal.type(ENTER)

    def _line(self, step: Step, value: object) -> str:
        ids = [option for option, _ in step.options]
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(ids.index(one) + 1) if one in ids else str(one) for one in values)

    def _choose(self, step: Step, value: object) -> str:
        """Move to what is to be chosen, wherever the pointer starts; the keys for what is left to type."""
        values = value if isinstance(value, list) else [value]
        if not step.options:
            return CTRL_A + CTRL_K + ", ".join(map(str, values))
        labels = dict(step.options)
        for one in values:
            self.point_at(labels[str(one)] if one else say(self.language, "screen-skip"))
            self.terminal.type(" " if step.kind == "choices" else "")
        return ""

    def point_at(self, label: str) -> None:
        """Press the down key in a menu until the pointer stands at this line."""
        seen: set[str] = set()
        while (line := pointed(self.terminal.until(lambda lines: pointed(lines) not in {"", *seen}))) != label:
            seen.add(line)
            self.terminal.type(DOWN)


def pointed(lines: list[str]) -> str:
    """The label of a menu at which the pointer stands, without its digit and what it means."""
    line = next((line for line in reversed(lines) if line.startswith(" > ")), "")
    return re.sub(r"^\d ", "", line.strip(" >\u25cb\u25cf")).partition(": ")[0]


def squeezed(text: str) -> str:
    """A text without the blanks and line breaks that wrapping puts into it."""
    return re.sub(r"\s", "", text)


def wanted(changes: Mapping[str, object] | None = None) -> Draft:
    """Answers to everything, with every option of the readiness items somewhere."""
    answers = draft({**FULL, "unit.name": NAME, **(changes or {})}, state="done")
    for number, step in enumerate(steps_for(answers, guide())):
        if step.done and step.key not in {"institution.contact", *(changes or {})}:
            answers[step.key] = step.options[number % len(step.options)][0]
    return put(answers)


def put(answers: Draft) -> Draft:
    """The answers that an interview saves where these are wanted: what is not known is passed over."""
    lists = {step.key for step in steps_for(answers, guide()) if step.kind in {"list", "choices"}}
    together = [step for step in questions_for(answers, guide()) if step.sets and step.answer_in(answers) != step.asks]
    later = {key for step in together for key in step.keys}
    passed = {key: [] if key in lists - later else "" for key in asked_keys(answers)}
    return {key: answers.get(key, nothing) for key, nothing in passed.items()}


def asked_keys(answers: Draft) -> list[str]:
    return [*dict.fromkeys(key for step in questions_for(answers, guide()) for key in step.keys)]


def asked_for(answers: Draft) -> dict[str, object]:
    """What an interview asks where these answers are given, and what is said to it."""
    return {step.key: step.answer_in(answers) for step in questions_for(answers, guide())}


WANTED = wanted()
ASKED = asked_for(WANTED)
SHORT = put(draft({**OTHERS, "unit.name": NAME, "placement.level": ""}, state="done"))  # and the details later
ASKED_SHORT = asked_for(SHORT)


def begin(folder: Path, answers: Draft, language: str = "en") -> None:
    """Make a folder as an interview that was interrupted leaves it."""
    folder.mkdir(parents=True)
    content = guide(language)
    text = write_answers(answers, content)
    (folder / "answers.toml").write_text(text, encoding="utf-8")


def until(key: str) -> Draft:
    """The answers to all questions before this one."""
    return before(key, WANTED)


def before(key: str, answers: Draft) -> Draft:
    given: Draft = {}
    for step in questions_for(answers, guide()):
        if step.key == key:
            break
        given |= step.answers(step.answer_in(answers))
    return given


def on_disk(folder: Path) -> Draft:
    """The answers in a folder by key, without the language and the day of planning."""

    def flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{name}.")
            elif name not in ("language", "planned-from"):
                yield prefix + name, value

    path = folder / "answers.toml"
    return dict(flat(tomllib.loads(path.read_text(encoding="utf-8")), "")) if path.exists() else {}


def to_toml(answers: Draft, language: str) -> str:
    document: dict[str, object] = {"language": language}
    for key, value in answers.items():
        *tables, name = key.split(".")
        table = document
        for part in tables:
            table = table.setdefault(part, {})  # type: ignore[assignment]
        table[name] = value
    return tomlkit.dumps(document)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def start(
    cwd: Path,
    *arguments: str,
    mode: str = "plain",
    language: str = "en",
    given: Draft | None = None,
    console: Console | None = None,
) -> Interview:
    options = ["--lang", language, "--as-of", AS_OF.isoformat(), *(["--plain"] if mode == "plain" else [])]
    terminal = Terminal("init", *arguments, *options, cwd=cwd, console=console or Console())
    return Interview(terminal, mode, language, given or {})


# --- The whole walk ---


@pytest.mark.parametrize(("mode", "language"), [("menus", "sv"), ("plain", "en")])
def test_a_walk_with_a_step_back_at_every_question_gives_the_folder_that_a_file_gives(
    mode: str, language: str, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    interview = start(here, mode=mode, language=language)
    with interview.terminal:
        for key, value in ASKED.items():
            assert interview.look() == key
            assert on_disk(here / "avdelning-7-ost") == interview.given
            interview.answer(value)
            interview.look()
            interview.back()
            assert interview.look() == key
            interview.enter()
        assert interview.look() == ""
        interview.enter()
        exit_code, report = interview.terminal.end()
    assert exit_code == 0
    assert "avdelning-7-ost" in report
    (there / "a.toml").write_text(to_toml(WANTED, language), encoding="utf-8")
    assert run("init", "--answers", "a.toml", "--as-of", AS_OF.isoformat(), cwd=there).returncode == 0
    assert on_disk(here / "avdelning-7-ost") == WANTED
    asked, read = contents(here / "avdelning-7-ost"), contents(there / "avdelning-7-ost")
    assert asked.keys() == read.keys()
    assert [name for name in asked if name != "answers.toml" and asked[name] != read[name]] == []


@pytest.mark.parametrize("mode", MODES)
def test_back_leads_from_the_review_to_the_first_question_and_enter_loses_nothing(mode: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED)
    before = contents(tmp_path / "w")
    interview = start(tmp_path, "w", mode=mode, given=WANTED)
    with interview.terminal:
        assert interview.look() == ""
        for key in reversed(ASKED):
            interview.back()
            assert interview.look() == key
        interview.back()
        assert interview.look() == "unit.name"
        while interview.step:
            interview.enter()
            interview.look()
        assert contents(tmp_path / "w") == before
        interview.enter()
        assert interview.terminal.end()[0] == 0
    assert on_disk(tmp_path / "w") == WANTED


# --- Interrupted ---

INTERRUPTIONS: dict[str, Callable[[Terminal], None]] = {
    "Ctrl-C": lambda terminal: terminal.type(CTRL_C),
    "Ctrl-D": lambda terminal: terminal.type(CTRL_D),
    "kill -9": lambda terminal: terminal.kill(signal.SIGKILL),
    "closed window": lambda terminal: terminal.kill(signal.SIGHUP),
}
BY_KEY = {"Ctrl-C", "Ctrl-D"}


def interrupt(interview: Interview, way: str, folder: str) -> None:
    """Interrupt an interview in a folder, and see that it says how to go on if it can."""
    INTERRUPTIONS[way](interview.terminal)
    if way in BY_KEY:
        exit_code, said = interview.terminal.end()
        message = "interrupted-saved" if interview.given else "interrupted"
        call = f"{sys.executable} -m peerplan"
        assert exit_code == 130
        assert squeezed(say(interview.language, message, program=call, folder=folder)) in squeezed(said)
    assert "Traceback" not in interview.terminal.output


@pytest.mark.criterion(34)
@pytest.mark.parametrize(("mode", "every"), [("menus", 1), ("plain", 3)])
def test_interrupted_at_every_question_it_asks_nothing_twice_and_loses_nothing(
    mode: str, every: int, tmp_path: Path
) -> None:
    keys = [*ASKED_SHORT, ""]
    done = 0
    for turn, stop in enumerate(range(0, len(keys), every)):
        interview = start(tmp_path, "w", mode=mode, given=before(keys[done], SHORT))
        with interview.terminal:
            for key in keys[done:stop]:
                assert interview.look() == key
                interview.answer(ASKED_SHORT[key])
            assert interview.look() == keys[stop]
            interrupt(interview, ["Ctrl-C", "Ctrl-D", "kill -9"][turn % 3], "w")
        assert on_disk(tmp_path / "w") == before(keys[stop], SHORT)
        assert set(contents(tmp_path / "w")) <= {"answers.toml"}
        done = stop
    interview = start(tmp_path, "w", given=before(keys[done], SHORT))
    with interview.terminal:
        for key in keys[done:-1]:
            assert interview.look() == key
            interview.answer(ASKED_SHORT[key])
        assert interview.look() == ""
        interview.enter()
        assert interview.terminal.end()[0] == 0
    assert on_disk(tmp_path / "w") == SHORT
    assert (tmp_path / "w" / "plan.md").exists()


@pytest.mark.parametrize(
    "key",
    ["unit.name", "unit.setting", "placement.activities", list(ASKED)[-1]],
)
def test_menus_interrupted_after_a_question_of_each_kind_lose_nothing(key: str, tmp_path: Path) -> None:
    ways = ["kill -9", "closed window"]  # the keys are pressed at every question above
    for way in ways:
        if until(key):
            begin(tmp_path / way, until(key))
    interviews = {way: start(tmp_path, way, mode="menus", given=until(key)) for way in ways}
    for way, interview in interviews.items():
        with interview.terminal:
            assert interview.look() == key
            interview.answer(WANTED[key])
            interview.look()
            interrupt(interview, way, way)
        assert on_disk(tmp_path / way) == until(key) | {key: WANTED[key]}
        assert set(contents(tmp_path / way)) <= {"answers.toml"}


@pytest.mark.parametrize("mode", MODES)
def test_interrupted_at_the_first_question_nothing_is_there(mode: str, tmp_path: Path) -> None:
    interviews = {way: start(tmp_path, way, mode=mode) for way in INTERRUPTIONS}
    for way, interview in interviews.items():
        with interview.terminal:
            interview.look()
            interrupt(interview, way, way)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_change_in_a_finished_plan_that_is_interrupted_leaves_the_documents_alone(mode: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED)
    assert run("update", "w", "--as-of", AS_OF.isoformat(), cwd=tmp_path).returncode == 0
    before = contents(tmp_path / "w")
    interview = start(tmp_path, "w", mode=mode, given=dict(WANTED))
    with interview.terminal:
        interview.look()
        interview.back()
        interview.look()
        interview.answer("partly")
        assert interview.look() == ""
        interview.terminal.type(CTRL_C)
        assert interview.terminal.end()[0] == 130
    assert on_disk(tmp_path / "w") == WANTED | {list(ASKED)[-1]: "partly"}
    after = contents(tmp_path / "w")
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == ["answers.toml"]


def test_gone_on_with_and_left_at_once_it_says_how_to_go_on(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.end"))
    interview = start(tmp_path, "w", given=until("placement.end"))
    with interview.terminal:
        interview.look()
        interview.terminal.type(CTRL_C)
        assert "peerplan init w" in interview.terminal.end()[1]


def test_leaving_is_told_in_the_language_of_the_interview(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.end"), "sv")
    with Terminal("init", "w", "--plain", "--as-of", AS_OF.isoformat(), cwd=tmp_path, console=Console()) as terminal:
        terminal.expect("Svar: ")
        terminal.type_line("2027-03-12")
        terminal.expect(PROMPT)
        terminal.type(CTRL_C)
        assert "Svaren" in terminal.end()[1]


def test_q_saves_and_leaves(tmp_path: Path) -> None:
    interview = start(tmp_path, "w")
    with interview.terminal:
        interview.look()
        interview.answer(NAME)
        interview.look()
        interview.terminal.type_line("q")
        exit_code, said = interview.terminal.end()
    assert exit_code == 130
    assert "peerplan init w" in said
    assert on_disk(tmp_path / "w") == {"unit.name": NAME}


def test_without_a_folder_the_message_names_the_one_that_was_made(tmp_path: Path) -> None:
    interview = start(tmp_path, language="sv")
    with interview.terminal:
        interview.look()
        interview.answer(NAME)
        interview.look()
        interview.terminal.type(CTRL_C)
        assert "peerplan init avdelning-7-ost" in interview.terminal.end()[1]


# --- What the screen shows ---


def labels(key: str, language: str) -> list[str]:
    """The options of a question as a person reads them."""
    step = next(one for one in questions_for(WANTED, guide(language)) if one.key == key)
    return [label for _, label in step.options]


def unread(interview: Interview, texts: list[str]) -> list[str]:
    """Which of these texts do not stand on the screen, or among the plain lines, in full."""
    lines = interview.terminal.shown() if interview.mode == "menus" else interview.terminal.output
    screen = squeezed("".join(lines))
    return [text for text in texts if squeezed(text) not in screen]


@pytest.mark.criterion(35)
@pytest.mark.parametrize(
    ("mode", "columns", "language"),
    [
        ("menus", 25, "sv"),
        ("menus", 80, "sv"),
        ("plain", 25, "sv"),
        ("plain", 80, "en"),
    ],
)
def test_every_option_can_be_read(mode: str, columns: int, language: str, tmp_path: Path) -> None:
    last = "support.short-course"  # the questions after it have no other options
    begin(tmp_path / "w", until(last), language)
    interview = start(tmp_path, "w", mode=mode, language=language, given=until(last), console=Console(columns, 100))
    cut = {}
    seen: list[list[str]] = []
    with interview.terminal:
        keys = list(ASKED)
        for key in reversed(keys[: keys.index(last) + 1]):
            assert interview.look() == key
            options = labels(key, language)
            if options and options not in seen:  # reading takes the longest
                seen.append(options)
                cut[key] = unread(interview, options)
            interview.back()
    assert cut == {key: [] for key in cut}


@pytest.mark.parametrize(
    ("mode", "columns", "language"),
    [
        ("menus", 25, "en"),
        ("menus", 40, "en"),
        ("menus", 40, "sv"),
        ("menus", 80, "sv"),
        ("plain", 25, "sv"),
    ],
)
def test_every_line_of_the_review_can_be_read(mode: str, columns: int, language: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED, language)
    interview = start(tmp_path, "w", mode=mode, language=language, given=WANTED, console=Console(columns, 200))
    lines = []
    for step in questions_for(WANTED, guide(language)):
        named = dict(step.options)
        value = step.answer_in(WANTED)
        values = value if isinstance(value, list) else [value]
        lines.append(f"{step.label}: {', '.join(named.get(str(one), str(one)) for one in values)}")
    with interview.terminal:
        assert interview.look() == ""
        assert unread(interview, lines) == []


@pytest.mark.parametrize("columns", [25, 40, 80])
def test_plain_lines_are_no_wider_than_the_window(columns: int, tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"), "sv")
    given = until("environment.activities-planned")
    interview = start(tmp_path, "w", language="sv", given=given, console=Console(columns))
    with interview.terminal:
        interview.look()
        text = interview.terminal.output
    lines = text[: text.rindex("Svar")].splitlines()
    assert len(lines) > 10
    assert [line for line in lines if len(line) > columns] == []


def test_a_menu_that_is_higher_than_the_window_scrolls(tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED)
    interview = start(tmp_path, "w", mode="menus", given=WANTED, console=Console(80, 10))
    with interview.terminal:
        assert interview.look() == ""
        interview.terminal.type(UP)
        assert any("> " in line and "Someone to talk to" in line for line in interview.terminal.shown())


@pytest.mark.criterion(36)
@pytest.mark.parametrize("no_color", [True, False])
def test_no_color_is_respected(no_color: bool, tmp_path: Path) -> None:  # noqa: FBT001
    begin(tmp_path / "w", WANTED)
    interview = start(
        tmp_path, "w", mode="menus", given=WANTED, console=Console(environ={"NO_COLOR": "1"} if no_color else {})
    )
    with interview.terminal:
        interview.look()
        interview.terminal.type(UP)
        interview.enter()
        interview.look()
        interview.enter()
        interview.look()
        interview.enter()
        assert interview.terminal.end()[0] == 0
    assert bool(COLOUR.search(interview.terminal.output)) is not no_color


@pytest.mark.criterion(36)
@pytest.mark.parametrize(("mode", "environ"), [("plain", {}), ("menus", {"TERM": "dumb"})])
def test_plain_lines_hold_no_escape_codes(mode: str, environ: Mapping[str, str], tmp_path: Path) -> None:
    """Menus are asked for in the second case: a dumb terminal gets plain lines all the same."""
    begin(tmp_path / "w", WANTED)
    interview = start(tmp_path, "w", mode=mode, given=WANTED, console=Console(environ=environ))
    interview.mode = "plain"
    with interview.terminal:
        assert interview.look() == ""
        interview.back()
        assert interview.look() == list(ASKED)[-1]
        interview.answer("yes")
        assert interview.look() == ""
        interview.terminal.type(CTRL_C)
        assert interview.terminal.end()[0] == 130
    assert "\n  1. yes\r\n" in interview.terminal.output
    assert ESCAPE not in interview.terminal.output


def test_the_report_after_plain_lines_holds_no_escape_codes(tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED)
    interview = start(tmp_path, "w", given=WANTED)
    with interview.terminal:
        interview.look()
        interview.enter()
        assert interview.terminal.end()[0] == 0
    assert ESCAPE not in interview.terminal.output


@pytest.mark.parametrize(
    ("answer", "is_opened"), [("", True), ("y", True), ("n", False), ("no", False), (CTRL_C, False)]
)
def test_at_the_end_it_offers_to_open_the_plan(answer: str, tmp_path: Path, *, is_opened: bool) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\ncp "$1" "{tmp_path}/opened"\n', encoding="utf-8")
    opener.chmod(0o755)
    begin(tmp_path / "w", WANTED)
    path = f"{opener.parent}:{os.environ['PATH']}"
    interview = start(tmp_path, "w", given=WANTED, console=Console(environ={"PATH": path}))
    with interview.terminal:
        interview.look()
        interview.enter()
        assert interview.terminal.end(answer)[0] == 0
    assert (tmp_path / "opened").exists() == is_opened
    if is_opened:
        assert (tmp_path / "opened").read_bytes() == (tmp_path / "w" / "plan.html").read_bytes()


# --- Other encodings ---

C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
ENCODINGS = [
    ({"PYTHONIOENCODING": "cp1252"}, "cp1252", NAME),
    ({"PYTHONIOENCODING": "cp850"}, "cp850", NAME),
    ({"PYTHONIOENCODING": "ascii"}, "ascii", "Avdelning 7"),
    (C_LOCALE, "ascii", "Avdelning 7"),
    ({"LC_ALL": "C"}, "utf-8", NAME),
]


@pytest.mark.parametrize(("environ", "encoding", "name"), ENCODINGS)
def test_a_terminal_with_fewer_letters_gets_through_and_the_files_are_utf8(
    environ: Mapping[str, str], encoding: str, name: str, tmp_path: Path
) -> None:
    begin(tmp_path / "w", {key: value for key, value in WANTED.items() if key != "unit.name"}, "sv")
    interview = start(
        tmp_path, "w", mode="menus", language="sv", given=WANTED, console=Console(encoding=encoding, environ=environ)
    )
    interview.mode = "menus" if encoding == "utf-8" else "plain"
    with interview.terminal:
        assert interview.look() == "unit.name"
        interview.answer(name)
        while interview.look():
            interview.enter()
        interview.enter()
        exit_code, said = interview.terminal.end()
    assert exit_code == 0
    assert "Traceback" not in interview.terminal.output
    assert "plan.md" in said
    assert on_disk(tmp_path / "w")["unit.name"] == name
    files = contents(tmp_path / "w")
    assert name in files["plan.md"].decode("utf-8")
    assert "Måndagen den" in files["plan.md"].decode("utf-8")
    assert all(content.decode("utf-8") for content in files.values())


def test_letters_that_cannot_be_read_are_asked_for_again_in_menus(tmp_path: Path) -> None:
    interview = start(tmp_path, "w", mode="menus", console=Console(encoding="latin-1"))
    with interview.terminal:
        interview.terminal.until(lambda lines: any(line.endswith("Answer:") for line in lines))
        interview.terminal.type_line(NAME)
        interview.terminal.until(lambda lines: any("could not be read" in line for line in lines))
        interview.terminal.type_line("Ward 7")
        interview.terminal.until(lambda lines: any("What kind of" in line for line in lines))
    assert on_disk(tmp_path / "w") == {"unit.name": "Ward 7"}


@pytest.mark.parametrize("environ", [{"PYTHONIOENCODING": "ascii"}, C_LOCALE, {}])
def test_letters_that_cannot_be_read_are_asked_for_again(environ: Mapping[str, str], tmp_path: Path) -> None:
    interview = start(tmp_path, "w", console=Console(encoding="latin-1", environ=environ))
    with interview.terminal:
        assert interview.look() == "unit.name"
        interview.answer(NAME)
        interview.terminal.expect(f"could not be read.*{PROMPT}")
        interview.terminal.type_line("Ward 7")
        assert interview.look() == "unit.setting"
    assert on_disk(tmp_path / "w") == {"unit.name": "Ward 7"}


# --- Help ---


@pytest.mark.parametrize("mode", MODES)
def test_when_the_time_is_short_single_activities_are_offered(mode: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.start"))
    interview = start(tmp_path, "w", mode=mode, given=until("placement.start"))
    with interview.terminal:
        assert interview.look() == "placement.start"
        interview.answer(date(2026, 12, 21))
        assert interview.look() == "placement.end"
        interview.answer("")
        assert interview.look() == "placement.scope"
        interview.enter()
        interview.given["placement.scope"] = "single-activities"
        assert interview.look() == "placement.participants"
    output = squeezed(interview.terminal.output)
    assert squeezed("what usually takes 12 weeks has to be done in 3") in output
    assert squeezed("begin with single activities") in output
    assert squeezed("Suggested because the time is short: single activities") in output
    assert on_disk(tmp_path / "w")["placement.scope"] == "single-activities"


def test_a_last_day_on_a_day_off_is_told_once_where_it_is_answered(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.end"))
    interview = start(tmp_path, "w", given=until("placement.end"))
    with interview.terminal:
        assert interview.look() == "placement.end"
        interview.answer(date(2027, 3, 14))
        assert interview.look() == "placement.scope"
        interview.enter()
        interview.given["placement.scope"] = "whole-period"
        assert interview.look() == "placement.participants"
    told = say("en", "end-day-off", end="2027-03-14")
    assert squeezed(interview.terminal.output).count(squeezed(told)) == 1
    assert on_disk(tmp_path / "w")["placement.end"] == date(2027, 3, 14)


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(("mode", "key"), [("menus", CTRL_O), ("plain", "?" + ENTER)])
def test_a_key_shows_the_source_and_the_question_waits(mode: str, key: str, language: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"), language)
    interview = start(tmp_path, "w", mode=mode, language=language, given=until("environment.activities-planned"))
    with interview.terminal:
        assert interview.look() == "environment.activities-planned"
        assert interview.step
        assert unread(interview, [interview.step.why, interview.step.partly]) == []
        if mode == "menus":
            interview.terminal.type("2")
        interview.terminal.type(key)
        interview.terminal.expect(NEW_PROMPT if mode == "menus" else PROMPT)
        text = squeezed(interview.terminal.output)
        assert mode == "plain" or interview.terminal.until(lambda lines: pointed(lines) in ("partly", "delvis"))
        interview.answer("yes")
        interview.look()
    sources = [one for one in guide(language).sources if one.id in interview_sources("environment.activities-planned")]
    assert len(sources) == 2
    assert [one.id for one in sources if squeezed(one.title) not in text or one.url not in text] == []
    assert on_disk(tmp_path / "w")["environment.activities-planned"] == "yes"


def interview_sources(key: str) -> tuple[str, ...]:
    return next(step.sources for step in steps_for(WANTED, guide()) if step.key == key)


def test_a_link_is_not_broken_over_lines(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"))
    interview = start(tmp_path, "w", given=until("environment.activities-planned"))
    with interview.terminal:
        interview.look()
        interview.terminal.type_line("?")
        text = interview.terminal.expect(PROMPT)[0]
    sources = [one for one in guide().sources if one.id in interview_sources("environment.activities-planned")]
    assert [one.url for one in sources if one.url not in text] == []


@pytest.mark.criterion(40)
def test_plain_lines_take_numbers_ids_and_labels(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"), "sv")
    interview = start(tmp_path, "w", language="sv", given=until("environment.activities-planned"))
    with interview.terminal:
        for text, answer in [("Ja", "yes"), ("no", "no"), ("J", "yes"), ("n", "no"), ("1", "yes")]:
            assert interview.look() == "environment.activities-planned"
            interview.terminal.type_line(text)
            interview.look()
            assert on_disk(tmp_path / "w")["environment.activities-planned"] == answer
            interview.back()


def test_plain_lines_say_what_can_be_answered(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"))
    interview = start(tmp_path, "w", given=until("environment.activities-planned"))
    with interview.terminal:
        interview.look()
        for text in ("9", "0", "perhaps"):
            interview.terminal.type_line(text)
            assert "Write a number from 1 to 5." in interview.terminal.expect(PROMPT)[0]
    assert on_disk(tmp_path / "w") == until("environment.activities-planned")
    assert interview.offered == "don't know"


def test_an_optional_answer_can_be_taken_away_in_menus(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.activities"))
    interview = start(tmp_path, "w", mode="menus", given=until("placement.activities"))
    with interview.terminal:
        interview.look()
        interview.back()
        assert interview.look() == "placement.programme"
        interview.answer("")
        interview.look()
    assert on_disk(tmp_path / "w")["placement.programme"] == ""


@pytest.mark.parametrize("key", ["unit.workplace", "placement.participants", "placement.activities"])
def test_a_hyphen_takes_an_optional_answer_away_on_plain_lines(key: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", WANTED)
    interview = start(tmp_path, "w", given=WANTED)
    with interview.terminal:
        assert interview.look() == ""
        interview.terminal.type_line(str(list(ASKED).index(key) + 1))
        assert interview.look() == key
        interview.terminal.type_line("-")
        assert "Write a number" not in interview.terminal.expect(PROMPT + "|" + LINE)[0]
    assert on_disk(tmp_path / "w")[key] in ("", [])


def test_plain_lines_take_several_numbers_each_once(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("placement.activities"))
    interview = start(tmp_path, "w", given=until("placement.activities"))
    with interview.terminal:
        assert interview.look() == "placement.activities"
        assert "commas between" in interview.terminal.output
        interview.terminal.type_line("2, 1; 2")
        interview.look()
    ids = [option for option, _ in step_of("placement.activities").options]
    assert on_disk(tmp_path / "w")["placement.activities"] == [ids[1], ids[0]]


def step_of(key: str, language: str = "en") -> Step:
    return next(step for step in steps_for(WANTED, guide(language)) if step.key == key)


@pytest.mark.parametrize("text", ["", "-", ","])
def test_a_question_that_needs_an_answer_is_put_until_there_is_one(text: str, tmp_path: Path) -> None:
    interview = start(tmp_path, "w")
    with interview.terminal:
        interview.look()
        interview.terminal.type_line("" if text == "," else text)
        assert "this has to be answered" in interview.terminal.expect(PROMPT)[0]
        interview.answer(NAME)
        assert interview.look() == "unit.setting"
        interview.terminal.type_line(text)
        assert "Write a number from 1 to 8." in interview.terminal.expect(PROMPT)[0]
        interview.answer("hospital")
        assert interview.look() == "who"
    assert on_disk(tmp_path / "w") == {"unit.name": NAME, "unit.setting": "hospital"}


def test_keys_that_mean_something_in_a_shell_mean_nothing_in_menus(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("unit.coordinator.name"))
    interview = start(tmp_path, "w", mode="menus", given=until("unit.coordinator.name"))
    with interview.terminal:
        interview.look()
        interview.terminal.type("\x12\x13\x1a\x11\x1c" + ESCAPE + "5x" + ENTER)
        interview.given["unit.coordinator.name"] = "x"
        interview.look()
        assert not [line for line in interview.terminal.shown() if "search" in line or "arg" in line or "^" in line]
    assert on_disk(tmp_path / "w")["unit.coordinator.name"] == "x"


# --- Nobody else's work is lost ---


def test_of_two_interviews_in_a_new_folder_one_goes_on(tmp_path: Path) -> None:
    first, second = (start(tmp_path, "w") for _ in range(2))
    with first.terminal, second.terminal:
        for interview in (first, second):  # both see an empty folder before either makes it theirs
            interview.look()
        first.answer("Ward A")
        first.look()
        second.answer("Ward B")
        exit_code, said = second.terminal.end()
        assert (exit_code, "another peerplan is working" in said) == (7, True)
        first.answer("hospital")
        first.look()
    assert on_disk(tmp_path / "w") == {"unit.name": "Ward A", "unit.setting": "hospital"}


def test_answers_that_another_interview_left_are_not_replaced(tmp_path: Path) -> None:
    first, second = (start(tmp_path, "my ward") for _ in range(2))
    with second.terminal:
        second.look()
        with first.terminal:
            first.look()
            first.answer("Ward A")
            first.look()
            first.terminal.type(CTRL_C)
            assert 'peerplan init "my ward"' in first.terminal.end()[1]
        second.answer("Ward B")
        exit_code, said = second.terminal.end()
        assert exit_code == 2
        assert 'peerplan init "my ward"' in said
    assert on_disk(tmp_path / "my ward") == {"unit.name": "Ward A"}


def test_what_somebody_wrote_in_the_answers_meanwhile_is_not_lost(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("unit.coordinator.name"))
    interview = start(tmp_path, "w", given=until("unit.coordinator.name"))
    path = tmp_path / "w" / "answers.toml"
    with interview.terminal:
        interview.look()
        edited = path.read_text(encoding="utf-8").replace(NAME, "Avdelning 8")
        path.write_text(edited, encoding="utf-8")
        interview.answer("North")
        exit_code, said = interview.terminal.end()
        assert (exit_code, "your last answer was not saved" in said) == (7, True)
    assert path.read_text(encoding="utf-8") == edited


def test_an_identity_number_is_neither_kept_nor_repeated(tmp_path: Path) -> None:
    interview = start(tmp_path, "w", mode="menus")
    with interview.terminal:
        interview.look()
        interview.terminal.type("Ward 19811228-9874" + ENTER)
        interview.terminal.expect("personal identity number")
        assert not [line for line in interview.terminal.shown() if "9874" in line]
        interview.answer(NAME)
        assert interview.look() == "unit.setting"
    assert on_disk(tmp_path / "w") == {"unit.name": NAME}


def test_a_trial_saves_nothing_and_says_so(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("unit.coordinator.name"))
    before = contents(tmp_path / "w")
    interview = start(tmp_path, "w", "--dry-run", given=until("unit.coordinator.name"))
    with interview.terminal:
        interview.look()
        interview.answer("North")
        interview.look()
        interview.terminal.type(CTRL_C)
        exit_code, said = interview.terminal.end()
    assert exit_code == 130
    assert squeezed("This is a trial (--dry-run): nothing is saved.") in squeezed(interview.terminal.output)
    assert "peerplan init" not in said
    assert contents(tmp_path / "w") == before


# --- The screen ---


def test_digits_and_first_letters_lead_to_an_option_and_enter_takes_it(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"))
    interview = start(tmp_path, "w", mode="menus", given=until("environment.activities-planned"))
    with interview.terminal:
        interview.look()
        assert pointed(interview.terminal.shown()) == "don't know"
        for keys, label in [
            ("1", "yes"),
            ("p", "partly"),
            ("N", "no"),
            ("n", "not applicable"),
            ("9", "not applicable"),
        ]:
            interview.terminal.type(keys)
            assert interview.terminal.until(lambda lines, label=label: pointed(lines) == label)  # type: ignore[misc]
        assert on_disk(tmp_path / "w") == until("environment.activities-planned")
        interview.terminal.type("1" + ENTER)
        interview.given["environment.activities-planned"] = "yes"
        interview.look()
    assert on_disk(tmp_path / "w")["environment.activities-planned"] == "yes"


def test_an_answered_question_leaves_one_line(tmp_path: Path) -> None:
    interview = start(tmp_path, "w", mode="menus", language="sv")
    with interview.terminal:
        interview.look()
        interview.answer(NAME)
        interview.look()
        interview.answer("hospital")
        interview.look()
        lines = interview.terminal.shown()
    assert [line for line in lines if "hemsjukvård" in line or "Vad heter enheten" in line] == []
    assert {"  Enhet: Avdelning 7 Öst", "  Verksamhet: sjukhusvård"} < set(lines)


def test_what_was_typed_stays_in_the_field_after_an_error(tmp_path: Path) -> None:
    interview = start(tmp_path, "w", mode="menus")
    with interview.terminal:
        interview.look()
        interview.terminal.type("**Ward 7" + ENTER)
        interview.terminal.until(lambda lines: any("looks like Markdown" in line for line in lines))
        assert any(line.endswith("Answer: **Ward 7") for line in interview.terminal.shown())


@pytest.mark.parametrize("mode", MODES)
def test_pasted_lines_answer_one_question(mode: str, tmp_path: Path) -> None:
    pasted = "Ward 7\nsurgery\n2\n"
    interview = start(tmp_path, "w", mode=mode)
    with interview.terminal:
        interview.look()
        interview.terminal.type(f"{ESCAPE}[200~{pasted}{ESCAPE}[201~{ENTER}" if mode == "menus" else pasted)
        interview.given = {"unit.name": "Ward 7 surgery 2"}
        assert interview.look() == "unit.setting"
        if mode == "menus":
            interview.terminal.type(f"{ESCAPE}[200~2\n2\n{ESCAPE}[201~")
            assert interview.terminal.shown()
    assert on_disk(tmp_path / "w") == {"unit.name": "Ward 7 surgery 2"}


def test_keys_that_come_with_an_answer_are_no_answer_to_the_next_question(tmp_path: Path) -> None:
    """A terminal that cannot tell pasted text from typed sends it all at once."""
    interview = start(tmp_path, "w", mode="menus")
    with interview.terminal:
        interview.look()
        interview.terminal.type(f"Ward 7{ENTER}1{ENTER}1{ENTER}")
        interview.given = {"unit.name": "Ward 7"}
        assert interview.look() == "unit.setting"
        interview.terminal.shown()
    assert on_disk(tmp_path / "w") == {"unit.name": "Ward 7"}


@pytest.mark.parametrize(("columns", "lines"), [(25, 10), (40, 10), (80, 8)])
def test_in_a_low_window_the_question_and_the_option_can_be_seen(columns: int, lines: int, tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"), "sv")
    interview = start(
        tmp_path, "w", mode="menus", language="sv", given=until("environment.activities-planned"),
        console=Console(columns, lines),
    )  # fmt: skip
    step = step_of("environment.activities-planned", "sv")
    with interview.terminal:
        interview.terminal.until(lambda screen: pointed(screen) == "vet ej")
        assert squeezed(step.question) in squeezed("".join(interview.terminal.shown()))


def test_the_terminal_is_not_asked_where_its_cursor_is(tmp_path: Path) -> None:
    """Some never answer, and a person would read of it, or see the answer among her letters."""
    begin(tmp_path / "w", until("placement.end"))
    interview = start(tmp_path, "w", mode="menus", given=until("placement.end"))
    with interview.terminal:
        interview.look()
        assert f"{ESCAPE}[6n" not in interview.terminal.output


def test_a_window_that_becomes_narrow_is_drawn_anew(tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"), "sv")
    interview = start(tmp_path, "w", mode="menus", language="sv", given=until("environment.activities-planned"))
    with interview.terminal:
        assert interview.look() == "environment.activities-planned"
        interview.terminal.shown()
        interview.terminal.resize(40, 40)
        question = squeezed(step_of("environment.activities-planned", "sv").question)
        lines = interview.terminal.until(lambda lines: question in squeezed("".join(lines)) and bool(pointed(lines)))
        assert [line for line in lines if line.endswith("-")] == []
        interview.terminal.type("1" + ENTER)
        interview.given["environment.activities-planned"] = "yes"
        interview.look()
    assert on_disk(tmp_path / "w")["environment.activities-planned"] == "yes"


@pytest.mark.parametrize(("mode", "key"), [("menus", CTRL_N), ("plain", "+" + ENTER)])
def test_a_key_takes_a_note_and_the_question_waits(mode: str, key: str, tmp_path: Path) -> None:
    begin(tmp_path / "w", until("environment.activities-planned"))
    interview = start(tmp_path, "w", mode=mode, given=until("environment.activities-planned"))
    with interview.terminal:
        interview.look()
        if mode == "menus":
            interview.terminal.type("2")
        interview.terminal.type(key)
        interview.terminal.expect("want to note")
        interview.terminal.expect(PROMPT if mode == "plain" else "Answer")
        interview.terminal.type_line("Eva knows.")
        assert interview.look() == "environment.activities-planned"
        assert on_disk(tmp_path / "w")["notes.activities-planned"] == "Eva knows."
        assert mode == "plain" or pointed(interview.terminal.shown()) == "partly"  # it stands where it stood
        interview.answer("yes")
        interview.look()
    assert on_disk(tmp_path / "w")["environment.activities-planned"] == "yes"


# --- A newcomer's walk ---

TYPED = {
    "unit.name": "Avdelning 7",
    "placement.start": "2027-01-18",
    "placement.end": "2027-03-12",
    "placement.participants": "4",
    "unit.coordinator.name": "Karin",
    "unit.coordinator.email": "k@ki.se",
}
CHOSEN = {"unit.setting": "hospital", "who": "beginner", "support.decision": "try"}


def stroll(interview: Interview, details: str, scope: str) -> tuple[int, int]:
    """Answer as somebody does who has thought of little yet: how many questions there were, and how many keys it took.

    A choice is made by its digit, and what is not known is passed over.
    """
    chosen = CHOSEN | {"details": details, "placement.scope": scope}
    questions = keys = 0
    while interview.look():
        step = interview.step
        assert step
        answer: object = TYPED.get(step.key, "x" if step.key.startswith("first-day") else "")
        typed = str(answer)
        if step.options and (option := chosen.get(step.key)):
            answer, typed = option, str([one for one, _ in step.options].index(option) + 1)
        elif step.options:
            answer = [] if step.kind == "choices" else step.default
        interview.given = {**interview.given, **step.answers(answer)}
        if step.sets and answer == step.asks:
            interview.opened.add(step.key)
        questions, keys = questions + 1, keys + len(typed) + 1
        interview.terminal.type(typed + ENTER)
    interview.enter()
    return questions, keys + 1


WINDOWS = list(product(MODES, [25, 40, 80, 120], ["en", "sv"]))
SCOPES = [("whole-period", 26), ("single-activities", 18), ("single-activities", 18), ("whole-period", 26)]


@pytest.mark.parametrize(
    ("mode", "columns", "language", "scope", "most"),
    [(*window, *scope) for window, scope in zip(WINDOWS, cycle(SCOPES))],
)
def test_a_newcomer_is_through_with_few_questions_and_keys(
    mode: str, columns: int, language: str, scope: str, most: int, tmp_path: Path
) -> None:
    interview = start(tmp_path, "w", mode=mode, language=language, console=Console(columns, 40))
    with interview.terminal:
        questions, keys = stroll(interview, "later", scope)
        assert interview.terminal.end()[0] == 0
    assert questions <= most
    assert keys <= 150
    assert (tmp_path / "w" / "plan.html").exists()


@pytest.mark.parametrize(("mode", "language"), [("menus", "en"), ("plain", "sv")])
def test_with_the_details_given_the_letter_can_be_sent(mode: str, language: str, tmp_path: Path) -> None:
    interview = start(tmp_path, "w", mode=mode, language=language)
    with interview.terminal:
        stroll(interview, "now", "whole-period")
        assert interview.terminal.end()[0] == 0
    assert "[" not in (tmp_path / "w" / "student-email.txt").read_text(encoding="utf-8")
