"""What the ledger is narrowed by: a search, choices, a unit; each can be taken away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.outlets import Zone
from desk_maint.services.device_lists import DeviceFilter
from ui.theme import Size, Space
from ui.widgets.basics import button, caption, chip
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ui.context import Context
    from ui.texts import Text

__all__ = ["LedgerFilters"]

_FILTER_AFTER_MS = 150
_LONGEST = 14
"""Characters of a filter's value that its button shows."""


class LedgerFilters(QWidget):
    """The search and the choices; below them what is chosen, each with a way to take it away."""

    changed = Signal()
    """Something else is asked for."""
    unit_left = Signal()
    """The unit is no longer asked for: the tree has to show it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("ledger_filters")
        self._unit: tuple[int, str] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self._first = QHBoxLayout()
        self._first.setSpacing(Space.S)
        self.search = self._make_search()
        self._first.addWidget(self.search, 1)
        layout.addLayout(self._first)
        choices, flow = flow_widget()
        self.category = self._choice(Term("equipment_category"), "ledger_category")
        self.state = self._choice(Term("equipment_state"), "ledger_state")
        self.zone = self._choice(Term("outlet_zone"), "ledger_zone")
        self.faulty = chip(context, msg("With a fault"), name="ledger_faulty")
        self.faulty.clicked.connect(self._choose)
        for part in (self.category, self.state, self.zone, _in_line(self.faulty)):
            flow.addWidget(part)
        layout.addWidget(choices)
        self._active = named(QWidget(), "ledger_active")
        line = QHBoxLayout(self._active)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        chips, self._chips = flow_widget()
        line.addWidget(chips, 1)
        everything = button(context, msg("Clear all"), self.clear, name="ledger_clear")
        line.addWidget(everything, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._active)
        self._later = QTimer(self, singleShot=True, interval=_FILTER_AFTER_MS)
        self._later.timeout.connect(self._choose)
        self.fill_choices()
        self.show_active()
        context.texts.changed.connect(self.fill_choices)
        context.texts.changed.connect(self.show_active)

    def _make_search(self) -> QLineEdit:
        texts = self.context.texts
        search = named(QLineEdit(), "ledger_search")
        search.setClearButtonEnabled(True)
        texts.bind(search, search.setPlaceholderText, msg("Tag, name, place, model…"))
        texts.bind(search, search.setAccessibleName, Term("ui_search"))
        search.textChanged.connect(lambda _text: self._later.start())
        return search

    def _choice(self, title: Text, name: str) -> QComboBox:
        box = named(QComboBox(), name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.context.texts.bind(box, box.setAccessibleName, title)
        box.activated.connect(lambda _index: self._choose())
        return box

    def put_beside_search(self, widget: QWidget) -> None:
        """Put something into the line of the search."""
        self._first.addWidget(widget)

    def fill_choices(self) -> None:
        """Fill the choices with the words of the language; what is chosen stays chosen."""
        say = self.context.texts.say
        for box, everything, members in (
            (self.category, msg("All categories"), Category),
            (self.state, msg("All states"), DeviceState),
            (self.zone, msg("All zones"), Zone),
        ):
            kept = box.currentData()
            box.clear()
            box.addItem(say(everything), None)
            for each in members:
                box.addItem(say(word(each)), each)
            box.setCurrentIndex(max(box.findData(kept), 0))

    def _choose(self) -> None:
        self.show_active()
        self.changed.emit()

    def use_unit(self, key: int | None, name: str) -> None:
        """Ask for a unit with all below it; None: for all units."""
        self._unit = None if key is None else (key, name)
        self._choose()

    def wanted(self) -> DeviceFilter:
        """Return what is asked for."""
        category, state = self.category.currentData(), self.state.currentData()
        return DeviceFilter(
            outlet_id=None if self._unit is None else self._unit[0],
            zone=self.zone.currentData(),
            categories=frozenset({category} if category else ()),
            states=frozenset({state} if state else ()),
            faulty=True if self.faulty.isChecked() else None,
            text=self.search.text(),
        )

    # What is chosen

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return any(True for _ in self._parts())

    def told(self) -> list[str]:
        """Return what narrows the list, in words."""
        return [words for _, words, _ in self._parts()]

    def _parts(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Yield what narrows the list: its key, its words, and what takes it away."""
        if self._unit is not None:
            yield "unit", self._unit[1], self.unit_left.emit
        if self.search.text().strip():
            yield "search", f"“{self.search.text().strip()}”", self.search.clear
        for key, box in (("category", self.category), ("state", self.state), ("zone", self.zone)):
            if box.currentData() is not None:
                yield key, box.currentText(), partial(self._leave, box)
        if self.faulty.isChecked():
            yield "faulty", self.faulty.text(), self.faulty.click

    def _leave(self, box: QComboBox) -> None:
        box.setCurrentIndex(0)
        self._choose()

    def show_active(self) -> None:
        """Show what narrows the list."""
        self._chips.clear()
        parts = list(self._parts())
        self._active.setVisible(bool(parts))
        if not parts:
            return
        self._chips.addWidget(
            _in_line(caption(self.context, msg("Only shown:"), name="ledger_only"))
        )
        for key, words, leave in parts:
            short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
            made = named(QPushButton(f"{short}  ×"), f"ledger_only_{key}")
            made.clicked.connect(partial(_call, leave))
            made.setProperty("role", "chip")
            made.setToolTip(words)
            made.setAccessibleName(
                self.context.texts.say(msg("No longer only: {what}", what=words))
            )
            made.setCheckable(True)
            made.setChecked(True)
            self._chips.addWidget(_in_line(made))

    def clear(self) -> None:
        """Ask for everything again."""
        for box in (self.category, self.state, self.zone):
            box.setCurrentIndex(0)
        self.faulty.setChecked(False)
        self.search.clear()
        self._later.stop()
        if self._unit is not None:
            self._unit = None
            self.unit_left.emit()
        self._choose()


def _call(leave: Callable[[], object], _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's)
    leave()


def _in_line(widget: QWidget) -> QWidget:
    """Return the widget in the middle of a line as high as the fields beside it."""
    holder = QWidget()
    holder.setFixedHeight(Size.CONTROL)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return holder
