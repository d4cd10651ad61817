"""Uptime and device-days of many devices at once, exact to the second (section 4).

The unit is the *cell*: one stay of a device at an outlet, in service, within one month.  For each
cell the engine counts

* scheduled time: open time of the device's calendar, before now, less approved stoppages;
* down time: scheduled time under the union of the counted faults;
* exempt time: scheduled time under the union of the exempt faults, less down time;
* dates with scheduled time, and those of them touched by a counted fault (bad, strict), or by one
  past its repair limit with no spare in service (bad, within limits).

Everything is arrays of whole seconds since the beginning of the period.  Intervals of different
devices are kept apart by adding a multiple of a span longer than the period (*keyed* time), so
that a union over all devices is one pass of a running maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desk_maint.domain.calendars import ServiceCalendar
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.domain.service_clock import ServiceClock

__all__ = ["FOREVER", "Cells", "Faults", "Spans", "Stays", "compute_cells", "find_touches"]

Ints = NDArray[np.int64]
FOREVER = 2**53
"""The end of what has not ended, and the beginning of what never begins (UTC seconds)."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Stretches of service, one row each, ordered by device and start; rows never overlap.

    ``device`` numbers the devices from 0 without gaps in the order of the rows; ``calendar`` is an
    index into the calendars given to :func:`compute_cells`; times are UTC seconds.
    """

    device: Ints
    calendar: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults whose impact counts for the group of their device, ordered by device and start.

    ``end`` is :data:`FOREVER` while open.
    """

    device: Ints
    start: Ints
    end: Ints
    exempt: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of devices in any order, which may overlap: approved stoppages, or the time in
    which a counted fault is past its repair limit with no spare in service.
    """

    device: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Cells:
    """Figures by stay (rows) and month (columns); seconds unless said otherwise."""

    scheduled: Ints
    whole_scheduled: Ints
    """Scheduled over the whole month, the part after now included."""
    exempt: Ints
    down: Ints
    device_days: Ints
    bad_days_strict: Ints
    bad_days_within_limits: Ints
    first_down: Ints
    """First scheduled second of counted downtime in UTC seconds; :data:`FOREVER`: none."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Disjoint intervals in keyed time, in order."""

    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class _Placed:
    """Pieces cut to the cells they lie in, in order; only those with scheduled time."""

    cell: Ints
    calendar: Ints
    start: Ints
    end: Ints
    seconds: Ints


def compute_cells(  # noqa: PLR0913  (the parts of the definition)
    stays: Stays,
    faults: Faults,
    late: Spans,
    stops: Spans,
    calendars: Sequence[ServiceCalendar],
    edges: Sequence[int],
    now: int,
    clock: ServiceClock | None = None,
) -> Cells:
    """Return the figures of every stay in every month of a period.

    ``edges`` are the beginnings of the months and the end of the last (UTC seconds); nothing
    after ``now`` counts.  ``clock`` saves making the tables again for a further block of devices.
    Raises :class:`InputError` where the period is empty.
    """
    if len(edges) < 2 or edges[-1] <= edges[0]:  # noqa: PLR2004  (a beginning and an end)
        raise InputError(msg("The period ends before it begins. Choose a later end."))
    clock = clock or ServiceClock(calendars, edges[0], edges[-1], edges)
    return _Engine(stays, clock, np.asarray(edges, np.int64) - edges[0], now - edges[0]).run(
        faults, late, stops
    )


@dataclass(frozen=True, slots=True)
class Touches:
    """Which fault touches which stay in which month, in calendar time; one row each."""

    fault: Ints
    stay: Ints
    month: Ints


def find_touches(stays: Stays, faults: Faults, edges: Sequence[int], now: int) -> Touches:
    """Return where each fault (exempt or not) touches a stay before ``now``.

    A fault that was restored in the second it occurred touches the stay that holds that second.
    """
    bounds = np.asarray(edges, np.int64)
    devices = int(stays.device[-1]) + 1 if len(stays.device) else 0
    stays_of = np.bincount(stays.device, minlength=devices)
    first_stay = np.cumsum(stays_of) - stays_of
    fault, within = _spread(stays_of[faults.device])
    stay = first_stay[faults.device[fault]] + within
    start = np.maximum(np.maximum(faults.start[fault], stays.start[stay]), bounds[0])
    limit = np.minimum(np.minimum(stays.end[stay], now), bounds[-1])
    last = np.minimum(np.maximum(faults.end[fault], faults.start[fault] + 1), limit)
    kept = start < last
    fault, stay, start, last = fault[kept], stay[kept], start[kept], last[kept]
    month = np.searchsorted(bounds, start, side="right") - 1
    row, within = _spread(np.searchsorted(bounds, last, side="left") - month)
    return Touches(fault[row], stay[row], month[row] + within)


class _Engine:
    def __init__(self, stays: Stays, clock: ServiceClock, edges: Ints, now: int) -> None:
        self._clock = clock
        self._edges = edges
        self._months = len(edges) - 1
        self._now = min(max(now, 0), clock.length)
        self._span = clock.length + 1
        self._start = np.clip(stays.start - clock.start, 0, clock.length)
        self._end = np.clip(stays.end - clock.start, 0, clock.length)
        self._calendar = stays.calendar
        self._cells = len(stays.device) * self._months
        devices = int(stays.device[-1]) + 1 if len(stays.device) else 0
        self._stays_of = np.bincount(stays.device, minlength=devices)
        self._first_stay = np.cumsum(self._stays_of) - self._stays_of

    def run(self, faults: Faults, late: Spans, stops: Spans) -> Cells:
        stopped = self._union(stops.device, stops.start, stops.end, whole=True)
        counted = ~faults.exempt
        fault_pieces = self._union(
            faults.device[counted], faults.start[counted], faults.end[counted]
        )
        down = self._place(_difference(fault_pieces, stopped))
        late_pieces = self._union(late.device, late.start, late.end)
        whole, scheduled, days = self._scheduled(stopped)
        return Cells(
            scheduled=scheduled,
            whole_scheduled=whole,
            exempt=self._exempt(faults, fault_pieces, stopped),
            down=self._sum(down.cell, down.seconds),
            device_days=days,
            bad_days_strict=self._dates(down),
            bad_days_within_limits=self._dates(self._place(_difference(late_pieces, stopped))),
            first_down=self._first(down),
        )

    def _exempt(self, faults: Faults, fault_pieces: _Pieces, stopped: _Pieces) -> Ints:
        if not faults.exempt.any():
            return np.zeros((self._cells // self._months, self._months), np.int64)
        exempt = self._union(
            faults.device[faults.exempt], faults.start[faults.exempt], faults.end[faults.exempt]
        )
        placed = self._place(_difference(exempt, _merge([fault_pieces, stopped])))
        return self._sum(placed.cell, placed.seconds)

    def _union(self, device: Ints, start: Ints, end: Ints, *, whole: bool = False) -> _Pieces:
        """Return the union by device, cut to the period and (unless ``whole``) to now."""
        last = self._clock.length if whole else self._now
        begin = np.clip(start - self._clock.start, 0, last)
        finish = np.clip(end - self._clock.start, 0, last)
        kept = begin < finish
        if not kept.all():
            device, begin, finish = device[kept], begin[kept], finish[kept]
        offset = device * self._span
        return _merge([_Pieces(begin + offset, finish + offset)])

    def _place(self, pieces: _Pieces) -> _Placed:
        """Cut pieces to stays and months, and keep those with scheduled time."""
        device = pieces.start // self._span
        offset = device * self._span
        start, end = pieces.start - offset, pieces.end - offset
        stay = self._first_stay[device]
        counts = self._stays_of[device]
        if (counts != 1).any():
            source, within = _spread(counts)
            start, end, stay = start[source], end[source], stay[source] + within
        start, end = np.maximum(start, self._start[stay]), np.minimum(end, self._end[stay])
        month = np.searchsorted(self._edges, start, side="right") - 1
        cell = stay * self._months + month
        if self._months > 1:
            last = np.searchsorted(self._edges, end, side="left") - 1
            counts = np.where(start < end, last - month + 1, 0)
            if (counts != 1).any():
                source, within = _spread(counts)
                month = month[source] + within
                cell, stay = cell[source] + within, stay[source]
                start = np.maximum(start[source], self._edges[month])
                end = np.minimum(end[source], self._edges[month + 1])
        end = np.maximum(end, start)
        calendar = self._calendar[stay]
        seconds = self._clock.seconds_before(calendar, end)
        seconds = seconds - self._clock.seconds_before(calendar, start)
        kept = seconds > 0
        if kept.all():
            return _Placed(cell, calendar, start, end, seconds)
        return _Placed(cell[kept], calendar[kept], start[kept], end[kept], seconds[kept])

    def _sum(self, cell: Ints, values: Ints) -> Ints:
        # bincount adds in floating point: exact, for a cell stays far below 2**53.
        total = np.bincount(cell, values, minlength=self._cells)
        return total.astype(np.int64).reshape(-1, self._months)

    def _dates(self, placed: _Placed) -> Ints:
        """Return how many dates the pieces touch, each date of a cell once."""
        first = self._clock.dates_ended(placed.calendar, placed.start)
        last = self._clock.dates_started(placed.calendar, placed.end) - 1
        touched = last - first + 1
        shared = (placed.cell[1:] == placed.cell[:-1]) & (first[1:] == last[:-1])
        touched[1:] -= shared
        return self._sum(placed.cell, touched)

    def _first(self, placed: _Placed) -> Ints:
        found = np.full(self._cells, FOREVER, np.int64)
        if len(placed.cell):
            first = np.flatnonzero(np.diff(placed.cell, prepend=-1))
            found[placed.cell[first]] = self._clock.start + self._clock.next_open(
                placed.calendar[first], placed.start[first]
            )
        return found.reshape(-1, self._months)

    def _scheduled(self, stopped: _Pieces) -> tuple[Ints, Ints, Ints]:
        """Return scheduled time of the whole months, that before now, and its dates."""
        # Most devices of a calendar serve the whole period: their rows are all the same.
        kinds, which = np.unique(
            np.stack([self._calendar, self._start, self._end]), axis=1, return_inverse=True
        )
        start = np.maximum(kinds[1][:, None], self._edges[None, :-1])
        end = np.maximum(np.minimum(kinds[2][:, None], self._edges[None, 1:]), start)
        before_now = np.maximum(np.minimum(end, self._now), start)
        calendar = np.broadcast_to(kinds[0][:, None], start.shape)
        opened = self._clock.seconds_before(calendar, start)
        whole = self._clock.seconds_before(calendar, end) - opened
        scheduled = self._clock.seconds_before(calendar, before_now) - opened
        dates = self._clock.dates_started(calendar, np.maximum(before_now, 1))
        dates = np.where(scheduled > 0, dates - self._clock.dates_ended(calendar, start), 0)
        whole, scheduled, dates = whole[which], scheduled[which], dates[which]
        if len(stopped.start):
            taken = self._place(stopped)
            whole -= self._sum(taken.cell, taken.seconds)
            past = self._place(self._until_now(stopped))
            scheduled -= self._sum(past.cell, past.seconds)
            dates -= self._dates_stopped(past)
        return whole, scheduled, dates

    def _until_now(self, pieces: _Pieces) -> _Pieces:
        offset = pieces.start // self._span * self._span
        end = np.minimum(pieces.end, offset + self._now)
        kept = pieces.start < end
        return _Pieces(pieces.start[kept], end[kept])

    def _dates_stopped(self, past: _Placed) -> Ints:
        """Return how many dates of each cell have lost all their scheduled time to stoppages."""
        first = self._clock.dates_ended(past.calendar, past.start)
        last = self._clock.dates_started(past.calendar, past.end) - 1
        source, within = _spread(last - first + 1)
        date = first[source] + within
        calendar, cell = past.calendar[source], past.cell[source]
        opening, closing = self._clock.date_bounds(calendar, date)
        taken = self._between(
            calendar, np.maximum(past.start[source], opening), np.minimum(past.end[source], closing)
        )
        stay, month = np.divmod(cell, self._months)
        begin = np.maximum(np.maximum(self._start[stay], self._edges[month]), opening)
        finish = np.minimum(np.minimum(self._end[stay], self._edges[month + 1]), closing)
        there = self._between(calendar, begin, np.minimum(finish, self._now))
        # The pieces are in order, so those of one date of one cell stand together.
        fresh = np.flatnonzero(
            (np.diff(cell, prepend=-1) != 0) | (np.diff(date, prepend=-1) != 0)
        )
        if not len(fresh):
            return np.zeros((self._cells // self._months, self._months), np.int64)
        gone = np.add.reduceat(taken, fresh) >= there[fresh]
        return self._sum(cell[fresh], gone.astype(np.int64))

    def _between(self, calendar: Ints, start: Ints, end: Ints) -> Ints:
        end = np.maximum(end, start)
        return self._clock.seconds_before(calendar, end) - self._clock.seconds_before(
            calendar, start
        )


def _merge(parts: Sequence[_Pieces]) -> _Pieces:
    """Return the union of keyed intervals: one pass of a running maximum over those in order."""
    if len(parts) == 1:
        start, end = parts[0].start, parts[0].end
    else:
        start = np.concatenate([part.start for part in parts])
        end = np.concatenate([part.end for part in parts])
    if (start[1:] < start[:-1]).any():
        order = np.argsort(start, kind="stable")
        start, end = start[order], end[order]
    if not len(start):
        return _Pieces(start, end)
    reach = np.maximum.accumulate(end)
    fresh = np.flatnonzero(np.concatenate([[True], start[1:] > reach[:-1]]))
    return _Pieces(start[fresh], reach[np.append(fresh[1:] - 1, len(start) - 1)])


def _difference(left: _Pieces, right: _Pieces) -> _Pieces:
    """Return what ``left`` covers and ``right`` does not; both disjoint and in order."""
    if not len(left.start) or not len(right.start):
        return left
    # Most pieces meet none of the other side and stay as they are.
    meets = np.searchsorted(right.end, left.start, side="right") < np.searchsorted(
        right.start, left.end, side="left"
    )
    if not meets.any():
        return left
    points = np.unique(
        np.concatenate([left.start[meets], left.end[meets], right.start, right.end])
    )
    start, end = points[:-1], points[1:]
    kept = _covers(_Pieces(left.start[meets], left.end[meets]), start) & ~_covers(right, start)
    first = np.concatenate([left.start[~meets], start[kept]])
    last = np.concatenate([left.end[~meets], end[kept]])
    order = np.argsort(first, kind="stable")
    return _Pieces(first[order], last[order])


def _covers(pieces: _Pieces, at: Ints) -> NDArray[np.bool_]:
    """Whether the disjoint pieces cover each instant."""
    index = np.searchsorted(pieces.start, at, side="right") - 1
    inside: NDArray[np.bool_] = (index >= 0) & (at < pieces.end[np.maximum(index, 0)])
    return inside


def _spread(counts: Ints) -> tuple[Ints, Ints]:
    """Return for each of ``counts`` copies the row it is a copy of, and its number among them."""
    source = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
    return source, within
