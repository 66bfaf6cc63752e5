"""How fast `peerplan` is, beside its peers and the bare limit: python benchmarks/run.py --help. See README.md."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import environments
import results
import tables
import templates
from cases import DAY, FEW, ROUNDS, ROWS, SMALL, Case, Step, all_cases
from goals import Outcome
from measure import Measured, NotDoneError, measure

HERE = Path(__file__).parent
ANSWERS = HERE.parent / "examples" / "surgical-ward-sv" / "answers.toml"


def options() -> argparse.Namespace:
    names = [case.name for case in all_cases()]
    parser = argparse.ArgumentParser(description="Measure peerplan beside its peers and the bare limit.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"which, by the start of the name: {', '.join(names)}")
    parser.add_argument("--sizes", nargs="+", type=int, default=sorted(ROUNDS), help="only these numbers of units")
    parser.add_argument("--rounds", type=int, help="how often; default: by size, 11 to 1")
    parser.add_argument("--quick", action="store_true", help="3 rounds, and no more than 100 units")
    parser.add_argument("--place", type=Path, default=Path.home() / ".cache" / "peerplan-benchmarks")
    parser.add_argument("--keep", action="store_true", help="leave what the runs wrote")
    parser.add_argument("--results", type=Path, default=HERE / "results.md")
    return parser.parse_args()


def chosen(asked: Sequence[str], sizes: Sequence[int]) -> list[Case]:
    """Give the cases whose names begin as asked, or all, of these sizes; those of one unit are of every size."""
    return [
        case
        for case in all_cases()
        if case.name.startswith(tuple(asked) or "") and (not case.size or case.size in sizes)
    ]


def words(programs: Mapping[str, Path], shared: Path) -> dict[str, str]:
    """Give what the words in braces of a command stand for, but for {round} and {size}."""
    return {
        "peerplan": str(programs["peerplan"] / "peerplan"),
        "python": str(programs["peerplan"] / "python"),
        "bare": str(programs["bare"] / "python"),
        "copier": str(programs["copier"] / "copier"),
        "mailmerge": str(programs["mailmerge"] / "mailmerge"),
        "copier_python": str(programs["copier"] / "python"),
        "cookiecutter_python": str(programs["cookiecutter"] / "python"),
        "loops": str(HERE / "loops"),
        "shared": str(shared),
        "templates": str(shared / "templates"),
    }


def prepare(shared: Path, known: Mapping[str, str], sizes: set[int]) -> None:
    """Make what the rounds read: answers, tables, one plan, and the peers' templates of its documents."""
    shared.mkdir(parents=True)
    shutil.copy(ANSWERS, shared / "answers.toml")
    for size in sizes:
        tables.save(tables.units(size), shared / f"units-{size}.csv")
        tables.save(tables.students(size), shared / f"students-{size}.csv")
        tables.save(tables.recipients(size), shared / f"recipients-{size}.csv", delimiter=",")
    once("{peerplan} init {shared}/ward --answers {shared}/answers.toml " + DAY, known)
    once(f"{{python}} {{loops}}/as_workbook.py {{shared}}/units-{ROWS}.csv {{shared}}/units-{ROWS}.xlsx", known)
    templates.write_templates(shared / "ward", shared / "templates")
    templates.write_letter(shared / "ward" / "student-email.txt", shared / "templates" / "mailmerge")


def words_of(command: str, known: Mapping[str, str]) -> list[str]:
    return [word.format_map(known) for word in command.split()]


def once(command: str, known: Mapping[str, str]) -> None:
    environments.run(*words_of(command, known))


def run_round(case: Case, size: int, folder: Path, known: Mapping[str, str]) -> dict[str, Measured]:
    """Run each step once, in turn, in one fresh folder."""
    folder.mkdir(parents=True)
    here = {**known, "round": str(folder), "size": str(size)}
    return {step.name: run_step(step, folder, here) for step in case.steps}


def run_step(step: Step, folder: Path, known: Mapping[str, str]) -> Measured:
    measured = measure(words_of(step.command, known), folder, code=step.code, clocked=step.clocked)
    return replace(measured, files=count_files(folder / step.writes) if step.writes else 0)


def count_files(folder: Path) -> int:
    """Count the files with something in them, without those of a loop's first, untimed unit."""
    found = chain.from_iterable((Path(place, name) for name in names) for place, _, names in os.walk(folder))
    return sum(path.stat().st_size > 0 and "warm" not in path.relative_to(folder).parts for path in found)


def run_case(case: Case, rounds: int, work: Path, known: Mapping[str, str]) -> Outcome:
    """Warm up, and run the rounds. Raises NotDoneError where the disk is too small or a command fails."""
    print(f"{case.name}: {rounds} rounds of {', '.join(step.name for step in case.steps)}", flush=True)
    if case.disk * rounds > shutil.disk_usage(work).free:
        raise NotDoneError(f"it takes {case.disk * rounds / 1e9:.0f} GB of disk")
    for command in case.before:
        once(command, {**known, "size": str(case.size)})
    run_round(case, case.size if case.size <= SMALL else FEW, work / case.name / "warm-up", known)
    taken = []
    for number in range(rounds):
        taken.append(run_round(case, case.size, work / case.name / str(number), known))
        print("  " + ", ".join(f"{name} {one.wall:.3g} s" for name, one in taken[-1].items()), flush=True)
    return Outcome(case, taken)


def main() -> None:
    asked = options()
    cases = chosen(asked.cases, [FEW] if asked.quick else asked.sizes)
    asked.place.mkdir(parents=True, exist_ok=True)
    print(f"Environments in {asked.place}", flush=True)
    programs = environments.prepare(asked.place)
    about = results.machine(asked.place)
    about += [f"- {name}: {said}" for name, said in environments.versions(programs).items()]
    work = Path(tempfile.mkdtemp(prefix="work-", dir=asked.place))
    known = words(programs, work / "shared")
    prepare(work / "shared", known, {case.size for case in cases if case.size} | {FEW, SMALL, ROWS})
    outcomes: dict[str, Outcome] = {}
    left_out: dict[str, str] = {}
    for case in cases:
        try:
            outcomes[case.name] = run_case(case, asked.rounds or (3 if asked.quick else ROUNDS[case.size]), work, known)
        except NotDoneError as error:
            left_out[case.name] = str(error)
            print(f"  left out: {error}", flush=True)
        asked.results.write_text(results.report(about, outcomes, left_out), encoding="utf-8")
    # Only now: a file system that has just deleted many files creates new ones slowly.
    if not asked.keep:
        shutil.rmtree(work)
    print(f"{asked.results} is written.")


if __name__ == "__main__":
    main()
