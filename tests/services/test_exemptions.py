"""A fault leaves the required time only once a second person agrees."""

from __future__ import annotations

from datetime import date

import pytest

from desk_maint.db.models import Device, Fault
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState, Impact, TicketState
from desk_maint.services import exemptions, proposed_exemptions, ticket_queue, uptime
from desk_maint.services.ticket_queue import TicketFilter
from desk_maint.services.waiting import count_waiting
from tests.services.conftest import local

AT = local("2026-06-01 12:00")
JUNE = (date(2026, 6, 1), date(2026, 7, 1))


def test_nobody_decides_what_he_proposed_himself(district):
    key = district.report().id
    exemptions.propose(district.database, district.manager, key, "运营商线路", version=1, at=AT)
    for decide in (exemptions.approve, _refuse):
        with pytest.raises(PermissionDeniedError, match="yourself"):
            decide(district.database, district.manager, key, version=district.version(key), at=AT)
    with pytest.raises(PermissionDeniedError):
        exemptions.approve(
            district.database, district.technician, key, version=district.version(key), at=AT
        )
    assert district.ticket(key).row.exempt_state is ExemptState.PROPOSED
    exemptions.approve(
        district.database, district.other_manager, key, version=district.version(key), at=AT
    )
    details = district.ticket(key)
    assert details.row.exempt_state is ExemptState.APPROVED
    assert (details.exempt_proposed_by, details.exempt_by) == ("赵经理", "钱经理")


def test_an_approval_may_be_taken_back_and_proposed_again(district):
    key = district.report().id
    database = district.database

    def version():
        return district.version(key)

    exemptions.propose(database, district.technician, key, "停电", version=1, at=AT)
    with pytest.raises(InputError, match="already been proposed"):
        exemptions.propose(database, district.manager, key, "停电", version=version(), at=AT)
    exemptions.approve(database, district.manager, key, version=version(), at=AT)
    _refuse(database, district.other_manager, key, version=version(), at=AT)
    assert district.ticket(key).row.exempt_state is ExemptState.REFUSED
    with pytest.raises(InputError, match="waits for a decision"):
        exemptions.approve(database, district.manager, key, version=version(), at=AT)
    exemptions.propose(database, district.technician, key, "有供电证明", version=version(), at=AT)
    assert district.ticket(key).exempt_by is None


def test_pending_ones_wait_for_everybody_but_their_proposer(district):
    key = district.report().id
    exemptions.propose(district.database, district.manager, key, "停电", version=1, at=AT)
    early = local("2026-06-01 09:01")

    def waiting(actor):
        return count_waiting(district.database, actor, early).to_decide

    assert waiting(district.manager) == 0
    assert waiting(district.other_manager) == 1
    pending = ticket_queue.list_tickets(
        district.database, district.other_manager, TicketFilter(exemption_proposed=True)
    )
    assert [row.id for row in pending.rows] == [key]


def test_what_an_approval_takes_out_is_what_it_takes_out(district):
    """Two proposed faults overlap each other, a counted one and the end of the period."""
    database, when = district.database, local("2026-07-03 12:00")
    atm, terminal = district.atm, district.terminal
    spans = (
        (atm, "2026-06-01 09:00", "2026-06-01 13:00", Impact.OUT_OF_SERVICE, True),
        (atm, "2026-06-01 12:00", "2026-06-01 18:00", Impact.OUT_OF_SERVICE, True),
        (atm, "2026-06-01 16:00", "2026-06-01 20:00", Impact.OUT_OF_SERVICE, False),
        (atm, "2026-06-03 09:00", "2026-06-03 20:00", Impact.DEGRADED, True),
        (atm, "2026-06-30 22:00", "2026-07-01 05:00", Impact.OUT_OF_SERVICE, True),
        (terminal, "2026-06-04 10:00", None, Impact.OUT_OF_SERVICE, True),
    )
    with database.change(district.manager, "import", at=when) as work:
        keys = [_written(work.session, *span) for span in spans]

    def listed():
        found = proposed_exemptions.list_proposed(database, district.manager, *JUNE, as_of=when)
        return {row.ticket.id: row for row in found}

    def down():
        report = uptime.uptime(database, district.manager, *JUNE, as_of=when)
        return sum(row.figures.down_seconds for row in report.groups)

    proposed = listed()
    assert set(proposed) == {key for key, span in zip(keys, spans, strict=True) if span[4]}
    hours = [proposed[key].seconds / 3600 for key in keys[:2]]
    assert hours == [3, 3]
    assert proposed[keys[3]].seconds == 0
    assert proposed[keys[4]].seconds == 2 * 3600
    for key in proposed:
        before, told = down(), listed()[key].seconds
        exemptions.approve(database, district.manager, key, version=district.version(key), at=when)
        assert before - down() == told
    assert listed() == {}


def test_who_may_decide_is_told_with_the_proposal(district):
    key = district.report().id
    exemptions.propose(district.database, district.manager, key, "运营商线路", version=1, at=AT)

    def seen_by(actor):
        (row,) = proposed_exemptions.list_proposed(district.database, actor, *JUNE, as_of=AT)
        return row.may_decide, row.reason, row.proposed_by

    assert seen_by(district.manager) == (False, "运营商线路", "赵经理")
    assert seen_by(district.other_manager) == (True, "运营商线路", "赵经理")
    assert seen_by(district.technician) == (False, "运营商线路", "赵经理")


def _written(session, device, occurred, restored, impact, proposed):
    start = local(occurred)
    row = Fault(
        number=f"F{start}-{impact}",
        device_id=device,
        outlet_id=session.get(Device, device).outlet_id,
        occurred_at=start,
        reported_at=start,
        restored_at=None if restored is None else local(restored),
        impact=impact,
        grade=2,
        state=TicketState.REPORTED if restored is None else TicketState.RESTORED,
        exempt_state=ExemptState.PROPOSED if proposed else None,
        exempt_reason="线路" if proposed else None,
        exempt_proposed_by="赵磊" if proposed else None,
    )
    session.add(row)
    session.flush()
    return row.id


def _refuse(database, actor, key, **more):
    return exemptions.refuse(database, actor, key, "证据不足", **more)
