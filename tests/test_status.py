"""`peerplan status` says where units stand, the one that needs attention most first, and writes nothing."""

import json
import re
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.toml_writer import write_answers
from peerplan.commands.status import Check, Status
from peerplan.commands.status import status as status_of
from peerplan.errors import CheckNotMet, InputError, UsageError
from samples import AS_OF, draft, guide, kit, run, run_process, say

DECIDED = {"support.decision": "try"}
READY = (DECIDED, "done")
TO_TRY = (DECIDED, "partly")
NOT_YET = ({"support.decision": "undecided"}, "partly")
Unit = tuple[dict[str, str], str]


def put(folder: Path, changes: dict[str, object] | None = None, *, state: str = "open", language: str = "en") -> Path:
    """A folder with answers, as far as an interview leaves it."""
    content = guide(language)
    facts = {key: value for key, value in draft(changes, state=state, language=language).items() if value is not None}
    folder.mkdir(parents=True)
    (folder / "answers.toml").write_text(write_answers(facts, content), encoding="utf-8")
    return folder


def gather(folders: list[Path], day: date, check: str = "") -> Status:
    return status_of(folders, kit(), "en", day, check)


def status(*arguments: str | Path, cwd: Path, **environ: str) -> CompletedProcess[str]:
    return run("status", *arguments, "--as-of", str(AS_OF), cwd=cwd, environ=environ)


MISSING = (2, 1, 1, 1)  # of late_unit, by area


def late_unit(folder: Path) -> Path:
    """A unit in which the manager's yes and five more things are missing, three of them late."""
    missing = ["support.managers", "support.short-course", "institution.endorsement", "environment.rooms"]
    return put(folder, {**DECIDED, **dict.fromkeys(missing, "no"), "students.first-day": "partly"}, state="done")


# --- one unit --------------------------------------------------------------------------------------------------------


def test_one_unit_shows_the_verdict_the_areas_what_blocks_what_is_late_and_what_comes_next(tmp_path: Path) -> None:
    folder = late_unit(tmp_path / "a")
    plan = gather([folder], AS_OF).units[0].plan
    lines = {action.id: f"  {action.due}  {action.title} ({action.owner})" for action in plan.actions}
    run_ = status(folder, cwd=tmp_path)
    assert (run_.returncode, run_.stderr) == (0, "")
    first, start, empty, *areas = run_.stdout.splitlines()
    assert (first, start, empty) == ("Ward 7: Not yet. Left to do: 5, of which late: 3.", "Start: 2027-01-18", "")
    assert [re.split(r"\s{2,}", line) for line in areas[:4]] == [
        [area.label, f"{area.total - missing} of {area.total} in place"]
        for area, missing in zip(plan.areas, MISSING, strict=True)
    ]
    assert areas[4:] == [
        "",
        "Has to be settled first:",
        lines["managers"],
        "",
        "Late:",
        lines["short-course"],
        lines["endorsement"],
        "",
        "Next:",
        lines["rooms"],
        lines["first-day"],
    ]


def test_a_unit_that_is_ready_has_nothing_to_list(tmp_path: Path) -> None:
    run_ = status(put(tmp_path / "a", state="done"), cwd=tmp_path)
    assert run_.stdout.startswith("Ward 7: Ready. Everything is in place.\n")
    assert not re.search(r"Late|Next|settled", run_.stdout)


def test_the_plans_language_is_spoken(tmp_path: Path) -> None:
    run_ = status(put(tmp_path / "a", language="sv"), cwd=tmp_path)
    assert run_.stdout.startswith("Ward 7: Inte än. Kvar att göra: ")


def test_without_a_folder_it_is_the_one_you_are_in(tmp_path: Path) -> None:
    put(tmp_path / "a", {"unit.name": "Ward 9"})
    assert status(cwd=tmp_path / "a").stdout.startswith("Ward 9: ")


def test_ticks_that_are_not_read_in_yet_count_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    assert run("init", folder, "--answers", late_unit(tmp_path / "b") / "answers.toml", cwd=tmp_path).returncode == 0
    text = (folder / "plan.md").read_text(encoding="utf-8")
    ticked = re.sub(r"- \[ \](.*<!-- (managers|rooms) -->)", r"- [x]\1", text)
    (folder / "plan.md").write_text(ticked, encoding="utf-8")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    run_ = status(folder, cwd=tmp_path)
    assert run_.returncode == 0
    assert run_.stdout.startswith("Ward 7: Ready to try. Left to do: 3, ")
    assert f"not in the files yet: 2. Read them in with: peerplan update {folder}" in run_.stdout
    assert json.loads(status(folder, "--json", cwd=tmp_path).stdout)["units"][0]["unread_ticks"] == 2
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before


# --- many units ------------------------------------------------------------------------------------------------------


def test_what_needs_attention_most_comes_first(tmp_path: Path) -> None:
    early, late = date(2027, 1, 18), date(2027, 8, 30)
    units: dict[str, tuple[dict[str, object], str]] = {
        "ready": ({**DECIDED}, "done"),
        "late-start": ({**DECIDED, "placement.start": late, "placement.end": None}, "partly"),
        "z-early": ({**DECIDED, "placement.start": date(2027, 8, 23), "placement.end": None}, "partly"),
        "much-late": ({**DECIDED, "placement.start": early}, "partly"),
        "few-late": ({**DECIDED, "placement.start": date(2026, 12, 21), "environment.rooms": "no"}, "done"),
        "blocked": ({"support.decision": "undecided", "placement.start": late, "placement.end": None}, "partly"),
        "a-late-start": ({**DECIDED, "placement.start": late, "placement.end": None}, "partly"),
    }
    for name, (changes, state) in units.items():
        put(tmp_path / name, {**changes, "unit.name": name}, state=state)
    found = gather([tmp_path], AS_OF)
    assert [unit.folder.name for unit in found.units] == [
        "blocked",
        "much-late",
        "few-late",
        "z-early",
        "a-late-start",
        "late-start",
        "ready",
    ]
    assert found.problems == ()


def test_a_folder_that_is_named_twice_is_one_unit(tmp_path: Path) -> None:
    put(tmp_path / "plans" / "b", {"unit.name": "Ward 8"}, state="done")
    found = gather([tmp_path / "plans", tmp_path / "plans" / "b", tmp_path / "plans" / ".." / "plans"], AS_OF)
    assert [unit.folder for unit in found.units] == [tmp_path / "plans" / "b"]


def test_many_units_are_a_row_each_and_totals(tmp_path: Path) -> None:
    put(tmp_path / "plans" / "b", {**DECIDED, "unit.name": "Ward 8"}, state="done")
    late_unit(tmp_path / "plans" / "a")
    put(tmp_path / "plans" / "deep" / "c")  # not looked for that deep
    (tmp_path / "plans" / "notes").mkdir()
    run_ = status(tmp_path / "plans", cwd=tmp_path)
    assert (run_.returncode, run_.stderr) == (0, "")
    totals = [area.total for area in gather([tmp_path / "plans" / "b"], AS_OF).units[0].plan.areas]
    assert [re.split(r"\s{2,}", line.strip()) for line in run_.stdout.splitlines() if line.strip()] == [
        ["Unit", "Verdict", "Start", "Late", "1", "2", "3", "4"],
        ["Ward 7", "Not yet", "2027-01-18", "3", *(f"{n - less}/{n}" for n, less in zip(totals, MISSING, strict=True))],
        ["Ward 8", "Ready", "2027-01-18", "0", *(f"{n}/{n}" for n in totals)],
        ["In place, of how many: 1 Support in the workplace, 2 Learning environment, 3"],
        ["Educational institution, 4 Information and welcome."],
        [say("en", "status-total", count=2, verdicts="Not yet 1, Ready 1", late=1)],
    ]


@pytest.mark.criterion(32)
@pytest.mark.parametrize(
    "name", ["Geriatric rehabilitation and stroke " * 2, "å" * 100, "[/x] [bold]Ward[/bold]", "[link=x]Ward[/link]"]
)
def test_a_row_fits_80_columns_in_a_pipe_and_shows_the_whole_name_as_it_is(tmp_path: Path, name: str) -> None:
    put(tmp_path / "a", {"unit.name": name.strip()})
    put(tmp_path / "b", {"unit.name": "Ward 8"})
    run_ = status(tmp_path, cwd=tmp_path, FORCE_COLOR="")
    assert run_.returncode == 0
    assert max(map(len, run_.stdout.splitlines())) <= 80
    assert "\x1b" not in run_.stdout
    shown = "".join(line.split("  ")[0] for line in run_.stdout.splitlines()[1:] if not line.startswith("Ward 8"))
    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", shown)


def test_a_terminal_that_cannot_show_a_letter_is_no_error(tmp_path: Path) -> None:
    put(tmp_path / "a", {"unit.name": "Åsele \N{HOSPITAL}"})
    put(tmp_path / "b", language="sv")
    environ = {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    run_ = run_process("status", tmp_path, "--as-of", AS_OF, cwd=tmp_path, environ=environ)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert "?sele ?" in run_.stdout


def test_a_folder_that_cannot_be_read_is_said_and_the_others_are_shown(tmp_path: Path) -> None:
    put(tmp_path / "good")
    put(tmp_path / "good too", {"unit.name": "Ward 8"})
    for name, text in (("no-toml", "name ="), ("unfinished", "[unit]\nname = 'Ward 9'\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "answers.toml").write_text(text)
    run_ = status(tmp_path, cwd=tmp_path)
    assert run_.returncode == 3
    assert "Ward 7" in run_.stdout
    assert "Ward 8" in run_.stdout
    assert re.search(r"no-toml.answers\.toml:1: ", run_.stderr)
    assert "unit.setting: this has to be answered" in run_.stderr
    document = json.loads(status(tmp_path, "--json", cwd=tmp_path).stdout)
    assert len(document["units"]) == 2
    assert len(document["errors"]) == len(run_.stderr.splitlines())


def test_a_missing_answer_is_said_with_its_file(tmp_path: Path) -> None:
    put(tmp_path / "a")
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "answers.toml").write_text("[unit]\nname = 'Ward 9'\n")
    errors = status(tmp_path, cwd=tmp_path).stderr.splitlines()
    assert len(errors) > 1
    assert all(str(tmp_path / "unfinished" / "answers.toml") in error for error in errors)


def test_a_folder_without_a_plan_does_not_stop_the_others(tmp_path: Path) -> None:
    run_ = status(put(tmp_path / "a"), tmp_path / "none", cwd=tmp_path)
    assert run_.returncode == 3
    assert "none: there is no plan in this folder" in run_.stderr
    assert "Ward 7" in run_.stdout


def test_a_folder_without_a_plan_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        gather([tmp_path], AS_OF)
    assert [(one.message, one.place) for one in caught.value.problems] == [("no-plan-here", str(tmp_path))]


# --- json ------------------------------------------------------------------------------------------------------------

UNIT_KEYS = {
    *("folder", "unread_ticks", "unit", "setting", "start", "end", "verdict", "blocking", "open", "late", "areas"),
    *("phase", "short_of_time", "earliest_start", "next", "left_over", "actions", "notices"),
}


def test_json_has_the_same_keys_whatever_the_units_are(tmp_path: Path) -> None:
    late_unit(tmp_path / "a")
    put(tmp_path / "b", {"placement.end": None, **DECIDED}, state="done")
    run_ = status(tmp_path, "--json", cwd=tmp_path)
    document = json.loads(run_.stdout)
    assert document.keys() == {"version", "as_of", "units", "totals", "errors"}
    assert (document["version"], document["as_of"], document["errors"]) == (1, "2026-11-24", [])
    assert document["totals"] == {
        "units": 2,
        "not-yet": 1,
        "short-of-time": 0,
        "ready-to-try": 0,
        "under-way": 0,
        "ready": 1,
        "over": 0,
        "late": 1,
    }
    assert [unit.keys() for unit in document["units"]] == [UNIT_KEYS, UNIT_KEYS]
    first, second = document["units"]
    assert (first["verdict"], first["blocking"], first["open"], first["late"]) == ("not-yet", ["managers"], 5, 3)
    assert first["areas"]["support"] == {"done": 5, "total": 7}
    assert (first["start"], first["end"], second["end"]) == ("2027-01-18", "2027-03-12", None)
    title = gather([tmp_path / "a"], AS_OF).units[0].plan.actions[0].title
    assert first["actions"][0] == {
        "id": "managers",
        "title": title,
        "owner": "coordinator",
        "owner_label": "coordinator",
        "sources": ["ki-initiating", "ki-initiating-sv"],
        "due": "2026-10-26",
        "late": True,
        "blocks": True,
        "essential": True,
    }
    assert second["actions"] == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["none"], 3, "no-plan-here"),
        (["--check", "done"], 2, "unknown-check"),
        (["--as-of", "tomorrow"], 2, "as-of-form"),
        (["--as-of", "1/2 2027"], 2, "ambiguous-date"),
    ],
)
def test_json_is_one_document_on_failure_too(
    tmp_path: Path, arguments: list[str], exit_code: int, message: str
) -> None:
    run_ = run("status", *arguments, "--json", cwd=put(tmp_path / "a"))
    assert run_.returncode == exit_code
    document = json.loads(run_.stdout)
    assert (document["version"], document["exit_code"]) == (1, exit_code)
    (error,) = document["errors"]
    assert error["id"] == message
    assert error["text"] == run_.stderr.rstrip("\n")


def test_json_is_one_document_when_an_option_is_unknown(tmp_path: Path) -> None:
    run_ = run("status", "--json", "--none", cwd=put(tmp_path / "a"))
    assert run_.returncode == 2
    assert json.loads(run_.stdout)["exit_code"] == 2


# --- check -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "check", "is_met"),
    [
        (READY, "ready", True),
        (READY, "ready-to-try", True),
        (TO_TRY, "ready", False),
        (TO_TRY, "ready-to-try", True),
        (NOT_YET, "ready", False),
        (NOT_YET, "ready-to-try", False),
        (READY, "not-late", True),
        (TO_TRY, "not-late", False),
    ],
)
def test_a_unit_meets_a_check_or_falls_short(tmp_path: Path, unit: Unit, check: Check, *, is_met: bool) -> None:
    changes, state = unit
    failure = gather([put(tmp_path / "a", {**changes}, state=state)], AS_OF, check).failure
    if is_met:
        assert failure is None
    else:
        assert isinstance(failure, CheckNotMet)
        assert [problem.place for problem in failure.problems] == [str(tmp_path / "a")]


def test_not_late_is_about_the_day_alone(tmp_path: Path) -> None:
    folder = put(tmp_path / "a")
    assert gather([folder], date(2026, 8, 1), "not-late").failure is None
    assert isinstance(gather([folder], date(2027, 1, 17), "not-late").failure, CheckNotMet)


def test_the_exit_code_is_8_and_each_unit_that_falls_short_is_named_after_the_table(tmp_path: Path) -> None:
    put(tmp_path / "a", {**DECIDED}, state="done")
    put(tmp_path / "b", {"unit.name": "Ward 8"})
    run_ = status(tmp_path, "--check", "ready", cwd=tmp_path)
    assert run_.returncode == 8
    assert run_.stderr == f"{tmp_path / 'b'}: falls short of ready\n"
    assert "Ward 8" in run_.stdout
    assert json.loads(status(tmp_path, "--check", "ready", "--json", cwd=tmp_path).stdout)["totals"]["ready"] == 1
    assert status(tmp_path / "a", "--check", "ready", cwd=tmp_path).returncode == 0


@given(st.text(min_size=1).filter(lambda text: text not in ("ready", "ready-to-try", "not-late")))
@settings(max_examples=20)
def test_another_check_is_a_wrong_use(text: str) -> None:
    with pytest.raises(UsageError):
        gather([], AS_OF, text)
