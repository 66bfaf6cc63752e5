"""What reviewers found untrue for some unit is not said to it: the shipped content, asked for units of every kind.

Each row names a finding, the units that it is about, and words that must not stand in anything those units are told.
"""

import importlib.util
import re
from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import BaseModel

from peerplan.answers.draft import check_answers
from peerplan.guide.tailoring import Profile, Tailored, tailor
from peerplan.plan.plan import make_plan
from samples import EXAMPLES, draft, guide, plan, rendered

STUDENTS = Profile("hospital", "whole-period", "beginner", "students", "even")
COLLEAGUES = Profile("hospital", "whole-period", "", "new-colleagues", "even")

EVIDENCE = r"\bstud(y|ies)\b|\bpilot\b|\binterviews?\b|\btrial\b|\bsurvey\b"


def of(audience: str, **fields: str) -> Profile:
    return Profile(**{"scope": "whole-period", "setting": "hospital", "group": "even", "audience": audience} | fields)  # type: ignore[arg-type]


SETTINGS = [one.id for one in guide().fact("unit.setting").choices]

UNSAID = [
    # what was seen among students is no finding about licensed colleagues
    *(("evidence from students", of("new-colleagues", setting=one), r"\b[Ss]tudents\b") for one in SETTINGS),
    # a resident moves in; nobody is admitted and discharged
    ("moving in", of("students", setting="special-accommodation"), r"admission and discharge"),
    # two of the same kind may come from several programmes, and one has nobody to swap with
    ("a timetable for one", of("students", group="one", level="beginner"), r"when there is time alone|swap often"),
    ("a hand-out for one", of("students", group="one"), r"workplace-meeting\.md"),
    # what the study behind it did not do
    ("one to one first", STUDENTS, r"two weeks each with a supervisor"),
    ("mixed evidence", STUDENTS, r"preferred the traditional"),
    # nine supervisors were asked, and not all said it
    ("nine supervisors", of("students", level="specialist"), r"^Nine supervisors"),
    ("leaders", of("students", setting="special-accommodation"), r"support for it suffered|did not take root"),
    ("no study", of("students", setting="other"), r"no study"),
    ("a login that is shared", STUDENTS, r"cannot be shared"),
    ("no more about the students", STUDENTS, r"need to know no more"),
    ("failing waits for the ladder", STUDENTS, r"then the coordinator, then the institution\. .*failing"),
    ("left over in three", of("students", group="odd"), r"left over"),
    ("delegation", STUDENTS, r"delegating tasks"),
    ("the supervisor has asked", STUDENTS, r"supervisor has asked whether both"),
    ("the answer about a visit", of("students", setting="home"), r"where everyone in the team sees it"),
    ("British radiation rules", of("students", setting="radiology"), r"British authors"),
]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name, field in value:
            if name not in ("id", "key", "sources", "when", "also"):
                yield from texts(field)
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)


def told(unit: Tailored) -> Iterator[str]:
    """Everything that a plan can tell a unit; variants and conditions are settled."""
    for item in unit.items:
        yield from (item.label, item.question, item.why, item.partly, item.title, *item.steps)
    for records in (unit.advice, unit.risks, unit.follow_ups, unit.roles, unit.activities):
        yield from texts(records)
    for fact in unit.facts:
        yield from texts(tuple(choice.label for choice in fact.choices if fact.key == "placement.activities"))


@pytest.mark.parametrize(
    ("profile", "unsaid"), [row[1:] for row in UNSAID], ids=[f"{row[0]}, {row[1].setting}" for row in UNSAID]
)
def test_a_finding_is_mended(profile: Profile, unsaid: str) -> None:
    assert [text for text in told(tailor(guide(), profile)) if re.search(unsaid, text)] == []


ASKED_OF = [
    ("radiology", r"dosimeter", "requirements"),
    ("radiology", r"pregnancy", "requirements"),
    ("radiology", r"physicist", "adaptations"),
    ("home", r"medicines on their own, keys, driving", "requirements"),
    ("home", r"Nothing is delegated", "requirements"),
    ("special-accommodation", r"Nothing is delegated", "requirements"),
    ("dental-clinic", r"hepatitis B", "requirements"),
    ("laboratory", r"safety introduction", "requirements"),
]


@pytest.mark.parametrize(("setting", "said", "item_id"), ASKED_OF)
def test_a_setting_has_steps_of_its_own(setting: str, said: str, item_id: str) -> None:
    for one in SETTINGS:
        items = {item.id: item for item in tailor(guide(), of("students", setting=one)).items}
        assert bool(re.search(said, " ".join(items[item_id].steps))) is (
            one == setting or (said == r"Nothing is delegated" and one in ("home", "special-accommodation"))
        ), one


def test_the_one_who_acts_owns_the_action_the_other_answers() -> None:
    owners = {item.id: item.owner for item in guide().items}
    assert {owners[one] for one in ("managers", "contact", "endorsement", "numbers", "assessment")} == {"coordinator"}
    assert owners["decision"] == "manager"


def test_one_student_needs_a_partner_first_and_fewer_things() -> None:
    one = tailor(guide(), of("students", group="one"))
    even = tailor(guide(), of("students"))
    leads = {item.id: item.lead["default"] for item in one.items}
    assert leads["shared-shifts"] == max(leads.values())
    assert len(one.items) <= len(even.items) - 8
    made = rendered(plan({"placement.participants": 1}))
    assert "## First find somebody to learn with, or wait" in made["plan.md"].decode()
    plain = " ".join(content.decode() for name, content in made.items() if name.endswith((".md", ".txt")))
    assert re.findall(r"each of them|both of them|never a pair|the pair\b|two or three students", plain) == []


def test_studies_of_students_are_no_sources_about_new_colleagues() -> None:
    of_students = {source.id for source in guide().sources if source.when.audience == ("students",)}
    sources = {
        audience: {source.id for source in plan({"placement.audience": audience}).sources}
        for audience in ("students", "new-colleagues")
    }
    assert "stenberg-2015" in of_students & sources["students"]
    assert sources["new-colleagues"] & of_students == set()
    assert "palsson-2022" in sources["new-colleagues"]


def test_a_level_says_nothing_about_new_colleagues() -> None:
    changes = {"placement.audience": "new-colleagues"}
    made = [rendered(plan(changes | {"placement.level": level})) for level in ("", "specialist")]
    assert made[0] == made[1]


def test_an_education_ward_is_told_about_cohorts_programmes_and_institutions() -> None:
    made = {name: content.decode() for name, content in rendered(plan({"placement.scope": "education-ward"})).items()}
    for said in ("one plan folder for each group", "several programmes or institutions", "first and last day"):
        assert said in made["how-to.md"], said
    assert "those who learn together to come from the same programme" in made["institution-email.txt"]
    assert "A decision on the education ward" in made["manager.md"]


def test_a_beginner_leads_nothing_in_the_first_week() -> None:
    chosen = [activity.id for activity in guide().activities if activity.id != "skills-training"]
    made = plan({"placement.level": "beginner", "placement.activities": chosen})
    assert made.timetable[0].activity == ""
    text = rendered(made)["supervisors.md"].decode()
    assert re.search(r"^\| 1 \| .* \| getting to know the place \| \u2013 \|$", text, re.MULTILINE)
    unchosen = plan({"placement.level": "beginner"}).timetable
    assert [week.has_leader for week in unchosen[:2]] == [False, True]
    ready = plan({"placement.level": "advanced", "placement.activities": ["rounds"]})
    assert ready.timetable[0].activity == "planning and leading rounds"


@pytest.mark.parametrize(
    ("changes", "letter", "unsaid"),
    [
        ({"environment.shared-shifts": "no"}, "student-email.txt", "same shifts"),
        ({"environment.shared-shifts": "partly"}, "student-email.txt", "same shifts"),
        ({"support.decision": "undecided"}, "student-email.txt", "we are trying|We are trying|work with peer"),
        ({"placement.participants": 2}, "institution-email.txt", "who puts the pairs together"),
        ({"placement.scope": "education-ward"}, "institution-email.txt", "We want to try"),
    ],
)
def test_a_letter_says_only_what_is_so(changes: dict[str, object], letter: str, unsaid: str) -> None:
    assert re.findall(unsaid, rendered(plan(changes))[letter].decode()) == []


def test_a_letter_about_an_education_ward_says_so_and_asks_for_an_agreement() -> None:
    letter = rendered(plan({"placement.scope": "education-ward"}))["institution-email.txt"].decode()
    assert "an education ward" in letter
    assert "a written agreement" in letter


def test_the_letter_to_supervisors_names_no_day_that_has_passed() -> None:
    answers = check_answers(draft(), guide())
    letter = rendered(make_plan(answers, guide(), date(2027, 2, 10)))["supervisors-email.txt"].decode()
    days = re.findall(r"^- (\d+ \w+ \d{4}) ", letter, re.MULTILINE)
    assert days[0] == "12 February 2027"
    assert len(days) == 3


def test_some_step_names_each_letter_that_a_unit_gets() -> None:
    made = {name: content.decode() for name, content in rendered(plan()).items()}
    letters = [name for name in made if name.endswith(".txt")]
    sheets = "".join(text for name, text in made.items() if name.endswith(".md"))
    assert [name for name in letters if name not in sheets] == []


def test_the_table_of_conditions_is_what_the_content_says() -> None:
    spec = importlib.util.spec_from_file_location("conditions", EXAMPLES.parent / "docs" / "conditions.py")
    assert spec
    assert spec.loader
    conditions = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conditions)
    assert conditions.TABLE.read_text(encoding="utf-8") == conditions.table(guide())
