"""Choosing the month or period that figures are shown for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from ui.formats import moment
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context

__all__ = [
    "PeriodBar",
    "month_before",
    "month_of",
    "moved_on",
    "quarter_of",
    "same_length_before",
    "year_of",
]

_MONTHS = 12
_QUARTER = 3


def month_of(day: date) -> tuple[date, date]:
    """Return the month that holds ``day``: its first date, and the first that follows it."""
    first = day.replace(day=1)
    return first, _months_on(first, 1)


def month_before(first: date) -> tuple[date, date]:
    """Return the month before the one that begins on ``first``."""
    return month_of(first - timedelta(days=1))


def quarter_of(day: date) -> tuple[date, date]:
    """Return the quarter of the year that holds ``day``."""
    first = date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1)
    return first, _months_on(first, _QUARTER)


def year_of(day: date) -> tuple[date, date]:
    """Return the calendar year that holds ``day``."""
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


def moved_on(first: date, last: date, step: int) -> tuple[date, date]:
    """Return the period ``step`` lengths on: months, quarters and years by themselves, else days.

    Whole months move by as many months, so that a quarter follows a quarter.
    """
    if first.day == 1 and last.day == 1:
        months = (last.year - first.year) * _MONTHS + last.month - first.month
        return _months_on(first, step * months), _months_on(last, step * months)
    days = (last - first) * step
    return first + days, last + days


def same_length_before(first: date, last: date) -> tuple[date, date]:
    """Return the period before: as many whole months before whole months, else as many days."""
    return moved_on(first, last, -1)


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, _MONTHS)
    return first.replace(year=first.year + years, month=month + 1)


_CHOICES = (
    ("period_this_month", msg("This month"), month_of),
    ("period_last_month", msg("Last month"), lambda today: month_before(today.replace(day=1))),
    ("period_this_quarter", msg("This quarter"), quarter_of),
    ("period_this_year", msg("This year"), year_of),
)


class PeriodBar(QWidget):
    """Two dates and the usual periods; ``last`` is shown as the last day that is in it.

    While the dates stand in the wrong order the last good period goes on, and the bar says so.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("period")
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        layout = QHBoxLayout()
        layout.setSpacing(Space.S)
        column.addLayout(layout)
        layout.addWidget(self._make_arrow(-1))
        self._usual = self._make_usual()
        layout.addWidget(self._usual)
        layout.addWidget(self._make_arrow(1))
        self._first = named(QDateEdit(), "period_first")
        self._last = named(QDateEdit(), "period_last")
        for edit, label in ((self._first, Term("time_from")), (self._last, Term("time_to"))):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setMinimumWidth(118)
            context.texts.bind(edit, edit.setAccessibleName, label)
            edit.dateChanged.connect(self._edited)
        layout.addWidget(self._first)
        layout.addWidget(QLabel("–"))
        layout.addWidget(self._last)
        self._as_of = caption(context, name="period_as_of")
        self._as_of.setContentsMargins(Space.S, 0, 0, 0)
        layout.addWidget(self._as_of)
        layout.addStretch(1)
        self._problem = named(QLabel(), "period_problem")
        set_tone(self._problem, Tone.DANGER)
        self._problem.hide()
        column.addWidget(self._problem)
        self._computed: int | None = None
        self._period = month_of(self._today())
        self._show(*self._period)
        context.texts.changed.connect(self._say)

    def _make_arrow(self, step: int) -> QWidget:
        text, word, name = (
            (msg("◀"), msg("Period before"), "period_before")
            if step < 0
            else (msg("▶"), msg("Period after"), "period_after")
        )
        made = button(
            self._context, text, lambda: self._use(*moved_on(*self._period, step)), name=name
        )
        self._context.texts.bind(made, made.setAccessibleName, word)
        self._context.texts.bind(made, made.setToolTip, word)
        return made

    def _make_usual(self) -> QToolButton:
        made = named(QToolButton(), "period_usual")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setToolButtonStyle(made.toolButtonStyle().ToolButtonTextOnly)
        menu = QMenu(made)
        for name, words, find in _CHOICES:
            action = menu.addAction("")
            action.setObjectName(name)
            self._context.texts.bind(action, action.setText, words)
            action.triggered.connect(self._chooser(find))
        made.setMenu(menu)
        return made

    def _chooser(self, find: Callable[[date], tuple[date, date]]) -> Callable[[], None]:
        return lambda: self._use(*find(self._today()))

    def _today(self) -> date:
        return local_date(self._context.now(), self._context.zone)

    @property
    def first(self) -> date:
        """The first date of the period."""
        return self._period[0]

    @property
    def last(self) -> date:
        """The first date after the period."""
        return self._period[1]

    def show_month(self, day: date) -> None:
        """Choose the month of a date."""
        self._use(*month_of(day))

    def say_as_of(self, instant: int) -> None:
        """Say up to which moment (UTC seconds) the figures on the page are computed."""
        self._computed = instant
        self._say()

    def _use(self, first: date, last: date) -> None:
        self._show(first, last)
        self.changed.emit()

    def _show(self, first: date, last: date) -> None:
        self._period = first, last
        for edit, day in ((self._first, first), (self._last, last - timedelta(days=1))):
            with QSignalBlocker(edit):
                edit.setDate(QDate(day.year, day.month, day.day))
        self._problem.hide()
        self._say()

    def _say(self) -> None:
        texts, today = self._context.texts, self._today()
        words = next(
            (words for _, words, find in _CHOICES if find(today) == self._period),
            msg("Other period"),
        )
        self._usual.setText(f"{texts.say(words)} ▾")
        self._usual.setAccessibleName(texts.say(words))
        if self._computed is not None:
            self._as_of.setText(
                texts.say(msg("as of {moment}", moment=moment(texts, self._computed)))
            )
        self._problem.setText(
            texts.say(
                msg(
                    "The last day lies before the first. The figures are still those of {first} to "
                    "{last}.",
                    first=self.first,
                    last=self.last - timedelta(days=1),
                )
            )
        )

    def _edited(self) -> None:
        first, last = _python_date(self._first), _python_date(self._last)
        wrong = first > last
        self._problem.setVisible(wrong)
        if not wrong:
            self._period = first, last + timedelta(days=1)
            self._say()
            self.changed.emit()


def _python_date(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
