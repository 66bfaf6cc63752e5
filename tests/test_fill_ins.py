"""What was filled in in one letter is found, whatever else was changed there."""

from hypothesis import given
from hypothesis import strategies as st

from peerplan.documents.blanks import Blanks
from peerplan.text import one_line
from samples import guide

FINDER = Blanks(guide().languages)
WRITTEN = (
    "Subject: Welcome\n\n- Time: [fill in: time]\n- Place: [fill in: where to meet]\n\n"
    "Tell [fill in: name and telephone]. Call [fill in: number] if you are ill.\n"
)
BLANKS = ["[fill in: time]", "[fill in: where to meet]", "[fill in: name and telephone]", "[fill in: number]"]
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30)


def test_blanks_are_found_in_both_languages() -> None:
    assert FINDER.found_in(WRITTEN) == BLANKS
    assert FINDER.found_in("Tid: [fyll i: klockslag], se [schemat](https://ki.se) [1]") == ["[fyll i: klockslag]"]


@given(st.lists(VALUES.filter(lambda text: one_line(text) == text and "[" not in text), min_size=4, max_size=4))
def test_what_stands_in_the_place_of_a_blank_is_its_value(values: list[str]) -> None:
    texts = [value.replace(". Call ", "") or "x" for value in values]
    meant = dict(zip(BLANKS, texts, strict=True))
    assert FINDER.fill(WRITTEN, FINDER.filled(WRITTEN, FINDER.fill(WRITTEN, meant))) == FINDER.fill(WRITTEN, meant)


def test_a_blank_that_was_left_or_whose_line_was_changed_has_no_value() -> None:
    edited = WRITTEN.replace("[fill in: time]", "07:30").replace(
        "- Place: [fill in: where to meet]", "Come to the desk"
    )
    assert FINDER.filled(WRITTEN, edited) == {"[fill in: time]": "07:30"}
    assert FINDER.filled(WRITTEN, WRITTEN) == {}


def test_one_of_two_blanks_in_a_line_can_be_filled() -> None:
    edited = WRITTEN.replace("[fill in: number]", "08-123")
    assert FINDER.filled(WRITTEN, edited) == {"[fill in: number]": "08-123"}
    assert FINDER.fill(WRITTEN, FINDER.filled(WRITTEN, edited)) == edited
