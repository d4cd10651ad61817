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
from ui.problems import show_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from PySide6.QtGui import QPagedPaintDevice
    from PySide6.QtWidgets import QWidget

    from ui.context import Context
    from ui.tasks import Job

    Paper = Callable[[], AbstractContextManager[QPagedPaintDevice]]

__all__ = ["a4_printer", "painting", "pdf_paper", "print_in_background"]

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
    """Give a painter on ``paper``; a printer is told to drop it all if the block is not ended.

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


def print_in_background(
    context: Context,
    owner: QWidget,
    paper: Paper,
    write: Callable[[Job, QPagedPaintDevice], None],
    path: Path | None,
) -> None:
    """Let ``write`` fill ``paper`` off the window's thread; tell of the file ``path`` at the end.

    ``paper`` is opened on that thread too: a printer that is there, or :func:`pdf_paper`.
    """

    def work(job: Job) -> None:
        with paper() as on:
            write(job, on)

    def done(_none: object) -> None:
        if path is not None:
            context.written.emit(path)

    context.tasks.start(
        owner,
        work,
        done=done,
        failed=lambda error: show_problem(owner.window(), context.texts, error),
        title=msg("Printing…"),
        free=True,
    )


def _a4(*, landscape: bool, margin: float) -> QPageLayout:
    orientation = QPageLayout.Orientation
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        orientation.Landscape if landscape else orientation.Portrait,
        QMarginsF(margin, margin, margin, margin),
        QPageLayout.Unit.Millimeter,
    )
