"""Uptime and device-days of many devices at once, exact to the second (section 4).

The unit is the *cell*: one stay of a device at an outlet, in service, within one month.  For each
cell the engine counts

* scheduled time: open time of the device's calendar, before now, less approved stoppages;
* down time: scheduled time under the union of the counted faults;
* exempt time: scheduled time under the union of the exempt faults, less down time;
* dates with scheduled time, and those of them touched by a counted fault (bad, strict), or by one
  past its repair limit with no spare in service (bad, within limits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desk_maint.domain.pieces import Pieces, difference, disjoint, ordered, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desk_maint.domain.service_clock import ServiceClock

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

__all__ = [
    "FOREVER",
    "Cells",
    "Faults",
    "Spans",
    "Stays",
    "Touches",
    "compute_cells",
    "count_owners",
    "cut_to_months",
    "find_touches",
    "pieces_of",
]

FOREVER = 2**53
"""The end of what has not ended, and the beginning of what never begins (UTC seconds)."""
_NEVER = -1


@dataclass(frozen=True, slots=True)
class Stays:
    """Stretches of service, one row each, ordered by device and start; rows never overlap.

    ``device`` numbers the devices from 0 without gaps in the order of the rows; ``calendar`` is an
    index into the calendars of the clock; times are UTC seconds.
    """

    device: Ints
    calendar: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults whose impact counts for the group of their device, ordered by device and start.

    Times are UTC seconds; ``end`` is :data:`FOREVER` while open.
    """

    device: Ints
    start: Ints
    end: Ints
    exempt: Flags


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of devices in any order, which may overlap: approved stoppages, or the time in
    which a counted fault is past its repair limit with no spare in service.
    """  # noqa: D205  (the two uses belong together)

    device: Ints
    start: Ints
    end: Ints

    def of(self, first: int, last: int) -> Spans:
        """Return those of the devices from ``first`` to before ``last``, numbered from 0."""
        rows = (self.device >= first) & (self.device < last)
        return Spans(self.device[rows] - first, self.start[rows], self.end[rows])


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
    """First second of counted downtime, since the beginning of the period; -1: none."""


@dataclass(frozen=True, slots=True)
class Touches:
    """What (a fault, a device) touches which stay, from which month to which; a row for each."""

    owner: Ints
    stay: Ints
    first_month: Ints
    last_month: Ints


@dataclass(frozen=True, slots=True)
class _Placed:
    """Pieces that lie in one cell each, in order, and what is scheduled in them (at least 1 s)."""

    cell: Ints
    calendar: Ints
    start: Ints
    end: Ints
    seconds: Ints
    first_date: Ints
    last_date: Ints


def compute_cells(  # noqa: PLR0913  (the parts of the definition)
    stays: Stays, faults: Faults, late: Spans, stops: Spans, clock: ServiceClock, *, now: int
) -> Cells:
    """Return the figures of every stay in every month of the clock's period.

    Nothing after ``now`` (UTC seconds) counts, but for what is scheduled in the whole period.
    """
    return _Engine(stays, clock, now).run(faults, late, stops)


def pieces_of(  # noqa: PLR0913  (columns that belong together)
    stays: Stays, device: Ints, start: Ints, end: Ints, clock: ServiceClock, *, until: int
) -> Pieces:
    """Return intervals of devices cut to their stays, the period and ``until`` (UTC seconds)."""
    row = np.arange(len(device))
    stay = device
    counts = np.bincount(stays.device)
    if len(counts) < len(stays.device):
        # Some device has served at two places: its intervals are looked for at each.
        row, number = spread(counts[device])
        stay = (np.cumsum(counts) - counts)[device[row]] + number
        start, end = start[row], end[row]
    begin = np.maximum(start, np.maximum(stays.start, clock.start)[stay])
    finish = np.minimum(end, np.minimum(stays.end, min(clock.start + clock.length, until))[stay])
    kept = begin < finish
    if not kept.all():
        row, stay, begin, finish = row[kept], stay[kept], begin[kept], finish[kept]
    begin -= clock.start
    finish -= clock.start
    return ordered(Pieces(stay, begin, finish, row), clock.length + 1)


def find_touches(stays: Stays, faults: Faults, clock: ServiceClock, *, now: int) -> Touches:
    """Return where each counted fault touches a stay before ``now``, in calendar time.

    A fault that was restored in the second it occurred touches the stay that holds that second.
    """
    counted = np.flatnonzero(~faults.exempt)
    start = faults.start[counted]
    end = np.maximum(faults.end[counted], start + 1)
    found = pieces_of(stays, faults.device[counted], start, end, clock, until=now)
    return Touches(
        counted[found.source], found.stay, clock.month(found.start), clock.month(found.end - 1)
    )


def count_owners(touches: Touches, row_of_stay: Ints, rows: int, months: int) -> Ints:
    """Return how many owners touch each row in each month (an array of rows by months).

    A row is any set of stays, such as an outlet; an owner that touches several of them in a month
    counts once there.
    """
    row = row_of_stay[touches.stay]
    several = np.bincount(touches.owner)[touches.owner] > 1
    once = ~several
    # Rising where an owner begins to touch a row, and falling in the month after the last.
    place, cells = row[once] * (months + 1), rows * (months + 1)
    change = np.bincount(place + touches.first_month[once], minlength=cells)
    change -= np.bincount(place + touches.last_month[once] + 1, minlength=cells)
    counts = np.cumsum(change.reshape(rows, months + 1), axis=1)[:, :months]
    if several.any():
        first = touches.first_month[several]
        which, number = spread(touches.last_month[several] - first + 1)
        cell = row[several][which] * months + first[which] + number
        distinct = np.unique(np.stack([cell, touches.owner[several][which]]), axis=1)
        counts += np.bincount(distinct[0], minlength=rows * months).reshape(rows, months)
    return counts


def cut_to_months(pieces: Pieces, clock: ServiceClock) -> tuple[Pieces, Ints]:
    """Return the pieces cut where months of the clock end, and the month of each."""
    first = clock.month(pieces.start)
    more = clock.month(pieces.end - 1) - first
    if not more.any():
        return pieces, first
    row, number = spread(more + 1)
    month = first[row] + number
    cut = Pieces(
        pieces.stay[row],
        np.maximum(pieces.start[row], clock.edges[month]),
        np.minimum(pieces.end[row], clock.edges[month + 1]),
        pieces.source[row],
    )
    return cut, month


class _Engine:
    def __init__(self, stays: Stays, clock: ServiceClock, now: int) -> None:
        self._stays = stays
        self._clock = clock
        self._now = min(max(now - clock.start, 0), clock.length)
        self._until = now
        self._span = clock.length + 1
        self._months = len(clock.edges) - 1
        self._shape = (len(stays.device), self._months)
        self._start = np.clip(stays.start - clock.start, 0, clock.length)
        self._end = np.clip(stays.end - clock.start, 0, clock.length)

    def run(self, faults: Faults, late: Spans, stops: Spans) -> Cells:
        stopped = self._disjoint(stops.device, stops.start, stops.end, until=FOREVER)
        exempt = faults.exempt
        running = self._disjoint(faults.device[~exempt], faults.start[~exempt], faults.end[~exempt])
        down = self._place(difference(running, stopped, self._span))
        spared = self._disjoint(faults.device[exempt], faults.start[exempt], faults.end[exempt])
        spared = difference(difference(spared, running, self._span), stopped, self._span)
        overdue = self._disjoint(late.device, late.start, late.end)
        whole, scheduled, days = self._scheduled(stopped)
        exempted = self._place(spared)
        return Cells(
            scheduled=scheduled,
            whole_scheduled=whole,
            exempt=self._sum(exempted.cell, exempted.seconds),
            down=self._sum(down.cell, down.seconds),
            device_days=days,
            bad_days_strict=self._dates(down),
            bad_days_within_limits=self._dates(
                self._place(difference(overdue, stopped, self._span))
            ),
            first_down=self._first(down),
        )

    def _disjoint(
        self, device: Ints, start: Ints, end: Ints, *, until: int | None = None
    ) -> Pieces:
        last = self._until if until is None else until
        return disjoint(
            pieces_of(self._stays, device, start, end, self._clock, until=last), self._span
        )

    def _place(self, pieces: Pieces) -> _Placed:
        """Cut pieces to months, and keep those with scheduled time."""
        pieces, month = cut_to_months(pieces, self._clock)
        calendar = self._stays.calendar[pieces.stay]
        found = self._clock.measure(calendar, pieces.start, pieces.end)
        kept = found.seconds > 0
        return _Placed(
            (pieces.stay * self._months + month)[kept],
            calendar[kept],
            pieces.start[kept],
            pieces.end[kept],
            found.seconds[kept],
            found.first_date[kept],
            found.last_date[kept],
        )

    def _sum(self, cell: Ints, values: Ints) -> Ints:
        # bincount adds in floating point: exact, for a cell stays far below 2**53.
        total = np.bincount(cell, values, minlength=self._shape[0] * self._shape[1])
        return total.astype(np.int64).reshape(self._shape)

    def _dates(self, placed: _Placed) -> Ints:
        """Return how many dates the pieces touch, each date of a cell once."""
        touched = placed.last_date - placed.first_date + 1
        shared = (placed.cell[1:] == placed.cell[:-1]) & (
            placed.first_date[1:] == placed.last_date[:-1]
        )
        touched[1:] -= shared
        return self._sum(placed.cell, touched)

    def _first(self, placed: _Placed) -> Ints:
        found = np.full(self._shape[0] * self._shape[1], _NEVER, np.int64)
        first = np.flatnonzero(np.diff(placed.cell, prepend=-1))
        if len(first):
            found[placed.cell[first]] = self._clock.next_open(
                placed.calendar[first], placed.start[first]
            )
        return found.reshape(self._shape)

    def _scheduled(self, stopped: Pieces) -> tuple[Ints, Ints, Ints]:
        """Return scheduled time of the whole months, that before now, and its dates."""
        clock, edges = self._clock, self._clock.edges
        calendar = self._stays.calendar[:, None]
        bounds = np.clip(edges, self._start[:, None], self._end[:, None])
        whole = np.diff(clock.seconds_before(calendar, bounds), axis=1)
        if self._now < clock.length:
            bounds = np.minimum(bounds, self._now)
            scheduled = np.diff(clock.seconds_before(calendar, bounds), axis=1)
        else:
            scheduled = whole.copy()
        dates = clock.dates_started(calendar, bounds[:, 1:]) - clock.dates_ended(
            calendar, bounds[:, :-1]
        )
        dates = np.where(scheduled > 0, dates, 0)
        if len(stopped):
            taken = self._place(stopped)
            whole -= self._sum(taken.cell, taken.seconds)
            past = stopped.rows(stopped.start < self._now)
            past = Pieces(past.stay, past.start, np.minimum(past.end, self._now), past.source)
            placed = self._place(past)
            scheduled -= self._sum(placed.cell, placed.seconds)
            dates -= self._dates_stopped(placed)
        return whole, scheduled, dates

    def _dates_stopped(self, past: _Placed) -> Ints:
        """Return how many dates of each cell have lost all their scheduled time to stoppages."""
        row, number = spread(past.last_date - past.first_date + 1)
        date = past.first_date[row] + number
        calendar, cell = past.calendar[row], past.cell[row]
        opening, closing = self._clock.date_bounds(calendar, date)
        taken = self._between(
            calendar, np.maximum(past.start[row], opening), np.minimum(past.end[row], closing)
        )
        stay, month = np.divmod(cell, self._months)
        edges = self._clock.edges
        begin = np.maximum(np.maximum(self._start[stay], edges[month]), opening)
        finish = np.minimum(np.minimum(self._end[stay], edges[month + 1]), closing)
        there = self._between(calendar, begin, np.minimum(finish, self._now))
        # The pieces are in order, so those of one date of one cell stand together.
        fresh = np.flatnonzero((np.diff(cell, prepend=-1) != 0) | (np.diff(date, prepend=-1) != 0))
        if not len(fresh):
            return np.zeros(self._shape, np.int64)
        gone = np.add.reduceat(taken, fresh) >= there[fresh]
        return self._sum(cell[fresh], gone.astype(np.int64))

    def _between(self, calendar: Ints, start: Ints, end: Ints) -> Ints:
        before = self._clock.seconds_before(calendar, start)
        return self._clock.seconds_before(calendar, np.maximum(end, start)) - before
