"""A4 paper: of the printer that is asked for, or of a PDF file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.messages import msg
from desk_maint.exchange.writing import put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QPagedPaintDevice

__all__ = ["a4_printer", "painting", "pdf_paper"]

_MARGIN = 5.0
"""Millimetres; a text document adds two centimetres of its own."""


def a4_printer(*, landscape: bool = False, margin: float = _MARGIN) -> QPrinter:
    """Return the default printer with A4 paper; ``margin`` is in millimetres."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageLayout(_a4(landscape=landscape, margin=margin))
    return printer


@contextmanager
def pdf_paper(
    path: Path, *, landscape: bool = False, margin: float = _MARGIN
) -> Iterator[QPdfWriter]:
    """Give A4 paper; what was put on it is the PDF file at ``path`` once the block ends.

    The file is whole or as it was before, see :func:`put_in_place`.  No printer has a part in it:
    to look for one takes long where the printers' network is down.
    """
    with put_in_place(path) as partial:
        content = QBuffer()
        content.open(QIODevice.OpenModeFlag.WriteOnly)
        paper = QPdfWriter(content)
        paper.setPageLayout(_a4(landscape=landscape, margin=margin))
        yield paper
        partial.write_bytes(content.data().data())


@contextmanager
def painting(paper: QPagedPaintDevice) -> Iterator[QPainter]:
    """Give a painter on ``paper``; a printer gets nothing of it if the block is not ended.

    Raises :class:`EnvironmentProblem` where the printer takes nothing.
    """
    painter = QPainter()
    if not painter.begin(paper):
        raise EnvironmentProblem(
            msg("The printer takes no pages. See whether it is switched on and connected.")
        )
    try:
        yield painter
    except BaseException:
        if isinstance(paper, QPrinter):
            paper.abort()
        raise
    finally:
        painter.end()


def _a4(*, landscape: bool, margin: float) -> QPageLayout:
    orientation = QPageLayout.Orientation
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        orientation.Landscape if landscape else orientation.Portrait,
        QMarginsF(margin, margin, margin, margin),
        QPageLayout.Unit.Millimeter,
    )
