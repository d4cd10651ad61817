"""The history of changes: who did what and when, and from which value to which."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import ACTION_WORDS, KIND_WORDS, action_key
from desk_maint.services import history
from desk_maint.services.history import HistoryFilter
from ui.formats import moment
from ui.managers.change_words import field_words, record_words, value_words
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.operations import ask
from ui.paged_model import Column, PagedModel
from ui.theme import Space
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from desk_maint.services.history import ChangeRow
    from desk_maint.services.paging import Page
    from ui.context import Context

__all__ = ["AuditPanel"]


class AuditPanel(QWidget):
    """Filters above, the changes below them, and what the chosen one altered."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("panel_audit")
        self._wanted = HistoryFilter()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.actor = self._filter(row, msg("Who"), "audit_actor")
        self.action = self._filter(row, msg("What was done"), "audit_action")
        self.kind = self._filter(row, msg("To what"), "audit_kind")
        row.addStretch(1)
        layout.addLayout(row)
        splitter = named(QSplitter(Qt.Orientation.Vertical), "audit_splitter")
        splitter.setChildrenCollapsible(False)
        self.model = PagedModel(context, self._columns(), self._fetch, self)
        self.table = self._make_table()
        splitter.addWidget(self.table)
        self._fields = RowsModel(context, self._field_columns(), self)
        splitter.addWidget(
            rows_table(context, self._fields, msg("What it altered"), name="audit_fields")
        )
        splitter.setSizes([360, 200])
        layout.addWidget(splitter, 1)
        self._fill_words()
        context.texts.changed.connect(self._fill_words)

    def _filter(self, row: QHBoxLayout, label: Any, name: str) -> QComboBox:
        words, box = QLabel(), named(QComboBox(), name)
        self.context.texts.bind(words, words.setText, label)
        self.context.texts.bind(box, box.setAccessibleName, label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(9)
        words.setBuddy(box)
        box.activated.connect(lambda _index: self._look_again())
        row.addWidget(words)
        row.addWidget(box)
        return box

    def _fill_words(self) -> None:
        say = self.context.texts.say
        for box, words in (
            (self.action, {key: say(Term(key_of)) for key, key_of in ACTION_WORDS.items()}),
            (self.kind, {key: say(Term(key_of)) for key, key_of in KIND_WORDS.items()}),
        ):
            chosen = box.currentData()
            box.clear()
            box.addItem(say(msg("All")), None)
            for key, text in sorted(words.items(), key=lambda item: item[1]):
                box.addItem(text, key)
            box.setCurrentIndex(max(box.findData(chosen), 0))

    def _make_table(self) -> QTableView:
        table = named(QTableView(), "audit_table")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for index, width in enumerate((150, 100, 120, 150, 260)):
            table.setColumnWidth(index, width)
        self.context.texts.bind(table, table.setAccessibleName, msg("History of changes"))
        table.selectionModel().currentRowChanged.connect(lambda *_: self._show_fields())
        return table

    def _columns(self) -> list[Column]:
        context, say = self.context, self.context.texts.say
        return [
            Column("at", Term("time"), lambda row: moment(context.texts, row.at)),
            Column("actor", msg("Who"), lambda row: row.actor),
            Column("role", Term("user_role"), lambda row: say(word(row.role))),
            Column("action", msg("What was done"), lambda row: say(Term(action_key(row.action)))),
            Column("what", msg("To what"), self._what),
            Column("reason", Term("reason"), lambda row: row.reason or ""),
        ]

    def _what(self, row: ChangeRow) -> str:
        records = dict.fromkeys(field.record or field.record_id for field in row.fields)
        return "、".join(list(records)[:3]) + ("…" if len(records) > 3 else "")  # noqa: PLR2004

    def _field_columns(self) -> list[Field]:
        texts = self.context.texts
        return [
            Field(msg("To what"), partial(record_words, texts)),
            Field(msg("Field"), partial(field_words, texts)),
            Field(msg("Value before"), lambda row: value_words(texts, row, row.old)),
            Field(msg("Value after"), lambda row: value_words(texts, row, row.new)),
        ]

    def refresh(self) -> None:
        """Read the newest changes, and who has made any."""
        context = self.context
        ask(
            self,
            context,
            lambda: history.list_actors(context.database, context.actor),
            self._fill_actors,
        )
        self._look_again()

    def _look_again(self) -> None:
        # Read here, for the query itself runs off the window's thread.
        self._wanted = HistoryFilter(
            actor=self.actor.currentData(),
            action=self.action.currentData(),
            kind=self.kind.currentData(),
        )
        self.model.refresh()

    def _fill_actors(self, names: tuple[str, ...]) -> None:
        chosen = self.actor.currentData()
        self.actor.clear()
        self.actor.addItem(self.context.texts.say(msg("All")), None)
        for name in names:
            self.actor.addItem(name, name)
        self.actor.setCurrentIndex(max(self.actor.findData(chosen), 0))

    def _fetch(self, offset: int, limit: int, _sort: str | None, _down: bool) -> Page[ChangeRow]:  # noqa: FBT001
        context = self.context
        return history.list_changes(
            context.database, context.actor, self._wanted, offset=offset, limit=limit
        )

    def _show_fields(self) -> None:
        row = self.model.row(self.table.currentIndex())
        self._fields.show_rows([] if row is None else list(row.fields))
