from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import (
    DAY,
    day_start,
    from_local,
    iso,
    local_date,
    to_local,
    wall_clock,
    zone,
)

ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"]
).map(zone)
DATES = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def written(text: str, name: str) -> int:
    return from_local(datetime.fromisoformat(text), zone(name))


@given(ZONES, st.integers(0, 2**31))
def test_an_instant_comes_back_from_its_local_face(tz, instant):
    assert from_local(to_local(instant, tz), tz) == instant
    assert iso(instant, tz) == to_local(instant, tz).isoformat()


@given(ZONES, DATES, st.integers(0, DAY), st.integers(0, DAY))
def test_later_on_the_clock_is_never_earlier_in_time(tz, day, one, other):
    first, second = sorted((one, other))
    assert wall_clock(day, first, tz) <= wall_clock(day, second, tz)


@given(ZONES, DATES)
def test_the_midnight_that_ends_a_day_begins_the_next(tz, day):
    following = date.fromordinal(day.toordinal() + 1)
    assert wall_clock(day, DAY, tz) == day_start(following, tz)
    # The date is not there yet one second before, unless the clock skips the whole day.
    assert local_date(day_start(day, tz) - 1, tz) < day


@pytest.mark.parametrize(
    ("name", "day", "seconds", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 9000, "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", date(2026, 10, 25), 9000, "2026-10-25T02:30:00+02:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 7800, "2026-10-04T02:30:00+11:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), 0, "2018-11-04T01:00:00-02:00"),
        # Midnight itself is skipped from half past eleven on the evening before.
        ("America/Toronto", date(1919, 3, 31), 0, "1919-03-31T00:30:00-04:00"),
        # A whole date is skipped.
        ("Pacific/Apia", date(2011, 12, 30), 43200, "2011-12-31T00:00:00+14:00"),
    ],
)
def test_times_that_are_skipped_or_come_twice(name, day, seconds, expected):
    assert wall_clock(day, seconds, zone(name)) == written(expected, name)


def test_fractions_of_a_second_are_cut_before_1970_too():
    assert written("1969-12-31T23:59:59.5+00:00", "UTC") == -1
    assert written("2026-06-01T08:00:00.999999", "Asia/Shanghai") == written(
        "2026-06-01T08:00:00", "Asia/Shanghai"
    )


@pytest.mark.parametrize("name", ["Asia/Beijing", "", "../etc/passwd", "上海"])
def test_an_unknown_zone_is_told(name):
    with pytest.raises(InputError, match="There is no time zone"):
        zone(name)
