"""The counter desk: one box, the outlet's devices as tiles, the report, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.devices import Category
from desk_maint.domain.faults import TicketState
from desk_maint.domain.inspections import InspectionResult
from desk_maint.domain.instants import DAY
from desk_maint.domain.messages import msg
from desk_maint.services import (
    device_finder,
    fault_reports,
    inspections,
    outlets,
    symptoms,
    ticket_queue,
    tickets,
)
from desk_maint.services.service_hours import opened_at
from ui.counter.draft import recall
from ui.counter.failed_dialog import FailedDialog
from ui.counter.outlet_board import OutletBoard
from ui.counter.report_form import ReportForm
from ui.formats import moment_near
from ui.operations import ask, perform
from ui.page import Key, Page
from ui.problems import show_problem
from ui.theme import Space, Tone
from ui.widgets.basics import Banner, EmptyState
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.reason_dialog import ReasonDialog
from ui.widgets.tile import Tile
from ui.words import CATEGORY_ICONS, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.device_finder import FoundDevice
    from desk_maint.services.inspections import DueInspection
    from desk_maint.services.symptoms import SymptomRow
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["CounterPage"]

_NO_FIT = msg("No device fits. Type part of its tag, its name or its place.")
_NO_DEVICE = msg("No device stands here yet. A manager adds it in the equipment ledger.")
_SEARCH_AFTER_MS = 120
_TILE_WIDTH = 184
_CATEGORIES = tuple(Category)
"""What serves customers comes first, safety equipment last."""
_CURRENT = frozenset(
    {
        TicketState.REPORTED,
        TicketState.ACCEPTED,
        TicketState.ON_SITE,
        TicketState.ON_HOLD,
        TicketState.RESTORED,
    }
)


@dataclass(frozen=True, slots=True)
class _Board:
    devices: Sequence[FoundDevice]
    current: Sequence[TicketRow]
    past: Sequence[TicketRow]
    due: Sequence[DueInspection]


class CounterPage(Page):
    """Report in at most three keys besides the tag; the answer comes on the same screen."""

    title = msg("Counter")
    icon = "mdi6.store-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._outlet_id: int | None = None
        self._found: Sequence[FoundDevice] = ()
        self._question = 0
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        outer.setSpacing(Space.L)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        outer.addLayout(left, 3)
        self._answer = Banner(context, name="report_answer")
        left.addWidget(self._answer)
        left.addLayout(self._make_box())
        self._stack = QStackedWidget()
        left.addWidget(self._stack, 1)
        self._stack.addWidget(self._make_tiles())
        self.form = ReportForm(context)
        self.form.sent.connect(self._report)
        self.form.left.connect(self._back_to_box)
        scroll = named(QScrollArea(widgetResizable=True), "report_scroll")
        scroll.setWidget(self.form)
        self._stack.addWidget(scroll)
        self.board = OutletBoard(context)
        self.board.confirmed.connect(self._confirm)
        self.board.sent_back.connect(self._send_back)
        self.board.passed.connect(self._passed)
        self.board.failed.connect(self._failed)
        outer.addWidget(self.board, 2)
        self._search_later = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._search_later.timeout.connect(self._search)
        self.add_key("Ctrl+F", msg("To the box: type or scan a tag"), self._back_to_box)
        self.keys += [
            Key("Return", msg("Take the first device that is shown")),
            Key("1", msg("1 to 9: choose the symptom")),
            Key("Ctrl+Return", msg("Send the report")),
            Key("F2", msg("F2, F3, F4, F6: since when")),
            Key("Ctrl+Shift+V", msg("Paste a picture from the clipboard")),
        ]

    def _make_box(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.box = named(QLineEdit(), "device_box")
        self.box.setProperty("role", "search")
        self.box.setClearButtonEnabled(True)
        texts = self.context.texts
        texts.bind(
            self.box, self.box.setPlaceholderText, msg("Type or scan: tag, name or position")
        )
        texts.bind(self.box, self.box.setAccessibleName, msg("Device that is broken"))
        self.box.textEdited.connect(lambda _text: self._search_later.start())
        self.box.returnPressed.connect(self._take_first)
        row.addWidget(self.box, 1)
        self.outlets = named(QComboBox(), "outlet_choice")
        self.outlets.setProperty("role", "search")
        self.outlets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        texts.bind(self.outlets, self.outlets.setAccessibleName, msg("My outlet"))
        self.outlets.activated.connect(self._outlet_chosen)
        row.addWidget(self.outlets)
        return row

    def _make_tiles(self) -> QScrollArea:
        scroll = named(QScrollArea(widgetResizable=True), "device_tiles")
        inside, self._tiles = flow_widget(column=_TILE_WIDTH)
        inside.setProperty("role", "scrolled")
        holder = QWidget()
        holder.setProperty("role", "scrolled")
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.addWidget(inside)
        self._nothing = EmptyState(self.context, "mdi6.magnify-close", _NO_FIT, name="no_device")
        layout.addWidget(self._nothing)
        layout.addStretch(1)
        scroll.setWidget(holder)
        return scroll

    def on_opened(self) -> None:
        """Read my outlets, then what stands in the one of this PC."""
        context = self.context
        ask(
            self,
            context,
            lambda: outlets.list_choices(context.database, context.actor),
            self._fill_outlets,
        )
        self.box.setFocus()

    def on_changes(self, changes: object) -> None:
        """Read the board again when a ticket or a device changed."""
        if isinstance(changes, Changes) and changes.kinds & {
            "fault",
            "device",
            "placement",
            "hold",
            "inspection",
            "inspection_plan",
        }:
            self._read_board()

    def _fill_outlets(self, choices: Sequence[outlets.OutletChoice]) -> None:
        mine = self.context.actor.outlet_ids
        shown = [choice for choice in choices if not mine or choice.id in mine]
        self.outlets.clear()
        for choice in shown:
            self.outlets.addItem(f"{choice.code} {choice.name}", choice)
        remembered = self.context.preferences.outlet_code
        index = next((n for n, c in enumerate(shown) if c.code == remembered), 0)
        self.outlets.setCurrentIndex(index if shown else -1)
        self.outlets.setEnabled(len(shown) > 1)
        self.outlets.setVisible(bool(shown))
        self._outlet_id = shown[index].id if shown else None
        self._read_board()
        draft = recall(self.context.preferences)
        if draft is not None and not draft.left and self.form.device is None:
            self.box.setText(draft.tag)
            self._take_tag(draft.tag)

    def _outlet_chosen(self) -> None:
        choice = self.outlets.currentData()
        self._outlet_id = choice.id
        self.context.preferences.outlet_code = choice.code
        self._read_board()
        self.box.setFocus()

    def _read_board(self) -> None:
        outlet_id, context = self._outlet_id, self.context
        if outlet_id is None:
            self.board.show_rows((), (), ())
            self._show_tiles(())
            return
        now = context.now()
        since = now - 30 * DAY

        def read() -> _Board:
            database, actor, here = context.database, context.actor, frozenset({outlet_id})
            current = ticket_queue.list_tickets(
                database,
                actor,
                ticket_queue.TicketFilter(states=_CURRENT, outlet_ids=here),
            )
            past = ticket_queue.list_tickets(
                database,
                actor,
                ticket_queue.TicketFilter(
                    states=frozenset({TicketState.CLOSED, TicketState.CANCELLED}),
                    outlet_ids=here,
                    reported_since=since,
                ),
                sort="reported_at",
                descending=True,
            )
            devices = device_finder.devices_of_outlet(database, actor, outlet_id)
            due = inspections.list_due(database, actor, outlet_id, at=now)
            return _Board(devices, current.rows, past.rows, due)

        ask(self, context, read, self._show_board)

    def _show_board(self, board: _Board) -> None:
        self.board.show_rows(board.current, board.past, board.due)
        if not self.box.text().strip():
            self._show_tiles(board.devices)

    def _show_tiles(self, devices: Sequence[FoundDevice]) -> None:
        self._found = devices
        self._tiles.clear()
        self._nothing.setVisible(not devices)
        text = self._nothing.text
        self.context.texts.bind(text, text.setText, _NO_FIT if self.box.text() else _NO_DEVICE)
        say = self.context.texts.say
        for device in devices:
            name = device.name or say(word(device.category))
            whole = f"{device.tag} {name} {device.position or ''}".strip()
            second, tone = device.position or name, Tone.MUTED
            if device.open_fault is not None:
                second, tone = say(msg("{name} · reported", name=second)), Tone.DANGER
                whole = say(msg("{name} · reported", name=whole))
            made = Tile(
                self.context,
                device.tag,
                second,
                name=f"tile_{device.tag}",
                icon_name=CATEGORY_ICONS[device.category],
                tone=Tone.ACCENT if device.open_fault is None else Tone.DANGER,
                second_tone=tone,
                widest=_TILE_WIDTH,
            )
            made.setAccessibleName(whole)
            made.setToolTip(whole)
            made.clicked.connect(lambda _=False, device=device: self._begin(device))
            self._tiles.addWidget(made)

    def _search(self) -> None:
        text, context = self.box.text().strip(), self.context
        if not text:
            self._read_board()
            return
        self._question += 1
        question = self._question
        ask(
            self,
            context,
            lambda: device_finder.find(context.database, context.actor, text),
            lambda found: self._show_tiles(found) if question == self._question else None,
        )

    def _take_first(self) -> None:
        text = self.box.text().strip()
        if text:
            self._take_tag(text)
        elif self._found:
            self._begin(self._found[0])

    def _take_tag(self, text: str) -> None:
        context = self.context

        def show(found: Sequence[FoundDevice]) -> None:
            self._show_tiles(found)
            if found:
                self._begin(found[0])

        self._search_later.stop()
        self._question += 1
        ask(self, context, lambda: device_finder.find(context.database, context.actor, text), show)

    def _begin(self, device: FoundDevice) -> None:
        context, now = self.context, self.context.now()
        draft = recall(context.preferences)

        def read() -> tuple[Sequence[SymptomRow], int | None]:
            rows = symptoms.list_symptoms(context.database, context.actor, device.category)
            return rows, opened_at(context.database, context.actor, device.id, now)

        def show(answer: tuple[Sequence[SymptomRow], int | None]) -> None:
            kept = draft if draft is not None and draft.tag == device.tag else None
            self._answer.hide()
            self._stack.setCurrentIndex(1)
            self.form.show_device(device, *answer, kept)

        ask(self, context, read, show)

    def _back_to_box(self) -> None:
        self._stack.setCurrentIndex(0)
        self.box.clear()
        self.box.setFocus()
        self._read_board()

    def _report(self, what: tuple[object, ...]) -> None:
        device_id, impact, symptom, occurred_at, note, pictures = what
        context, at = self.context, self.context.now()
        perform(
            self,
            context,
            lambda: fault_reports.report(
                context.database,
                context.actor,
                device_id,  # type: ignore[arg-type]
                impact,  # type: ignore[arg-type]
                symptom,  # type: ignore[arg-type]
                occurred_at=occurred_at,  # type: ignore[arg-type]
                note=note,  # type: ignore[arg-type]
                pictures=pictures,  # type: ignore[arg-type]
                at=at,
            ),
            done=self._reported,
            failed=self._refused,
        )

    def _refused(self, error: Exception) -> bool:
        self.form.refused()
        show_problem(self.window(), self.context.texts, error)
        return True

    def _reported(self, answer: fault_reports.Reported) -> None:
        self.form.finished()
        due = moment_near(self.context.texts, answer.repair_due_at, self.context.now())
        sentence = (
            msg("Added to ticket {number}; to be repaired by {due}.", number=answer.number, due=due)
            if answer.joined
            else msg("Ticket {number}: will be repaired by {due}.", number=answer.number, due=due)
        )
        self._answer.say(sentence, "mdi6.check-circle", Tone.OK)
        self._back_to_box()

    def _confirm(self, row: TicketRow) -> None:
        context, at = self.context, self.context.now()
        perform(
            self,
            context,
            lambda: tickets.confirm(
                context.database, context.actor, row.id, version=row.version, at=at
            ),
            success=msg("Ticket {number} is closed.", number=row.number),
        )

    def _send_back(self, row: TicketRow) -> None:
        context = self.context
        question = msg("What is still wrong with {tag}?", tag=row.tag)
        dialog = ReasonDialog(context, self, msg("Still broken"), question)

        def prepare() -> Callable[[], Changes]:
            reason, version, at = dialog.text(), self.board.newest(row).version, context.now()
            return lambda: tickets.send_back(
                context.database, context.actor, row.id, reason, version=version, at=at
            )

        dialog.run(
            prepare,
            success=msg("Ticket {number} goes back to the workshop.", number=row.number),
            look_again=self._read_board,
        )

    def _passed(self, due: DueInspection) -> None:
        context, at = self.context, self.context.now()
        perform(
            self,
            context,
            lambda: inspections.record(
                context.database, context.actor, due.device_id, InspectionResult.PASSED, at=at
            ),
            success=msg("{tag} is recorded as passed.", tag=due.tag),
        )

    def _failed(self, due: DueInspection) -> None:
        FailedDialog(self.context, self.window(), due).ask(self._tell_failed)

    def _tell_failed(self, answer: inspections.Recorded) -> None:
        due = moment_near(self.context.texts, answer.repair_due_at, self.context.now())
        self._answer.say(
            msg(
                "Recorded as failed; ticket {number} is to be repaired by {due}.",
                number=answer.fault_number,
                due=due,
            ),
            "mdi6.check-circle",
            Tone.OK,
        )
