"""The command line: what it takes, what it refuses and how it says so."""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import chain, combinations
from pathlib import Path

import pytest

from peerplan import __version__
from samples import AS_OF, EXAMPLES, run

ANSWERS = EXAMPLES / "surgical-ward-en" / "answers.toml"
SLOW = ("pydantic", "questionary", "jinja2", "rich", "holidays")
COMMANDS = ["init", "update", "status", "batch", "emails"]


def init(cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("init", cwd / "ward", "--as-of", str(AS_OF), *arguments, cwd=cwd)


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "slow"),
    # typer itself loads pydantic for a command with parameters
    [(["--help"], SLOW), (["--version"], SLOW), *(([command, "--help"], SLOW[1:]) for command in COMMANDS)],
)
def test_help_loads_nothing_that_is_slow(tmp_path: Path, arguments: list[str], slow: tuple[str, ...]) -> None:
    code = (
        "import sys; sys.argv[1:] = " + repr(arguments) + "\n"
        "from peerplan.cli import main\n"
        "try: main()\n"
        f"finally: print('LOADED', [name for name in {slow!r} if name in sys.modules], file=sys.stderr)"
    )
    run_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run_.returncode, run_.stderr.strip()) == (0, "LOADED []")


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"peerplan {__version__}\n"


def answers_with(tmp_path: Path, text: bytes) -> Path:
    path = tmp_path / "given.toml"
    path.write_bytes(text)
    return path


GOOD = ANSWERS.read_text(encoding="utf-8")
WRONG = {
    "misspelt key": (GOOD.replace("setting =", "seting ="), "unit.seting: there is no such key; did you mean"),
    "unknown option": (GOOD.replace('"hospital"', '"hospitl"'), "did you mean hospital?"),
    "bad date": (GOOD.replace("start = 2027-01-18", 'start = "2027-13-01"'), "'2027-13-01' is not a date"),
    "end before start": (GOOD.replace("end = 2027-03-12", "end = 2027-01-01"), "is before the start"),
    "begun already": (GOOD.replace("start = 2027-01-18", "start = 2026-11-02"), "it has already begun"),
    "a line break": (GOOD.replace('name = "Ward 7', 'name = "Ward\\n7'), "unit.name: this has a line break"),
    "Markdown": (GOOD.replace('name = "Ward 7', 'name = "**Ward** 7'), "unit.name: this looks like Markdown"),
    "300 characters": (GOOD.replace('name = "Ward 7', f'name = "{"W" * 300}'), "unit.name: this is"),
    "broken TOML": (GOOD + "\n[unit\n", "cannot be understood"),
    "an empty file": ("", "holds no answers"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_of_answers_is_one_line_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    text, said = WRONG[name]
    run_ = init(tmp_path, "--answers", answers_with(tmp_path, text.encode()))
    assert (run_.returncode, run_.stdout) == (3, "")
    (line,) = run_.stderr.splitlines()
    assert "given.toml" in line
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == ["given.toml"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.exists, "there is no such file"),
        (Path.mkdir, "this is a folder"),
        (lambda path: path.write_bytes(GOOD.replace("Ward", "Ängen").encode("cp1252")), "not in UTF-8"),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "larger than"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    make(tmp_path / "given.toml")
    run_ = init(tmp_path, "--answers", tmp_path / "given.toml")
    assert run_.returncode == 3
    (line,) = run_.stderr.splitlines()
    assert said in line
    assert not (tmp_path / "ward").exists()


def test_a_dry_run_writes_nothing_and_says_what_it_would(tmp_path: Path) -> None:
    run_ = init(tmp_path, "--answers", ANSWERS, "--dry-run")
    assert run_.returncode == 0
    assert "Nothing was written" in run_.stdout
    assert "plan.md" in run_.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_same_command_twice_changes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "--answers", ANSWERS).returncode == 0
    before = content_of(tmp_path)
    assert init(tmp_path, "--answers", ANSWERS).returncode == 0
    assert content_of(tmp_path) == before


def test_another_plan_is_not_written_over_one_that_is_there_unless_forced(tmp_path: Path) -> None:
    init(tmp_path, "--answers", ANSWERS)
    before = content_of(tmp_path)
    other: list[str | Path] = ["--answers", EXAMPLES / "laboratory-en" / "answers.toml"]
    refused = init(tmp_path, *other)
    assert refused.returncode == 2
    assert "Add --force" in refused.stderr
    assert content_of(tmp_path) == before
    assert init(tmp_path, *other, "--force").returncode == 0
    after = content_of(tmp_path)
    assert after["ward/answers.toml.bak"] == before["ward/answers.toml"]
    assert b"Clinical Chemistry" in after["ward/plan.md"]


def test_set_and_no_input_make_a_plan_of_three_facts(tmp_path: Path) -> None:
    facts = ["unit.name=Ward 8", "unit.setting=hospital", "placement.start=2027-01-18"]
    arguments = [part for fact in facts for part in ("--set", fact)]
    run_ = init(tmp_path, *arguments, "--no-input", "--lang", "sv")
    assert run_.returncode == 0
    assert (tmp_path / "ward" / "plan.md").read_text(encoding="utf-8").startswith("# Peer learning på Ward 8\n")
    assert 'rooms = "unknown"' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")


OPTIONS = [["--plain"], ["--lang", "sv"], ["--dry-run"], ["--force"], ["--json"]]


@pytest.mark.parametrize(
    "options", [[*chain(*some)] for size in range(len(OPTIONS) + 1) for some in combinations(OPTIONS, size)]
)
def test_without_a_terminal_missing_answers_are_told_at_once(tmp_path: Path, options: list[str]) -> None:
    run_ = init(tmp_path, *options)
    assert run_.returncode == 2
    assert "unit.name, unit.setting, placement.start" in run_.stderr
    assert "--no-input" in run_.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "--none"],
        ["none"],
        ["init", "--lang", "fi"],
        ["init", "--as-of", "tomorrow"],
        ["init", "--set", "unit.name"],
        ["status", "--check", "late"],
        ["batch"],
        ["emails"],
    ],
)
def test_wrong_use_is_exit_code_2_without_a_traceback(tmp_path: Path, arguments: list[str]) -> None:
    run_ = run(*arguments, cwd=tmp_path)
    assert run_.returncode == 2
    assert run_.stderr
    assert "Traceback" not in run_.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_a_terminal_that_lacks_letters_gets_others_and_files_stay_utf_8(tmp_path: Path, encoding: str) -> None:
    answers = EXAMPLES / "surgical-ward-sv" / "answers.toml"
    run_ = subprocess.run(
        [sys.executable, "-m", "peerplan", "init", "ward", "--answers", str(answers), "--as-of", str(AS_OF)],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (run_.returncode, run_.stderr) == (0, b"")
    expected = EXAMPLES / "surgical-ward-sv"
    assert (tmp_path / "ward" / "plan.md").read_bytes() == (expected / "plan.md").read_bytes()


def test_json_is_one_document(tmp_path: Path) -> None:
    made = json.loads(init(tmp_path, "--answers", ANSWERS, "--json").stdout)
    assert (made["version"], made["verdict"], made["files"]["plan.md"]) == (1, "ready-to-try", "new")
    refused = init(tmp_path, "--answers", tmp_path / "none.toml", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["exit_code"]) == (3, 3)


def test_without_arguments_the_program_shows_its_help(tmp_path: Path) -> None:
    run_ = run(cwd=tmp_path)
    assert run_.stderr.startswith("Usage: ")
    assert "Traceback" not in run_.stderr
