"""Lists and counts of tickets: SQL says the same as looking at every row."""

from __future__ import annotations

from itertools import product

import pytest

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import HoldReason, TicketState
from desk_maint.domain.instants import HOUR
from desk_maint.services import ticket_queue, tickets
from desk_maint.services.ticket_queue import SORTS, TicketFilter
from tests.services.conftest import local

NOW = local("2026-06-02 12:00")


def _names(district, queue, wanted, actor=None, **more):
    page = ticket_queue.list_tickets(district.database, actor or district.manager, wanted, **more)
    assert page.total == len(page.rows)
    names = {key: name for name, key in queue.items()}
    return [names[row.id] for row in page.rows]


def test_overdue_leaves_out_what_was_held_in_time(district, queue):
    found = _names(district, queue, TicketFilter(overdue_at=NOW))
    assert sorted(found) == ["late", "overdue"]
    every = ticket_queue.list_tickets(district.database, district.manager).rows
    names = {key: name for name, key in queue.items()}
    assert sorted(names[row.id] for row in every if row.overdue(NOW)) == ["late", "overdue"]


def test_filters(district, queue):
    for wanted, expected in (
        ({"states": frozenset({TicketState.ON_HOLD})}, ["held", "late"]),
        ({"states": frozenset({TicketState.RESTORED})}, ["restored"]),
        ({"categories": frozenset({Category.ATM})}, ["overdue", "restored"]),
        ({"technician": "李师傅"}, ["closed"]),
        ({"unassigned": True}, ["overdue"]),
        ({"text": "死机_"}, ["held"]),
        ({"text": "100%"}, ["late"]),
        ({"text": "%"}, ["late"]),
        ({"text": "atm-0"}, ["overdue", "restored"]),
        ({"text": "城南"}, ["closed", "restored"]),
        ({"text": "WX20260520"}, ["closed"]),
        ({"text": "取款机"}, ["overdue"]),
        ({"text": "ＡＴＭ－02"}, ["restored"]),
        ({"reported_since": local("2026-06-01 09:00")}, ["held", "overdue", "restored"]),
        ({"reported_until": local("2026-06-01 08:00")}, ["closed"]),
    ):
        found = _names(district, queue, TicketFilter(**wanted))
        assert sorted(found) == expected, wanted


def test_places_and_people(district, queue):
    d = district
    below = TicketFilter(outlet_ids=frozenset({d.bureau}))
    assert len(_names(d, queue, below)) == 5
    south = TicketFilter(outlet_ids=frozenset({d.south}))
    assert sorted(_names(d, queue, south)) == ["closed", "restored"]
    assert _names(d, queue, TicketFilter(device_id=d.camera)) == ["closed"]
    mine = TicketFilter(mine=True)
    assert sorted(_names(d, queue, mine, d.technician)) == ["held", "late", "restored"]
    assert sorted(_names(d, queue, mine, d.clerk)) == ["held", "late", "overdue"]
    assert sorted(_names(d, queue, TicketFilter(), d.south_clerk)) == ["closed", "restored"]
    assert _names(d, queue, south, d.clerk) == []


def test_the_nearest_deadline_comes_first(district, queue):
    by_deadline = _names(district, queue, TicketFilter())
    # Nothing is due any more for what is restored or closed.
    assert by_deadline[:3] == ["overdue", "late", "held"]
    assert set(by_deadline[3:]) == {"restored", "closed"}


def test_a_stopped_clock_stands_behind_those_that_run(district, queue):
    d = district
    # Reported a day later, so due later than the ticket that is held.
    queue = {**queue, "new": d.report(d.camera, "2026-06-02 09:00").id}
    rows = {
        name: row.repair_due_at
        for row in ticket_queue.list_tickets(d.database, d.manager).rows
        for name, key in queue.items()
        if key == row.id
    }
    assert rows["held"] < rows["new"]
    assert _names(d, queue, TicketFilter())[:4] == ["overdue", "late", "new", "held"]
    reverse = _names(d, queue, TicketFilter(), descending=True)
    assert reverse[:4] == ["new", "late", "overdue", "held"]


def test_every_sort_pages_without_gap_or_double(district, queue):
    for sort, descending in product(sorted(SORTS), (False, True)):
        keys: list[int] = []
        for offset in range(0, 6, 2):
            page = ticket_queue.list_tickets(
                district.database,
                district.manager,
                sort=sort,
                descending=descending,
                offset=offset,
                limit=2,
            )
            assert page.total == 5
            keys += [row.id for row in page.rows]
        assert sorted(keys) == sorted(queue.values())
        if sort != "next_due_at":
            every = ticket_queue.list_tickets(
                district.database, district.manager, sort=sort, descending=descending, limit=None
            )
            values = [getattr(row, sort) for row in every.rows]
            known = [value for value in values if value is not None]
            assert values[: len(known)] == known, "unknown values stand last"
            if sort in {"number", "tag", "reported_at", "repair_due_at", "grade"}:
                assert known == sorted(known, reverse=descending)


def test_an_unknown_sort_is_a_fault_of_the_program(district):
    with pytest.raises(ValueError, match="weather"):
        ticket_queue.list_tickets(district.database, district.manager, sort="weather")


@pytest.mark.usefixtures("queue")
def test_counts_agree_with_the_lists(district):
    d = district
    counts = ticket_queue.count_queue(d.database, d.technician, NOW)
    assert counts == ticket_queue.QueueCounts(
        open=3, to_accept=1, mine=2, overdue=2, on_hold=2, to_confirm=1, exemptions=0
    )


def test_a_stopped_clock_stands_where_it_was_stopped(district):
    reported = district.report()
    database, technician = district.database, district.technician
    tickets.accept(database, technician, {reported.id: 1}, at=local("2026-06-01 09:05"))
    tickets.hold(
        database,
        technician,
        reported.id,
        HoldReason.NO_ACCESS,
        version=2,
        at=local("2026-06-01 10:00"),
    )
    (row,) = ticket_queue.list_tickets(database, technician).rows
    # Two days later the site is still locked: of 09:00 to 17:00 one hour is used up, no more.
    now = local("2026-06-03 10:00")
    assert row.repair_due_at - row.clock_at(now) == 7 * HOUR
    assert not row.overdue(now)
