"""A slow second reading of calendars and deadlines, by walking through the minutes of a period.

It shares no arithmetic with the program.  The clock on the wall is read at every minute, and what
decides is the furthest reading so far: hours [a, b) of a date are open from the first minute at
which the clock has come to a until the first at which it has come to b.  So hours that are skipped
are not there, and of hours that come twice the first are meant.  Boundaries and changes of the
clock fall on minutes; starts, lengths and holds may be any seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Hours = tuple[tuple[int, int], ...]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)
def readings(zone: str, first: date, last: date) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the first instant of a period, and per minute the furthest date and minute so far."""
    start = int((datetime(first.year, first.month, first.day, tzinfo=UTC) - EPOCH).total_seconds())
    count = (last - first).days * 1440
    dates, minutes = np.zeros(count, np.int64), np.zeros(count, np.int64)
    furthest = datetime.min  # noqa: DTZ901  (readings of a wall clock have no zone)
    tz = ZoneInfo(zone)
    for index in range(count):
        wall = (EPOCH + timedelta(seconds=start + 60 * index)).astimezone(tz).replace(tzinfo=None)
        furthest = max(furthest, wall)
        dates[index] = furthest.toordinal()
        minutes[index] = furthest.hour * 60 + furthest.minute
    return start, dates, minutes


@dataclass(frozen=True)
class Period:
    """The seconds of a period, each open or not by a rule of hours by date."""

    zone: str
    first: date
    last: date
    hours: Callable[[date], Hours]

    @property
    def start(self) -> int:
        return readings(self.zone, self.first, self.last)[0]

    @property
    def end(self) -> int:
        return self.start + (self.last - self.first).days * 86400

    @cached_property
    def flags(self) -> np.ndarray:
        """For every second whether it is open."""
        _, dates, minutes = readings(self.zone, self.first, self.last)
        opened = np.zeros(len(dates), bool)
        for ordinal in np.unique(dates):
            here = dates == ordinal
            for start, end in self.hours(date.fromordinal(int(ordinal))):
                opened |= here & (minutes >= start // 60) & (minutes < end // 60)
        return np.repeat(opened, 60)

    def running(self, holds: Iterable[tuple[int, int]]) -> np.ndarray:
        """Return for every second whether it is open and not held."""
        flags = self.flags.copy()
        for start, end in holds:
            flags[max(start - self.start, 0) : max(end - self.start, 0)] = False
        return flags

    def after(self, start: int, seconds: int, holds: Iterable[tuple[int, int]]) -> int | None:
        """Return when so many open seconds outside the holds have gone; None: not in the period."""
        running = np.flatnonzero(self.running(holds)) + self.start
        if seconds >= 0:
            ahead = running[running >= start]
            if len(ahead) < max(seconds, 1):
                return None
            return int(ahead[0] if seconds == 0 else ahead[seconds - 1] + 1)
        behind = running[running < start]
        return int(behind[seconds]) if len(behind) >= -seconds else None

    def moment(self, day: date, seconds: int) -> int | None:
        """Return when the clock comes to ``seconds`` after midnight of ``day``."""
        _, dates, minutes = readings(self.zone, self.first, self.last)
        if seconds == 86400:
            day, seconds = day + timedelta(days=1), 0
        goal = day.toordinal() * 1440 + seconds // 60
        reached = np.flatnonzero(dates * 1440 + minutes >= goal)
        if not len(reached):
            return None
        at = int(reached[0])
        on_the_minute = dates[at] * 1440 + minutes[at] == goal
        return self.start + 60 * at + (seconds % 60 if on_the_minute else 0)

    def working_days(self, start: int, days: int, holds: list[tuple[int, int]]) -> int | None:
        """Return the same time of day so many open days later, moved on by the holds."""
        begin = self.after(start, 0, [])
        if begin is None:
            return None
        wall = (EPOCH + timedelta(seconds=begin)).astimezone(ZoneInfo(self.zone))
        day, left = wall.date(), days
        while left:
            day += timedelta(days=1)
            if day >= self.last:
                return None
            left -= 1 if self.hours(day) else 0
        closing = self.hours(day)[-1][1]
        base = self.moment(day, min(wall.hour * 3600 + wall.minute * 60 + wall.second, closing))
        if base is None:
            return None
        inside = self.flags & ~self.running(holds)
        held = int(inside[start - self.start : max(base - self.start, 0)].sum())
        return self.after(base, held, holds) if held else base
