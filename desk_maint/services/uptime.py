"""The uptime figures of a period: for each group always, by outlet, device and month on request."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from sqlalchemy import select

from desk_maint.db.models import Device, Outlet
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import day_start, local_date
from desk_maint.domain.messages import Message, msg
from desk_maint.domain.percent import allowed_down, cut_percent, is_met
from desk_maint.domain.service_clock import ServiceClock
from desk_maint.domain.targets import Measure
from desk_maint.domain.uptime import (
    FOREVER,
    Cells,
    Spans,
    Touches,
    compute_cells,
    count_owners,
    find_touches,
)
from desk_maint.services import calendar_book, settings
from desk_maint.services.permissions import require
from desk_maint.services.statistical_basis import basis_of, warnings_of
from desk_maint.services.uptime_inputs import (
    GROUPS,
    Inventory,
    load_faults,
    load_inventory,
    load_open_late,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Group
    from desk_maint.domain.people import Actor
    from desk_maint.services.settings import Settings

    Ints = NDArray[np.int64]

__all__ = [
    "By",
    "DeviceFigures",
    "Figures",
    "GroupFigures",
    "MonthFigures",
    "OutletFigures",
    "Period",
    "UptimeCells",
    "UptimeReport",
    "month_edges",
    "uptime",
    "uptime_cells",
]

_Columns = TypeVar("_Columns", Spans, Touches)
_DEVICES_AT_ONCE = 6000
"""Devices computed in one go; bounds the memory, for the arrays of a block are short-lived."""
_ADDED = (
    "scheduled",
    "whole_scheduled",
    "exempt",
    "down",
    "device_days",
    "bad_days_strict",
    "bad_days_within_limits",
)
"""The columns of cells that rows add up."""


class By(StrEnum):
    """What the figures are broken down by, besides the groups."""

    GROUP = "group"
    OUTLET = "outlet"
    DEVICE = "device"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of local dates, ``last`` not included, and the moment it is looked at."""

    first: date
    last: date
    start: int
    end: int
    """The same in UTC seconds of the bureau's zone."""
    as_of: int
    """*Now* of the report, UTC seconds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a device, an outlet, a month or a group; whole seconds and dates."""

    scheduled_seconds: int
    exempt_seconds: int
    down_seconds: int
    whole_scheduled_seconds: int
    """Scheduled over the whole period, the part after now included."""
    device_days: int
    bad_days_strict: int
    bad_days_within_limits: int
    faults: int
    """Counted faults that touch the period."""
    first_down_at: int | None
    """UTC seconds of the first counted downtime."""
    target: int
    """Hundredths of a percent."""
    measure: Measure

    @property
    def required_seconds(self) -> int:
        """Scheduled less exempt time."""
        return self.scheduled_seconds - self.exempt_seconds

    @property
    def actual_down_seconds(self) -> int:
        """Scheduled time under any fault whose impact counts, exempt or not."""
        return self.down_seconds + self.exempt_seconds

    @property
    def uptime_percent(self) -> str | None:
        """Uptime cut to two decimals; None: not applicable."""
        return cut_percent(self.required_seconds - self.down_seconds, self.required_seconds)

    @property
    def actual_percent(self) -> str | None:
        """Actual uptime cut to two decimals; None where nothing was scheduled."""
        return cut_percent(
            self.scheduled_seconds - self.actual_down_seconds, self.scheduled_seconds
        )

    @property
    def strict_percent(self) -> str | None:
        """Intact rate by device-days, strict."""
        return cut_percent(self.device_days - self.bad_days_strict, self.device_days)

    @property
    def within_limits_percent(self) -> str | None:
        """Intact rate by device-days, within repair limits (限時修復口徑)."""
        return cut_percent(self.device_days - self.bad_days_within_limits, self.device_days)

    @property
    def allowed_down_seconds(self) -> int:
        """Downtime that the target leaves in the required time of the whole period."""
        return allowed_down(self.whole_scheduled_seconds - self.exempt_seconds, self.target)

    @property
    def remaining_down_seconds(self) -> int:
        """What is left of it; negative once it is overdrawn."""
        return self.allowed_down_seconds - self.down_seconds

    @property
    def met(self) -> bool | None:
        """Whether the target is met by the measure chosen; None: not applicable."""
        if self.measure is Measure.UPTIME:
            required = self.required_seconds
            return is_met(required - self.down_seconds, required, self.target)
        bad = (
            self.bad_days_strict
            if self.measure is Measure.DEVICE_DAYS
            else self.bad_days_within_limits
        )
        return is_met(self.device_days - bad, self.device_days, self.target)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A group of equipment."""

    group: Group
    devices: int
    """Devices that were in service at some time of the period."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class OutletFigures:
    """The devices of one group at one outlet."""

    outlet: str
    """Code of the outlet."""
    outlet_id: int
    outlet_name: str
    group: Group
    devices: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """A device at one outlet; one that moved has a row for each."""

    tag: str
    device_id: int
    name: str | None
    group: Group
    outlet: str
    outlet_id: int
    outlet_name: str
    figures: Figures
    faults_elsewhere: int
    """Of its faults, those counted in an earlier row of the same device too: it has moved."""
    scheduled_by_month: tuple[int, ...]
    """Its scheduled seconds in each month of the period; empty unless months are asked for."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A group in one local month, cut to the period."""

    month: str
    """``2026-06``."""
    group: Group
    devices: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """What ``uptime`` answers; rows by group, then code, tag or month."""

    timezone: str
    period: Period
    groups: tuple[GroupFigures, ...]
    outlets: tuple[OutletFigures, ...]
    devices: tuple[DeviceFigures, ...]
    months: tuple[MonthFigures, ...]
    rules: tuple[Message, ...]
    """The statistical basis (統計口徑) of every figure above."""
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class UptimeCells:
    """The figures of every stay in every month, as arrays, and what the rows are."""

    inventory: Inventory
    edges: tuple[int, ...]
    """Beginnings of the months and the end of the last, UTC seconds."""
    cells: Cells
    touches: Touches
    """Where the counted faults touch the stays."""


def month_edges(first: date, last: date) -> list[date]:
    """Return ``first``, every first of a month between, and ``last``."""
    edges = [first]
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
        if date(year, month, 1) >= last:
            return [*edges, last]
        edges.append(date(year, month, 1))


def uptime(
    database: Database,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: int,
    by: Collection[By] = (),
    outlet_ids: Collection[int] = (),
    measure: Measure | None = None,
) -> UptimeReport:
    """Return the figures of the local dates from ``first`` to before ``last``, as at ``as_of``.

    ``outlet_ids`` narrows them to some outlets (a reporter never sees more than his own).
    ``measure`` judges every group by it, whatever the settings say; None: as they say.
    Raises :class:`InputError` where the period is empty.
    """
    with database.read() as session:
        return uptime_report(
            session,
            actor,
            first,
            last,
            as_of=as_of,
            by=by,
            outlet_ids=outlet_ids,
            measure=measure,
        )


def uptime_report(
    session: Session,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: int,
    by: Collection[By] = (),
    outlet_ids: Collection[int] = (),
    measure: Measure | None = None,
) -> UptimeReport:
    """Return the figures of :func:`uptime` out of a transaction that the caller has open."""
    require(actor, "uptime.read")
    in_force = settings.load(session).judged_by(measure)
    period = period_of(in_force, first, last, as_of)
    book = calendar_book.load(session, in_force.zone)
    by_month = By.MONTH in by
    edges = month_edges(first, last) if by_month else [first, last]
    cells = _cells(session, in_force, book, period, edges, outlet_ids=outlet_ids)
    rows = _Rows(session, in_force, cells)
    return UptimeReport(
        timezone=in_force.zone.key,
        period=period,
        groups=tuple(rows.groups()),
        outlets=tuple(rows.outlets()) if By.OUTLET in by else (),
        devices=tuple(rows.devices(by_month=by_month)) if By.DEVICE in by else (),
        months=tuple(rows.months()) if by_month else (),
        rules=basis_of(in_force, period, cells.inventory.calendars),
        warnings=warnings_of(cells.inventory.calendars, period),
    )


def uptime_cells(
    database: Database, actor: Actor, first: date, last: date, *, as_of: int
) -> UptimeCells:
    """Return the figures of every stay in every month as arrays."""
    require(actor, "uptime.read")
    with database.read() as session:
        in_force = settings.load(session)
        period = period_of(in_force, first, last, as_of)
        book = calendar_book.load(session, in_force.zone)
        return _cells(session, in_force, book, period, month_edges(first, last))


def period_of(in_force: Settings, first: date, last: date, as_of: int) -> Period:
    """Return the period of two local dates; raise :class:`InputError` where it is empty."""
    if last <= first:
        raise InputError(
            msg(
                "The period ends ({last}) before it begins ({first}). The end is the first day "
                "that is no longer in it.",
                first=first,
                last=last,
            )
        )
    tz = in_force.zone
    return Period(first, last, day_start(first, tz), day_start(last, tz), as_of)


def _cells(
    session: Session,
    in_force: Settings,
    book: calendar_book.CalendarBook,
    period: Period,
    dates: list[date],
    *,
    outlet_ids: Collection[int] = (),
) -> UptimeCells:
    edges = tuple(day_start(day, in_force.zone) for day in dates)
    start, end, now = period.start, period.end, period.as_of
    whole = load_inventory(session, book, start, end, outlet_ids=outlet_ids)
    clock = ServiceClock(whole.calendars, edges, in_force.zone)
    still_late = load_open_late(session, whole, in_force, book, now)
    cells = _empty(len(whole.stays.device), len(edges) - 1, clock.length)
    touches: list[Touches] = []
    devices, faults_before = len(whole.device_ids), 0
    for low in range(0, max(devices, 1), _DEVICES_AT_ONCE):
        high = min(low + _DEVICES_AT_ONCE, devices)
        block = whole.block(low, high)
        faults, late = load_faults(session, block, in_force, start, end)
        late = _both(late, still_late.of(low, high))
        rows = whole.rows(low, high)
        computed = compute_cells(block.stays, faults, late, block.stops, clock, now=now)
        for each in fields(Cells):
            getattr(cells, each.name)[rows] = getattr(computed, each.name)
        found = find_touches(block.stays, faults, clock, now=now)
        # What numbers faults and stays is moved on by block.
        stay = found.stay + rows.start
        owner = found.owner + faults_before
        touches.append(Touches(owner, stay, found.first_month, found.last_month))
        faults_before += len(faults.device)
    return UptimeCells(whole, edges, cells, _joined(Touches, touches))


def _empty(stays: int, months: int, longest: int) -> Cells:
    """Return cells to be filled, no wider than the period asks for: there may be millions."""
    kind = np.int32 if longest < 2**31 else np.int64
    return Cells(*(np.empty((stays, months), kind) for _ in fields(Cells)))


def _both(one: Spans, other: Spans) -> Spans:
    return _joined(Spans, [one, other]) if len(other.device) else one


def _joined(kind: type[_Columns], parts: Sequence[_Columns]) -> _Columns:
    if len(parts) == 1:
        return parts[0]
    return kind(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(kind))
    )


class _Rows:
    """Adds cells up to rows; a sum is always of seconds and dates, never of percentages."""

    def __init__(self, session: Session, in_force: Settings, cells: UptimeCells) -> None:
        self._session = session
        self._settings = in_force
        self._all = cells
        self._inventory = cells.inventory
        self._group = cells.inventory.stay_group
        self._months = len(cells.edges) - 1
        self._sums = {name: getattr(cells.cells, name).sum(axis=1) for name in _ADDED}
        first = cells.cells.first_down
        self._first = np.where(first < 0, np.int64(FOREVER), first).min(axis=1, initial=FOREVER)

    def groups(self) -> Iterator[GroupFigures]:
        """Yield every group, also one without devices."""
        figures = self._by(self._group, len(GROUPS))
        devices = np.bincount(self._inventory.group, minlength=len(GROUPS))
        for number, group in enumerate(GROUPS):
            yield GroupFigures(group, int(devices[number]), figures(number, group))

    def outlets(self) -> Iterator[OutletFigures]:
        """Yield every outlet and group with service, by code."""
        key = self._inventory.outlet * len(GROUPS) + self._group
        kinds, which = np.unique(key, return_inverse=True)
        figures = self._by(which, len(kinds))
        pairs = np.unique(np.stack([which, self._inventory.stays.device]), axis=1)
        devices = np.bincount(pairs[0], minlength=len(kinds))
        outlets = self._outlets()
        rows = []
        for number, kind in enumerate(kinds.tolist()):
            outlet_id, position = divmod(kind, len(GROUPS))
            code, name = outlets[outlet_id]
            group = GROUPS[position]
            rows.append(
                OutletFigures(
                    code, outlet_id, name, group, int(devices[number]), figures(number, group)
                )
            )
        yield from sorted(rows, key=lambda row: (row.outlet, GROUPS.index(row.group)))

    def devices(self, *, by_month: bool) -> Iterator[DeviceFigures]:
        """Yield every device at every outlet where it served, by group and tag."""
        stays = self._inventory.stays
        pairs = np.stack([stays.device, self._inventory.outlet])
        kinds, which = np.unique(pairs, axis=1, return_inverse=True)
        figures = self._by(which, kinds.shape[1])
        elsewhere = self._counted_before(which, kinds.shape[1])
        months = self._months if by_month else 0
        scheduled = np.zeros((kinds.shape[1], months), np.int64)
        if by_month:
            np.add.at(scheduled, which, self._all.cells.scheduled)
        outlets = self._outlets()
        names = {
            key: (tag, name)
            for key, tag, name in self._session.execute(select(Device.id, Device.tag, Device.name))
        }
        rows = []
        for number, (device, outlet_id) in enumerate(kinds.T.tolist()):
            device_id = int(self._inventory.device_ids[device])
            group = GROUPS[int(self._inventory.group[device])]
            rows.append(
                DeviceFigures(
                    names[device_id][0],
                    device_id,
                    names[device_id][1],
                    group,
                    outlets[outlet_id][0],
                    outlet_id,
                    outlets[outlet_id][1],
                    figures(number, group),
                    int(elsewhere[number]),
                    tuple(scheduled[number].tolist()),
                )
            )
        yield from sorted(rows, key=lambda row: (GROUPS.index(row.group), row.tag, row.outlet))

    def _counted_before(self, which: Ints, count: int) -> Ints:
        """Return how many of each row's faults an earlier row of the same device has too."""
        touches = self._all.touches
        several = np.bincount(touches.owner)[touches.owner] > 1
        row = which[touches.stay[several]]
        pairs = np.unique(np.stack([touches.owner[several], row]), axis=1)
        again = pairs[1, 1:][pairs[0, 1:] == pairs[0, :-1]]
        return np.bincount(again, minlength=count)

    def _outlets(self) -> dict[int, tuple[str, str]]:
        rows = self._session.execute(select(Outlet.id, Outlet.code, Outlet.name))
        return {key: (code, name) for key, code, name in rows}

    def _by(self, which: Ints, count: int) -> _FiguresOf:
        """Return the figures by the row that each stay belongs to."""
        touches = self._all.touches
        whole = np.zeros(len(touches.owner), np.int64)
        touches = Touches(touches.owner, touches.stay, whole, whole)
        return self._figures(
            {name: _added(which, values, count) for name, values in self._sums.items()},
            count_owners(touches, which, count, 1).ravel(),
            _earliest(which, self._first, count),
        )

    def months(self) -> Iterator[MonthFigures]:
        """Yield every month of every group, also one without devices."""
        stays, cells, months = self._inventory.stays, self._all.cells, self._months
        which = (self._group[:, None] * months + np.arange(months)).ravel()
        count = len(GROUPS) * months
        first = cells.first_down.ravel()
        figures = self._figures(
            {name: _added(which, getattr(cells, name).ravel(), count) for name in _ADDED},
            count_owners(self._all.touches, self._group, len(GROUPS), months).ravel(),
            _earliest(which, np.where(first < 0, np.int64(FOREVER), first), count),
        )
        edges = np.asarray(self._all.edges)
        served = Touches(
            stays.device,
            np.arange(len(stays.device)),
            np.searchsorted(edges[1:-1], stays.start, side="right"),
            np.searchsorted(edges[1:-1], stays.end - 1, side="right"),
        )
        devices = count_owners(served, self._group, len(GROUPS), months)
        for month, edge in enumerate(self._all.edges[:-1]):
            name = f"{local_date(edge, self._settings.zone):%Y-%m}"
            for number, group in enumerate(GROUPS):
                yield MonthFigures(
                    name,
                    group,
                    int(devices[number, month]),
                    figures(number * months + month, group),
                )

    def _figures(self, sums: dict[str, Ints], faults: Ints, first: Ints) -> _FiguresOf:
        return _FiguresOf(self._settings, sums, faults, first, self._all.edges[0])


class _FiguresOf:
    """Looks up the figures of a row by its number."""

    def __init__(
        self, in_force: Settings, sums: dict[str, Ints], faults: Ints, first: Ints, start: int
    ) -> None:
        self._settings, self._sums, self._faults = in_force, sums, faults
        self._first, self._start = first, start

    def __call__(self, row: int, group: Group) -> Figures:
        sums, first = self._sums, int(self._first[row])
        return Figures(
            scheduled_seconds=int(sums["scheduled"][row]),
            exempt_seconds=int(sums["exempt"][row]),
            down_seconds=int(sums["down"][row]),
            whole_scheduled_seconds=int(sums["whole_scheduled"][row]),
            device_days=int(sums["device_days"][row]),
            bad_days_strict=int(sums["bad_days_strict"][row]),
            bad_days_within_limits=int(sums["bad_days_within_limits"][row]),
            faults=int(self._faults[row]),
            first_down_at=None if first == FOREVER else self._start + first,
            target=self._settings.target[group],
            measure=self._settings.measure[group],
        )


def _added(which: Ints, values: Ints, count: int) -> Ints:
    total = np.zeros(count, np.int64)
    np.add.at(total, which, values)
    return total


def _earliest(which: Ints, values: Ints, count: int) -> Ints:
    first = np.full(count, FOREVER, np.int64)
    np.minimum.at(first, which, values)
    return first
