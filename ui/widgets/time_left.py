"""How much of a repair limit is left: a bar and words, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from desk_maint.domain.messages import Message, msg
from ui.formats import duration_message
from ui.theme import Space, Tone, set_tone

if TYPE_CHECKING:
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["TimeLeft", "time_left_words", "tone_of"]


def time_left_words(due_at: int | None, at: int, *, stopped: bool = False) -> Message:
    """Return the time left in words; ``at`` is where the clock stands, ``stopped`` or running."""
    if due_at is None:
        return msg("no limit")
    if at > due_at:
        return msg("overdue by {time}", time=duration_message(at - due_at))
    left = duration_message(due_at - at)
    return (
        msg("clock stopped, {left} left", left=left) if stopped else msg("{left} left", left=left)
    )


def tone_of(due_at: int | None, reported_at: int, at: int, *, stopped: bool = False) -> Tone:
    """Return the tone of a deadline: warning from four fifths of the way, danger past it."""
    if due_at is None:
        return Tone.MUTED
    if at > due_at:
        return Tone.DANGER
    if stopped:
        return Tone.MUTED
    span = max(due_at - reported_at, 1)
    return Tone.WARNING if (at - reported_at) * 5 >= span * 4 else Tone.OK


class TimeLeft(QWidget):
    """A bar that fills as the limit is used up, over the words that say it."""

    def __init__(self, context: Context, *, name: str = "") -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 1000)
        self._words = QLabel()
        layout.addWidget(self._words)
        layout.addWidget(self._bar)

    def show_clock(self, row: TicketRow, due_at: int | None, now: int) -> None:
        """Show where the clock to one of a ticket's deadlines stands."""
        at, stopped = row.clock_at(now), row.clock_stopped
        tone = tone_of(due_at, row.reported_at, at, stopped=stopped)
        words = self._context.texts.say(time_left_words(due_at, at, stopped=stopped))
        self._words.setText(words)
        self.setAccessibleName(words)
        set_tone(self._words, tone)
        set_tone(self._bar, tone)
        span = 1 if due_at is None else max(due_at - row.reported_at, 1)
        used = 0 if due_at is None else (at - row.reported_at) * 1000 // span
        self._bar.setValue(min(max(used, 0), 1000))
        self._bar.setVisible(due_at is not None)
