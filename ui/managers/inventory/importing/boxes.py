"""The choices of the assistant: boxes that stand in lists which are scrolled with the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QWidget

    from ui.context import Context
    from ui.texts import Text

__all__ = ["CalmBox", "labelled", "make_box"]


class CalmBox(QComboBox):
    """A choice that the wheel does not change unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def take(self, value: object) -> None:
        """Choose what stands for ``value``; the first where nothing does."""
        self.setCurrentIndex(max(self.findData(value), 0))


def make_box(
    context: Context,
    row: QHBoxLayout,
    words: Text,
    name: str,
    call: Callable[[], object],
    *,
    length: int = 12,
) -> CalmBox:
    """Return a choice with its label, added to a row; ``length`` is in characters."""
    box = named(CalmBox(), name)
    box.setMinimumContentsLength(length)
    box.activated.connect(lambda _index: call())
    labelled(context, row, words, box)
    return box


def labelled(context: Context, row: QHBoxLayout, words: Text, field: QWidget) -> None:
    """Add a field to a row, its label before it."""
    label = QLabel()
    context.texts.bind(label, label.setText, words)
    context.texts.bind(field, field.setAccessibleName, words)
    label.setBuddy(field)
    row.addWidget(label)
    row.addWidget(field)
