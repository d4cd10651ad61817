"""The sheet *Rules*: what the figures were computed by, and how a reader computes them again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from desk_maint import __version__
from desk_maint.domain.calendars import (
    CLOSED,
    ROUND_THE_CLOCK,
    HolidaySource,
    SpecialDayKind,
    format_hours,
    parse_hours,
)
from desk_maint.domain.holidays import published_kind, published_name
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.targets import Counts
from desk_maint.exchange.managers_workbook.book import MEASURE_WORDS
from desk_maint.exchange.managers_workbook.grid import Grid
from desk_maint.exchange.managers_workbook.layout import DATE, MOMENT, PERCENT, RULES
from desk_maint.exchange.managers_workbook.style import set_up_print
from desk_maint.exchange.writing import date_number, new_page
from desk_maint.language.words import calendar_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_maint.domain.calendars import CalendarVersion, DayHours
    from desk_maint.exchange.managers_workbook.book import Book
    from desk_maint.services.statement import OwnDay

__all__ = ["CUT_OFF_CELL", "RulesSheet"]

_WIDTHS = [28.0, 22, 30, 44, 18, 22]
_FIRST, _LAST, _AS_OF, _CUT_OFF, _ZONE = range(3, 8)
"""Rows of the particulars at the top."""
CUT_OFF_CELL = f"{RULES}!$B${_CUT_OFF}"
"""The cell with the moment at which open tickets are judged."""
_COUNT_WORDS = {
    Counts.OUT_OF_SERVICE: "counts_out_of_service",
    Counts.ANY_FAULT: "counts_any_fault",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class RulesSheet:
    """Writes the rules from top to bottom."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._grid = Grid(new_page(book.workbook, RULES), _WIDTHS)
        self._row = 1

    def write(self, checksum: str) -> None:
        """Write the sheet."""
        book, grid = self._book, self._grid
        set_up_print(grid.page, book.print_text)
        grid.text(1, 1, book.word("statistics_basis"), book.looks.title)
        grid.height(1, 26)
        self._write_particulars()
        self._row = _ZONE + 1
        self._write_targets()
        report = book.statement.report
        self._paragraphs("statistics_basis", (*report.warnings, *report.rules))
        self._paragraphs("how_computed", _HOW)
        self._write_calendars()
        self._write_holidays()
        self._paragraphs("origin", self._origin(checksum))
        grid.page.freeze_panes = "A2"
        grid.page.print_area = f"A1:F{self._row}"
        grid.write()

    def _write_particulars(self) -> None:
        book, grid, looks = self._book, self._grid, self._book.looks
        period = book.statement.report.period
        for row, word in (
            (_FIRST, "time_from"),
            (_LAST, "period_end"),
            (_AS_OF, "cut_off"),
            (_CUT_OFF, "tickets_judged_at"),
            (_ZONE, "time_zone"),
        ):
            grid.text(row, 1, book.word(word), looks.label)
        grid.number(_FIRST, 2, date_number(period.first), looks.word, DATE)
        grid.number(_LAST, 2, date_number(period.last), looks.word, DATE)
        for row, instant in ((_AS_OF, period.as_of), (_CUT_OFF, book.statement.cut_off)):
            moment = book.moment(instant)
            if isinstance(moment, str):
                grid.text(row, 2, moment, looks.word)
            else:
                grid.number(row, 2, moment, looks.word, MOMENT)
        grid.text(_ZONE, 2, book.statement.settings.zone.key, looks.word)

    def _write_targets(self) -> None:
        book, looks, settings = self._book, self._book.looks, self._book.statement.settings
        self._section("targets_title")
        self._header("equipment_group", "column_key", "judged_by", "counts_title", "target")
        for group, target in settings.target.items():
            self._grid.text(self._row, 1, book.name(group), looks.label)
            self._grid.text(self._row, 2, group.value, looks.cell)
            measure = settings.measure[group]
            for column, word, key in (
                (3, MEASURE_WORDS[measure], measure.value),
                (4, _COUNT_WORDS[settings.counts[group]], settings.counts[group].value),
            ):
                words = f"{book.word(word)} ({key})"
                self._grid.text(self._row, column, words, looks.wrapped)
            self._grid.number(self._row, 5, target / 10_000, looks.figure, PERCENT)
            self._grid.height(self._row, 26)
            self._row += 1

    def _write_calendars(self) -> None:
        book, looks = self._book, self._book.looks
        self._section("service_calendars")
        self._header(
            "calendar_name",
            "valid_from",
            "time_zone",
            "service_hours",
            "rest_day",
            "makeup_workday",
        )
        for calendar in book.statement.calendars():
            name = calendar_words(calendar.name)
            if isinstance(name, Term):
                name = f"{book.word(name.key)} ({calendar.name})"
            for version in calendar.versions:
                self._grid.text(self._row, 1, name, looks.label)
                if version.valid_from == date.min:
                    self._grid.text(self._row, 2, "—", looks.word)
                else:
                    number = date_number(version.valid_from)
                    self._grid.number(self._row, 2, number, looks.word, DATE)
                follows = book.name(version.holidays)
                self._grid.text(self._row, 3, f"{version.zone.key}\n{follows}", looks.wrapped)
                week = self._week(version)
                self._grid.text(self._row, 4, "\n".join(week), looks.wrapped)
                self._grid.text(self._row, 5, self._hours(version.rest_day), looks.wrapped)
                made_up = version.makeup_workday or version.week[0]
                self._grid.text(self._row, 6, self._hours(made_up), looks.wrapped)
                self._grid.height(self._row, 13.5 * max(len(week), 2) + 4)
                self._row += 1

    def _hours(self, hours: DayHours) -> str:
        """Return the hours of a day for people."""
        if hours == CLOSED:
            return self._book.word("hours_closed")
        if hours == ROUND_THE_CLOCK:
            return self._book.word("hours_all_day")
        return format_hours(hours)

    def _week(self, version: CalendarVersion) -> list[str]:
        """Return the hours of a week, days that follow each other with the same hours together."""
        book = self._book
        lines: list[tuple[int, int, str]] = []
        for day, hours in enumerate(version.week):
            told = self._hours(hours)
            if lines and lines[-1][2] == told:
                lines[-1] = (lines[-1][0], day, told)
            else:
                lines.append((day, day, told))
        return [
            f"{book.word(_WEEKDAYS[first])}"
            f"{'' if first == last else ' – ' + book.word(_WEEKDAYS[last])}: {told}"
            for first, last, told in lines
        ]

    def _write_holidays(self) -> None:
        book, looks = self._book, self._book.looks
        self._section("special_days")
        self._header("date", "special_day_kind", "special_day_name", "source", "service_hours")
        own = {(each.day, each.calendar) for each in book.statement.own_days()}
        days = [
            (
                each.day,
                each.kind,
                each.name or "",
                self._source(each.calendar),
                self._own_hours(each),
            )
            for each in book.statement.own_days()
        ]
        if any(
            version.holidays is HolidaySource.CN
            for calendar in book.statement.calendars()
            for version in calendar.versions
        ):
            days += [day for day in self._published() if (day[0], None) not in own]
        for day, kind, name, source, hours in sorted(days, key=lambda each: each[0]):
            self._grid.number(self._row, 1, date_number(day), looks.word, DATE)
            for column, text in ((2, book.name(kind)), (3, name), (4, source), (5, hours)):
                self._grid.text(self._row, column, text, looks.cell)
            self._row += 1
        if not days:
            self._grid.span(self._row, 1, 6, book.word("none_in_period"), looks.cell)
            self._row += 1

    def _own_hours(self, day: OwnDay) -> str:
        return "" if day.hours is None else self._hours(parse_hours(day.hours))

    def _source(self, calendar: str | None) -> str:
        words = self._book.word("source_own")
        return words if calendar is None else f"{words}: {calendar}"

    def _published(self) -> Iterable[tuple[date, SpecialDayKind, str, str, str]]:
        book, period = self._book, self._book.statement.report.period
        day = period.first
        while day < period.last:
            kind = published_kind(day)
            if kind is not None:
                name = published_name(day)
                told = "" if name is None else book.word(name.key)
                yield day, SpecialDayKind(kind), told, book.word("source_published"), ""
            day += timedelta(days=1)

    def _origin(self, checksum: str) -> tuple[Message, ...]:
        return (
            msg("Computed by DeskMaint {version}.", version=__version__),
            msg("Checksum of the inputs (SHA-256): {checksum}", checksum=checksum),
            _CHECKSUM,
        )

    def _section(self, word: str) -> None:
        self._row += 1
        self._grid.text(self._row, 1, self._book.word(word), self._book.looks.section)
        self._grid.height(self._row, 22)
        self._row += 1

    def _header(self, *words: str) -> None:
        for column, word in enumerate(words, start=1):
            self._grid.text(self._row, column, self._book.word(word), self._book.looks.header)
        self._grid.height(self._row, 22)
        self._row += 1

    def _paragraphs(self, title: str, messages: Sequence[Message]) -> None:
        self._section(title)
        for message in messages:
            text = self._book.say(message)
            self._grid.span(self._row, 1, len(_WIDTHS), text, self._book.looks.text)
            self._row += 1


_HOW = (
    msg(
        "Devices holds what is given: scheduled seconds, device-days, faults. Evidence holds every "
        "piece of downtime once; where faults overlap, a second belongs to the one that occurred "
        "first, and a counted fault goes before an exempt one. All else is computed from these "
        "two sheets by the formulas that you see."
    ),
    msg("Required time = scheduled time − exempt time."),
    msg("Uptime = (required time − downtime) ÷ required time."),
    msg("Actual uptime = (scheduled time − exempt time − downtime) ÷ scheduled time."),
    msg(
        "Percentages are cut to two decimals by two steps of long division among whole numbers; "
        "100.00 % appears only where nothing is missing."
    ),
    msg(
        "A target is met when downtime × 10000 is at most (10000 − target in hundredths of a "
        "percent) × required time; by device-days, with bad days and all days in their places."
    ),
    msg(
        "Allowed downtime = (1 − target) × required time of the whole period, cut to a second; "
        "downtime left = allowed downtime − downtime."
    ),
    msg(
        "Tickets are judged that were restored in the period, or were open at its end; an open "
        "one past its limit is a miss. Repaired in time = kept ÷ (kept + missed)."
    ),
    msg(
        "A device that served at two outlets has a row for each. A fault that touches both is "
        "counted in each row, and once in the group."
    ),
)
_CHECKSUM = msg(
    "To compute it again, make a text in UTF-8 with one line for each of the following, its parts "
    "separated by tabs, each line ended by a line feed; moments as 2026-06-03 08:00:00, keys as in "
    "the table of targets. “desk-maint/statement-inputs/1”. “period”, from, to, cut-off, time "
    "zone. For each group “target”, key, target in hundredths of a percent, key of the measure, "
    "key of what counts. For each row of Devices “device”, asset number, outlet code, scheduled "
    "seconds, those of the whole period, device-days, bad days strict and past the limit, faults, "
    "those counted elsewhere, and the seconds of the months if there are several. For each row of "
    "Evidence “piece”, ticket number, asset number, outlet code, from, to, seconds, 1 or 0 for "
    "exempt. For each row of Tickets “ticket”, number, accepted due and at, on site due and at, "
    "repair due, restored."
)
