"""What the uptime figures are computed from, read in bulk: stays, faults, lateness, stoppages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Integer, case, cast, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from desk_maint.db.bulk import integer_columns
from desk_maint.db.models import Device, DeviceStateChange, Fault, Hold, Outlet, Placement, Stoppage
from desk_maint.domain.calendars import ServiceCalendar
from desk_maint.domain.devices import GROUP_OF, Category, DeviceState, Group
from desk_maint.domain.faults import STOPPING_HOLDS, ExemptState, Impact
from desk_maint.domain.instants import day_start
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.domain.targets import Counts
from desk_maint.domain.uptime import FOREVER, Faults, Spans, Stays
from desk_maint.services.deadlines import DeadlineBook

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from desk_maint.services.calendar_book import CalendarBook
    from desk_maint.services.settings import Settings

    Ints = NDArray[np.int64]

__all__ = ["CATEGORIES", "GROUPS", "Inventory", "load_faults", "load_inventory", "load_late"]

CATEGORIES = tuple(Category)
GROUPS = tuple(Group)
_GROUP_OF_CATEGORY = np.array([GROUPS.index(GROUP_OF[category]) for category in CATEGORIES])
_NONE = -1
"""Stands for a missing key or date in a column of whole numbers."""
_ALWAYS = date.min
"""The date of the first entry of every placement and state history."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The stays in service that touch a period, and what is needed to name and group them."""

    stays: Stays
    outlet: Ints
    """Key of the outlet of each stay."""
    device_ids: Ints
    """Key of each device, ascending; a stay's ``device`` is a place in it."""
    group: Ints
    """Place in :data:`GROUPS` of each device."""
    calendars: Sequence[ServiceCalendar]
    stops: Spans

    @property
    def stay_group(self) -> Ints:
        """The group of each stay."""
        return self.group[self.stays.device]

    def block(self, first: int, last: int) -> Inventory:
        """Return the devices from place ``first`` to before ``last`` as an inventory of its own."""
        rows = slice(*np.searchsorted(self.stays.device, [first, last]))
        stopped = (self.stops.device >= first) & (self.stops.device < last)
        stays = self.stays
        return Inventory(
            Stays(
                stays.device[rows] - first, stays.calendar[rows], stays.start[rows], stays.end[rows]
            ),
            self.outlet[rows],
            self.device_ids[first:last],
            self.group[first:last],
            self.calendars,
            Spans(
                self.stops.device[stopped] - first,
                self.stops.start[stopped],
                self.stops.end[stopped],
            ),
        )


def load_inventory(
    session: Session, book: CalendarBook, start: int, end: int, outlet_ids: Sequence[int] = ()
) -> Inventory:
    """Return every stay in service that touches ``[start, end)`` (UTC seconds)."""
    tz = book.zone
    devices = integer_columns(
        session,
        select(
            Device.id.label("id"),
            _position(Device.category, CATEGORIES).label("category"),
            func.coalesce(Device.calendar_id, _NONE).label("calendar"),
            Device.outlet_id.label("outlet"),
            _days(session, Device.commissioned_on).label("first"),
            func.coalesce(_days(session, Device.retired_on), FOREVER).label("last"),
            case((Device.state == DeviceState.IN_USE, 1), else_=0).label("in_use"),
        ).order_by(Device.id),
    )
    ids, category, own_calendar, outlet, first, last, in_use = devices
    begin = _starts_of_days(first, tz)
    finish = _starts_of_days(last, tz)
    settled = in_use == 1
    eventful = _eventful(session, ids)
    settled[eventful] = False
    place = np.flatnonzero(settled)
    rows = np.stack([place, outlet[place], begin[place], finish[place]], axis=1)
    histories = _stays_of_eventful(session, ids, eventful, begin, finish, tz)
    if histories:
        rows = np.concatenate([rows, np.array(histories, np.int64)])
        rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    rows = rows[(rows[:, 2] < end) & (rows[:, 3] > start) & (rows[:, 2] < rows[:, 3])]
    if outlet_ids:
        rows = rows[np.isin(rows[:, 1], np.fromiter(outlet_ids, np.int64))]
    # Number the devices that are left without gaps.
    present, device = np.unique(rows[:, 0], return_inverse=True)
    calendars, calendar = _calendars(session, book, category, own_calendar, rows)
    stays = Stays(device.astype(np.int64), calendar, rows[:, 2], rows[:, 3])
    return Inventory(
        stays=stays,
        outlet=rows[:, 1],
        device_ids=ids[present],
        group=_GROUP_OF_CATEGORY[category[present]],
        calendars=calendars,
        stops=_stops(session, stays, rows[:, 1], ids[present], category[present], start, end),
    )


def load_faults(
    session: Session, inventory: Inventory, settings: Settings, start: int, end: int
) -> tuple[Faults, Ints]:
    """Return the faults that touch ``[start, end)`` and whose impact counts, and their keys."""
    ended = func.coalesce(Fault.restored_at, FOREVER)
    device_id, key, occurred, restored, flags = integer_columns(
        session,
        select(
            Fault.device_id.label("device"),
            Fault.id.label("id"),
            Fault.occurred_at.label("start"),
            ended.label("end"),
            _flags().label("flags"),
        )
        .where(*_touching(inventory, start, end))
        .order_by(Fault.device_id, Fault.occurred_at),
    )
    device, kept = _counted_devices(inventory, settings, device_id, flags)
    faults = Faults(device[kept], occurred[kept], restored[kept], flags[kept] >= _EXEMPT)
    return faults, key[kept]


def load_late(  # noqa: PLR0913  (a period and its moment)
    session: Session,
    inventory: Inventory,
    settings: Settings,
    book: DeadlineBook,
    start: int,
    end: int,
    now: int,
) -> Spans:
    """Return the stretches in which counted faults were past their repair limit without a spare.

    Where a hold that stops the clock still runs, the limit is as if it ended at ``now``.
    """
    ended = func.coalesce(Fault.restored_at, FOREVER)
    late_from = case(
        (Fault.repair_due_at > Fault.occurred_at, Fault.repair_due_at), else_=Fault.occurred_at
    )
    late_to = case((Fault.spare_from < ended, Fault.spare_from), else_=ended)
    device_id, key, begin, finish, flags = integer_columns(
        session,
        select(
            Fault.device_id.label("device"),
            Fault.id.label("id"),
            late_from.label("start"),
            late_to.label("end"),
            _flags().label("flags"),
        )
        .where(
            *_touching(inventory, start, end),
            Fault.repair_due_at < ended,
            Fault.repair_due_at < min(end, now),
        )
        .order_by(Fault.device_id, Fault.occurred_at),
    )
    for fault_id, due in _running_dues(session, book, now):
        begin[key == fault_id] = due
    device, kept = _counted_devices(inventory, settings, device_id, flags)
    kept &= (flags < _EXEMPT) & (begin < finish)
    return Spans(device[kept], begin[kept], finish[kept])


_DEGRADED, _EXEMPT = 1, 2


def _flags() -> ColumnElement[int]:
    return case((Fault.impact == Impact.DEGRADED, _DEGRADED), else_=0) + case(
        (Fault.exempt_state == ExemptState.APPROVED, _EXEMPT), else_=0
    )


def _touching(inventory: Inventory, start: int, end: int) -> tuple[ColumnElement[bool], ...]:
    ids = inventory.device_ids
    lowest, highest = (int(ids[0]), int(ids[-1])) if len(ids) else (0, -1)
    return (
        Fault.cancelled_at.is_(None),
        Fault.device_id.between(lowest, highest),
        Fault.occurred_at < end,
        or_(Fault.restored_at.is_(None), Fault.restored_at >= start),
    )


def _counted_devices(
    inventory: Inventory, settings: Settings, device_id: Ints, flags: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return each row's device by its place, and whether it is there and the impact counts."""
    place = np.searchsorted(inventory.device_ids, device_id)
    place = np.minimum(place, max(len(inventory.device_ids) - 1, 0))
    if not len(inventory.device_ids):
        return place, np.zeros(len(device_id), bool)
    any_fault = np.array([settings.counts[group] is Counts.ANY_FAULT for group in GROUPS])
    there = inventory.device_ids[place] == device_id
    return place, there & (any_fault[inventory.group[place]] | (flags & _DEGRADED == 0))


def _running_dues(session: Session, book: DeadlineBook, now: int) -> list[tuple[int, int]]:
    running = session.scalars(
        select(Fault)
        .join(Hold)
        .where(
            Hold.to_at.is_(None), Hold.reason.in_(STOPPING_HOLDS), Fault.cancelled_at.is_(None)
        )
    ).unique()
    dues = ((fault.id, book.due(fault, as_of=now).repair) for fault in running)
    return [(key, due) for key, due in dues if due is not None]


def _position(column: Any, members: Sequence[Any]) -> ColumnElement[int]:
    return case(
        *((column == member, number) for number, member in enumerate(members[1:], start=1)), else_=0
    )


def _days(session: Session, column: Any) -> ColumnElement[int]:
    """Return a date column as days since 1970-01-01, in either database."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite keeps dates as text; a Julian day begins at noon, 2440587.5 is 1970-01-01.
        return cast(func.julianday(column) - 2440587.5, Integer)
    return column - literal(_EPOCH)


def _starts_of_days(days: Ints, tz: ZoneInfo) -> Ints:
    """Return the instants at which days (since 1970) begin; FOREVER stays."""
    distinct, which = np.unique(days, return_inverse=True)
    epoch = _EPOCH.toordinal()
    starts = [
        FOREVER
        if day == FOREVER
        else day_start(date.fromordinal(max(int(day) + epoch, 2)), tz)
        for day in distinct
    ]
    return np.array(starts, np.int64)[which]


def _eventful(session: Session, ids: Ints) -> Ints:
    """Return the places of the devices that have moved or changed state."""
    found: set[int] = set()
    for table in (Placement, DeviceStateChange):
        found.update(session.scalars(select(table.device_id).where(table.from_on > _ALWAYS)))
    return np.searchsorted(ids, np.array(sorted(found), np.int64))


def _stays_of_eventful(  # noqa: PLR0913  (columns that belong together)
    session: Session, ids: Ints, places: Ints, begin: Ints, finish: Ints, tz: ZoneInfo
) -> list[tuple[int, int, int, int]]:
    """Return (place, outlet, start, end) of the stays of devices with a history of their own."""
    if not len(places):
        return []
    keys = [int(key) for key in ids[places]]
    moves = _by_device(session, Placement, Placement.outlet_id, keys)
    states = _by_device(session, DeviceStateChange, DeviceStateChange.state, keys)
    stays: list[tuple[int, int, int, int]] = []
    for place, key in zip(places.tolist(), keys, strict=True):
        outlets = _stretches(moves[key], tz)
        for state, state_from, state_to in _stretches(states[key], tz):
            if state is not DeviceState.IN_USE:
                continue
            for outlet, outlet_from, outlet_to in outlets:
                start = max(int(begin[place]), state_from, outlet_from)
                end = min(int(finish[place]), state_to, outlet_to)
                if start < end:
                    stays.append((place, outlet, start, end))
    return stays


def _by_device(
    session: Session, table: Any, value: Any, keys: Sequence[int]
) -> dict[int, list[tuple[date, Any]]]:
    histories: dict[int, list[tuple[date, Any]]] = {key: [] for key in keys}
    for low in range(0, len(keys), _KEYS_AT_ONCE):
        chunk = keys[low : low + _KEYS_AT_ONCE]
        query = select(table.device_id, table.from_on, value).where(table.device_id.in_(chunk))
        for key, day, entry in session.execute(query.order_by(table.device_id, table.from_on)):
            histories[key].append((day, entry))
    return histories


_KEYS_AT_ONCE = 500


def _stretches(entries: Sequence[tuple[date, Any]], tz: ZoneInfo) -> list[tuple[Any, int, int]]:
    """Return (value, start, end) of a dated history; its first entry always held."""
    starts = [-FOREVER, *(day_start(day, tz) for day, _ in entries[1:]), FOREVER]
    return [(value, starts[n], starts[n + 1]) for n, (_, value) in enumerate(entries)]


def _calendars(
    session: Session, book: CalendarBook, category: Ints, own: Ints, rows: Ints
) -> tuple[list[ServiceCalendar], Ints]:
    """Return the service calendars in use, and for each stay the place of its own among them."""
    of_outlet = {
        key: calendar_id
        for key, calendar_id in session.execute(select(Outlet.id, Outlet.calendar_id))
    }
    outlets, which = np.unique(rows[:, 1], return_inverse=True)
    theirs = np.array([of_outlet[int(key)] or _NONE for key in outlets], np.int64)
    choice = np.stack([category[rows[:, 0]], own[rows[:, 0]], theirs[which]])
    kinds, calendar = np.unique(choice, axis=1, return_inverse=True)
    calendars = [
        book.service(
            CATEGORIES[kind], None if mine == _NONE else mine, None if their == _NONE else their
        )
        for kind, mine, their in kinds.T.tolist()
    ]
    return calendars, calendar.astype(np.int64)


def _stops(  # noqa: PLR0913  (columns that belong together)
    session: Session,
    stays: Stays,
    outlet: Ints,
    ids: Ints,
    category: Ints,
    start: int,
    end: int,
) -> Spans:
    """Return the approved stoppages by device; that of an outlet only while a device is there."""
    approved = session.execute(
        select(
            Stoppage.scope,
            Stoppage.device_id,
            Stoppage.outlet_id,
            Stoppage.category,
            Stoppage.from_at,
            Stoppage.to_at,
        ).where(
            Stoppage.approved_by.is_not(None),
            Stoppage.refused_by.is_(None),
            Stoppage.from_at < end,
            Stoppage.to_at > start,
        )
    ).all()
    parts: list[tuple[Ints, Ints, Ints]] = []
    single = [(row.device_id, row.from_at, row.to_at) for row in approved if row.device_id]
    if single:
        columns = np.array(single, np.int64).T
        place = np.minimum(np.searchsorted(ids, columns[0]), max(len(ids) - 1, 0))
        there = ids[place] == columns[0] if len(ids) else np.zeros(len(single), bool)
        parts.append((place[there], columns[1][there], columns[2][there]))
    for row in approved:
        if row.scope is StoppageScope.DEVICE:
            continue
        if row.scope is StoppageScope.OUTLET:
            rows = np.flatnonzero(outlet == row.outlet_id)
        elif row.scope is StoppageScope.CATEGORY:
            rows = np.flatnonzero(category[stays.device] == CATEGORIES.index(row.category))
        else:
            rows = np.arange(len(outlet))
        begin = np.maximum(stays.start[rows], row.from_at)
        finish = np.minimum(stays.end[rows], row.to_at)
        kept = begin < finish
        parts.append((stays.device[rows][kept], begin[kept], finish[kept]))
    if not parts:
        nothing = np.empty(0, np.int64)
        return Spans(nothing, nothing, nothing)
    device, begin, finish = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((begin, device))
    return Spans(device[order], begin[order], finish[order])
