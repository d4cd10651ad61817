from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk_maint.domain.calendars import (
    CLOSED,
    ROUND_THE_CLOCK,
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    SpecialDay,
    SpecialDayKind,
    always_open,
    parse_hours,
)
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import from_local, zone
from tests.domain.plans import Plan, holds, moments, plans

SHANGHAI = zone("Asia/Shanghai")
BERLIN = zone("Europe/Berlin")
OFFICE = parse_hours("08:00-17:30")
EXAMPLES = settings(max_examples=100, deadline=None)


def at(text: str, tz=SHANGHAI) -> int:
    return from_local(datetime.fromisoformat(text), tz)


def calendar(
    week=(OFFICE,) * 5 + (CLOSED,) * 2,
    *special,
    tz=SHANGHAI,
    follows=HolidaySource.CN,
    since=date.min,
    **more,
) -> ServiceCalendar:
    return ServiceCalendar(
        "hours", [CalendarVersion(since, tz, tuple(week), holidays=follows, **more)], special
    )


# --- Against the second reading ---------------------------------------------------------------


@EXAMPLES
@given(plans(), st.data())
def test_open_seconds_and_spans_agree_with_every_second(plan: Plan, data):
    start, end = sorted((data.draw(moments(plan)), data.draw(moments(plan))))
    flags = plan.period.flags[start - plan.period.start : end - plan.period.start]
    clock = plan.calendar

    assert clock.open_seconds(start, end) == flags.sum()
    spans = clock.open_spans(start, end)
    assert all(span.start < span.end for span in spans)
    marked = np.zeros_like(flags)
    for span in spans:
        marked[span.start - start : span.end - start] = True
    assert (marked == flags).all()
    assert all(a.end < b.start for a, b in pairwise(spans))


@EXAMPLES
@given(plans(), st.data())
def test_being_open_and_the_next_opening_agree_with_every_second(plan: Plan, data):
    moment = data.draw(moments(plan))
    clock = plan.calendar

    assert clock.is_open(moment) == plan.period.flags[moment - plan.period.start]
    expected = plan.period.after(moment, 0, [])
    if expected is not None:
        assert clock.next_open(moment) == expected


@EXAMPLES
@given(plans(), st.data())
def test_going_forward_and_back_agrees_with_every_second(plan: Plan, data):
    start, stops = data.draw(moments(plan)), data.draw(holds(plan))
    seconds = data.draw(st.integers(-300_000, 300_000) | st.sampled_from([0, 1, -1, 3600, 34200]))
    expected = plan.period.after(start, seconds, stops)
    assume(expected is not None)

    assert plan.calendar.after_open_seconds(start, seconds, stops) == expected


@settings(max_examples=25, deadline=None)
@given(plans(), st.data())
def test_what_has_been_asked_before_changes_no_answer(plan: Plan, data):
    moment = data.draw(moments(plan))
    asked, fresh = plan.calendar, replace(plan).calendar
    for years in (-2, 1, 4):
        asked.is_open(moment + years * 365 * 86400)

    assert asked.open_spans(moment, moment + 90_000) == fresh.open_spans(moment, moment + 90_000)
    assert asked.next_open(moment) == fresh.next_open(moment)


# --- Single rules -----------------------------------------------------------------------------


def test_a_day_around_the_clock_has_the_length_that_the_clock_gives_it():
    clock = calendar((ROUND_THE_CLOCK,) * 7, tz=BERLIN, follows=HolidaySource.NONE)
    day = timedelta(days=1)
    for first, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)):
        start, end = (at(str(each), BERLIN) for each in (first, first + day))
        assert clock.open_seconds(start, end) == hours * 3600


def test_hours_that_are_skipped_are_not_there():
    clock = calendar((parse_hours("02:15-02:45"),) * 7, tz=BERLIN, follows=HolidaySource.NONE)
    assert clock.open_spans(at("2026-03-29", BERLIN), at("2026-03-30", BERLIN)) == []


def test_of_hours_that_come_twice_the_first_are_meant():
    clock = calendar((parse_hours("02:15-02:45"),) * 7, tz=BERLIN, follows=HolidaySource.NONE)
    start = at("2026-10-25T02:15", BERLIN)
    spans = clock.open_spans(at("2026-10-25", BERLIN), at("2026-10-26", BERLIN))
    assert spans == [(start, start + 1800)]


def test_a_rest_day_is_closed_and_a_makeup_workday_has_mondays_hours():
    monday = parse_hours("09:00-16:00")
    clock = calendar((monday, *(OFFICE,) * 4, CLOSED, CLOSED))
    assert clock.hours_on(date(2026, 2, 16)) == CLOSED
    assert clock.hours_on(date(2026, 2, 14)) == monday
    assert clock.kind_on(date(2026, 2, 14)) is SpecialDayKind.WORK
    assert clock.kind_on(date(2026, 2, 13)) is None


def test_rest_days_and_makeup_workdays_may_have_hours_of_their_own():
    short, long = parse_hours("09:00-12:00"), parse_hours("08:00-18:00")
    clock = calendar(rest_day=short, makeup_workday=long)
    assert clock.hours_on(date(2026, 2, 16)) == short
    assert clock.hours_on(date(2026, 2, 14)) == long


def test_the_users_own_table_goes_before_the_published_days():
    own = parse_hours("10:00-11:00")
    clock = calendar(
        (OFFICE,) * 7,
        SpecialDay(date(2026, 2, 14), SpecialDayKind.REST),
        SpecialDay(date(2026, 2, 16), SpecialDayKind.WORK),
        SpecialDay(date(2026, 2, 17), SpecialDayKind.REST, own),
    )
    assert clock.hours_on(date(2026, 2, 14)) == CLOSED
    assert clock.hours_on(date(2026, 2, 16)) == OFFICE
    assert clock.hours_on(date(2026, 2, 17)) == own


def test_a_calendar_without_holidays_opens_on_them_and_has_its_own_special_days():
    closed_for_works = SpecialDay(date(2026, 2, 18), SpecialDayKind.REST)
    clock = calendar((OFFICE,) * 7, closed_for_works, follows=HolidaySource.NONE)
    assert clock.hours_on(date(2026, 2, 16)) == OFFICE
    assert clock.hours_on(date(2026, 2, 18)) == CLOSED


def test_new_hours_hold_from_their_date_and_leave_the_days_before_alone():
    old, new = parse_hours("08:00-12:00"), parse_hours("08:00-20:00")
    clock = ServiceCalendar(
        "hours",
        [
            CalendarVersion(date(2026, 6, 10), SHANGHAI, (new,) * 7, holidays=HolidaySource.NONE),
            CalendarVersion(date(2026, 6, 1), SHANGHAI, (old,) * 7, holidays=HolidaySource.NONE),
        ],
    )
    assert clock.hours_on(date(2026, 6, 9)) == old
    assert clock.hours_on(date(2026, 6, 10)) == new
    # Before the first version its hours hold too: nothing is known of any other.
    assert clock.hours_on(date(2020, 1, 1)) == old
    assert clock.open_seconds(at("2026-06-09"), at("2026-06-11")) == 16 * 3600


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [("Asia/Shanghai", "Asia/Tokyo", 47), ("Asia/Tokyo", "Asia/Shanghai", 48)],
)
def test_a_new_zone_neither_counts_an_hour_twice_nor_makes_one_up(before, after, hours):
    clock = ServiceCalendar(
        "hours",
        [
            CalendarVersion(since, zone(name), (ROUND_THE_CLOCK,) * 7, holidays=HolidaySource.NONE)
            for since, name in ((date.min, before), (date(2026, 6, 10), after))
        ],
    )
    start = at("2026-06-09", zone(before))
    end = at("2026-06-11", zone(after))
    assert clock.open_seconds(start, end) == hours * 3600
    assert clock.day_starts(date(2026, 6, 9), date(2026, 6, 11)) == [
        start,
        at("2026-06-10", zone(after)),
        end,
    ]


def test_a_day_ends_where_the_next_one_begins_in_a_new_zone():
    tokyo = zone("Asia/Tokyo")
    clock = ServiceCalendar(
        "hours",
        [
            CalendarVersion(date.min, SHANGHAI, (ROUND_THE_CLOCK,) * 7),
            CalendarVersion(date(2026, 6, 10), tokyo, (OFFICE,) * 7),
        ],
    )
    assert clock.open_spans(at("2026-06-09T20:00"), at("2026-06-10T09:00", tokyo)) == [
        (at("2026-06-09T20:00"), at("2026-06-10T00:00", tokyo)),
        (at("2026-06-10T08:00", tokyo), at("2026-06-10T09:00", tokyo)),
    ]


@pytest.mark.parametrize(
    ("start", "seconds", "holds", "expected"),
    [
        # On closing time it stays, and backwards on opening time.
        ("2026-06-01T08:00", 34200, [], "2026-06-01T17:30"),
        ("2026-06-01T08:00", 34201, [], "2026-06-02T08:00:01"),
        ("2026-06-01T17:30", -34200, [], "2026-06-01T08:00"),
        ("2026-06-01T17:30", -34201, [], "2026-05-29T17:29:59"),
        # At the beginning of a hold it stays, and backwards at its end.
        ("2026-06-01T09:00", 3600, [("10:00", "11:00")], "2026-06-01T10:00"),
        ("2026-06-01T09:00", 3601, [("10:00", "11:00")], "2026-06-01T11:00:01"),
        ("2026-06-01T12:00", -3600, [("10:00", "11:00")], "2026-06-01T11:00"),
        ("2026-06-01T12:00", -3601, [("10:00", "11:00")], "2026-06-01T09:59:59"),
        # No seconds at all: the first moment at which the clock runs.
        ("2026-06-01T09:00", 0, [("10:00", "11:00")], "2026-06-01T09:00"),
        ("2026-05-31T12:00", 0, [], "2026-06-01T08:00"),
        ("2026-05-31T12:00", 0, [("07:00", "09:00")], "2026-06-01T09:00"),
        ("2026-06-01T09:00", 0, [("08:00", "10:00"), ("09:30", "17:30")], "2026-06-02T08:00"),
    ],
)
def test_where_going_through_open_time_comes_to_stand(start, seconds, holds, expected):
    stops = [tuple(at(f"2026-06-01T{edge}") for edge in hold) for hold in holds]
    assert calendar().after_open_seconds(at(start), seconds, stops) == at(expected)


def test_a_calendar_that_never_opens_is_told_and_not_waited_for():
    clock = calendar((CLOSED,) * 7, follows=HolidaySource.NONE)
    moment = at("2026-06-01")
    assert clock.next_open(moment) is None
    assert clock.open_seconds(moment, at("2027-06-01")) == 0
    for seconds in (0, 1, -1):
        with pytest.raises(InputError, match="does not open within 30 years"):
            clock.after_open_seconds(moment, seconds)


def test_a_calendar_without_hours_at_all_is_refused():
    with pytest.raises(InputError, match="has no opening hours"):
        ServiceCalendar("empty", [])
    with pytest.raises(ValueError, match="seven days"):
        calendar((OFFICE,) * 6)


def test_an_opening_that_is_far_away_is_found():
    clock = calendar(
        (CLOSED,) * 7,
        SpecialDay(date(2045, 5, 1), SpecialDayKind.WORK, OFFICE),
        follows=HolidaySource.NONE,
    )
    assert clock.next_open(at("2026-06-01")) == at("2045-05-01T08:00")
    assert clock.after_open_seconds(at("2050-01-01"), -3600) == at("2045-05-01T16:30")


def test_around_the_clock_asks_for_the_weekdays_only():
    assert calendar((ROUND_THE_CLOCK,) * 7, rest_day=CLOSED).is_round_the_clock(date(2026, 2, 16))
    assert not calendar((*(ROUND_THE_CLOCK,) * 6, OFFICE)).is_round_the_clock(date(2026, 6, 1))


@pytest.mark.parametrize(
    ("name", "text"),
    [("Asia/Shanghai", "2026-01-01T01:00"), ("America/Sao_Paulo", "2025-12-31T23:00")],
)
def test_the_turn_of_the_year_is_that_of_the_zone(name, text):
    tz = zone(name)
    clock = calendar((ROUND_THE_CLOCK,) * 7, tz=tz, follows=HolidaySource.NONE)
    assert clock.is_open(at(text, tz))
    fresh = calendar((ROUND_THE_CLOCK,) * 7, tz=tz, follows=HolidaySource.NONE)
    assert fresh.open_seconds(at(text, tz), at(text, tz) + 7200) == 7200


def test_natural_hours_count_every_second():
    clock = always_open(BERLIN)
    assert clock.open_seconds(at("2026-01-01", BERLIN), at("2027-01-01", BERLIN)) == 365 * 86400
    assert clock.after_open_seconds(7, 90_001) == 90_008


def test_days_begin_where_the_clock_first_shows_their_date():
    tz = zone("America/Sao_Paulo")
    clock = calendar((ROUND_THE_CLOCK,) * 7, tz=tz, follows=HolidaySource.NONE)
    starts = clock.day_starts(date(2018, 11, 3), date(2018, 11, 5))
    assert starts == [at(text, tz) for text in ("2018-11-03", "2018-11-04T01:00", "2018-11-05")]


# --- Years that nobody has given ----------------------------------------------------------------


def year_table(year: int, *months: int) -> list[SpecialDay]:
    return [SpecialDay(date(year, month, 1), SpecialDayKind.REST) for month in months]


def test_a_year_without_published_days_is_named():
    clock = calendar()
    period = at("2026-12-01"), at("2029-01-01")
    assert clock.years_without_holidays(*period) == [2027, 2028]
    assert clock.years_without_holidays(at("2026-01-01"), at("2027-01-01")) == []
    assert clock.years_without_holidays(at("2027-01-01"), at("2027-01-01")) == []


def test_the_users_own_table_makes_a_year_known_but_a_single_day_does_not():
    whole = calendar((OFFICE,) * 7, *year_table(2027, 2, 10))
    storm = calendar((OFFICE,) * 7, *year_table(2027, 8))
    period = at("2027-01-01"), at("2028-01-01")
    assert whole.years_without_holidays(*period) == []
    assert storm.years_without_holidays(*period) == [2027]


def test_a_calendar_that_follows_no_holidays_misses_none():
    clock = ServiceCalendar(
        "hours",
        [
            CalendarVersion(date.min, SHANGHAI, (OFFICE,) * 7),
            CalendarVersion(date(2027, 7, 1), SHANGHAI, (OFFICE,) * 7, holidays=HolidaySource.NONE),
        ],
    )
    assert clock.years_without_holidays(at("2027-08-01"), at("2030-01-01")) == [2027]


# --- Two threads ------------------------------------------------------------------------------


def test_threads_that_ask_for_different_years_get_the_right_answers():
    clock = calendar(follows=HolidaySource.NONE)
    wrong: list[int] = []
    ready = threading.Barrier(4)

    def ask(first: int) -> None:
        ready.wait()
        for year in range(first, first + 6):
            start, end = at(f"{year}-01-01"), at(f"{year}-01-15")
            weekdays = sum((date(year, 1, n)).weekday() < 5 for n in range(1, 15))
            if clock.open_seconds(start, end) != weekdays * 34200:
                wrong.append(year)

    threads = [threading.Thread(target=ask, args=(first,)) for first in (1980, 1995, 2010, 2025)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
