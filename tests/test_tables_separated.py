from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peerplan.errors import InputError, UsageError
from peerplan.tables import Limits, read_table
from peerplan.text import visible
from table_files import HEADINGS, as_csv, problems, save, texts


@pytest.mark.parametrize("hint", ["sep=;\r\n", "sep=;\n", "SEP=;\r", '"sep=;"\r\n', "sep=;;;;\r\n"])
def test_a_sep_line_is_followed_and_is_no_row(tmp_path: Path, hint: str) -> None:
    path = save(tmp_path, "\ufeff" + hint + as_csv([["a,b,c", "d"], ["1", "2"]]))
    assert texts(path) == [["a,b,c", "d"], ["1", "2"]]
    table = read_table(path)
    assert [table.place(row, 1) for row in table.rows] == ["units.csv:3 (B2): d"]


@pytest.mark.criterion(2)
def test_a_table_of_one_column_has_no_separator(tmp_path: Path) -> None:
    path = save(tmp_path, "E-post\r\nasa.oberg@example.se\r\nbo;b,c|d@example.se\r\n")
    assert texts(path) == [["E-post"], ["asa.oberg@example.se"], ["bo;b,c|d@example.se"]]


def test_separators_inside_quotation_marks_of_the_headings_do_not_count(tmp_path: Path) -> None:
    assert texts(save(tmp_path, '"a,b,c\nd,e";f\n1;2\n')) == [["a,b,c\nd,e", "f"], ["1", "2"]]
    assert texts(save(tmp_path, '\n\na;5" b,c\n1;2,3\n')) == [["a", '5" b,c'], ["1", "2,3"]]
    assert texts(save(tmp_path, "\n\ta\n\t1\n")) == [["", "a"], ["", "1"]]
    assert texts(save(tmp_path, "a;b\n1,2,3,4;5\n")) == [["a", "b"], ["1,2,3,4", "5"]]


@pytest.mark.parametrize(("delimiter", "written"), [("tab", "\t"), ("\\t", "\t"), ("#", "#")])
def test_the_given_delimiter_is_used(tmp_path: Path, delimiter: str, written: str) -> None:
    path = save(tmp_path, as_csv([["a;b;c", "d"], ["1", "2"]], written))
    assert texts(path, delimiter=delimiter) == [["a;b;c", "d"], ["1", "2"]]


@pytest.mark.parametrize("delimiter", ["", ";;", "x", '"', "\n", " "])
def test_what_is_no_delimiter_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_table(save(tmp_path, "a;b\n1;2\n"), delimiter=delimiter)
    (problem,) = caught.value.problems
    assert (problem.message, problem.values) == ("table-delimiter-unknown", {"delimiter": delimiter})


printable = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\ufeffÃ", exclude_categories=["Cs"]), max_size=20
).filter(lambda text: not text.strip().startswith(("'", '="')))  # these tell a spreadsheet something
any_rows = st.lists(st.lists(printable, min_size=3, max_size=3), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=any_rows, delimiter=st.sampled_from(";,\t|"), end=st.sampled_from(["\n", "\r", "\r\n"]))
@example(rows=[["\x85", "\u2028a", "="]], delimiter="|", end="\r")
@example(rows=[["", "", "\u2060"], ["\u200b a", " \u200f b", ""]], delimiter=";", end="\n")
def test_what_the_csv_module_writes_is_read_back(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str
) -> None:
    path = save(tmp_path, as_csv([["a", "b", "c"], *rows, ["x", "", ""]], delimiter, end))
    stripped = [[visible(text).strip() for text in row] for row in rows]
    assert texts(path) == [["a", "b", "c"], *filter(any, stripped), ["x", "", ""]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(content=st.binary(max_size=60) | st.text('a;,"\r\n\t\0Å', max_size=30).map(str.encode))
def test_any_bytes_are_a_table_or_a_message(tmp_path: Path, content: bytes) -> None:
    path = save(tmp_path, content)
    with suppress(InputError):
        table = read_table(path)
        assert table.count > 0


def test_rows_that_a_program_put_in_quotation_marks_as_a_whole_are_rows(tmp_path: Path) -> None:
    rows = [["Enhet", "Antal"], ["Avd; 3", 'Den "gamla"'], ["Avd 4", "2"]]
    lines = as_csv(rows).splitlines()
    saved = "".join('"' + line.replace('"', '""') + '"\r\n' for line in lines)
    assert texts(save(tmp_path, saved)) == rows
    assert texts(save(tmp_path, '"Enhet"\n"Norra, Östra"\n')) == [["Enhet"], ["Norra, Östra"]]


@pytest.mark.parametrize(
    ("saved", "typed"),
    [
        ("'2027-01-18", "2027-01-18"),
        ("'+46 8 123", "+46 8 123"),
        ("'=1", "=1"),
        ("'t Hart", "'t Hart"),
        ("'Norra'", "'Norra'"),
        ('"=""0701"""', "0701"),
        ('"=""a """"b"""""""', 'a "b"'),
        ("=SUM(A1)", "=SUM(A1)"),
    ],
)
def test_what_tells_a_spreadsheet_to_take_a_cell_as_text_is_no_part_of_it(
    tmp_path: Path, saved: str, typed: str
) -> None:
    assert texts(save(tmp_path, f"a;b\n{saved};1\n"))[1] == [typed, "1"]


def test_windows_1252_is_told(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, "Enhet\r\nÖstra\r\n".encode("cp1252")))
    assert [(notice.message, notice.place) for notice in table.notices] == [("table-read-as-cp1252", "units.csv")]
    assert read_table(save(tmp_path, "Enhet\r\nÖstra\r\n")).notices == ()


@pytest.mark.parametrize("mark", [BOM_UTF16_LE, BOM_UTF16_BE])
def test_a_byte_order_mark_is_followed_whatever_the_alphabet(tmp_path: Path, mark: bytes) -> None:
    encoding = "utf-16-le" if mark == BOM_UTF16_LE else "utf-16-be"
    path = save(tmp_path, mark + "Λθήψ\nΔξή\n".encode(encoding))
    assert texts(path) == [["Λθήψ"], ["Δξή"]]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("text", ["Namn\nDušan\nÅsa\n", "Namn\nÅsa\nDušan\n", "Namn\nAndré\n"])
def test_foreign_letters_among_swedish_ones_and_other_accents_are_no_damage(
    tmp_path: Path, encoding: str, text: str
) -> None:
    assert texts(save(tmp_path, text.encode(encoding))) == [[line] for line in text.split()]


def test_foreign_letters_are_no_damage_where_the_encoding_is_sure(tmp_path: Path) -> None:
    path = save(tmp_path, "Namn\nDušan\n")
    assert texts(path) == [["Namn"], ["Dušan"]]
    path = save(tmp_path, "Namn\nDušan\n".encode("cp1252"))
    assert problems(path) == [("table-letters-damaged", "units.csv:2")]
    assert texts(path, encoding="cp1252") == [["Namn"], ["Dušan"]]


@pytest.mark.criterion(1)
@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_other_encodings_stop_and_can_be_given(tmp_path: Path, encoding: str) -> None:
    path = save(tmp_path, as_csv([HEADINGS, ["Kärra läkarhus", "2027-01-18", "4", "över vägen"]]).encode(encoding))
    assert problems(path) in (
        [("table-letters-damaged", "units.csv:2")],
        [("table-encoding-undecided", "units.csv:2")],
    )
    assert texts(path, encoding=encoding)[1][0] == "Kärra läkarhus"


def test_letters_damaged_by_an_earlier_save_stop(tmp_path: Path) -> None:
    path = save(tmp_path, "Enhet\nNorra\nÖstra".encode().decode("cp1252"))
    assert problems(path) == [("table-letters-damaged", "units.csv:3")]


def test_a_byte_of_no_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = save(tmp_path, b"Enhet\r\n\xd6stra\r\n\x81\r\n")
    assert problems(path) == [("table-encoding-undecided", "units.csv:3")]
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert caught.value.problems[0].values == {"encoding": "cp1252"}


def test_a_cut_off_utf_16_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = save(tmp_path, "a\r\nb\r\nc".encode("utf-16")[:-1])
    assert problems(path) == [("table-encoding-undecided", "units.csv:3")]


def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = save(tmp_path, b"Enhet\r\n\xd6stra\r\n")
    assert problems(path, encoding="utf-8") == [("table-encoding-wrong", "units.csv:2")]
    for encoding in ("utf-16", "undefined"):  # one lacks its byte order mark, the other reads nothing
        path = save(tmp_path, "\r\na\r\nb\r\n".encode("utf-16-le"))
        assert problems(path, encoding=encoding) == [("table-encoding-wrong", "units.csv:1")]
    for encoding in ("klingon", "hex"):
        with pytest.raises(UsageError) as caught:
            read_table(path, encoding=encoding)
        assert [(one.message, one.values) for one in caught.value.problems] == [
            ("table-encoding-unknown", {"encoding": encoding})
        ]


def test_empty_rows_count_where_no_program_saves_so_many(tmp_path: Path) -> None:
    path = save(tmp_path, "a\n1\n\n\n")
    assert texts(path, limits=Limits(sheet=4)) == [["a"], ["1"]]
    with pytest.raises(InputError) as caught:
        read_table(path, limits=Limits(rows=2, sheet=3))
    assert [(problem.message, problem.values, problem.place) for problem in caught.value.problems] == [
        ("table-too-many-rows", {"limit": 2}, "units.csv:4")
    ]


def test_a_row_may_be_as_long_as_the_limit_says_with_its_line_break(tmp_path: Path) -> None:
    path = save(tmp_path, "a;b\n1;2\n3;4\n")
    assert len(texts(path, limits=Limits(row=4))) == 3
    with pytest.raises(InputError) as caught:
        read_table(path, limits=Limits(row=3))
    assert [(problem.message, problem.values, problem.place) for problem in caught.value.problems] == [
        ("table-row-too-long", {"limit": 3}, "units.csv:1")
    ]
