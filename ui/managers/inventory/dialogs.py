"""What is asked before many devices are moved, retired or changed: one small form each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel

from desk_maint.domain.devices import DeviceState
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.language.fields import field_key
from ui.widgets.form_dialog import FormDialog
from ui.widgets.naming import named
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from ui.context import Context
    from ui.texts import Text

__all__ = ["BulkDialog", "MoveDialog", "RecordDialog", "StateDialog"]

_BULK = ("custodian", "owner", "manufacturer", "model", "warranty_until", "remarks")


class RecordDialog(FormDialog):
    """A record form with a sentence above it that says what will happen."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        title: Text,
        name: str,
        sentence: Message,
        fields: Sequence[FormField],
    ) -> None:
        super().__init__(context, parent, title, f"{name}_dialog")
        what = named(QLabel(context.texts.say(sentence), wordWrap=True), f"{name}_what")
        self.form.addRow(what)
        self.record = RecordForm(context, fields, name=name)
        self.form.addRow(self.record)

    def answer(self) -> dict[str, Any] | None:
        """Return what was entered; None where a field is wrong, which is said beside it."""
        return self.record.values()

    def refuse_field(self, field: str, text: str) -> bool:
        return self.record.refuse(field, text)


class MoveDialog(RecordDialog):
    """To which outlet, to which place there, from which day on."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        count: int,
        units: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(
            context,
            parent,
            Term("act_device_move"),
            "move",
            msg(
                "Devices: {count}. They belong to the new outlet from the start of that day; "
                "the figures of the days before stay where they were.",
                count=count,
            ),
            [
                FormField("outlet_id", Term("outlet"), FieldKind.CHOICE, units),
                FormField("position", Term(field_key("device", "position"))),
                FormField("on", Term("moved_on"), FieldKind.DATE, needed=True),
            ],
        )
        self.record.show_values({"on": local_date(context.now(), context.zone)})


class StateDialog(RecordDialog):
    """In which state from which day on; scrapped ones are retired."""

    def __init__(self, context: Context, parent: QWidget | None, count: int) -> None:
        super().__init__(
            context,
            parent,
            Term("act_device_state"),
            "state",
            msg(
                "Devices: {count}. Only those in use count for the figures, from the start of "
                "that day on; a scrapped one is retired.",
                count=count,
            ),
            [
                FormField(
                    "state",
                    Term("equipment_state"),
                    FieldKind.CHOICE,
                    [(state, word(state)) for state in DeviceState],
                ),
                FormField("on", Term("valid_from"), FieldKind.DATE, needed=True),
            ],
        )
        self.record.show_values({"on": local_date(context.now(), context.zone)})


class BulkDialog(RecordDialog):
    """The same values for many devices; what is left empty stays as it is."""

    def __init__(self, context: Context, parent: QWidget | None, count: int) -> None:
        super().__init__(
            context,
            parent,
            Term("act_device_edit"),
            "bulk",
            msg("Devices: {count}. What is left empty stays as it is.", count=count),
            [
                FormField(
                    field,
                    Term(field_key("device", field)),
                    FieldKind.DATE if field == "warranty_until" else FieldKind.TEXT,
                )
                for field in _BULK
            ],
        )

    def answer(self) -> dict[str, Any] | None:
        """Return what is to be set; None where a field is wrong, or nothing is entered at all."""
        values = super().answer()
        if values is None:
            return None
        given = {key: value for key, value in values.items() if value is not None}
        if not given:
            self.record.refuse(_BULK[0], self.context.texts.say(msg("Fill in at least one field.")))
        return given or None
