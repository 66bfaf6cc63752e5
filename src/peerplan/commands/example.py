"""`peerplan example`: a whole plan of a unit that does not exist, to look at before there is one of one's own."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from peerplan.answers.keys import END, START
from peerplan.answers.toml import FILE_NAME
from peerplan.commands.init import InitRequest
from peerplan.errors import Problem, UsageError

WEEKS = timedelta(weeks=8)  # before the placement, and of it
FRIDAY = timedelta(days=4)


def example_request(folder: Path | None, texts: Mapping[str, str], language: str, as_of: date) -> InitRequest:
    """Return the request for the example's plan, as one asks for a plan of one's own; texts are its answers by key.

    Raises:
        UsageError: if there is a plan in the folder, whose answers the example's would replace.
    """
    if folder and (folder / FILE_NAME).exists():
        raise UsageError(Problem("example-in-the-way", {}, str(folder)))
    start = as_of + WEEKS - timedelta(days=as_of.weekday())
    end = start + WEEKS - timedelta(weeks=1) + FRIDAY
    answers = {**texts, START: start.isoformat(), END: end.isoformat()}
    return InitRequest(
        folder=folder,
        answers=None,
        settings=[f"{key}={answer}" for key, answer in answers.items()],
        language=language,
        system_language=language,
        as_of=as_of,
        no_input=True,
    )
