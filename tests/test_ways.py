"""An answer is understood however a person writes it: in a file, with --set and in a table."""

from datetime import date
from pathlib import Path

import pytest

from peerplan.answers.toml import read_answers
from peerplan.answers.ways import Ways, way_of, ways_of
from samples import AS_OF, EXAMPLES, guide, kit, run

WAYS = ways_of(kit().guides)
ANSWERS = (EXAMPLES / "surgical-ward-en" / "answers.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("support.managers", "Yes", "yes"),
        ("support.managers", " JA ", "yes"),
        ("support.managers", True, "yes"),
        ("support.managers", False, "no"),
        ("support.managers", "TRUE", "yes"),
        ("support.managers", "vet inte", "unknown"),
        ("support.managers", "Don\u2019t know", "unknown"),
        ("support.managers", "ja?", "ja?"),
        ("support.decision", True, True),
        ("support.decision", "Pr\u00f6va", "try"),
        ("environment.rooms", "Ej-aktuellt", "not-applicable"),
        ("unit.setting", "hemsjukvård", "home"),
        ("unit.setting", "primärvård", "primary-care"),
        ("unit.setting", "Primary Care", "primary-care"),
        ("unit.setting", "vård\u2013 och omsorgsboende", "special-accommodation"),
        ("unit.setting", "rymdskepp", "rymdskepp"),
        ("unit.coordinator.role", "Studentansvarig", "student-coordinator"),
        ("placement.scope", "whole period", "whole-period"),
        ("placement.activities", "Rondarbete; documentation", ["rounds", "documentation"]),
        ("placement.activities", ["Rondarbete", 7], ["rounds", 7]),
        ("placement.start", "18 januari 2027", date(2027, 1, 18)),
        ("placement.start", "1/2 2027", "1/2 2027"),
        ("planned-from", "18/1-27", date(2027, 1, 18)),
        ("due.rooms", "18 Jan 2027", date(2027, 1, 18)),
        ("placement.participants", "4", 4),
        ("unit.professions", "a; b", ["a", "b"]),
        ("language", "Svenska", "sv"),
        ("language", "engelska", "en"),
        ("unit.name", " Ja ", " Ja "),
        ("notes.rooms", "yes", "yes"),
        ("support.managers", "", ""),
        ("support.managers", "?", "unknown"),
        ("support.managers", "\u2013", "unknown"),
        ("support.managers", "Klart", "yes"),
        ("support.managers", "pågår", "partly"),
        ("support.managers", "x", "x"),
        ("support.managers", "N/A", "N/A"),
        ("environment.rooms", "N/A", "not-applicable"),
        ("environment.rooms", "Ej relevant", "not-applicable"),
        ("support.decision", "?", "undecided"),
        ("unit.professions", "", ""),
        ("unknown.key", "ja", "ja"),
    ],
)
def test_an_answer_is_understood(key: str, written: object, value: object) -> None:
    assert WAYS.read({key: written}) == {key: value}


def test_every_label_and_synonym_means_its_id_in_every_language() -> None:
    for content in kit().guides:
        for fact in content.facts:
            for choice in fact.choices:
                assert {WAYS.ids(fact.key).get(way_of(way)) for way in (choice.id, *choice.also)} == {choice.id}
        for item in content.items:
            for option in content.options_of(item):
                ways = (option.id, option.label, *option.also)
                assert {WAYS.ids(item.key).get(way_of(way)) for way in ways} == {option.id}


def test_a_label_that_means_two_ids_is_not_guessed() -> None:
    options = [one.model_copy(update={"label": "maybe"}) for one in guide().options]
    ways = Ways((guide().model_copy(update={"options": tuple(options)}),))
    assert ways.read({"support.managers": "maybe"}) == {"support.managers": "maybe"}
    assert ways.read({"support.managers": "yes"}) == {"support.managers": "yes"}


def test_what_was_written_becomes_an_id_in_the_file_and_comments_stay(tmp_path: Path) -> None:
    mine = ANSWERS.replace('setting = "hospital"', 'setting = "Vårdavdelning"  # the big one')
    mine = mine.replace("start = 2027-01-18", 'start = "18 January 2027"')
    (tmp_path / "mine.toml").write_text(f'{mine}\n[due]\nrooms = "1 dec 2026" # Eva\n', encoding="utf-8")
    arguments = ["--answers", "mine.toml", "--set", "support.managers=JA", "--as-of", str(AS_OF)]
    made = run("init", "ward", *arguments, "--no-input", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    path = tmp_path / "ward" / "answers.toml"
    text = path.read_text(encoding="utf-8")
    for line in ('setting = "hospital"  # the big one', "start = 2027-01-18", 'managers = "yes"', "2026-12-01 # Eva"):
        assert line in text
    text = text.replace('managers = "yes"', 'managers = "yes" # she said so')
    path.write_text(text.replace('managers = "yes"', "managers = true"), encoding="utf-8")
    made = run("update", "ward", "--as-of", str(AS_OF), cwd=tmp_path)
    assert (made.returncode, path.read_text(encoding="utf-8")) == (0, text)
    assert "1 date" not in made.stdout


def test_a_unit_can_be_given_in_swedish_alone(tmp_path: Path) -> None:
    settings = ("unit.name=Ängen", "unit.setting=hemsjukvård", "placement.start=18/1 2027", "language=svenska")
    arguments = [part for one in settings for part in ("--set", one)]
    made = run("init", "w", *arguments, "--no-input", "--as-of", str(AS_OF), cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    answers = read_answers(tmp_path / "w" / "answers.toml").draft
    assert (answers["unit.setting"], answers["placement.start"]) == ("home", date(2027, 1, 18))


def test_nonsense_is_refused_with_what_was_probably_meant(tmp_path: Path) -> None:
    settings = ("unit.name=W", "unit.setting=hemsjukvad", "placement.start=2027-01-18", "support.managers=kanske")
    arguments = [part for one in settings for part in ("--set", one)]
    made = run("init", "w", *arguments, "--lang", "sv", "--no-input", "--as-of", str(AS_OF), cwd=tmp_path)
    assert made.returncode == 3
    assert "menade du home?" in made.stderr
    assert "'kanske' går inte att välja" in made.stderr
