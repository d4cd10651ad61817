"""The columns of uptime figures, the same wherever they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term, msg
from ui.formats import duration, percent
from ui.managers.rows_model import Field
from ui.theme import Tone

if TYPE_CHECKING:
    from desk_maint.services.uptime import Figures
    from ui.context import Context

__all__ = ["figure_fields", "hundredths", "left_words", "verdict"]


def hundredths(text: str | None) -> int | None:
    """Return a cut percentage (``97.75``) as hundredths of a percent."""
    return None if text is None else int(text.replace(".", ""))


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


def figure_fields(context: Context) -> list[Field]:
    """Return the columns of anything that has ``figures``."""
    say, missing = context.texts.say, Term("not_applicable")

    def seconds(row: object) -> Figures:
        return row.figures  # type: ignore[attr-defined,no-any-return]

    return [
        Field(
            msg("Uptime"),
            lambda row: percent(seconds(row).uptime_percent, say(missing)),
            lambda row: hundredths(seconds(row).uptime_percent) or -1,
            right=True,
            tone=lambda row: Tone.DANGER if seconds(row).met is False else None,
        ),
        Field(
            Term("achieved"),
            lambda row: say(verdict(seconds(row))[0]),
            lambda row: -1 if seconds(row).met is None else int(bool(seconds(row).met)),
            tone=lambda row: verdict(seconds(row))[2],
        ),
        Field(
            msg("Actual"),
            lambda row: percent(seconds(row).actual_percent, say(missing)),
            lambda row: hundredths(seconds(row).actual_percent) or -1,
            right=True,
        ),
        Field(
            Term("down_time"),
            lambda row: duration(context.texts, seconds(row).down_seconds),
            lambda row: seconds(row).down_seconds,
            right=True,
        ),
        Field(
            msg("Allowed"),
            lambda row: left_words(context, seconds(row)),
            lambda row: seconds(row).remaining_down_seconds,
            right=True,
            tone=lambda row: Tone.DANGER if seconds(row).remaining_down_seconds < 0 else None,
        ),
        Field(
            Term("fault_count"),
            lambda row: str(seconds(row).faults),
            lambda row: seconds(row).faults,
            right=True,
        ),
    ]
