"""Units about which nothing has changed are not read again, and whatever changes is seen."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from peerplan.commands.batch.run import Batch, BatchRequest, batch
from peerplan.commands.batch.seals import LARGEST, SEAL
from peerplan.errors import PeerplanError
from peerplan.folder.record import MEMORY, RECORD
from peerplan.guide.kit import TEMPLATES, Kit
from peerplan.messages import Messages
from peerplan.plan.overview import UnitLine
from samples import AS_OF, killed_after, kit

HEADINGS = ["name", "setting", "start", "participants", "coordinator-name", "managers"]
ROWS = [
    ["Ängen", "hospital", "2027-01-18", "4", "Disa Exempel", "yes"],
    ["Ången", "home", "2027-01-18", "3", "", "no"],
    ["Norra", "hospital", "2027-02-15", "", "Bo Prov", ""],
]


def saved(folder: Path, rows: list[list[str]], headings: list[str] = HEADINGS) -> Path:
    path = folder / "units.csv"
    path.write_text("\n".join(map(";".join, [headings, *rows])), encoding="utf-8")
    return path


def again(request: BatchRequest, of: Kit | None = None) -> tuple[Batch, int]:
    """Run a batch; gives also how many units were worked on."""
    done: list[int] = []
    return batch(request, of or kit(), lambda one, _count: done.append(one)), len(done)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table, and the plans of its units as two runs left them."""
    folder = tmp_path_factory.mktemp("made")
    for _ in range(2):
        again(BatchRequest(saved(folder, ROWS), folder / "plans", "sv", AS_OF))
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "made"))


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (Path(SEAL).name, "lock")
    }


def test_what_is_sealed_is_not_read_again_and_says_the_same(folder: Path) -> None:
    request = BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF)
    before = content_of(folder)
    result, worked_on = again(request)
    assert (worked_on, result.counts["same"], content_of(folder)) == (0, 3, before)
    assert {line.coordinator for line in result.overview.lines} == {"Disa Exempel", "", "Bo Prov"}
    for seal in folder.glob(f"plans/*/{SEAL}"):
        seal.unlink()
    anew, worked_on = again(request)
    assert (worked_on, content_of(folder)) == (3, before)
    assert [*anew.overview.lines] == [*result.overview.lines]


def test_a_seal_holds_no_name(made: Path) -> None:
    seals = [path.read_text(encoding="utf-8") for path in made.glob(f"plans/*/{SEAL}")]
    assert len(seals) == 3
    assert not any("Disa" in one or "Prov" in one for one in seals)


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(plan: Path) -> None:
        text = (plan / name).read_text(encoding="utf-8")
        assert old in text
        (plan / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def with_larger_file(plan: Path) -> None:
    (plan / "film.mp4").write_bytes(bytes(LARGEST + 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a tick": edited("plan.md", "[ ]", "[x]"),
    "a letter": edited("student-email.txt", "\n", "\nHej!\n"),
    "an answer": edited("answers.toml", "Bo Prov", "Åsa Prov"),
    "answers that are none": edited("answers.toml", "=", "=="),
    "the record": edited(RECORD, '"home": "norra"', '"home": "sodra"'),
    "no record": lambda plan: (plan / RECORD).unlink(),
    "no document": lambda plan: (plan / "how-to.md").unlink(),
    "another file": lambda plan: (plan / "plan.new.md").write_text("Hej\n", encoding="utf-8"),
    "another folder": lambda plan: (plan / "drafts").mkdir(),
    "a large file": with_larger_file,
    "no seal": lambda plan: (plan / SEAL).unlink(),
    "a torn seal": lambda plan: (plan / SEAL).write_bytes((plan / SEAL).read_bytes()[:-9]),
    "a seal of another unit": lambda plan: shutil.copy(next(plan.parent.glob(f"angen-*/{SEAL}")), plan / SEAL),
    "another line": edited(SEAL, '"open":', '"open":1'),
}


def outcome(folder: Path) -> tuple[object, ...]:
    """What a batch comes to, be it an error, and the number of units worked on, None for an error."""
    try:
        result, worked_on = again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))
    except PeerplanError as error:
        return [replace(one, place="") for one in error.problems], content_of(folder), None
    return (result.counts, [*result.overview.lines]), content_of(folder), worked_on


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_a_folder_is_seen(folder: Path, change: str) -> None:
    CHANGES[change](folder / "plans" / "norra")
    without = Path(shutil.copytree(folder, folder.with_name("without")))
    for seal in without.glob(f"plans/*/{SEAL}"):
        seal.unlink()
    *came_to, worked_on = outcome(folder)
    *anew, worked_on_anew = outcome(without)
    assert came_to == anew
    assert (worked_on, worked_on_anew) in ((1, 3), (None, None))


ASKED: dict[str, Callable[[BatchRequest], BatchRequest]] = {
    "another day": lambda request: replace(request, as_of=AS_OF + timedelta(60)),
    "a page": lambda request: replace(request, html=True),
    "another cell": lambda request: replace(
        request, table=saved(request.table.parent, [*ROWS[:2], [*ROWS[2][:3], "6", *ROWS[2][4:]]])
    ),
    "no column": lambda request: replace(
        request, table=saved(request.table.parent, [row[:5] for row in ROWS], HEADINGS[:5])
    ),
    "a unit twice": lambda request: replace(
        request, table=saved(request.table.parent, [*ROWS, ROWS[2]]), skip_invalid=True
    ),
    "an identity number in a column that is not used": lambda request: replace(
        request,
        table=saved(
            request.table.parent,
            [*([*row, ""] for row in ROWS[:2]), [*ROWS[2], "19121212-1212"]],
            [*HEADINGS, "kommentar"],
        ),
        skip_invalid=True,
    ),
}


@pytest.mark.parametrize("asked", ASKED)
def test_another_run_sees_what_is_different(folder: Path, asked: str) -> None:
    request = ASKED[asked](BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))
    result, worked_on = again(request)
    assert worked_on or result.problems


def test_other_templates_write_anew(folder: Path, tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    with (templates / "sv" / "manager.md.j2").open("a", encoding="utf-8") as file:
        file.write("\nVälkommen hit.\n")
    own = Kit(Messages(), templates=templates)
    _, worked_on = again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF), own)
    assert worked_on == 3
    assert "Välkommen hit." in (folder / "plans" / "norra" / "manager.md").read_text(encoding="utf-8")


def test_what_was_told_is_told_again(tmp_path: Path) -> None:
    """A unit about which there is something to say is never sealed: here a start on Easter Monday."""
    path = saved(tmp_path, [["Norra", "hospital", "2027-03-29", "4", "", ""]])
    results = [again(BatchRequest(path, tmp_path / "plans", "sv", AS_OF))[0] for _ in range(3)]
    assert results[0].notices
    assert results[0].notices == results[1].notices == results[2].notices
    assert not (tmp_path / "plans" / "norra" / SEAL).exists()


def test_a_folder_that_was_updated_is_sealed_as_it_is_then(folder: Path) -> None:
    request = BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF)
    CHANGES["a tick"](folder / "plans" / "norra")
    runs = [again(request) for _ in range(3)]
    assert [(result.counts["updated"], worked_on) for result, worked_on in runs] == [(1, 1), (0, 0), (0, 0)]


def test_a_workplace_that_comes_and_goes_leaves_a_unit_its_folder(folder: Path) -> None:
    request = BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF)
    edited("plan.md", "[ ]", "[x]")(folder / "plans" / "norra")
    for cells, headings in ((["Sjukhuset"], [*HEADINGS, "workplace"]), ([], HEADINGS)):
        saved(folder, [[*ROWS[2], *cells]], headings)
        assert again(request)[0].counts["new"] == 0
        assert again(request)[1] == 0
        assert "[x]" in (folder / "plans" / "norra" / "plan.md").read_text(encoding="utf-8")


def test_a_unit_that_is_no_more_the_only_one_of_its_name_is_looked_at_again(tmp_path: Path) -> None:
    """The seal of the answers without a workplace lies in the folder of those that have it."""
    request = BatchRequest(tmp_path / "answers", tmp_path / "plans", "sv", AS_OF)
    request.table.mkdir()
    answers = '[unit]\nname = "Norra"\nsetting = "hospital"\n{}[placement]\nstart = 2027-01-18\n'
    at_hospital = answers.format('workplace = "Sjukhuset"\n')
    for text in (at_hospital, answers.format("")):
        (request.table / "one.toml").write_text(text, encoding="utf-8")
        again(request)
    (request.table / "other.toml").write_text(at_hospital, encoding="utf-8")
    assert len({line.folder for line in again(request)[0].overview.lines}) == 2


def test_what_a_unit_ticked_stays_when_its_cell_says_less_and_is_told_once(folder: Path) -> None:
    request = BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF)
    saved(folder, [*ROWS[:2], [*ROWS[2][:-1], "unknown"]])
    again(request)
    plan = folder / "plans" / "norra" / "plan.md"
    text = plan.read_text(encoding="utf-8")
    ticked = re.sub(r"- \[ \] (.*<!-- managers -->)", r"- [x] \1", text)
    assert ticked != text
    plan.write_text(ticked, encoding="utf-8")
    saved(folder, [*ROWS[:2], [*ROWS[2][:-1], "partly"]])
    (told,) = again(request)[0].notices
    assert (told.message, told.values) == ("batch-unit-says-otherwise", {"folder": "norra"})
    assert told.place == "units.csv:4: managers"
    assert 'managers = "yes"' in (plan.parent / "answers.toml").read_text(encoding="utf-8")
    assert again(request)[0].notices == ()


def test_a_tick_that_a_table_takes_back_is_not_said_to_wait_for_something(folder: Path) -> None:
    for one in (folder / "plans").glob("angen-*"):
        edited("plan.md", "## Två regler\n", "## Två regler\n\nHej!\n")(one)
    saved(folder, [[*ROWS[0][:-1], "no"], *ROWS[1:]])
    assert again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))[0].notices == ()


@pytest.mark.parametrize("cell", ["maybe", "19121212-1212"])
def test_a_cell_that_is_wrong_is_told_though_the_units_own_answer_stays(folder: Path, cell: str) -> None:
    edited("answers.toml", "start = 2027-02-15", 'start = 2027-02-15\nlevel = "beginner"')(folder / "plans" / "norra")
    saved(folder, [[*row, ""] for row in ROWS[:2]] + [[*ROWS[2], cell]], [*HEADINGS, "level"])
    with pytest.raises(PeerplanError) as caught:
        again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))
    assert [one.place for one in caught.value.problems] == ["units.csv:4: level"]


def test_a_dry_run_seals_nothing(folder: Path) -> None:
    seal = folder / "plans" / "norra" / SEAL
    seal.unlink()
    result, _ = again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF, dry_run=True))
    assert (result.counts["same"], seal.exists()) == (3, False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name of POSIX")
@pytest.mark.parametrize("name", ["pipe", SEAL])
def test_what_never_ends_is_not_waited_for(folder: Path, name: str) -> None:
    path = folder / "plans" / "norra" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))[1] == 1


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
@pytest.mark.parametrize("place", ["plans", "plans/norra"])
def test_a_link_in_the_place_of_a_seal_is_not_followed(folder: Path, tmp_path: Path, place: str) -> None:
    hers = tmp_path / "hers.txt"
    hers.write_text("hers", encoding="utf-8")
    seal = folder / place / SEAL
    seal.unlink()
    seal.symlink_to(hers)
    again(BatchRequest(folder / "units.csv", folder / "plans", "sv", AS_OF))
    assert (hers.read_text(encoding="utf-8"), seal.is_symlink()) == ("hers", False)


OVERVIEW_CHANGES: dict[str, Callable[[Path], object]] = {
    "an edit": edited("overview.md", "\n", "\nHej!\n"),
    "an edited table": edited("overview.csv", "Norra", "Södra"),
    "no table": lambda plans: (plans / "overview.csv").unlink(),
    "no record": lambda plans: (plans / RECORD).unlink(),
    "no seal": lambda plans: (plans / SEAL).unlink(),
    "a page": lambda plans: (plans / "norra" / "plan.html").write_bytes(b"<p>Hej</p>"),
    "another line": edited("norra/answers.toml", "Bo Prov", "Åsa Prov"),
}


@pytest.mark.parametrize("change", OVERVIEW_CHANGES)
def test_whatever_changes_about_the_overview_is_seen(folder: Path, change: str) -> None:
    OVERVIEW_CHANGES[change](folder / "plans")
    without = Path(shutil.copytree(folder, folder.with_name("without")))
    for seal in (*without.glob(f"plans/*/{SEAL}"), without / "plans" / SEAL):
        seal.unlink(missing_ok=True)
    of_both = []
    for one in (folder, without):
        result, _ = again(BatchRequest(one / "units.csv", one / "plans", "sv", AS_OF))
        told = [replace(notice, place="") for notice in result.notices]
        of_both.append(([*result.overview.lines], told, content_of(one)))
    assert of_both[0] == of_both[1]


def test_the_line_in_a_seal_is_that_of_the_overview(made: Path) -> None:
    seal = json.loads((made / "plans" / "norra" / SEAL).read_text(encoding="utf-8"))
    assert {*seal["line"]} == {*UnitLine.__dataclass_fields__}
    assert (made / "plans" / "norra" / MEMORY).is_dir()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
def test_killed_at_any_moment_nothing_is_torn_and_the_next_run_comes_to_the_same(tmp_path: Path) -> None:
    chance = Random(16)  # noqa: S311 # nothing secret
    request = BatchRequest(tmp_path / "units.csv", tmp_path / "plans", "sv", AS_OF)
    for number in range(2, 22):
        saved(tmp_path, [[*row[:3], str(number), *row[4:]] for row in ROWS[: 2 + number % 2]])
        killed_after(chance.uniform(0, 0.3), lambda: again(request))
        for plan in tmp_path.glob("plans/[!.]*/plan.md"):
            assert {one.name for one in plan.parent.iterdir()} >= {"answers.toml", "how-to.md", MEMORY}
    saved(tmp_path, ROWS)
    result, _ = again(request)
    assert (result.counts["same"], result.problems, result.kept) == (0, (), ())
    other = BatchRequest(request.table, tmp_path / "other", "sv", AS_OF)
    again(other)
    assert content_of(tmp_path / "plans") == content_of(tmp_path / "other")
    assert again(request)[1] == 0
