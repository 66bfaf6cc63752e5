"""What a plan folder remembers: the plan's id, and what was last written into each document.

It is the base of the merging in reconcile.py, and lies in the folder's memory: without the words that people wrote.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import PurePath, PureWindowsPath
from typing import Annotated, ClassVar, Self
from uuid import UUID, uuid5

from pydantic import AfterValidator, ConfigDict, TypeAdapter
from pydantic_core import from_json

from peerplan.answers.model import Answers
from peerplan.answers.toml import FILE_NAME as ANSWERS
from peerplan.folder.hiding import hidden_in, hide, look_up, show
from peerplan.text import decoded

MEMORY = ".peerplan"  # the folder's own folder
RECORD = f"{MEMORY}/record.json"
VERSION = 1
CHECKLIST = "plan.md"  # the document whose tick boxes are read back

_BOX = re.compile(r"\[[ xX]\]")
_PLANS = UUID("5b0c6c0e-8c6e-4c43-9f3f-0f6a7b2d6c11")


def _uuid(text: str) -> str:
    return str(UUID(text))


def _document(name: str) -> str:
    """Return the name of a document; a record that came with a folder may not lead to anything else."""
    if not name.isprintable() or name in ("", ANSWERS) or name.startswith(".") or PureWindowsPath(name).name != name:
        raise ValueError
    return name


_Name = Annotated[str, AfterValidator(_document)]


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """The memory of a plan folder; texts are by document name.

    `plan` is the plan's id. `written` is what peerplan wrote last, with its blanks, and `values` what it wrote in the
    places of these. `offered` is what it put beside a document where a person's section stayed, and `taken` what counts
    as written once she has removed that. `pending` is what is being written now, None for what is being removed: after
    a crash it tells our own output from a person's; `arriving` is what will count as written of it, and its values.
    `titles` has the item of each line of the checklist, `given` what the unit's row in a table gave last. `start` is
    what the plan was made for; `unit` is what the unit was called and `home` what the folder was called when the plan
    got its id.

    Of files that nobody edits (`made`, and copies in other formats, `exported`), of `offered`, `pending` and `given`
    there are only checksums. `hidden` are the
    words that people wrote, which the file does not hold.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    plan: Annotated[str, AfterValidator(_uuid)]
    written: Mapping[_Name, str] = field(default_factory=dict)
    values: Mapping[_Name, Mapping[str, str]] = field(default_factory=dict)
    made: Mapping[_Name, str] = field(default_factory=dict)
    offered: Mapping[_Name, str] = field(default_factory=dict)
    taken: Mapping[_Name, str] = field(default_factory=dict)
    pending: Mapping[_Name, str | None] = field(default_factory=dict)
    arriving: Mapping[_Name, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    exported: Mapping[_Name, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    start: date | None = None
    unit: str = ""
    home: str = ""
    hidden: frozenset[str] = frozenset()

    @staticmethod
    def from_json(text: str) -> "FolderRecord":
        """Read what to_json wrote.

        Raises:
            ValueError: if it is something else.
        """
        values = from_json(text)
        if not isinstance(values, dict) or values.pop("version", None) != VERSION or "hidden" in values:
            raise ValueError
        return _adapter().validate_python(values)

    def to_json(self) -> str:
        said = self._mapped(partial(hide, words=self.hidden)) if self.hidden else self
        values = {one.name: getattr(said, one.name) for one in fields(said) if one.name != "hidden"}
        return json.dumps({"version": VERSION, **values}, default=str, ensure_ascii=False, sort_keys=True) + "\n"

    def base(self, name: str, *, is_beside: bool) -> str | None:
        """Return what counts as written last, with its blanks filled, None if nothing does.

        is_beside tells whether what was offered still lies beside the document.
        """
        if name in self.taken and not is_beside:
            return self.taken[name]
        text = self.written.get(name)
        return None if text is None else filled(text, self.values.get(name, {}))

    @property
    def names(self) -> tuple[str, ...]:
        """The documents and files that peerplan wrote."""
        return (*self.written, *(name for name in self.made if name not in self.written))

    def recalled(self, texts: Iterable[str]) -> Self:
        """Return the record with the words that the file does not hold, as far as they are in texts."""
        checksums = hidden_in(self._texts())
        if not checksums:
            return self
        words = look_up(checksums, texts)
        return replace(self._mapped(partial(show, words=words)), hidden=frozenset(map(str.casefold, words.values())))

    def _texts(self) -> Iterator[str]:
        """Yield every text that may hold a person's words."""
        yield from chain(self.written.values(), self.taken.values(), self.titles)
        for values in self.values.values():
            yield from chain(values, values.values())
        for text, values in self.arriving.values():
            yield from chain([text], values, values.values())

    def _mapped(self, change: Callable[[str], str]) -> Self:
        """Return the record with each of these texts changed."""

        def every(texts: Mapping[str, str]) -> dict[str, str]:
            return {name: change(text) for name, text in texts.items()}

        def both(texts: Mapping[str, str]) -> dict[str, str]:
            return {change(key): change(text) for key, text in texts.items()}

        return replace(
            self,
            written=every(self.written),
            values={name: both(values) for name, values in self.values.items()},
            taken=every(self.taken),
            arriving={name: (change(text), both(values)) for name, (text, values) in self.arriving.items()},
            titles={change(title): item for title, item in self.titles.items()},
        )

    def settled(self, standing: Mapping[str, bytes | None]) -> Self:
        """Return the record after a crash: what was pending and has reached its place counts as written.

        standing is what is there of each pending document. A box that was ticked since then makes no difference.
        """
        there = [name for name, pending in self.pending.items() if pending == pending_checksum(standing[name])]
        arrived = {name: self.arriving[name] for name in there if name in self.arriving}
        kept = {name: text for name, text in self.written.items() if name not in there or name in arrived}
        made = {name: content for name in there if name not in arrived and (content := standing[name]) is not None}
        return replace(
            self,
            written=kept | {name: text for name, (text, _) in arrived.items()},
            made={name: one for name, one in self.made.items() if name not in there} | _checksums(made),
            values={**self.values, **{name: values for name, (_, values) in arrived.items()}},
            pending={},
            arriving={},
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values in the places of its blanks; values are by the blank as it stands."""
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def checksum(content: bytes) -> str:
    """Return what tells whether a file is still the same."""
    return sha256(content).hexdigest()[:32]


def pending_checksum(content: bytes | None) -> str | None:
    """Return what tells whether a file says the same, whatever is ticked in it; None of one that is not there."""
    return None if content is None else checksum("\n".join(_BOX.sub("[ ]", decoded(content)).splitlines()).encode())


def _checksums(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: checksum(content) for name, content in contents.items()}


@cache
def _adapter() -> TypeAdapter[FolderRecord]:
    return TypeAdapter(FolderRecord)


def new_plan_id(answers: Answers, home: str = "") -> str:
    """Return an id for a new plan, the same for the same unit and start. It is kept when these change later.

    home is the folder of a plan that was copied, which gets an id of its own.
    """
    unit = answers.unit
    said = (unit.name, unit.workplace, unit.setting, answers.placement.start, *filter(None, [home]))
    return str(uuid5(_PLANS, "\n".join(map(str, said))))


def offered_name(name: str, number: int = 1) -> str:
    """Return where a new text goes that could not be merged: plan.new.md, beside plan.md, or plan.new.2.md."""
    path = PurePath(name)
    return f"{path.stem}.new{f'.{number}' if number > 1 else ''}{path.suffix}"
