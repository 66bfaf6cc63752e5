import subprocess
from collections import Counter
from pathlib import Path
from random import Random
from shutil import which

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from edits import Lines, edited
from peerplan.folder.merge import merge

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
BLOCK = ["- [ ] Book rooms", "  Owner: manager", "  Due: 2026-12-07", ""]
NEXT = ["- [ ] Change the rota", "  Owner: manager", "  Due: 2026-12-14", ""]

some_lines = st.lists(st.sampled_from(LINES) | st.from_regex(r"[a-z]{1,2}", fullmatch=True), max_size=24)


def text(lines: Lines) -> str:
    return "".join(f"{line}\n" for line in lines)


@st.composite
def edits_of(draw: st.DrawFn, lines: Lines) -> Lines:
    for _ in range(draw(st.integers(0, 3))):
        place = st.integers(0, len(lines))
        kind = draw(st.sampled_from(["insert", "delete", "change", "move", "rewrite", "copy"]))
        lines = edited(lines, kind, draw(st.tuples(place, place, place)), draw(some_lines.map(lambda new: new[:3])))
    return lines


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[Lines, Lines, Lines]:
    base = draw(some_lines)
    mine = draw(edits_of(base))
    theirs = draw(edits_of(draw(st.sampled_from([base, base, base, mine]))))
    return base, mine, theirs


@given(some_lines, some_lines)
@example([], [])
@example([], [""])
def test_where_one_side_changed_nothing_the_other_stays(base: Lines, changed: Lines) -> None:
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


@given(three_texts())
def test_every_line_a_person_wrote_is_in_the_merged_text(texts: tuple[Lines, Lines, Lines]) -> None:
    merged = merge(*texts)
    if merged is not None:
        base, mine, theirs = map(Counter, texts)
        result = Counter(merged)
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
    assert merge(above + kept + below, mine + kept + below, above + kept + theirs) == mine + kept + theirs


@given(three_texts())
def test_neither_side_is_preferred(texts: tuple[Lines, Lines, Lines]) -> None:
    base, mine, theirs = texts
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


def replaced(lines: Lines, old: str, new: str) -> Lines:
    return [line.replace(old, new) for line in lines]


def test_a_note_stays_where_it_was_written_when_dates_move() -> None:
    note = ["Room 4 is free on Mondays.", ""]
    theirs = replaced(BLOCK + NEXT, "2026-12-", "2027-01-")
    assert merge(BLOCK + NEXT, BLOCK + note + NEXT, theirs) == theirs[: len(BLOCK)] + note + theirs[len(BLOCK) :]


def test_a_line_that_both_changed_differently_is_a_conflict() -> None:
    mine, theirs = replaced(NEXT, "manager", "manager (Åsa knows)"), replaced(NEXT, "manager", "coordinator")
    assert merge(BLOCK + NEXT, BLOCK + mine, BLOCK + theirs) is None


def test_changes_of_lines_that_touch_are_a_conflict() -> None:
    assert merge(BLOCK, replaced(BLOCK, "manager", "nurse"), replaced(BLOCK, "2026-12-07", "2027-01-04")) is None


def test_a_note_under_an_action_that_goes_away_is_a_conflict() -> None:
    assert merge(BLOCK + NEXT, [*BLOCK, "Room 4 is free on Mondays.", "", *NEXT], NEXT) is None


def test_a_section_that_moved_while_its_text_changed_is_a_conflict() -> None:
    base = [*BLOCK, *NEXT, "Afterwards:"]
    assert merge(base, [*NEXT, "Afterwards:", *BLOCK], replaced(base, "Book rooms", "Book two rooms")) is None


def test_lines_that_a_person_removed_and_that_changed_are_a_conflict() -> None:
    changed = replaced(BLOCK, "rooms", "two rooms")
    assert merge(BLOCK + NEXT, NEXT, changed + NEXT) is None
    assert merge(NEXT + BLOCK, NEXT, NEXT + changed) is None
    assert merge(BLOCK, [], changed) is None


def test_what_both_wrote_at_the_end_is_a_conflict_however_equal_lines_are_read() -> None:
    base = ["To do", "To do"]
    assert merge(base, [*base, "Åsa knows"], ["Rooms", "Rota", *base, "Students", "To do"]) is None


@given(some_lines, st.lists(st.sampled_from(LINES), min_size=1, max_size=4), some_lines, st.data())
def test_which_of_two_equal_blocks_was_added_or_removed_is_asked(
    above: Lines, block: Lines, below: Lines, data: st.DataObject
) -> None:
    assume(any(block))
    place = data.draw(st.integers(0, len(block) - 1))
    other = [*block[:place], "changed", *block[place + 1 :]]
    one, two = above + block + below, above + block + block + below
    for theirs in (other + block, block + other):
        assert merge(two, one, above + theirs + below) is None
    assert merge(one, two, above + other + below) is None


def test_which_of_two_equal_blocks_was_added_is_asked_also_above_another_edit() -> None:
    mine = [*BLOCK, *BLOCK, *NEXT, "Afterwards:", "Åsa knows"]
    assert (
        merge([*BLOCK, *NEXT, "Afterwards:"], mine, [*replaced(BLOCK, "rooms", "two rooms"), *NEXT, "Afterwards:"])
        is None
    )


def test_what_stayed_between_two_edits_may_change_though_each_line_stands_twice() -> None:
    base = ["a", "b", "c", "d"] * 2
    mine = ["mine", *base[1:-1], "mine too"]
    merged = merge(base, mine, [*base[:3], "theirs", "theirs too", *base[5:]])
    assert merged == [*mine[:3], "theirs", "theirs too", *mine[5:]]


def test_lines_replaced_by_those_that_stand_above_are_no_twins() -> None:
    base = ["p", "q", "a", "b", "t"]
    assert merge(base, ["p", "q", "p", "q", "t"], ["theirs", *base[1:]]) == ["theirs", "q", "p", "q", "t"]


def test_one_blank_line_more_is_no_conflict() -> None:
    theirs = replaced(BLOCK, "2026-12-07", "2027-01-04")
    assert merge(BLOCK + NEXT, [*BLOCK, "", *NEXT], theirs + NEXT) == [*theirs, "", *NEXT]


def by_git(folder: Path, base: Lines, mine: Lines, theirs: Lines) -> str | None:
    """What `git merge-file` makes of the texts; None for a conflict."""
    assert GIT is not None
    files = [folder / name for name in ("mine", "base", "theirs")]
    for file, content in zip(files, (mine, base, theirs), strict=True):
        file.write_bytes(text(content).encode())
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
        mine, theirs = (random_edits(random, base, kinds) for _ in range(2))
        git, ours = by_git(tmp_path, base, mine, theirs), merge(base, mine, theirs)
        if git is not None and ours is not None:
            assert text(ours) == git
        seen[f"git {git is not None}, ours {ours is not None}"] += 1
    assert min(seen["git True, ours True"], seen["git False, ours False"]) > 30
    assert seen["git True, ours False"] <= others * 300
    assert seen["git False, ours True"] <= 0.01 * 300


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@given(st.data(), st.integers(0, 12))
def test_merges_exactly_as_git_where_no_line_stands_twice(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, size: int
) -> None:
    base = [f"line {number}" for number in range(size)]
    sides = []
    for side in ("mine", "theirs"):
        first, last = sorted(data.draw(st.tuples(st.integers(0, size), st.integers(0, size))))
        new = [f"{side} {number}" for number in range(data.draw(st.integers(0, 2)))]
        sides.append(base[:first] + new + base[last:])
    merged = merge(base, *sides)
    expected = by_git(tmp_path_factory.getbasetemp(), base, *sides)
    assert (None if merged is None else text(merged)) == expected
