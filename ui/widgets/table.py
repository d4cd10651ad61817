"""What all tables of the window have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from ui.widgets.naming import named

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from ui.context import Context
    from ui.texts import Text

__all__ = ["ROW_HEIGHT", "make_table"]

ROW_HEIGHT = 32
"""Pixels of a row of one line."""


def make_table(
    context: Context,
    model: QAbstractItemModel,
    title: Text,
    *,
    name: str,
    row_height: int = ROW_HEIGHT,
) -> QTableView:
    """Return a table of whole rows without a grid; ``title`` is what screen readers call it."""
    table = named(QTableView(), name)
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    # A header shows no selection here; of 50,000 chosen rows it would ask after each, a second.
    head.setSelectionModel(QItemSelectionModel(model, head))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    context.texts.bind(table, table.setAccessibleName, title)
    return table
