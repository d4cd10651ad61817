"""A date that may be left empty: typed, in any writing with year, month and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from desk_maint.domain.messages import msg
from ui.theme import Tone, set_tone
from ui.widgets.form_field import read_date

if TYPE_CHECKING:
    from datetime import date

    from desk_maint.domain.messages import Message
    from ui.context import Context
    from ui.texts import Text

__all__ = ["DateLine"]

_WIDTH = 124


class DateLine(QLineEdit):
    """Empty: no date.  What is no date stays, with a red frame, and changes nothing."""

    changed = Signal()
    """Another date holds, or none."""

    def __init__(self, context: Context, label: Text, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.day: date | None = None
        self.setObjectName(name)
        self.setFixedWidth(_WIDTH)
        context.texts.bind(self, self.setAccessibleName, label)
        context.texts.bind(
            self, self.setPlaceholderText, msg("e.g. {example}", example="2026-06-01")
        )
        self.textChanged.connect(lambda _text: self._read())
        # Half a date is not wrong yet.
        self.editingFinished.connect(self._judge)

    def show_day(self, day: date | None) -> None:
        """Show a date without telling that it changed."""
        self.blockSignals(True)
        self.setText("" if day is None else day.isoformat())
        self.blockSignals(False)
        self.day = day
        self._look(None)

    def _read(self) -> None:
        day, wrong = self._parsed()
        if wrong is None:
            self._look(None)
            if day != self.day:
                self.day = day
                self.changed.emit()

    def _judge(self) -> None:
        _, wrong = self._parsed()
        self._look(None if wrong is None else self._context.texts.say(wrong))

    def _parsed(self) -> tuple[date | None, Message | None]:
        text = self.text().strip()
        return read_date(text) if text else (None, None)

    def _look(self, wrong: str | None) -> None:
        set_tone(self, Tone.PLAIN if wrong is None else Tone.DANGER)
        self.setToolTip(wrong or "")
        self.setAccessibleDescription(wrong or "")
