"""A table of the window on paper: its title, the header on every page, a foot that says whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen, QTextDocument

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
    header: Sequence[str]
    """Titles of the columns, of one line or several."""
    rows: Sequence[Sequence[str]]
    left_foot: str
    """Whose list it is."""
    middle_foot: str
    """As of when."""
    note: str = ""
    """Beside the title: what the list was narrowed by, and how many rows it has."""
    lines: Sequence[str] = ()
    """Under the title, which then stands in the middle as they do."""
    right: frozenset[int] = frozenset()
    """Columns whose figures stand at the right."""
    closing: str = ""
    """Rich text behind the last row: the rules, who signs."""


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
        for number, page in enumerate(pages, start=1):
            if cancelled is not None and cancelled():
                raise Cancelled
            if number > 1:
                paper.newPage()
            sheet.paint(painter, page, number, len(pages))
            if progress is not None:
                progress(number, len(pages))


class _Type(NamedTuple):
    """A font and its sizes on this paper."""

    font: QFont
    metrics: QFontMetricsF

    @property
    def height(self) -> float:
        return self.metrics.height()

    def width(self, text: str) -> float:
        return max(map(self.metrics.horizontalAdvance, text.split("\n")))


class _Page(NamedTuple):
    first: int
    last: int
    """The row after the last one."""
    closing: int | None
    """Which page of the closing text stands behind them, if any does."""


class _Sheet:
    """Knows the sizes of everything on a page, in dots of the printer."""

    def __init__(self, context: Context, table: PrintedTable, paper: QPagedPaintDevice) -> None:
        self._context = context
        self._table = table
        self._device = paper
        self._body = self._type(Size.CAPTION)
        self._bold = self._type(Size.CAPTION, bold=True)
        self._title = self._type(_TITLE_POINTS, bold=True)
        self._small = self._type(Size.CAPTION - 1)
        # The area inside the margins; the painter counts from its corner.
        area = paper.pageLayout().paintRectPixels(paper.logicalDpiX())
        self._width, self._height = float(area.width()), float(area.height())
        self._row = self._body.height * _LINE_HEIGHT
        deepest = max((title.count("\n") for title in table.header), default=0)
        self._head = self._row + deepest * self._bold.height
        self._pad = self._body.metrics.averageCharWidth()
        self._line = self._body.height * 1.2
        self._top = self._title.height * _LINE_HEIGHT + len(table.lines) * self._line
        self._foot = self._small.height * 2
        self._columns = self._shares()
        self._closing = self._lay_out_closing()

    def _type(self, points: float, *, bold: bool = False) -> _Type:
        font = QFont(self._context.theme.font)
        font.setPointSizeF(points)
        font.setBold(bold)
        return _Type(font, QFontMetricsF(font, self._device))

    def _shares(self) -> list[float]:
        """Return the widths of the columns: what they need, and an even share of what is left.

        Where the page is too narrow, the widest give way first.
        """
        needed = [self._bold.width(title) for title in self._table.header]
        for row in self._table.rows[:_MEASURED]:
            needed = [
                max(so_far, self._body.width(text))
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

    def _lay_out_closing(self) -> QTextDocument | None:
        if not self._table.closing:
            return None
        text = QTextDocument()
        text.setDocumentMargin(0)
        text.setDefaultFont(self._body.font)
        text.documentLayout().setPaintDevice(self._device)
        text.setHtml(self._table.closing)
        text.setTextWidth(self._width - 2 * self._pad)
        return text

    def pages(self) -> Iterator[_Page]:
        """Yield what stands on each page; there is at least one."""
        count = len(self._table.rows)
        whole = self._height - self._foot
        room, first = whole - self._top, 0
        while True:
            last = min(first + max(1, int((room - self._head) // self._row)), count)
            room -= self._head + (last - first) * self._row
            if last == count:
                break
            yield _Page(first, last, None)
            first, room = last, whole
        if self._closing is None:
            yield _Page(first, last, None)
        elif self._closing.size().height() <= room - self._line:
            yield _Page(first, last, 0)
        else:
            yield _Page(first, last, None)
            # By pages, so that no line of it is cut.
            self._closing.setPageSize(QSizeF(self._width - 2 * self._pad, whole))
            for number in range(self._closing.pageCount()):
                yield _Page(count, count, number)

    def paint(self, painter: QPainter, page: _Page, number: int, pages: int) -> None:
        """Paint one page."""
        top = 0.0
        if number == 1:
            self._paint_title(painter)
            top = self._top
        if number == 1 or page.first < page.last:
            top = self._paint_rows(painter, page, top) + self._line
        if self._closing is not None and page.closing is not None:
            room = self._height - self._foot - top
            painter.save()
            painter.translate(self._pad, top - page.closing * room)
            seen = QRectF(0, page.closing * room, self._width, room)
            self._closing.drawContents(painter, seen)
            painter.restore()
        self._paint_foot(painter, number, pages)

    def _paint_title(self, painter: QPainter) -> None:
        area = QRectF(0, 0, self._width, self._title.height)
        painter.setPen(_INK)
        if self._table.lines:
            self._write(painter, area, _CENTRE, self._table.title, self._title)
            line = QRectF(0, self._title.height * 1.2, self._width, self._line)
            for text in self._table.lines:
                self._write(painter, line, _CENTRE, text, self._body)
                line.translate(0, self._line)
            return
        self._write(painter, area, _LEFT, self._table.title, self._title)
        beside = self._title.width(self._table.title) + 2 * self._pad
        painter.setPen(_FAINT)
        self._write(painter, area.adjusted(beside, 0, 0, 0), _RIGHT, self._table.note, self._body)

    def _paint_rows(self, painter: QPainter, page: _Page, top: float) -> float:
        """Paint the header and the rows of a page; return where they end."""
        painter.fillRect(QRectF(0, top, self._width, self._head), _SHADE)
        self._paint_row(painter, self._table.header, top, self._head, self._bold)
        top += self._head
        self._paint_line(painter, top, _INK)
        for row in self._table.rows[page.first : page.last]:
            line = [" ".join(text.split()) for text in row]
            self._paint_row(painter, line, top, self._row, self._body)
            top += self._row
            self._paint_line(painter, top, _HAIRLINE)
        return top

    def _paint_row(
        self, painter: QPainter, texts: Sequence[str], top: float, height: float, kind: _Type
    ) -> None:
        painter.setPen(_INK)
        left = 0.0
        for column, (text, width) in enumerate(zip(texts, self._columns, strict=True)):
            area = QRectF(left, top, width, height).adjusted(self._pad, 0, -self._pad / 2, 0)
            side = _RIGHT if column in self._table.right else _LEFT
            self._write(painter, area, side, text, kind)
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
        self, painter: QPainter, area: QRectF, side: Qt.AlignmentFlag, text: str, kind: _Type
    ) -> None:
        painter.setFont(kind.font)
        if kind.width(text) > area.width():
            elided = Qt.TextElideMode.ElideRight
            text = "\n".join(
                kind.metrics.elidedText(line, elided, area.width()) for line in text.split("\n")
            )
        painter.drawText(area, side, text)

    def _paint_line(self, painter: QPainter, top: float, colour: QColor) -> None:
        pen = QPen(colour)
        pen.setWidthF(self._pad / 10)
        painter.setPen(pen)
        painter.drawLine(QPointF(0, top), QPointF(self._width, top))
