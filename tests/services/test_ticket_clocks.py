"""The clocks of tickets as they stood at a moment."""

from __future__ import annotations

import random

import pytest

from desk_maint.domain.deadlines import StepKind
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.faults import HoldReason, Responsibility, TicketState
from desk_maint.domain.instants import HOUR, MINUTE
from desk_maint.services import ticket_clocks, tickets
from desk_maint.services.ticket_filter import TicketFilter
from desk_maint.services.tickets import Repair
from tests.services.conftest import local

MADE = "2026-06-01 09:00"


@pytest.fixture
def held(district):
    """Reported 9:00, accepted 9:10, held 10:00-15:00 without access, restored 18:00, confirmed."""
    d = district
    key = d.report(when=MADE).id

    def verb(call, actor, when, *rest):
        call(d.database, actor, key, *rest, version=d.version(key), at=local(f"2026-06-01 {when}"))

    tickets.accept(d.database, d.technician, {key: 1}, at=local("2026-06-01 09:10"))
    verb(tickets.hold, d.technician, "10:00", HoldReason.NO_ACCESS)
    verb(tickets.resume, d.technician, "15:00")
    verb(tickets.restore, d.technician, "18:00", Repair("老化", Responsibility.MAINTENANCE))
    verb(tickets.confirm, d.clerk, "18:30")
    return key


def _at(district, when, **wanted):
    clocks = ticket_clocks.ticket_clocks(
        district.database, district.manager, TicketFilter(**wanted), as_of=local(when)
    )
    return clocks[0] if clocks else None


@pytest.mark.usefixtures("held")
def test_what_comes_later_is_not_known(district):
    assert _at(district, "2026-06-01 08:59") is None
    early = _at(district, "2026-06-01 09:05")
    assert (early.state, early.accepted_at) == (TicketState.REPORTED, None)
    assert early.repair_due_at == local("2026-06-01 17:00"), "the hold is still to come"
    assert early.repair_clock_seconds == 5 * MINUTE
    resting = _at(district, "2026-06-01 12:00")
    assert resting.state is TicketState.ON_HOLD
    assert resting.repair_due_at == local("2026-06-01 19:00"), "as if the hold ended now"
    assert (resting.repair_clock_seconds, resting.held_seconds) == (HOUR, 2 * HOUR)
    assert resting.in_time is None
    restored = _at(district, "2026-06-01 18:00")
    assert (restored.state, restored.in_time) == (TicketState.RESTORED, True)
    assert restored.confirmed_at is None
    closed = _at(district, "2026-06-09 00:00")
    assert closed.state is TicketState.CLOSED
    # Eight open hours without the five held ones: two o'clock the next day.
    assert closed.repair_due_at == local("2026-06-02 10:00")
    assert (closed.repair_clock_seconds, closed.held_seconds) == (4 * HOUR, 5 * HOUR)
    assert (closed.outlet, closed.group, closed.tag) == ("0101", "atm", "ATM-01")


def test_an_open_ticket_past_its_limit_is_a_miss(district):
    district.report(when=MADE)
    assert _at(district, "2026-06-01 17:00").in_time is None, "the moment itself is in time"
    assert _at(district, "2026-06-01 17:01").in_time is False


@pytest.mark.usefixtures("held")
def test_states_are_asked_of_that_moment(district):
    on_hold = frozenset({TicketState.ON_HOLD})
    assert _at(district, "2026-06-01 12:00", states=on_hold) is not None
    assert _at(district, "2026-06-01 16:00", states=on_hold) is None


def test_a_cancelled_ticket_is_neither_in_time_nor_late(district):
    key = district.report(when=MADE).id
    tickets.cancel(
        district.database,
        district.clerk,
        key,
        "误报",
        version=1,
        at=local("2026-06-01 10:00"),
    )
    clock = _at(district, "2026-06-09 00:00")
    assert (clock.state, clock.in_time) == (TicketState.CANCELLED, None)
    assert clock.repair_clock_seconds == HOUR


def test_the_explanation_adds_up(district, held):
    number = district.ticket(held).row.number
    found = ticket_clocks.explain(
        district.database, district.clerk, number, as_of=local("2026-06-09 00:00")
    )
    assert found.calendar == "maintenance hours"
    assert (found.accept_limit, found.on_site_limit, found.repair_limit) == ("30m", "2h", "8h")
    counted = [step for step in found.repair.steps if step.kind is StepKind.COUNTED]
    assert sum(step.seconds for step in counted) == 8 * HOUR
    kinds = [step.kind for step in found.repair.steps]
    assert kinds == [
        StepKind.COUNTED,
        StepKind.HELD,
        StepKind.COUNTED,
        StepKind.CLOSED,
        StepKind.COUNTED,
    ]
    assert found.repair.due_at == found.clock.repair_due_at
    assert found.accept.due_at == found.clock.accept_due_at == local("2026-06-01 09:30")


def test_other_outlets_tickets_are_not_explained(district, held):
    number = district.ticket(held).row.number
    for actor, when in ((district.south_clerk, "2026-06-09"), (district.clerk, "2026-05-01")):
        with pytest.raises(NotFoundError):
            ticket_clocks.explain(district.database, actor, number, as_of=local(f"{when} 00:00"))
    assert (
        ticket_clocks.ticket_clocks(
            district.database, district.south_clerk, as_of=local("2026-06-09 00:00")
        )
        == ()
    )


def test_at_any_moment_clocks_and_explanation_agree(district, held):
    chance = random.Random(1)  # noqa: S311  (repeatable, not secret)
    number = district.ticket(held).row.number
    start, end = local("2026-06-01 09:00"), local("2026-06-02 12:00")
    for _ in range(20):
        as_of = chance.randint(start, end)
        found = ticket_clocks.explain(district.database, district.manager, number, as_of=as_of)
        assert found.repair.due_at == found.clock.repair_due_at
        total = found.clock.repair_clock_seconds + found.clock.held_seconds
        ended = found.clock.restored_at or as_of
        assert total <= ended - start
