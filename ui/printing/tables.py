"""A table of the window on paper: its title, the shown columns, the header on every page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtPrintSupport import QPrinter

    from ui.context import Context

__all__ = ["print_table"]


def print_table(
    context: Context,
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    printer: QPrinter,
) -> None:
    """Print the rows as they are shown."""
    document = QTextDocument()
    document.setDefaultFont(context.theme.font)
    head = "".join(f"<th align='left'>{escape(text)}</th>" for text in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    document.setHtml(
        f"<h2>{escape(title)}</h2><table width='100%' border='1' cellspacing='0' cellpadding='3'>"
        f"<thead><tr>{head}</tr></thead>{body}</table>"
    )
    document.print_(printer)
