"""What puts a question to a person: the walk asks through it, whatever the screen looks like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, NamedTuple, Protocol

from peerplan.answers.questions import Place, Step
from peerplan.errors import Problem
from peerplan.interview.wording import wrapped

Mark = Literal["fact", "done", "open", "unanswered"]

NOTHING = "\u2013"  # shown for a question that was passed over


class Move(Enum):
    """What a person can do instead of answering."""

    BACK = auto()
    NOTE = auto()
    WRITE = auto()


class Refused(NamedTuple):
    """An answer that cannot be taken, and why."""

    answer: object
    problem: Problem


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of the review: a question's label and its answer."""

    key: str
    area: str
    label: str
    answer: str
    mark: Mark


class Asker(Protocol):
    """A way to put questions to a person."""

    def ask(self, step: Step, place: Place, default: object, refused: Refused | None) -> object:
        """Return the answer, as text or as a list of option ids; "" passes an optional question; or a Move."""

    def confirm(self, step: Step, place: Place, answer: object) -> None:
        """Show an answer that was taken."""

    def review(self, rows: Sequence[ReviewRow]) -> str | Move:
        """Return the key of the answer to change, or Move.WRITE, or Move.BACK to the last question."""

    def tell(self, lines: Iterable[str], indent: str = "") -> None:
        """Print lines that need no answer."""
        for line in lines:
            print(wrapped(line, indent))


def shown(step: Step, value: object) -> str:
    """Return an answer as the person reads it: labels instead of ids."""
    labels = dict(step.options)
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values if one is not None)
