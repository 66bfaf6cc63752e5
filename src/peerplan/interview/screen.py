"""Asks through questionary, in a terminal that can be redrawn."""

from collections.abc import Callable, Sequence
from typing import Any

import questionary
from prompt_toolkit.filters import to_filter
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from questionary import Choice, Question, Separator

from peerplan.answers.questions import Place, Step
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.interview import wording
from peerplan.interview.walk import NOTHING, Asker, Move, ReviewRow, shown

BACK, SOURCE, END = "c-b", "c-o", "c-d"
# What these do in a shell would only confuse here: search what was typed before, repeat, take the next key as it is.
UNUSED = [("c-r",), ("c-s",), ("c-z",), ("c-q",), ("c-v",), ("c-\\",), *(("escape", digit) for digit in "-0123456789")]

# Colours of the terminal's own palette, so that they can be read on any background.
STYLE = questionary.Style(
    [("qmark", "bold"), ("question", "bold"), ("answer", "fg:ansicyan bold"), ("pointer", "fg:ansicyan bold"),
     ("highlighted", "fg:ansicyan bold"), ("selected", "fg:ansicyan"), ("instruction", "")]
)  # fmt: skip


class _Source:
    """Returned by a prompt when the person asks where the question comes from."""


class Screen(Asker):
    """Asks with menus. Ctrl+B goes back, Ctrl+O shows the source, Ctrl+C and Ctrl+D leave."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide

    def ask(self, step: Step, place: Place, default: object, problem: Problem | None) -> object:
        if problem:
            self.tell([self.guide.line(problem)])
        else:
            self._show(step, place)
        while True:
            answer = self._put(self._question(step, default))
            if isinstance(answer, _Source):
                self.tell(wording.source_lines(step, self.guide), "  ")
                continue
            return answer

    def confirm(self, step: Step, answer: object) -> None:
        self.tell([f"{self.guide.say('screen-answer')} {shown(step, answer) or NOTHING}"])

    def review(self, rows: Sequence[ReviewRow]) -> str | Move:
        choices: list[Choice | Separator] = [Choice(self.guide.say("review-write"), value=Move.WRITE)]
        area = None
        for row in rows:
            if row.area != area:
                area = row.area
                choices.append(Separator(f"- {area or self.guide.say('interview-facts')} -"))
            title = self.guide.say(f"review-{row.mark}", label=row.label, answer=row.answer)
            choices.append(Choice(title, value=row.key))
        print()
        self.tell([self.guide.say("review-heading")])
        self.tell([self.guide.say("review-marks"), self.guide.say("screen-review-keys")], "  ")
        answer = self._put(
            questionary.select(
                self.guide.say("review-question"),
                choices,
                style=STYLE,
                qmark="",
                pointer=">",
                instruction=" ",
                erase_when_done=True,
            )
        )
        return answer if isinstance(answer, str | Move) else self.review(rows)

    def _show(self, step: Step, place: Place) -> None:
        print()
        self.tell(wording.heading(step, place, self.guide))
        print()
        self.tell([step.question])
        self.tell([*wording.explanation(step, self.guide), self.guide.say("screen-keys")], "  ")

    def _question(self, step: Step, default: object) -> Question:
        prompt = self.guide.say("screen-answer")
        # The prompt erases itself: questionary would leave "done (2 selections)", in English, where the answer was.
        look: dict[str, Any] = {"style": STYLE, "qmark": "", "erase_when_done": True}
        menu = look | {"pointer": ">"}
        if step.kind == "choices":
            chosen = default if isinstance(default, list | tuple) else ()
            choices = [Choice(label, value=option, checked=option in chosen) for option, label in step.options]
            return questionary.checkbox(prompt, choices, instruction=self.guide.say("screen-several"), **menu)
        if step.kind == "choice":
            choices = [Choice(label, value=option) for option, label in step.options]
            if step.can_be_skipped:
                choices.insert(0, Choice(self.guide.say("screen-skip"), value=""))
            known = default if default in dict(step.options) else None
            return questionary.select(prompt, choices, default=known, instruction=" ", **menu)
        return questionary.text(prompt, default=shown(step, default), **look)

    def _put(self, question: Question) -> Any:  # noqa: ANN401 # whatever the prompt's choices hold
        """Show a prompt and give its answer, a Move, or _Source."""
        keys = KeyBindings()
        keys.add(BACK, eager=True)(_leave_with(Move.BACK))
        keys.add(SOURCE, eager=True)(_leave_with(_Source()))
        keys.add(END, eager=True)(_interrupt)
        for unused in UNUSED:
            keys.add(*unused, eager=True)(_do_nothing)
        application = question.application
        for window in application.layout.find_all_windows():  # questionary's cut what is wider than the terminal
            window.wrap_lines = to_filter(bool_or_filter=True)
        application.key_bindings = merge_key_bindings([*filter(None, [application.key_bindings]), keys])
        return question.unsafe_ask()


def _leave_with(result: object) -> Callable[[KeyPressEvent], None]:
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(result=result)

    return leave


def _do_nothing(_: KeyPressEvent) -> None:
    pass


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt())
