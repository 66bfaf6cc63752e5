"""What is kept of the shipped files between runs: the same as if it were made anew, and nothing of anybody else's."""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

import peerplan
from peerplan.documents.render import Templates
from peerplan.errors import InputError
from peerplan.guide.kit import TEMPLATES, Kit
from peerplan.messages import CONTENT, Messages
from peerplan.prepared import prepared
from samples import AS_OF, EXAMPLES, PLAN_ID, environ_keeping_in, plan


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Python is told to keep what it compiles."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.toml").write_text("a = 1")
    (folder / "b.toml").write_text("b = 2")
    return folder


def counting() -> Callable[[], dict[str, int]]:
    numbers = count(1)
    return lambda: {"made": next(numbers)}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name.partition(".cpython")[0] for path in folder.rglob("*.prepared"))


def kept_file(place: Path) -> Path:
    (file,) = place.rglob("*.prepared")
    return file


def test_what_was_made_is_made_once(sources: Path) -> None:
    make_ = counting()
    assert [prepared("x", [sources], make_) for _ in range(3)] == [{"made": 1}] * 3


def test_it_lies_where_python_keeps_what_it_compiles(sources: Path, place: Path) -> None:
    prepared("x", [sources], counting())
    file = kept_file(place)
    assert file.name == f"x.{sys.implementation.cache_tag}.prepared"
    assert {path.name for path in sources.iterdir()} == {"a.toml", "b.toml"}
    assert [*file.parent.iterdir()] == [file]


CHANGES: dict[str, Callable[[Path], object]] = {
    "a text of another length": lambda folder: (folder / "a.toml").write_text("a = 10"),
    "another time": lambda folder: os.utime(folder / "a.toml", ns=(1, 1)),
    "a file more": lambda folder: (folder / "c.toml").touch(),
    "a file less": lambda folder: (folder / "b.toml").unlink(),
    "another name": lambda folder: (folder / "b.toml").rename(folder / "c.toml"),
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_it_is_made_of_has_it_made_anew(sources: Path, change: Callable[[Path], object]) -> None:
    make_ = counting()
    prepared("x", [sources], make_)
    change(sources)
    assert [prepared("x", [sources], make_) for _ in range(2)] == [{"made": 2}] * 2


def test_another_version_of_what_makes_it_has_it_made_anew(sources: Path) -> None:
    make_ = counting()
    assert [prepared("x", [sources], make_, version)["made"] for version in ("1", "1", "2", "2")] == [1, 1, 2, 2]


def broken(content: bytes) -> Iterator[bytes]:
    yield from (content[:length] for length in range(0, len(content), 7))
    yield content[:-1] + bytes([content[-1] ^ 1])
    yield content[:-4] + bytes(4)
    yield content + b"x"
    yield b"\x00" * len(content)
    yield pickle.dumps({"made": 99})


def test_a_torn_or_foreign_file_is_made_anew(sources: Path, place: Path) -> None:
    prepared("x", [sources], lambda: {"made": 1})
    whole = kept_file(place).read_bytes()
    for content in broken(whole):
        kept_file(place).write_bytes(content)
        assert prepared("x", [sources], lambda: {"made": 1}) == {"made": 1}
        assert kept_file(place).read_bytes() == whole


def test_nothing_is_written_where_python_writes_nothing(
    sources: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ = counting()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [prepared("x", [sources], make_)["made"] for _ in range(2)] == [1, 2]
    assert not place.exists()


def test_where_nothing_can_be_written_it_is_made_each_time(sources: Path, place: Path) -> None:
    place.touch()  # a file where the folder should be
    make_ = counting()
    assert [prepared("x", [sources], make_)["made"] for _ in range(2)] == [1, 2]
    assert place.read_bytes() == b""


def test_a_python_that_keeps_nothing_makes_it_each_time(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    make_ = counting()
    assert [prepared("x", [sources], make_)["made"] for _ in range(2)] == [1, 2]


def test_a_failure_is_not_kept(sources: Path, place: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        prepared("x", [sources], lambda: 1 // 0)
    assert not place.exists()


# --- guides, texts and templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Messages().languages)
def test_a_kept_guide_is_the_one_that_was_made(language: str, place: Path) -> None:
    first, again = (Kit(Messages()).guide(language) for _ in range(2))
    assert f"guide-{language}" in names_in(place)
    from_own_copy = Kit(Messages(), Path(shutil.copytree(CONTENT, place / "content"))).guide(language)
    for made in (first, again):
        assert made.model_dump(exclude={"messages"}) == from_own_copy.model_dump(exclude={"messages"})


def test_a_kept_guide_speaks_with_the_messages_of_the_run() -> None:
    for _ in range(2):
        messages = Messages(program="uvx peerplan")
        assert Kit(messages).guide("en").messages is messages


def test_a_language_is_loaded_without_the_others(place: Path) -> None:
    Kit(Messages()).guide("en")
    assert [name for name in names_in(place) if name.startswith("guide")] == ["guide-en"]


def test_kept_texts_are_the_ones_that_were_read(place: Path) -> None:
    own = Messages(Path(shutil.copytree(CONTENT, place / "content")))
    for _ in range(2):
        messages = Messages()
        assert messages.languages == own.languages
        for language in own.languages:
            assert messages.help_texts(language, of_commands=True) == own.help_texts(language, of_commands=True)
            assert messages.example_answers(language) == own.example_answers(language)
            assert messages.say(language, "interrupted") == own.say(language, "interrupted")
    assert {"languages", "messages", "help", "help-commands", "example"} <= {*names_in(place)}


class Trap:
    """A pickle that leaves a mark where it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.mark,)


def test_the_trap_works(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Trap(tmp_path / "mark")))  # noqa: S301 # our own
    assert (tmp_path / "mark").exists()


def test_nothing_is_read_from_or_kept_for_a_folder_of_somebody_elses(tmp_path: Path, place: Path) -> None:
    mark = tmp_path / "mark"
    content, templates = (Path(shutil.copytree(one, tmp_path / one.name)) for one in (CONTENT, TEMPLATES))
    tag = sys.implementation.cache_tag
    for folder in (content, templates, templates / "en"):
        for home in (folder, folder / "__pycache__"):
            home.mkdir(exist_ok=True)
            for name in ("guide-en", "messages", "template-en-plan.md.j2"):
                (home / f"{name}.{tag}.prepared").write_bytes(pickle.dumps(Trap(mark)))
    own = Kit(Messages(content), content, templates)
    asked = plan(content=own.guide("en"))
    made = Templates(templates, own.guides).documents(asked, own.guide("en"), PLAN_ID)
    assert {name.partition("-")[0] for name in names_in(place)} <= {"countries", "working"}  # a library's
    assert not mark.exists()
    assert made == Templates(TEMPLATES, own.guides).documents(asked, own.guide("en"), PLAN_ID)
    assert "template" in {name.partition("-")[0] for name in names_in(place)}


@pytest.mark.parametrize("by_way_of", [Path(), TEMPLATES, TEMPLATES / "en"])
def test_templates_of_somebody_elses_are_in_a_sandbox_however_their_folder_is_named(
    tmp_path: Path, by_way_of: Path
) -> None:
    folder = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    for language in Messages().languages:
        (folder / language / "plan.md.j2").write_text("{{ unit.__class__.__mro__ }}")
    named = by_way_of / os.path.relpath(folder, by_way_of.absolute())
    with pytest.raises(InputError) as error:
        Templates(named, Kit(Messages()).guides).documents(plan(), Kit(Messages()).guide("en"), PLAN_ID)
    assert error.value.problems[0].message == "template-wrong"


# --- whole runs ------------------------------------------------------------------------------------------------------


def start(place: Path, folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    command = (sys.executable, *options, "-m", "peerplan", "init", str(folder))
    return subprocess.Popen(
        [*command, "--answers", str(answers), "--as-of", str(AS_OF)],
        env=environ_keeping_in(place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.slow
def test_two_runs_may_prepare_at_once(tmp_path: Path) -> None:
    runs = [start(tmp_path / "both", tmp_path / f"ward-{number}") for number in range(2)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    expected = files_of(EXAMPLES / "surgical-ward-en")
    assert [files_of(tmp_path / f"ward-{number}") for number in range(2)] == [expected] * 2
    ends = {path.suffix for path in (tmp_path / "both").rglob("*") if path.is_file()}
    assert ends == {".pyc", ".prepared"}


@pytest.mark.slow
def test_an_edit_shows_at_the_next_run(tmp_path: Path) -> None:
    package = Path(shutil.copytree(Path(peerplan.__file__).parent, tmp_path / "peerplan"))
    shutil.copytree(TEMPLATES, package / "templates", dirs_exist_ok=True)
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"

    def printed() -> str:
        command = [sys.executable, "-c", "from peerplan.cli import main; main()", "init", "ward", "--force"]
        return subprocess.run(
            [*command, "--answers", str(answers), "--as-of", str(AS_OF)],
            cwd=tmp_path,  # where the copy is found before the program itself
            env={**environ_keeping_in(tmp_path / "kept"), "PYTHONPATH": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout + (tmp_path / "ward" / "plan.md").read_text(encoding="utf-8")

    before = printed()
    for name, old, new in (
        ("guide/content/messages.toml", "Ready to try", "Set to try"),
        ("guide/content/items.toml", "Get the manager's decision", "Ask the manager to decide"),
        ("templates/en/plan.md.j2", "## Checklist", "## All that is to do"),
    ):
        file = package / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        before, again = before.replace(old, new), printed()
        assert new in again
        assert again == before


@pytest.mark.slow
@pytest.mark.parametrize("option", ["-O", "-B"])
def test_a_run_of_another_mode_makes_the_same(tmp_path: Path, option: str) -> None:
    for number in range(2):
        assert start(tmp_path / "kept", tmp_path / f"ward-{number}", option).wait(timeout=120) == 0
        assert files_of(tmp_path / f"ward-{number}") == files_of(EXAMPLES / "surgical-ward-en")
    assert bool(names_in(tmp_path / "kept")) == (option != "-B")
