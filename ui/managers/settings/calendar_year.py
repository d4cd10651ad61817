"""The year of a service calendar with its legend: what each day is, in words and in marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea

from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Message, Term, msg
from ui.theme import Space, Tone
from ui.widgets.basics import Card
from ui.widgets.naming import named
from ui.widgets.year_view import DayMark, YearLegend, YearView
from ui.words import hours_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from desk_maint.services.special_days import DayView
    from ui.context import Context
    from ui.texts import Text

__all__ = ["CalendarYear", "day_title"]

_KINDS: Mapping[SpecialDayKind, tuple[Tone, Message, Term]] = {
    SpecialDayKind.REST: (Tone.DANGER, msg("R"), Term("rest_day")),
    SpecialDayKind.WORK: (Tone.INFO, msg("W"), Term("makeup_workday")),
}
_LEGEND: tuple[tuple[DayMark, Text | None, Text], ...] = (
    *((DayMark(tone), letter, words) for tone, letter, words in _KINDS.values()),
    (DayMark(letter="*"), None, msg("Entered by the bureau")),
    (DayMark(closed=True), None, Term("hours_closed")),
    (DayMark(today=True), None, msg("Today")),
)


def day_title(context: Context, view: DayView) -> str:
    """Return a day with its weekday and, if it has one, its name."""
    locale = context.texts.locale
    weekday = locale.dayName(view.day.isoweekday(), locale.FormatType.LongFormat)
    name = context.texts.say(view.name) if isinstance(view.name, Term) else view.name
    return "　".join(part for part in (view.day.isoformat(), weekday, name) if part)


class CalendarYear(Card):
    """The twelve months on a card, with what the marks mean above them."""

    day_chosen = Signal(object)
    """The :class:`datetime.date` to change."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, name="calendar_card")
        self._context = context
        self.body.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self._year = 0
        self.days: dict[date, DayView] = {}
        self.body.addWidget(YearLegend(context, _LEGEND))
        self.view = YearView(context, name="calendar_year")
        context.texts.bind(self.view, self.view.setAccessibleName, Term("service_calendar"))
        self.view.day_chosen.connect(self.day_chosen)
        scroll = named(QScrollArea(widgetResizable=True), "calendar_year_scroll")
        scroll.setWidget(self.view)
        self.view.setProperty("role", "scrolled")
        self.body.addWidget(scroll, 1)
        context.texts.changed.connect(self._paint)

    def show_days(self, year: int, days: Mapping[date, DayView]) -> None:
        """Show the days of a year."""
        self._year, self.days = year, dict(days)
        self._paint()

    def _paint(self) -> None:
        today = local_date(self._context.now(), self._context.zone)
        marks = {day: self._mark(view, today) for day, view in self.days.items()}
        self.view.show_year(self._year, marks)

    def _mark(self, view: DayView, today: date) -> DayMark:
        say = self._context.texts.say
        tone, letter = Tone.PLAIN, ""
        lines = [day_title(self._context, view)]
        if view.kind is not None:
            tone, sign, words = _KINDS[view.kind]
            letter = say(sign) + ("*" if view.own else "")
            lines.append(say(words))
        hours = hours_words(view.hours)
        lines.append(hours if isinstance(hours, str) else say(hours))
        if view.own:
            lines.append(say(msg("Entered by the bureau")))
        return DayMark(
            tone,
            letter,
            "\n".join(dict.fromkeys(lines)),
            closed=view.hours == "closed",
            today=view.day == today,
        )
