"""The places that a reader of a document fills in, `[fill in: what the manager decided]`. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from peerplan.guide.guide import Guide
from peerplan.text import fold, one_line

FILLED = "filled"  # the table of answers for what stands in the places of blanks, by their ids


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a plan. `text` is its text with its blanks, and `values` what stands in the places of these.

    `text` is None of a file that nobody edits. Such a one may be made from others, whose names are `made_from`: its
    `content` is what these make as they are in the plan, and empty if it is to be made from them as they stand.
    """

    content: bytes
    text: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    made_from: tuple[str, ...] = ()


class Blanks:
    """Finds the blanks of a text in any of the languages, and knows which answer each of them stands for."""

    def __init__(self, guides: Iterable[Guide]) -> None:
        guides = tuple(guides)
        # a blank of Word or Teams is one too
        words = "|".join(r"\s+".join(map(re.escape, guide.own_language.blank.split())) for guide in guides)
        self._mark = re.compile(rf"\[(?:{words})\s*:\s*([^\]\n]+)\]", re.IGNORECASE)
        self._word = re.compile(rf"(?:{words})\s*:?\s*", re.IGNORECASE)
        self._empty = re.compile(rf"^[\[(]\s*(?:{words})\s*:?\s*[\])]\s*", re.IGNORECASE)
        records = [(guide, blank) for guide in guides for blank in guide.blanks]
        self._ids = {fold(hint): blank.id for _, blank in records for hint in blank.hints}
        self._keys = {blank.id: blank.key for _, blank in records if blank.key}

    def found_in(self, text: str) -> list[str]:
        """Return the blanks as they stand in a text."""
        return [found[0] for found in self._mark.finditer(text)]

    def parts_of(self, text: str) -> tuple[list[str], list[str]]:
        """Return what stands around the blanks of a text, and the blanks."""
        marks = self.found_in(text)
        around = []
        for mark in marks:
            before, _, text = text.partition(mark)
            around.append(before)
        return [*around, text], marks

    def keys_of(self, mark: str) -> tuple[str, ...]:
        """Return the keys of the answers that a blank stands for, the one to use first."""
        hint = _hint_of(mark)
        id_ = self._ids.get(hint) or _slug(hint)
        return tuple(filter(None, (self._keys.get(id_, ""), f"{FILLED}.{id_}")))

    def values_in(self, text: str, answers: Mapping[str, object]) -> dict[str, str]:
        """Return what stands for each blank of a text, where something was answered; answers are by key."""
        values = {}
        for mark in self.found_in(text):
            given = (answers.get(key) for key in self.keys_of(mark))
            value = next((one_line(str(one)) for one in given if one), "")
            if value:
                values[mark] = value
        return values

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """Return a text with its blanks filled, those without a value as they are."""
        return self._mark.sub(lambda found: values.get(found[0], found[0]), text) if values else text

    def is_beside(self, said: str) -> bool:
        """Tell whether a blank stands in a text beside other words."""
        return bool(self.found_in(said)) and not self._mark.fullmatch(said.strip())

    def value_of(self, said: str, mark: str) -> str:
        """Return what a person wrote in the place of a blank, or "" if the blank still stands there.

        She may have written within the brackets, after the hint or instead of it, or have left their beginning.
        """
        said = self._empty.sub("", said.strip())
        brackets = said[:1] + said[-1:]
        if brackets == "[]" or (brackets == "()" and self._word.match(said, 1)):
            hint = mark[1:-1].partition(":")[2].strip()
            said = self._word.sub("", said[1:-1], count=1).strip()
            said = said.removeprefix(hint).strip(" :,")
        return one_line(said)


@lru_cache(maxsize=512)  # the same blanks stand in the documents of all units
def _hint_of(mark: str) -> str:
    return fold(mark[1:-1].partition(":")[2])


@lru_cache(maxsize=512)
def _slug(hint: str) -> str:
    from slugify import slugify

    return slugify(hint)
