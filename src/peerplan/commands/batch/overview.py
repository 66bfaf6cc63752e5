"""The overview's documents, made like any others: what a person changed in them is kept."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import blake2b, file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from peerplan.commands.batch.seals import SEAL, Seals, write_seal
from peerplan.commands.making import PlanMaker
from peerplan.documents.overview import overview_csv, overview_xlsx, write_csv, write_long_xlsx
from peerplan.documents.overview_page import OVERVIEW_PAGE, overview_page
from peerplan.documents.page import PAGE
from peerplan.errors import InputError, Problem, WriteError, reason
from peerplan.folder.disk import replace_patiently, write_in_order
from peerplan.folder.folder import backup_name, resolve_inside
from peerplan.folder.read import edited_pages
from peerplan.folder.record import RECORD, FolderRecord
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.blanks import Document
from peerplan.guide.guide import Guide
from peerplan.plan.overview import SHOWN, Overview

OVERVIEW_ID = str(UUID(int=0))  # an overview has no calendar that would need an id of its own
TABLE, WORKBOOK = "overview.csv", "overview.xlsx"


@dataclass(frozen=True, slots=True)
class OverviewMade:
    """The edits in an overview that could not be merged, and the files that were edited and are made anew."""

    kept: tuple[Problem, ...]
    replaced: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _WithPage:
    """The folders whose plan is a page too: all of them if pages are made, or else those that have one."""

    to: Path
    html: bool

    def __contains__(self, folder: object) -> bool:
        return self.html or (self.to / str(folder) / PAGE).is_file()


class _OverviewSeal:
    """Tells whether all that an overview says, and all that is there of it, is as when it was written last."""

    def __init__(self, overview: Overview, with_page: _WithPage, language: str, seals: Seals) -> None:
        to = with_page.to
        self._to = to
        self._seals = seals
        lines = blake2b(digest_size=16)
        for line in overview.lines:
            lines.update(repr((line, line.folder in with_page)).encode(errors="surrogatepass"))
        self._said = (language, lines.hexdigest())

    @property
    def holds(self) -> bool:
        with suppress(InputError):
            return Snapshot(self._to).content(SEAL) == self._checksum
        return False

    def put(self) -> None:
        write_seal(self._to, self._checksum)

    @property
    def _checksum(self) -> bytes:
        files = [*self._to.glob("overview*"), self._to / RECORD]
        standing = {one.name: _checksum_of(one).encode() for one in files if not one.is_dir()}
        return self._seals.checksum(standing, self._said).encode()


def make_overview(
    overview: Overview, maker: PlanMaker, to: Path, language: str, seals: Seals, *, dry_run: bool
) -> OverviewMade:
    """Write the overview's documents into the folder of the units' folders, unless it is a dry run or they are there.

    Raises:
        PeerplanError: if a template is wrong, or a file cannot be read or written.
    """
    with_page = _WithPage(to, maker.html)
    seal = _OverviewSeal(overview, with_page, language, seals)
    if seal.holds:
        return OverviewMade((), ())
    made = _make(overview, maker, with_page, language, dry_run=dry_run)
    if not (dry_run or made.kept or made.replaced):
        seal.put()
    return made


def _make(overview: Overview, maker: PlanMaker, with_page: _WithPage, language: str, *, dry_run: bool) -> OverviewMade:
    guide, to = maker.kit.guide(language), with_page.to
    shown = overview.first()
    texts = maker.templates.overview(shown, guide)
    page = {OVERVIEW_PAGE: Document(overview_page(shown, guide, with_page))}
    if overview.count > SHOWN:
        with _long_tables(overview, guide, with_page, dry_run=dry_run) as tables:
            return _with_long_tables({**texts, **page}, tables, to, dry_run=dry_run)
    workbook = Document(overview_xlsx(overview, guide, with_page))
    tables_ = {TABLE: Document(overview_csv(overview, guide)), WORKBOOK: workbook}
    snapshot = Snapshot(to)
    record = snapshot.record or FolderRecord(OVERVIEW_ID)
    changes = _changes({**texts, **tables_, **page}, snapshot, record)
    if not dry_run:
        write_in_order(changes.writes)
    return OverviewMade(tuple(changes.kept), tuple(changes.replaced))


def _changes(documents: Mapping[str, Document], snapshot: Snapshot, record: FolderRecord) -> FolderChanges:
    return changes_to(snapshot, record, record, FolderContent(documents, pages=edited_pages(snapshot, record)))


@contextmanager
def _long_tables(overview: Overview, guide: Guide, with_page: _WithPage, *, dry_run: bool) -> Iterator[dict[str, Path]]:
    """Make the tables of a long overview as files under other names: they are never held."""
    to = with_page.to
    with TemporaryDirectory(prefix="peerplan-") as elsewhere:
        folder = Path(elsewhere) if dry_run else to
        made = {name: folder / f".pp-{name}.tmp" for name in (TABLE, WORKBOOK)}
        try:
            with made[TABLE].open("wb") as file:
                write_csv(overview, guide, file)
            with made[WORKBOOK].open("wb") as file:
                write_long_xlsx(overview, guide, file, with_page)
            yield made
        except OSError as error:
            raise WriteError(Problem("cannot-write", {"why": reason(error)}, str(to))) from None
        finally:
            for path in made.values():
                path.unlink(missing_ok=True)


def _with_long_tables(
    documents: Mapping[str, Document], tables: Mapping[str, Path], to: Path, *, dry_run: bool
) -> OverviewMade:
    """Do what is done with any overview, but with its tables as files: only their checksums are looked at."""
    snapshot = Snapshot(to)
    record = snapshot.record or FolderRecord(OVERVIEW_ID)
    others = replace(record, made={name: one for name, one in record.made.items() if name not in tables})
    changes = _changes(documents, snapshot, others)
    made, moved, copies = {}, {}, {}
    for name, new in tables.items():
        there, before = _checksum_of(resolve_inside(to, name)), record.made.get(name)
        made[name] = before if before and not there else _checksum_of(new)  # one that was deleted stays so
        if there != made[name] and (there or not before):
            moved[name] = new
            if there not in ("", before):
                copies[name] = backup_name(to, name)
    replaced = [Problem("replaced", {"copy": copy}, str(to / name)) for name, copy in copies.items()]
    if not dry_run:
        for name, copy in copies.items():
            shutil.copyfile(to / name, to / copy)
        for name, new in moved.items():
            _move(new, resolve_inside(to, name))
        _write_others(changes, made, snapshot)
    return OverviewMade(tuple(changes.kept), (*replaced, *changes.replaced))


def _write_others(changes: FolderChanges, made: Mapping[str, str], snapshot: Snapshot) -> None:
    """Write the other documents, and what is remembered of all of them if that is something new."""
    *writes, (path, content) = changes.writes
    after = FolderRecord.from_json((content or b"").decode())
    remembered = replace(after, made={**after.made, **made}).to_json().encode()
    if len(writes) > 1 or remembered != snapshot.content(RECORD):
        write_in_order([*writes, (path, remembered)])


def _move(new: Path, place: Path) -> None:
    if place.exists():
        shutil.copymode(place, new)
    replace_patiently(new, place)


def _checksum_of(path: Path) -> str:
    """Return what a record would say of a file, "" if it is not there."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:32]
