"""A new PC: the assistant makes a database, names the administrator, and offers the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from desk_maint.db import location
from desk_maint.domain.people import Role
from desk_maint.services import people, settings
from tests.ui.conftest import MONDAY_NINE, Clock, Window
from ui.app import Program
from ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def new_pc(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The program where no database is yet."""
    monkeypatch.setattr(location, "default_path", lambda: tmp_path / "desk-maint.db")
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


def test_from_nothing_to_the_import_of_the_ledger(new_pc: Window) -> None:
    new_pc.click("start_here")
    new_pc.find("page_first_administrator")
    new_pc.settle()
    new_pc.find("first_bureau", QLineEdit).setText("柳河区邮政局")
    new_pc.find("first_name", QLineEdit).setText("周敏")
    new_pc.find("first_login", QLineEdit).setText("zhou")
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, look)
            return
        seen.append(dialog.objectName())
        dialog.reject()

    QTimer.singleShot(0, look)
    new_pc.click("first_ledger")
    new_pc.qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    new_pc.settle()
    assert seen == ["import_assistant"]
    context = new_pc.program.context
    assert context.actor.role is Role.ADMINISTRATOR
    assert settings.read_settings(context.database, context.actor).bureau_name == "柳河区邮政局"
    assert [name.login for name in people.list_sign_in_names(context.database)] == ["zhou"]
