"""README.md and README.sv.md say the same, and what they tell a person to write works."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import peerplan
from samples import AS_OF, EXAMPLES, run

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.sv.md")}
ENGLISH = {
    "avd-7": "ward-7",
    "enheter": "units",
    "planer": "plans",
    "studenter": "students",
    "svar": "answers",
}  # the names in commands
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
PROGRAMS = ("peerplan", "uv", "pipx", "brew", "py")
SETS_UP = ["python3 -m venv .venv && ", "python3 -m venv .venv-test && "]

NOT_RUN = {
    "winget install": "Windows has it",
    "powershell -Exec": "it fetches uv from the network",
    "curl -LsSf": "it fetches uv from the network",
    "brew install": "macOS has it",
    "uv tool": "uv is not here, and fetches; what it is given to install is tested below",
    "pipx ": "pipx is not here, and fetches",
    "cd ": "it is a place on the person's computer",
    "py -m pip": "Windows has it; what it is given to install is tested below",
    "py -m venv": "Windows has it; test_docs runs the same for the other systems",
    "py -m peerplan": "Windows has it; test_package runs the program as a module",
    "python3 -m venv": "test_docs runs the first, .ci/run the second",
    ".venv-test/bin/python -m build": ".ci/run runs it, and installs what it makes",
    "peerplan init": "it asks; test_interview_terminal answers",
    "peerplan --install-completion": "it changes the person's shell; test_usage tests it",
}


def in_english(text: str) -> str:
    return re.sub("|".join(ENGLISH), lambda found: ENGLISH[found.group()], text)


def blocks(readme: str) -> list[tuple[str, list[str]]]:
    """The kind of each block of commands, and its lines."""
    return [(kind, [line.strip() for line in lines.splitlines()]) for kind, lines in BLOCK.findall(READMES[readme])]


def in_sentences(readme: str) -> list[str]:
    """The commands that stand in a sentence."""
    found = re.findall(r"`([^`\n]+)`", BLOCK.sub("", READMES[readme]))
    return [one for one in found if one.startswith(tuple(f"{program} " for program in PROGRAMS))]


def commands(readme: str) -> list[str]:
    return [*(line for _, lines in blocks(readme) for line in lines), *in_sentences(readme)]


def sections(readme: str) -> list[tuple[str, str]]:
    """The headings with their signs, and what stands under each."""
    parts = re.split(r"^(#+) .+$", BLOCK.sub("", READMES[readme]), flags=re.MULTILINE)
    return [*zip(parts[1::2], parts[2::2], strict=True)]


def told(pattern: str, readme: str) -> list[tuple[str, set[str]]]:
    return [(sign, set(re.findall(pattern, text))) for sign, text in sections(readme)]


WHAT_IS_THE_SAME = {
    "options": r"(?<![\w-])--[a-z][a-z-]*",
    "files": r"`([\w-]+\.[a-z]+)`",
    "numbers": r"(?<![\w.])\d+(?![\w.])",
    "rows of tables": r"(?m)^\| `([a-z.-]+)",
}


@pytest.mark.parametrize("pattern", WHAT_IS_THE_SAME.values(), ids=WHAT_IS_THE_SAME)
def test_each_section_tells_of_the_same_in_both_languages(pattern: str) -> None:
    english, swedish = (told(pattern, readme) for readme in READMES)
    assert [(sign, {in_english(one) for one in found}) for sign, found in swedish] == english
    assert len(english) > 10


def test_the_commands_are_the_same_in_both_languages() -> None:
    english, swedish = READMES
    assert [(kind, [*map(in_english, lines)]) for kind, lines in blocks(swedish)] == blocks(english)
    assert [*map(in_english, in_sentences(swedish))] == in_sentences(english)


@pytest.mark.parametrize("readme", READMES)
def test_each_leads_to_the_other_at_its_top_and_to_places_that_are_there(readme: str) -> None:
    (other,) = set(READMES) - {readme}
    text = READMES[readme]
    assert f"]({other})" in text.splitlines()[2]
    places = {re.sub(r"[^\w-]", "", one.lower().replace(" ", "-")) for one in re.findall(r"(?m)^#+ (.+)$", text)}
    linked = re.findall(r"\]\(#([^)]+)\)", text)
    assert len(linked) > 2
    assert set(linked) - places == set()


@pytest.mark.parametrize("readme", READMES)
def test_what_a_developer_needs_stands_first_among_what_a_shell_runs(readme: str) -> None:
    first = [lines for kind, lines in blocks(readme) if kind == "sh"][:2]
    assert [line.startswith(start) for (line,), start in zip(first, SETS_UP, strict=True)] == [True, True]


@pytest.mark.parametrize("readme", READMES)
def test_the_pictures_are_shown_and_told(readme: str) -> None:
    language = "sv" if ".sv" in readme else "en"
    shown = {path: text for text, path in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", READMES[readme])}
    assert {*shown} == {f"docs/pictures/{kind}-{language}.svg" for kind in ("time", "question")}
    assert all(len(text) > 100 for text in shown.values())


@pytest.mark.parametrize("readme", READMES)
def test_what_is_installed_is_the_file_that_is_built(readme: str) -> None:
    assert set(re.findall(r"[\w./-]+\.whl", READMES[readme])) == {
        f"{place}peerplan-{peerplan.__version__}-py3-none-any.whl" for place in ("", "./")
    }
    assert "hooks" not in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]  # nothing compiled: py3-none-any
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert set(re.findall(r"Python (\d\S*)", READMES[readme])) == {"3.11"}
    assert set(re.findall(r"\.whl\[(\w+)\]", READMES[readme])) <= {*PROJECT["project"]["optional-dependencies"]}


def test_what_is_not_run_is_there() -> None:
    there = [command for readme in READMES for command in commands(readme)]
    assert [start for start in NOT_RUN if not any(command.startswith(start) for command in there)] == []


@pytest.mark.slow  # each command, one after the other
@pytest.mark.parametrize("readme", READMES)
def test_every_other_command_goes_well(readme: str, tmp_path: Path) -> None:
    run("init", tmp_path / "ward-7", "--answers", EXAMPLES / "surgical-ward-en" / "answers.toml", cwd=tmp_path)
    ran = [command for command in map(in_english, commands(readme)) if not command.startswith(tuple(NOT_RUN))]
    for command in ran:
        program, *arguments = shlex.split(command.partition(" | ")[0].replace("COMMAND", "update"))
        assert program == "peerplan"
        prepare(arguments, tmp_path)
        day = ["--as-of", str(AS_OF)] if arguments[1:] and not {"-h", "--starter", "form"} & {*arguments} else []
        made = run(*(part for part in arguments if part != "--open"), *day, cwd=tmp_path)
        assert made.returncode == 0, (command, made.stderr)
    assert {command.split()[1] for command in ran} >= {"example", "update", "status", "export", "batch", "emails"}
    assert (tmp_path / "my-first-plan" / "plan.md").is_file()


def prepare(arguments: list[str], folder: Path) -> None:
    """Put the table there that a command reads, as a person would have filled it in."""
    if arguments[:2] == ["batch", "units.xlsx"]:
        book = load_workbook(EXAMPLES / "units.xlsx")
        book.worksheets[0].delete_rows(4, 100)
        book.save(folder / arguments[1])
    if arguments[:2] == ["batch", "answers"]:
        gathered = folder / arguments[1]
        gathered.mkdir(exist_ok=True)
        (gathered / "ward-7-answers.toml").write_bytes((EXAMPLES / "surgical-ward-en" / "answers.toml").read_bytes())
    if arguments[0] == "emails":
        book = Workbook()
        for row in (["E-post", "Namn"], ["asa@ki.example", "Åsa"]):
            book.worksheets[0].append(row)
        book.save(folder / arguments[2])
