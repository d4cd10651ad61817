"""Cards, badges, banners, chips and empty states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.connections import connect_for
from ui.icons import icon
from ui.theme import Space, Tone, set_tone
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context
    from ui.texts import Text

__all__ = ["Badge", "Banner", "Card", "EmptyState", "button", "caption", "chip", "line"]


class Card(QFrame):
    """A surface with an optional heading; put the content into :attr:`body`."""

    def __init__(self, context: Context, title: Text | None = None, *, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        self.body.setSpacing(Space.S)
        self.head = QHBoxLayout()
        self.head.setSpacing(Space.S)
        if title is not None:
            self.heading = QLabel()
            self.heading.setProperty("role", "strong")
            context.texts.bind(self, self.setAccessibleName, title)
            context.texts.bind(self.heading, self.heading.setText, title)
            self.head.addWidget(self.heading)
            self.head.addStretch(1)
            self.body.addLayout(self.head)


class Badge(QWidget):
    """An icon and a word in one tone: a state that is never told by colour alone."""

    def __init__(self, context: Context, *, name: str = "") -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        self._icon = QLabel()
        self._word = QLabel()
        self._word.setProperty("role", "badge")
        for part in (self._icon, self._word):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        self._shown: tuple[str, Tone] | None = None
        context.theme.changed.connect(self._paint)

    def show_state(self, word: Text | str, icon_name: str, tone: Tone) -> None:
        """Show a word with its icon."""
        text = word if isinstance(word, str) else self._context.texts.say(word)
        self._word.setText(text)
        self.setAccessibleName(text)
        set_tone(self._word, tone)
        self._shown = (icon_name, tone)
        self._paint()

    def _paint(self) -> None:
        if self._shown is not None:
            name, tone = self._shown
            self._icon.setPixmap(icon(self._context.theme, name, tone).pixmap(QSize(16, 16)))


class Banner(QFrame):
    """A line across the page that says something important, with at most one thing to do."""

    def __init__(self, context: Context, *, name: str = "") -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self.setProperty("role", "banner")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.hide()
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.action)
        self.hide()

    def say(self, text: Text | str, icon_name: str, tone: Tone) -> None:
        """Show the banner."""
        sentence = text if isinstance(text, str) else self._context.texts.say(text)
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        set_tone(self, tone)
        self._icon.setPixmap(icon(self._context.theme, icon_name, tone).pixmap(QSize(20, 20)))
        self.show()


class EmptyState(QWidget):
    """What stands where there is nothing: why, and what to do about it."""

    def __init__(self, context: Context, icon_name: str, text: Text, *, name: str = "") -> None:
        super().__init__()
        self._context = context
        self._name = icon_name
        self.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addStretch(1)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._icon)
        self.text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        set_tone(self.text, Tone.MUTED)
        context.texts.bind(self.text, self.text.setText, text)
        layout.addWidget(self.text)
        layout.addStretch(1)
        context.theme.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        pixmap = icon(self._context.theme, self._name, Tone.MUTED).pixmap(QSize(40, 40))
        self._icon.setPixmap(pixmap)


def button(
    context: Context,
    text: Text,
    call: Callable[[], object] | None = None,
    *,
    name: str,
    role: str = "",
    icon_name: str = "",
    tone: Tone = Tone.PLAIN,
) -> QPushButton:
    """Return a push button; ``role`` is ``primary``, ``danger``, ``quiet`` or plain."""
    made = named(QPushButton(), name)
    if role:
        made.setProperty("role", role)
    context.texts.bind(made, made.setText, text)
    if icon_name:

        def paint() -> None:
            made.setIcon(icon(context.theme, icon_name, tone))

        paint()
        connect_for(made, context.theme.changed, paint)
    if call is not None:
        made.clicked.connect(lambda _checked=False: call())
    return made


def chip(context: Context, text: Text, *, name: str, checked: bool = False) -> QPushButton:
    """Return a filter that is on or off."""
    made = named(QPushButton(), name)
    made.setCheckable(True)
    made.setChecked(checked)
    made.setProperty("role", "chip")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    context.texts.bind(made, made.setText, text)
    return made


def caption(context: Context, text: Text | None = None, *, name: str = "") -> QLabel:
    """Return a small label in the muted colour."""
    made = named(QLabel(), name)
    made.setProperty("role", "caption")
    if text is not None:
        context.texts.bind(made, made.setText, text)
    return made


def line() -> QFrame:
    """Return a hairline between two parts."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made
