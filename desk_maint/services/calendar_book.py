"""Every service calendar of a database, ready for arithmetic."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from desk_maint.db import models
from desk_maint.domain.calendars import (
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    SpecialDay,
    parse_hours,
)
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import msg
from desk_maint.domain.repair_limits import ROUND_THE_CLOCK_NAME, WORKING_HOURS
from desk_maint.services import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

__all__ = ["CalendarBook", "fold_name", "load"]


def fold_name(name: str) -> str:
    """Return ``name`` as calendars are told apart: without case, width, blanks and underscores."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(plain.replace("_", " ").split())


class CalendarBook:
    """All service calendars of a database, ready for arithmetic; each is built when first asked."""

    def __init__(
        self,
        tz: ZoneInfo,
        calendars: Iterable[models.Calendar],
        special_days: Iterable[models.SpecialDay],
    ) -> None:
        self.zone = tz
        """The bureau's zone."""
        self._rows = {row.id: row for row in calendars}
        self._ids = {fold_name(row.name): row.id for row in self._rows.values()}
        self._special_days = tuple(special_days)
        self._built: dict[int, ServiceCalendar] = {}

    @property
    def names(self) -> Mapping[int, str]:
        """The calendars' names by id."""
        return {row.id: row.name for row in self._rows.values()}

    def by_id(self, calendar_id: int) -> ServiceCalendar:
        """Return a calendar by its key in the database."""
        if calendar_id not in self._built:
            self._built[calendar_id] = self._build(self._rows[calendar_id])
        return self._built[calendar_id]

    def id_of(self, name: str) -> int:
        """Return the key of the calendar called ``name``; raise :class:`NotFoundError`."""
        try:
            return self._ids[fold_name(name)]
        except KeyError:
            raise NotFoundError(
                msg(
                    "There is no service calendar called “{name}”. Choose one of: {names}.",
                    name=name,
                    names=", ".join(sorted(row.name for row in self._rows.values())),
                )
            ) from None

    def named(self, name: str) -> ServiceCalendar:
        """Return the calendar called ``name``; raise :class:`NotFoundError`."""
        return self.by_id(self.id_of(name))

    def service(
        self, category: Category, device_calendar: int | None, outlet_calendar: int | None
    ) -> ServiceCalendar:
        """Return the hours in which a device has to serve: its own, else its outlet's.

        Where neither names a calendar an ATM serves around the clock, all else in working hours.
        """
        own = device_calendar if device_calendar is not None else outlet_calendar
        if own is not None:
            return self.by_id(own)
        return self.named(ROUND_THE_CLOCK_NAME if category is Category.ATM else WORKING_HOURS)

    def _build(self, row: models.Calendar) -> ServiceCalendar:
        versions = [
            CalendarVersion(
                valid_from=version.valid_from,
                zone=zone(version.timezone) if version.timezone else self.zone,
                week=tuple(
                    parse_hours(text)
                    for text in (
                        version.mon,
                        version.tue,
                        version.wed,
                        version.thu,
                        version.fri,
                        version.sat,
                        version.sun,
                    )
                ),
                rest_day=parse_hours(version.rest_day),
                makeup_workday=(
                    parse_hours(version.makeup_workday) if version.makeup_workday else None
                ),
                holidays=version.holidays,
            )
            for version in row.versions
        ]
        return ServiceCalendar(row.name, versions, self._days_of(row))

    def _days_of(self, row: models.Calendar) -> list[SpecialDay]:
        """Return the user's own days that apply to a calendar; its own go before the general."""
        chosen: dict[date, models.SpecialDay] = {}
        for day in self._special_days:
            if day.calendar_id == row.id:
                chosen[day.day] = day
            elif day.calendar_id is None:
                in_force = [v for v in row.versions if v.valid_from <= day.day] or row.versions[:1]
                if in_force and in_force[-1].holidays is HolidaySource.CN:
                    chosen.setdefault(day.day, day)
        return [
            SpecialDay(
                day=day.day,
                kind=day.kind,
                hours=parse_hours(day.hours) if day.hours else None,
                name=day.name,
            )
            for day in chosen.values()
        ]


def load(session: Session, tz: ZoneInfo | None = None) -> CalendarBook:
    """Return every calendar of the database; ``tz`` saves reading the settings once more."""
    return CalendarBook(
        tz if tz is not None else settings.load(session).zone,
        session.scalars(
            select(models.Calendar).options(selectinload(models.Calendar.versions))
        ).all(),
        session.scalars(select(models.SpecialDay)).all(),
    )
