"""Whether units that nobody knows yet are made from the table, and what they are called there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import fold, match_headers, sheet
from desk_maint.language import LANGUAGES, term
from ui.managers.inventory.importing.boxes import make_box
from ui.theme import Space
from ui.widgets.basics import chip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ui.context import Context

__all__ = ["NewUnits"]

_CALLED = ("outlet_name", "using_unit", "outlet")
"""What the column with the names of units is usually called."""


class NewUnits(QWidget):
    """One line: make them or not, and their name and zone; the code is the column pointed at."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("import_units")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self.make = chip(context, msg("Add units that are not known yet"), name="import_make_units")
        self.make.toggled.connect(self._toggled)
        row.addWidget(self.make)
        emit = self.changed.emit
        self.name = make_box(context, row, Term("outlet_name"), "import_unit_name", emit)
        self.zone = make_box(context, row, Term("outlet_zone"), "import_unit_zone", emit)
        row.addStretch(1)
        self._more: Mapping[str, str] = {}
        self._toggled(on=False)

    def _toggled(self, on: bool) -> None:  # noqa: FBT001  (Qt's signal)
        for box in (self.name, self.zone):
            box.setEnabled(on)
        self.changed.emit()

    def offer(self, headers: Sequence[str], given: Mapping[str, str], *, wanted: bool) -> None:
        """Offer their columns; ``given``: a profile's part for units, ``wanted``: at first on."""
        names = {fold(term(key, lang)) for key in _CALLED for lang in LANGUAGES}
        zones = match_headers(sheet("outlets"), headers).columns
        guess = {
            "name": next((title for title in headers if fold(title) in names), None),
            "zone": next((headers[i] for i, col in zones.items() if col.key == "zone"), None),
        }
        for key, box in (("name", self.name), ("zone", self.zone)):
            box.clear()
            box.addItem("—", None)
            for title in headers:
                box.addItem(title, f"{{{title}}}")
            first = given.get(key) if given else guess[key] and f"{{{guess[key]}}}"
            if first and box.findData(first) < 0:
                box.addItem(first, first)
            box.take(first or None)
        self._more = {key: text for key, text in given.items() if key not in {"name", "zone"}}
        self.make.setChecked(bool(given) or wanted)

    def outlet(self, code_title: str | None) -> dict[str, str]:
        """Return the profile's part ``outlet``; empty where no units are made."""
        code = self._more.get("code") or (code_title and f"{{{code_title}}}")
        if self.isHidden() or not self.make.isChecked() or not code:
            return {}
        made = {**self._more, "code": code, "name": self.name.currentData() or code}
        if self.zone.currentData():
            made["zone"] = self.zone.currentData()
        return made
