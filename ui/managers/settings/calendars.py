"""Service calendars: a year that is edited by clicking, and the hours of the week beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.calendars import HolidaySource, SpecialDayKind
from desk_maint.domain.errors import InputError, StaleError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.services import calendars, special_days
from desk_maint.services.calendars import CalendarData
from desk_maint.services.permissions import may
from desk_maint.services.special_days import SpecialDayData
from ui.operations import ask, perform
from ui.theme import Space, Tone, indent_text, set_tone
from ui.widgets.basics import Banner, button, caption
from ui.widgets.naming import named
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.widgets.unsaved import may_leave
from ui.widgets.year_view import DayMark, YearView

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desk_maint.services.calendars import CalendarRow
    from desk_maint.services.special_days import DayView
    from desk_maint.services.special_days import YearView as Year
    from ui.context import Context

__all__ = ["CalendarsPanel"]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAYS = {HolidaySource.CN: Term("holidays_cn"), HolidaySource.NONE: Term("holidays_none")}


class CalendarsPanel(QWidget):
    """One calendar at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("panel_calendars")
        self._may_edit = may(context.actor, "calendar.edit")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(self._make_head())
        self._warning = Banner(context, name="calendar_warning")
        layout.addWidget(self._warning)
        splitter = named(QSplitter(Qt.Orientation.Horizontal), "calendar_splitter")
        splitter.setChildrenCollapsible(False)
        self.year_view = YearView(context, name="calendar_year")
        context.texts.bind(
            self.year_view, self.year_view.setAccessibleName, Term("service_calendar")
        )
        self.year_view.day_chosen.connect(self._ask_day)
        scroll = named(QScrollArea(widgetResizable=True), "calendar_year_scroll")
        scroll.setWidget(self.year_view)
        splitter.addWidget(scroll)
        splitter.addWidget(self._make_hours())
        splitter.setSizes([650, 310])
        layout.addWidget(splitter, 1)
        self._rows: tuple[CalendarRow, ...] = ()
        self._days: dict[date, DayView] = {}
        self._unsaved = False
        self._in_hand = -1
        """Place of the calendar whose hours stand in the form."""
        context.texts.changed.connect(self._paint_days)

    def _make_head(self) -> QHBoxLayout:
        context = self.context
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.calendar = named(QComboBox(), "calendar_choice")
        self.calendar.setMinimumContentsLength(14)
        context.texts.bind(self.calendar, self.calendar.setAccessibleName, Term("service_calendar"))
        self.calendar.activated.connect(lambda _index: self._choose())
        row.addWidget(self.calendar)
        self.year = named(QSpinBox(), "calendar_year_number")
        indent_text(self.year)
        self.year.setRange(2000, 2100)
        self.year.setValue(local_date(context.now(), context.zone).year)
        context.texts.bind(self.year, self.year.setAccessibleName, msg("Year"))
        self.year.valueChanged.connect(lambda _year: self._read_year())
        row.addWidget(self.year)
        if self._may_edit:
            row.addWidget(
                button(context, msg("New calendar…"), self._ask_name, name="calendar_new")
            )
        row.addWidget(
            caption(context, msg("Click a day to make it a rest day or a make-up workday."))
        )
        row.addStretch(1)
        return row

    def _make_hours(self) -> QWidget:
        context = self.context
        side = QWidget()
        side.setMinimumWidth(300)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(Space.M, 0, 0, 0)
        layout.setSpacing(Space.S)

        def label(field: str) -> Term:
            return Term(field_key("calendar_version", field))

        example = "08:00-12:00 13:00-17:30"
        self.form = RecordForm(
            context,
            [
                FormField("valid_from", label("valid_from"), FieldKind.DATE),
                *(FormField(day, label(day), needed=True, example=example) for day in _WEEKDAYS),
                FormField("rest_day", label("rest_day"), needed=True, example="closed"),
                FormField("makeup_workday", label("makeup_workday")),
                FormField("holidays", label("holidays"), FieldKind.CHOICE, list(_HOLIDAYS.items())),
            ],
            name="hours",
        )
        self.form.edited.connect(self._tell_unsaved)
        self.form.allow(editing=self._may_edit)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S, 0)
        column.addWidget(self.form)
        hint = caption(
            context,
            msg("New hours hold from their date on; the days before keep theirs. 24h, closed."),
        )
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addStretch(1)
        scroll = named(QScrollArea(widgetResizable=True), "hours_scroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout.addWidget(scroll, 1)
        self.problem = named(QLabel(wordWrap=True), "hours_problem")
        self.problem.hide()
        layout.addWidget(self.problem)
        self._save_button = button(
            context, Term("ui_save"), self.save, name="hours_save", role="primary"
        )
        self._save_button.setEnabled(self._may_edit)
        foot = QHBoxLayout()
        foot.addWidget(self._save_button)
        foot.addStretch(1)
        layout.addLayout(foot)
        return side

    @property
    def row(self) -> CalendarRow | None:
        """The calendar in hand."""
        index = self.calendar.currentIndex()
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def refresh(self) -> None:
        """Read the calendars again."""
        context = self.context
        ask(
            self,
            context,
            lambda: calendars.list_calendars(context.database, context.actor),
            self._fill,
        )

    def _fill(self, rows: tuple[CalendarRow, ...]) -> None:
        kept = self.calendar.currentText()
        self._rows = rows
        self.calendar.clear()
        self.calendar.addItems([row.name for row in rows])
        self.calendar.setCurrentIndex(max(self.calendar.findText(kept), 0))
        if not self._unsaved:
            self._show_hours()
        self._read_year()

    def _choose(self) -> None:
        chosen = self.calendar.currentIndex()
        if self.may_leave(lambda: self._show_calendar(chosen)):
            self._show_calendar(chosen)
        else:
            self.calendar.setCurrentIndex(self._in_hand)

    def _show_calendar(self, number: int) -> None:
        self.calendar.setCurrentIndex(number)
        self._show_hours()
        self._read_year()

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Ask about what is typed and not saved; ``then`` follows where it is saved first."""
        if self._unsaved:
            return may_leave(self, self.context.texts, save=self.save, then=then)
        return True

    def _show_hours(self) -> None:
        row = self.row
        if row is None:
            return
        self.form.show_values(_values(row))
        self._in_hand = self.calendar.currentIndex()
        self._unsaved = False
        self._say("", Tone.PLAIN)

    def _read_year(self) -> None:
        row, context, year = self.row, self.context, self.year.value()
        if row is not None:
            ask(
                self,
                context,
                lambda: special_days.view_year(context.database, context.actor, row.id, year),
                self._show_year,
            )

    def _show_year(self, found: Year) -> None:
        if found.year != self.year.value():
            return
        self._days = {day.day: day for day in found.days}
        self._paint_days()
        if found.warning is None:
            self._warning.hide()
        else:
            text = self.context.texts.say(found.warning)
            self._warning.say(text, "mdi6.calendar-alert", Tone.WARNING)

    def _paint_days(self) -> None:
        say = self.context.texts.say
        letters = {
            SpecialDayKind.REST: (Tone.DANGER, say(msg("R"))),
            SpecialDayKind.WORK: (Tone.INFO, say(msg("W"))),
        }
        marks = {}
        for day, view in self._days.items():
            if view.kind is not None:
                tone, letter = letters[view.kind]
                marks[day] = DayMark(tone, letter + ("*" if view.own else ""), view.hours)
            elif view.hours == "closed":
                marks[day] = DayMark(Tone.MUTED)
        self.year_view.show_year(self.year.value(), marks)

    def _tell_unsaved(self) -> None:
        self._unsaved = True

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Give the calendar the hours of the form."""
        row, values = self.row, self.form.values()
        if row is None or values is None or not self._may_edit:
            return
        data = CalendarData(
            valid_from=values["valid_from"],
            week=tuple(values[day] for day in _WEEKDAYS),
            rest_day=values["rest_day"],
            makeup_workday=values["makeup_workday"],
            holidays=values["holidays"],
            timezone=row.hours[-1].timezone,
        )
        context = self.context
        self._do(
            lambda: calendars.set_hours(
                context.database,
                context.actor,
                row.id,
                data,
                version=row.version,
                at=context.now(),
            ),
            then,
        )

    def _ask_name(self) -> None:
        say = self.context.texts.say
        name, agreed = QInputDialog.getText(
            self, say(msg("New calendar…")), say(Term("service_calendar"))
        )
        if agreed and name.strip():
            self.add(name.strip())

    def add(self, name: str) -> None:
        """Add a calendar with the hours of the form."""
        values = self.form.values()
        if values is None:
            return
        data = CalendarData(
            valid_from=None,
            week=tuple(values[day] for day in _WEEKDAYS),
            rest_day=values["rest_day"],
            makeup_workday=values["makeup_workday"],
            holidays=values["holidays"],
        )
        context = self.context
        self._do(
            lambda: (
                calendars.create(
                    context.database, context.actor, name, data, at=context.now()
                ).changes
            )
        )

    def _ask_day(self, day: date) -> None:
        row, view = self.row, self._days.get(day)
        if row is None or view is None or not self._may_edit:
            return
        say = self.context.texts.say
        choices = [
            say(msg("As published, or as the weekday has it")),
            say(Term("rest_day")),
            say(Term("makeup_workday")),
        ]
        present = 0 if not view.own else (1 if view.kind is SpecialDayKind.REST else 2)
        name = "" if view.name is None else view.name
        said = name if isinstance(name, str) else say(name)
        title = f"{day.isoformat()} {said}".strip()
        answer, agreed = QInputDialog.getItem(
            self, say(Term("service_calendar")), title, choices, present, editable=False
        )
        if agreed:
            kinds = (None, SpecialDayKind.REST, SpecialDayKind.WORK)
            self.set_day(day, kinds[choices.index(answer)])

    def set_day(self, day: date, kind: SpecialDayKind | None) -> None:
        """Make a day of the calendar a rest day or a make-up workday; None: as published."""
        row, context = self.row, self.context
        if row is None:
            return
        work = partial(self._set_day, row.id, day, kind)
        self._do(lambda: work(at=context.now()))

    def _set_day(
        self, calendar_id: int, day: date, kind: SpecialDayKind | None, *, at: int
    ) -> object:
        database, actor = self.context.database, self.context.actor
        if kind is None:
            return special_days.clear_days(database, actor, [day], calendar_id, at=at)
        data = [SpecialDayData(day, kind)]
        return special_days.set_days(database, actor, data, calendar_id, at=at)

    def _do(self, call: Any, then: Callable[[], object] | None = None) -> None:
        perform(
            self,
            self.context,
            call,
            success=msg("Saved."),
            done=lambda _result: self._saved(then),
            failed=self._refused,
        )

    def _saved(self, then: Callable[[], object] | None) -> None:
        self._unsaved = False
        self._say("", Tone.PLAIN)
        self.refresh()
        if then is not None:
            then()

    def _refused(self, error: Exception) -> bool:
        if isinstance(error, StaleError):
            context = self.context
            ask(
                self,
                context,
                lambda: calendars.list_calendars(context.database, context.actor),
                self._show_both,
            )
            return True
        if isinstance(error, InputError):
            self._say(self.context.texts.say(error.message), Tone.DANGER)
            return True
        return False

    def _show_both(self, rows: tuple[CalendarRow, ...]) -> None:
        in_hand = self.row
        self._fill(rows)
        row = self.row
        if row is None or in_hand is None or row.id != in_hand.id:
            return
        self.form.show_theirs(_values(row))
        text = msg(
            "Somebody else has changed this meanwhile. Look at both, take theirs where it is "
            "right, and save again."
        )
        self._say(self.context.texts.say(text), Tone.WARNING)

    def _say(self, text: str, tone: Tone) -> None:
        set_tone(self.problem, tone)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def _values(row: CalendarRow) -> dict[str, Any]:
    """Return the latest hours of a calendar as the form shows them."""
    latest = row.hours[-1]
    return {
        "valid_from": latest.valid_from,
        **dict(zip(_WEEKDAYS, latest.week, strict=True)),
        "rest_day": latest.rest_day,
        "makeup_workday": latest.makeup_workday,
        "holidays": latest.holidays,
    }
