"""A day as people write it -> a date. What could be two days is refused with both. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from peerplan.answers.privacy import shown
from peerplan.errors import Problem
from peerplan.guide.guide import Guide
from peerplan.guide.model import Language
from peerplan.text import fold, narrow, visible, with_hyphens

MONTHS = 12
CENTURY = 2000  # of a year of two digits
LETTERS = 3  # of a month's or a weekday's name at least
WORDS = 6  # of a day at most: måndagen den 18 januari 2027

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_FIRST = re.compile(rf"({_ISO.pattern})\b[\s:,]*")
_CUT = re.compile(r"(?<=[^\s:,])(?=[\s:,]|$)")
_SHORT_YEAR = re.compile(r"\s[0-9]{2}")  # which may be a number of something else
_YEAR_FIRST = re.compile(r"([0-9]{4})(?: ?([-./]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})|([0-9]{2})([0-9]{2}))")
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([-./]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})")
_SLASHED = re.compile(r"([0-9]{1,2}) ?/ ?([0-9]{1,2})(?:(?: ?[-,.] ?| )([0-9]{4})| ?(?:-|-? ?') ?([0-9]{2}))?")
_ENDING = r"(?::?[^\W\d_]{1,2}(?= )|\.)?"  # 18th, 18:e, 18.
_NAMED = re.compile(rf"([0-9]{{1,2}}){_ENDING}[ -]?([^\W\d_]+)\.?(?:[ ,-]*'?([0-9]{{4}}|[0-9]{{2}}))?")
_NAME_FIRST = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2})(?:[^\W\d_]{2}|\.)?(?:,? ([0-9]{4}))?")

_MEANT_FOR_A_DAY = ("ambiguous-date", "no-such-day", "other-weekday")

_Parts = tuple[int, int, int]  # year, month and day, of which there need be none


@dataclass(frozen=True, slots=True)
class Days:
    """Reads days: by number, the day first or the year first, and by the names of months in every language.

    `months` and `weekdays` count from 1, by what they are called, folded; `fillers` are words that may stand before
    the day, as in "måndagen den 18 januari".
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    fillers: frozenset[str]

    def read(self, text: str) -> date | Problem:
        """Return the day that a text is, or what is wrong with it."""
        plain = fold(with_hyphens(visible(narrow(text))))
        weekday, words = self._without_weekday(plain.split())
        readings = self._readings(" ".join(words))
        if readings is None:
            return Problem("not-a-date", {"value": shown(text)})
        if not readings:
            return Problem("no-year", {"value": shown(text)})
        day, *others = map(_date, readings)
        if day is None:
            there_is_a_month = 1 <= readings[0][1] <= MONTHS
            return Problem("no-such-day" if there_is_a_month else "not-a-date", {"value": shown(text)})
        if other := next((one for one in others if one not in (None, day)), None):
            return Problem("ambiguous-date", {"value": shown(text), "first": day, "second": other})
        if weekday not in (0, day.isoweekday()):
            return Problem("other-weekday", {"value": shown(text), "day": day})
        return day

    def first_in(self, text: str) -> tuple[date | Problem | None, str]:
        """Return the day that a text begins with, or what is wrong with it, and what comes after it.

        It is None where no day stands there, nor what can only be meant for one.
        """
        if found := _ISO_FIRST.match(text):
            return self.read(found[1]), text[found.end() :].strip()
        for end in _ends(text):
            day = self.read(text[:end])
            if isinstance(day, date) or day.message in _MEANT_FOR_A_DAY:
                return day, text[end:].lstrip(" \t:,").strip()
        return None, text.strip()

    def _without_weekday(self, words: Sequence[str]) -> tuple[int, Sequence[str]]:
        """Return the weekday that stands before a day, 0 if none, and the words of the day."""
        weekday = self.weekdays.get(words[0].rstrip(".,"), 0) if words else 0
        rest = words[1:] if weekday else words
        return weekday, rest[1:] if rest and rest[0] in self.fillers else rest

    def _readings(self, text: str) -> list[_Parts] | None:
        """Return what a text can be read as, as it is meant first; nothing without a year; None if it is no day."""
        if found := _YEAR_FIRST.fullmatch(text):
            return [(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))]
        if found := _DAY_FIRST.fullmatch(text):
            return _day_first(int(found[1]), int(found[3]), found[4])
        if found := _SLASHED.fullmatch(text):
            year = found[3] or found[4]
            return _day_first(int(found[1]), int(found[2]), year)[:2] if year else []
        if (found := _NAMED.fullmatch(text)) and (month := self.months.get(found[2])):
            return [(_year(found[3]), month, int(found[1]))] if found[3] else []
        if (found := _NAME_FIRST.fullmatch(text)) and (month := self.months.get(found[1])):
            return [(int(found[3]), month, int(found[2]))] if found[3] else []
        return None


def _ends(text: str) -> Iterator[int]:
    """Yield where a day at the beginning of a text may end, the last first: after a year."""
    words = re.match(rf"\s*(?:\S+\s*){{1,{WORDS}}}", text)
    ends = [one.start() for one in _CUT.finditer(words[0])] if words and any(map(str.isdigit, words[0])) else []
    ends = [end for end in ends if visible(text[:end])[-1:].isdigit()]
    return (end for end in reversed(ends) if not _SHORT_YEAR.fullmatch(text, max(0, end - 3), end))


def _day_first(day: int, month: int, year: str) -> list[_Parts]:
    """Return the day as it is meant, as an American would mean it, and with a year of two digits first."""
    readings = [(_year(year), month, day), (_year(year), day, month)]
    return readings if len(year) > 2 else [*readings, (CENTURY + day, month, int(year))]  # noqa: PLR2004 # digits


def _year(text: str) -> int:
    return int(text) + (CENTURY if len(text) == 2 else 0)  # noqa: PLR2004 # digits


def _date(parts: _Parts) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None


@lru_cache(maxsize=8)
def days_of(guide: Guide) -> Days:
    """Return what reads days in all languages of a guide."""
    languages = guide.languages
    months = ((name, number) for one in languages for number, name in enumerate(one.months, 1))
    weekdays = (
        (name, number)
        for one in languages
        for number, day in enumerate(one.weekdays, 1)
        for name in (day, *_before_the_day(one, day)[:1])
    )
    fillers = (word for one in languages for word in _before_the_day(one, one.weekdays[0])[1:])
    return Days(_by_name(months), _by_name(weekdays), frozenset(fillers))


def _before_the_day(language: Language, weekday: str) -> list[str]:
    """Return the words that a language writes before the day of a date: måndagen, den."""
    return fold(language.date.partition("{day}")[0].format(weekday=weekday)).split()


def _by_name(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the numbers by all beginnings of the names that mean only one."""
    meanings = defaultdict(set)
    for name, number in names:
        folded = fold(name)
        for length in range(min(LETTERS, len(folded)), len(folded) + 1):
            meanings[folded[:length]].add(number)
    return {name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1}
