"""What the outlet has open: to confirm first, then by the time left, then the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.faults import TicketState
from desk_maint.domain.messages import msg
from ui.formats import moment_near
from ui.theme import Space
from ui.widgets.basics import Badge, EmptyState, button, caption, line
from ui.widgets.naming import named
from ui.widgets.time_left import TimeLeft
from ui.words import STATE_LOOKS, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["OutletBoard"]


class OutletBoard(QScrollArea):
    """The outlet's tickets; a press confirms a repair or sends it back."""

    confirmed = Signal(object)
    """A :class:`TicketRow` that works again."""
    sent_back = Signal(object, str)
    """A :class:`TicketRow` that does not, and why."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("outlet_board")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(360)
        self._rows: tuple[Sequence[TicketRow], Sequence[TicketRow]] = ((), ())
        context.texts.bind(self, self.setAccessibleName, msg("Tickets of this outlet"))
        context.texts.changed.connect(lambda: self.show_rows(*self._rows))

    def show_rows(self, current: Sequence[TicketRow], past: Sequence[TicketRow]) -> None:
        """Show the tickets that are not closed, and those of the last thirty days that are."""
        self._rows = (current, past)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.S)
        waiting = [row for row in current if row.state is TicketState.RESTORED]
        faults = [row for row in current if row.state is not TicketState.RESTORED]
        if waiting:
            self._head(layout, msg("Repaired: does it work? ({count})", count=len(waiting)))
            for row in waiting:
                layout.addWidget(self._to_confirm(row))
        self._head(layout, msg("Open faults ({count})", count=len(faults)))
        if not faults:
            layout.addWidget(
                EmptyState(
                    self.context,
                    "mdi6.check-circle-outline",
                    msg("Everything works. If something breaks, type its tag on the left."),
                    name="no_open_faults",
                )
            )
        for row in faults:
            layout.addWidget(self._open_fault(row))
        if past:
            self._head(layout, msg("Last 30 days ({count})", count=len(past)))
            for row in past[:60]:
                layout.addWidget(self._past(row))
        layout.addStretch(1)
        self.setWidget(inside)

    def _head(self, layout: QVBoxLayout, text: object) -> None:
        label = QLabel(self.context.texts.say(text))  # type: ignore[arg-type]
        label.setProperty("role", "strong")
        label.setContentsMargins(0, Space.S, 0, 0)
        layout.addWidget(label)

    def _card(self, row: TicketRow) -> tuple[QFrame, QVBoxLayout]:
        card = named(QFrame(), f"ticket_{row.number}")
        card.setProperty("role", "card")
        card.setAccessibleName(f"{row.number} {row.tag} {row.symptom or ''}")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.M)
        layout.setSpacing(Space.XS)
        head = QHBoxLayout()
        name = QLabel(f"{row.tag}　{row.symptom or self.context.texts.say(word(row.impact))}")
        name.setProperty("role", "strong")
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head.addWidget(name, 1)
        state = Badge(self.context)
        icon, tone = STATE_LOOKS[row.state]
        state.show_state(word(row.state), icon, tone)
        head.addWidget(state)
        layout.addLayout(head)
        return card, layout

    def _particulars(self, row: TicketRow) -> QLabel:
        now = self.context.now()
        parts = [row.number, moment_near(self.context.texts, row.reported_at, now), row.technician]
        label = caption(self.context)
        label.setText("　".join(part for part in parts if part))
        return label

    def _open_fault(self, row: TicketRow) -> QFrame:
        card, layout = self._card(row)
        layout.addWidget(self._particulars(row))
        clock = TimeLeft(self.context)
        clock.show_clock(
            row.repair_due_at, row.reported_at, self.context.now(), held=row.clock_stopped
        )
        layout.addWidget(clock)
        return card

    def _to_confirm(self, row: TicketRow) -> QFrame:
        card, layout = self._card(row)
        layout.addWidget(self._particulars(row))
        buttons = QHBoxLayout()
        buttons.addWidget(
            button(
                self.context,
                msg("It works"),
                lambda: self.confirmed.emit(row),
                name=f"confirm_{row.number}",
                role="primary",
            )
        )
        buttons.addWidget(
            button(
                self.context,
                msg("Still broken"),
                lambda: self._ask_why(row),
                name=f"send_back_{row.number}",
            )
        )
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return card

    def _ask_why(self, row: TicketRow) -> None:
        say = self.context.texts.say
        reason, given = QInputDialog.getText(
            self, say(msg("Still broken")), say(msg("What is still wrong with {tag}?", tag=row.tag))
        )
        if given and reason.strip():
            self.sent_back.emit(row, reason.strip())

    def _past(self, row: TicketRow) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(Space.XS, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        name = QLabel(f"{row.tag}　{row.symptom or ''}")
        head.addWidget(name, 1)
        state = Badge(self.context)
        icon, tone = STATE_LOOKS[row.state]
        state.show_state(word(row.state), icon, tone)
        head.addWidget(state)
        layout.addLayout(head)
        layout.addWidget(self._particulars(row))
        layout.addWidget(line())
        return holder
