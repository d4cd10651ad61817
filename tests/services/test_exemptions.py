"""A fault leaves the required time only once a second person agrees."""

from __future__ import annotations

import pytest

from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState
from desk_maint.services import exemptions, ticket_queue
from desk_maint.services.ticket_queue import TicketFilter
from tests.services.conftest import local

AT = local("2026-06-01 12:00")


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
        return ticket_queue.count_waiting(district.database, actor, early).to_decide

    assert waiting(district.manager) == 0
    assert waiting(district.other_manager) == 1
    pending = ticket_queue.list_tickets(
        district.database, district.other_manager, TicketFilter(exemption_proposed=True)
    )
    assert [row.id for row in pending.rows] == [key]


def _refuse(database, actor, key, **more):
    return exemptions.refuse(database, actor, key, "证据不足", **more)
