"""A4 paper: the printer that is asked for, and the PDF file that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["a4_pdf", "a4_printer"]

_MARGIN = 5.0
"""Millimetres; a text document adds two centimetres of its own."""


def a4_printer(*, landscape: bool = False, margin: float = _MARGIN) -> QPrinter:
    """Return the default printer with A4 paper; ``margin`` is in millimetres."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    orientation = QPageLayout.Orientation
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            orientation.Landscape if landscape else orientation.Portrait,
            QMarginsF(margin, margin, margin, margin),
            QPageLayout.Unit.Millimeter,
        )
    )
    return printer


def a4_pdf(path: Path, *, landscape: bool = False, margin: float = _MARGIN) -> QPrinter:
    """Return a printer that writes to a PDF file."""
    printer = a4_printer(landscape=landscape, margin=margin)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer
