"""What is fuzzed: each reader of a file that comes from a person or with a folder, by the commands that read it."""

import io
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

import xlsxwriter

from findings import FindingError, Judge, check_same, contents
from mutations import HERS, Form, mutated, mutated_archive
from peerplan.answers.draft import check_draft
from peerplan.answers.toml import read_answers
from peerplan.answers.ways import ways_of
from peerplan.commands.batch.rows import parse_units
from peerplan.commands.emails.roster import RosterWords, read_roster
from peerplan.documents.word import check_letterhead
from peerplan.folder.record import RECORD
from peerplan.folder.snapshot import Snapshot
from peerplan.tables import read_table
from peerplan.text import decoded
from samples import AS_OF, EXAMPLES, kit, run

Mutate = Callable[..., bytes]
TABLE = """name;setting;start;end;scope;level;participants;coordinator-name;coordinator-email;decision;managers;rooms
Ward 7;hospital;2027-01-18;2027-03-12;whole-period;beginner;4;Kim Example;kim@ki.example;try;yes;partly
Åsögatan 2;home;18 jan 2027;;single-activities;advanced;2;;;use;no;unknown
"Lab ""öst"", 3";laboratory;2027-02-01;2027-02-26;;;3;Bo;bo@ki.example;undecided;yes;
"""
ROSTER = """Namn;E-post;Språk;Grupp;Skyddad identitet;Anmärkning
Åsa Ek;asa@ki.example;sv;A;;
"Ek, Bo";bo.ek@ki.example;en;B;nej;kommer en dag senare
Disa Öst;disa@ki.example;;A;ja;
"""
SEALED = "plans/ward-7/.peerplan/seal.json"


@dataclass(frozen=True)
class Target:
    """One file that is read: its form, real ones, what is done with one in an empty folder, and how they are changed.

    `read` does the first part of that alone, without a command, in much less time.
    """

    form: Form
    seeds: Callable[[], Sequence[bytes]]
    examine: Callable[[Judge, Path, bytes], None]
    read: Callable[[Path], object] | None = None
    mutate: Mutate = mutated
    name: str = "file"

    def odd_file(self, random: Random) -> bytes:
        """Return a real file after some changes."""
        seeds = self.seeds()
        return self.mutate(random.choice(seeds), self.form, seeds, random)

    def read_only(self, judge: Judge, place: Path, data: bytes) -> None:
        """Read a file, and do nothing with it."""
        if self.read:
            write(place, {self.name: data})
            judge.read(self.read, place / self.name)


@cache
def plan_folder(example: str) -> dict[str, bytes]:
    """Return the files of the plan folder of an example, with its memory."""
    with tempfile.TemporaryDirectory() as place:
        made = run("init", "ward", "--answers", EXAMPLES / example / "answers.toml", "--as-of", AS_OF, cwd=Path(place))
        if made.returncode:
            raise RuntimeError(made.stderr)
        return contents(Path(place, "ward"))


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# --- what is done with a file ----------------------------------------------------------------------------------------


def give_answers(judge: Judge, place: Path, data: bytes) -> None:
    """Make a plan from a file of answers. What was taken can be read again, and is complete."""
    write(place, {"given.toml": data})
    if judge.code(place, "init", "ward", "--no-input", "--force", "--answers", "given.toml"):
        return
    made = contents(place / "ward")
    if judge.code(place, "status", "ward") or judge.code(place, "update", "ward"):
        raise FindingError("a folder that init made cannot be read")
    check_same(made, contents(place / "ward"), "the first update")


def put_into_folder(name: str, example: str, judge: Judge, place: Path, data: bytes) -> None:
    """Put a file into a plan folder, and update that. What could be read still can, and nothing of hers is gone."""
    folder = place / "ward"
    write(folder, {**plan_folder(example), name: data})
    before, could_be_read = contents(folder), not judge.code(place, "status", "ward")
    code = judge.code(place, "update", "ward")
    after = contents(folder)
    if code not in (0, 4):
        check_same(before, after, "an update that failed")
        return
    if could_be_read and judge.code(place, "status", "ward"):
        raise FindingError("what was readable before update is not after it")
    if HERS in decoded(data) and not any(HERS in decoded(after[one]) for one in after if not one.startswith(".")):
        raise FindingError("update drops what a person wrote")
    come_to_rest(judge, place)


def come_to_rest(judge: Judge, place: Path) -> None:
    """Update a folder until nothing changes: where a plan's headings were lost, that takes three times in all.

    Blank lines are let pass: README.md says why.
    """
    for _ in range(3):
        before = _without_blank_lines(contents(place / "ward"))
        judge.code(place, "update", "ward")
        after = _without_blank_lines(contents(place / "ward"))
        if after == before:
            return
    check_same(before, after, "a fourth update")


def _without_blank_lines(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: b"\n".join(line for line in content.splitlines() if line.strip()) for name, content in files.items()}


def plan_units(name: str, judge: Judge, place: Path, data: bytes) -> None:
    """Make the plans of a table. What was taken can be read again, and the same table changes nothing."""
    write(place, {name: data})
    code = judge.code(place, "batch", name)
    if code:
        return
    made = contents(place / "plans")
    if judge.code(place, "status", "plans") or judge.code(place, "batch", name):
        raise FindingError("folders that batch made cannot be read")
    check_same(made, contents(place / "plans"), "a second batch")


def seal_units(judge: Judge, place: Path, data: bytes) -> None:
    """Read a seal. Whatever it says, the plans come out the same."""
    write(place, {**sealed_units(), SEALED: data})
    if judge.code(place, "batch", "units.csv"):
        raise FindingError("a seal stops batch")
    check_same(sealed_units(), contents(place), "a seal")


@cache
def sealed_units() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), {"units.csv": TABLE.encode()})
        run("batch", "units.csv", "--as-of", AS_OF, cwd=Path(place))
        return contents(Path(place))


def write_to(name: str, judge: Judge, place: Path, data: bytes) -> None:
    """Draft the letters to the students of a list. Nothing of it gets into the plan folder."""
    before = plan_folder("surgical-ward-sv")
    write(place / "ward", before)
    write(place, {name: data})
    judge.code(place, "emails", "ward", name, "--to", "drafts")
    check_same(before, contents(place / "ward"), "emails")


def export_with(judge: Judge, place: Path, data: bytes) -> None:
    """Make a Word file with a letterhead."""
    write(place / "ward", plan_folder("surgical-ward-en"))
    write(place, {"ours.docx": data})
    arguments = ("--to", "docx", "--document", "manager", "--letterhead", "ours.docx", "--output", "made.docx")
    judge.code(place, "export", "ward", *arguments)


# --- how it is read --------------------------------------------------------------------------------------------------


def answers_in(path: Path) -> object:
    return check_draft(ways_of(kit().guides).read(read_answers(path).draft), kit().guide("sv"))


def record_in(path: Path) -> object:
    return Snapshot(path.parents[1]).record


def units_in(path: Path) -> object:
    return [*parse_units(read_table(path), kit(), "sv").rows]


def students_in(path: Path) -> object:
    return read_roster(read_table(path), RosterWords(kit()))


def base_in(path: Path) -> None:
    check_letterhead(path.read_bytes(), kit().guide("sv"), path.name)


# --- real files ------------------------------------------------------------------------------------------------------


@cache
def examples(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(EXAMPLES.glob(f"*/{name}"))]


def with_encodings(text: str) -> list[bytes]:
    """Return a table as programs save it."""
    tabs = text.replace(";", "\t")
    commas = text.replace(";", ",")
    return [
        text.encode(),
        commas.encode("utf-8-sig"),
        tabs.encode("utf-16"),
        text.encode("cp1252"),
        f"sep=;\n{text}".encode(),
    ]


def as_workbook(text: str, *, plain: bool) -> bytes:
    """Return a table as a workbook, plain or with what a spreadsheet can have besides."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Blad1")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(text.splitlines()):
            for column, cell in enumerate(line.split(";")):
                sheet.write_string(row, column, cell.strip('"'))
        if not plain:
            sheet.write_number(1, 2, 46405, day)
            sheet.write_formula(1, 6, "=2+2", None, 4)
            sheet.merge_range(2, 9, 3, 9, "use")
            sheet.set_row(3, None, None, {"hidden": True})
            sheet.set_column(8, 8, None, None, {"hidden": True})
            sheet.write_comment(0, 0, "A comment")
            workbook.add_worksheet("Mer").hide()
    return made.getvalue()


@cache
def workbooks(text: str) -> list[bytes]:
    return [as_workbook(text, plain=True), as_workbook(text, plain=False)]


@cache
def letterheads() -> list[bytes]:
    from docx import Document  # an extra of the product  # noqa: PLC0415

    made = io.BytesIO()
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Norra sjukhuset"
    document.sections[0].footer.paragraphs[0].text = "Sida"
    document.add_paragraph("Hej")
    document.save(made)
    return [made.getvalue(), (EXAMPLES.parent / "tests" / "letterheads" / "libreoffice.docx").read_bytes()]


@cache
def words_of_answers() -> list[str]:
    guide = kit().guide("en")
    ids = [item.id for item in guide.items]
    return [*ids, "[notes]\n", "[who]\n", "[due]\n", "[filled]\n", "[[own]]\n", "[first-day]\n", 'title = "x"\n']


# --- the list --------------------------------------------------------------------------------------------------------

_XML = Form(
    re.compile(rb"(<[^<>]*>|[\"'][^\"'<>]*[\"'])"),
    (
        "<row>", '<row r="7">', '<c r="A1">', '<c r="XFD1048576"><v>1</v></c>', '<c t="s"><v>999</v></c>', "<f>1+1</f>",
        '<c t="e"><v>#REF!</v></c>', '<c t="d"><v>2027-13-01</v></c>', '<c t="inlineStr"><is><t>a</t></is></c>', "<v>",
        "</v>", '"A1"', '"A0"', '"-1"', '"99999999999"', '"1e400"', '"visible"', '"s"', '"b"', '"n"', '"1"', '"rId9"',
        '"../../x.xml"', '"/"', '<mergeCell ref="A1:A1048576"/>', '<mergeCell ref="C1:A1"/>', '<mergeCell ref=""/>',
        '<dimension ref="A1:XFD9"/>', "<!DOCTYPE x>", "<![CDATA[", "<?xml?>", '<si><t xml:space="preserve">x</t></si>',
        '<xf numFmtId="14"/>', "<w:p/>", "<w:sectPr/>", "<w:style/>",
    ),
)  # fmt: skip
_TABLE = Form(
    re.compile(rb"([;,\t]|\r\n|\n|\r)"),
    ("Namn", "E-post", "start", "name", "ja", "delvis", "sep=;\n", "sep=\t\n", "hemsjukvård"),
)


def folder_target(name: str, example: str, form: Form) -> Target:
    return Target(form, partial(examples, name), partial(put_into_folder, name, example))


@cache
def targets() -> dict[str, Target]:
    """Return every target by its name."""
    toml = Form(re.compile(rb"(\n|=|, )"), words_of_answers())
    prose = Form(
        re.compile(rb"(\n|(?<= ))"),
        ("### ", "<!-- rooms -->", "<!-- own -->", "[fill in: time]", "[fyll i: tid]", "**2027-01-04**", "(Eva)"),
        longest=50_000,  # ten times what peerplan writes; the time that reading takes grows with the length
    )
    json = Form(
        re.compile(rb'([{}\[\],:]|\\n|"(?:[^"\\]|\\.)*")'),
        ('"plan.md"', '"../x"', '"answers.toml"', '"con"', "{}", "[]", '""', "0"),
    )
    return {
        "answers": Target(toml, partial(examples, "answers.toml"), give_answers, answers_in),
        "answers-of-plan": folder_target("answers.toml", "surgical-ward-en", toml),
        "plan": folder_target("plan.md", "surgical-ward-en", prose),
        "plan-sv": folder_target("plan.md", "laboratory-sv", prose),
        "letter": folder_target("student-email.txt", "surgical-ward-en", prose),
        "supervisors": folder_target("supervisors.md", "surgical-ward-en", prose),
        "record": Target(
            json,
            lambda: [plan_folder("surgical-ward-en")[RECORD]],
            partial(put_into_folder, RECORD, "surgical-ward-en"),
            record_in,
            name=RECORD,
        ),
        "seal": Target(json, lambda: [sealed_units()[SEALED]], seal_units),
        "csv": Target(_TABLE, partial(with_encodings, TABLE), partial(plan_units, "units.csv"), units_in),
        "xlsx": Target(_XML, partial(workbooks, TABLE), partial(plan_units, "units.xlsx"), units_in, mutated_archive),
        "roster": Target(_TABLE, partial(with_encodings, ROSTER), partial(write_to, "course.csv"), students_in),
        "roster-xlsx": Target(
            _XML, partial(workbooks, ROSTER), partial(write_to, "course.xlsx"), students_in, mutated_archive
        ),
        "letterhead": Target(_XML, letterheads, export_with, base_in, mutated_archive),
    }
