"""The first step: the file, which table of it, and which of its columns are which of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import SHEETS
from desk_maint.exchange.profiles import Profile, headers_in
from ui.managers.inventory.importing.boxes import labelled, make_box
from ui.managers.inventory.importing.column_table import ColumnTable
from ui.managers.inventory.importing.new_units import NewUnits
from ui.theme import Space, indent_text
from ui.widgets.basics import EmptyState, button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desk_maint.exchange.preview import TablePreview
    from ui.context import Context

__all__ = ["ColumnsPage"]

_LAST_ROW = 999


class ColumnsPage(QWidget):
    """Choose a file, then point; what cannot be pointed at comes from a loaded profile."""

    file_asked = Signal()
    template_asked = Signal()
    header_row_asked = Signal(int)
    """The header of the table in hand stands in this row, as a spreadsheet program counts."""
    profile_asked = Signal(object)
    """The path of a saved profile; None: none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._tables: list[TablePreview] = []
        self._found_rows: list[int] = []
        self._base: Profile | None = None
        self._no_units = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(self._make_file_row())
        self.choices = self._make_choices()
        layout.addWidget(self.choices)
        self.hint = caption(context, name="import_hint")
        self.hint.setWordWrap(True)
        layout.addWidget(self.hint)
        self.columns = ColumnTable(context)
        self.columns.pointed.connect(self._show_units)
        layout.addWidget(self.columns, 1)
        self.units = NewUnits(context)
        layout.addWidget(self.units)
        self._empty = EmptyState(
            context,
            "mdi6.file-upload-outline",
            msg("Choose a workbook or a CSV file, or drop it here."),
            name="import_empty",
        )
        layout.addWidget(self._empty, 1)
        self._show_parts()

    # What it consists of

    def _make_file_row(self) -> QHBoxLayout:
        context = self.context
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(
            button(context, msg("Choose a file…"), self.file_asked.emit, name="import_choose")
        )
        self.file_name = named(QLabel(wordWrap=True), "import_file")
        row.addWidget(self.file_name, 1)
        row.addWidget(
            button(
                context,
                msg("Empty template…"),
                self.template_asked.emit,
                name="import_template",
                role="quiet",
            )
        )
        return row

    def _make_choices(self) -> QWidget:
        context = self.context
        holder = QWidget()
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.S)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        self.table_box = make_box(context, first, msg("Table"), "import_table", self._use_table)
        self.header_row = named(QSpinBox(), "import_header_row")
        self.header_row.setRange(1, _LAST_ROW)
        self.header_row.setKeyboardTracking(False)
        indent_text(self.header_row)
        self.header_row.valueChanged.connect(self.header_row_asked.emit)
        labelled(context, first, msg("Titles in row"), self.header_row)
        self.kind_box = make_box(context, first, msg("It lists"), "import_kind", self._use_kind)
        self.profile_box = make_box(
            context,
            first,
            msg("Saved profile"),
            "import_profile",
            lambda: self.profile_asked.emit(self.profile_box.currentData()),
        )
        first.addStretch(1)
        rows.addLayout(first)
        return holder

    def _show_parts(self) -> None:
        there = bool(self._tables)
        for part in (self.choices, self.hint, self.columns):
            part.setVisible(there)
        self._empty.setVisible(not there)
        self._show_units()

    # The file

    @property
    def tables(self) -> Sequence[TablePreview]:
        """The tables of the file; none before one is chosen."""
        return self._tables

    @property
    def table(self) -> TablePreview:
        """The table in hand."""
        return self._tables[self._place]

    @property
    def _place(self) -> int:
        return max(self.table_box.currentIndex(), 0)

    @property
    def kind(self) -> str:
        """Key of the sheet of ours that it is taken for."""
        return str(self.kind_box.currentData())

    def show_tables(self, path: Path, tables: Sequence[TablePreview], *, no_units: bool) -> None:
        """Show another file; ``no_units``: the bureau has no units yet, so they are to be made."""
        self._tables, self._base, self._no_units = list(tables), None, no_units
        self._found_rows = [table.header_row for table in tables]
        self.file_name.setText(path.name)
        self.table_box.clear()
        self.table_box.addItems([f"{table.name} ({table.rows})" for table in tables])
        largest = max(range(len(tables)), key=lambda n: tables[n].rows, default=0)
        self.table_box.setCurrentIndex(largest)
        if tables:
            self._use_table()
        self._show_parts()

    def list_profiles(self, paths: Sequence[Path]) -> None:
        """Offer these saved profiles; what is chosen stays chosen."""
        kept = self.profile_box.currentData()
        self.profile_box.clear()
        self.profile_box.addItem(self.context.texts.say(msg("None, as below")), None)
        for path in paths:
            self.profile_box.addItem(path.stem, path)
        self.profile_box.take(kept)

    def forget_profile(self) -> None:
        """Begin anew with what the table itself says."""
        self._base = None
        self._use_table()

    def show_table_again(self, table: TablePreview) -> None:
        """Show the table in hand with the header from another row."""
        self._tables[self._place] = table
        self._base = None
        self._use_table()

    def show_no_titles(self, row: int) -> None:
        """Show that the table in hand has nothing in the row that was said to be its header."""
        self.show_table_again(
            replace(
                self.table, recognised=False, header_row=row, headers=(), samples={}, columns={}
            )
        )

    # The columns

    def _use_table(self) -> None:
        say, table = self.context.texts.say, self.table
        self.header_row.blockSignals(True)
        self.header_row.setValue(table.header_row)
        self.header_row.blockSignals(False)
        kept = self.kind_box.currentData()
        self.kind_box.clear()
        for each in SHEETS:
            self.kind_box.addItem(say(Term(each.title)), each.key)
        self.kind_box.take(table.kind or kept or "devices")
        self._show_columns(table.columns)

    def _use_kind(self) -> None:
        same = self.kind == self.table.kind
        self._base = None
        self._show_columns(self.table.columns if same else {})

    def use_profile(self, found: Profile) -> tuple[str, ...]:
        """Show what a saved profile says; return the titles it names that this table lacks."""
        names = [table.name for table in self._tables]
        if found.sheet in names:
            self.table_box.setCurrentIndex(names.index(found.sheet))
            self._use_table()
        self._base = found
        self.kind_box.take(found.kind)
        self._show_columns(found.columns)
        return tuple(sorted(found.headers - set(self.table.headers)))

    def _show_columns(self, pointed: Mapping[str, str]) -> None:
        table, base = self.table, self._base
        built = {} if base is None else dict(base.templates)
        if base is not None:
            built |= {key: " / ".join(titles) for key, titles in base.filled.items()}
        constants = {} if base is None else base.constants
        self.columns.show_columns(table, self.kind, pointed, constants, built)
        outlet = {} if base is None else base.outlet
        self.units.offer(table.headers, outlet, wanted=base is None and self._no_units)
        self._show_units()
        if self.whole:
            hint = msg(
                "This file is in the program's own form: all its tables are taken as they are."
            )
        else:
            hint = msg(
                "Say for each of our columns which of yours it is, or what holds for every row "
                "(* has to be there). Where the titles are not those of your table, say in which "
                "row they stand."
            )
        self.hint.setText(self.context.texts.say(hint))

    def _show_units(self) -> None:
        named_by = self.columns.mapping().get("outlet_code") if self._tables else None
        built = self._base is not None and bool(self._base.outlet)
        self.units.setVisible(bool(self._tables) and not self.whole and bool(named_by or built))

    # What was said

    @property
    def whole(self) -> bool:
        """Whether the file is taken as it is, without a profile."""
        return self.table.recognised and all(table.recognised for table in self._tables)

    @property
    def as_it_is(self) -> bool:
        """Whether nothing was said of the file that it does not say itself."""
        mine, its = self.columns.mapping(), dict(self.table.columns)
        return self.whole and self._base is None and mine == its and not self.columns.constants()

    @property
    def values(self) -> Mapping[str, Mapping[str, str]]:
        """What the loaded profile says of words."""
        return {} if self._base is None else self._base.values

    def profile(self, values: Mapping[str, Mapping[str, str]], *, to_keep: bool = False) -> Profile:
        """Return the profile that was pointed at, with what is said of words.

        ``to_keep``: for the tables of other months too, so that their header is found by itself
        unless the person had to say where it stands.
        """
        base = self._base or Profile(self.kind)
        mapping, constants = self.columns.mapping(), self.columns.constants()
        said = {*mapping, *constants}
        header_row: int | None = self.table.header_row
        if to_keep and header_row == self._found_rows[self._place]:
            header_row = base.header_row
        made = replace(
            base,
            sheet=self.table.name if not to_keep or len(self._tables) > 1 else None,
            header_row=header_row,
            columns=mapping,
            constants=constants,
            templates={key: text for key, text in base.templates.items() if key not in said},
            filled={key: titles for key, titles in base.filled.items() if key not in said},
            outlet=self.units.outlet(mapping.get("outlet_code")),
        )
        from_table = {*mapping, *made.templates, *made.filled}
        from_table |= {key for key, text in made.outlet.items() if headers_in(text)}
        from_table |= {key for key, text in made.device.items() if headers_in(text)}
        return replace(
            made, values={key: dict(w) for key, w in values.items() if key in from_table}
        )
