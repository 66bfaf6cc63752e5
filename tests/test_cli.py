"""The command line: what it takes, what it refuses and how it says so."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peerplan import __version__
from samples import AS_OF, EXAMPLES, run, say

ANSWERS = EXAMPLES / "surgical-ward-en" / "answers.toml"
SLOW = ("pydantic", "questionary", "jinja2", "rich", "holidays")
COMMANDS = ["init", "example", "update", "status", "batch", "emails", "export", "form"]
THREE = ["--set", "unit.name=Ward 8", "--set", "unit.setting=hospital", "--set", "placement.start=2027-01-18"]


def init(cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("init", cwd / "ward", "--as-of", str(AS_OF), *arguments, cwd=cwd)


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)])
def test_help_loads_nothing_that_is_slow(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import sys; sys.argv[1:] = " + repr(arguments) + "\n"
        "from peerplan.cli import main\n"
        "try: main()\n"
        f"finally: print('LOADED', [name for name in {SLOW!r} if name in sys.modules], file=sys.stderr)"
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
    "broken TOML": (GOOD + "\n[unit\n", "a bracket is missing"),
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
    "value",
    [
        '["yes"]',
        "7",
        '"yess"',
        '"yes\\nno"',
        '"yes\\u001b[31m"',
    ],
)
def test_an_answer_that_is_no_option_is_one_line(tmp_path: Path, value: str) -> None:
    text = GOOD.replace('contact = "yes"', f"contact = {value}")
    run_ = init(tmp_path, "--answers", answers_with(tmp_path, text.encode()))
    assert run_.returncode == 3
    (line,) = run_.stderr.splitlines()
    number = text.splitlines().index(f"contact = {value}") + 1
    assert f"given.toml:{number}: institution.contact: " in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("placement.start=2027-13-01", "--set: placement.start: '2027-13-01' is not a date"),
        ("placement.start=2026-11-02", "--set: placement.start: 2026-11-02 is before 2026-11-24"),
        ("unit.seting=hospital", "--set: unit.seting: there is no such key; did you mean unit.setting?"),
        ("unit.setting=hospitl", "--set: unit.setting: 'hospitl' is not an option; did you mean hospital?"),
        ("unit.name=A\nB", "--set: unit.name: this has a line break"),
        ("placement.participants=four", "--set: placement.participants: 'four' is not a number of people"),
    ],
)
def test_a_wrong_set_is_one_line_and_nothing_is_written(tmp_path: Path, setting: str, said: str) -> None:
    run_ = init(tmp_path, "--answers", ANSWERS, "--set", setting)
    assert (run_.returncode, run_.stdout) == (3, "")
    (line,) = run_.stderr.splitlines()
    assert line.startswith(said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--set", "--as-of", "--lang", "--answers"])
def test_control_characters_in_an_argument_do_not_reach_the_terminal(tmp_path: Path, option: str) -> None:
    value = "unit.a\n\x1b[31mb=1" if option == "--set" else "a\n\x1b[31mb"
    run_ = run("init", "ward", option, value, cwd=tmp_path)
    assert run_.returncode in (2, 3)
    assert len(run_.stderr.splitlines()) == 1
    assert "\x1b" not in run_.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are bytes on POSIX only")
def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    run_ = init(tmp_path, "--answers", ANSWERS, "--set", "unit.name=Ward \udcff")
    assert run_.returncode == 3
    assert "unit.name" in run_.stderr


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "ward").write_text("mine", encoding="utf-8")
    run_ = init(tmp_path, "--answers", ANSWERS)
    assert run_.returncode != 0
    (line,) = run_.stderr.splitlines()
    assert line.startswith(f"{tmp_path / 'ward'}: ")
    assert (tmp_path / "ward").read_text(encoding="utf-8") == "mine"


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


@pytest.mark.criterion(17)
def test_the_same_command_twice_changes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "--answers", ANSWERS).returncode == 0
    before = content_of(tmp_path)
    assert init(tmp_path, "--answers", ANSWERS).returncode == 0
    assert content_of(tmp_path) == before


@pytest.mark.criterion(39)
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


def test_a_dry_run_changes_nothing_in_a_plan_that_is_there(tmp_path: Path) -> None:
    init(tmp_path, "--answers", ANSWERS)
    before = content_of(tmp_path)
    run_ = init(tmp_path, "--answers", EXAMPLES / "laboratory-en" / "answers.toml", "--force", "--dry-run")
    assert run_.returncode == 0
    assert content_of(tmp_path) == before


def test_force_keeps_a_copy_of_what_was_edited(tmp_path: Path) -> None:
    init(tmp_path, "--answers", ANSWERS)
    plan = tmp_path / "ward" / "plan.md"
    plan.write_bytes(edited := plan.read_bytes() + b"\nMy own notes.\n")
    assert init(tmp_path, "--answers", EXAMPLES / "laboratory-en" / "answers.toml", "--force").returncode == 0
    assert (tmp_path / "ward" / "plan.md.bak").read_bytes() == edited
    assert b"My own notes" not in plan.read_bytes()


def test_set_goes_before_the_file_and_the_last_one_counts(tmp_path: Path) -> None:
    run_ = init(tmp_path, "--answers", ANSWERS, "--set", "unit.name=Ward 8", "--set", "unit.name = Ward 9")
    assert run_.stdout.startswith("Ward 9: ")
    assert 'name = "Ward 9"' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")


def test_lang_goes_before_the_language_of_the_file(tmp_path: Path) -> None:
    assert init(tmp_path, "--answers", ANSWERS, "--lang", "sv").returncode == 0
    assert 'language = "sv"\n' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")
    assert "Peer learning på Ward 7" in (tmp_path / "ward" / "plan.md").read_text(encoding="utf-8")


def test_without_lang_the_language_is_the_systems(tmp_path: Path) -> None:
    assert "inte besvarat" in run("init", cwd=tmp_path, environ={"LC_ALL": "sv_SE.UTF-8"}).stderr
    assert "not answered" in run("init", cwd=tmp_path, environ={"LC_ALL": "en_GB.UTF-8"}).stderr


def test_no_input_still_needs_what_no_plan_can_do_without(tmp_path: Path) -> None:
    run_ = init(tmp_path, "--no-input", "--set", "unit.name=Ward 8")
    assert (run_.returncode, run_.stdout) == (2, "")
    (line,) = run_.stderr.splitlines()
    assert "no plan can be made without: unit.setting, placement.start" in line
    assert list(tmp_path.iterdir()) == []


def test_set_and_no_input_make_a_plan_of_three_facts(tmp_path: Path) -> None:
    facts = ["unit.name=Ward 8", "unit.setting=hospital", "placement.start=2027-01-18"]
    arguments = [part for fact in facts for part in ("--set", fact)]
    run_ = init(tmp_path, *arguments, "--no-input", "--lang", "sv")
    assert run_.returncode == 0
    assert (tmp_path / "ward" / "plan.md").read_text(encoding="utf-8").startswith("# Peer learning på Ward 8\n")
    assert 'rooms = "unknown"' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")


OPTIONS = [["--plain"], ["--lang", "sv"], ["--dry-run"], ["--force"], ["--json"]]


@pytest.mark.criterion(33)
@pytest.mark.parametrize(
    "options", [[*chain(*some)] for size in (0, 1, 2, len(OPTIONS)) for some in combinations(OPTIONS, size)]
)
def test_without_a_terminal_missing_answers_are_told_at_once(tmp_path: Path, options: list[str]) -> None:
    run_ = init(tmp_path, *options)
    assert run_.returncode == 2
    (line,) = run_.stderr.splitlines()
    assert "unit.name, unit.setting, placement.start" in line
    assert "--no-input" in line
    if "--json" in options:
        assert json.loads(run_.stdout)["errors"] == [{"id": "answers-missing", "place": "", "text": line}]
    else:
        assert run_.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.criterion(33)
def test_nothing_is_read_from_an_input_that_stays_open(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "peerplan", "init"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.wait(timeout=60) == 2


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


ENCODINGS = ["cp1252", "cp850", "ascii"]
WHERE = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}  # the program is


def encoded(cwd: Path, encoding: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """The program in Swedish, with a terminal's encoding."""
    return subprocess.run(
        [sys.executable, "-m", "peerplan", *map(str, arguments)],
        cwd=cwd,
        env={**WHERE, "PATH": "", "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "sv_SE"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


@pytest.mark.criterion(37)
@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_terminal_that_lacks_letters_gets_others_and_files_stay_utf_8(tmp_path: Path, encoding: str) -> None:
    expected = EXAMPLES / "surgical-ward-sv"
    run_ = encoded(tmp_path, encoding, "init", "ward", "--answers", expected / "answers.toml", "--as-of", str(AS_OF))
    assert (run_.returncode, run_.stderr) == (0, b"")
    assert "Redo att pröva".encode(encoding, errors="replace") in run_.stdout
    assert (tmp_path / "ward" / "plan.md").read_bytes() == (expected / "plan.md").read_bytes()
    assert encoded(tmp_path, encoding, "status", "ward").stderr == b""


@pytest.mark.criterion(37)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_error_is_one_line_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    run_ = encoded(tmp_path, encoding, "init", "--as-of", "idag")
    assert (run_.returncode, run_.stdout) == (2, b"")
    (line,) = run_.stderr.splitlines()
    assert line.startswith(b"--as-of: 'idag' ")
    assert line.endswith(b"r inget datum; skriv det som 2027-01-18")


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_json_is_whole_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    run_ = encoded(tmp_path, encoding, "init", "--as-of", "idag", "--json")
    (error,) = json.loads(run_.stdout.decode("utf-8"))["errors"]
    assert "'idag' är inget datum" in error["text"]


@pytest.mark.criterion(38)
def test_json_is_one_document(tmp_path: Path) -> None:
    made = json.loads(init(tmp_path, "--answers", ANSWERS, "--json").stdout)
    assert (made["version"], made["verdict"], made["files"]["plan.md"]) == (1, "ready-to-try", "new")
    refused = init(tmp_path, "--answers", tmp_path / "none.toml", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["exit_code"]) == (3, 3)


# --- every combination of init's options, without a terminal ---------------------------------------------------------

ALL = [*OPTIONS, ["--as-of", str(AS_OF)]]
SOME = [some for size in (0, 1, 2, len(ALL)) for some in combinations(ALL, size)]  # each with each other, and all
GIVEN: list[tuple[list[str], str]] = [
    ([], "unit.name, unit.setting, placement.start"),
    (["--set", "unit.setting=hospital"], "unit.name, placement.start"),
    (THREE, ""),
    (["--answers", "given.toml"], "unit.setting, placement.start"),
    (["--answers", "given.toml", "--set", "unit.setting=hospital"], "placement.start"),
]


@pytest.fixture
def given_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return answers_with(tmp_path, b'[unit]\nname = "Ward 8"\n')


@pytest.mark.slow
@pytest.mark.parametrize(("start", "needed", "folder"), [(*one, [["ward"], []][n % 2]) for n, one in enumerate(GIVEN)])
def test_whatever_is_given_what_is_missing_is_told_in_the_language_asked_for(
    given_file: Path, start: list[str], needed: str, folder: list[str]
) -> None:
    for some in SOME:
        result = run("init", *folder, *start, *chain(*some), cwd=Path())
        said = "inte besvarat: " if ["--lang", "sv"] in some else "not answered: "
        assert (result.returncode, result.stderr.count("\n")) == (2, 1), some
        assert result.stderr.startswith(f"{said}{', '.join(filter(None, [needed, 'support.decision']))}, "), some
        assert list(given_file.parent.iterdir()) == [given_file]


@pytest.mark.slow
@pytest.mark.parametrize(("start", "needed"), GIVEN)
def test_without_questions_only_what_no_plan_can_do_without_is_missing(
    given_file: Path, start: list[str], needed: str
) -> None:
    for some in [(), *((option,) for option in ALL), ALL]:
        result = run("init", "ward", "--no-input", "--dry-run", "--as-of", AS_OF, *start, *chain(*some), cwd=Path())
        assert result.returncode == (2 if needed else 0), some
        assert f": {needed};" in result.stderr if needed else not result.stderr
        assert list(given_file.parent.iterdir()) == [given_file]


# --- a plan that is there --------------------------------------------------------------------------------------------


def plan_of(tmp_path: Path, *arguments: str | Path) -> dict[str, bytes]:
    assert (
        run("init", tmp_path / "ward", "--as-of", AS_OF, "--answers", ANSWERS, *arguments, cwd=Path()).returncode == 0
    )
    return content_of(tmp_path)


@pytest.mark.parametrize("name", [name for name in WRONG if name != "begun already"])
def test_a_plan_whose_answers_went_wrong_is_told_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    plan_of(tmp_path)
    text, said = WRONG[name]
    (tmp_path / "ward" / "answers.toml").write_text(text, encoding="utf-8")
    before = content_of(tmp_path)
    for command in (["init", "--no-input"], ["init", "--lang", "sv"], ["update"], ["update", "--force"]):
        result = run(command[0], tmp_path / "ward", "--as-of", AS_OF, *command[1:], cwd=Path())
        first, *more = result.stderr.splitlines()
        assert (result.returncode, result.stdout) == (3, "")
        assert first.startswith(str(tmp_path / "ward" / "answers.toml"))
        assert said in first or "sv" in command
        assert not more or (name, command[0]) == ("misspelt key", "update")  # which also tells what is missing now
        assert content_of(tmp_path) == before


def test_a_unit_with_the_name_of_another_gets_no_folder_that_is_taken(given_file: Path) -> None:
    arguments = ["init", "--as-of", str(AS_OF), *THREE, "--no-input"]
    assert run(*arguments, cwd=Path()).returncode == 0
    before = content_of(given_file.parent)
    result = run(*arguments, "--set", "unit.name=Ward: 8", cwd=Path())
    assert (result.returncode, content_of(given_file.parent)) == (2, before)
    assert result.stderr.startswith("ward-8: this folder holds other answers")


def test_a_file_of_someone_elses_is_in_the_way_until_forced_and_then_kept_beside(tmp_path: Path) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "plan.md").write_text("Our plan", encoding="utf-8")
    refused = run("init", tmp_path / "ward", "--as-of", AS_OF, "--answers", ANSWERS, cwd=Path())
    assert refused.returncode == 2
    assert "(plan.md)" in refused.stderr
    assert content_of(tmp_path) == {str(Path("ward", "plan.md")): b"Our plan"}
    assert plan_of(tmp_path, "--force")[str(Path("ward", "plan.md.bak"))] == b"Our plan"


# --- settings --------------------------------------------------------------------------------------------------------


def test_an_empty_setting_is_no_answer(tmp_path: Path) -> None:
    run_ = init(tmp_path, "--answers", ANSWERS, "--set", "unit.name=")
    assert (run_.returncode, run_.stdout, run_.stderr.count("\n")) == (2, "", 1)
    assert "unit.name" in run_.stderr


def test_the_value_of_a_setting_may_have_an_equals_sign(tmp_path: Path) -> None:
    plan_of(tmp_path, "--set", " notes.rooms = 1 + 1 = 2 ")
    assert 'rooms = "1 + 1 = 2"' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")


def test_answers_by_set_are_written_as_answers_from_a_file(tmp_path: Path) -> None:
    made = ["placement.participants=4", "placement.start=2027-01-18", "placement.activities=rounds, documentation"]
    plan_of(tmp_path, *chain(*(("--set", setting) for setting in made)))
    assert (tmp_path / "ward" / "answers.toml").read_bytes() == ANSWERS.read_bytes()


@pytest.mark.parametrize(("language", "code"), [("sv", 0), ("fi", 3)])
def test_the_language_can_be_set_like_any_answer(tmp_path: Path, language: str, code: int) -> None:
    arguments = ["--as-of", str(AS_OF), "--answers", ANSWERS, "--set", f"language={language}"]
    result = run("init", tmp_path / "ward", *arguments, cwd=Path())
    assert result.returncode == code
    assert code or "Härnäst:" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["update", "ward"], ["init", "new", "--answers", "ward/answers.toml"], ["update"]]
)
def test_an_error_speaks_the_language_of_the_plan(tmp_path: Path, arguments: list[str]) -> None:
    answers = EXAMPLES / "surgical-ward-sv" / "answers.toml"
    assert run("init", "ward", "--answers", answers, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    path = tmp_path / "ward" / "answers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('setting = "hospital"', 'setting = "hospitl"'), "utf-8")
    run_ = run(*arguments, cwd=tmp_path if len(arguments) > 1 else tmp_path / "ward")
    assert (run_.returncode, "går inte att välja" in run_.stderr) == (3, True)


# --- whatever happens ------------------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    run_ = run(cwd=tmp_path)
    assert run_.returncode == 2
    assert "Commands:" in run_.stdout + run_.stderr
    assert "Traceback" not in run_.stderr


PLACES = ["--answers", "--set=unit.setting", "--set=notes.rooms", "--set", "--lang", "--as-of", "FOLDER"]
ODD = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20),
    st.sampled_from(["", "=", "-", "--", "🏥", "{0}", "%s", "a" * 200]),
)


@pytest.mark.slow
@settings(max_examples=50)
@given(place=st.sampled_from(PLACES), text=ODD)
@example(place="FOLDER", text="å/ä/ö")
def test_no_text_at_any_place_is_more_than_one_line_or_a_bug(
    tmp_path_factory: pytest.TempPathFactory, place: str, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "odd"
    name, _, key = place.partition("=")
    odd = ["--", str(folder / text)] if place == "FOLDER" else [str(folder), f"{name}={key and f'{key}='}{text}"]
    result = run("init", "--answers", ANSWERS, "--as-of", AS_OF, "--dry-run", *odd, cwd=Path())
    assert result.returncode in (0, 2, 3, 5)
    assert result.stderr.count("\n") == (1 if result.returncode else 0)
    assert not folder.exists()


@pytest.mark.parametrize("arguments", [["--answers", str(ANSWERS)], [*THREE, "--no-input"]])
def test_a_folder_whose_name_is_too_long_is_an_error_of_its_own(tmp_path: Path, arguments: list[str]) -> None:
    result = run("init", tmp_path / ("n" * 300), "--as-of", AS_OF, *arguments, cwd=Path())
    assert result.returncode in (2, 3, 5)
    assert result.stderr.startswith(str(tmp_path / "nnn"))


FAILING = """
import warnings
from peerplan.cli import app, main
@app.command()
def fail(secret: str) -> None:
    warnings.warn("of a library")
    raise KeyboardInterrupt if secret == "ctrl-c" else RuntimeError(secret)
main()
"""


def failing(tmp_path: Path, secret: str) -> subprocess.CompletedProcess[str]:
    """The program with a command that fails, where files for the time being go into a folder of their own."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    command = [sys.executable, "-c", FAILING, "fail", secret]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environ)


@pytest.mark.criterion(44)
def test_a_bug_is_one_line_and_a_file_that_says_where_but_nothing_personal(tmp_path: Path) -> None:
    run_ = failing(tmp_path, "Anna")
    (log,) = tmp_path.iterdir()
    assert (run_.returncode, run_.stdout) == (1, "")
    assert run_.stderr == f"something went wrong in peerplan itself; the details are in {log}\n"
    text = log.read_text(encoding="utf-8")
    assert text.startswith(f"peerplan {__version__}, Python {sys.version}\nRuntimeError\n")
    assert "in fail" in text
    assert "Anna" not in text


def test_an_interruption_is_one_line_and_exit_code_130(tmp_path: Path) -> None:
    run_ = failing(tmp_path, "ctrl-c")
    assert (run_.returncode, run_.stderr) == (130, say("en", "interrupted-anywhere") + "\n")
    assert list(tmp_path.iterdir()) == []


POSIX = pytest.mark.skipif(os.name == "nt", reason="devices and shells of POSIX")
SHELL = {
    "no room": (f"{sys.executable} -m peerplan status ward >/dev/full", 5),
    "no room for JSON": (f"{sys.executable} -m peerplan status ward --json >/dev/full", 5),
    "nobody reads": (f"exec 3> >(exit); wait $!; {sys.executable} -m peerplan --help >&3", 5),
    "no output": (f"{sys.executable} -m peerplan status ward >&-", 0),
    "no input": (f"{sys.executable} -m peerplan init other <&-", 2),
    "a long name": (f"{sys.executable} -m peerplan update {'x' * 300}", 3),
    "a long name for many": (f"{sys.executable} -m peerplan batch units.csv --to {'x' * 300}", 3),
    "no working folder": (f"mkdir gone; cd gone; rmdir ../gone; {sys.executable} -m peerplan update", 3),
}


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("name", SHELL)
def test_what_the_system_refuses_is_one_line_and_no_bug(tmp_path: Path, name: str) -> None:
    run("init", "ward", "--answers", ANSWERS, "--as-of", str(AS_OF), cwd=tmp_path)
    (tmp_path / "units.csv").write_text("name;setting;start\nN;hospital;2027-01-18\n", encoding="utf-8")
    command, code = SHELL[name]
    shell = ["bash", "-c", command]
    made = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (made.returncode, len(made.stderr.splitlines()) <= 1) == (code, True), made.stderr
    assert "peerplan itself" not in made.stderr


# --- The example ---


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_example_is_a_whole_plan_whose_letter_can_be_sent(language: str, tmp_path: Path) -> None:
    made = run("example", "plan", "--lang", language, "--as-of", AS_OF.isoformat(), cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    letter = (tmp_path / "plan" / "student-email.txt").read_text(encoding="utf-8")
    assert "[" not in letter
    answers = tomllib.loads((tmp_path / "plan" / "answers.toml").read_text(encoding="utf-8"))
    assert answers["placement"]["start"] == date(2027, 1, 18)
    assert answers["placement"]["end"] == date(2027, 3, 12)
    assert (tmp_path / "plan" / "plan.html").exists()


def test_the_example_replaces_no_plan(tmp_path: Path) -> None:
    assert init(tmp_path, "--answers", ANSWERS).returncode == 0
    before = content_of(tmp_path / "ward")
    made = run("example", "ward", "--as-of", AS_OF.isoformat(), cwd=tmp_path)
    assert (made.returncode, made.stderr) == (2, f"ward: {say('en', 'example-in-the-way')}\n")
    assert content_of(tmp_path / "ward") == before
