"""Which fault every second of downtime belongs to: the evidence behind the figures (section 4).

The figures count a second under several faults once.  Here it is given to one of them, so that
the rows of a list add up to the figures exactly: a counted second to the counted fault that
occurred first, an exempt second, which no counted fault covers, to the exempt fault that did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desk_maint.domain.intervals import Interval, subtract
from desk_maint.domain.uptime import Faults, Spans, Stays
from desk_maint.domain.uptime import _difference as difference
from desk_maint.domain.uptime import _Engine as Engine
from desk_maint.domain.uptime import _merge as merge
from desk_maint.domain.uptime import _Pieces as Pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desk_maint.domain.calendars import ServiceCalendar
    from desk_maint.domain.service_clock import ServiceClock

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

__all__ = ["Downtime", "find_downtime", "scheduled_spans"]


@dataclass(frozen=True, slots=True)
class Downtime:
    """Stretches of downtime of one fault at one stay, in order of stay and start; none overlap.

    ``fault`` and ``stay`` are rows of what was given to :func:`find_downtime`; ``start`` and
    ``end`` are UTC seconds, and ``seconds`` the scheduled ones between them, at least one.
    """

    fault: Ints
    stay: Ints
    start: Ints
    end: Ints
    seconds: Ints
    exempt: Flags


def find_downtime(  # noqa: PLR0913  (the parts of the definition)
    stays: Stays,
    faults: Faults,
    stops: Spans,
    clock: ServiceClock,
    now: int,
    *,
    edges: Sequence[int] = (),
) -> Downtime:
    """Return every piece of downtime in the period of ``clock``, in order.

    Pieces are cut to stays, stoppages and ``now``, and at ``edges`` (the beginning and the end
    of the period and moments between them; all UTC seconds).  Summed over the rows of a stay
    that are not exempt the seconds are its down time, over the others its exempt time, as
    :func:`~desk_maint.domain.uptime.compute_cells` counts them.  Of faults that occurred in the
    same second the earlier row goes first.
    """
    finder = _Finder(stays, clock, now, edges)
    stopped = finder.stopped(stops)
    counted = finder.owned(faults, np.flatnonzero(~faults.exempt))
    exempt = finder.owned(faults, np.flatnonzero(faults.exempt))
    down = finder.place(counted, stopped)
    spared = finder.place(exempt, merge([counted.pieces, stopped]))
    fault, stay, start, end, seconds = (
        np.concatenate(pair) for pair in zip(down, spared, strict=True)
    )
    flags = np.repeat([False, True], [len(down[0]), len(spared[0])])
    order = np.lexsort((start, stay))
    return Downtime(
        fault[order], stay[order], start[order], end[order], seconds[order], flags[order]
    )


def scheduled_spans(
    stays: Stays, stops: Spans, calendars: Sequence[ServiceCalendar], clock: ServiceClock, now: int
) -> list[Interval]:
    """Return the scheduled time of one device in the period of ``clock``, in UTC seconds."""
    start, end = clock.start, min(clock.start + clock.length, now)
    opened = [
        span
        for calendar, begin, finish in zip(
            stays.calendar.tolist(), stays.start.tolist(), stays.end.tolist(), strict=True
        )
        for span in calendars[calendar].open_spans(max(begin, start), min(finish, end))
    ]
    return subtract(opened, zip(stops.start.tolist(), stops.end.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Owned:
    """Disjoint pieces in keyed time, and the fault that each belongs to."""

    fault: Ints
    pieces: Pieces


class _Finder(Engine):
    """The engine of the figures with an owner for every piece, and with months if asked."""

    def __init__(self, stays: Stays, clock: ServiceClock, now: int, edges: Sequence[int]) -> None:
        cuts = np.asarray(edges or (clock.start, clock.start + clock.length), np.int64)
        super().__init__(stays, clock, cuts - clock.start, now - clock.start)
        self._device = stays.device

    def stopped(self, stops: Spans) -> Pieces:
        """Return the approved stoppages as disjoint pieces."""
        return self._union(stops.device, stops.start, stops.end, whole=True)

    def owned(self, faults: Faults, rows: Ints) -> _Owned:
        """Give each second under some of the faults to the one that occurred first."""
        rows = rows[np.lexsort((faults.start[rows], faults.device[rows]))]
        offset = faults.device[rows] * self._span
        begin = offset + np.clip(faults.start[rows] - self._clock.start, 0, self._now)
        finish = offset + np.clip(faults.end[rows] - self._clock.start, 0, self._now)
        if len(rows):
            reached = np.maximum.accumulate(finish)
            begin[1:] = np.maximum(begin[1:], reached[:-1])
        kept = begin < finish
        return _Owned(rows[kept], Pieces(begin[kept], finish[kept]))

    def place(self, owned: _Owned, taken: Pieces) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Return fault, stay, start, end and seconds of what of the pieces is not ``taken``."""
        placed = self._place(difference(owned.pieces, taken))
        stay = placed.cell // self._months
        keyed = self._device[stay] * self._span + placed.start
        owner = np.searchsorted(owned.pieces.start, keyed, side="right") - 1
        return (
            owned.fault[owner],
            stay,
            placed.start + self._clock.start,
            placed.end + self._clock.start,
            placed.seconds,
        )
