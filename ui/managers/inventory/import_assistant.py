"""The import assistant: choose a file, point at its columns, look at what would happen, do it.

Nothing is changed before the last step, and a refusal keeps everything that was chosen.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import SHEETS, sheet
from desk_maint.exchange.importing import import_file
from desk_maint.exchange.preview import preview
from desk_maint.exchange.profiles import Profile, read_profile, save_profile
from desk_maint.exchange.template import write_template
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.problems import show_problem
from ui.progress import ProgressStrip
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import button, caption, chip
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desk_maint.exchange.importing import ImportReport
    from desk_maint.exchange.preview import TablePreview
    from ui.context import Context
    from ui.tasks import Job

__all__ = ["ImportAssistant"]

_FILES = "Excel, CSV (*.xlsx *.csv *.txt)"
_SHOWN_VALUES = "　·　"


def profiles_folder() -> Path:
    """Return where this person's profiles are kept."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(place) / "profiles"


class ImportAssistant(QDialog):
    """Two pages: file and columns, then what would happen with every refused row."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("import_assistant")
        self.setAcceptDrops(True)
        self.resize(1060, 640)
        self.setWindowTitle(context.texts.say(msg("Bring in a table")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.M)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_columns_page())
        self.pages.addWidget(self._make_result_page())
        layout.addWidget(self.pages, 1)
        layout.addWidget(ProgressStrip(context, self))
        self.problem = named(QLabel(wordWrap=True), "import_problem")
        self.problem.hide()
        layout.addWidget(self.problem)
        layout.addLayout(self._make_foot())
        self._path: Path | None = None
        self._tables: tuple[TablePreview, ...] = ()
        self._loaded: Profile | None = None
        self._keys: list[str] = []
        self._show_step(0)

    # What it consists of

    def _make_columns_page(self) -> QWidget:
        context = self.context
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(button(context, msg("Choose a file…"), self._ask_file, name="import_choose"))
        self.file_name = named(QLabel(wordWrap=True), "import_file")
        context.texts.bind(
            self.file_name,
            self.file_name.setText,
            msg("Choose a workbook or a CSV file, or drop it here."),
        )
        row.addWidget(self.file_name, 1)
        row.addWidget(
            button(
                context,
                msg("Empty template…"),
                self._ask_template,
                name="import_template",
                role="quiet",
            )
        )
        layout.addLayout(row)
        self.choices = QWidget()
        choices = QHBoxLayout(self.choices)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(Space.S)
        self.table_box = self._choice(choices, msg("Table"), "import_table", self._use_table)
        self.kind_box = self._choice(choices, msg("It lists"), "import_kind", self._use_kind)
        self.profile_box = self._choice(
            choices, msg("Saved profile"), "import_profile", self._use_profile
        )
        choices.addStretch(1)
        layout.addWidget(self.choices)
        self.hint = caption(context, name="import_hint")
        self.hint.setWordWrap(True)
        layout.addWidget(self.hint)
        self.columns = self._make_columns()
        layout.addWidget(self.columns, 1)
        self.filler = QWidget()
        layout.addWidget(self.filler, 1)
        return page

    def _choice(
        self, row: QHBoxLayout, words: Any, name: str, call: Callable[[], object]
    ) -> QComboBox:
        label, box = QLabel(), named(QComboBox(), name)
        self.context.texts.bind(label, label.setText, words)
        self.context.texts.bind(box, box.setAccessibleName, words)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        label.setBuddy(box)
        box.activated.connect(lambda _index: call())
        row.addWidget(label)
        row.addWidget(box)
        return box

    def _make_columns(self) -> QTableWidget:
        table = named(QTableWidget(0, 4), "import_columns")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.verticalHeader().setDefaultSectionSize(36)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        say = self.context.texts.say
        table.setHorizontalHeaderLabels(
            [
                say(msg("Our column")),
                say(msg("Your column")),
                say(msg("Some values")),
                say(msg("Or for every row")),
            ]
        )
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setAccessibleName(say(msg("Our column")))
        return table

    def _make_result_page(self) -> QWidget:
        context = self.context
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.summary = named(QLabel(wordWrap=True), "import_summary")
        self.summary.setProperty("role", "strong")
        layout.addWidget(self.summary)
        self.refused = RowsModel(
            context,
            [
                Field(msg("Row"), lambda row: str(row.row), lambda row: row.row, right=True),
                Field(msg("Column"), lambda row: row.column or "—"),
                Field(msg("Value"), lambda row: row.value),
                Field(Term("reason"), lambda row: context.texts.say(row.reason)),
            ],
            self,
        )
        layout.addWidget(
            rows_table(context, self.refused, msg("Refused rows"), name="import_refused"), 1
        )
        self.skip = chip(
            context,
            msg("Take the good rows; write the refused ones with their reasons into a file."),
            name="import_skip",
        )
        self.skip.toggled.connect(lambda _on: self._allow_import())
        layout.addWidget(self.skip)
        return page

    def _make_foot(self) -> QHBoxLayout:
        context = self.context
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.save_profile_button = button(
            context, msg("Save as profile…"), self._ask_profile_name, name="import_save_profile"
        )
        row.addWidget(self.save_profile_button)
        row.addStretch(1)
        self.back = button(context, msg("Back"), lambda: self._show_step(0), name="import_back")
        self.check = button(
            context,
            msg("Look at what would happen"),
            self.look,
            name="import_check",
            role="primary",
        )
        self.take = button(
            context, Term("ui_import"), self.import_now, name="import_now", role="primary"
        )
        self.leave = button(context, Term("ui_cancel"), self.reject, name="import_cancel")
        for each in (self.back, self.check, self.take, self.leave):
            row.addWidget(each)
        return row

    def _show_step(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.back.setVisible(step == 1)
        self.take.setVisible(step == 1)
        self.check.setVisible(step == 0)
        there = bool(self._tables)
        self.check.setEnabled(there)
        self.choices.setVisible(there)
        self.columns.setVisible(there)
        self.filler.setVisible(not there)
        self.save_profile_button.setVisible(there)
        self._say("", Tone.PLAIN)

    # The file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def _ask_file(self) -> None:
        title = self.context.texts.say(msg("Choose a file…"))
        name, _ = QFileDialog.getOpenFileName(self, title, "", _FILES)
        if name:
            self.open_file(Path(name))

    def _ask_template(self) -> None:
        say = self.context.texts.say
        name, _ = QFileDialog.getSaveFileName(
            self, say(msg("Empty template…")), "template.xlsx", "Excel (*.xlsx)"
        )
        if name:
            lang = self.context.texts.language
            self._run(lambda _job: write_template(Path(name), lang), lambda _: self.reject())

    def open_file(self, path: Path) -> None:
        """Look into a file."""
        self._run(lambda _job: preview(path), partial(self._opened, path))

    def _opened(self, path: Path, tables: tuple[TablePreview, ...]) -> None:
        self._path, self._tables, self._loaded = path, tables, None
        self.file_name.setText(path.name)
        self.table_box.clear()
        self.table_box.addItems([f"{table.name} ({table.rows})" for table in tables])
        largest = max(range(len(tables)), key=lambda n: tables[n].rows, default=0)
        self.table_box.setCurrentIndex(largest)
        self._list_profiles()
        self._show_step(0)
        if tables:
            self._use_table()
        else:
            self._say(self.context.texts.say(msg("The file holds no table.")), Tone.DANGER)

    def _list_profiles(self) -> None:
        self.profile_box.clear()
        self.profile_box.addItem(self.context.texts.say(msg("None, as below")), None)
        for path in sorted(profiles_folder().glob("*.toml")):
            self.profile_box.addItem(path.stem, path)

    # The columns

    @property
    def table(self) -> TablePreview:
        """The table in hand."""
        return self._tables[max(self.table_box.currentIndex(), 0)]

    def _use_table(self) -> None:
        say, table = self.context.texts.say, self.table
        self.kind_box.clear()
        for each in SHEETS:
            self.kind_box.addItem(say(Term(each.title)), each.key)
        kind = table.kind or "devices"
        self.kind_box.setCurrentIndex(max(self.kind_box.findData(kind), 0))
        self._show_columns(table.columns)

    def _use_kind(self) -> None:
        same = self.kind_box.currentData() == self.table.kind
        self._show_columns(self.table.columns if same else {})

    def _show_columns(
        self, guessed: Mapping[str, str], constants: Mapping[str, str] | None = None
    ) -> None:
        say, table = self.context.texts.say, self.table
        given = constants or {}
        # What has to be there comes first, then what was found.
        ours = sorted(
            sheet(self.kind_box.currentData()).columns,
            key=lambda column: (not column.required, column.key not in guessed),
        )
        self._keys = [column.key for column in ours]
        self.columns.setRowCount(len(ours))
        for number, column in enumerate(ours):
            words = say(Term(column.title)) + (" *" if column.required else "")
            self.columns.setItem(number, 0, QTableWidgetItem(words))
            box = named(QComboBox(), f"import_column_{column.key}")
            box.setAccessibleName(words)
            box.addItem("—", None)
            for title in table.headers:
                box.addItem(title, title)
            box.setCurrentIndex(max(box.findData(guessed.get(column.key)), 0))
            box.currentIndexChanged.connect(partial(self._show_values, number))
            self.columns.setCellWidget(number, 1, box)
            self.columns.setItem(number, 2, QTableWidgetItem())
            fixed = named(QLineEdit(given.get(column.key, "")), f"import_constant_{column.key}")
            fixed.setAccessibleName(words)
            self.columns.setCellWidget(number, 3, fixed)
            self._show_values(number)
        if self.whole:
            hint = msg(
                "This file is in the program's own form: all its tables are taken as they are."
            )
        else:
            hint = msg(
                "Say for each of our columns which of yours it is, or what holds for every row "
                "(* has to be there). Your header was found in row {row}.",
                row=table.header_row,
            )
        self.hint.setText(say(hint))

    def _show_values(self, number: int, _index: int = 0) -> None:
        box = self.columns.cellWidget(number, 1)
        title = box.currentData() if isinstance(box, QComboBox) else None
        values = _SHOWN_VALUES.join(self.table.samples[title]) if title else ""
        item = self.columns.item(number, 2)
        if item is not None:
            item.setText(values)

    def mapping(self) -> dict[str, str]:
        """Return our key to their column, as it is pointed at."""
        found = {}
        for number, key in enumerate(self._keys):
            box = self.columns.cellWidget(number, 1)
            if isinstance(box, QComboBox) and box.currentData() is not None:
                found[key] = box.currentData()
        return found

    def constants(self) -> dict[str, str]:
        """Return our key to what holds for every row, where no column of theirs says it."""
        found = {}
        pointed = self.mapping()
        for number, key in enumerate(self._keys):
            editor = self.columns.cellWidget(number, 3)
            if isinstance(editor, QLineEdit) and editor.text().strip() and key not in pointed:
                found[key] = editor.text().strip()
        return found

    def point(self, key: str, title: str | None) -> None:
        """Say that our column ``key`` is theirs called ``title``; None: none of theirs."""
        box = self.columns.cellWidget(self._keys.index(key), 1)
        if isinstance(box, QComboBox):
            box.setCurrentIndex(max(box.findData(title), 0))

    def _made_profile(self, *, sheet_name: str | None) -> Profile:
        return Profile(
            kind=self.kind_box.currentData(),
            sheet=sheet_name,
            header_row=self.table.header_row,
            columns=self.mapping(),
            constants=self.constants(),
        )

    @property
    def whole(self) -> bool:
        """Whether the file is taken as it is, without a profile."""
        return self.table.recognised and all(table.recognised for table in self._tables)

    def profile(self) -> Profile | None:
        """Return how the file is read; None: as it is."""
        if self._loaded is not None:
            return self._loaded
        if self.whole and self.mapping() == dict(self.table.columns) and not self.constants():
            return None
        return self._made_profile(sheet_name=self.table.name)

    def _use_profile(self) -> None:
        path = self.profile_box.currentData()
        self._loaded = None
        if path is None:
            self._use_table()
            return
        self._run(lambda _job: read_profile(path), self._profile_read)

    def _profile_read(self, found: Profile) -> None:
        names = [table.name for table in self._tables]
        if found.sheet in names:
            self.table_box.setCurrentIndex(names.index(found.sheet))
        self.kind_box.setCurrentIndex(max(self.kind_box.findData(found.kind), 0))
        self._show_columns(found.columns, found.constants)
        self._loaded = found

    def _ask_profile_name(self) -> None:
        say = self.context.texts.say
        name, agreed = QInputDialog.getText(self, say(msg("Save as profile…")), say(Term("name")))
        if agreed and name.strip():
            self.save_as(name.strip())

    def save_as(self, name: str) -> None:
        """Keep what is pointed at as a profile of this person."""
        path = profiles_folder() / f"{name}.toml"
        made = self._loaded or self._made_profile(sheet_name=None)

        def work(_job: Job) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_profile(made, path)

        def done(_none: object) -> None:
            self._list_profiles()
            saved = msg("The profile {name} is saved.", name=name)
            self._say(self.context.texts.say(saved), Tone.OK)

        self._run(work, done)

    # What would happen, and doing it

    def look(self) -> None:
        """Try the import without changing anything, and show what would happen."""
        self._import(dry_run=True, done=self._show_report)

    def import_now(self) -> None:
        """Bring the file in."""
        self._import(dry_run=False, done=self._imported)

    def _import(self, *, dry_run: bool, done: Callable[[ImportReport], object]) -> None:
        path, profile = self._path, self.profile()
        if path is None:
            return
        context, skip = self.context, self.skip.isChecked() and not dry_run
        now, lang = context.now(), context.texts.language

        def work(job: Job) -> ImportReport:
            return import_file(
                context.database,
                context.actor,
                path,
                profile=profile,
                dry_run=dry_run,
                skip_bad_rows=skip,
                at=now,
                lang=lang,
                progress=lambda _sheet, count, total: job.progress(count, total),
                cancelled=job.cancelled,
            )

        self._run(work, done, title=msg("Reading the table…"))

    def _show_report(self, report: ImportReport) -> None:
        say = self.context.texts.say
        parts = [
            msg(
                "{sheet}: {read} read, {added} new, {changed} changed, {unchanged} the same, "
                "{refused} refused",
                sheet=each.sheet,
                read=each.read,
                added=each.added,
                changed=each.changed,
                unchanged=each.unchanged,
                refused=each.refused,
            )
            for each in report.sheets
        ]
        lines = [say(part) for part in parts] + [say(each) for each in report.warnings]
        self.summary.setText("\n".join(lines))
        self.refused.show_rows(report.refused)
        self.skip.setVisible(bool(report.refused))
        self.skip.setChecked(False)
        self._show_step(1)
        self._allow_import()

    def _allow_import(self) -> None:
        self.take.setEnabled(not self.refused.rows or self.skip.isChecked())

    def _imported(self, report: ImportReport) -> None:
        self._show_report(report)
        say = self.context.texts.say
        if not report.applied:
            self._say(say(msg("Nothing was brought in: rows were refused.")), Tone.DANGER)
            return
        self.take.setEnabled(False)
        self.skip.hide()
        self.back.hide()
        self.leave.setText(say(msg("Close")))
        words = msg("The table is in.")
        if report.refused_file is not None:
            words = msg(
                "The good rows are in; the refused ones are in {path}.",
                path=str(report.refused_file),
            )
        self._say(say(words), Tone.OK)
        self.context.report(Changes({"device": frozenset(), "fault": frozenset()}))

    def _run(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], object],
        *,
        title: Any = None,
    ) -> None:
        self._say("", Tone.PLAIN)
        for each in (self.check, self.take):
            each.setEnabled(False)
        job = self.context.tasks.start(
            self, work, done=done, failed=self._refuse, title=title or msg("Reading the table…")
        )
        job.ended.connect(self._allow_again)

    def _allow_again(self) -> None:
        self.check.setEnabled(bool(self._tables))
        if self.pages.currentIndex() == 1 and self.back.isVisible():
            self._allow_import()

    def _refuse(self, error: Exception) -> None:
        from desk_maint.domain.errors import InputError

        if isinstance(error, InputError):
            self._say(self.context.texts.say(error.message), Tone.DANGER)
        else:
            show_problem(self, self.context.texts, error)

    def _say(self, text: str, tone: Tone) -> None:
        set_tone(self.problem, tone)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
