"""A layout that fills rows from the left and breaks where the width ends (tiles, chips)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from ui.theme import Space

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FlowLayout", "flow_widget"]


class FlowLayout(QLayout):
    """Rows of items as wide as they ask for, or in ``column`` as wide as each other.

    The height follows from the width.  Columns are as many as fit at ``column`` pixels, or at what
    the widest item asks for, and share the whole width.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        spacing: int = Space.S,
        between: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._between = spacing if between is None else between
        self._column = column
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Remove and delete every widget of the layout."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, row_height = rect.x(), rect.y(), 0
        shown = [item for item in self._items if not item.isEmpty()]
        wide = self._shared_width(rect.width(), shown)
        for item in shown:
            size = item.sizeHint()
            if wide is not None:
                size.setWidth(wide)
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, row_height = rect.x(), y + row_height + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._between
            row_height = max(row_height, size.height())
        return y + row_height - rect.y()

    def _shared_width(self, width: int, items: Sequence[QLayoutItem]) -> int | None:
        if self._column is None or not items:
            return None
        least = max(self._column, *(item.sizeHint().width() for item in items))
        columns = max(1, (width + self._between) // (least + self._between))
        return (width - (columns - 1) * self._between) // columns


def flow_widget(
    *, spacing: int = Space.S, between: int | None = None, column: int | None = None
) -> tuple[QWidget, FlowLayout]:
    """Return a widget laid out by a :class:`FlowLayout`, and the layout.

    ``spacing`` parts the rows, ``between`` the items of a row (the same, unless given); ``column``
    makes columns of that width or more.
    """
    widget = QWidget()
    # Not Minimum: the height of the narrowest flow would be kept, however wide it is.
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)
    return widget, FlowLayout(widget, spacing=spacing, between=between, column=column)
