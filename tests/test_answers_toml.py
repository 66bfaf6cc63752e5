"""answers.toml: read, written and written again without losing anything that a person put there."""

import codecs
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.draft import EVERYWHERE, Draft
from peerplan.answers.questions import steps_for
from peerplan.answers.toml import encoded_like, read_answers
from peerplan.answers.toml_writer import write_answers
from peerplan.errors import InputError
from samples import AS_OF, EXAMPLES, FULL, draft, guide, run

ANSWERS = EXAMPLES / "surgical-ward-en" / "answers.toml"
TEXT_KEYS = ["unit.name", "unit.workplace", "notes.rooms", "placement.programme"]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def written(values: Draft, language: str = "en", previous: str = "") -> str:
    content = guide(language)
    return write_answers(values, content, previous)


def read(folder: Path, text: str | bytes) -> tuple[Draft, dict[str, str]]:
    path = folder / "answers.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    read = read_answers(path)
    return read.draft, read.places


@settings(max_examples=60)
@given(
    texts=st.dictionaries(st.sampled_from(TEXT_KEYS), TEXTS),
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


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_fact_stands_under_its_question_and_its_choices(language: str) -> None:
    values = draft({"unit.coordinator.role": "aka", "unit.coordinator.name": "Karin"}, language=language)
    text = written(values, language)
    facts = [fact for fact in guide(language).facts if fact.key in values]
    assert len(facts) >= len(["name", "setting", "role", "name", "start", "end", "level", "participants"])
    for fact in facts:
        assert f"\n# {fact.question}\n" in text or fact.key.startswith("placement.")
        if fact.choices:
            assert f"\n# {' | '.join(choice.id for choice in fact.choices)}\n" in text


@settings(max_examples=40)
@given(first=st.sets(st.sampled_from(sorted(draft()))), second=st.sets(st.sampled_from(sorted(draft()))))
def test_whatever_is_written_over_it_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, first: set[str], second: set[str]
) -> None:
    before = {key: value for key, value in draft().items() if key in first | {"language"}}
    after = {key: value for key, value in draft(state="done").items() if key in second | {"language"}}
    again, _ = read(tmp_path_factory.mktemp("over"), written(after, previous=written(before)))
    assert again == after


@settings(max_examples=60)
@given(data=st.data(), said=st.lists(TEXTS, min_size=1, max_size=4))
def test_a_persons_comments_stay_wherever_they_stand(data: st.DataObject, said: list[str]) -> None:
    lines = written(draft()).split("\n")
    comments = [f"# mine {number}: {text}" for number, text in enumerate(said)]
    for comment in comments:
        lines.insert(data.draw(st.integers(0, len(lines) - 1)), comment)
    before = "\n".join(lines)
    after = written(draft(state="done"), previous=before)
    assert [line for line in after.split("\n") if line.startswith("# mine ")] == [
        line for line in lines if line.startswith("# mine ")
    ]
    assert tomllib.loads(after) == tomllib.loads(written(draft(state="done"), previous=written(draft())))


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


DOTTED = 'unit.name = "Ward 7"\nunit.setting = "hospital"\nplacement.start = 2027-01-18\n'


@pytest.mark.parametrize(
    "mine",
    [
        DOTTED,
        '[unit.coordinator]\nname="K"\n[unit]\nname="Ward 7"\nsetting="hospital"\n[placement]\nstart=2027-01-18\n',
        'unit = { name = "Ward 7", setting = "hospital" }\nplacement = { start = 2027-01-18 }\n',
        '[ unit ]\n"name" = "Ward 7"\n\'setting\' = "hospital"\n[placement]\nstart = 2027-01-18\n',
        '[placement]\nstart = 2027-01-18\n\n[unit]\nsetting = "hospital"\nname = """Ward 7"""\n',
        '[unit]\nname = "Ward 7"\nsetting = "hospital"\n[unit.coordinator]\n[placement]\nstart = 2027-01-18\n',
        '[unit]\nname = "Ward 7"\nsetting = "hospital"\ncoordinator.name = "Karin"\n[placement]\nstart = 2027-01-18\n',
    ],
)
def test_every_way_to_write_toml_is_understood_and_can_be_changed(tmp_path: Path, mine: str) -> None:
    mine = f'language = "en"\n{mine}'
    values, _ = read(tmp_path, mine)
    facts = {"unit.name": "Ward 7", "unit.setting": "hospital", "placement.start": date(2027, 1, 18)}
    assert {**values, **facts} == values
    changed = {**values, "unit.name": "Ward 8", "unit.workplace": "North", "unit.coordinator.role": "aka"}
    changed |= {"placement.end": date(2027, 3, 12), "support.managers": "yes"}
    assert read(tmp_path, written(changed, previous=mine))[0] == changed
    assert read(tmp_path, written(values, previous=mine))[0] == values


def test_a_file_with_dotted_keys_makes_a_plan(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(DOTTED, encoding="utf-8")
    arguments = ["--answers", "mine.toml", "--set", "unit.workplace=North", "--no-input", "--as-of", str(AS_OF)]
    run_ = run("init", "ward", *arguments, cwd=tmp_path)
    assert (run_.returncode, run_.stderr) == (0, "")


def test_an_answer_that_goes_takes_its_comment_along_and_no_others(tmp_path: Path) -> None:
    text = written(draft())
    mine = text.replace("# When does the placement end?\n", "# Ask Karin!\n# When does the placement end?\n")
    assert mine != text
    values = {key: value for key, value in draft().items() if key != "placement.end"}
    without = written(values, previous=mine)
    assert ("Ask Karin!" in without, "When does the placement end?" in without) == (True, False)
    assert written(draft(), previous=without).count("When does the placement end?") == 1
    assert read(tmp_path, without)[0] == values


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_file_that_grew_answer_by_answer_looks_like_one_written_at_once(language: str) -> None:
    content, answers = guide(language), draft(FULL, state="done", language=language)
    values: Draft = {"language": language}
    text = ""
    for step in steps_for(answers, content):
        values[step.key] = answers.get(step.key, [] if step.kind in {"choices", "list"} else "")
        text = write_answers(values, content, text)
    assert re.findall(r"\n.*\n\[", text) == ["\n\n["] * 7
    at_once = write_answers(values, content)
    assert sorted(text.splitlines()) == sorted(at_once.splitlines())
    assert tomllib.loads(text) == tomllib.loads(at_once)


def test_a_mark_and_windows_line_ends_survive_a_change_by_the_program(tmp_path: Path) -> None:
    assert run("init", "ward", "--answers", ANSWERS, "--as-of", str(AS_OF), cwd=tmp_path).returncode == 0
    path = tmp_path / "ward" / "answers.toml"
    before = codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    run_ = run("init", "ward", "--set", "unit.name=Ward 8", "--as-of", str(AS_OF), cwd=tmp_path)
    assert (run_.returncode, run_.stderr) == (0, "")
    assert path.read_bytes() == before.replace(b"Ward 7, surgery", b"Ward 8")


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
        ("\ufeffx\r\n".encode("utf-16-le"), b"\xef\xbb\xbfa\r\nb\r\n"),
    ],
)
def test_line_ends_and_the_mark_stay_as_they_are_in_the_file(previous: bytes, expected: bytes) -> None:
    assert encoded_like("a\nb\n", previous, Path("answers.toml")) == expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_notepad_calls_unicode_is_read_and_written_as_utf8(tmp_path: Path, encoding: str) -> None:
    made = run("init", "ward", "--answers", ANSWERS, "--as-of", str(AS_OF), cwd=tmp_path)
    path = tmp_path / "ward" / "answers.toml"
    text = path.read_text(encoding="utf-8") + "\n# hälsningar\n"
    path.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode(encoding))
    plan = tmp_path / "ward" / "plan.md"
    plan.write_bytes(plan.read_bytes().replace(b"- [ ]", b"- [x]", 1))
    made = run("update", "ward", "--as-of", str(AS_OF), cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    now = path.read_bytes()
    assert now.startswith(codecs.BOM_UTF8)
    assert len({*now.decode("utf-8-sig").split("\r\n")} ^ {*text.split("\n")}) == 2


def test_a_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    values, places = read(tmp_path, b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    assert values["unit.name"] == "Ward 7"
    assert places["unit.name"] == f"{tmp_path / 'answers.toml'}:6"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r"),
        ("\n", "\u2028"),
        (" = ", "\u00a0=\u202f"),
        ("name", "\u200bna\u00adme"),
        ("[unit]", "\ufeff\ufeff[unit]\u3000"),
    ],
)
def test_what_looks_like_a_blank_or_a_new_line_is_one_and_what_nobody_sees_is_not_there(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in MINE
    assert read(tmp_path, MINE.replace(old, new))[0] == read(tmp_path, MINE)[0]


def test_texts_keep_the_blanks_that_they_have(tmp_path: Path) -> None:
    text = 'notes.rooms = "kl.\u00a07 # \u200b"\nnotes.rota = """a\u2028b\u00a0"""\n'
    assert read(tmp_path, text)[0] == {"notes.rooms": "kl.\u00a07 # \u200b", "notes.rota": "a\u2028b\u00a0"}


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
    "text",
    [
        '[unit]\n\n"name" = "Ward 7"\n',
        '[notes]\nrooms = """\n[unit]\nname = """\n[unit]\nname = 7\n',
        '# """ begins nothing here\n[notes]\nrooms = "\\"\'\'\' [unit]"\n[ "unit" ]\nname = 7\n',
    ],
)
def test_a_line_is_right_however_the_file_is_written(tmp_path: Path, text: str) -> None:
    _, places = read(tmp_path, text)
    assert places["unit.name"] == f"{tmp_path / 'answers.toml'}:{text.count(chr(10))}"


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"[unit]\nname = Ward 7\n", "toml-quotes", ":2"),
        (b'[unit]\nname = "a"\nname = "b"\n', "toml-twice", ":3"),
        ("[unit]\n\nname = 'Ängen'\n".encode("cp1252"), "not-utf8", ":3"),
        (b"", "no-answers", ""),
        (b"# only a comment\n", "no-answers", ""),
        (b"a = " + b"[" * 5000, "not-toml", ""),
        (b"a = " + b"{b = " * 400, "not-toml", ""),
        (b"a = 1\n" + b".".join([b"b"] * 20_000) + b" = 1", "not-toml", ":2"),
        (b'a = """\n\n"""\n[' + b".".join([b'"b"'] * 3_000) + b"]", "not-toml", ":4"),
        (b"a = 1\nb = " + b"9" * 5_000, "not-toml", ":2"),
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


def test_texts_may_look_like_keys_and_numbers_of_any_length(tmp_path: Path) -> None:
    note = f"{'a.' * 30}b = 1\n[{'a.' * 30}b]\n{'9' * 5_000}"
    text = f'[notes]\nrooms = """\n{note}"""\nrota = "{"9" * 5_000}"\n'
    assert read(tmp_path, text)[0] == {"notes.rooms": note, "notes.rota": "9" * 5_000}


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.toml", "no-such-file"), (tmp_path, "is-a-folder")):
        with pytest.raises(InputError) as error:
            read_answers(path)
        assert error.value.problems[0].message == message
    (tmp_path / "none.toml.txt").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_answers(tmp_path / "none.toml")
    assert error.value.problems[0].message == "ending-hidden"
