"""A year of a service calendar: twelve months, each day by its kind, edited by clicking."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import Size, Space, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.context import Context

__all__ = ["DayMark", "YearView"]

MONTHS_ACROSS = 4


class DayMark:
    """How a day is marked: its tone and one letter, so that colour is never alone."""

    __slots__ = ("letter", "tip", "tone")

    def __init__(self, tone: Tone, letter: str = "", tip: str = "") -> None:
        self.tone, self.letter, self.tip = tone, letter, tip


class YearView(QWidget):
    """Twelve small months; arrows move the chosen day, Return or a click asks to change it."""

    day_chosen = Signal(object)
    """The :class:`datetime.date` to change."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(580, 420)
        self._year = 2026
        self._marks: Mapping[date, DayMark] = {}
        self._cells: dict[date, QRectF] = {}
        self._chosen = date(2026, 1, 1)
        context.theme.changed.connect(self.update)
        context.texts.changed.connect(self.update)

    def show_year(self, year: int, marks: Mapping[date, DayMark]) -> None:
        """Show ``year`` with these marks; days without one are ordinary."""
        if year != self._year:
            self._chosen = date(year, 1, 1)
        self._year, self._marks = year, marks
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(920, 520)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._cells.clear()
        across, down = self.width() / MONTHS_ACROSS, self.height() / (12 / MONTHS_ACROSS)
        for month in range(1, 13):
            row, column = divmod(month - 1, MONTHS_ACROSS)
            area = QRectF(column * across, row * down, across - Space.L, down - Space.M)
            self._paint_month(painter, month, area)

    def _paint_month(self, painter: QPainter, month: int, area: QRectF) -> None:
        theme, locale = self._context.theme, self._context.texts.locale
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.colours.text))
        painter.drawText(
            QRectF(area.left() + 4, area.top(), area.width(), 20), locale.monthName(month)
        )
        small = QFont(self.font())
        small.setPointSizeF(Size.CAPTION)
        painter.setFont(small)
        width, height = area.width() / 7, (area.height() - 40) / 6
        painter.setPen(QColor(theme.colours.muted))
        for weekday in range(7):
            name = locale.dayName(weekday + 1, locale.FormatType.NarrowFormat)
            cell = QRectF(area.left() + weekday * width, area.top() + 20, width, 18)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, name)
        weeks = calendar.Calendar().monthdatescalendar(self._year, month)
        for line, week in enumerate(weeks):
            for weekday, day in enumerate(week):
                if day.month == month:
                    cell = QRectF(
                        area.left() + weekday * width,
                        area.top() + 40 + line * height,
                        width,
                        height,
                    ).adjusted(1, 1, -1, -1)
                    self._cells[day] = cell
                    self._paint_day(painter, day, cell)

    def _paint_day(self, painter: QPainter, day: date, cell: QRectF) -> None:
        theme = self._context.theme
        mark = self._marks.get(day)
        if mark is not None and mark.tone is not Tone.PLAIN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.soft(mark.tone))
            painter.drawRoundedRect(cell, 3, 3)
        if day == self._chosen and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colours.accent), 2))
            painter.drawRoundedRect(cell, 3, 3)
        painter.setPen(theme.colour(mark.tone if mark is not None else Tone.PLAIN))
        text = f"{day.day}{mark.letter}" if mark is not None else str(day.day)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for day, cell in self._cells.items():
            if cell.contains(event.position()):
                self._chosen = day
                self.update()
                self.day_chosen.emit(day)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -7,
            Qt.Key.Key_Down: 7,
        }
        if event.key() in steps:
            ordinal = self._chosen.toordinal() + steps[Qt.Key(event.key())]
            moved = date.fromordinal(ordinal)
            if moved.year == self._year:
                self._chosen = moved
                self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.day_chosen.emit(self._chosen)
        else:
            super().keyPressEvent(event)
