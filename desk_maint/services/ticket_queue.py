"""Lists of tickets: filtered, sorted and paged in SQL, and the counts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from desk_maint.db.models import Change, ChangedField, Device, Fault, Outlet, Stoppage
from desk_maint.domain.faults import TicketState
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.escalation import ESCALATED, SHARE_TOLD_TO
from desk_maint.services.paging import Page
from desk_maint.services.permissions import may, require
from desk_maint.services.ticket_filter import (
    EXEMPTION_PROPOSED,
    TicketFilter,
    stopped_at,
    ticket_conditions,
)
from desk_maint.services.ticket_rows import TicketRow, read_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "SORTS",
    "News",
    "QueueCounts",
    "TicketFilter",
    "TicketNews",
    "TicketRow",
    "Waiting",
    "count_queue",
    "count_waiting",
    "list_news",
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for this person."""

    to_accept: int = 0
    """Reported tickets that nobody has accepted."""
    mine: int = 0
    """Accepted tickets in the technician's own hands, holds left out."""
    to_confirm: int = 0
    """Restored tickets of the reporter's outlets."""
    overdue: int = 0
    to_decide: int = 0
    """Exemptions and stoppages that somebody else proposed."""

    @property
    def total(self) -> int:
        """The number beside the tray icon."""
        return self.to_accept + self.mine + self.to_confirm + self.overdue + self.to_decide


@dataclass(frozen=True, slots=True)
class TicketNews:
    """Somebody else did something to a ticket of this person."""

    number: str
    tag: str
    action: str
    """Its words are ``language.fields.action_key(action)``."""
    actor: str
    at: int


@dataclass(frozen=True, slots=True)
class News:
    """The news since a change, and the change to ask from the next time."""

    items: tuple[TicketNews, ...]
    last_change: int


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
        total = _count(session, actor, wanted)
        if offset >= total:
            return Page((), total)
        conditions = ticket_conditions(session, actor, wanted)
        keys = (
            _joined(select(Fault.id), conditions.tables | _tables_of(sort or "next_due_at"))
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
            return _count(session, actor, wanted)

        return QueueCounts(
            open=count(TicketFilter(states=OPEN_STATES)),
            to_accept=count(TicketFilter(states=frozenset({TicketState.REPORTED}))),
            mine=count(TicketFilter(states=OPEN_STATES, mine=True)),
            overdue=count(TicketFilter(overdue_at=now)),
            on_hold=count(TicketFilter(states=frozenset({TicketState.ON_HOLD}))),
            to_confirm=count(TicketFilter(states=frozenset({TicketState.RESTORED}))),
            exemptions=count(TicketFilter(exemption_proposed=True)),
        )


def count_waiting(database: Database, actor: Actor, now: int) -> Waiting:
    """Return what waits for this person at ``now`` (the tray icon)."""
    require(actor, "ticket.read")
    restored = TicketFilter(states=frozenset({TicketState.RESTORED}))
    with database.read() as session:
        if actor.role is Role.REPORTER:
            return Waiting(to_confirm=_count(session, actor, restored))
        if actor.role is Role.TECHNICIAN:
            at_work = frozenset({TicketState.ACCEPTED, TicketState.ON_SITE})
            return Waiting(
                to_accept=_count(
                    session, actor, TicketFilter(states=frozenset({TicketState.REPORTED}))
                ),
                mine=_count(session, actor, TicketFilter(states=at_work, mine=True)),
            )
        exemptions = session.scalar(
            select(func.count(Fault.id)).where(
                EXEMPTION_PROPOSED,
                or_(Fault.exempt_proposed_by.is_(None), Fault.exempt_proposed_by != actor.name),
            )
        )
        stoppages = session.scalar(
            select(func.count(Stoppage.id)).where(
                Stoppage.approved_by.is_(None),
                Stoppage.refused_by.is_(None),
                or_(Stoppage.proposed_by.is_(None), Stoppage.proposed_by != actor.name),
            )
        )
        return Waiting(
            overdue=_count(session, actor, TicketFilter(overdue_at=now)),
            to_decide=(exemptions or 0) + (stoppages or 0)
            if may(actor, "ticket.approve_exemption")
            else 0,
        )


def list_news(database: Database, actor: Actor, after_change: int | None) -> News:
    """Return what others did to this person's tickets since the change ``after_change``.

    A manager is told too which tickets have used up most of their limits.  None: nothing yet,
    only the change to ask from the next time.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        last = session.scalar(select(func.max(Change.id))) or 0
        if after_change is None or last <= after_change:
            return News((), last)
        found = session.execute(
            select(Fault.number, Device.tag, Change.action, Change.actor, Change.at)
            .distinct()
            .join(ChangedField, ChangedField.change_id == Change.id)
            .join(
                Fault,
                and_(
                    ChangedField.kind == "fault",
                    ChangedField.record_id == func.cast(Fault.id, ChangedField.record_id.type),
                ),
            )
            .join(Device, Device.id == Fault.device_id)
            .where(
                Change.id > after_change,
                Change.id <= last,
                Change.action.startswith("ticket."),
                Change.actor != actor.name,
                _concerns(actor),
            )
            .order_by(Change.at)
        )
        return News(tuple(TicketNews(*row) for row in found), last)


def _concerns(actor: Actor) -> ColumnElement[bool]:
    """Return which changes of tickets are news to a person."""
    if actor.role is Role.REPORTER:
        return Fault.reported_by == actor.name
    own = Fault.technician == actor.name
    if actor.role is Role.TECHNICIAN:
        return own
    shares = [str(share) for share, role in SHARE_TOLD_TO.items() if role is Role.MANAGER]
    return or_(own, and_(ChangedField.field == ESCALATED, ChangedField.new.in_(shares)))


def _count(session: Session, actor: Actor, wanted: TicketFilter) -> int:
    conditions = ticket_conditions(session, actor, wanted)
    query = _joined(select(func.count()), conditions.tables)
    return session.scalar(query.where(*conditions.where)) or 0


def _tables_of(sort: str) -> frozenset[str]:
    table = getattr(_SORT_COLUMNS.get(sort), "table", None)
    return frozenset() if table is None else frozenset({table.name}) - {"fault"}


def _joined(query: Select[*tuple[Any, ...]], tables: frozenset[str]) -> Select[*tuple[Any, ...]]:
    query = query.select_from(Fault)
    if "device" in tables:
        query = query.join(Device, Device.id == Fault.device_id)
    if "outlet" in tables:
        query = query.join(Outlet, Outlet.id == Fault.outlet_id)
    return query


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
