"""answers.toml: read, written and written again without losing anything that a person put there."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers import EVERYWHERE, Draft
from peerplan.answers_toml import encoded_like, read_answers, read_text, write_answers
from peerplan.errors import InputError
from peerplan.interview.steps import draft_profile, steps_for
from samples import draft, guide

TEXT_KEYS = ["unit.name", "unit.workplace", "notes.rooms", "placement.programme"]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def written(values: Draft, language: str = "en", previous: str = "") -> str:
    content = guide(language)
    return write_answers(values, content, draft_profile(values, content), previous)


def read(folder: Path, text: str | bytes) -> tuple[Draft, dict[str, str]]:
    path = folder / "answers.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_answers(path)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.dictionaries(
        st.sampled_from(["unit.name", "unit.workplace", "notes.rooms", "placement.programme"]), TEXTS
    ),
    professions=st.lists(TEXTS, max_size=3),
    start=st.dates(date(2027, 1, 1), date(2099, 12, 31)),
    number=st.integers(1, 200),
)
def test_what_is_written_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: Draft, professions: list[str], start: date, number: int
) -> None:
    values = draft(
        {**texts, "unit.professions": professions, "placement.start": start, "placement.participants": number}
    )
    again, _ = read(tmp_path_factory.mktemp("round"), written(values))
    assert again == values


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_answer_stands_under_its_question_and_its_options(language: str) -> None:
    values = draft(language=language)
    text = written(values, language)
    for step in steps_for(values, guide(language)):
        if step.key in values and step.area != "facts":
            name = step.key.partition(".")[2]
            options = " | ".join(option for option, _ in step.options)
            assert f"# {step.question}\n# {options}\n{name} = " in text


def test_writing_again_changes_nothing() -> None:
    values = draft()
    assert written(values, previous=written(values)) == written(values)


MINE = """\
# We talked about this on Tuesday.
language = "en"

[unit]
setting = "hospital"   # the big one
name = 'Ward 7'
coordinator = { name = "Karin", role = "aka" } # she works nights

# the period
[placement]
start = 2027-01-18

[support]
managers = "no" # ask again
"""


def test_a_persons_comments_order_and_inline_tables_survive_a_change(tmp_path: Path) -> None:
    values, _ = read(tmp_path, MINE)
    text = written({**values, "support.managers": "yes", "unit.coordinator.email": "k@ward.example"}, previous=MINE)
    for kept in ("# We talked about this on Tuesday.", '"hospital"   # the big one', "# the period", "# ask again"):
        assert kept in text
    assert text.index("setting") < text.index("name = 'Ward 7'")
    assert tomllib.loads(text)["unit"]["coordinator"] == {"name": "Karin", "role": "aka", "email": "k@ward.example"}
    assert tomllib.loads(text)["support"]["managers"] == "yes"


def test_an_answer_that_is_gone_is_removed(tmp_path: Path) -> None:
    values, _ = read(tmp_path, MINE)
    del values["support.managers"]
    assert "managers =" not in written(values, previous=MINE)


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        (b"", b"a\nb\n"),
        (b"x\n", b"a\nb\n"),
        (b"x\r\n", b"a\r\nb\r\n"),
        (b"\xef\xbb\xbfx\r\n", b"\xef\xbb\xbfa\r\nb\r\n"),
    ],
)
def test_line_ends_and_the_mark_stay_as_they_are_in_the_file(previous: bytes, expected: bytes) -> None:
    assert encoded_like("a\nb\n", previous) == expected


def test_a_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    values, places = read(tmp_path, b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    assert values["unit.name"] == "Ward 7"
    assert places["unit.name"] == f"{tmp_path / 'answers.toml'}:6"


def test_each_answer_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    _, places = read(tmp_path, MINE)
    assert places == {
        EVERYWHERE: str(path),
        "language": f"{path}:2",
        "unit.setting": f"{path}:5",
        "unit.name": f"{path}:6",
        "unit.coordinator.name": f"{path}:7",
        "unit.coordinator.role": f"{path}:7",
        "placement.start": f"{path}:11",
        "support.managers": f"{path}:14",
    }


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"[unit]\nname = Ward 7\n", "not-toml", ":2"),
        (b'[unit]\nname = "a"\nname = "b"\n', "not-toml", ":3"),
        ("[unit]\n\nname = 'Ängen'\n".encode("cp1252"), "not-utf8", ":3"),
        (b"", "no-answers", ""),
        (b"# only a comment\n", "no-answers", ""),
        (b"a = " + b"[" * 5000, "not-toml", ""),
        (b"#" * 1_000_001, "too-large", ""),
    ],
)
def test_a_file_that_cannot_be_understood_is_named_with_its_line(
    tmp_path: Path, content: bytes, message: str, line: str
) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, content)
    (problem,) = error.value.problems
    assert (problem.message, problem.place) == (message, f"{tmp_path / 'answers.toml'}{line}")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.toml", "no-such-file"), (tmp_path, "is-a-folder")):
        with pytest.raises(InputError) as error:
            read_text(path)
        assert error.value.problems[0].message == message
