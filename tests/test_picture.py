"""The time as a picture: everything that has a day is on it once, within it, and said in words too."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.documents.page import svg_of
from peerplan.documents.picture import LEGEND, WIDTH, Picture, picture_of
from samples import AS_OF, START, draft, guide, plan

LANGUAGES = ("en", "sv")


def picture(changes: dict[str, object] | None = None, *, state: str = "open", language: str = "en") -> Picture:
    content = guide(language)
    return picture_of(plan(changes, state=state, content=content), content)


def counts(one: Picture) -> Counter[str]:
    found: Counter[str] = Counter()
    for lane in one.lanes:
        for mark in lane.marks:
            found[mark.state] += mark.count
            assert mark.count == len(mark.titles)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["open", "done"])
def test_everything_with_a_day_is_on_it_once(state: str, language: str) -> None:
    made = plan(state=state, content=guide(language))
    found = counts(picture(state=state, language=language))
    open_ = [line for part in made.checklist.parts for line in part.lines if line.due]
    assert found["late"] + found["to-come"] == len(open_)
    assert found["late"] == sum(line.late for line in open_)
    assert found["look-back"] == sum(one.day is not None for one in made.follow_ups)
    assert found["done"] == sum(action.id in {line.id for line in made.checklist.in_place} for action in made.settled)


@settings(max_examples=25)
@given(start=st.dates(date(2026, 8, 1), date(2027, 9, 1)), weeks=st.integers(1, 30))
def test_every_sign_lies_within_it_and_beside_the_others(start: date, weeks: int) -> None:
    one = picture({"placement.start": start, "placement.end": start + timedelta(weeks=weeks)})
    places = [(mark.x, mark.y) for lane in one.lanes for mark in lane.marks]
    assert len(set(places)) == len(places)
    assert all(7 <= x <= WIDTH - 7 and y < one.height - LEGEND for x, y in places)
    for lane in one.lanes:
        apart = sorted({mark.x for mark in lane.marks})
        assert all(after - before >= 14 for before, after in pairwise(apart))
    first, width = one.period
    assert 0 <= first < first + width <= WIDTH + 0.2
    assert [x for x, *_ in one.months] == sorted(x for x, *_ in one.months)
    assert any(year in ("2026", "2027") for *_, year in one.months)


def test_a_person_s_own_lines_are_on_it() -> None:
    own = [{"title": "Order cake", "due": START, "done": False}]
    titles = [title for lane in picture({"own": own}).lanes for mark in lane.marks for title in mark.titles]
    assert f"{START} Order cake" in titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_shows_is_said_in_words(language: str) -> None:
    one = picture(language=language)
    found = counts(one)
    assert all(str(number) in one.description for number in (found["late"] + found["to-come"], found["done"], START))
    assert {state for state, _ in one.states} == set(found)


def test_hostile_words_are_text_in_it() -> None:
    hostile = "<script>\"&'</script>"
    one = picture({"unit.name": "\"'&<3 {{ 1 }}", "own": [{"title": hostile, "due": AS_OF}]})
    tree = ET.fromstring(svg_of(one))  # noqa: S314 # our own
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags == {"svg", "title", "desc", "rect", "line", "text", "g", "circle", "path"}
    assert hostile in "".join(tree.itertext())


def test_the_same_plan_gives_the_same_picture() -> None:
    assert draft() == draft()
    assert svg_of(picture()) == svg_of(picture())
