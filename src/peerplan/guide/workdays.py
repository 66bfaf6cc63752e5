"""Working days of a country, through the holidays library.

The library loads every country to tell of one, so that each year is kept (see prepared.py) once it was looked up.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from peerplan.prepared import prepared

if TYPE_CHECKING:
    from holidays import HolidayBase

IsWorkingDay = Callable[[date], bool]

# "de_facto" holds the Swedish eves (midsummer, Christmas, New Year), which are days off at every ward.
CATEGORIES = ("public", "de_facto")


@cache
def countries() -> frozenset[str]:
    """Return the ISO 3166 codes of the countries whose working days are known."""
    return prepared("countries", _sources(), _countries)


@cache
def working_days_of(country: str) -> IsWorkingDay:
    """Tell of any date whether it is a working day in the country."""
    return lambda day: bool(_year_of(country, day.year)[day.timetuple().tm_yday - 1])


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


@cache
def _year_of(country: str, year: int) -> bytes:
    """Return 1 for every working day of a year and 0 for every other day, in their order."""
    return prepared(f"working-days-{country}-{year}", _sources(), partial(_working_days, country, year))


@cache
def _sources() -> tuple[Path, ...]:
    """Return the files of the library, which change with its version, and this one."""
    spec = find_spec("holidays")
    return (*map(Path, spec.submodule_search_locations or () if spec else ()), Path(__file__))


def _countries() -> frozenset[str]:
    from holidays.registry import EntityLoader

    return frozenset(code for code in EntityLoader.get_country_codes() if len(code) == len("SE"))


def _working_days(country: str, year: int) -> bytes:
    is_working_day = _calendar(country).is_working_day
    days = (date.fromordinal(one) for one in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return bytes(map(is_working_day, days))


@cache
def _calendar(country: str) -> "HolidayBase":
    import holidays

    known = holidays.country_holidays(country).supported_categories
    return holidays.country_holidays(country, categories=[one for one in CATEGORIES if one in known])
