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
from desk_maint.domain.pieces import Pieces, difference, disjoint
from desk_maint.domain.uptime import (
    FOREVER,
    Faults,
    Spans,
    Stays,
    cut_to_months,
    pieces_of,
)

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


def find_downtime(
    stays: Stays, faults: Faults, stops: Spans, clock: ServiceClock, *, now: int
) -> Downtime:
    """Return every piece of downtime in the period of ``clock``, in order.

    Pieces are cut to stays, stoppages and ``now`` (UTC seconds), and where the months of the clock
    end.  Summed over the rows of a stay that are not exempt the seconds are its down time, over
    the others its exempt time, as :func:`~desk_maint.domain.uptime.compute_cells` counts them.
    Of faults that occurred in the same second the earlier row goes first.
    """
    span = clock.length + 1
    stopped = disjoint(
        pieces_of(stays, stops.device, stops.start, stops.end, clock, until=FOREVER), span
    )
    found = pieces_of(stays, faults.device, faults.start, faults.end, clock, until=now)
    exempt = faults.exempt[found.source]
    counted = disjoint(found.rows(~exempt), span)
    spared = difference(disjoint(found.rows(exempt), span), counted, span)
    parts = [difference(part, stopped, span) for part in (counted, spared)]
    pieces = Pieces(
        np.concatenate([part.stay for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.source for part in parts]),
    )
    pieces, _ = cut_to_months(pieces, clock)
    seconds = clock.measure(stays.calendar[pieces.stay], pieces.start, pieces.end).seconds
    order = np.lexsort((pieces.start, pieces.stay))
    order = order[seconds[order] > 0]
    pieces = pieces.rows(order)
    return Downtime(
        pieces.source,
        pieces.stay,
        pieces.start + clock.start,
        pieces.end + clock.start,
        seconds[order],
        faults.exempt[pieces.source],
    )


def scheduled_spans(
    stays: Stays,
    stops: Spans,
    calendars: Sequence[ServiceCalendar],
    clock: ServiceClock,
    *,
    now: int,
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
