"""The records of a database as the sheets of the exchange workbook carry them.

Each kind of record is read as rows of the contract's columns, in their order: names and codes for
keys, moments in UTC seconds, members of vocabularies as such.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, literal_column, null, select
from sqlalchemy.orm import aliased

from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    Device,
    Fault,
    Hold,
    Outlet,
    Placement,
    RepairLimit,
    Setting,
    SpecialDay,
    Stoppage,
)
from desk_maint.services import settings
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from zoneinfo import ZoneInfo

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["Records", "open_records"]

_ROWS_AT_ONCE = 5000
Query = Select[*tuple[Any, ...]]


class Records:
    """All that a database holds at one moment, sheet by sheet."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.zone: ZoneInfo = settings.load(session).zone
        """The bureau's zone, in which spreadsheets tell moments."""

    def columns(self, kind: str) -> tuple[str, ...]:
        """Return the keys of the columns of a sheet, in the order of its rows."""
        return _MOVE_COLUMNS if kind == _MOVES else tuple(_QUERIES[kind]().selected_columns.keys())

    def count(self, kind: str) -> int:
        """Return about how many rows a sheet will have, for the progress display."""
        query = _placements() if kind == _MOVES else _QUERIES[kind]()
        counted = select(func.count()).select_from(query.order_by(None).subquery())
        return self._session.scalar(counted) or 0

    @contextmanager
    def rows(self, kind: str) -> Iterator[Iterator[tuple[object, ...]]]:
        """Give the rows of the sheet ``kind``, one of the contract's sheets, as they are read."""
        query = _placements() if kind == _MOVES else _QUERIES[kind]()
        # Closed here, for a server's cursor outlives a reader who gives up half-way.
        with self._session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)) as result:
            yield _moves(result) if kind == _MOVES else map(tuple, result)


@contextmanager
def open_records(database: Database, actor: Actor) -> Iterator[Records]:
    """Open the records for reading, all of them as at the same moment."""
    require(actor, "export")
    with database.read() as session:
        yield Records(session)


def _settings() -> Query:
    order = case({key: place for place, key in enumerate(settings.KEYS)}, value=Setting.key)
    return select(Setting.key, Setting.value).order_by(order, Setting.key)


def _calendars() -> Query:
    version = CalendarVersion
    # The first version has always been valid, which a spreadsheet says by an empty cell.
    valid_from = case((version.valid_from != date.min, version.valid_from), else_=null())
    return (
        select(
            Calendar.name,
            valid_from.label("valid_from"),
            version.timezone,
            *(getattr(version, day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
            version.rest_day,
            version.makeup_workday,
            version.holidays,
        )
        .join(version.calendar)
        .order_by(Calendar.name, version.valid_from)
    )


def _special_days() -> Query:
    return (
        select(
            SpecialDay.day.label("date"),
            SpecialDay.kind,
            Calendar.name.label("calendar"),
            SpecialDay.hours,
            SpecialDay.name,
        )
        .outerjoin(Calendar, Calendar.id == SpecialDay.calendar_id)
        .order_by(SpecialDay.day, Calendar.name)
    )


def _outlets() -> Query:
    parent = aliased(Outlet)
    return (
        select(
            Outlet.code,
            Outlet.name,
            parent.code.label("parent_code"),
            Outlet.kind,
            Outlet.zone,
            Outlet.networked,
            Calendar.name.label("calendar"),
            Outlet.manager,
            Outlet.phone,
            Outlet.address,
            Outlet.remarks,
        )
        .outerjoin(parent, parent.id == Outlet.parent_id)
        .outerjoin(Calendar, Calendar.id == Outlet.calendar_id)
        .order_by(Outlet.code)
    )


def _devices() -> Query:
    return (
        select(
            Device.tag,
            Device.name,
            Device.category,
            Outlet.code.label("outlet_code"),
            Device.position,
            Calendar.name.label("calendar"),
            Device.state,
            Device.commissioned_on,
            Device.retired_on,
            Device.manufacturer,
            Device.model,
            Device.serial_number,
            Device.warranty_until,
            Device.custodian,
            Device.owner,
            Device.extinguisher_type,
            Device.manufactured_on,
            Device.last_serviced_on,
            Device.retention_days_required,
            Device.remarks,
        )
        .join(Outlet, Outlet.id == Device.outlet_id)
        .outerjoin(Calendar, Calendar.id == Device.calendar_id)
        .order_by(Device.tag)
    )


def _repair_limits() -> Query:
    limit = RepairLimit
    return select(
        limit.category,
        limit.grade,
        limit.zone,
        limit.clock,
        limit.accept,
        limit.on_site,
        limit.repair,
    ).order_by(limit.category.is_not(None), limit.category, limit.grade, limit.zone)


def _faults() -> Query:
    # An occurrence that was never known has the moment of the report standing for it; left out,
    # it comes back as the estimate that it is.
    unknown = Fault.occurred_estimated & (Fault.occurred_at == Fault.reported_at)
    return (
        select(
            Fault.number,
            Device.tag,
            case((~unknown, Fault.occurred_at), else_=null()).label("occurred_at"),
            Fault.reported_at,
            Fault.reported_by,
            Fault.impact,
            Fault.grade,
            Fault.symptom,
            Fault.cause,
            Fault.responsibility,
            Fault.exempt_state.label("exempt"),
            Fault.exempt_reason,
            Fault.exempt_by,
            Fault.accepted_at,
            Fault.on_site_at,
            Fault.restored_at,
            Fault.confirmed_at,
            Fault.technician,
            Fault.action_taken,
            Fault.spare_from,
            Fault.cancelled_at,
            Fault.remarks,
        )
        .join(Device, Device.id == Fault.device_id)
        .order_by(Fault.reported_at, Fault.id)
    )


def _holds() -> Query:
    return (
        select(Fault.number, Hold.from_at.label("from"), Hold.to_at.label("to"), Hold.reason)
        .join(Hold.fault)
        .order_by(Fault.reported_at, Fault.id, Hold.from_at)
    )


def _stoppages() -> Query:
    key: ColumnElement[Any] = func.coalesce(Device.tag, Outlet.code, _category_text())
    return (
        select(
            Stoppage.scope,
            key.label("key"),
            Stoppage.from_at.label("from"),
            Stoppage.to_at.label("to"),
            Stoppage.reason,
            Stoppage.approved_by,
        )
        .outerjoin(Device, Device.id == Stoppage.device_id)
        .outerjoin(Outlet, Outlet.id == Stoppage.outlet_id)
        # The sheet knows approved stoppages only; one that is proposed has no effect anyway.
        .where(Stoppage.approved_by.is_not(None), Stoppage.refused_by.is_(None))
        .order_by(Stoppage.from_at, Stoppage.id)
    )


def _category_text() -> ColumnElement[str]:
    # As plain text, or the vocabulary would be asked about tags and codes as well.
    return literal_column("stoppage.category")


_QUERIES: dict[str, Callable[[], Query]] = {
    "settings": _settings,
    "calendars": _calendars,
    "special_days": _special_days,
    "outlets": _outlets,
    "devices": _devices,
    "repair_limits": _repair_limits,
    "faults": _faults,
    "holds": _holds,
    "stoppages": _stoppages,
}
_MOVES = "moves"
_MOVE_COLUMNS = ("tag", "moved_on", "to_outlet_code", "position")


class _Place(NamedTuple):
    tag: str
    commissioned_on: date
    from_on: date
    outlet: str
    position: str | None


def _placements() -> Query:
    moved = select(Placement.device_id).group_by(Placement.device_id).having(func.count() > 1)
    return (
        select(
            Device.tag,
            Device.commissioned_on,
            Placement.from_on,
            Outlet.code,
            Placement.position,
        )
        .join(Device, Device.id == Placement.device_id)
        .join(Outlet, Outlet.id == Placement.outlet_id)
        .where(Placement.device_id.in_(moved))
        .order_by(Device.tag, Placement.from_on)
    )


def _moves(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[tuple[object, ...]]:
    """Yield the places of each device that has moved, the first dated by its commissioning.

    The sheet ``devices`` has the present place only; so the history comes back whole.
    """
    places = (_Place(*row) for row in rows)
    for tag, entries in groupby(places, key=lambda place: place.tag):
        history = list(entries)
        begins = max(
            number
            for number, place in enumerate(history)
            if number == 0 or place.from_on <= place.commissioned_on
        )
        served = history[begins:]
        if len(served) > 1:
            for number, place in enumerate(served):
                day = place.from_on if number else place.commissioned_on
                yield tag, day, place.outlet, place.position
