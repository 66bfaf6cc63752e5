"""Content that lacks something says so in one line for each gap, not for each text."""

import shutil
from pathlib import Path

import pytest

from peerplan.documents.render import Templates
from peerplan.errors import InputError
from peerplan.guide.kit import TEMPLATES, Kit
from peerplan.messages import CONTENT, Messages
from peerplan.report.failures import failure_of, print_failure, spoken_language
from rules import SMALL
from samples import guide, problem_line

THIRD = """
[[languages]]
id = "nb"
tag = "nb-NO"
name = "norsk"
names = []
heading = "språk"
locales = ["nb"]
weekdays = ["ma", "ti", "on", "to", "fr", "lø", "sø"]
months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
date = "{day}.{month}."
short_date = "{day}.{month}."
blank = "fyll inn"
delimiter = ";"
"""


def add_language(folder: Path) -> None:
    path = folder / "languages.toml"
    path.write_text(path.read_text(encoding="utf-8") + THIRD, encoding="utf-8")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return shutil.copytree(CONTENT, tmp_path / "content")


def gaps(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [f"{problem.place}: {problem.values['what']}" for problem in error.value.problems]


def drop_swedish(folder: Path, *messages: str) -> Messages:
    path = folder / "messages.toml"
    kept, inside = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        inside = line.strip("[]") if line.startswith("[") else inside
        if not (inside in messages and line.startswith("sv =")):
            kept.append(line)
    path.write_text("\n".join(kept), encoding="utf-8")
    return Messages(folder)


def test_a_message_that_lacks_a_language_is_one_line(content: Path) -> None:
    messages = drop_swedish(content, "interrupted")
    with pytest.raises(InputError) as error:
        messages.say("en", "interrupted")
    assert gaps(error) == ["messages.toml: interrupted: has no text in 'sv'"]


def test_messages_that_are_wrong_say_so_in_english_and_with_exit_code_3(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = drop_swedish(content, "interrupted")
    with pytest.raises(InputError) as error:
        messages.say("sv", "missing")
    failure = failure_of(error.value)
    print_failure(failure, messages, "sv", as_json=False)
    assert failure.exit_code == 3
    assert capsys.readouterr().err == "messages.toml: interrupted: has no text in 'sv'\n"


def test_a_language_without_texts_is_one_line_for_each_file(content: Path) -> None:
    add_language(content)
    with pytest.raises(InputError) as error:
        Messages(content).say("en", "missing")
    (line,) = gaps(error)
    assert line.startswith("messages.toml: ")
    assert "has no text in 'nb', nor have" in line
    with pytest.raises(InputError) as error:
        Kit(Messages(), content).guide("nb")
    files = [line.partition(":")[0] for line in gaps(error)]
    assert len(files) == len(set(files)) > 5


def test_a_language_without_templates_is_one_line() -> None:
    with pytest.raises(InputError) as error:
        Templates(TEMPLATES, (guide("en"), guide("en").model_copy(update={"language": "nb"})))
    (problem,) = error.value.problems
    assert problem.message == "templates-missing"
    assert "nb" in problem_line("en", problem)


def test_no_templates_at_all_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        Templates(tmp_path, [guide("en")])
    assert [problem.message for problem in error.value.problems] == ["templates-none"]


def test_a_language_that_has_all_its_texts_needs_nothing_else(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    add_language(folder)
    path = folder / "small.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(', sv = "', ', nb = "Norsk", sv = "')
        .replace(", sv = [", ', nb = ["Norsk"], sv = [')
        .replace("steps.sv =", 'steps.nb = ["Norsk"]\nsteps.sv ='),
        encoding="utf-8",
    )
    made = Kit(Messages(), folder).guide("nb")
    assert {item.title for item in made.items} == {"Norsk"}
    assert made.own_language.blank == "fyll inn"


def test_only_the_head_of_a_file_is_read_for_its_language(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    for padding, language in (("", "sv"), ("#" * 20_000, "en")):
        path.write_text(f'{padding}\nlanguage = "sv"\n', encoding="utf-8")
        assert spoken_language(["update", str(tmp_path), "--lang"], Messages()) == language
