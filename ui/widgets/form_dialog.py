"""A small form that is asked before something is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term
from ui.theme import Space

if TYPE_CHECKING:
    from ui.context import Context
    from ui.texts import Text

__all__ = ["FormDialog"]


class FormDialog(QDialog):
    """A titled form with OK and Cancel; OK stays off until all that is needed is there."""

    def __init__(self, context: Context, parent: QWidget | None, title: Text, name: str) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName(name)
        self.setMinimumWidth(440)
        self.setWindowTitle(context.texts.say(title))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._layout.setSpacing(Space.L)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(Space.L)
        self.form.setVerticalSpacing(Space.M)
        self._layout.addLayout(self.form)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.accept_button = self.buttons.button(kinds.Ok)
        self.accept_button.setObjectName(f"{name}_ok")
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setText(context.texts.say(title))
        self.buttons.button(kinds.Cancel).setText(context.texts.say(Term("ui_cancel")))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._layout.addWidget(self.buttons)

    def row(self, label: Text, field: QWidget) -> None:
        """Add a field under its label."""
        words = QLabel(self.context.texts.say(label))
        words.setBuddy(field)
        field.setAccessibleName(self.context.texts.say(label))
        if isinstance(field, QComboBox) and (inner := field.lineEdit()) is not None:
            inner.setAccessibleName(self.context.texts.say(label))
        self.form.addRow(words, field)
