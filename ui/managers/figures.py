"""The columns of uptime figures, the same wherever they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_maint.domain.instants import MINUTE
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.targets import Measure
from ui.formats import duration, percent
from ui.managers.rows_model import Field
from ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.uptime import Figures
    from ui.context import Context
    from ui.texts import Text

__all__ = ["figure_fields", "hundredths", "left_words", "rate_key", "verdict"]


def hundredths(text: str | None) -> int | None:
    """Return a cut percentage (``97.75``) as hundredths of a percent."""
    return None if text is None else int(text.replace(".", ""))


def rate_key(text: str | None) -> int:
    """Return what a cut percentage is sorted by; where it is not applicable it goes first."""
    found = hundredths(text)
    return -1 if found is None else found


def verdict(figures: Figures) -> tuple[Term, str, Tone]:
    """Return word, icon and tone of a verdict."""
    if figures.met is None:
        return Term("not_applicable"), "mdi6.minus-circle-outline", Tone.MUTED
    if figures.met:
        return Term("achieved"), "mdi6.check-circle-outline", Tone.OK
    return Term("not_achieved"), "mdi6.close-circle-outline", Tone.DANGER


def left_words(context: Context, figures: Figures) -> str:
    """Return the downtime that is left, or by how much it is overdrawn."""
    left = figures.remaining_down_seconds
    text = duration(context.texts, left)
    sentence = msg("{time} over", time=text) if left < 0 else msg("{time} left", time=text)
    return context.texts.say(sentence)


def figure_fields(context: Context, *names: str, in_numbers: bool = False) -> list[Field]:
    """Return these columns of anything that has ``figures``, in this order.

    ``before`` and ``change`` ask the row for ``before`` too, the uptime of the period before.
    Times are told in words and rates with their sign, or, where there are many columns, in plain
    numbers (``415:05``, ``97.75``) with the unit in the title.
    """
    columns = _Numbers(context) if in_numbers else _Columns(context)
    makers: dict[str, Callable[[], Field]] = {
        "uptime": lambda: columns.rate(
            (msg("Uptime"), msg("Uptime\n%")),
            lambda row: row.figures.uptime_percent,
            Measure.UPTIME,
        ),
        "before": lambda: columns.rate((msg("Before"), msg("Before\n%")), lambda row: row.before),
        "change": columns.change,
        "verdict": columns.verdict,
        "actual": lambda: columns.rate(
            (msg("Actual"), msg("Actual\n%")), lambda row: row.figures.actual_percent
        ),
        "within": lambda: columns.rate(
            (msg("Within\nlimits"), msg("Within\nlimits %")),
            lambda row: row.figures.within_limits_percent,
            Measure.DEVICE_DAYS_WITHIN_LIMITS,
        ),
        "strict": lambda: columns.rate(
            (msg("Intact,\nstrict"), msg("Intact,\nstrict %")),
            lambda row: row.figures.strict_percent,
            Measure.DEVICE_DAYS,
        ),
        "required": lambda: columns.time(msg("Required"), lambda row: row.figures.required_seconds),
        "exempt": lambda: columns.time(msg("Exempt"), lambda row: row.figures.exempt_seconds),
        "down": lambda: columns.time(msg("Downtime"), lambda row: row.figures.down_seconds),
        "left": lambda: columns.time(msg("Left"), lambda row: row.figures.remaining_down_seconds),
        "faults": columns.faults,
    }
    return [makers[name]() for name in names]


class _Columns:
    """Makes the columns; a miss is told in the rate that the row is judged by."""

    NUMBERS = False

    def __init__(self, context: Context) -> None:
        self._texts = context.texts

    def rate(
        self,
        titles: tuple[Text, Text],
        find: Callable[[Any], str | None],
        measure: Measure | None = None,
    ) -> Field:
        """Return a column of rates; ``titles`` are the one for words and the one for numbers."""

        def tone(row: Any) -> Tone | None:
            missed = row.figures.met is False and row.figures.measure is measure
            return Tone.DANGER if missed else None

        return Field(
            titles[self.NUMBERS],
            lambda row: self._rate(find(row)),
            lambda row: rate_key(find(row)),
            right=True,
            tone=None if measure is None else tone,
        )

    def change(self) -> Field:
        def points(row: Any) -> int | None:
            now, before = hundredths(row.figures.uptime_percent), hundredths(row.before)
            return None if now is None or before is None else now - before

        def show(row: Any) -> str:
            found = points(row)
            if found is None:
                return "—"
            sign = "−" if found < 0 else "+" if found else ""
            return f"{sign}{abs(found) / 100:.2f}"

        return Field(
            msg("Change"),
            show,
            lambda row: -(10**6) if points(row) is None else points(row),
            right=True,
        )

    def verdict(self) -> Field:
        return Field(
            Term("verdict"),
            lambda row: self._texts.say(verdict(row.figures)[0]),
            lambda row: -1 if row.figures.met is None else int(row.figures.met),
            tone=lambda row: verdict(row.figures)[2],
        )

    def time(self, title: Text, find: Callable[[Any], int]) -> Field:
        """Return a column of times; what is overdrawn is below zero and told as a miss."""

        def show(row: Any) -> str:
            seconds = find(row)
            return f"{'−' if seconds < 0 else ''}{self._told(abs(seconds))}"

        return Field(
            self._titled(title),
            show,
            find,
            right=True,
            tone=lambda row: Tone.DANGER if find(row) < 0 else None,
        )

    def _rate(self, text: str | None) -> str:
        return percent(text, self._texts.say(Term("not_applicable")))

    def _told(self, seconds: int) -> str:
        return duration(self._texts, seconds)

    def _titled(self, title: Text) -> Text:
        return title

    def faults(self) -> Field:
        return Field(
            Term("fault_count"),
            lambda row: str(row.figures.faults),
            lambda row: row.figures.faults,
            right=True,
        )


class _Numbers(_Columns):
    """The same in plain numbers; hours and minutes are cut to the minute."""

    NUMBERS = True

    def _rate(self, text: str | None) -> str:
        return self._texts.say(Term("not_applicable")) if text is None else text

    def _told(self, seconds: int) -> str:
        minutes = seconds // MINUTE
        return f"{minutes // 60:,}:{minutes % 60:02}"

    def _titled(self, title: Text) -> Text:
        return msg("{title}\nh:min", title=title)
