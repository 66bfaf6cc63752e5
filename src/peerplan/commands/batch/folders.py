"""Which folder each unit of a table gets: named after the unit, and the same however the rows are ordered.

Two units whose names lead to the same folder (Ängen and Ången) get a few more letters each, unless one of them has the
plain name already. A folder belongs to the unit whose row it was made from, also when the unit's name was put right in
its answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from peerplan.answers.keys import NAME, WORKPLACE
from peerplan.errors import InputError
from peerplan.folder.folder import folder_name
from peerplan.folder.snapshot import Snapshot
from peerplan.text import fold

TAIL = 6  # letters that tell two folders apart

UnitKey = tuple[str, str]  # the unit's name and its workplace, folded


def unit_key(answers: Mapping[str, object]) -> UnitKey:
    """Return what tells a unit from others, whatever the case and the form of its letters."""
    return fold(str(answers.get(NAME) or "")), fold(str(answers.get(WORKPLACE) or ""))


class UnitFolders:
    """The folders of a table's units within a folder, where some of them may be already."""

    def __init__(self, units: Iterable[UnitKey], to: Path) -> None:
        self.to = to
        self._twins: dict[str, set[UnitKey]] = defaultdict(set)
        for unit in units:
            self._twins[folder_name(unit[0])].add(unit)

    def choose(self, unit: UnitKey) -> Snapshot:
        """Return the unit's folder as it stands, which need not be there."""
        slug = folder_name(unit[0])
        plain, longer = Snapshot(self.to / slug), Snapshot(self.to / self._longer(slug, unit))
        owner = owner_of(plain)
        if owner and unit in (owner, _made_for(plain)):
            return plain
        if owner or len(self._twins[slug]) > 1 or unit in (owner_of(longer), _made_for(longer)):
            return longer
        return plain

    def _longer(self, slug: str, unit: UnitKey) -> str:
        """Return the folder's name with a tail, which no other unit happens to be called."""
        digest = sha256(repr(unit).encode()).hexdigest()
        short, long = f"{slug}-{digest[:TAIL]}", f"{slug}-{digest[: 2 * TAIL]}"
        return long if short in self._twins else short


def owner_of(snapshot: Snapshot) -> UnitKey | None:
    """Return the unit that a plan folder is about by its answers."""
    try:
        answers = snapshot.answers.draft
    except InputError:  # reported when the folder is read for its plan
        return None
    return unit_key(answers) if any(key.startswith("unit.") for key in answers) else None


def _made_for(snapshot: Snapshot) -> UnitKey | None:
    """Return the unit in the row that a plan folder was made from, if it was made from one."""
    try:
        record = snapshot.record
    except InputError:  # reported when the folder is read for its plan
        return None
    return unit_key(record.given) if record and record.given else None
