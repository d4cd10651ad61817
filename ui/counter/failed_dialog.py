"""What an inspection found wrong: chosen from the list, or written; it becomes a fault."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from desk_maint.domain.faults import Impact
from desk_maint.domain.inspections import InspectionResult
from desk_maint.domain.messages import Term, msg
from desk_maint.services import inspections
from ui.theme import Space
from ui.widgets.form_dialog import FormDialog
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.inspections import DueInspection, Recorded
    from ui.context import Context

__all__ = ["FailedDialog"]


class FailedDialog(FormDialog):
    """The items of the plan to tick, how bad it is, and a note."""

    def __init__(self, context: Context, parent: QWidget | None, due: DueInspection) -> None:
        super().__init__(context, parent, Term("result_fail"), "failed_dialog")
        self._due = due
        say = context.texts.say
        name = due.position or due.name or say(word(due.category))
        head = QLabel(say(msg("{tag} {name}: it is reported as a fault.", tag=due.tag, name=name)))
        head.setWordWrap(True)
        self.form.addRow(head)
        items = QWidget()
        column = QVBoxLayout(items)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self._items: list[QCheckBox] = []
        for number, item in enumerate(due.items, start=1):
            box = named(QCheckBox(item), f"failed_item_{number}")
            box.toggled.connect(self._look)
            column.addWidget(box)
            self._items.append(box)
        if self._items:
            self.row(Term("failed_items"), items)
        self._impact = named(QComboBox(), "failed_impact")
        for impact in (Impact.DEGRADED, Impact.OUT_OF_SERVICE):
            self._impact.addItem(say(word(impact)), impact)
        self.row(Term("impact"), self._impact)
        self._note = named(QLineEdit(), "failed_note")
        self._note.textChanged.connect(self._look)
        self.row(Term("note"), self._note)
        self._look()

    def ask(self, done: Callable[[Recorded], object]) -> None:
        """Ask, and record what was found."""
        self.run(self._prepare_call, done=done)

    def _look(self) -> None:
        self.accept_button.setEnabled(bool(self._failed() or self._note.text().strip()))

    def _failed(self) -> list[str]:
        return [
            item for item, box in zip(self._due.items, self._items, strict=True) if box.isChecked()
        ]

    def _prepare_call(self) -> Callable[[], Recorded]:
        context = self.context
        return partial(
            inspections.record,
            context.database,
            context.actor,
            self._due.device_id,
            InspectionResult.FAILED,
            failed_items=self._failed(),
            impact=Impact(self._impact.currentData()),
            note=self._note.text().strip() or None,
            at=context.now(),
        )
