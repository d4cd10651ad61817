"""A small table of ready rows, sorted by ready-made keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTableView

from ui.widgets.table import make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.context import Context
    from ui.texts import Text
    from ui.theme import Tone

__all__ = ["Field", "RowsModel", "rows_table", "widen_names"]

Index = QModelIndex | QPersistentModelIndex


_ROWS_MEASURED = 200
_TITLE_EDGES, _ARROW = 18, 16
"""Pixels beside the title of a column, and those of the arrow that tells the order."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its title, what is shown, and the number or text it sorts by."""

    title: Text
    show: Callable[[Any], str]
    key: Callable[[Any], Any] | None = None
    right: bool = False
    tone: Callable[[Any], Tone | None] | None = None
    tip: Callable[[Any], str] | None = None
    """What is told where the mouse rests, if more than is shown."""
    elastic: bool = False
    """It takes what room is left and is cut where there is none; the tool tip has all of it."""
    rare: bool = False
    """It is not shown while all rows say the same there."""


class RowsModel(QAbstractTableModel):
    """Rows that are all here (some thousands at most)."""

    def __init__(self, context: Context, fields: Sequence[Field], parent: Any = None) -> None:
        super().__init__(parent)
        self._context = context
        self.fields = list(fields)
        self.rows: list[Any] = []
        self._order: tuple[int, Qt.SortOrder] | None = None
        context.texts.changed.connect(self._again)

    def show_fields(self, fields: Sequence[Field], rows: Sequence[Any]) -> None:
        """Show these rows in other columns, in the order given."""
        self.beginResetModel()
        self.fields, self.rows = list(fields), list(rows)
        self._order = None
        self.endResetModel()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows, in the order chosen before."""
        self.beginResetModel()
        self.rows = list(rows)
        self._sort()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        field, row = self.fields[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and field.tip is not None:
            return field.tip(row)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return field.show(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(field)
        if role == Qt.ItemDataRole.ForegroundRole and field.tone is not None:
            tone = field.tone(row)
            return None if tone is None else self._context.theme.colour(tone)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        field = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._context.texts.say(field.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(field)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column < 0:
            return
        self._order = (column, order)
        self.beginResetModel()
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        if self._order is None:
            return
        column, order = self._order
        key = self.fields[column].key or self.fields[column].show
        self.rows.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)

    def _again(self) -> None:
        self.beginResetModel()
        self.endResetModel()


def _side(field: Field) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if field.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def rows_table(context: Context, model: RowsModel, title: Text, *, name: str) -> QTableView:
    """Return a table over ``model`` that is sorted by its headers."""
    table = make_table(context, model, title, name=name)
    table.setWordWrap(True)
    head = table.horizontalHeader()
    # Nothing is cut; what room is left goes to the last column, whose figures stand at the right.
    head.setResizeContentsPrecision(_ROWS_MEASURED)
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setStretchLastSection(True)
    for number, field in enumerate(model.fields):
        if field.elastic:
            _WideColumn(table, number, whole=False)
    head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    return table


def widen_names(table: QTableView) -> None:
    """Let the first column take what room is left, so that figures stand close together."""
    _WideColumn(table, 0, whole=True)


class _WideColumn(QObject):
    """Gives one column the room that the others leave: ``whole``, or at least its title."""

    def __init__(self, table: QTableView, column: int, *, whole: bool) -> None:
        super().__init__(table)
        self._table, self._column, self._whole = table, column, whole
        head = table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.model().modelReset.connect(self._fit)
        table.viewport().installEventFilter(self)

    def _fit(self) -> None:
        head = self._table.horizontalHeader()
        for column in range(head.count()):
            if column != self._column:
                head.resizeSection(column, self._needed(column))
        self._fill()

    def _needed(self, column: int) -> int:
        return max(self._of_title(column), self._table.sizeHintForColumn(column) + 1)

    def _of_title(self, column: int) -> int:
        """Return the width of a title: Qt measures one of two lines as if it were one."""
        head, model = self._table.horizontalHeader(), self._table.model()
        font = head.font()
        font.setBold(True)
        title = model.headerData(column, Qt.Orientation.Horizontal)
        widest = max(map(QFontMetrics(font).horizontalAdvance, title.split("\n")))
        arrow = _ARROW if head.sortIndicatorSection() == column else 0
        return widest + _TITLE_EDGES + arrow

    def _fill(self) -> None:
        head, own = self._table.horizontalHeader(), self._column
        if head.count():
            others = head.length() - head.sectionSize(own)
            room = self._table.viewport().width() - others
            least = self._needed(own) if self._whole else self._of_title(own)
            head.resizeSection(own, max(least, room))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fill()
        return super().eventFilter(watched, event)
