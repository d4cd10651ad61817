"""The sheet *Tickets*: which limits were kept and which were missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.exchange.managers_workbook.layout import (
    FIRST_ROW,
    NUMBER,
    SHORT_MOMENT,
    TICKETS,
    WORD,
    Field,
    Formula,
    Table,
)
from desk_maint.exchange.managers_workbook.rules import CUT_OFF_CELL
from desk_maint.exchange.writing import LAST_ROW, new_page

if TYPE_CHECKING:
    from desk_maint.exchange.managers_workbook.book import Book
    from desk_maint.exchange.managers_workbook.checksum import InputsChecksum
    from desk_maint.services.ticket_clocks import TicketClock

__all__ = ["TicketsSheet"]

_FIELDS = (
    Field("number", "ticket_no", 18),
    Field("tag", "asset_no", 15),
    Field("outlet", "outlet_code", 9),
    Field("group", "equipment_group", 17),
    Field("grade", "fault_level", 6, NUMBER),
    Field("reported", "reported_at", 14, SHORT_MOMENT),
    Field("accept_due", "accept_due_at", 14, SHORT_MOMENT),
    Field("accepted", "accepted_at", 14, SHORT_MOMENT),
    Field("accept", "accept_in_time", 10, WORD),
    Field("on_site_due", "on_site_due_at", 14, SHORT_MOMENT),
    Field("on_site", "arrived_at", 14, SHORT_MOMENT),
    Field("arrive", "on_site_in_time", 10, WORD),
    Field("repair_due", "repair_due_at", 14, SHORT_MOMENT),
    Field("restored", "service_restored_at", 14, SHORT_MOMENT),
    Field("repair", "repair_in_time", 10, WORD),
    Field("technician", "role_technician", 13),
    Field("holder", "responsibility", 22),
    Field("impact", "impact", 12, printed=False),
    Field("state", "ticket_state", 14, printed=False),
)
_LIMITS = (
    ("accept", "accept_due", "accepted"),
    ("arrive", "on_site_due", "on_site"),
    ("repair", "repair_due", "restored"),
)
"""For each verdict the moment it was due and the moment it was done."""


class TicketsSheet:
    """Writes the tickets as they are read, and names their cells to the formulas."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._words = tuple(map(book.word, ("in_time_yes", "in_time_no", "in_time_open")))
        self._table = Table(new_page(book.workbook, TICKETS), _FIELDS, book.lang, frozen="tag")
        self._cut_off = book.statement.cut_off

    def write(self, checksum: InputsChecksum) -> None:
        """Write all tickets."""
        book, table = self._book, self._table
        table.begin(book.word("tickets_title"), book.print_text)
        for ticket in book.statement.tickets():
            if table.row > LAST_ROW:
                raise InputError(
                    msg(
                        "There are more than {most} tickets, which no sheet can hold. "
                        "Choose a shorter period.",
                        most=LAST_ROW - FIRST_ROW + 1,
                    )
                )
            book.pace.step()
            table.append(self._row(ticket))
            checksum.add_ticket(ticket, book.times)
        table.finish(verdicts=["accept", "arrive", "repair"])

    def all(self, key: str) -> str:
        """Return the cells of a field as a range."""
        return self._table.all(key)

    def _row(self, ticket: TicketClock) -> list[object]:
        book, row = self._book, self._table.row
        moments = {
            "reported": ticket.reported_at,
            "accept_due": ticket.accept_due_at,
            "accepted": ticket.accepted_at,
            "on_site_due": ticket.on_site_due_at,
            "on_site": ticket.on_site_at,
            "repair_due": ticket.repair_due_at,
            "restored": ticket.restored_at,
        }
        values: dict[str, object] = {key: book.moment(at) for key, at in moments.items()}
        values |= {
            "number": ticket.number,
            "tag": ticket.tag,
            "outlet": ticket.outlet,
            "group": book.name(ticket.group),
            "grade": ticket.grade,
            "impact": book.name(ticket.impact),
            "state": book.name(ticket.state),
            "technician": ticket.technician,
            "holder": None if ticket.responsibility is None else book.name(ticket.responsibility),
        }
        for verdict, due, done in _LIMITS:
            values[verdict] = self._verdict(row, (due, moments[due]), (done, moments[done]), ticket)
        return [values[field.key] for field in _FIELDS]

    def _verdict(
        self,
        row: int,
        due: tuple[str, int | None],
        done: tuple[str, int | None],
        ticket: TicketClock,
    ) -> Formula | None:
        """Return the formula of whether a limit was kept; None: there is nothing to judge."""
        due_at, done_at = due[1], done[1]
        if due_at is None or (done_at is None and ticket.restored_at is not None):
            return None
        at = self._table.local
        kept, missed, running = self._words
        judged_at = self._cut_off if done_at is None else done_at
        judged = CUT_OFF_CELL if done_at is None else at(done[0], row)
        ahead = f"{judged}>{at(due[0], row)}"
        if not self._book.times.in_step(judged_at, due_at):
            # The clocks were changed between the two: their local times do not tell the order.
            ahead = f"{judged_at - due_at}>0"
        if done_at is not None:
            return Formula(f'=IF({ahead},"{missed}","{kept}")')
        return Formula(f'=IF({ahead},"{missed}","{running}")')
