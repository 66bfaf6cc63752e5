"""What is packaged: the program says what it needs, and finds its templates and content wherever it is installed."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

import pytest

import peerplan
from peerplan.guide.kit import TEMPLATES
from peerplan.messages import Messages

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted((ROOT / "src" / "peerplan").rglob("*.py"))
SDIST = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """The names of the packages that the source imports, apart from Python's and its own."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - {*sys.stdlib_module_names, "peerplan"}


def test_the_version_is_that_of_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", peerplan.__version__)
    newest = re.findall(r"^## \[?(\S+?)\]?(?:\s|$)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[
        0
    ]
    assert newest in (peerplan.__version__, "Unreleased")
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "src/peerplan/__init__.py"


def test_what_is_asked_for_stands_in_the_lock_with_its_checksums() -> None:
    text = (ROOT / ".ci" / "lock.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([\w.-]+)==[^ ]+(?: ; .*?)? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [
        *PROJECT["project"]["dependencies"],
        *extras["test"],
        *extras["export"],
        *PROJECT["build-system"]["requires"],
    ]
    assert {normal(re.split(r"[^\w.-]", line)[0]) for line in lines} <= {normal(name) for name in locked}
    assert len(locked) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))


def test_the_package_says_that_it_is_typed() -> None:
    assert files("peerplan").joinpath("py.typed").is_file()


def test_what_is_imported_is_what_is_asked_for() -> None:
    distributions = packages_distributions()
    needed = {normal(distributions[name][0]) for name in imported() if name in distributions}
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["export"]]
    declared = {normal(re.split(r"[^\w.-]", line)[0]) for line in lines}
    assert [name for name in imported() if name not in distributions] == []
    assert needed - declared <= {"pydantic-core", "markupsafe", "lxml"}  # come with pydantic, jinja2 and python-docx
    assert declared - needed == set()


def test_the_command_is_the_main_of_the_command_line() -> None:
    module, _, name = PROJECT["project"]["scripts"]["peerplan"].partition(":")
    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("language", Messages().languages)
def test_the_templates_are_found_and_the_same_in_every_language(language: str) -> None:
    names = {path.name for path in (TEMPLATES / language).glob("*.j2")}
    assert {"plan.md.j2", "student-email.eml.j2"} <= names
    assert names == {path.name for path in (TEMPLATES / Messages().languages[0]).glob("*.j2")}


def test_a_checkout_reads_its_own_templates_and_the_wheel_has_the_same(tmp_path: Path) -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"]["templates"] == "peerplan/templates"
    assert {"src/peerplan", "templates"} == {*wheel["only-include"]}
    if not Path(peerplan.__file__).with_name("templates").exists():
        code = "from peerplan.guide.kit import TEMPLATES; print(TEMPLATES)"
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert Path(found.stdout.strip()) == Path(peerplan.__file__).parents[2] / "templates"


def test_the_content_is_in_the_package() -> None:
    names = {path.name for path in files("peerplan").joinpath("guide", "content").iterdir()}
    assert {path.name for path in (ROOT / "src" / "peerplan" / "guide" / "content").glob("*.toml")} <= names
    assert {"items.toml", "messages.toml", "languages.toml"} <= names


def test_the_program_runs_as_a_module_from_anywhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "peerplan", "--version"]
    run_ = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run_.stdout == f"peerplan {peerplan.__version__}\n"


@pytest.mark.parametrize("needed", ["docs/json.md", ".ci/run", "README.sv.md"])
def test_the_source_distribution_holds_what_its_readme_and_its_tests_read(needed: str) -> None:
    assert (ROOT / needed).exists()
    assert any(f"/{needed}".startswith(included) for included in SDIST)


def test_it_says_who_made_it_and_leads_to_what_it_builds_on() -> None:
    (author,) = (one["name"] for one in PROJECT["project"]["authors"])
    assert author in (ROOT / "LICENSE").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [url for url in PROJECT["project"]["urls"].values() if f"({url})" not in readme] == []
