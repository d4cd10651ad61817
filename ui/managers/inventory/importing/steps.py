"""Where one is in the assistant: the steps by number and name, the present one marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.theme import Space, Tone, set_tone
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["Steps"]


class Steps(QWidget):
    """Numbers and names in a row; what is behind is ticked."""

    def __init__(self, context: Context, titles: Sequence[Text], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._titles = list(titles)
        self._signs: list[QLabel] = []
        self._words: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        for number, title in enumerate(titles):
            if number:
                gap = QLabel("›")
                set_tone(gap, Tone.MUTED)
                row.addWidget(gap)
            sign, words = (
                named(QLabel(), f"{name}_sign_{number}"),
                named(QLabel(), f"{name}_{number}"),
            )
            sign.setProperty("role", "badge")
            context.texts.bind(words, words.setText, title)
            row.addWidget(sign)
            row.addWidget(words)
            self._signs.append(sign)
            self._words.append(words)
        row.addStretch(1)
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Mark ``step``, counted from 0."""
        for number, (sign, words) in enumerate(zip(self._signs, self._words, strict=True)):
            sign.setText("✓" if number < step else str(number + 1))
            set_tone(sign, Tone.ACCENT if number <= step else Tone.MUTED)
            set_tone(words, Tone.PLAIN if number == step else Tone.MUTED)
            font = words.font()
            font.setBold(number == step)
            words.setFont(font)
        self.setAccessibleName(self._context.texts.say(self._titles[step]))
