"""Labels for devices on A4 sheets: 3 across, 8 down, each with a QR code of its tag."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from ui.theme import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtPrintSupport import QPrinter

    from desk_maint.services.device_lists import DeviceRow
    from ui.context import Context

__all__ = ["LABELS_PER_SHEET", "print_labels"]

_ACROSS, _DOWN = 3, 8
LABELS_PER_SHEET = _ACROSS * _DOWN
_EDGE = 0.06
"""Of a label's height, kept free all around it."""


def print_labels(context: Context, devices: Sequence[DeviceRow], printer: QPrinter) -> None:
    """Print a label for each device."""
    painter = QPainter(printer)
    page = painter.viewport()
    width, height = page.width() / _ACROSS, page.height() / _DOWN
    for number, row in enumerate(devices):
        place = number % LABELS_PER_SHEET
        if number and not place:
            printer.newPage()
        down, across = divmod(place, _ACROSS)
        area = QRectF(across * width, down * height, width, height)
        edge = height * _EDGE
        _paint(painter, context, row, area.adjusted(edge, edge, -edge, -edge))
    painter.end()


def _paint(painter: QPainter, context: Context, row: DeviceRow, area: QRectF) -> None:
    side = min(area.height(), area.width() * 0.4)
    painter.drawImage(QRectF(area.left(), area.top(), side, side), _code(row.tag))
    text = QRectF(area.left() + side, area.top(), area.width() - side, area.height())
    text.adjust(side * 0.08, 0, 0, 0)
    lines = (
        (row.tag, Size.BODY, True),
        (row.name or "", Size.CAPTION, False),
        (f"{row.outlet_code} {row.outlet_name}", Size.CAPTION, False),
        (row.position or "", Size.CAPTION, False),
    )
    top = text.top()
    for words, size, bold in lines:
        font = QFont(context.theme.font)
        font.setPointSizeF(size)
        font.setBold(bold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(text.width()))
        line = QRectF(text.left(), top, text.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, shown)
        top += metrics.lineSpacing()


def _code(tag: str) -> QImage:
    written = BytesIO()
    segno.make(tag, micro=False, error="m").save(written, kind="png", scale=8, border=2)
    return QImage.fromData(written.getvalue())
