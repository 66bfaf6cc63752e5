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
from openpyxl import load_workbook

from peerplan.commands.batch.rows import parse_units
from peerplan.tables import read_table
from samples import AS_OF, EXAMPLES, guide, kit, run

pytestmark = pytest.mark.slow  # dozens of units for each

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
    units = parse_units(read_table(UNITS), kit(), "sv")
    keys = [key for key in units.keys if key]
    names = {fact.key: fact.column for fact in guide().facts}
    headings = [names.get(key, key.rpartition(".")[2]) for key in keys]
    given = [[row.given.get(key, "") for key in keys] for row in units.rows]
    return [headings, *([", ".join(one) if isinstance(one, list) else str(one) for one in row] for row in given)]


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


def test_a_text_that_is_wrong_in_a_whole_column_is_told_once(tmp_path: Path) -> None:
    texts = ["Planerade aktiviteter", *("x" if number % 2 else "y" for number, _ in enumerate(ROWS[1:]))]
    rows = [[text, *row] for text, row in zip(texts, ROWS, strict=True)]
    rows[1][1 + ROWS[0].index("Antal")] = "många"
    run_ = batch(tmp_path, table(tmp_path, rows))
    *wrong, many = run_.stderr.splitlines()
    assert [line.partition(" går")[0] for line in wrong] == [
        "units.csv:2: Planerade aktiviteter: 'y'",
        "units.csv:3: Planerade aktiviteter: 'x'",
    ]
    assert all(line.endswith("(6 celler, varav det här är den första)") for line in wrong)
    assert many.startswith("units.csv:2: Antal: 'många'")
    assert "celler" not in many


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
    plan.write_text(ticked.replace("## Två regler\n", "## Två regler\n\nMin egen rad.\n"), encoding="utf-8")
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
    assert "coordinator" not in made["units"][0]


@pytest.mark.criterion(7)
def test_a_misspelt_heading_is_told_with_the_nearest(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, [[*ROWS[0][:-1], "Mejlet skrivt"], *ROWS[1:]]))
    assert run_.returncode == 3
    assert "Mejlet skrivet" in run_.stderr


def rows_with(*changes: tuple[int, str, str], count: int = len(ROWS) - 1) -> list[list[str]]:
    """The example's rows, in new units if there are more, with other texts in some cells; the first is row 1."""
    bodies = [[*row] for row in (ROWS[1:] * (count // 12 + 1))[:count]]
    for number, row in enumerate(bodies[12:], 13):
        row[0] = f"Enhet {number}"
    for number, heading, text in changes:
        bodies[number - 1][ROWS[0].index(heading)] = text
    return [ROWS[0], *bodies]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


THREE = ((5, "Verksamhet", "sjukhvsård"), (17, "Start", "01/02/2027"), (40, "Samordnarens e-post", "bo"))


@pytest.mark.criterion(6)
def test_three_bad_rows_of_forty_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = table(tmp_path, rows_with(*THREE, count=40))
    run_ = batch(tmp_path, path, "--json")
    made = json.loads(run_.stdout)
    assert (run_.returncode, made["exit_code"], len(run_.stderr.splitlines())) == (3, 3, 3)
    assert [(one["id"], one["place"]) for one in made["errors"]] == [
        ("unknown-choice-near", "units.csv:6: Verksamhet"),
        ("ambiguous-date", "units.csv:18: Start"),
        ("not-an-email", "units.csv:41: Samordnarens e-post"),
    ]
    assert not [name for name in content_of(tmp_path) if not name.endswith(("units.csv", "lock"))]


@pytest.mark.criterion(6)
def test_three_bad_rows_of_forty_are_skipped_and_the_others_written_as_without_them(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, rows_with(*THREE, count=40)), "--skip-invalid", "--json")
    made = json.loads(run_.stdout)
    assert (run_.returncode, made["counts"]["new"], len(made["errors"]), len(run_.stderr.splitlines())) == (3, 37, 3, 3)
    good = [row for number, row in enumerate(rows_with(count=40)) if number not in {5, 17, 40}]
    assert batch(tmp_path, table(tmp_path, good), "--to", "good").returncode == 0
    assert content_of(tmp_path / "plans") == content_of(tmp_path / "good")


def test_a_skipped_rows_folder_is_neither_changed_nor_said_to_be_gone(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    before = content_of(tmp_path / "plans" / "rontgen")
    run_ = batch(tmp_path, table(tmp_path, rows_with((10, "Antal", "många"))), "--skip-invalid")
    assert (run_.returncode, "finns inte längre" in run_.stderr) == (3, False)
    assert content_of(tmp_path / "plans" / "rontgen") == before


def test_a_changed_cell_changes_no_other_plan(tmp_path: Path, expected: dict[str, bytes]) -> None:
    batch(tmp_path, UNITS)
    assert batch(tmp_path, table(tmp_path, rows_with((10, "Antal", "3")))).returncode == 0
    changed = {name for name, content in content_of(tmp_path / "plans").items() if content != expected.get(name, b"")}
    overview = {"overview.md", "overview.csv", "overview.xlsx", "overview.html", ".peerplan"}
    assert {name.partition("/")[0] for name in changed} <= {"rontgen", *overview}
    assert {"rontgen/plan.md", "rontgen/answers.toml"} <= changed


def test_an_emptied_cell_takes_its_answer_away(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    answers = tmp_path / "plans" / "rontgen" / "answers.toml"
    assert "end = 2027-03-05" in answers.read_text(encoding="utf-8")
    batch(tmp_path, table(tmp_path, rows_with((10, "Slut", ""))))
    assert "2027-03-05" not in answers.read_text(encoding="utf-8")


def test_a_tick_and_an_edit_outlive_rows_that_are_as_they_were(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    folder = tmp_path / "plans" / "rontgen"
    text = (folder / "plan.md").read_text(encoding="utf-8")
    ticked = re.sub(r"- \[ \] (.*<!-- rooms -->)", r"- [x] \1", text)
    assert ticked != text
    (folder / "plan.md").write_text(ticked + "\nRing Bo.\n", encoding="utf-8")
    assert "1 uppdaterade, 11 oförändrade" in batch(tmp_path, UNITS).stdout
    after = content_of(folder)
    assert 'rooms = "yes"' in after["answers.toml"].decode()
    assert "\n  - Ring Bo.\n" in after["plan.md"].decode()
    assert "0 uppdaterade, 12 oförändrade" in batch(tmp_path, UNITS).stdout
    assert content_of(folder) == after


def test_an_edit_where_the_text_changes_is_kept_and_the_new_text_is_beside_it(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    plan = tmp_path / "plans" / "rontgen" / "plan.md"
    edit(plan, "8 februari 2027", "åttonde februari")
    mine = plan.read_bytes()
    run_ = batch(tmp_path, table(tmp_path, rows_with((10, "Start", "2027-02-15"))), "--json")
    made = json.loads(run_.stdout)
    assert (run_.returncode, len(made["kept"]), made["counts"]["updated"]) == (4, 1, 1)
    assert "plan.md" in run_.stderr
    assert plan.read_bytes().startswith(mine[: mine.index(b"## ")])
    assert "15 februari 2027" in plan.with_name("plan.new.md").read_text(encoding="utf-8")


def test_a_dry_run_over_plans_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    before = content_of(tmp_path / "plans")
    path = table(tmp_path, [*rows_with((10, "Antal", "3")), ["Ny enhet", *ROWS[3][1:]]])
    made = json.loads(batch(tmp_path, path, "--dry-run", "--json").stdout)
    assert (made["written"], made["counts"]) == (False, {"new": 1, "updated": 1, "same": 11})
    assert content_of(tmp_path / "plans") == before


def test_a_row_that_is_gone_is_in_the_json_and_a_new_twin_moves_nobody(tmp_path: Path) -> None:
    first = table(tmp_path, [ROWS[0], ROWS[3], ROWS[5]])
    batch(tmp_path, first)
    made = json.loads(batch(tmp_path, table(tmp_path, [ROWS[0], ROWS[4], ROWS[3]]), "--json").stdout)
    folders = {one["name"]: one["folder"] for one in made["units"]}
    assert (made["gone"], made["counts"]) == (["hemtjanst-oster"], {"new": 1, "updated": 0, "same": 1})
    assert (folders["Ängen"], folders["Ången"][:6]) == ("angen", "angen-")


def test_each_row_may_have_its_own_language(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "Språk"], [*ROWS[3], "English"], [*ROWS[5], ""]]
    assert batch(tmp_path, table(tmp_path, rows)).returncode == 0
    plans = {path.parent.name: path.read_text(encoding="utf-8") for path in (tmp_path / "plans").glob("*/plan.md")}
    assert ("Two rules" in plans["angen"], "Två regler" in plans["hemtjanst-oster"]) == (True, True)
    rows[1][-1], rows[2][-1] = "svenska", "EN"
    assert batch(tmp_path, table(tmp_path, rows)).returncode == 0
    plans = {path.parent.name: path.read_text(encoding="utf-8") for path in (tmp_path / "plans").glob("*/plan.md")}
    assert ("Två regler" in plans["angen"], "Two rules" in plans["hemtjanst-oster"]) == (True, True)


@pytest.mark.parametrize(
    ("old", "new"), [('name = "Hemtjänst Öster"', 'name = "Hemtjänst Östra"'), ('"Kommunen"', '"Kommunen, öster"')]
)
def test_a_unit_whose_name_or_workplace_was_put_right_in_its_answers_gets_no_second_folder(
    tmp_path: Path, old: str, new: str
) -> None:
    batch(tmp_path, UNITS)
    edit(tmp_path / "plans" / "hemtjanst-oster" / "answers.toml", old, new)
    run_ = batch(tmp_path, UNITS)
    assert ("0 nya" in run_.stdout, run_.stderr) == (True, "")
    assert len(list((tmp_path / "plans").glob("hemtjanst-oster*"))) == 1


def test_a_unit_that_was_given_another_language_keeps_it(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    folder = tmp_path / "plans" / "hemtjanst-oster"
    edit(folder / "answers.toml", 'language = "sv"', 'language = "en"')
    assert run("update", folder, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    batch(tmp_path, UNITS)
    assert "Two rules" in (folder / "plan.md").read_text(encoding="utf-8")


def test_an_overview_that_was_edited_is_made_anew_and_kept_as_a_copy_which_is_told(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    overview = tmp_path / "plans" / "overview.csv"
    mine = overview.read_bytes().decode("utf-8-sig").encode("cp1252")  # as Excel may save it
    overview.write_bytes(mine)
    workbook = load_workbook(tmp_path / "plans" / "overview.xlsx")
    workbook.worksheets[0]["P2"] = "ring Eva"
    workbook.save(tmp_path / "plans" / "overview.xlsx")
    run_ = batch(tmp_path, table(tmp_path, rows_with((10, "Start", "2027-02-15"))))
    assert (run_.returncode, "overview.csv.bak" in run_.stderr, "overview.xlsx.bak" in run_.stderr) == (0, True, True)
    assert (tmp_path / "plans" / "overview.csv.bak").read_bytes() == mine
    kept = load_workbook(io.BytesIO((tmp_path / "plans" / "overview.xlsx.bak").read_bytes()))
    assert kept.worksheets[0]["P2"].value == "ring Eva"


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_empties(tmp_path: Path) -> None:
    full = [
        ["Enhet", "Verksamhet", "Start", "Antal", "Chefernas stöd"],
        ["Avd 3", "sjukhusvård", "2027-01-18", "4", "ja"],
    ]
    short = [row[:3] for row in full]
    answers = tmp_path / "plans" / "avd-3" / "answers.toml"
    for rows, kept in ((full, True), (short, True), ([full[0], [*full[1][:3], "", ""]], False)):
        assert batch(tmp_path, table(tmp_path, rows)).returncode == 0
        text = answers.read_text(encoding="utf-8")
        assert ("participants = 4" in text, 'managers = "yes"' in text) == (kept, kept)


@pytest.mark.parametrize("sign", ["\u200b", "\u202a", "\ufeff", "\u2060"])
def test_what_nobody_sees_in_a_cell_or_a_heading_is_not_there(tmp_path: Path, sign: str) -> None:
    rows = [[f"{sign}Enhet", "Verksamhet", f"Start{sign}"], ["Avd 3", f"sjukhusvård{sign}", f"{sign}2027-01-18"]]
    assert batch(tmp_path, table(tmp_path, rows)).returncode == 0
    assert (tmp_path / "plans" / "avd-3" / "plan.md").is_file()


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2013", "\u2014", "\u2212"])
def test_any_dash_is_a_hyphen_in_a_date_and_a_heading(tmp_path: Path, dash: str) -> None:
    rows = [
        ["Enhet", "Verksamhet", "Start", f"Samordnarens e{dash}post"],
        ["Avd 3", "sjukhusvård", f"2027{dash}01{dash}18", "a@ki.se"],
    ]
    assert batch(tmp_path, table(tmp_path, rows)).returncode == 0
    assert 'email = "a@ki.se"' in (tmp_path / "plans" / "avd-3" / "answers.toml").read_text(encoding="utf-8")


def test_what_could_not_be_read_in_a_units_plan_is_told(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    plan = tmp_path / "plans" / "rontgen" / "plan.md"
    plan.write_text(
        re.sub(r"- \[ \] (.*<!-- rooms -->)", r"- [/] \1", plan.read_text(encoding="utf-8")), encoding="utf-8"
    )
    run_ = batch(tmp_path, UNITS)
    assert (run_.returncode, "plan.md:" in run_.stderr, "varken [ ] eller [x]" in run_.stderr) == (0, True, True)
    assert "- [/] " in plan.read_text(encoding="utf-8")


@pytest.mark.criterion(42)
def test_an_identity_number_is_told_by_its_cell_and_not_repeated(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, rows_with((3, "Arbetsplats", "Norra 19121212-1212"))))
    assert (run_.returncode, "1212" in run_.stderr) == (6, False)
    assert run_.stderr.startswith("units.csv:4: Arbetsplats: ")


def test_an_identity_number_in_a_column_that_is_not_used_is_refused_too(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "Övrigt"], [*ROWS[1], ""], [*ROWS[3], "Norra 19121212-1212"]]
    run_ = batch(tmp_path, table(tmp_path, rows))
    assert (run_.returncode, "1212" in run_.stderr) == (6, False)
    assert run_.stderr.startswith("units.csv:3: Övrigt: ")


def test_what_may_be_an_identity_number_in_a_row_is_told_masked(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, rows_with((3, "Arbetsplats", "Norra 1212121212"))))
    assert (run_.returncode, "1212121212" in run_.stderr) == (0, False)
    assert run_.stderr.startswith("units.csv:4: Arbetsplats: det här kan vara ett personnummer (**********)")


def test_what_cannot_be_chosen_is_told_in_the_tables_words(tmp_path: Path) -> None:
    rows = rows_with((3, "Verksamhet", "sjukhvsård"), (4, "Beslut att börja", "kanske"))
    lines = batch(tmp_path, table(tmp_path, rows)).stderr.splitlines()
    assert "menade du sjukhusvård? (att välja på: hemsjukvård, primärvård" in lines[0]
    assert lines[1].endswith("välj något av: införa, pröva, inte bestämt")


def test_an_activity_that_does_not_suit_the_unit_is_left_out_and_told(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "Aktiviteter"], [*ROWS[1], "gemensamma hembesök, mötet med patienter"]]
    run_ = batch(tmp_path, table(tmp_path, rows))
    assert run_.returncode == 0
    assert run_.stderr.startswith("units.csv:2: Aktiviteter: 'gemensamma hembesök' passar inte den här sortens")
    (kit_,) = (tmp_path / "plans").glob("*/supervisors.md")
    cards = re.findall("^## Aktivitetskort: (.*)$", kit_.read_text(encoding="utf-8"), re.MULTILINE)
    assert cards == ["mötet med patienter"]


def test_a_unit_whose_workplace_was_put_right_in_the_table_is_told_and_can_be_put_right(tmp_path: Path) -> None:
    batch(tmp_path, UNITS)
    path = table(tmp_path, rows_with((5, "Arbetsplats", "Kommunen, öster")))
    said = batch(tmp_path, path).stderr
    old, new = Path("plans", "hemtjanst-oster"), next(tmp_path.glob("plans/hemtjanst-oster-*")).relative_to(tmp_path)
    assert said.startswith(f"{old}: ingen rad har den här enheten längre, men {new} är ny och har samma namn;")
    shutil.rmtree(tmp_path / new)
    edit(tmp_path / old / "answers.toml", '"Kommunen"', '"Kommunen, öster"')
    again = batch(tmp_path, path)
    assert (again.stderr, "0 nya" in again.stdout) == ("", True)


def test_a_refused_table_leaves_nothing_behind(tmp_path: Path) -> None:
    path = table(tmp_path, rows_with((3, "Start", "snart")))
    assert batch(tmp_path, path).returncode == 3
    assert [one.name for one in tmp_path.iterdir()] == ["units.csv"]


def mind_interrupts() -> None:
    """Undo what a shell's `&` does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="interrupts with SIGINT")
def test_interrupted_while_it_writes_it_says_how_far_it_came_and_completes_the_next_time(tmp_path: Path) -> None:
    path = table(tmp_path, rows_with(count=120))
    command = [sys.executable, "-m", "peerplan", "batch", str(path), "--as-of", str(AS_OF), "--lang", "sv"]
    process = subprocess.Popen(  # there are no threads
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=mind_interrupts,  # noqa: PLW1509 # there are no threads
    )
    while len(list((tmp_path / "plans").glob("*/plan.md"))) < 33:
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 130
    written = len(list((tmp_path / "plans").glob("*/plan.md")))
    found = re.fullmatch(
        r"Avbrutet\. (\d+) av 120 enheter har en planmapp; kör samma kommando igen för att bli klar\.\n", said
    )
    assert found
    assert int(found[1]) == written
    assert batch(tmp_path, path).returncode == 0
    assert len(list((tmp_path / "plans").glob("*/plan.md"))) == 120


def test_a_unit_that_is_there_twice_is_told_together_with_what_else_is_wrong(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, [*rows_with((5, "Start", "snart")), ["ängen", *ROWS[3][1:]]]))
    assert (run_.returncode, "units.csv:6: Start" in run_.stderr, "units.csv:14: Enhet" in run_.stderr) == (
        3,
        True,
        True,
    )


def test_of_a_unit_that_is_there_twice_the_others_are_written_when_invalid_rows_are_skipped(tmp_path: Path) -> None:
    run_ = batch(tmp_path, table(tmp_path, [*ROWS, ["ängen", *ROWS[3][1:]]]), "--skip-invalid")
    assert run_.returncode == 3
    assert len(list((tmp_path / "plans").glob("*/plan.md"))) >= len(ROWS) - 2


@pytest.mark.criterion(20)
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_killed_at_any_moment_no_folder_is_half_and_the_next_run_completes(tmp_path: Path) -> None:
    rows = [ROWS[0], *([f"Enhet {number}", *row[1:]] for number, row in enumerate(ROWS[1:] * 4))]
    path = table(tmp_path, rows)
    command = [sys.executable, "-m", "peerplan", "batch", str(path), "--as-of", str(AS_OF), "--lang", "sv"]
    for count in (0, 1, 33):  # folders that are there when it is killed
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(list((tmp_path / "plans").glob("enhet-*"))) < count and process.poll() is None:
            time.sleep(0.001)
        time.sleep(0 if count else 0.6)
        process.send_signal(signal.SIGKILL)
        assert process.wait() in {-signal.SIGKILL, 0}  # 0: it was done before this slow machine saw it
        for folder in (tmp_path / "plans").glob("enhet-*"):
            assert {file.name for file in folder.iterdir()} >= PLAN_FILES
    assert batch(tmp_path, path).returncode == 0
    whole = tmp_path / "whole"
    assert batch(tmp_path, path, "--to", whole).returncode == 0
    plans = {name: content for name, content in content_of(tmp_path / "plans").items() if "/lock" not in name}
    assert plans == {name: content for name, content in content_of(whole).items() if "/lock" not in name}


def test_a_starter_of_each_kind_is_written_and_told(tmp_path: Path) -> None:
    for name in ("units.csv", "units.xlsx"):
        made = run("batch", "--starter", name, "--lang", "sv", "--json", cwd=tmp_path)
        assert (made.returncode, json.loads(made.stdout)["starter"]) == (0, name)
        assert (tmp_path / name).is_file()


def test_a_starter_and_a_table_at_once_are_a_mistake(tmp_path: Path) -> None:
    run_ = batch(tmp_path, UNITS, "--starter", "units.csv")
    assert (run_.returncode, list(tmp_path.iterdir())) == (2, [])


def test_a_row_gives_the_answers_of_a_file() -> None:
    first = next(parse_units(read_table(UNITS), kit(), "sv").rows)
    assert first.given["support.supervisors"] == "no"
