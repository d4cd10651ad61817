"""A slow second reading of the rules: every second of a period asked for by itself.

It shares no arithmetic with the program: open or closed is read off the wall clock of each
minute, unions are arrays of booleans, and dates are counted one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Wall:
    """Opening hours as the reference understands them: a zone and a rule by date."""

    zone: ZoneInfo
    hours: Callable[[date], tuple[tuple[int, int], ...]]

    def open_seconds(self, start: int, end: int) -> np.ndarray:
        """Return for every second of ``[start, end)`` whether it is open."""
        flags = np.zeros(end - start, bool)
        minute = start - start % 60
        while minute < end:
            local = datetime.fromtimestamp(minute, UTC).astimezone(self.zone)
            of_day = local.hour * 3600 + local.minute * 60
            if any(a <= of_day < b for a, b in self.hours(local.date())):
                flags[max(minute - start, 0) : minute + 60 - start] = True
            minute += 60
        return flags

    def dates(self, start: int, end: int) -> np.ndarray:
        """Return for every second its local date as a number."""
        days = np.zeros(end - start, np.int64)
        minute = start - start % 60
        while minute < end:
            local = datetime.fromtimestamp(minute, UTC).astimezone(self.zone)
            days[max(minute - start, 0) : minute + 60 - start] = local.date().toordinal()
            minute += 60
        return days


def covered(start: int, end: int, intervals: Iterable[tuple[int, int | None]]) -> np.ndarray:
    """Return for every second of ``[start, end)`` whether one of the intervals covers it."""
    flags = np.zeros(end - start, bool)
    for first, last in intervals:
        stop = end if last is None else min(last, end)
        if stop > max(first, start):
            flags[max(first, start) - start : stop - start] = True
    return flags


def month_edges(first: date, last: date, zone: ZoneInfo) -> list[int]:
    """Return the beginnings of the local months between two dates, and both ends."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    edges = [day for day in days if day in (first, last) or day.day == 1]
    return [int(datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) for d in edges]
