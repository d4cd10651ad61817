"""Random walks through tickets: what is offered is what is accepted, and what follows is right."""

from __future__ import annotations

import random
from contextlib import nullcontext

import pytest
from sqlalchemy import select

from desk_maint.db.models import Fault
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import Grade, HoldReason, Responsibility
from desk_maint.domain.tickets import Moments, state_of
from desk_maint.services import exemptions, ticket_details, tickets
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.tickets import Repair
from tests.services.conftest import local

STEPS = 60


def _verbs(chance: random.Random):
    """Each action as a call of (database, actor, key, version=…, at=…)."""
    reason = chance.choice(list(HoldReason))
    return {
        "ticket.accept": lambda d, a, k, version, at: tickets.accept(d, a, {k: version}, at=at),
        "ticket.assign": lambda d, a, k, version, at: tickets.assign(
            d, a, {k: version}, "李师傅", at=at
        ),
        "ticket.arrive": tickets.arrive,
        "ticket.hold": lambda d, a, k, **more: tickets.hold(d, a, k, reason, **more),
        "ticket.resume": tickets.resume,
        "ticket.spare": tickets.spare_in_service,
        "ticket.restore": lambda d, a, k, **more: tickets.restore(
            d, a, k, Repair("线路", Responsibility.CARRIER), **more
        ),
        "ticket.confirm": tickets.confirm,
        "ticket.send_back": lambda d, a, k, **more: tickets.send_back(d, a, k, "未修好", **more),
        "ticket.cancel": lambda d, a, k, **more: tickets.cancel(d, a, k, "误报", **more),
        "ticket.grade": lambda d, a, k, **more: tickets.set_grade(
            d, a, k, chance.choice(list(Grade)), "调整", **more
        ),
        "ticket.note": lambda d, a, k, version, at: tickets.add_note(d, a, k, "说明", at=at),  # noqa: ARG005
        "ticket.propose_exemption": lambda d, a, k, **more: exemptions.propose(
            d, a, k, "运营商线路", **more
        ),
        "ticket.approve_exemption": exemptions.approve,
        "ticket.refuse_exemption": lambda d, a, k, **more: exemptions.refuse(
            d, a, k, "证据不足", **more
        ),
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_is_offered_is_what_is_accepted(district, seed):
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    actors = [
        district.clerk,
        district.technician,
        district.manager,
        district.other_manager,
        district.administrator,
    ]
    now = local("2026-06-01 09:00")
    key = district.report(when="2026-06-01 09:00").id
    done = 0
    for _ in range(STEPS):
        now += chance.randint(1, 4 * 3600)
        actor = chance.choice(actors)
        verbs = _verbs(chance)
        seen = ticket_details.read_ticket(district.database, actor, key)
        action = chance.choice(sorted(verbs))
        offered = action in seen.possible
        with nullcontext() if offered else pytest.raises(InputError):
            verbs[action](district.database, actor, key, version=seen.row.version, at=now)
        done += offered
        _check_what_follows(district.database)
        if not any(each != "ticket.note" for each in seen.possible):
            break
    assert done > 3, "a walk that gets nowhere proves nothing"
    timeline = district.ticket(key).timeline
    assert [event.at for event in timeline] == sorted(event.at for event in timeline)
    assert timeline[0].action == "ticket.report"


def _check_what_follows(database) -> None:
    with database.read() as session:
        for fault in session.scalars(select(Fault)):
            moments = Moments(**{name: getattr(fault, name) for name in Moments.__slots__})
            held = any(hold.to_at is None for hold in fault.holds)
            assert fault.state is state_of(moments, held=held)
            dues = DeadlineBook(session).due(fault)
            stored = (fault.accept_due_at, fault.on_site_due_at, fault.repair_due_at)
            assert stored == (dues.accept, dues.on_site, dues.repair)
