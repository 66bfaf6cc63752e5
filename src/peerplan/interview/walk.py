"""Leads a person through the steps: forward, back, review. How it looks is the asker's business."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Literal, Protocol

from peerplan.answer_values import typed
from peerplan.answers import Draft, check_answers
from peerplan.errors import InputError, Problem
from peerplan.guide import Guide
from peerplan.interview.steps import (
    Place,
    Step,
    draft_profile,
    open_steps,
    problem_with,
    resume_step,
    steps_for,
)
from peerplan.interview.wording import date_lines
from peerplan.messages import say
from peerplan.planning import make_plan
from peerplan.tailoring import tailor

Mark = Literal["fact", "done", "open", "unanswered"]

NAME = "unit.name"
START = "placement.start"


class Move(Enum):
    """What a person can do instead of answering."""

    BACK = auto()
    WRITE = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the review: a question's label and its answer."""

    key: str
    area: str
    label: str
    answer: str
    mark: Mark


class Asker(Protocol):
    """A way to put questions to a person."""

    def ask(self, step: Step, place: Place, default: object, problem: Problem | None) -> object:
        """The answer, as text or as a list of option ids; "" passes an optional question; or a Move."""

    def review(self, rows: Sequence[Row]) -> str | Move:
        """The key of the answer to change, or Move.WRITE, or Move.BACK to the last question."""

    def tell(self, lines: Iterable[str]) -> None:
        """Show lines that need no answer."""


class Walk:
    """One interview: a draft that grows, and the person it is asked of.

    Every answer is saved before the next question is put.
    """

    def __init__(self, draft: Draft, guide: Guide, asker: Asker, save: Callable[[Draft], None], as_of: date) -> None:
        self.draft = draft
        self.guide = guide
        self.asker = asker
        self.save = save
        self.as_of = as_of
        self.time_is_short = False

    def run(self) -> Draft:
        """Ask what is not answered yet, let the person review, and give the finished draft."""
        self.asker.tell([say(self.guide.language, "interview-resume" if self.draft.get(NAME) else "interview-welcome")])
        step = resume_step(self.draft, self.guide)
        while True:
            while step:
                step = self._neighbour(step, self._ask(step))
            choice = self.asker.review(self._rows())
            unanswered = open_steps(self.draft, self.guide)
            if choice is Move.WRITE and not unanswered:
                return self.draft
            if choice is Move.WRITE:
                step = unanswered[0]
            elif choice is Move.BACK:
                step = self._steps()[-1]
            else:
                self._ask(next(one for one in self._steps() if one.key == choice))
                step = next(iter(open_steps(self.draft, self.guide)), None)

    def _ask(self, step: Step) -> int:
        """Put one question until its answer is right, and save it: 1 goes on to the next, -1 back."""
        problem: Problem | None = None
        if self._is_suggested(step):
            label = dict(step.options)[step.short_time]
            self.asker.tell([say(self.guide.language, "interview-suggested", label=label)])
        while True:
            answer = self.asker.ask(step, self._place(step), self._default(step), problem)
            if answer is Move.BACK:
                return -1
            value = typed(step.kind, answer)
            problem = problem_with(step, value, self.draft, self.guide)
            if not problem:
                break
        self._take(step, value)
        return 1

    def _default(self, step: Step) -> object:
        """What was answered before, else what is offered."""
        return self.draft.get(step.key, step.short_time if self._is_suggested(step) else step.default)

    def _is_suggested(self, step: Step) -> bool:
        """Whether something else is offered than usual, because the time is short."""
        return bool(step.short_time) and self.time_is_short and step.key not in self.draft

    def _take(self, step: Step, value: object) -> None:
        others = {key: one for key, one in self.draft.items() if key != step.key}
        self.draft = others if value in ("", []) else others | {step.key: value}
        self.save(self.draft)
        if step.key == START:
            with suppress(InputError):  # another required fact is still missing
                plan = make_plan(check_answers(self.draft, self.guide), self.guide, self.as_of)
                self.time_is_short = bool(plan.late)
                self.asker.tell(date_lines(plan, self.guide.language))

    def _steps(self) -> tuple[Step, ...]:
        return steps_for(self.draft, self.guide)

    def _neighbour(self, step: Step, direction: int) -> Step | None:
        """The step before or after; the first has none before it and stays, the last has none after it."""
        steps = self._steps()
        keys = [one.key for one in steps]
        number = max(keys.index(step.key) + direction, 0)
        return steps[number] if number < len(steps) else None

    def _place(self, step: Step) -> Place:
        steps = self._steps()
        number = [one.key for one in steps].index(step.key)
        areas = {area.id: area for area in tailor(self.guide, draft_profile(self.draft, self.guide)).areas}
        area = areas.get(step.area)
        return Place(
            number=number + 1,
            total=len(steps),
            area=area.label if area else "",
            about=area.about if area else "",
            is_first_in_area=number == 0 or steps[number - 1].area != step.area,
        )

    def _rows(self) -> list[Row]:
        unanswered = {step.key for step in open_steps(self.draft, self.guide)}
        rows = []
        for step in self._steps():
            answer = shown(step, self.draft.get(step.key))
            mark = "unanswered" if step.key in unanswered else _mark(step, self.draft.get(step.key))
            rows.append(Row(step.key, self._place(step).area, step.label, answer, mark))
        return rows


def _mark(step: Step, answer: object) -> Mark:
    if not step.done:
        return "fact"
    return "done" if answer in step.done else "open"


def shown(step: Step, value: object) -> str:
    """An answer as the person reads it: labels instead of ids."""
    labels = dict(step.options)
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values if one is not None)
