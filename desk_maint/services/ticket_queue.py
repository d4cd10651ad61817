"""Lists of tickets: filtered, sorted and paged in SQL, and the counts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, select

from desk_maint.db.models import Device, Fault, Outlet
from desk_maint.domain.faults import TicketState
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.paging import Page
from desk_maint.services.permissions import require
from desk_maint.services.ticket_filter import (
    TicketFilter,
    count_tickets,
    joined,
    stopped_at,
    ticket_conditions,
)
from desk_maint.services.ticket_rows import TicketRow, read_rows

if TYPE_CHECKING:
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "SORTS",
    "QueueCounts",
    "TicketFilter",
    "TicketRow",
    "count_queue",
    "list_tickets",
]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many tickets each chip of the queue would leave."""

    open: int
    to_accept: int
    mine: int
    overdue: int
    on_hold: int
    to_confirm: int
    exemptions: int


_NEXT_DUE = case(
    (Fault.state == TicketState.REPORTED, Fault.accept_due_at),
    (
        Fault.state == TicketState.ACCEPTED,
        func.coalesce(Fault.on_site_due_at, Fault.repair_due_at),
    ),
    (Fault.state.in_((TicketState.ON_SITE, TicketState.ON_HOLD)), Fault.repair_due_at),
    else_=None,
)
_SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "next_due_at": _NEXT_DUE,
    "tag": Device.__table__.c.tag,
    "device_name": Device.__table__.c.name,
    "category": Device.__table__.c.category,
    "outlet_code": Outlet.__table__.c.code,
    "outlet_name": Outlet.__table__.c.name,
    **{
        name: Fault.__table__.c[name]
        for name in (
            "number",
            "state",
            "impact",
            "grade",
            "symptom",
            "cause",
            "responsibility",
            "technician",
            "reported_by",
            "occurred_at",
            "reported_at",
            "accepted_at",
            "on_site_at",
            "restored_at",
            "confirmed_at",
            "repair_due_at",
            "exempt_state",
        )
    },
}
SORTS = frozenset(_SORT_COLUMNS)
"""What a list of tickets can be sorted by."""


def list_tickets(
    database: Database,
    actor: Actor,
    wanted: TicketFilter = TicketFilter(),  # noqa: B008  (frozen)
    *,
    sort: str | None = None,
    descending: bool = False,
    offset: int = 0,
    limit: int | None = 200,
) -> Page[TicketRow]:
    """Return a page of tickets; ``sort`` is one of :data:`SORTS`, default the next deadline.

    A hold that stops the clock puts a ticket behind those whose clock runs.
    """
    require(actor, "ticket.read")
    order = _order(sort or "next_due_at", descending=descending)
    with database.read() as session:
        total = count_tickets(session, actor, wanted)
        if offset >= total:
            return Page((), total)
        conditions = ticket_conditions(session, actor, wanted)
        keys = (
            joined(select(Fault.id), conditions.tables | _tables_of(sort or "next_due_at"))
            .where(*conditions.where)
            .order_by(*order)
            .offset(offset)
            .limit(limit)
        )
        return Page(read_rows(session, session.scalars(keys).all()), total)


def count_queue(database: Database, actor: Actor, now: int) -> QueueCounts:
    """Return how many tickets there are for each chip of the queue at ``now``."""
    require(actor, "ticket.read")
    with database.read() as session:

        def count(wanted: TicketFilter) -> int:
            return count_tickets(session, actor, wanted)

        return QueueCounts(
            open=count(TicketFilter(states=OPEN_STATES)),
            to_accept=count(TicketFilter(states=frozenset({TicketState.REPORTED}))),
            mine=count(TicketFilter(states=OPEN_STATES, mine=True)),
            overdue=count(TicketFilter(overdue_at=now)),
            on_hold=count(TicketFilter(states=frozenset({TicketState.ON_HOLD}))),
            to_confirm=count(TicketFilter(states=frozenset({TicketState.RESTORED}))),
            exemptions=count(TicketFilter(exemption_proposed=True)),
        )


def _tables_of(sort: str) -> frozenset[str]:
    table = getattr(_SORT_COLUMNS.get(sort), "table", None)
    return frozenset() if table is None else frozenset({table.name}) - {"fault"}


def _order(sort: str, *, descending: bool) -> tuple[ColumnElement[Any], ...]:
    if sort not in _SORT_COLUMNS:
        problem = f"tickets cannot be sorted by {sort!r}"
        raise ValueError(problem)
    column, key = _SORT_COLUMNS[sort], Fault.__table__.c.id
    first: tuple[ColumnElement[Any], ...] = ()
    if sort == "next_due_at":
        # A stopped clock comes no nearer: after those that run, by the time that it has left.
        held = stopped_at()
        first = (case((column.is_(None), 2), (held.is_not(None), 1), else_=0).asc(),)
        column -= func.coalesce(held, 0)
    ordered = column.desc() if descending else column.asc()
    # Said only where it is needed: an index does not answer it.
    if getattr(column, "nullable", True):
        ordered = ordered.nulls_last()
    return *first, ordered, key.desc() if descending else key.asc()
