"""Each unit has a folder of its own, with a name that every system takes, and keeps it."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.commands.batch.folders import UnitFolders, UnitKey, unit_key
from peerplan.folder.record import RECORD, FolderRecord
from samples import PLAN_ID

DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
LOOK_ALIKE = ["Ängen", "Ången", "Angen", "ängen!", "Ängen."]
ODD = [
    "CON",
    "../../x",
    "..",
    ".",
    "/",
    "🏥",
    "🦷",
    "x" * 300,
    "x" * 301,
    "AUX.txt",
    "com¹",
    "a\\b",
    "C:",
    "~",
    "-",
    "7",
]


def unit(name: str, workplace: str = "") -> UnitKey:
    return unit_key({"unit.name": name, "unit.workplace": workplace})


def unit_folders(units: Iterable[UnitKey], to: Path) -> dict[UnitKey, str]:
    """Return the name of each unit's folder."""
    keys = list(units)
    folders = UnitFolders(keys, to)
    return {key: folders.choose(key)[0].folder.name for key in keys}


def put(folder: Path, name: str, workplace: str = "") -> None:
    """A plan folder, as far as it says whose it is."""
    folder.mkdir(exist_ok=True)
    text = f'[unit]\nname = "{name}"\n' + (f'workplace = "{workplace}"\n' if workplace else "")
    (folder / "answers.toml").write_text(text, encoding="utf-8")


def assert_valid(names: dict[UnitKey, str], count: int) -> None:
    assert len(set(names.values())) == len(names) == count
    for name in names.values():
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,66}[a-z0-9])?", name), name
        assert name not in DEVICES


@pytest.mark.criterion(26)
def test_odd_names_and_names_that_look_alike_get_valid_folders_of_their_own(tmp_path: Path) -> None:
    names = [*LOOK_ALIKE, *ODD]
    assert_valid(unit_folders(map(unit, names), tmp_path), len(names))


@given(names=st.lists(st.text(max_size=80).filter(str.strip), max_size=12, unique_by=unit))
def test_any_names_get_valid_folders_of_their_own(names: list[str]) -> None:
    assert_valid(unit_folders(map(unit, names), Path("nowhere")), len(names))


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Avdelning 7 (Öst)", "avdelning-7-ost"),
        ("Ängen", "angen"),
        ("CON", "unit-con"),
        ("../../x", "x"),
        ("🏥", "unit"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_that_no_other_has_is_the_folders(tmp_path: Path, name: str, folder: str) -> None:
    assert unit_folders([unit(name), unit("Röntgen")], tmp_path)[unit(name)] == folder


def test_equal_names_at_two_workplaces_are_two_units(tmp_path: Path) -> None:
    names = unit_folders([unit("Avdelning 7", "Norra"), unit("Avdelning 7", "Södra")], tmp_path)
    assert_valid(names, 2)
    assert all(re.fullmatch(r"avdelning-7-[0-9a-f]{6}", name) for name in names.values())


@pytest.mark.parametrize("twin", [unicodedata.normalize("NFD", "Ängen"), "ÄNGEN", "  ängen ", "Ängen\u00a0"])
def test_the_same_name_written_otherwise_is_the_same_unit(twin: str) -> None:
    assert unit(twin, "Norra  sjukhuset") == unit("Ängen", "norra sjukhuset")


def test_a_name_that_is_no_text_tells_a_unit_too() -> None:
    assert unit_key({"unit.name": 7}) == unit("7")


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    units = [unit(name) for name in (*LOOK_ALIKE[:4], "Röntgen")]
    expected = unit_folders(units, tmp_path)
    assert all(unit_folders(order, tmp_path) == expected for order in permutations(units))


def test_a_unit_keeps_its_folder_when_a_twin_comes_and_when_it_goes(tmp_path: Path) -> None:
    first, twin = unit("Ängen"), unit("Ången")
    assert unit_folders([first], tmp_path)[first] == "angen"
    put(tmp_path / "angen", "Ängen")
    both = unit_folders([twin, first], tmp_path)
    assert (both[first], both[twin][:6]) == ("angen", "angen-")
    put(tmp_path / both[twin], "Ången")
    assert unit_folders([twin], tmp_path) == {twin: both[twin]}
    assert unit_folders([twin, first, unit("Angen")], tmp_path).items() >= both.items()


def test_two_twins_keep_their_folders_when_one_of_them_goes(tmp_path: Path) -> None:
    first, twin = unit("Ängen"), unit("Ången")
    both = unit_folders([first, twin], tmp_path)
    put(tmp_path / both[first], "Ängen")
    put(tmp_path / both[twin], "Ången")
    assert unit_folders([first], tmp_path) == {first: both[first]}


def test_a_folder_of_another_unit_is_not_taken(tmp_path: Path) -> None:
    put(tmp_path / "avdelning-7", "Avdelning 7", "Norra")
    name = unit_folders([unit("Avdelning 7", "Södra")], tmp_path)[unit("Avdelning 7", "Södra")]
    assert re.fullmatch(r"avdelning-7-[0-9a-f]{6}", name)


@pytest.mark.parametrize(("before", "now"), [("", "Norra"), ("Norra", "")])
def test_a_workplace_that_comes_or_goes_makes_no_other_unit_of_the_only_one_of_its_name(
    tmp_path: Path, before: str, now: str
) -> None:
    put(tmp_path / "angen", "Ängen", before)
    for order in permutations([unit("Ängen", now), unit("Ången", "Norra"), unit("Röntgen")]):
        folders = unit_folders(order, tmp_path)
        assert (folders[unit("Ängen", now)], folders[unit("Ången", "Norra")][:6]) == ("angen", "angen-")


def test_another_workplace_is_another_unit(tmp_path: Path) -> None:
    put(tmp_path / "angen", "Ängen", "Norra")
    assert unit_folders([unit("Ängen", "Södra")], tmp_path)[unit("Ängen", "Södra")] != "angen"


def test_a_workplace_makes_another_unit_where_the_name_is_anothers_too(tmp_path: Path) -> None:
    put(tmp_path / "angen", "Ängen")
    names = unit_folders([unit("Ängen", "Norra"), unit("Ängen", "Södra")], tmp_path)
    assert "angen" not in names.values()
    with_blank = unit_folders([unit("Ängen"), unit("Ängen", "Södra")], tmp_path)
    assert (with_blank[unit("Ängen")], with_blank[unit("Ängen", "Södra")][:6]) == ("angen", "angen-")


def test_the_folder_of_another_row_is_no_namesakes(tmp_path: Path) -> None:
    """Its row is called Ängen; in its answers it is Ången, as a row that is new."""
    put(tmp_path / "angen", "Ången")
    (tmp_path / "angen" / ".peerplan").mkdir()
    record = FolderRecord(PLAN_ID, given={"unit.name": "Ängen"})
    (tmp_path / "angen" / RECORD).write_text(record.to_json(), encoding="utf-8")
    names = unit_folders([unit("Ängen", "Norra"), unit("Ången")], tmp_path)
    assert len({*names.values()}) == 2


@pytest.mark.parametrize("content", [b"", b"\xff", b"[unit", b'unit = "x"', b"[unit]\nname = 7\n"])
def test_answers_that_say_no_name_do_not_stop_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "angen").mkdir()
    (tmp_path / "angen" / "answers.toml").write_bytes(content)
    assert unit_folders([unit("Ängen")], tmp_path)[unit("Ängen")].startswith("angen")


def test_a_unit_called_like_anothers_longer_name_has_another_folder(tmp_path: Path) -> None:
    tail = sha256(repr(unit("Ängen")).encode()).hexdigest()[:6]
    assert_valid(unit_folders([unit("Ängen"), unit("Ången"), unit(f"Ängen {tail}")], tmp_path), 3)
