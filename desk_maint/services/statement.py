"""The statement of a period (统计表): figures, evidence and tickets as at one and the same moment.

Everything is read in one transaction, so that the parts add up whatever is entered meanwhile.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from desk_maint.db.models import Fault
from desk_maint.db.models import SpecialDay as SpecialDayRecord
from desk_maint.domain.instants import local_date
from desk_maint.domain.tickets import in_time
from desk_maint.services import calendar_book, settings
from desk_maint.services.evidence import evidence_rows
from desk_maint.services.permissions import require
from desk_maint.services.ticket_clocks import clocks_of
from desk_maint.services.uptime import By, month_edges, uptime_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.calendars import ServiceCalendar, SpecialDayKind
    from desk_maint.domain.people import Actor
    from desk_maint.domain.targets import Measure
    from desk_maint.services.evidence import EvidenceRow
    from desk_maint.services.settings import Settings
    from desk_maint.services.ticket_clocks import TicketClock
    from desk_maint.services.uptime import UptimeReport

__all__ = ["OwnDay", "Statement", "open_statement"]


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A rest day or make-up workday that the bureau itself has entered."""

    day: date
    kind: SpecialDayKind
    calendar: str | None
    """Name of the one calendar it is for; None: all that follow the published days."""
    hours: str | None
    name: str | None


class Statement:
    """A statement that is open for reading; it ends with the block that opened it."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        report: UptimeReport,
        *,
        measure: Measure | None = None,
    ) -> None:
        self._session = session
        self._actor = actor
        self.report = report
        """The figures, by group, outlet, device and month."""
        self.settings: Settings = settings.load(session).judged_by(measure)
        """Those that the figures were judged by."""
        period = report.period
        self.months: tuple[str, ...] = tuple(
            f"{day:%Y-%m}" for day in month_edges(period.first, period.last)[:-1]
        )
        """The months of the period (``2026-06``), the first and the last perhaps in part."""
        self.cut_off: int = min(period.as_of, period.end)
        """Up to which moment tickets are judged, UTC seconds."""

    def evidence(self) -> Iterator[EvidenceRow]:
        """Yield the pieces of downtime that the figures consist of, none across two months."""
        period = self.report.period
        return evidence_rows(
            self._session,
            self._actor,
            period.first,
            period.last,
            as_of=period.as_of,
            by_month=True,
        )

    def tickets(self) -> Iterator[TicketClock]:
        """Yield the tickets restored in the period or open at its end, as they stood there.

        These are the ones that the repair rate is judged by; cancelled ones are not.
        """
        period, end = self.report.period, self.cut_off
        where = (
            or_(Fault.restored_at.is_(None), Fault.restored_at >= period.start),
            or_(Fault.cancelled_at.is_(None), Fault.cancelled_at > end),
            Fault.reported_at < period.end,
        )
        for _, clock in clocks_of(self._session, where, end):
            if clock.restored_at == period.end:
                # The end is not in the period: there it was still open.
                yield replace(
                    clock,
                    restored_at=None,
                    confirmed_at=None,
                    in_time=in_time(None, clock.repair_due_at, end),
                )
            else:
                yield clock

    def calendars(self) -> tuple[ServiceCalendar, ...]:
        """Return every service calendar, by name."""
        book = calendar_book.load(self._session, self.settings.zone)
        return tuple(
            book.by_id(key) for key, _ in sorted(book.names.items(), key=lambda item: item[1])
        )

    def own_days(self) -> tuple[OwnDay, ...]:
        """Return the days of the period that the bureau's own table names."""
        period, tz = self.report.period, self.settings.zone
        book = calendar_book.load(self._session, tz)
        last = local_date(period.end - 1, tz)
        rows = self._session.scalars(
            select(SpecialDayRecord)
            .where(SpecialDayRecord.day.between(period.first, last))
            .order_by(SpecialDayRecord.day, SpecialDayRecord.id)
        )
        return tuple(
            OwnDay(
                row.day,
                row.kind,
                None if row.calendar_id is None else book.names[row.calendar_id],
                row.hours,
                row.name,
            )
            for row in rows
        )


@contextmanager
def open_statement(
    database: Database,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: int,
    measure: Measure | None = None,
) -> Iterator[Statement]:
    """Open the statement of the local dates from ``first`` to before ``last``, as at ``as_of``.

    ``measure`` judges every group by it, whatever the settings say; None: as they say.
    Raises :class:`~desk_maint.domain.errors.InputError` where the period is empty.
    """
    require(actor, "export")
    with database.read() as session:
        by = (By.OUTLET, By.DEVICE, By.MONTH)
        yield Statement(
            session,
            actor,
            uptime_report(session, actor, first, last, as_of=as_of, by=by, measure=measure),
            measure=measure,
        )
