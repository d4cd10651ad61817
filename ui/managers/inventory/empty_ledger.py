"""Where no device is shown: why, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desk_maint.domain.messages import msg
from ui.theme import Space
from ui.widgets.basics import EmptyState, button

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["EmptyLedger"]

_NONE_YET = msg("There is no device yet. Bring in your ledger, or add the first device.")
_NONE_FITS = msg("No device fits what is asked for.")


class EmptyLedger(EmptyState):
    """A ledger without devices, or one in which none fits the filters."""

    add_asked = Signal()
    import_asked = Signal()
    clear_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context, "mdi6.archive-search-outline", _NONE_FITS, name="ledger_empty")
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._import = button(
            context, msg("Import…"), self.import_asked.emit, name="empty_import", role="primary"
        )
        self._add = button(context, msg("Add a device"), self.add_asked.emit, name="empty_add")
        self._clear = button(context, msg("Clear all"), self.clear_asked.emit, name="empty_clear")
        row.addStretch(1)
        for each in (self._import, self._add, self._clear):
            row.addWidget(each)
        row.addStretch(1)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertLayout(column.count() - 1, row)

    def say_why(self, *, filtered: bool) -> None:
        """Say whether the filters leave none, or there is none at all."""
        text = _NONE_FITS if filtered else _NONE_YET
        self._context.texts.bind(self.text, self.text.setText, text)
        self._import.setVisible(not filtered)
        self._add.setVisible(not filtered)
        self._clear.setVisible(filtered)
