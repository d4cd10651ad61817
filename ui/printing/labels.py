"""Labels for devices on A4 sheets: 3 across, 8 down, each with a QR code of its tag."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage

from desk_maint.domain.errors import Cancelled
from ui.printing.paper import painting
from ui.theme import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPagedPaintDevice, QPainter

    from desk_maint.services.device_lists import DeviceRow
    from ui.context import Context

__all__ = ["LABELS_PER_SHEET", "print_labels"]

_ACROSS, _DOWN = 3, 8
LABELS_PER_SHEET = _ACROSS * _DOWN
_EDGE = 0.08
"""Of a label's height, kept free all around it."""
_CODE_WIDTH = 0.4
"""Of a label's width, for the code."""
_LINE_HEIGHT = 1.15


def print_labels(
    context: Context,
    devices: Sequence[DeviceRow],
    paper: QPagedPaintDevice,
    *,
    bureau: str = "",
    progress: Callable[[int, int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Print a label for each device; ``bureau`` stands at its foot.

    May be called on any thread; raises :class:`Cancelled` once ``cancelled`` says so.
    """
    with painting(paper) as painter:
        page = painter.viewport()
        width, height = page.width() / _ACROSS, page.height() / _DOWN
        for number, row in enumerate(devices):
            place = number % LABELS_PER_SHEET
            if cancelled is not None and cancelled():
                raise Cancelled
            if number and not place:
                paper.newPage()
            down, across = divmod(place, _ACROSS)
            area = QRectF(across * width, down * height, width, height)
            edge = height * _EDGE
            _paint(painter, context, row, bureau, area.adjusted(edge, edge, -edge, -edge))
            if progress is not None:
                progress(number + 1, len(devices))


def _paint(painter: QPainter, context: Context, row: DeviceRow, bureau: str, area: QRectF) -> None:
    side = min(area.height(), area.width() * _CODE_WIDTH)
    middle = area.center().y()
    painter.drawImage(QRectF(area.left(), middle - side / 2, side, side), _code(row.tag))
    text = area.adjusted(side * 1.06, 0, 0, 0)
    lines = [
        (words, _font(context, size, bold=bold))
        for words, size, bold in (
            (row.tag, Size.STRONG, True),
            (row.name or "", Size.CAPTION, False),
            (f"{row.outlet_code} {row.outlet_name}", Size.CAPTION, False),
            (row.position or "", Size.CAPTION, False),
            (bureau, Size.CAPTION - 2, False),
        )
        if words
    ]
    heights = [QFontMetricsF(font, painter.device()).height() * _LINE_HEIGHT for _, font in lines]
    top = middle - sum(heights) / 2
    for (words, font), height in zip(lines, heights, strict=True):
        painter.setFont(font)
        metrics = QFontMetricsF(font, painter.device())
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, text.width())
        line = QRectF(text.left(), top, text.width(), height)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        top += height


def _font(context: Context, points: float, *, bold: bool) -> QFont:
    font = QFont(context.theme.font)
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


def _code(tag: str) -> QImage:
    written = BytesIO()
    segno.make(tag, micro=False, error="m").save(written, kind="png", scale=8, border=2)
    return QImage.fromData(written.getvalue())
