"""What the uptime figures are made of: every piece of downtime with its fault, and a device's days.

The rows of a list add up to the figures of :mod:`desk_maint.services.uptime` to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from desk_maint.db.models import Device, Fault, Hold, Outlet
from desk_maint.domain.downtime import Downtime, find_downtime, scheduled_spans
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.instants import day_start
from desk_maint.domain.intervals import Interval, intersect
from desk_maint.domain.messages import msg
from desk_maint.domain.service_clock import ServiceClock
from desk_maint.services import calendar_book, settings
from desk_maint.services.permissions import require
from desk_maint.services.uptime import month_edges, period_of
from desk_maint.services.uptime_inputs import GROUPS, Inventory, load_inventory, load_keyed_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Group
    from desk_maint.domain.faults import HoldReason, Responsibility
    from desk_maint.domain.people import Actor
    from desk_maint.services.settings import Settings
    from desk_maint.services.uptime import Period

    Ints = NDArray[np.int64]

__all__ = [
    "DeviceTimeline",
    "EvidenceRow",
    "TimelinePiece",
    "device_timeline",
    "downtime_by_block",
    "evidence",
    "evidence_rows",
]

_DEVICES_AT_ONCE = 6000
"""Devices read in one go: bounds the memory, however long the list becomes."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of downtime of one device at one outlet, ``[start, end)`` in UTC seconds.

    It is cut to the period, the stay there and the stoppages; ``seconds`` are the scheduled ones
    in it.  Where faults overlap, every second stands in the row of one of them only.
    """

    device_id: int
    tag: str
    device_name: str | None
    group: Group
    outlet_id: int
    outlet: str
    """Code of the outlet."""
    outlet_name: str
    fault_id: int
    number: str
    start: int
    end: int
    seconds: int
    exempt: bool
    cause: str | None
    responsibility: Responsibility | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some devices, the faults that touch the period, and what downtime comes of them."""

    inventory: Inventory
    fault_ids: Ints
    """Key of each row of the faults that ``downtime`` speaks of."""
    downtime: Downtime


def evidence(
    database: Database,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: int,
    outlet_ids: Collection[int] = (),
) -> Iterator[EvidenceRow]:
    """Yield the downtime of the local dates from ``first`` to before ``last``, as at ``as_of``.

    Rows come by device and start; all of them show the database at one moment.  Raises
    :class:`~desk_maint.domain.errors.InputError` where the period is empty.
    """
    with database.read() as session:
        yield from evidence_rows(session, actor, first, last, as_of=as_of, outlet_ids=outlet_ids)


def evidence_rows(
    session: Session,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: int,
    outlet_ids: Collection[int] = (),
    by_month: bool = False,
) -> Iterator[EvidenceRow]:
    """Yield the rows of :func:`evidence` out of a transaction that the caller has open.

    A statement reads its figures in the same one, so that the two agree whatever is entered
    meanwhile.  ``by_month`` cuts the pieces where months end.
    """
    require(actor, "uptime.read")
    in_force = settings.load(session)
    period = period_of(in_force, first, last, as_of)
    outlets = {
        key: (code, name)
        for key, code, name in session.execute(select(Outlet.id, Outlet.code, Outlet.name))
    }
    edges = month_edges(first, last) if by_month else [first, last]
    for block in downtime_by_block(session, in_force, period, edges, outlet_ids):
        yield from _rows(session, block, outlets, period)


def downtime_by_block(
    session: Session,
    in_force: Settings,
    period: Period,
    edges: Sequence[date],
    outlet_ids: Collection[int] = (),
) -> Iterator[Block]:
    """Yield the downtime of a period, some thousand devices at a time.

    ``edges`` are the first date of the period, those at which its pieces are cut, and the last.
    """
    book = calendar_book.load(session, in_force.zone)
    whole = load_inventory(session, book, period.start, period.end, outlet_ids=outlet_ids)
    clock = _clock(whole, in_force, edges)
    devices = len(whole.device_ids)
    for low in range(0, devices, _DEVICES_AT_ONCE):
        block = whole.block(low, min(low + _DEVICES_AT_ONCE, devices))
        faults, keys = load_keyed_faults(session, block, in_force, period.start, period.end)
        downtime = find_downtime(block.stays, faults, block.stops, clock, now=period.as_of)
        yield Block(block, keys, downtime)


def _clock(inventory: Inventory, in_force: Settings, edges: Sequence[date]) -> ServiceClock:
    zone = in_force.zone
    return ServiceClock(inventory.calendars, [day_start(day, zone) for day in edges], zone)


def _rows(
    session: Session, block: Block, outlets: dict[int, tuple[str, str]], period: Period
) -> Iterator[EvidenceRow]:
    inventory, found = block.inventory, block.downtime
    between = int(inventory.device_ids[0]), int(inventory.device_ids[-1])
    devices = {
        key: (tag, name)
        for key, tag, name in session.execute(
            select(Device.id, Device.tag, Device.name).where(Device.id.between(*between))
        )
    }
    faults = {
        key: (number, cause, responsibility)
        for key, number, cause, responsibility in session.execute(
            select(Fault.id, Fault.number, Fault.cause, Fault.responsibility).where(
                Fault.device_id.between(*between),
                Fault.occurred_at < period.end,
                or_(Fault.restored_at.is_(None), Fault.restored_at > period.start),
            )
        )
    }
    device = inventory.stays.device[found.stay]
    for device_id, group, outlet_id, fault_id, start, end, seconds, exempt in zip(
        inventory.device_ids[device].tolist(),
        inventory.group[device].tolist(),
        inventory.outlet[found.stay].tolist(),
        block.fault_ids[found.fault].tolist(),
        found.start.tolist(),
        found.end.tolist(),
        found.seconds.tolist(),
        found.exempt.tolist(),
        strict=True,
    ):
        tag, device_name = devices[device_id]
        outlet, outlet_name = outlets[outlet_id]
        number, cause, responsibility = faults[fault_id]
        yield EvidenceRow(
            device_id,
            tag,
            device_name,
            GROUPS[group],
            outlet_id,
            outlet,
            outlet_name,
            fault_id,
            number,
            start,
            end,
            seconds,
            exempt,
            cause,
            responsibility,
        )


@dataclass(frozen=True, slots=True)
class TimelinePiece:
    """A stretch ``[start, end)`` in UTC seconds, and the ticket that it belongs to, if any."""

    start: int
    end: int
    number: str | None = None
    fault_id: int | None = None
    reason: HoldReason | None = None
    """Why work rested, for a hold."""


@dataclass(frozen=True, slots=True)
class DeviceTimeline:
    """A device's period as bands, each of disjoint pieces in order.

    The lengths of ``scheduled``, ``down`` and ``exempt`` add up to the device's figures.
    """

    start: int
    end: int
    scheduled: tuple[TimelinePiece, ...]
    down: tuple[TimelinePiece, ...]
    exempt: tuple[TimelinePiece, ...]
    stopped: tuple[TimelinePiece, ...]
    """Approved stoppages, whatever the service hours, the coming ones included."""
    held: tuple[TimelinePiece, ...]
    """Rests in the work on its tickets, up to now."""


def device_timeline(
    database: Database, actor: Actor, device_id: int, first: date, last: date, *, as_of: int
) -> DeviceTimeline:
    """Return what a device's figures of a period are made of, second by second.

    Raises :class:`NotFoundError` where there is no such device.
    """
    require(actor, "uptime.read")
    with database.read() as session:
        device = session.get(Device, device_id)
        if device is None:
            raise NotFoundError(
                msg("There is no such device any more. Go back to the list and refresh it.")
            )
        require(actor, "uptime.read", device.outlet_id)
        in_force = settings.load(session)
        period = period_of(in_force, first, last, as_of)
        book = calendar_book.load(session, in_force.zone)
        own = load_inventory(session, book, period.start, period.end, device_ids=(device_id,))
        clock = _clock(own, in_force, [first, last])
        now = period.as_of
        scheduled = scheduled_spans(own.stays, own.stops, own.calendars, clock, now=now)
        faults, keys = load_keyed_faults(session, own, in_force, period.start, period.end)
        found = find_downtime(own.stays, faults, own.stops, clock, now=now)
        numbers = dict(
            session.execute(
                select(Fault.id, Fault.number).where(Fault.device_id == device_id)
            ).all()
        )
        down: list[TimelinePiece] = []
        exempt: list[TimelinePiece] = []
        for fault, start, end, spared in zip(
            keys[found.fault].tolist(),
            found.start.tolist(),
            found.end.tolist(),
            found.exempt.tolist(),
            strict=True,
        ):
            for span in intersect(scheduled, [Interval(start, end)]):
                piece = TimelinePiece(span.start, span.end, numbers[fault], fault)
                (exempt if spared else down).append(piece)
        stops = zip(own.stops.start.tolist(), own.stops.end.tolist(), strict=True)
        return DeviceTimeline(
            start=period.start,
            end=period.end,
            scheduled=tuple(TimelinePiece(*span) for span in scheduled),
            down=tuple(down),
            exempt=tuple(exempt),
            stopped=tuple(
                TimelinePiece(*span)
                for span in intersect(stops, [Interval(period.start, period.end)])
            ),
            held=tuple(_held(session, device_id, period, numbers)),
        )


def _held(
    session: Session, device_id: int, period: Period, numbers: dict[int, str]
) -> Iterator[TimelinePiece]:
    last = min(period.end, period.as_of)
    rows = session.scalars(
        select(Hold)
        .join(Fault)
        .where(Fault.device_id == device_id, Fault.cancelled_at.is_(None), Hold.from_at < last)
        .order_by(Hold.from_at, Hold.id)
    )
    for row in rows:
        start = max(row.from_at, period.start)
        end = last if row.to_at is None else min(row.to_at, last)
        if start < end:
            yield TimelinePiece(start, end, numbers[row.fault_id], row.fault_id, row.reason)
