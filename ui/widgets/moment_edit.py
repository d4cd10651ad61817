"""When something happened: a date and a time of the bureau, and what is usual one press away."""

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
    from zoneinfo import ZoneInfo

    from PySide6.QtWidgets import QAbstractButton

    from ui.context import Context

__all__ = ["LocalMomentEdit", "MomentEdit"]

_AGO = (0, 15, 30, 60)
"""Minutes that are one press away; none of them: now."""


class LocalMomentEdit(QDateTimeEdit):
    """A date and a time to the minute in the bureau's zone, whatever the zone of this PC."""

    def __init__(self, zone: ZoneInfo, instant: int, *, name: str) -> None:
        super().__init__()
        self._zone = zone
        named(self, name)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd HH:mm")
        # What Qt takes for UTC is shown as it is: it neither skips an hour nor repeats one.
        self.setTimeZone(QTimeZone.utc())
        self.show_instant(instant)

    def show_instant(self, instant: int) -> None:
        """Show an instant (UTC seconds); nobody is told that it changed."""
        local = to_local(instant, self._zone)
        self.blockSignals(True)
        self.setDate(QDate(local.year, local.month, local.day))
        self.setTime(QTime(local.hour, local.minute))
        self.blockSignals(False)

    def instant(self) -> int:
        """Return the instant that is shown, UTC seconds."""
        day, clock = self.date(), self.time()
        shown = date(day.year(), day.month(), day.day()), time(clock.hour(), clock.minute())
        return from_local(datetime.combine(*shown), self._zone)


class MomentEdit(QWidget):
    """Chips for what is usual, and a date and time for the rest."""

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
        self.edit = LocalMomentEdit(context.zone, context.now(), name=f"{name}_at")
        column.addWidget(self.edit)
        self._chips.buttonClicked.connect(self._ago)
        self.edit.dateTimeChanged.connect(self._typed)

    def moment(self) -> int | None:
        """Return the instant that was entered, UTC seconds to the minute; None: now."""
        checked = self._chips.checkedButton()
        if checked is not None and checked.property("minutes") == 0:
            return None
        return self.edit.instant()

    def _ago(self, made: QAbstractButton) -> None:
        self.edit.show_instant(self._context.now() - made.property("minutes") * MINUTE)

    def _typed(self) -> None:
        checked = self._chips.checkedButton()
        if checked is not None:
            self._chips.setExclusive(False)
            checked.setChecked(False)
            self._chips.setExclusive(True)
