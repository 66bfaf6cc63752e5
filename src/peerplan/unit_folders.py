"""Which folder each unit of a table gets: named after the unit, and the same however the rows are ordered.

Two units whose names lead to the same folder (Ängen and Ången) get a few more letters each, unless one of them has the
plain name already.
"""

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from peerplan.answers_toml import FILE_NAME
from peerplan.folder import folder_name

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
    return {unit: _chosen(unit, slug, twins, to) for slug, twins in by_slug.items() for unit in twins}


def _chosen(unit: Unit, slug: str, twins: set[Unit], to: Path) -> str:
    longer = f"{slug}-{sha256(repr(unit).encode()).hexdigest()[:TAIL]}"
    owner = _owner(to / slug)
    if owner == unit:
        return slug
    if owner or len(twins) > 1 or _owner(to / longer) == unit:
        return longer
    return slug


def _owner(folder: Path) -> Unit | None:
    """The unit that a plan folder belongs to."""
    try:
        answers = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    unit = answers.get("unit")
    return unit_of({f"unit.{key}": value for key, value in unit.items()}) if isinstance(unit, dict) else None


def _folded(text: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text or "")).casefold().split())
