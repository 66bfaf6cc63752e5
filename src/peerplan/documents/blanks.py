"""What a coordinator filled in where a letter says [fill in: …], for the letters made from the same template. Pure."""

import re
from collections.abc import Mapping

from peerplan.text import flatten

_BLANK = re.compile(r"\[(?:fill in|fyll i): [^\]\n]+\]")


def blanks_in(text: str) -> list[str]:
    """The places of a letter that are still to be filled in, as they stand there."""
    return _BLANK.findall(text)


def filled_in(written: str, edited: str) -> dict[str, str]:
    """What stands in an edited text for each blank of the text that was written, where the line is else the same."""
    lines = edited.splitlines()
    values: dict[str, str] = {}
    for line in written.splitlines():
        if blanks := blanks_in(line):
            pattern = re.compile("(.+?)".join(map(re.escape, _BLANK.split(line))))
            found = next((match for one in lines if (match := pattern.fullmatch(one.rstrip()))), None)
            values |= zip(blanks, map(flatten, found.groups()), strict=True) if found else ()
    return {blank: value for blank, value in values.items() if value != blank}


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled, those without a value as they are."""
    return _BLANK.sub(lambda blank: values.get(blank[0], blank[0]), text)
