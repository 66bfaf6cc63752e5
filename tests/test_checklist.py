"""What a person writes into the checklist is read, however she and her editor write it."""

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.days import days_of
from peerplan.errors import Problem
from peerplan.folder.blocks import alike
from peerplan.folder.checklist import Reading, read_checklist
from peerplan.folder.lines import ReadLine, Titles
from peerplan.folder.page import Page
from peerplan.folder.record import CHECKLIST
from peerplan.folder.words import apply_ticks, line_answers
from peerplan.guide.tailoring import tailor
from samples import draft, guide, plan, rendered

DECIDED: dict[str, object] = {
    "support.decision": "try",
    "support.coordination": "yes",
    "students.channel": "yes",
    "notes.channel": "By the course.",
}
PLAN = plan(DECIDED, state="partly")
WRITTEN = rendered(PLAN)[CHECKLIST].decode()
LINES = WRITTEN.splitlines()
PARTS = [line for part in PLAN.checklist.parts for line in part.lines]
TITLES = Titles(
    lines={alike(line.title): line.id for line in PARTS}
    | {alike(f"{line.title}: {line.answer}"): line.id for line in PLAN.checklist.in_place},
    labels={alike(item.label): item.id for item in guide().items},
    owners={alike(owner.label): owner.id for owner in guide().owners},
    milestones={alike(one.label): one.item for one in tailor(guide(), PLAN.profile).milestones if one.item},
    late=["late", "försenad"],
    days=days_of(guide()),
)
ROOMS = next(line for line in LINES if "Sort out rooms" in line)
AT = LINES.index(ROOMS)
DUE, TITLE = next((line.due, line.title) for line in PARTS if line.id == "rooms")


def base() -> Reading:
    return read_checklist(Page.of(WRITTEN).blocks, TITLES, None, "plan.md")


def read(mine: str) -> Reading:
    before, page = base(), Page.of(WRITTEN)
    written = frozenset(page.key(number) for number in range(len(page.blocks)) if number not in before.hers)
    return read_checklist(Page.of(mine).blocks, TITLES, written, "plan.md")


def with_rooms(*lines: str) -> str:
    """The plan with other lines in place of the one about rooms."""
    return "\n".join([*LINES[:AT], *lines, *LINES[AT + 1 :]])


def rooms(*lines: str) -> ReadLine:
    reading = read(with_rooms(*lines))
    assert reading.unread == []
    return reading.lines["rooms"]


def problems(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.message, problem.place) for problem in reading.unread]


def held(mine: str, reading: Reading) -> dict[str, list[str]]:
    """What stands in the lines that stay as they are."""
    blocks = Page.of(mine).blocks
    return {key: [blocks[one].raw for one in numbers] for key, numbers in reading.held.items()}


# --- boxes -----------------------------------------------------------------------------------------------------------


def test_a_plan_as_it_was_written_has_a_line_for_each_item_and_nothing_else() -> None:
    reading = read(WRITTEN)
    assert len(reading.lines) > 20
    assert {one for one, line in reading.lines.items() if line.ticked} == {"decision", "coordination", "channel"}
    assert reading.lines["rooms"] == ReadLine(AT + 1, ticked=False, due=DUE)
    assert reading.lines["channel"].note == "By the course."
    assert (reading.own, reading.unread, reading.held) == ([], [], {})


MARK = " <!-- rooms -->"


@pytest.mark.parametrize(
    "written",
    ["", " \\<!-- rooms --\\>", " &lt;!-- rooms --&gt;", " <!\u2013 rooms \u2013>", f"{MARK}&#x20;", f"&nbsp;{MARK}"],
)
def test_a_line_is_known_however_an_editor_wrote_its_mark_down(written: str) -> None:
    assert rooms(ROOMS.replace("[ ]", "[x]").replace(MARK, written)) == ReadLine(AT + 1, ticked=True, due=DUE)


@pytest.mark.parametrize("space", ["  ", "    ", "\t"])
def test_a_list_is_read_however_far_an_editor_indented_it(space: str) -> None:
    mine = with_rooms(ROOMS.replace("[ ]", "[x]"), "- [ ] Order cake")
    reading = read("\n".join(space + line if line.lstrip().startswith("- ") else line for line in mine.splitlines()))
    assert reading.lines.keys() == read(WRITTEN).lines.keys()
    assert reading.lines["rooms"].ticked
    assert reading.lines["channel"].note == "By the course."
    assert [one.title for one in reading.own] == ["Order cake"]


def test_a_plan_that_was_quoted_in_a_mail_is_read() -> None:
    mine = with_rooms(ROOMS.replace("[ ]", "[x]")).splitlines()
    assert read("\n".join(f"> {line}".rstrip() for line in mine)).lines == read("\n".join(mine)).lines


def test_a_box_on_a_line_by_itself_belongs_to_what_is_indented_under_it() -> None:
    box, rest = ROOMS.replace("[ ]", "[x]\n").split("\n")
    assert rooms(box, "", f" {rest}").ticked
    reading = read(with_rooms(ROOMS, "- [ ]", "", "Her own paragraph"))
    assert "Her own paragraph" not in [one.title for one in reading.own]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\v", "\f", "\x85", "\r"])
def test_what_shows_as_a_new_line_is_one(end: str) -> None:
    reading = read(with_rooms(ROOMS.replace("[ ]", "[x]") + end + "- [x] Order cake"))
    assert reading.lines["rooms"] == ReadLine(AT + 1, ticked=True, due=DUE)
    assert [(one.title, one.ticked) for one in reading.own] == [("Order cake", True)]


def test_a_note_has_one_form_of_each_letter() -> None:
    assert rooms(ROOMS, unicodedata.normalize("NFD", "  - Fråga Åsa")).note == "Fråga Åsa"


TICKS = ["[x]", "[X]", "[ x]", "[✓]", "[✔]", "[v]", "\\[x\\]", "\\\\[x\\\\]", "[ ] ✅", "☑", "✅", "\uf0fe"]


@pytest.mark.parametrize("mark", TICKS)
def test_these_marks_are_ticks(mark: str) -> None:
    assert rooms(ROOMS.replace("[ ]", mark)).ticked is True


@pytest.mark.parametrize("mark", ["[]", "[  ]", "[_]", "☐", "\\[ \\]", "\uf0a8"])
def test_an_empty_box_is_not_ticked(mark: str) -> None:
    assert rooms(ROOMS.replace("[ ]", mark)).ticked is False


@pytest.mark.parametrize("bullet", ["- ", "* ", "+ ", "1. ", "12) ", "• ", "\u2013 ", "-", "", "-   "])
def test_another_kind_of_list_is_read(bullet: str) -> None:
    assert rooms(bullet + ROOMS.replace("- [ ]", "[x]")).ticked is True


@pytest.mark.parametrize("mark", ["[?]", "[-]", "[/]", "[o]", "[ja]", "[xx]"])
def test_what_another_mark_means_is_not_guessed_but_said_and_the_line_is_held(mark: str) -> None:
    mine = with_rooms(ROOMS.replace("[ ]", mark))
    reading = read(mine)
    assert problems(reading) == [("tick-unclear", f"plan.md:{AT + 1}")]
    assert reading.lines["rooms"] == ReadLine(AT + 1, ticked=None, due=DUE)
    assert held(mine, reading) == {"rooms": [f"**{DUE}** {TITLE}"]}
    assert reading.unread[0].values == {"line": f"{DUE} {TITLE}"[:60]}


def test_a_struck_out_line_is_not_guessed() -> None:
    reading = read(with_rooms(ROOMS.replace("- [ ] ", "- [ ] ~~") + "~~"))
    assert problems(reading) == [("tick-unclear", f"plan.md:{AT + 1}")]


def test_two_equal_lines_are_read_once() -> None:
    line = rooms(ROOMS.replace("[ ]", "[x]"), "  - The key", ROOMS.replace("[ ]", "[x]"), "  - Ask Lena")
    assert (line.ticked, line.due, line.note) == (True, DUE, "The key\nAsk Lena")


def test_of_two_lines_that_disagree_neither_is_read_and_both_are_said_and_held() -> None:
    mine = with_rooms(ROOMS, "  - The key", ROOMS.replace("[ ]", "[x]"), "  - Ask Lena")
    reading = read(mine)
    assert problems(reading) == [("tick-twice", f"plan.md:{AT + 1}"), ("tick-twice", f"plan.md:{AT + 3}")]
    assert (reading.lines["rooms"].ticked, reading.lines["rooms"].note) == (None, "The key\nAsk Lena")
    assert held(mine, reading) == {"rooms": [f"**{DUE}** {TITLE}"] * 2}


def test_a_line_that_is_gone_says_nothing_about_its_item() -> None:
    reading = read(with_rooms())
    assert "rooms" not in reading.lines
    assert set(read(WRITTEN).lines) - set(reading.lines) == {"rooms"}


@pytest.mark.parametrize("text", ["", "# Peer learning\n\nText.\n", "- [x] Buy cake\n"])
def test_a_checklist_that_is_gone_says_nothing(text: str) -> None:
    reading = read(text)
    assert not reading.has_lines
    assert line_answers(base(), reading, {"own": [{"title": "x"}]}) == {"own": [{"title": "x"}]}


# --- notes, dates and names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines", [["  Ask Lena"], ["  - Ask Lena"], ["Ask Lena"], ["", "  Ask Lena"], ["    * Ask", "      Lena"]]
)
def test_what_stands_under_a_line_is_a_note(lines: list[str]) -> None:
    line = rooms(ROOMS, *lines)
    assert (line.note, line.who) == ("Ask Lena", "")


def test_several_notes_are_lines_of_one() -> None:
    assert rooms(ROOMS, "  - Ask Lena", "  - Room 4 *or* 5").note == "Ask Lena\nRoom 4 *or* 5"


ROOMS_LABEL = next(item.label for item in guide().items if item.id == "rooms")


@pytest.mark.parametrize("note", [f"- {ROOMS_LABEL}: Key: box X", f"- **{ROOMS_LABEL}:** _Key: box X_"])
def test_a_note_under_an_items_name_is_that_items_and_what_stands_under_it_is_nobodys(note: str) -> None:
    assert rooms(note, "", "Nobody's words.") == ReadLine(AT + 1, ticked=None, notes=("Key: box X",))
    both = rooms(ROOMS, "  - The key", note, "", "Nobody's words.")
    assert both == ReadLine(AT + 1, ticked=False, due=DUE, notes=("The key", "Key: box X"))


@pytest.mark.parametrize(
    "text", ["**4 January 2027**", "4 jan -27", "4 jan 27", "Monday 4 January 2027:", "måndagen den 4 januari 2027"]
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert rooms(ROOMS.replace(f"**{DUE}**", text)).due == date(2027, 1, 4)


def test_a_line_of_her_own_has_a_day_however_it_is_written_and_is_held_if_it_could_be_two() -> None:
    mine = with_rooms(ROOMS, "- [ ] 18 januari 2027: Cake (Eva)", "- [ ] 1/2 2027 Order tea")
    reading = read(mine)
    assert [(one.title, one.due, one.who) for one in reading.own] == [
        ("Cake", date(2027, 1, 18), "Eva"),
        ("Order tea", None, ""),
    ]
    assert problems(reading) == [("day-unread", f"plan.md:{AT + 3}")]
    assert held(mine, reading) == {"Order tea": ["1/2 2027 Order tea"]}
    assert reading.unread[0].values == {"line": "1/2 2027 Order tea", "why": TITLES.days.read("1/2 2027")}


@pytest.mark.parametrize("day", ["10 dec", "1/2 2027"])
def test_a_day_that_cannot_be_understood_is_said_and_the_line_is_held(day: str) -> None:
    mine = with_rooms(ROOMS.replace(f"**{DUE}**", day))
    reading = read(mine)
    assert problems(reading) == [("day-unread", f"plan.md:{AT + 1}")]
    assert held(mine, reading) == {"rooms": [f"{day} {TITLE}"]}
    assert reading.unread[0].values == {"line": f"{day} {TITLE}"[:60], "why": TITLES.days.read(day)}
    assert isinstance(TITLES.days.read(day), Problem)


@pytest.mark.parametrize(
    ("end", "who", "note"),
    [
        (" (Eva)", "Eva", ""),
        (" \u2013 Eva Ek", "Eva Ek", ""),
        (", Eva", "Eva", ""),
        (" (Eva) \u2013 late", "Eva", ""),
        (" \u2013 late (Eva)", "Eva", ""),
        (" \u2013 försenad", "", ""),
        (" \u2013 ej klart", "", "ej klart"),
        (" KLART", "", "KLART"),
        (" (not today)", "", "(not today)"),
        ("??", "", "??"),
        (": ask about the key before 3 pm", "", "ask about the key before 3 pm"),
        (" (Eva), she has the key to it", "Eva", "she has the key to it"),
    ],
)
def test_what_stands_after_a_line_is_a_name_or_a_note(end: str, who: str, note: str) -> None:
    line = rooms(ROOMS.replace(TITLE, TITLE + end))
    assert (line.who, line.note) == (who, note)


def test_a_reworded_line_is_known_by_what_is_alike_and_its_words_are_a_note() -> None:
    line = rooms(ROOMS.replace("[ ]", "[x]").replace("lockers", "a locker each"))
    words = TITLE.replace("lockers", "a locker each")
    assert line == ReadLine(AT + 1, ticked=True, due=DUE, notes=(words,), reworded=True)


def test_a_reworded_line_whose_day_cannot_be_read_is_held() -> None:
    mine = with_rooms("- [ ] 1/2 2027 Ask Lena about the key <!-- rooms -->")
    reading = read(mine)
    assert problems(reading) == [("day-unread", f"plan.md:{AT + 1}")]
    assert held(mine, reading) == {"rooms": ["1/2 2027 Ask Lena about the key"]}


def test_the_words_of_another_item_are_no_title_of_the_one_whose_id_stands_there() -> None:
    other = next(line.title for line in PARTS if line.id == "supervisors")
    assert rooms(f"- [ ] {other} <!-- rooms -->").note == other


def test_a_line_with_words_before_its_title_that_are_no_day_is_held_and_they_are_no_note() -> None:
    mine = with_rooms(f"- [ ] Room 4: {TITLE} <!-- rooms -->")
    reading = read(mine)
    assert held(mine, reading) == {"rooms": [f"Room 4: {TITLE}"]}
    assert reading.lines["rooms"] == ReadLine(AT + 1, ticked=False)
    assert reading.unread[0].values["why"] == TITLES.days.read("Room 4")


@pytest.mark.parametrize(
    ("lines", "who", "note"),
    [
        (["Sort out rooms, seats", "and lockers"], "", ""),
        (["Sort out rooms, seats", "and lockers (Eva)"], "Eva", ""),
        ([TITLE, "(Eva)"], "Eva", ""),
        ([TITLE, "\u2013 late"], "", ""),
        ([f"{TITLE} (Eva)", "with *two* keys"], "Eva", "with *two* keys"),
    ],
)
def test_a_line_that_an_editor_wrapped_goes_on_and_what_else_stands_below_is_a_note(
    lines: list[str], who: str, note: str
) -> None:
    line = rooms(f"- [ ] **{DUE}** {lines[0]}", f"      {lines[1]}")
    assert line == ReadLine(AT + 1, ticked=False, due=DUE, who=who, notes=(note,) if note else ())


@pytest.mark.parametrize(
    "box",
    ["[done]", "[Lisa calls]", "[ klart ]", "\uff3bx\uff3d", '<input type="checkbox" checked>', "\U0001f5f9", "x"],
)
def test_a_box_that_is_none_is_held_and_said_and_the_note_under_it_is_read(box: str) -> None:
    reading = read(with_rooms(ROOMS.replace("[ ]", box), "  - Ask Lena"))
    assert "rooms" in reading.held
    assert problems(reading) == [("tick-unclear", f"plan.md:{AT + 1}")]
    assert (reading.lines["rooms"].ticked, reading.lines["rooms"].note) == (None, "Ask Lena")


@pytest.mark.parametrize("box", ["[done]", "[Lisa calls]", "[ klart ]"])
def test_a_box_with_words_is_held_and_said(box: str) -> None:
    mine = with_rooms(ROOMS.replace("[ ]", box))
    reading = read(mine)
    assert held(mine, reading) == {"rooms": [f"{box} **{DUE}** {TITLE}"]}
    assert problems(reading) == [("tick-unclear", f"plan.md:{AT + 1}")]


def test_a_day_with_a_time_is_the_day_and_a_note() -> None:
    line = rooms(ROOMS.replace("** ", "** at 1 pm "))
    assert line.due
    assert line.note == "at 1 pm"


# --- own lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "title", "day", "who", "ticked"),
    [
        ("- [ ] Order cake", "Order cake", None, "", False),
        ("- [x] Order cake", "Order cake", None, "", True),
        ("- Order cake", "Order cake", None, "", False),
        ("- [ ] Order cake \u2013 late (Eva)", "Order cake", None, "Eva", False),
        ("- [ ] **2027-01-15** Order cake (Eva) \u2013 late", "Order cake", date(2027, 1, 15), "Eva", False),
        (
            "[ ] 2027-01-15: Order cake (with candles, 24 of them)",
            "Order cake (with candles, 24 of them)",
            date(2027, 1, 15),
            "",
            False,
        ),
    ],
)
def test_a_line_of_no_item_is_her_own(line: str, title: str, day: date | None, who: str, *, ticked: bool) -> None:
    reading = read(with_rooms(ROOMS, line, "  - at Bo's"))
    (own,) = reading.own
    assert (own.title, own.due, own.who, own.ticked, own.note) == (title, day, who, ticked, "at Bo's")
    assert (own.owner, own.number) == ("coordinator", AT + 2)
    assert list(reading.hers.values()).count(title) == 2  # the line and its note
    assert set(reading.lines) == set(read(WRITTEN).lines)


@pytest.mark.parametrize(
    ("lines", "title", "who", "note"),
    [
        (["Order cake", "with candles"], "Order cake", "", "with candles"),
        (["Order cake", "(Eva)"], "Order cake", "Eva", ""),
        (["Order cake", "\u2013 late (Eva)"], "Order cake", "Eva", ""),
        (["x" * 59, "with candles"], "x" * 59, "", "with candles"),
        # what an editor has wrapped goes on
        (["x" * 60, "with candles"], "x" * 60 + " with candles", "", ""),
    ],
)
def test_what_stands_on_the_next_line_of_her_own_is_a_note_or_goes_on(
    lines: list[str], title: str, who: str, note: str
) -> None:
    (own,) = read(with_rooms(ROOMS, "- [ ] " + "\n      ".join(lines))).own
    assert (own.title, own.who, own.note) == (title, who, note)


def test_a_line_of_her_own_with_another_mark_is_held() -> None:
    mine = with_rooms(ROOMS, f"- [?] {'cake ' * 20}")
    reading = read(mine)
    assert [own.ticked for own in reading.own] == [None]
    assert held(mine, reading) == {("cake " * 20).strip(): [("cake " * 20).strip()]}
    assert [(one.message, one.values) for one in reading.unread] == [("tick-unclear", {"line": ("cake " * 20)[:60]})]


def test_a_box_with_nothing_behind_it_is_no_line_and_has_no_notes() -> None:
    reading = read(with_rooms(ROOMS, "- [ ] 2027-01-15", "", "  Ask Lena"))
    assert (reading.own, reading.lines["rooms"].note) == ([], "")


def test_an_item_with_a_label_at_its_beginning_is_no_line_of_that_item() -> None:
    assert [own.title for own in read(with_rooms(ROOMS, "- [ ] Reflection room: buy a plant")).own] == [
        "Reflection room: buy a plant"
    ]


# --- where it begins and ends ----------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A text as an editor leaves it that drops comments."""
    return re.sub(r" <!-- [\w-]+ -->", "", text)


def titles(reading: Reading) -> list[tuple[str, str]]:
    return [(own.title, own.owner) for own in reading.own]


def test_without_their_ids_lines_are_known_by_their_words() -> None:
    assert "<!--" not in bare(WRITTEN)
    assert read(bare(WRITTEN)).lines == read(WRITTEN).lines


def test_without_its_id_a_reworded_line_is_known_by_the_words_that_are_missing() -> None:
    other = bare(ROOMS).replace("lockers", "a locker each")
    reading = read(bare(with_rooms(other, bare(ROOMS).replace("lockers", "one locker each"))))
    assert (reading.lines["rooms"].reworded, reading.lines["rooms"].due) == (True, DUE)
    assert titles(reading) == [(TITLE.replace("lockers", "one locker each"), "coordinator")]  # only one is that line
    assert set(reading.lines) == set(read(WRITTEN).lines)


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] Sort the desks and lockers",
        "  - [ ] Sort out rooms, seats, a locker",
        "- Sort out rooms, seats, a locker",
    ],
)
def test_a_line_of_other_words_or_under_another_is_not_the_one_that_is_missing(line: str) -> None:
    assert "rooms" not in read(bare(with_rooms(line))).lines


def test_where_it_is_not_known_what_was_written_no_line_is_taken_for_a_reworded_one() -> None:
    mine = bare(with_rooms(bare(ROOMS).replace("lockers", "a locker each")))
    assert "rooms" not in read_checklist(Page.of(mine).blocks, TITLES, None, "plan.md").lines


@pytest.mark.parametrize("indent", ["", " ", "  ", "    "])
def test_a_box_makes_an_items_line_however_an_editor_indented_the_list(indent: str) -> None:
    assert "rooms" in read(with_rooms(f"{indent}{ROOMS}")).lines
    without_box = read(with_rooms(f"{indent}- {ROOMS_LABEL}: the small one"))
    assert ("rooms" in without_box.lines) is (len(indent) < 2)
    assert rooms(f" {bare(ROOMS).replace('lockers', 'a locker each')}").reworded
    assert rooms(f" - {ROOMS_LABEL}: the small one").note == "the small one"


@pytest.mark.parametrize("line", [f"- {ROOMS_LABEL}", "- Cake: order it", f"- [ ] {ROOMS_LABEL}: buy a plant"])
def test_only_an_items_name_and_a_colon_make_a_note_of_a_line(line: str) -> None:
    assert titles(read(with_rooms(ROOMS, line))) == [(line.removeprefix("- ").removeprefix("[ ] "), "coordinator")]


def test_a_paragraph_is_a_note_whatever_its_first_words_are() -> None:
    assert rooms(ROOMS, "", f"{ROOMS_LABEL}: the small one").note == f"{ROOMS_LABEL}: the small one"


def test_the_checklist_begins_at_the_heading_above_its_first_line() -> None:
    above = WRITTEN.replace("## Two rules\n", "## Two rules\n\n- [ ] Ask Lena\n")
    assert above != WRITTEN
    assert titles(read(above)) == []
    within = above.replace("## Checklist\n", "- [ ] Bake\n\n## Checklist\n\n- [ ] Order cake\n")
    within = within.replace("### Manager\n", "- [ ] Buy forks\n\n### Manager\n")
    assert titles(read(within)) == [("Order cake", ""), ("Buy forks", "")]
    without_parts = above.replace("## Checklist\n", "").replace("### Manager\n", "## Checklist\n")
    assert (titles(read(without_parts)), read(without_parts).lines.keys()) == ([], read(WRITTEN).lines.keys())
    assert titles(read(f"- [ ] Ask Lena\n\n## Checklist\n\n{ROOMS}\n")) == []


@pytest.mark.parametrize("mine", [f"Words.\n\n- [ ] Order cake\n{ROOMS}\n", f"- [ ] Order cake\n{ROOMS}\n\n## More\n"])
def test_without_a_heading_all_is_checklist(mine: str) -> None:
    reading = read(mine)
    assert (titles(reading), list(reading.lines)) == ([("Order cake", "")], ["rooms"])


def test_what_stands_under_a_heading_of_her_own_stays_there_but_for_lines_of_items_and_their_notes() -> None:
    reading = read(with_rooms("### Cake", "", "- [ ] Order it", "", "Words.", ROOMS.replace("[ ]", "[x]"), "  - Words"))
    assert titles(reading) == []
    assert reading.lines["rooms"] == ReadLine(reading.lines["rooms"].number, ticked=True, due=DUE, notes=("Words",))


def test_a_note_under_each_of_two_copies_of_a_line_is_one_note() -> None:
    assert rooms(ROOMS, "  - Words", ROOMS, "  - Words", "  - Others").notes == ("Words", "Others")


def test_a_line_of_her_own_among_those_in_place_belongs_to_no_role() -> None:
    assert titles(read(WRITTEN.replace("### In place\n", "### In place\n\n- [x] Bake\n"))) == [("Bake", "")]


# --- the table of days -----------------------------------------------------------------------------------------------

ROW = "| 2026-12-07 | The supervisors are prepared |"


def test_the_days_of_items_in_the_table_are_read_and_no_others() -> None:
    reading = read(WRITTEN)
    assert reading.days == {
        "managers": date(2026, 10, 26),
        "colleagues": date(2026, 11, 23),
        "supervisors": date(2026, 12, 7),
        "email-sent": date(2026, 12, 23),
    }
    blocks = Page.of(WRITTEN).blocks
    rows = {id_: blocks[number].raw for number, id_ in reading.hers.items() if blocks[number].kind == "row"}
    assert rows.keys() == reading.days.keys()
    assert rows["supervisors"] == "2026-12-07 | The supervisors are prepared"


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("| **4 January 2027** | The supervisors are prepared |", date(2027, 1, 4)),
        ("| 4 jan -27 | The *supervisors* are prepared: all of them |", date(2027, 1, 4)),
        ("| 4 jan -27 | The supervisors are prepared | Eva |", date(2027, 1, 4)),
        ("| 2027-01-04 at ten | The supervisors are prepared |", None),
        ("| 10 dec | The supervisors are prepared |", None),
        ("| soon | The supervisors are prepared |", None),
        ("| 2027-01-04 | Somebody is prepared |", None),
        ("\n2027-01-04 | The supervisors are prepared\n", None),
    ],
)
def test_a_day_in_the_table_is_read_where_it_is_one_and_that_of_an_item(row: str, day: date | None) -> None:
    reading = read(WRITTEN.replace(ROW, row))
    assert reading.days.get("supervisors") == day
    assert reading.unread == []


# --- as answers ------------------------------------------------------------------------------------------------------


def answers(mine: str, **given: object) -> dict[str, object]:
    before = {**draft(DECIDED, state="partly"), **given}
    after = line_answers(base(), read(mine), before)
    return {key: value for key, value in after.items() if before.get(key) != value}


def test_only_what_differs_from_what_was_written_is_taken() -> None:
    assert answers(WRITTEN) == {}
    assert answers(with_rooms(ROOMS, "  Ask Lena")) == {"notes.rooms": "Ask Lena"}
    assert answers(with_rooms(ROOMS.replace(str(DUE), "2027-01-04"))) == {"due.rooms": date(2027, 1, 4)}
    assert answers(with_rooms(ROOMS.replace(TITLE, f"{TITLE} (Eva)"))) == {"who.rooms": "Eva"}


def test_a_note_that_was_removed_is_gone_and_one_in_the_answers_that_was_not_written_yet_stays() -> None:
    removed = WRITTEN.replace("\n  - By the course.", "")
    assert line_answers(base(), read(removed), draft(DECIDED)).get("notes.channel") is None
    changed = line_answers(base(), read(WRITTEN), {**draft(DECIDED), "notes.channel": "By post."})
    assert changed["notes.channel"] == "By post."


def test_own_lines_of_the_answers_that_were_not_written_yet_stay() -> None:
    changed = line_answers(base(), read(with_rooms(ROOMS, "- [ ] Order cake")), {"own": [{"title": "By hand"}]})
    own = changed["own"]
    assert isinstance(own, list)
    assert [one["title"] for one in own] == ["By hand", "Order cake"]


PARTLY = draft(DECIDED, state="partly")
DONE = draft(state="done")
KEYS = {item.id: item.key for item in guide().items}
STATES = {one: line.ticked for one, line in base().lines.items()}


@settings(max_examples=50)
@given(st.sets(st.sampled_from(sorted(one for one, ticked in STATES.items() if not ticked))))
def test_a_tick_is_a_yes_and_changes_no_other_answer(ticked: set[str]) -> None:
    states = {**STATES, **dict.fromkeys(ticked, True)}
    changed, ticks = apply_ticks(PARTLY, states, STATES, guide())
    assert changed == {**PARTLY, **{KEYS[one]: "yes" for one in ticked}}
    assert {tick.id for tick in ticks} == ticked


@settings(max_examples=50)
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


def test_where_it_is_not_known_what_was_written_only_ticks_count() -> None:
    changed, ticks = apply_ticks(DONE, {"rooms": False, "rota": True}, None, guide())
    assert (changed, ticks) == (DONE, ())
    changed, _ = apply_ticks(PARTLY, {"rooms": True, "channel": False}, None, guide())
    assert changed == {**PARTLY, KEYS["rooms"]: "yes"}


@settings(max_examples=200)
@given(st.text(alphabet="-*[]xX ?\r\n\t<!>abc#|\\✅•\u2028\x0c\ufeff", max_size=200))
def test_nothing_a_person_writes_is_too_odd_to_be_read(mine: str) -> None:
    reading = read(f"{WRITTEN}\n{mine}")
    assert set(STATES) <= set(reading.lines)
