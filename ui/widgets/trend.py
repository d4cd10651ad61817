"""A painted trend of months against its target, walked through by mouse or keys.

What it shows is told as text too (accessible description), and no meaning rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from desk_maint.domain.percent import HUNDRED_PERCENT
from ui.theme import Size, Space
from ui.widgets.charts import chart_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.context import Context

__all__ = ["Point", "Trend"]


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a trend; ``value`` in hundredths of a percent, None where not applicable."""

    label: str
    value: int | None
    text: str


class Trend(QWidget):
    """A line through the months with the target as a dashed line.

    The arrow keys walk through the months, Enter opens the one that is marked.
    """

    chosen = Signal(int)
    """Index of the month that was clicked, or opened by Enter."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setMinimumHeight(120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._points: list[Point] = []
        self._target: int | None = None
        self._target_text = ""
        self._ticks = [0, HUNDRED_PERCENT]
        self._spots: list[QPointF | None] = []
        self._marked: int | None = None
        context.theme.changed.connect(self.update)

    def show_points(self, points: Sequence[Point], target: int | None, target_text: str) -> None:
        """Show these months; ``target_text`` names the dashed line."""
        self._points, self._target, self._target_text = list(points), target, target_text
        self._marked = None
        values = [point.value for point in points if point.value is not None]
        self._ticks = _ticks([*values, *([] if target is None else [target])])
        self.setAccessibleDescription("; ".join(f"{p.label} {p.text}" for p in points))
        self._place()
        self.update()

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(chart_font(self, Size.CAPTION))
        right = metrics.horizontalAdvance(self._target_text.split("\n")[0]) + Space.M
        return QRectF(self.rect()).adjusted(48, Space.L, -max(right, 30), -Space.XL)

    def _y(self, value: int) -> float:
        area, low, high = self._area(), self._ticks[0], self._ticks[-1]
        return area.bottom() - area.height() * (value - low) / max(high - low, 1)

    def _place(self) -> None:
        area = self._area()
        step = area.width() / max(len(self._points) - 1, 1)
        self._spots = [
            None if point.value is None else QPointF(area.left() + i * step, self._y(point.value))
            for i, point in enumerate(self._points)
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, area = self._context.theme.colours, self._area()
        painter.setFont(chart_font(self, Size.CAPTION))
        for value in self._ticks:
            y = self._y(value)
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colours.muted))
            label = QRectF(0, y - 8, area.left() - Space.S, 16)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(label, side, f"{value / 100:g}")
        if self._target is not None:
            painter.setPen(QPen(QColor(colours.text), 1, Qt.PenStyle.DashLine))
            y = self._y(self._target)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            height = painter.fontMetrics().lineSpacing() * (self._target_text.count("\n") + 1)
            top = max(y - height / 2, 0)
            label = QRectF(area.right() + Space.S, top, self.width() - area.right(), height)
            painter.drawText(label, Qt.AlignmentFlag.AlignLeft, self._target_text)
        self._paint_line(painter)
        if self._marked is not None:
            self._paint_mark(painter, self._marked)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_line(self, painter: QPainter) -> None:
        colours, area = self._context.theme.colours, self._area()
        run: list[QPointF] = []
        painter.setPen(QPen(QColor(colours.accent), 2))
        for spot in [*self._spots, None]:
            if spot is not None:
                run.append(spot)
            elif run:
                painter.drawPolyline(QPolygonF(run))
                run = []
        every = 1 if len(self._points) * 52 < area.width() else 2
        step = area.width() / max(len(self._points) - 1, 1)
        last = len(self._points) - 1
        for i, (point, spot) in enumerate(zip(self._points, self._spots, strict=True)):
            if spot is not None:
                missed = self._target is not None and (point.value or 0) < self._target
                painter.setPen(QPen(QColor(colours.danger if missed else colours.accent), 2))
                painter.setBrush(QColor(colours.surface))
                if missed:  # a square, so that it is told without colour too
                    painter.drawRect(QRectF(spot.x() - 4, spot.y() - 4, 8, 8))
                else:
                    painter.drawEllipse(spot, 4, 4)
            if (last - i) % every == 0:  # the present month is always named
                painter.setPen(QColor(colours.muted))
                label = QRectF(area.left() + i * step - 30, area.bottom() + Space.XS, 60, 18)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, point.label)

    def _paint_mark(self, painter: QPainter, number: int) -> None:
        """Tell the month that is marked: its line, its name and its figure."""
        colours, area, point = self._context.theme.colours, self._area(), self._points[number]
        x = area.left() + number * area.width() / max(len(self._points) - 1, 1)
        painter.setPen(QPen(QColor(colours.muted), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        text = f"{point.label}  {point.text}"
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * Space.S
        left = min(max(x - width / 2, area.left()), area.right() - width)
        box = QRectF(left, 0, width, painter.fontMetrics().height() + Space.XS)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _mark(self, number: int | None) -> None:
        if number == self._marked:
            return
        self._marked = number
        if number is not None:
            self.setAccessibleDescription(
                f"{self._points[number].label} {self._points[number].text}"
            )
        self.update()

    def _at(self, x: float) -> int | None:
        step = self._area().width() / max(len(self._points) - 1, 1)
        index = round((x - self._area().left()) / step) if step else 0
        return index if 0 <= index < len(self._points) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._points) - 1
        here = last if self._marked is None else self._marked
        moves = {
            Qt.Key.Key_Left: max(here - 1, 0),
            Qt.Key.Key_Right: min(here + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if self._points and event.key() in moves:
            self._mark(moves[Qt.Key(event.key())])
        elif self._marked is not None and event.key() in _OPENING_KEYS:
            self.chosen.emit(self._marked)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._points and self._marked is None:
            self._mark(len(self._points) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._mark(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mark(self._at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._mark(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if index is not None:
            self.chosen.emit(index)


_OPENING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 2500)
_MOST_STEPS = 4


def _ticks(values: Sequence[int]) -> list[int]:
    """Return round rates from below the lowest value to above the highest, at most five.

    In hundredths of a percent; never above 100 %, and never further than the values need.
    """
    low, high = min(values, default=0), max(values, default=HUNDRED_PERCENT)
    if low == high:
        low = max(low - 100, 0)
    for step in _STEPS:
        first, last = low // step * step, min(-(-high // step) * step, HUNDRED_PERCENT)
        if last - first <= _MOST_STEPS * step:
            return list(range(first, last + 1, step))
    return [0, HUNDRED_PERCENT]
