"""The inventory: what a person does to devices.

A move, a change of state and a retirement take effect at the start of the day they are dated,
in the bureau's zone; what stood before stays in the figures of the days before.  Looking at the
inventory is in ``device_lists``, finding one device in ``device_finder``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Device, DeviceStateChange, Fault, Outlet, Placement
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.services import settings
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, fill, touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "BULK_FIELDS",
    "DeviceData",
    "DeviceSaved",
    "bulk_edit",
    "change_state",
    "check_device",
    "create",
    "edit",
    "enter_state",
    "follow_placements",
    "move",
    "retire",
    "take_back_move",
    "take_back_state",
]

BULK_FIELDS = frozenset(
    {
        "name",
        "calendar_id",
        "manufacturer",
        "model",
        "warranty_until",
        "custodian",
        "owner",
        "extinguisher_type",
        "manufactured_on",
        "last_serviced_on",
        "retention_days_required",
        "remarks",
    }
)
"""What may be set for many devices at once."""


@dataclass(frozen=True, slots=True)
class DeviceData:
    """What is filled in about a device; outlet and state have a history and change by date."""

    tag: str
    category: Category
    commissioned_on: date
    name: str | None = None
    position: str | None = None
    """Where in its outlet it stands now (correcting it is not a move)."""
    calendar_id: int | None = None
    """Its own service calendar; None: its outlet's."""
    retired_on: date | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial_number: str | None = None
    warranty_until: date | None = None
    custodian: str | None = None
    owner: str | None = None
    extinguisher_type: ExtinguisherType | None = None
    manufactured_on: date | None = None
    last_serviced_on: date | None = None
    retention_days_required: int | None = None
    remarks: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceSaved:
    """The key of a new device."""

    id: int
    changes: Changes


def create(
    database: Database,
    actor: Actor,
    data: DeviceData,
    outlet_id: int,
    state: DeviceState = DeviceState.IN_USE,
    *,
    at: int,
) -> DeviceSaved:
    """Add a device; in another state than in use it has never been in service."""
    require(actor, "device.edit")
    with database.change(actor, "device.edit", at=at) as work:
        session = work.session
        _check(session, data, None)
        fetch(session, Outlet, outlet_id)
        row = Device(outlet_id=outlet_id, state=state)
        fill(row, asdict(data))
        row.placements.append(
            Placement(from_on=date.min, outlet_id=outlet_id, position=row.position)
        )
        row.state_changes.append(DeviceStateChange(from_on=date.min, state=state))
        session.add(row)
        session.flush()
        key = row.id
    return DeviceSaved(key, work.changes)


def edit(
    database: Database, actor: Actor, device_id: int, data: DeviceData, *, version: int, at: int
) -> Changes:
    """Change what is known of a device; another category or calendar moves its deadlines."""
    require(actor, "device.edit")
    with database.change(actor, "device.edit", at=at) as work:
        session = work.session
        row = fetch(session, Device, device_id, version=version)
        _check(session, data, device_id)
        moves_deadlines = (row.category, row.calendar_id) != (data.category, data.calendar_id)
        fill(row, asdict(data))
        row.placements[-1].position = row.position
        if moves_deadlines:
            _recompute(work, [device_id])
    return work.changes


def bulk_edit(
    database: Database,
    actor: Actor,
    devices: Mapping[int, int],
    values: Mapping[str, object],
    *,
    at: int,
) -> Changes:
    """Set the same values on many devices (key to version); all of them or, if one fails, none."""
    require(actor, "device.edit")
    foreign = set(values) - BULK_FIELDS
    if foreign:
        problem = f"not for many devices at once: {sorted(foreign)}"
        raise ValueError(problem)
    with database.change(actor, "device.edit", at=at) as work:
        for row in _fetch_all(work.session, devices):
            fill(row, values)
            _check_plain(row)
        if "calendar_id" in values:
            _recompute(work, devices)
    return work.changes


def move(
    database: Database,
    actor: Actor,
    devices: Mapping[int, int],
    outlet_id: int,
    position: str | None = None,
    *,
    on: date,
    at: int,
) -> Changes:
    """Move devices (key to version) to an outlet from the start of the day ``on``.

    A day up to the one of commissioning corrects where a device stood first.  Tickets reported
    from that day on go with it.
    """
    require(actor, "device.edit")
    with database.change(actor, "device.move", at=at) as work:
        session = work.session
        _not_after_today(session, on, at)
        fetch(session, Outlet, outlet_id)
        rows = _fetch_all(session, devices)
        for row in rows:
            start = date.min if on <= row.commissioned_on else on
            entry = next((each for each in row.placements if each.from_on == start), None)
            if entry is None:
                entry = Placement(from_on=start)
                row.placements.append(entry)
            fill(entry, {"outlet_id": outlet_id, "position": position})
            touch(row)
        follow_placements(work, rows)
    return work.changes


def take_back_move(
    database: Database, actor: Actor, device_id: int, from_on: date, *, version: int, at: int
) -> Changes:
    """Take back a move that was entered by mistake; the first place cannot be taken back."""
    require(actor, "device.edit")
    with database.change(actor, "device.move", at=at) as work:
        row = fetch(work.session, Device, device_id, version=version)
        _take_back(row.placements, from_on)
        touch(row)
        follow_placements(work, [row])
    return work.changes


def change_state(
    database: Database,
    actor: Actor,
    devices: Mapping[int, int],
    state: DeviceState,
    *,
    on: date,
    at: int,
) -> Changes:
    """Change the state of devices (key to version) from the start of the day ``on``."""
    require(actor, "device.edit")
    with database.change(actor, "device.state", at=at) as work:
        _not_after_today(work.session, on, at)
        for row in _fetch_all(work.session, devices):
            enter_state(row, state, on)
    return work.changes


def take_back_state(
    database: Database, actor: Actor, device_id: int, from_on: date, *, version: int, at: int
) -> Changes:
    """Take back a change of state that was entered by mistake."""
    require(actor, "device.edit")
    with database.change(actor, "device.state", at=at) as work:
        row = fetch(work.session, Device, device_id, version=version)
        _take_back(row.state_changes, from_on)
        touch(row)
        row.state = row.state_changes[-1].state
    return work.changes


def retire(
    database: Database,
    actor: Actor,
    devices: Mapping[int, int],
    state: DeviceState = DeviceState.SCRAPPED,
    *,
    on: date,
    at: int,
) -> Changes:
    """Retire devices (key to version): in service up to, not including, the day ``on``."""
    require(actor, "device.edit")
    with database.change(actor, "device.retire", at=at) as work:
        _not_after_today(work.session, on, at)
        for row in _fetch_all(work.session, devices):
            row.retired_on = on
            check_device(row.tag, row.category, row.commissioned_on, on)
            enter_state(row, state, on)
    return work.changes


def _fetch_all(session: Session, devices: Mapping[int, int]) -> list[Device]:
    # In the order of their keys, so that two such changes cannot wait for each other.
    return [
        fetch(session, Device, key, version=version) for key, version in sorted(devices.items())
    ]


def enter_state(row: Device, state: DeviceState, on: date) -> None:
    """Enter a device's state from a day; up to commissioning it is the state it began with."""
    touch(row)
    start = date.min if on <= row.commissioned_on else on
    entry = next((each for each in row.state_changes if each.from_on == start), None)
    if entry is None:
        row.state_changes.append(DeviceStateChange(from_on=start, state=state))
        row.state_changes.sort(key=lambda each: each.from_on)
    else:
        entry.state = state
    previous = None
    for each in list(row.state_changes):
        if previous is not None and each.state is previous.state:
            row.state_changes.remove(each)
        else:
            previous = each
    row.state = row.state_changes[-1].state


def follow_placements(work: Work, rows: Sequence[Device]) -> None:
    """Make devices, and the tickets reported since they moved, follow their placements."""
    session = work.session
    for row in rows:
        row.placements.sort(key=lambda each: each.from_on)
        last = row.placements[-1]
        row.outlet_id, row.position = last.outlet_id, last.position
    session.flush()
    tz = settings.load(session).zone
    places = {row.id: row.placements for row in rows}
    moved = []
    for fault in session.scalars(select(Fault).where(Fault.device_id.in_(places))):
        day = local_date(fault.reported_at, tz)
        entries = places[fault.device_id]
        place = next(each for each in reversed(entries) if each.from_on <= day)
        if fault.outlet_id != place.outlet_id:
            fault.outlet_id = place.outlet_id
            moved.append(fault.id)
    session.flush()
    if moved:
        work.touched("fault", DeadlineBook(session).recompute(session, moved))


def _take_back(entries: list[Placement] | list[DeviceStateChange], from_on: date) -> None:
    entry = next((each for each in entries[1:] if each.from_on == from_on), None)
    if entry is None:
        raise InputError(msg("There is no entry of {day} that can be taken back.", day=from_on))
    entries.remove(entry)  # type: ignore[arg-type]


def _recompute(work: Work, device_ids: Iterable[int]) -> None:
    session = work.session
    session.flush()
    moved = DeadlineBook(session).recompute_where(session, Fault.device_id.in_(list(device_ids)))
    work.touched("fault", moved)


def _not_after_today(session: Session, on: date, at: int) -> None:
    today = local_date(at, settings.load(session).zone)
    if on > today:
        raise InputError(
            msg(
                "{day} is still to come. Enter it on the day it happens, or give an earlier day.",
                day=on,
            ),
            field="on",
        )


def _check(session: Session, data: DeviceData, device_id: int | None) -> None:
    tag = data.tag.strip()
    if not tag:
        raise InputError(msg("A device needs an asset number. Fill it in."), field="tag")
    other = session.scalar(select(Device.id).where(Device.tag == tag))
    if other is not None and other != device_id:
        raise InputError(
            msg("The asset number {tag} belongs to another device. Give a different one.", tag=tag),
            field="tag",
        )
    _check_plain(data)


def _check_plain(data: DeviceData | Device) -> None:
    """Raise :class:`InputError` where the values of one device do not go together."""
    check_device(
        data.tag.strip(),
        data.category,
        data.commissioned_on,
        data.retired_on,
        data.extinguisher_type,
    )
    days = data.retention_days_required
    if days is not None and days < 0:
        raise InputError(
            msg("The days that recordings are kept cannot be negative: {days}.", days=days),
            field="retention_days_required",
        )


def check_device(
    tag: str,
    category: Category,
    commissioned_on: date,
    retired_on: date | None,
    extinguisher_type: ExtinguisherType | None = None,
) -> None:
    """Raise :class:`InputError` where what is known of a device cannot be so."""
    if retired_on is not None and retired_on < commissioned_on:
        raise InputError(
            msg(
                "{tag} would be retired on {retired}, before it was put into service on "
                "{commissioned}. Correct one of the two dates.",
                tag=tag,
                retired=retired_on,
                commissioned=commissioned_on,
            ),
            field="retired_on",
        )
    if extinguisher_type is not None and category is not Category.FIRE_EXTINGUISHER:
        raise InputError(
            msg(
                "Only a fire extinguisher has a “{field}”. Leave it empty for {tag}.",
                field=Term(field_key("device", "extinguisher_type")),
                tag=tag,
            ),
            field="extinguisher_type",
        )
