"""Exemptions: a fault leaves the required time once two people say that its cause lies outside.

Outside are the carrier's line, the mains, the upper-level host and external force.  One proposes,
somebody else approves; until then the fault counts (section 4 of the domain rules).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState, TicketState
from desk_maint.domain.messages import msg
from desk_maint.services.records import fill, need_reason
from desk_maint.services.tickets import doing

if TYPE_CHECKING:
    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.db.models import Fault
    from desk_maint.domain.people import Actor

__all__ = ["approve", "propose", "refuse"]


def propose(
    database: Database, actor: Actor, ticket_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Propose that the fault leaves the required time, for its cause lies outside.

    Until somebody else has approved it, it counts.
    """
    need_reason(reason)
    with doing(database, actor, "ticket.propose_exemption", ticket_id, version, at, reason) as (
        work,
        fault,
    ):
        if fault.state is TicketState.CANCELLED:
            raise InputError(
                msg(
                    "Ticket {number} is cancelled and counts for nothing already.",
                    number=fault.number,
                )
            )
        if fault.exempt_state in {ExemptState.PROPOSED, ExemptState.APPROVED}:
            raise InputError(
                msg(
                    "An exclusion of ticket {number} has already been proposed.",
                    number=fault.number,
                )
            )
        fault.exempt_state = ExemptState.PROPOSED
        fault.exempt_proposed_by, fault.exempt_by = actor.name, None
        fill(fault, {"exempt_reason": reason})
    return work.changes


def approve(database: Database, actor: Actor, ticket_id: int, *, version: int, at: int) -> Changes:
    """Approve an exemption that somebody else proposed."""
    with doing(database, actor, "ticket.approve_exemption", ticket_id, version, at) as (
        work,
        fault,
    ):
        _pending_of_another(fault, actor)
        fault.exempt_state, fault.exempt_by = ExemptState.APPROVED, actor.name
    return work.changes


def refuse(
    database: Database, actor: Actor, ticket_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Refuse an exemption that somebody else proposed, or take an approval back."""
    need_reason(reason)
    with doing(database, actor, "ticket.refuse_exemption", ticket_id, version, at, reason) as (
        work,
        fault,
    ):
        if fault.exempt_state is not ExemptState.APPROVED:
            _pending_of_another(fault, actor)
        fault.exempt_state, fault.exempt_by = ExemptState.REFUSED, actor.name
    return work.changes


def _pending_of_another(fault: Fault, actor: Actor) -> None:
    if fault.exempt_state is not ExemptState.PROPOSED:
        raise InputError(
            msg(
                "No exclusion of ticket {number} waits for a decision. Look at it again.",
                number=fault.number,
            )
        )
    if fault.exempt_proposed_by == actor.name:
        raise PermissionDeniedError(
            msg("You proposed this exclusion yourself; somebody else has to decide it.")
        )
