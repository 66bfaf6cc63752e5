"""Ten weeks with a plan: whatever a coordinator ticks, notes, fills in, adds or moves, an update is never a conflict.

After every update each word that she wrote is still there, and every other line is that of a new plan made from the
same answers on the same day.
"""

import random
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from textwrap import wrap

import pytest

from peerplan.answers.draft import Draft
from peerplan.answers.toml_writer import write_answers
from peerplan.commands.update import update
from peerplan.folder.record import RECORD
from peerplan.text import decoded
from samples import AS_OF, EXAMPLES, draft, guide, kit, run

pytestmark = pytest.mark.slow  # whole runs on whole folders

WEEKS = 10
LINE = re.compile(r"^(\s*[-*] )\[([ x])\] (?:\*\*([\d-]+)\*\* )?(.*)$")
BLANK = re.compile(r"\[(?:fill in|fyll i): [^\]]+\]")
EXAMPLE = {"en": "surgical-ward-en", "sv": "dental-clinic-sv"}


class Coordinator:
    """Lives with a plan folder: does what people do to its files, and knows which words she has written."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        self.rng = rng
        self.words: set[str] = set()
        self.count = 0

    def word(self, kind: str) -> str:
        self.count += 1
        word = f"{kind}{self.count}q"
        self.words.add(word)
        return word

    def lines(self, name: str = "plan.md") -> list[str]:
        return decoded((self.folder / name).read_bytes()).splitlines()

    def save(self, lines: list[str], name: str = "plan.md") -> None:
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def boxes(self, mark: str = "", *, own: bool = False) -> list[int]:
        found = [(number, LINE.match(line)) for number, line in enumerate(self.lines())]
        return [n for n, box in found if box and (not mark or box[2] == mark) and (own or "own" not in box[4])]

    def tick(self) -> None:
        self._swap(" ", self.rng.choice(["[x]", "[X]", "\\[x\\]"]))

    def untick(self) -> None:
        self._swap("x", "[ ]")

    def _swap(self, mark: str, new: str) -> None:
        lines, found = self.lines(), self.boxes(mark, own=True)
        if found:
            number = self.rng.choice(found)
            lines[number] = lines[number].replace(f"[{mark}]", new, 1)
            self.save(lines)

    def tick_with_another_sign(self) -> None:
        lines, found = self.lines(), self.boxes(" ", own=True)
        if found:
            number = self.rng.choice(found)
            sign = self.rng.choice(["✅ ", "\u2013 [x] ", "• [x] ", "-[x] ", "- [ ] ✔ "])
            lines[number] = re.sub(r"^\s*- \[ \] ", sign, lines[number])
            self.save(lines)

    def note(self) -> None:
        lines, found = self.lines(), self.boxes()
        if found:
            number = self.rng.choice(found)
            form = self.rng.choice(["  {}", "  - {}", "{}", "    * {}", "\n  {}", "  {} with 2 < 3 & [b]"])
            lines.insert(number + 1, form.format(f"{self.word('note')} about it"))
            self.save(lines)

    def own_line(self) -> None:
        lines, found = self.lines(), self.boxes()
        if found:
            form = self.rng.choice(
                ["- [ ] {}", "- {}", "- [ ] **2027-01-13** {}", "- [ ] {} (Eva)", "- [x] {}", "[ ] {}"]
            )
            lines.insert(self.rng.choice(found) + 1, form.format(f"{self.word('own')} line"))
            self.save(lines)

    def date(self) -> None:
        lines, found = self.lines(), self.boxes(" ")
        dated = [number for number in found if re.search(r"\*\*[\d-]{10}\*\*", lines[number])]
        if dated:
            number = self.rng.choice(dated)
            day = AS_OF + timedelta(days=self.rng.randrange(80))
            lines[number] = re.sub(r"\*\*[\d-]{10}\*\*", f"**{day}**", lines[number])
            self.save(lines)

    def name(self) -> None:
        lines, found = self.lines(), self.boxes(" ")
        plain = [number for number in found if "(" not in lines[number]]
        if plain:
            number = self.rng.choice(plain)
            name = re.sub(r"\d+", lambda n: "abcdefghij"[int(n[0]) % 10] * (int(n[0]) // 10 + 1), self.word("Name"))
            self.words = {word for word in self.words if not word.startswith("Name")} | {name}
            lines[number] = re.sub(r"( \u2013 \w+)?( <!--|$)", rf" ({name})\1\2", lines[number], count=1)
            self.save(lines)

    def fill_in(self) -> None:
        names = [one.name for one in self.folder.iterdir() if one.suffix in (".md", ".txt")]
        name = self.rng.choice(sorted(names))
        lines = self.lines(name)
        found = [number for number, line in enumerate(lines) if BLANK.search(line) and not line.startswith("#")]
        if found:
            number = self.rng.choice(found)
            form = self.rng.choice(["{}", "{} and 2*3_4", "[{}]", "{}, 08-12 34"])
            if "mail" in BLANK.search(lines[number])[0] or "post" in BLANK.search(lines[number])[0]:  # type: ignore[index]
                form = "{}@x.example"
            lines[number] = BLANK.sub(lambda _: form.format(self.word("fill")), lines[number], count=1)
            self.save(lines, name)

    def edit(self, name: str) -> None:
        """Change or add a line anywhere: an edit that is no answer."""
        lines = self.lines(name)
        plain = [
            number
            for number, line in enumerate(lines)
            if line and not line.startswith(("#", "|", "---", "Subject")) and "[" not in line and "editq" not in line
        ]
        number = self.rng.choice(plain)
        words = lines[number].split()
        words.insert(self.rng.randrange(1, len(words) + 1), f"{self.word('x')} editq")
        lines[number] = " ".join(words) if not lines[number].startswith(" ") else f"  {' '.join(words)}"
        self.save(lines, name)

    def rename(self) -> None:
        path = self.folder / "answers.toml"
        text = re.sub(
            r'^name = ".*"', f'name = "Ward {self.rng.randrange(99)}"', path.read_text(), count=1, flags=re.MULTILINE
        )
        path.write_text(text)

    def reformat(self) -> None:
        name = self.rng.choice(["plan.md", "how-to.md", "student-email.txt", "supervisors.md", "follow-up.md"])
        if (self.folder / name).exists():
            text = "\n".join(self.lines(name)) + "\n"
            (self.folder / name).write_bytes(self.rng.choice(EDITORS)(text, name.endswith(".md")))


def prettier(text: str, is_markdown: bool) -> bytes:  # noqa: FBT001 # an editor is called with what it edits
    if is_markdown:
        text = re.sub(
            r"^\|(.*)\|$", lambda row: "|" + row[1].replace(" | ", "    |  ") + "   |", text, flags=re.MULTILINE
        )
        text = re.sub(r"(?<=\w)_(?=\w)", r"\\_", text)
        text = re.sub(r"^(\s*)- ", r"\1* ", text, flags=re.MULTILINE)
    return text.encode()


def pandoc(text: str, is_markdown: bool) -> bytes:  # noqa: FBT001
    def wrapped(line: str) -> str:
        if not is_markdown or line.startswith(("|", "#")) or len(line) < 72:  # pandoc's width
            return line
        indent = " " * (len(line) - len(line.lstrip()))
        hanging = indent + (
            "  " if line.lstrip().startswith(("- ", "* ")) else "   " if line.lstrip()[:1].isdigit() else ""
        )
        return "\n".join(wrap(line, 72, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False))

    return "\n".join(map(wrapped, text.split("\n"))).encode()


def markdownlint(text: str, _: bool) -> bytes:  # noqa: FBT001
    text = re.sub(r"^(#+ .*)\n(?!\n)", r"\1\n\n", text, flags=re.MULTILINE)
    return (text.rstrip() + "  \n").encode()


EDITORS: list[Callable[[str, bool], bytes]] = [
    prettier,
    pandoc,
    markdownlint,
    lambda text, _: text.replace("\n", "\r\n").encode(),
    lambda text, _: b"\xef\xbb\xbf" + text.encode(),
    lambda text, _: text.encode("utf-16"),
    lambda text, _: re.sub(r" {2,}(?=\S)", " ", text).encode(),
    lambda text, is_markdown: (text if is_markdown else text.replace("- ", "• ")).encode(),
    lambda text, is_markdown: (text if is_markdown else text.replace(": ", ":\u00a0")).encode(),
]

DEEDS = {
    Coordinator.tick: 4,
    Coordinator.tick_with_another_sign: 1,
    Coordinator.untick: 1,
    Coordinator.note: 4,
    Coordinator.own_line: 2,
    Coordinator.date: 2,
    Coordinator.name: 1,
    Coordinator.fill_in: 5,
    Coordinator.rename: 1,
    Coordinator.reformat: 4,
}


def said(folder: Path) -> dict[str, list[str]]:
    """Return what people read in a folder, line by line."""
    paths = [path for path in folder.iterdir() if path.suffix in (".md", ".txt")]
    return {path.name: decoded(path.read_bytes()).splitlines() for path in sorted(paths)}


@pytest.mark.parametrize("language", EXAMPLE)
@pytest.mark.parametrize("seed", range(6))
def test_ten_weeks_of_use_are_never_a_conflict_and_lose_no_word(seed: int, language: str, tmp_path: Path) -> None:
    answers = EXAMPLES / EXAMPLE[language] / "answers.toml"
    folder = tmp_path / "ward"
    assert run("init", folder, "--answers", answers, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    rng = random.Random(seed)  # noqa: S311 # no secret
    coordinator = Coordinator(folder, rng)
    day = AS_OF
    for _week in range(WEEKS):
        for _deed in range(rng.randrange(1, 4)):
            deed = rng.choices(list(DEEDS), list(DEEDS.values()))[0]
            deed(coordinator)
        day += timedelta(days=rng.randrange(1, 12))
        made = update([folder], kit(), day)
        assert made.failure is None, [kit().messages.line("en", one) for one in made.failure.problems]
        assert [one for unit in made.units if unit.state for one in unit.state.unread] == []
        everything = "\n".join(line for lines in said(folder).values() for line in lines)
        assert {word for word in coordinator.words if word not in everything} == set()
        assert said(folder) == said(fresh(folder, day, tmp_path))
        memory = (folder / RECORD).read_text(encoding="utf-8").casefold()
        assert {word for word in coordinator.words if word.casefold() in memory} == set()


@pytest.mark.parametrize("seed", range(12))
def test_a_free_edit_stays_and_every_other_section_is_fresh(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 # no secret
    folder = tmp_path / "ward"
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    assert run("init", folder, "--answers", answers, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    coordinator = Coordinator(folder, rng)
    names = rng.sample(["plan.md", "how-to.md", "student-email.txt", "supervisors.md", "follow-up.md"], 2)
    coordinator.note()
    coordinator.own_line()
    for name in names:
        for _edit in range(rng.randrange(1, 4)):
            coordinator.edit(name)
    answers = folder / "answers.toml"
    answers.write_text(answers.read_text().replace("start = 2027-01-18", "start = 2027-02-01"))
    made = update([folder], kit(), AS_OF + timedelta(days=20))
    everything = "\n".join(line for lines in said(folder).values() for line in lines)
    assert {word for word in coordinator.words if word not in everything} == set()
    memory = (folder / RECORD).read_text(encoding="utf-8").casefold()
    assert {word for word in coordinator.words if word.casefold() in memory} == set()
    kept = {document.name for unit in made.units for document in unit.changes.documents if document.kind == "kept"}
    assert (made.failure is None) == (not kept)
    new = said(fresh(folder, AS_OF + timedelta(days=20), tmp_path))
    for name, lines in said(folder).items():
        if name in names:
            mine, theirs = sections(lines), sections(new[name])
            differ = [heading for heading in theirs if mine.get(heading) != theirs[heading]]
            assert all(any("editq" in line for line in mine.get(heading, ["editq"])) for heading in differ)
        elif ".new" not in name:
            assert lines == new[name]
    again = update([folder], kit(), AS_OF + timedelta(days=20))
    assert [unit.changes.files for unit in again.units] == [{}]


PERSONAL: Draft = {
    "unit.coordinator.name": "Xandra Quist",
    "unit.coordinator.role": "aka",
    "unit.coordinator.email": "xandra.quist@zorg.example",
    "unit.coordinator.phone": "08-777 66 55",
    "placement.why": "Zorvik said so.",
    "placement.own-activities": ["Wundex care"],
    "first-day.met-by": "Yngvild",
    "first-day.call-when-ill": "070-888 99 11",
    "who.rooms": "Wiola Zett",
    "notes.rooms": "Zelda knows.",
    "filled.managers-decision": "Vigga says yes",
    "own": [{"title": "Ask Ziggy", "who": "Ottil"}],
}
NAMES = {
    "zorvik",
    "wundex",
    "xandra",
    "quist",
    "zorg",
    "777",
    "yngvild",
    "888",
    "wiola",
    "zelda",
    "vigga",
    "ziggy",
    "ottil",
}


def names_in(*texts: bytes | None) -> set[str]:
    return {name for name in NAMES for text in texts if text and name in text.decode().casefold()}


@pytest.mark.parametrize("language", EXAMPLE)
def test_nothing_personal_is_remembered_and_people_can_be_replaced_by_hand(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "ward"
    folder.mkdir()
    answers = folder / "answers.toml"
    answers.write_text(write_answers(draft(PERSONAL, language=language), guide(language)), encoding="utf-8")
    made = update([folder], kit(), AS_OF)
    records = [content for path, content in made.units[0].changes.writes if path.name == Path(RECORD).name]
    assert names_in(*(path.read_bytes() for path in folder.glob("[!.]*"))) == NAMES
    assert names_in(*records) == set()

    text = re.sub("|".join(NAMES), lambda name: f"{name[0]}1", answers.read_text(encoding="utf-8"), flags=re.IGNORECASE)
    answers.write_text(text, encoding="utf-8")
    assert update([folder], kit(), AS_OF).failure is None
    assert said(folder) == said(fresh(folder, AS_OF, tmp_path))


def sections(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"": []}
    for number, line in enumerate(lines):
        if line.startswith("#") or re.fullmatch("-+", "".join(lines[number + 1 : number + 2])):
            found[line] = []
        else:
            found[list(found)[-1]].append(line)
    return {heading: [line for line in said_ if line] for heading, said_ in found.items()}


def fresh(folder: Path, day: date, tmp_path: Path) -> Path:
    """Return a new folder made from the same answers on the same day."""
    other = tmp_path / "fresh"
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    shutil.copy(folder / "answers.toml", other)
    made = update([other], kit(), day)
    assert made.failure is None
    return other
