"""The shipped content is whole, and content that contradicts itself is refused with its file and record."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit

from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.guide.load import NOT_GUIDE
from peerplan.messages import CONTENT, Messages
from samples import guide, kit

LANGUAGES = ["en", "sv"]
ITEMS = {
    "support": ["decision", "managers", "coordination", "colleagues", "short-course", "supervisors", "rota"],
    "environment": [
        *("adaptations", "rooms", "computers", "shared-shifts", "activities-planned", "patients", "plan-b"),
        *("individual-time", "reflection"),
    ],
    "institution": ["contact", "theory", "objectives", "endorsement", "numbers", "escalation"],
    "students": ["channel", "email-written", "email-sent", "first-day", "private-needs"],
}

Change = Callable[[tomlkit.TOMLDocument], object]


# --- the shipped content ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ids_that_answers_files_hold_are_still_there_in_their_area_and_order(language: str) -> None:
    content = guide(language)
    for area, ids in ITEMS.items():
        assert [item.id for item in content.items if item.area == area and item.id in ids] == ids


def test_institution_items_follow_the_contact() -> None:
    follows = {item.id: item.follows for item in guide().items}
    assert {follows[item] for item in ITEMS["institution"] if item != "contact"} == {"contact"}


@pytest.mark.parametrize(
    ("key", "ids"),
    [
        (
            "unit.setting",
            [
                *("home", "primary-care", "special-accommodation", "laboratory", "dental-clinic", "radiology"),
                *("hospital", "other"),
            ],
        ),
        ("placement.scope", ["whole-period", "single-activities", "education-ward"]),
        ("placement.level", ["beginner", "intermediate", "advanced", "specialist"]),
        ("placement.audience", ["students", "new-colleagues"]),
        ("unit.coordinator.role", ["aka", "klass", "student-coordinator", "other"]),
    ],
)
def test_the_choices_are_those_of_the_design(key: str, ids: list[str]) -> None:
    assert [choice.id for choice in guide().fact(key).choices] == ids


def test_the_answers_are_those_of_the_design() -> None:
    content = guide()
    assert [option.id for option in content.options] == ["yes", "partly", "no", "unknown", "not-applicable"]
    assert [option.id for option in content.options_of(content.item("decision"))] == ["use", "try", "undecided"]


def test_owners_are_roles_and_never_students() -> None:
    assert [owner.id for owner in guide().owners] == ["manager", "coordinator", "supervisor", "institution"]


def test_every_activity_of_the_catalogue_is_there() -> None:
    assert {activity.id for activity in guide().activities} == {
        *("admission-discharge", "rounds", "delegating", "equipment", "assistive-devices", "patient-encounter"),
        *("specimens", "teaching-staff", "home-visit", "documentation", "patient-education"),
        *("difficult-conversation", "skills-training", "telephone-advice", "examination"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_activity_leaves_its_objective_to_be_filled_in(language: str) -> None:
    mark = {"en": "[fill in: ", "sv": "[fyll i: "}[language]
    assert all(activity.objective.startswith(mark) for activity in guide(language).activities)


def test_both_languages_have_the_same_records_in_the_same_order() -> None:
    english, swedish = guide("en"), guide("sv")
    for name in ("items", "facts", "areas", "owners", "advice", "activities", "risks", "follow_ups", "roles"):
        first, second = (
            [getattr(one, "id", "") or one.key for one in getattr(one, name)] for one in (english, swedish)
        )
        assert first == second
    assert english.sources == swedish.sources


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_languages_texts_are_not_there(language: str) -> None:
    other = {"en": "och", "sv": "the"}[language]
    texts = [text for item in guide(language).items for text in (item.question, item.why, *item.steps)]
    assert len(texts) > 100
    assert [text for text in texts if f" {other} " in text] == []


# A DOI or a URN, the publisher itself, or the authority that says it: no scraper, no editing host.
OFFICIAL = (
    r"https://(?:doi\.org/10\.|urn\.kb\.se/resolve|"
    r"(?:(?:staff|medarbetare)\.ki|www\.karolinska|www\.imy|support\.praktikplatsen)\.se/|"
    r"learn\.nes\.nhs\.scot/|septentrio\.uit\.no/|sykepleien\.no/forskning/|journals\.sagepub\.com/)"
)


def test_every_source_has_a_doi_or_an_official_address_a_title_and_a_year_and_is_cited() -> None:
    content = guide()
    cited = {source for item in content.items for source in item.sources}
    cited |= {source for item in content.items for variant in item.variants for source in variant.sources}
    for records in (content.advice, content.activities, content.risks, content.roles, content.follow_ups):
        cited |= {source for record in records for source in record.sources}
    assert cited == {source.id for source in content.sources}
    for source in content.sources:
        assert source.title
        assert source.publisher
        assert 2000 <= source.year <= 2026
        assert re.match(OFFICIAL, source.url), source.url


def test_the_content_is_read_once() -> None:
    assert kit().guide("en") is kit().guide("en")


# --- content of one's own --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def changed(folder: Path, name: str, change: Change) -> Guide:
    path = folder / name
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return Kit(Messages(), folder).guide("sv")


def refused(folder: Path, name: str, change: Change) -> list[Problem]:
    with pytest.raises(InputError) as error:
        changed(folder, name, change)
    return list(error.value.problems)


def record(document: tomlkit.TOMLDocument, top: str, record_id: str) -> dict[str, object]:
    found: dict[str, object] = next(one for one in document[top] if record_id in (one.get("id"), one.get("key")))
    return found


def test_a_changed_text_is_read(folder: Path) -> None:
    made = changed(folder, "items.toml", lambda one: record(one, "items", "rooms").update(label=both("Rum", "Rooms")))
    assert made.item("rooms").label == "Rum"


def both(swedish: str, english: str) -> dict[str, str]:
    return {"en": english, "sv": swedish}


WRONG: list[tuple[str, Change, str, str]] = [
    # a missing translation, with the language that lacks it
    ("items.toml", lambda one: record(one, "items", "rooms").update(why={"en": "Why"}), "content-wrong", "rooms: why"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(why={"sv": "Skäl"}), "content-wrong", "rooms: why"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(why=both("", "")), "content-wrong", "rooms: why"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(why="Why"), "content-wrong", "rooms: why"),
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(why={"en": "Why", "sv": "Skäl", "de": "Grund"}),
        "content-wrong",
        "rooms: why",
    ),
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(steps={"en": ["One.", "Two."], "sv": ["Ett."]}),
        "content-wrong",
        "rooms: steps",
    ),
    ("risks.toml", lambda one: record(one, "risks", "absence").pop("action"), "content-wrong", "absence: action"),
    # a field that there is not, or of the wrong kind
    ("items.toml", lambda one: record(one, "items", "rooms").update(blocs=["no"]), "content-wrong", "rooms: blocs"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(lead={"default": "six"}), "content-wrong", "rooms"),
    ("follow-up.toml", lambda one: record(one, "follow_ups", "day-1").update(anchor="ends"), "content-wrong", "day-1"),
    # an id that there is not
    ("items.toml", lambda one: record(one, "items", "rooms").update(area="enviroment"), "content-unknown", "rooms"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(owner="student"), "content-unknown", "rooms"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(sources=["nobody"]), "content-unknown", "rooms"),
    ("items.toml", lambda one: record(one, "items", "theory").update(follows="contakt"), "content-unknown", "theory"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(blocks=["nej"]), "content-unknown", "rooms"),
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(lead={"default": 6, "ward": 8}),
        "content-unknown",
        "rooms",
    ),
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(when={"scope": ["ward"]}),
        "content-unknown",
        "rooms",
    ),
    ("risks.toml", lambda one: record(one, "risks", "absence").update(open=["plan-c"]), "content-unknown", "absence"),
    (
        "advice.toml",
        lambda one: record(one, "advice", "odd-trio").update(sources=["nobody"]),
        "content-unknown",
        "odd-trio",
    ),
    ("roles.toml", lambda one: record(one, "roles", "manager").update(owner="boss"), "content-unknown", "manager"),
    ("activities.toml", lambda one: record(one, "activities", "rounds").update(id="round"), "content-unknown", "round"),
    # a word that there is not
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(why=both("{lerner}", "x")),
        "content-unknown",
        "rooms",
    ),
    # an id twice
    ("items.toml", lambda one: record(one, "items", "rooms").update(id="computers"), "content-duplicate", "computers"),
    ("risks.toml", lambda one: record(one, "risks", "absence").update(id="too-many"), "content-duplicate", "too-many"),
    (
        "items.toml",
        lambda one: record(one, "items", "rooms").update(id="participants"),
        "content-duplicate",
        "participants",
    ),
    # a circle
    ("items.toml", lambda one: record(one, "items", "contact").update(follows="theory"), "content-cycle", "contact"),
    ("items.toml", lambda one: record(one, "items", "rooms").update(follows="rooms"), "content-cycle", "rooms"),
]


@pytest.mark.parametrize(("name", "change", "message", "place"), WRONG)
def test_wrong_content_is_refused_with_its_file_and_record(
    folder: Path, name: str, change: Change, message: str, place: str
) -> None:
    problems = refused(folder, name, change)
    assert [one for one in problems if one.message == message and one.place.startswith(f"{name}: {place}")]


def test_a_choice_that_replaces_a_word_that_there_is_not_is_refused(folder: Path) -> None:
    path = folder / "facts.toml"
    text = path.read_text(encoding="utf-8").replace("words.the_unit =", "words.the_ward =", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        Kit(Messages(), folder).guide("en")
    (problem,) = error.value.problems
    assert (problem.message, problem.place) == ("content-unknown", "facts.toml: unit.setting")
    assert problem.values == {"id": "the_ward", "kind": "words"}


def test_an_unknown_id_is_named_with_what_it_should_be(folder: Path) -> None:
    (problem,) = refused(folder, "items.toml", lambda one: record(one, "items", "rooms").update(owner="student"))
    assert problem.values == {"id": "student", "kind": "owners"}


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    def change(document: tomlkit.TOMLDocument) -> None:
        record(document, "items", "rooms")["owner"] = "student"
        record(document, "items", "computers")["area"] = "room"

    problems = refused(folder, "items.toml", change)
    assert [one.place for one in problems] == ["items.toml: rooms", "items.toml: computers"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"[[risks]\n", "line 1"),
        (b'id = "a"\nid = "b"\n', "line 2"),
        ("# å\n".encode("cp1252"), "utf-8"),
        (b"\0", "line 1"),
    ],
)
def test_a_broken_file_is_named(folder: Path, content: bytes, what: str) -> None:
    (folder / "risks.toml").write_bytes(content)
    with pytest.raises(InputError) as error:
        Kit(Messages(), folder).guide("en")
    (problem,) = error.value.problems
    assert (problem.message, problem.place) == ("content-wrong", "risks.toml")
    assert what in str(problem.values["what"])


def test_a_list_that_two_files_hold_is_refused(folder: Path) -> None:
    (folder / "zzz.toml").write_text('[[risks]]\nid = "mine"\n', encoding="utf-8")
    with pytest.raises(InputError) as error:
        Kit(Messages(), folder).guide("en")
    (problem,) = error.value.problems
    assert (problem.message, problem.values, problem.place) == ("content-duplicate", {"id": "risks"}, "zzz.toml")


PARTS = sorted(path.name for path in CONTENT.glob("*.toml") if path.name not in NOT_GUIDE)


@pytest.mark.parametrize("name", PARTS)
def test_content_without_one_of_its_files_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError) as error:
        Kit(Messages(), folder).guide("en")
    assert {one.message for one in error.value.problems} <= {"content-wrong", "content-unknown"}
