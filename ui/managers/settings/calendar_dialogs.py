"""What is asked about a service calendar: one day of it, and the name of a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.language.words import calendar_words
from ui.managers.settings.calendar_year import day_title
from ui.widgets.form_dialog import FormDialog
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.words import hours_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desk_maint.services.special_days import DayView
    from ui.context import Context
    from ui.texts import Text

__all__ = ["CalendarNameDialog", "DayDialog"]


class _FieldsDialog(FormDialog):
    """Fields that are saved together; what is refused is said beside its field."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        title: Text,
        name: str,
        fields: Sequence[FormField],
    ) -> None:
        super().__init__(context, parent, title, f"{name}_dialog")
        self.record = RecordForm(context, fields, name=name)
        self.form.addRow(self.record)
        self.accept_button.setText(context.texts.say(Term("ui_save")))

    def refuse_field(self, field: str, text: str) -> bool:
        return self.record.refuse(field, text)


class CalendarNameDialog(_FieldsDialog):
    """The name of a new calendar; it begins with the hours of the form."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        fields = [FormField("name", Term(field_key("calendar", "name")), needed=True)]
        super().__init__(context, parent, msg("New calendar…"), "calendar_name", fields)


class DayDialog(_FieldsDialog):
    """As published, a rest day or a make-up workday; with hours and a name of its own."""

    def __init__(
        self, context: Context, parent: QWidget | None, view: DayView, calendar: str
    ) -> None:
        def label(field: str) -> Term:
            return Term(field_key("special_day", field))

        self._view = view
        kinds: Sequence[tuple[SpecialDayKind | None, Text]] = (
            (None, msg("As published, or as the weekday has it")),
            (SpecialDayKind.REST, Term("rest_day")),
            (SpecialDayKind.WORK, Term("makeup_workday")),
        )
        scopes: Sequence[tuple[bool, Text | str]] = (
            (False, calendar_words(calendar)),
            (True, msg("All that follow the public rest days")),
        )
        fields = [
            FormField("kind", label("kind"), FieldKind.CHOICE, kinds),
            FormField("for_all", Term("service_calendar"), FieldKind.CHOICE, scopes),
            FormField("hours", label("hours"), hint=msg("Empty: as the calendar has it")),
            FormField(
                "name", label("name"), example=context.texts.say(Term("holiday_national_day"))
            ),
        ]
        super().__init__(context, parent, Term("special_days"), "day", fields)
        self.setWindowTitle(day_title(context, view))
        entry = view.entry
        words = None if entry is None or entry.hours is None else hours_words(entry.hours)
        self.record.show_values(
            {
                "kind": None if entry is None else entry.kind,
                "for_all": view.for_all,
                "hours": words
                if words is None or isinstance(words, str)
                else context.texts.say(words),
                "name": None if entry is None else entry.name,
            }
        )
        self.record.edited.connect(self._limit_fields)
        self._limit_fields()

    def _limit_fields(self) -> None:
        more = self.record.current()["kind"] is not None
        self.record.show_only(["kind", "for_all", *(("hours", "name") if more else ())])

    def answer(self) -> dict[str, Any] | None:
        """Return what was entered; None where it would do nothing, which is said beside a field."""
        values = self.record.values()
        view = self._view
        if values is None or values["kind"] is not None or view.entry is None:
            return values
        if values["for_all"] is not view.for_all:
            elsewhere = (
                msg("The day was entered for all calendars. Choose those to take it back.")
                if view.for_all
                else msg("The day was entered for this calendar. Choose it to take it back.")
            )
            self.record.refuse("for_all", self.context.texts.say(elsewhere))
            return None
        return values
