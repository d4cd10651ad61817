"""Importing the bureau's small registers: settings, calendars, special days, repair limits.

They have at most some hundred rows, so that each becomes an object of the session, which keeps
the history by itself.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from desk_maint.db.models import Calendar, CalendarVersion, RepairLimit, Setting, SpecialDay
from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import Message, msg
from desk_maint.domain.repair_limits import ELAPSED_CLOCK, SERVICE_CLOCK
from desk_maint.language import LANGUAGES, term
from desk_maint.services import settings
from desk_maint.services.calendar_book import fold_name
from desk_maint.services.imports.rows import (
    Outcome,
    RefusedError,
    Result,
    Row,
    Seen,
    differences,
    each_row,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.db.change import Work
    from desk_maint.services.imports.references import References

__all__ = ["CalendarWriter", "RepairLimitWriter", "SettingWriter", "SpecialDayWriter"]


class SettingWriter:
    """Rows of ``settings``; another zone holds for the sheets that follow."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[str] = Seen()
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        return each_row(rows, self._take)

    def _take(self, row: Row) -> Outcome:
        key = str(row.values["key"]).casefold()
        if key not in settings.DEFAULTS:
            raise RefusedError("key", _unknown_setting(key))
        text = row.values.get("value")
        if text is None:
            return Outcome.UNCHANGED
        try:
            value = settings.normal_value(key, _percent(key, str(text)))
        except InputError as error:
            raise RefusedError("value", error.message) from error
        self._seen.note(key, row.number, "key")
        record = self._session.get(Setting, key)
        if record is not None and record.value == value:
            return Outcome.UNCHANGED
        if key == "timezone":
            self._references.settings_changed()
            self.moves_deadlines = True
        if record is None:
            self._session.add(Setting(key=key, value=value))
            return Outcome.ADDED
        record.value = value
        return Outcome.CHANGED

    def close(self) -> None:
        """Nothing follows from settings that is kept."""


def _unknown_setting(key: str) -> Message:
    return msg(
        "There is no setting called “{key}”. The settings are: {keys}.",
        key=key,
        keys=", ".join(settings.KEYS),
    )


def _percent(key: str, text: str) -> str:
    """Return a target that a spreadsheet keeps as a share (95 % is 0.95) as a percentage."""
    if key.startswith("target.") and "%" not in text:
        try:
            share = float(text)
        except ValueError:
            return text
        if 0 < share <= 1:
            return f"{share * 100:.10g}"
    return text


class CalendarWriter:
    """Rows of ``calendars``: each is one version of a calendar, from a date on."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[tuple[str, date]] = Seen()
        self._calendars: dict[str, Calendar] = {
            fold_name(calendar.name): calendar
            for calendar in self._session.scalars(select(Calendar))
        }
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        results = each_row(rows, self._take)
        self._session.flush()
        self._references.calendars_changed()
        return results

    def _take(self, row: Row) -> Outcome:
        values = dict(row.values)
        name = str(values.pop("name"))
        valid_from = cast("date", values.pop("valid_from", date.min))
        key = (fold_name(name), valid_from)
        if "timezone" in values:
            try:
                values["timezone"] = zone(str(values["timezone"])).key
            except InputError as error:
                raise RefusedError("timezone", error.message) from error
        self._seen.note(key, row.number, "name")
        calendar = self._calendars.get(key[0])
        if calendar is None:
            calendar = self._calendars[key[0]] = Calendar(name=name)
            self._session.add(calendar)
        version = next((v for v in calendar.versions if v.valid_from == valid_from), None)
        if version is None:
            values.setdefault("rest_day", "closed")
            values.setdefault("holidays", HolidaySource.CN)
            calendar.versions.append(CalendarVersion(valid_from=valid_from, **values))
            self.moves_deadlines = True
            return Outcome.ADDED
        changed = differences(version, values)
        for field, value in changed.items():
            setattr(version, field, value)
        self.moves_deadlines = self.moves_deadlines or bool(changed)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def close(self) -> None:
        """Nothing follows from calendars but deadlines, which the import sees to."""


class SpecialDayWriter:
    """Rows of ``special_days``."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[tuple[date, int | None]] = Seen()
        self._days: dict[tuple[date, int | None], SpecialDay] = {
            (day.day, day.calendar_id): day for day in self._session.scalars(select(SpecialDay))
        }
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        results = each_row(rows, self._take)
        self._session.flush()
        self._references.calendars_changed()
        return results

    def _take(self, row: Row) -> Outcome:
        values = dict(row.values)
        day = cast("date", values.pop("date"))
        name = values.pop("calendar", None)
        calendar_id = None if name is None else self._references.calendar_id(name)
        key = (day, calendar_id)
        self._seen.note(key, row.number, "date")
        record = self._days.get(key)
        if record is None:
            record = self._days[key] = SpecialDay(day=day, calendar_id=calendar_id, **values)
            self._session.add(record)
            self.moves_deadlines = True
            return Outcome.ADDED
        changed = differences(record, values)
        for field, value in changed.items():
            setattr(record, field, value)
        self.moves_deadlines = self.moves_deadlines or bool(changed)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def close(self) -> None:
        """Nothing follows from special days but deadlines, which the import sees to."""


class RepairLimitWriter:
    """Rows of ``repair_limits``."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[tuple[object, object, object]] = Seen()
        self._limits: dict[tuple[object, object, object], RepairLimit] = {
            (limit.category, limit.grade, limit.zone): limit
            for limit in self._session.scalars(select(RepairLimit))
        }
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        return each_row(rows, self._take)

    def _take(self, row: Row) -> Outcome:
        values = dict(row.values)
        key = (values.get("category"), values["grade"], values["zone"])
        values["clock"] = self._clock(str(values["clock"]))
        self._seen.note(key, row.number, "grade")
        record = self._limits.get(key)
        if record is None:
            record = self._limits[key] = RepairLimit(**values)
            self._session.add(record)
            self.moves_deadlines = True
            return Outcome.ADDED
        changed = differences(record, values)
        for field, value in changed.items():
            setattr(record, field, value)
        self.moves_deadlines = self.moves_deadlines or bool(changed)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def _clock(self, name: str) -> str:
        """Return a clock as the database names it: a key, or a calendar by its own name."""
        for clock, word in (
            (SERVICE_CLOCK, "service_hours_clock"),
            (ELAPSED_CLOCK, "natural_hours"),
        ):
            names = {clock, *(term(word, lang) for lang in LANGUAGES)}
            if fold_name(name) in {fold_name(each) for each in names}:
                return clock
        return self._references.calendars.names[self._references.calendar_id(name, "clock")]

    def close(self) -> None:
        """Nothing follows from limits but deadlines, which the import sees to."""
