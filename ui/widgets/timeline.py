"""A device's period as bands: scheduled, down, exempt, stopped, held, one above the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from desk_maint.domain.instants import DAY, day_start, to_local
from ui.formats import moment
from ui.theme import Space, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.context import Context

__all__ = ["Band", "Piece", "Timeline"]

LONGEST_WITH_DAYS = 400
"""Days up to which the axis names days; beyond, months."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch ``[start, end)`` in UTC seconds; ``key`` says what a click on it opens."""

    start: int
    end: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the picture."""

    title: str
    tone: Tone
    pieces: tuple[Piece, ...]
    hatched: bool = False


class Timeline(QWidget):
    """Bands over a common axis of days; a click on a piece names its key."""

    chosen = Signal(str)
    ROW = 30

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self._bands: list[Band] = []
        self._start, self._end = 0, DAY
        self.setMouseTracking(True)
        context.theme.changed.connect(self.update)

    def show_bands(self, start: int, end: int, bands: Sequence[Band]) -> None:
        """Show these bands from ``start`` to ``end``."""
        self._start, self._end, self._bands = start, max(end, start + 1), list(bands)
        self.setFixedHeight(self.ROW * len(self._bands) + 30)
        self.setAccessibleDescription(
            "; ".join(f"{band.title}: {len(band.pieces)}" for band in self._bands)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, self.ROW * max(len(self._bands), 1) + 30)

    @property
    def _left(self) -> float:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(b.title) for b in self._bands), default=0) + Space.M

    def _x(self, instant: int) -> float:
        room = self.width() - self._left - Space.M
        return self._left + room * (instant - self._start) / (self._end - self._start)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, colours = self._context.theme, self._context.theme.colours
        bottom = self.ROW * len(self._bands)
        self._paint_axis(painter, bottom)
        for row, band in enumerate(self._bands):
            y = row * self.ROW
            painter.setPen(QColor(colours.text))
            painter.drawText(
                QRectF(0, y, self._left - Space.S, self.ROW),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                band.title,
            )
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(QPointF(self._left, y + self.ROW), QPointF(self.width(), y + self.ROW))
            colour = theme.colour(band.tone)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            if band.hatched:
                brush = painter.brush()
                brush.setStyle(Qt.BrushStyle.BDiagPattern)
                painter.setBrush(brush)
            for piece in band.pieces:
                x = self._x(max(piece.start, self._start))
                width = max(self._x(min(piece.end, self._end)) - x, 2)
                painter.drawRect(QRectF(x, y + 8, width, self.ROW - 16))

    def _paint_axis(self, painter: QPainter, bottom: float) -> None:
        zone, colours = self._context.zone, self._context.theme.colours
        days = max(1, (self._end - self._start) // DAY)
        every = max(1, round(days * 60 / max(self.width() - self._left, 60)))
        date = to_local(self._start, zone).date()
        number = 0
        while (instant := day_start(date, zone)) < self._end:
            if instant >= self._start and number % every == 0:
                x = self._x(instant)
                painter.setPen(QPen(QColor(colours.border), 1))
                painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
                painter.setPen(QColor(colours.muted))
                label = f"{date:%m-%d}" if days <= LONGEST_WITH_DAYS else f"{date:%Y-%m}"
                painter.drawText(QRectF(x, bottom + 4, 70, 20), label)
            number += 1
            date += timedelta(days=1)

    def _piece_at(self, x: float, y: float) -> tuple[Band, Piece] | None:
        row = int(y // self.ROW)
        if not 0 <= row < len(self._bands):
            return None
        for piece in self._bands[row].pieces:
            left = self._x(max(piece.start, self._start))
            if left - 1 <= x <= max(self._x(min(piece.end, self._end)), left + 2) + 1:
                return self._bands[row], piece
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._piece_at(event.position().x(), event.position().y())
        if found is not None and found[1].key:
            self.chosen.emit(found[1].key)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._piece_at(event.pos().x(), event.pos().y())
            if found is not None:
                band, piece = found
                texts = self._context.texts
                span = f"{moment(texts, piece.start)} – {moment(texts, piece.end)}"
                QToolTip.showText(event.globalPos(), f"{band.title}\n{span}\n{piece.key}".strip())
            return True
        return super().event(event)  # type: ignore[arg-type]
