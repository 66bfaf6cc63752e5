"""What the headings and the cells of a units table mean."""

import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from peerplan.answers.draft import Draft
from peerplan.answers.ways import ways_of
from peerplan.commands.batch.rows import Units, changed_draft, parse_units
from peerplan.errors import InputError
from peerplan.guide.tailoring import Profile, tailor
from peerplan.tables import read_table
from samples import EXAMPLES, guide, kit
from table_files import as_csv, save, save_workbook

LANGUAGES = ("en", "sv")
HEADINGS = ["Enhet", "Verksamhet", "Start"]
ROW = ["Ängen", "sjukhusvård", "2027-01-18"]


def units_of(folder: Path, *rows: list[str]) -> Units:
    return parse_units(read_table(save(folder, as_csv(list(rows)))), kit(), "sv")


def given_for(folder: Path, heading: str, text: str) -> Draft:
    """What a row gives in a column beside the three that every table needs."""
    given = next(units_of(folder, [*HEADINGS, heading], [*ROW, text]).rows).given
    return {key: value for key, value in given.items() if key not in ("unit.name", "unit.setting", "placement.start")}


def refusal(folder: Path, *rows: list[str]) -> list[tuple[str, dict[str, object], str]]:
    with pytest.raises(InputError) as caught:
        units_of(folder, *rows)
    return [(problem.message, dict(problem.values), problem.place) for problem in caught.value.problems]


# --- headings --------------------------------------------------------------------------------------------------------


def test_a_table_without_headings_is_told_with_those_that_it_needs(tmp_path: Path) -> None:
    told = refusal(tmp_path, ["Ward 7", "2027"], ["Ward 8", "2027"])
    assert [(message, values.get("heading")) for message, values, _ in told] == [
        ("table-headings-missing", None),
        *(("units-column-missing", heading) for heading in HEADINGS),
    ]


@pytest.mark.parametrize("name", ["Summa", "TOTAL", "Totalt"])
def test_a_total_under_the_table_is_no_unit_and_told(tmp_path: Path, name: str) -> None:
    units = units_of(tmp_path, [*HEADINGS, "Antal"], [*ROW, "4"], [name, "", "", "4"], [name, *ROW[1:], "2"])
    assert [row.given["unit.name"] for row in units.rows] == ["Ängen", name]
    assert [(one.message, one.place) for one in units.notices] == [("units-total", "units.csv:3: Enhet")]


def test_headings_that_come_again_are_no_unit_and_told(tmp_path: Path) -> None:
    units = units_of(tmp_path, HEADINGS, ROW, HEADINGS, ["Ången", *ROW[1:]])
    assert [row.given["unit.name"] for row in units.rows] == ["Ängen", "Ången"]
    assert [(one.message, one.place) for one in units.notices] == [("units-headings-again", "units.csv:3: Enhet")]


def test_where_a_column_is_missing_the_headings_that_are_not_known_are_told_too(tmp_path: Path) -> None:
    assert refusal(tmp_path, ["Enhet", "Verksamhet", "Introduktionsvecka"], ROW) == [
        ("table-heading-unknown", {"heading": "Introduktionsvecka"}, "units.csv:1 (C1)"),
        ("units-column-missing", {"heading": "Start"}, "units.csv:1 (A1)"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_a_column_by_its_label_and_by_its_id(tmp_path: Path, language: str) -> None:
    content = guide(language)
    keys = [fact.key for fact in content.facts] + [f"{item.area}.{item.id}" for item in content.items]
    labels = [fact.label for fact in content.facts] + [item.label for item in content.items]
    ids = [fact.column for fact in content.facts] + [item.id for item in content.items]
    for headings in (labels, ids, [label.upper() for label in labels]):
        assert units_of(tmp_path, headings, ["x"] * len(headings)).keys == tuple(keys)


def test_no_heading_means_two_things() -> None:
    meanings = defaultdict(set)
    for content in map(guide, LANGUAGES):
        for fact in content.facts:
            for heading in (fact.label, fact.column, *fact.also):
                meanings[heading.casefold()].add(fact.key)
        for item in content.items:
            for heading in (item.label, item.id):
                meanings[heading.casefold()].add(item.id)
    assert [heading for heading, keys in meanings.items() if len(keys) > 1] == []


def test_no_value_means_two_things() -> None:
    meanings = defaultdict(set)
    for content in map(guide, LANGUAGES):
        choices = [(fact.key, choice.label, choice.id) for fact in content.facts for choice in fact.choices]
        options = [(item.id, one.label, one.id) for item in content.items for one in content.options_of(item)]
        for key, label, value in (*choices, *options):
            meanings[key, label.casefold()].add(value)
            meanings[key, value.casefold()].add(value)
    assert [name for name, values in meanings.items() if len(values) > 1] == []


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("Plan B", "environment.plan-b"),
        ("  chefernas   STÖD ", "support.managers"),
        ("Managers' support", "support.managers"),
        ("coordinator-email", "unit.coordinator.email"),
        ("Samordnarens e-post", "unit.coordinator.email"),
        ("Språk", "language"),
        ("Language", "language"),
    ],
)
def test_a_heading_is_known_in_both_languages_and_by_its_id(tmp_path: Path, spelling: str, key: str) -> None:
    assert units_of(tmp_path, [*HEADINGS, spelling], [*ROW, "x"]).keys[-1] == key


def test_each_column_that_no_plan_can_do_without_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path, ["Antal"], ["4"]) == [
        ("units-column-missing", {"heading": heading}, "units.csv:1 (A1)")
        for heading in ("Enhet", "Verksamhet", "Start")
    ]


def test_a_misspelt_heading_and_a_missing_column_are_told_together(tmp_path: Path) -> None:
    assert refusal(tmp_path, ["Enhet", "Verksamhett", "Start"], ROW) == [
        ("table-heading-misspelt", {"heading": "Verksamhett", "nearest": "Verksamhet"}, "units.csv:1 (B1)"),
        ("units-column-missing", {"heading": "Verksamhet"}, "units.csv:1 (A1)"),
    ]


def test_a_heading_that_is_nearly_one_that_is_there_is_somebody_elses(tmp_path: Path) -> None:
    """Microsoft Forms adds Starttid and Namn to what was asked for."""
    units = units_of(tmp_path, [*HEADINGS, "Starttid", "Namn"], [*ROW, "x", "x"])
    assert [(one.message, one.values) for one in units.notices] == [
        ("table-heading-unknown", {"heading": heading}) for heading in ("Starttid", "Namn")
    ]


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("Antal studenter", "placement.participants"),
        ("Number of students", "placement.participants"),
        ("Slutdatum", "placement.end"),
        ("END DATE", "placement.end"),
        ("Samordnare", "unit.coordinator.name"),
        ("Coordinator", "unit.coordinator.name"),
        ("Mejl", "unit.coordinator.email"),
        ("E-mail", "unit.coordinator.email"),
        ("Telefon", "unit.coordinator.phone"),
        ("Sjukhus", "unit.workplace"),
    ],
)
def test_a_heading_as_the_trade_writes_it_is_known(tmp_path: Path, spelling: str, key: str) -> None:
    units = units_of(tmp_path, ["Avdelning", "Typ av verksamhet", "Startdatum", spelling], [*ROW, "x"])
    assert (units.keys, units.notices) == (("unit.name", "unit.setting", "placement.start", key), ())


def test_a_heading_of_the_trade_gives_way_to_the_tables_own(tmp_path: Path) -> None:
    """Microsoft Forms adds E-post, of whoever answered, to what was asked for."""
    units = units_of(tmp_path, [*HEADINGS, "E-post", "Samordnarens e-post"], [*ROW, "anonymous", "bo@ki.example"])
    assert units.keys[-2:] == (None, "unit.coordinator.email")
    assert [(one.message, one.values, one.place) for one in units.notices] == [
        ("table-heading-other", {"heading": "E-post", "other": "Samordnarens e-post"}, "units.csv:1 (D1)")
    ]


def test_two_headings_of_the_trade_for_the_same_are_refused(tmp_path: Path) -> None:
    [(message, _, _)] = refusal(tmp_path, [*HEADINGS, "Mejl", "E-post"], [*ROW, "", ""])
    assert message == "table-heading-twice"


@pytest.mark.parametrize(("heading", "nearest"), [("Slutdatum VT 2027", "Slutdatum"), ("Mejladres", "Mejladress")])
def test_a_heading_that_is_near_one_of_the_trade_is_told_with_it(tmp_path: Path, heading: str, nearest: str) -> None:
    (told,) = units_of(tmp_path, [*HEADINGS, heading], [*ROW, ""]).notices
    assert (told.message, told.values) == ("table-heading-unknown-near", {"heading": heading, "nearest": nearest})


def test_two_headings_for_the_same_are_refused(tmp_path: Path) -> None:
    [(message, values, _)] = refusal(tmp_path, [*HEADINGS, "Unit"], [*ROW, "x"])
    assert (message, values["meaning"]) == ("table-heading-twice", "Enhet")


def test_a_column_of_something_else_is_told_and_not_used(tmp_path: Path) -> None:
    units = units_of(tmp_path, [*HEADINGS, "Kostnadsställe"], [*ROW, "4711"])
    assert [(one.message, one.values) for one in units.notices] == [
        ("table-heading-unknown", {"heading": "Kostnadsställe"})
    ]
    assert next(units.rows).given == {
        "unit.name": "Ängen",
        "unit.setting": "hospital",
        "placement.start": date(2027, 1, 18),
    }


@pytest.mark.criterion(4)
@pytest.mark.parametrize("text", ["4", "4.0", "4,0", "4,00"])
def test_a_whole_number_is_one_however_it_was_saved(tmp_path: Path, text: str) -> None:
    units = units_of(tmp_path, [*HEADINGS, "Antal"], [*ROW, text])
    assert next(units.rows).given["placement.participants"] == 4


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_known_by_its_label_and_its_id(tmp_path: Path, language: str) -> None:
    content = guide(language)
    choices = [
        (fact.label, fact.key, choice.label, choice.id)
        for setting in ("hospital", "special-accommodation", "home", "")
        for fact in content.facts
        for choice in tailor(content, Profile(setting=setting)).choices[fact.key]
    ]
    options = [
        (item.label, f"{item.area}.{item.id}", option.label, option.id)
        for item in content.items
        for option in content.options_of(item)
    ]
    columns = list(dict.fromkeys((heading, key) for heading, key, _, _ in (*choices, *options)))
    rows: list[list[str]] = []
    expected: list[tuple[str, object]] = []
    for number, (_, key, label, value) in enumerate((*choices, *options)):
        text = (label, label.upper(), value)[number % 3]
        rows += [["Ängen", "2027-01-18", *(text if one == key else "" for _, one in columns)]]
        expected.append((key, [value] if key == "placement.activities" else value))
    units = units_of(tmp_path, ["Enhet", "Start", *(heading for heading, _ in columns)], *rows)
    assert [(key, row.given[key]) for row, (key, _) in zip(units.rows, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("heading", "text", "given"),
    [
        ("Chefernas stöd", " Delvis ", {"support.managers": "partly"}),
        ("Chefernas stöd", "vet  ej", {"support.managers": "unknown"}),
        ("Chefernas stöd", "kanske", {"support.managers": "kanske"}),
        ("Chefernas stöd", " ", {}),
        ("Aktiviteter", "Rondarbete; delegating", {"placement.activities": ["rounds", "delegating"]}),
        ("Yrken", "sjuksköterska; ja", {"unit.professions": ["sjuksköterska", "ja"]}),
        ("Arbetsplats", "ja", {"unit.workplace": "ja"}),
        ("Slut", "46458", {"placement.end": date(2027, 3, 12)}),
        ("Slut", "2027-03-12 00:00:00", {"placement.end": date(2027, 3, 12)}),
        ("Slut", "12/03/2027", {"placement.end": "12/03/2027"}),
        ("Antal", "46458", {"placement.participants": 46458}),
        ("Språk", "Svenska", {"language": "sv"}),
        ("Språk", "ENGLISH", {"language": "en"}),
    ],
)
def test_a_cell_gives_an_id_a_date_or_its_text(tmp_path: Path, heading: str, text: str, given: dict[str, str]) -> None:
    assert given_for(tmp_path, heading, text) == given


def test_a_label_with_its_rings_and_dots_apart_is_known(tmp_path: Path) -> None:
    row = [ROW[0], unicodedata.normalize("NFD", ROW[1]), ROW[2]]
    assert next(units_of(tmp_path, HEADINGS, row).rows).given["unit.setting"] == "hospital"


@pytest.mark.parametrize(
    ("heading", "text", "value"), [("Omfattning", "Whole-Period", "whole-period"), ("Språk", "SV", "sv")]
)
def test_an_id_is_known_whatever_its_case(tmp_path: Path, heading: str, text: str, value: str) -> None:
    assert list(given_for(tmp_path, heading, text).values()) == [value]


def test_a_workbooks_dates_and_numbers_give_the_same_as_text(tmp_path: Path) -> None:
    headings = [*HEADINGS, "Antal"]
    workbook = save_workbook(tmp_path, [headings, [*ROW[:2], date(2027, 1, 18), 4.0]])
    assert next(parse_units(read_table(workbook), kit(), "sv").rows).given == {
        "unit.name": "Ängen",
        "unit.setting": "hospital",
        "placement.start": date(2027, 1, 18),
        "placement.participants": 4,
    }


def test_an_answer_has_the_place_of_its_cell_or_of_its_row(tmp_path: Path) -> None:
    units = units_of(tmp_path, HEADINGS, ROW, ROW)
    second = [*units.rows][1].row
    assert units.place(second, "unit.setting") == "units.csv:3: Verksamhet"
    assert units.place(second, "language") == "units.csv:3: language"


# --- answers ---------------------------------------------------------------------------------------------------------


def test_a_row_becomes_answers_of_their_kinds() -> None:
    given = {
        "unit.name": "7",
        "placement.start": "2027-01-18",
        "placement.participants": "4",
        "unit.professions": "läkare; sjuksköterska",
        "placement.activities": "rounds, delegating",
        "support.managers": "yes",
    }
    assert ways_of(kit().guides).read(given) == {
        "unit.name": "7",
        "placement.start": date(2027, 1, 18),
        "placement.participants": 4,
        "unit.professions": ["läkare", "sjuksköterska"],
        "placement.activities": ["rounds", "delegating"],
        "support.managers": "yes",
    }


@pytest.mark.parametrize(
    ("before", "now", "value", "told"),
    [
        ("no", "no", "yes", 0),  # the row is as it was: hers stays
        ("no", "partly", "yes", 1),  # both changed: hers stays, and it is told
        ("", "partly", "yes", 1),
        ("no", "yes", "yes", 0),  # both say the same
        ("yes", "partly", "partly", 0),  # she had not changed it
        ("yes", "", None, 0),  # emptied in the row, and nobody had changed it
        ("no", "", "yes", 0),  # emptied in the row, but she had changed it
        ("", "", "yes", 0),
        ("yes", None, "yes", 0),  # the table has the column no more
    ],
)
def test_only_what_changed_in_the_row_changes_the_answers_and_not_hers(
    tmp_path: Path, before: str, now: str | None, value: str | None, told: int
) -> None:
    draft: Draft = {"support.managers": "yes", "notes.rooms": "Delas."}
    (first,) = units_of(tmp_path, [*HEADINGS, "managers"], [*ROW, before]).rows
    columns, cells = ([*HEADINGS, "managers"], [*ROW, now]) if now is not None else (HEADINGS, ROW)
    (then,) = units_of(tmp_path, columns, cells).rows
    changed, stays = changed_draft(draft, first.remembered({}), then, {})
    assert changed["notes.rooms"] == "Delas."
    assert (changed.get("support.managers"), stays) == (value, ("support.managers",) * told)


@pytest.mark.parametrize("not_known", ["", "unknown"])
def test_what_a_unit_does_not_know_its_row_may_tell(tmp_path: Path, not_known: str) -> None:
    (row,) = units_of(tmp_path, [*HEADINGS, "managers", "language"], [*ROW, "yes", "sv"]).rows
    draft: Draft = {"language": "en", "support.managers": not_known}
    changed, told = changed_draft(draft, {}, row, {"support.managers": "unknown"})
    assert (changed["support.managers"], changed["language"], told) == ("yes", "sv", ())


def test_the_example_has_twelve_units_of_every_kind() -> None:
    rows = [*parse_units(read_table(EXAMPLES / "units.csv"), kit(), "sv").rows]
    assert len(rows) == 12
    for key in ("unit.setting", "placement.audience", "placement.scope", "placement.level"):
        assert {row.given.get(key) for row in rows} >= {choice.id for choice in guide().fact(key).choices}, key
    assert min(str(row.given["placement.start"]) for row in rows) == "2027-01-18"
