"""Choosing the month or period that figures are shown for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLabel, QWidget

from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from ui.theme import Space
from ui.widgets.basics import button
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context

__all__ = ["PeriodBar", "month_before", "month_of", "same_length_before"]


def month_of(day: date) -> tuple[date, date]:
    """Return the month that holds ``day``: its first date, and the first that follows it."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def month_before(first: date) -> tuple[date, date]:
    """Return the month before the one that begins on ``first``."""
    return month_of(first - timedelta(days=1))


def same_length_before(first: date, last: date) -> tuple[date, date]:
    """Return the period before: the month before a month, else as many days."""
    if (first, last) == month_of(first):
        return month_before(first)
    return first - (last - first), first


class PeriodBar(QWidget):
    """Two dates and the usual months; ``last`` is shown as the last day that is in it."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("period")
        self._context = context
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        today = local_date(context.now(), context.zone)
        for text, name, step in (
            (msg("◀"), "period_before", -1),
            (msg("This month"), "period_this", 0),
            (msg("▶"), "period_after", 1),
        ):
            made = button(context, text, self._mover(step), name=name)
            layout.addWidget(made)
            if step:
                word = msg("Month before") if step < 0 else msg("Month after")
                context.texts.bind(made, made.setAccessibleName, word)
                context.texts.bind(made, made.setToolTip, word)
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
        layout.addStretch(1)
        self._show(*month_of(today))

    @property
    def first(self) -> date:
        """The first date of the period."""
        chosen = self._first.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    @property
    def last(self) -> date:
        """The first date after the period."""
        chosen = self._last.date()
        return date(chosen.year(), chosen.month(), chosen.day()) + timedelta(days=1)

    def show_month(self, day: date) -> None:
        """Choose the month of a date."""
        self._show(*month_of(day))
        self.changed.emit()

    def _mover(self, step: int) -> Callable[[], None]:
        def move() -> None:
            if step == 0:
                self._show(*month_of(local_date(self._context.now(), self._context.zone)))
            elif step < 0:
                self._show(*month_before(self.first.replace(day=1)))
            else:
                self._show(*month_of(month_of(self.first)[1]))
            self.changed.emit()

        return move

    def _show(self, first: date, last: date) -> None:
        for edit, day in ((self._first, first), (self._last, last - timedelta(days=1))):
            edit.blockSignals(True)
            edit.setDate(QDate(day.year, day.month, day.day))
            edit.blockSignals(False)

    def _edited(self) -> None:
        if self.first < self.last:
            self.changed.emit()
