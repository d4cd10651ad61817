"""Service calendars: when a device has to serve, and the arithmetic of open time (section 1).

A calendar is wall-clock hours on local dates.  Daylight saving comes out right because every
boundary is turned into an instant on its own date: a day of 24 hours has 23 or 25 when the clock
changes.  Hours that the clock skips are not there; of hours that come twice the first ones are
meant.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from desk_maint.domain import holidays
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, HOUR, MINUTE, local_date, to_local
from desk_maint.domain.intervals import Interval, union
from desk_maint.domain.messages import msg

__all__ = [
    "CLOSED",
    "ROUND_THE_CLOCK",
    "CalendarVersion",
    "DayHours",
    "HolidaySource",
    "ServiceCalendar",
    "SpecialDay",
    "SpecialDayKind",
    "always_open",
    "format_hours",
    "parse_hours",
    "wall_clock",
]

DayHours = tuple[tuple[int, int], ...]
"""Opening intervals of a day in seconds since its midnight: sorted, disjoint, up to 86,400."""
CLOSED: DayHours = ()
ROUND_THE_CLOCK: DayHours = ((0, DAY),)
LONGEST_SEARCH_YEARS = 30
"""A deadline further away than this is a calendar that hardly ever opens."""


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


_INTERVAL = re.compile(r"(\d{1,2})[:时時](\d{2})?分?-(\d{1,2})[:时時](\d{2})?分?")
_ALL_DAY = {"24h", "24", "24小时", "24小時", "全天", "24hours"}
_NOT_AT_ALL = {"closed", "休息", "休", "关闭", "關閉", "不营业", "不營業", "无", "無", "-"}


def parse_hours(text: str) -> DayHours:
    """Read ``08:00-12:00 13:00-17:30``, ``24h`` or ``closed`` (also in Chinese).

    Raises :class:`InputError` for what is neither, for an interval that ends before it begins
    and for two that overlap; intervals that touch become one.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = re.sub(r"\s*[-–—~至到]+\s*", "-", plain)
    if plain in _ALL_DAY:
        return ROUND_THE_CLOCK
    if plain in _NOT_AT_ALL:
        return CLOSED
    spans: list[tuple[int, int]] = []
    for part in re.split(r"[\s,;、]+", plain):
        found = _INTERVAL.fullmatch(part)
        if found is None:
            raise InputError(
                msg(
                    "“{text}” are no opening hours. Write for example 08:00-12:00 13:00-17:30, "
                    "24h or closed.",
                    text=text,
                )
            )
        start = int(found[1]) * HOUR + int(found[2] or 0) * MINUTE
        end = int(found[3]) * HOUR + int(found[4] or 0) * MINUTE
        wrong = int(found[2] or 0) >= 60 or int(found[4] or 0) >= 60  # noqa: PLR2004
        if wrong or end > DAY or start >= end:
            raise InputError(
                msg(
                    "The opening hours “{part}” do not end after they begin on the same day. "
                    "Split hours over midnight: 22:00-24:00 on one day, 00:00-06:00 on the next.",
                    part=part,
                )
            )
        spans.append((start, end))
    spans.sort()
    if any(later[0] < earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
        raise InputError(
            msg("The opening hours “{text}” overlap. Write each hour only once.", text=text)
        )
    return tuple((span.start, span.end) for span in union(spans))


def format_hours(hours: DayHours) -> str:
    """Return hours in the contract's writing; :func:`parse_hours` reads it back."""
    if hours == ROUND_THE_CLOCK:
        return "24h"
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours) or "closed"


def _clock(seconds: int) -> str:
    return f"{seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"


def wall_clock(day: date, seconds: int, tz: ZoneInfo) -> int:
    """Return the instant at which the clocks in ``tz`` show ``seconds`` after midnight of ``day``.

    86,400 is the midnight that ends the day.  A time that is skipped falls on the moment of the
    jump; of a time that comes twice the first is meant.
    """
    if seconds == DAY:
        day, seconds = day + timedelta(days=1), 0
    naive = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    instant = int(naive.replace(tzinfo=tz).astimezone(UTC).timestamp())
    if to_local(instant, tz).replace(tzinfo=None) == naive:
        return instant
    # Skipped: between the two readings of the time lies the jump itself.
    before = int(naive.replace(tzinfo=tz, fold=1).astimezone(UTC).timestamp())
    offset = to_local(before, tz).utcoffset()
    while instant - before > 1:
        middle = (before + instant) // 2
        if to_local(middle, tz).utcoffset() == offset:
            before = middle
        else:
            instant = middle
    return instant


@dataclass(frozen=True, slots=True)
class _Table:
    """The open spans of a range of whole years, and the open seconds before each of them."""

    first: int
    last: int
    start: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    through: list[int]


_EMPTY = _Table(0, -1, 0, 0, [], [], [], [])


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
            raise InputError(
                msg("The service calendar “{name}” has no opening hours.", name=name)
            )
        self.name = name
        self.versions = tuple(sorted(versions, key=lambda version: version.valid_from))
        self._valid_from = [version.valid_from for version in self.versions]
        self._special = {day.day: day for day in special_days}
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

    def is_open(self, instant: int) -> bool:
        """Whether the calendar is open at ``instant``; opening counts, closing does not."""
        table = self._covering(instant, instant + 1)
        index = bisect_right(table.starts, instant) - 1
        return index >= 0 and instant < table.ends[index]

    def next_open(self, instant: int) -> int:
        """Return ``instant`` itself where open, else the next opening.

        Raises :class:`InputError` where there is none within thirty years.
        """
        for years in range(LONGEST_SEARCH_YEARS):
            table = self._covering(instant, instant + 1 + years * 366 * DAY)
            index = bisect_right(table.ends, instant)
            if index < len(table.starts):
                return max(table.starts[index], instant)
        raise self._never_opens()

    def open_spans(self, start: int, end: int) -> list[Interval]:
        """Return the open intervals inside ``[start, end)``, merged."""
        if end <= start:
            return []
        table = self._covering(start, end)
        spans: list[Interval] = []
        for index in range(bisect_right(table.ends, start), len(table.starts)):
            if table.starts[index] >= end:
                break
            spans.append(Interval(max(table.starts[index], start), min(table.ends[index], end)))
        return spans

    def open_seconds(self, start: int, end: int) -> int:
        """Return the open seconds inside ``[start, end)``; 0 where it is empty."""
        if end <= start:
            return 0
        table = self._covering(start, end)
        return _until(table, end) - _until(table, start)

    def after_open_seconds(
        self, start: int, seconds: int, holds: Iterable[tuple[int, int]] = ()
    ) -> int:
        """Return the first instant by which ``seconds`` of open time outside ``holds`` have gone.

        It may fall on closing time and stays there.  No seconds: ``start``, or the next opening.
        A negative number goes back the same way and stays at an opening.
        """
        if seconds < 0:
            return self._back(start, -seconds, union(holds))
        now, left = start, seconds
        for hold in union(holds):
            if hold.end <= now:
                continue
            if hold.start > now:
                free = self.open_seconds(now, hold.start)
                if free >= left > 0:
                    return self._forward(now, left)
                left -= free
            now = hold.end
        return self._forward(now, left)

    def day_starts(self, first: date, last: date) -> list[int]:
        """Return the instants at which the local dates from ``first`` to ``last`` begin."""
        days = (last - first).days + 1
        return [
            wall_clock(day, 0, self.zone_on(day))
            for day in (first + timedelta(days=number) for number in range(days))
        ]

    def years_without_holidays(self, start: int, end: int) -> list[int]:
        """Return the years in ``[start, end)`` whose rest days this calendar follows but nobody
        has given: neither the user's table nor the published data know a single day of them.
        """
        if end <= start:
            return []
        first = local_date(start, self.zone_on(date.max)).year
        last = local_date(end - 1, self.zone_on(date.max)).year
        own = {day.year for day in self._special}
        return [
            year
            for year in range(first, last + 1)
            if year not in own
            and not holidays.is_published(year)
            and self.version_on(date(year, 12, 31)).holidays is HolidaySource.CN
        ]

    def _forward(self, start: int, seconds: int) -> int:
        if seconds == 0:
            return self.next_open(start)
        for years in range(LONGEST_SEARCH_YEARS):
            table = self._covering(start, start + 1 + years * 366 * DAY)
            goal = _until(table, start) + seconds
            index = bisect_left(table.through, goal)
            if index < len(table.starts):
                return table.starts[index] + goal - table.before[index]
        raise self._never_opens()

    def _back(self, start: int, seconds: int, holds: list[Interval]) -> int:
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
        for years in range(LONGEST_SEARCH_YEARS):
            table = self._covering(now - 1 - years * 366 * DAY, now)
            goal = _until(table, now) - left
            if goal >= 0 and table.starts:
                index = bisect_right(table.before, goal) - 1
                return table.starts[index] + goal - table.before[index]
        raise self._never_opens()

    def _never_opens(self) -> InputError:
        return InputError(
            msg(
                "The service calendar “{name}” does not open within {years} years, so that no "
                "deadline can be found. Give it opening hours.",
                name=self.name,
                years=LONGEST_SEARCH_YEARS,
            )
        )

    def _covering(self, start: int, end: int) -> _Table:
        """Return a table whose whole years enclose ``[start, end)``."""
        table = self._table
        if table.start <= start and end <= table.end:
            return table
        # A day to either side: the year of an instant depends on the zone.
        first = _year_of(start - DAY)
        last = _year_of(end + DAY)
        if table.first <= table.last:
            first, last = min(first, table.first), max(last, table.last)
        spans = union(span for year in range(first, last + 1) for span in self._year(year))
        lengths = [span.end - span.start for span in spans]
        through = list(accumulate(lengths))
        self._table = _Table(
            first=first,
            last=last,
            start=wall_clock(date(first, 1, 1), 0, self.zone_on(date(first, 1, 1))),
            end=wall_clock(date(last, 12, 31), DAY, self.zone_on(date(last, 12, 31))),
            starts=[span.start for span in spans],
            ends=[span.end for span in spans],
            before=[done - length for done, length in zip(through, lengths, strict=True)],
            through=through,
        )
        return self._table

    def _year(self, year: int) -> tuple[Interval, ...]:
        spans = self._years.get(year)
        if spans is None:
            spans = self._years[year] = tuple(self._spans_of(year))
        return spans

    def _spans_of(self, year: int) -> Iterable[Interval]:
        for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(number)
            hours = self.hours_on(day)
            if not hours:
                continue
            version = self.version_on(day)
            # Where a version brings another zone, its first midnight ends the day before.
            following = self.version_on(day + timedelta(days=1))
            midnight = (
                wall_clock(day + timedelta(days=1), 0, following.zone)
                if following.zone is not version.zone
                else None
            )
            for start, end in hours:
                closing = wall_clock(day, end, version.zone)
                if midnight is not None:
                    closing = min(closing, midnight)
                opening = wall_clock(day, start, version.zone)
                if opening < closing:
                    yield Interval(opening, closing)


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


def _year_of(instant: int) -> int:
    return min(max(to_local(instant, ZoneInfo("UTC")).year, 1), 9998)


def _until(table: _Table, instant: int) -> int:
    """Return the open seconds of the table before ``instant``."""
    index = bisect_right(table.starts, instant) - 1
    if index < 0:
        return 0
    return table.before[index] + min(instant, table.ends[index]) - table.starts[index]
