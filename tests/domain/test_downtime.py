from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings

from desk_maint.domain.downtime import find_downtime, scheduled_spans
from desk_maint.domain.service_clock import ServiceClock
from desk_maint.domain.uptime import FOREVER, Faults, Spans, Stays
from tests.domain.seconds import covered
from tests.domain.test_uptime import seconds_of, situations

NOBODY = -1


def arrays(devices) -> tuple[Stays, Faults, Spans]:
    """The situation as the arrays of the program; faults numbered as they stand in the rows."""
    stays = [(d, *stay) for d, (rows, _, _) in enumerate(devices) for stay in rows]
    faults = [(d, *fault) for d, (_, rows, _) in enumerate(devices) for fault in rows]
    stops = [(d, *stop) for d, (_, _, rows) in enumerate(devices) for stop in rows]

    def column(rows, index):
        return np.array([FOREVER if row[index] is None else row[index] for row in rows], np.int64)

    return (
        Stays(*(column(stays, i) for i in range(4))),
        Faults(
            *(column(faults, i) for i in range(3)), np.array([fault[3] for fault in faults], bool)
        ),
        Spans(*(column(stops, i) for i in range(3))),
    )


def owners_by_seconds(plans, start, end, now, devices):
    """Yield for every stay, second by second, whether it is scheduled and whose fault it is."""
    number = 0
    for stays, faults, stops in devices:
        for plan, begin, finish in stays:
            opened, _ = seconds_of(plans[plan], start, end)
            there = opened & covered(start, end, [(begin, min(finish, now))])
            there &= ~covered(start, end, stops)
            owner = np.full(end - start, NOBODY)
            # Later faults first, and exempt ones before counted ones: the last to write owns it.
            for exempt in (True, False):
                for row in reversed(range(len(faults))):
                    if faults[row][2] is exempt:
                        owner[covered(start, end, [faults[row][:2]])] = number + row
            yield there, np.where(there, owner, NOBODY)
        number += len(faults)


@settings(max_examples=60, deadline=None)
@given(situations())
def test_every_second_of_downtime_has_the_fault_that_a_reading_by_seconds_gives_it(
    situation,
) -> None:
    plans, edges, now, devices = situation
    start, end = edges[0], edges[-1]
    stays, faults, stops = arrays(devices)
    calendars = [plan.calendar() for plan in plans]
    clock = ServiceClock(calendars, [start, end], ZoneInfo(plans[0].zone))
    found = find_downtime(stays, faults, stops, clock, now=now)
    expected = list(owners_by_seconds(plans, start, end, now, devices))
    owners = [np.full(end - start, NOBODY) for _ in expected]
    for fault, stay, first, last, seconds, exempt in zip(
        found.fault.tolist(),
        found.stay.tolist(),
        (found.start - start).tolist(),
        (found.end - start).tolist(),
        found.seconds.tolist(),
        found.exempt.tolist(),
        strict=True,
    ):
        scheduled = expected[stay][0][first:last]
        assert seconds == scheduled.sum() > 0
        assert exempt == faults.exempt[fault]
        piece = owners[stay][first:last]
        assert (piece == NOBODY).all()
        piece[scheduled] = fault
    for got, (_, owner) in zip(owners, expected, strict=True):
        assert (got == owner).all()


@settings(max_examples=60, deadline=None)
@given(situations())
def test_scheduled_spans_of_a_device_cover_exactly_its_scheduled_seconds(situation) -> None:
    plans, edges, now, devices = situation
    start, end = edges[0], edges[-1]
    calendars = [plan.calendar() for plan in plans]
    clock = ServiceClock(calendars, [start, end], ZoneInfo(plans[0].zone))
    for device in devices:
        stays, _, stops = arrays([device])
        there = np.zeros(end - start, bool)
        for scheduled, _ in owners_by_seconds(plans, start, end, now, [device]):
            there |= scheduled
        spans = scheduled_spans(stays, stops, calendars, clock, now=now)
        assert (covered(start, end, spans) == there).all()
        assert sum(b - a for a, b in spans) == there.sum()
