"""Documents are whole whatever was answered: nothing is left over from a template and nothing is missing."""

import random
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from email import message_from_bytes, policy
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, meta, nodes
from markdown_it.token import Token
from pymarkdown.api import PyMarkdownApi

from markdown_reader import GITHUB, Page, hostile
from peerplan.answers.draft import Draft, check_answers
from peerplan.documents.render import Templates
from peerplan.errors import InputError
from peerplan.guide.guide import Guide
from peerplan.guide.kit import TEMPLATES
from peerplan.plan.plan import make_plan
from peerplan.text import one_line
from samples import AS_OF, draft, guide, plan, rendered

pytestmark = pytest.mark.slow  # hundreds of units

LANGUAGES = ["en", "sv"]
LETTERS = ["student-email", "institution-email"]
EVERYTHING = {
    "unit.workplace": "Northern Hospital",
    "unit.professions": ["nursing", "medicine"],
    "unit.coordinator.name": "Karin Example",
    "unit.coordinator.role": "aka",
    "unit.coordinator.email": "karin@hospital.example",
    "placement.institution": "Karolinska Institutet",
    "placement.programme": "Nursing",
    "placement.activities": ["rounds", "documentation"],
}
TEXT_FIELDS = [
    *("unit.name", "unit.workplace", "unit.professions", "unit.coordinator.name"),
    *("placement.institution", "placement.programme", "notes.rooms", "notes.decision"),
]


def documents(
    changes: Mapping[str, object] | None = None, *, state: str = "open", language: str = "en"
) -> dict[str, str]:
    """The documents that people read, as text."""
    made = rendered(plan(changes, state=state, language=language))
    return {name: content.decode() for name, content in made.items() if not name.endswith(".eml")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("many", "written"), [(12, {"en": "twelve", "sv": "tolv"}), (13, {}), (200, {})])
def test_however_many_come_every_document_is_made(language: str, many: int, written: Mapping[str, str]) -> None:
    made = documents({"placement.participants": many}, language=language)
    assert f"{written.get(language, many)} stud" in made["plan.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_of_her_own_stands_where_the_role_would(language: str) -> None:
    facts = {**EVERYTHING, "unit.coordinator.role": "other", "unit.coordinator.title": "Lead Nurse"}
    made = documents(facts, language=language)
    assert all("Karin Example, Lead Nurse" in made[name] for name in ("plan.md", "student-email.txt"))
    other = documents({**facts, "unit.coordinator.role": "aka"}, language=language)
    assert [name for name, text in other.items() if "Lead Nurse" in text] == []


def choices(key: str) -> list[str]:
    return [choice.id for choice in guide().fact(key).choices]


# --- a few hundred units --------------------------------------------------------------------------------------------

EVERY = 5  # it divides none of the numbers of choices, so that each choice meets each other
SIZES = [None, 1, 2, 3, 4, 5, 8]


def units(language: str) -> Iterator[tuple[Draft, date]]:
    """Every setting, scope, level, audience and some numbers, each with answers, facts and a day made up at random."""
    rng = random.Random(f"units in {language}")  # noqa: S311
    groups = [("new-colleagues", ""), *(("students", level) for level in ["", *choices("placement.level")])]
    for setting, scope, (audience, level), size in product(
        choices("unit.setting"), choices("placement.scope"), groups, SIZES
    ):
        start = date(2027, 1, 1) + timedelta(days=rng.randrange(700))
        facts: Draft = {"language": language, "unit.name": "Ward 7", "placement.start": start}
        facts |= {"unit.setting": setting, "placement.scope": scope, "placement.audience": audience}
        facts |= {"placement.level": level, "placement.participants": size or ""}
        facts |= {key: value for key, value in EVERYTHING.items() if rng.random() < 0.5}
        facts["unit.coordinator.role"] = rng.choice(["", *choices("unit.coordinator.role")])
        facts["placement.activities"] = rng.sample(choices("placement.activities"), rng.randrange(4))
        if rng.random() < 0.8:
            facts["placement.end"] = start + timedelta(days=rng.randrange(130))
        yield facts | some_answers(rng), start - timedelta(days=rng.choice([0, 1, 3, 20, 60, 200, 400]))


def some_answers(rng: random.Random) -> Draft:
    """Answers all of one kind or of all kinds, some left out, and some notes."""
    content = guide()
    wanted = rng.choice(["done", "partly", "open", "unknown", "not-applicable", "", "", ""])
    answers: Draft = {}
    for item in content.items:
        options = content.options_of(item)
        option = next((one for one in options if one.state == wanted), rng.choice(options))
        if wanted or rng.random() < 0.9:
            answers[f"{item.area}.{item.id}"] = option.id
        if rng.random() < 0.1:
            answers[f"notes.{item.id}"] = "Free after 2 p.m.\nAsk the porter."
    return answers


FILL_IN = {"en": "[fill in: ", "sv": "[fyll i: "}
LEFT_OVERS = [
    r"\bNone\b",
    r"\bnan\b",
    r"\bUndefined\b",
    r"[{}]",
    r"\b(TODO|TBD|FIXME|XXX|lorem)\b",
    r"<(?!!-- [a-z-]+ -->)",
    r"\n\n\n",
    r"^#{1,6} *$",  # a heading without words
    r"^ *(?:[-*]|\d+\.) *$",  # a list item without words
    r"\*\*\s*\*\*",
    r"[ \t]+$",
    r"\S {2,}\S",
    r" [,.;?]",
    r"[,;:] *[,.;]|\.\.",
    r"\( *\)|\[ *\](?! \*\*\d{4})",  # an open tick box stands before its date
    r"\A\s|\S\Z|\n\n\Z",
]
LEFT_OVER = re.compile("|".join(f"(?:{one})" for one in LEFT_OVERS), re.MULTILINE)
BRACKETED = re.compile(r"(?<!\\)\[[^\]]*\](?!\()")
CITED = re.compile(r"\[\d+(?:, \d+)*\]")
EMPTY_SECTION = re.compile(r"^(#{1,6}) [^\n]*\n\s*(?:\Z|(?=(#{1,6}) ))", re.MULTILINE)


def faults(text: str, language: str) -> list[str]:
    """What should not stand in a document."""
    found = [text[max(0, one.start() - 30) : one.end() + 30] for one in LEFT_OVER.finditer(text)]
    found += [
        one[0]
        for one in BRACKETED.finditer(text)
        if not one[0].startswith(FILL_IN[language]) and one[0] not in ("[ ]", "[x]") and not CITED.fullmatch(one[0])
    ]
    found += [one[0] for one in EMPTY_SECTION.finditer(text) if not one[2] or len(one[2]) <= len(one[1])]
    return found


@pytest.fixture(scope="module")
def as_markdown(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The shipped templates with the letters as Markdown, which saves making four thousand mail drafts."""
    folder = tmp_path_factory.mktemp("templates")
    for template in TEMPLATES.glob("*/*.j2"):
        target = folder / template.parent.name / template.name.replace(".eml", ".md")
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(template, target)
    return Templates(folder, [guide(language) for language in LANGUAGES])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_document_of_hundreds_of_different_units_has_a_fault(language: str, as_markdown: Templates) -> None:
    content = guide(language)
    count = 0
    for answers, as_of in islice(units(language), 0, None, EVERY):
        made = rendered(make_plan(check_answers(answers, content), content, as_of), as_markdown)
        assert {"plan.md", "student-email.md"} <= set(made)
        for name, data in made.items():
            assert faults(data.decode(), language) == [], (name, answers)
        count += 1
    assert count > 200


@pytest.mark.parametrize(
    "text",
    [
        "# Plan\n\nIt lasts until None.\n",
        "# Plan\n\n{{ unit.name }}\n",
        "# Plan\n\nTODO\n",
        "# Plan\n\n\nText\n",
        "# Plan\n\n##\n\nText\n",
        "# Plan\n\n## One\n\n## Two\n\nText\n",
        "# Plan\n\nText\n\n## Last\n",
        "# Plan\n\n-\n- one\n",
        "# Plan\n\n[name]\n",
        "# Plan\n\nTwo  blanks\n",
        "# Plan\n\nWard 7 , Hospital\n",
        "# Plan\n\nQuestions: , a@b.se\n",
        "# Plan\n\n<b>Text</b>\n",
        "# Plan\n\nText \n",
        "# Plan\n\nText",
    ],
)
def test_the_search_for_faults_finds_one(text: str) -> None:
    assert faults("# Plan\n\n- [ ] **2027-01-18** Read\n\n[fill in: name] <!-- rooms -->\n", "en") == []
    assert faults(text, "en")


# --- Markdown and structure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_is_clean_markdown(language: str, as_markdown: Templates, tmp_path: Path) -> None:
    content = guide(language)
    for number, (answers, as_of) in enumerate(list(units(language))[::170]):
        made = rendered(make_plan(check_answers(answers, content), content, as_of), as_markdown)
        for name, data in made.items():
            (tmp_path / f"{number}-{name}").write_bytes(data)
    linter = PyMarkdownApi()
    linter = linter.disable_rule_by_identifier("line-length")  # a paragraph is one line, for whoever edits it
    linter = linter.disable_rule_by_identifier("first-line-heading")  # a letter starts with its subject
    result = linter.scan_path(str(tmp_path))
    assert len(list(tmp_path.iterdir())) > 20
    assert [(one.scan_file, one.line_number, one.rule_name) for one in result.scan_failures] == []
    assert not result.pragma_errors


def shape(markdown: str) -> list[str]:
    """What the blocks of a document are, and what stands in them, without their words."""
    return names_of(GITHUB.parse(markdown))


def names_of(tokens: list[Token]) -> list[str]:
    names = []
    for token in tokens:
        if token.type not in ("text", "text_special", "softbreak"):
            names.append(f"{token.type} {token.tag} {token.attrs.get('href', '')}")
        names.extend(names_of(token.children or []))
    return names


def headings(markdown: str) -> list[str]:
    return re.findall(r"^#+(?= )", markdown, re.MULTILINE)


@pytest.mark.parametrize("state", ["done", "partly", "open"])
@pytest.mark.parametrize("scope", ["single-activities", "whole-period", "education-ward"])
@pytest.mark.parametrize("audience", ["students", "new-colleagues"])
def test_both_languages_say_the_same_in_the_same_places(scope: str, audience: str, state: str) -> None:
    changes = {"placement.scope": scope, "placement.audience": audience, **EVERYTHING}
    english, swedish = (documents(changes, state=state, language=language) for language in LANGUAGES)
    assert list(english) == list(swedish)
    for name, text in english.items():
        assert headings(text) == headings(swedish[name])
        assert text.count(FILL_IN["en"]) == swedish[name].count(FILL_IN["sv"])
        if name.endswith(".md"):
            assert [one.split()[0] for one in shape(text)] == [one.split()[0] for one in shape(swedish[name])]


def test_both_languages_have_the_same_templates() -> None:
    names = {language: {path.name for path in (TEMPLATES / language).iterdir()} for language in LANGUAGES}
    assert names["en"] == names["sv"]
    assert {path.name for path in TEMPLATES.iterdir()} == set(LANGUAGES)


TEMPLATE_NAMES = sorted(path.relative_to(TEMPLATES / "en").as_posix() for path in (TEMPLATES / "en").rglob("*.j2"))


def parsed(language: str, name: str) -> nodes.Template:
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("day", "short_day", "span"), str)
    return environment.parse((TEMPLATES / language / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATE_NAMES)
def test_a_template_uses_the_same_variables_in_both_languages(name: str) -> None:
    english, swedish = (parsed(language, name) for language in LANGUAGES)
    assert meta.find_undeclared_variables(english) == meta.find_undeclared_variables(swedish)
    fields = [{node.attr for node in tree.find_all(nodes.Getattr)} for tree in (english, swedish)]
    words = set(guide().words) | {word.capitalize() for word in guide().words}
    assert fields[0] - words == fields[1] - words  # a sentence may need other words in another language


# --- which documents, and what is in them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, set()),
        ({"support.short-course": "partly"}, {"workplace-meeting.md"}),
        ({"institution.contact": "partly"}, {"institution-email.txt"}),
        ({"institution.contact": "not-applicable"}, set()),
        ({"placement.audience": "new-colleagues"}, set()),
    ],
)
def test_some_documents_are_there_only_while_they_are_needed(changes: Mapping[str, object], needed: set[str]) -> None:
    names = set(documents(changes, state="done"))
    assert names & {"workplace-meeting.md", "institution-email.txt"} == needed
    assert {"plan.md", "student-email.txt"} <= names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_a_draft_with_the_same_text_to_paste(letter: str, language: str) -> None:
    made = rendered(plan(EVERYTHING, language=language))
    message = message_from_bytes(made[f"{letter}.eml"], policy=policy.default)
    plain = message.get_body(("plain",))
    assert plain
    label, subject, body = re.split(r": |\n\n", made[f"{letter}.txt"].decode(), maxsplit=2)
    assert label == {"en": "Subject", "sv": "Ämne"}[language]
    assert message["Subject"] == subject
    assert plain.get_content().replace("\r\n", "\n") == body
    assert (message["To"], message["X-Unsent"]) == (None, "1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_marked_in_the_letter(language: str) -> None:
    marks = documents(language=language)["student-email.txt"].count(FILL_IN[language])
    known = documents(EVERYTHING, language=language)["student-email.txt"].count(FILL_IN[language])
    assert marks == known + 3  # the contact's name twice and her address
    assert (
        known == 9
    )  # what no question asks for: time, place, who meets, schedule, clothes, card, travel, illness, needs


@pytest.mark.parametrize(
    ("key", "mark"),
    [
        ("unit.coordinator.name", "[fill in: your name]"),
        ("unit.coordinator.email", "[fill in: e-mail]"),
    ],
)
def test_a_fact_takes_the_place_of_its_mark(key: str, mark: str) -> None:
    assert mark in documents()["student-email.txt"]
    letter = documents({key: EVERYTHING[key]})["student-email.txt"]
    assert mark not in letter
    assert str(EVERYTHING[key]) in letter


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("So that they dare to lead", "So that they dare to lead. "),
        ("So that they dare to lead.", "So that they dare to lead. "),
        ("Why not?", "Why not? "),
        ('They asked for "more of it"', 'They asked for "more of it". '),
    ],
)
def test_a_reason_without_a_full_stop_does_not_run_into_the_next_sentence(why: str, said: str) -> None:
    made = documents({"placement.why": why})
    assert f"Why do we work like this? {said}You get" in made["student-email.txt"]
    assert f"**Why?** {said}In Swedish" in made["workplace-meeting.md"]


def test_the_plan_names_the_unit_its_period_and_its_coordinator() -> None:
    text = documents(EVERYTHING)["plan.md"]
    assert text.startswith("# Peer learning at Ward 7\n")
    for fact in ["Northern Hospital", "nursing, medicine", "Karin Example", "Karolinska Institutet", " · Nursing · "]:
        assert fact in text
    assert "**Monday 18 January 2027**, four students" in text
    assert "until Friday 12 March 2027" in text


def test_dates_in_swedish_are_written_in_swedish() -> None:
    assert "måndagen den 18 januari 2027" in documents(language="sv")["plan.md"].lower()


@pytest.mark.parametrize(
    ("answers", "state", "heading"),
    [
        ({}, "done", "## You are ready\n"),
        ({"support.decision": "try"}, "partly", "## The basis is there: now prepare\n"),
        ({"support.decision": "try", "environment.rooms": "no"}, "done", "## You are ready to try\n"),
        ({}, "open", "## Not yet: this has to be settled first\n"),
    ],
)
def test_the_verdict_stands_as_a_heading_with_its_reasons(
    answers: Mapping[str, object], state: str, heading: str
) -> None:
    text = documents(answers, state=state)["plan.md"]
    assert heading in text
    for action in plan(answers, state=state).blocking:
        assert f"- **{action.title}.**\n" in text


@pytest.mark.parametrize(("language", "words"), [("en", "The period is under way"), ("sv", "Perioden pågår")])
def test_after_the_start_nothing_is_said_to_be_left_before_it(language: str, words: str) -> None:
    content = guide(language)
    decided = {"support.decision": "try", "support.managers": "yes", "support.colleagues": "yes"}
    answers = check_answers(draft(decided, language=language), content)
    for day, said in ((AS_OF, False), (date(2027, 2, 3), True)):
        text = rendered(make_plan(answers, content, day))["plan.md"].decode()
        assert (f"## {words}" in text) is said
        assert ("are left to do before the start" in text or "återstår före start" in text) is not said


@pytest.mark.parametrize(("language", "words"), [("en", "The period is over"), ("sv", "Perioden är slut")])
def test_after_the_end_the_plan_is_about_looking_back(language: str, words: str) -> None:
    content = guide(language)
    answers = check_answers(draft(language=language), content)
    made = rendered(make_plan(answers, content, date(2027, 4, 1)))
    text = made["plan.md"].decode()
    assert f"## {words}" in text
    assert not [heading for heading in ("## Do this next", "## Gör det här härnäst") if heading in text]
    assert "student-reminder.txt" not in made


@pytest.mark.parametrize(
    ("end", "subject", "lasts"),
    [
        (date(2027, 1, 18), ", 18 January 2027 \u2013 we", ""),
        (date(2027, 1, 22), ", 18\u201322 January 2027 \u2013 we", "until 22 January 2027"),
        (date(2027, 3, 12), ", 18 January\u201312 March 2027 \u2013 we", "until 12 March 2027"),
        (date(2028, 1, 14), ", 18 January 2027\u201314 January 2028 \u2013 we", "until 14 January 2028"),
        (None, ", 18 January 2027 \u2013 we", ""),
    ],
)
def test_two_dates_are_written_as_people_do(end: date | None, subject: str, lasts: str) -> None:
    changes = {"placement.end": end} if end else {"placement.end": ""}
    text = documents(changes)["student-email.txt"]
    assert subject in text.splitlines()[0]
    assert ("It lasts" in text, lasts in text) == (bool(lasts), True)


@pytest.mark.parametrize("scope", ["whole-period", "education-ward"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_nothing_is_said_of_all_students_where_there_is_one(language: str, scope: str) -> None:
    made = documents({"placement.participants": 1, "placement.scope": scope}, language=language)
    about = next(one.about for one in guide(language).fact("placement.scope").choices if one.id == scope)
    end = about.rpartition("}")[2]
    assert len(end) > 10
    assert not [name for name, text in made.items() if end in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_a_box_to_tick_with_its_day_and_id(language: str) -> None:
    made = plan(language=language)
    text = rendered(made)["plan.md"].decode()
    boxes = re.findall(r"^- \[ \] \*\*(\d{4}-\d\d-\d\d)\*\* .* <!-- ([a-z-]+) -->$", text, re.MULTILINE)
    owners = [owner.id for owner in guide().owners]
    expected = sorted(made.actions, key=lambda action: (owners.index(action.owner), action.due))
    assert boxes == [(str(action.due), action.id) for action in expected]


def test_what_is_in_place_is_ticked() -> None:
    made = plan({"environment.rooms": "no"}, state="done")
    text = rendered(made)["plan.md"].decode()
    done = {item.id for area in made.areas for item in area.items if item.state == "done"}
    assert set(re.findall(r"^- \[x\] .* <!-- ([a-z-]+) -->$", text, re.MULTILINE)) == done
    assert "rooms" not in done


def test_an_action_stands_with_all_its_steps() -> None:
    made = plan()
    text = rendered(made)["how-to.md"].decode()
    for action in made.actions:
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(action.steps, 1))
        assert f"### {action.title}\n" in text
        assert steps in text


def test_a_note_stands_under_its_item_line_by_line() -> None:
    text = documents({"notes.rooms": "Shared with physiotherapy.\nFree after *2 p.m.*"})["plan.md"]
    assert "<!-- rooms -->\n  - Shared with physiotherapy.\n  - Free after \\*2 p.m.\\*\n" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("setting", [choice.id for choice in guide().fact("unit.setting").choices])
@pytest.mark.parametrize("scope", [choice.id for choice in guide().fact("placement.scope").choices])
def test_statements_carry_the_numbers_of_the_sources_at_the_end(scope: str, setting: str, language: str) -> None:
    made = documents({"unit.setting": setting, "placement.scope": scope}, language=language)
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\), (.+), (\d{4})$", made["how-to.md"], re.MULTILINE)
    known = {(one.title, one.url, one.publisher, str(one.year)) for one in guide(language).sources}
    assert listed
    assert {tuple(rest) for _, *rest in listed} <= known
    assert [int(number) for number, *_ in listed] == [*range(1, len(listed) + 1)]
    cited = {
        number
        for text in made.values()
        for one in re.findall(r" \[(\d+(?:, \d+)*)\]", text)
        for number in one.split(", ")
    }
    assert cited == {number for number, *_ in listed}  # each stands somewhere, and none stands for nothing


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_documents_link_to_sources_of_the_guide_only(language: str) -> None:
    known = {source.url for source in guide(language).sources}
    others = [text for name, text in documents(language=language).items() if name != "how-to.md"]
    links = [link for text in others for link in re.findall(r"https?://[^\s)]+", text)]
    assert links
    assert set(links) <= known


# --- what people write -----------------------------------------------------------------------------------------------


def drafted(field: str, text: str, language: str) -> Mapping[str, bytes] | None:
    """The documents of a unit with a text in one field; None if the text is refused there."""
    content: Guide = guide(language)
    value = [text, "medicine"] if field == "unit.professions" else text
    answers = {**HARMLESS[language], field: value}
    try:
        made = make_plan(check_answers(answers, content), content, AS_OF)
        return rendered(made)
    except InputError:
        return None


HARMLESS = {
    language: draft(EVERYTHING | {"notes.rooms": "Room 4", "notes.decision": "In May"}, language=language)
    for language in LANGUAGES
}


@pytest.mark.criterion(29)
@pytest.mark.parametrize("field", TEXT_FIELDS)
@settings(max_examples=12)
@given(text=hostile, language=st.sampled_from(LANGUAGES))
def test_a_persons_text_never_changes_the_structure_of_a_document(field: str, text: str, language: str) -> None:
    assume(one_line(text))
    text = one_line(text) if field.startswith("notes.") else text  # each line of a note stands on one of its own
    made, harmless = drafted(field, text, language), drafted(field, "Word", language)
    assume(made is not None)
    assert made
    assert harmless
    assert list(made) == list(harmless)
    for name, content in made.items():
        if name.endswith(".md"):
            assert shape(content.decode()) == shape(harmless[name].decode())
        if name.endswith(".eml"):
            assert tags(content) == tags(harmless[name])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_that_is_called_by_a_number_makes_no_list(language: str) -> None:
    made, harmless = drafted("unit.name", "7", language), drafted("unit.name", "Word", language)
    assert made
    assert harmless
    name = "workplace-meeting.md"
    assert shape(made[name].decode()) == shape(harmless[name].decode())


def tags(mail: bytes) -> list[str]:
    message = message_from_bytes(mail, policy=policy.default)
    body = message.get_body(("html",))
    assert body
    return Page(body.get_content()).tags


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<b>", "a < b", "<!-- rooms -->", "<a href='x'>y</a>"])
def test_an_angle_bracket_in_a_text_is_no_tag_in_a_draft(field: str, text: str) -> None:
    made = drafted(field, text, "en")
    if made is None:
        assert field == "unit.name"  # a name with Markdown is refused before it gets here
        return
    for letter in LETTERS:
        message = message_from_bytes(made[f"{letter}.eml"], policy=policy.default)
        body = message.get_body(("html",))
        assert body
        assert text not in body.get_content()
        assert tags(made[f"{letter}.eml"]) == tags(rendered(plan(EVERYTHING))[f"{letter}.eml"])


def test_a_hostile_name_reads_as_it_was_written() -> None:
    letter = documents({"unit.name": "1. Ward_7 & #3 | <3", "unit.coordinator.name": "[x](y) *z*"})["student-email.txt"]
    assert "with us at 1. Ward_7 & #3 | <3." in letter
    assert "Questions: [x](y) *z*, " in letter


# --- templates of one's own ------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def render_with(own: Path, addition: str) -> dict[str, bytes]:
    template = own / "en" / "plan.md.j2"
    text = template.read_text(encoding="utf-8").splitlines(keepends=True)
    template.write_text("".join([*text[:2], addition + "\n", *text[2:]]), encoding="utf-8")
    return rendered(plan(), Templates(own, [guide("en")]))


def test_an_own_template_is_used_as_it_stands(own: Path) -> None:
    (own / "en" / "poster.md.j2").write_text("# {{ unit.name }}\n\n{{ placement.start | day }}\n", encoding="utf-8")
    made = render_with(own, "For {{ unit.name }}.")
    assert b"For Ward 7." in made["plan.md"]
    assert made["poster.md"] == b"# Ward 7\n\nMonday 18 January 2027\n"


def test_a_part_that_other_templates_include_makes_no_document(own: Path) -> None:
    (own / "en" / "_footer.j2").write_text("Written by us.\n", encoding="utf-8")
    made = render_with(own, '{% include "_footer.j2" %}')
    assert b"Written by us." in made["plan.md"]
    assert not any("footer" in name for name in made)


@pytest.mark.criterion(31)
@pytest.mark.parametrize(
    "mistake",
    [
        "{{ unit.nmae }}",
        "{{ unknown }}",
        "{% if unit.name %}",
        "{% endif %}",
        "{{ unit.name",
        "{{ unit.name | uper }}",
        "{{ unit.__class__.__mro__ }}",
        pytest.param("{% include 'missing.j2' %}"),
        pytest.param("{{ 1 + unit.name }}"),
        pytest.param("{{ placement.start | day(3) }}"),
        pytest.param("{{ 1 / 0 }}"),
        pytest.param("{{ range(10000000) | list }}"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(own: Path, mistake: str) -> None:
    with pytest.raises(InputError) as error:
        render_with(own, mistake)
    (problem,) = error.value.problems
    assert problem.message == "template-wrong"
    assert re.fullmatch(re.escape(str(own / "en" / "plan.md.j2")) + r":\d+", problem.place)
    if mistake not in ("{% if unit.name %}", "{{ unit.name"):  # which are noticed further down
        assert problem.place.endswith(":3")


def test_a_template_that_is_not_utf_8_is_named(own: Path) -> None:
    (own / "en" / "plan.md.j2").write_bytes("# Ängen\n".encode("cp1252"))
    with pytest.raises(InputError) as error:
        rendered(plan(), Templates(own, [guide("en")]))
    (problem,) = error.value.problems
    assert (problem.message, problem.place) == ("template-wrong", str(own / "en" / "plan.md.j2"))


def test_a_letter_without_a_subject_is_named(own: Path) -> None:
    (own / "en" / "student-email.eml.j2").write_text("Hello!\n\nWelcome.\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        rendered(plan(), Templates(own, [guide("en")]))
    (problem,) = error.value.problems
    assert problem.place.startswith(str(own / "en" / "student-email.eml.j2"))
