"""What is in a plan folder: each file is read once, when it is first asked for."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from itertools import chain, count, takewhile
from pathlib import Path, PurePath
from stat import S_ISREG

from peerplan.answers.toml import FILE_NAME, AnswersText, read_answers, refuse_other_kinds, refuse_two_versions
from peerplan.errors import InputError, Problem, reason
from peerplan.folder.record import RECORD, FolderRecord, offered_name
from peerplan.text import decoded, is_seen

# What stands in the name of a copy between a document's name and its ending: "plan-KARINS-PC.md", "plan (1).md".
_COPIED = re.compile(r"-[A-Z].{2,}| ?\(.+\)|[\W_].*(?i:conflict|konflikt|copy|kopia).*")

TEXTS = (".md", ".txt")
LARGEST_TEXT = 500_000  # bytes; more than answers of the largest size give, twenty times what they usually do
LARGEST = 30_000_000  # bytes of the record, which holds all texts, and of what is made from them


class Snapshot:
    """The files of a folder as they were when they were first asked for; the folder need not be there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._contents: dict[str, bytes | None] = {}

    @cached_property
    def is_there(self) -> bool:
        """Whether there is such a folder; if not, nothing in it is looked for."""
        return self.folder.exists()

    def content(self, name: str) -> bytes | None:
        """Return what a file holds, None if it is not there.

        Raises:
            InputError: if it cannot be read.
        """
        if name not in self._contents:
            if not self.is_there:
                return None
            path = self.folder / name
            try:
                status = path.stat()
                if not S_ISREG(status.st_mode):
                    raise InputError(Problem("not-a-file", {}, str(path)))
                if status.st_size > (limit := LARGEST_TEXT if name.endswith(TEXTS) else LARGEST):
                    raise InputError(Problem("too-large", {"limit": limit}, str(path)))
                self._contents[name] = path.read_bytes()
            except FileNotFoundError:
                self._contents[name] = None
            except OSError as error:
                raise InputError(Problem("cannot-read", {"why": reason(error)}, str(path))) from None
        return self._contents[name]

    @cached_property
    def answers(self) -> AnswersText:
        """What answers.toml says.

        Raises:
            InputError: if it is not there or cannot be read.
        """
        answers = read_answers(self.folder / FILE_NAME)
        self._contents[FILE_NAME] = answers.content
        return answers

    @cached_property
    def record(self) -> FolderRecord | None:
        """What the folder remembers, after a crash set right; None if it remembers nothing.

        Raises:
            InputError: if the record cannot be read, or is not peerplan's.
        """
        content = self.content(RECORD)
        if content is None:
            return None
        try:
            record = FolderRecord.from_json(content.decode())
        except ValueError:
            raise InputError(Problem("record-wrong", {}, str(self.folder / RECORD))) from None
        return record.recalled(self._texts(record)).settled({name: self.content(name) for name in record.pending})

    def _texts(self, record: FolderRecord) -> Iterator[str]:
        """Yield the texts in which the words stand that the record does not hold, as far as they can be read."""
        for name in (FILE_NAME, *record.written, *record.arriving):
            with suppress(InputError):
                yield (self.answers.text if name == FILE_NAME else self.text(name)) or ""

    def text(self, name: str) -> str | None:
        """Return the text of a document, whatever editor saved it; None if it is not there.

        One in which nothing stands is not there either: a full disk, a lost connection or a crash leaves such files.

        Raises:
            InputError: if it cannot be read.
        """
        content = self.content(name)
        if not content:
            return None
        refuse_other_kinds(content, self.folder / name)
        text = decoded(content)
        refuse_two_versions(text, self.folder / name)
        return text if is_seen(text) else None

    def copies(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the copies of documents that lie beside them, each with the document's name.

        A program that syncs folders makes one where two people wrote at once, and Notepad one that ends in .txt. They
        are only listed, and never read.
        """
        there: list[str] = []
        with suppress(OSError):
            there = sorted(path.name for path in self.folder.iterdir())
        for name in names:
            path = PurePath(name)
            begun = (one for one in there if one.startswith(path.stem) and one.endswith(path.suffix))
            yield from ((one, name) for one in begun if _COPIED.fullmatch(one[len(path.stem) : -len(path.suffix)]))
            yield from ((one, name) for one in there if one == f"{name}.txt")  # Windows hides that ending

    def is_beside(self, name: str) -> bool:
        """Tell whether a text that was offered lies beside a document."""
        return self._is_there(offered_name(name))

    def standing(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the content of those of the documents that are there, and of what was offered beside them.

        Raises:
            InputError: if one of them cannot be read.
        """
        standing = {}
        for name in names:
            for one in chain([name], takewhile(self._is_there, _beside(name))):
                content = self.content(one)
                if content is not None:
                    standing[one] = content
        return standing

    def _is_there(self, name: str) -> bool:
        return self._contents.get(name) is not None or (self.is_there and (self.folder / name).exists())


def _beside(name: str) -> Iterator[str]:
    return (offered_name(name, number) for number in count(1))
