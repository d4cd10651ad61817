"""The hours of a calendar's week as a form: its fields, what they show, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.messages import Term, msg
from desk_maint.services.calendars import CalendarData
from ui.managers.settings.fields import label, words
from ui.widgets.record_form import FieldKind, FormField
from ui.words import hours_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_maint.services.calendars import CalendarRow
    from ui.texts import Texts

__all__ = ["hours_data", "hours_fields", "hours_values"]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_fields(texts: Texts) -> list[FormField]:
    """Return the fields of a week and of what is apart from it."""
    kind, example = "calendar_version", "08:00-12:00 13:00-17:30"
    return [
        FormField("valid_from", label(kind, "valid_from"), FieldKind.DATE),
        *(FormField(day, label(kind, day), needed=True, example=example) for day in _WEEKDAYS),
        FormField(
            "rest_day",
            label(kind, "rest_day"),
            needed=True,
            example=texts.say(Term("hours_closed")),
        ),
        FormField("makeup_workday", label(kind, "makeup_workday"), hint=msg("Empty: as Monday")),
        FormField("holidays", label(kind, "holidays"), FieldKind.CHOICE, words(HolidaySource)),
    ]


def hours_values(texts: Texts, row: CalendarRow) -> dict[str, Any]:
    """Return the latest hours of a calendar as the form shows them."""

    def said(text: str) -> str:
        found = hours_words(text)
        return found if isinstance(found, str) else texts.say(found)

    latest = row.hours[-1]
    return {
        "valid_from": latest.valid_from,
        **{day: said(text) for day, text in zip(_WEEKDAYS, latest.week, strict=True)},
        "rest_day": said(latest.rest_day),
        "makeup_workday": None if latest.makeup_workday is None else said(latest.makeup_workday),
        "holidays": latest.holidays,
    }


def hours_data(values: Mapping[str, Any], row: CalendarRow | None) -> CalendarData:
    """Return the hours of the form; ``row`` None: those of a new calendar, which hold always."""
    return CalendarData(
        valid_from=None if row is None else values["valid_from"],
        week=tuple(values[day] for day in _WEEKDAYS),
        rest_day=values["rest_day"],
        makeup_workday=values["makeup_workday"],
        holidays=values["holidays"],
        timezone=None if row is None else row.hours[-1].timezone,
    )
