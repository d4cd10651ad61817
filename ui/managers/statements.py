"""Statements: choose a period, see the table beside the period before, export, decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.messages import Term, msg
from desk_maint.services import exemptions, stoppages, ticket_queue, uptime
from desk_maint.services.stoppages import StoppageStanding
from desk_maint.services.ticket_filter import TicketFilter
from desk_maint.services.uptime import By
from ui.formats import moment, percent
from ui.managers.figures import figure_fields
from ui.managers.periods import PeriodBar, same_length_before
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.operations import ask, perform
from ui.page import Page
from ui.problems import show_problem
from ui.theme import Space, Tone
from ui.widgets.basics import Banner, Card, EmptyState, button, caption, chip
from ui.widgets.naming import named
from ui.widgets.reason_dialog import ReasonDialog
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.domain.messages import Message
    from desk_maint.services.stoppages import StoppageRow
    from desk_maint.services.ticket_rows import TicketRow
    from desk_maint.services.uptime import UptimeReport
    from ui.context import Context
    from ui.tasks import Job

__all__ = ["StatementsPage"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table: what it is of, its figures, and the rate of the period before."""

    code: str
    name: str
    group: str
    figures: Any
    before: str | None


@dataclass(frozen=True, slots=True)
class _Answer:
    report: UptimeReport
    before: UptimeReport
    proposed: tuple[TicketRow, ...]
    stoppages: tuple[StoppageRow, ...]


class StatementsPage(Page):
    """The table that goes out, the rule it was made by, and what waits to be decided."""

    title = msg("Statements")
    icon = "mdi6.file-table-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.M)
        head = QHBoxLayout()
        self.period = PeriodBar(context)
        self.period.changed.connect(self._read)
        head.addWidget(self.period, 1)
        head.addWidget(
            button(
                context,
                msg("Export the workbook…"),
                self._choose_file,
                name="export_workbook",
                role="primary",
            )
        )
        layout.addLayout(head)
        self._warning = Banner(context, name="statement_warning")
        layout.addWidget(self._warning)
        layout.addLayout(self._make_levels())
        splitter = named(QSplitter(Qt.Orientation.Horizontal), "statement_splitter")
        splitter.setChildrenCollapsible(False)
        self._model = RowsModel(context, self._fields(), self)
        self.table = rows_table(context, self._model, msg("Statements"), name="statement_table")
        splitter.addWidget(self.table)
        splitter.addWidget(self._make_side())
        splitter.setSizes([880, 260])
        layout.addWidget(splitter, 1)
        self._answer: _Answer | None = None
        self.add_key("Ctrl+S", msg("Export the workbook…"), self._choose_file)
        context.texts.changed.connect(self._show_again)

    def _make_levels(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._levels = QButtonGroup(self)
        for by, text in (
            (By.GROUP, msg("By group")),
            (By.OUTLET, msg("By outlet")),
            (By.DEVICE, msg("By device")),
            (By.MONTH, msg("By month")),
        ):
            made = chip(self.context, text, name=f"by_{by.value}", checked=by is By.GROUP)
            made.setProperty("by", by.value)
            made.clicked.connect(self._read)
            self._levels.addButton(made)
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _fields(self) -> list[Field]:
        missing = Term("not_applicable")
        figures = figure_fields(self.context)
        return [
            Field(Term("name"), lambda row: row.name, lambda row: row.code),
            Field(Term("equipment_category"), lambda row: row.group),
            figures[0],
            Field(
                msg("Before"),
                lambda row: percent(row.before, self.context.texts.say(missing)),
                right=True,
            ),
            *figures[1:],
        ]

    def _make_side(self) -> QScrollArea:
        scroll = named(QScrollArea(widgetResizable=True), "statement_side")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(260)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.S, 0, Space.S, 0)
        column.setSpacing(Space.M)
        self._decide = Card(self.context, msg("To be decided"), name="to_decide")
        self._decisions = QVBoxLayout()
        self._decide.body.addLayout(self._decisions)
        column.addWidget(self._decide)
        basis = Card(self.context, Term("statistics_basis"), name="basis")
        self._basis = QLabel(wordWrap=True)
        self._basis.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        basis.body.addWidget(self._basis)
        column.addWidget(basis)
        column.addStretch(1)
        scroll.setWidget(inside)
        return scroll

    @property
    def level(self) -> By:
        """What the table is broken down by."""
        checked = self._levels.checkedButton()
        return By.GROUP if checked is None else By(checked.property("by"))

    def on_opened(self) -> None:
        """Read the statement; the table has the focus."""
        self._read()
        self.begin_at(self.table)

    def on_changes(self, changes: object) -> None:
        """Read it again when what it is made of changed."""
        if isinstance(changes, Changes) and self.isVisible():
            self._read()

    def _read(self) -> None:
        context, now, by = self.context, self.context.now(), {self.level}
        first, last = self.period.first, self.period.last
        earlier = same_length_before(first, last)

        def read() -> _Answer:
            database, actor = context.database, context.actor
            wanted = TicketFilter(exemption_proposed=True)
            waiting = stoppages.list_stoppages(database, actor)
            return _Answer(
                uptime.uptime(database, actor, first, last, as_of=now, by=by),
                uptime.uptime(database, actor, *earlier, as_of=now, by=by),
                ticket_queue.list_tickets(database, actor, wanted, limit=50).rows,
                tuple(row for row in waiting if row.standing is StoppageStanding.PROPOSED),
            )

        ask(self, context, read, self._show, title=msg("Computing the figures…"))

    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        self._show_again()

    def _show_again(self) -> None:
        answer, say = self._answer, self.context.texts.say
        if answer is None:
            return
        self._model.show_rows(self._rows(answer))
        self._basis.setText("\n\n".join(say(rule) for rule in answer.report.rules))
        if answer.report.warnings:
            text = " ".join(say(warning) for warning in answer.report.warnings)
            self._warning.say(text, "mdi6.calendar-alert", Tone.WARNING)
        else:
            self._warning.hide()
        self._show_decisions(answer)

    def _rows(self, answer: _Answer) -> list[_Row]:
        def lines(report: UptimeReport) -> dict[tuple[str, ...], tuple[str, str, Any]]:
            say = self.context.texts.say
            if self.level is By.OUTLET:
                return {
                    (row.outlet, row.group): (row.outlet, row.outlet_name, row)
                    for row in report.outlets
                }
            if self.level is By.DEVICE:
                return {
                    (row.tag, row.outlet): (row.tag, f"{row.tag} {row.name or ''}", row)
                    for row in report.devices
                }
            if self.level is By.MONTH:
                return {
                    (row.month, row.group): (row.month, row.month, row) for row in report.months
                }
            return {
                (row.group.value,): (row.group.value, say(word(row.group)), row)
                for row in report.groups
            }

        before = lines(answer.before)
        return [
            _Row(
                code,
                name,
                self.context.texts.say(word(row.group)),
                row.figures,
                before[key][2].figures.uptime_percent if key in before else None,
            )
            for key, (code, name, row) in lines(answer.report).items()
        ]

    def _show_decisions(self, answer: _Answer) -> None:
        while (item := self._decisions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not answer.proposed and not answer.stoppages:
            self._decisions.addWidget(
                EmptyState(
                    self.context,
                    "mdi6.check-circle-outline",
                    msg("Nothing waits for a decision."),
                    name="nothing_to_decide",
                )
            )
        for ticket in answer.proposed:
            self._decisions.addWidget(self._exemption(ticket))
        for row in answer.stoppages:
            self._decisions.addWidget(self._stoppage(row))

    def _decision(
        self,
        name: str,
        heading: str,
        more: str,
        approve: Callable[[], object],
        refuse: Callable[[], object],
        *,
        allowed: bool = True,
    ) -> QWidget:
        holder = named(QWidget(), f"decide_{name}")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, Space.S)
        column.setSpacing(Space.XS)
        column.addWidget(QLabel(heading, wordWrap=True))
        second = caption(self.context)
        second.setText(more)
        second.setWordWrap(True)
        column.addWidget(second)
        row = QHBoxLayout()
        for text, call, which in (
            (msg("Approve"), approve, "approve"),
            (msg("Refuse…"), refuse, "refuse"),
        ):
            made = button(self.context, text, call, name=f"{which}_{name}")
            made.setEnabled(allowed)
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        return holder

    def _exemption(self, row: TicketRow) -> QWidget:
        context = self.context

        def approve() -> None:
            self._do(
                lambda at: exemptions.approve(
                    context.database, context.actor, row.id, version=row.version, at=at
                ),
                msg("The exemption of {number} is approved.", number=row.number),
            )

        def refuse() -> None:
            self._with_reason(
                Term("do_ticket_refuse_exemption"),
                lambda reason, at: exemptions.refuse(
                    context.database, context.actor, row.id, reason, version=row.version, at=at
                ),
                msg("The exemption of {number} is refused.", number=row.number),
            )

        span = (
            f"{moment(context.texts, row.occurred_at)} – {moment(context.texts, row.restored_at)}"
        )
        heading = f"{row.tag}　{row.cause or row.symptom or ''}"
        return self._decision(row.number, heading, f"{row.number}　{span}", approve, refuse)

    def _stoppage(self, row: StoppageRow) -> QWidget:
        context = self.context

        def approve() -> None:
            self._do(
                lambda at: stoppages.approve(
                    context.database, context.actor, row.id, version=row.version, at=at
                ),
                msg("The stoppage is approved."),
            )

        def refuse() -> None:
            self._with_reason(
                Term("act_stoppage_refuse"),
                lambda reason, at: stoppages.refuse(
                    context.database, context.actor, row.id, reason, version=row.version, at=at
                ),
                msg("The stoppage is refused."),
            )

        data = row.data
        span = f"{moment(context.texts, data.from_at)} – {moment(context.texts, data.to_at)}"
        heading = f"{row.subject or context.texts.say(word(data.scope))}　{data.reason}"
        return self._decision(
            f"stoppage_{row.id}",
            heading,
            f"{span}　{row.proposed_by or ''}",
            approve,
            refuse,
            allowed=row.may_decide,
        )

    def _do(self, call: Callable[[int], Changes], success: Message) -> None:
        at = self.context.now()
        perform(self, self.context, lambda: call(at), success=success)

    def _with_reason(
        self, title: Term, call: Callable[[str, int], Changes], success: Message
    ) -> None:
        dialog = ReasonDialog(self.context, self, title, Term("reason"))
        dialog.run(lambda: partial(call, dialog.text(), self.context.now()), success=success)

    def _choose_file(self) -> None:
        say = self.context.texts.say
        proposed = f"{say(msg('uptime'))}-{self.period.first:%Y-%m}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, say(msg("Export the workbook…")), proposed, "Excel (*.xlsx)"
        )
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> Job:
        """Write the managers' workbook of the period; progress and cancel at the foot."""
        context, now = self.context, self.context.now()
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
                progress=job.progress,
                cancelled=job.cancelled,
            )
            return path

        def done(written: Path) -> None:
            sentence = context.texts.say(msg("Written: {path}", path=str(written)))
            context.told.emit(sentence, Tone.OK)

        return context.tasks.start(
            self,
            work,
            done=done,
            failed=lambda error: show_problem(self.window(), context.texts, error),
            title=msg("Writing the workbook…"),
            free=True,
        )
