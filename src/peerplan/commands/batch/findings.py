"""What is found in many rows: the first of it, and how much more there is."""

from collections.abc import Iterator

from peerplan.answers.privacy import IDENTITY_NUMBER
from peerplan.errors import AND_MORE, Problem

MOST = 200  # of one kind: nobody reads on, and what is kept of a long table stays small


class Findings:
    """Problems of one kind, of which the first ones are kept and the rest is counted."""

    def __init__(self) -> None:
        self._first: list[Problem] = []
        self._has_identity_number = False
        self.count = 0

    def add(self, *problems: Problem) -> None:
        for problem in problems:
            weighs_most = problem.message == IDENTITY_NUMBER and not self._has_identity_number
            if len(self._first) < MOST or weighs_most:  # the exit code depends on the first identity number
                self._first.append(problem)
                self._has_identity_number |= weighs_most
            self.count += 1

    def __iter__(self) -> Iterator[Problem]:
        """Give the first ones, and one that tells how many more there are."""
        yield from self._first
        if more := self.count - len(self._first):
            yield Problem(AND_MORE, {"count": more})
