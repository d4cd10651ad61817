"""Painted figures: a gauge against its target, bars by share.

Painted here rather than plotted: each says one thing, prints well, and costs no library at start.
Every figure is also told as text (accessible description), and no meaning rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desk_maint.domain.percent import HUNDRED_PERCENT
from ui.theme import Size, Space, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.context import Context

__all__ = ["Bar", "Bars", "Gauge", "chart_font"]

_GAUGE_TURN = 240


def chart_font(widget: QWidget, size: float, *, bold: bool = False) -> QFont:
    """Return the widget's font at another size, in points."""
    font = QFont(widget.font())
    font.setPointSizeF(size)
    font.setBold(bold)
    return font


class Gauge(QWidget):
    """A dial of a rate against its target; both in hundredths of a percent, cut by the core."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setMinimumSize(150, 118)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._value: int | None = None
        self._target = HUNDRED_PERCENT
        self._text = "—"
        self._tone = Tone.MUTED
        context.theme.changed.connect(self.update)

    def show_rate(self, value: int | None, target: int, text: str, tone: Tone) -> None:
        """Show ``value`` (None: not applicable) with its text; the mark stands at ``target``."""
        self._value, self._target, self._text, self._tone = value, target, text, tone
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(190, 132)

    def _share(self, rate: int) -> float:
        """Return how far along the dial a rate stands, 0 to 1.

        The dial begins a little below the worse of target and value: a scale from 0 would hide
        the difference between 94 and 96 percent.
        """
        shown = self._target if self._value is None else min(self._target, self._value)
        floor = max(0, min(shown - 500, 9000))
        return (rate - floor) / (HUNDRED_PERCENT - floor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._context.theme.colours
        side = min(self.width(), self.height() / 0.82) - 2 * Space.S
        circle = QRectF((self.width() - side) / 2, Space.S, side, side)
        width = max(side * 0.085, 8)
        circle.adjust(width / 2, width / 2, -width / 2, -width / 2)
        start = (180 + (_GAUGE_TURN - 180) / 2) * 16
        pen = QPen(QColor(colours.border), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(circle, int(start), int(-_GAUGE_TURN * 16))
        if self._value is not None:
            pen.setColor(self._context.theme.colour(self._tone))
            painter.setPen(pen)
            painter.drawArc(circle, int(start), int(-_GAUGE_TURN * 16 * self._share(self._value)))
        self._paint_target(painter, circle, width)
        painter.setPen(QColor(colours.text))
        painter.setFont(chart_font(self, max(Size.TITLE, side * 0.105), bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self._text)

    def _paint_target(self, painter: QPainter, circle: QRectF, width: float) -> None:
        painter.save()
        painter.translate(circle.center())
        painter.rotate(-_GAUGE_TURN / 2 + _GAUGE_TURN * self._share(self._target) - 90)
        painter.setPen(QPen(QColor(self._context.theme.colours.text), 2))
        radius = circle.width() / 2
        painter.drawLine(QPointF(radius - width * 0.9, 0), QPointF(radius + width * 0.9, 0))
        painter.restore()


@dataclass(frozen=True, slots=True)
class Bar:
    """One share: its name, its length (any unit) and what is written behind it."""

    name: str
    value: int
    text: str
    tone: Tone = Tone.ACCENT


class Bars(QWidget):
    """Horizontal bars, longest given first by the caller; each is a button."""

    chosen = Signal(int)

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._buttons: list[_BarButton] = []

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars; one that stands for nothing cannot be pressed."""
        while len(self._buttons) < len(bars):
            number = len(self._buttons)
            made = _BarButton(self._context, f"{self.objectName()}_{number + 1}")
            made.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            self._layout.addWidget(made)
            self._buttons.append(made)
        font = chart_font(self, Size.BODY)
        metrics = QFontMetricsF(font)
        names = min(max((metrics.horizontalAdvance(bar.name) for bar in bars), default=0), 150)
        texts = max((metrics.horizontalAdvance(bar.text) for bar in bars), default=0)
        longest = max((bar.value for bar in bars), default=0) or 1
        for number, made in enumerate(self._buttons):
            made.setVisible(number < len(bars))
            if number < len(bars):
                made.show_bar(bars[number], bars[number].value / longest, names, texts)


class _BarButton(QAbstractButton):
    """One bar: its name, the bar, and its figure behind it."""

    HEIGHT = 26

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar = Bar("", 0, "")
        self._share, self._names, self._texts = 0.0, 0.0, 0.0
        context.theme.changed.connect(self.update)

    def show_bar(self, bar: Bar, share: float, names: float, texts: float) -> None:
        """Show a bar; ``share`` of the longest, and the room that names and figures take."""
        self._bar, self._share, self._names, self._texts = bar, share, names, texts
        self.setEnabled(bar.value > 0)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if bar.value > 0 else Qt.CursorShape.ArrowCursor
        )
        self.setText(f"{bar.name} {bar.text}")
        self.setToolTip(self.text())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, bar, height = self._context.theme.colours, self._bar, self.HEIGHT
        painter.setFont(chart_font(self, Size.BODY))
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            painter.setPen(
                QPen(QColor(colours.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen
            )
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        left = Space.XS + self._names + Space.M
        room = max(self.width() - left - self._texts - Space.M - Space.XS, 20)
        painter.setPen(QColor(colours.text))
        name = painter.fontMetrics().elidedText(
            bar.name, Qt.TextElideMode.ElideRight, int(self._names) + 1
        )
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(Space.XS, 0, self._names + 1, height), side, name)
        length = max(room * self._share, 2)
        if bar.value:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._context.theme.colour(bar.tone))
            painter.drawRoundedRect(QRectF(left, 7, length, height - 14), 3, 3)
        painter.setPen(QColor(colours.muted))
        end = QRectF(left + length + Space.S, 0, self._texts + Space.S, height)
        painter.drawText(end, side, bar.text)
