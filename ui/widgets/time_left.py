"""How much of a repair limit is left: a bar and words, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from desk_maint.domain.messages import Message, msg
from ui.formats import duration_message
from ui.theme import Space, Tone, set_tone

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["TimeLeft", "time_left_words", "tone_of"]


def time_left_words(due_at: int | None, now: int, *, held: bool = False) -> Message:
    """Return the time left in words; a held clock stands still and says so."""
    if due_at is None:
        return msg("no limit")
    if held:
        return msg("clock stopped, {left} left", left=duration_message(max(due_at - now, 0)))
    if now > due_at:
        return msg("overdue by {time}", time=duration_message(now - due_at))
    return msg("{left} left", left=duration_message(due_at - now))


def tone_of(due_at: int | None, reported_at: int, now: int, *, held: bool = False) -> Tone:
    """Return the tone of a deadline: warning from four fifths of the way, danger past it."""
    if due_at is None or held:
        return Tone.MUTED
    if now > due_at:
        return Tone.DANGER
    span = max(due_at - reported_at, 1)
    return Tone.WARNING if (now - reported_at) * 5 >= span * 4 else Tone.OK


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

    def show_clock(
        self, due_at: int | None, reported_at: int, now: int, *, held: bool = False
    ) -> None:
        """Show where a clock stands at ``now``."""
        tone = tone_of(due_at, reported_at, now, held=held)
        words = self._context.texts.say(time_left_words(due_at, now, held=held))
        self._words.setText(words)
        self.setAccessibleName(words)
        set_tone(self._words, tone)
        set_tone(self._bar, tone)
        used = 0 if due_at is None else (now - reported_at) * 1000 // max(due_at - reported_at, 1)
        self._bar.setValue(min(max(used, 0), 1000))
        self._bar.setVisible(due_at is not None)
