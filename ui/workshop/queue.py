"""The queue: nearest deadline first, chips to narrow it, a search, saved views."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import HoldReason, Impact, TicketState
from desk_maint.domain.instants import DAY
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.tickets import OPEN_STATES, in_time
from desk_maint.services import ticket_queue
from desk_maint.services.ticket_filter import TicketFilter
from desk_maint.services.ticket_rows import TicketRow
from ui.formats import moment_near
from ui.icons import icon
from ui.operations import ask
from ui.paged_model import Chosen, Column, PagedModel, choose_place, paged_table
from ui.theme import Space
from ui.widgets.basics import EmptyState, chip
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.time_left import time_left_words, tone_of
from ui.widgets.two_lines import ROW_HEIGHT, TwoLines, cell_width
from ui.words import STATE_LOOKS, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.outlets import OutletChoice
    from desk_maint.services.paging import Page
    from ui.context import Context
    from ui.texts import Text

__all__ = ["Queue"]

_FILTER_AFTER_MS = 150
_LEAST_WIDTH = 108
"""Pixels that a ticket's number takes."""
_SAVED_VIEWS = "queue_views"


@dataclass(frozen=True, slots=True)
class _Chip:
    """A chip of the queue and what it asks for."""

    name: str
    text: Text
    states: frozenset[TicketState] = frozenset()
    count: str = ""


_CHIPS = (
    _Chip("open", msg("All open"), OPEN_STATES, "open"),
    _Chip("to_accept", Term("ts_reported"), frozenset({TicketState.REPORTED}), "to_accept"),
    _Chip("mine", msg("Mine"), OPEN_STATES, "mine"),
    _Chip("overdue", Term("overdue"), OPEN_STATES, "overdue"),
    _Chip("on_hold", Term("ts_on_hold"), frozenset({TicketState.ON_HOLD}), "on_hold"),
    _Chip("to_confirm", Term("ts_pending_check"), frozenset({TicketState.RESTORED}), "to_confirm"),
    _Chip("exemptions", Term("exclusion_request"), frozenset(), "exemptions"),
    _Chip("all", msg("All, closed too")),
)


_KEPT = {True: Term("in_time_yes"), False: Term("in_time_no")}


def _asked(row: TicketRow, when: str) -> Message:
    """Return what the next deadline asks for."""
    if row.state is TicketState.REPORTED:
        return msg("accept by {when}", when=when)
    if row.state is TicketState.ACCEPTED and row.on_site_due_at is not None:
        return msg("on site by {when}", when=when)
    return msg("repair by {when}", when=when)


def _two(first: str, second: str | None) -> str:
    """Return the two lines of a cell."""
    return f"{first}\n{second}" if second else first


class Queue(QWidget):
    """The list on the left of the workshop; it never holds more rows than are looked at."""

    chosen = Signal(object)
    """The :class:`TicketRow` in hand, or None."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("queue")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.S)
        box, flow = flow_widget(spacing=Space.XS)
        self.chips = {
            each.name: chip(context, each.text, name=f"chip_{each.name}") for each in _CHIPS
        }
        for name, made in self.chips.items():
            made.clicked.connect(lambda _=False, name=name: self.use_chip(name))
            flow.addWidget(made)
        layout.addWidget(box)
        layout.addLayout(self._make_filters())
        self._chip = _CHIPS[0]
        self.chips["open"].setChecked(True)
        self._asked = self.wanted()
        self.model = PagedModel(context, self._columns(), self._fetch, self)
        self.model.loaded.connect(self._loaded)
        self.table = self._make_table()
        self.selection = Chosen(self.table, self.model)
        self._fit_columns()
        self._empty = EmptyState(
            context,
            "mdi6.coffee-outline",
            msg("Nothing here. Choose another chip, or clear the search."),
            name="queue_empty",
        )
        self._layers = QStackedLayout()
        self._layers.addWidget(self.table)
        self._layers.addWidget(self._empty)
        layout.addLayout(self._layers, 1)
        self._later = QTimer(self, singleShot=True, interval=_FILTER_AFTER_MS)
        self._later.timeout.connect(self.refresh)
        self._keep_id: int | None = None
        self._top = 0
        self._counts_due = self._outlets_due = False

    def _make_filters(self) -> QHBoxLayout:
        texts = self.context.texts
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.search = named(QLineEdit(), "queue_search")
        self.search.setClearButtonEnabled(True)
        texts.bind(self.search, self.search.setPlaceholderText, msg("Number, tag, symptom, outlet"))
        texts.bind(self.search, self.search.setAccessibleName, Term("ui_search"))
        self.search.textChanged.connect(lambda _text: self._later.start())
        row.addWidget(self.search, 2)
        self.outlet = named(QComboBox(), "queue_outlet")
        self.outlet.setMinimumContentsLength(8)
        self.outlet.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        texts.bind(self.outlet, self.outlet.setAccessibleName, Term("outlet"))
        self.outlet.activated.connect(self.refresh)
        row.addWidget(self.outlet, 1)
        self.category = named(QComboBox(), "queue_category")
        self.category.setMinimumContentsLength(6)
        texts.bind(self.category, self.category.setAccessibleName, Term("equipment_category"))
        self.category.activated.connect(self.refresh)
        row.addWidget(self.category, 1)
        self._fill_categories()
        texts.changed.connect(self._fill_categories)
        self.views = named(QToolButton(), "queue_views")
        self.views.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        texts.bind(self.views, self.views.setText, msg("Views"))
        self.views.setMenu(QMenu(self.views))
        self.views.menu().aboutToShow.connect(self._fill_views)
        row.addWidget(self.views)
        return row

    def _make_table(self) -> QTableView:
        table = paged_table(
            self.context,
            self.model,
            msg("Repair tickets"),
            name="queue_table",
            widths=(0, 0, 112, 100, 108, 122),
            row_height=ROW_HEIGHT,
        )
        table.horizontalHeader().setMinimumSectionSize(_LEAST_WIDTH)
        table.setItemDelegate(TwoLines(self.context.theme, table))
        self.context.texts.changed.connect(self._fit_columns)
        table.selectionModel().selectionChanged.connect(self._selected)
        return table

    def _fit_columns(self) -> None:
        """Give what is told in words the room that it takes in the present language."""
        say, theme = self.context.texts.say, self.context.theme
        under = [say(word(each)) for each in (*Impact, *HoldReason)]
        states = [_two(say(word(state)), max(under, key=len)) for state in TicketState]
        late = say(time_left_words(0, DAY - 1))
        for column, texts in ((0, states), (1, [late])):
            width = max(cell_width(theme, text, icon=True) for text in texts)
            self.table.setColumnWidth(column, width + Space.S)

    def _columns(self) -> Sequence[Column]:
        return (
            Column("state", Term("ui_status"), self._state, "state", roles=self._state_roles),
            Column(
                "left", Term("remaining_time"), self._left, "next_due_at", roles=self._left_roles
            ),
            Column("tag", Term("asset_no"), lambda row: _two(row.tag, row.position), "tag"),
            Column(
                "symptom",
                Term("fault_symptom"),
                lambda row: _two(row.symptom or "—", row.device_name),
                "symptom",
            ),
            Column(
                "outlet",
                Term("outlet"),
                lambda row: _two(row.outlet_name, row.outlet_code),
                "outlet_code",
            ),
            Column(
                "number",
                Term("repair_ticket"),
                lambda row: _two(row.technician or "—", row.number),
                "number",
            ),
        )

    def _state(self, row: TicketRow) -> str:
        say = self.context.texts.say
        return _two(say(word(row.state)), say(word(row.hold_reason or row.impact)))

    def _state_roles(self, row: TicketRow, role: int) -> object:
        name, tone = STATE_LOOKS[row.state]
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(self.context.theme, name, tone)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.context.theme.colour(tone)
        return None

    def _left(self, row: TicketRow) -> str:
        texts, now = self.context.texts, self.context.now()
        if row.state not in OPEN_STATES:
            kept = in_time(row.restored_at, row.repair_due_at, now)
            verdict = None if kept is None else texts.say(_KEPT[kept])
            return _two(moment_near(texts, row.restored_at or row.cancelled_at, now), verdict)
        # The deadline that the queue is in order of, and what it asks for.
        due = row.next_due_at
        left = texts.say(time_left_words(due, row.clock_at(now)))
        if due is None:
            return left
        if row.clock_stopped:
            return _two(left, texts.say(msg("clock stopped")))
        return _two(left, texts.say(_asked(row, moment_near(texts, due, now))))

    def _left_roles(self, row: TicketRow, role: int) -> object:
        if row.state not in OPEN_STATES:
            return None
        due, at = row.next_due_at, row.clock_at(self.context.now())
        tone = tone_of(due, row.reported_at, at, stopped=row.clock_stopped)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.context.theme.colour(tone)
        if role == Qt.ItemDataRole.DecorationRole:
            late = due is not None and at > due
            name = "mdi6.alarm-light-outline" if late else "mdi6.timer-outline"
            return icon(self.context.theme, name, tone)
        return None

    def wanted(self) -> TicketFilter:
        """Return what chips, search and lists ask for."""
        outlet, category = self.outlet.currentData(), self.category.currentData()
        return TicketFilter(
            states=self._chip.states,
            mine=self._chip.name == "mine",
            overdue_at=self.context.now() if self._chip.name == "overdue" else None,
            exemption_proposed=self._chip.name == "exemptions",
            outlet_ids=frozenset() if outlet is None else frozenset({outlet}),
            categories=frozenset() if category is None else frozenset({Category(category)}),
            text=self.search.text().strip(),
        )

    def _fetch(
        self,
        offset: int,
        limit: int,
        sort: str | None,
        descending: bool,  # noqa: FBT001  (as the table asks)
    ) -> Page[TicketRow]:
        return ticket_queue.list_tickets(
            self.context.database,
            self.context.actor,
            self._asked,
            sort=sort,
            descending=descending,
            offset=offset,
            limit=limit,
        )

    def open(self) -> None:
        """Read the queue; the outlets to choose from follow it."""
        self._outlets_due = True
        self.refresh()

    def refresh(self) -> None:
        """Read the list and the counts again; the ticket in hand stays in hand."""
        row, wanted = self.current(), self.wanted()
        self._keep_id = row.id if row is not None else self._keep_id
        again, self._asked = wanted == self._asked, wanted
        self._top = self.table.rowAt(0) if again else 0
        self._counts_due = True
        self.model.refresh(max(self.table.currentIndex().row(), 0) if again else 0)

    def _read_beside(self) -> None:
        """Read what stands around the list, now that the list is there."""
        context, now = self.context, self.context.now()
        if self._counts_due:
            self._counts_due = False
            ask(
                self,
                context,
                lambda: ticket_queue.count_queue(context.database, context.actor, now),
                self._show_counts,
            )
        if self._outlets_due:
            from desk_maint.services import outlets

            self._outlets_due = False
            ask(
                self,
                context,
                lambda: outlets.list_choices(context.database, context.actor),
                self._fill_outlets,
            )

    def show_part(self, name: str) -> None:
        """Show what a chip leaves, or the ticket of a number; what was looked for is cleared."""
        known = name in self.chips
        self.search.setText("" if known else name)
        self.outlet.setCurrentIndex(0)
        self.category.setCurrentIndex(0)
        self.use_chip(name if known else "all")

    def use_chip(self, name: str) -> None:
        """Narrow the queue by one chip."""
        for each in _CHIPS:
            self.chips[each.name].setChecked(each.name == name)
            if each.name == name:
                self._chip = each
        self._keep_id = None
        self.refresh()

    def _show_counts(self, counts: ticket_queue.QueueCounts) -> None:
        for each in _CHIPS:
            if each.count:
                text = self.context.texts.say(each.text)
                self.chips[each.name].setText(f"{text} {getattr(counts, each.count)}")

    def _loaded(self) -> None:
        QTimer.singleShot(0, self, self._read_beside)
        self._layers.setCurrentIndex(0 if self.model.rowCount() else 1)
        if not self.model.rowCount():
            self.chosen.emit(None)
            return
        if self.current() is None:
            self._select_kept()

    def _select_kept(self) -> None:
        place = self.model.place_of(lambda row: row.id == self._keep_id)
        if place is not None:
            choose_place(self.table, place, self._top)
        elif self.model.row(0) is None:  # it was far down, and the most urgent ones are not read
            self.model.refresh()
        else:
            choose_place(self.table, 0, 0)

    def _selected(self) -> None:
        row = self.current()
        if row is not None:
            self._keep_id = row.id
            self.chosen.emit(row)

    def current(self) -> TicketRow | None:
        """Return the ticket in hand."""
        index = self.table.selectionModel().currentIndex()
        row = self.model.row(index) if index.isValid() else None
        return row if isinstance(row, TicketRow) else None

    def _fill_outlets(self, choices: Sequence[OutletChoice]) -> None:
        kept = self.outlet.currentData()
        self.outlet.clear()
        self.outlet.addItem(self.context.texts.say(msg("All outlets")), None)
        for choice in choices:
            self.outlet.addItem(f"{choice.code} {choice.name}", choice.id)
        self.outlet.setCurrentIndex(max(self.outlet.findData(kept), 0))

    def _fill_categories(self) -> None:
        kept = self.category.currentData()
        self.category.clear()
        self.category.addItem(self.context.texts.say(msg("All categories")), None)
        for category in Category:
            self.category.addItem(self.context.texts.say(word(category)), category.value)
        self.category.setCurrentIndex(max(self.category.findData(kept), 0))

    def _views_kept(self) -> dict[str, dict[str, object]]:
        text = self.context.preferences.note(_SAVED_VIEWS)
        return json.loads(text) if text else {}

    def _fill_views(self) -> None:
        menu, views = self.views.menu(), self._views_kept()
        menu.clear()
        for name in views:
            menu.addAction(name, partial(self._use_view, name))
        if views:
            menu.addSeparator()
        menu.addAction(self.context.texts.say(msg("Save this view…")), self._save_view)
        for name in views:
            text = self.context.texts.say(msg("Forget “{name}”", name=name))
            menu.addAction(text, partial(self._forget_view, name))

    def _save_view(self) -> None:
        say = self.context.texts.say
        name, given = QInputDialog.getText(self, say(msg("Save this view…")), say(msg("Its name")))
        if given and name.strip():
            views = self._views_kept()
            views[name.strip()] = {
                "chip": self._chip.name,
                "text": self.search.text(),
                "outlet": self.outlet.currentData(),
                "category": self.category.currentData(),
            }
            self._keep_views(views)

    def _use_view(self, name: str) -> None:
        view = self._views_kept()[name]
        self.search.setText(str(view["text"]))
        self.outlet.setCurrentIndex(max(self.outlet.findData(view["outlet"]), 0))
        self.category.setCurrentIndex(max(self.category.findData(view["category"]), 0))
        self.use_chip(str(view["chip"]))

    def _forget_view(self, name: str) -> None:
        views = self._views_kept()
        del views[name]
        self._keep_views(views)

    def _keep_views(self, views: dict[str, dict[str, object]]) -> None:
        text = json.dumps(views, ensure_ascii=False)
        self.context.preferences.set_note(_SAVED_VIEWS, text)
