"""The house: which package may import which, what a command loads, and how often it reads and judges."""

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from peerplan.guide.kit import TEMPLATES
from peerplan.messages import CONTENT
from samples import AS_OF, EXAMPLES, PLAIN_ROSTER, environ_keeping_in

SOURCE = Path(__file__).parents[1] / "src" / "peerplan"

# From the ground up: each room may import those above it in this list, and itself.
LAYERS = (
    ("call", "errors", "prepared", "text"),
    ("messages", "tables"),
    ("guide",),
    ("answers",),
    ("plan",),
    ("documents", "folder", "interview"),
    ("commands",),
    ("report", "completion"),
    ("usage",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: floor for floor, rooms in enumerate(LAYERS) for room in rooms}


def imports() -> Iterator[tuple[str, str, str]]:
    """Give each import of one room by another: the file and line, the room, and the room that is imported."""
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("peerplan."):
                other = node.module.split(".")[1]
                if other != room:
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", room, other


def test_every_room_has_its_floor() -> None:
    rooms = {path.name.removesuffix(".py") for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__", "py.typed", "templates"} == set(FLOOR)


def test_no_room_imports_one_above_it_or_beside_it() -> None:
    found = list(imports())
    assert len(found) > 100
    assert [(place, other) for place, room, other in found if FLOOR[other] >= FLOOR[room]] == []


@pytest.mark.parametrize("package", sorted(path.parent.name for path in SOURCE.glob("*/__init__.py")))
def test_a_package_says_what_it_is_for(package: str) -> None:
    docstring = ast.get_docstring(ast.parse((SOURCE / package / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring) > 100


# --- what a command loads, reads and judges --------------------------------------------------------------------------

WATCH = """
import json, os, sys
from collections import Counter
opened, counts = [], Counter()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        writes = bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        opened.append((os.fspath(arguments[0]), writes))
    counts[event] += event == "os.rename"
sys.addaudithook(watch)
def counted(name):
    call = getattr(os, name)
    def one_more(*arguments):
        counts[name] += 1
        call(*arguments)
    setattr(os, name, one_more)
for name in {"sync", "fsync"} & {*dir(os)}:
    counted(name)
COUNTED = {
    ("draft.py", "_validated"): "judged",
    ("load.py", "guide_in"): "guides",
    ("environment.py", "compile"): "compiled",
    ("_parser.py", "loads"): "parsed",
}
def count(frame, event, argument):
    if event == "call":
        code = frame.f_code
        counts[COUNTED.get((os.path.basename(code.co_filename), code.co_name))] += 1
sys.setprofile(count)
from peerplan.cli import app
try:
    app(sys.argv[2:])
except SystemExit as end:
    code = end.code
sys.setprofile(None)
found = {name: number for name, number in counts.items() if name and number}
with open(sys.argv[1], "w") as file:
    json.dump({"opened": opened, "counts": found, "modules": sorted(sys.modules), "code": code}, file)
"""


class Watched:
    """What one run of the program did, which keeps what it prepares beside the folder."""

    def __init__(self, *arguments: str | Path, cwd: Path) -> None:
        notes = cwd / "watched.json"
        command = [sys.executable, "-c", WATCH, str(notes), *map(str, arguments)]
        environ = environ_keeping_in(cwd.with_name("kept"))
        subprocess.run(
            command, cwd=cwd, env=environ, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
        )
        found = json.loads(notes.read_text(encoding="utf-8"))
        assert found["code"] == 0
        self.counts = Counter(found["counts"])
        self.judged = self.counts["judged"]
        self.modules = set(found["modules"])
        home = cwd.resolve()
        read = [(home / path).resolve() for path, writes in found["opened"] if not writes]
        self.reads = Counter(
            path.relative_to(home).as_posix()
            for path in read
            if path.is_relative_to(home) and path.name != "lock" and not path.is_dir()
        )
        written = [Path(path) for path, writes in found["opened"] if writes]
        self.written = [path for path in written if path != notes and path.name != "lock" and not path.is_dir()]
        self.content = Counter(Path(path).name for path, _ in found["opened"] if "content" in Path(path).parts)


AS_OF_OPTION = ("--as-of", str(AS_OF))
EXAMPLE = EXAMPLES / "surgical-ward-en" / "answers.toml"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Watched]:
    """A folder with a plan, and the run that made it, which found nothing prepared."""
    folder = tmp_path_factory.mktemp("first") / "watched"
    folder.mkdir()
    return folder, Watched("init", "ward", "--answers", EXAMPLE, *AS_OF_OPTION, cwd=folder)


@pytest.fixture(scope="module")
def here(first: tuple[Path, Watched]) -> Path:
    """A folder with a plan, a ticked plan, a table and its plans, after runs that prepared everything."""
    folder, _ = first
    (folder / "course.csv").write_text(PLAIN_ROSTER, encoding="utf-8")
    for arguments in (
        ("--help",),
        ("init", "--help"),
        ("form",),
        ("emails", "ward", "course.csv", "--dry-run", *AS_OF_OPTION),
    ):
        Watched(*arguments, cwd=folder)
    Watched("batch", EXAMPLES / "units.csv", "--to", "plans", *AS_OF_OPTION, cwd=folder)
    (folder / "units.csv").write_bytes((EXAMPLES / "units.csv").read_bytes())
    return folder


@pytest.mark.slow
def test_the_first_run_reads_all_content_once_and_compiles_each_template_once(first: tuple[Path, Watched]) -> None:
    _, watched = first
    files = {path.name for path in CONTENT.glob("*.toml")}
    unused = {"help.toml", "help-commands.toml", "example.toml", "roster.toml", "privacy.toml"}
    assert watched.content == Counter(files - unused) + Counter(["languages.toml"])  # by messages, and by the guides
    assert watched.counts["guides"] == 2
    assert watched.counts["parsed"] == watched.content.total() + 1  # the answers
    templates = [*(TEMPLATES / "en").glob("*.j2")]
    assert watched.counts["compiled"] == len(templates) + 3  # page.html.j2, its picture and its style


@pytest.mark.slow
def test_init_reads_its_answers_once_and_judges_them_once(here: Path) -> None:
    (here / "mine.toml").write_bytes(EXAMPLE.read_bytes())
    watched = Watched("init", "new", "--answers", "mine.toml", *AS_OF_OPTION, cwd=here)
    assert (watched.judged, watched.counts["parsed"]) == (1, 1)
    assert watched.reads.pop("mine.toml") == 2  # one of them for the language of errors
    assert set(watched.reads.values()) <= {1}


@pytest.mark.slow
def test_update_reads_each_file_once_and_judges_once(here: Path) -> None:
    plan = here / "ward" / "plan.md"
    plan.write_text(plan.read_text(encoding="utf-8").replace("[ ]", "[x]", 1), encoding="utf-8")
    watched = Watched("update", "ward", *AS_OF_OPTION, cwd=here)
    assert watched.judged == 1
    assert watched.reads.pop("ward/answers.toml") == 2  # one of them for the language of errors
    assert watched.reads["ward/plan.md"] == watched.reads["ward/.peerplan/record.json"] == 1
    assert set(watched.reads.values()) == {1}


@pytest.mark.slow
def test_status_reads_three_files_of_a_folder_once(here: Path) -> None:
    watched = Watched("status", "plans", *AS_OF_OPTION, cwd=here)
    assert watched.judged == 12
    names = Counter(Path(path).name for path in watched.reads.elements())
    assert names == {"answers.toml": 12, "record.json": 12, "plan.md": 12}


@pytest.mark.slow
def test_batch_judges_a_new_unit_twice_writes_each_file_once_and_an_unchanged_unit_is_only_read(here: Path) -> None:
    new = Watched("batch", "units.csv", "--to", "fresh", *AS_OF_OPTION, cwd=here)
    files = [path for path in here.glob("fresh/[!.]*/**/*") if path.is_file()]
    overview = 4 + 2  # its documents, and its record before and after them; a seal is written as it is
    # Judged once to check all rows before anything is written, and once to write: no answers are kept of many rows.
    assert (new.judged, new.reads["units.csv"]) == (24, 1)
    assert (len(new.written), new.counts["os.rename"]) == (
        len(files) + 2 * overview + 1,
        12 + overview,
    )  # few: opened again to be flushed
    assert (new.counts["sync"], new.counts["fsync"]) == (1, overview + 3)  # and two folders for their new names
    again = Watched("batch", "units.csv", "--to", "fresh", *AS_OF_OPTION, cwd=here)
    assert again.counts == {}
    assert ({*again.written}, max(again.reads.values())) == (set(), 2)


# What takes long to load, or is for few commands.
SLOW = {
    *("pydantic", "jinja2", "markdown_it", "questionary", "prompt_toolkit", "rich.console", "holidays", "tomllib"),
    *("tomlkit", "email_validator", "filelock", "slugify", "python_calamine", "xlsxwriter", "multiprocessing"),
}
ANSWERS = {"pydantic", "tomllib"}
DOCUMENTS = {*ANSWERS, "jinja2", "markdown_it"}
# By command: what of that it may load, and how many modules in all.
LOADS: dict[tuple[str, ...], tuple[set[str], int]] = {
    ("--help",): (set(), 180),
    ("--version",): (set(), 180),
    ("init", "--help"): (set(), 180),
    ("status", "ward"): (ANSWERS, 380),
    ("status", "ward", "--json"): (ANSWERS, 380),
    ("init", "w2", "--dry-run", "--answers", str(EXAMPLE)): ({*DOCUMENTS, "tomlkit"}, 510),
    ("update", "ward"): ({*DOCUMENTS, "tomlkit", "filelock"}, 540),
    ("export", "ward"): ({*DOCUMENTS, "tomlkit", "filelock"}, 540),
    ("batch", "--starter", "s.csv"): ({"pydantic", "xlsxwriter"}, 380),
    ("form",): (DOCUMENTS, 510),
    ("emails", "ward", "course.csv", "--dry-run"): ({*DOCUMENTS, "python_calamine"}, 510),
}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", LOADS, ids=lambda arguments: " ".join(arguments)[:20])
def test_a_command_loads_only_what_it_uses_and_makes_nothing_again(arguments: tuple[str, ...], here: Path) -> None:
    may_load, most = LOADS[arguments]
    watched = Watched(*arguments, *(() if {"--help", "--version", "form"} & {*arguments} else AS_OF_OPTION), cwd=here)
    assert watched.modules & SLOW <= may_load
    assert len(watched.modules) <= most
    assert (watched.content, watched.counts["guides"], watched.counts["compiled"]) == ({}, 0, 0)
    assert watched.counts["parsed"] == watched.counts["judged"]  # a file of answers
