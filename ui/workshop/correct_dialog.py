"""Putting a ticket right: everything that was entered, and why it is changed now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from desk_maint.domain.faults import Grade, Impact, Responsibility
from desk_maint.domain.messages import Term
from desk_maint.language.fields import field_key
from desk_maint.services.ticket_corrections import Correction
from ui.theme import Size, Space
from ui.widgets.form_dialog import FormDialog
from ui.widgets.naming import named
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.words import grade_word, word

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["CorrectDialog"]

_MOMENTS = (
    "occurred_at",
    "reported_at",
    "accepted_at",
    "on_site_at",
    "restored_at",
    "confirmed_at",
    "spare_from",
)
_NEEDED = {"occurred_at", "reported_at"}


class CorrectDialog(FormDialog):
    """Moments at the left, what was found and done at the right, the reason below."""

    def __init__(self, context: Context, parent: QWidget | None, correction: Correction) -> None:
        super().__init__(context, parent, Term("do_ticket_edit"), "correct_dialog")
        self.setMinimumWidth(_WIDTH)
        halves = QWidget()
        across = QHBoxLayout(halves)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.XL)
        self._forms = [
            RecordForm(context, fields, name=f"correct_{name}", legend=False)
            for name, fields in (("when", _when_fields()), ("what", _what_fields()))
        ]
        for form in self._forms:
            form.show_values(asdict(correction))
            across.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        self.form.addRow(halves)
        self._reason = named(QPlainTextEdit(), "correct_reason")
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(2 * Size.CONTROL)
        self.row(Term("reason"), self._reason)
        self.accept_button.setEnabled(False)
        self._reason.textChanged.connect(lambda: self.accept_button.setEnabled(bool(self.reason())))

    def reason(self) -> str:
        """Return why it is changed."""
        return self._reason.toPlainText().strip()

    def correction(self) -> Correction | None:
        """Return the ticket as it should be; None where a field is wrong and says so."""
        found = [form.values() for form in self._forms]
        if None in found:
            return None
        return Correction(**{key: value for each in found if each for key, value in each.items()})

    def refuse_field(self, field: str, text: str) -> bool:
        return any(form.refuse(field, text) for form in self._forms)


def _label(field: str) -> Term:
    return Term(field_key("fault", field))


def _when_fields() -> list[FormField]:
    moments = [
        FormField(key, _label(key), FieldKind.MOMENT, needed=key in _NEEDED) for key in _MOMENTS
    ]
    impacts = [(each, word(each)) for each in Impact]
    grades = [(each, grade_word(each)) for each in Grade]
    return [
        *moments,
        FormField("impact", _label("impact"), FieldKind.CHOICE, impacts),
        FormField("grade", _label("grade"), FieldKind.CHOICE, grades),
    ]


def _what_fields() -> list[FormField]:
    parties: list[tuple[Responsibility | None, Term | str]] = [
        (None, "—"),
        *((each, word(each)) for each in Responsibility),
    ]
    return [
        FormField("symptom", _label("symptom")),
        FormField("cause", _label("cause")),
        FormField("responsibility", _label("responsibility"), FieldKind.CHOICE, parties),
        FormField("technician", _label("technician")),
        FormField("action_taken", _label("action_taken"), FieldKind.LINES),
        FormField("parts_used", _label("parts_used")),
        FormField("remarks", _label("remarks"), FieldKind.LINES),
    ]


_WIDTH = 820
"""Pixels that the two halves take."""
