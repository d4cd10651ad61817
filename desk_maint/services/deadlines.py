"""The deadlines of tickets: found from calendars, limits and holds, and kept in their columns.

The columns ``accept_due_at``, ``on_site_due_at`` and ``repair_due_at`` follow from the rest; what
edits the rest calls :meth:`DeadlineBook.recompute` in the same transaction.  A running hold that
stops the clock is taken there as if it ended at once: nobody knows yet how far it will move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from sqlalchemy import ColumnElement, bindparam, or_, select, update

from desk_maint.db.models import Device, Fault, Hold, Outlet, RepairLimit
from desk_maint.domain.calendars import ServiceCalendar, always_open
from desk_maint.domain.deadlines import Deadline, Limit, clock_seconds, due_at, explain, parse_limit
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import STOPPING_HOLDS, Grade, HoldReason
from desk_maint.domain.instants import day_start, local_date
from desk_maint.domain.repair_limits import (
    ELAPSED_CLOCK,
    MAINTENANCE_HOURS,
    SERVICE_CLOCK,
    RepairLimitRow,
    RepairLimits,
)
from desk_maint.services import calendar_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from desk_maint.domain.devices import Category
    from desk_maint.domain.outlets import Zone

__all__ = [
    "Clock",
    "DeadlineBook",
    "Dues",
    "Explained",
    "FaultLike",
    "HoldLike",
    "load_limits",
    "stopping",
]

# From so many faults on, all devices and outlets are read at once instead of one by one.
_MANY = 50
_IDS_PER_QUERY = 5000


class HoldLike(Protocol):
    """A rest in the work, ``[from_at, to_at)``."""

    @property
    def from_at(self) -> int:
        """UTC seconds."""

    @property
    def to_at(self) -> int | None:
        """UTC seconds; None: still running."""

    @property
    def reason(self) -> HoldReason:
        """Whether it stops the clock."""


class FaultLike(Protocol):
    """What the deadlines of a fault follow from; a row of the table fits, and so does an import."""

    @property
    def device_id(self) -> int:
        """It gives the category, and perhaps a calendar of its own."""

    @property
    def outlet_id(self) -> int:
        """Where the device stood when the fault was reported: zone and calendar."""

    @property
    def grade(self) -> int:
        """1 to 4."""

    @property
    def reported_at(self) -> int:
        """UTC seconds; the clocks start here."""

    @property
    def holds(self) -> Sequence[HoldLike]:
        """All of them, in any order."""


@dataclass(frozen=True, slots=True)
class Dues:
    """The three deadlines in UTC seconds; None: no such limit, or a clock that never opens."""

    accept: int | None
    on_site: int | None
    repair: int | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The limits that apply to a fault, and the calendar that they run by."""

    calendar: ServiceCalendar
    accept: Limit | None
    on_site: Limit | None
    repair: Limit | None


@dataclass(frozen=True, slots=True)
class Explained:
    """The three deadlines of a fault with their steps; None as in :class:`Dues`."""

    clock: Clock | None
    """None: no repair limit for this category, grade and zone."""
    accept: Deadline | None
    on_site: Deadline | None
    repair: Deadline | None


class DeadlineBook:
    """Calendars, limits, devices and outlets as they stand now, ready to find deadlines by.

    Made for one transaction; after an edit of what it has read, make another.
    """

    def __init__(self, session: Session, book: calendar_book.CalendarBook | None = None) -> None:
        self._session = session
        self.calendars = book if book is not None else calendar_book.load(session)
        self.limits = load_limits(session)
        self._devices: dict[int, tuple[Category, int | None]] = {}
        self._outlets: dict[int, tuple[Zone, int | None]] = {}
        self._clocks: dict[tuple[object, ...], Clock | None] = {}

    def due(self, fault: FaultLike, *, as_of: int | None = None) -> Dues:
        """Return the deadlines of a fault; a running hold ends at ``as_of``, or at once."""
        clock = self.clock(fault)
        if clock is None:
            return Dues(None, None, None)
        holds = stopping(fault.holds, as_of)
        start = fault.reported_at
        return Dues(
            _due(clock.accept, clock.calendar, start, holds),
            _due(clock.on_site, clock.calendar, start, holds),
            _due(clock.repair, clock.calendar, start, holds),
        )

    def explain(self, fault: FaultLike, *, as_of: int | None = None) -> Explained:
        """Return the same deadlines with the steps that lead to them."""
        clock = self.clock(fault)
        if clock is None:
            return Explained(None, None, None, None)
        holds = stopping(fault.holds, as_of)

        def steps(limit: Limit | None) -> Deadline | None:
            if _due(limit, clock.calendar, fault.reported_at, holds) is None or limit is None:
                return None
            return explain(limit, clock.calendar, fault.reported_at, holds)

        return Explained(clock, steps(clock.accept), steps(clock.on_site), steps(clock.repair))

    def repair_seconds(self, fault: FaultLike, until: int) -> tuple[int, int]:
        """Return the seconds of the repair clock from the report to ``until``.

        First those that counted, then those inside stopping holds; both 0 without a limit.
        """
        clock = self.clock(fault)
        if clock is None or until <= fault.reported_at:
            return 0, 0
        holds = stopping(fault.holds, until)
        return clock_seconds(clock.calendar, fault.reported_at, until, holds)

    def clock(self, fault: FaultLike) -> Clock | None:
        """Return the limits of a fault and the calendar they run by; None: it has no limits."""
        category, own = self._device(fault.device_id)
        zone, outlets = self._outlet(fault.outlet_id)
        service = self.calendars.service(category, own, outlets)
        # Whether it serves around the clock may change with a version of its hours.
        day = (
            date.max
            if len(service.versions) == 1
            else local_date(fault.reported_at, service.zone_on(date.max))
        )
        all_day = service.is_round_the_clock(day)
        key = (category, own, outlets, zone, fault.grade, all_day)
        if key not in self._clocks:
            self._clocks[key] = self._find_clock(
                category, zone, fault.grade, service, all_day=all_day
            )
        return self._clocks[key]

    def preload(self) -> None:
        """Read all devices and outlets at once, before many faults."""
        self._devices = {
            key: (category, calendar)
            for key, category, calendar in self._session.execute(
                select(Device.id, Device.category, Device.calendar_id)
            )
        }
        self._outlets = {
            key: (zone, calendar)
            for key, zone, calendar in self._session.execute(
                select(Outlet.id, Outlet.zone, Outlet.calendar_id)
            )
        }

    def recompute(self, session: Session, fault_ids: Iterable[int] | None) -> frozenset[int]:
        """Bring the deadlines of these faults (None: of all) up to date.

        Returns the keys of those that moved.  Their versions stay: a form that somebody has
        open is not stale because a deadline has moved.
        """
        if fault_ids is None:
            return self.recompute_where(session)
        moved: set[int] = set()
        keys = sorted(fault_ids)
        for start in range(0, len(keys), _IDS_PER_QUERY):
            chosen = keys[start : start + _IDS_PER_QUERY]
            moved |= self.recompute_where(session, Fault.id.in_(chosen))
        return frozenset(moved)

    def recompute_where(self, session: Session, *conditions: ColumnElement[bool]) -> frozenset[int]:
        """Bring the deadlines of the faults that meet the conditions up to date, as above."""
        session.flush()
        rows = session.execute(select(*_COLUMNS).where(*conditions)).all()
        if len(rows) >= _MANY:
            self.preload()
        holds: dict[int, list[_Hold]] = {}
        for hold in session.execute(
            select(Hold.fault_id, Hold.from_at, Hold.to_at, Hold.reason)
            .join(Fault)
            .where(Hold.reason.in_(STOPPING_HOLDS), *conditions)
        ):
            holds.setdefault(hold.fault_id, []).append(_Hold(*hold[1:]))
        moved: list[dict[str, int | None]] = []
        for row in rows:
            dues = self.due(_Fault(*row[1:5], holds.get(row.id, _NO_HOLDS)))
            if (dues.accept, dues.on_site, dues.repair) != tuple(row[5:]):
                moved.append(
                    {
                        "key": row.id,
                        "accept": dues.accept,
                        "on_site": dues.on_site,
                        "repair": dues.repair,
                    }
                )
        if moved:
            session.connection().execute(_UPDATE, moved)
            for record in session.identity_map.values():
                if isinstance(record, Fault):
                    session.expire(record, _DUE_COLUMNS)
        return frozenset(row["key"] for row in moved if row["key"] is not None)

    def recompute_days(
        self, session: Session, first: date | None, last: date | None
    ) -> frozenset[int]:
        """Bring up to date what a change of the hours from ``first`` to ``last`` can move.

        Both are local dates and included; None: no limit on that side.
        """
        conditions: list[ColumnElement[bool]] = []
        # A day to either side, for a calendar may be kept in another zone than the bureau's.
        if first is not None:
            start = day_start(first - timedelta(days=1), self.calendars.zone)
            conditions.append(
                or_(
                    Fault.repair_due_at.is_(None),
                    Fault.repair_due_at >= start,
                    Fault.on_site_due_at >= start,
                    Fault.accept_due_at >= start,
                )
            )
        if last is not None:
            end = day_start(last + timedelta(days=2), self.calendars.zone)
            conditions.append(Fault.reported_at < end)
        return self.recompute_where(session, *conditions)

    def _find_clock(
        self, category: Category, zone: Zone, grade: int, service: ServiceCalendar, *, all_day: bool
    ) -> Clock | None:
        row = self.limits.of(category, Grade(grade), zone)
        if row is None:
            return None
        if row.clock == ELAPSED_CLOCK:
            calendar = always_open(self.calendars.zone)
        elif row.clock == SERVICE_CLOCK:
            calendar = self.calendars.named(MAINTENANCE_HOURS) if all_day else service
        else:
            calendar = self.calendars.named(row.clock)
        return Clock(calendar, row.accept, row.on_site, row.repair)

    def _device(self, device_id: int) -> tuple[Category, int | None]:
        found = self._devices.get(device_id)
        if found is None:
            row = self._session.execute(
                select(Device.category, Device.calendar_id).where(Device.id == device_id)
            ).one()
            found = self._devices[device_id] = (row.category, row.calendar_id)
        return found

    def _outlet(self, outlet_id: int) -> tuple[Zone, int | None]:
        found = self._outlets.get(outlet_id)
        if found is None:
            row = self._session.execute(
                select(Outlet.zone, Outlet.calendar_id).where(Outlet.id == outlet_id)
            ).one()
            found = self._outlets[outlet_id] = (row.zone, row.calendar_id)
        return found


def load_limits(session: Session) -> RepairLimits:
    """Return the table of repair limits as it stands."""

    def limit(text: str | None) -> Limit | None:
        return None if text is None else parse_limit(text)

    return RepairLimits(
        RepairLimitRow(
            row.category,
            row.grade,
            row.zone,
            row.clock,
            limit(row.accept),
            limit(row.on_site),
            limit(row.repair),
        )
        for row in session.scalars(select(RepairLimit))
    )


def stopping(holds: Iterable[HoldLike], as_of: int | None = None) -> list[tuple[int, int]]:
    """Return the stretches in which the clock stood still, those of before ``as_of`` only.

    A hold still running then ends at ``as_of``; without one it has no length yet.
    """
    stretches: list[tuple[int, int]] = []
    for hold in holds:
        if hold.reason in STOPPING_HOLDS:
            end = hold.to_at if hold.to_at is not None else as_of
            if end is not None:
                if as_of is not None:
                    end = min(end, as_of)
                if hold.from_at < end:
                    stretches.append((hold.from_at, end))
    return stretches


class _Hold(NamedTuple):
    from_at: int
    to_at: int | None
    reason: HoldReason


class _Fault(NamedTuple):
    device_id: int
    outlet_id: int
    grade: int
    reported_at: int
    holds: Sequence[_Hold]


_NO_HOLDS: Sequence[_Hold] = ()
_COLUMNS = (
    Fault.id,
    Fault.device_id,
    Fault.outlet_id,
    Fault.grade,
    Fault.reported_at,
    Fault.accept_due_at,
    Fault.on_site_due_at,
    Fault.repair_due_at,
)
_DUE_COLUMNS = ("accept_due_at", "on_site_due_at", "repair_due_at")
_TABLE = cast("Table", Fault.__table__)
_UPDATE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("key"))
    .values(
        accept_due_at=bindparam("accept"),
        on_site_due_at=bindparam("on_site"),
        repair_due_at=bindparam("repair"),
    )
)


def _due(
    limit: Limit | None, calendar: ServiceCalendar, start: int, holds: Sequence[tuple[int, int]]
) -> int | None:
    if limit is None:
        return None
    try:
        return due_at(limit, calendar, start, holds)
    except InputError:
        # A calendar that never opens: the fault is taken all the same, without this deadline.
        return None
