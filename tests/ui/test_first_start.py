"""A new PC: the assistant makes a database, names the administrator, and offers the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from desk_maint.db import location
from desk_maint.domain.people import Role
from desk_maint.language import LANGUAGES
from desk_maint.services import people, settings
from tests.ui.conftest import MONDAY_NINE, Clock, Window
from tests.ui.test_pages import cut_texts
from ui.app import Program
from ui.preferences import Preferences
from ui.shared_address import with_password

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_maint.db.engine import Database


@pytest.fixture
def new_pc(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The program where no database is yet."""
    monkeypatch.setattr(location, "default_path", lambda: tmp_path / "new" / "desk-maint.db")
    clock = Clock(MONDAY_NINE)
    kept = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    program = Program(
        QApplication.instance(), language="zh_CN", preferences=Preferences(kept), clock=clock
    )
    program.start()
    yield Window(program, qtbot, clock, None)
    program.window.close()
    program.shut_down()
    program.window.deleteLater()


def dialog_opened_by(new_pc: Window, button: str) -> str:
    """Press a button; returns the name of the dialog that comes, which is left again."""
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, look)
            return
        seen.append(dialog.objectName())
        dialog.reject()

    QTimer.singleShot(0, look)
    new_pc.click(button)
    new_pc.qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    new_pc.settle()
    (name,) = seen
    return name


def test_from_nothing_to_the_import_of_the_ledger(new_pc: Window) -> None:
    new_pc.qtbot.waitUntil(new_pc.find("start_here").hasFocus)
    new_pc.qtbot.keyClick(new_pc.find("start_here"), Qt.Key.Key_Return)
    new_pc.settle()
    new_pc.find("page_first_administrator")
    new_pc.settle()
    new_pc.find("first_bureau", QLineEdit).setText("柳河区邮政局")
    new_pc.find("first_name", QLineEdit).setText("周敏")
    new_pc.find("first_login", QLineEdit).setText("zhou")
    assert dialog_opened_by(new_pc, "first_ledger") == "import_assistant"
    context = new_pc.program.context
    assert context.actor.role is Role.ADMINISTRATOR
    assert settings.read_settings(context.database, context.actor).bureau_name == "柳河区邮政局"
    assert [name.login for name in people.list_sign_in_names(context.database)] == ["zhou"]


def test_an_address_that_is_wrong_stays_and_the_reason_is_said_beside_it(new_pc: Window) -> None:
    new_pc.click("start_shared")
    address = new_pc.find("shared_address", QLineEdit)
    password = new_pc.find("shared_password", QLineEdit)
    assert password.echoMode() is QLineEdit.EchoMode.Password
    new_pc.click("shared_join")
    assert new_pc.find("shared_problem").text()
    password.setText("p@ss")
    for typed, said in (
        ("mysql://user@server/name", "mysql"),
        ("postgresql://user@127.0.0.1:1/desk_maint", "127.0.0.1:1"),
    ):
        address.setText(typed)
        new_pc.click("shared_join")
        problem = new_pc.find("shared_problem").text()
        assert said in problem
        assert "p@ss" not in problem
        assert (address.text(), password.text()) == (typed, "p@ss")
        assert new_pc.find("shared_join").isEnabled()
    assert QApplication.activeModalWidget() is None


def test_an_address_that_answers_leads_on(new_pc: Window, bureau: Database) -> None:
    new_pc.click("start_shared")
    new_pc.find("shared_address", QLineEdit).setText(bureau.url)
    new_pc.click("shared_join")
    new_pc.find("page_sign_in")
    new_pc.settle()


@pytest.mark.parametrize(
    ("address", "password", "whole"),
    [
        ("postgresql://anna@server/db", "a/b@c", "postgresql://anna:a%2Fb%40c@server/db"),
        ("postgresql://anna:x@server/db", "y", "postgresql://anna:x@server/db"),
        (" postgresql://anna@server/db ", "", "postgresql://anna@server/db"),
        ("/srv/desk.db", "y", "/srv/desk.db"),
    ],
)
def test_the_password_goes_into_the_address(address: str, password: str, whole: str) -> None:
    assert with_password(address, password) == whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_fits_the_smallest_window(new_pc: Window, language: str) -> None:
    frame = new_pc.program.window
    frame.resize(frame.minimumSize())
    new_pc.program.context.texts.use(language)
    new_pc.settle()
    assert frame.size() == frame.minimumSize()
    assert cut_texts(frame) == []
    for name in ("start_here", "start_demo", "start_shared"):
        made = new_pc.find(name)
        right = made.mapTo(frame, made.rect().bottomRight())
        assert frame.rect().contains(right)


def test_an_empty_bureau_is_offered_its_ledger(new_pc: Window) -> None:
    new_pc.click("start_here")
    new_pc.find("page_first_administrator")
    new_pc.settle()
    new_pc.find("first_name", QLineEdit).setText("周敏")
    new_pc.find("first_login", QLineEdit).setText("zhou")
    new_pc.click("first_begin")
    assert "台账" in new_pc.find("overview_empty").accessibleName()
    assert dialog_opened_by(new_pc, "overview_import") == "import_assistant"
