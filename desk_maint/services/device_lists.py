"""Looking at the inventory: the ledger in pages, and the card of one device."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    or_,
    select,
)

from desk_maint.db.models import Calendar, Device, Fault, Outlet
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.devices import DeviceData
from desk_maint.services.outlets import subtree
from desk_maint.services.paging import Page, contains
from desk_maint.services.permissions import require
from desk_maint.services.records import look_up

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
    from desk_maint.domain.outlets import Zone
    from desk_maint.domain.people import Actor

__all__ = [
    "DeviceCard",
    "DeviceFilter",
    "DeviceRow",
    "PlacementRow",
    "StateRow",
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
    with_below: bool = True
    """False: the unit alone."""
    zone: Zone | None = None
    """Only what stands in units of this zone."""
    categories: frozenset[Category] = frozenset()
    states: frozenset[DeviceState] = frozenset()
    faulty: bool | None = None
    """Only those with, or only those without, an open fault."""
    text: str = ""
    """Anywhere in tag, name, position, model, serial number, custodian or outlet."""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Text by column of :class:`DeviceRow` that has to be found in it."""


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
_KEYS_PER_QUERY = 1000
_OUTLET_COLUMNS = frozenset({"outlet_code", "outlet_name"})
_SEARCHED = (
    Device.tag,
    Device.name,
    Device.position,
    Device.model,
    Device.serial_number,
    Device.custodian,
)


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
        matching = _matching(session, actor, wanted, sort or "tag")
        total = session.scalar(matching.with_only_columns(func.count())) or 0
        key = _column(sort or "tag")
        ordered = key.desc() if descending else key.asc()
        # Said only where it is needed: an index does not answer it.
        if getattr(key, "nullable", True):
            ordered = ordered.nulls_last()
        keys = session.scalars(
            matching.order_by(ordered, Device.id).offset(offset).limit(limit)
        ).all()
        return Page(_read_rows(session, keys), total)


def read_versions(database: Database, actor: Actor, device_ids: Collection[int]) -> dict[int, int]:
    """Return the present versions of devices by their keys; what is gone is left out."""
    require(actor, "device.read")
    keys = list(device_ids)
    found: dict[int, int] = {}
    with database.read() as session:
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            part = keys[start : start + _KEYS_PER_QUERY]
            query = select(Device.id, Device.version).where(Device.id.in_(part))
            found.update((row.id, row.version) for row in session.execute(query))
    return found


def read_card(database: Database, actor: Actor, device_id: int) -> DeviceCard:
    """Return one device with its placements and states, the oldest first."""
    require(actor, "device.read")
    with database.read() as session:
        device = look_up(session, Device, device_id)
        require(actor, "device.read", device.outlet_id)
        outlets = {outlet.id: outlet for outlet in session.scalars(select(Outlet))}
        calendar_id = device.calendar_id or outlets[device.outlet_id].calendar_id
        calendar = (
            session.scalar(select(Calendar.name).where(Calendar.id == calendar_id))
            if calendar_id is not None
            else None
        )
        return DeviceCard(
            row=_read_rows(session, [device_id])[0],
            calendar=calendar,
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


# The open ticket of each device that has one: few, whatever the size of the ledger.
_OPEN = (
    select(Fault.device_id, func.max(Fault.number).label("number"))
    .where(Fault.state.in_(OPEN_STATES))
    .group_by(Fault.device_id)
    .subquery("open_fault")
)


def _read_rows(session: Session, keys: Sequence[int]) -> tuple[DeviceRow, ...]:
    """Return the rows of these devices in the order of their keys.

    The database sorts and pages over keys alone; the rest is read for the rows of the page only.
    """
    outlets = {
        key: (code, name)
        for key, code, name in session.execute(select(Outlet.id, Outlet.code, Outlet.name))
    }
    found: dict[int, DeviceRow] = {}
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        chosen = keys[start : start + _KEYS_PER_QUERY]
        numbers = dict(
            session.execute(
                select(Fault.device_id, func.max(Fault.number))
                .where(Fault.device_id.in_(chosen), Fault.state.in_(OPEN_STATES))
                .group_by(Fault.device_id)
            ).all()
        )
        columns = [getattr(Device, name) for name in _ROW_COLUMNS]
        for row in session.execute(select(*columns).where(Device.id.in_(chosen))):
            code, name = outlets[row.outlet_id]
            found[row.id] = DeviceRow(
                **row._asdict(),
                outlet_code=code,
                outlet_name=name,
                open_fault=numbers.get(row.id),
            )
    return tuple(found[key] for key in keys)


def _matching(session: Session, actor: Actor, wanted: DeviceFilter, sort: str) -> Select[int]:
    """Return the keys of the devices that match, joined with what they are to be sorted by."""
    query = select(Device.id).select_from(Device)
    named = {sort, *(name for name, part in wanted.columns.items() if part.strip())}
    if not _OUTLET_COLUMNS.isdisjoint(named):
        query = query.join(Outlet, Outlet.id == Device.outlet_id)
    if "open_fault" in named:
        query = query.outerjoin(_OPEN, _OPEN.c.device_id == Device.id)
    if actor.role is Role.REPORTER:
        query = query.where(Device.outlet_id.in_(actor.outlet_ids))
    if wanted.outlet_id is not None:
        units = subtree(session, wanted.outlet_id) if wanted.with_below else {wanted.outlet_id}
        query = query.where(Device.outlet_id.in_(units))
    if wanted.zone is not None:
        in_zone = select(Outlet.id).where(Outlet.zone == wanted.zone)
        query = query.where(Device.outlet_id.in_(in_zone))
    if wanted.categories:
        query = query.where(Device.category.in_(wanted.categories))
    if wanted.states:
        query = query.where(Device.state.in_(wanted.states))
    if wanted.faulty is not None:
        with_fault = Device.id.in_(select(Fault.device_id).where(Fault.state.in_(OPEN_STATES)))
        query = query.where(with_fault if wanted.faulty else ~with_fault)
    return query.where(*_of_text(session, wanted))


def _of_text(session: Session, wanted: DeviceFilter) -> Iterator[ColumnElement[bool]]:
    text = unicodedata.normalize("NFKC", wanted.text).strip()
    if text:
        outlets = select(Outlet.id).where(
            or_(contains(session, Outlet.code, text), contains(session, Outlet.name, text))
        )
        yield or_(
            *(contains(session, column, text) for column in _SEARCHED),
            Device.outlet_id.in_(outlets),
        )
    for name, part in wanted.columns.items():
        if part.strip():
            yield contains(session, cast(_column(name), String), part.strip())


def _column(name: str) -> ColumnElement[Any]:
    if name == "outlet_code":
        return Outlet.__table__.c.code
    if name == "outlet_name":
        return Outlet.__table__.c.name
    if name == "open_fault":
        return _OPEN.c.number
    if name not in _ROW_COLUMNS:
        problem = f"the ledger has no column {name!r}"
        raise ValueError(problem)
    column: ColumnElement[Any] = Device.__table__.c[name]
    return column
