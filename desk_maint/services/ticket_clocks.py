"""The clocks of tickets as they stood at a moment, and how each deadline came about.

What happened after that moment is not known there: a ticket restored later is still open, a hold
that ended later is still running, and a running hold that stops the clock moves the deadlines as
if it ended at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from desk_maint.db.models import Device, Fault, Hold, Outlet
from desk_maint.domain.devices import GROUP_OF
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.messages import msg
from desk_maint.domain.tickets import Moments, in_time, state_of
from desk_maint.services.deadlines import DeadlineBook, Dues
from desk_maint.services.permissions import require
from desk_maint.services.ticket_filter import TicketFilter, ticket_conditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.deadlines import Deadline
    from desk_maint.domain.devices import Category, Group
    from desk_maint.domain.faults import HoldReason, Impact, Responsibility, TicketState
    from desk_maint.domain.people import Actor

__all__ = ["Explanation", "TicketClock", "TicketRecord", "clocks_of", "explain", "ticket_clocks"]


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A ticket as it stood at a moment; moments in UTC seconds, those after it None."""

    number: str
    tag: str
    device_name: str | None
    outlet: str
    """Code of the outlet where the device stood when the fault was reported."""
    group: Group
    state: TicketState
    impact: Impact
    grade: int
    occurred_at: int
    reported_at: int
    accepted_at: int | None
    on_site_at: int | None
    restored_at: int | None
    confirmed_at: int | None
    cancelled_at: int | None
    accept_due_at: int | None
    on_site_due_at: int | None
    repair_due_at: int | None
    repair_clock_seconds: int
    """Open seconds of the repair clock from the report to the restoration, or to the moment."""
    held_seconds: int
    """Open seconds of that clock inside holds that stop it; they are not among the above."""
    in_time: bool | None
    """None: open and inside its limit, cancelled, or without a limit."""
    technician: str | None
    responsibility: Responsibility | None
    """These two as they are known now, not as at the moment."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The three deadlines of a ticket with their steps; None: no such limit."""

    clock: TicketClock
    calendar: str | None
    """Name of the calendar that the limits run by."""
    accept_limit: str | None
    """In the contract's writing, e.g. ``30m`` or ``1wd``; so the other two."""
    on_site_limit: str | None
    repair_limit: str | None
    accept: Deadline | None
    on_site: Deadline | None
    repair: Deadline | None


def ticket_clocks(
    database: Database,
    actor: Actor,
    wanted: TicketFilter = TicketFilter(),  # noqa: B008  (frozen)
    *,
    as_of: int,
) -> tuple[TicketClock, ...]:
    """Return the tickets that were there at ``as_of``, by the moment of their report.

    ``wanted.states`` is asked of the state that a ticket had then.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        conditions = ticket_conditions(session, actor, replace(wanted, states=frozenset()))
        clocks = tuple(clock for _, clock in clocks_of(session, conditions.where, as_of))
    if not wanted.states:
        return clocks
    return tuple(clock for clock in clocks if clock.state in wanted.states)


def explain(database: Database, actor: Actor, number: str, *, as_of: int) -> Explanation:
    """Return how the deadlines of a ticket came about, as they stood at ``as_of``.

    Raises :class:`NotFoundError` where the actor sees no such ticket at that moment.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        book = DeadlineBook(session)
        conditions = ticket_conditions(session, actor, TicketFilter())
        where = (*conditions.where, Fault.number == number.strip())
        for fault, clock in clocks_of(session, where, as_of, book):
            explained = book.explain(fault, as_of=as_of)
            limits = explained.clock
            return Explanation(
                clock=clock,
                calendar=limits.calendar.name if limits else None,
                accept_limit=str(limits.accept) if limits and limits.accept else None,
                on_site_limit=str(limits.on_site) if limits and limits.on_site else None,
                repair_limit=str(limits.repair) if limits and limits.repair else None,
                accept=explained.accept,
                on_site=explained.on_site,
                repair=explained.repair,
            )
    raise NotFoundError(
        msg("There is no ticket {number} at that moment. Check the number.", number=number)
    )


class _Hold(NamedTuple):
    from_at: int
    to_at: int | None
    reason: HoldReason


class TicketRecord(NamedTuple):
    """What the arithmetic needs of a fault, and its names, in the order of :data:`_COLUMNS`."""

    id: int
    device_id: int
    outlet_id: int
    grade: int
    occurred_at: int
    reported_at: int
    accepted_at: int | None
    on_site_at: int | None
    restored_at: int | None
    confirmed_at: int | None
    cancelled_at: int | None
    accept_due_at: int | None
    on_site_due_at: int | None
    repair_due_at: int | None
    number: str
    impact: Impact
    tag: str
    device_name: str | None
    category: Category
    outlet: str
    technician: str | None
    responsibility: Responsibility | None
    holds: Sequence[_Hold] = ()


_COLUMNS = (
    Fault.id,
    Fault.device_id,
    Fault.outlet_id,
    Fault.grade,
    Fault.occurred_at,
    Fault.reported_at,
    Fault.accepted_at,
    Fault.on_site_at,
    Fault.restored_at,
    Fault.confirmed_at,
    Fault.cancelled_at,
    Fault.accept_due_at,
    Fault.on_site_due_at,
    Fault.repair_due_at,
    Fault.number,
    Fault.impact,
    Device.tag,
    Device.name,
    Device.category,
    Outlet.code,
    Fault.technician,
    Fault.responsibility,
)


def clocks_of(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    as_of: int,
    book: DeadlineBook | None = None,
) -> Iterator[tuple[TicketRecord, TicketClock]]:
    """Yield the tickets that meet the conditions as they stood at ``as_of``, and their clocks."""
    book = book or DeadlineBook(session)
    rows = session.execute(
        select(*_COLUMNS)
        .join(Device, Device.id == Fault.device_id)
        .join(Outlet, Outlet.id == Fault.outlet_id)
        .where(*where, Fault.reported_at <= as_of)
        .order_by(Fault.reported_at, Fault.id)
    ).all()
    if len(rows) > 1:
        book.preload()
    holds: dict[int, list[_Hold]] = {}
    for hold in session.execute(
        select(Hold.fault_id, Hold.from_at, Hold.to_at, Hold.reason)
        .join(Fault, Fault.id == Hold.fault_id)
        .join(Device, Device.id == Fault.device_id)
        .where(*where)
    ):
        holds.setdefault(hold.fault_id, []).append(_Hold(*hold[1:]))
    for row in rows:
        known = [
            hold if hold.to_at is None or hold.to_at <= as_of else hold._replace(to_at=None)
            for hold in holds.get(row.id, ())
            if hold.from_at <= as_of
        ]
        fault = TicketRecord(*row, holds=known)  # type: ignore[call-arg]
        # Without any hold, later ones included, the columns are right whatever the moment.
        dues = (
            book.due(fault, as_of=as_of)
            if row.id in holds
            else Dues(row.accept_due_at, row.on_site_due_at, row.repair_due_at)
        )
        yield fault, _clock(book, fault, dues, as_of)


def _clock(book: DeadlineBook, fault: TicketRecord, dues: Dues, as_of: int) -> TicketClock:
    def known(moment: int | None) -> int | None:
        return moment if moment is not None and moment <= as_of else None

    moments = Moments(
        occurred_at=fault.occurred_at,
        reported_at=fault.reported_at,
        accepted_at=known(fault.accepted_at),
        on_site_at=known(fault.on_site_at),
        restored_at=known(fault.restored_at),
        confirmed_at=known(fault.confirmed_at),
        cancelled_at=known(fault.cancelled_at),
    )
    ended = moments.restored_at if moments.restored_at is not None else moments.cancelled_at
    counted, held = book.repair_seconds(fault, as_of if ended is None else ended)
    return TicketClock(
        number=fault.number,
        tag=fault.tag,
        device_name=fault.device_name,
        outlet=fault.outlet,
        group=GROUP_OF[fault.category],
        state=state_of(moments, held=any(hold.to_at is None for hold in fault.holds)),
        impact=fault.impact,
        grade=fault.grade,
        occurred_at=moments.occurred_at,
        reported_at=moments.reported_at,
        accepted_at=moments.accepted_at,
        on_site_at=moments.on_site_at,
        restored_at=moments.restored_at,
        confirmed_at=moments.confirmed_at,
        cancelled_at=moments.cancelled_at,
        accept_due_at=dues.accept,
        on_site_due_at=dues.on_site,
        repair_due_at=dues.repair,
        repair_clock_seconds=counted,
        held_seconds=held,
        in_time=(
            None
            if moments.cancelled_at is not None
            else in_time(moments.restored_at, dues.repair, as_of)
        ),
        technician=fault.technician,
        responsibility=fault.responsibility,
    )
