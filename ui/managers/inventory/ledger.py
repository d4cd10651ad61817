"""The ledger: devices in pages, filtered and sorted in SQL, with the columns one wants to see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.outlets import Zone
from desk_maint.language.fields import field_key
from desk_maint.services import device_lists
from desk_maint.services.device_lists import DeviceFilter
from ui.formats import day
from ui.icons import icon
from ui.operations import ask
from ui.paged_model import Column, PagedModel
from ui.theme import Space, Tone
from ui.widgets.basics import EmptyState, button, chip
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.device_lists import DeviceRow
    from desk_maint.services.paging import Page
    from ui.context import Context

__all__ = ["Ledger"]

_FILTER_AFTER_MS = 150
_HIDDEN = "inventory_hidden_columns"
_AT_FIRST_HIDDEN = ("model", "serial_number", "retired_on", "warranty_until", "custodian")
_WIDTHS = {"tag": 142, "name": 120, "category": 112, "outlet_name": 130, "position": 120}


class Ledger(QWidget):
    """Filters above, devices below; more than one can be chosen."""

    chosen = Signal(object)
    """The :class:`DeviceRow` in hand, or None."""
    selection_changed = Signal(int)
    """How many devices are chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("ledger")
        self._outlet_id: int | None = None
        self._asked = DeviceFilter()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(self._make_filters())
        self.model = PagedModel(context, self._columns(), self._fetch, self)
        self.model.loaded.connect(self._loaded)
        self.table = self._make_table()
        self._empty = EmptyState(
            context,
            "mdi6.archive-search-outline",
            msg("No device fits. Clear the search, choose another outlet, or add one."),
            name="ledger_empty",
        )
        self._layers = QStackedLayout()
        self._layers.addWidget(self.table)
        self._layers.addWidget(self._empty)
        layout.addLayout(self._layers, 1)
        self._later = QTimer(self, singleShot=True, interval=_FILTER_AFTER_MS)
        self._later.timeout.connect(self.refresh)
        self._keep: int | None = None
        context.texts.changed.connect(self._fill_choices)

    def _make_filters(self) -> QHBoxLayout:
        texts = self.context.texts
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.search = named(QLineEdit(), "ledger_search")
        self.search.setClearButtonEnabled(True)
        texts.bind(self.search, self.search.setPlaceholderText, msg("Tag, name, place, model…"))
        texts.bind(self.search, self.search.setAccessibleName, Term("ui_search"))
        self.search.textChanged.connect(lambda _text: self._later.start())
        row.addWidget(self.search, 1)
        self.category = named(QComboBox(), "ledger_category")
        self.category.setMinimumContentsLength(7)
        texts.bind(self.category, self.category.setAccessibleName, Term("equipment_category"))
        self.category.activated.connect(lambda _index: self.refresh())
        row.addWidget(self.category)
        self.zone = named(QComboBox(), "ledger_zone")
        texts.bind(self.zone, self.zone.setAccessibleName, Term("outlet_zone"))
        self.zone.activated.connect(lambda _index: self.refresh())
        row.addWidget(self.zone)
        self._fill_choices()
        self.in_use = chip(self.context, word(DeviceState.IN_USE), name="ledger_in_use")
        self.faulty = chip(self.context, msg("With a fault"), name="ledger_faulty")
        for made in (self.in_use, self.faulty):
            made.clicked.connect(self.refresh)
            row.addWidget(made)
        self.columns_button = button(
            self.context, msg("Columns"), self._offer_columns, name="ledger_columns", role="quiet"
        )
        row.addWidget(self.columns_button)
        return row

    def _fill_choices(self) -> None:
        say = self.context.texts.say
        for box, everything, members in (
            (self.category, msg("All categories"), Category),
            (self.zone, msg("All zones"), Zone),
        ):
            kept = box.currentData()
            box.clear()
            box.addItem(say(everything), None)
            for each in members:
                box.addItem(say(word(each)), each)
            box.setCurrentIndex(max(box.findData(kept), 0))

    def _columns(self) -> Sequence[Column]:
        texts = self.context.texts

        def label(field: str) -> Term:
            return Term(field_key("device", field))

        return (
            Column("tag", label("tag"), lambda row: row.tag, "tag", roles=self._fault_roles),
            Column("name", label("name"), lambda row: row.name or "", "name"),
            Column(
                "category",
                label("category"),
                lambda row: texts.say(word(row.category)),
                "category",
            ),
            Column("outlet_name", Term("outlet"), lambda row: row.outlet_name, "outlet_code"),
            Column("position", label("position"), lambda row: row.position or "", "position"),
            Column("state", label("state"), lambda row: texts.say(word(row.state)), "state"),
            Column(
                "commissioned_on",
                label("commissioned_on"),
                lambda row: day(texts, row.commissioned_on),
                "commissioned_on",
            ),
            Column("model", label("model"), lambda row: row.model or "", "model"),
            Column(
                "serial_number",
                label("serial_number"),
                lambda row: row.serial_number or "",
                "serial_number",
            ),
            Column(
                "retired_on",
                label("retired_on"),
                lambda row: day(texts, row.retired_on),
                "retired_on",
            ),
            Column(
                "warranty_until",
                label("warranty_until"),
                lambda row: day(texts, row.warranty_until),
                "warranty_until",
            ),
            Column("custodian", label("custodian"), lambda row: row.custodian or "", "custodian"),
        )

    def _fault_roles(self, row: DeviceRow, role: int) -> object:
        if row.open_fault is None:
            return None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.context.theme.colour(Tone.DANGER)
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(self.context.theme, "mdi6.alert-circle-outline", Tone.DANGER)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.open_fault
        return None

    def _make_table(self) -> QTableView:
        table = named(QTableView(), "ledger_table")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        hidden = self._hidden()
        for index, column in enumerate(self.model.columns):
            table.setColumnWidth(index, _WIDTHS.get(column.key, 100))
            table.setColumnHidden(index, column.key in hidden)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        self.context.texts.bind(table, table.setAccessibleName, msg("Ledger of devices"))
        table.selectionModel().selectionChanged.connect(self._selected)
        return table

    def _hidden(self) -> set[str]:
        try:
            return set(json.loads(self.context.preferences.note(_HIDDEN)))
        except ValueError:
            return set(_AT_FIRST_HIDDEN)

    def _offer_columns(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("ledger_columns_menu")
        for index, column in enumerate(self.model.columns[1:], start=1):
            action = menu.addAction(self.context.texts.say(column.title))
            action.setCheckable(True)
            action.setChecked(not self.table.isColumnHidden(index))
            action.toggled.connect(lambda shown, key=column.key: self.show_column(key, shown=shown))
        menu.exec(self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft()))

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide a column, here and at the next start."""
        index = [column.key for column in self.model.columns].index(key)
        self.table.setColumnHidden(index, not shown)
        hidden = [
            column.key
            for number, column in enumerate(self.model.columns)
            if self.table.isColumnHidden(number)
        ]
        self.context.preferences.set_note(_HIDDEN, json.dumps(hidden))

    def use_outlet(self, outlet_id: int | None) -> None:
        """Show the devices of a unit and of those below it; None: of all."""
        self._outlet_id = outlet_id
        self.refresh()

    def wanted(self) -> DeviceFilter:
        """Return what the filters ask for."""
        category = self.category.currentData()
        return DeviceFilter(
            outlet_id=self._outlet_id,
            zone=self.zone.currentData(),
            categories=frozenset({category} if category else ()),
            states=frozenset({DeviceState.IN_USE} if self.in_use.isChecked() else ()),
            faulty=True if self.faulty.isChecked() else None,
            text=self.search.text(),
        )

    def refresh(self) -> None:
        """Read the ledger again; the device in hand stays in hand."""
        rows = self.rows()
        self._keep = rows[0].id if rows else self._keep
        self._asked = self.wanted()
        self.model.refresh()

    def _fetch(
        self,
        offset: int,
        limit: int,
        sort: str | None,
        descending: bool,  # noqa: FBT001
    ) -> Page[DeviceRow]:
        return device_lists.list_devices(
            self.context.database,
            self.context.actor,
            self._asked,
            sort=sort,
            descending=descending,
            offset=offset,
            limit=limit,
        )

    def _loaded(self) -> None:
        there = self.model.rowCount() > 0
        self._layers.setCurrentWidget(self.table if there else self._empty)
        if not there:
            self.chosen.emit(None)
            return
        if self.table.selectionModel().hasSelection():
            return
        number = 0
        for each in range(min(self.model.rowCount(), 200)):
            row = self.model.row(each)
            if row is not None and row.id == self._keep:
                number = each
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        self.table.selectionModel().setCurrentIndex(self.model.index(number, 0), flags)

    def _ranges(self) -> list[tuple[int, int]]:
        chosen = self.table.selectionModel().selection()
        parts = [chosen.at(number) for number in range(chosen.count())]
        return sorted({(part.top(), part.bottom()) for part in parts})

    def count(self) -> int:
        """Return how many devices are chosen, whether they have been read or not."""
        return sum(bottom - top + 1 for top, bottom in self._ranges())

    def with_chosen(self, call: Callable[[Sequence[DeviceRow]], object]) -> None:
        """Call ``call`` with all chosen devices; those not looked at yet are read first."""
        rows = self.rows()
        if len(rows) == self.count():
            call(rows)
        else:
            self._read(self._ranges(), call)

    def with_shown(self, call: Callable[[Sequence[DeviceRow]], object]) -> None:
        """Call ``call`` with the whole list as it is shown."""
        self._read([(0, self.model.rowCount() - 1)], call)

    def _read(
        self, ranges: Sequence[tuple[int, int]], call: Callable[[Sequence[DeviceRow]], object]
    ) -> None:
        head, columns = self.table.horizontalHeader(), self.model.columns
        section = head.sortIndicatorSection()
        sort = columns[section].sort if 0 <= section < len(columns) else None
        descending = head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder

        def read() -> list[DeviceRow]:
            return [
                row
                for top, bottom in ranges
                for row in self._fetch(top, bottom - top + 1, sort, descending).rows
            ]

        ask(self, self.context, read, call, title=msg("Reading the devices…"))

    def rows(self) -> list[DeviceRow]:
        """Return the devices that are chosen and have been read."""
        chosen = [self.model.row(index) for index in self.table.selectionModel().selectedRows()]
        return [row for row in chosen if row is not None]

    def _selected(self) -> None:
        rows = self.rows()
        self.selection_changed.emit(self.count())
        if len(rows) == 1 == self.count():
            self._keep = rows[0].id
            self.chosen.emit(rows[0])
