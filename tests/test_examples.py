"""The examples are what the program makes of their answers, wherever and whenever it runs."""

from pathlib import Path

import pytest

from peerplan.answers.toml import read_answers
from peerplan.answers.toml_writer import write_answers
from samples import AS_OF, EXAMPLES, guide, run_process

pytestmark = pytest.mark.slow  # a process for each example

KINDS = ["dental-clinic", "education-ward", "health-centre", "laboratory", "surgical-ward"]
MEMORY = ".peerplan"


def files_of(folder: Path) -> dict[str, bytes]:
    """What a person finds in a plan folder: what the program remembers there is not part of an example."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MEMORY}


def test_each_kind_is_shown_in_both_languages() -> None:
    names = {path.parent.name for path in EXAMPLES.glob("*/answers.toml")}
    assert names == {f"{kind}-{language}" for kind in KINDS for language in ("en", "sv")}


SURROUNDINGS = [("0", "Pacific/Kiritimati", "C.UTF-8"), ("4711", "Pacific/Pago_Pago", "sv_SE.UTF-8")]


@pytest.mark.parametrize("number", range(2 * len(KINDS)))
def test_an_example_is_made_byte_for_byte_wherever_and_whenever(number: int, tmp_path: Path) -> None:
    example = sorted(EXAMPLES.glob("*/answers.toml"))[number]
    seed, zone, locale = SURROUNDINGS[number // 2 % 2]
    environ = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
    made = run_process("init", "made", "--answers", example, "--as-of", str(AS_OF), cwd=tmp_path, environ=environ)
    assert (made.returncode, made.stderr) == (0, "")
    assert files_of(tmp_path / "made") == files_of(example.parent)


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/answers.toml")), ids=lambda path: path.parent.name)
def test_an_examples_answers_stand_under_the_questions_that_are_asked_now(example: Path) -> None:
    answers = read_answers(example).draft
    content = guide(str(answers["language"]))
    written = write_answers(answers, content, "")
    assert comments(example.read_text(encoding="utf-8")) == comments(written)


def comments(toml: str) -> list[str]:
    return [line for line in toml.splitlines() if line.startswith("#")]
