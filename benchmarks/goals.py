"""The arithmetic: medians, ratios within a round, and the goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from cases import (
    AGAIN,
    COOKIECUTTER,
    COPIER,
    MINE,
    NEW,
    PYTHON,
    THOUSAND,
    WRITING,
    Case,
)
from measure import Measured

Of = Literal["cpu", "wall", "peak", "cpu/file", "wall/file", "cpu/unit", "wall/unit"]


@dataclass(frozen=True)
class Outcome:
    """A case with what each step took in each round."""

    case: Case
    rounds: Sequence[Mapping[str, Measured]]

    def figures(self, step: str, of: Of) -> list[float]:
        """Give one figure of a step a round: seconds or MB, of the whole run, or by the unit or file."""
        what, _, per = of.partition("/")
        units = {one.name: one.units for one in self.case.steps}[step]
        runs = [taken[step] for taken in self.rounds]
        return [getattr(run, what) / {"": 1, "unit": units, "file": run.files}[per] for run in runs]

    def typical(self, step: str, of: Of) -> float:
        return median(self.figures(step, of))

    def ratio(self, over: str, under: str, of: Of) -> float:
        """Give the median of the rounds' ratios: how many times as much `over` takes as `under`."""
        pairs = zip(self.figures(over, of), self.figures(under, of), strict=True)
        return median(above / below for above, below in pairs)


@dataclass(frozen=True)
class Goal:
    """What a ratio of two steps, or without `under` a figure of one, is at most or at least to be."""

    about: str
    case: str
    over: str
    under: str
    of: Of
    most: float | None = None
    least: float | None = None

    def measured(self, outcomes: Mapping[str, Outcome]) -> float | None:
        """Give the figure, or None where the case was not measured."""
        if outcome := outcomes.get(self.case):
            return outcome.ratio(self.over, self.under, self.of) if self.under else outcome.typical(self.over, self.of)
        return None

    def holds(self, figure: float) -> bool:
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)


GOALS = (
    Goal("`--help`: at most 7 times bare Python", "help", MINE, PYTHON, "cpu", most=7),
    Goal("`--version`: at most 7 times bare Python", "version", MINE, PYTHON, "cpu", most=7),
    Goal("a usage error: at most 7 times bare Python", "usage", MINE, PYTHON, "cpu", most=7),
    Goal("`init` of one unit: at most 0.7 times copier with one template", "init", MINE, COPIER, "cpu", most=0.7),
    Goal("`init` of one unit: at most 35 times bare Python", "init", MINE, PYTHON, "cpu", most=35),
    Goal("`status` of one folder: at most 20 times bare Python", "status", MINE, PYTHON, "cpu", most=20),
    Goal("1,000 new units: at most 3 times bare writing", "batch-1000", NEW, WRITING, "wall", most=3),
    Goal("10,000 new units: at most 3 times bare writing", "batch-10000", NEW, WRITING, "wall", most=3),
    Goal("a file: at least 20 times faster than copier", "batch-1000", COPIER, NEW, "cpu/file", least=20),
    Goal("a file: at least 20 times faster than cookiecutter", "batch-1000", COOKIECUTTER, NEW, "cpu/file", least=20),
    Goal("a file, both cores: at least 20 times faster than copier", "batch-1000", COPIER, NEW, "wall/file", least=20),
    Goal(
        "a file, both cores: at least 20 times faster than cookiecutter",
        "batch-1000",
        COOKIECUTTER,
        NEW,
        "wall/file",
        least=20,
    ),
    Goal("1,000 units again: at least 5 times faster than new", "batch-1000", NEW, AGAIN, "wall", least=5),
    Goal("10,000 units again: at least 5 times faster than new", "batch-10000", NEW, AGAIN, "wall", least=5),
    Goal("a unit of 100,000: at most 1.15 times one of 1,000", "batch-100000", NEW, THOUSAND, "wall/unit", most=1.15),
    Goal("peak memory of 100,000: at most 1.2 times 1,000's", "batch-100000", NEW, THOUSAND, "peak", most=1.2),
    Goal("peak memory of 100,000: less than 120 MB", "batch-100000", NEW, "", "peak", most=120),
)
