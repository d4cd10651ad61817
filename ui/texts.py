"""What stands on the screen, in the language of the person, changed without a restart.

The window uses the catalogues of the core, so that a word means the same on every floor: a text
is a :class:`~desk_maint.domain.messages.Message` (``msg("literal")``) or a glossary
:class:`~desk_maint.domain.messages.Term`.  A widget's text is *bound*: the setter is called now
and again whenever the language changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from desk_maint.domain.instants import DEFAULT_ZONE, zone
from desk_maint.domain.messages import Message, Term
from desk_maint.language import LANGUAGES, render, term

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

__all__ = ["Text", "Texts"]

Text = Message | Term


class Texts(QObject):
    """Renders and re-renders texts; one per running program."""

    changed = Signal()
    """The language changed and every bound text has been set again."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self.zone: ZoneInfo = zone(DEFAULT_ZONE)
        self._bound: dict[QObject, list[tuple[Callable[[str], object], Text]]] = {}
        self._qt = QTranslator(self)

    @property
    def locale(self) -> QLocale:
        """The locale of dates and numbers on screen."""
        return QLocale(self.language)

    def say(self, text: Text) -> str:
        """Return ``text`` in the current language."""
        if isinstance(text, Term):
            return term(text.key, self.language)
        return render(text, self.language, tz=self.zone)

    def bind(self, owner: QObject, setter: Callable[[str], object], text: Text) -> None:
        """Call ``setter`` with the text now and at each change, as long as ``owner`` lives.

        Binding the same setter again replaces its text.
        """
        if owner not in self._bound:
            self._bound[owner] = []
            owner.destroyed.connect(lambda _=None, owner=owner: self._bound.pop(owner, None))
        bindings = [pair for pair in self._bound[owner] if pair[0] != setter]
        self._bound[owner] = [*bindings, (setter, text)]
        setter(self.say(text))

    def use(self, language: str) -> None:
        """Switch the whole window to ``language`` (one of ``LANGUAGES``)."""
        if language not in LANGUAGES:
            problem = f"unknown language {language!r}"
            raise ValueError(problem)
        self.language = language
        self.install_qt_texts()
        for bindings in list(self._bound.values()):
            for setter, text in bindings:
                setter(self.say(text))
        self.changed.emit()

    def install_qt_texts(self) -> None:
        """Give Qt's own dialogs the same language (English needs none)."""
        QApplication.removeTranslator(self._qt)
        QLocale.setDefault(self.locale)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt.load(f"qtbase_{self.language}", folder):
            QApplication.installTranslator(self._qt)
