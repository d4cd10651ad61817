"""The real window over a small bureau, driven as people drive it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desk_maint.db.engine import create_database, open_database
from desk_maint.db.files import copy_sqlite
from desk_maint.domain.devices import Category
from desk_maint.domain.people import Actor, Role
from desk_maint.services import devices, outlets, people
from desk_maint.services.demo import fill_demo
from desk_maint.services.devices import DeviceData
from desk_maint.services.outlets import OutletData
from desk_maint.services.people import PersonData
from ui.app import Program
from ui.preferences import Preferences
from ui.problems import CrashDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_maint.db.engine import Database

ADMINISTRATOR = Actor("周敏", Role.ADMINISTRATOR)
MONDAY_NINE = 1_780_275_600
"""2026-06-01 09:00 in Shanghai, a Monday."""


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> float:
        return float(self.now)


@dataclass
class Window:
    """A running program and the few things every test does with it."""

    program: Program
    qtbot: QtBot
    clock: Clock
    database: Database
    """The same database, for looking at what was written."""

    def settle(self) -> None:
        """Wait until nothing is under way, nor begun by what has just come."""
        looks = 0

        def at_rest() -> bool:
            nonlocal looks
            looks = looks + 1 if self.program.context.tasks.idle else 0
            return looks > 1

        self.qtbot.waitUntil(at_rest, timeout=20_000)
        QApplication.processEvents()

    def find(self, name: str, kind: type[Any] = QWidget) -> Any:
        """Return the visible widget with this name, waiting for it."""
        found: list[QWidget] = []

        def there() -> bool:
            found[:] = [
                widget
                for top in QApplication.topLevelWidgets()
                for widget in [top, *top.findChildren(kind)]
                if widget.objectName() == name and widget.isVisible()
            ]
            return bool(found)

        self.qtbot.waitUntil(there, timeout=20_000)
        return found[-1]

    def click(self, name: str) -> None:
        """Press a button and wait for what it does."""
        self.find(name).click()
        self.settle()

    def sign_in(self, login: str) -> None:
        """Work as somebody."""
        actor = people.sign_in(self.database, login)
        self.program.work_as(actor, login)
        self.settle()

    def open(self, page: str) -> Any:
        """Bring a page to the front."""
        shown = self.program.window.open(page)
        self.settle()
        return shown


@pytest.fixture(autouse=True)
def no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A crash report fails the test; in the window it would wait for somebody to read it."""
    faults: list[str] = []

    def tell(dialog: CrashDialog) -> int:
        faults.append(dialog.report.toPlainText())
        return 0

    monkeypatch.setattr(CrashDialog, "exec", tell)
    yield
    assert not faults, faults[0]


@pytest.fixture(autouse=True)
def no_dialog_that_nobody_answers(qapp: QApplication) -> Iterator[None]:
    """A dialog that stands there for long is closed and fails the test with what it says."""
    said: list[str] = []
    standing: list[QWidget | None] = [None]

    def look() -> None:
        dialog = qapp.activeModalWidget()
        if dialog is None or dialog is not standing[0]:
            standing[0] = dialog
            return
        words = (each.text() for each in dialog.findChildren(QLabel) if each.isVisible())
        said.append(f"{dialog.objectName()}: {' / '.join(words)}")
        dialog.close()

    timer = QTimer(interval=20_000)
    timer.timeout.connect(look)
    timer.start()
    yield
    timer.stop()
    assert not said, said


@pytest.fixture
def bureau(database: Database) -> Database:
    """One outlet with three devices, and a person of every role."""
    outlet = outlets.create(
        database, ADMINISTRATOR, OutletData("0101", "中心营业厅"), at=MONDAY_NINE
    )
    for tag, category, name in (
        ("ATM-0101-01", Category.ATM, "自动柜员机"),
        ("LK-0101-01", Category.GREEN_CARD_TERMINAL, "绿卡终端"),
        ("MH-0101-01", Category.FIRE_EXTINGUISHER, "干粉灭火器"),
    ):
        devices.create(
            database,
            ADMINISTRATOR,
            DeviceData(tag, category, date(2020, 1, 1), name=name),
            outlet.id,
            at=MONDAY_NINE,
        )
    for login, name, role in (
        ("anna", "何秀梅", Role.REPORTER),
        ("wu", "刘洋", Role.TECHNICIAN),
        ("lin", "林芳", Role.MANAGER),
        ("zhou", "周敏", Role.ADMINISTRATOR),
    ):
        mine = frozenset({outlet.id}) if role is Role.REPORTER else frozenset()
        people.add(database, ADMINISTRATOR, PersonData(login, name, role, mine), at=MONDAY_NINE)
    return database


def pages_of(path: Path) -> int:
    """How many pages a PDF file of the toolkit has: it writes their heads as they are."""
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    return len(re.findall(rb"/Type /Page\b", content))


def end(program: Program) -> None:
    """Let go of a program as if it had never been: a window that stays is dressed with the next."""
    program.window.hide()  # not closed: nobody is there to say what becomes of what is typed
    program.shut_down()
    program.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Start the program on a database; closed at the end of the test."""
    running: list[Program] = []

    def start(database: Database, *, language: str = "zh_CN", dark: bool = False) -> Window:
        clock = Clock(MONDAY_NINE)
        settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
        program = Program(
            QApplication.instance(),
            location=database.url,
            language=language,
            preferences=Preferences(settings),
            clock=clock,
        )
        running.append(program)
        program.context.theme.wear(dark=dark)
        program.window.resize(1366, 768)
        program.start()
        window = Window(program, qtbot, clock, database)
        window.find("page_sign_in")
        window.settle()
        return window

    yield start
    for program in running:
        end(program)


@pytest.fixture
def window(make_window: Callable[..., Window], bureau: Database) -> Window:
    """The program on the small bureau, nobody signed in yet."""
    return make_window(bureau)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of the demo district, which end when the clock of the window begins."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    made = create_database(str(path))
    fill_demo(made, ADMINISTRATOR, months=2, at=MONDAY_NINE)
    made.close()
    return path


@pytest.fixture
def demo_bureau(demo_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A demo district of one's own."""
    copy_sqlite(demo_file, tmp_path / "demo.db")
    opened = open_database(str(tmp_path / "demo.db"))
    yield opened
    opened.close()
