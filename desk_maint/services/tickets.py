"""What a person does to a ticket: one function each, one transaction each.

Every verb on an existing ticket takes the ``version`` that the caller saw; where somebody else
was faster it raises :class:`~desk_maint.domain.errors.StaleError` and changes nothing.  ``at`` is
the caller's clock.  ``moment`` is when the thing really happened, where that was earlier; without
it the thing happens now, and never before what the ticket already records, for the clocks of two
PCs may differ.  State and deadlines follow by themselves.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.db.models import Fault, FaultNote, Hold
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.instants import MINUTE
from desk_maint.domain.messages import At, msg
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import (
    Moments,
    TicketAction,
    check_action,
    check_holds,
    check_moments,
    is_open,
    state_of,
)
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, fill, need_reason, touch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import Grade, HoldReason, Impact, Responsibility
    from desk_maint.domain.people import Actor

__all__ = [
    "Repair",
    "accept",
    "add_note",
    "arrive",
    "assign",
    "cancel",
    "confirm",
    "doing",
    "hold",
    "refuse_future",
    "restore",
    "resume",
    "send_back",
    "set_grade",
    "spare_in_service",
]


CLOCKS_DIFFER_BY = 10 * MINUTE
"""So far the clocks of the bureau's PCs may be apart before a moment is taken for a wrong one."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What a technician says when the device is back in service."""

    cause: str
    responsibility: Responsibility
    """Who held the device while it was down."""
    action_taken: str = ""
    parts_used: str = ""


def accept(
    database: Database,
    actor: Actor,
    tickets: Mapping[int, int],
    *,
    technician: str | None = None,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Accept tickets (key to version), for oneself or for another technician.

    All of them or, if one cannot be accepted, none.
    """
    require(actor, "ticket.accept")
    with database.change(actor, "ticket.accept", at=at) as work:
        # In the order of their keys, so that two such changes cannot wait for each other.
        for key, version in sorted(tickets.items()):
            fault = _fetch(work, actor, "ticket.accept", key, version)
            check_action(TicketAction.ACCEPT, fault.state, fault.number)
            fault.accepted_at = _moment(fault, at, moment)
            fill(fault, {"technician": technician or fault.technician or actor.name})
            _settle(fault)
    return work.changes


def assign(
    database: Database,
    actor: Actor,
    tickets: Mapping[int, int],
    technician: str,
    *,
    at: int,
    reason: str | None = None,
) -> Changes:
    """Hand tickets (key to version) to a technician: all of them or, if one fails, none."""
    require(actor, "ticket.assign")
    if not technician.strip():
        raise InputError(msg("Choose who is to take over the ticket."))
    with database.change(actor, "ticket.assign", at=at, reason=reason) as work:
        for key, version in sorted(tickets.items()):
            fault = _fetch(work, actor, "ticket.assign", key, version)
            if not is_open(fault.state):
                raise InputError(
                    msg(
                        "The device of ticket {number} is back in service; there is nothing left "
                        "to hand over.",
                        number=fault.number,
                    )
                )
            fill(fault, {"technician": technician})
    return work.changes


def arrive(
    database: Database,
    actor: Actor,
    ticket_id: int,
    *,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Be on site."""
    with doing(database, actor, "ticket.arrive", ticket_id, version, at) as (work, fault):
        check_action(TicketAction.ARRIVE, fault.state, fault.number)
        fault.on_site_at = _moment(fault, at, moment)
        if fault.technician is None:
            fault.technician = actor.name
    return work.changes


def hold(
    database: Database,
    actor: Actor,
    ticket_id: int,
    reason: HoldReason,
    *,
    note: str | None = None,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Let the work rest; only no access and another party's work stop the clock.

    The note goes into the timeline.
    """
    with doing(database, actor, "ticket.hold", ticket_id, version, at, note) as (work, fault):
        check_action(TicketAction.HOLD, fault.state, fault.number)
        fault.holds.append(Hold(from_at=_moment(fault, at, moment), reason=reason))
        touch(fault)
    return work.changes


def resume(
    database: Database,
    actor: Actor,
    ticket_id: int,
    *,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """End the hold that is running."""
    with doing(database, actor, "ticket.resume", ticket_id, version, at) as (work, fault):
        check_action(TicketAction.RESUME, fault.state, fault.number)
        _end_hold(fault, _moment(fault, at, moment))
        touch(fault)
    return work.changes


def spare_in_service(
    database: Database,
    actor: Actor,
    ticket_id: int,
    *,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Record that a spare serves at the position from a moment on (reported to restored)."""
    with doing(database, actor, "ticket.spare", ticket_id, version, at) as (work, fault):
        check_action(TicketAction.SPARE, fault.state, fault.number)
        since = at if moment is None else moment
        refuse_future(since, at)
        fault.spare_from = max(since, fault.occurred_at)
    return work.changes


def restore(
    database: Database,
    actor: Actor,
    ticket_id: int,
    repair: Repair,
    *,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Put the device back in service; a hold still running ends with it."""
    if not repair.cause.strip():
        raise InputError(msg("Say what the cause was; the figures are kept by cause."))
    with doing(database, actor, "ticket.restore", ticket_id, version, at) as (work, fault):
        check_action(TicketAction.RESTORE, fault.state, fault.number)
        fault.restored_at = _moment(fault, at, moment)
        _end_hold(fault, fault.restored_at)
        fill(
            fault,
            {
                "cause": repair.cause,
                "responsibility": repair.responsibility,
                "action_taken": repair.action_taken,
                "parts_used": repair.parts_used,
                "technician": fault.technician or actor.name,
            },
        )
    return work.changes


def confirm(
    database: Database,
    actor: Actor,
    ticket_id: int,
    *,
    version: int,
    at: int,
    moment: int | None = None,
) -> Changes:
    """Agree that the device serves again: the using unit closes the ticket."""
    with doing(database, actor, "ticket.confirm", ticket_id, version, at) as (work, fault):
        check_action(TicketAction.CONFIRM, fault.state, fault.number)
        fault.confirmed_at = _moment(fault, at, moment)
    return work.changes


def send_back(
    database: Database, actor: Actor, ticket_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Send a ticket back for rework: the outage goes on as if it had never ended."""
    need_reason(reason)
    with doing(database, actor, "ticket.send_back", ticket_id, version, at, reason) as (
        work,
        fault,
    ):
        check_action(TicketAction.SEND_BACK, fault.state, fault.number)
        fault.restored_at = None
    return work.changes


def cancel(
    database: Database, actor: Actor, ticket_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Cancel a report that was none; a reporter her own, while nobody has accepted it."""
    need_reason(reason)
    with doing(database, actor, "ticket.cancel", ticket_id, version, at, reason) as (work, fault):
        check_action(TicketAction.CANCEL, fault.state, fault.number)
        if actor.role is Role.REPORTER and (
            fault.accepted_at is not None or fault.reported_by != actor.name
        ):
            raise PermissionDeniedError(
                msg(
                    "You may cancel your own report until it is accepted. Ask the technician to "
                    "cancel ticket {number}.",
                    number=fault.number,
                )
            )
        fault.cancelled_at = _moment(fault, at, None)
        fill(fault, {"cancel_reason": reason})
    return work.changes


def set_grade(
    database: Database,
    actor: Actor,
    ticket_id: int,
    grade: Grade,
    reason: str,
    *,
    impact: Impact | None = None,
    version: int,
    at: int,
) -> Changes:
    """Raise or lower the grade, and the impact where it turned out to be another.

    Only while the fault lasts: afterwards it would decide whether the repair was in time.
    """
    need_reason(reason)
    with doing(database, actor, "ticket.grade", ticket_id, version, at, reason) as (work, fault):
        if not is_open(fault.state):
            raise InputError(
                msg(
                    "Ticket {number} is no longer open, so its grade stays. A manager may still "
                    "correct the ticket.",
                    number=fault.number,
                )
            )
        fault.grade = int(grade)
        if impact is not None:
            fault.impact = impact
        fill(fault, {"grade_reason": reason})
    return work.changes


def add_note(database: Database, actor: Actor, ticket_id: int, text: str, *, at: int) -> Changes:
    """Add to what is known of a fault; nobody's version is stale by it."""
    require(actor, "ticket.note")
    if not text.strip():
        raise InputError(msg("The note is empty. Write what is to be added."))
    with database.change(actor, "ticket.note", at=at) as work:
        fault = _fetch(work, actor, "ticket.note", ticket_id, None)
        _note(work.session, fault, actor, text, at)
        work.touched("fault", [fault.id])
    return work.changes


@contextmanager
def doing(  # noqa: PLR0917  (the five that every verb on a ticket has)
    database: Database,
    actor: Actor,
    action: str,
    ticket_id: int,
    version: int,
    at: int,
    reason: str | None = None,
) -> Iterator[tuple[Work, Fault]]:
    """Do one thing to one ticket: permission and version before, state and deadlines after."""
    require(actor, action)
    with database.change(actor, action, at=at, reason=reason) as work:
        fault = _fetch(work, actor, action, ticket_id, version)
        before = _made_of(fault)
        yield work, fault
        _settle(fault)
        if _made_of(fault) != before:
            dues = DeadlineBook(work.session).due(fault)
            fault.accept_due_at, fault.on_site_due_at = dues.accept, dues.on_site
            fault.repair_due_at = dues.repair


def _fetch(work: Work, actor: Actor, action: str, ticket_id: int, version: int | None) -> Fault:
    fault = fetch(work.session, Fault, ticket_id, version=version)
    require(actor, action, fault.outlet_id)
    return fault


def _settle(fault: Fault) -> None:
    """Refuse moments that run backwards, and let the state follow."""
    moments = Moments(
        occurred_at=fault.occurred_at,
        reported_at=fault.reported_at,
        accepted_at=fault.accepted_at,
        on_site_at=fault.on_site_at,
        restored_at=fault.restored_at,
        confirmed_at=fault.confirmed_at,
        cancelled_at=fault.cancelled_at,
    )
    check_moments(moments)
    check_holds(moments, [(each.from_at, each.to_at) for each in fault.holds])
    fault.state = state_of(moments, held=any(each.to_at is None for each in fault.holds))


def _made_of(fault: Fault) -> tuple[object, ...]:
    """Return what of a ticket its deadlines follow from."""
    holds = [(each.from_at, each.to_at, each.reason) for each in fault.holds]
    return fault.reported_at, fault.grade, holds


def _moment(fault: Fault, at: int, moment: int | None) -> int:
    """Return when a thing happened: as given, or now by whichever clock is ahead.

    People tell moments to the minute: what is recorded in that very minute does not lie after it.
    """
    known = [fault.reported_at, fault.accepted_at, fault.on_site_at, fault.restored_at]
    known += [each.from_at for each in fault.holds] + [each.to_at for each in fault.holds]
    latest = max(each for each in known if each is not None)
    if moment is not None:
        refuse_future(moment, at)
        same_minute = moment % MINUTE == 0 and moment < latest < moment + MINUTE
        return latest if same_minute else moment
    return latest if at < latest <= at + CLOCKS_DIFFER_BY else at


def refuse_future(moment: int, at: int) -> None:
    """Refuse a moment that lies beyond what a clock may be ahead."""
    if moment > at + CLOCKS_DIFFER_BY:
        raise InputError(
            msg("{moment} is still to come. Give the time at which it happened.", moment=At(moment))
        )


def _end_hold(fault: Fault, moment: int) -> None:
    for each in fault.holds:
        if each.to_at is None:
            each.to_at = moment


def _note(session: Session, fault: Fault, actor: Actor, text: str, at: int) -> None:
    session.add(FaultNote(fault_id=fault.id, at=at, author=actor.name, text=text.strip()))
