"""The overview's documents, made like any others: what a person changed in them is kept."""

from pathlib import Path
from uuid import UUID

from peerplan.commands.making import PlanMaker
from peerplan.documents.overview import overview_csv, overview_xlsx
from peerplan.documents.overview_page import OVERVIEW_PAGE, overview_page
from peerplan.documents.page import PAGE
from peerplan.folder.read import edited_pages
from peerplan.folder.record import FolderRecord
from peerplan.folder.snapshot import Snapshot
from peerplan.folder.write import FolderChanges, FolderContent, changes_to
from peerplan.guide.blanks import Document
from peerplan.plan.overview import Overview

OVERVIEW_ID = str(UUID(int=0))  # an overview has no calendar that would need an id of its own


def overview_changes(overview: Overview, maker: PlanMaker, to: Path, language: str) -> FolderChanges:
    """Return what becomes of the overview's documents in the folder of the units' folders.

    Raises:
        PeerplanError: if a template is wrong or a file cannot be read.
    """
    guide = maker.kit.guide(language)
    shown = overview.first()
    with_page = {one.folder for one in shown.lines if maker.html or (to / one.folder / PAGE).is_file()}
    new = {
        **maker.templates.overview(shown, guide),
        "overview.csv": Document(overview_csv(overview, guide)),
        "overview.xlsx": Document(overview_xlsx(overview, guide)),
        OVERVIEW_PAGE: Document(overview_page(shown, guide, with_page)),
    }
    snapshot = Snapshot(to)
    record = snapshot.record or FolderRecord(OVERVIEW_ID)
    return changes_to(snapshot, record, record, FolderContent(new, pages=edited_pages(snapshot, record)))
