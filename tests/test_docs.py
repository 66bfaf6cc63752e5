"""What the documents promise is there, and what is there they tell of."""

import re
from pathlib import Path

import pytest

from samples import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ["init", "update", "status", "batch", "emails"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_stands_in_the_readme(tmp_path: Path, command: str) -> None:
    options = set(re.findall(r"^  (--[a-z-]+)", run(command, "--help", cwd=tmp_path).stdout, re.MULTILINE))
    assert {option for option in options - {"--help"} if option not in README} == set()


def test_every_option_in_the_readme_is_there(tmp_path: Path) -> None:
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--quiet", "--editable"}
    helps = "".join(run(command, "--help", cwd=tmp_path).stdout for command in COMMANDS)
    assert {option for option in told if option not in helps} == set()


def test_the_readmes_test_command_is_what_ci_runs() -> None:
    commands = re.findall(r"```sh\n(python3 .*pytest)\n```", README)
    assert len(commands) == 1
    assert commands[0] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_readmes_first_command_makes_a_plan(tmp_path: Path) -> None:
    (command,) = re.findall(r"```sh\n(python3 -m venv \.venv .*)\n```", README)
    arguments = command.rpartition(".venv/bin/peerplan ")[2].split()
    arguments[arguments.index("--answers") + 1] = str(ROOT / arguments[arguments.index("--answers") + 1])
    run_ = run(*arguments, cwd=tmp_path)
    assert run_.returncode == 0
    assert (tmp_path / "my-first-plan" / "plan.md").is_file()


def test_the_files_of_a_plan_folder_stand_in_the_readme() -> None:
    names = {path.name for folder in (ROOT / "examples").iterdir() if folder.is_dir() for path in folder.iterdir()}
    told = {name for name in names if f"`{name}`" in README or f"`{Path(name).with_suffix('.eml')}`, `.txt`" in README}
    assert names - told == set()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/json.md"])
def test_links_within_the_repository_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_every_module_in_contributing_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = [path for path in re.findall(r"`(src/[\w/.*]+|templates/)", text) if "*" not in path]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
