"""Service calendars as they are kept, and editing them.

Opening hours change by a new version from a date, so that the figures of the days before stay.
The edits that move a deadline bring the tickets they touch up to date in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from desk_maint.db import models
from desk_maint.domain.calendars import HolidaySource, format_hours, parse_hours
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import msg
from desk_maint.domain.repair_limits import (
    ELAPSED_CLOCK,
    MAINTENANCE_HOURS,
    ROUND_THE_CLOCK_NAME,
    SERVICE_CLOCK,
    WORKING_HOURS,
)
from desk_maint.language.words import calendar_words
from desk_maint.services.calendar_book import CalendarBook, fold_name, load
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import blaming, fetch, touch

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "CalendarBook",
    "CalendarData",
    "CalendarRow",
    "CalendarSaved",
    "create",
    "fold_name",
    "list_calendars",
    "load",
    "remove",
    "rename",
    "set_hours",
    "take_back_hours",
]

# The house rules name these: the default hours and the clock of round-the-clock devices.
_BUILT_IN = (ROUND_THE_CLOCK_NAME, MAINTENANCE_HOURS, WORKING_HOURS)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class CalendarData:
    """The hours of a calendar from a date on; each day in the contract's writing."""

    valid_from: date | None
    """First local date; None: always."""
    week: tuple[str, str, str, str, str, str, str]
    """Monday to Sunday, e.g. ``08:00-12:00 13:00-17:30``, ``24h``, ``closed``."""
    rest_day: str = "closed"
    makeup_workday: str | None = None
    """None: Monday's hours."""
    holidays: HolidaySource = HolidaySource.CN
    timezone: str | None = None
    """IANA zone; None: the bureau's."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar with all its versions, the oldest first, and how many use it."""

    id: int
    version: int
    name: str
    hours: tuple[CalendarData, ...]
    outlets: int
    devices: int
    limits: int
    """Repair limits that run by it."""

    @property
    def in_use(self) -> bool:
        """Whether it cannot be removed."""
        return bool(self.outlets or self.devices or self.limits)


@dataclass(frozen=True, slots=True)
class CalendarSaved:
    """The key of a new calendar."""

    id: int
    changes: Changes


def list_calendars(database: Database, actor: Actor) -> tuple[CalendarRow, ...]:
    """Return all calendars by name."""
    require(actor, "calendar.read")
    with database.read() as session:
        return tuple(
            _row(session, calendar)
            for calendar in session.scalars(
                select(models.Calendar)
                .options(selectinload(models.Calendar.versions))
                .order_by(models.Calendar.name)
            )
        )


def create(
    database: Database, actor: Actor, name: str, data: CalendarData, *, at: int
) -> CalendarSaved:
    """Add a calendar with its first hours."""
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        row = models.Calendar(name=_free_name(work.session, name, None))
        row.versions.append(_filled(models.CalendarVersion(), data))
        work.session.add(row)
        work.session.flush()
        key = row.id
    return CalendarSaved(key, work.changes)


def rename(
    database: Database, actor: Actor, calendar_id: int, name: str, *, version: int, at: int
) -> Changes:
    """Give a calendar another name; repair limits that run by it follow."""
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        session = work.session
        row = fetch(session, models.Calendar, calendar_id, version=version)
        _not_built_in(row.name)
        old, row.name = fold_name(row.name), _free_name(session, name, calendar_id)
        for limit in session.scalars(select(models.RepairLimit)):
            if fold_name(limit.clock) == old:
                limit.clock = row.name
    return work.changes


def set_hours(
    database: Database,
    actor: Actor,
    calendar_id: int,
    data: CalendarData,
    *,
    version: int,
    at: int,
) -> Changes:
    """Give a calendar new hours from a date on; the days before keep theirs.

    Hours from a date that has hours already are corrected.  Deadlines after the date move.
    """
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        session = work.session
        row = fetch(session, models.Calendar, calendar_id, version=version)
        start = data.valid_from or date.min
        entry = next((each for each in row.versions if each.valid_from == start), None)
        first = not row.versions or start <= row.versions[0].valid_from
        if entry is None:
            row.versions.append(_filled(models.CalendarVersion(), data))
        else:
            _filled(entry, data)
        touch(row)
        _recompute(work, None if first else start)
    return work.changes


def take_back_hours(
    database: Database, actor: Actor, calendar_id: int, valid_from: date, *, version: int, at: int
) -> Changes:
    """Take back hours that were entered by mistake; a calendar keeps at least one version."""
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        session = work.session
        row = fetch(session, models.Calendar, calendar_id, version=version)
        entry = next((each for each in row.versions if each.valid_from == valid_from), None)
        if entry is None or len(row.versions) == 1:
            raise InputError(
                msg("There is no entry of {day} that can be taken back.", day=valid_from)
            )
        first = entry is row.versions[0]
        row.versions.remove(entry)
        touch(row)
        _recompute(work, None if first else valid_from)
    return work.changes


def remove(database: Database, actor: Actor, calendar_id: int, *, version: int, at: int) -> Changes:
    """Remove a calendar that nothing uses."""
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        row = fetch(work.session, models.Calendar, calendar_id, version=version)
        _not_built_in(row.name)
        if _row(work.session, row).in_use:
            raise InputError(
                msg(
                    "The service calendar “{name}” is in use. Give its outlets, devices and "
                    "repair limits another one first.",
                    name=row.name,
                )
            )
        work.session.delete(row)
    return work.changes


def _row(session: Session, row: models.Calendar) -> CalendarRow:
    def count(model: type[models.Outlet | models.Device]) -> int:
        return (
            session.scalar(
                select(func.count()).select_from(model).where(model.calendar_id == row.id)
            )
            or 0
        )

    name = fold_name(row.name)
    clocks = session.scalars(select(models.RepairLimit.clock))
    return CalendarRow(
        id=row.id,
        version=row.version,
        name=row.name,
        hours=tuple(_data(version) for version in row.versions),
        outlets=count(models.Outlet),
        devices=count(models.Device),
        limits=sum(fold_name(clock) == name for clock in clocks),
    )


def _data(row: models.CalendarVersion) -> CalendarData:
    return CalendarData(
        valid_from=None if row.valid_from == date.min else row.valid_from,
        week=(row.mon, row.tue, row.wed, row.thu, row.fri, row.sat, row.sun),
        rest_day=row.rest_day,
        makeup_workday=row.makeup_workday,
        holidays=row.holidays,
        timezone=row.timezone,
    )


def _filled(row: models.CalendarVersion, data: CalendarData) -> models.CalendarVersion:
    row.valid_from = data.valid_from or date.min
    with blaming("timezone"):
        row.timezone = zone(data.timezone.strip()).key if data.timezone else None
    hours = dict(zip(_WEEKDAYS, data.week, strict=True)) | {"rest_day": data.rest_day}
    for name, text in hours.items():
        with blaming(name):
            setattr(row, name, format_hours(parse_hours(text)))
    with blaming("makeup_workday"):
        row.makeup_workday = (
            format_hours(parse_hours(data.makeup_workday)) if data.makeup_workday else None
        )
    row.holidays = data.holidays
    return row


def _free_name(session: Session, name: str, calendar_id: int | None) -> str:
    plain = name.strip()
    folded = fold_name(plain)
    if not folded or folded in {SERVICE_CLOCK, ELAPSED_CLOCK}:
        raise InputError(
            msg("A service calendar cannot be called “{name}”.", name=name), field="name"
        )
    for other in session.scalars(select(models.Calendar)):
        if other.id != calendar_id and fold_name(other.name) == folded:
            raise InputError(
                msg(
                    "There is already a service calendar “{name}”. Choose another name.",
                    name=other.name,
                ),
                field="name",
            )
    return plain


def _not_built_in(name: str) -> None:
    if fold_name(name) in {fold_name(each) for each in _BUILT_IN}:
        raise InputError(
            msg(
                "The service calendar “{name}” belongs to the house rules; its hours may be "
                "changed, but it stays.",
                name=calendar_words(name),
            )
        )


def _recompute(work: Work, since: date | None) -> None:
    work.session.flush()
    work.touched("fault", DeadlineBook(work.session).recompute_days(work.session, since, None))
