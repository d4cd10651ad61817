"""Where the clock of a ticket stands, running and stopped."""

from __future__ import annotations

import pytest

from desk_maint.domain.instants import HOUR, MINUTE
from desk_maint.language import render
from ui.theme import Tone
from ui.widgets.time_left import time_left_words, tone_of


@pytest.mark.parametrize(
    ("at", "stopped", "words", "tone"),
    [
        (0, False, "8 h 0 min left", Tone.OK),
        (7 * HOUR, False, "1 h 0 min left", Tone.WARNING),
        (8 * HOUR, False, "0 min left", Tone.WARNING),
        (8 * HOUR + MINUTE, False, "overdue by 1 min", Tone.DANGER),
        (2 * HOUR, True, "clock stopped, 6 h 0 min left", Tone.MUTED),
        (9 * HOUR, True, "overdue by 1 h 0 min", Tone.DANGER),
    ],
)
def test_what_is_left_of_eight_hours(at: int, stopped: bool, words: str, tone: Tone) -> None:  # noqa: FBT001
    due = 8 * HOUR
    assert render(time_left_words(due, at, stopped=stopped), "en") == words
    assert tone_of(due, 0, at, stopped=stopped) is tone
