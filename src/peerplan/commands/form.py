"""`peerplan form`: the questions as one web page, for people who can install nothing."""

from dataclasses import dataclass
from pathlib import Path

from peerplan.documents.form import FORM, form_page
from peerplan.errors import Problem, WriteError, reason
from peerplan.folder.disk import write_files
from peerplan.folder.folder import backup_name
from peerplan.guide.guide import Guide


@dataclass(frozen=True, slots=True)
class Form:
    """Where the page was written, and what to know about it."""

    path: Path
    notices: tuple[Problem, ...]


def write_form(output: Path | None, guide: Guide) -> Form:
    """Write the page in the guide's language; what else stands there is kept as a copy.

    Raises:
        WriteError: if it cannot be written.
    """
    path = output or Path(FORM)
    page = form_page(guide)
    try:
        before = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise WriteError(Problem("cannot-write", {"why": reason(error)}, str(path))) from None
    if before in (None, page):
        write_files(path.parent, {path.name: page})
        return Form(path, ())
    copy = backup_name(path.parent, path.name)
    write_files(path.parent, {copy: before, path.name: page})
    return Form(path, (Problem("replaced", {"copy": copy}, str(path)),))
