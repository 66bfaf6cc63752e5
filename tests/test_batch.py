"""Many units from a table: however it was saved, what is wrong in it, and what happens when it is run again."""

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from peerplan.tables import read_table
from peerplan.units import draft_of, understand
from samples import AS_OF, EXAMPLES, guide, run

UNITS = EXAMPLES / "units.csv"
ROWS = list(csv.reader(io.StringIO(UNITS.read_text(encoding="utf-8-sig")), delimiter=";"))
PLAN_FILES = {"answers.toml", "plan.md", "plan.ics", "student-email.eml", "student-email.txt"}


def batch(cwd: Path, table: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("batch", table, "--as-of", str(AS_OF), "--lang", "sv", *arguments, cwd=cwd)


def text_of(rows: list[list[str]], delimiter: str = ";", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def table(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "units.csv"
    path.write_text(text_of(rows), encoding="utf-8", newline="")
    return path


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("expected")
    assert batch(folder, UNITS).returncode == 0
    return content_of(folder / "plans")


def ids_instead_of_labels() -> list[list[str]]:
    """The same table with keys as headings and ids as values."""
    units = understand(read_table(UNITS))
    keys = [key for key in units.keys if key]
    names = {fact.key: fact.column for fact in guide().facts}
    headings = [names.get(key, key.rpartition(".")[2]) for key in keys]
    return [headings, *([row.given.get(key, "") for key in keys] for row in units)]


SAVED: dict[str, Callable[[], bytes]] = {
    "cp1252": lambda: text_of(ROWS).encode("cp1252"),
    "utf-8": lambda: text_of(ROWS).encode(),
    "utf-16": lambda: text_of(ROWS).encode("utf-16"),
    "comma": lambda: text_of(ROWS, ",").encode("utf-8-sig"),
    "tab": lambda: text_of(ROWS, "\t").encode(),
    "sep": lambda: ("sep=;\r\n" + text_of(ROWS)).encode("cp1252"),
    "lf": lambda: text_of(ROWS, line_end="\n").encode(),
    "cr": lambda: text_of(ROWS, line_end="\r").encode("utf-8-sig"),
    "ids": lambda: text_of(ids_instead_of_labels()).encode(),
    "other order": lambda: text_of([ROWS[0], *reversed(ROWS[1:])]).encode(),
    "padded": lambda: text_of([[f" {cell} " for cell in row] for row in ROWS]).encode(),
}


@pytest.mark.parametrize("name", SAVED)
def test_the_same_units_give_the_same_folders_however_they_are_saved(
    tmp_path: Path, expected: dict[str, bytes], name: str
) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(SAVED[name]())
    assert batch(tmp_path, path).returncode == 0
    assert content_of(tmp_path / "plans") == expected


def test_the_workbook_gives_the_same_folders(tmp_path: Path, expected: dict[str, bytes]) -> None:
    assert batch(tmp_path, EXAMPLES / "units.xlsx").returncode == 0
    assert content_of(tmp_path / "plans") == expected


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("kind", ["xlsx", "csv:Text - txt - csv (StarCalc):59,34,76"])
def test_what_libreoffice_saves_gives_the_same_folders(tmp_path: Path, expected: dict[str, bytes], kind: str) -> None:
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(EXAMPLES / "units.xlsx")]
    subprocess.run([*command, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"], check=True, timeout=120)
    assert batch(tmp_path, next(tmp_path.glob("units.*"))).returncode == 0
    assert content_of(tmp_path / "plans") == expected


def test_each_unit_has_a_whole_folder_and_a_line_in_the_overview(expected: dict[str, bytes]) -> None:
    folders = {name.partition("/")[0] for name in expected if "/" in name and not name.startswith(".")}
    assert len(folders) == len(ROWS) - 1
    for folder in folders:
        assert {name.partition("/")[2] for name in expected if name.startswith(f"{folder}/")} >= PLAN_FILES
        assert f"]({folder}/plan.md)" in expected["overview.md"].decode()


def test_names_that_look_alike_get_folders_of_their_own(expected: dict[str, bytes]) -> None:
    for start, count in (("angen-", 2), ("avdelning-7-kirurgi-", 2)):
        assert len({name.partition("/")[0] for name in expected if name.startswith(start)}) == count


def test_all_wrong_rows_are_told_together_and_nothing_is_written(tmp_path: Path) -> None:
    rows = [ROWS[0], *([*row] for row in ROWS[1:])]
    rows[2][2], rows[5][4], rows[9][8] = "sjukhvsård", "2027-13-01", "många"
    run_ = batch(tmp_path, table(tmp_path, rows))
    assert (run_.returncode, run_.stdout) == (3, "")
    places = [line.rpartition(": '")[0] for line in run_.stderr.splitlines()]
    assert places == ["units.csv:3: Verksamhet", "units.csv:6: Start", "units.csv:10: Antal"]
    assert not list((tmp_path / "plans").glob("*/plan.md"))


def test_invalid_rows_can_be_skipped(tmp_path: Path) -> None:
    rows = [ROWS[0], *([*row] for row in ROWS[1:])]
    rows[2][2] = "sjukhvsård"
    run_ = batch(tmp_path, table(tmp_path, rows), "--skip-invalid")
    assert run_.returncode == 3
    assert len(list((tmp_path / "plans").glob("*/plan.md"))) == len(rows) - 2


def test_two_rows_of_the_same_unit_are_an_error_that_names_both(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, [*ROWS, ["ängen", *ROWS[3][1:]]]))
    assert run_.returncode == 3
    assert run_.stderr.startswith("units.csv:14: Enhet:")
    assert "units.csv:4" in run_.stderr


def test_run_again_nothing_is_written(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    files = [path for path in (tmp_path / "plans").rglob("*") if path.is_file() and path.name != "lock"]
    before = {path: path.stat().st_mtime_ns for path in files}
    assert "0 nya, 0 uppdaterade, 12 oförändrade" in batch(tmp_path, UNITS).stdout
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_changed_cell_changes_its_plan_and_keeps_ticks_and_edits(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    plan = tmp_path / "plans" / "hemtjanst-oster" / "plan.md"
    text = plan.read_text(encoding="utf-8")
    ticked = re.sub(r"- \[ \] (.*<!-- supervisors -->)", r"- [x] \1", text)
    plan.write_text(ticked.replace("## Vem gör vad\n", "## Vem gör vad\n\nMin egen rad.\n"), encoding="utf-8")
    rows = [[*row] for row in ROWS]
    rows[5][4] = "2027-02-08"
    run_ = batch(tmp_path, table(tmp_path, rows))
    assert (run_.returncode, "1 uppdaterade" in run_.stdout) == (0, True)
    assert "Min egen rad." in plan.read_text(encoding="utf-8")
    answers = (plan.parent / "answers.toml").read_text(encoding="utf-8")
    assert 'supervisors = "yes"' in answers  # the row still says partly, as it did before
    assert "start = 2027-02-08" in answers


def test_a_row_that_is_gone_is_told_and_its_folder_left_alone(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    run_ = batch(tmp_path, table(tmp_path, [*ROWS[:5], *ROWS[6:]]))
    assert run_.returncode == 0
    assert "hemtjanst-oster" in run_.stderr
    assert (tmp_path / "plans" / "hemtjanst-oster" / "plan.md").is_file()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    run_ = batch(tmp_path, UNITS, "--dry-run")
    assert (run_.returncode, "12 nya" in run_.stdout) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_document(tmp_path: Path) -> None:
    made = json.loads(batch(tmp_path, UNITS, "--json").stdout)
    assert (made["version"], made["counts"], len(made["units"])) == (1, {"new": 12, "updated": 0, "same": 0}, 12)
    assert made["units"][0]["verdict"] == "not-yet"


def test_a_misspelt_heading_is_told_with_the_nearest(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, [[*ROWS[0][:-1], "Mejlet skrivt"], *ROWS[1:]]))
    assert run_.returncode == 3
    assert "Mejlet skrivet" in run_.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_killed_at_any_moment_no_folder_is_half_and_the_next_run_completes(tmp_path: Path) -> None:
    rows = [ROWS[0], *([f"Enhet {number}", *row[1:]] for number, row in enumerate(ROWS[1:] * 6))]
    path = table(tmp_path, rows)
    command = [sys.executable, "-m", "peerplan", "batch", str(path), "--as-of", str(AS_OF), "--lang", "sv"]
    for delay in (0.7, 1.0, 1.2, 1.4, 1.6):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for folder in (tmp_path / "plans").glob("enhet-*"):
            assert {file.name for file in folder.iterdir()} >= PLAN_FILES
    assert batch(tmp_path, path).returncode == 0
    whole = tmp_path / "whole"
    assert batch(tmp_path, path, "--to", whole).returncode == 0
    plans = {name: content for name, content in content_of(tmp_path / "plans").items() if "/lock" not in name}
    assert plans == {name: content for name, content in content_of(whole).items() if "/lock" not in name}


def test_a_starter_is_accepted_as_it_is(tmp_path: Path) -> None:
    for name in ("units.csv", "units.xlsx"):
        assert batch(tmp_path, tmp_path / "none", "--starter", tmp_path / name).returncode == 0
        assert batch(tmp_path, tmp_path / name, "--to", tmp_path / name.replace(".", "-")).returncode == 0
    assert content_of(tmp_path / "units-csv") == content_of(tmp_path / "units-xlsx")


def test_a_row_gives_the_answers_of_a_file() -> None:
    first = next(iter(understand(read_table(UNITS))))
    assert draft_of(first.given)["support.supervisors"] == "no"
