"""What the uptime figures are computed from, read in bulk: stays, stoppages, faults, lateness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Integer, case, cast, func, literal, or_, select

from desk_maint.db.bulk import integer_columns
from desk_maint.db.models import Device, DeviceStateChange, Fault, Hold, Outlet, Placement, Stoppage
from desk_maint.domain.devices import GROUP_OF, Category, DeviceState, Group
from desk_maint.domain.faults import STOPPING_HOLDS, ExemptState, Impact
from desk_maint.domain.instants import day_start
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.domain.targets import Counts
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.domain.uptime import FOREVER, Faults, Spans, Stays
from desk_maint.services.deadlines import DeadlineBook

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from desk_maint.domain.calendars import ServiceCalendar
    from desk_maint.services.calendar_book import CalendarBook
    from desk_maint.services.settings import Settings

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

__all__ = [
    "GROUPS",
    "Inventory",
    "load_faults",
    "load_inventory",
    "load_keyed_faults",
    "load_open_late",
]

CATEGORIES = tuple(Category)
GROUPS = tuple(Group)
_GROUP_OF_CATEGORY = np.array([GROUPS.index(GROUP_OF[category]) for category in CATEGORIES])
_NONE = -1
"""Stands for a missing key in a column of whole numbers."""
_ALWAYS = date.min
"""The date of the first entry of every placement and state history."""
_EPOCH = date(1970, 1, 1)
_KEYS_AT_ONCE = 500


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

    def rows(self, first: int, last: int) -> slice:
        """Return the rows of the stays of the devices from place ``first`` to before ``last``."""
        return slice(*np.searchsorted(self.stays.device, [first, last]).tolist())

    def block(self, first: int, last: int) -> Inventory:
        """Return the devices from place ``first`` to before ``last`` as an inventory of its own."""
        rows, stays = self.rows(first, last), self.stays
        return Inventory(
            Stays(
                stays.device[rows] - first, stays.calendar[rows], stays.start[rows], stays.end[rows]
            ),
            self.outlet[rows],
            self.device_ids[first:last],
            self.group[first:last],
            self.calendars,
            self.stops.of(first, last),
        )


def load_inventory(
    session: Session,
    book: CalendarBook,
    start: int,
    end: int,
    *,
    outlet_ids: Collection[int] = (),
    device_ids: Collection[int] = (),
) -> Inventory:
    """Return every stay in service that touches ``[start, end)`` (UTC seconds).

    Of all devices and outlets, or only of those named.
    """
    tz = book.zone
    query = select(
        Device.id.label("id"),
        _position(Device.category, CATEGORIES).label("category"),
        func.coalesce(Device.calendar_id, _NONE).label("calendar"),
        Device.outlet_id.label("outlet"),
        _days(session, Device.commissioned_on).label("first"),
        func.coalesce(_days(session, Device.retired_on), FOREVER).label("last"),
        case((Device.state == DeviceState.IN_USE, 1), else_=0).label("in_use"),
    ).order_by(Device.id)
    if device_ids:
        query = query.where(Device.id.in_(device_ids))
    ids, category, own_calendar, outlet, first, last, in_use = integer_columns(session, query)
    begin, finish = _starts_of_days(first, tz), _starts_of_days(last, tz)
    settled = in_use == 1
    eventful = _eventful(session, ids)
    settled[eventful] = False
    place = np.flatnonzero(settled)
    rows = np.stack([place, outlet[place], begin[place], finish[place]], axis=1)
    histories = _stays_of_eventful(session, ids, eventful, (begin, finish), tz)
    if histories:
        rows = np.concatenate([rows, np.array(histories, np.int64)])
        rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    rows = rows[(rows[:, 2] < end) & (rows[:, 3] > start) & (rows[:, 2] < rows[:, 3])]
    if outlet_ids:
        rows = rows[np.isin(rows[:, 1], np.fromiter(outlet_ids, np.int64))]
    # Number the devices that are left without gaps.
    present, device = np.unique(rows[:, 0], return_inverse=True)
    calendars, calendar = _calendars(session, book, category, own_calendar, rows)
    stays = Stays(device, calendar, rows[:, 2].copy(), rows[:, 3].copy())
    outlet = rows[:, 1].copy()
    return Inventory(
        stays=stays,
        outlet=outlet,
        device_ids=ids[present],
        group=_GROUP_OF_CATEGORY[category[present]],
        calendars=calendars,
        stops=_stops(session, stays, outlet, (ids[present], category[present]), (start, end)),
    )


def load_faults(
    session: Session, inventory: Inventory, settings: Settings, start: int, end: int
) -> tuple[Faults, Spans]:
    """Return the faults that touch ``[start, end)`` and whose impact counts, and their lateness.

    That is, the stretches in which the counted ones that were restored were past their repair
    limit with no spare in service; for those that last see :func:`load_open_late`.
    """
    faults, (late, spare) = _read_faults(
        session,
        inventory,
        settings,
        (start, end),
        case((Fault.repair_due_at < Fault.restored_at, Fault.repair_due_at), else_=0).label("late"),
        func.coalesce(Fault.spare_from, 0).label("spare"),
    )
    rows = np.flatnonzero((late != 0) & ~faults.exempt)
    spare = spare[rows]
    begin = np.maximum(faults.start[rows], late[rows])
    finish = np.minimum(faults.end[rows], np.where(spare == 0, FOREVER, spare))
    rows, begin, finish = (column[begin < finish] for column in (rows, begin, finish))
    return faults, Spans(faults.device[rows], begin, finish)


def load_keyed_faults(
    session: Session, inventory: Inventory, settings: Settings, start: int, end: int
) -> tuple[Faults, Ints]:
    """Return the faults of :func:`load_faults` and the key of each.

    Those that occurred in the same second come in the order of their keys.
    """
    faults, (key,) = _read_faults(
        session, inventory, settings, (start, end), Fault.id.label("key"), order=(Fault.id,)
    )
    return faults, key


def load_open_late(
    session: Session, inventory: Inventory, settings: Settings, book: CalendarBook, now: int
) -> Spans:
    """Return the lateness of the counted faults that are not restored yet.

    Where a hold that stops the clock still runs, the limit is as if it ended at ``now``.
    """
    rows = session.execute(
        select(
            Fault.id,
            Fault.device_id,
            _flags(),
            Fault.occurred_at,
            func.coalesce(Fault.repair_due_at, FOREVER),
            func.coalesce(Fault.spare_from, FOREVER),
        ).where(
            Fault.state.in_(OPEN_STATES),
            Fault.cancelled_at.is_(None),
            Fault.restored_at.is_(None),
            Fault.repair_due_at.is_not(None),
        )
    ).all()
    columns = np.array([tuple(row) for row in rows], np.int64).reshape(-1, 6)
    key, device_id, flags, occurred, due, spare = columns[np.argsort(columns[:, 1])].T
    running = session.scalars(
        select(Fault)
        .join(Hold)
        .where(Hold.to_at.is_(None), Hold.reason.in_(STOPPING_HOLDS), Fault.restored_at.is_(None))
    ).all()
    if running:
        deadlines = DeadlineBook(session, book)
        for fault in running:
            moved = deadlines.due(fault, as_of=now).repair
            due[key == fault.id] = FOREVER if moved is None else moved
    device, kept = _counted(inventory, settings, device_id, flags)
    begin = np.maximum(occurred, due)
    kept &= (flags & _EXEMPT == 0) & (begin < spare)
    return Spans(device[kept], begin[kept], spare[kept])


_DEGRADED, _EXEMPT = 1, 2
_FLAG_BITS = 2


def _read_faults(
    session: Session,
    inventory: Inventory,
    settings: Settings,
    period: tuple[int, int],
    *more: ColumnElement[int],
    order: Sequence[Any] = (),
) -> tuple[Faults, list[Ints]]:
    """Return the faults that touch a period and whose impact counts, and more columns of them."""
    start, end = period
    ids = inventory.device_ids
    lowest, highest = (int(ids[0]), int(ids[-1])) if len(ids) else (0, -1)
    owner, occurred, ended, *others = integer_columns(
        session,
        select(
            (Fault.device_id * (1 << _FLAG_BITS) + _flags()).label("owner"),
            Fault.occurred_at.label("occurred"),
            func.coalesce(Fault.restored_at, FOREVER).label("ended"),
            *more,
        )
        .where(
            Fault.cancelled_at.is_(None),
            Fault.device_id.between(lowest, highest),
            Fault.occurred_at < end,
            or_(Fault.restored_at.is_(None), Fault.restored_at >= start),
        )
        .order_by(Fault.device_id, Fault.occurred_at, *order),
    )
    flags = owner & ((1 << _FLAG_BITS) - 1)
    device, kept = _counted(inventory, settings, owner >> _FLAG_BITS, flags)
    exempt = (flags & _EXEMPT) != 0
    if not kept.all():
        device, occurred, ended, exempt = (
            column[kept] for column in (device, occurred, ended, exempt)
        )
        others = [column[kept] for column in others]
    return Faults(device, occurred, ended, exempt), others


def _flags() -> ColumnElement[int]:
    flags: ColumnElement[int] = case((Fault.impact == Impact.DEGRADED, _DEGRADED), else_=0) + case(
        (Fault.exempt_state == ExemptState.APPROVED, _EXEMPT), else_=0
    )
    return flags


def _counted(
    inventory: Inventory, settings: Settings, device_id: Ints, flags: Ints
) -> tuple[Ints, Flags]:
    """Return each row's device by its place, and whether it is there and the impact counts.

    The rows are in order of their devices, so that only one of each is looked for.
    """
    if not len(inventory.device_ids) or not len(device_id):
        return np.zeros(len(device_id), np.int64), np.zeros(len(device_id), np.bool_)
    first = np.flatnonzero(np.diff(device_id, prepend=_NONE))
    wanted = device_id[first]
    place = np.searchsorted(inventory.device_ids, wanted)
    place = np.minimum(place, len(inventory.device_ids) - 1)
    there = inventory.device_ids[place] == wanted
    any_fault = np.array([settings.counts[group] is Counts.ANY_FAULT for group in GROUPS])
    # Of a device: nothing counts, only what puts it out of service, or all.
    lowest = np.where(there, np.where(any_fault[inventory.group[place]], 0, 1), 2)
    lengths = np.diff(np.append(first, len(device_id)))
    serious = 2 - (flags & _DEGRADED) > np.repeat(lowest, lengths)
    return np.repeat(place, lengths), serious


def _position(column: Any, members: Sequence[Any]) -> ColumnElement[int]:  # noqa: ANN401
    return case(
        *((column == member, number) for number, member in enumerate(members[1:], start=1)), else_=0
    )


def _days(session: Session, column: Any) -> ColumnElement[int]:  # noqa: ANN401
    """Return a date column as days since 1970-01-01, in either database."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite keeps dates as text; a Julian day begins at noon, 2440587.5 is 1970-01-01.
        return cast(func.julianday(column) - 2440587.5, Integer)
    days: ColumnElement[int] = column - literal(_EPOCH)
    return days


def _starts_of_days(days: Ints, tz: ZoneInfo) -> Ints:
    """Return the instants at which days (since 1970) begin; FOREVER stays."""
    distinct, which = np.unique(days, return_inverse=True)
    epoch = _EPOCH.toordinal()
    starts = [
        FOREVER if day == FOREVER else day_start(date.fromordinal(max(day + epoch, 2)), tz)
        for day in distinct.tolist()
    ]
    return np.array(starts, np.int64)[which]


def _eventful(session: Session, ids: Ints) -> Ints:
    """Return the places of the devices that have moved or changed state."""
    found: set[int] = set()
    for table in (Placement, DeviceStateChange):
        found.update(session.scalars(select(table.device_id).where(table.from_on > _ALWAYS)))
    keys = np.array(sorted(found), np.int64)
    return np.flatnonzero(np.isin(ids, keys))


def _stays_of_eventful(
    session: Session, ids: Ints, places: Ints, service: tuple[Ints, Ints], tz: ZoneInfo
) -> list[tuple[int, int, int, int]]:
    """Return (place, outlet, start, end) of the stays of devices with a history of their own.

    ``places`` are theirs among ``ids``; ``service`` the beginning and end of service of each.
    """
    begin, finish = service
    keys = ids[places].tolist()
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
    session: Session,
    table: type[Placement | DeviceStateChange],
    value: Any,  # noqa: ANN401  (a key or a state)
    keys: Sequence[int],
) -> dict[int, list[tuple[date, Any]]]:
    histories: dict[int, list[tuple[date, Any]]] = {key: [] for key in keys}
    for low in range(0, len(keys), _KEYS_AT_ONCE):
        chunk = keys[low : low + _KEYS_AT_ONCE]
        query = select(table.device_id, table.from_on, value).where(table.device_id.in_(chunk))
        for key, day, entry in session.execute(query.order_by(table.device_id, table.from_on)):
            histories[key].append((day, entry))
    return histories


def _stretches(entries: Sequence[tuple[date, Any]], tz: ZoneInfo) -> list[tuple[Any, int, int]]:
    """Return (value, start, end) of a dated history; its first entry always held."""
    starts = [-FOREVER, *(day_start(day, tz) for day, _ in entries[1:]), FOREVER]
    return [(value, starts[n], starts[n + 1]) for n, (_, value) in enumerate(entries)]


def _calendars(
    session: Session, book: CalendarBook, category: Ints, own: Ints, rows: Ints
) -> tuple[list[ServiceCalendar], Ints]:
    """Return the service calendars in use, and for each stay the place of its own among them."""
    query = select(
        Outlet.id.label("id"), func.coalesce(Outlet.calendar_id, _NONE).label("calendar")
    )
    outlets, theirs = integer_columns(session, query.order_by(Outlet.id))
    place = rows[:, 0]
    their = theirs[np.searchsorted(outlets, rows[:, 1])]
    # One number for category, own calendar and the outlet's; a key is never below zero.
    base = max(int(own.max(initial=0)), int(theirs.max(initial=0))) + 2
    choice = (category[place] * base + own[place] + 1) * base + their + 1
    kinds, which = np.unique(choice, return_inverse=True)
    calendars: dict[ServiceCalendar, int] = {}
    numbers: list[int] = []
    for kind in kinds.tolist():
        rest, outlets_own = divmod(kind, base)
        kind_of_device, devices_own = divmod(rest, base)
        calendar = book.service(
            CATEGORIES[kind_of_device],
            devices_own - 1 if devices_own else None,
            outlets_own - 1 if outlets_own else None,
        )
        numbers.append(calendars.setdefault(calendar, len(calendars)))
    return list(calendars), np.array(numbers, np.int64)[which]


def _stops(
    session: Session,
    stays: Stays,
    outlet: Ints,
    devices: tuple[Ints, Ints],
    period: tuple[int, int],
) -> Spans:
    """Return the approved stoppages by device; that of an outlet only while a device is there.

    ``devices`` are the key and the category of each.
    """
    (ids, category), (start, end) = devices, period
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
    if single and len(ids):
        columns = np.array(single, np.int64).T
        place = np.minimum(np.searchsorted(ids, columns[0]), len(ids) - 1)
        there = ids[place] == columns[0]
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
