"""The history of changes: who did what and when, and from which value to which."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.instants import day_start
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import ACTION_WORDS, KIND_WORDS, action_key, kind_key
from desk_maint.services import history
from desk_maint.services.history import HistoryFilter
from ui.connections import connect_for
from ui.formats import moment
from ui.icons import icon
from ui.managers.change_words import field_words, name_words, record_words, value_words
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.operations import ask
from ui.paged_model import Column, PagedModel, paged_table
from ui.theme import Space
from ui.widgets.basics import EmptyState, caption
from ui.widgets.date_line import DateLine
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QLayout

    from desk_maint.services.history import ChangeRow
    from desk_maint.services.paging import Page
    from ui.context import Context
    from ui.texts import Text

__all__ = ["AuditPanel"]

_NAMED = 3
"""So many records and kinds are named in a line."""


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
        layout.addWidget(self._make_filters())
        splitter = named(QSplitter(Qt.Orientation.Vertical), "audit_splitter")
        splitter.setChildrenCollapsible(False)
        self.model = PagedModel(context, self._columns(), self._fetch, self)
        self.model.loaded.connect(self._show_found)
        self.table = self._make_table()
        self._found = QStackedWidget()
        self._found.addWidget(self.table)
        self._nothing = EmptyState(
            context,
            "mdi6.text-box-search-outline",
            msg("No change fits. Take a filter away."),
            name="audit_empty",
        )
        self._found.addWidget(self._nothing)
        splitter.addWidget(self._found)
        self._fields = RowsModel(context, self._field_columns(), self)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        altered = rows_table(context, self._fields, msg("What it altered"), name="audit_fields")
        altered.setSortingEnabled(False)
        column.addWidget(altered, 1)
        self._more = caption(context, name="audit_more")
        self._more.hide()
        column.addWidget(self._more)
        splitter.addWidget(below)
        splitter.setSizes([340, 240])
        layout.addWidget(splitter, 1)
        self._fill_words()
        context.texts.changed.connect(self._fill_words)

    def _make_filters(self) -> QWidget:
        context = self.context
        bar, row = flow_widget(spacing=Space.S)
        self.actor = self._filter(row, msg("Who"), "audit_actor")
        self.action = self._filter(row, msg("What was done"), "audit_action")
        self.kind = self._filter(row, msg("To what"), "audit_kind")
        self.first = DateLine(context, Term("time_from"), name="audit_from")
        self.last = DateLine(context, Term("time_to"), name="audit_to")
        for label, line in ((msg("From"), self.first), (msg("To"), self.last)):
            line.changed.connect(self._look_again)
            row.addWidget(self._labelled(label, line))
        row.addWidget(self._make_clear())
        return bar

    def _make_clear(self) -> QToolButton:
        context = self.context
        clear = named(QToolButton(), "audit_clear")
        clear.setProperty("role", "quiet")
        for setter in (clear.setToolTip, clear.setAccessibleName):
            context.texts.bind(clear, setter, msg("All changes"))

        def paint() -> None:
            clear.setIcon(icon(context.theme, "mdi6.filter-off-outline"))

        paint()
        connect_for(clear, context.theme.changed, paint)
        clear.clicked.connect(lambda _checked=False: self._clear())
        return clear

    def _labelled(self, label: Text, field: QWidget) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        words = QLabel()
        self.context.texts.bind(words, words.setText, label)
        words.setBuddy(field)
        row.addWidget(words)
        row.addWidget(field)
        return both

    def _filter(self, row: QLayout, label: Text, name: str) -> QComboBox:
        box = named(QComboBox(), name)
        self.context.texts.bind(box, box.setAccessibleName, label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(9)
        box.activated.connect(lambda _index: self._look_again())
        row.addWidget(self._labelled(label, box))
        return box

    def _clear(self) -> None:
        """Take every filter away."""
        for box in (self.actor, self.action, self.kind):
            box.setCurrentIndex(0)
        for line in (self.first, self.last):
            line.show_day(None)
        self._look_again()

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
        table = paged_table(
            self.context,
            self.model,
            msg("History of changes"),
            name="audit_table",
            widths=(140, 90, 115, 145, 380),
        )
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
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
        """Return the records that were changed, by kind and name."""
        texts = self.context.texts
        names: dict[str, dict[str, None]] = {}
        for field in row.fields:
            names.setdefault(field.kind, {})[name_words(texts, field)] = None
        told = [
            f"{texts.say(Term(kind_key(kind)))} {'、'.join(list(of_kind)[:_NAMED])}".strip()
            + ("…" if len(of_kind) > _NAMED else "")
            for kind, of_kind in names.items()
        ]
        between = "; " if texts.language == "en" else "；"
        return between.join(told[:_NAMED]) + ("…" if len(told) > _NAMED else "")

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
            since=self._start_of(self.first.day),
            until=self._start_of(self.last.day, after=1),
        )
        self.model.refresh()

    def _start_of(self, day: date | None, *, after: int = 0) -> int | None:
        """Return when a date begins in the bureau's zone, or so many days after it."""
        return None if day is None else day_start(day + timedelta(days=after), self.context.zone)

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

    def _show_found(self) -> None:
        """Show the changes that fit, the newest in hand where none is yet."""
        there = self.model.rowCount() > 0
        self._found.setCurrentWidget(self.table if there else self._nothing)
        if there and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_fields()

    def _show_fields(self) -> None:
        row: ChangeRow | None = self.model.row(self.table.currentIndex())
        self._fields.show_rows([] if row is None else list(row.fields))
        more = row is not None and row.field_count > len(row.fields)
        self._more.setVisible(more)
        if row is not None and more:
            text = msg(
                "The first {shown} of {count} values.",
                shown=len(row.fields),
                count=row.field_count,
            )
            self._more.setText(self.context.texts.say(text))
