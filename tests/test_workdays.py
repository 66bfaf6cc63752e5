"""Working days are those of the unit's country, and a Swedish ward's eves are days off."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.guide.workdays import CATEGORIES, countries, on_or_before, working_days_of

ALL_DAYS = [date(2023, 12, 1) + timedelta(days=number) for number in range(3 * 366)]
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_kept() -> Iterator[None]:
    """Leave no file behind for every country and year that is asked for here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        yield


@pytest.mark.parametrize(
    "day",
    [
        *("2027-01-16", "2027-01-17"),  # a Saturday and a Sunday
        *("2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14"),  # Epiphany to Ascension Day
        "2025-06-06",  # the national day, a Friday
        *("2026-06-19", "2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"),  # eves and what they precede
    ],
)
def test_days_off_in_sweden(day: str) -> None:
    assert not working_days_of("SE")(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-23", "2026-12-30", "2026-04-02", "2026-06-18", "2027-05-17"])
def test_working_days_in_sweden(day: str) -> None:
    assert working_days_of("SE")(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("country", "day"), [("NO", "2027-05-17"), ("FI", "2027-12-06"), ("US", "2027-11-25"), ("GB", "2026-12-28")]
)
def test_another_countrys_holiday_is_a_working_day_in_sweden(country: str, day: str) -> None:
    assert not working_days_of(country)(date.fromisoformat(day))
    assert working_days_of("SE")(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2027-01-18", "2027-01-18"),
        ("2027-01-17", "2027-01-15"),
        ("2026-12-27", "2026-12-23"),  # over Christmas, from a Sunday to the Wednesday before
        ("2027-01-03", "2026-12-30"),  # over New Year
        ("2026-06-21", "2026-06-18"),  # over midsummer
        ("2026-04-06", "2026-04-02"),  # over Easter
    ],
)
def test_a_day_off_is_moved_back_over_weekend_holidays_and_eves(day: str, found: str) -> None:
    assert on_or_before(date.fromisoformat(day), working_days_of("SE")) == date.fromisoformat(found)


@given(day=DAYS, country=st.sampled_from(["SE", "NO", "DK", "FI", "DE", "GB", "US"]))
def test_the_day_found_is_the_last_working_day_up_to_the_day(day: date, country: str) -> None:
    is_working_day = working_days_of(country)
    found = on_or_before(day, is_working_day)
    assert found <= day
    assert is_working_day(found)
    skipped = [found + timedelta(days=number) for number in range(1, (day - found).days + 1)]
    assert not any(is_working_day(one) for one in skipped)


def test_every_known_country_has_a_working_day_in_the_last_two_weeks_of_the_year() -> None:
    new_year = date(2027, 1, 3)
    last = {country: on_or_before(new_year, working_days_of(country)) for country in countries()}
    assert len(last) > 200
    assert all(date(2026, 12, 20) < day <= new_year for day in last.values())


def test_countries_are_two_letter_codes_with_the_neighbours_among_them() -> None:
    assert {"SE", "NO", "DK", "FI", "IS", "AX", "GB", "DE"} <= countries()
    assert {len(code) for code in countries()} == {2}


def test_the_countries_are_those_of_the_library() -> None:
    assert countries() == {code for code in holidays.list_supported_countries() if len(code) == 2}


def test_every_day_of_every_country_is_what_the_library_says() -> None:
    for country in sorted(countries()):
        known = holidays.country_holidays(country).supported_categories
        calendar = holidays.country_holidays(country, categories=[one for one in CATEGORIES if one in known])
        found = [day for day in ALL_DAYS if working_days_of(country)(day)]
        assert found == [day for day in ALL_DAYS if calendar.is_working_day(day)], country


@pytest.mark.parametrize("day", [date.min, date(2024, 2, 29), date(2024, 12, 31), date(1900, 1, 1), date.max])
def test_any_day_there_is_can_be_asked_for(day: date) -> None:
    assert working_days_of("SE")(day) == holidays.country_holidays("SE", categories=CATEGORIES).is_working_day(day)
