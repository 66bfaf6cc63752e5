"""A table of units -> a draft of answers for each row. Headings and values may be ids or labels, in any language."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Self

from peerplan.answers.draft import NOT_ANSWERED, Draft
from peerplan.answers.keys import LANGUAGE, NAME, PLANNED_FROM, WORKPLACE
from peerplan.answers.privacy import check_text
from peerplan.answers.ways import Ways, ways_of
from peerplan.commands.batch.findings import Findings, Wrong
from peerplan.commands.batch.folders import UnitKey, token, unit_key
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.tables import Row, Table, as_date_text, match_headings
from peerplan.text import fold

# The apostrophe by which a spreadsheet, and the form, keep a text from being taken for a formula.
_KEPT_AS_TEXT = re.compile(r"(^|[,;\t])'(?=[=+\-@])")
_WRONG_HEADINGS = {"table-heading-misspelt", "table-headings-missing", "table-headings-missing-in-sheet"}
_WHOLE = re.compile(r"(?<=\d)[.,]0+$")  # the end of 4.0, which is 4


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row: `given` holds its answers by their keys as answers.toml would; blanks are left out.

    `asked` are the keys for which the table has a column. A file of answers has also what was `passed` over, which a
    new plan keeps so that it is not asked again, and `problems` if it cannot be read.
    """

    row: Row
    given: Draft
    asked: frozenset[str]
    passed: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def remembered(self, before: Mapping[str, str]) -> dict[str, str]:
        """Return what a folder remembers of this row, and of rows before it in columns that the table has no more."""
        kept = {key: what for key, what in before.items() if key not in self.asked}
        return kept | {key: _remembered(key, value) for key, value in self.given.items()}


def _keys_by_heading(guides: Sequence[Guide]) -> dict[str, str]:
    """Return the key that each heading leads to, in all languages."""
    headings = dict.fromkeys((LANGUAGE, *(guide.own_language.heading for guide in guides)), LANGUAGE)
    for guide in guides:
        for fact in guide.facts:
            headings |= {fact.column: fact.key, fact.label: fact.key}
        for item in guide.items:
            headings |= dict.fromkeys((item.id, item.label), item.key)
    return headings


def _other_headings(guides: Sequence[Guide]) -> dict[str, str]:
    """Return the key that each of the other ways to write a heading leads to; they are the same in all languages."""
    return {way: fact.key for fact in guides[0].facts for way in fact.also}


def known_headings(kit: Kit) -> Collection[str]:
    """Return every way to write a heading."""
    return {*_keys_by_heading(kit.guides), *_other_headings(kit.guides)}


@dataclass(frozen=True, slots=True)
class Units:
    """A table that is understood; `keys` says what each column is, None for one that is not used.

    `guide` has the words for the problems of the table, `examples` are what the starter's example may be called, and
    `totals` what a spreadsheet calls the sum that it writes under a table.
    """

    table: Table
    ways: Ways
    keys: tuple[str | None, ...]
    guide: Guide
    examples: frozenset[str]
    totals: frozenset[str]
    notices: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, table: Table, keys: tuple[str | None, ...], kit: Kit, language: str) -> Self:
        examples = frozenset(fold(one.say("starter-unit")) for one in kit.guides)
        totals = frozenset(fold(name) for one in kit.guides for name in one.say("units-total-names").split(","))
        return cls(table, ways_of(kit.guides), keys, kit.guide(language), examples, totals)

    @property
    def rows(self) -> Iterator[UnitRow]:
        """The rows of units from the top, made anew each time."""
        return (self.read(row) for row in self.table.rows if self.is_unit(row))

    @property
    def named(self) -> Iterator[UnitKey]:
        """The units of the rows that name one, one for each row."""
        units = (self.unit(row) for row in self.table.rows if self.is_unit(row))
        return (unit for unit in units if unit[0])

    def is_unit(self, row: Row) -> bool:
        """Tell whether a row is a unit's: the starter's example is none, nor are headings or a sum."""
        return not self.why_no_unit(row)

    def why_no_unit(self, row: Row) -> str:
        """Return the message that tells why a row is no unit's, "" if it is one."""
        column = self.keys.index(NAME)
        name = fold(row.texts[column])
        if name in self.examples:
            return "units-example"
        if name == fold(self.table.headings[column].text):
            return "units-headings-again"
        needed = (self.keys.index(fact.key) for fact in self.guide.facts if fact.required and fact.key != NAME)
        return "units-total" if name in self.totals and not any(row.texts[column] for column in needed) else ""

    def read(self, row: Row) -> UnitRow:
        return UnitRow(row, self.ways.read(self._texts(row, self.keys)), frozenset(filter(None, self.keys)))

    def unit(self, row: Row) -> UnitKey:
        """Return what tells a row's unit from others; its name is empty in a row that gives none."""
        keys = (key if key in (NAME, WORKPLACE) else None for key in self.keys)
        return unit_key(self.ways.read(self._texts(row, keys)))

    def _texts(self, row: Row, keys: Iterable[str | None]) -> dict[str, str]:
        """Return the text of each cell that is not blank, with days and whole numbers as people write them."""
        texts = {}
        for key, cell in zip(keys, row.texts, strict=True):
            if key and (text := _KEPT_AS_TEXT.sub(r"\1", cell.strip())):
                kind = self.ways.kinds.get(key)
                text = as_date_text(text, self.table.epoch) if kind == "date" else text
                texts[key] = _WHOLE.sub("", text) if kind == "integer" else text
        return texts

    def place(self, row: Row, key: str) -> str:
        """Say where an answer stands: its cell, or the row if the table has no such column."""
        column = self.keys.index(key) if key in self.keys else None
        if column is None:
            return f"{self.table.place(row, 0).rpartition(': ')[0]}: {key}"
        return self.table.place(row, column)

    def placed(self, problem: Problem, key: str, row: Row) -> Problem:
        """Return a problem with its place, and with the labels of options, which a table holds, for their ids."""
        if problem.place:
            return problem
        labels = {id_: label for label, id_ in self.ways.values(key, self.guide)}
        values = dict(problem.values)
        for name in ("near", "choices"):
            if name in values:
                values[name] = ", ".join(labels.get(one, one) for one in str(values[name]).split(", "))
        return replace(problem, values=values, place=self.place(row, key))

    def wrong(self, problem: Problem, key: str, row: Row) -> Wrong:
        """Return what is wrong in a row, with its place; it is alike where the same text stands in the same column."""
        placed = self.placed(problem, key, row)
        if problem.place or key not in self.keys:
            return Wrong(placed, len(self.keys), repr(placed))
        column = self.keys.index(key)
        return Wrong(placed, column, (column, problem.message, token(row.texts[column])))

    def identity_numbers(self, row: Row) -> Iterator[Wrong]:
        """Give the identity numbers in columns that are not used: they have no place in the table either."""
        for column, key in enumerate(self.keys):
            if key is None:
                for one in check_text(row.texts[column], self.table.place(row, column)).certain[:1]:
                    yield Wrong(one, column, one.place)


def parse_units(table: Table, kit: Kit, language: str) -> Units:
    """Find what the headings of a table mean, and so what each row gives; language is for the problems' labels.

    Raises:
        InputError: for a heading that is misspelt or there twice, for a column that no plan can do without, and for a
            table that holds nothing but the starter's example.
    """
    guide = kit.guide(language)
    known, also = _keys_by_heading(kit.guides), _other_headings(kit.guides)
    keys, unknown = match_headings(table.headings, known, also=also, in_sheet=table.in_sheet)
    unknown = tuple(_unused_if_there(problem, also | known, keys) for problem in unknown)
    wrong = [problem for problem in unknown if problem.message in _WRONG_HEADINGS]
    lacking = [fact for fact in guide.facts if fact.required and fact.key not in keys]
    if wrong or lacking:
        place = table.headings[0].place
        missing = (Problem("units-column-missing", {"heading": fact.label}, place) for fact in lacking)
        raise InputError(*(unknown if lacking else wrong), *missing, *(table.notices if lacking else ()))
    units = Units.of(table, keys, kit, language)
    left_out = Findings()
    for row in table.rows:
        if message := units.why_no_unit(row):
            left_out.add(Problem(message, {}, table.place(row, keys.index(NAME))))
    if left_out.count == table.count:
        raise InputError(Problem("units-only-example", {}, table.headings[0].place))
    return replace(units, notices=(*unknown, *left_out))


def _unused_if_there(problem: Problem, known: Mapping[str, str], keys: Collection[str | None]) -> Problem:
    """Return a misspelt heading as one of somebody else's, where the table has the column that it is near to."""
    if "nearest" not in problem.values or known[str(problem.values["nearest"])] not in keys:
        return problem
    return Problem("table-heading-unknown", {"heading": problem.values["heading"]}, problem.place)


def _remembered(key: str, value: object) -> str:
    """Return a value as a folder remembers it: the unit as it is called, and of the rest whether it is the same."""
    return str(value) if key in (NAME, WORKPLACE) else sha256(f"{key}={value!r}".encode()).hexdigest()[:8]


def changed_draft(
    draft: Draft, before: Mapping[str, str], row: UnitRow, unknown: Mapping[str, str]
) -> tuple[Draft, tuple[str, ...]]:
    """Return a folder's answers with what changed in its row since the last time; the rest stays as it is there.

    What the unit itself has answered stays too, and the keys are given for which its row says something else now.
    A cell that was emptied empties its answer, if nobody has changed it. before is what the folder remembers,
    and unknown what each item holds when it is not known, which any row may know better.
    """
    given = {key: value for key, value in row.given.items() if before.get(key) != _remembered(key, value)}
    own = {key for key, value in draft.items() if before.get(key) != _remembered(key, value)}
    own -= {LANGUAGE, PLANNED_FROM, *(key for key in own if draft[key] in (*NOT_ANSWERED, unknown.get(key)))}
    stays = tuple(key for key in given if key in own and given[key] != draft[key])
    emptied = {key for key in row.asked if key not in row.given and key in before} - own
    kept = {key: value for key, value in draft.items() if key not in emptied}
    return kept | {key: value for key, value in given.items() if key not in stays}, stays
