"""How much work it is to read a folder: calls are counted, not seconds."""

import sys
from collections.abc import Callable

from peerplan.folder.page import Page
from peerplan.folder.words import read_blanks
from peerplan.guide.blanks import Blanks
from samples import kit

LINES = 200


def calls_of(work: Callable[[], object]) -> int:
    """Count the functions that a piece of work calls."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_the_blanks_of_twice_as_many_changed_lines_are_no_more_than_twice_the_work() -> None:
    blanks = Blanks(kit().guides)

    def work(lines: int) -> int:
        written, mine = (Page.of("".join(f"- {kind} {one}\n" for one in range(lines))) for kind in ("ours", "hers"))
        return calls_of(lambda: [*read_blanks(written, {}, mine, blanks, "plan.md")])

    assert work(2 * LINES) < 2.5 * work(LINES)
