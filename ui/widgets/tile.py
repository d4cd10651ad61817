"""A large button of two lines: what it is, and under it, smaller, what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from ui.icons import icon
from ui.theme import Size, Space, Tone
from ui.widgets.naming import named

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.context import Context

__all__ = ["Tile"]

_ICON = 20
_KEY = 18


class Tile(QPushButton):
    """Shows an icon or the key that presses it at the left, and its two lines beside it.

    It asks for the width of its lines, but for no more than ``widest``; they are elided then.
    """

    def __init__(
        self,
        context: Context,
        first: str,
        second: str,
        *,
        name: str,
        icon_name: str = "",
        key: str = "",
        tone: Tone = Tone.ACCENT,
        second_tone: Tone = Tone.MUTED,
        widest: int | None = None,
    ) -> None:
        super().__init__()
        named(self, name)
        self.setProperty("role", "tile")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{first} {second}".strip())
        self._context, self._first, self._second = context, first, second
        self._icon, self._key = icon_name, key
        self._tone, self._second_tone = tone, second_tone
        self._widest = widest
        context.theme.changed.connect(self.update)

    @property
    def lines(self) -> tuple[str, str]:
        """What stands on it."""
        return self._first, self._second

    def _fonts(self) -> tuple[QFont, QFont]:
        lower = QFont(self._context.theme.font)
        lower.setPointSizeF(Size.CAPTION)
        return self._context.theme.font, lower

    def _text_left(self) -> int:
        return Space.M + (_ICON if self._icon else _KEY if self._key else 0) + Space.S

    def sizeHint(self) -> QSize:
        upper, lower = (QFontMetrics(font) for font in self._fonts())
        text = max(upper.horizontalAdvance(self._first), lower.horizontalAdvance(self._second))
        width = self._text_left() + text + Space.M
        return QSize(min(width, self._widest or width), Size.TOUCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        theme = self._context.theme
        left, room = self._text_left(), self.width() - self._text_left() - Space.S
        fonts = self._fonts()
        heights = [QFontMetrics(font).height() for font in fonts]
        top = (self.height() - sum(heights)) // 2
        if self._icon:
            place = QRect(Space.M, (self.height() - _ICON) // 2, _ICON, _ICON)
            icon(theme, self._icon, self._tone).paint(painter, place)
        elif self._key:
            self._paint_key(painter, QRect(Space.M, top + (heights[0] - _KEY) // 2, _KEY, _KEY))
        for text, font, height, tone in zip(
            self.lines, fonts, heights, (Tone.PLAIN, self._second_tone), strict=True
        ):
            painter.setFont(font)
            painter.setPen(theme.colour(tone))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(left, top, room, height), side, shown)
            top += height

    def _paint_key(self, painter: QStylePainter, place: QRect) -> None:
        theme = self._context.theme
        painter.setRenderHint(QStylePainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.soft(Tone.ACCENT))
        painter.drawRoundedRect(place, 4, 4)
        font = QFont(theme.font)
        font.setPointSizeF(Size.CAPTION)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme.colour(Tone.ACCENT))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._key)
