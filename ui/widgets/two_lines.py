"""A cell of two lines: what the eye looks for, and under it, smaller, what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import Size, Space, Tone

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor

    from ui.theme import Theme

__all__ = ["ROW_HEIGHT", "TwoLines", "cell_width", "in_one_line"]

ROW_HEIGHT = 46
"""Pixels of a row whose cells have two lines."""
_ICON = 16


def in_one_line(text: str) -> str:
    """Return the lines of a cell as one, for screen readers and tool tips."""
    return ", ".join(line for line in text.split("\n") if line)


class TwoLines(QStyledItemDelegate):
    """Paints the text of a cell up to a line break large, and what follows small and muted.

    Icon and colour of the first line are those of the model.
    """

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        icon = index.data(Qt.ItemDataRole.DecorationRole) is not None
        text = str(index.data() or "")
        return QSize(cell_width(self._theme, text, icon=icon), ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        filled = QStyleOptionViewItem(option)
        self.initStyleOption(filled, index)
        first, _, second = str(index.data() or "").partition("\n")
        icon = QIcon(filled.icon)
        filled.text, filled.icon = "", QIcon()
        style = filled.widget.style()
        # The ground of the cell and of the selection as everywhere; the lines are painted here.
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, filled, painter, filled.widget)
        area = QRect(option.rect).adjusted(Space.S, Space.XS, -Space.XS, -Space.XS)
        upper, lower = _fonts(self._theme)
        heights = QFontMetrics(upper).height(), QFontMetrics(lower).height() if second else 0
        top = area.top() + (area.height() - sum(heights)) // 2
        left = area.left()
        painter.save()
        if not icon.isNull():
            middle = top + (heights[0] - _ICON) // 2
            icon.paint(painter, QRect(left, middle, _ICON, _ICON))
            left += _ICON + Space.S - 2
        colour = index.data(Qt.ItemDataRole.ForegroundRole) or self._theme.colour(Tone.PLAIN)
        _line(painter, QRect(left, top, area.right() - left, heights[0]), first, upper, colour)
        if second:
            small = QRect(left, top + heights[0], area.right() - left, heights[1])
            _line(painter, small, second, lower, self._theme.colour(Tone.MUTED))
        painter.restore()


def cell_width(theme: Theme, text: str, *, icon: bool = False) -> int:
    """Return the pixels that a cell needs to show both its lines whole."""
    first, _, second = text.partition("\n")
    upper, lower = (QFontMetrics(font) for font in _fonts(theme))
    lines = max(upper.horizontalAdvance(first), lower.horizontalAdvance(second))
    return lines + Space.S + Space.XS + (_ICON + Space.S - 2 if icon else 0) + 2


def _fonts(theme: Theme) -> tuple[QFont, QFont]:
    lower = QFont(theme.font)
    lower.setPointSizeF(Size.CAPTION)
    return theme.font, lower


def _line(painter: QPainter, area: QRect, text: str, font: QFont, colour: QColor) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
