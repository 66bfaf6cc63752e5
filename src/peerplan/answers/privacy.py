"""Identity numbers and protected identities: found before they get into a file.

Nothing here keeps or shows a number; an error shows only its shape (`******-****`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from unicodedata import category, decimal

from peerplan.errors import Problem
from peerplan.text import fold

IDENTITY_NUMBER = "privacy-identity-number"  # the message

SHOWN = 40  # characters of a wrong value that an error shows

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNREADABLE = re.compile("[\ud800-\udfff]")  # half a character: what a terminal could not decode

_BLANK = r"[^\S\r\n]"
_DASH = "[-+\u2010-\u2015\u2212]"
# Within a lookahead, so that digits before a number (a room, a telephone) cannot hide it by overlapping.
_NUMBER = re.compile(
    rf"""(?<!\d)(?=(?P<whole>
    (?P<century>18|19|20)?
    (?P<year>\d\d) (?P<mark>[./_]|{_DASH}|{_BLANK}|) (?P<month>\d\d) (?P=mark) (?P<day>\d\d)
    (?P<separator>{_BLANK}?(?:{_DASH}|[/_])*{_BLANK}?)
    (?P<number>\d{{4}})
    )(?!\d))""",
    re.VERBOSE,
)
_DECIMAL = re.compile(r"\d[.,]\d")
_TEN_DIGITS = re.compile(r"(?:\d\D*){10}")
_UNSEEN = ("Cf", "Mn")  # Unicode's categories of signs without a shape, and of those that join the sign before them
_CLAUSE_END = re.compile(r"[!?.,;:()/*\u2013\u2014]+|\s-\s")
_COORDINATION = 60  # is added to the day
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_APPOINTMENTS_FROM = 2015  # a date and a time since then is rather a meeting than a birth


class IdentityNumbers(NamedTuple):
    """Problems at certain identity numbers, which have to go, and at doubtful ones, which a person must judge."""

    certain: tuple[Problem, ...]
    doubtful: tuple[Problem, ...]


def check_text(text: str, place: str) -> IdentityNumbers:
    """Look for Swedish personal identity and coordination numbers; place is where the text stands.

    Certain (`privacy-identity-number`) are 12 digits, and 10 with `-` or `+` before the last four: with a date
    that exists (for a coordination number 60 days later) and the right check digit. 10 digits without are
    doubtful (`privacy-maybe-identity-number`), because one mobile number in 140 looks the same; so is
    `2027-01-18 0800`. An organisation number is none: its "month" is 20 or more.
    """
    findings = list(_numbers(text))
    return IdentityNumbers(
        tuple(Problem(IDENTITY_NUMBER, {"masked": shape}, place) for shape, sure in findings if sure),
        tuple(
            Problem("privacy-maybe-identity-number", {"masked": shape}, place) for shape, sure in findings if not sure
        ),
    )


class Protection:
    """Finds words that say that somebody's identity is protected.

    words are the table `protected` of privacy.toml; a word too many counts as a yes.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._alone = frozenset(map(fold, words["alone"]))
        self._no = frozenset(map(fold, words["no"]))
        # Anywhere, with any ending, and with hyphens or underscores for blanks.
        phrases = (r"[\s_-]*".join(map(re.escape, fold(phrase).split())) for phrase in words["phrases"])
        self._phrases = re.compile(rf"(?<![^\W_])(?:{'|'.join(phrases)})")

    def is_mentioned(self, text: str) -> bool:
        """Tell whether a text says so, anywhere; a single word has to stand by itself ("Skyddad! Ring först")."""
        folded = fold(text)
        return any(one.strip() in self._alone for one in _CLAUSE_END.split(folded)) or bool(
            self._phrases.search(folded)
        )

    def is_marked(self, text: str) -> bool:
        """Tell whether a cell under "Protected identity" or the like marks its row: all but an empty one and a no."""
        return bool(fold(text)) and fold(text) not in self._no


def shown(value: object) -> str:
    """Return a wrong value as an error repeats it, on one line; what may be an identity number is masked."""
    if check_text(str(value), "").doubtful:
        value = re.sub(r"\d", "*", str(value))
    text = UNREADABLE.sub("\ufffd", CONTROL.sub(" ", str(value)))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _numbers(text: str) -> Iterator[tuple[str, bool]]:
    """Give the shape of each identity number, and whether it is certainly one."""
    if not _TEN_DIGITS.search(text):
        return
    for match in _NUMBER.finditer(_as_read(text)):
        digits = "".join(match.group("year", "month", "day", "number"))
        if _has_date(match) and _has_check_digit(digits):
            sure = bool(match["century"] or match["separator"].strip()) and not _is_appointment(match)
            if sure or not _is_within_decimals(match):
                yield re.sub(r"\d", "*", match["whole"]), sure


def _as_read(text: str) -> str:
    """Return a text as a reader takes it: without what is not seen, and with 0 to 9 for the digits of other scripts."""
    if text.isascii():
        return text
    seen = (letter for letter in text if category(letter) not in _UNSEEN)
    return "".join(str(decimal(letter, letter)) for letter in seen)


def _is_within_decimals(match: re.Match[str]) -> bool:
    """Tell whether a bare number is part of an amount or of a place on a map."""
    first, last = match.span("whole")
    return any(_DECIMAL.fullmatch(match.string, at, at + 3) for at in (first - 2, last - 1) if at >= 0)


def _has_date(match: re.Match[str]) -> bool:
    day = int(match["day"])
    year = int((match["century"] or "20") + match["year"])  # 20: of all centuries, 2000 alone has a 29 February
    try:
        date(year, int(match["month"]), day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return False
    return True


def _has_check_digit(digits: str) -> bool:
    """Apply the Luhn algorithm to ten digits: every second one, from the first, counts twice."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[::2])
    return (sum(doubled) + sum(map(int, digits[1::2]))) % 10 == 0


def _is_appointment(match: re.Match[str]) -> bool:
    """Recognise `2027-01-18 0800`, which has the digits of a newborn."""
    return (
        bool(match["mark"])
        and not match["separator"].strip()
        and int(f"{match['century']}{match['year']}") >= _APPOINTMENTS_FROM
        and bool(_TIME.fullmatch(match["number"]))
    )
