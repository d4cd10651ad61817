"""What an outlet's figure is made of: its devices, the timeline of each, and its tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.instants import day_start
from desk_maint.domain.messages import Term, msg
from desk_maint.services import evidence, ticket_queue, uptime
from desk_maint.services.ticket_filter import TicketFilter
from desk_maint.services.uptime import By
from ui.formats import duration, moment
from ui.managers.figures import figure_fields
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.operations import ask
from ui.theme import Space, Tone
from ui.widgets.basics import caption
from ui.widgets.timeline import Band, Piece, Timeline
from ui.words import word

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import QModelIndex

    from desk_maint.domain.devices import Group
    from desk_maint.services.evidence import DeviceTimeline
    from desk_maint.services.ticket_rows import TicketRow
    from desk_maint.services.uptime import DeviceFigures, UptimeReport
    from ui.context import Context

__all__ = ["BreakdownDialog"]


class BreakdownDialog(QDialog):
    """Devices above, the chosen one's timeline and tickets below.

    ``device_id`` is chosen at first, else the one that was down longest.
    """

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        outlet_id: int,
        outlet: str,
        group: Group,
        period: tuple[date, date],
        *,
        device_id: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._outlet_id, self._group, self._period = outlet_id, group, period
        self._device_id = device_id
        self.setObjectName("breakdown")
        self.resize(1040, 640)
        texts = context.texts
        self.setWindowTitle(f"{outlet}　{texts.say(word(group))}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        splitter = QSplitter(Qt.Orientation.Vertical)
        layout.addWidget(splitter, 1)
        self._devices = RowsModel(
            context,
            [
                Field(Term("asset_no"), lambda row: row.tag),
                Field(Term("equipment_name"), lambda row: row.name or "—"),
                *figure_fields(
                    context, "uptime", "verdict", "actual", "required", "down", "left", "faults"
                ),
            ],
            self,
        )
        self.table = rows_table(context, self._devices, Term("equipment"), name="breakdown_devices")
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self._devices.modelReset.connect(self._choose_first)
        splitter.addWidget(self.table)
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(0, Space.S, 0, 0)
        under.setSpacing(Space.S)
        self._name = QLabel()
        self._name.setProperty("role", "strong")
        under.addWidget(self._name)
        self._sum = caption(context, name="breakdown_sum")
        under.addWidget(self._sum)
        self.timeline = Timeline(context, name="breakdown_timeline")
        under.addWidget(self.timeline)
        self._tickets = RowsModel(context, self._ticket_fields(), self)
        tickets = rows_table(
            context, self._tickets, Term("repair_ticket"), name="breakdown_tickets"
        )
        tickets.activated.connect(self._open_ticket)
        under.addWidget(tickets, 1)
        splitter.addWidget(below)
        splitter.setSizes([240, 380])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._read()

    def _open_ticket(self, index: QModelIndex) -> None:
        number = self._tickets.rows[index.row()].number
        self.accept()
        self.context.page_asked.emit("workshop", number)

    def _ticket_fields(self) -> list[Field]:
        texts = self.context.texts
        return [
            Field(Term("ticket_no"), lambda row: row.number),
            Field(Term("fault_symptom"), lambda row: row.symptom or "—"),
            Field(Term("impact"), lambda row: texts.say(word(row.impact))),
            Field(Term("occurred_at"), lambda row: moment(texts, row.occurred_at)),
            Field(Term("service_restored_at"), lambda row: moment(texts, row.restored_at)),
            Field(Term("fault_cause"), lambda row: row.cause or "—"),
            Field(
                Term("exclude_from_assessment"),
                lambda row: texts.say(word(row.exempt_state)) if row.exempt_state else "—",
            ),
        ]

    def _read(self) -> None:
        context, (first, last), now = self.context, self._period, self.context.now()
        ask(
            self,
            context,
            lambda: uptime.uptime(
                context.database,
                context.actor,
                first,
                last,
                as_of=now,
                by={By.DEVICE},
                outlet_ids=(self._outlet_id,),
            ),
            self._show,
        )

    def _show(self, report: UptimeReport) -> None:
        rows = [
            row
            for row in report.devices
            if row.group is self._group and row.outlet_id == self._outlet_id
        ]
        rows.sort(key=lambda row: -row.figures.down_seconds)
        self._devices.show_rows(rows)

    def _choose_first(self) -> None:
        rows = self._devices.rows
        if rows:
            places = [place for place, row in enumerate(rows) if row.device_id == self._device_id]
            index = self._devices.index(places[0] if places else 0, 0)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def _chosen(self) -> None:
        index = self.table.currentIndex()
        if not index.isValid():
            return
        row: DeviceFigures = self._devices.rows[index.row()]
        context, (first, last), now = self.context, self._period, self.context.now()
        start, end = (day_start(day, context.zone) for day in self._period)

        def read() -> tuple[DeviceTimeline, tuple[TicketRow, ...]]:
            database, actor = context.database, context.actor
            line = evidence.device_timeline(database, actor, row.device_id, first, last, as_of=now)
            wanted = TicketFilter(device_id=row.device_id, reported_until=end)
            page = ticket_queue.list_tickets(
                database, actor, wanted, sort="occurred_at", descending=True
            )
            touching = tuple(
                each for each in page.rows if each.restored_at is None or each.restored_at >= start
            )
            return line, touching

        def show(answer: tuple[DeviceTimeline, tuple[TicketRow, ...]]) -> None:
            if self.table.currentIndex().row() == index.row():
                self._show_device(row, *answer)

        ask(self, context, read, show)

    def _show_device(
        self, row: DeviceFigures, line: DeviceTimeline, tickets: tuple[TicketRow, ...]
    ) -> None:
        say, texts = self.context.texts.say, self.context.texts
        self._name.setText(f"{row.tag}　{row.name or ''}")
        figures = row.figures
        self._sum.setText(
            say(
                msg(
                    "scheduled {scheduled} − exempt {exempt} = required {required}; down {down}",
                    scheduled=duration(texts, figures.scheduled_seconds),
                    exempt=duration(texts, figures.exempt_seconds),
                    required=duration(texts, figures.required_seconds),
                    down=duration(texts, figures.down_seconds),
                )
            )
        )
        bands = (
            (Term("scheduled_time"), Tone.OK, line.scheduled, False),
            (Term("down_time"), Tone.DANGER, line.down, False),
            (Term("excluded_time"), Tone.INFO, line.exempt, True),
            (Term("stoppages"), Tone.MUTED, line.stopped, True),
            (Term("ts_on_hold"), Tone.WARNING, line.held, False),
        )
        self.timeline.show_bands(
            line.start,
            line.end,
            [
                Band(
                    say(title),
                    tone,
                    tuple(Piece(p.start, p.end, p.number or "") for p in pieces),
                    hatched,
                )
                for title, tone, pieces, hatched in bands
            ],
        )
        self._tickets.show_rows(tickets)
