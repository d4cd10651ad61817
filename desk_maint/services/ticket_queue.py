"""Lists of tickets: filtered, sorted and paged in SQL, and the counts beside them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from desk_maint.db.models import Change, ChangedField, Device, Fault, Hold, Outlet, Stoppage
from desk_maint.domain.faults import (
    STOPPING_HOLDS,
    ExemptState,
    HoldReason,
    Impact,
    Responsibility,
    TicketState,
)
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.outlets import subtree
from desk_maint.services.paging import Page
from desk_maint.services.permissions import may, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Category
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
    "ticket_conditions",
    "ticket_rows",
]


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in a list; moments are UTC seconds."""

    id: int
    version: int
    number: str
    device_id: int
    tag: str
    device_name: str | None
    category: Category
    position: str | None
    outlet_id: int
    outlet_code: str
    outlet_name: str
    state: TicketState
    impact: Impact
    grade: int
    symptom: str | None
    cause: str | None
    responsibility: Responsibility | None
    technician: str | None
    reported_by: str | None
    occurred_at: int
    occurred_estimated: bool
    reported_at: int
    accepted_at: int | None
    on_site_at: int | None
    restored_at: int | None
    confirmed_at: int | None
    cancelled_at: int | None
    accept_due_at: int | None
    on_site_due_at: int | None
    repair_due_at: int | None
    spare_from: int | None
    exempt_state: ExemptState | None
    held_since: int | None
    """Beginning of the hold that is running, if any."""
    hold_reason: HoldReason | None

    @property
    def clock_stopped(self) -> bool:
        """Whether a running hold stops the clock: the due moments move on until it ends."""
        return self.hold_reason in STOPPING_HOLDS

    @property
    def next_due_at(self) -> int | None:
        """The deadline that comes next: to accept, to be on site, or to repair."""
        if self.state is TicketState.REPORTED:
            return self.accept_due_at
        if self.state is TicketState.ACCEPTED and self.on_site_due_at is not None:
            return self.on_site_due_at
        return self.repair_due_at if self.state in OPEN_STATES else None

    def overdue(self, now: int) -> bool:
        """Whether the ticket is open and past its repair limit at ``now``."""
        due = self.repair_due_at
        if due is None or self.state not in OPEN_STATES or due >= now:
            return False
        return not (self.clock_stopped and self.held_since is not None and self.held_since < due)


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets are asked for; empty conditions leave all in."""

    states: frozenset[TicketState] = frozenset()
    mine: bool = False
    """Reporter: reported by the actor; the others: in the actor's hands."""
    technician: str | None = None
    unassigned: bool = False
    outlet_ids: frozenset[int] = frozenset()
    """Units, each with all below it."""
    categories: frozenset[Category] = frozenset()
    device_id: int | None = None
    overdue_at: int | None = None
    """Open and past the repair limit at this instant."""
    exemption_proposed: bool = False
    text: str = ""
    """Anywhere in number, tag, device's name, symptom, or the outlet's code or name."""
    reported_since: int | None = None
    reported_until: int | None = None
    """UTC seconds, not included."""


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


_HELD = (
    select(Hold.fault_id, func.max(Hold.from_at).label("from_at"), Hold.reason)
    .where(Hold.to_at.is_(None))
    .group_by(Hold.fault_id, Hold.reason)
    .subquery("held")
)
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
    wanted: TicketFilter = TicketFilter(),
    *,
    sort: str | None = None,
    descending: bool = False,
    offset: int = 0,
    limit: int | None = 200,
) -> Page[TicketRow]:
    """Return a page of tickets; ``sort`` is one of :data:`SORTS`, default the next deadline."""
    require(actor, "ticket.read")
    with database.read() as session:
        conditions = ticket_conditions(session, actor, wanted)
        total = session.scalar(
            _joined(select(func.count(Fault.id)), conditions.tables).where(*conditions.where)
        )
        order = _order(sort or "next_due_at", descending=descending)
        # The page is chosen over the narrow table first: joining what is skipped over would
        # cost more than all the rest.
        keys = (
            _joined(select(Fault.id), conditions.tables | _tables_of(sort))
            .where(*conditions.where)
            .order_by(*order)
            .offset(offset)
            .limit(limit)
            .subquery()
        )
        query = ticket_rows().join(keys, keys.c.id == Fault.id).order_by(*order)
        return Page(
            tuple(TicketRow(**row._asdict()) for row in session.execute(query)),
            total or 0,
        )


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
                _EXEMPTION_PROPOSED,
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

    None: nothing yet, only the change to ask from the next time.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        last = session.scalar(select(func.max(Change.id))) or 0
        if after_change is None or last <= after_change:
            return News((), last)
        own = (
            Fault.reported_by == actor.name
            if actor.role is Role.REPORTER
            else Fault.technician == actor.name
        )
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
                own,
            )
            .order_by(Change.at)
        )
        return News(tuple(TicketNews(*row) for row in found), last)


@dataclass(frozen=True, slots=True)
class Conditions:
    """A :class:`TicketFilter` as SQL, the actor's outlets included."""

    where: tuple[ColumnElement[bool], ...]
    tables: frozenset[str]
    """Further tables that the conditions speak of."""


# Spelled out, so that the database sees that its small index on the pending ones answers it.
_EXEMPTION_PROPOSED: ColumnElement[bool] = literal_column("fault.exempt_state = 'proposed'")


def ticket_conditions(session: Session, actor: Actor, wanted: TicketFilter) -> Conditions:
    """Return what of the filter has to hold for a row of the table of faults."""
    where = [*_of_people(actor, wanted), *_of_time(wanted)]
    tables: set[str] = set()
    if wanted.states:
        where.append(Fault.state.in_(wanted.states))
    if wanted.outlet_ids:
        where.append(Fault.outlet_id.in_(_with_below(session, wanted.outlet_ids)))
    if wanted.categories:
        where.append(Device.category.in_(wanted.categories))
        tables.add("device")
    if wanted.device_id is not None:
        where.append(Fault.device_id == wanted.device_id)
    if wanted.exemption_proposed:
        where.append(_EXEMPTION_PROPOSED)
    text = unicodedata.normalize("NFKC", wanted.text).strip()
    if text:
        where.append(_searched(text))
    return Conditions(tuple(where), frozenset(tables))


def _of_people(actor: Actor, wanted: TicketFilter) -> Iterator[ColumnElement[bool]]:
    if actor.role is Role.REPORTER:
        yield Fault.outlet_id.in_(actor.outlet_ids)
    if wanted.mine:
        own = Fault.reported_by if actor.role is Role.REPORTER else Fault.technician
        yield own == actor.name
    if wanted.technician is not None:
        yield Fault.technician == wanted.technician
    if wanted.unassigned:
        yield Fault.technician.is_(None)


def _of_time(wanted: TicketFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.overdue_at is not None:
        yield from _overdue(wanted.overdue_at)
    if wanted.reported_since is not None:
        yield Fault.reported_at >= wanted.reported_since
    if wanted.reported_until is not None:
        yield Fault.reported_at < wanted.reported_until


def _overdue(now: int) -> tuple[ColumnElement[bool], ...]:
    """Open and past the limit, unless a hold stopped the clock before it was reached."""
    stopped = exists().where(
        Hold.fault_id == Fault.id,
        Hold.to_at.is_(None),
        Hold.reason.in_(STOPPING_HOLDS),
        Hold.from_at < Fault.repair_due_at,
    )
    return (Fault.state.in_(OPEN_STATES), Fault.repair_due_at < now, ~stopped)


def _searched(text: str) -> ColumnElement[bool]:
    devices = select(Device.id).where(
        or_(
            Device.tag.icontains(text, autoescape=True),
            Device.name.icontains(text, autoescape=True),
        )
    )
    outlets = select(Outlet.id).where(
        or_(
            Outlet.code.icontains(text, autoescape=True),
            Outlet.name.icontains(text, autoescape=True),
        )
    )
    return or_(
        Fault.number.icontains(text, autoescape=True),
        Fault.symptom.icontains(text, autoescape=True),
        Fault.device_id.in_(devices),
        Fault.outlet_id.in_(outlets),
    )


def _count(session: Session, actor: Actor, wanted: TicketFilter) -> int:
    conditions = ticket_conditions(session, actor, wanted)
    query = _joined(select(func.count(Fault.id)), conditions.tables)
    return session.scalar(query.where(*conditions.where)) or 0


def _with_below(session: Session, outlet_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for key in outlet_ids:
        found |= subtree(session, key)
    return found


def _tables_of(sort: str | None) -> frozenset[str]:
    column = _SORT_COLUMNS[sort or "next_due_at"]
    table = getattr(column, "table", None)
    return frozenset({table.name} - {"fault"}) if table is not None else frozenset()


def _joined(query: Select[*tuple[Any, ...]], tables: frozenset[str]) -> Select[*tuple[Any, ...]]:
    query = query.select_from(Fault)
    if "device" in tables:
        query = query.join(Device, Device.id == Fault.device_id)
    if "outlet" in tables:
        query = query.join(Outlet, Outlet.id == Fault.outlet_id)
    return query


def _order(sort: str, *, descending: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if sort not in _SORT_COLUMNS:
        problem = f"tickets cannot be sorted by {sort!r}"
        raise ValueError(problem)
    column = _SORT_COLUMNS[sort]
    key = Fault.__table__.c.id
    if descending:
        return column.desc().nulls_last(), key.desc()
    return column.asc().nulls_last(), key.asc()


def ticket_rows() -> Select[*tuple[Any, ...]]:
    """Return the query whose results are the fields of :class:`TicketRow`."""
    return (
        select(
            Fault.id,
            Fault.version,
            Fault.number,
            Fault.device_id,
            Device.tag,
            Device.name.label("device_name"),
            Device.category,
            Device.position,
            Fault.outlet_id,
            Outlet.code.label("outlet_code"),
            Outlet.name.label("outlet_name"),
            Fault.state,
            Fault.impact,
            Fault.grade,
            Fault.symptom,
            Fault.cause,
            Fault.responsibility,
            Fault.technician,
            Fault.reported_by,
            Fault.occurred_at,
            Fault.occurred_estimated,
            Fault.reported_at,
            Fault.accepted_at,
            Fault.on_site_at,
            Fault.restored_at,
            Fault.confirmed_at,
            Fault.cancelled_at,
            Fault.accept_due_at,
            Fault.on_site_due_at,
            Fault.repair_due_at,
            Fault.spare_from,
            Fault.exempt_state,
            _HELD.c.from_at.label("held_since"),
            _HELD.c.reason.label("hold_reason"),
        )
        .join(Device, Device.id == Fault.device_id)
        .join(Outlet, Outlet.id == Fault.outlet_id)
        .outerjoin(_HELD, _HELD.c.fault_id == Fault.id)
    )
