"""Makes the pictures of the README: ``python -m tests.pictures``.

The desks of the demo district at a fixed moment, so that a picture changes only when the window
does.  Needs a Chinese font; works without a screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from desk_maint.db.engine import create_database
from desk_maint.domain.people import Actor, Role
from desk_maint.services import people
from desk_maint.services.demo import fill_demo
from ui.app import Program
from ui.preferences import Preferences

NOW = 1_781_749_200
"""2026-06-18 10:20 in Shanghai."""
FOLDER = Path(__file__).parent.parent / "resources" / "pictures"
DESKS = (
    ("counter", "hexiumei"),
    ("workshop", "liuyang"),
    ("overview", "linfang"),
    ("statements", "linfang"),
    ("inventory", "linfang"),
)


def main() -> int:
    """Write one picture a desk; returns 0."""
    application = QApplication(sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        location = str(Path(folder) / "demo.db")
        database = create_database(location)
        fill_demo(database, Actor("demo", Role.ADMINISTRATOR), months=12, at=NOW)
        settings = QSettings(str(Path(folder) / "picture.ini"), QSettings.Format.IniFormat)
        program = Program(
            application,
            location=location,
            language="zh_CN",
            preferences=Preferences(settings),
            clock=lambda: float(NOW),
        )
        program.window.resize(1280, 720)
        program.start()
        _settle(application, program)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for page, login in DESKS:
            program.work_as(people.sign_in(database, login))
            program.window.open(page)
            _settle(application, program)
            program.window.grab().save(str(FOLDER / f"{page}.png"))
        program.shut_down()
        database.close()
    return 0


def _settle(application: QApplication, program: Program) -> None:
    """Let the window finish what it has begun."""
    quiet = 0
    while quiet < 20:
        application.processEvents()
        quiet = quiet + 1 if program.context.tasks.idle else 0
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
