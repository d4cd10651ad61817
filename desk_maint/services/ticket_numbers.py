"""The numbers of tickets: the local day of the report and a count, ``WX20261123-0001``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk_maint.db.models import Fault
from desk_maint.domain.instants import DAY, day_start, local_date

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

__all__ = ["TicketNumbers"]

# Any number will do, so long as all programs on one PostgreSQL server use the same.
_LOCK = 0x6465736B


class TicketNumbers:
    """Hands out unused numbers inside one transaction; a day is looked up once."""

    def __init__(self, session: Session, tz: ZoneInfo) -> None:
        self._session = session
        self._zone = tz
        self._last: dict[str, int] = {}
        if session.get_bind().dialect.name == "postgresql":
            # SQLite has one writer anyway; here two reports at once would find the same number.
            session.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def next(self, reported_at: int) -> str:
        """Return the next number for a fault reported at this instant (UTC seconds)."""
        day = local_date(reported_at, self._zone)
        prefix = f"WX{day:%Y%m%d}-"
        if prefix not in self._last:
            self._last[prefix] = self._last_of(prefix, day)
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:04d}"

    def _last_of(self, prefix: str, day: date) -> int:
        """Return the highest count of a day; its numbers are few, so only they are looked at."""
        start = day_start(day, self._zone)
        numbers = self._session.scalars(
            select(Fault.number).where(
                Fault.reported_at.between(start - DAY, start + 2 * DAY),
                Fault.number.startswith(prefix, autoescape=True),
            )
        )
        used = [
            int(tail) for number in numbers if (tail := number.removeprefix(prefix)).isdecimal()
        ]
        last = max(used, default=0)
        # A ticket whose moment of report was corrected later keeps the number of its old day.
        while self._session.scalar(
            select(Fault.id).where(Fault.number == f"{prefix}{last + 1:04d}")
        ):
            last += 1
        return last
