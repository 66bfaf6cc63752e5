"""Asks through questionary, in a terminal that can be redrawn.

A question and its menu are drawn as one and erased when it is answered; one line with the answer stays.
"""

from collections.abc import Sequence
from typing import Any

import questionary
from prompt_toolkit import print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from questionary import Choice, Question, Separator

from peerplan.answers.questions import Place, Step
from peerplan.guide.guide import Guide
from peerplan.interview import wording
from peerplan.interview.asker import NOTHING, Asker, Move, Refused, ReviewRow, shown
from peerplan.interview.prompt import Part, put

BACK, SOURCE, NOTE = "c-b", "c-o", "c-n"
POINTER = 3  # columns before a line of a menu, for the sign that shows where one is
BOX = 2  # columns of the circle before a line that can be marked
KEYS, PROGRESS, REASON, ABOUT, BLANK = range(1, 6)  # what gives way in a low window, the last first
DIGITS = 9  # lines of a menu that a digit leads to

# Colours of the terminal's own palette, so that they can be read on any background.
STYLE = questionary.Style(
    [("qmark", "bold"), ("question", "bold"), ("answer", "fg:ansicyan bold"), ("pointer", "fg:ansicyan bold"),
     ("highlighted", "fg:ansicyan bold"), ("selected", "fg:ansicyan"), ("instruction", "")]
)  # fmt: skip
# What questionary's menus would do with letters and Ctrl+N, which lead elsewhere here.
MENU: dict[str, Any] = {"style": STYLE, "qmark": "", "pointer": ">", "erase_when_done": True, "use_jk_keys": False}
MENU |= {"use_emacs_keys": False}


class _Source:
    """Returned by a prompt when the person asks where the question comes from."""


class Screen(Asker):
    """Asks with menus. Ctrl+B goes back, Ctrl+O shows the source, Ctrl+N takes a note, Ctrl+C and Ctrl+D leave."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.area = ""
        self.left: dict[str, object] = {}  # what was chosen at the question that a note interrupted

    def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
        head = [*self._head(step, place)]
        if step.key in self.left:
            default = self.left.pop(step.key)
        if refused:
            default = refused.answer
            head.append(Part("bold", self.guide.line(refused.problem)))
        keys: dict[str, object] = {BACK: Move.BACK, SOURCE: _Source()}
        if step.note:
            keys[NOTE] = Move.NOTE
        while True:
            answer, default = put(self._question(step, default), head, keys)
            if answer is Move.NOTE:
                self.left[step.key] = default
            if not isinstance(answer, _Source):
                return answer
            self.tell(wording.source_lines(step, self.guide), "  ")

    def confirm(self, step: Step, place: Place, answer: object) -> None:
        if place.area != self.area:
            self.area = place.area
            self._print("bold", self.area)
        self._print("dim", f"{step.label}: {shown(step, answer) or NOTHING}", "  ")

    def review(self, rows: Sequence[ReviewRow]) -> str | Move:
        choices: list[Choice | Separator] = [Choice(self.guide.say("review-write"), value=Move.WRITE)]
        area = None
        for row in rows:
            if row.area != area:
                area = row.area
                choices.append(Separator(f"- {area} -"))
            title = self.guide.say(f"review-{row.mark}", label=row.label, answer=row.answer)
            choices.append(Choice(_line(title), value=row.key))
        head = [
            Part("bold", self.guide.say("review-heading")),
            Part("dim", self.guide.say("review-marks"), 1),
            Part("dim", self.guide.say("screen-review-keys"), 2),
        ]
        question = questionary.select(self.guide.say("review-question"), choices, instruction=" ", **MENU)
        answer, _ = put(question, head, {BACK: Move.BACK})
        return answer if isinstance(answer, str | Move) else self.review(rows)

    def _head(self, step: Step, place: Place) -> Sequence[Part]:
        """Return what stands above an answer, with what it is about and how to answer."""
        progress, *about = wording.heading(place, self.guide)
        keys = ["screen-keys-note", "screen-keys"] if step.note else ["screen-keys"]
        return [
            Part("", "", BLANK),
            Part("", progress, PROGRESS),
            *(Part("dim", line, ABOUT) for line in about),
            Part("", "", BLANK),
            Part("bold", step.question),
            *(Part("dim", line, REASON) for line in wording.explanation(step, self.guide)),
            Part("dim", self.guide.say(f"keys-{step.kind if step.options else 'text'}"), KEYS),
            Part("dim", " | ".join(map(self.guide.say, keys)), KEYS),
        ]

    def _question(self, step: Step, default: object) -> Question:
        # The prompt erases itself: questionary would leave "done (2 selections)", in English, where the answer was.
        if step.kind == "choices":
            chosen = default if isinstance(default, list | tuple) else ()
            choices = [
                Choice(_line(label, number, BOX), value=option, checked=option in chosen)
                for number, (option, label) in enumerate(wording.option_lines(step), 1)
            ]
            return questionary.checkbox("", choices, instruction=" ", **MENU)
        if step.kind == "choice":
            lines = wording.option_lines(step)
            if step.can_be_skipped:
                lines.append(("", self.guide.say("screen-skip")))
            choices = [Choice(_line(label, number), value=option) for number, (option, label) in enumerate(lines, 1)]
            known = default if default in dict(lines) else None
            return questionary.select("", choices, default=known, instruction=" ", **MENU)
        text = shown(step, default)
        return questionary.text(
            self.guide.say("screen-answer"), default=text, style=STYLE, qmark="", erase_when_done=True
        )

    def _print(self, style: str, text: str, indent: str = "") -> None:
        print_formatted_text(FormattedText([(style, wording.wrapped(text, indent))]))


def _line(label: str, number: int = 0, before: int = 0) -> str:
    """Return a line of a menu, broken between words, with the digit that leads to it if there is one."""
    digit = f"{number} " if 0 < number <= DIGITS else ""
    before += POINTER + len(digit)
    return digit + wording.broken(label, wording.width() - before, " " * before)
