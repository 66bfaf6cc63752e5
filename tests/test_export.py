"""`peerplan export`: what stands in a plan folder, as a file to share; and the web page that init and update keep."""

import json
import re
from pathlib import Path

import pytest

from samples import AS_OF, EXAMPLES, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan folder as init makes it."""
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    assert run("init", "ward", "--answers", answers, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    return tmp_path / "ward"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def exported(folder: Path, *options: object) -> str:
    run_ = run("export", folder, "--as-of", AS_OF, *options, cwd=folder.parent)
    assert run_.returncode == 0, run_.stderr
    return run_.stdout + run_.stderr


def page(folder: Path, name: str = "plan.html") -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_init_writes_the_page_and_exporting_it_at_once_changes_nothing(folder: Path) -> None:
    before = page(folder)
    assert str(folder / "plan.html") in exported(folder)
    assert page(folder) == before
    assert not list(folder.glob("*.bak"))


def test_the_page_says_what_stands_in_the_files_before_any_update(folder: Path) -> None:
    edit(folder / "manager.md", "## What it takes", "A sentence of mine.\n\n## What it takes")
    edit(folder / "plan.md", "- [ ] **2026-12-22** Put supervisors", "- [x] **2026-12-22** Put supervisors")
    exported(folder)
    assert "A sentence of mine." in page(folder)
    assert re.search(r'aria-label="Done:">.*</span><strong>2026-12-22</strong> Put supervisors', page(folder))
    assert "Left to do: 17" in page(folder)


def test_an_update_renews_the_page_where_it_is_and_makes_none_where_it_is_not(folder: Path) -> None:
    edit(folder / "answers.toml", "Ward 7, surgery", "Ward 8")
    assert run("update", folder, "--as-of", AS_OF, cwd=folder).returncode == 0
    assert "<title>Peer learning, Ward 8</title>" in page(folder)
    (folder / "plan.html").unlink()
    assert run("update", folder, "--as-of", AS_OF, cwd=folder).returncode == 0
    assert not (folder / "plan.html").exists()
    exported(folder)
    edit(folder / "answers.toml", "Ward 8", "Ward 9")
    assert run("update", folder, "--as-of", AS_OF, cwd=folder).returncode == 0
    assert "Ward 9" in page(folder)
    assert not list(folder.glob("*.bak"))


def test_a_page_that_somebody_changed_is_kept_as_a_copy(folder: Path) -> None:
    edit(folder / "plan.html", "<title>", "<title>Mine: ")
    assert "plan.html.bak" in exported(folder)
    assert "<title>Mine: " in page(folder, "plan.html.bak")
    assert "Mine" not in page(folder)


def test_one_document_goes_into_a_file_of_its_own(folder: Path) -> None:
    exported(folder, "--document", "manager")
    assert 'id="manager"' in page(folder, "manager.html")
    assert not {'id="plan"', "<nav", "<svg"} & set(re.findall(r'id="plan"|<nav|<svg', page(folder, "manager.html")))
    exported(folder, "--document", "plan.md", "--output", folder.parent / "only.html")
    assert "<svg" in page(folder.parent, "only.html")


def test_a_file_elsewhere_that_was_there_before_is_kept_as_a_copy(folder: Path) -> None:
    (folder.parent / "mine.html").write_text("mine", encoding="utf-8")
    exported(folder, "--output", folder.parent / "mine.html")
    assert page(folder.parent, "mine.html.bak") == "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "odt"], "--to: 'odt' is no format; write one of: html"),
        (["--output", "plan.pdf"], "--output: no program opens a file in this format unless its name ends in .html"),
        (["--output", "plan"], "--output: no program opens a file in this format unless its name ends in .html"),
        (["--document", "nope"], "--document: 'nope' is not among the documents; write one of: plan, how-to, manager"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(folder: Path, options: list[str], said: str) -> None:
    run_ = run("export", folder, *options, cwd=folder)
    assert run_.returncode == 2
    assert run_.stderr.startswith(said)
    assert run_.stdout == ""


def test_many_folders_get_a_file_each_and_one_that_fails_stops_no_other(folder: Path) -> None:
    empty = folder.parent / "empty"
    empty.mkdir()
    (empty / "answers.toml").write_text('[unit]\nname = "Begun"\n', encoding="utf-8")
    (folder / "plan.html").unlink()
    run_ = run("export", folder.parent, "--as-of", AS_OF, "--json", cwd=folder)
    told = json.loads(run_.stdout)
    assert run_.returncode == 3
    assert told["files"] == [str(folder / "plan.html")]
    assert [one["id"] for one in told["errors"]] == ["unfinished"]
    refused = run("export", folder.parent, "--output", "one.html", cwd=folder)
    assert (refused.returncode, refused.stderr.partition(":")[0]) == (2, "--output")


def test_a_folder_that_lost_its_memory_is_exported_as_it_stands(folder: Path) -> None:
    for path in (folder / ".peerplan").iterdir():
        path.unlink()
    exported(folder)
    assert 'id="supervisors"' in page(folder)


def test_batch_writes_pages_where_they_are_asked_for(tmp_path: Path) -> None:
    table = tmp_path / "units.csv"
    table.write_text("name,setting,start\nWard 7,hospital,2027-01-18\n", encoding="utf-8")
    for options, there in (([], False), (["--html"], True), ([], True)):
        assert run("batch", table, "--to", tmp_path / "plans", "--as-of", AS_OF, *options, cwd=tmp_path).returncode == 0
        assert (tmp_path / "plans" / "ward-7" / "plan.html").exists() == there
