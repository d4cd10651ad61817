from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk_maint.domain.calendars import CalendarVersion, ServiceCalendar, parse_hours
from desk_maint.domain.deadlines import Limit, clock_seconds, due_at, parse_limit
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import Grade, Impact
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.outlets import Zone
from desk_maint.domain.repair_limits import (
    HOUSE_DEFAULTS,
    WARNING_SHARES,
    RepairLimitRow,
    RepairLimits,
    default_grade,
    warning_moments,
)
from tests.domain.plans import Plan, holds, moments, plans

SHANGHAI = zone("Asia/Shanghai")


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text), SHANGHAI)


@pytest.mark.parametrize(
    ("grade", "clock", "accept", "on_site", "repair"),
    [
        (1, "service", "15m", ["1h", "2h", "4h"], ["4h", "6h", "8h"]),
        (2, "service", "30m", ["2h", "4h", "6h"], ["8h", "8h", "12h"]),
        (3, "working hours", "2h", ["1wd", "1wd", "1wd"], ["2wd", "2wd", "3wd"]),
        (4, "working hours", "1wd", [None, None, None], ["5wd", "5wd", "5wd"]),
    ],
)
def test_the_table_of_the_house(grade, clock, accept, on_site, repair):
    table = RepairLimits(HOUSE_DEFAULTS)
    for zone_, there, mended in zip(
        (Zone.CITY, Zone.COUNTY, Zone.RURAL), on_site, repair, strict=True
    ):
        row = table.of(Category.ATM, Grade(grade), zone_)
        assert row is not None
        assert row.clock == clock
        assert row.accept == parse_limit(accept)
        assert row.on_site == (parse_limit(there) if there else None)
        assert row.repair == parse_limit(mended)
    assert len(HOUSE_DEFAULTS) == 12


def test_a_categorys_own_row_goes_before_the_general_one():
    own = RepairLimitRow(Category.ATM, 2, Zone.CITY, "elapsed", None, None, Limit(seconds=4 * 3600))
    table = RepairLimits([own, *HOUSE_DEFAULTS])
    assert table.of(Category.ATM, Grade.DEVICE_STOPPED, Zone.CITY) is own
    general = table.of(Category.GREEN_CARD_TERMINAL, Grade.DEVICE_STOPPED, Zone.CITY)
    assert general is not None
    assert general.category is None
    assert RepairLimits([own]).of(Category.ALARM, Grade.DEVICE_STOPPED, Zone.CITY) is None


def test_the_grade_that_a_fault_has_by_itself():
    assert default_grade(Impact.OUT_OF_SERVICE) is Grade.DEVICE_STOPPED
    assert default_grade(Impact.DEGRADED) is Grade.DEGRADED


def test_the_moments_of_warning_of_a_limit_in_hours():
    hours = parse_hours("08:00-12:00 13:00-17:00")
    clock = ServiceCalendar("clock", [CalendarVersion(date.min, SHANGHAI, (hours,) * 7)])
    start = at("2026-06-01T08:00")
    assert warning_moments(Limit(seconds=8 * 3600), clock, start) == (
        (50, at("2026-06-01T12:00")),
        (80, at("2026-06-01T15:24")),
        (100, at("2026-06-01T17:00")),
        (150, at("2026-06-02T12:00")),
    )
    stops = [(at("2026-06-01T09:00"), at("2026-06-01T14:00"))]
    assert dict(warning_moments(Limit(seconds=2 * 3600), clock, start, stops)) == {
        50: at("2026-06-01T09:00"),
        80: at("2026-06-01T14:36"),
        100: at("2026-06-01T15:00"),
        150: at("2026-06-01T16:00"),
    }


@settings(max_examples=60, deadline=None)
@given(plans(), st.data())
def test_warnings_come_in_order_with_the_deadline_among_them(plan: Plan, data):
    start, stops = data.draw(moments(plan)), data.draw(holds(plan))
    limit = data.draw(
        st.builds(Limit, seconds=st.integers(60, 90_000))
        | st.builds(Limit, working_days=st.integers(1, 4))
    )
    try:
        told = warning_moments(limit, plan.calendar, start, stops)
    except InputError:
        assume(False)  # noqa: FBT003  (a calendar that opens too seldom)
    assert tuple(share for share, _ in told) == WARNING_SHARES
    instants = [instant for _, instant in told]
    assert instants == sorted(instants)
    assert dict(told)[100] == due_at(limit, plan.calendar, start, stops)
    if limit.seconds is not None:
        for share, instant in told:
            gone = clock_seconds(plan.calendar, start, instant, stops)[0]
            assert gone == limit.seconds * share // 100
