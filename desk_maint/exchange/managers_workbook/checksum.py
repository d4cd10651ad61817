"""A checksum of what the figures were computed from, which a reader can compute again.

It is the SHA-256 of a text in UTF-8.  Each line ends with a line feed, its parts are separated by
tabs; moments are local, as ``2026-06-03 08:00:00``, and a moment that is missing is empty:

1. ``desk-maint/statement-inputs/1``
2. ``period``, first date, date after the last, cut-off, time zone
3. for each group ``target``, its key, hundredths of a percent, measure, which faults count
4. for each row of *Devices* ``device``, asset number, outlet code, scheduled seconds, those of the
whole period, device-days, the two kinds of bad days, faults, those counted elsewhere, and, where
   the period has several months, the scheduled seconds of each
5. for each row of *Evidence* ``piece``, ticket number, asset number, outlet code, from, to,
   seconds, 1 for exempt or 0
6. for each row of *Tickets* ``ticket``, its number, accepted due, accepted, on site due, on site,
   repair due, restored

Words are left out, so that the checksum is the same in every language.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from desk_maint.exchange.writing import LocalTimes
    from desk_maint.services.evidence import EvidenceRow
    from desk_maint.services.statement import Statement
    from desk_maint.services.ticket_clocks import TicketClock

__all__ = ["InputsChecksum"]

_FORM = "desk-maint/statement-inputs/1"


class InputsChecksum:
    """Takes the inputs in as they are written, in the order of the sheets."""

    def __init__(self, statement: Statement, times: LocalTimes) -> None:
        self._digest = hashlib.sha256()
        report, settings = statement.report, statement.settings
        period = report.period
        self._add(_FORM)
        cut_off = _told(times.local(period.as_of))
        self._add("period", period.first, period.last, cut_off, settings.zone.key)
        for group, target in settings.target.items():
            self._add("target", group, target, settings.measure[group], settings.counts[group])
        for row in report.devices:
            figures = row.figures
            self._add(
                "device",
                row.tag,
                row.outlet,
                figures.scheduled_seconds,
                figures.whole_scheduled_seconds,
                figures.device_days,
                figures.bad_days_strict,
                figures.bad_days_within_limits,
                figures.faults,
                row.faults_elsewhere,
                *(row.scheduled_by_month if len(statement.months) > 1 else ()),
            )

    def add_piece(self, piece: EvidenceRow, start: datetime, end: datetime) -> None:
        """Take in a piece of downtime, from and to in local time."""
        self._add(
            "piece",
            piece.number,
            piece.tag,
            piece.outlet,
            _told(start),
            _told(end),
            piece.seconds,
            int(piece.exempt),
        )

    def add_ticket(self, ticket: TicketClock, times: LocalTimes) -> None:
        """Take in a ticket and its limits."""
        moments = (
            ticket.accept_due_at,
            ticket.accepted_at,
            ticket.on_site_due_at,
            ticket.on_site_at,
            ticket.repair_due_at,
            ticket.restored_at,
        )
        told = ("" if moment is None else _told(times.local(moment)) for moment in moments)
        self._add("ticket", ticket.number, *told)

    def hexadecimal(self) -> str:
        """Return the checksum of what was taken in so far."""
        return self._digest.hexdigest()

    def _add(self, *parts: object) -> None:
        self._digest.update(("\t".join(map(str, parts)) + "\n").encode())


def _told(local: datetime) -> str:
    return local.isoformat(" ", "seconds")
