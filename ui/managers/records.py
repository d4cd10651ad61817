"""A list of records with a form beside it: choose one, change it, save it; or add one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term, msg
from ui.managers.rows_model import RowsModel, rows_table
from ui.operations import ask, perform
from ui.theme import Space, Tone
from ui.widgets.basics import button
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine
from ui.widgets.record_form import RecordForm
from ui.widgets.unsaved import may_leave

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ui.context import Context
    from ui.managers.rows_model import Field
    from ui.texts import Text
    from ui.widgets.record_form import FormField

__all__ = ["Records", "RecordsPanel"]


@dataclass(frozen=True)
class Records:
    """What a panel needs to know of its records; the calls run off the window's thread."""

    name: str
    title: Text
    columns: Sequence[Field]
    fields: Sequence[FormField]
    read: Callable[[], Sequence[Any]]
    values_of: Callable[[Any], Mapping[str, Any]]
    """The fields of a row."""
    add: Callable[[Mapping[str, Any]], Any] | None = None
    edit: Callable[[Any, Mapping[str, Any]], Any] | None = None
    """Called with the row as it was seen, and the fields."""
    remove: Callable[[Any], Any] | None = None
    fresh: Mapping[str, Any] | None = None
    """What the form of a new record begins with."""
    identity: Callable[[Any], Any] = lambda row: row.id
    choices: Callable[[], Mapping[str, Sequence[tuple[Any, Text | str]]]] | None = None
    """Choices that are read with the rows, by field."""
    fixed: Sequence[str] = ()
    """Fields that are chosen once, when a record is new."""
    matters: Callable[[Mapping[str, Any]], Sequence[str]] | None = None
    """Which fields matter for what the form says; None: all, always."""
    sortable: bool = True
    """Whether the headers sort; where the order says something, they do not."""
    side: int = 340
    """Least width of the form."""


_WIDTH = 960
"""Of list and form together, on a small screen."""


class RecordsPanel(QWidget):
    """The list at the left, the form at the right."""

    def __init__(self, context: Context, records: Records) -> None:
        super().__init__()
        self.context, self._records = context, records
        self.setObjectName(f"panel_{records.name}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        splitter = named(QSplitter(Qt.Orientation.Horizontal), f"{records.name}_splitter")
        splitter.setChildrenCollapsible(False)
        self.model = RowsModel(context, list(records.columns), self)
        self.table = rows_table(context, self.model, records.title, name=f"{records.name}_table")
        self.table.setSortingEnabled(records.sortable)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self.head = QHBoxLayout()
        self.head.setSpacing(Space.S)
        column.addLayout(self.head)
        column.addWidget(self.table, 1)
        splitter.addWidget(left)
        splitter.addWidget(self._make_side())
        splitter.setSizes([_WIDTH - records.side, records.side])
        splitter.setStretchFactor(0, 1)
        layout.addWidget(splitter, 1)
        self._row: Any = None
        self._adding = self._unsaved = False
        self._known: frozenset[Any] = frozenset()
        self._before: frozenset[Any] | None = None
        """What was there before a record was added; None: none was."""
        self._then: Callable[[], object] | None = None
        self._show(None)

    def _make_side(self) -> QWidget:
        records = self._records
        side = QWidget()
        side.setMinimumWidth(records.side)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(Space.M, 0, 0, 0)
        layout.setSpacing(Space.M)
        self.form = RecordForm(self.context, records.fields, name=records.name)
        self.form.edited.connect(self._tell_unsaved)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = named(QScrollArea(widgetResizable=True), f"{records.name}_form_scroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout.addWidget(scroll, 1)
        self.problem = ProblemLine(self.context, name=f"{records.name}_problem")
        layout.addWidget(self.problem)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(Space.S)
        self.save_button = button(
            self.context, Term("ui_save"), self.save, name=f"{records.name}_save", role="primary"
        )
        self.buttons.addWidget(self.save_button)
        if records.add is not None:
            self.buttons.addWidget(
                button(self.context, Term("ui_new"), self.start_new, name=f"{records.name}_new")
            )
        if records.remove is not None:
            self._remove_button = button(
                self.context, Term("ui_delete"), self._remove, name=f"{records.name}_remove"
            )
            self.buttons.addWidget(self._remove_button)
        self.buttons.addStretch(1)
        layout.addLayout(self.buttons)
        return side

    @property
    def row(self) -> Any:
        """The record in hand, or None."""
        return self._row

    def refresh(self) -> None:
        """Read the list again; a form that is being filled in keeps what was typed."""
        records = self._records

        def read() -> tuple[Sequence[Any], Mapping[str, Any]]:
            return records.read(), records.choices() if records.choices else {}

        ask(self, self.context, read, self._fill)

    def _fill(self, answer: tuple[Sequence[Any], Mapping[str, Any]]) -> None:
        rows, choices = answer
        for field, offered in choices.items():
            self.form.offer(field, offered)
        self.show_read(rows)

    def show_read(self, rows: Sequence[Any]) -> None:
        """Show these rows; what is in hand stays in hand, and so does what is typed."""
        key = self._records.identity
        kept = None if self._row is None else key(self._row)
        before, self._before = self._before, None
        self._known = frozenset(key(row) for row in rows)
        self.model.show_rows(self.visible(rows))
        for number, field in enumerate(self.model.fields):
            if field.rare:
                same = len({field.show(row) for row in rows}) <= 1
                self.table.setColumnHidden(number, same)
        found = [n for n, row in enumerate(self.model.rows) if key(row) == kept]
        if self._unsaved:
            self._choose_row(self._row)
            return
        if before is not None:
            found = [n for n, row in enumerate(self.model.rows) if key(row) not in before] or found
        if found:
            self._choose(found[0])
        elif self.model.rows and not self._adding:
            self._choose(0)
        elif not self.model.rows and self._records.add is not None:
            self.start_new()

    def visible(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return which of the rows are shown."""
        return rows

    def _choose(self, number: int) -> None:
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        index = self.model.index(number, 0)
        self.table.selectionModel().setCurrentIndex(index, flags)
        self._show(self.model.rows[number])

    def _selected(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        row, key = self.model.rows[rows[0].row()], self._records.identity
        if self._unsaved and self._row is not None and key(row) == key(self._row):
            return
        if self.may_leave(lambda: self._choose_row(row)):
            self._show(row)
        elif self._unsaved:
            self._choose_row(self._row)

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Ask about what is typed and not saved; ``then`` follows where it is saved first."""
        if self._unsaved:
            return may_leave(self, self.context.texts, save=self._save_and, then=then)
        return True

    def settle_typed(self, then: Callable[[], object]) -> bool:
        """Whether nothing typed stands in the way any more; asks as :meth:`may_leave` does."""
        if not self._unsaved:
            return True
        if not self.may_leave(then):
            return False
        self._show(self._row)
        return True

    def _save_and(self, then: Callable[[], object]) -> None:
        self._then = then
        self.save()

    def _choose_row(self, row: Any) -> None:
        """Bring the selection back to a record; None: to none, a new one is being written."""
        key = self._records.identity
        found = (
            []
            if row is None
            else [number for number, each in enumerate(self.model.rows) if key(each) == key(row)]
        )
        if not found:
            self.table.clearSelection()
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(found[0], 0)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _show(self, row: Any) -> None:
        self._row, self._adding = row, False
        self.form.show_values({} if row is None else self._records.values_of(row))
        self._unsaved = False
        may = self._records.edit is not None
        self.form.allow(editing=row is not None and may, but=self._records.fixed)
        self._limit_fields()
        self.save_button.setEnabled(row is not None and may)
        if self._records.remove is not None:
            self._remove_button.setEnabled(row is not None)
        self.problem.say_nothing()

    def start_new(self) -> None:
        """Empty the form for a new record."""
        if not self.may_leave(self.start_new):
            return
        self.table.clearSelection()
        self._row, self._adding = None, True
        self.form.show_values(self.fresh())
        self._unsaved = False
        self.form.allow(editing=True)
        self._limit_fields()
        self.save_button.setEnabled(True)
        if self._records.remove is not None:
            self._remove_button.setEnabled(False)
        self.problem.say_nothing()
        self.form.focus_first()

    def fresh(self) -> Mapping[str, Any]:
        """Return what the form of a new record begins with."""
        return self._records.fresh or {}

    def _tell_unsaved(self) -> None:
        self._unsaved = True
        self._limit_fields()

    def _limit_fields(self) -> None:
        """Show what matters for what the form says."""
        if self._records.matters is not None:
            self.form.show_only(self._records.matters(self.form.current()))

    def save(self) -> None:
        """Save what the form says; a refusal keeps it and says why."""
        values = self.form.values()
        if values is None or not self.save_button.isEnabled():
            self._then = None
            return
        records, row = self._records, self._row
        call: Callable[[], Any]
        if self._adding and records.add is not None:
            call = partial(records.add, values)
            self._before = self._known
        elif row is not None and records.edit is not None:
            call = partial(records.edit, row, values)
        else:
            return
        perform(
            self,
            self.context,
            call,
            success=msg("Saved."),
            done=lambda _result: self._saved(),
            failed=self._refused,
        )

    def _saved(self) -> None:
        self._unsaved = False
        self._adding = False
        self.problem.say_nothing()
        then, self._then = self._then, None
        if then is not None:
            then()
        self.refresh()

    def _refused(self, error: Exception) -> bool:
        self._then = self._before = None

        def look_again() -> None:
            ask(self, self.context, self._records.read, self._show_both)

        return self.problem.deal_with(
            error,
            refuse=self.form.refuse,
            look_again=look_again if self._row is not None else None,
        )

    def _show_both(self, rows: Sequence[Any]) -> None:
        """Somebody else was faster: show what she made of it beside what stands here."""
        if self._row is None:
            return
        key = self._records.identity(self._row)
        theirs = next((row for row in rows if self._records.identity(row) == key), None)
        if theirs is None:
            text = msg("Somebody else has removed this meanwhile. Save it as a new one if need be.")
            self.problem.say(text, Tone.WARNING)
            self._adding, self._row = self._records.add is not None, None
            self.form.allow(editing=self._adding)
            return
        self._row = theirs
        self.form.show_theirs(self._records.values_of(theirs))
        self.problem.say_stale()

    def _remove(self) -> None:
        records, row = self._records, self._row
        if row is None or records.remove is None:
            return
        remove = records.remove
        name = self.model.fields[0].show(row)
        question = self.context.texts.say(msg("Delete {name}?", name=name))
        box = QMessageBox(QMessageBox.Icon.Question, "", question, parent=self)
        box.setObjectName("remove_question")
        yes = box.addButton(
            self.context.texts.say(Term("ui_delete")), QMessageBox.ButtonRole.AcceptRole
        )
        box.addButton(self.context.texts.say(Term("ui_cancel")), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is yes:
            perform(
                self,
                self.context,
                lambda: remove(row),
                success=msg("Deleted."),
                done=lambda _result: self._removed(),
                failed=self._refused,
            )

    def _removed(self) -> None:
        self._row = None
        self._saved()
