"""The workshop desk: queue and ticket side by side, every step one key away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from desk_maint.db.change import Changes
from desk_maint.domain.errors import DeskMaintError
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.tickets import ALLOWED, OPEN_STATES, TicketAction
from ui.files import ask_save
from ui.operations import ask
from ui.page import Page
from ui.problems import show_problem
from ui.theme import Space, Tone
from ui.widgets.basics import button
from ui.widgets.naming import named
from ui.workshop.queue import Queue
from ui.workshop.ticket_view import ACTIONS, TicketView

# What is done to a ticket, and how one is read whole, comes in when the queue stands.
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desk_maint.domain.faults import TicketState
    from desk_maint.services.ticket_details import TicketDetails
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context
    from ui.workshop.operations import TicketOperations

__all__ = ["WorkshopPage"]

_VIEW_WIDTH = 384
"""Pixels that the buttons of a ticket take."""
_TICK_MS = 30_000
_READING = msg("Reading the tickets…")


class WorkshopPage(Page):
    """Where technicians work; managers see all of it too."""

    title = msg("Workshop")
    icon = "mdi6.wrench-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.S)
        self._splitter = named(QSplitter(Qt.Orientation.Horizontal), "workshop_splitter")
        self._splitter.setChildrenCollapsible(False)
        self.queue = Queue(context)
        self.queue.chosen.connect(self._show)
        self.view = TicketView(context)
        self.view.asked.connect(self.do)
        self.view.why_asked.connect(self._why)
        self.view.print_asked.connect(self._print)
        self.view.pdf_asked.connect(self._ask_pdf)
        self.view.opened.connect(self._open_ticket)
        self._splitter.addWidget(self.queue)
        self.view.setMinimumWidth(_VIEW_WIDTH)
        self._splitter.addWidget(self.view)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([780, 350])
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self._make_bulk())
        self.queue.table.selectionModel().selectionChanged.connect(self._tell_selection)
        self._shown_id: int | None = None
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._clock_moved)
        self._tick.start()
        self.add_key("Ctrl+F", msg("To the search"), self.queue.search.setFocus)
        self.add_key("Ctrl+L", msg("To the list"), self.queue.table.setFocus)
        self.add_key("Ctrl+P", Term("ui_print"), lambda: self._print(self.view.details))
        self.add_key("Ctrl+?", msg("Why this deadline?"), self._why_current)
        for name, text, key, _icon in ACTIONS:
            if key:
                self.add_key(key, text, self._doer(name))

    def _doer(self, name: str) -> Callable[[], None]:
        def do() -> None:
            details = self.view.details
            if details is not None and f"ticket.{name}" in details.possible:
                self.do(name, details.row)

        return do

    def _make_bulk(self) -> QWidget:
        self._bulk = named(QWidget(), "bulk_bar")
        row = QHBoxLayout(self._bulk)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self._count = QLabel()
        row.addWidget(self._count)
        row.addWidget(
            button(self.context, msg("Accept all"), self.accept_selection, name="bulk_accept")
        )
        row.addWidget(
            button(self.context, msg("Hand over all…"), self.assign_selection, name="bulk_assign")
        )
        row.addStretch(1)
        self._bulk.hide()
        return self._bulk

    def on_opened(self) -> None:
        """Read the queue; the list has the focus."""
        self.queue.open()
        self.begin_at(self.queue.table)

    def show_part(self, name: str) -> None:
        """Narrow the queue to the tickets of one of its chips, or to the ticket of a number."""
        self.queue.show_part(name)

    def on_changes(self, changes: object) -> None:
        """Read again what a change touched."""
        if isinstance(changes, Changes) and changes.kinds & {
            "fault",
            "hold",
            "fault_note",
            "attachment",
        }:
            self.queue.refresh()
            if self._shown_id is not None:
                self._read(self._shown_id)

    def _clock_moved(self) -> None:
        if self.isVisible():
            self.queue.table.viewport().update()

    def _show(self, row: TicketRow | None) -> None:
        if row is None:
            self._shown_id = None
            self.view.clear()
        elif row.id != self._shown_id:
            self._open_ticket(row.id)

    def _open_ticket(self, key: int) -> None:
        self._shown_id = key
        # The list is painted first; whoever runs along it with the arrow keys waits for no ticket.
        QTimer.singleShot(0, self, lambda: self._read(key) if key == self._shown_id else None)

    def _read(self, key: int) -> None:
        context = self.context

        def read() -> TicketDetails:
            from desk_maint.services import ticket_details

            return ticket_details.read_ticket(context.database, context.actor, key)

        def show(details: TicketDetails) -> None:
            if details.row.id == self._shown_id:
                self.view.show_ticket(details)

        ask(self, context, read, show)

    def _tell_selection(self) -> None:
        count = self.queue.selection.count()
        self._bulk.setVisible(count > 1)
        self._count.setText(self.context.texts.say(msg("Tickets selected: {count}", count=count)))

    def do(self, name: str, row: TicketRow) -> None:
        """Do one thing to a ticket, asking first where something has to be said."""
        self._operations().do(name, row)

    def accept_selection(self) -> None:
        """Accept every ticket of the selection that nobody has accepted."""
        self._with_selection(self._operations().accept, ALLOWED[TicketAction.ACCEPT])

    def assign_selection(self) -> None:
        """Hand every ticket of the selection that is being worked on to one technician."""
        self._with_selection(self._operations().assign, OPEN_STATES)

    def _with_selection(self, do: Callable[..., None], states: frozenset[TicketState]) -> None:
        """Do it to those chosen that are in one of these states; say so where none is."""

        def begin(rows: Sequence[TicketRow]) -> None:
            fit = [row for row in rows if row.state in states]
            if fit:
                do(*fit)
            else:
                sentence = msg("None of the selected tickets is at this step.")
                self.context.told.emit(self.context.texts.say(sentence), Tone.WARNING)

        self.queue.selection.with_all(begin, _READING)

    def _operations(self) -> TicketOperations:
        from ui.workshop.operations import TicketOperations

        return TicketOperations(self, self.context, self._newest, self._look_again)

    def _newest(self, rows: Sequence[TicketRow]) -> list[TicketRow]:
        """Return the tickets as they were read last."""
        details = self.view.details
        read = {each.id: each for each in self.queue.selection.rows()}
        if details is not None:
            read[details.row.id] = details.row
        return [read.get(row.id, row) for row in rows]

    def _look_again(self) -> None:
        """Somebody else was faster: read what is shown, so that the next OK knows of it."""
        self.queue.refresh()
        if self._shown_id is not None:
            self._read(self._shown_id)

    def _why_current(self) -> None:
        if self.view.details is not None:
            self._why(self.view.details.row)

    def _why(self, row: TicketRow) -> None:
        from desk_maint.services import ticket_clocks
        from ui.workshop.dialogs import WhyDialog

        context, now = self.context, self.context.now()
        ask(
            self,
            context,
            lambda: ticket_clocks.explain(context.database, context.actor, row.number, as_of=now),
            lambda answer: WhyDialog(context, self, answer).exec(),
        )

    def _print(self, details: TicketDetails | None) -> None:
        if details is not None:
            from ui.printing.ticket import print_ticket

            print_ticket(self, self.context, details)

    def _ask_pdf(self, details: TicketDetails) -> None:
        name = f"{details.row.number}.pdf"
        path = ask_save(self, self.context, Term("repair_ticket"), name)
        if path is not None:
            self.write_pdf(details, path)

    def write_pdf(self, details: TicketDetails, path: Path) -> None:
        """Write a ticket as PDF and tell where it is."""
        from ui.printing.ticket import write_pdf

        try:
            write_pdf(self.context, details, path)
        except DeskMaintError as problem:
            show_problem(self.window(), self.context.texts, problem)
        else:
            self.context.written.emit(path)
