"""Asks with numbered lines and input(): for screen readers, Git Bash and dumb terminals. Redraws nothing."""

import select
import sys
from collections.abc import Iterator, Sequence

from peerplan.answers.questions import Place, Step
from peerplan.answers.ways import way_of
from peerplan.guide.guide import Guide
from peerplan.interview import wording
from peerplan.interview.asker import Asker, Move, Refused, ReviewRow, shown

if sys.platform == "win32":
    import msvcrt

BACK, HELP, QUIT, NOTHING, NOTE = "<", "?", "q", "-", "+"


class Plain(Asker):
    """Asks on plain lines. The person types a number, text, `?`, `<`, `+`, `-` or `q`."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide

    keys_were_told = False
    note_was_told = False

    def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
        if refused:
            self.tell([self.guide.line(refused.problem)])
        else:
            self._show(step, place)
        while True:
            text = self._read(self.guide.say("plain-answer"), shown(step, default))
            if text == BACK:
                return Move.BACK
            if text == NOTE and step.note:
                return Move.NOTE
            if text == HELP:
                self.tell(self._help(step))
            elif not text and (default or not step.required):
                return default
            elif text == NOTHING and not (step.required and step.options):
                return step.default
            elif (answer := _chosen(step, text)) is not None:
                return answer
            else:
                self.tell([self.guide.say("plain-which", most=len(step.options))])

    def confirm(self, step: Step, place: Place, answer: object) -> None:
        """Do nothing: the line that was typed is still on the screen."""

    def review(self, rows: Sequence[ReviewRow]) -> str | Move:
        print()
        self.tell([self.guide.say("review-heading"), self.guide.say("review-marks")])
        area = ""
        for number, row in enumerate(rows, 1):
            if row.area != area:
                area = row.area
                self.tell([area])
            self.tell([f"{number}. {self.guide.say(f'review-{row.mark}', label=row.label, answer=row.answer)}"])
        while True:
            text = self._read(self.guide.say("plain-review"), "")
            if text == BACK:
                return Move.BACK
            if not text:
                return Move.WRITE
            if text.isdecimal() and 1 <= int(text) <= len(rows):
                return rows[int(text) - 1].key
            self.tell([self.guide.say("plain-which", most=len(rows))])

    def _show(self, step: Step, place: Place) -> None:
        print()
        self.tell(wording.heading(place, self.guide))
        self.tell([step.question])
        self.tell((f"{number}. {line}" for number, (_, line) in enumerate(wording.option_lines(step), 1)), "  ")
        self.tell(wording.explanation(step, self.guide))
        if step.kind == "choices":
            self.tell([self.guide.say("plain-several")])
        if not self.keys_were_told:
            self.keys_were_told = True
            self.tell([self.guide.say("plain-keys")])
        if step.note and not self.note_was_told:
            self.note_was_told = True
            self.tell([self.guide.say("plain-note")])

    def _help(self, step: Step) -> Iterator[str]:
        yield self.guide.say("plain-keys")
        yield from wording.explanation(step, self.guide)
        yield from wording.source_lines(step, self.guide)

    def _read(self, prompt: str, default: str) -> str:
        """Read one line, or raise KeyboardInterrupt if the person quits or the input ends."""
        shown_default = f" [{default}]" if default else ""
        try:
            text = input(f"{prompt}{shown_default}: ").strip()
            while _more_was_pasted():  # lines that came at once are one answer
                text = f"{text} {input().strip()}"
        except (EOFError, KeyboardInterrupt):
            print()
            raise KeyboardInterrupt from None
        if text.casefold() == QUIT:
            raise KeyboardInterrupt
        return text


def _more_was_pasted() -> bool:
    """Tell whether another line is there already, sooner than anybody types."""
    if sys.platform == "win32":
        return msvcrt.kbhit()
    return bool(select.select([sys.stdin], [], [], 0)[0])


def _chosen(step: Step, text: str) -> object:
    """Return the answer that a line stands for: numbers, ids, labels or their beginnings become ids; None if none."""
    if not step.options:
        return text
    labels = {way_of(label): option for option, label in step.options}
    known = {label[:end]: option for label, option in reversed(labels.items()) for end in range(1, len(label))} | labels
    known |= {way_of(option): option for option, _ in step.options}
    known |= {str(number): option for number, (option, _) in enumerate(step.options, 1)}
    parts = map(way_of, text.replace(";", ",").split(",") if step.kind == "choices" else [text])
    chosen = [known.get(part) for part in parts if part]
    if not chosen or None in chosen:
        return None
    return list(dict.fromkeys(chosen)) if step.kind == "choices" else chosen[0]
