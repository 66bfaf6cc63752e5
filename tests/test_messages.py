"""What the program says: every text is there, in both languages, with the same places."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from peerplan.errors import Problem
from peerplan.messages import CONTENT, language_of_locale, languages, problem_line, say

SOURCE = Path(__file__).parents[1] / "src" / "peerplan"
MESSAGES = tomllib.loads((CONTENT / "messages.toml").read_text(encoding="utf-8"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
FAMILIES = tuple(re.findall(r'f"([a-z]+(?:-[a-z]+)*-)\{', CODE) + re.findall(r"f'([a-z]+(?:-[a-z]+)*-)\{", CODE))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_has_the_same_places_in_every_language(message: str) -> None:
    texts = MESSAGES[message]
    assert set(texts) == set(languages())
    assert len({frozenset(fields(text)) for text in texts.values()}) == 1


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_one_line_without_blanks_around_it_and_is_used(message: str) -> None:
    for text in MESSAGES[message].values():
        assert text == text.strip()
        assert "\n" not in text
    assert f'"{message}"' in CODE or message.startswith(FAMILIES)


@pytest.mark.parametrize("message", sorted(set(re.findall(r'(?:Problem|_wrong)\(\s*"([^"]+)"', CODE))))
def test_a_problem_has_a_message(message: str) -> None:
    assert message in MESSAGES


def test_a_problem_is_said_with_its_place() -> None:
    problem = Problem("set-form", {}, "--set")
    assert problem_line("sv", problem).startswith("--set: skriv det som NYCKEL=VÄRDE")
    assert problem_line("en", Problem("interrupted")) == say("en", "interrupted")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "sv_FI", "LANG": "en_US.UTF-8"}, "sv"),
        ({"LC_MESSAGES": "sv_SE", "LANG": "en_US"}, "sv"),
        ({"LANG": "fi_FI.UTF-8"}, "en"),
        ({"LC_ALL": "C"}, "en"),
    ],
)
def test_the_language_is_the_systems_where_it_is_known(environ: dict[str, str], language: str) -> None:
    assert language_of_locale(environ) == language
