"""Looking at the inventory: finding a device, the ledger in pages, the card of one device."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    or_,
    select,
)

from desk_maint.db.models import Calendar, Device, Fault, Outlet
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.devices import DeviceData
from desk_maint.services.outlets import subtree
from desk_maint.services.paging import Page
from desk_maint.services.permissions import require
from desk_maint.services.records import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import TicketState
    from desk_maint.domain.people import Actor

__all__ = [
    "DeviceCard",
    "DeviceFilter",
    "DeviceRow",
    "FoundDevice",
    "OpenFault",
    "PlacementRow",
    "StateRow",
    "devices_of_outlet",
    "find",
    "find_tag",
    "list_devices",
    "read_card",
]


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device in the ledger."""

    id: int
    version: int
    tag: str
    name: str | None
    category: Category
    outlet_id: int
    outlet_code: str
    outlet_name: str
    position: str | None
    calendar_id: int | None
    state: DeviceState
    commissioned_on: date
    retired_on: date | None
    manufacturer: str | None
    model: str | None
    serial_number: str | None
    warranty_until: date | None
    custodian: str | None
    owner: str | None
    extinguisher_type: ExtinguisherType | None
    manufactured_on: date | None
    last_serviced_on: date | None
    retention_days_required: int | None
    remarks: str | None
    open_fault: str | None
    """Number of a ticket not yet restored."""

    @property
    def data(self) -> DeviceData:
        """What a form for this device starts with."""
        return DeviceData(**{part.name: getattr(self, part.name) for part in fields(DeviceData)})


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """Which devices are asked for; empty conditions leave all in."""

    outlet_id: int | None = None
    """A unit, with all below it."""
    categories: frozenset[Category] = frozenset()
    states: frozenset[DeviceState] = frozenset()
    faulty: bool | None = None
    """Only those with, or only those without, an open fault."""
    text: str = ""
    """Anywhere in tag, name, position, model, serial number, custodian or outlet."""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Text by column of :class:`DeviceRow` that has to be found in it."""


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


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """Where a device stood from a day on; None: from the beginning."""

    from_on: date | None
    outlet_id: int
    outlet_name: str
    position: str | None


@dataclass(frozen=True, slots=True)
class StateRow:
    """The state of a device from a day on; None: from the beginning."""

    from_on: date | None
    state: DeviceState


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device with what has become of it; its tickets are a list of their own."""

    row: DeviceRow
    calendar: str | None
    """Name of its own calendar, or of its outlet's; None where neither has one."""
    placements: tuple[PlacementRow, ...]
    states: tuple[StateRow, ...]
    tickets: int
    """How many tickets it ever had."""


_ROW_COLUMNS = tuple(
    part.name
    for part in fields(DeviceRow)
    if part.name not in ("outlet_code", "outlet_name", "open_fault")
)
_SEARCHED = (
    Device.tag,
    Device.name,
    Device.position,
    Device.model,
    Device.serial_number,
    Device.custodian,
)


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
    query = (
        _found(actor)
        .where(
            or_(
                *(
                    column.icontains(wanted, autoescape=True)
                    for column in (Device.tag, Device.name, Device.position)
                )
            )
        )
        .order_by(rank, Device.tag)
        .limit(limit)
    )
    with database.read() as session:
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
    """Return the devices that stand in an outlet, by category and position (the tiles)."""
    require(actor, "device.read", outlet_id)
    query = (
        _found(actor)
        .where(Device.outlet_id == outlet_id)
        .order_by(Device.category, Device.position, Device.tag)
    )
    with database.read() as session:
        return _found_rows(session, query)


def list_devices(
    database: Database,
    actor: Actor,
    wanted: DeviceFilter = DeviceFilter(),
    *,
    sort: str | None = None,
    descending: bool = False,
    offset: int = 0,
    limit: int | None = 200,
) -> Page[DeviceRow]:
    """Return a page of the ledger; ``sort`` is a column of :class:`DeviceRow`, default the tag."""
    require(actor, "device.read")
    with database.read() as session:
        faults = _open_numbers()
        keys = _matching(session, actor, wanted, faults)
        total = session.scalar(select(func.count()).select_from(keys.subquery())) or 0
        key = _sort_column(sort or "tag", faults)
        order = (key.desc().nulls_last() if descending else key.asc().nulls_last(), Device.id)
        query = (
            _ledger(faults).where(Device.id.in_(keys)).order_by(*order).offset(offset).limit(limit)
        )
        return Page(tuple(_ledger_row(row) for row in session.execute(query)), total)


def read_card(database: Database, actor: Actor, device_id: int) -> DeviceCard:
    """Return one device with its placements and states, the oldest first."""
    require(actor, "device.read")
    with database.read() as session:
        device = look_up(session, Device, device_id)
        require(actor, "device.read", device.outlet_id)
        row = session.execute(_ledger(_open_numbers()).where(Device.id == device_id)).one()
        outlets = {outlet.id: outlet for outlet in session.scalars(select(Outlet))}
        calendar_id = device.calendar_id or outlets[device.outlet_id].calendar_id
        names = (
            session.scalar(select(Calendar.name).where(Calendar.id == calendar_id))
            if calendar_id is not None
            else None
        )
        return DeviceCard(
            row=_ledger_row(row),
            calendar=names,
            placements=tuple(
                PlacementRow(
                    None if each.from_on == date.min else each.from_on,
                    each.outlet_id,
                    outlets[each.outlet_id].name,
                    each.position,
                )
                for each in device.placements
            ),
            states=tuple(
                StateRow(None if each.from_on == date.min else each.from_on, each.state)
                for each in device.state_changes
            ),
            tickets=session.scalar(
                select(func.count()).select_from(Fault).where(Fault.device_id == device_id)
            )
            or 0,
        )


def _found(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(Device, Outlet.code, Outlet.name)
        .join(Outlet, Outlet.id == Device.outlet_id)
        .where(Device.state != DeviceState.SCRAPPED)
    )
    if actor.role is Role.REPORTER:
        query = query.where(Device.outlet_id.in_(actor.outlet_ids))
    return query


def _found_rows(session: Session, query: Select[*tuple[Any, ...]]) -> tuple[FoundDevice, ...]:
    rows = session.execute(query).all()
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
                Fault.device_id.in_([device.id for device, _, _ in rows]),
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
            outlet_code=code,
            outlet_name=name,
            open_fault=faults.get(device.id),
        )
        for device, code, name in rows
    )


def _open_numbers() -> Subquery:
    """Return the open ticket of each device that has one: few, whatever the size of the ledger."""
    return (
        select(Fault.device_id, func.max(Fault.number).label("number"))
        .where(Fault.state.in_(OPEN_STATES))
        .group_by(Fault.device_id)
        .subquery()
    )


def _ledger(faults: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(getattr(Device, name) for name in _ROW_COLUMNS),
            Outlet.code.label("outlet_code"),
            Outlet.name.label("outlet_name"),
            faults.c.number.label("open_fault"),
        )
        .join(Outlet, Outlet.id == Device.outlet_id)
        .outerjoin(faults, faults.c.device_id == Device.id)
    )


def _ledger_row(row: Row[*tuple[Any, ...]]) -> DeviceRow:
    return DeviceRow(**row._asdict())


def _matching(
    session: Session, actor: Actor, wanted: DeviceFilter, faults: Subquery
) -> Select[int]:
    query = select(Device.id).join(Outlet, Outlet.id == Device.outlet_id)
    if actor.role is Role.REPORTER:
        query = query.where(Device.outlet_id.in_(actor.outlet_ids))
    if wanted.outlet_id is not None:
        query = query.where(Device.outlet_id.in_(subtree(session, wanted.outlet_id)))
    if wanted.categories:
        query = query.where(Device.category.in_(wanted.categories))
    if wanted.states:
        query = query.where(Device.state.in_(wanted.states))
    if wanted.faulty is not None:
        with_fault = Device.id.in_(select(faults.c.device_id))
        query = query.where(with_fault if wanted.faulty else ~with_fault)
    text = unicodedata.normalize("NFKC", wanted.text).strip()
    if text:
        query = query.where(
            or_(
                *(column.icontains(text, autoescape=True) for column in _SEARCHED),
                Outlet.code.icontains(text, autoescape=True),
                Outlet.name.icontains(text, autoescape=True),
            )
        )
    if "open_fault" in wanted.columns:
        query = query.outerjoin(faults, faults.c.device_id == Device.id)
    for name, part in wanted.columns.items():
        if part.strip():
            column = cast(_sort_column(name, faults), String)
            query = query.where(column.icontains(part.strip(), autoescape=True))
    return query


def _sort_column(name: str, faults: Subquery) -> ColumnElement[Any]:
    if name == "outlet_code":
        return Outlet.code.expression
    if name == "outlet_name":
        return Outlet.name.expression
    if name == "open_fault":
        return faults.c.number
    if name not in _ROW_COLUMNS:
        problem = f"the ledger has no column {name!r}"
        raise ValueError(problem)
    column: ColumnElement[Any] = Device.__table__.c[name]
    return column
