"""Where a report is written: lines in one language, on the terminal."""

import os
import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from peerplan.messages import Messages

if TYPE_CHECKING:  # what a command did not import for its work is not imported for its report
    from collections.abc import Iterable

    from rich.console import Console

    from peerplan.errors import Problem
    from peerplan.plan.plan import Plan
    from peerplan.plan.readiness import Action

STYLES = {
    "ready": "bold green",
    "ready-to-try": "bold yellow",
    "short-of-time": "bold red",
    "not-yet": "bold red",
    "under-way": "bold",
    "over": "dim",
}

_FOR_STYLES = {"FORCE_COLOR", "TTY_COMPATIBLE"}  # variables by which rich may see a terminal where there is none
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # what rich leaves out, or makes blanks of
_MOVING = re.compile(r"[\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # what would move or paint what comes after it


class Printer:
    """Where a report is written: lines in one language, on stdout. rich is loaded for what it is needed for."""

    def __init__(self, messages: Messages, language: str, *, plain: bool = False) -> None:
        self.messages = messages
        self.language = language
        self._has_styles = not plain and (sys.stdout.isatty() or not _FOR_STYLES.isdisjoint(os.environ))
        self._is_plain = plain

    @cached_property
    def console(self) -> "Console":
        from rich.console import Console

        return Console(
            file=sys.stdout, highlight=False, soft_wrap=True, force_terminal=False if self._is_plain else None
        )

    def text(self, message: str, **values: object) -> str:
        return self.messages.say(self.language, message, **values)

    def say(self, message: str, **values: object) -> None:
        self.line(self.text(message, **values))

    def line(self, text: str, style: str = "", within: str = "") -> None:
        """Print a line in a style, or with only what stands within it in that style; without a text, a blank one."""
        text = _MOVING.sub(" ", text)
        if not (self._has_styles and style) and not _CONTROL.search(text):
            print(text, flush=True)
            return
        from rich.text import Text

        line = Text(text, "" if within else style)
        if within:
            line.highlight_words([within], style)
        self.console.print(line)

    def notices(self, problems: "Iterable[Problem]") -> None:
        """Print what a person should know although all went well: on stderr, to be no part of a result in a pipe."""
        for problem in problems:
            print(self.messages.line(self.language, problem), file=sys.stderr, flush=True)

    def verdict(self, plan: "Plan") -> None:
        verdict = self.text(f"verdict-{plan.standing}")
        nothing_open = "report-over" if plan.phase == "over" else "report-left" if plan.left_over else "report-ready"
        message = "report-open" if plan.actions else nothing_open
        unit, late = plan.answers.unit.name, len(plan.late)
        text = self.text(message, unit=unit, verdict=verdict, open=len(plan.actions), late=late)
        self.line(text, STYLES[plan.standing], within=verdict)

    def follow_up(self, plan: "Plan") -> None:
        """Print the next time to look back, once the placement has begun."""
        if plan.next_follow_up:
            self.line("")
            self.say("report-follow-up", day=plan.next_follow_up.day, title=plan.next_follow_up.follow_up.title)

    def ways_out(self, plan: "Plan") -> None:
        """Print what can be done where the time is too short."""
        if plan.short:
            self.line("")
            self.say("report-move", day=plan.earliest_start)
            if plan.smaller_helps:
                self.say("report-smaller")

    def actions(self, heading: str, actions: "Iterable[Action]") -> None:
        for number, action in enumerate(actions):
            if not number:
                self.line("")
                self.say(heading)
            self.line(f"  {action.due}  {action.title} ({action.owner_label})")
