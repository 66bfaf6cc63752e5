import ast
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from cases import AGAIN, FEW, NEW, PYTHON, WRITING, Case, Step, all_cases
from goals import GOALS, Goal, Outcome
from measure import Measured, NotDoneError, measure
from results import report
from run import chosen, words, words_of
from samples import EXAMPLES, run
from tables import save, units
from templates import as_template, find_values, read_documents

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
CASES = {case.name: case for case in all_cases()}


def imported(script: Path) -> set[str]:
    tree = ast.parse(script.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_only_the_candidate_imports_the_product() -> None:
    scripts = {script.relative_to(BENCHMARKS).as_posix(): imported(script) for script in BENCHMARKS.rglob("*.py")}
    assert {name for name, found in scripts.items() if "peerplan" in found} == {"loops/read_table.py"}
    assert not any("import_module" in path.read_text(encoding="utf-8") for path in BENCHMARKS.rglob("*.py"))


# --- arithmetic ------------------------------------------------------------------------------------------------------


def taken(wall: float, *, files: int = 0, peak: float = 0) -> Measured:
    return Measured(cpu=wall * 2, wall=wall, peak=peak, together=0, files=files)


def outcome(**steps: list[Measured]) -> Outcome:
    case = Case("made-up", "made up", tuple(Step(name, "", units=10) for name in steps))
    return Outcome(case, [dict(zip(steps, row, strict=True)) for row in zip(*steps.values(), strict=True)])


def test_a_ratio_is_the_median_of_the_rounds_not_the_ratio_of_the_medians() -> None:
    slow, fast = [taken(8), taken(6), taken(30)], [taken(1), taken(2), taken(10)]
    made = outcome(slow=slow, fast=fast)
    assert made.ratio("slow", "fast", "wall") == 3
    assert made.typical("slow", "wall") / made.typical("fast", "wall") == 4


def test_figures_are_of_a_run_a_unit_or_a_file() -> None:
    made = outcome(one=[taken(6, files=3, peak=70)])
    assert made.figures("one", "wall") == [6]
    assert made.figures("one", "cpu/file") == [4]
    assert made.figures("one", "wall/unit") == [0.6]
    assert made.figures("one", "peak") == [70]


@pytest.mark.parametrize(
    ("goal", "figure", "holds"),
    [
        (Goal("", "a", "slow", "fast", "wall", most=4), 4, True),
        (Goal("", "a", "slow", "fast", "wall", most=3.9), 4, False),
        (Goal("", "a", "slow", "fast", "wall", least=4), 4, True),
        (Goal("", "a", "slow", "fast", "wall", least=4.1), 4, False),
        (Goal("", "a", "slow", "", "peak", most=99), 100, False),
    ],
)
def test_a_goal_holds_or_not(goal: Goal, figure: float, *, holds: bool) -> None:
    measured = goal.measured({"a": outcome(slow=[taken(8, peak=100)], fast=[taken(2)])})
    assert measured == figure
    assert goal.holds(measured) == holds


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.about)
def test_a_goal_names_a_case_and_its_steps_and_one_bound(goal: Goal) -> None:
    steps = {step.name: step for step in CASES[goal.case].steps}
    assert {goal.over, goal.under} - {""} <= set(steps)
    assert (goal.most is None) != (goal.least is None)
    assert not goal.of.endswith("/file") or (steps[goal.over].writes and steps[goal.under].writes)


def test_the_report_tells_what_holds_what_does_not_and_what_was_not_measured() -> None:
    peerplan, bare = taken(0.06), taken(0.01)
    batch = {NEW: taken(4, files=16), AGAIN: taken(1, files=16), WRITING: taken(1, files=8)}
    made = {
        "help": Outcome(CASES["help"], [{"peerplan": peerplan, PYTHON: bare}]),
        "batch-1000": Outcome(Case("batch-1000", "", tuple(Step(name, "") for name in batch)), [batch]),
    }
    goals = {goal.about: goal for goal in GOALS}
    lines = report(["- a machine"], {"help": made["help"]}, {"batch-100000": "no room"}).splitlines()
    assert "| `--help`: at most 7 times bare Python | processor | 6 | yes |" in lines
    assert "| `--version`: at most 7 times bare Python | processor | not measured |  |" in lines
    assert "| bare Python | 20 ms | 10 ms | 10 ms |  | 0 |  | 6 | 6 |" in lines
    assert lines[-1] == "- Not measured: batch-100000: no room"
    again = goals["1,000 units again: at least 5 times faster than new"].measured(made)
    assert again == 4
    assert not goals["1,000 units again: at least 5 times faster than new"].holds(again)


# --- commands and input ----------------------------------------------------------------------------------------------


def test_cases_are_chosen_by_name_and_size() -> None:
    assert [case.name for case in chosen(["batch", "help"], [FEW])] == ["help", f"batch-{FEW}"]
    assert chosen([], [case.size for case in CASES.values()]) == list(CASES.values())


def test_each_command_is_made_of_words_that_are_known(tmp_path: Path) -> None:
    names = ("peerplan", "bare", "copier", "cookiecutter", "mailmerge")
    known = {**words({name: tmp_path / name for name in names}, tmp_path), "round": "round", "size": "100"}
    for case in CASES.values():
        for command in (*case.before, *(step.command for step in case.steps)):
            assert not [word for word in words_of(command, known) if "{" in word]


@pytest.mark.parametrize("example", ["surgical-ward-sv", "laboratory-en"])
def test_templates_give_the_documents_again(example: str) -> None:
    documents = read_documents(EXAMPLES / example)
    values = find_values(documents)
    assert len(values) == 20
    for name, text in documents.items():
        template = as_template(text, values)
        assert Environment(keep_trailing_newline=True).from_string(template).render(values) == text, name  # noqa: S701
        assert 10 <= template.count("{{ v") <= 20
        assert 1 <= template.count("{% for") <= 4
        assert 1 <= template.count("{% if") <= 4


def test_the_product_takes_the_table_of_units_and_all_differ(tmp_path: Path) -> None:
    rows = list(units(40))
    assert rows == list(units(80))[:41]
    assert len({tuple(row[4:]) for row in rows[1:]}) == 40
    save(units(40), tmp_path / "units.csv")
    done = run("batch", "units.csv", "--lang", "sv", "--as-of", "2026-11-24", "--dry-run", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks run on Linux")
def test_a_run_is_measured_and_its_exit_code_heeded(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sum(range(10**6)); sys.exit('no such unit')"]
    (tmp_path / "here").mkdir()
    measured = measure(command, tmp_path / "here", code=1)
    assert measured.cpu > 0
    assert measured.wall > 0
    assert 1 < measured.peak < 1000
    with pytest.raises(NotDoneError, match="exit code 1: no such unit"):
        measure(command, tmp_path / "here")


@pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks run on Linux")
def test_a_loop_tells_its_own_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", """print('{"cpu": 0.25, "wall": 0.5}')"""]
    (tmp_path / "here").mkdir()
    measured = measure(command, tmp_path / "here", clocked=True)
    assert (measured.cpu, measured.wall) == (0.25, 0.5)
