"""What the interview says around a question."""

from datetime import date

import pytest

from peerplan.answers.questions import steps_for
from peerplan.interview.wording import NARROWEST, broken, date_hint, source_lines, wrapped
from samples import draft, guide

LANGUAGES = ["en", "sv"]
STEPS = steps_for(draft(), guide())


def test_a_question_names_its_sources_with_their_addresses() -> None:
    step = next(step for step in STEPS if step.key == "environment.activities-planned")
    lines = list(source_lines(step, guide()))
    assert len(lines) == len(step.sources) > 1
    assert all("https://" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_without_a_source_says_so(language: str) -> None:
    assert list(source_lines(STEPS[0], guide(language))) == [guide(language).say("interview-no-source")]


@pytest.mark.parametrize(
    ("language", "hint"),
    [("en", "Write it as 18 January 2027 or 2027-01-18."), ("sv", "Skriv den som 18 januari 2027 eller 2027-01-18.")],
)
def test_a_date_that_could_be_meant_shows_how_one_is_written(language: str, hint: str) -> None:
    assert date_hint(date(2026, 11, 25), guide(language)) == hint


def test_lines_break_between_words_and_none_begins_before_the_indent() -> None:
    text = "Do your colleagues know what peer learning means?"
    assert broken(text, 20, "   ").splitlines() == [
        "Do your colleagues",
        "   know what peer",
        "   learning means?",
    ]
    assert all(line.startswith("  ") for line in wrapped(text * NARROWEST, "  ").splitlines())
