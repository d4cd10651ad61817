"""Finding the device that a person means: the box of the counter desk, a scanned tag, the tiles."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, case, func, or_, select

from desk_maint.db.models import Device, Fault, Outlet
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.paging import contains
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import TicketState
    from desk_maint.domain.people import Actor

__all__ = ["FoundDevice", "OpenFault", "devices_of_outlet", "find", "find_tag"]


@dataclass(frozen=True, slots=True)
class OpenFault:
    """The fault that a device has already."""

    id: int
    number: str
    version: int
    state: TicketState
    symptom: str | None
    reported_at: int
    repair_due_at: int | None


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device as the counter desk offers it."""

    id: int
    tag: str
    name: str | None
    category: Category
    position: str | None
    state: DeviceState
    outlet_id: int
    outlet_code: str
    outlet_name: str
    open_fault: OpenFault | None


def find(
    database: Database, actor: Actor, text: str, *, limit: int = 12
) -> tuple[FoundDevice, ...]:
    """Return the devices that a typed or scanned text may mean, the likeliest first.

    The exact tag comes before tags that begin so, then positions and names; scrapped devices are
    left out, and a reporter finds those of his outlets.
    """
    require(actor, "device.read")
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return ()
    low = wanted.lower()
    rank = case(
        (Device.tag == wanted, 0),
        (func.lower(Device.tag) == low, 1),
        (func.lower(Device.tag).startswith(low, autoescape=True), 2),
        (func.lower(Device.position) == low, 3),
        (func.lower(Device.tag).endswith(low, autoescape=True), 4),
        else_=5,
    )
    columns = (Device.tag, Device.name, Device.position)
    with database.read() as session:
        query = (
            _found(actor)
            .where(or_(*(contains(session, column, wanted) for column in columns)))
            .order_by(rank, Device.tag)
            .limit(limit)
        )
        return _found_rows(session, query)


def find_tag(database: Database, actor: Actor, tag: str) -> FoundDevice:
    """Return the device with this tag; raise :class:`NotFoundError` where the actor sees none."""
    require(actor, "device.read")
    with database.read() as session:
        found = _found_rows(session, _found(actor).where(Device.tag == tag.strip()))
    if not found:
        raise NotFoundError(
            msg("There is no device with the asset number {tag}. Check the number.", tag=tag)
        )
    return found[0]


def devices_of_outlet(database: Database, actor: Actor, outlet_id: int) -> tuple[FoundDevice, ...]:
    """Return the devices that stand in an outlet (the tiles): by category, then by position.

    What customers stand in front of comes first, as the categories are in order.
    """
    require(actor, "device.read", outlet_id)
    query = (
        _found(actor)
        .where(Device.outlet_id == outlet_id)
        .order_by(Device.category, Device.position, Device.tag)
    )
    order = list(Category)
    with database.read() as session:
        found = _found_rows(session, query)
    return tuple(sorted(found, key=lambda row: order.index(row.category)))


def _found(actor: Actor) -> Select[Device]:
    query = select(Device).where(Device.state != DeviceState.SCRAPPED)
    if actor.role is Role.REPORTER:
        query = query.where(Device.outlet_id.in_(actor.outlet_ids))
    return query


def _found_rows(session: Session, query: Select[Device]) -> tuple[FoundDevice, ...]:
    devices = session.scalars(query).all()
    outlets = {
        key: (code, name)
        for key, code, name in session.execute(
            select(Outlet.id, Outlet.code, Outlet.name).where(
                Outlet.id.in_({device.outlet_id for device in devices})
            )
        )
    }
    faults = {
        fault.device_id: OpenFault(
            id=fault.id,
            number=fault.number,
            version=fault.version,
            state=fault.state,
            symptom=fault.symptom,
            reported_at=fault.reported_at,
            repair_due_at=fault.repair_due_at,
        )
        for fault in session.scalars(
            select(Fault)
            .where(
                Fault.device_id.in_([device.id for device in devices]),
                Fault.state.in_(OPEN_STATES),
            )
            .order_by(Fault.reported_at)
        )
    }
    return tuple(
        FoundDevice(
            id=device.id,
            tag=device.tag,
            name=device.name,
            category=device.category,
            position=device.position,
            state=device.state,
            outlet_id=device.outlet_id,
            outlet_code=outlets[device.outlet_id][0],
            outlet_name=outlets[device.outlet_id][1],
            open_fault=faults.get(device.id),
        )
        for device in devices
    )
