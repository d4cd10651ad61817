"""What every page works with: the database, the person, the language, the lanes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk_maint.domain.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor
    from ui.preferences import Preferences
    from ui.tasks import Tasks
    from ui.texts import Texts
    from ui.theme import Theme

__all__ = ["Context"]


class Context(QObject):
    """One per window.  Pages read it and listen; only the window itself sets it."""

    changed = Signal(object)
    """Something was changed, here or by the scheduler: a ``Changes`` (kinds and ids)."""
    reopen_asked = Signal(str)
    """The database there was replaced or let go of: it is to be opened again."""
    page_asked = Signal(str, str)
    """A figure was opened: the page that shows what it is made of, and what to show there."""
    told = Signal(str, object)
    """A sentence for the foot of the window, and its :class:`~ui.theme.Tone`."""

    written = Signal(object)
    """A file was written: its path."""

    def __init__(
        self,
        *,
        texts: Texts,
        theme: Theme,
        tasks: Tasks,
        preferences: Preferences,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.texts = texts
        self.theme = theme
        self.tasks = tasks
        self.preferences = preferences
        self._clock = clock
        self._database: Database | None = None
        self._actor: Actor | None = None

    @property
    def database(self) -> Database:
        """The open database; asking before one is open is a fault of the program."""
        if self._database is None:
            problem = "no database is open"
            raise RuntimeError(problem)
        return self._database

    @property
    def actor(self) -> Actor:
        """The person who is signed in.

        Raises :class:`~desk_maint.domain.errors.Cancelled` where nobody is any more: what a page
        still asks for when she has left is wanted by nobody.
        """
        if self._actor is None:
            raise Cancelled
        return self._actor

    @property
    def signed_in(self) -> bool:
        """Whether a database is open and a person signed in."""
        return self._database is not None and self._actor is not None

    @property
    def zone(self) -> ZoneInfo:
        """The bureau's time zone."""
        return self.texts.zone

    def now(self) -> int:
        """Return the present instant, whole UTC seconds."""
        return int(self._clock())

    def open(self, database: Database, zone: ZoneInfo) -> None:
        """Work on ``database`` from now on."""
        self._database = database
        self.texts.zone = zone

    def sign_in(self, actor: Actor | None) -> None:
        """Work as ``actor`` from now on; None: nobody."""
        self._actor = actor

    def close(self) -> None:
        """Let go of the database."""
        if self._database is not None:
            self._database.close()
        self._database = self._actor = None

    def report(self, changes: Changes) -> None:
        """Tell every page what has changed."""
        self.changed.emit(changes)
