"""answers.toml of the plan that `peerplan init` makes, kept up to date while an interview goes on."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from peerplan.answers.draft import Draft
from peerplan.answers.keys import NAME
from peerplan.answers.toml import FILE_NAME, encoded_like
from peerplan.call import quoted
from peerplan.errors import FolderInUse, Problem, UsageError
from peerplan.folder.disk import write_files, write_in_order
from peerplan.folder.folder import backup_name, folder_name, locked, resolve_inside
from peerplan.guide.guide import Guide


@dataclass
class AnswersFile:
    """The file: in which folder, None until the unit has a name, its text, whose comments stay, and what that says.

    `holding` keeps the folder from others. `known` is what the file holds as far as is known, None before anything was
    saved. `replaces` says whether answers that are there are replaced by others, and so kept under another name.
    """

    folder: Path | None
    guide: Guide
    text: str
    said: Draft
    holding: ExitStack
    known: bytes | None = None
    replaces: bool = False

    def __post_init__(self) -> None:
        self._is_held = self.known is not None

    def folder_of(self, draft: Draft) -> Path:
        """Return the folder that was given, or a new one named after the unit.

        Raises:
            UsageError: if that name belongs to another plan.
        """
        if self.folder is None:
            folder = Path(folder_name(str(draft[NAME])))
            if (folder / FILE_NAME).exists():
                raise _taken(folder)
            self.folder = folder
        return self.folder

    def content_of(self, draft: Draft) -> bytes:
        """Return the file's content for a draft.

        Raises:
            FolderInUse: if somebody else changed the file while the interview went on.
            InputError: if the file would be larger than what can be read again.
        """
        folder = self.folder_of(draft)
        path = folder / FILE_NAME
        now = path.read_bytes() if path.is_file() else b""
        if self.known not in (None, now):
            raise FolderInUse(Problem("answers-changed", {"folder": quoted(folder)}, str(path)))
        if draft != self.said:
            from peerplan.answers.toml_writer import write_answers

            self.text, self.said = write_answers(draft, self.guide, self.text), draft
        return encoded_like(self.text, now, path)

    def hold(self) -> None:
        """Keep others from the folder from now on.

        Raises:
            FolderInUse: if another peerplan works there.
        """
        if self.folder and not self._is_held:
            self.holding.enter_context(locked(self.folder))
            self._is_held = True

    def save(self, draft: Draft) -> None:
        """Write the answers so far, as soon as the folder has a name.

        Raises:
            UsageError: if another interview left answers there meanwhile.
            FolderInUse: if another peerplan works there, or somebody changed the file.
            WriteError: if it cannot be written.
        """
        if not (self.folder or NAME in draft):
            return
        folder = self.folder_of(draft)
        path = resolve_inside(folder, FILE_NAME)
        self.hold()
        if self.known is None and path.exists() and not self.replaces:
            raise _taken(folder)
        content = self.content_of(draft)
        self.back_up()
        write_in_order([(path, content)])
        self.known = content

    def back_up(self) -> None:
        """Keep a copy of the answers that are replaced by others."""
        path = self.folder / FILE_NAME if self.folder else None
        if self.replaces and path and path.is_file():
            write_files(path.parent, {backup_name(path.parent, path.name): path.read_bytes()})
        self.replaces = False


def _taken(folder: Path) -> UsageError:
    return UsageError(Problem("name-taken", {"folder": quoted(folder)}, str(folder)))
