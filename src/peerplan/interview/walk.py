"""Leads a person through the steps: forward, back, review. How it looks is the asker's business."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from peerplan.answers.draft import Draft, check_draft, with_planned_from
from peerplan.answers.keys import END, NAME, START
from peerplan.answers.privacy import IDENTITY_NUMBER, check_text
from peerplan.answers.questions import (
    FACTS,
    PARTLY,
    Place,
    Step,
    draft_profile,
    note_step,
    open_steps,
    problem_with,
    questions_for,
)
from peerplan.answers.values import NOT_READABLE, typed
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.tailoring import tailor
from peerplan.interview.asker import NOTHING, Asker, Mark, Move, Refused, ReviewRow, shown
from peerplan.interview.wording import date_hint, date_lines, short_time_lines
from peerplan.plan.doubts import begun_problem, doubtful_end, doubtful_start
from peerplan.plan.plan import Plan, make_plan


class Walk:
    """One interview: a draft that grows, and the person it is asked of.

    Every answer is saved before the next question is put; a question that was passed over is saved as empty, so that
    it is not asked again. A new plan is for a placement to come; one that is there already may have begun.
    """

    def __init__(
        self,
        draft: Draft,
        guide: Guide,
        asker: Asker,
        save: Callable[[Draft], None] | None,
        as_of: date,
        *,
        is_new: bool,
    ) -> None:
        self.draft = draft
        self.guide = guide
        self.asker = asker
        self.save = save
        self.as_of = as_of
        self.is_new = is_new
        self.opened: set[str] = set()  # what is asked one by one, of what can be answered together
        self.settled = self._answered({*draft})
        if self._begun(draft.get(START)):
            self.settled.discard(START)
        self.set_aside: Draft = {}
        self.dates: dict[str, date] = {}

    def run(self) -> Draft:
        """Ask what is not answered yet, let the person review, and give the finished draft."""
        self._tell("interview-resume" if self.draft.get(NAME) else "interview-welcome")
        self._tell("interview-saved" if self.save else "interview-dry-run")
        step = self._first_unsettled(self._steps())
        while True:
            while step:
                step = self._after(step) if self._ask(step) else self._before(step)
            unanswered = open_steps(self.draft, self.guide)
            self.settled = self._answered({*self.draft, *(step.key for step in self._steps())})
            choice = self.asker.review(self._rows())
            if choice is Move.WRITE and not unanswered:
                return self.draft
            if choice is Move.BACK:
                step = self._steps()[-1]
                self.settled.discard(step.key)
            else:
                if choice is not Move.WRITE:
                    self._ask(next(one for one in self._steps() if one.key == choice))
                step = self._first_unsettled(self._steps())

    def _ask(self, step: Step) -> bool:
        """Put one question until its answer is right, and save it; False if the person goes back instead."""
        step, place, refused = self._with_hint(step), self._place(step), None
        while True:
            answer = self.asker.ask(step, place, self._default(step), refused)
            if answer is Move.BACK:
                return False
            if answer is Move.NOTE:
                self._ask_note(step, place)
                continue
            value = typed(step.kind, answer, self.guide)
            problem = problem_with(step, value, self.draft, self.guide)
            if not problem and step.key == START:
                problem = self._begun(value)
            if not problem:
                break
            refused = _refused(answer, problem)
        is_new = value != self.draft.get(step.key)
        self.asker.confirm(step, place, value)
        self._take(step, value)
        if value == PARTLY and is_new and not step.sets:
            self._ask_note(step, place)
        return True

    def _ask_note(self, step: Step, place: Place) -> None:
        """Let the person write a note on what a question asks about; an empty one takes it away."""
        note, refused = note_step(step, self.guide), None
        while (answer := self.asker.ask(note, place, self.draft.get(note.key), refused)) is not Move.BACK:
            problem = problem_with(note, answer, self.draft, self.guide)
            if problem:
                refused = _refused(answer, problem)
                continue
            self.asker.confirm(note, place, answer)
            others = {key: value for key, value in self.draft.items() if key != note.key}
            self._keep({**others, **({note.key: answer} if answer else {})}, answer)
            return

    def _default(self, step: Step) -> object:
        """Return what was answered before, as far as it can be chosen now, or what is offered."""
        given = step.asks if step.key in self.opened else step.answer_in(self.draft)
        answer = given or self._that_holds_again(step) or step.default
        return _among_options(step, answer)[0] if step.kind == "choices" else answer

    def _that_holds_again(self, step: Step) -> object:
        """Return what was set aside, if nothing speaks against it any more."""
        answer = self.set_aside.get(step.key)
        return None if problem_with(step, answer, self.draft, self.guide) else answer

    def _begun(self, start: object) -> Problem | None:
        if not (self.is_new and isinstance(start, date) and begun_problem(start, self.as_of)):
            return None
        return Problem("interview-has-begun", {"start": start, "as_of": self.as_of})

    def _with_hint(self, step: Step) -> Step:
        """Return the step as it is asked: with a date to go by, or with an offer when the time is short."""
        if step.kind == "date":
            return replace(step, hint=date_hint(self.draft.get(START) or self.as_of, self.guide))
        plan = self._plan() if step.short_time and not self.draft.get(step.key) else None
        if not (plan and plan.squeezed):
            return step
        label = dict(step.options)[step.short_time]
        return replace(step, default=step.short_time, hint=self.guide.say("interview-suggested", label=label))

    def _plan(self) -> Plan | None:
        """Return the plan as far as it is known, or None until the required facts are."""
        answers = check_draft(with_planned_from(self.draft, self.as_of, None), self.guide).answers
        return make_plan(answers, self.guide, self.as_of) if answers else None

    def _take(self, step: Step, value: object) -> None:
        if step.kind == "choices":  # what does not apply now comes back if it does again
            value = [*_among_options(step, value)[0], *_among_options(step, self.draft.get(step.key))[1]]
        draft = {**self.draft, **step.answers(value)}
        if step.sets:
            self._open_or_close(step, value)
        if step.key == START:
            draft = self._without_earlier_end(draft)
        self._keep(draft, value)
        if step.area == FACTS and (plan := self._plan()):
            self._tell_doubt(plan, step.key)
            self._tell_dates(plan, is_start=step.key == START)

    def _keep(self, draft: Draft, value: object) -> None:
        """Save a draft, and tell what is doubtful in the answer that is new in it."""
        self.draft = draft
        if self.save:
            self.save(draft)
        self.asker.tell(self.guide.line(one) for one in check_text(str(value), "").doubtful)

    def _tell_doubt(self, plan: Plan, key: str) -> None:
        """Tell what is doubtful in the start or the end that was chosen."""
        placement, country = plan.answers.placement, plan.answers.unit.country
        problem = None
        if key == START:
            problem = doubtful_start(placement.start, country, self.as_of)
        elif key == END:
            problem = doubtful_end(placement.start, placement.end, country)
        self.asker.tell([self.guide.line(problem)] if problem else [])

    def _tell_dates(self, plan: Plan, *, is_start: bool) -> None:
        """Tell what is due first when the start was chosen, or when another answer has moved it."""
        dates = {action.id: action.due for action in plan.actions}
        moved = self.dates and any(self.dates.get(key, due) != due for key, due in dates.items())
        self.dates = dates
        if is_start or moved:
            offers = [one for one in self._steps() if one.short_time not in ("", self.draft.get(one.key))]
            self.asker.tell(date_lines(plan, self.guide))
            self.asker.tell(short_time_lines(plan, offers, self.guide))

    def _open_or_close(self, step: Step, value: object) -> None:
        """Ask the members of a question one by one, or count them as settled."""
        if value == step.asks:
            self.opened.add(step.key)
            self.settled -= {*step.keys}
        else:
            self.opened.discard(step.key)
            self.settled |= {*step.keys}

    def _answered(self, settled: set[str]) -> set[str]:
        """Return what is settled, without the questions that lack an answer without which there is no plan."""
        lacking = {step.key for step in open_steps(self.draft, self.guide)}
        alike = {one.key for one in self._steps() if one.sets and one.answer_in(self.draft) is not None}
        open_ = {one.key for one in self._steps() if lacking & {*one.keys} and one.answer_in(self.draft) != one.asks}
        return (settled | alike) - lacking - open_

    def _without_earlier_end(self, draft: Draft) -> Draft:
        """Ask for the end again when the start was moved past it: what is saved must always hold as a file."""
        start, end = draft[START], draft.get(END)
        if not (isinstance(start, date) and isinstance(end, date) and end < start):
            return draft
        self.settled.discard(END)
        self.set_aside[END] = end
        self._tell("interview-end-set-aside", end=end)
        return {key: value for key, value in draft.items() if key != END}

    def _tell(self, message: str, **values: object) -> None:
        self.asker.tell([self.guide.say(message, **values)])

    def _steps(self) -> tuple[Step, ...]:
        return questions_for(self.draft, self.guide, self.opened)

    def _first_unsettled(self, steps: Iterable[Step]) -> Step | None:
        return next((step for step in steps if step.key not in self.settled), None)

    def _after(self, step: Step) -> Step | None:
        """Return the next question to put, None if all later ones are settled."""
        return self._first_unsettled(self._steps()[self._number(step) + 1 :])

    def _before(self, step: Step) -> Step:
        """Return the question before, which is settled no more; the first has none before it and stays."""
        before = self._steps()[max(self._number(step) - 1, 0)]
        self.settled.discard(before.key)
        return before

    def _number(self, step: Step) -> int:
        return [one.key for one in self._steps()].index(step.key)

    def _place(self, step: Step) -> Place:
        steps = self._steps()
        number = self._number(step)
        areas = {area.id: area for area in tailor(self.guide, draft_profile(self.draft, self.guide)).areas}
        area = areas.get(step.area)
        return Place(
            number=number + 1,
            total=len(steps),
            area=area.label if area else self.guide.say("interview-facts"),
            about=area.about if area else self.guide.say("interview-facts-about"),
            is_first_in_area=number == 0 or steps[number - 1].area != step.area,
        )

    def _rows(self) -> list[ReviewRow]:
        unanswered = {step.key for step in open_steps(self.draft, self.guide)}
        rows = []
        for step in self._steps():
            answer = shown(step, self._default(step)) or NOTHING
            if (note := self.draft.get(step.note)) and step.answer_in(self.draft) != step.asks:
                answer = f"{answer} ({note})"
            lacks = any(key in unanswered for key in step.keys)
            mark = "unanswered" if lacks else _mark(step, step.answer_in(self.draft))
            rows.append(ReviewRow(step.key, self._place(step).area, step.label, answer, mark))
        return rows


def _refused(answer: object, problem: Problem) -> Refused:
    """Return what was refused; an identity number, and letters that could not be read, are not shown again."""
    return Refused("" if problem.message in (IDENTITY_NUMBER, NOT_READABLE) else answer, problem)


def _among_options(step: Step, answer: object) -> tuple[list[object], list[object]]:
    """Split an answer to a question with several choices into what can be chosen now and what cannot."""
    options, chosen = dict(step.options), answer if isinstance(answer, list | tuple) else []
    return [one for one in chosen if one in options], [one for one in chosen if one not in options]


def _mark(step: Step, answer: object) -> Mark:
    if not step.done:
        return "fact"
    return "done" if answer in step.done else "open"
