"""A day is read however a person writes it, and never as another one."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.answers.days import Days, days_of
from peerplan.errors import Problem
from samples import guide, kit, problem_line

DAY = date(2027, 1, 18)  # a Monday
DAYS = days_of(guide())
LANGUAGES = guide().languages


def refused(text: str) -> str:
    found = DAYS.read(text)
    assert isinstance(found, Problem)
    return found.message


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-18",
        " 2027-1-18 ",
        "20270118",
        "2027/01/18",
        "2027.1.18",
        "2027\u201301\u201318",
        "2027\u00a0-\u00a001\u00a0-\u00a018",
        "\uff12\uff10\uff12\uff17\uff0d\uff10\uff11\uff0d\uff11\uff18",
        "18 January 2027",
        "18 january, 2027",
        "18 jan 2027",
        "18 Jan. 2027",
        "18 JAN 27",
        "18-jan-2027",
        "18jan2027",
        "18th January 2027",
        "January 18, 2027",
        "Jan 18 2027",
        "January 18th, 2027",
        "18 januari 2027",
        "18:e januari 2027",
        "den 18 januari 2027",
        "mån 18 jan 2027",
        "måndag den 18 januari 2027",
        "måndagen den 18 januari 2027",
        "Monday 18 January 2027",
        "Mon, 18 Jan 2027",
        "18/1 2027",
        "18/01 2027",
        "18/1-27",
        "18/1 -27",
        "18/1-2027",
        "18/1, 2027",
        "mån 18/1 2027",
        "18/1/2027",
        "18.1.2027",
        "18-01-2027",
    ],
)
def test_every_way_to_write_a_day_is_that_day(text: str) -> None:
    assert DAYS.read(text) == DAY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("18/1", "no-year"),
        ("18 January", "no-year"),
        ("January 18", "no-year"),
        ("måndagen den 18 januari", "no-year"),
        ("1/2", "no-year"),
        ("2027-02-30", "no-such-day"),
        ("31 april 2027", "no-such-day"),
        ("31/4 2027", "no-such-day"),
        ("20270230", "no-such-day"),
        ("2027-13-01", "not-a-date"),
        ("1/13/2027", "not-a-date"),
        ("Tuesday 18 January 2027", "other-weekday"),
        ("", "not-a-date"),
        ("soon", "not-a-date"),
        ("January 2027", "not-a-date"),
        ("18 ja 2027", "not-a-date"),
        ("18 brumaire 2027", "not-a-date"),
        ("8112289874", "not-a-date"),
        ("198112289874", "not-a-date"),
        ("19811228-9874", "not-a-date"),
        ("20270118 0800", "not-a-date"),
        ("270118", "not-a-date"),
        ("\u0662\u0660\u0662\u0667-01-18", "not-a-date"),
    ],
)
def test_what_is_no_day_is_told_with_the_reason(text: str, message: str) -> None:
    assert refused(text) == message


@pytest.mark.criterion(3)
@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("1/2 2027", (date(2027, 2, 1), date(2027, 1, 2))),
        ("1/2-27", (date(2027, 2, 1), date(2027, 1, 2))),
        ("01/02/2027", (date(2027, 2, 1), date(2027, 1, 2))),
        ("1.2.2027", (date(2027, 2, 1), date(2027, 1, 2))),
        ("18/1/27", (DAY, date(2018, 1, 27))),
        ("27-01-18", (date(2018, 1, 27), DAY)),
    ],
)
def test_what_could_be_two_days_is_refused_with_both(text: str, both: tuple[date, date]) -> None:
    found = DAYS.read(text)
    assert isinstance(found, Problem)
    assert (found.values["first"], found.values["second"]) == both
    for language in kit().languages:
        assert all(str(day) in problem_line(language, found) for day in both)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_the_program_writes_reads_back_as_itself(day: date) -> None:
    for one in LANGUAGES:
        month, weekday = one.months[day.month - 1], one.weekdays[day.weekday()]
        for form in (one.date, one.short_date):
            text = form.format(weekday=weekday, day=day.day, month=month, year=day.year)
            assert DAYS.read(text) == DAYS.read(text.upper()) == day
            assert DAYS.first_in(f"{text}: Cake") == (day, "Cake")


NUMBERS = st.integers(0, 40).map(str)
YEARS = st.sampled_from(["2027", "27", "05", ""])
PIECES = st.tuples(NUMBERS, st.sampled_from("/-. "), NUMBERS, st.sampled_from(["/", "-", ".", " ", ""]), YEARS)


@settings(max_examples=500)
@given(PIECES.map("".join))
def test_a_day_that_is_taken_could_be_no_other(text: str) -> None:
    day = DAYS.read(text)
    numbers = [int(part) for part in text.translate(dict.fromkeys(map(ord, "/-."), " ")).split()]
    if isinstance(day, date):
        assert len(numbers) == 3
        assert numbers[:2] == [day.day, day.month]
        assert day.day == day.month or day.day > 12
        assert day.year in (numbers[2], 2000 + numbers[2])


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_wrong_weekday_is_never_taken(day: date) -> None:
    one = LANGUAGES[0]
    wrong = one.weekdays[(day + timedelta(1)).weekday()]
    assert refused(f"{wrong} {day.day} {one.months[day.month - 1]} {day.year}") == "other-weekday"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2027-01-18 Cake", "Cake"),
        ("2027-01-18: Cake (Eva)", "Cake (Eva)"),
        ("18 jan 2027, cake", "cake"),
        ("18/1-27 Cake", "Cake"),
        ("måndagen den 18 januari 2027 Köp tårta", "Köp tårta"),
    ],
)
def test_a_day_is_found_at_the_beginning_of_a_line(text: str, rest: str) -> None:
    assert DAYS.first_in(text) == (DAY, rest)


@pytest.mark.parametrize("text", ["Cake", "2/3 of the staff", "18 chairs", "18 jan 27 chairs", "", "7.30 rounds"])
def test_a_line_that_begins_with_no_day_stays_whole(text: str) -> None:
    assert DAYS.first_in(text) == (None, text)


def test_a_day_that_is_none_is_told_at_the_beginning_of_a_line() -> None:
    found, rest = DAYS.first_in("1/2 2027 Cake")
    assert isinstance(found, Problem)
    assert (found.message, rest) == ("ambiguous-date", "Cake")


def test_a_name_that_means_two_months_means_none() -> None:
    days = Days({"jan": 1}, {}, frozenset())
    assert days.read("18 jan 2027") == DAY
    assert "ju" not in DAYS.months
    assert (DAYS.months["jun"], DAYS.months["jul"], DAYS.months["maj"]) == (6, 7, 5)
