"""A table over rows that stay in the database: fetched in pages as they come into view.

Sorting and filtering are done in SQL; the model only knows how many rows there are and which
pages it has.  200,000 tickets open in an instant and scroll without waiting.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.connections import connect_for
from ui.operations import ask
from ui.problems import show_problem
from ui.widgets.table import ROW_HEIGHT, make_table
from ui.widgets.two_lines import in_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.domain.messages import Message
    from ui.context import Context
    from ui.texts import Text

__all__ = ["Chosen", "Column", "PageOfRows", "PagedModel", "choose_place", "paged_table"]

ROWS_PER_PAGE = 200
PAGES_KEPT = 40
PAGES_IN_VIEW = 2
"""More than these are never waited for: whoever drags the bar past a page does not want it."""
Index = QModelIndex | QPersistentModelIndex


class PageOfRows(Protocol):
    """What a query gives back: some rows, and how many there are in all."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what is shown of a row, and what SQL sorts by (None: not sortable)."""

    key: str
    title: Text
    show: Callable[[Any], str]
    sort: str | None = None
    align_right: bool = False
    roles: Callable[[Any, int], object] | None = None
    """Further Qt roles of a row (icon, colour, tool tip): called with row and role."""


class PagedModel(QAbstractTableModel):
    """Rows of ``fetch(offset, limit, sort, descending)``, read in the database lane."""

    loaded = Signal()
    """The rows in view have come, or it turned out that there are none."""
    RowRole = Qt.ItemDataRole.UserRole + 1

    def __init__(
        self,
        context: Context,
        columns: Sequence[Column],
        fetch: Callable[[int, int, str | None, bool], PageOfRows],
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.columns = list(columns)
        self._fetch = fetch
        self._total = 0
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._wanted: deque[int] = deque(maxlen=PAGES_IN_VIEW)
        self._reading = False
        self._generation = 0
        self._sort: str | None = None
        self._descending = False
        context.texts.changed.connect(self._retitle)

    def refresh(self, near: int = 0) -> None:
        """Read again, the row ``near`` first; what is shown stays until the answer comes."""
        self._generation += 1
        self._wanted.clear()
        self._request(near // ROWS_PER_PAGE, reset=True)

    def place_of(self, fits: Callable[[Any], bool]) -> int | None:
        """Return where the first row stands that fits, among those that have been read."""
        for page, rows in self._pages.items():
            for number, row in enumerate(rows):
                if fits(row):
                    return page * ROWS_PER_PAGE + number
        return None

    def row(self, index: Index | int) -> Any | None:
        """Return the row behind an index, or None while it is still being read."""
        number = index if isinstance(index, int) else index.row()
        page = self._pages.get(number // ROWS_PER_PAGE)
        offset = number % ROWS_PER_PAGE
        return page[offset] if page is not None and offset < len(page) else None

    def read_at(
        self,
        ranges: Sequence[tuple[int, int]],
        call: Callable[[Sequence[Any]], object],
        title: Message,
    ) -> None:
        """Read the rows at these places, first and last, in the order shown; then call ``call``."""
        fetch, sort, descending = self._fetch, self._sort, self._descending

        def read() -> list[Any]:
            return [
                row
                for first, last in ranges
                for row in fetch(first, last - first + 1, sort, descending).rows
            ]

        ask(self, self._context, read, call, title=title)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
            return (right if column.align_right else left) | Qt.AlignmentFlag.AlignVCenter
        row = self.row(index)
        if row is not None:
            return self._of_row(row, column, role)
        if role == Qt.ItemDataRole.DisplayRole:
            self._want(index.row() // ROWS_PER_PAGE)
            return "…"
        return None

    def _of_row(self, row: Any, column: Column, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return column.show(row)
        if role == self.RowRole:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return in_one_line(column.show(row))
        more = None if column.roles is None else column.roles(row, role)
        # What does not fit into a cell is told by its tool tip.
        return column.show(row) if more is None and role == Qt.ItemDataRole.ToolTipRole else more

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._context.texts.say(self.columns[section].title)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or self.columns[column].sort is None:
            return
        self._sort = self.columns[column].sort
        self._descending = order == Qt.SortOrder.DescendingOrder
        self.refresh()

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.append(page)
        if not self._reading:
            self._read_next()

    def _read_next(self) -> None:
        while self._wanted:
            page = self._wanted.pop()
            if page not in self._pages:
                self._request(page, reset=False)
                return

    def _request(self, page: int, *, reset: bool) -> None:
        self._reading = True
        generation, sort, descending = self._generation, self._sort, self._descending
        ask(
            self,
            self._context,
            lambda: self._fetch(page * ROWS_PER_PAGE, ROWS_PER_PAGE, sort, descending),
            lambda answer: self._accept(page, answer, generation, reset=reset),
            failed=self._fail,
        )

    def _fail(self, error: Exception) -> None:
        self._reading = False
        owner = self.parent()
        window = owner.window() if isinstance(owner, QWidget) else None
        show_problem(window, self._context.texts, error)

    def _accept(self, page: int, answer: PageOfRows, generation: int, *, reset: bool) -> None:
        if generation != self._generation:
            return
        if page and answer.total <= page * ROWS_PER_PAGE:  # there are fewer than there were
            self._request(0, reset=True)
            return
        self._reading = False
        if reset or answer.total != self._total:
            self.beginResetModel()
            if reset:
                self._pages.clear()
            self._total = answer.total
            self._pages[page] = answer.rows
            self.endResetModel()
        else:
            self._pages[page] = answer.rows
            first = page * ROWS_PER_PAGE
            last = min(first + ROWS_PER_PAGE, self._total) - 1
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self._forget_old_pages(page)
        self.loaded.emit()
        self._read_next()

    def _forget_old_pages(self, newest: int) -> None:
        self._pages.move_to_end(newest)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _retitle(self) -> None:
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self._total:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self._total - 1, len(self.columns) - 1)
            )


class Chosen:
    """The rows that are chosen in a table over a :class:`PagedModel`, read or not."""

    def __init__(self, table: QTableView, model: PagedModel) -> None:
        self._table, self._model = table, model

    def _ranges(self) -> list[tuple[int, int]]:
        # Not by the indexes of the rows: 50,000 of those take seconds.
        chosen = self._table.selectionModel().selection()
        parts = [chosen.at(place) for place in range(chosen.count())]
        return sorted({(part.top(), part.bottom()) for part in parts})

    def count(self) -> int:
        """Return how many rows are chosen, whether they have been read or not."""
        return sum(last - first + 1 for first, last in self._ranges())

    def rows(self) -> list[Any]:
        """Return the chosen rows that have been read."""
        chosen = (
            self._model.row(place)
            for first, last in self._ranges()
            for place in range(first, last + 1)
        )
        return [row for row in chosen if row is not None]

    def with_all(self, call: Callable[[Sequence[Any]], object], title: Message) -> None:
        """Call ``call`` with all chosen rows; where some are not there, they are read first.

        ``title`` says what is read, if it takes long.
        """
        rows = self.rows()
        if len(rows) == self.count():
            call(rows)
        else:
            self._model.read_at(self._ranges(), call, title)


def choose_place(table: QTableView, place: int, top: int) -> None:
    """Choose a row; the list stands as it did when ``top`` was its first row in view."""
    model, flags = table.model(), QItemSelectionModel.SelectionFlag
    if 0 < top < model.rowCount():
        table.scrollTo(model.index(top, 0), QAbstractItemView.ScrollHint.PositionAtTop)
    chosen = flags.ClearAndSelect | flags.Rows
    table.selectionModel().setCurrentIndex(model.index(place, 0), chosen)


def paged_table(
    context: Context,
    model: PagedModel,
    title: Text,
    *,
    name: str,
    widths: Sequence[int],
    row_height: int = ROW_HEIGHT,
) -> QTableView:
    """Return a table over ``model``, sorted by the headers of the columns that SQL can sort.

    ``widths`` in pixels by column; a title that takes more has it, in every language.
    """
    table = make_table(context, model, title, name=name, row_height=row_height)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    head = table.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    head.setStretchLastSection(True)

    def fit() -> None:
        for index, width in enumerate(widths):
            table.setColumnWidth(index, max(width, head.sectionSizeHint(index)))

    fit()
    connect_for(table, context.texts.changed, fit)
    head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(any(column.sort for column in model.columns))
    return table
