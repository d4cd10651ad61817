"""The first frame, while the database is being opened; and what is said where it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout

from desk_maint.domain.errors import OutdatedDatabase
from desk_maint.domain.messages import Term, msg
from ui.page import Page
from ui.theme import Space
from ui.widgets.naming import named

if TYPE_CHECKING:
    from desk_maint.domain.errors import DeskMaintError
    from ui.context import Context

__all__ = ["CannotOpenPage", "OpeningPage"]


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


class CannotOpenPage(Page):
    """Why the database does not open, and what can be done about it.

    It never leads to an empty database by itself: a server that is away comes back.
    """

    title = Term("app_title")
    again_asked = Signal()
    upgrade_asked = Signal()
    other_asked = Signal()

    def __init__(self, context: Context, error: DeskMaintError) -> None:
        super().__init__(context)
        from ui.widgets.basics import Card, button

        self.setObjectName("page_cannot_open")
        outdated = isinstance(error, OutdatedDatabase)
        heading = (
            msg("The database comes from an older version")
            if outdated
            else msg("The database cannot be opened")
        )
        card = Card(context, heading, name="cannot_open_card")
        card.setFixedWidth(560)
        words = named(QLabel(wordWrap=True), "cannot_open_reason")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        reason = error.message
        if outdated:
            reason = msg(
                "It is brought up to date once; a copy of it is kept as it is now. Where several "
                "PCs share it, they all need the new version of the program from then on."
            )
        context.texts.bind(words, words.setText, reason)
        card.body.addWidget(words)
        card.body.addSpacing(Space.M)
        row = QHBoxLayout()
        row.addWidget(
            button(context, msg("Another database…"), self.other_asked.emit, name="open_other")
        )
        row.addStretch(1)
        if outdated:
            first = button(
                context,
                msg("Bring it up to date"),
                self.upgrade_asked.emit,
                name="open_upgrade",
                role="primary",
            )
        else:
            first = button(
                context, msg("Try again"), self.again_asked.emit, name="open_again", role="primary"
            )
        self._first = first
        row.addWidget(first)
        card.body.addLayout(row)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def on_opened(self) -> None:
        """Enter does what is most likely wanted."""
        self._first.setFocus()
