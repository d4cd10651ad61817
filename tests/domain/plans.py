"""Calendars for hypothesis, each in two readings: the program's and the one of ``minutes``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import chinese_calendar
import numpy as np
from hypothesis import strategies as st

from desk_maint.domain.calendars import (
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    SpecialDay,
    SpecialDayKind,
)
from desk_maint.domain.instants import zone
from desk_maint.domain.intervals import union
from tests.domain.minutes import Hours, Period

# Changes of the clock by an hour and by half an hour, one at midnight, a leap day, the end of a
# year, and Chinese make-up workdays with their holidays.
PERIODS = (
    ("Asia/Shanghai", date(2024, 2, 24), date(2024, 3, 7)),
    ("Asia/Shanghai", date(2026, 2, 9), date(2026, 3, 4)),
    ("Asia/Shanghai", date(2025, 12, 25), date(2026, 1, 9)),
    ("Europe/Berlin", date(2026, 3, 24), date(2026, 4, 5)),
    ("Europe/Berlin", date(2026, 10, 20), date(2026, 11, 2)),
    ("America/Sao_Paulo", date(2018, 10, 30), date(2018, 11, 10)),
    ("America/Sao_Paulo", date(2018, 2, 12), date(2018, 2, 24)),
    ("Australia/Lord_Howe", date(2026, 3, 31), date(2026, 4, 11)),
    ("Australia/Lord_Howe", date(2026, 9, 29), date(2026, 10, 10)),
    ("Asia/Tehran", date(2021, 3, 16), date(2021, 3, 28)),
    ("Asia/Tehran", date(2021, 9, 16), date(2021, 9, 28)),
)


@dataclass(frozen=True)
class Plan:
    """Hours by weekday from a date on, and what differs from them."""

    zone: str
    first: date
    last: date
    weeks: tuple[tuple[date, tuple[Hours, ...]], ...]
    rest: Hours
    makeup: Hours | None
    follows_cn: bool
    special: dict[date, tuple[SpecialDayKind, Hours | None]] = field(default_factory=dict)

    def hours(self, day: date) -> Hours:
        """Return the hours of a date by the words of the rules."""
        week = [hours for since, hours in self.weeks if since <= day][-1]
        kind, hours = self.special.get(day, (None, None))
        if hours is not None:
            return hours
        if kind is None and self.follows_cn:
            holiday, name = chinese_calendar.get_holiday_detail(day)
            if name is not None:
                kind = SpecialDayKind.REST if holiday else SpecialDayKind.WORK
        if kind is SpecialDayKind.REST:
            return self.rest
        if kind is SpecialDayKind.WORK:
            return self.makeup if self.makeup is not None else week[0]
        return week[day.weekday()]

    @cached_property
    def calendar(self) -> ServiceCalendar:
        return ServiceCalendar(
            "plan",
            [
                CalendarVersion(
                    since,
                    zone(self.zone),
                    week,
                    self.rest,
                    self.makeup,
                    HolidaySource.CN if self.follows_cn else HolidaySource.NONE,
                )
                for since, week in self.weeks
            ],
            [SpecialDay(day, kind, hours) for day, (kind, hours) in self.special.items()],
        )

    @cached_property
    def period(self) -> Period:
        return Period(self.zone, self.first, self.last, self.hours)


_edges = st.integers(0, 96).map(lambda quarter: quarter * 900)
_odd_edges = st.integers(0, 1440).map(lambda minute: minute * 60)
_intervals = st.lists(st.tuples(_edges | _odd_edges, _edges | _odd_edges), max_size=3)
_ranges = _intervals.map(
    lambda pairs: tuple((a, b) for a, b in union((min(p), max(p)) for p in pairs))
)
hours_of_day = st.one_of(
    st.just(((0, 86400),)),
    st.just(((28800, 43200), (46800, 63000))),
    st.just(((79200, 86400),)),
    _ranges,
)
weeks = st.tuples(*[st.one_of(st.just(()), hours_of_day)] * 7)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a calendar and a period in which something happens to the clock or to the days."""
    zone_name, first, last = draw(st.sampled_from(PERIODS))
    days = st.integers(0, (last - first).days - 1).map(lambda n: first + timedelta(days=n))
    versions = [(date.min, draw(weeks))]
    if draw(st.booleans()):
        versions.append((draw(days), draw(weeks)))
    kinds = st.tuples(st.sampled_from(SpecialDayKind), st.none() | hours_of_day)
    return Plan(
        zone_name,
        first,
        last,
        tuple(versions),
        draw(st.just(()) | hours_of_day),
        draw(st.none() | hours_of_day),
        zone_name == "Asia/Shanghai" and draw(st.booleans()),
        draw(st.dictionaries(days, kinds, max_size=2)),
    )


def moments(plan: Plan) -> st.SearchStrategy[int]:
    """Draw an instant of the plan's period, often one at which something opens or closes.

    The program is not asked for these: a calendar that has been asked before has tables already.
    """
    period = plan.period
    anywhere = st.integers(period.start, period.end - 1)
    edges = np.flatnonzero(np.diff(period.flags)) + period.start + 1
    return anywhere | st.sampled_from(edges.tolist()) if len(edges) else anywhere


def holds(plan: Plan) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Draw holds in the plan's period; they may overlap, touch and be empty."""
    pair = st.tuples(moments(plan), moments(plan)).map(lambda p: (min(p), max(p)))
    return st.lists(pair, max_size=3)
