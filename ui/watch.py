"""What waits for the person, beside the tray icon; and a quiet notice when a ticket of hers moves.

Looks once a minute and after each change in this window.  What others have changed meanwhile is
told to the pages too, so that a shared queue is never older than that.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon

from desk_maint.domain.messages import Message, Term, msg
from ui.icons import icon
from ui.operations import ask
from ui.theme import Tone

if TYPE_CHECKING:
    from desk_maint.services.waiting import News, TicketNews, Waiting
    from ui.context import Context
    from ui.main_window import MainWindow

__all__ = ["Watch"]

_FIRST_LOOK_MS, _EVERY_MS = 3_000, 60_000
_SIDE = 64
_MOST = 99
_NOTICES = 3
"""More than these at once are told by their number."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    waiting: Waiting
    news: News


class Watch(QObject):
    """The tray icon of one window; without a tray the notices appear in the window alone."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._seen: int | None = None
        self.waiting: Waiting | None = None
        """What was found at the last look."""
        self.tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self, singleShot=True, interval=_FIRST_LOOK_MS)
        context.changed.connect(lambda _changes: self._soon.start())
        self._soon.timeout.connect(self.look)
        context.texts.changed.connect(self._paint)

    def begin(self) -> None:
        """Watch for the person who has just signed in; she finds her desk first."""
        self._seen, self.waiting = None, None
        self._timer.start()
        self._soon.start()

    def end(self) -> None:
        """Nobody is signed in any more."""
        self._timer.stop()
        self._soon.stop()
        self.waiting = None
        self._window.setWindowTitle(self._context.texts.say(Term("app_title")))
        if self.tray is not None:
            self.tray.hide()

    def look(self) -> None:
        """Read what waits, and what others have done since the last look."""
        context, seen = self._context, self._seen
        if not context.signed_in:
            return

        def read() -> _Look:
            from desk_maint.services import waiting

            database, actor = context.database, context.actor
            return _Look(
                waiting.count_waiting(database, actor, context.now()),
                waiting.list_news(database, actor, seen),
            )

        # A server that is away is told where somebody does something, not every minute.
        ask(self, context, read, self._show, failed=lambda error: _log.info("%s", error))

    def _show(self, found: _Look) -> None:
        if not self._context.signed_in:
            return
        first, self._seen = self._seen is None, found.news.last_change
        moved = not first and found.news.items
        self.waiting = found.waiting
        self._paint()
        if moved:
            self._tell(found.news.items)

    def _paint(self) -> None:
        waiting = self.waiting
        if waiting is None:
            return
        say = self._context.texts.say
        words = say(_sentence(waiting))
        title = say(Term("app_title"))
        self._window.setWindowTitle(f"({waiting.total}) {title}" if waiting.total else title)
        if self.tray is None:
            if not QSystemTrayIcon.isSystemTrayAvailable():
                return
            self.tray = QSystemTrayIcon(self)
            self.tray.activated.connect(lambda _reason: self._come_forward())
            self.tray.messageClicked.connect(self._come_forward)
        self.tray.setIcon(self._numbered(waiting.total))
        self.tray.setToolTip(f"{title}\n{words}")
        self.tray.show()

    def _numbered(self, count: int) -> QIcon:
        theme = self._context.theme
        pixmap = icon(theme, "mdi6.wrench", Tone.ACCENT).pixmap(_SIDE, _SIDE)
        if not count:
            return QIcon(pixmap)
        shown = QPixmap(pixmap)
        painter = QPainter(shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour(Tone.DANGER))
        painter.setPen(Qt.PenStyle.NoPen)
        radius = _SIDE * 0.32
        middle = QPointF(_SIDE - radius, _SIDE - radius)
        painter.drawEllipse(middle, radius, radius)
        font = QFont(theme.font)
        font.setBold(True)
        font.setPixelSize(int(radius * 1.1))
        painter.setFont(font)
        painter.setPen(QColor(theme.colours.surface))
        text = str(count) if count <= _MOST else f"{_MOST}+"
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return QIcon(shown)

    def _tell(self, items: tuple[TicketNews, ...]) -> None:
        from desk_maint.db.change import Changes
        from desk_maint.language.fields import action_key

        say = self._context.texts.say
        if len(items) > _NOTICES:
            lines = [say(msg("Your tickets have moved: {count}", count=len(items)))]
        else:
            lines = [
                f"{item.number} {item.tag}　{say(Term(action_key(item.action)))}　{item.actor}"
                for item in items
            ]
        text = "\n".join(lines)
        if self.tray is not None:
            title = say(Term("app_title"))
            self.tray.showMessage(title, text, QSystemTrayIcon.MessageIcon.NoIcon)
        self._context.told.emit(lines[-1], Tone.INFO)
        self._context.changed.emit(Changes({"fault": frozenset()}))

    def _come_forward(self) -> None:
        self._window.show()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()


def _sentence(waiting: Waiting) -> Message:
    """Return in words what waits."""
    return msg(
        "To accept {accept}, in your hands {mine}, to confirm {confirm}, overdue {overdue}, to "
        "decide {decide}",
        accept=waiting.to_accept,
        mine=waiting.mine,
        confirm=waiting.to_confirm,
        overdue=waiting.overdue,
        decide=waiting.to_decide,
    )
