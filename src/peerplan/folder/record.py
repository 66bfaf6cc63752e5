"""What a plan folder remembers: the plan's id, and what was last written into each document.

It is the base of the merging in reconcile.py, and lies in the folder's memory.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Self
from uuid import UUID, uuid5

from pydantic import AfterValidator, ConfigDict, StrictBool, TypeAdapter
from pydantic_core import from_json

from peerplan.answers.model import Answers
from peerplan.folder.checklist import without_marks

MEMORY = ".peerplan"  # the folder's own folder
RECORD = f"{MEMORY}/record.json"
VERSION = 1
CHECKLIST = "plan.md"  # the document whose tick boxes are read back

_PLANS = UUID("5b0c6c0e-8c6e-4c43-9f3f-0f6a7b2d6c11")


def _uuid(text: str) -> str:
    return str(UUID(text))


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """The memory of a plan folder; texts are by document name.

    `plan` is the plan's id. `written` is what peerplan wrote last, `offered` what it put beside a document whose
    edits it could not merge. `pending` is what is being written now, None for what is being removed: after a crash
    it tells our own output from a person's. Of a merged text `merged` holds peerplan's part. `boxes` are the tick boxes
    of a checklist that holds a person's edits. `given` is what the unit's row in a table gave last, and `start` is what
    the plan was made for.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    plan: Annotated[str, AfterValidator(_uuid)]
    written: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str | None] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, StrictBool] | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    start: date | None = None

    @staticmethod
    def from_json(text: str) -> "FolderRecord":
        """Read what to_json wrote.

        Raises:
            ValueError: if it is something else.
        """
        values = from_json(text)
        if not isinstance(values, dict) or values.pop("version", None) != VERSION:
            raise ValueError
        return _adapter().validate_python(values)

    def to_json(self) -> str:
        values = {"version": VERSION, **asdict(self)}
        return json.dumps(values, default=str, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def settled(self, standing: Mapping[str, bytes | None]) -> Self:
        """Return the record after a crash: what was pending and has reached its place counts as written.

        standing is what is there of each pending document. A box that was ticked since then makes no difference.
        """
        arrived = {name: text for name, text in self.pending.items() if _is_there(text, standing[name])}
        bases = {name: self.merged.get(name, text) for name, text in arrived.items()}
        written = {name: text for name, text in {**self.written, **bases}.items() if text is not None}
        boxes = None if CHECKLIST in arrived else self.boxes
        return replace(self, written=written, pending={}, merged={}, boxes=boxes)


def _is_there(text: str | None, standing: bytes | None) -> bool:
    if text is None or standing is None:
        return text is None and standing is None
    return standing == text.encode() or without_marks(standing.decode(errors="replace")) == without_marks(text)


@cache
def _adapter() -> TypeAdapter[FolderRecord]:
    return TypeAdapter(FolderRecord)


def new_plan_id(answers: Answers) -> str:
    """Return an id for a new plan, the same for the same unit and start. It is kept when these change later."""
    unit = answers.unit
    return str(uuid5(_PLANS, f"{unit.name}\n{unit.workplace}\n{unit.setting}\n{answers.placement.start}"))
