"""`peerplan export`: the documents of plan folders, as they stand, in one file to look at, print and share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

from peerplan.answers.draft import check_answers
from peerplan.call import quoted
from peerplan.commands.making import PlanMaker
from peerplan.documents.page import PAGE
from peerplan.documents.picture import Picture, picture_of
from peerplan.documents.sheets import TEXTS, SheetText, id_of, sheets_of
from peerplan.errors import InputError, PeerplanError, Problem, UsageError, reason
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import backup_name, locked, plan_folders, resolve_inside
from peerplan.folder.record import CHECKLIST, RECORD, FolderRecord, checksum
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.plan.plan import make_plan

# Makes a file of a format: of sheets, the picture of the time if the plan is one of them, and what the unit is called.
Writer = Callable[[Sequence[SheetText], Picture | None, Guide, str], bytes]

WORD = "docx"
# The module of peerplan.documents that makes each format, and the function there.
FORMATS = {"html": ("page", "page_of"), WORD: ("word", "word_of"), "pdf": ("pdf", "pdf_of")}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What the command was asked for; `document` is empty for all of them in one file."""

    folders: Sequence[Path]
    formats: Sequence[str]
    document: str
    output: Path | None
    as_of: date
    letterhead: Path | None = None


@dataclass(frozen=True, slots=True)
class Exports:
    """The files that were written, what to know about them, and what failed."""

    files: tuple[Path, ...]
    notices: tuple[Problem, ...]
    failures: tuple[PeerplanError, ...]

    @property
    def failure(self) -> PeerplanError | None:
        """The failures as one, of the kind of the first."""
        problems = [problem for one in self.failures for problem in one.problems]
        return type(self.failures[0])(*problems) if problems else None


def export(request: ExportRequest, kit: Kit) -> Exports:
    """Write the documents of plan folders, and of those within a folder that is none itself, in other formats.

    One folder that fails does not stop the others.

    Raises:
        UsageError: for a format that there is not or that needs more installed, one file for many, a name for it
            with the ending of another format, or a letterhead for no Word file.
        InputError: for a letterhead that is none.
    """
    if unknown := [one for one in request.formats if one not in FORMATS]:
        raise UsageError(Problem("export-format", {"value": unknown[0], "known": ", ".join(FORMATS)}, "--to"))
    folders, problems = plan_folders(request.folders)
    if request.output and len(folders) * len(request.formats) > 1:
        raise UsageError(Problem("export-one-file", {}, "--output"))
    if request.output and f".{request.formats[0]}" != request.output.suffix.lower():
        raise UsageError(Problem("export-ending", {"ending": f".{request.formats[0]}"}, "--output"))
    if request.letterhead and WORD not in request.formats:
        raise UsageError(Problem("letterhead-alone", {}, "--letterhead"))
    exporter = _Exporter(request, kit, {one: _writer(one, request.letterhead, kit) for one in request.formats})
    failures: list[PeerplanError] = []
    for folder in folders:
        try:
            exporter.export(folder)
        except PeerplanError as error:
            failures.append(error)
    failures += [InputError(one) for one in problems]
    return Exports(tuple(exporter.files), tuple(exporter.notices), tuple(failures))


class _Exporter:
    """Exports folders, and gathers what it wrote."""

    def __init__(self, request: ExportRequest, kit: Kit, writers: Mapping[str, Writer]) -> None:
        self.request = request
        self.writers = writers
        self.maker = PlanMaker(kit, request.as_of)
        self.files: list[Path] = []
        self.notices: list[Problem] = []

    def export(self, folder: Path) -> None:
        """Write the files of one folder, which remembers what is its own, so that it can be written again."""
        with locked(folder):
            snapshot = Snapshot(folder)
            contents = self._contents(snapshot)
            writes = [write for name, content in contents.items() for write in self._writes(snapshot, name, content)]
            if snapshot.record and not self.request.output:
                record = _with_exports(snapshot.record, {name: checksum(one) for name, one in contents.items()})
                writes.append((resolve_inside(folder, RECORD), record.to_json().encode()))
            write_in_order(writes)
        self.files += [self.request.output or folder / name for name in contents]

    def _contents(self, snapshot: Snapshot) -> dict[str, bytes]:
        """Return the files by name."""
        state = self.maker.read(snapshot)
        if snapshot.content(CHECKLIST) is None:
            raise InputError(Problem("unfinished", {"folder": quoted(snapshot.folder)}, str(snapshot.folder)))
        plan = make_plan(check_answers(state.draft, state.guide, state.places), state.guide, self.request.as_of)
        sheets = sheets_of(_texts(snapshot), state.guide, self.maker.templates.blanks, plan.letters)
        picture = picture_of(plan, state.guide)
        if wanted := self.request.document:
            chosen = tuple(one for one in sheets if wanted in (one.id, one.name))
            if not chosen:
                known = ", ".join(one.id for one in sheets)
                raise UsageError(Problem("export-document", {"value": wanted, "known": known}, "--document"))
            sheets = chosen
        has_plan = sheets[0].name == CHECKLIST
        stem = sheets[0].id if wanted else id_of(PAGE)
        return {
            f"{stem}.{one}": write(sheets, picture if has_plan else None, state.guide, plan.answers.unit.name)
            for one, write in self.writers.items()
        }

    def _writes(self, snapshot: Snapshot, name: str, content: bytes) -> list[tuple[Path, bytes]]:
        """Return what to write for one file: what somebody changed there, or made otherwise, is kept as a copy."""
        record, path = snapshot.record, self._path(snapshot.folder, name)
        known = {**record.made, **record.exported}.get(name) if record and not self.request.output else None
        if not path.is_file() or (before := path.read_bytes()) == content or checksum(before) == known:
            return [(path, content)]
        copy = backup_name(path.parent, path.name)
        self.notices.append(Problem("replaced", {"copy": copy}, str(path)))
        return [(path.with_name(copy), before), (path, content)]

    def _path(self, folder: Path, name: str) -> Path:
        return self.request.output or resolve_inside(folder, name)


def _with_exports(record: FolderRecord, checksums: Mapping[str, str]) -> FolderRecord:
    page = {name: one for name, one in checksums.items() if name == PAGE}
    others = {name: one for name, one in checksums.items() if name != PAGE}
    return replace(record, made={**record.made, **page}, exported={**record.exported, **others})


def _texts(snapshot: Snapshot) -> dict[str, str]:
    """Return the documents and letters of a folder as they stand."""
    record = snapshot.record
    names = record.written if record else sorted(path.name for path in snapshot.folder.glob("*.*"))
    found = {name: snapshot.text(name) for name in names if name.endswith(TEXTS)}
    return {name: text for name, text in found.items() if text is not None}


def _writer(name: str, letterhead: Path | None, kit: Kit) -> Writer:
    """Return what makes a format; what only some formats need is loaded here, and may not be installed."""
    module, function = FORMATS[name]
    try:
        maker = import_module(f"peerplan.documents.{module}")
    except ModuleNotFoundError:
        raise UsageError(Problem("export-extra", {"value": name}, "--to")) from None
    writer: Writer = getattr(maker, function)
    if letterhead is None or name != WORD:
        return writer
    try:
        with letterhead.open("rb") as file:
            base = file.read(maker.LARGEST_LETTERHEAD + 1)
    except (OSError, ValueError) as error:
        raise InputError(Problem("cannot-read", {"why": reason(error)}, str(letterhead))) from None
    if len(base) > maker.LARGEST_LETTERHEAD:
        raise InputError(Problem("too-large", {"limit": maker.LARGEST_LETTERHEAD}, str(letterhead)))
    maker.check_letterhead(base, kit.guide(kit.languages[0]), str(letterhead))
    return partial(getattr(maker, function), letterhead=base)
