"""What has become of a device: where it stood, its states, tickets, inspections, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import action_key
from ui.connections import connect_for
from ui.formats import day, moment
from ui.managers.change_words import field_words, record_words, value_words
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Badge, caption, line
from ui.widgets.naming import named
from ui.words import STATE_LOOKS, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.device_lists import DeviceCard
    from desk_maint.services.history import ChangeRow
    from desk_maint.services.inspections import InspectionRow
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context
    from ui.texts import Text

__all__ = ["ChangesView", "KnownDevice", "PastView"]

_WHEN_WIDTH = 124
"""The dates stand in one column, whatever the section."""
_INDENT = Space.XS + 1
"""Dates begin where the number on a ticket's button does."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """What the database knows of a device's past."""

    card: DeviceCard
    tickets: Sequence[TicketRow]
    changes: Sequence[ChangeRow]
    inspections: Sequence[InspectionRow]


class _Section(QWidget):
    """A heading and dated lines below it, or a sentence where there are none."""

    def __init__(self, context: Context, title: Text, nothing: Text, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        heading = QLabel()
        heading.setProperty("role", "strong")
        context.texts.bind(heading, heading.setText, title)
        head.addWidget(heading)
        self._more = caption(context, name=f"{name}_more")
        head.addWidget(self._more)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(line())
        self._nothing = caption(context, nothing, name=f"{name}_none")
        self._nothing.setWordWrap(True)
        column.addWidget(self._nothing)
        self._body = QVBoxLayout()
        column.addLayout(self._body)
        self._holder: QWidget | None = None
        self._grid = QGridLayout()

    def begin(self, more: str = "") -> None:
        """Empty the section; ``more`` stands beside its heading."""
        if self._holder is not None:
            self._holder.hide()
            self._body.removeWidget(self._holder)
            self._holder.deleteLater()
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnMinimumWidth(0, _WHEN_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._body.addWidget(self._holder)
        self._more.setText(more)
        self._nothing.show()

    def add(self, when: str, *what: QWidget, above: tuple[QWidget, QWidget] | None = None) -> None:
        """Add a line: when, and what was then, one thing below the other; ``above`` heads it."""
        self._nothing.hide()
        row = self._grid.rowCount()
        if above is not None:
            self._grid.setRowMinimumHeight(row, Space.XS)
            row += 1
            self._grid.addWidget(above[0], row, 0, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(above[1], row, 1)
            row += 1
        at = QLabel(when)
        at.setIndent(_INDENT)
        set_tone(at, Tone.MUTED)
        self._grid.addWidget(at, row, 0, Qt.AlignmentFlag.AlignTop)
        for place, each in enumerate(what):
            self._grid.addWidget(each, row + place, 1)


def _text(words: str, tone: Tone = Tone.PLAIN) -> QLabel:
    made = QLabel(words, wordWrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_tone(made, tone)
    return made


class PastView(QWidget):
    """Sections: where it stood, its states, its tickets, its inspections."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("device_past")
        self._context = context
        self._known: KnownDevice | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.S, 0, 0)
        column.setSpacing(Space.L)
        tickets = msg("No ticket was ever opened for it.")
        inspections = msg("It was never inspected.")
        never = msg("Nothing is known yet.")
        self._tickets = _Section(context, msg("Repair tickets"), tickets, name="past_tickets")
        self._states = _Section(context, Term("equipment_state"), never, name="past_states")
        self._places = _Section(context, Term("equipment_moves"), never, name="past_places")
        self._inspections = _Section(
            context, Term("inspection_record"), inspections, name="past_inspections"
        )
        for section in (self._tickets, self._states, self._places, self._inspections):
            column.addWidget(section)
        self.show_known(None)
        connect_for(self, context.texts.changed, lambda: self.show_known(self._known))

    def show_known(self, known: KnownDevice | None) -> None:
        """Show the past of a device; None: of none."""
        self._known = known
        texts, say = self._context.texts, self._context.texts.say
        shown = 0 if known is None else len(known.tickets)
        total = 0 if known is None else known.card.tickets
        self._tickets.begin(say(msg("the newest {count}", count=shown)) if total > shown else "")
        for section in (self._states, self._places, self._inspections):
            section.begin()
        if known is None:
            return
        for row in known.tickets:
            symptom = _text(row.symptom or "—")
            self._tickets.add(moment(texts, row.reported_at), symptom, above=self._ticket(row))
        always = say(msg("from the start"))
        for place in reversed(known.card.placements):
            since = always if place.from_on is None else day(place.from_on)
            words = " · ".join(part for part in (place.outlet_name, place.position) if part)
            self._places.add(since, _text(words))
        for state in reversed(known.card.states):
            since = always if state.from_on is None else day(state.from_on)
            self._states.add(since, _text(say(word(state.state))))
        for made in known.inspections:
            found = "、".join(part for part in (*made.failed_items, made.note) if part)
            lines = [_text(f"{say(word(made.result))} · {made.by}")]
            if found:
                lines.append(_text(found, Tone.MUTED))
            self._inspections.add(day(made.on), *lines)

    def _ticket(self, row: TicketRow) -> tuple[QWidget, QWidget]:
        number = named(QPushButton(row.number), f"past_ticket_{row.number}")
        number.setProperty("role", "figure")
        words = self._context.texts.say(msg("Open ticket {number}", number=row.number))
        number.setAccessibleName(words)
        number.setToolTip(words)
        number.clicked.connect(
            lambda _=False, number=row.number: self._context.page_asked.emit("workshop", number)
        )
        state = Badge(self._context)
        state.show_state(word(row.state), *STATE_LOOKS[row.state])
        return number, state


class ChangesView(QWidget):
    """Who changed what and when, the newest first: each value before and after."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("device_log")
        self._context = context
        self._changes: Sequence[ChangeRow] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, Space.S, 0, 0)
        self._nothing = caption(context, msg("Nobody has changed anything yet."), name="log_none")
        self._column.addWidget(self._nothing)
        self._holder: QWidget | None = None
        connect_for(self, context.texts.changed, lambda: self.show_changes(self._changes))

    def show_changes(self, changes: Sequence[ChangeRow]) -> None:
        """Show these changes."""
        self._changes = changes
        if self._holder is not None:
            self._holder.hide()
            self._column.removeWidget(self._holder)
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for change in changes:
            column.addWidget(self._change(change))
        self._column.addWidget(self._holder)
        self._nothing.setVisible(not changes)

    def _change(self, change: ChangeRow) -> QWidget:
        texts, say = self._context.texts, self._context.texts.say
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnMinimumWidth(0, _WHEN_WIDTH)
        grid.setColumnStretch(1, 1)
        when = QLabel(moment(texts, change.at))
        set_tone(when, Tone.MUTED)
        what = _text(say(Term(action_key(change.action))))
        font = what.font()
        font.setBold(True)
        what.setFont(font)
        grid.addWidget(when, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(what, 0, 1)
        grid.addWidget(_text(change.actor, Tone.MUTED), 1, 1)
        lines: list[tuple[str, str]] = []
        for row in change.fields:
            if row.field:
                old, new = value_words(texts, row, row.old), value_words(texts, row, row.new)
                lines.append((field_words(texts, row), f"{old} → {new}"))
            else:
                lines.append((field_words(texts, row), record_words(texts, row)))
        if change.field_count > len(change.fields):
            more = msg("and {count} more", count=change.field_count - len(change.fields))
            lines.append(("", say(more)))
        if change.reason:
            lines.append((say(Term("reason")), change.reason))
        for number, (title, words) in enumerate(lines, start=2):
            name = _text(title, Tone.MUTED)
            grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_text(words), number, 1)
        grid.addWidget(line(), len(lines) + 2, 0, 1, 2)
        return box
