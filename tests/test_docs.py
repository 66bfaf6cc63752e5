"""What the documents promise is there, and what is there they tell of."""

import importlib.util
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from peerplan.errors import PeerplanError
from peerplan.folder.reconcile import Outcome
from samples import AS_OF, run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")  # test_readme.py holds the Swedish one beside it
JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
COMMANDS = ["init", "example", "update", "status", "batch", "emails", "export", "form"]


SECTIONS = {
    "example": "Your first plan",
    "init": "The interview",
    "update": "As time goes by",
    "status": "As time goes by",
    "batch": "Many units",
    "emails": "An e-mail to each student",
    "export": "To look at, print and share",
    "form": "The questions as a page",
}


def options_of(cwd: Path, *command: str) -> set[str]:
    helped = run(*command, "--help", cwd=cwd).stdout
    return set(re.findall(r"^  (--[a-z-]+)", helped, re.MULTILINE)) - {"--help"}


def section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.criterion(41)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_stands_in_its_section_of_the_readme(tmp_path: Path, command: str) -> None:
    options = options_of(tmp_path, command)
    assert options
    told = set(re.findall(r"(?<![\w-])--[a-z-]+", section(SECTIONS[command])))
    assert options - told == set()


def test_every_option_of_the_program_itself_stands_in_the_readme(tmp_path: Path) -> None:
    assert {option for option in options_of(tmp_path) if option not in README} == set()


def test_every_command_is_known_here(tmp_path: Path) -> None:
    listed = run("--help", cwd=tmp_path).stdout.partition("Commands:\n")[2]
    assert sorted(re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE)) == sorted(COMMANDS)


def test_every_exit_code_stands_in_the_readme() -> None:
    told = {int(code) for code in re.findall(r"(?<![\w-])(\d+) ", section("Exit codes"))}
    assert told == {0, PeerplanError.exit_code, *(kind.exit_code for kind in PeerplanError.__subclasses__())}


@pytest.mark.parametrize("kind", get_args(Outcome))
def test_every_kind_of_file_stands_in_the_description_of_json(kind: str) -> None:
    assert f"`{kind}`" in JSON


def test_every_key_that_init_prints_as_json_is_described(tmp_path: Path) -> None:
    answers = ROOT / "examples" / "surgical-ward-en" / "answers.toml"
    printed = run("init", "ward", "--answers", answers, "--as-of", str(AS_OF), "--json", cwd=tmp_path).stdout
    made = json.loads(printed)
    keys = {*made, *made["actions"][0], *next(iter(made["areas"].values()))}
    assert {key for key in keys if f"`{key}`" not in JSON} == set()


def test_every_option_in_the_readme_is_there(tmp_path: Path) -> None:
    others = {"--quiet", "--editable", "--id", "--user", "--requirement", "--no-deps", "--no-build-isolation"}  # pip's
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - others
    helps = "".join(run(*command, "--help", cwd=tmp_path).stdout for command in [[], *zip(COMMANDS, strict=True)])
    assert {option for option in told if option not in helps} == set()


def test_the_readmes_test_command_is_what_ci_runs() -> None:
    commands = re.findall(r"```sh\n(python3 .*pytest -n 2)\n```", README)
    assert len(commands) == 1
    assert f"{commands[0]} --cov" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


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


@pytest.mark.parametrize(
    "document", ["README.md", "README.sv.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/json.md"]
)
def test_links_within_the_repository_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_every_module_in_contributing_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = [path for path in re.findall(r"`([\w/.-]+(?:/|\.py|\.toml|\.md))`", text) if "NAME" not in path]
    package = ROOT / "src" / "peerplan"
    places = [ROOT, package, package / "commands", package / "guide" / "content"]
    assert len(named) > 20
    assert [path for path in named if not any((place / path).exists() for place in places)] == []


def test_the_page_of_messages_is_what_the_content_says() -> None:
    spec = importlib.util.spec_from_file_location("messages_page", ROOT / "docs" / "messages.py")
    assert spec
    assert spec.loader
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    assert messages.PAGE.read_text(encoding="utf-8") == messages.page()
