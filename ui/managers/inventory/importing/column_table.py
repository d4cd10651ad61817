"""Our columns, one a row: which of theirs each is, some of its values, or what holds for all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import sheet
from desk_maint.exchange.vocabulary import choices, understood
from ui.managers.inventory.importing.boxes import CalmBox
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_maint.exchange.columns import Column
    from desk_maint.exchange.preview import TablePreview
    from ui.context import Context

__all__ = ["ColumnTable"]

_BETWEEN_VALUES = "　·　"
_ROW_HEIGHT = 40
_SHARES = (3, 4, 4, 3)
"""How the width is shared out among the four columns."""


class ColumnTable(QTableWidget):
    """What has to be there comes first, then what was found, then the rest."""

    pointed = Signal()
    """Another of their columns was chosen somewhere."""

    def __init__(self, context: Context) -> None:
        super().__init__(0, 4)
        self._context = context
        self._keys: list[str] = []
        self._table: TablePreview | None = None
        self._built: Mapping[str, str] = {}
        self.setObjectName("import_columns")
        self.setShowGrid(False)
        self.setSelectionMode(self.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        say = context.texts.say
        titles = (
            msg("Our column"),
            msg("Your column"),
            msg("Some values"),
            msg("Or for every row"),
        )
        self.setHorizontalHeaderLabels([say(title) for title in titles])
        self.setAccessibleName(say(msg("Our column")))

    def show_columns(
        self,
        table: TablePreview,
        kind: str,
        pointed: Mapping[str, str],
        constants: Mapping[str, str],
        built: Mapping[str, str],
    ) -> None:
        """Show the columns of the sheet ``kind``.

        ``pointed``: our key to their title; ``constants``: to what holds for every row;
        ``built``: to what a profile builds it from in ways that are not pointed at.
        """
        say = self._context.texts.say
        self._table, self._built = table, built
        given = {*pointed, *constants, *built}
        ours = sorted(
            sheet(kind).columns, key=lambda column: (not column.required, column.key not in given)
        )
        self._keys = [column.key for column in ours]
        self.setRowCount(len(ours))
        for number, column in enumerate(ours):
            words = say(Term(column.title)) + (" *" if column.required else "")
            self.setItem(number, 0, QTableWidgetItem(words))
            box = named(CalmBox(), f"import_column_{column.key}")
            box.setAccessibleName(words)
            box.addItem("—", None)
            for title in table.headers:
                box.addItem(title, title)
            box.take(pointed.get(column.key))
            box.currentIndexChanged.connect(partial(self._changed, number))
            self.setCellWidget(number, 1, box)
            self.setItem(number, 2, QTableWidgetItem())
            fixed = self._fixed(column, constants.get(column.key, ""))
            fixed.setAccessibleName(f"{words} {say(msg('Or for every row'))}")
            self.setCellWidget(number, 3, fixed)
            self._show_values(number)

    def _fixed(self, column: Column, given: str) -> QWidget:
        name, known = f"import_constant_{column.key}", choices(column)
        if not known:
            return named(QLineEdit(given), name)
        box = named(CalmBox(), name)
        box.addItem("—", "")
        for each in known:
            box.addItem(self._context.texts.say(each.word), each.value)
        box.take(understood(column, given) if given else "")
        return box

    def _changed(self, number: int, _index: int) -> None:
        self._show_values(number)
        self.pointed.emit()

    def _show_values(self, number: int) -> None:
        title = self._title(number)
        if title is not None and self._table is not None:
            text = _BETWEEN_VALUES.join(self._table.samples.get(title, ()))
        else:
            text = self._built.get(self._keys[number], "")
        item = self.item(number, 2)
        if item is not None:
            item.setText(text)
            item.setToolTip(text)
        fixed = self.cellWidget(number, 3)
        if fixed is not None:
            fixed.setEnabled(title is None)

    def _title(self, number: int) -> str | None:
        box = self.cellWidget(number, 1)
        title = box.currentData() if isinstance(box, CalmBox) else None
        return title if isinstance(title, str) else None

    def mapping(self) -> dict[str, str]:
        """Return our key to their column, as it is pointed at."""
        titles = {key: self._title(number) for number, key in enumerate(self._keys)}
        return {key: title for key, title in titles.items() if title is not None}

    def constants(self) -> dict[str, str]:
        """Return our key to what holds for every row, where no column of theirs says it."""
        found = {}
        for number, key in enumerate(self._keys):
            fixed = self.cellWidget(number, 3)
            text = fixed.currentData() if isinstance(fixed, CalmBox) else None
            if isinstance(fixed, QLineEdit):
                text = fixed.text().strip()
            if text and self._title(number) is None:
                found[key] = str(text)
        return found

    def point(self, key: str, title: str | None) -> None:
        """Say that our column ``key`` is theirs called ``title``; None: none of theirs."""
        box = self.cellWidget(self._keys.index(key), 1)
        if isinstance(box, CalmBox):
            box.take(title)
