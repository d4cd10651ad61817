from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_maint.domain import service_clock
from desk_maint.domain.calendars import (
    ROUND_THE_CLOCK,
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    always_open,
)
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, day_start, zone
from desk_maint.domain.service_clock import ServiceClock
from tests.domain.plans import moments, plans

TABLES = pytest.mark.parametrize("largest", [service_clock._LARGEST_TABLE, 0])


@TABLES
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans(), st.data())
def test_seconds_dates_and_openings_agree_with_every_second(monkeypatch, largest, plan, data):
    monkeypatch.setattr(service_clock, "_LARGEST_TABLE", largest)
    period = plan.period
    tz = zone(plan.zone)
    # A closed and an open calendar beside it, and a month that ends on some date.
    cut = day_start(data.draw(st.dates(plan.first, plan.last)), tz)
    edges = sorted({period.start, max(cut, period.start), period.end})
    clock = ServiceClock(
        [always_open(zone("Asia/Tokyo")), plan.calendar, closed(plan.zone)], edges, tz
    )
    start, end = sorted((data.draw(moments(plan)), data.draw(moments(plan)) + 1))
    begin, finish = start - period.start, end - period.start
    own = np.array([1])

    flags = period.flags[begin:finish]
    midnights = [
        day_start(plan.first + timedelta(days=n), tz) - period.start
        for n in range((plan.last - plan.first).days + 2)
    ]
    dates = np.searchsorted(midnights, np.arange(len(period.flags)), side="right")
    if finish > begin:
        found = clock.measure(own, np.array([begin]), np.array([finish]))
        assert found.seconds == flags.sum()
        touched = np.unique(dates[begin:finish][flags])
        if len(touched):
            assert found.last_date[0] - found.first_date[0] + 1 == len(touched)
            opening, closing = clock.date_bounds(own, found.first_date)
            there = np.flatnonzero(period.flags & (dates == touched[0]))
            assert (opening[0], closing[0]) == (there[0], there[-1] + 1)
            assert clock.next_open(own, np.array([begin])) == begin + np.flatnonzero(flags)[0]
    assert clock.seconds_before(own, np.array([finish])) == period.flags[:finish].sum()
    assert clock.seconds_before(own - 1, np.array([finish])) == finish
    assert clock.seconds_before(own + 1, np.array([finish])) == 0
    expected = int(len(edges) > 2 and start >= edges[1])
    assert clock.month(np.array([begin])) == expected


def closed(name: str) -> ServiceCalendar:
    return ServiceCalendar(
        "closed", [CalendarVersion(date.min, zone(name), ((),) * 7, holidays=HolidaySource.NONE)]
    )


def test_dates_are_those_of_the_bureau_whatever_zone_a_calendar_names() -> None:
    shanghai = zone("Asia/Shanghai")
    hours = CalendarVersion(
        date.min,
        zone("America/New_York"),
        (((9 * 3600, 17 * 3600),),) * 7,
        holidays=HolidaySource.NONE,
    )
    edges = [day_start(date(2026, 6, day), shanghai) for day in (1, 3)]
    clock = ServiceClock([ServiceCalendar("New York", [hours])], edges, shanghai)
    # 09:00 to 17:00 there is 21:00 to 05:00 here.
    found = clock.measure(np.array([0]), np.array([0]), np.array([2 * DAY]))
    assert (found.seconds[0], found.last_date[0] - found.first_date[0] + 1) == (16 * 3600, 2)


def test_a_calendar_that_moves_to_another_zone_keeps_its_open_time() -> None:
    week = (ROUND_THE_CLOCK,) * 7
    versions = [
        CalendarVersion(date.min, zone("Asia/Shanghai"), week, holidays=HolidaySource.NONE),
        CalendarVersion(date(2026, 6, 2), zone("Asia/Tokyo"), week, holidays=HolidaySource.NONE),
    ]
    calendar = ServiceCalendar("moved", versions)
    start, end = (day_start(date(2026, 6, day), zone("Asia/Shanghai")) for day in (1, 4))
    clock = ServiceClock([calendar], [start, end], zone("Asia/Shanghai"))
    open_seconds = clock.seconds_before(np.array([0]), np.array([end - start]))
    assert open_seconds == calendar.open_seconds(start, end)


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        ServiceClock([], [10, 10], zone("UTC"))
