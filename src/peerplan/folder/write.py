"""What becomes of the files of a plan folder when its documents are written again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from peerplan.errors import Problem
from peerplan.folder.folder import backup_names, places_of, renewal_files
from peerplan.folder.hiding import words_of
from peerplan.folder.lines import Titles
from peerplan.folder.page import ReadPage
from peerplan.folder.reconcile import FileChange, FindTitles, FolderNow, Make, Renewal, renew
from peerplan.folder.record import RECORD, FolderRecord
from peerplan.folder.snapshot import Snapshot
from peerplan.guide.blanks import Document

NO_TITLES = Titles({}, {}, {}, {}, ())


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What a folder is to hold: the documents by name, and answers.toml by its name if it changes.

    `pages` are the documents that are not as peerplan wrote them, `titles` finds by what the lines of the new checklist
    are known, and `make` makes a file from others as they stand.
    """

    documents: Mapping[str, Document]
    answers: Mapping[str, bytes] = field(default_factory=dict)
    pages: Mapping[str, ReadPage] = field(default_factory=dict)
    titles: FindTitles = lambda: NO_TITLES
    make: Make = lambda _name, _contents: b""


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What becomes of each document of a folder, and every file that has to be written or removed (None) for that.

    `places` are where these are, and `copies` the names under which edited documents are kept that are replaced.
    """

    folder: Path
    renewal: Renewal
    files: Mapping[str, bytes | None]
    places: Mapping[str, Path]
    copies: Mapping[str, str]

    @property
    def documents(self) -> tuple[FileChange, ...]:
        return self.renewal.documents

    @property
    def writes(self) -> Iterator[tuple[Path, bytes | None]]:
        """What has to be written, in the order in which a crash does no harm: the record first and last."""
        if self.files:
            yield self.places[RECORD], self.renewal.during.to_json().encode()
        for name, content in self.files.items():
            yield self.places[name], content

    @property
    def kept(self) -> list[Problem]:
        """The documents in which a section of a person's stays as it is, with the lines of it."""
        return [_where_it_stays(self.folder / one.name, one) for one in self.documents if one.kind == "kept"]

    @property
    def replaced(self) -> list[Problem]:
        """The files that were edited and are made anew, with the names of the copies."""
        return [Problem("replaced", {"copy": copy}, str(self.folder / name)) for name, copy in self.copies.items()]


def changes_to(
    snapshot: Snapshot, before: FolderRecord, after: FolderRecord, content: FolderContent, *, force: bool = False
) -> FolderChanges:
    """Decide what becomes of each file of a folder, which need not be there yet.

    before is what was written last, after the same with what the plan is about now; force replaces what a person
    edited.

    Raises:
        PeerplanError: if a file cannot be read, or leads out of the folder.
    """
    standing = snapshot.standing(dict.fromkeys((*content.documents, *before.names)))
    now = FolderNow(standing, before, content.pages)
    renewal = renew(content.documents, now, cache(content.titles), content.make, force=force)
    said = {name: getattr(after, name) for name in ("plan", "titles", "given", "start", "unit", "home", "hidden")}
    said["hidden"] |= _hers_in(renewal, content.documents)
    renewal = replace(renewal, after=replace(renewal.after, **said))
    copies = backup_names(snapshot.folder, renewal)
    files = renewal_files(snapshot, renewal, content.answers, copies)
    return FolderChanges(snapshot.folder, renewal, files, places_of(snapshot, files), copies)


def _hers_in(renewal: Renewal, new: Mapping[str, Document]) -> frozenset[str]:
    """Return the words that count as written in a section that stayed as a person's, and are not peerplan's."""
    kept = [one for one in renewal.documents if one.kind == "kept"]
    return words_of(text for one in kept for text in (one.base or "", one.taken)) - words_of(
        new[one.name].text or "" for one in kept
    )


def _where_it_stays(path: Path, change: FileChange) -> Problem:
    lines = ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in change.conflicts)
    return Problem("kept-lines", {"new": change.beside, "lines": lines}, f"{path}:{change.conflicts[0][0]}")
