"""What a coordinator filled in where a letter says [fill in: …], for the letters made from the same template. Pure."""

import re
from collections.abc import Iterable, Mapping

from peerplan.guide.model import Language
from peerplan.text import one_line


class Blanks:
    """Finds the places of a letter that a reader has to fill in, in any of the languages."""

    def __init__(self, languages: Iterable[Language]) -> None:
        words = "|".join(re.escape(language.blank) for language in languages)
        self._pattern = re.compile(rf"\[(?:{words}): [^\]\n]+\]")

    def found_in(self, text: str) -> list[str]:
        """Return the places that are still to be filled in, as they stand in a letter."""
        return self._pattern.findall(text)

    def filled(self, written: str, edited: str) -> dict[str, str]:
        """Return what an edited text says for each blank of the written one, where the line is else the same."""
        lines = edited.splitlines()
        values: dict[str, str] = {}
        for line in written.splitlines():
            if blanks := self.found_in(line):
                pattern = re.compile("(.+?)".join(map(re.escape, self._pattern.split(line))))
                found = next((match for one in lines if (match := pattern.fullmatch(one.rstrip()))), None)
                values |= zip(blanks, map(one_line, found.groups()), strict=True) if found else ()
        return {blank: value for blank, value in values.items() if value != blank}

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """Return the text with its blanks filled, those without a value as they are."""
        return self._pattern.sub(lambda blank: values.get(blank[0], blank[0]), text)
