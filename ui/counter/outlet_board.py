"""What waits in the outlet: to confirm first, then what is open, what is due, then the past."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.faults import TicketState
from desk_maint.domain.messages import Term, msg
from ui.connections import connect_for
from ui.formats import day, moment_near
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Badge, EmptyState, button, caption, line
from ui.widgets.naming import named
from ui.widgets.time_left import TimeLeft
from ui.words import STATE_LOOKS, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.inspections import DueInspection
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["OutletBoard"]

_PAST_SHOWN = 20
"""Of the tickets that are done with; the others are a press away."""


class OutletBoard(QScrollArea):
    """The outlet's tickets and what is to be inspected; each answered by a press."""

    confirmed = Signal(object)
    """A :class:`TicketRow` that works again."""
    sent_back = Signal(object)
    """A :class:`TicketRow` that does not."""
    passed = Signal(object)
    """A :class:`DueInspection` that found all well."""
    failed = Signal(object)
    """A :class:`DueInspection` that found something."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("outlet_board")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(360)
        self._rows: tuple[Sequence[TicketRow], Sequence[TicketRow]] = ((), ())
        self._due: Sequence[DueInspection] = ()
        self._all_past = False
        context.texts.bind(self, self.setAccessibleName, msg("Tickets of this outlet"))
        connect_for(self, context.texts.changed, lambda: self.show_rows(*self._rows, self._due))

    def show_rows(
        self,
        current: Sequence[TicketRow],
        past: Sequence[TicketRow],
        due: Sequence[DueInspection] = (),
    ) -> None:
        """Show the tickets that are not closed, those of thirty days that are, and what is due."""
        self._rows, self._due = (current, past), due
        place = self.verticalScrollBar().value()
        focused = QApplication.focusWidget()
        held = focused.objectName() if focused and self.isAncestorOf(focused) else ""
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.S)
        self._add_current(layout, current)
        if due:
            self._head(layout, msg("To be inspected today ({count})", count=len(due)))
            for inspection in due:
                layout.addWidget(self._to_inspect(inspection))
        if past:
            self._add_past(layout, past)
        layout.addStretch(1)
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
        if held and (same := inside.findChild(QWidget, held)):
            same.setFocus()

    def _add_current(self, layout: QVBoxLayout, current: Sequence[TicketRow]) -> None:
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

    def _add_past(self, layout: QVBoxLayout, past: Sequence[TicketRow]) -> None:
        self._head(layout, msg("Last 30 days ({count})", count=len(past)))
        shown = past if self._all_past else past[:_PAST_SHOWN]
        for row in shown:
            layout.addWidget(self._past(row))
        if hidden := len(past) - len(shown):
            layout.addWidget(
                button(
                    self.context,
                    msg("Show {count} more", count=hidden),
                    self._show_all_past,
                    name="past_all",
                    role="quiet",
                )
            )

    def _show_all_past(self) -> None:
        self._all_past = True
        self.show_rows(*self._rows, self._due)

    def newest(self, row: TicketRow) -> TicketRow:
        """Return a ticket as it was read last."""
        return next((each for each in self._rows[0] if each.id == row.id), row)

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
        layout.addLayout(self._name_and_state(row, role="strong"))
        return card, layout

    def _name_and_state(self, row: TicketRow, *, role: str = "") -> QHBoxLayout:
        head = QHBoxLayout()
        said = row.symptom or self.context.texts.say(word(row.impact))
        name = QLabel(f"{row.tag}　{said}", wordWrap=True)
        name.setProperty("role", role)
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head.addWidget(name, 1)
        state = Badge(self.context)
        icon, tone = STATE_LOOKS[row.state]
        state.show_state(word(row.state), icon, tone)
        head.addWidget(state)
        return head

    def _particulars(self, row: TicketRow) -> QLabel:
        now = self.context.now()
        parts = [row.number, moment_near(self.context.texts, row.reported_at, now), row.technician]
        label = caption(self.context)
        label.setWordWrap(True)
        label.setText("　".join(part for part in parts if part))
        return label

    def _open_fault(self, row: TicketRow) -> QFrame:
        card, layout = self._card(row)
        layout.addWidget(self._particulars(row))
        clock = TimeLeft(self.context)
        clock.show_clock(row, row.repair_due_at, self.context.now())
        layout.addWidget(clock)
        return card

    def _to_confirm(self, row: TicketRow) -> QFrame:
        card, layout = self._card(row)
        layout.addWidget(self._particulars(row))
        buttons = QHBoxLayout()
        for text, signal, key, role in (
            (msg("It works"), self.confirmed, "confirm", "primary"),
            (msg("Still broken"), self.sent_back, "send_back", ""),
        ):
            made = button(
                self.context,
                text,
                partial(signal.emit, row),
                name=f"{key}_{row.number}",
                role=role,
            )
            made.setAccessibleName(f"{row.number} {self.context.texts.say(text)}")
            buttons.addWidget(made)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return card

    def _to_inspect(self, due: DueInspection) -> QFrame:
        say = self.context.texts.say
        card = named(QFrame(), f"inspect_{due.tag}")
        card.setProperty("role", "card")
        card.setToolTip("\n".join(due.items))
        name = due.position or due.name or say(word(due.category))
        card.setAccessibleName(f"{say(msg('To be inspected'))} {due.tag} {name}")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.M)
        layout.setSpacing(Space.XS)
        head = QLabel(f"{due.tag}　{name}")
        head.setProperty("role", "strong")
        layout.addWidget(head)
        when = caption(self.context)
        when.setWordWrap(True)
        last = day(due.last_on)
        dates = msg("due {day}, last {last}", day=day(due.due_on), last=last)
        when.setText(f"{due.plan}　{say(dates)}")
        if due.overdue_days:
            set_tone(when, Tone.WARNING)
        layout.addWidget(when)
        if due.items:
            items = caption(self.context)
            items.setWordWrap(True)
            items.setText("　".join(f"□ {item}" for item in due.items))
            layout.addWidget(items)
        buttons = QHBoxLayout()
        for result, signal, key in (
            (Term("result_pass"), self.passed, "pass"),
            (msg("Failed…"), self.failed, "fail"),
        ):
            made = button(
                self.context,
                result,
                partial(signal.emit, due),
                name=f"{key}_{due.tag}",
            )
            made.setAccessibleName(f"{due.tag} {say(result)}")
            buttons.addWidget(made)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return card

    def _past(self, row: TicketRow) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(Space.XS, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._name_and_state(row))
        layout.addWidget(self._particulars(row))
        layout.addWidget(line())
        return holder
