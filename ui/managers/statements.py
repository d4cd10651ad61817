"""Statements: choose period and rule, see the table beside the period before, print, export."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.devices import Group
from desk_maint.domain.messages import At, Term, msg
from desk_maint.domain.targets import Measure
from desk_maint.services import settings, uptime
from desk_maint.services.uptime import By, DeviceFigures, MonthFigures, OutletFigures
from ui.files import ask_save
from ui.formats import moment
from ui.managers.decisions import DecisionsView
from ui.managers.periods import PeriodBar, same_length_before
from ui.managers.rows_model import RowsModel, rows_table, widen_names
from ui.managers.statement_rows import statement_fields, statement_rows
from ui.operations import ask
from ui.page import Key, Page
from ui.problems import show_problem
from ui.theme import Space, Tone
from ui.widgets.basics import Banner, button, chip
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QPagedPaintDevice

    from desk_maint.services.uptime import UptimeReport
    from ui.context import Context
    from ui.managers.statement_rows import StatementRow
    from ui.printing.paper import Paper
    from ui.printing.statement import StatementHead
    from ui.tasks import Job
    from ui.texts import Text

__all__ = ["StatementsPage"]

_RULES_HEIGHT = 148
"""Pixels of the rules when they are unfolded; the table keeps the rest."""
_PAPER_MARGIN = 12.0
"""Millimetres."""
_LEVELS = {
    By.GROUP: msg("By group"),
    By.OUTLET: msg("By outlet"),
    By.DEVICE: msg("By device"),
    By.MONTH: msg("By month"),
}
_JUDGED_BY: tuple[tuple[Measure | None, Text], ...] = (
    (None, msg("As set")),
    (Measure.UPTIME, Term("uptime")),
    (Measure.DEVICE_DAYS, Term("good_days_strict")),
    (Measure.DEVICE_DAYS_WITHIN_LIMITS, Term("good_days_within_limits")),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    by: By
    bureau: str
    report: UptimeReport
    before: UptimeReport


class StatementsPage(Page):
    """The table that goes out, the rule it was made by, and what waits to be decided."""

    title = msg("Statements")
    icon = "mdi6.file-table-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        self.decisions = DecisionsView(context)
        self.decisions.counted.connect(self._say_waiting)
        layout.addLayout(self._make_head())
        self.period = PeriodBar(context)
        self.period.changed.connect(self._read)
        layout.addWidget(self.period)
        self._views = named(QStackedWidget(), "statement_views")
        self._views.addWidget(self._make_statement())
        self._views.addWidget(self.decisions)
        # What is to be decided is no statement: it is neither printed nor exported.
        for each in (self.printing, self._exporting):
            self._views.currentChanged.connect(lambda view, each=each: each.setVisible(view == 0))
        layout.addWidget(self._views, 1)
        self._answer: _Answer | None = None
        self._shown: tuple[By, bool] | None = None
        self._waiting = 0
        self.add_key("Ctrl+S", msg("Export the workbook…"), self._choose_file)
        self.add_key("Ctrl+P", Term("ui_print"), self._print_page)
        self.keys.append(Key("Return", msg("Open what the chosen line is made of")))
        context.texts.changed.connect(self._say_again)

    def _make_head(self) -> QHBoxLayout:
        context, row = self.context, QHBoxLayout()
        row.setSpacing(Space.S)
        views = QButtonGroup(self)
        self._statement_chip = chip(context, msg("Statement"), name="view_statement", checked=True)
        self._decisions_chip = chip(context, msg("To be decided"), name="view_decisions")
        for number, made in enumerate((self._statement_chip, self._decisions_chip)):
            made.clicked.connect(lambda _=False, number=number: self._views.setCurrentIndex(number))
            views.addButton(made)
            row.addWidget(made)
        row.addStretch(1)
        self.printing = named(QToolButton(), "statement_print")
        self.printing.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        context.texts.bind(self.printing, self.printing.setText, Term("ui_print"))
        menu = QMenu(self.printing)
        for name, words, call in (
            ("print_statement", msg("This statement…"), self._print_page),
            ("pdf_statement", msg("This statement as PDF…"), self._ask_pdf),
        ):
            action = menu.addAction("")
            action.setObjectName(name)
            context.texts.bind(action, action.setText, words)
            action.triggered.connect(lambda _=False, call=call: call())
        self.printing.setMenu(menu)
        row.addWidget(self.printing)
        title = msg("Export the workbook…")
        self._exporting = button(
            context, title, self._choose_file, name="export_workbook", role="primary"
        )
        row.addWidget(self._exporting)
        return row

    def _make_statement(self) -> QWidget:
        holder = named(QWidget(), "statement")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self._warning = Banner(self.context, name="statement_warning")
        column.addWidget(self._warning)
        column.addLayout(self._make_choices())
        self._model = RowsModel(self.context, (), self)
        self.table = rows_table(
            self.context, self._model, msg("Statements"), name="statement_table"
        )
        widen_names(self.table)
        self.table.activated.connect(self._open)
        column.addWidget(self.table, 1)
        fold = named(QToolButton(), "statement_rules")
        fold.setProperty("role", "quiet")
        fold.setCheckable(True)
        column.addWidget(fold)
        self._rules = named(QScrollArea(widgetResizable=True), "statement_rules_text")
        self._rules.setFixedHeight(_RULES_HEIGHT)
        self._basis = QLabel(wordWrap=True)
        self._basis.setContentsMargins(Space.M, 0, Space.M, 0)
        self._basis.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._basis.setProperty("role", "caption")
        self._rules.setWidget(self._basis)
        self._rules.hide()
        column.addWidget(self._rules)
        self._fold = fold
        fold.toggled.connect(self._rules.setVisible)
        fold.toggled.connect(self._say_fold)
        return holder

    def _make_choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._levels = QButtonGroup(self)
        for by, text in _LEVELS.items():
            made = chip(self.context, text, name=f"by_{by.value}", checked=by is By.GROUP)
            made.setProperty("by", by.value)
            made.clicked.connect(self._read)
            self._levels.addButton(made)
            row.addWidget(made)
        self.groups = self._box("statement_group", Term("equipment_group"))
        self.groups.activated.connect(lambda _index: self._show_again())
        row.addWidget(self.groups)
        row.addStretch(1)
        label = QLabel()
        self.context.texts.bind(label, label.setText, Term("judged_by"))
        row.addWidget(label)
        self.judged_by = self._box("statement_judged_by", Term("judged_by"))
        self.judged_by.activated.connect(lambda _index: self._read())
        label.setBuddy(self.judged_by)
        row.addWidget(self.judged_by)
        return row

    def _box(self, name: str, label: Text) -> QComboBox:
        box = named(QComboBox(), name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.context.texts.bind(box, box.setAccessibleName, label)
        return box

    @property
    def level(self) -> By:
        """What the table is broken down by."""
        checked = self._levels.checkedButton()
        return By.GROUP if checked is None else By(checked.property("by"))

    @property
    def group(self) -> Group | None:
        """The group that is shown alone, if any; by group all stand beside each other."""
        chosen = self.groups.currentData()
        return None if chosen is None or self.level is By.GROUP else Group(chosen)

    @property
    def measure(self) -> Measure | None:
        """What the shown statement is judged by; None: what the settings say."""
        chosen = self.judged_by.currentData()
        return None if chosen is None else Measure(chosen)

    def on_opened(self) -> None:
        """Read the statement; the table has the focus."""
        self._say_boxes()
        self._read()
        self.begin_at(self.table)

    def on_changes(self, changes: object) -> None:
        """Read it again when what it is made of changed."""
        if isinstance(changes, Changes) and self.isVisible():
            self._read()

    def _choose_level(self, by: By, group: Group | None = None) -> None:
        """Break the table down in another way, of one group or of all."""
        self.groups.setCurrentIndex(self.groups.findData(group))
        for made in self._levels.buttons():
            made.setChecked(made.property("by") == by.value)

    def _read(self) -> None:
        context, now, by, measure = self.context, self.context.now(), self.level, self.measure
        first, last = self.period.first, self.period.last
        earlier = same_length_before(first, last)

        def figures(period: tuple[date, date]) -> UptimeReport:
            return uptime.uptime(
                context.database, context.actor, *period, as_of=now, by={by}, measure=measure
            )

        def read() -> _Answer:
            bureau = settings.read_settings(context.database, context.actor).bureau_name
            return _Answer(by, bureau, figures((first, last)), figures(earlier))

        ask(self, context, read, self._show, title=msg("Computing the figures…"))
        self.decisions.read(first, last)

    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        self._show_again()

    def _show_again(self) -> None:
        answer, say = self._answer, self.context.texts.say
        if answer is None or answer.by is not self.level:
            return
        report, group = answer.report, self.group
        rows = statement_rows(answer.by, report, answer.before, group)
        self.groups.setVisible(answer.by is not By.GROUP)
        shown = (answer.by, group is None)
        if shown == self._shown:
            self._model.show_rows(rows)  # in the order that the reader has chosen
        else:
            self._shown = shown
            self._model.show_fields(statement_fields(self.context, answer.by, group), rows)
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.period.say_as_of(report.period.as_of)
        self._basis.setText("\n".join(say(rule) for rule in report.rules))
        if report.warnings:
            text = " ".join(say(warning) for warning in report.warnings)
            self._warning.say(text, "mdi6.calendar-alert", Tone.WARNING)
        else:
            self._warning.hide()

    def _say_again(self) -> None:
        self._say_boxes()
        self._show_again()

    def _say_boxes(self) -> None:
        """Put the words of the choices in, in the present language; what is chosen stays."""
        say = self.context.texts.say
        groups: Sequence[tuple[Any, Text]] = [
            (None, msg("All groups")),
            *((group, word(group)) for group in Group),
        ]
        for box, choices in ((self.groups, groups), (self.judged_by, _JUDGED_BY)):
            kept = max(box.currentIndex(), 0)
            box.clear()
            for value, words in choices:
                box.addItem(say(words), value)
            box.setCurrentIndex(kept)
        self._say_waiting(self._waiting)
        self._say_fold()

    def _say_fold(self) -> None:
        mark = "▾" if self._fold.isChecked() else "▸"
        self._fold.setText(f"{mark} {self.context.texts.say(Term('statistics_basis'))}")

    def _say_waiting(self, count: int) -> None:
        self._waiting = count
        self._decisions_chip.setText(
            self.context.texts.say(msg("To be decided ({count})", count=count))
        )

    def _open(self, index: QModelIndex) -> None:
        """Open what a line is made of."""
        row: StatementRow = self._model.rows[index.row()]
        of = row.of
        if isinstance(of, MonthFigures):
            self._choose_level(By.GROUP)
            self.period.show_month(date.fromisoformat(f"{of.month}-01"))
        elif isinstance(of, OutletFigures | DeviceFigures):
            from ui.managers.breakdown import BreakdownDialog

            BreakdownDialog(
                self.context,
                self,
                of.outlet_id,
                f"{of.outlet} {of.outlet_name}",
                of.group,
                (self.period.first, self.period.last),
                device_id=of.device_id if isinstance(of, DeviceFigures) else None,
            ).exec()
        else:
            self._choose_level(By.OUTLET, of.group)
            self._read()

    # On paper and into a workbook

    def _head(self, answer: _Answer) -> StatementHead:
        from ui.printing.statement import StatementHead

        say, report = self.context.texts.say, answer.report
        period = msg(
            "Period {first} up to, not including, {last}; as at {as_of} ({zone})",
            first=report.period.first,
            last=report.period.last,
            as_of=At(report.period.as_of),
            zone=report.timezone,
        )
        of = word(self.group) if self.group is not None else msg("All groups")
        return StatementHead(
            answer.bureau,
            (say(period), f"{say(_LEVELS[answer.by])} · {say(of)}"),
            say(msg("As of {moment}", moment=moment(self.context.texts, report.period.as_of))),
            [say(warning) for warning in report.warnings],
            [say(rule) for rule in report.rules],
        )

    def _print_page(self) -> None:
        from ui.printing.paper import a4_printer

        printer = a4_printer(landscape=True, margin=_PAPER_MARGIN)
        if self._answer is not None and QPrintDialog(printer, self).exec():
            self._print(lambda: nullcontext(printer))

    def _ask_pdf(self) -> None:
        path = ask_save(self, self.context, Term("ui_print"), self._file_name("pdf"))
        if path is not None:
            self.write_pdf(path)

    def write_pdf(self, path: Path) -> None:
        """Write the statement as it is shown to a PDF file."""
        from ui.printing.paper import pdf_paper

        self._print(lambda: pdf_paper(path, landscape=True, margin=_PAPER_MARGIN), path)

    def _print(self, paper: Paper, path: Path | None = None) -> None:
        from ui.printing.paper import print_in_background
        from ui.printing.statement import statement_table
        from ui.printing.tables import print_table

        if self._answer is None:
            return
        context, head = self.context, self._head(self._answer)
        fields, rows = tuple(self._model.fields), tuple(self._model.rows)

        def fill(job: Job, on: QPagedPaintDevice) -> None:
            table = statement_table(context.texts, head, fields, rows)
            print_table(context, table, on, progress=job.progress, cancelled=job.cancelled)

        print_in_background(context, self, paper, fill, path)

    def _file_name(self, kind: str) -> str:
        return f"{self.context.texts.say(msg('uptime'))}-{self.period.first:%Y-%m}.{kind}"

    def _choose_file(self) -> None:
        title = msg("Export the workbook…")
        path = ask_save(self, self.context, title, self._file_name("xlsx"))
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> Job:
        """Write the managers' workbook of the period; progress and cancel at the foot."""
        context, now, measure = self.context, self.context.now(), self.measure
        first, last, lang = self.period.first, self.period.last, context.texts.language

        def work(job: Job) -> Path:
            from desk_maint.exchange.managers_workbook import export_uptime

            export_uptime(
                context.database,
                context.actor,
                first,
                last,
                path,
                as_of=now,
                lang=lang,
                measure=measure,
                progress=job.progress,
                cancelled=job.cancelled,
            )
            return path

        return context.tasks.start(
            self,
            work,
            done=context.written.emit,
            failed=lambda error: show_problem(self.window(), context.texts, error),
            title=msg("Writing the workbook…"),
            free=True,
        )
