"""The first frame: what is being opened, while it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout

from desk_maint.domain.messages import Term, msg
from ui.page import Page
from ui.theme import Space

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["OpeningPage"]


class OpeningPage(Page):
    """Shown until the database is open."""

    title = Term("app_title")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page_opening")
        layout = QVBoxLayout(self)
        layout.setSpacing(Space.M)
        layout.addStretch(1)
        words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        context.texts.bind(words, words.setText, msg("Opening the database…"))
        bar = QProgressBar(textVisible=False)
        bar.setMaximumWidth(280)
        bar.setRange(0, 0)
        layout.addWidget(words)
        layout.addWidget(bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
