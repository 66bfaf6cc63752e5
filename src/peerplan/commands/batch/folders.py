"""Which folder each unit of a table gets: named after the unit, and the same however the rows are ordered.

Two units whose names lead to the same folder (Ängen and Ången) get a few more letters each, unless one of them has the
plain name already. A folder belongs to the unit whose row it was made from, also when the unit's name was put right in
its answers.
"""

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from peerplan.answers.toml import FILE_NAME
from peerplan.errors import InputError
from peerplan.folder.folder import folder_name, read_record

TAIL = 6  # letters that tell two folders apart

Unit = tuple[str, str]  # the unit's name and its workplace


def unit_of(given: Mapping[str, object]) -> Unit:
    """What tells a unit from others, whatever the case and the form of its letters."""
    return _folded(given.get("unit.name")), _folded(given.get("unit.workplace"))


def unit_folders(units: Iterable[Unit], to: Path) -> dict[Unit, str]:
    """The name of each unit's folder in a folder, where some of them may be already."""
    by_slug: dict[str, set[Unit]] = defaultdict(set)
    for unit in units:
        by_slug[folder_name(unit[0])].add(unit)
    return {
        unit: _chosen(slug, _longer(slug, unit, by_slug), unit, twins, to)
        for slug, twins in by_slug.items()
        for unit in twins
    }


def _longer(slug: str, unit: Unit, slugs: Container[str]) -> str:
    """The folder's name with a tail, which no other unit happens to be called."""
    digest = sha256(repr(unit).encode()).hexdigest()
    short, long = f"{slug}-{digest[:TAIL]}", f"{slug}-{digest[: 2 * TAIL]}"
    return long if short in slugs else short


def _chosen(slug: str, longer: str, unit: Unit, twins: set[Unit], to: Path) -> str:
    owner = owner_of(to / slug)
    if owner and unit in (owner, _made_for(to / slug)):
        return slug
    if owner or len(twins) > 1 or unit in (owner_of(to / longer), _made_for(to / longer)):
        return longer
    return slug


def owner_of(folder: Path) -> Unit | None:
    """The unit that a plan folder is about by its answers."""
    try:
        answers = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    unit = answers.get("unit")
    return unit_of({f"unit.{key}": value for key, value in unit.items()}) if isinstance(unit, dict) else None


def _made_for(folder: Path) -> Unit | None:
    """The unit in the row that a plan folder was made from, if it was made from one."""
    try:
        record = read_record(folder)
    except InputError:  # told when the folder is read for its plan
        return None
    return unit_of(record.given) if record and record.given else None


def _folded(text: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text or "")).casefold().split())
