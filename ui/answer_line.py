"""The line in the top bar that says for a few seconds what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desk_maint.domain.messages import msg
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import button
from ui.widgets.naming import named

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QPaintEvent

    from ui.context import Context

__all__ = ["AnswerLine"]

_SHOWN_MS = 8000
_FILE_SHOWN_MS = 60_000
"""Longer, for there is something to press."""


class AnswerLine(QWidget):
    """A sentence and, after a file was written, the buttons that open it or its folder."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._path: Path | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, 0, Space.M, 0)
        layout.setSpacing(Space.S)
        self._sentence = _Sentence()
        self._open = button(context, msg("Open"), self._open_file, name="answer_open")
        self._folder = button(context, msg("Show folder"), self._open_folder, name="answer_folder")
        layout.addStretch(1)
        layout.addWidget(self._sentence)
        layout.addWidget(self._open)
        layout.addWidget(self._folder)
        layout.addStretch(1)
        self._forget = QTimer(self, singleShot=True)
        self._forget.timeout.connect(self.clear)
        self.clear()

    def clear(self) -> None:
        """Say nothing more."""
        self._show("", Tone.PLAIN, None)

    def tell(self, sentence: str, tone: Tone) -> None:
        """Answer in one sentence."""
        self._show(sentence, tone, None)
        self._forget.start(_SHOWN_MS)

    def tell_written(self, path: Path) -> None:
        """Tell where a file is, and offer to open it."""
        self._show(self._context.texts.say(msg("Written: {path}", path=str(path))), Tone.OK, path)
        self._forget.start(_FILE_SHOWN_MS)

    def _show(self, sentence: str, tone: Tone, path: Path | None) -> None:
        self._path = path
        set_tone(self._sentence, tone)
        self._sentence.setText(sentence)
        self._sentence.setToolTip(sentence)
        self._open.setVisible(path is not None)
        self._folder.setVisible(path is not None)

    def _open_file(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    def _open_folder(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


class _Sentence(QLabel):
    """Gives way where the bar is narrow: a path is shortened in its middle, never the window."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "answer")
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width()
        )
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
