"""When something happened: now, some minutes ago, or a date and a time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QTime, QTimeZone
from PySide6.QtWidgets import QButtonGroup, QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from desk_maint.domain.instants import MINUTE, from_local, to_local
from desk_maint.domain.messages import msg
from ui.theme import Space
from ui.widgets.basics import chip
from ui.widgets.naming import named

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

    from ui.context import Context

__all__ = ["MomentEdit"]

_AGO = (0, 15, 30, 60)
"""Minutes that are one press away; none of them: now."""


class MomentEdit(QWidget):
    """Chips for what is usual, and a date and time for the rest, in the bureau's zone."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        self._chips = QButtonGroup(self)
        for minutes in _AGO:
            text = msg("{count} min ago", count=minutes) if minutes else msg("Now")
            made = chip(context, text, name=f"{name}_{minutes}", checked=not minutes)
            made.setAutoDefault(False)  # Enter is the dialog's
            made.setProperty("minutes", minutes)
            self._chips.addButton(made)
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        self.edit = named(QDateTimeEdit(), f"{name}_at")
        self.edit.setCalendarPopup(True)
        self.edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        # What is shown is the bureau's time, whatever the zone of this PC: no zone plays a part.
        self.edit.setTimeZone(QTimeZone.utc())
        column.addWidget(self.edit)
        self._show(context.now())
        self._chips.buttonClicked.connect(self._ago)
        self.edit.dateTimeChanged.connect(self._typed)

    def moment(self) -> int | None:
        """Return the instant that was entered, UTC seconds to the minute; None: now."""
        checked = self._chips.checkedButton()
        if checked is not None and checked.property("minutes") == 0:
            return None
        day, clock = self.edit.date(), self.edit.time()
        shown = date(day.year(), day.month(), day.day()), time(clock.hour(), clock.minute())
        return from_local(datetime.combine(*shown), self._context.zone)

    def _ago(self, made: QAbstractButton) -> None:
        self._show(self._context.now() - made.property("minutes") * MINUTE)

    def _show(self, instant: int) -> None:
        local = to_local(instant, self._context.zone)
        self.edit.blockSignals(True)
        self.edit.setDate(QDate(local.year, local.month, local.day))
        self.edit.setTime(QTime(local.hour, local.minute))
        self.edit.blockSignals(False)

    def _typed(self) -> None:
        checked = self._chips.checkedButton()
        if checked is not None:
            self._chips.setExclusive(False)
            checked.setChecked(False)
            self._chips.setExclusive(True)

    def setFocus(self) -> None:  # type: ignore[override]
        self._chips.buttons()[0].setFocus()
