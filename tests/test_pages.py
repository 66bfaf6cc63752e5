"""What a person prints: how many pages the plan takes, and that nothing is said in two documents."""

import re
from datetime import timedelta
from itertools import product

import pytest

from peerplan.plan.plan import Plan
from printed_pages import pages_of
from samples import AS_OF, EXAMPLES, guide, plan, rendered

LANGUAGES = ["en", "sv"]
MOST_PAGES = {"single-activities": 2, "whole-period": 3, "education-ward": 4}
SETTINGS = [choice.id for choice in guide().fact("unit.setting").choices]
MOST_WORDS = 8  # of a sentence that may stand in two documents

LONG = {
    "unit.workplace": "Norra universitetssjukhuset, område barn",
    "unit.professions": ["nursing", "medicine", "physiotherapy"],
    "unit.coordinator.name": "Karin Exempelsson",
    "unit.coordinator.role": "aka",
    "unit.coordinator.email": "karin.exempelsson@sjukhuset.example",
    "placement.institution": "Karolinska Institutet",
    "placement.programme": "Nursing, term three",
}


def longest(setting: str, scope: str, audience: str, language: str) -> Plan:
    """A unit where nothing is in place yet, and everything is late; the plan was made too late as well."""
    unit: dict[str, object] = {"unit.setting": setting, "placement.scope": scope, "placement.audience": audience}
    unit |= {"planned-from": AS_OF, "placement.start": AS_OF + timedelta(weeks=3)}
    return plan({**LONG, **unit}, state="open", language=language)


def page_one(text: str) -> str:
    """Everything before the checklist."""
    first, checklist, _ = re.split(r"^(## Check.*)$", text, flags=re.MULTILINE)
    assert checklist
    return first


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", MOST_PAGES)
def test_the_longest_plan_is_within_its_pages(scope: str, language: str) -> None:
    for setting, audience in product(SETTINGS, ("students", "new-colleagues")):
        text = rendered(longest(setting, scope, audience, language))["plan.md"].decode()
        assert pages_of(text) <= MOST_PAGES[scope], (setting, audience)
        assert pages_of(page_one(text)) == 1


@pytest.mark.parametrize("example", sorted(path.parent.name for path in EXAMPLES.glob("*/plan.md")))
def test_the_plan_of_an_example_is_within_its_pages(example: str) -> None:
    scope = re.findall('^scope = "(.*)"$', (EXAMPLES / example / "answers.toml").read_text(), re.MULTILINE)
    text = (EXAMPLES / example / "plan.md").read_text(encoding="utf-8")
    assert pages_of(text) <= MOST_PAGES[scope[0]]
    assert pages_of(page_one(text)) == 1


def test_a_longer_document_takes_more_pages() -> None:
    assert (pages_of("# One\n"), pages_of("A sentence.\n\n" * 40), pages_of("A sentence.\n\n" * 100)) == (1, 2, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", MOST_PAGES)
def test_the_managers_page_is_half_a_page_of_words(scope: str, language: str) -> None:
    text = rendered(longest("hospital", scope, "students", language))["manager.md"].decode()
    assert pages_of(text) == 1
    assert len(re.findall(r"\w+", text)) <= 220


def sentences(markdown: str) -> set[str]:
    """The sentences of more than eight words, without marks."""
    plain = re.sub(r"<!--.*?-->|[*#|>\[\]]|^\s*(?:\d+\.|-)\s", " ", markdown, flags=re.MULTILINE)
    found = (" ".join(re.findall(r"[\w'-]+", one)) for one in re.split(r"(?<=[.?!:])\s|\n", plain))
    return {one for one in found if len(one.split()) > MOST_WORDS}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", MOST_PAGES)
@pytest.mark.parametrize("participants", [1, 3, 4])
def test_no_sentence_stands_in_two_documents(participants: int, scope: str, language: str) -> None:
    for setting, audience in product(SETTINGS, ("students", "new-colleagues")):
        unit: dict[str, object] = {"unit.setting": setting, "placement.scope": scope, "placement.audience": audience}
        made = rendered(plan({**unit, "placement.participants": participants}, language=language))
        seen: dict[str, str] = {}
        for name, content in made.items():
            if not name.endswith(".eml"):
                for sentence in sentences(content.decode()):
                    assert seen.setdefault(sentence, name) == name, sentence
