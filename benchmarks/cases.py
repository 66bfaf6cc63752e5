"""What is measured: cases of steps that run in turn, round after round.

Words in braces stand for what run.py makes: programs, {loops}, {shared} with what all rounds read, {round} for the
fresh folder of one round, {size}.
"""

from dataclasses import dataclass

DAY = "--as-of 2026-11-24"
PYTHON = "bare Python"
NEW, AGAIN, THOUSAND = "peerplan, new", "peerplan, the same again", "peerplan, 1,000 new"
WRITING, RENDERING = "bare writing", "bare rendering"
COPIER, COOKIECUTTER, MAILMERGE = "copier", "cookiecutter", "mailmerge"
MINE = "peerplan"

ROUNDS = {0: 11, 100: 9, 1_000: 9, 10_000: 3, 100_000: 1}  # by size; 0 is one run on one unit
FEW, SMALL = 100, 1_000  # up to the second size a case warms up with itself, above with the first
LARGEST = max(ROUNDS)
PEER_UNITS = 30
ROWS = 19_999  # and the headings: the 20,000 that peerplan reads at most
UNIT_BYTES = 150_000  # on the disk, in blocks


@dataclass(frozen=True)
class Step:
    """One command of a round; `clocked` ones time themselves. `writes` is the folder whose files are counted."""

    name: str
    command: str
    code: int = 0
    clocked: bool = False
    units: int = 1
    writes: str = ""


@dataclass(frozen=True)
class Case:
    """Steps that run in turn, the first beside each of the others. `before` runs once, untimed."""

    name: str
    about: str
    steps: tuple[Step, ...]
    size: int = 0
    before: tuple[str, ...] = ()

    @property
    def disk(self) -> int:
        """The bytes on the disk that one round takes."""
        return UNIT_BYTES * sum(step.units for step in self.steps if step.writes and step.name != AGAIN)


def bare_python(python: str = "{python}") -> Step:
    return Step(PYTHON, f"{python} -c pass")


def start_up() -> list[Case]:
    return [
        Case("help", "`--help`", (Step(MINE, "{peerplan} --help"), bare_python())),
        Case("version", "`--version`", (Step(MINE, "{peerplan} --version"), bare_python())),
        Case("usage", "a command that there is not", (Step(MINE, "{peerplan} stauts", code=2), bare_python())),
    ]


def one_unit() -> list[Case]:
    init = f"{{peerplan}} init {{round}}/ward --answers {{shared}}/answers.toml {DAY}"
    copier = (
        "{copier} copy --defaults --quiet --data-file {templates}/values.json {templates}/copier-plan {round}/copier"
    )
    exports = [
        Case(
            f"export-{kind}",
            f"`export --to {kind}` of one plan with all its sheets",
            (
                Step(MINE, f"{{peerplan}} export {{shared}}/ward --to {kind} --output {{round}}/plan.{kind} {DAY}"),
                bare_python(),
            ),
        )
        for kind in ("html", "docx", "pdf")
    ]
    return [
        Case(
            "init",
            "`init` of one unit from answers.toml, all its documents; copier renders one template of plan.md's size",
            (Step(MINE, init), Step(COPIER, copier), bare_python()),
        ),
        Case(
            "status",
            "`status` of one folder",
            (Step(MINE, f"{{peerplan}} status {{shared}}/ward {DAY}"), bare_python()),
        ),
        Case(
            "update",
            "`update` of one folder, nothing to renew",
            (Step(MINE, f"{{peerplan}} update {{shared}}/ward {DAY}"), bare_python()),
        ),
        *exports,
    ]


def batch(name: str, size: str, units: int, to: str = "plans") -> Step:
    command = f"{{peerplan}} batch {{shared}}/units-{size}.csv --to {{round}}/{to} --lang sv {DAY}"
    return Step(name, command, units=units, writes=to)


def batches(size: int) -> Case:
    """Give new units, the same again, and beside them the bare limit, the peers, or at the largest size 1,000 units."""
    beside = _bare(size)
    if size == SMALL:
        beside += _peers()
    if size == LARGEST:
        beside = (batch(THOUSAND, str(SMALL), SMALL, to="thousand"),)
    steps = (batch(NEW, "{size}", size), batch(AGAIN, "{size}", size), *beside)
    return Case(f"batch-{size}", f"`batch` of {size:,} units", steps, size)


def _bare(size: int) -> tuple[Step, ...]:
    writing = "{bare} {loops}/bare_writing.py {round}/plans {round}/written"
    rendering = "{bare} {loops}/bare_rendering.py {templates}/bare {templates}/values.json {size} {round}/rendered"
    return (
        Step(WRITING, writing, clocked=True, units=size, writes="written"),
        Step(RENDERING, rendering, clocked=True, units=size, writes="rendered"),
    )


def _peers() -> tuple[Step, ...]:
    """The peers' loops; their first unit is untimed, and its files are not counted."""
    return tuple(
        Step(
            name,
            f"{{{name}_python}} {{loops}}/{name}_loop.py {{templates}}/{name} {{templates}}/values.json"
            f" {PEER_UNITS} {{round}}/{name}",
            clocked=True,
            units=PEER_UNITS,
            writes=name,
        )
        for name in (COPIER, COOKIECUTTER)
    )


def folders(size: int) -> Case:
    steps = [
        Step(f"{MINE} {command}", f"{{peerplan}} {command} {{shared}}/plans-{{size}} {DAY}", units=size)
        for command in ("status", "update")
    ]
    before = f"{{peerplan}} batch {{shared}}/units-{{size}}.csv --to {{shared}}/plans-{{size}} --lang sv {DAY}"
    about = f"`status` and `update`, nothing to renew, over {size:,} folders"
    return Case(f"folders-{size}", about, (*steps, bare_python()), size, (before,))


def emails(size: int) -> Case:
    mine = f"{{peerplan}} emails {{shared}}/ward {{shared}}/students-{{size}}.csv --to {{round}}/drafts {DAY}"
    writing = "{bare} {loops}/bare_writing.py {round}/drafts {round}/written"
    mailmerge = (
        "{mailmerge} --dry-run --no-limit --output-format raw --template {templates}/mailmerge/letter.txt"
        " --config {templates}/mailmerge/server.conf --database {shared}/recipients-{size}.csv"
    )
    steps = (
        Step(MINE, mine, units=size, writes="drafts"),
        Step(MAILMERGE, mailmerge, units=size),
        Step(WRITING, writing, clocked=True, units=size, writes="written"),
    )
    return Case(
        f"emails-{size}", f"`emails` for {size:,} students; mailmerge prints them, and writes no file", steps, size
    )


def reading(kind: str) -> Case:
    steps = (
        Step(MINE, f"{{python}} {{loops}}/read_table.py {{shared}}/units-{ROWS}.{kind}", units=ROWS),
        Step("bare reading", f"{{python}} {{loops}}/bare_reading.py {{shared}}/units-{ROWS}.{kind}", units=ROWS),
        bare_python(),
    )
    return Case(f"read-{kind}", f"a table of {ROWS:,} rows, .{kind}, read and no more", steps)


def all_cases() -> list[Case]:
    """Every case, the shortest ones first."""
    return [
        *start_up(),
        *one_unit(),
        reading("csv"),
        reading("xlsx"),
        *(make(size) for size in (FEW, SMALL) for make in (emails, folders, batches)),
        emails(10_000),
        batches(10_000),
        batches(LARGEST),
    ]
