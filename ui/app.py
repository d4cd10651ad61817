"""Starting the window: paint first, then bring up the database, then the desk of the person.

Nothing heavy is waited for before the first frame stands on the screen; SQLAlchemy and the
services come in afterwards, on the database lane.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desk_maint import __version__
from desk_maint.cli.deferred import defer
from desk_maint.domain.errors import DeskMaintError
from desk_maint.domain.messages import msg
from desk_maint.language import choose
from ui.context import Context
from ui.garbage import BEGIN_AFTER_MS, Collector
from ui.main_window import MainWindow
from ui.opening_page import CannotOpenPage, OpeningPage
from ui.preferences import Preferences
from ui.problems import ExceptionHook, show_problem
from ui.tasks import Job, Tasks
from ui.texts import Texts
from ui.theme import Theme, Tone
from ui.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["Program", "main", "make_application"]


@dataclass(slots=True)
class _Opened:
    """A database that was opened, and whose desk follows."""

    database: Database
    zone: ZoneInfo
    has_people: bool
    actor: Actor | None
    """Who is signed in at once, as on the last day."""
    remembered: str | None = None
    """Its place as the preferences keep it."""
    problem: str | None = None
    """Why the place is not kept."""


class Program:
    """One running window, from the first frame to the last job at shutdown."""

    def __init__(
        self,
        application: QApplication,
        *,
        location: str | None = None,
        language: str | None = None,
        preferences: Preferences | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.application = application
        self._collector = Collector(application)
        self.preferences = preferences or Preferences()
        self._location = location or self.preferences.database
        texts = Texts(language or self.preferences.language or choose(None, os.environ))
        texts.install_qt_texts()
        self.context = Context(
            texts=texts,
            theme=Theme(application),
            tasks=Tasks(),
            preferences=self.preferences,
            clock=clock,
        )
        self.window = MainWindow(self.context)
        self.watch = Watch(self.context, self.window)
        self.window.sign_out_asked.connect(self.sign_out)
        self.context.reopen_asked.connect(self.open_database)
        self.context.tasks.unhandled.connect(self._show)
        self._hook = ExceptionHook(self._show)
        self._opening = OpeningPage(self.context)
        self.window.show_alone(self._opening)

    def start(self) -> None:
        """Show the frame, then begin with what takes time."""
        self.window.show()
        QTimer.singleShot(0, self._begin)

    def shut_down(self) -> None:
        """Wait for what is under way and let go of the database."""
        self.watch.end()
        self.context.tasks.shut_down()
        self.context.close()
        self._hook.remove()
        self._collector.end()

    def _begin(self) -> None:
        if self._location is None and not _default_location().exists():
            self.first_start()
        else:
            self.open_database(self._location or str(_default_location()))

    def first_start(self) -> None:
        """Nothing is here yet: the assistant."""
        from ui.first_start import FirstStartPage

        page = FirstStartPage(self.context)
        page.ready.connect(self.open_database)
        self.window.show_alone(page)

    def open_database(self, location: str, *, upgrade: bool = False) -> None:
        """Open ``location`` on the database lane and go on to the person's desk."""

        def work(_job: Job) -> _Opened:
            from desk_maint.db.engine import open_database
            from desk_maint.db.location import keep_password
            from desk_maint.services import people, settings

            database = open_database(location, upgrade=upgrade)
            try:
                with database.read() as session:
                    in_force = settings.load(session)
                login = self.preferences.login
                actor = people.sign_in_again(database, login) if login else None
                anybody = actor is not None or people.has_people(database)
            except BaseException:
                database.close()
                raise
            opened = _Opened(database, in_force.zone, anybody, actor)
            try:
                opened.remembered = keep_password(location, self.preferences.beside("pgpass.conf"))
            except OSError as error:
                # She can work; the program only does not know its way back.
                opened.problem = str(error)
            return opened

        def go_on(opened: _Opened) -> None:
            if opened.remembered is not None:
                self.preferences.database = opened.remembered
            self._tell_opened(opened)
            self.context.open(opened.database, opened.zone)
            if opened.actor is not None:
                self.work_as(opened.actor)
            elif opened.has_people:
                self.ask_who()
            else:
                self.first_administrator()

        self.window.show_alone(OpeningPage(self.context))
        self.context.tasks.start(
            self.window,
            work,
            done=go_on,
            failed=lambda error: self._cannot_open(location, error),
        )

    def _tell_opened(self, opened: _Opened) -> None:
        say, copy = self.context.texts.say, opened.database.kept
        if opened.problem is not None:
            problem = msg(
                "The password cannot be kept on this PC: {problem}", problem=opened.problem
            )
            self.window.answer.tell(say(problem), Tone.WARNING)
        elif copy is not None:
            kept = msg("Up to date. The copy from before: {path}", path=str(copy))
            self.window.answer.tell(say(kept), Tone.OK)

    def ask_who(self) -> None:
        """Show the sign-in page."""
        from ui.sign_in import SignInPage

        page = SignInPage(self.context)
        page.signed_in.connect(self.work_as)
        self.window.show_alone(page)

    def first_administrator(self) -> None:
        """Ask for the first administrator of a database without people."""
        from ui.first_start import FirstAdministratorPage

        page = FirstAdministratorPage(self.context)
        page.signed_in.connect(self.work_as)
        page.ledger_asked.connect(lambda: self.context.page_asked.emit("inventory", "import"))
        self.window.show_alone(page)

    def work_as(self, actor: Actor, login: str | None = None) -> None:
        """Open the desk of the person's role; ``login`` is remembered for the next start."""
        if login is not None:
            self.preferences.login = login
        from ui.desks import pages_of

        self.context.sign_in(actor)
        self.window.set_pages(pages_of(actor.role), actor.name)
        self.watch.begin()

    def sign_out(self) -> None:
        """Leave the desk; whoever comes next signs in."""
        self.preferences.login = None
        self.context.tasks.finish_changes()
        self.watch.end()
        self.context.sign_in(None)
        self.ask_who()

    def _cannot_open(self, location: str, error: Exception) -> None:
        if not isinstance(error, DeskMaintError):
            self._show(error)
            self.first_start()
            return
        page = CannotOpenPage(self.context, error)
        page.again_asked.connect(lambda: self.open_database(location))
        page.upgrade_asked.connect(lambda: self.open_database(location, upgrade=True))
        page.other_asked.connect(self.first_start)
        self.window.show_alone(page)

    def _show(self, error: Exception) -> None:
        show_problem(self.window, self.context.texts, error)


def make_application(arguments: Sequence[str]) -> QApplication:
    """Return Qt's application, ready for a start that waits for nothing it does not need."""
    defer()
    application = QApplication(list(arguments))
    QTimer.singleShot(BEGIN_AFTER_MS, application, gc.freeze)
    application.setApplicationName("desk-maint")
    application.setApplicationDisplayName("DeskMaint")
    application.setOrganizationName("DeskMaint")
    application.setApplicationVersion(__version__)

    return application


def _default_location() -> Path:
    from desk_maint.db.location import default_path

    return default_path()


def main(location: str | None = None, language: str | None = None) -> int:
    """Open the window; returns the exit status of the program.

    ``location`` is the path or URL of a database, otherwise that of ``DESK_MAINT_DATABASE`` or the
    one used last; ``language`` one of ``LANGUAGES``, otherwise the one used last or the system's.
    """
    logging.basicConfig(level=logging.WARNING)
    application = make_application(sys.argv[:1])
    location = location or os.environ.get("DESK_MAINT_DATABASE")
    program = Program(application, location=location, language=language)
    program.start()
    try:
        return application.exec()
    finally:
        program.shut_down()
