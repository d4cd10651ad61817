"""One device: what is known of it as a form, where it stood, its tickets, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.devices import Category, ExtinguisherType
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.language.words import calendar_words
from desk_maint.services import (
    calendars,
    device_lists,
    devices,
    history,
    inspections,
    outlets,
    ticket_queue,
)
from desk_maint.services.devices import DeviceData
from desk_maint.services.ticket_filter import TicketFilter
from ui.managers.inventory.device_past import ChangesView, KnownDevice, PastView
from ui.operations import ask, perform
from ui.theme import Space
from ui.widgets.basics import button, caption
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.widgets.unsaved import may_leave
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.device_lists import DeviceCard, DeviceRow
    from ui.context import Context
    from ui.texts import Text

__all__ = ["DevicePanel"]

_OF_CATEGORY = {
    "extinguisher_type": {Category.FIRE_EXTINGUISHER},
    "last_serviced_on": {Category.FIRE_EXTINGUISHER},
    "retention_days_required": {Category.CCTV_CAMERA},
}
"""Fields that only devices of some categories have."""


@dataclass(frozen=True, slots=True)
class _Choices:
    calendars: Sequence[tuple[Any, Text | str]]
    outlets: Sequence[tuple[Any, Text | str]]


class DevicePanel(QWidget):
    """The device in hand; a new one where none is."""

    added = Signal(int)
    """Key of a device that was just added."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("device_panel")
        self.setMinimumWidth(330)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.heading = named(QLabel(wordWrap=True), "device_heading")
        self.heading.setProperty("role", "strong")
        layout.addWidget(self.heading)
        self.tabs = named(QTabWidget(), "device_tabs")
        layout.addWidget(self.tabs, 1)
        self.form = RecordForm(context, self._fields(), name="device")
        self.form.edited.connect(self._edited)
        self._past = PastView(context)
        self._log = ChangesView(context)
        pages = (
            (self.form, msg("Particulars")),
            (self._past, msg("Past")),
            (self._log, msg("Changes")),
        )
        for number, (page, title) in enumerate(pages):
            self.tabs.addTab(self._scrolled(page), "")
            context.texts.bind(self, self._namer(number), title)
        self.problem = ProblemLine(context, name="device_problem")
        layout.addWidget(self.problem)
        foot = QHBoxLayout()
        self.save_button = button(
            context, Term("ui_save"), self.save, name="device_save", role="primary"
        )
        foot.addWidget(self.save_button)
        self._hint = caption(context, name="device_hint")
        foot.addWidget(self._hint, 1)
        layout.addLayout(foot)
        # What is saved is the form: the button stands where the form is.
        self.tabs.currentChanged.connect(lambda tab: self.save_button.setVisible(tab == 0))
        self.row: DeviceRow | None = None
        self._before: DeviceRow | None = None
        """The device that was in hand when a new one was begun."""
        self._adding = self._unsaved = False
        self.form.allow(editing=False)

    def _namer(self, number: int) -> Callable[[str], None]:
        return lambda text: self.tabs.setTabText(number, text)

    def edit(self) -> None:
        """Begin to edit the device in hand."""
        self.tabs.setCurrentIndex(0)
        first = self.form.findChild(QLineEdit, "device_tag")
        if first is not None:
            first.setFocus()
            first.selectAll()

    def turn(self) -> None:
        """Turn to the next tab."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())

    def _scrolled(self, inside: QWidget) -> QScrollArea:
        box = QWidget()
        box.setProperty("role", "scrolled")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, Space.S, Space.S, 0)
        column.addWidget(inside)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(box)
        return scroll

    def _fields(self) -> list[FormField]:
        def label(field: str) -> Term:
            return Term(field_key("device", field))

        dates = {
            "commissioned_on",
            "retired_on",
            "warranty_until",
            "manufactured_on",
            "last_serviced_on",
        }
        made = [
            FormField("outlet_id", Term("outlet"), FieldKind.CHOICE),
            FormField("tag", label("tag"), needed=True),
            FormField(
                "category",
                label("category"),
                FieldKind.CHOICE,
                [(each, word(each)) for each in Category],
            ),
            FormField("name", label("name")),
            FormField("position", label("position")),
            FormField("calendar_id", label("calendar_id"), FieldKind.CHOICE),
            FormField(
                "extinguisher_type",
                label("extinguisher_type"),
                FieldKind.CHOICE,
                [(None, "—"), *((each, word(each)) for each in ExtinguisherType)],
            ),
            FormField(
                "retention_days_required", label("retention_days_required"), FieldKind.NUMBER
            ),
        ]
        there = {field.key for field in made}
        for part in fields(DeviceData):
            if part.name in there:
                continue
            kind = FieldKind.DATE if part.name in dates else FieldKind.TEXT
            if part.name == "remarks":
                kind = FieldKind.LINES
            needed = part.name == "commissioned_on"
            made.append(FormField(part.name, label(part.name), kind, needed=needed))
        return made

    def read_choices(self) -> None:
        """Read the calendars and units that can be chosen."""
        context = self.context

        def read() -> _Choices:
            database, actor = context.database, context.actor
            hours = calendars.list_calendars(database, actor)
            units = outlets.list_choices(database, actor)
            return _Choices(
                [
                    (None, msg("That of its outlet")),
                    *((row.id, calendar_words(row.name)) for row in hours),
                ],
                [(unit.id, f"{unit.code} {unit.name}") for unit in units],
            )

        def fill(found: _Choices) -> None:
            self.form.offer("calendar_id", found.calendars)
            self.form.offer("outlet_id", found.outlets)

        ask(self, context, read, fill)

    def show_device(self, row: DeviceRow | None) -> None:
        """Show a device; what was typed for another one is saved or given up first."""
        in_hand = self._before if self._adding else self.row
        same = row is not None and in_hand is not None and row.id == in_hand.id
        if same and (self._unsaved or self._adding):
            return
        if self.may_leave(lambda: self._show(row)):
            self._show(row)

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Ask about what is typed and not saved; ``then`` follows where it is saved first."""
        if self._unsaved:
            return may_leave(
                self, self.context.texts, save=lambda then: self.save(then=then), then=then
            )
        return True

    def _show(self, row: DeviceRow | None) -> None:
        self.row, self._adding = row, False
        self.form.show_values({} if row is None else self._values(row))
        self._unsaved = False
        self.form.allow(editing=row is not None)
        self._limit_fields(None if row is None else row.category)
        self.save_button.setEnabled(row is not None)
        self.heading.setText("" if row is None else f"{row.tag}　{row.name or ''}".strip())
        self.problem.say_nothing()
        if row is None:
            self._show_known(None)
        else:
            self._read_past(row.id)

    def start_new(self, outlet_id: int | None) -> None:
        """Empty the form for a new device."""
        if not self.may_leave(lambda: self.start_new(outlet_id)):
            return
        self._before = self._before if self._adding else self.row
        self.row, self._adding = None, True
        context = self.context
        today = local_date(context.now(), context.zone)
        self.form.show_values(
            {"category": Category.ATM, "commissioned_on": today, "outlet_id": outlet_id}
        )
        self._unsaved = False
        self.form.allow(editing=True)
        self._limit_fields(Category.ATM, new=True)
        self.save_button.setEnabled(True)
        self.heading.setText(context.texts.say(msg("New device")))
        self.tabs.setCurrentIndex(0)
        self._show_known(None)
        self.problem.say_nothing()
        self.form.focus_first()

    def _values(self, row: DeviceRow) -> dict[str, Any]:
        return {
            "outlet_id": row.outlet_id,
            **{part.name: getattr(row, part.name) for part in fields(DeviceData)},
        }

    def _limit_fields(self, category: Category | None, *, new: bool = False) -> None:
        shown = [part.name for part in fields(DeviceData)]
        shown = [key for key in shown if key not in _OF_CATEGORY or category in _OF_CATEGORY[key]]
        # Where it stands is changed by a move, which has a date.
        self.form.show_only([*shown, *(["outlet_id"] if new else [])])

    def _edited(self) -> None:
        self._unsaved = True

    def save(self, *, then: Callable[[], object] | None = None) -> None:
        """Save the form; a refusal keeps it and says why."""
        values = self.form.values()
        if values is None or not self.save_button.isEnabled():
            return
        context, row = self.context, self.row
        outlet_id = values.pop("outlet_id")
        data = DeviceData(**values)
        if self._adding:
            perform(
                self,
                context,
                lambda: devices.create(
                    context.database, context.actor, data, outlet_id, at=context.now()
                ),
                success=msg("{tag} is in the ledger.", tag=data.tag),
                done=lambda saved: self._saved(saved.id, then),
                failed=self._refused,
            )
        elif row is not None:
            perform(
                self,
                context,
                lambda: devices.edit(
                    context.database,
                    context.actor,
                    row.id,
                    data,
                    version=row.version,
                    at=context.now(),
                ),
                success=msg("Saved."),
                done=lambda _changes: self._saved(row.id, then),
                failed=self._refused,
            )

    def _saved(self, device_id: int, then: Callable[[], object] | None) -> None:
        self._unsaved = self._adding = False
        self.problem.say_nothing()
        if then is not None:
            then()
        self.added.emit(device_id)

    def _refused(self, error: Exception) -> bool:
        return self.problem.deal_with(
            error,
            refuse=self.form.refuse,
            look_again=None if self.row is None else partial(self._look_again, self.row.id),
        )

    def _look_again(self, key: int) -> None:
        context = self.context
        ask(
            self,
            context,
            lambda: device_lists.read_card(context.database, context.actor, key),
            self._show_both,
        )

    def _show_both(self, card: DeviceCard) -> None:
        self.row = card.row
        self.form.show_theirs(self._values(card.row))
        self.problem.say_stale()

    def _read_past(self, device_id: int) -> None:
        context = self.context

        def read() -> KnownDevice:
            database, actor = context.database, context.actor
            return KnownDevice(
                device_lists.read_card(database, actor, device_id),
                ticket_queue.list_tickets(
                    database,
                    actor,
                    TicketFilter(device_id=device_id),
                    sort="reported_at",
                    descending=True,
                    limit=30,
                ).rows,
                history.list_device_changes(database, actor, device_id, limit=30).rows,
                inspections.list_inspections(database, actor, device_id, limit=30),
            )

        ask(self, context, read, self._show_past)

    def _show_past(self, known: KnownDevice) -> None:
        if self.row is not None and self.row.id == known.card.row.id:
            self._show_known(known)

    def _show_known(self, known: KnownDevice | None) -> None:
        self._past.show_known(known)
        self._log.show_changes(() if known is None else known.changes)
