"""Rest days and make-up workdays of the user's own, and the year of a calendar that they make.

They go before the published days: next year's are published in November, and until the program
knows them they are typed in or read from a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.change import Changes
from desk_maint.db.models import Calendar, SpecialDay
from desk_maint.domain import holidays
from desk_maint.domain.calendars import SpecialDayKind, format_hours, parse_hours
from desk_maint.domain.instants import day_start
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.services import calendar_book
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import blaming, fill, look_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "DayView",
    "DaysRead",
    "SpecialDayData",
    "YearView",
    "clear_days",
    "read_table",
    "set_days",
    "view_year",
    "warn_of_years",
]


@dataclass(frozen=True, slots=True)
class SpecialDayData:
    """A day of the user's own; ``hours`` None: as the calendar has it for such a day."""

    day: date
    kind: SpecialDayKind
    hours: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day in the year of a calendar."""

    day: date
    kind: SpecialDayKind | None
    """None: an ordinary day of the week."""
    hours: str
    """In the contract's writing, e.g. ``08:00-12:00 13:00-17:30``."""
    name: str | Term | None
    """The holiday it belongs to, or the user's own name for it."""
    own: bool
    """Whether the user's table says so, and not the published one."""
    entry: SpecialDayData | None = None
    """What the user's table says of it."""
    for_all: bool = False
    """Whether that stands there for all calendars that follow ``cn``, not for this one alone."""


@dataclass(frozen=True, slots=True)
class YearView:
    """A calendar's year, day by day."""

    calendar_id: int
    calendar: str
    year: int
    days: tuple[DayView, ...]
    warning: Message | None
    """Nobody knows the rest days of this year yet."""


@dataclass(frozen=True, slots=True)
class DaysRead:
    """What reading a table of days did."""

    added: int
    changed: int
    unchanged: int
    changes: Changes


def view_year(database: Database, actor: Actor, calendar_id: int, year: int) -> YearView:
    """Return every day of ``year`` as the calendar has it."""
    require(actor, "calendar.read")
    with database.read() as session:
        look_up(session, Calendar, calendar_id)
        book = calendar_book.load(session)
        alone, general = (
            {day: _data(row) for day, row in _own_days(session, key).items() if day.year == year}
            for key in (calendar_id, None)
        )
    calendar = book.by_id(calendar_id)
    days = []
    day = date(year, 1, 1)
    while day.year == year:
        special = calendar.special_day(day)
        kind = calendar.kind_on(day)
        published = holidays.published_name(day) if kind is not None else None
        days.append(
            DayView(
                day=day,
                kind=kind,
                hours=format_hours(calendar.hours_on(day)),
                name=(special.name if special is not None else None) or published,
                own=special is not None,
                entry=None if special is None else alone.get(day) or general.get(day),
                for_all=special is not None and day not in alone,
            )
        )
        day += timedelta(days=1)
    start, end = day_start(date(year, 1, 1), book.zone), day_start(date(year + 1, 1, 1), book.zone)
    missing = calendar.years_without_holidays(start, end)
    return YearView(
        calendar_id, calendar.name, year, tuple(days), _warning(year) if missing else None
    )


def warn_of_years(session: Session, start: int, end: int) -> tuple[Message, ...]:
    """Return a warning for each year in ``[start, end)`` whose rest days nobody has given.

    UTC seconds; only calendars that follow the published days are asked.
    """
    book = calendar_book.load(session)
    years = {
        year for key in book.names for year in book.by_id(key).years_without_holidays(start, end)
    }
    return tuple(_warning(year) for year in sorted(years))


def set_days(
    database: Database,
    actor: Actor,
    days: Sequence[SpecialDayData],
    calendar_id: int | None = None,
    *,
    at: int,
) -> Changes:
    """Make days rest days or make-up workdays, of one calendar or (None) of all that follow ``cn``.

    A day that is in the table already is changed.
    """
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        _write(work, days, calendar_id)
    return work.changes


def clear_days(
    database: Database,
    actor: Actor,
    days: Iterable[date],
    calendar_id: int | None = None,
    *,
    at: int,
) -> Changes:
    """Take days out of the user's table, so that the published ones hold again."""
    require(actor, "calendar.edit")
    with database.change(actor, "calendar.edit", at=at) as work:
        rows = _own_days(work.session, calendar_id)
        gone = [day for day in days if day in rows]
        for day in gone:
            work.session.delete(rows[day])
        _recompute(work, gone)
    return work.changes


def read_table(
    database: Database,
    actor: Actor,
    text: str,
    calendar_id: int | None = None,
    *,
    at: int,
    dry_run: bool = False,
) -> DaysRead:
    """Take over a table of days: JSON of the form of holiday-cn, or CSV.

    ``dry_run``: only tell what it would do.  Raises ``InputError`` for a table without days or
    with a contradiction.
    """
    require(actor, "calendar.edit")
    days = [
        SpecialDayData(day, SpecialDayKind(kind), name=name or None)
        for day, kind, name in holidays.parse_table(text)
    ]
    if dry_run:
        with database.read() as session:
            rows = _own_days(session, calendar_id)
            added = sum(data.day not in rows for data in days)
            changed = sum(_differs(rows[data.day], data) for data in days if data.day in rows)
        return DaysRead(added, changed, len(days) - added - changed, Changes())
    with database.change(actor, "calendar.edit", at=at) as work:
        added, changed = _write(work, days, calendar_id)
    return DaysRead(added, changed, len(days) - added - changed, work.changes)


def _write(work: Work, days: Sequence[SpecialDayData], calendar_id: int | None) -> tuple[int, int]:
    """Write days and return how many are new and how many are changed."""
    session = work.session
    if calendar_id is not None:
        look_up(session, Calendar, calendar_id)
    rows = _own_days(session, calendar_id)
    new: list[date] = []
    changed: list[date] = []
    for data in days:
        row = rows.get(data.day)
        if row is None:
            row = rows[data.day] = SpecialDay(day=data.day, calendar_id=calendar_id)
            session.add(row)
            new.append(data.day)
        elif _differs(row, data):
            changed.append(data.day)
        fill(row, _values(data))
    _recompute(work, new + changed)
    return len(new), len(changed)


def _values(data: SpecialDayData) -> dict[str, object]:
    with blaming("hours"):
        hours = format_hours(parse_hours(data.hours)) if data.hours else None
    return {"kind": data.kind, "hours": hours, "name": data.name}


def _differs(row: SpecialDay, data: SpecialDayData) -> bool:
    return any(getattr(row, name) != value for name, value in _values(data).items())


def _recompute(work: Work, days: Sequence[date]) -> None:
    if days:
        work.session.flush()
        book = DeadlineBook(work.session)
        work.touched("fault", book.recompute_days(work.session, min(days), max(days)))


def _own_days(session: Session, calendar_id: int | None) -> dict[date, SpecialDay]:
    query = select(SpecialDay).where(SpecialDay.calendar_id.is_not_distinct_from(calendar_id))
    return {row.day: row for row in session.scalars(query)}


def _data(row: SpecialDay) -> SpecialDayData:
    return SpecialDayData(row.day, row.kind, row.hours, row.name)


def _warning(year: int) -> Message:
    return msg(
        "No rest days are known for {year}. Import the published table; until then only the "
        "weekdays count.",
        year=year,
    )
