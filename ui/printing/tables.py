"""A table of the window on paper: its title, the header on every page, a foot that says whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from desk_maint.domain.errors import Cancelled
from desk_maint.domain.messages import msg
from ui.printing.paper import painting
from ui.theme import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import QPagedPaintDevice, QPainter

    from ui.context import Context

__all__ = ["PrintedTable", "print_table"]

_TITLE_POINTS = 15.0
_LINE_HEIGHT = 1.6
"""Of a row, in heights of its text."""
_MEASURED = 500
"""Rows that the widths of the columns are found by."""
_INK, _FAINT = QColor("#17211C"), QColor("#52605A")
_SHADE, _HAIRLINE = QColor("#EEF2F0"), QColor("#CBD5CF")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What goes to paper, ready to be written down."""

    title: str
    note: str
    """Beside the title: what the list was narrowed by, and how many rows it has."""
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_foot: str
    """Whose list it is."""
    middle_foot: str
    """As of when."""


def print_table(
    context: Context,
    table: PrintedTable,
    paper: QPagedPaintDevice,
    *,
    progress: Callable[[int, int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Print the rows as they are shown.

    May be called on any thread; raises :class:`Cancelled` once ``cancelled`` says so.
    """
    sheet = _Sheet(context, table, paper)
    pages = list(sheet.pages())
    with painting(paper) as painter:
        for number, (first, last) in enumerate(pages, start=1):
            if cancelled is not None and cancelled():
                raise Cancelled
            if number > 1:
                paper.newPage()
            sheet.paint(painter, first, last, number, len(pages))
            if progress is not None:
                progress(number, len(pages))


class _Sheet:
    """Knows the sizes of everything on a page, in dots of the printer."""

    def __init__(self, context: Context, table: PrintedTable, paper: QPagedPaintDevice) -> None:
        self._context = context
        self._table = table
        self._device = paper
        self._body = self._font(context, Size.CAPTION)
        self._bold = self._font(context, Size.CAPTION, bold=True)
        self._title = self._font(context, _TITLE_POINTS, bold=True)
        self._small = self._font(context, Size.CAPTION - 1)
        # The area inside the margins; the painter counts from its corner.
        area = paper.pageLayout().paintRectPixels(paper.logicalDpiX())
        self._width, self._height = float(area.width()), float(area.height())
        metrics = self._metrics(self._body)
        self._row = metrics.height() * _LINE_HEIGHT
        self._pad = metrics.averageCharWidth()
        self._top = self._metrics(self._title).height() * _LINE_HEIGHT
        self._foot = self._metrics(self._small).height() * 2
        self._columns = self._shares()

    @staticmethod
    def _font(context: Context, points: float, *, bold: bool = False) -> QFont:
        font = QFont(context.theme.font)
        font.setPointSizeF(points)
        font.setBold(bold)
        return font

    def _metrics(self, font: QFont) -> QFontMetricsF:
        return QFontMetricsF(font, self._device)

    def _shares(self) -> list[float]:
        """Return the widths of the columns: what they need, and an even share of what is left.

        Where the page is too narrow, the widest give way first.
        """
        bold, plain = self._metrics(self._bold), self._metrics(self._body)
        needed = [bold.horizontalAdvance(title) for title in self._table.header]
        for row in self._table.rows[:_MEASURED]:
            needed = [
                max(so_far, plain.horizontalAdvance(text))
                for so_far, text in zip(needed, row, strict=True)
            ]
        needed = [width + 2 * self._pad for width in needed]
        spare = self._width - sum(needed)
        if spare >= 0:
            return [width + spare / len(needed) for width in needed]
        room, limit = self._width, 0.0
        for place, width in enumerate(sorted(needed)):
            limit = room / (len(needed) - place)
            if width > limit:
                break
            room -= width
        return [min(width, limit) for width in needed]

    def pages(self) -> Iterator[tuple[int, int]]:
        """Yield from which row to which (not included) each page goes; there is at least one."""
        fit = max(1, int((self._height - self._row - self._foot) // self._row))
        first = max(1, int((self._height - self._top - self._row - self._foot) // self._row))
        last = min(first, len(self._table.rows))
        yield 0, last
        while last < len(self._table.rows):
            start, last = last, min(last + fit, len(self._table.rows))
            yield start, last

    def paint(self, painter: QPainter, first: int, last: int, page: int, pages: int) -> None:
        """Paint one page."""
        top = 0.0
        if first == 0:
            self._paint_title(painter)
            top = self._top
        head = QRectF(0, top, self._width, self._row)
        painter.fillRect(head, _SHADE)
        self._paint_row(painter, self._table.header, top, self._bold)
        self._paint_line(painter, top + self._row, _INK)
        for row in self._table.rows[first:last]:
            top += self._row
            self._paint_row(painter, row, top, self._body)
            self._paint_line(painter, top + self._row, _HAIRLINE)
        self._paint_foot(painter, page, pages)

    def _paint_title(self, painter: QPainter) -> None:
        metrics = self._metrics(self._title)
        area = QRectF(0, 0, self._width, metrics.height())
        painter.setPen(_INK)
        painter.setFont(self._title)
        painter.drawText(area, _LEFT, self._table.title)
        beside = metrics.horizontalAdvance(self._table.title) + 2 * self._pad
        painter.setPen(_FAINT)
        self._write(painter, area.adjusted(beside, 0, 0, 0), _RIGHT, self._table.note, self._body)

    def _paint_row(self, painter: QPainter, texts: Sequence[str], top: float, font: QFont) -> None:
        painter.setPen(_INK)
        left = 0.0
        for text, width in zip(texts, self._columns, strict=True):
            area = QRectF(left, top, width, self._row).adjusted(self._pad, 0, -self._pad / 2, 0)
            self._write(painter, area, _LEFT, text, font)
            left += width

    def _paint_foot(self, painter: QPainter, page: int, pages: int) -> None:
        area = QRectF(0, self._height - self._foot, self._width, self._foot)
        say = self._context.texts.say
        painter.setPen(_FAINT)
        for side, words in (
            (_LEFT, self._table.left_foot),
            (_CENTRE, self._table.middle_foot),
            (_RIGHT, say(msg("Page {page} of {pages}", page=page, pages=pages))),
        ):
            self._write(painter, area, side, words, self._small)

    def _write(
        self, painter: QPainter, area: QRectF, side: Qt.AlignmentFlag, text: str, font: QFont
    ) -> None:
        painter.setFont(font)
        line = " ".join(text.split())
        metrics = self._metrics(font)
        if metrics.horizontalAdvance(line) > area.width():
            line = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side, line)

    def _paint_line(self, painter: QPainter, top: float, colour: QColor) -> None:
        pen = QPen(colour)
        pen.setWidthF(self._pad / 10)
        painter.setPen(pen)
        painter.drawLine(QPointF(0, top), QPointF(self._width, top))
