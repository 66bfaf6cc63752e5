"""Many units from a folder of answers files, as they come back by mail: each is as safe as a row of a table."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from peerplan.commands.batch.run import Batch, BatchRequest, batch
from peerplan.errors import InputError
from samples import AS_OF, EXAMPLES, kit, run
from test_batch import content_of, edit

pytestmark = pytest.mark.slow  # a dozen units for each

NUMBER = "19121212-1212"
WRONG = """\
[unit]
name = "Ward 9"
setting = "hospitl"
[placement]
start = 2027-01-18
participants = "many"
"""


def answers(folder: Path, *names: str) -> Path:
    """A folder of answers that are called otherwise in each mail."""
    gathered = folder / "answers"
    gathered.mkdir()
    for number, name in enumerate(names or sorted(path.parent.name for path in EXAMPLES.glob("*/answers.toml"))):
        called = ("answers.toml", "answers (1).toml", f"{name}-answers.toml", f"Svar från {name}.TOML")
        shutil.copy(
            EXAMPLES / name / "answers.toml", gathered / (called[number] if number < 2 else called[2 + number % 2])
        )
    return gathered


def plans(cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("batch", "answers", "--as-of", str(AS_OF), *arguments, cwd=cwd)


def made_in(folder: Path, to: Path, processes: int) -> Batch:
    return batch(BatchRequest(folder, to, "sv", AS_OF), kit(), lambda _done, _count: None, processes)


def test_each_file_becomes_the_plan_that_init_makes_of_it(tmp_path: Path) -> None:
    answers(tmp_path)
    made = plans(tmp_path, "--html")
    assert (made.returncode, made.stderr) == (0, "")
    found = {(one.parent / "answers.toml").read_bytes(): one.parent for one in tmp_path.glob("plans/*/plan.md")}
    for example in EXAMPLES.glob("*/answers.toml"):
        folder = found.pop(example.read_bytes())
        there = {name: content for name, content in content_of(folder).items() if not name.startswith(".peerplan")}
        assert there == content_of(example.parent)
    assert found == {}


def test_run_again_nothing_changes_and_a_changed_file_changes_its_plan_and_keeps_ticks(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "surgical-ward-en", "laboratory-en")
    plans(tmp_path)
    before = content_of(tmp_path / "plans")
    assert "0 new, 0 updated, 2 unchanged" in plans(tmp_path).stdout
    assert content_of(tmp_path / "plans") == before
    folder = tmp_path / "plans" / "ward-7-surgery"
    edit(folder / "plan.md", "- [ ]", "- [x]")
    edit(gathered / "answers.toml", "participants = 4", "participants = 6")
    edit(gathered / "answers.toml", 'programme = "Nursing, term 3"', 'programme = ""')
    made = plans(tmp_path)
    assert (made.returncode, "1 updated, 1 unchanged" in made.stdout) == (0, True)
    text = (folder / "answers.toml").read_text(encoding="utf-8")
    assert "participants = 6" in text
    assert "Nursing, term 3" not in text  # what was emptied is empty
    assert "- [x]" in (folder / "plan.md").read_text(encoding="utf-8")


def test_what_a_file_does_not_have_changes_nothing(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "surgical-ward-en")
    plans(tmp_path)
    edit(gathered / "answers.toml", 'programme = "Nursing, term 3"\n', "")
    edit(gathered / "answers.toml", "participants = 4", "participants = 6")
    assert plans(tmp_path).returncode == 0
    assert "Nursing, term 3" in (tmp_path / "plans" / "ward-7-surgery" / "answers.toml").read_text(encoding="utf-8")


def test_what_was_passed_over_is_not_asked_again(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "surgical-ward-en")
    edit(gathered / "answers.toml", "participants = 4", 'participants = ""')
    assert plans(tmp_path).returncode == 0
    assert 'participants = ""' in (tmp_path / "plans" / "ward-7-surgery" / "answers.toml").read_text(encoding="utf-8")


def test_all_that_is_wrong_is_told_with_file_and_line_and_nothing_is_written(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "laboratory-en")
    (gathered / "a.toml").write_text(WRONG, encoding="utf-8")
    (gathered / "b.toml").write_text("unit.name = Ward", encoding="utf-8")
    (gathered / "c.toml").write_bytes(b"\xff\xfe\xfd")
    made = plans(tmp_path)
    places = [line.partition(": ")[0] for line in made.stderr.splitlines()]
    assert (made.returncode, made.stdout) == (3, "")
    assert places == [*(str(Path("answers", one)) for one in ("a.toml:3", "a.toml:6", "b.toml:1", "c.toml:1"))]
    assert "hospital" in made.stderr
    assert not list(tmp_path.glob("plans/*/plan.md"))
    made = plans(tmp_path, "--skip-invalid")
    assert (made.returncode, len(list(tmp_path.glob("plans/*/plan.md")))) == (3, 1)


def test_an_identity_number_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "laboratory-en", "surgical-ward-en")
    with (gathered / "answers.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[notes]\nrooms = "Ask {NUMBER}"\n')
    made = plans(tmp_path)
    assert made.returncode == 6
    assert "answers.toml:" in made.stderr
    assert NUMBER not in made.stderr
    assert not list(tmp_path.glob("plans/*"))


def test_the_same_unit_twice_is_told_with_both_files(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "surgical-ward-en", "laboratory-en")
    shutil.copy(gathered / "answers.toml", gathered / "answers (2).toml")
    made = plans(tmp_path)
    assert made.returncode == 3
    assert made.stderr.count("answers (2).toml:") == made.stderr.count("answers.toml:") == 1


def test_what_is_no_file_of_answers_is_left_out_and_told(tmp_path: Path) -> None:
    gathered = answers(tmp_path, "laboratory-en")
    (gathered / "mail.eml").write_text("Hej", encoding="utf-8")
    (gathered / ".hidden.toml").write_text("x", encoding="utf-8")
    (gathered / "inner").mkdir()
    (gathered / "inner" / "answers.toml").write_text("x", encoding="utf-8")
    made = plans(tmp_path, "--to", "answers/plans")
    assert made.returncode == 0
    assert made.stderr.count("\n") == 1
    assert made.stderr.rstrip().endswith(": inner, mail.eml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(answers(tmp_path, "laboratory-en") / "pipe.toml")
    made = plans(tmp_path)
    assert (made.returncode, "pipe.toml" in made.stderr) == (0, True)


def test_a_folder_without_answers_says_where_they_should_lie(tmp_path: Path) -> None:
    inner = tmp_path / "answers" / "laboratory-en"
    shutil.copytree(EXAMPLES / "laboratory-en", inner)
    made = plans(tmp_path)
    assert (made.returncode, made.stderr.startswith("answers: there are no files of answers")) == (3, True)


@pytest.mark.parametrize("option", ["--encoding", "--delimiter", "--sheet"])
def test_an_option_for_tables_is_refused(option: str, tmp_path: Path) -> None:
    answers(tmp_path, "laboratory-en")
    made = plans(tmp_path, option, "utf-8")
    assert (made.returncode, made.stderr.startswith(f"{option}: a folder of answers")) == (2, True)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    answers(tmp_path, "laboratory-en", "laboratory-sv")
    made = plans(tmp_path, "--dry-run")
    assert (made.returncode, "2 new" in made.stdout) == (0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]


def test_several_processes_make_the_same(tmp_path: Path) -> None:
    gathered = answers(tmp_path)
    for processes in (1, 2):
        made_in(gathered, tmp_path / str(processes), processes)
    assert content_of(tmp_path / "1") == content_of(tmp_path / "2")
    (gathered / "a.toml").write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        made_in(gathered, tmp_path / "2", 2)
    assert [one.message for one in refused.value.problems] == ["unknown-choice-near", "not-a-number"]
