"""Dates are counted from the placement's start, and stay on working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.guide.model import QuietTime
from peerplan.guide.workdays import working_days_of
from peerplan.plan.dates import MOST_WEEKS, USUAL_WEEKS, Leads, Timing, lead_of
from rules import guide

STARTS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
SATURDAY = 5
SCOPES = ["single-activities", "whole-period", "education-ward"]


def timing(
    start: str = "2027-01-18", end: str | None = "2027-03-12", *, scope: str = "whole-period", as_of: str = "2026-11-24"
) -> Timing:
    return Timing(
        date.fromisoformat(start), date.fromisoformat(end) if end else None, scope, "SE", date.fromisoformat(as_of)
    )


def day_of(follow_up_id: str, placement: Timing) -> str:
    point = next(one for one in guide().follow_ups if one.id == follow_up_id)
    return str(placement.of_follow_up(point))


@pytest.mark.parametrize(
    ("item", "scope", "weeks"),
    [
        ("decision", "whole-period", 12),
        ("decision", "single-activities", 12),
        ("decision", "education-ward", 26),
        ("rooms", "whole-period", 6),
        ("rooms", "education-ward", 16),
        ("computers", "education-ward", 4),
        ("first-day", "whole-period", 1),
    ],
)
def test_lead_times_in_weeks_before_a_start_without_holidays_nearby(item: str, scope: str, weeks: int) -> None:
    start = date(2026, 11, 16)  # a Monday, with no weekday off in the half-year before it but at midsummer
    due = timing(str(start), scope=scope).due(guide().item(item))
    assert due == start - timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("start", "weeks", "due"),
    [
        ("2027-01-18", 3, "2026-12-28"),
        ("2027-01-14", 3, "2026-12-23"),  # Christmas eve is a day off
        ("2027-01-15", 3, "2026-12-23"),  # and so is Christmas Day
        ("2027-01-07", 1, "2026-12-30"),  # New Year's eve
        ("2026-07-03", 2, "2026-06-18"),  # midsummer eve
        ("2027-04-05", 1, "2027-03-25"),  # Easter Monday, over the whole Easter
        ("2027-01-17", 2, "2026-12-30"),  # a start on a Sunday
    ],
)
def test_a_due_day_that_is_off_is_moved_back_to_a_working_day(start: str, weeks: int, due: str) -> None:
    assert str(timing(start).weeks_before(weeks)) == due


@given(start=STARTS, scope=st.sampled_from(SCOPES))
def test_every_due_day_is_a_working_day_at_most_a_week_before_its_lead_time(start: date, scope: str) -> None:
    placement = Timing(start, None, scope, "SE", start)
    for item in guide().items:
        due = placement.due(item)
        planned = start - timedelta(weeks=item.lead.get(scope, item.lead["default"]))
        assert working_days_of("SE")(due)
        assert planned - timedelta(days=7) < due <= planned


@pytest.mark.parametrize(
    ("as_of", "late"), [("2026-12-27", False), ("2026-12-28", False), ("2026-12-29", True), ("2027-01-18", True)]
)
def test_a_day_is_late_from_the_day_after(*, as_of: str, late: bool) -> None:
    assert timing(as_of=as_of).is_late(date(2026, 12, 28)) is late


@pytest.mark.parametrize(
    ("start", "as_of", "none_left"),
    [
        ("2027-01-18", "2027-01-14", False),
        ("2027-01-18", "2027-01-15", False),  # the Friday before a Monday is the last working day
        ("2027-01-18", "2027-01-16", True),
        ("2027-01-18", "2027-01-18", True),
        ("2027-01-07", "2027-01-05", False),  # Epiphany lies between
        ("2027-01-07", "2027-01-06", True),
        ("2026-12-28", "2026-12-23", False),  # Christmas lies between
        ("2026-12-28", "2026-12-24", True),
    ],
)
def test_no_day_is_left_after_the_last_working_day_before_the_start(*, start: str, as_of: str, none_left: bool) -> None:
    assert timing(start, as_of=as_of).no_day_is_left is none_left


@pytest.mark.parametrize(
    ("point", "day"),
    [
        ("day-1", "2027-01-18"),
        ("week-1", "2027-01-22"),
        ("midpoint", "2027-02-12"),
        ("final-week", "2027-03-08"),
    ],
)
def test_follow_ups_of_a_spring_placement(point: str, day: str) -> None:
    assert day_of(point, timing()) == day


def test_the_last_follow_up_lies_as_long_after_the_end_as_it_says() -> None:
    after = [one for one in guide().follow_ups if one.anchor == "end"]
    days = [timing().of_follow_up(one) for one in after]
    assert days
    assert days == [date(2027, 3, 25)]  # two weeks later is Good Friday


def test_the_first_weeks_end_is_not_the_day_after_a_start_late_in_the_week() -> None:
    assert day_of("week-1", timing("2027-01-20")) == "2027-01-22"
    assert day_of("week-1", timing("2027-01-21")) == "2027-01-29"


def test_only_what_counts_from_the_start_has_a_day_when_the_end_is_unknown() -> None:
    placement = timing(end=None)
    known = {one.anchor for one in guide().follow_ups if placement.of_follow_up(one)}
    assert known == {"start", "first-week"}


@given(start=STARTS, length=st.none() | st.integers(0, 400))
def test_follow_ups_are_working_days_and_never_before_the_start(start: date, length: int | None) -> None:
    end = None if length is None else start + timedelta(days=length)
    placement = Timing(start, end, "whole-period", "SE", start)
    for point in guide().follow_ups:
        day = placement.of_follow_up(point)
        if day and day != start:
            assert working_days_of("SE")(day)
            assert day > start
        if day and end and point.anchor != "end":
            assert day <= end


WEEKDAYS = STARTS.filter(lambda day: day.weekday() < SATURDAY)


@given(start=WEEKDAYS, length=st.none() | st.integers(0, 400))
def test_weeks_run_from_start_to_end_each_within_one_calendar_week(start: date, length: int | None) -> None:
    end = None if length is None else start + timedelta(days=length)
    weeks = list(Timing(start, end, "whole-period", "SE", start).weeks())
    assert [week.number for week in weeks] == list(range(1, len(weeks) + 1))
    assert 1 <= len(weeks) <= MOST_WEEKS
    for week in weeks:
        assert start <= week.first <= week.last
        assert end is None or week.last <= end
        assert week.first.isocalendar()[:2] == week.last.isocalendar()[:2]


@pytest.mark.parametrize("start", ["2027-01-16", "2027-01-17"])
def test_a_start_on_a_weekend_gives_no_week_that_ends_before_it_begins(start: str) -> None:
    weeks = list(timing(start).weeks())
    assert [week for week in weeks if week.last < week.first] == []
    assert weeks[0].first == date(2027, 1, 18)


@given(start=WEEKDAYS, length=st.integers(0, 20))
def test_the_weeks_hold_every_weekday_of_a_short_placement(start: date, length: int) -> None:
    weeks = list(Timing(start, start + timedelta(days=length), "whole-period", "SE", start).weeks())
    days = {
        week.first + timedelta(days=number) for week in weeks for number in range((week.last - week.first).days + 1)
    }
    placement = {start + timedelta(days=number) for number in range(length + 1)}
    assert {day for day in placement if day.weekday() < SATURDAY} <= days <= placement


def test_a_week_tells_of_a_day_off_between_its_first_day_and_its_last() -> None:
    weeks = timing("2027-03-23", "2027-04-09").weeks()
    assert [(week.first.day, week.last.day, week.has_days_off) for week in weeks] == [
        (23, 26, True),  # Good Friday
        (29, 2, True),  # Easter Monday
        (5, 9, False),
    ]


def test_a_placement_gets_all_its_weeks_and_one_of_unknown_length_the_first_ones() -> None:
    assert len(list(timing(end=None).weeks())) == USUAL_WEEKS
    assert len(list(timing(end="2027-03-12").weeks())) == 8
    assert len(list(timing(end="2028-12-31").weeks())) == MOST_WEEKS
    assert len(list(timing(end="2027-01-18").weeks())) == 1


PLANNED = st.integers(0, 300)
QUIET = (
    QuietTime(id="christmas", country="SE", first="12-24", last="01-06"),
    QuietTime(id="summer", country="SE", weeks=(28, 29, 30, 31)),
)


@given(start=STARTS, ahead=PLANNED, scope=st.sampled_from(SCOPES))
def test_no_due_day_lies_before_the_plan_and_the_order_of_the_leads_stays(start: date, ahead: int, scope: str) -> None:
    items = sorted(guide().items, key=lambda item: -lead_of(item, scope))
    leads = Leads(start - timedelta(days=ahead), lead_of(items[0], scope), QUIET)
    placement = Timing(start, None, scope, "SE", start, leads)
    days = [placement.due(item) for item in items]
    assert days == sorted(days)
    assert all(working_days_of("SE")(day) for day in days)
    assert min(days) >= start - timedelta(days=ahead)


def test_leads_shrink_in_proportion_where_there_is_too_little_time() -> None:
    start = date(2026, 11, 16)  # no day off before it
    leads = Leads(start - timedelta(weeks=6), longest=12)
    placement = Timing(start, None, "whole-period", "SE", start, leads)
    assert placement.due(guide().item("decision")) == start - timedelta(weeks=6)
    assert placement.due(guide().item("rooms")) == start - timedelta(weeks=3)


@pytest.mark.parametrize(
    ("start", "weeks", "due"),
    [
        ("2027-01-25", 4, "2026-12-23"),  # 28 December, between Christmas and Epiphany
        ("2027-08-30", 6, "2027-07-09"),  # 19 July, in week 29
        ("2027-03-01", 6, "2027-01-18"),  # no quiet time
    ],
)
def test_nothing_is_due_in_a_quiet_time_while_it_can_be_done_before(start: str, weeks: int, due: str) -> None:
    item = guide().item("rooms").model_copy(update={"lead": {"default": weeks}})
    day = date.fromisoformat(start)
    assert str(Timing(day, None, "whole-period", "SE", day, Leads(quiet=QUIET)).due(item)) == due
    planned = Leads(day - timedelta(weeks=weeks), weeks, QUIET)
    assert Timing(day, None, "whole-period", "SE", day, planned).due(item) >= day - timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("planned", "due"),
    [
        ("2027-02-01", "2027-01-29"),  # its first day
        ("2027-02-10", "2027-01-29"),  # its last
        ("2027-02-11", "2027-02-11"),
        ("2027-03-02", "2027-03-01"),  # one of a single day
        ("2027-03-03", "2027-03-03"),
        ("2026-12-21", "2026-12-18"),  # the first of another, over the turn of the year
        ("2027-01-08", "2026-12-18"),  # its last
        ("2027-01-11", "2027-01-11"),
    ],
)
def test_a_quiet_time_lasts_from_its_first_day_to_its_last(planned: str, due: str) -> None:
    quiet = [
        QuietTime(id="sports", country="SE", first="02-01", last="02-10"),
        QuietTime(id="day", country="SE", first="03-02", last="03-02"),
        QuietTime(id="christmas", country="SE", first="12-21", last="01-08"),
        QuietTime(id="other", country="NO", first="01-01", last="12-31"),
    ]
    start = date.fromisoformat(planned) + timedelta(weeks=1)
    placement = Timing(start, None, "whole-period", "SE", start, Leads(quiet=quiet))
    assert str(placement.due(guide().item("first-day"))) == due


@pytest.mark.parametrize(("planned_from", "due"), [("2027-01-29", "2027-01-29"), ("2027-02-01", "2027-02-05")])
def test_what_can_be_done_before_a_quiet_time_is_due_on_the_very_day_of_the_plan(planned_from: str, due: str) -> None:
    quiet = [QuietTime(id="sports", country="SE", first="02-01", last="02-10")]
    start = date(2027, 2, 12)
    leads = Leads(date.fromisoformat(planned_from), 1, quiet)
    assert str(Timing(start, None, "whole-period", "SE", start, leads).due(guide().item("first-day"))) == due


@pytest.mark.parametrize(
    ("end", "days", "day"),
    [
        ("2026-12-03", 20, "2026-12-23"),  # the day before it
        ("2026-12-04", 21, "2027-01-07"),  # Christmas Day
        ("2026-12-18", 21, "2027-01-08"),  # the day after it
        ("2027-06-18", 28, "2027-08-09"),  # in July
        ("2027-01-04", 0, "2027-01-04"),  # within the placement, those who are in it are there
    ],
)
def test_what_comes_after_the_end_waits_until_a_quiet_time_is_over(end: str, days: int, day: str) -> None:
    first, last = date(2026, 10, 5), date.fromisoformat(end)
    placement = Timing(first, last, "whole-period", "SE", first, Leads(quiet=QUIET))
    assert str(placement.after("end", days)) == day


@pytest.mark.parametrize(
    ("still_open", "as_of", "day"),
    [
        (["rooms"], "2026-11-24", "2026-12-01"),
        (["rooms", "computers"], "2026-11-24", "2026-12-15"),
        (["plan-b"], "2026-11-24", "2026-11-24"),
        ([], "2026-11-28", "2026-11-30"),  # a Saturday
    ],
)
def test_the_earliest_start_leaves_the_time_that_what_is_open_takes(
    still_open: list[str], as_of: str, day: str
) -> None:
    least = {"rooms": 1, "computers": 3}
    items = [item.model_copy(update={"least": least.get(item.id)}) for item in guide().items]
    assert str(timing(as_of=as_of).earliest_start(items, still_open)) == day


@pytest.mark.parametrize(
    ("start", "end", "anchor", "day"),
    [
        ("2027-03-01", "2027-04-02", "last-week", "2027-03-30"),  # Easter Monday: the Tuesday of the same week
        ("2027-03-01", "2027-03-30", "last-week", "2027-03-30"),  # which is its last day
        ("2027-04-26", "2027-05-07", "end", "2027-05-07"),
        ("2026-12-07", "2027-01-06", "last-week", "2027-01-04"),
    ],
)
def test_a_follow_up_stays_in_its_week_around_holidays(start: str, end: str, anchor: str, day: str) -> None:
    assert str(timing(start, end).after(anchor, 0)) == day  # type: ignore[arg-type]
    assert timing("2028-06-05", "2028-07-07").after("start", 1) == date(2028, 6, 5)  # before the national day
