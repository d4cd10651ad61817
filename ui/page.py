"""What the window frames: a page with a title, its keys for F1, and an ear for changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context
    from ui.texts import Text

__all__ = ["Key", "Page"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a page and what it does, as F1 shows it."""

    sequence: str
    does: Text


class Page(QWidget):
    """Base of all pages; a page is made when it is first opened and kept."""

    title: Text
    icon = "mdi6.circle-outline"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.keys: list[Key] = []
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        context.texts.bind(self, self.setAccessibleName, self.title)
        context.changed.connect(self.on_changes)

    def add_key(self, sequence: str, does: Text, call: object) -> QShortcut:
        """Let ``sequence`` call ``call`` on this page, and F1 tell of it."""
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(call)
        self.keys.append(Key(sequence, does))
        return shortcut

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus, as in a dialog."""
        focused = QApplication.focusWidget()
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            super().keyPressEvent(event)

    def on_opened(self) -> None:
        """Read what the page shows, and put the focus where work starts: it came to the front."""

    def begin_at(self, widget: QWidget) -> None:
        """Put the focus where work starts, unless it is on the page already."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            widget.setFocus()

    def show_part(self, name: str) -> None:
        """Show a part of the page that another page has asked for."""

    def on_changes(self, changes: object) -> None:
        """Read again what a change (a ``Changes``) touches."""

    def may_close(self, then: Callable[[], object]) -> bool:
        """Whether the page may be left for good; ``then`` is called once it may, if it may not now.

        False: the person wants to finish something, or it is being saved first.
        """
        return True
