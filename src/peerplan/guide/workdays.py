"""Working days of a country, through the holidays library."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays

IsWorkingDay = Callable[[date], bool]

# "de_facto" holds the Swedish eves (midsummer, Christmas, New Year), which are days off at every ward.
CATEGORIES = ("public", "de_facto")


@cache
def countries() -> frozenset[str]:
    """Return the ISO 3166 codes of the countries whose working days are known."""
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == len("SE"))


@cache
def working_days_of(country: str) -> IsWorkingDay:
    """Tell of any date whether it is a working day in the country."""
    known = holidays.country_holidays(country).supported_categories
    calendar = holidays.country_holidays(country, categories=[one for one in CATEGORIES if one in known])
    return calendar.is_working_day


def on_or_before(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the day if it is a working day, else the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def on_or_after(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the day if it is a working day, else the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
