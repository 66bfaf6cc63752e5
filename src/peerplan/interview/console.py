"""The interview at the terminal that the program runs in: with menus if it can draw them, else on plain lines."""

import os
import sys
from collections.abc import Callable
from datetime import date

from peerplan.answers.draft import Draft
from peerplan.errors import Problem, UsageError
from peerplan.guide.guide import Guide
from peerplan.interview.asker import Asker
from peerplan.interview.walk import Walk
from peerplan.interview.wording import can_show_menus

NO_CONSOLE = "NoConsoleScreenBufferError"  # prompt_toolkit's, where menus cannot be drawn


def ask_here(
    draft: Draft, guide: Guide, save: Callable[[Draft], None] | None, as_of: date, *, is_new: bool, plain: bool
) -> Draft:
    """Complete a draft with the person at the terminal.

    Raises:
        KeyboardInterrupt: if she stopped.
        UsageError: if menus cannot be drawn here, which only shows when they are.
    """
    try:
        return Walk(draft, guide, _asker(guide, plain=plain), save, as_of, is_new=is_new).run()
    except Exception as error:
        if type(error).__name__ == NO_CONSOLE:  # its module can be imported on Windows only
            raise UsageError(Problem("no-console")) from None
        raise


def _asker(guide: Guide, *, plain: bool) -> Asker:
    if plain or not can_show_menus(os.environ, sys.stdout.encoding):
        from peerplan.interview.plain import Plain

        return Plain(guide)
    os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")  # else terminals that never answer it get a warning
    from peerplan.interview.screen import Screen

    return Screen(guide)
