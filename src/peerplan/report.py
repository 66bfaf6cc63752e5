"""What the terminal shows when a command is done."""

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from peerplan.messages import say
from peerplan.planning import Plan

_STYLES = {"ready": "bold green", "ready-to-try": "bold yellow", "not-yet": "bold red"}


def report_plan(plan: Plan, folder: str, names: Iterable[str], *, written: bool) -> None:
    """The verdict, what comes next, and where the files are, on stdout."""
    language = plan.answers.language
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    verdict = say(language, f"verdict-{plan.verdict}")
    line = say(
        language,
        "report-open" if plan.actions else "report-ready",
        unit=plan.answers.unit.name,
        verdict=verdict,
        open=len(plan.actions),
        late=len(plan.late),
    )
    text = Text(line)
    text.highlight_words([verdict], _STYLES[plan.verdict])
    console.print(text)
    if plan.letter_is_too_late:
        console.print(Text(say(language, "report-first-day")))
    if plan.next_steps:
        console.print(Text(say(language, "report-next")))
        for action in plan.next_steps:
            console.print(Text(f"  {action.due}  {action.title} ({action.owner})"))
    console.print(Text(say(language, "report-written" if written else "report-would-write", folder=folder)))
    for name in names:
        console.print(Text(f"  {name}"))
