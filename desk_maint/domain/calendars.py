"""Service calendars: when a device has to serve, and the arithmetic of open time (section 1).

A calendar is wall-clock hours on local dates.  Daylight saving comes out right because every
boundary is turned into an instant on its own date: a day of 24 hours has 23 or 25 when the clock
changes.  Hours that the clock skips are not there; of hours that come twice the first ones are
meant.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from desk_maint.domain import holidays
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, local_date, to_local, wall_clock
from desk_maint.domain.intervals import Interval, union
from desk_maint.domain.messages import msg
from desk_maint.domain.opening_hours import (
    CLOSED,
    ROUND_THE_CLOCK,
    DayHours,
    format_hours,
    parse_hours,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

__all__ = [
    "CLOSED",
    "LONGEST_SEARCH_YEARS",
    "ROUND_THE_CLOCK",
    "CalendarVersion",
    "DayHours",
    "HolidaySource",
    "ServiceCalendar",
    "SpecialDay",
    "SpecialDayKind",
    "always_open",
    "format_hours",
    "opens_too_seldom",
    "parse_hours",
    "wall_clock",
]

LONGEST_SEARCH_YEARS = 30
"""A deadline further away than this is a calendar that hardly ever opens."""
_SEARCH = tuple(years * 366 * DAY for years in (0, 1, 3, 9, LONGEST_SEARCH_YEARS))
_UTC = ZoneInfo("UTC")


class HolidaySource(StrEnum):
    """Whose public rest days a calendar follows."""

    CN = "cn"
    NONE = "none"


class SpecialDayKind(StrEnum):
    """A rest day, or a workday made up for one."""

    REST = "rest"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day of the user's own table; ``hours`` None: as the calendar has it for such a day."""

    day: date
    kind: SpecialDayKind
    hours: DayHours | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """Opening hours from a local date on, Monday first."""

    valid_from: date
    zone: ZoneInfo
    week: tuple[DayHours, ...]
    rest_day: DayHours = CLOSED
    makeup_workday: DayHours | None = None
    """None: Monday's hours."""
    holidays: HolidaySource = HolidaySource.CN

    def __post_init__(self) -> None:
        """Refuse a week that has not seven days (a fault of the program, not of a person)."""
        if len(self.week) != 7:  # noqa: PLR2004  (the days of a week)
            problem = f"a week has seven days, not {len(self.week)}"
            raise ValueError(problem)


@dataclass(frozen=True, slots=True)
class _Table:
    """The open spans of a range of whole years.

    ``before[i]`` are the open seconds of the table before span ``i``; one more entry than spans,
    the last one being all of them.
    """

    first: int
    last: int
    start: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    def until(self, instant: int) -> int:
        """Return the open seconds of the table before ``instant``."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]


_EMPTY = _Table(0, -1, 0, 0, [], [], [0])


class ServiceCalendar:
    """Opening hours over all time, and what can be asked of them; all answers are exact.

    ``special_days`` are those that apply to this calendar, its own already chosen before the
    general ones.  Safe to be read by several threads: a table is replaced as a whole.
    """

    def __init__(
        self,
        name: str,
        versions: Sequence[CalendarVersion],
        special_days: Iterable[SpecialDay] = (),
    ) -> None:
        if not versions:
            raise InputError(msg("The service calendar “{name}” has no opening hours.", name=name))
        self.name = name
        self.versions = tuple(sorted(versions, key=lambda version: version.valid_from))
        self._valid_from = [version.valid_from for version in self.versions]
        self._special = {day.day: day for day in special_days}
        self._hours: dict[date, DayHours] = {}
        self._years: dict[int, tuple[Interval, ...]] = {}
        self._table = _EMPTY

    def version_on(self, day: date) -> CalendarVersion:
        """Return the version in force on a local date; the first also holds before its date."""
        return self.versions[max(bisect_right(self._valid_from, day) - 1, 0)]

    def zone_on(self, day: date) -> ZoneInfo:
        """Return the zone in which the hours of ``day`` are meant."""
        return self.version_on(day).zone

    def special_day(self, day: date) -> SpecialDay | None:
        """Return what the user's own table says of ``day``, if anything."""
        return self._special.get(day)

    def kind_on(self, day: date) -> SpecialDayKind | None:
        """Return whether ``day`` is a rest day or a make-up workday here; None: an ordinary day.

        The user's own table first, then the published days, then the plain weekday rule.
        """
        special = self._special.get(day)
        if special is not None:
            return special.kind
        if self.version_on(day).holidays is HolidaySource.NONE:
            return None
        published = holidays.published_kind(day)
        return None if published is None else SpecialDayKind(published)

    def hours_on(self, day: date) -> DayHours:
        """Return the opening hours of a local date, rest days and make-up workdays included."""
        hours = self._hours.get(day)
        if hours is None:
            hours = self._hours[day] = self._find_hours(day)
        return hours

    def _find_hours(self, day: date) -> DayHours:
        special = self._special.get(day)
        if special is not None and special.hours is not None:
            return special.hours
        version = self.version_on(day)
        kind = self.kind_on(day)
        if kind is SpecialDayKind.REST:
            return version.rest_day
        if kind is SpecialDayKind.WORK:
            monday = version.week[0]
            return monday if version.makeup_workday is None else version.makeup_workday
        return version.week[day.weekday()]

    def is_round_the_clock(self, day: date) -> bool:
        """Whether every weekday is open for 24 hours in the version in force on ``day``.

        The rest day is not asked: such a device serves around the clock, even if it is switched
        off on holidays, and its repair clock is that of the maintenance unit.
        """
        return all(hours == ROUND_THE_CLOCK for hours in self.version_on(day).week)

    def local(self, instant: int) -> datetime:
        """Return the local time of ``instant`` in the zone in force on its date."""
        guess = to_local(instant, self.versions[-1].zone).date()
        return to_local(instant, self.zone_on(guess))

    def is_open(self, instant: int) -> bool:
        """Whether the calendar is open at ``instant``; opening counts, closing does not."""
        table = self._covering(instant, instant + 1)
        index = bisect_right(table.starts, instant) - 1
        return index >= 0 and instant < table.ends[index]

    def next_open(self, instant: int) -> int | None:
        """Return ``instant`` itself where open, else the next opening; None: not in 30 years."""
        for years in _SEARCH:
            table = self._covering(instant, instant + 1 + years)
            index = bisect_right(table.ends, instant)
            if index < len(table.starts):
                return max(table.starts[index], instant)
        return None

    def open_spans(self, start: int, end: int) -> list[Interval]:
        """Return the open intervals inside ``[start, end)``, merged."""
        if end <= start:
            return []
        table = self._covering(start, end)
        first = bisect_right(table.ends, start)
        last = bisect_left(table.starts, end)
        return [
            Interval(max(opening, start), min(closing, end))
            for opening, closing in zip(
                table.starts[first:last], table.ends[first:last], strict=True
            )
        ]

    def open_seconds(self, start: int, end: int) -> int:
        """Return the open seconds inside ``[start, end)``; 0 where it is empty."""
        if end <= start:
            return 0
        table = self._covering(start, end)
        return table.until(end) - table.until(start)

    def after_open_seconds(
        self, start: int, seconds: int, holds: Iterable[tuple[int, int]] = ()
    ) -> int:
        """Return the first instant by which ``seconds`` of open time outside ``holds`` have gone.

        It may fall on closing time and stays there.  No seconds at all: the first moment at which
        the clock runs.  A negative number goes back the same way and stays at an opening.  Raises
        :class:`InputError` where the calendar does not open for that long within thirty years.
        """
        if seconds < 0:
            return self._before_open_seconds(start, -seconds, union(holds))
        now, left = start, seconds
        for hold in union(holds):
            if hold.end <= now:
                continue
            if hold.start > now:
                free = self.open_seconds(now, hold.start)
                if free and free >= left:
                    break
                left -= free
            now = hold.end
        for years in _SEARCH:
            table = self._covering(now, now + 1 + years)
            # The span in which the last of the seconds goes by; of none at all, the first begins.
            goal = table.until(now) + left
            index = bisect_left(table.before, max(goal, table.until(now) + 1)) - 1
            if index < len(table.starts):
                return max(table.starts[index] + goal - table.before[index], now)
        raise opens_too_seldom(self.name)

    def _before_open_seconds(self, start: int, seconds: int, holds: list[Interval]) -> int:
        now, left = start, seconds
        for hold in reversed(holds):
            if hold.start >= now:
                continue
            if hold.end < now:
                free = self.open_seconds(hold.end, now)
                if free >= left:
                    break
                left -= free
            now = hold.start
        for years in _SEARCH:
            table = self._covering(now - 1 - years, now)
            goal = table.until(now) - left
            if goal >= 0:
                index = bisect_right(table.before, goal) - 1
                return table.starts[index] + goal - table.before[index]
        raise opens_too_seldom(self.name)

    def day_starts(self, first: date, last: date) -> list[int]:
        """Return the instants at which the local dates from ``first`` to ``last`` begin."""
        days = (last - first).days + 1
        return [
            wall_clock(day, 0, self.zone_on(day))
            for day in (first + timedelta(days=number) for number in range(days))
        ]

    def years_without_holidays(self, start: int, end: int) -> list[int]:
        """Return the years in ``[start, end)`` whose public rest days nobody has given.

        Only years in which this calendar follows them are asked for.  Neither the published data
        nor the user's table know such a year; a day or two of one's own are not yet a table.
        """
        if end <= start:
            return []
        return [
            year
            for year in range(self.local(start).year, self.local(end - 1).year + 1)
            if not holidays.is_published(year)
            and not self._has_own_table(year)
            and self._follows_published_days(year)
        ]

    def _has_own_table(self, year: int) -> bool:
        # Any year's table has rest days in its first months (Spring Festival) and in October
        # (National Day); a hall closed for a day by a storm is no table.
        months = {
            day.month
            for day, special in self._special.items()
            if day.year == year and special.kind is SpecialDayKind.REST
        }
        return bool(months & {1, 2}) and 10 in months  # noqa: PLR2004  (October)

    def _follows_published_days(self, year: int) -> bool:
        first = self.version_on(date(year, 1, 1))
        during = [version for version in self.versions if version.valid_from.year == year]
        return any(version.holidays is HolidaySource.CN for version in (first, *during))

    def _covering(self, start: int, end: int) -> _Table:
        """Return a table whose whole years enclose ``[start, end)``."""
        table = self._table
        if table.start <= start and end <= table.end:
            return table
        # A day to either side: the year of an instant depends on the zone.
        first, last = _utc_year(start - DAY), _utc_year(end + DAY)
        if table.first <= table.last:
            first, last = min(first, table.first), max(last, table.last)
        spans = union(span for year in range(first, last + 1) for span in self._year(year))
        new_year, years_end = date(first, 1, 1), date(last, 12, 31)
        # Handed back by its own name: another thread may put its table in place meanwhile.
        table = self._table = _Table(
            first=first,
            last=last,
            start=wall_clock(new_year, 0, self.zone_on(new_year)),
            end=wall_clock(years_end, DAY, self.zone_on(years_end)),
            starts=[span.start for span in spans],
            ends=[span.end for span in spans],
            before=list(accumulate((end - start for start, end in spans), initial=0)),
        )
        return table

    def _year(self, year: int) -> tuple[Interval, ...]:
        spans = self._years.get(year)
        if spans is None:
            spans = self._years[year] = tuple(self._spans_of(year))
        return spans

    def _spans_of(self, year: int) -> Iterator[Interval]:
        for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(number)
            hours = self.hours_on(day)
            if not hours:
                continue
            zone = self.zone_on(day)
            # Where the next version brings another zone, its first midnight ends the day.
            tomorrow = day + timedelta(days=1)
            following = self.zone_on(tomorrow)
            midnight = wall_clock(tomorrow, 0, following) if following.key != zone.key else None
            for start, end in hours:
                opening, closing = wall_clock(day, start, zone), wall_clock(day, end, zone)
                if midnight is not None:
                    closing = min(closing, midnight)
                if opening < closing:
                    yield Interval(opening, closing)


def opens_too_seldom(name: str) -> InputError:
    """Return the error for a calendar by which no deadline comes about."""
    return InputError(
        msg(
            "The service calendar “{name}” does not open within {years} years, so that no "
            "deadline can be found. Give it opening hours.",
            name=name,
            years=LONGEST_SEARCH_YEARS,
        )
    )


def always_open(tz: ZoneInfo) -> ServiceCalendar:
    """Return the clock of natural hours: every second counts, days are those of ``tz``."""
    return ServiceCalendar("elapsed", [_all_week(tz)])


@lru_cache(maxsize=16)
def _all_week(tz: ZoneInfo) -> CalendarVersion:
    return CalendarVersion(
        valid_from=date.min,
        zone=tz,
        week=(ROUND_THE_CLOCK,) * 7,
        rest_day=ROUND_THE_CLOCK,
        holidays=HolidaySource.NONE,
    )


def _utc_year(instant: int) -> int:
    # Python's calendar ends with 9999, and a year's last midnight belongs to the next.
    return min(local_date(instant, _UTC).year, 9998)
