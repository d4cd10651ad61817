"""F1: the keys of the page in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import msg
from ui.page import Key
from ui.theme import Space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.context import Context

__all__ = ["KeysDialog"]

EVERYWHERE = (
    Key("F1", msg("Show these keys")),
    Key("F5", msg("Read again")),
    Key("Alt+1", msg("Alt and a number: the page at that place")),
    Key("Tab", msg("To the next field")),
    Key("Esc", msg("Close a dialog, leave a field")),
)


class KeysDialog(QDialog):
    """Each key and what it does: those of the page, and beside them those of all pages."""

    def __init__(self, context: Context, keys: Sequence[Key], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        texts = context.texts
        texts.bind(self, self.setWindowTitle, msg("Keys of this page"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        columns = QHBoxLayout()
        columns.setSpacing(2 * Space.XL)
        for part in filter(None, (keys, EVERYWHERE)):
            columns.addLayout(self._column(context, part))
        layout.addLayout(columns)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _column(self, context: Context, keys: Sequence[Key]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for row, key in enumerate(keys):
            native = QKeySequence.SequenceFormat.NativeText
            name = QLabel(QKeySequence(key.sequence).toString(native))
            name.setProperty("role", "key")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(context.texts.say(key.does)), row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(keys), 1)
        return grid
