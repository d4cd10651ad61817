"""Service calendars as tables for bulk arithmetic: open seconds and open dates by two look-ups.

All boundaries of all calendars fall on multiples of a common divisor, so that the open time
before any instant is one entry of a table and a multiplication.  Instants here are seconds since
the beginning of the period (``int64`` arrays).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import gcd

import numpy as np
from numpy.typing import NDArray

from desk_maint.domain.calendars import ServiceCalendar, wall_clock
from desk_maint.domain.instants import local_date

__all__ = ["ServiceClock"]

Ints = NDArray[np.int64]
_LARGEST_TABLE = 24_000_000
"""Entries of all calendars together; beyond it the boundaries are searched instead."""


class ServiceClock:
    """The service time of several calendars over one period ``[start, end)`` in UTC seconds."""

    def __init__(
        self, calendars: Sequence[ServiceCalendar], start: int, end: int, edges: Sequence[int] = ()
    ) -> None:
        self.start, self.length = start, end - start
        spans = [calendar.open_spans(start, end) for calendar in calendars]
        dates = [_open_dates(calendar, start, end) for calendar in calendars]
        # The dates too: a calendar that never closes has no other boundary.
        boundaries = {b - start for rows in (*spans, *dates) for row in rows for b in row}
        step = gcd(self.length, *boundaries, *(edge - start for edge in edges)) or 1
        self.step = step
        self._stride = self.length // step + 1
        self._tabled = self._stride * len(calendars) <= _LARGEST_TABLE
        self._opens = _flat([[a - start for a, _ in rows] for rows in spans])
        self._closes = _flat([[b - start for _, b in rows] for rows in spans])
        self._first_opening = _flat([[a - start for a, _ in rows] for rows in dates])
        self._last_closing = _flat([[b - start for _, b in rows] for rows in dates])
        self._span_base = _bases(spans)
        self._date_base = _bases(dates)
        self._before = np.concatenate(
            [np.zeros(1, np.int64), np.cumsum(self._closes - self._opens)]
        )
        if self._tabled:
            self._make_tables(len(calendars))

    def _make_tables(self, calendars: int) -> None:
        size = self._stride * calendars
        self._is_open = np.zeros(size, np.int8)
        self._seconds = np.zeros(size, np.int32)
        self._started = np.zeros(size, np.int16)
        self._ended = np.zeros(size, np.int16)
        for number in range(calendars):
            rows = slice(number * self._stride, (number + 1) * self._stride)
            spans = slice(self._span_base[number], self._span_base[number + 1])
            days = slice(self._date_base[number], self._date_base[number + 1])
            change = np.zeros(self._stride, np.int8)
            change[self._opens[spans] // self.step] += 1
            np.add.at(change, self._closes[spans] // self.step, -1)
            opened = np.cumsum(change, dtype=np.int8)
            self._is_open[rows] = opened
            self._seconds[rows][1:] = np.cumsum(opened[:-1], dtype=np.int32) * self.step
            for table, marks in (
                (self._started, self._first_opening[days]),
                (self._ended, self._last_closing[days]),
            ):
                count = np.bincount(marks // self.step, minlength=self._stride)
                table[rows] = np.cumsum(count[: self._stride], dtype=np.int16)

    def seconds_before(self, calendar: Ints, at: Ints) -> Ints:
        """Return the open seconds of each calendar from the start of the period to ``at``."""
        if self._tabled:
            row, rest = np.divmod(at, self.step)
            row += calendar * self._stride
            return self._seconds[row] + rest * self._is_open[row]
        index = self._search(self._opens, self._span_base, calendar, at)
        base = self._span_base[calendar]
        inside = index > base
        last = np.maximum(index - 1, 0)
        opened = np.minimum(at, self._closes[last]) - self._opens[last]
        before = self._before[last] - self._before[base]
        return np.where(inside, before + opened, 0)

    def dates_ended(self, calendar: Ints, at: Ints) -> Ints:
        """Return how many open dates have seen their last closing at or before ``at``."""
        if self._tabled:
            return self._ended[calendar * self._stride + at // self.step].astype(np.int64)
        found = self._search(self._last_closing, self._date_base, calendar, at)
        return found - self._date_base[calendar]

    def dates_started(self, calendar: Ints, at: Ints) -> Ints:
        """Return how many open dates have seen their first opening before ``at`` (over 0)."""
        if self._tabled:
            return self._started[calendar * self._stride + (at - 1) // self.step].astype(np.int64)
        found = self._search(self._first_opening, self._date_base, calendar, at - 1)
        return found - self._date_base[calendar]

    def next_open(self, calendar: Ints, at: Ints) -> Ints:
        """Return the first open second at or after ``at``; there must be one in the period."""
        index = self._search(self._closes, self._span_base, calendar, at)
        return np.maximum(self._opens[index], at)

    def date_bounds(self, calendar: Ints, date: Ints) -> tuple[Ints, Ints]:
        """Return first opening and last closing of each calendar's open date by its number."""
        row = self._date_base[calendar] + date
        return self._first_opening[row], self._last_closing[row]

    def _search(self, marks: Ints, bases: Ints, calendar: Ints, at: Ints) -> Ints:
        """Return the first mark later than ``at`` among those of each calendar."""
        offset = self.length + 1
        keys = marks + np.repeat(np.arange(len(bases) - 1), np.diff(bases)) * offset
        found = np.searchsorted(keys, at + calendar * offset, side="right")
        return found.astype(np.int64)


def _open_dates(calendar: ServiceCalendar, start: int, end: int) -> list[tuple[int, int]]:
    """Return first opening and last closing of each local date with open time in the period."""
    dates: list[tuple[int, int]] = []
    # Two days early: no zone is further than that from the date in any other.
    day = local_date(start, calendar.versions[0].zone) - timedelta(days=2)
    while True:
        hours, zone = calendar.hours_on(day), calendar.zone_on(day)
        if wall_clock(day, 0, zone) >= end:
            return dates
        if hours:
            opening = max(wall_clock(day, hours[0][0], zone), start)
            spans = calendar.open_spans(opening, min(wall_clock(day, hours[-1][1], zone), end))
            if spans:  # the date may lie before the period
                dates.append((spans[0].start, spans[-1].end))
        day += timedelta(days=1)


def _flat(rows: Sequence[Sequence[int]]) -> Ints:
    return np.fromiter((value for row in rows for value in row), np.int64)


def _bases(rows: Sequence[Sequence[object]]) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum([len(row) for row in rows])]).astype(
        np.int64
    )
