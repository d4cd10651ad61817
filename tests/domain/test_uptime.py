from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_maint.domain import service_clock
from desk_maint.domain.calendars import (
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    SpecialDay,
    SpecialDayKind,
    parse_hours,
)
from desk_maint.domain.service_clock import ServiceClock
from desk_maint.domain.uptime import FOREVER, Faults, Spans, Stays, compute_cells
from tests.domain.seconds import Wall, covered, month_edges

FIGURES = (
    "scheduled",
    "whole_scheduled",
    "exempt",
    "down",
    "device_days",
    "bad_days_strict",
    "bad_days_within_limits",
    "first_down",
)
HOURS = ("08:00-12:00 13:00-17:30", "24h", "closed", "09:00-17:00", "00:00-06:00 22:00-24:00")
# Months with a change of the clock, a leap day, a make-up workday and a holiday among them.
PERIODS = (
    ("Asia/Shanghai", date(2024, 2, 25), date(2024, 3, 4)),
    ("Asia/Shanghai", date(2026, 4, 28), date(2026, 5, 10)),
    ("Europe/Berlin", date(2026, 3, 26), date(2026, 4, 2)),
    ("Europe/Berlin", date(2026, 10, 22), date(2026, 11, 3)),
    ("America/Sao_Paulo", date(2018, 10, 30), date(2018, 11, 7)),
    ("Australia/Lord_Howe", date(2026, 4, 1), date(2026, 4, 8)),
)


@dataclass(frozen=True)
class Plan:
    """One calendar, for both readings of it."""

    zone: str
    week: tuple[str, ...]
    rest: str
    makeup: str | None
    special: tuple[tuple[date, SpecialDayKind, str | None], ...]
    follows_cn: bool

    def calendar(self) -> ServiceCalendar:
        return ServiceCalendar(
            "plan",
            [
                CalendarVersion(
                    date.min,
                    ZoneInfo(self.zone),
                    tuple(parse_hours(text) for text in self.week),
                    parse_hours(self.rest),
                    parse_hours(self.makeup) if self.makeup else None,
                    HolidaySource.CN if self.follows_cn else HolidaySource.NONE,
                )
            ],
            [SpecialDay(day, kind, parse_hours(h) if h else None) for day, kind, h in self.special],
        )

    def hours(self, day: date) -> tuple[tuple[int, int], ...]:
        import chinese_calendar

        for special, kind, hours in self.special:
            if special == day:
                if hours is not None:
                    return parse_hours(hours)
                return parse_hours(self.rest) if kind == "rest" else self._worked()
        if self.follows_cn:
            off, name = chinese_calendar.get_holiday_detail(day)
            if off and name is not None:
                return parse_hours(self.rest)
            if not off and name is not None:
                return self._worked()
        return parse_hours(self.week[day.weekday()])

    def _worked(self) -> tuple[tuple[int, int], ...]:
        return parse_hours(self.makeup or self.week[0])


@lru_cache(maxsize=256)
def seconds_of(plan: Plan, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    wall = Wall(ZoneInfo(plan.zone), plan.hours)
    return wall.open_seconds(start, end), wall.dates(start, end)


@st.composite
def situations(draw: st.DrawFn):
    zone, first, last = draw(st.sampled_from(PERIODS))
    edges = month_edges(first, last, ZoneInfo(zone))
    if draw(st.booleans()):
        edges = [edges[0], edges[-1]]
    start, end = edges[0], edges[-1]
    days = st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))
    plans = draw(
        st.lists(
            st.builds(
                Plan,
                st.just(zone),
                # Often the same every day: then nothing else marks where a date begins.
                st.tuples(*[st.sampled_from(HOURS)] * 7)
                | st.sampled_from(HOURS).map(lambda hours: (hours,) * 7),
                st.sampled_from(HOURS),
                st.none() | st.sampled_from(HOURS),
                st.lists(
                    st.tuples(
                        days, st.sampled_from(SpecialDayKind), st.none() | st.sampled_from(HOURS)
                    ),
                    max_size=2,
                    unique_by=lambda special: special[0],
                ).map(tuple),
                st.booleans(),
            ),
            min_size=1,
            max_size=2,
        )
    )
    moment = st.integers(start - 90_000, end + 90_000) | st.sampled_from(
        [start + n * 3600 for n in range(0, (end - start) // 3600, 3)]
    )
    spans = st.tuples(moment, st.integers(0, 200_000)).map(lambda p: (p[0], p[0] + p[1]))
    devices = []
    for _ in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.lists(moment, min_size=2, max_size=4, unique=True)))
        stays = [
            (draw(st.integers(0, len(plans) - 1)), a, b)
            for a, b in pairwise(cuts)
            if draw(st.booleans()) or a == cuts[0]
        ]
        faults = sorted(
            (
                (a, None if draw(st.integers(0, 5)) == 0 else b, draw(st.booleans()), late, spare)
                for (a, b), late, spare in draw(
                    st.lists(
                        st.tuples(spans, st.none() | st.integers(0, 90_000), st.none() | moment),
                        max_size=5,
                    )
                )
            ),
            key=lambda fault: fault[0],
        )
        devices.append((stays, faults, draw(st.lists(spans, max_size=3))))
    now = draw(st.one_of(st.just(end + 10**6), moment))
    return plans, edges, now, devices


def engine(plans, edges, now, devices):
    """The figures by the program: the same by tables and by searching."""
    zone = ZoneInfo(plans[0].zone)
    tabled = ServiceClock([plan.calendar() for plan in plans], edges, zone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_clock, "_LARGEST_TABLE", 0)
        searched = ServiceClock([plan.calendar() for plan in plans], edges, zone)
    first, second = (computed(clock, now, devices) for clock in (tabled, searched))
    for name in FIGURES:
        assert (getattr(first, name) == getattr(second, name)).all()
    return first


def computed(clock, now, devices):
    stay_rows = [(d, *stay) for d, (stays, _, _) in enumerate(devices) for stay in stays]
    fault_rows = [(d, *fault) for d, (_, faults, _) in enumerate(devices) for fault in faults]
    stop_rows = [(d, *stop) for d, (_, _, stops) in enumerate(devices) for stop in stops]

    def column(rows, index, default=0):
        return np.array([default if r[index] is None else r[index] for r in rows], np.int64)

    late_rows = [
        (r[0], r[1] + r[4], min(FOREVER if end is None else end for end in (r[2], r[5])))
        for r in fault_rows
        if not r[3] and r[4] is not None
    ]
    return compute_cells(
        Stays(*(column(stay_rows, i) for i in range(4))),
        Faults(
            column(fault_rows, 0),
            column(fault_rows, 1),
            column(fault_rows, 2, FOREVER),
            np.array([r[3] for r in fault_rows], bool),
        ),
        Spans(*(column(late_rows, i) for i in range(3))),
        Spans(*(column(stop_rows, i) for i in range(3))),
        clock,
        now=now,
    )


def by_seconds(plans, edges, now, devices):
    """Yield the figures of every stay and month, counted second by second."""
    for stays, faults, stops in devices:
        for plan, begin, finish in stays:
            for a, b in pairwise(edges):
                opened, dates = seconds_of(plans[plan], a, b)
                there = opened & covered(a, b, [(begin, finish)]) & ~covered(a, b, stops)
                past = there & covered(a, b, [(a, now)])
                counted = past & covered(a, b, [(f[0], f[1]) for f in faults if not f[2]])
                exempt = past & covered(a, b, [(f[0], f[1]) for f in faults if f[2]]) & ~counted
                late = past & covered(
                    a,
                    b,
                    [
                        (f[0] + f[3], min(FOREVER if x is None else x for x in (f[1], f[4])))
                        for f in faults
                        if not f[2] and f[3] is not None
                    ],
                )
                first = np.flatnonzero(counted)
                yield (
                    int(past.sum()),
                    int(there.sum()),
                    int(exempt.sum()),
                    int(counted.sum()),
                    len(np.unique(dates[past])),
                    len(np.unique(dates[counted])),
                    len(np.unique(dates[late])),
                    a + int(first[0]) - edges[0] if len(first) else -1,
                )


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_engine_counts_what_a_second_by_second_reading_counts(situation) -> None:
    cells = engine(*situation)
    rows = zip(*(getattr(cells, name).ravel().tolist() for name in FIGURES), strict=True)
    assert list(rows) == list(by_seconds(*situation))
