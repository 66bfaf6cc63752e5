"""Whatever a person does to a document by hand: an update loses nothing of it, and a second one changes nothing."""

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edits import Lines, edited
from peerplan.commands.update import update
from peerplan.text import decoded
from samples import AS_OF, EXAMPLES, kit

pytestmark = pytest.mark.slow  # whole runs on whole folders

EXAMPLE = ["surgical-ward-en", "dental-clinic-sv", "laboratory-en"]
DOCUMENTS = ["plan.md", "plan.md", "student-email.txt", "supervisors.md", "how-to.md", "follow-up.md"]
WORD = re.compile(r"hers\d+q")
HERS = [
    "- [ ] {}",
    "- [ ] **2027-01-05** {} (Eva)",
    "{}",
    "  {}",
    "   - {}",
    "1. {}",
    "| 2027-01-02 | {} |",
    "> {}",
    "{}\n---",
    "<!-- {} -->",
    "```\n{}\n```",
    *(
        f"{level} {heading} {{}}"
        for level in ("##", "###")
        for heading in ("Manager", "Chef", "Checklist", "Kontakter")
    ),
]
HEADINGS = ["## Checklista", "## Checklist", "### Handledare", "### Manager", "## Nyckeldatum", "## Contacts"]
LAYOUT: dict[str, Callable[[Lines], Lines]] = {
    "loosen": lambda lines: [one for line in lines for one in (line, "")],
    "tighten": lambda lines: [line for line in lines if line.strip()],
    "indent": lambda lines: [f"  {line}" for line in lines],
    "dedent": lambda lines: [line.lstrip() for line in lines],
    "trail": lambda lines: [f"{line}  " for line in lines],
    "tick": lambda lines: [line.replace("[ ]", "[x]") for line in lines],
    "join": lambda lines: [" ".join(lines)] if lines else [],
    "head": lambda lines: [HEADINGS[len(lines) % len(HEADINGS)], *lines],
    "behind": lambda lines: [f"{line} {{}}" if line.strip() else line for line in lines],
}
KINDS = ["insert", "delete", "move", "copy", "rewrite", "section", "twice", *LAYOUT]


@st.composite
def hand_edits(draw: st.DrawFn) -> list[tuple[str, str, tuple[float, float, float], str]]:
    place = st.floats(0, 1)
    edit = st.tuples(
        st.sampled_from(DOCUMENTS), st.sampled_from(KINDS), st.tuples(place, place, place), st.sampled_from(HERS)
    )
    return draw(st.lists(edit, min_size=1, max_size=5))


def made(lines: Lines, kind: str, where: tuple[float, float, float], new: str) -> Lines:
    """One edit; the places are parts of the whole, and a piece has seven lines at most."""
    places = [int(one * len(lines)) for one in where]
    first, last = places[0], min(len(lines), places[0] + places[1] % 8)
    if kind in LAYOUT:
        return lines[:first] + LAYOUT[kind](lines[first:last]) + lines[last:]
    if kind in ("section", "twice"):
        heads = [number for number, line in enumerate(lines) if line.startswith("#")] or [0]
        head = heads[places[0] % len(heads)]
        first, last = head, next((one for one in heads if one > head), len(lines))
        kind = "delete" if kind == "section" else "copy"
    return edited(lines, kind, (first, last, places[2]), new.split("\n"))


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


def her_words(paths: Iterable[Path]) -> set[str]:
    return {word for path in paths for word in WORD.findall(decoded(path.read_bytes()))}


@pytest.fixture(scope="module", params=EXAMPLE)
def plan_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan") / "ward"
    folder.mkdir()
    shutil.copy(EXAMPLES / request.param / "answers.toml", folder)
    assert update([folder], kit(), AS_OF).failure is None
    return folder


@settings(max_examples=40, derandomize=True)  # no run finds what the last one did not
@given(
    st.lists(st.tuples(hand_edits(), st.sampled_from([0, 0, 3, 20])), min_size=1, max_size=3),
    st.sampled_from(["\n", "\n", "\r\n"]),
    st.booleans(),
)
def test_a_second_update_changes_nothing_and_none_loses_a_word(
    plan_folder: Path,
    rounds: list[tuple[list[tuple[str, str, tuple[float, float, float], str]], int]],
    end: str,
    at_the_end: bool,  # noqa: FBT001 # Hypothesis passes it by name
) -> None:
    folder, day, number = plan_folder.with_name("edited"), AS_OF, count()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(plan_folder, folder)
    for edits, later in rounds:
        for name, kind, where, new in edits:
            if (folder / name).exists():
                lines = made(decoded((folder / name).read_bytes()).splitlines(), kind, where, new)
                text = end.join(lines) + (end if at_the_end else "")
                text = re.sub(r"\{\}", lambda _: f"hers{next(number)}q", text)
                (folder / name).write_bytes(text.encode())
        edited_ones = {folder / name for name, *_ in edits}  # what she took out there may stand in others still
        words, day = her_words(one for one in edited_ones if one.exists()), day + timedelta(days=later)
        update([folder], kit(), day)
        assert words - her_words(folder.glob("[!.]*.*")) == set()
        after = contents(folder)
        update([folder], kit(), day)
        assert {path.name for path, said in contents(folder).items() if after.get(path) != said} == set()
