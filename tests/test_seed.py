"""Every row of the guide page's checklist is served in what a unit is given: a row's number, and where it stands.

The page says what peer learning requires and what to think of before starting; the rows number what it says.
"""

import re
from dataclasses import dataclass
from functools import cache

import pytest

from peerplan.answers.draft import Draft, check_answers
from peerplan.answers.toml import read_answers
from peerplan.plan.plan import make_plan
from samples import AS_OF, EXAMPLES, draft, guide, rendered

WITH_STUDENTS = ("surgical-ward", "health-centre", "education-ward", "dental-clinic")
EXAMPLE_KINDS = (*WITH_STUDENTS, "laboratory")

# Units that no example shows.
OTHER_UNITS: dict[str, Draft] = {
    "undecided": {},
    "with-an-aka": {"unit.coordinator.role": "aka"},
    "starting-today": {"placement.start": AS_OF},
    **{f"setting-{one.id}": {"unit.setting": one.id} for one in guide().fact("unit.setting").choices},
    **{f"level-{one.id}": {"placement.level": one.id} for one in guide().fact("placement.level").choices},
}


@dataclass(frozen=True)
class Served:
    """Where a row is served: a document of some units, and what stands there in English and in Swedish."""

    row: int
    units: tuple[str, ...]
    document: str
    en: str
    sv: str


def item(row: int, item_id: str, units: tuple[str, ...]) -> Served:
    """The item's box to tick in the plan, whether it is done or not."""
    return Served(row, units, "plan.md", f"<!-- {item_id} -->", f"<!-- {item_id} -->")


def label(row: int, unit: str, en: str, sv: str) -> Served:
    """A cell in the table that says what the plan is for."""
    return Served(row, (unit,), "plan.md", f"| {en} |", f"| {sv} |")


SERVED = [
    # 1: it requires planning
    Served(1, EXAMPLE_KINDS, "plan.md", "It takes planning", "Det behöver planeras"),
    # 2: supported by colleagues and by management
    item(2, "managers", EXAMPLE_KINDS),
    item(2, "colleagues", EXAMPLE_KINDS),
    # 3: communicated with those who come
    item(3, "email-sent", EXAMPLE_KINDS),
    item(3, "first-day", EXAMPLE_KINDS),
    # 4: preferably endorsed by the institution, which is no must
    item(4, "endorsement", ("surgical-ward", "education-ward", "dental-clinic")),
    Served(
        4, ("surgical-ward", "dental-clinic"), "plan.md", "It is preferable, but not a must", "önskvärt men inget krav"
    ),
    Served(4, ("health-centre",), "plan.md", "A no does not stop you", "Ett nej hindrar er inte"),
    # 5: in many professions and situations, in different ways
    Served(5, EXAMPLE_KINDS, "plan.md", "used by many professions", "används av många yrken"),
    Served(
        5,
        ("surgical-ward", "education-ward", "dental-clinic", "laboratory"),
        "plan.md",
        "in many situations and in different ways",
        "i många situationer och på olika sätt",
    ),
    # 6: decide to use it, or just to try
    item(6, "decision", EXAMPLE_KINDS),
    Served(6, ("undecided",), "plan.md", "introduce peer learning, or try it", "införa peer learning eller pröva"),
    Served(6, ("surgical-ward",), "plan.md", "Decision to start: try", "Beslut att börja: pröva"),
    Served(6, ("laboratory",), "plan.md", "Decision to start: use", "Beslut att börja: införa"),
    # 7: managers' and colleagues' support to try it out
    Served(7, WITH_STUDENTS, "workplace-meeting.md", "Can we try?", "Kan vi pröva?"),
    Served(7, ("undecided",), "plan.md", "Ask for a yes", "Be om ett ja"),
    Served(7, ("undecided",), "plan.md", "Ask straight out whether they are with you", "Fråga rakt ut om de är med"),
    # 8: a short course or overview, perhaps at a workplace meeting
    item(8, "short-course", EXAMPLE_KINDS),
    Served(8, WITH_STUDENTS, "plan.md", "at a workplace meeting", "på en arbetsplatsträff (APT)"),
    Served(8, WITH_STUDENTS, "workplace-meeting.md", "What is it?", "Vad är det?"),
    # 9: whether the learning environment has to be adapted
    item(9, "adaptations", EXAMPLE_KINDS),
    # 10: theoretical support from the institution, tied to the learning objectives
    item(10, "contact", WITH_STUDENTS),
    item(10, "theory", ("health-centre", "education-ward", "dental-clinic")),
    Served(10, ("undecided",), "plan.md", "which objectives", "vilka mål"),
    Served(
        10,
        ("undecided",),
        "institution-email.txt",
        "how peer learning ties in with the objectives",
        "hur peer learning hänger ihop med målen",
    ),
    # 11: an AKA, a KlAss or a student coordinator coordinates the supervision, where there is one
    item(11, "coordination", EXAMPLE_KINDS),
    Served(11, ("with-an-aka",), "plan.md", "(AKA), coordinates", "(AKA), samordnar"),
    Served(11, ("dental-clinic",), "plan.md", "(KlAss), coordinates", "(KlAss), samordnar"),
    Served(11, ("health-centre",), "plan.md", "student coordinator, coordinates", "studentansvarig, samordnar"),
    Served(
        11,
        ("laboratory",),
        "plan.md",
        "that person has the coordinating responsibility",
        "har den personen det samordnande ansvaret",
    ),
    Served(
        11,
        ("undecided",),
        "plan.md",
        "If you have an AKA, a KlAss or a student coordinator, that person coordinates",
        "Har ni en AKA, en KlAss eller en studentansvarig är det den personen som samordnar",
    ),
    # 12: told in advance that it will be used, and what it means here
    Served(
        12,
        EXAMPLE_KINDS,
        "student-email.txt",
        "peer learning, and here you can read what",
        "peer learning, och här får du veta",
    ),
    Served(
        12, EXAMPLE_KINDS, "student-email.txt", "What peer learning means with us", "Vad peer learning innebär hos oss"
    ),
    # 13: else talked about at the start
    Served(13, EXAMPLE_KINDS, "plan.md", "## The talk on the first day", "## Samtalet första dagen"),
    Served(13, ("starting-today",), "plan.md", "The e-mail can no longer reach them", "Mejlet hinner inte fram i tid"),
    # 14: at home, in primary care, special accommodation, laboratories, dental clinics, radiology, hospitals, elsewhere
    label(14, "setting-home", "home care", "hemsjukvård"),
    label(14, "setting-primary-care", "primary care", "primärvård"),
    label(14, "setting-special-accommodation", "special accommodation", "särskilt boende"),
    label(14, "setting-laboratory", "laboratory", "laboratorium"),
    label(14, "setting-dental-clinic", "dental clinic", "tandvårdsklinik"),
    label(14, "setting-radiology", "radiology department", "röntgenavdelning"),
    label(14, "setting-hospital", "hospital care", "sjukhusvård"),
    label(14, "setting-other", "other workplace", "annan verksamhet"),
    # 15: the whole period, or single planned activities
    label(15, "surgical-ward", "the whole period", "hela perioden"),
    label(15, "health-centre", "single activities", "enstaka aktiviteter"),
    Served(15, ("health-centre",), "plan.md", "Only a few planned activities", "Bara några planerade aktiviteter"),
    # 16: from beginner to specialist
    label(16, "level-beginner", "early in the programme", "i början av utbildningen"),
    label(16, "level-intermediate", "midway through the programme", "mitt i utbildningen"),
    label(16, "level-advanced", "late in the programme", "i slutet av utbildningen"),
    label(16, "level-specialist", "specialist programme", "specialistutbildning"),
    # 17: when new colleagues are introduced
    Served(17, ("laboratory",), "plan.md", "new colleagues start an introduction", "nya kollegor sin introduktion"),
    Served(17, ("laboratory",), "student-email.txt", "your introduction with us", "din introduktion hos oss"),
    # 18: across a whole education ward
    label(18, "education-ward", "education ward", "utbildningsvårdavdelning"),
    Served(
        18,
        ("education-ward",),
        "plan.md",
        "All students on the ward work with",
        "Alla studenter på avdelningen arbetar med",
    ),
    # 19: films in Swedish by clinical supervisors
    Served(
        19, EXAMPLE_KINDS, "plan.md", "films in Swedish in which clinical supervisors", "filmer där kliniska handledare"
    ),
    Served(19, WITH_STUDENTS, "workplace-meeting.md", "choose one of the films", "välj någon av filmerna"),
]


@cache
def texts_of(unit: str, language: str) -> dict[str, str]:
    content = guide(language)
    if unit in EXAMPLE_KINDS:
        answers = read_answers(EXAMPLES / f"{unit}-{language}" / "answers.toml").draft
    else:
        answers = draft(OTHER_UNITS[unit], language=language)
    made = rendered(make_plan(check_answers(answers, content), content, AS_OF))
    return {name: data.decode() for name, data in made.items() if not name.endswith(".eml")}


def test_every_row_is_served_somewhere() -> None:
    assert {served.row for served in SERVED} == set(range(1, 20))


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(("row", "served"), [(f"row {served.row}", served) for served in SERVED])
def test_a_row_is_served_where_it_should_be(row: str, served: Served, language: str) -> None:
    said = {"en": served.en, "sv": served.sv}[language]
    lacking = [unit for unit in served.units if said not in texts_of(unit, language)[served.document]]
    assert lacking == [], row


@pytest.mark.parametrize("language", ["en", "sv"])
def test_new_colleagues_hear_nothing_of_an_institution(language: str) -> None:
    words = {"en": "institution|syllabus|learning objective", "sv": "lärosäte|kursplan|lärandemål"}[language]
    made = texts_of("laboratory", language)
    plan_text, _, reading = made["plan.md"].rpartition("\n## ")
    assert reading  # what there is to read is about students, since the research is
    assert "institution-email.txt" not in made
    for text in (plan_text, made["student-email.txt"]):
        assert re.findall(f".*(?:{words}).*", text, re.IGNORECASE) == []
