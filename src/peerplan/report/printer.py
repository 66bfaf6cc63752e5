"""Where a report is written: lines in one language, on the terminal."""

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from peerplan.messages import Messages

if TYPE_CHECKING:  # what a command did not import for its work is not imported for its report
    from collections.abc import Iterable

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


class Printer:
    """Where a report is written: lines in one language, on stdout."""

    def __init__(self, messages: Messages, language: str, *, plain: bool = False) -> None:
        self.messages = messages
        self.language = language
        self.console = Console(
            file=sys.stdout, highlight=False, soft_wrap=True, force_terminal=False if plain else None
        )

    def text(self, message: str, **values: object) -> str:
        return self.messages.say(self.language, message, **values)

    def say(self, message: str, **values: object) -> None:
        self.console.print(Text(self.text(message, **values)))

    def line(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style))

    def notices(self, problems: "Iterable[Problem]") -> None:
        """Print what a person should know although all went well: on stderr, to be no part of a result in a pipe."""
        console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        for problem in problems:
            console.print(Text(self.messages.line(self.language, problem)))

    def verdict(self, plan: "Plan") -> None:
        verdict = self.text(f"verdict-{plan.standing}")
        nothing_open = "report-over" if plan.phase == "over" else "report-left" if plan.left_over else "report-ready"
        message = "report-open" if plan.actions else nothing_open
        unit, late = plan.answers.unit.name, len(plan.late)
        text = Text(self.text(message, unit=unit, verdict=verdict, open=len(plan.actions), late=late))
        text.highlight_words([verdict], STYLES[plan.standing])
        self.console.print(text)

    def follow_up(self, plan: "Plan") -> None:
        """Print the next time to look back, once the placement has begun."""
        if plan.next_follow_up:
            self.console.print()
            self.say("report-follow-up", day=plan.next_follow_up.day, title=plan.next_follow_up.follow_up.title)

    def ways_out(self, plan: "Plan") -> None:
        """Print what can be done where the time is too short."""
        if plan.short:
            self.console.print()
            self.say("report-move", day=plan.earliest_start)
            if plan.smaller_helps:
                self.say("report-smaller")

    def actions(self, heading: str, actions: "Iterable[Action]") -> None:
        for number, action in enumerate(actions):
            if not number:
                self.console.print()
                self.say(heading)
            self.line(f"  {action.due}  {action.title} ({action.owner_label})")
