"""A tick in the checklist is an answer, however the list was treated in between."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.folder.checklist import Reading, apply_ticks, read_boxes, states_of
from peerplan.folder.merge import MARK
from peerplan.folder.record import CHECKLIST
from samples import draft, guide, plan, rendered

DECIDED: dict[str, object] = {"support.decision": "try", "support.coordination": "yes", "students.channel": "yes"}
WRITTEN = rendered(plan(DECIDED, state="partly"))[CHECKLIST].decode()
STATES = states_of(WRITTEN)
LINES = WRITTEN.splitlines(keepends=True)
AT = {one: next(number for number, line in enumerate(LINES) if f"<!-- {one} -->" in line) for one in STATES}
ROOMS = LINES[AT["rooms"]]
ID = " <!-- rooms -->"


def read(mine: str) -> Reading:
    return read_boxes(WRITTEN, mine, "plan.md")


def with_rooms(*lines: str) -> str:
    """The plan with other lines in place of the one about rooms."""
    return "".join([*LINES[: AT["rooms"]], *lines, *LINES[AT["rooms"] + 1 :]])


def with_marks(marks: dict[str, str]) -> str:
    lines = list(LINES)
    for one, mark in marks.items():
        box, bracket, rest = lines[AT[one]].partition("]")
        lines[AT[one]] = box[:-1] + mark + bracket + rest
    return "".join(lines)


def problems(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.message, problem.place) for problem in reading.unread]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_plan_as_it_was_written_has_a_box_for_each_item() -> None:
    assert len(STATES) > 20
    assert {one for one, ticked in STATES.items() if ticked} == {"decision", "coordination", "channel"}
    assert read(WRITTEN) == Reading(ticked=STATES, unread=(), gone=(), text=WRITTEN)


editors = st.sampled_from(
    [str, lambda text: text.replace("\n", "\r\n"), lambda text: MARK + text, lambda text: text.rstrip("\n")]
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(STATES)), st.booleans()), editors)
def test_ticks_are_read_whatever_program_saved_them_and_are_no_edit(
    ticks: dict[str, bool], saved_by: Callable[[str], str]
) -> None:
    reading = read(saved_by(with_marks({one: "x" if ticked else " " for one, ticked in ticks.items()})))
    assert reading == Reading(ticked={**STATES, **ticks}, unread=(), gone=(), text=saved_by(WRITTEN))


@pytest.mark.parametrize("mark", ["x", "X", " x", "x ", " X ", "✓", "✔", "☑"])
def test_these_marks_are_ticks(mark: str) -> None:
    assert read(with_marks({"rooms": mark})) == Reading({**STATES, "rooms": True}, (), (), WRITTEN)


@pytest.mark.parametrize("mark", ["", " ", "  ", "   "])
def test_an_empty_box_is_not_ticked(mark: str) -> None:
    assert read(with_marks({"coordination": mark})) == Reading({**STATES, "coordination": False}, (), (), WRITTEN)


@pytest.mark.parametrize("mark", ["?", "-", "/", "o", "ja", "xx", "✗"])
def test_what_another_mark_means_is_not_guessed_but_said(mark: str) -> None:
    mine = with_marks({"rooms": mark})
    reading = read(mine)
    assert problems(reading) == [("tick-unclear", f"plan.md:{AT['rooms'] + 1}")]
    assert "rooms" not in reading.ticked
    assert reading.text == mine  # the mark is an edit and stays


@pytest.mark.parametrize("bullet", ["- ", "* ", "+ ", "1. ", "12) ", "  - ", "\t* ", "-   "])
def test_another_kind_of_list_is_read(bullet: str) -> None:
    assert read(with_rooms(bullet + ROOMS.replace("- [ ]", "[x]"))).ticked["rooms"] is True


@pytest.mark.parametrize(
    "line",
    [
        f"- [x] Rooms: ask Lena{ID}",
        f"- [x]{ID}",
        "- [x] <!--rooms--> anything",
        "- [x] ~~**2026-12-07** Sort out rooms~~ done on Monday <!--  rooms  -->",
        ROOMS.replace("[ ]", "[x]").replace(ID, ""),
        ROOMS.replace("[ ]", "[x]").replace(ID, " done on Monday"),
        ROOMS.replace("[ ]", "[x]").replace(ID, "").replace("2026-12-07", "2026-12-14"),
        ROOMS.replace("[ ]", "[x]").replace(ID, "").replace("**", ""),
    ],
)
def test_a_reworded_line_is_known_by_its_id_and_without_it_by_its_words(line: str) -> None:
    reading = read(with_rooms(f"{line.rstrip()}\n"))
    assert (reading.ticked, reading.unread, reading.gone) == ({**STATES, "rooms": True}, (), ())


def test_a_moved_line_is_read_where_it_stands_now() -> None:
    mine = f"{ROOMS.replace('[ ]', '[x]')}\n{with_rooms()}"
    reading = read(mine)
    assert reading.ticked == {**STATES, "rooms": True}
    assert reading.text == f"{ROOMS}\n{with_rooms()}"


@pytest.mark.parametrize("lines", [(), ("- [x] Lena takes care of it\n",), ("Sort out rooms\n",)])
def test_a_line_that_is_gone_says_nothing_about_its_item(lines: tuple[str, ...]) -> None:
    reading = read(with_rooms(*lines))
    assert (reading.gone, reading.unread) == (("rooms",), ())
    assert reading.ticked == {one: ticked for one, ticked in STATES.items() if one != "rooms"}


def test_a_checklist_that_is_gone_says_nothing() -> None:
    assert read("") == Reading({}, (), tuple(STATES), "")


def test_a_persons_own_boxes_are_hers() -> None:
    mine = with_rooms(ROOMS, "  - [x] Ask Lena about room 4\n", "- [ ] Buy cake\n", "- [link](https://ki.se)\n")
    assert read(mine) == Reading(STATES, (), (), mine)


@pytest.mark.parametrize(
    ("one", "message", "near"), [("romms", "tick-unknown-near", "rooms"), ("zzz", "tick-unknown", "")]
)
def test_an_id_that_the_plan_does_not_have_is_said(one: str, message: str, near: str) -> None:
    mine = with_rooms(ROOMS, f"- [x] Something else <!-- {one} -->\n")
    reading = read(mine)
    assert problems(reading) == [(message, f"plan.md:{AT['rooms'] + 2}")]
    assert reading.unread[0].values == {"id": one, "near": near}
    assert (reading.ticked, reading.text) == (STATES, mine)


def test_two_equal_boxes_are_read_once() -> None:
    ticked = ROOMS.replace("[ ]", "[x]")
    reading = read(with_rooms(ticked, ticked))
    assert (reading.ticked, reading.unread) == ({**STATES, "rooms": True}, ())


def test_of_two_different_boxes_neither_is_read_and_both_are_said() -> None:
    reading = read(with_rooms(ROOMS, ROOMS.replace("[ ]", "[x]")))
    first = AT["rooms"] + 1
    assert problems(reading) == [("tick-twice", f"plan.md:{first}"), ("tick-twice", f"plan.md:{first + 1}")]
    assert "rooms" not in reading.ticked
    assert reading.gone == ()


@settings(max_examples=200)
@given(st.text(alphabet="-*[]xX ?\r\n\t<!>abc\u2028\x0c" + MARK, max_size=200))
def test_nothing_a_person_writes_is_too_odd_to_be_read(mine: str) -> None:
    reading = read(mine)
    assert len(reading.text.splitlines()) == len(mine.splitlines())
    assert set(reading.ticked).isdisjoint(reading.gone)


# --- applying --------------------------------------------------------------------------------------------------------

PARTLY = draft(DECIDED, state="partly")
DONE = draft(state="done")
KEYS = {item.id: f"{item.area}.{item.id}" for item in guide().items}


@given(st.sets(st.sampled_from(sorted(one for one, ticked in STATES.items() if not ticked))))
def test_a_tick_is_a_yes_and_changes_no_other_answer(ticked: set[str]) -> None:
    states = {**STATES, **dict.fromkeys(ticked, True)}
    changed, ticks = apply_ticks(PARTLY, states, STATES, guide())
    assert changed == {**PARTLY, **{KEYS[one]: "yes" for one in ticked}}
    assert {tick.id for tick in ticks} == ticked


@given(st.sets(st.sampled_from(sorted(set(KEYS) - {"decision"}))))
def test_an_unticked_yes_is_partly(unticked: set[str]) -> None:
    before = dict.fromkeys(KEYS, True)
    changed, ticks = apply_ticks(DONE, {**before, **dict.fromkeys(unticked, False)}, before, guide())
    assert changed == {**DONE, **{KEYS[one]: "partly" for one in unticked}}
    assert {tick.id for tick in ticks} == unticked


@pytest.mark.parametrize(
    ("old", "ticked", "new"),
    [
        ("undecided", True, "try"),
        ("try", True, "try"),
        ("use", True, "use"),
        ("try", False, "undecided"),
        ("use", False, "undecided"),
        ("undecided", False, "undecided"),
    ],
)
def test_a_ticked_decision_is_the_mildest_one_unless_one_was_made(old: str, new: str, *, ticked: bool) -> None:
    before = {"decision": not ticked}
    changed, ticks = apply_ticks(draft({"support.decision": old}), {"decision": ticked}, before, guide())
    assert changed["support.decision"] == new
    assert [tick.id for tick in ticks] == (["decision"] if new != old else [])


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("answer", ["yes", "partly", "no", "unknown", "not-applicable"])
def test_a_box_that_nobody_touched_leaves_the_answer_alone(answer: str, *, seen: bool) -> None:
    old = draft({"environment.rooms": answer}, state="partly")
    assert apply_ticks(old, {"rooms": seen}, {"rooms": seen}, guide()) == (old, ())


def test_a_box_of_no_item_changes_nothing() -> None:
    assert apply_ticks(PARTLY, {"cake": True}, {}, guide()) == (PARTLY, ())
