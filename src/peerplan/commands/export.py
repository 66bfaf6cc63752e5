"""`peerplan export`: the documents of plan folders, as they stand, in one file to look at, print and share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from peerplan.answers.draft import check_answers
from peerplan.commands.making import PlanMaker
from peerplan.documents.page import PAGE, page_of
from peerplan.documents.picture import Picture, picture_of
from peerplan.documents.sheets import TEXTS, Sheet, id_of, sheets_of
from peerplan.errors import InputError, PeerplanError, Problem, UsageError
from peerplan.folder.disk import write_in_order
from peerplan.folder.folder import backup_name, locked, plan_folders, quoted, resolve_inside
from peerplan.folder.record import CHECKLIST, RECORD, FolderRecord, checksum
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.plan.plan import make_plan

# Makes a file of a format: of sheets, the picture of the time if the plan is one of them, and what the unit is called.
Writer = Callable[[Sequence[Sheet], Picture | None, Guide, str], bytes]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What the command was asked for; `document` is empty for all of them in one file."""

    folders: Sequence[Path]
    formats: Sequence[str]
    document: str
    output: Path | None
    as_of: date


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
        UsageError: for a format that there is not, or one file for many.
    """
    if unknown := [one for one in request.formats if one not in WRITERS]:
        raise UsageError(Problem("export-format", {"value": unknown[0], "known": ", ".join(WRITERS)}, "--to"))
    folders, problems = plan_folders(request.folders)
    if request.output and len(folders) * len(request.formats) > 1:
        raise UsageError(Problem("export-one-file", {}, "--output"))
    exporter = _Exporter(request, kit)
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

    def __init__(self, request: ExportRequest, kit: Kit) -> None:
        self.request = request
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
        sheets = sheets_of(_texts(snapshot), state.guide, self.maker.templates.blanks)
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
            f"{stem}.{one}": WRITERS[one](sheets, picture if has_plan else None, state.guide, plan.answers.unit.name)
            for one in self.request.formats
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


WRITERS: Mapping[str, Writer] = {"html": page_of}
