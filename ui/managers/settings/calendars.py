"""Service calendars: a year that is edited by clicking, and the hours of the week beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.exchange.text_tables import read_text
from desk_maint.language.words import calendar_words
from desk_maint.services import calendars, special_days
from desk_maint.services.permissions import may
from desk_maint.services.special_days import SpecialDayData
from ui.files import ask_open
from ui.managers.settings.calendar_dialogs import CalendarNameDialog, DayDialog
from ui.managers.settings.calendar_hours import hours_data, hours_fields, hours_values
from ui.managers.settings.calendar_year import CalendarYear
from ui.operations import ask, perform
from ui.theme import Size, Space, Tone, indent_text
from ui.widgets.basics import Banner, button, caption
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine
from ui.widgets.record_form import RecordForm
from ui.widgets.unsaved import may_leave

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from desk_maint.services.calendars import CalendarRow
    from desk_maint.services.special_days import DaysRead
    from desk_maint.services.special_days import YearView as Year
    from ui.context import Context

__all__ = ["CalendarsPanel"]

_IMPORT = msg("Import published days…")


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
        layout.addWidget(self._make_head())
        self._warning = Banner(context, name="calendar_warning")
        if self._may_edit:
            context.texts.bind(self._warning, self._warning.action.setText, _IMPORT)
            self._warning.action.setObjectName("calendar_warning_import")
            self._warning.action.clicked.connect(lambda _checked=False: self._ask_file())
            self._warning.action.show()
        layout.addWidget(self._warning)
        splitter = named(QSplitter(Qt.Orientation.Horizontal), "calendar_splitter")
        splitter.setChildrenCollapsible(False)
        self.year_card = CalendarYear(context)
        self.year_card.day_chosen.connect(self._ask_day)
        splitter.addWidget(self.year_card)
        splitter.addWidget(self._make_hours())
        splitter.setSizes([660, 300])
        splitter.setStretchFactor(0, 1)
        layout.addWidget(splitter, 1)
        self._rows: tuple[CalendarRow, ...] = ()
        self._unsaved = False
        self._wanted: int | None = None
        """Key of a new calendar that is to be shown next."""
        self._in_hand = -1
        """Place of the calendar whose hours stand in the form."""
        context.texts.changed.connect(self._rename)

    def _make_head(self) -> QWidget:
        context = self.context
        head, row = flow_widget()
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
            row.addWidget(button(context, _IMPORT, self._ask_file, name="calendar_import"))
            hint = caption(context, msg("Click a day to change it."))
            hint.setFixedHeight(Size.CONTROL)
            row.addWidget(hint)
        return head

    def _make_hours(self) -> QWidget:
        context = self.context
        side = QWidget()
        side.setMinimumWidth(300)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(Space.M, 0, 0, 0)
        layout.setSpacing(Space.S)

        self.form = RecordForm(context, hours_fields(context.texts), name="hours")
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
        self.problem = ProblemLine(context, name="hours_problem")
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
        kept = self._wanted or self.calendar.currentData()
        self._wanted = None
        self._rows = rows
        self.calendar.clear()
        for row in rows:
            self.calendar.addItem("", row.id)
        self._rename()
        self.calendar.setCurrentIndex(max(self.calendar.findData(kept), _first(rows)))
        if not self._unsaved:
            self._show_hours()
        self._read_year()

    def _rename(self) -> None:
        """Call the calendars by their names in the present language."""
        for number, row in enumerate(self._rows):
            self.calendar.setItemText(number, self._said(calendar_words(row.name)))

    def _said(self, words: Term | str) -> str:
        return words if isinstance(words, str) else self.context.texts.say(words)

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
        self.form.show_values(hours_values(self.context.texts, row))
        self._in_hand = self.calendar.currentIndex()
        self._unsaved = False
        self.problem.say_nothing()

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
        self.year_card.show_days(found.year, {day.day: day for day in found.days})
        if found.warning is None:
            self._warning.hide()
        else:
            text = self.context.texts.say(found.warning)
            self._warning.say(text, "mdi6.calendar-alert", Tone.WARNING)

    def _tell_unsaved(self) -> None:
        self._unsaved = True

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Give the calendar the hours of the form."""
        row, values = self.row, self.form.values()
        if row is None or values is None or not self._may_edit:
            return
        data = hours_data(values, row)
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
        """Ask for the name of a calendar that begins with the hours of the form."""
        hours = self.form.values()
        if hours is None:
            return
        context = self.context
        dialog = CalendarNameDialog(context, self)

        def prepare() -> Callable[[], Any] | None:
            values = dialog.record.values()
            if values is None:
                return None
            data = hours_data(hours, None)
            return lambda: calendars.create(
                context.database, context.actor, values["name"], data, at=context.now()
            )

        dialog.run(
            prepare, success=msg("Saved."), done=lambda made: self._saved(None, chosen=made.id)
        )

    def _ask_day(self, day: date) -> None:
        row, view = self.row, self.year_card.days.get(day)
        if row is None or view is None or not self._may_edit:
            return
        context = self.context
        dialog = DayDialog(context, self, view, row.name)

        def prepare() -> Callable[[], Any] | None:
            values = dialog.answer()
            if values is None:
                return None
            calendar_id = None if values.pop("for_all") else row.id
            if values["kind"] is None:
                return lambda: special_days.clear_days(
                    context.database, context.actor, [day], calendar_id, at=context.now()
                )
            data = [SpecialDayData(day, **values)]
            return lambda: special_days.set_days(
                context.database, context.actor, data, calendar_id, at=context.now()
            )

        dialog.run(prepare, success=msg("Saved."), done=lambda _changes: self._read_year())

    def _ask_file(self) -> None:
        say = self.context.texts.say
        kinds = f"{say(msg('Tables of rest days'))} (*.json *.csv *.txt)"
        path = ask_open(self, self.context, _IMPORT, kinds)
        if path is not None:
            self.import_days(path)

    def import_days(self, path: Path) -> None:
        """Take over a published table, for all calendars that follow the public rest days."""
        context = self.context
        perform(
            self,
            context,
            lambda: special_days.read_table(
                context.database, context.actor, read_text(path), at=context.now()
            ),
            success=_told,
            done=lambda _read: self._read_year(),
            failed=self._not_imported,
            title=_IMPORT,
        )

    def _not_imported(self, error: Exception) -> bool:
        if not isinstance(error, InputError):
            return False
        self._warning.say(error.message, "mdi6.calendar-alert", Tone.DANGER)
        return True

    def _do(self, call: Any, then: Callable[[], object] | None = None) -> None:
        perform(
            self,
            self.context,
            call,
            success=msg("Saved."),
            done=lambda _result: self._saved(then),
            failed=self._refused,
        )

    def _saved(self, then: Callable[[], object] | None, *, chosen: int | None = None) -> None:
        self._unsaved = False
        self._wanted = chosen
        self.problem.say_nothing()
        self.refresh()
        if then is not None:
            then()

    def _refused(self, error: Exception) -> bool:
        context = self.context

        def look_again() -> None:
            ask(
                self,
                context,
                lambda: calendars.list_calendars(context.database, context.actor),
                self._show_both,
            )

        return self.problem.deal_with(error, refuse=self.form.refuse, look_again=look_again)

    def _show_both(self, rows: tuple[CalendarRow, ...]) -> None:
        in_hand = self.row
        self._fill(rows)
        row = self.row
        if row is None or in_hand is None or row.id != in_hand.id:
            return
        self.form.show_theirs(hours_values(self.context.texts, row))
        self.problem.say_stale()


def _first(rows: Sequence[CalendarRow]) -> int:
    """Return the place of the calendar to begin with: one whose year has rest days in it."""
    follow = [n for n, row in enumerate(rows) if row.hours[-1].holidays is HolidaySource.CN]
    return follow[0] if follow else 0


def _told(read: DaysRead) -> Message:
    return msg(
        "The table is in: {added} days are new, {changed} are changed, {unchanged} are as before.",
        added=read.added,
        changed=read.changed,
        unchanged=read.unchanged,
    )
