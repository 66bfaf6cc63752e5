"""Which folder each unit of a table gets: named after the unit, and the same however the rows are ordered.

Two units whose names lead to the same folder (Ängen and Ången) get a few more letters each, unless one of them has the
plain name already. A folder belongs to the unit whose row it was made from, also when the unit's name was put right in
its answers. A workplace that is written into the table later, or taken out of it, makes no other unit of the only one
of its name.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b, sha256
from itertools import groupby, pairwise
from pathlib import Path

from peerplan.answers.keys import NAME, WORKPLACE
from peerplan.errors import InputError
from peerplan.folder.folder import folder_name
from peerplan.folder.snapshot import Snapshot
from peerplan.text import fold

_ALL_BITS = 2**64 - 1
TAIL = 6  # letters that tell two folders apart

UnitKey = tuple[str, str]  # the unit's name and its workplace, folded


def unit_key(answers: Mapping[str, object]) -> UnitKey:
    """Return what tells a unit from others, whatever the case and the form of its letters."""
    return fold(str(answers.get(NAME) or "")), fold(str(answers.get(WORKPLACE) or ""))


def token(text: str) -> int:
    """Return a number in place of a text: eight bytes, which no two of a million texts happen to share."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())


class Tokens:
    """Texts of which only their numbers are kept, in eight bytes each."""

    def __init__(self, tokens: Iterable[int]) -> None:
        self._sorted = array("Q", (one for one, _ in groupby(sorted(tokens))))

    def __contains__(self, wanted: int) -> bool:
        at = bisect_left(self._sorted, wanted)
        return at < len(self._sorted) and self._sorted[at] == wanted

    def __len__(self) -> int:
        return len(self._sorted)


class UnitFolders:
    """The folders of a table's units within a folder, where some of them may be already.

    `twice` are the units that were given more than once.
    """

    def __init__(self, units: Iterable[UnitKey], to: Path) -> None:
        self.to = to
        given = sorted(map(_numbers_of, units))
        self.twice = Tokens(one & _ALL_BITS for one, next_ in pairwise(given) if one == next_)
        self._units = Tokens(one & _ALL_BITS for one in given)
        self._slugs = Tokens(one >> 128 for one in given)
        self._twins = Tokens(_shared(given, 128))
        self._names_of_several = Tokens(_shared(given, 64))

    def choose(self, unit: UnitKey) -> tuple[Snapshot, bool]:
        """Return the unit's folder as it stands, which need not be there, and whether it is the longer of its two."""
        slug = folder_name(unit[0])
        plain, longer = Snapshot(self.folder(unit, is_long=False)), Snapshot(self.folder(unit, is_long=True))
        owner = owner_of(plain)
        if owner and (unit == owner or unit == _made_for(plain)):  # the record is long, and seldom needed
            return plain, False
        is_free = self._is_its_own(owner, _made_for(plain), unit) if owner else token(slug) not in self._twins
        if is_free and unit != owner_of(longer) and unit != _made_for(longer):
            return plain, False
        return longer, True

    def is_only_one(self, unit: UnitKey) -> bool:
        """Tell whether no other unit of the table has this one's name."""
        return token(unit[0]) not in self._names_of_several

    def _is_its_own(self, owner: UnitKey, made_for: UnitKey | None, unit: UnitKey) -> bool:
        """Tell whether a folder is a unit's but for a workplace that came or went, and that of no other row."""
        name, workplace = made_for or owner
        is_named_alike = name == unit[0] and "" in (workplace, unit[1])
        is_anothers = any(token(repr(one)) in self._units for one in (owner, made_for))
        return is_named_alike and self.is_only_one(unit) and not is_anothers

    def folder(self, unit: UnitKey, *, is_long: bool) -> Path:
        """Return one of the two folders that a unit can have; the longer name is no other unit's."""
        slug = folder_name(unit[0])
        if not is_long:
            return self.to / slug
        digest = sha256(repr(unit).encode()).hexdigest()
        short, long = f"{slug}-{digest[:TAIL]}", f"{slug}-{digest[: 2 * TAIL]}"
        return self.to / (long if token(short) in self._slugs else short)


def _numbers_of(unit: UnitKey) -> int:
    """Return the numbers of a unit's slug, of its name and of itself in one number, which is smaller than a tuple."""
    return token(folder_name(unit[0])) << 128 | token(unit[0]) << 64 | token(repr(unit))


def _shared(units: Iterable[int], bits: int) -> Iterator[int]:
    """Give what stands above so many bits in more than one of the units, which are sorted."""
    different = (one for one, _ in groupby(units))
    return (one >> bits & _ALL_BITS for one, next_ in pairwise(different) if one >> bits == next_ >> bits)


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
