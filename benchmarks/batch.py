"""How fast `peerplan batch` is beside a bare loop that renders the same templates and writes the same files.

python benchmarks/batch.py [UNITS] [ROUNDS]

The bare loop gets the variables of the templates and the bytes of the other files for nothing: it checks nothing, makes
no plan, no mail, no calendar, and flushes nothing to the disk. Both run in turn; the figure is the ratios' median.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from peerplan.answers.draft import check_answers, typed_answers
from peerplan.documents.render import SUFFIX, _environment, _names
from peerplan.documents.variables import template_data
from peerplan.folder.record import MEMORY
from peerplan.guide.kit import TEMPLATES, Kit
from peerplan.messages import Messages
from peerplan.plan.plan import make_plan

AS_OF = date(2026, 11, 24)
LANGUAGE = "sv"
HEADINGS = ["name", "setting", "start", "end", "scope", "participants", "decision", "managers", "colleagues", "rooms"]
FACTS = ["unit.name", "unit.setting", *(f"placement.{name}" for name in HEADINGS[2:6])]
SETTINGS = ["home", "primary-care", "special-accommodation", "laboratory", "dental-clinic", "radiology", "hospital"]
SCOPES = ["whole-period", "single-activities", "education-ward"]
ANSWERS = ["yes", "partly", "no", "unknown"]


def rows(count: int) -> list[list[str]]:
    """Units of every kind, the same ones each time."""
    return [
        [
            f"Enhet {number}",
            SETTINGS[number % len(SETTINGS)],
            f"2027-0{1 + number % 3}-18",
            "2027-05-14",
            SCOPES[number % len(SCOPES)],
            str(1 + number % 6),
            "try",
            *(ANSWERS[(number // step) % len(ANSWERS)] for step in (1, 4, 16)),
        ]
        for number in range(count)
    ]


def bare(units: list[dict[str, object]], others: dict[str, bytes], to: Path) -> float:
    environment = _environment(TEMPLATES / LANGUAGE)
    templates = {name.removesuffix(SUFFIX): environment.get_template(name) for name in _names(TEMPLATES / LANGUAGE)}
    start = time.perf_counter()
    for number, data in enumerate(units):
        folder = to / str(number)
        (folder / MEMORY).mkdir(parents=True)
        for name, template in templates.items():
            text = template.render(data)
            if text.strip():
                (folder / name).write_text(text, encoding="utf-8")
        for name, content in others.items():
            (folder / name).write_bytes(content)
    return time.perf_counter() - start


def batch(table: Path, to: Path) -> float:
    command = [sys.executable, "-m", "peerplan", "batch", str(table), "--to", str(to), "--as-of", str(AS_OF)]
    start = time.perf_counter()
    subprocess.run([*command, "--lang", LANGUAGE], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - start


def main(count: int, rounds: int) -> None:
    guide = Kit(Messages()).guide(LANGUAGE)
    keys = [*FACTS, "support.decision", "support.managers", "support.colleagues", "environment.rooms"]
    table_rows = rows(count)
    drafts = [typed_answers(dict(zip(keys, row, strict=True)), guide) for row in table_rows[:200]]
    plans = [make_plan(check_answers(draft, guide), guide, AS_OF) for draft in drafts]
    units = [template_data(plan, guide) for plan in plans]
    rendered = {name.removesuffix(SUFFIX) for name in _names(TEMPLATES / LANGUAGE)}
    ratios, speeds = [], []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        table = place / "units.csv"
        table.write_text("\n".join(";".join(row) for row in [HEADINGS, *table_rows]) + "\n", encoding="utf-8")
        for number in range(rounds):
            to = place / f"batch-{number}"
            taken = batch(table, to)
            again = batch(table, to)
            sample = next(to.glob("*/plan.md")).parent
            others = {
                str(path.relative_to(sample)): path.read_bytes()
                for path in sample.rglob("*")
                if path.is_file() and path.name not in rendered
            }
            shutil.rmtree(to)
            floor = bare([units[one % len(units)] for one in range(count)], others, place / f"bare-{number}")
            ratios.append(floor / taken)
            speeds.append((count / floor, count / taken, count / again))
    names = ("bare loop", "batch", "batch again, nothing changed")
    for name, values in zip(names, zip(*speeds, strict=True), strict=True):
        print(f"{name}: {statistics.median(values):,.0f} units/s")
    print(
        f"batch has {statistics.median(ratios):.2f} of the bare loop's speed (median of {rounds} pairs, {count} units)"
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main(*(int(one) for one in [*sys.argv[1:], "1000", "3"][:2]))
