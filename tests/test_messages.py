"""What the program says: every text is there, in both languages, with the same places."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from peerplan.answers.keys import ITEM_WORDS, OWN
from peerplan.errors import SYSTEM, Problem
from peerplan.folder.reconcile import Outcome
from peerplan.guide.blanks import FILLED
from peerplan.interview.asker import Mark
from peerplan.messages import CONTENT, Messages
from peerplan.plan.outlook import Phase
from peerplan.plan.plan import Standing

SOURCE = Path(__file__).parents[1] / "src" / "peerplan"
MESSAGES = tomllib.loads((CONTENT / "messages.toml").read_text(encoding="utf-8"))
SITE = Path(__file__).parents[1] / "web"
FILES = [
    path
    for kind in ("py", "j2", "js")
    for path in (*sorted(SOURCE.rglob(f"*.{kind}")), *sorted(SITE.glob(f"*.{kind}")))
]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
FAMILIES = tuple(sorted({SYSTEM, *re.findall(r"""(?:(?:say|text)\((?:[^()]+, )?|message = )f['"]([a-z]+-)\{""", CODE)}))
NOT_MESSAGES = {"not-applicable", "not-late", "not-yet"}  # states, checks and verdicts


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.criterion(41)
def test_every_message_has_the_same_places_in_every_language() -> None:
    differing = [
        message
        for message, texts in MESSAGES.items()
        if set(texts) != set(Messages().languages) or len({frozenset(fields(text)) for text in texts.values()}) > 1
    ]
    assert differing == []


def test_every_message_is_one_line_without_blanks_around_it() -> None:
    texts = [(message, text) for message, both in MESSAGES.items() for text in both.values()]
    assert [message for message, text in texts if text != text.strip() or "\n" in text] == []


def test_every_message_is_used() -> None:
    assert [message for message in MESSAGES if f'"{message}"' not in CODE and not message.startswith(FAMILIES)] == []


def names(node: ast.expr | None) -> list[str]:
    """The message ids an expression can be, as far as they stand there."""
    if isinstance(node, ast.IfExp):
        return [*names(node.body), *names(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def given_values(call: ast.Call, name: str) -> set[str] | None:
    """Return the names of the values that a call gives its message, or None where they come from elsewhere."""
    if name in ("say", "text", "_wrong"):
        found = {keyword.arg for keyword in call.keywords}
        return None if None in found else {name for name in found if name}
    values = next((one.value for one in call.keywords if one.arg == "values"), None)
    values = call.args[1] if len(call.args) > 1 else values
    if values is None:
        return set()
    if not isinstance(values, ast.Dict) or not all(isinstance(key, ast.Constant) for key in values.keys):
        return None
    return {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}


def calls() -> Iterator[tuple[str, set[str] | None, list[str]]]:
    """Find every say(…), text(…), Problem(…) and _wrong(…): where, the values it gives, and its message ids."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("say", "text", "Problem", "_wrong"):
                    ids = [one for argument in node.args[:2] for one in names(argument)]
                    yield f"{path.name}:{node.lineno}", given_values(node, name), ids


def test_every_message_that_the_source_says_is_there_and_gets_its_values() -> None:
    said = [(place, values, name) for place, values, found in calls() for name in found]
    assert len(said) > 100
    assert [(place, name) for place, _, name in said if name not in MESSAGES] == []
    lacking = [
        (place, name, fields(MESSAGES[name]["en"]) - values - {"program"})
        for place, values, name in said
        if values is not None
    ]
    assert [one for one in lacking if one[2]] == []


def test_a_message_that_is_chosen_first_is_there() -> None:
    chosen = [
        name
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["message"]
        for name in names(node.value)
    ]
    assert len(chosen) > 10
    assert [name for name in chosen if name not in MESSAGES] == []


STATUS = (
    "unit",
    "workplace",
    "verdict",
    "start-heading",
    "open",
    "late-heading",
    "next-heading",
    "next-title",
    "phase",
    "coordinator",
    "folder",
)


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("verdict", get_args(Standing)),
        ("phase", get_args(Phase)),
        ("update", tuple(kind for kind in get_args(Outcome) if kind != "same")),
        ("review", get_args(Mark)),
        ("status", STATUS),
        ("words", (*ITEM_WORDS, FILLED, OWN)),
    ],
)
def test_a_family_has_a_message_for_each_member(family: str, members: tuple[str, ...]) -> None:
    assert members
    assert [name for name in members if f"{family}-{name}" not in MESSAGES] == []


def test_every_family_that_is_said_is_held_here() -> None:
    assert FAMILIES == ("keys-", "phase-", "picture-", "review-", "status-", "system-", "update-", "verdict-", "words-")


@pytest.mark.parametrize("prefix", ["mail", "table", "roster", "emails", "tick", "kept", "batch", "not"])
def test_a_name_that_looks_like_a_message_is_one(prefix: str) -> None:
    found = sorted(set(re.findall(rf'"({prefix}(?:-[a-z0-9]+)+)"', CODE)) - NOT_MESSAGES)
    assert found
    assert [name for name in found if name not in MESSAGES] == []


def test_a_problem_is_said_with_its_place() -> None:
    problem = Problem("set-form", {}, "--set")
    messages = Messages()
    assert messages.line("sv", problem).startswith("--set: skriv det som NYCKEL=VÄRDE")
    assert messages.line("en", Problem("interrupted")) == messages.say("en", "interrupted")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "sv_FI", "LANG": "en_US.UTF-8"}, "sv"),
        ({"LC_MESSAGES": "sv_SE", "LANG": "en_US"}, "sv"),
        ({"LANG": "fi_FI.UTF-8"}, "en"),
        ({"LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "sv_SE"}, "sv"),
        ({"LC_ALL": "POSIX", "LANG": "sv_SE"}, "en"),
        ({"LANG": "sv"}, "sv"),
        ({"LANG": "Swedish_Sweden.1252"}, "sv"),
        ({"LANG": "English_Sweden.1252"}, "en"),
    ],
)
def test_the_language_is_the_systems_where_it_is_known(environ: dict[str, str], language: str) -> None:
    assert Messages().of_locale(environ) == language
