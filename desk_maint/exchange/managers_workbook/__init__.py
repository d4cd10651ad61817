"""The managers' workbook: the figures of a period as live formulas over the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.exchange.managers_workbook.book import Book
from desk_maint.exchange.managers_workbook.checksum import InputsChecksum
from desk_maint.exchange.managers_workbook.devices import DevicesSheet
from desk_maint.exchange.managers_workbook.evidence import EvidenceSheet
from desk_maint.exchange.managers_workbook.outlets import OutletsSheet
from desk_maint.exchange.managers_workbook.rules import RulesSheet
from desk_maint.exchange.managers_workbook.style import SIZE
from desk_maint.exchange.managers_workbook.summary import SummarySheet
from desk_maint.exchange.managers_workbook.tickets import TicketsSheet
from desk_maint.exchange.writing import Pace, write_workbook
from desk_maint.services.statement import open_statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor
    from desk_maint.domain.targets import Measure
    from desk_maint.services.statement import Statement

__all__ = ["export_uptime", "write_statement"]


def export_uptime(  # noqa: PLR0913  (the parts of the task)
    database: Database,
    actor: Actor,
    first: date,
    last: date,
    path: Path,
    *,
    as_of: int,
    lang: str,
    measure: Measure | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the statement of the local dates from ``first`` to before ``last`` to ``path``.

    Figures are as at ``as_of`` (UTC seconds), words in ``lang``.  ``measure`` judges every group by
    it, whatever the settings say; None: as they say.  ``progress`` is told the rows
    done, and 0 for how many there are, for nobody knows before; while ``cancelled`` answers True
    the work is given up (:class:`Cancelled`) and nothing is left of it.  Raises
    :class:`InputError` where the period is empty or holds more than a sheet can,
    :class:`EnvironmentProblem` where the file cannot be written.
    """
    pace = Pace(0, progress, cancelled)
    pace.look()
    with open_statement(database, actor, first, last, as_of=as_of, measure=measure) as statement:
        write_statement(statement, path, lang, pace)


def write_statement(statement: Statement, path: Path, lang: str, pace: Pace) -> None:
    """Write a statement that is open; see :func:`export_uptime`."""
    with write_workbook(path, lang, SIZE) as workbook:
        book = Book(workbook, statement, lang, pace)
        # In the order in which they stand in the workbook …
        summary, outlets, devices = SummarySheet(book), OutletsSheet(book), DevicesSheet(book)
        evidence, tickets, rules = EvidenceSheet(book), TicketsSheet(book), RulesSheet(book)
        # … and filled each after those whose cells it names.
        checksum = InputsChecksum(statement, book.times)
        evidence.write(devices.numbers, checksum)
        devices.write(evidence, outlets.numbers, summary.targets)
        outlets.write(devices, summary.targets)
        tickets.write(checksum)
        rules.write(checksum.hexadecimal())
        summary.write(outlets, devices, evidence, tickets)
        workbook.calculation.fullCalcOnLoad = True
        pace.look()
