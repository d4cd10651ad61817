"""Which tickets are asked for, and the same as conditions in SQL."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, or_, select

from desk_maint.db.models import Device, Fault, Hold, Outlet
from desk_maint.domain.faults import STOPPING_HOLDS, TicketState
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.outlets import subtree
from desk_maint.services.paging import contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from desk_maint.domain.devices import Category
    from desk_maint.domain.people import Actor

__all__ = [
    "EXEMPTION_PROPOSED",
    "Conditions",
    "TicketFilter",
    "count_tickets",
    "joined",
    "stopped_at",
    "ticket_conditions",
]


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
class Conditions:
    """A :class:`TicketFilter` as SQL, the actor's outlets included."""

    where: tuple[ColumnElement[bool], ...]
    tables: frozenset[str]
    """Further tables that the conditions speak of."""


# Spelled out, so that the database sees that its small index on the pending ones answers it.
EXEMPTION_PROPOSED: ColumnElement[bool] = literal_column("fault.exempt_state = 'proposed'")


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
        where.append(EXEMPTION_PROPOSED)
    text = unicodedata.normalize("NFKC", wanted.text).strip()
    if text:
        where.append(_searched(session, text))
    return Conditions(tuple(where), frozenset(tables))


def joined(query: Select[*tuple[Any, ...]], tables: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Return ``query`` over the table of faults, with those of ``tables`` joined to it."""
    query = query.select_from(Fault)
    if "device" in tables:
        query = query.join(Device, Device.id == Fault.device_id)
    if "outlet" in tables:
        query = query.join(Outlet, Outlet.id == Fault.outlet_id)
    return query


def count_tickets(session: Session, actor: Actor, wanted: TicketFilter) -> int:
    """Return how many tickets fit."""
    conditions = ticket_conditions(session, actor, wanted)
    query = joined(select(func.count()), conditions.tables)
    return session.scalar(query.where(*conditions.where)) or 0


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
    return (Fault.state.in_(OPEN_STATES), Fault.repair_due_at < now, stopped_at().is_(None))


def stopped_at() -> ColumnElement[int | None]:
    """Return since when a running hold has stopped the clock; NULL: it runs, or had run out."""
    held = select(Hold.from_at).where(
        Hold.fault_id == Fault.id,
        Hold.to_at.is_(None),
        Hold.reason.in_(STOPPING_HOLDS),
        Hold.from_at < Fault.repair_due_at,
    )
    # Asked of the few that are on hold, not of every ticket there ever was.
    return case((Fault.state == TicketState.ON_HOLD, held.scalar_subquery()))


def _searched(session: Session, text: str) -> ColumnElement[bool]:
    devices = select(Device.id).where(
        or_(
            contains(session, Device.tag, text),
            contains(session, Device.name, text),
        )
    )
    outlets = select(Outlet.id).where(
        or_(
            contains(session, Outlet.code, text),
            contains(session, Outlet.name, text),
        )
    )
    return or_(
        contains(session, Fault.number, text),
        contains(session, Fault.symptom, text),
        Fault.device_id.in_(devices),
        Fault.outlet_id.in_(outlets),
    )


def _with_below(session: Session, outlet_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for key in outlet_ids:
        found |= subtree(session, key)
    return found
