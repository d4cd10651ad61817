"""A year of a service calendar: twelve months, each day by its kind, edited by clicking."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.theme import Size, Space, Tone
from ui.widgets.basics import caption
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QPointF

    from ui.context import Context
    from ui.texts import Text
    from ui.theme import Theme

__all__ = ["DayMark", "YearLegend", "YearView"]

_MOST_ACROSS, _LEAST_ACROSS = 4, 1
"""Months in a row: as many as there is room for."""
_LEAST_CELL = QSize(18, 21)
_LEAST_MONTH = 7 * _LEAST_CELL.width() + Space.L
_SIGN = 7.0
"""Points of the sign below a day's number."""
_ROUND = 3
_WEEKS = 6


@dataclass(frozen=True, slots=True)
class DayMark:
    """How a day is marked: its tone and one letter, so that colour is never alone."""

    tone: Tone = Tone.PLAIN
    letter: str = ""
    tip: str = ""
    closed: bool = False
    """Nobody serves that day: it is grey."""
    today: bool = False


def _paint_mark(
    painter: QPainter, theme: Theme, mark: DayMark, cell: QRectF, lines: Sequence[str]
) -> None:
    """Paint what a day is, and its number and sign under each other."""
    if mark.closed or mark.tone is not Tone.PLAIN:
        painter.setPen(Qt.PenStyle.NoPen)
        surface = theme.soft(mark.tone)
        if mark.tone is Tone.PLAIN:
            surface = QColor(theme.colours.border)
            surface.setAlpha(120)
        painter.setBrush(surface)
        painter.drawRoundedRect(cell, _ROUND, _ROUND)
    if mark.today:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.colours.text), 1.5))
        painter.drawRoundedRect(cell.adjusted(0.75, 0.75, -0.75, -0.75), _ROUND, _ROUND)
    tone = Tone.MUTED if mark.closed and mark.tone is Tone.PLAIN else mark.tone
    painter.setPen(theme.colour(tone))
    high = cell.height() / len(lines)
    for number, text in enumerate(lines):
        if number:
            small = QFont(painter.font())
            small.setPointSizeF(_SIGN)
            painter.setFont(small)
        line = QRectF(cell.left(), cell.top() + number * high, cell.width(), high)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


class YearView(QWidget):
    """Twelve small months; arrows move the chosen day, Return or a click asks to change it."""

    day_chosen = Signal(object)
    """The :class:`datetime.date` to change."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._year = 2026
        self._marks: Mapping[date, DayMark] = {}
        self._cells: dict[date, QRectF] = {}
        self._chosen = date(2026, 1, 1)
        self._bold, self._small = QFont(self.font()), QFont(self.font())
        self._bold.setBold(True)
        self._small.setPointSizeF(Size.CAPTION)
        self._across = _MOST_ACROSS
        self.setMinimumWidth(_LEAST_ACROSS * _LEAST_MONTH - Space.L)
        self._fit()
        context.theme.changed.connect(self.update)
        context.texts.changed.connect(self.update)

    @property
    def _heading(self) -> int:
        """Height of a month's name and of the weekdays below it."""
        return 2 * (self.fontMetrics().height() + 1)

    def _fit(self) -> None:
        """Put as many months into a row as there is room for."""
        room = (self.width() + Space.L) // _LEAST_MONTH
        self._across = max(_LEAST_ACROSS, min(room, _MOST_ACROSS))
        high = self._heading + _WEEKS * _LEAST_CELL.height() + Space.M
        self.setMinimumHeight(12 // self._across * high - Space.M)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def show_year(self, year: int, marks: Mapping[date, DayMark]) -> None:
        """Show ``year`` with these marks; days without one are ordinary."""
        if year != self._year:
            today = next((day for day, mark in marks.items() if mark.today), None)
            self._chosen = today or date(year, 1, 1)
        self._year, self._marks = year, marks
        self._describe()
        self.update()

    def mark_of(self, day: date) -> DayMark:
        """Return how a day is marked."""
        return self._marks.get(day, DayMark())

    def choose(self, day: date) -> None:
        """Put the frame on a day of the year that is shown."""
        self._chosen = day
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Tell the chosen day to who cannot see it."""
        self.setAccessibleDescription(self.mark_of(self._chosen).tip or self._chosen.isoformat())

    def sizeHint(self) -> QSize:
        return QSize(920, 520)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._cells.clear()
        across = (self.width() + Space.L) / self._across
        down = (self.height() + Space.M) / (12 / self._across)
        for month in range(1, 13):
            row, column = divmod(month - 1, self._across)
            area = QRectF(column * across, row * down, across - Space.L, down - Space.M)
            self._paint_month(painter, month, area)

    def _paint_month(self, painter: QPainter, month: int, area: QRectF) -> None:
        theme, locale = self._context.theme, self._context.texts.locale
        line = self._heading / 2
        painter.setFont(self._bold)
        painter.setPen(QColor(theme.colours.text))
        name = locale.standaloneMonthName(month)
        painter.drawText(QRectF(area.left() + 4, area.top(), area.width(), line), name)
        painter.setFont(self._small)
        width, height = area.width() / 7, (area.height() - self._heading) / _WEEKS
        painter.setPen(QColor(theme.colours.muted))
        for weekday in range(7):
            name = locale.dayName(weekday + 1, locale.FormatType.NarrowFormat)
            cell = QRectF(area.left() + weekday * width, area.top() + line, width, line)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, name)
        weeks = calendar.Calendar().monthdatescalendar(self._year, month)
        for number, week in enumerate(weeks):
            for weekday, day in enumerate(week):
                if day.month == month:
                    cell = QRectF(
                        area.left() + weekday * width,
                        area.top() + self._heading + number * height,
                        width,
                        height,
                    ).adjusted(1, 1, -1, -1)
                    self._cells[day] = cell
                    self._paint_day(painter, day, cell)

    def _paint_day(self, painter: QPainter, day: date, cell: QRectF) -> None:
        theme, mark = self._context.theme, self.mark_of(day)
        painter.setFont(self._small)
        lines = (str(day.day), mark.letter) if mark.letter else (str(day.day),)
        _paint_mark(painter, theme, mark, cell, lines)
        if day == self._chosen and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colours.accent), 2))
            painter.drawRoundedRect(cell, _ROUND, _ROUND)

    def _day_at(self, place: QPointF) -> date | None:
        return next((day for day, cell in self._cells.items() if cell.contains(place)), None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self._day_at(event.pos().toPointF())
            tip = "" if day is None else self.mark_of(day).tip
            if tip:
                QToolTip.showText(event.globalPos(), tip, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position())
        if day is not None:
            self.choose(day)
            self.day_chosen.emit(day)

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
                self.choose(moved)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.day_chosen.emit(self._chosen)
        else:
            super().keyPressEvent(event)


class YearLegend(QWidget):
    """What the marks of a year mean, in the same looks; it breaks where the room ends."""

    def __init__(
        self, context: Context, marks: Sequence[tuple[DayMark, Text | None, Text]]
    ) -> None:
        super().__init__()
        self.setObjectName("year_legend")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = FlowLayout(self, spacing=Space.M)
        for mark, letter, words in marks:
            layout.addWidget(_Entry(context, mark, letter, words))


class _Entry(QWidget):
    """A mark and what it means."""

    def __init__(self, context: Context, mark: DayMark, letter: Text | None, words: Text) -> None:
        super().__init__()
        self._context, self._mark, self._letter = context, mark, letter
        self._words = caption(context, words)
        self._words.setParent(self)
        context.texts.changed.connect(self.updateGeometry)
        context.theme.changed.connect(self.update)

    @property
    def _square(self) -> int:
        return self._words.sizeHint().height() + Space.XS

    def sizeHint(self) -> QSize:
        wanted = self._words.sizeHint()
        return QSize(self._square + Space.S + wanted.width(), self._square)

    def resizeEvent(self, event: object) -> None:
        left = self._square + Space.S
        self._words.setGeometry(left, 0, self.width() - left, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._words.font())
        text = self._mark.letter
        if self._letter is not None:
            text = self._context.texts.say(self._letter)
        cell = QRectF(0, 0, self._square, self._square).adjusted(1, 1, -1, -1)
        _paint_mark(painter, self._context.theme, self._mark, cell, (text,))
