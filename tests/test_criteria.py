"""What a reliable planner promises, by number. Each has tests that carry its number, wherever they stand.

What no test here can show stands with its number in docs/not-verified.md, with how to try it.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import peerplan
from controls import CONTROLS
from peerplan.guide.kit import TEMPLATES
from samples import AS_OF, EXAMPLES, run
from table_files import as_csv, save

ROOT = Path(__file__).parents[1]
CRITERIA = {
    1: "a table is the same however it was saved, or it is told how it was",
    2: "a table of one column has no separator",
    3: "a day that could be two is refused; a day number becomes a date only where it must be one",
    4: "a whole number is one however it was written, and no other is taken",
    5: "an empty table is told, and nothing is written",
    6: "all wrong rows are told together and nothing is written, or the others if that is asked for",
    7: "a misspelt heading or key is told with the nearest",
    8: "what stands twice is told with both lines",
    9: "a text stays as it was written",
    10: "a file that is made to do harm ends in a message, in little memory",
    11: "each kind of wrong file has a message of its own",
    12: "a formula without a value is told",
    13: "any subject comes back equal",
    14: "nothing that is given adds a header",
    15: "a draft holds the address of nobody else",
    16: "a wrong address, or one that is there twice, is told with its row",
    17: "the same input gives the same bytes",
    18: "a calendar is as the standard asks, and an event keeps its id",
    19: "no link begins a mail",
    20: "killed at any moment, each file is old or new, and the next run goes on",
    21: "where a disk is full or fails, what was there is there",
    22: "an edit is kept, and the new text stands beside it",
    23: "line ends and a mark at the beginning are no edit",
    24: "of two at once one does the work, and the other says why not",
    25: "a link is followed within the folder, and not out of it",
    26: "any name gives a valid folder of its own within the folder",
    27: "a dry run says the same and writes nothing",
    28: "a file that another program holds is waited for, then told",
    29: "a text changes the structure of no document",
    30: "no cell is a formula",
    31: "a wrong template is told with its line, and an own one runs in a sandbox",
    32: "a name is printed as it is",
    33: "without a terminal nothing is waited for",
    34: "interrupted at any question, every answer is kept",
    35: "back loses nothing, and every choice can be read in a narrow window",
    36: "who wants no colours or escape codes gets none",
    37: "a terminal with fewer letters gets through",
    38: "with --json there is one document, also where it fails",
    39: "no option but --force replaces anything, and none lets an identity number through",
    40: "the interview can be answered on plain lines",
    41: "everything is documented, in both languages",
    42: "an identity number is refused with its place, and never shown",
    43: "nobody with a protected identity gets a draft, and that is an exit code",
    44: "nothing of a student is in a report, a log or a crash",
    45: "drafts can be read by their owner only",
}
PACKAGE = Path(peerplan.__file__).parent
ANSWERS = EXAMPLES / "surgical-ward-en" / "answers.toml"


def test_every_criterion_has_a_test_or_its_line_in_docs() -> None:
    tests = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    shown = {
        int(number)
        for text in tests
        for number in re.findall(r"^@pytest\.mark\.criterion\((\d+)\)", text, re.MULTILINE)
    }
    told = re.findall(r"\bcriterion (\d+)\b", (ROOT / "docs" / "not-verified.md").read_text(encoding="utf-8"))
    assert shown | set(map(int, told)) == {*CRITERIA} == {*range(1, 46)}


@pytest.mark.parametrize("number", CRITERIA)
def test_a_control_names_a_test_of_its_criterion_and_a_piece_of_the_program(number: int) -> None:
    control = CONTROLS[number]
    file, _, test = control.test.partition("::")
    marked = rf"^@pytest\.mark\.criterion\({number}\)\n(?:(?!def ).*\n)*def {test}\("
    assert re.search(marked, (Path(__file__).parent / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert (PACKAGE / control.file).read_text(encoding="utf-8").count(control.old) == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", CRITERIA)
def test_the_test_of_a_criterion_fails_where_the_program_is_broken(tmp_path: Path, number: int) -> None:
    control = CONTROLS[number]
    broken = tmp_path / "peerplan"
    shutil.copytree(PACKAGE, broken, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TEMPLATES, broken / "templates", dirs_exist_ok=True)
    text = (broken / control.file).read_text(encoding="utf-8")
    (broken / control.file).write_text(text.replace(control.old, control.new), encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
    options = ["-x", "-q", "-p", "no:cacheprovider", "--no-cov", f"--basetemp={tmp_path / 'tests'}"]
    made = subprocess.run(
        [sys.executable, "-m", "pytest", *options, Path(__file__).parent / control.test],
        env={**environ, "PYTHONPATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "kept")},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (made.returncode, "error" in made.stdout.splitlines()[-1]) == (1, False), made.stdout


@pytest.mark.criterion(9)
@pytest.mark.parametrize("text", ["no", "0701234567", "07:30", "1e5", "TRUE", "2027-01-18", "=1+1", "4.0", "null"])
def test_a_text_that_looks_like_something_else_stays_a_text(tmp_path: Path, text: str) -> None:
    path = save(
        tmp_path, as_csv([["name", "setting", "start", "workplace"], ["Norra", "hospital", "2027-01-18", text]])
    )
    assert run("batch", path, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    answers = tomllib.loads((tmp_path / "plans" / "norra" / "answers.toml").read_text(encoding="utf-8"))
    assert answers["unit"]["workplace"] == text


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 1_000_000)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2_000_000_000)


BOMBS: dict[str, Callable[[Path], object]] = {
    "nested.toml": lambda path: path.write_bytes(b"a = " + b"[" * 100_000),
    "dotted.toml": lambda path: path.write_bytes(b".".join([b"a"] * 20_000) + b" = 1"),
    "digits.toml": lambda path: path.write_bytes(b"[placement]\nparticipants = " + b"9" * 5_000),
    "keys.toml": lambda path: path.write_text("\n".join(f"k{number} = 1" for number in range(60_000))),
    "sparse.toml": sparse,
    "line.csv": lambda path: path.write_text("name;setting;start\n" + "x" * 20_000_000),
    "sparse.csv": sparse,
    "bomb.xlsx": zip_bomb,
}


# Not by what wait4 tells: that begins with the memory of the process which started it.
WITH_PEAK = """
import atexit
from pathlib import Path
atexit.register(lambda: Path("peak").write_text(Path("/proc/self/status").read_text()))
from peerplan.cli import main
main()
"""


@pytest.mark.criterion(10)
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_is_made_to_do_harm_ends_in_a_message(tmp_path: Path, name: str) -> None:
    BOMBS[name](tmp_path / name)
    command = ["init", "ward", "--no-input", "--answers", name] if name.endswith(".toml") else ["batch", name]
    made = subprocess.run(
        [sys.executable, "-c", WITH_PEAK, *command], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    peak = re.search(r"VmHWM:\s+(\d+) kB", (tmp_path / "peak").read_text(encoding="utf-8"))
    assert peak
    assert (made.returncode, int(peak[1]) < 300_000) == (3, True)
    assert 1 <= len(made.stderr.splitlines()) <= 30


@pytest.mark.criterion(19)
@pytest.mark.parametrize("example", ["surgical-ward-en", "laboratory-sv"])
def test_no_link_begins_a_mail(tmp_path: Path, example: str) -> None:
    answers = EXAMPLES / example / "answers.toml"
    assert run("init", "ward", "--answers", answers, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    files = [path for path in (tmp_path / "ward").iterdir() if path.is_file()]
    assert files
    assert not [path.name for path in files if b"mailto:" in path.read_bytes()]


@pytest.mark.criterion(39)
@pytest.mark.parametrize("option", [["--force"], ["--no-input"], ["--plain"], ["--dry-run"]])
def test_no_option_lets_an_identity_number_through(tmp_path: Path, option: list[str]) -> None:
    number = ["--set", "notes.rooms=19121212-1212"]
    made = run("init", "ward", "--answers", ANSWERS, *number, *option, "--as-of", AS_OF, cwd=tmp_path)
    assert (made.returncode, [*tmp_path.iterdir()]) == (6, [])
