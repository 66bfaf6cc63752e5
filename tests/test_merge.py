import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from shutil import which
from typing import NamedTuple

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from edits import Lines, edited
from peerplan.folder.merge import MARK, Merged, merge

pytestmark = pytest.mark.slow  # thousands of texts

GIT = which("git")
LINES = [
    "",
    "## Miljö",
    "- [ ] Boka rum",
    "- [x] Boka rum",
    "  Ansvarig: chef",
    "  Senast: 2027-01-04",
    "Åsa vet",
]
BLOCK = "- [ ] Book rooms\n  Owner: manager\n  Due: 2026-12-07\n\n"
NEXT = "- [ ] Change the rota\n  Owner: manager\n  Due: 2026-12-14\n\n"

some_lines = st.lists(st.sampled_from(LINES) | st.from_regex(r"[a-z]{1,2}", fullmatch=True), max_size=24)


def text(lines: Lines) -> str:
    return "".join(f"{line}\n" for line in lines)


def lines_of(merged: str) -> Lines:
    return merged.removeprefix(MARK).replace("\r\n", "\n").replace("\r", "\n").splitlines()


@st.composite
def edits_of(draw: st.DrawFn, lines: Lines) -> Lines:
    for _ in range(draw(st.integers(0, 3))):
        place = st.integers(0, len(lines))
        kind = draw(st.sampled_from(["insert", "delete", "change", "move", "rewrite", "copy"]))
        lines = edited(lines, kind, draw(st.tuples(place, place, place)), draw(some_lines.map(lambda new: new[:3])))
    return lines


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[str, str, str]:
    base = draw(some_lines)
    mine = draw(edits_of(base))
    theirs = draw(edits_of(draw(st.sampled_from([base, base, base, mine]))))
    return text(base), text(mine), text(theirs)


class Editor(NamedTuple):
    """How a program saves text: its line ending, its byte order mark, and whether it ends the last line."""

    newline: str
    mark: str
    final: bool


editors = st.builds(Editor, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", MARK]), st.booleans())


def saved_by(editor: Editor, plain: str) -> str:
    last_is_empty = plain.endswith("\n\n") or plain == "\n"  # without its line break it would be gone
    shown = plain if editor.final or last_is_empty else plain.removesuffix("\n")
    return editor.mark + shown.replace("\n", editor.newline)


any_text = st.builds(
    lambda pieces, mark: mark + "".join(line + line_break for line, line_break in pieces),
    st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\r\n", "\r", ""])), max_size=9),
    st.sampled_from(["", MARK]),
)


@given(any_text, any_text)
@example("", "")
@example("", MARK)
@example("a\n", "a\n\n")
def test_where_one_side_changed_nothing_the_other_stays_byte_for_byte(base: str, changed: str) -> None:
    assert merge(base, base, changed) == Merged(changed)
    assert merge(base, changed, base) == Merged(changed)
    assert merge(base, changed, changed) == Merged(changed)


@given(three_texts())
def test_every_line_a_person_wrote_is_in_the_merged_text(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = (Counter(lines_of(part)) for part in texts)
    merged = merge(*texts)
    if merged.text is None:
        assert merged.conflicts
    else:
        result = Counter(lines_of(merged.text))
        assert merged.conflicts == ()
        assert mine - base <= result
        assert theirs - base <= result
        assert set(result) <= set(mine) | set(theirs)  # nothing is made up, such as conflict markers
        assert result <= base + (mine - base) + (theirs - base)


@given(st.data(), some_lines, some_lines)
def test_edits_on_either_side_of_a_line_that_stayed_are_both_made(
    data: st.DataObject, above: Lines, below: Lines
) -> None:
    mine, theirs = data.draw(edits_of(above)), data.draw(edits_of(below))
    kept = ["only here"]
    merged = merge(text(above + kept + below), text(mine + kept + below), text(above + kept + theirs))
    assert merged == Merged(text(mine + kept + theirs))


@given(three_texts())
def test_neither_side_is_preferred(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    assert merge(base, mine, theirs).text == merge(base, theirs, mine).text


@given(three_texts(), editors)
def test_the_editors_line_endings_mark_and_final_line_break_are_no_edit_and_stay(
    texts: tuple[str, str, str], editor: Editor
) -> None:
    base, mine, theirs = texts
    assume(mine.count("\n") > 1)  # or there is no line ending to go by
    plain = merge(base, mine, theirs)
    merged = merge(base, saved_by(editor, mine), theirs)
    assert merged.conflicts == plain.conflicts
    if plain.text is not None:
        keeps_final = editor.final or mine.endswith("\n\n")
        assert merged.text == saved_by(editor._replace(final=keeps_final), plain.text)


@given(three_texts())
def test_conflicts_are_places_in_the_persons_text_from_top_to_bottom(texts: tuple[str, str, str]) -> None:
    places = merge(*texts).conflicts
    last_line = max(len(lines_of(texts[1])), 1)
    assert all(1 <= first <= last <= last_line for first, last in places)
    assert all(first <= next_first for (first, _), (next_first, _) in pairwise(places))


def test_a_note_stays_where_it_was_written_when_dates_move() -> None:
    mine = BLOCK + "Room 4 is free on Mondays.\n\n" + NEXT
    theirs = (BLOCK + NEXT).replace("2026-12-", "2027-01-")
    assert merge(BLOCK + NEXT, mine, theirs) == Merged(
        BLOCK.replace("2026-12-", "2027-01-") + "Room 4 is free on Mondays.\n\n" + NEXT.replace("2026-12-", "2027-01-")
    )


def test_a_line_that_both_changed_differently_is_a_conflict() -> None:
    mine = BLOCK + NEXT.replace("manager", "manager (Åsa knows)")
    theirs = BLOCK + NEXT.replace("manager", "coordinator")
    assert merge(BLOCK + NEXT, mine, theirs) == Merged(None, ((6, 6),))


def test_changes_of_lines_that_touch_are_a_conflict() -> None:
    mine, theirs = BLOCK.replace("manager", "head nurse"), BLOCK.replace("2026-12-07", "2027-01-04")
    assert merge(BLOCK, mine, theirs) == Merged(None, ((2, 3),))


def test_a_note_under_an_action_that_goes_away_is_a_conflict() -> None:
    mine = BLOCK + "Room 4 is free on Mondays.\n\n" + NEXT
    assert merge(BLOCK + NEXT, mine, NEXT) == Merged(None, ((1, 6),))


def test_a_section_that_moved_while_its_text_changed_is_a_conflict() -> None:
    mine = NEXT + "Afterwards:\n" + BLOCK
    base = BLOCK + NEXT + "Afterwards:\n"
    assert merge(base, mine, base.replace("Book rooms", "Book two rooms")).text is None


def test_lines_a_person_removed_point_at_the_line_that_stands_there_now() -> None:
    changed = (BLOCK + NEXT).replace("rooms", "two rooms")
    assert merge(BLOCK + NEXT, NEXT, changed) == Merged(None, ((1, 1),))
    assert merge(NEXT + BLOCK, NEXT, NEXT + BLOCK.replace("rooms", "two rooms")) == Merged(None, ((4, 4),))
    assert merge(BLOCK, "", changed) == Merged(None, ((1, 1),))


def test_what_both_wrote_at_the_end_is_a_conflict_however_equal_lines_are_read() -> None:
    base = ["To do", "To do"]
    theirs = ["Rooms", "Rota", *base, "Students", "To do"]
    assert merge(text(base), text([*base, "Åsa knows"]), text(theirs)) == Merged(None, ((3, 3),))


@given(some_lines, st.lists(st.sampled_from(LINES), min_size=1, max_size=4), some_lines, st.data())
def test_which_of_two_equal_blocks_was_added_or_removed_is_asked(
    above: Lines, block: Lines, below: Lines, data: st.DataObject
) -> None:
    assume(any(block))
    place = data.draw(st.integers(0, len(block) - 1))
    other = [*block[:place], "changed", *block[place + 1 :]]
    one, two = text(above + block + below), text(above + block + block + below)
    for theirs in (other + block, block + other):
        assert merge(two, one, text(above + theirs + below)).text is None
    assert merge(one, two, text(above + other + below)).text is None


def test_one_blank_line_more_is_no_conflict() -> None:
    mine, theirs = BLOCK + "\n" + NEXT, (BLOCK + NEXT).replace("2026-12-07", "2027-01-04")
    assert merge(BLOCK + NEXT, mine, theirs) == Merged(theirs.replace("\n\n", "\n\n\n", 1))


def test_a_missing_final_line_break_does_not_cost_an_empty_last_line() -> None:
    assert merge("a\nb\nc\n", "mine\nb\nc", "a\nb\nc\n\n") == Merged("mine\nb\nc\n\n")
    assert merge("a\nb\nc\n", "mine\nb\nc", "a\nb\nc\nd\n") == Merged("mine\nb\nc\nd")


def test_mixed_line_endings_stay_line_by_line_and_new_lines_get_the_usual_one() -> None:
    base = "a\nb\nc\nd\ne\n"
    assert merge(base, "a\r\nb\rc\r\nmine\r\nd\ne", "new\n" + base) == Merged("new\r\na\r\nb\rc\r\nmine\r\nd\ne")


def test_only_line_breaks_end_a_line() -> None:
    base = "a\x0bb\x0cc\x85d\N{LINE SEPARATOR}e\nf\ng\n"
    assert merge(base, base + "h\n", "0\n" + base) == Merged("0\n" + base + "h\n")


def by_git(folder: Path, base: str, mine: str, theirs: str) -> str | None:
    """What `git merge-file` makes of the texts; None for a conflict."""
    assert GIT is not None
    files = [folder / name for name in ("mine", "base", "theirs")]
    for file, content in zip(files, (mine, base, theirs), strict=True):
        file.write_bytes(content.encode())
    run = subprocess.run([GIT, "merge-file", "-p", *files], capture_output=True, check=False)
    assert run.returncode < 128, run.stderr
    return None if run.returncode else run.stdout.decode()


def random_plan(random: Random) -> Lines:
    plan: Lines = []
    for number in range(random.randint(0, 25)):
        owner, day = random.choice(["manager", "coordinator"]), random.randint(1, 9)
        plan += [f"- [ ] Action {number}", f"  Owner: {owner}", f"  Due: 2027-01-0{day}"]
        plan += random.choice([[], [""], ["", f"## Area {number}", ""]])
    return plan


def random_edits(random: Random, lines: Lines, kinds: list[str]) -> Lines:
    for _ in range(random.randint(1, 3)):
        first, target = random.randint(0, len(lines)), random.randint(0, len(lines))
        places = (first, min(first + random.randint(1, 4), len(lines)), target)
        lines = edited(lines, random.choice(kinds), places, [f"Note {random.randint(1, 99)}", ""])
    return lines


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("kinds", "others"),
    [
        (["insert", "delete", "change", "rewrite"], 0.01),
        # Which of several equal lines stayed, and which part moved, can be read in more than one way.
        (["insert", "delete", "change", "rewrite", "move", "copy"], 0.05),
    ],
)
def test_merges_as_git_does(tmp_path: Path, kinds: list[str], others: float) -> None:
    random, seen = Random(20270118), Counter[str]()  # noqa: S311 -- no secret, the same plans each time
    for _ in range(300):
        base = random_plan(random)
        texts = [text(lines) for lines in (base, *(random_edits(random, base, kinds) for _ in range(2)))]
        git, ours = by_git(tmp_path, *texts), merge(*texts).text
        if git is not None and ours is not None:
            assert ours == git
        seen[f"git {git is not None}, ours {ours is not None}"] += 1
    assert min(seen["git True, ours True"], seen["git False, ours False"]) > 30
    assert seen["git True, ours False"] <= others * 300
    assert seen["git False, ours True"] <= 0.01 * 300


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@settings(deadline=None)
@given(st.data(), st.integers(0, 12))
def test_merges_exactly_as_git_where_no_line_stands_twice(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, size: int
) -> None:
    base = [f"line {number}" for number in range(size)]
    sides = []
    for side in ("mine", "theirs"):
        first, last = sorted(data.draw(st.tuples(st.integers(0, size), st.integers(0, size))))
        new = [f"{side} {number}" for number in range(data.draw(st.integers(0, 2)))]
        sides.append(text(base[:first] + new + base[last:]))
    expected = by_git(tmp_path_factory.getbasetemp(), text(base), *sides)
    assert merge(text(base), *sides).text == expected
