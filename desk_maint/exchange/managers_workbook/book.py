"""What every sheet of the workbook is written from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from desk_maint import __version__
from desk_maint.domain.messages import At, Message, msg
from desk_maint.domain.targets import Measure
from desk_maint.exchange.managers_workbook.formulas import Verdicts
from desk_maint.exchange.managers_workbook.style import Looks, PrintText
from desk_maint.exchange.writing import LocalTimes
from desk_maint.language import render, term
from desk_maint.language.words import word_key

if TYPE_CHECKING:
    from enum import StrEnum

    from openpyxl import Workbook

    from desk_maint.exchange.writing import Pace
    from desk_maint.services.statement import Statement

__all__ = ["MEASURE_WORDS", "Book"]

MEASURE_WORDS = {
    Measure.UPTIME: "uptime",
    Measure.DEVICE_DAYS: "good_days_strict",
    Measure.DEVICE_DAYS_WITHIN_LIMITS: "good_days_within_limits",
}


@dataclass(frozen=True)
class Book:
    """The workbook under way: its statement, its language, and how far it is."""

    workbook: Workbook
    statement: Statement
    lang: str
    pace: Pace

    @cached_property
    def verdicts(self) -> Verdicts:
        """The words of verdicts on targets."""
        return Verdicts(
            self.word("achieved"), self.word("not_achieved"), self.word("not_applicable")
        )

    @cached_property
    def times(self) -> LocalTimes:
        """Local times of the bureau."""
        return LocalTimes(self.statement.settings.zone)

    @cached_property
    def looks(self) -> Looks:
        """How cells look."""
        return Looks(self.lang)

    @cached_property
    def print_text(self) -> PrintText:
        """What is printed around every page."""
        title = self.word("statement_title")
        bureau = self.statement.settings.bureau_name
        return PrintText(
            title=f"{bureau} {title}" if bureau else title,
            subtitle=self.say(self.period),
            program=f"{self.word('app_title')} {__version__}",
            pages=self.say(msg("Page {page} of {pages}", page="&P", pages="&N")),
        )

    @property
    def period(self) -> Message:
        """The period in a sentence."""
        period = self.statement.report.period
        return msg(
            "Period {first} up to, not including, {last}; as at {as_of} ({zone})",
            first=period.first,
            last=period.last,
            as_of=At(period.as_of),
            zone=self.statement.settings.zone.key,
        )

    def word(self, key: str) -> str:
        """Return a word of the glossary."""
        return term(key, self.lang)

    def name(self, value: StrEnum) -> str:
        """Return the word for a member of a vocabulary."""
        return term(word_key(value), self.lang)

    def say(self, message: Message) -> str:
        """Return a sentence; moments in it are told in the bureau's zone."""
        return render(message, self.lang, tz=self.statement.settings.zone)

    def moment(self, instant: int | None) -> float | str | None:
        """Return what a cell holds for an instant: a number of days, or text where none fits."""
        if instant is None:
            return None
        number = self.times.number(instant)
        return self.times.text(instant) if number is None else number
