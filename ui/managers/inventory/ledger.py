"""The ledger: devices in pages, filtered and sorted in SQL, with the columns one wants to see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QMenu,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.services import device_lists
from desk_maint.services.device_lists import DeviceFilter
from ui.formats import day, number
from ui.icons import icon
from ui.managers.inventory.empty_ledger import EmptyLedger
from ui.managers.inventory.ledger_filters import LedgerFilters
from ui.paged_model import Chosen, Column, PagedModel, choose_place, paged_table
from ui.theme import Space, Tone
from ui.widgets.basics import button, caption
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.device_lists import DeviceRow
    from desk_maint.services.paging import Page
    from ui.context import Context

__all__ = ["Ledger"]

_READING = msg("Reading the devices…")

_HIDDEN = "inventory_hidden_columns"
_AT_FIRST_HIDDEN = ("model", "serial_number", "retired_on", "warranty_until", "custodian")
_WIDTHS = {
    "tag": 150,
    "name": 112,
    "category": 108,
    "outlet_name": 122,
    "position": 100,
    "state": 72,
}


class Ledger(QWidget):
    """Filters above, devices below; more than one can be chosen."""

    chosen = Signal(object)
    """The :class:`DeviceRow` in hand, or None."""
    opened = Signal()
    """Enter or a double click: the device in hand is to be worked on."""
    selection_changed = Signal(int)
    """How many devices are chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("ledger")
        self._asked = DeviceFilter()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.filters = LedgerFilters(context)
        self.filters.changed.connect(self.refresh)
        self.columns_button = button(
            context, msg("Columns"), self._offer_columns, name="ledger_columns", role="quiet"
        )
        self.filters.put_beside_search(self.columns_button)
        layout.addWidget(self.filters)
        self.model = PagedModel(context, self._columns(), self._fetch, self)
        self.model.loaded.connect(self._loaded)
        self.table = self._make_table()
        self.selection = Chosen(self.table, self.model)
        self.empty = EmptyLedger(context)
        self.empty.clear_asked.connect(self.filters.clear)
        self._layers = QStackedLayout()
        self._layers.addWidget(self.table)
        self._layers.addWidget(self.empty)
        layout.addLayout(self._layers, 1)
        self.counted = caption(context, name="ledger_count")
        layout.addWidget(self.counted)
        self._keep: int | None = None
        self._near = self._top = 0
        context.texts.changed.connect(self._count)

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
                lambda row: day(row.commissioned_on),
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
                lambda row: day(row.retired_on),
                "retired_on",
            ),
            Column(
                "warranty_until",
                label("warranty_until"),
                lambda row: day(row.warranty_until),
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
        table = paged_table(
            self.context,
            self.model,
            msg("Ledger of devices"),
            name="ledger_table",
            widths=[_WIDTHS.get(column.key, 100) for column in self.model.columns],
        )
        hidden = self._hidden()
        for index, column in enumerate(self.model.columns):
            table.setColumnHidden(index, column.key in hidden)
        table.selectionModel().selectionChanged.connect(self._selected)
        for opened in (table.activated, table.doubleClicked):
            opened.connect(lambda _index: self.opened.emit())
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
            for place, column in enumerate(self.model.columns)
            if self.table.isColumnHidden(place)
        ]
        self.context.preferences.set_note(_HIDDEN, json.dumps(hidden))

    def _count(self) -> None:
        total = self.model.rowCount()
        shown = msg("Devices: {count}", count=number(self.context.texts, total))
        self.counted.setText(self.context.texts.say(shown) if total else "")

    def refresh(self) -> None:
        """Read the ledger again; the device in hand stays in hand."""
        rows, asked = self.selection.rows(), self.filters.wanted()
        self._keep = rows[0].id if rows else self._keep
        again, self._asked = asked == self._asked, asked
        place = self.table.currentIndex().row()
        self._near = max(place, 0) if again else 0
        self._top = self.table.rowAt(0) if again else 0
        self.model.refresh(self._near)

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
        self._layers.setCurrentWidget(self.table if there else self.empty)
        self._count()
        if not there:
            self.empty.say_why(filtered=self.filters.active)
            self.chosen.emit(None)
            return
        if self.table.selectionModel().hasSelection():
            return
        place = self.model.place_of(lambda row: row.id == self._keep)
        if place is None:
            place = min(self._near, self.model.rowCount() - 1)
        choose_place(self.table, place, self._top)

    def with_chosen(self, call: Callable[[Sequence[DeviceRow]], object]) -> None:
        """Call ``call`` with all chosen devices; those not looked at yet are read first."""
        self.selection.with_all(call, _READING)

    def with_shown(self, call: Callable[[Sequence[DeviceRow]], object]) -> None:
        """Call ``call`` with the whole list as it is shown."""
        self.model.read_at([(0, self.model.rowCount() - 1)], call, _READING)

    def _selected(self) -> None:
        count = self.selection.count()
        self.selection_changed.emit(count)
        rows = self.selection.rows() if count == 1 else []
        if rows:
            self._keep = rows[0].id
            self.chosen.emit(rows[0])
