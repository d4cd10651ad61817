"""The workshop desk: queue and ticket side by side, every step one key away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from desk_maint.db.change import Changes
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.services import (
    exemptions,
    people,
    ticket_clocks,
    ticket_details,
    tickets,
)
from ui.operations import ask, perform
from ui.page import Page
from ui.theme import Space
from ui.widgets.basics import button
from ui.widgets.form_dialog import FormDialog
from ui.widgets.naming import named
from ui.widgets.reason_dialog import ReasonDialog
from ui.workshop.dialogs import (
    ChoiceDialog,
    GradeDialog,
    HoldDialog,
    RestoreDialog,
    WhyDialog,
)
from ui.workshop.queue import Queue
from ui.workshop.ticket_view import ACTIONS, TicketView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.ticket_details import TicketDetails
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["WorkshopPage"]

Dialog = TypeVar("Dialog", bound=FormDialog)

_CAUSES = tuple(
    Term(key)
    for key in (
        "rsn_hardware",
        "rsn_software",
        "rsn_card_reader",
        "rsn_dispenser",
        "rsn_note_jam",
        "rsn_printer",
        "rsn_cash_out",
        "rsn_paper_out",
        "rsn_operator",
        "rsn_line",
        "rsn_host",
        "rsn_power_cut",
        "rsn_ups",
        "rsn_vandalism",
        "rsn_force_majeure",
    )
)
_VIEW_WIDTH = 384
"""Pixels that the buttons of a ticket take."""
_TICK_MS = 30_000


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
        self.view.opened.connect(self._open_ticket)
        self._splitter.addWidget(self.queue)
        self.view.setMinimumWidth(_VIEW_WIDTH)
        self._splitter.addWidget(self.view)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([780, 386])
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
                self.do(name, details)

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
        self._read(key)

    def _read(self, key: int) -> None:
        context = self.context

        def show(details: TicketDetails) -> None:
            if details.row.id == self._shown_id:
                self.view.show_ticket(details)

        ask(
            self,
            context,
            lambda: ticket_details.read_ticket(context.database, context.actor, key),
            show,
        )

    def _tell_selection(self) -> None:
        count = len(self.queue.table.selectionModel().selectedRows())
        self._bulk.setVisible(count > 1)
        self._count.setText(self.context.texts.say(msg("Tickets selected: {count}", count=count)))

    def do(self, name: str, details: TicketDetails) -> None:
        """Do one thing to the ticket in hand, asking first where something has to be said."""
        context, row = self.context, details.row
        plain: dict[str, tuple[Any, Message]] = {
            "arrive": (tickets.arrive, msg("On site for {number}.", number=row.number)),
            "resume": (tickets.resume, msg("{number} goes on.", number=row.number)),
            "spare": (tickets.spare_in_service, msg("A spare serves for {tag}.", tag=row.tag)),
            "confirm": (tickets.confirm, msg("Ticket {number} is closed.", number=row.number)),
            "approve_exemption": (
                exemptions.approve,
                msg("The exemption of {number} is approved.", number=row.number),
            ),
        }
        if name in plain:
            call, success = plain[name]
            self._perform(
                lambda at: call(
                    context.database, context.actor, row.id, version=row.version, at=at
                ),
                success,
            )
        elif name == "accept":
            self._accept([row])
        else:
            getattr(self, f"_{name}")(row)

    def _perform(self, call: Callable[[int], Changes], success: Message) -> None:
        at = self.context.now()
        perform(self, self.context, lambda: call(at), success=success)

    def _accept(self, rows: Sequence[TicketRow]) -> None:
        context, wanted = self.context, {row.id: row.version for row in rows}
        self._perform(
            lambda at: tickets.accept(context.database, context.actor, wanted, at=at),
            msg("Tickets accepted: {count}.", count=len(rows)),
        )

    def accept_selection(self) -> None:
        """Accept every ticket of the selection that nobody has accepted."""
        rows = [row for row in self.queue.selection() if row.accepted_at is None]
        if rows:
            self._accept(rows)

    def assign_selection(self) -> None:
        """Hand the whole selection to one technician."""
        self._hand_over(self.queue.selection())

    def _assign(self, row: TicketRow) -> None:
        self._hand_over([row])

    def _hand_over(self, rows: Sequence[TicketRow]) -> None:
        context, wanted = self.context, {row.id: row.version for row in rows}

        def choose(names: Sequence[str]) -> None:
            dialog = ChoiceDialog(
                context, self, Term("do_ticket_assign"), Term("assigned_to"), names
            )

            def prepare() -> Callable[[], Changes]:
                who, at = dialog.choice(), context.now()
                for row in rows:
                    wanted[row.id] = self._newest(row).version
                return lambda: tickets.assign(context.database, context.actor, wanted, who, at=at)

            dialog.run(
                prepare,
                success=lambda _changes: msg(
                    "Tickets handed to {who}: {count}.", count=len(rows), who=dialog.choice()
                ),
                look_again=self._look_again,
            )

        ask(
            self,
            context,
            lambda: people.list_technicians(context.database, context.actor),
            choose,
        )

    def _run(
        self,
        dialog: Dialog,
        row: TicketRow,
        call: Callable[[Dialog], Callable[[int, int], Changes]],
        success: Message,
    ) -> None:
        """Ask; ``call`` reads the dialog and returns what is done at a version and an instant."""

        def prepare() -> Callable[[], Changes]:
            do, version, at = call(dialog), self._newest(row).version, self.context.now()
            return lambda: do(version, at)

        dialog.run(prepare, success=success, look_again=self._look_again)

    def _newest(self, row: TicketRow) -> TicketRow:
        """Return a ticket as it was read last."""
        details = self.view.details
        if details is not None and details.row.id == row.id:
            return details.row
        return next((each for each in self.queue.selection() if each.id == row.id), row)

    def _look_again(self) -> None:
        """Somebody else was faster: read what is shown, so that the next OK knows of it."""
        self.queue.refresh()
        if self._shown_id is not None:
            self._read(self._shown_id)

    def _hold(self, row: TicketRow) -> None:
        def call(dialog: HoldDialog) -> Callable[[int, int], Changes]:
            reason, note = dialog.reason, dialog.note()
            return lambda version, at: tickets.hold(
                self.context.database,
                self.context.actor,
                row.id,
                reason,
                note=note,
                version=version,
                at=at,
            )

        done = msg("{number} rests.", number=row.number)
        self._run(HoldDialog(self.context, self), row, call, done)

    def _restore(self, row: TicketRow) -> None:
        def call(dialog: RestoreDialog) -> Callable[[int, int], Changes]:
            repair = tickets.Repair(*dialog.answers())
            return lambda version, at: tickets.restore(
                self.context.database, self.context.actor, row.id, repair, version=version, at=at
            )

        done = msg("{tag} is back in service; the outlet is asked to confirm.", tag=row.tag)
        self._run(RestoreDialog(self.context, self, _CAUSES), row, call, done)

    def _grade(self, row: TicketRow) -> None:
        def call(dialog: GradeDialog) -> Callable[[int, int], Changes]:
            grade, impact, reason = dialog.answers()
            return lambda version, at: tickets.set_grade(
                self.context.database,
                self.context.actor,
                row.id,
                grade,
                reason,
                impact=impact,
                version=version,
                at=at,
            )

        done = msg("The grade of {number} is changed.", number=row.number)
        self._run(GradeDialog(self.context, self, row.grade, row.impact), row, call, done)

    def _with_reason(
        self,
        row: TicketRow,
        title: Term,
        label: Term | Message,
        call: Callable[[str, int, int], Changes],
        success: Message,
    ) -> None:
        """Ask for one text; ``call`` gets it with the version and the instant."""

        def read(dialog: ReasonDialog) -> Callable[[int, int], Changes]:
            return partial(call, dialog.text())

        self._run(ReasonDialog(self.context, self, title, label), row, read, success)

    def _send_back(self, row: TicketRow) -> None:
        context = self.context
        self._with_reason(
            row,
            Term("do_ticket_send_back"),
            msg("What is still wrong?"),
            lambda reason, version, at: tickets.send_back(
                context.database, context.actor, row.id, reason, version=version, at=at
            ),
            msg("Ticket {number} goes back to the workshop.", number=row.number),
        )

    def _note(self, row: TicketRow) -> None:
        context = self.context
        self._with_reason(
            row,
            Term("do_ticket_note"),
            Term("note"),
            lambda text, _version, at: tickets.add_note(
                context.database, context.actor, row.id, text, at=at
            ),
            msg("The note is added to {number}.", number=row.number),
        )

    def _cancel(self, row: TicketRow) -> None:
        context = self.context
        self._with_reason(
            row,
            Term("do_ticket_cancel"),
            Term("reason"),
            lambda reason, version, at: tickets.cancel(
                context.database, context.actor, row.id, reason, version=version, at=at
            ),
            msg("Ticket {number} is cancelled.", number=row.number),
        )

    def _propose_exemption(self, row: TicketRow) -> None:
        context = self.context
        self._with_reason(
            row,
            Term("do_ticket_propose_exemption"),
            Term("exempt_reason"),
            lambda reason, version, at: exemptions.propose(
                context.database, context.actor, row.id, reason, version=version, at=at
            ),
            msg("The exemption of {number} waits for approval.", number=row.number),
        )

    def _refuse_exemption(self, row: TicketRow) -> None:
        context = self.context
        self._with_reason(
            row,
            Term("do_ticket_refuse_exemption"),
            Term("reason"),
            lambda reason, version, at: exemptions.refuse(
                context.database, context.actor, row.id, reason, version=version, at=at
            ),
            msg("The exemption of {number} is refused.", number=row.number),
        )

    def _why_current(self) -> None:
        if self.view.details is not None:
            self._why(self.view.details.row)

    def _why(self, row: TicketRow) -> None:
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
