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


# The sections of the documents, in English and in Swedish; the first one has no heading of its own.
TOP = ("", "")
CHECKLIST = ("Checklist", "Checklista")
ROLES = ("Who does what", "Vem gör vad")
STEPS = ("Step by step", "Steg för steg")
READ = ("See and read more", "Se och läs mer")
AGENDA = ("Agenda", "Dagordning")
HAND_OUT = ("Hand-out", "Att dela ut")
TALK = ("The talk on the first day", "Förväntanssamtalet")


@dataclass(frozen=True)
class Served:
    """Where a row is served: a section of a document of some units, and what stands there in English and in Swedish."""

    row: int
    units: tuple[str, ...]
    document: str
    section: tuple[str, str]
    en: str
    sv: str


def item(row: int, item_id: str, units: tuple[str, ...]) -> Served:
    """The item's box to tick in the plan, whether it is done or not."""
    return Served(row, units, "plan.md", CHECKLIST, f"<!-- {item_id} -->", f"<!-- {item_id} -->")


def kind(row: int, unit: str, en: str, sv: str) -> Served:
    """The line that says what kind of unit the plan is for."""
    return Served(row, (unit,), "plan.md", TOP, en, sv)


SERVED = [
    # 1: it requires planning
    Served(1, EXAMPLE_KINDS, "how-to.md", TOP, "It takes planning", "Det behöver planeras"),
    # 2: supported by colleagues and by management
    item(2, "managers", EXAMPLE_KINDS),
    item(2, "colleagues", EXAMPLE_KINDS),
    # 3: communicated with those who come
    item(3, "email-sent", EXAMPLE_KINDS),
    item(3, "first-day", EXAMPLE_KINDS),
    # 4: preferably endorsed by the institution, which is no must
    item(4, "endorsement", ("surgical-ward", "education-ward", "dental-clinic")),
    Served(4, ("surgical-ward", "dental-clinic"), "how-to.md", STEPS, "but not a must", "önskvärt men inget krav"),
    Served(4, ("health-centre",), "how-to.md", STEPS, "A no does not stop you", "Ett nej hindrar er inte"),
    # 5: in many professions and situations, in different ways
    Served(5, EXAMPLE_KINDS, "how-to.md", READ, "used by many professions", "används av många yrken"),
    Served(
        5,
        EXAMPLE_KINDS,
        "how-to.md",
        READ,
        "in many situations and in different ways",
        "i många situationer och på olika",
    ),
    # 6: decide to use it, or just to try
    item(6, "decision", EXAMPLE_KINDS),
    Served(
        6,
        ("undecided",),
        "plan.md",
        CHECKLIST,
        "introduce peer learning, or try it",
        "införa peer learning eller pröva",
    ),
    Served(6, ("surgical-ward",), "plan.md", CHECKLIST, "Decision to start: try", "Beslut att börja: pröva"),
    Served(6, ("laboratory",), "plan.md", CHECKLIST, "Decision to start: use", "Beslut att börja: införa"),
    # 7: managers' and colleagues' support to try it out
    Served(7, WITH_STUDENTS, "workplace-meeting.md", AGENDA, "Can we try?", "Kan vi pröva?"),
    Served(7, ("undecided",), "how-to.md", STEPS, "Ask for a yes", "Be om ett ja"),
    Served(
        7, ("undecided",), "manager.md", ("What we ask of you", "Det här ber vi dig om"), "A yes to try", "Ett ja till"
    ),
    Served(7, ("undecided",), "how-to.md", STEPS, "Ask straight out whether they are", "Fråga rakt ut om de är med"),
    # 8: a short course or overview, perhaps at a workplace meeting
    item(8, "short-course", EXAMPLE_KINDS),
    Served(8, WITH_STUDENTS, "how-to.md", STEPS, "at a workplace meeting", "på en arbetsplatsträff (APT)"),
    Served(8, WITH_STUDENTS, "workplace-meeting.md", HAND_OUT, "What is it?", "Vad är det?"),
    # 9: whether the learning environment has to be adapted
    item(9, "adaptations", EXAMPLE_KINDS),
    # 10: theoretical support from the institution, tied to the learning objectives
    item(10, "contact", WITH_STUDENTS),
    item(10, "theory", ("health-centre", "education-ward", "dental-clinic")),
    Served(10, ("undecided",), "how-to.md", STEPS, "which objectives", "vilka mål"),
    Served(10, ("undecided",), "institution-email.txt", TOP, "ties in with the objectives", "hänger ihop med målen"),
    # 11: an AKA, a KlAss or a student coordinator coordinates the supervision, where there is one
    item(11, "coordination", EXAMPLE_KINDS),
    Served(11, ("with-an-aka",), "how-to.md", ROLES, "(AKA) coordinates", "(AKA) samordnar"),
    Served(11, ("dental-clinic",), "how-to.md", ROLES, "(KlAss) coordinates", "(KlAss) samordnar"),
    Served(
        11, ("health-centre",), "how-to.md", ROLES, "The student coordinator coordinates", "studentansvariga samordnar"
    ),
    Served(
        11,
        ("laboratory",),
        "how-to.md",
        ROLES,
        "that person has the coordinating responsibility",
        "det samordnande ansvaret",
    ),
    Served(
        11, ("undecided",), "how-to.md", ROLES, "If you have an AKA, a KlAss or a", "Har ni en AKA, en KlAss eller en"
    ),
    # 12: told in advance that it will be used, and what it means here
    Served(
        12,
        EXAMPLE_KINDS,
        "student-email.txt",
        TOP,
        "peer learning, and here you can read",
        "peer learning, och här får du",
    ),
    Served(
        12,
        EXAMPLE_KINDS,
        "student-email.txt",
        ("What peer learning means with us", "Vad peer learning innebär hos oss"),
        "Why do we work like this?",
        "Varför gör vi så?",
    ),
    # 13: else talked about at the start
    Served(13, EXAMPLE_KINDS, "supervisors.md", TALK, "What peer learning is", "Vad peer learning är"),
    Served(13, ("starting-today",), "plan.md", CHECKLIST, "Go through the e-mail on", "Prata igenom mejlets innehåll"),
    # 14: at home, in primary care, special accommodation, laboratories, dental clinics, radiology, hospitals, elsewhere
    kind(14, "setting-home", "home care", "hemsjukvård"),
    kind(14, "setting-primary-care", "primary care", "primärvård"),
    kind(14, "setting-special-accommodation", "special accommodation", "särskilt boende"),
    kind(14, "setting-laboratory", "laboratory", "laboratorium"),
    kind(14, "setting-dental-clinic", "dental clinic", "tandvårdsklinik"),
    kind(14, "setting-radiology", "radiology department", "röntgenavdelning"),
    kind(14, "setting-hospital", "hospital care", "sjukhusvård"),
    kind(14, "setting-other", "other workplace", "annan verksamhet"),
    # 15: the whole period, or single planned activities
    kind(15, "surgical-ward", "the whole period", "hela perioden"),
    kind(15, "health-centre", "single activities", "enstaka aktiviteter"),
    kind(15, "health-centre", "Only a few planned activities", "Bara några planerade aktiviteter"),
    # 16: from beginner to specialist
    kind(16, "level-beginner", "early in the programme", "i början av utbildningen"),
    kind(16, "level-intermediate", "midway through the programme", "mitt i utbildningen"),
    kind(16, "level-advanced", "late in the programme", "i slutet av utbildningen"),
    kind(16, "level-specialist", "specialist programme", "specialistutbildning"),
    # 17: when new colleagues are introduced
    kind(17, "laboratory", "new colleagues start an introduction", "nya kollegor sin introduktion"),
    Served(17, ("laboratory",), "student-email.txt", TOP, "your introduction with us", "din introduktion hos oss"),
    # 18: across a whole education ward
    kind(18, "education-ward", "education ward", "utbildningsvårdavdelning"),
    kind(18, "education-ward", "All students on the ward work with", "Alla studenter på avdelningen arbetar med"),
    # 19: films in Swedish by clinical supervisors
    Served(
        19, EXAMPLE_KINDS, "how-to.md", READ, "films in Swedish in which clinical", "filmer där kliniska handledare"
    ),
    Served(19, WITH_STUDENTS, "workplace-meeting.md", TOP, "choose one of the films", "välj någon av filmerna"),
]


def section_of(text: str, heading: str) -> str:
    """What stands under a heading until the next of its level; above the first one if the heading is empty."""
    mark = r"## (.+)" if text.startswith("#") else r"(.+)\n-+"
    first, *parts = re.split(rf"^{mark}\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return sections.get(heading, "") if heading else first


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
    said, heading = {"en": (served.en, served.section[0]), "sv": (served.sv, served.section[1])}[language]
    lacking = [
        unit for unit in served.units if said not in section_of(texts_of(unit, language)[served.document], heading)
    ]
    assert lacking == [], row


@pytest.mark.parametrize("language", ["en", "sv"])
def test_new_colleagues_hear_nothing_of_an_institution(language: str) -> None:
    words = {"en": "institution|syllabus|learning objective", "sv": "lärosäte|kursplan|lärandemål"}[language]
    made = texts_of("laboratory", language)
    made["how-to.md"], _, reading = made["how-to.md"].rpartition("\n## ")
    assert reading  # what there is to read is about students, since the research is
    assert "institution-email.txt" not in made
    for text in made.values():
        assert re.findall(f".*(?:{words}).*", text, re.IGNORECASE) == []
