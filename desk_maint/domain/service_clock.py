"""Service calendars as tables for bulk arithmetic: open seconds and open dates by two look-ups.

All boundaries of all calendars fall on multiples of a common divisor, so that what lies before
any instant is one entry of a table.  Where the divisor is too small for that (opening hours to
the second, over many years) the boundaries are searched instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, local_date, wall_clock
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from desk_maint.domain.calendars import DayHours, ServiceCalendar

    Ints = NDArray[np.int64]

__all__ = ["Measured", "ServiceClock"]

_LARGEST_TABLE = 8_000_000
"""Entries of all calendars together, 16 bytes each; beyond it the boundaries are searched."""
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Measured:
    """What lies in stretches of service time."""

    seconds: Ints
    first_date: Ints
    last_date: Ints
    """Numbers of the open dates of the calendar, counted from the beginning of the period; without
    meaning where nothing is open."""


class ServiceClock:
    """The service time of several calendars over one period, as arrays know it.

    Instants are seconds since the beginning of the period (``int64``); ``calendar`` is an index
    into the calendars given.  ``edges`` are the beginnings of the months and the end of the last,
    in UTC seconds.  Dates are those of ``tz``, the bureau's zone, whatever zone a calendar names,
    so that the dates of months, and of an outlet before a move and after it, add up.  Raises
    :class:`InputError` where the period is empty.
    """

    def __init__(
        self, calendars: Sequence[ServiceCalendar], edges: Sequence[int], tz: ZoneInfo
    ) -> None:
        if len(edges) < 2 or edges[-1] <= edges[0]:  # noqa: PLR2004  (a beginning and an end)
            raise InputError(msg("The period ends before it begins. Choose a later end."))
        self.start, self.length = edges[0], edges[-1] - edges[0]
        self.edges: Ints = np.asarray(edges, np.int64) - self.start
        midnights = _midnights(local_date(self.start, tz), local_date(edges[-1], tz), tz)
        marks = midnights - self.start
        marks = marks[(marks > 0) & (marks < self.length)]
        opened = [self._opened(calendar, marks) for calendar in calendars]
        self._bases = _bases([len(starts) for starts, _, _ in opened])
        self._opens = _joined([starts for starts, _, _ in opened])
        self._closes = _joined([ends for _, ends, _ in opened])
        dates = [_dates(*columns) for columns in opened]
        self._date_bases = _bases([len(first) for first, _ in dates])
        self._first_opening = _joined([first for first, _ in dates])
        self._last_closing = _joined([last for _, last in dates])
        self._before = np.cumsum(self._closes - self._opens) - (self._closes - self._opens)
        self._step = gcd(
            *(int(np.gcd.reduce(column)) for column in (self.edges, self._opens, self._closes))
        )
        self._slots = self.length // self._step + 1
        self._tabled = self._slots * len(calendars) <= _LARGEST_TABLE
        if self._tabled:
            self._make_tables(len(calendars))

    def _opened(self, calendar: ServiceCalendar, marks: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the open stretches of a calendar, none over midnight, and the date of each."""
        opens, closes = _open_spans(calendar, self.start, self.start + self.length)
        points = np.unique(np.concatenate([opens, closes, marks]))
        change = np.zeros(len(points), np.int64)
        np.add.at(change, np.searchsorted(points, opens), 1)
        np.add.at(change, np.searchsorted(points, closes), -1)
        inside = np.flatnonzero(np.cumsum(change) > 0)
        starts = points[inside]
        return starts, points[inside + 1], np.searchsorted(marks, starts, side="right")

    def _make_tables(self, calendars: int) -> None:
        kind = np.int32 if self.length < 2**31 else np.int64
        shape = (calendars, self._slots)
        self._is_open = np.zeros(shape, kind)
        self._offset = np.zeros(shape, kind)
        """Open seconds before a slot, less its own beginning where it is open."""
        self._started = np.zeros(shape, np.int32)
        self._ended = np.zeros(shape, np.int32)
        beginnings = np.arange(self._slots, dtype=np.int64) * self._step
        for number in range(calendars):
            spans = slice(self._bases[number], self._bases[number + 1])
            dates = slice(self._date_bases[number], self._date_bases[number + 1])
            opened = np.cumsum(
                self._per_slot(self._opens[spans]) - self._per_slot(self._closes[spans])
            )
            before = np.cumsum(opened) * self._step - opened * self._step
            self._is_open[number] = opened
            self._offset[number] = before - opened * beginnings
            self._started[number] = np.cumsum(self._per_slot(self._first_opening[dates]))
            self._ended[number] = np.cumsum(self._per_slot(self._last_closing[dates]))
        for name in ("_is_open", "_offset", "_started", "_ended"):
            setattr(self, name, getattr(self, name).ravel())
        self._month = np.searchsorted(self.edges[1:-1], beginnings, side="right")

    def _per_slot(self, marks: Ints) -> Ints:
        return np.bincount(marks // self._step, minlength=self._slots)

    def month(self, at: Ints) -> Ints:
        """Return the number of the month in which each instant lies."""
        if len(self.edges) == 2:  # noqa: PLR2004  (the period is one month)
            return np.zeros(len(at), np.int64)
        if self._tabled:
            return self._month[at // self._step]
        return np.searchsorted(self.edges[1:-1], at, side="right")

    def measure(self, calendar: Ints, start: Ints, end: Ints) -> Measured:
        """Return the open seconds and the open dates in ``[start, end)``, none of them empty."""
        if not self._tabled:
            return Measured(
                self.seconds_before(calendar, end) - self.seconds_before(calendar, start),
                self.dates_ended(calendar, start),
                self.dates_started(calendar, end) - 1,
            )
        base = calendar * self._slots
        first = base + start // self._step
        last = base + (end - 1) // self._step
        seconds = end * self._is_open[last]
        seconds += self._offset[last]
        seconds -= start * self._is_open[first]
        seconds -= self._offset[first]
        return Measured(seconds, self._ended[first], self._started[last] - 1)

    def seconds_before(self, calendar: Ints, at: Ints) -> Ints:
        """Return the open seconds of each calendar from the beginning of the period to ``at``."""
        if self._tabled:
            slot = calendar * self._slots + at // self._step
            before: Ints = at * self._is_open[slot] + self._offset[slot]
            return before
        if not len(self._opens):
            return np.zeros_like(calendar + at)
        index = self._search(self._opens, self._bases, calendar, at)
        base = self._bases[calendar]
        last = np.maximum(index - 1, 0)
        before = self._before[last] + np.minimum(at, self._closes[last]) - self._opens[last]
        return np.where(index > base, before - self._before[np.minimum(base, last)], 0)

    def dates_started(self, calendar: Ints, at: Ints) -> Ints:
        """Return how many open dates of each calendar have begun to be open before ``at``."""
        if self._tabled:
            slot = calendar * self._slots + np.maximum(at - 1, 0) // self._step
            return np.where(at > 0, self._started[slot], 0)
        found = self._search(self._first_opening, self._date_bases, calendar, at - 1)
        return found - self._date_bases[calendar]

    def dates_ended(self, calendar: Ints, at: Ints) -> Ints:
        """Return how many open dates of each calendar are open no more from ``at`` on."""
        if self._tabled:
            ended: Ints = self._ended[calendar * self._slots + at // self._step].astype(np.int64)
            return ended
        found = self._search(self._last_closing, self._date_bases, calendar, at)
        return found - self._date_bases[calendar]

    def next_open(self, calendar: Ints, at: Ints) -> Ints:
        """Return the first open second at or after ``at``; there must be one in the period."""
        index = self._search(self._closes, self._bases, calendar, at)
        return np.maximum(self._opens[index], at)

    def date_bounds(self, calendar: Ints, number: Ints) -> tuple[Ints, Ints]:
        """Return first opening and last closing of open dates by their numbers."""
        row = self._date_bases[calendar] + number
        return self._first_opening[row], self._last_closing[row]

    def _search(self, marks: Ints, bases: Ints, calendar: Ints, at: Ints) -> Ints:
        """Return the place of the first mark later than ``at`` among those of each calendar."""
        offset = self.length + 2
        keys = marks + np.repeat(np.arange(len(bases) - 1), np.diff(bases)) * offset
        return np.searchsorted(keys, at + calendar * offset, side="right")


def _open_spans(calendar: ServiceCalendar, start: int, end: int) -> tuple[Ints, Ints]:
    """Return openings and closings in ``[start, end)`` since ``start``; they may touch."""
    zones = {version.zone.key: version.zone for version in calendar.versions}
    if len(zones) > 1:
        # Where the zone itself changes, days are no longer laid end to end.
        spans = np.array(calendar.open_spans(start, end), np.int64).reshape(-1, 2) - start
        return spans[:, 0], spans[:, 1]
    (tz,) = zones.values()
    first, last = local_date(start, tz), local_date(end, tz)
    midnights = _midnights(first, last, tz)
    # Where the clock does not change, hours are so many seconds after midnight.
    even = np.diff(midnights) == DAY
    days: dict[DayHours, list[int]] = {}
    for number in range(len(midnights) - 1):
        hours = calendar.hours_on(first + timedelta(days=number))
        days.setdefault(hours, []).append(number)
    opens: list[Ints] = []
    closes: list[Ints] = []
    for hours, numbers in days.items():
        which = np.array(numbers)
        uneven = which[~even[which]].tolist()
        for opening, closing in hours:
            regular = midnights[which[even[which]]]
            opens.append(regular + opening)
            closes.append(regular + closing)
            for seconds, column in ((opening, opens), (closing, closes)):
                changed = [wall_clock(first + timedelta(days=n), seconds, tz) for n in uneven]
                column.append(np.array(changed, np.int64))
    starts = np.clip(_joined(opens) - start, 0, end - start)
    ends = np.clip(_joined(closes) - start, 0, end - start)
    kept = starts < ends
    return starts[kept], ends[kept]


@lru_cache(maxsize=8)
def _midnights(first: date, last: date, tz: ZoneInfo) -> Ints:
    """Return the instants at which the dates from ``first`` to ``last`` and the next begin."""
    numbers = np.arange(first.toordinal(), last.toordinal() + 2)
    offsets = (tz.utcoffset(datetime.fromordinal(number)) for number in numbers.tolist())
    seconds = np.array([offset.total_seconds() if offset else 0 for offset in offsets], np.int64)
    midnights = (numbers - _EPOCH) * DAY - seconds
    changed = np.flatnonzero(np.diff(midnights) != DAY)
    for number in sorted({*changed.tolist(), *(changed + 1).tolist()}):
        midnights[number] = wall_clock(first + timedelta(days=number), 0, tz)
    midnights.flags.writeable = False
    return midnights


def _dates(opens: Ints, closes: Ints, dates: Ints) -> tuple[Ints, Ints]:
    """Return first opening and last closing of each date."""
    changes = np.flatnonzero(np.diff(dates))
    first = np.concatenate([[0], changes + 1]) if len(dates) else changes
    last = np.concatenate([changes, [len(dates) - 1]]) if len(dates) else changes
    return opens[first], closes[last]


def _joined(columns: Sequence[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *columns])


def _bases(lengths: Sequence[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int64)
