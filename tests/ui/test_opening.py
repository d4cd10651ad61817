"""A database that does not open: what is said, and what can be done about it."""

from __future__ import annotations

from errno import ENOSPC
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from desk_maint.db.engine import writing
from desk_maint.db.migrate import move_to
from tests.ui.conftest import MONDAY_NINE, Clock, Window, end
from ui.app import Program
from ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_maint.db.engine import Database


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Window]]:
    """Start the program on a location, whatever comes of it."""
    running: list[Program] = []

    def begin(location: str) -> Window:
        kept = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
        clock = Clock(MONDAY_NINE)
        program = Program(
            QApplication.instance(),
            location=location,
            language="zh_CN",
            preferences=Preferences(kept),
            clock=clock,
        )
        running.append(program)
        program.start()
        return Window(program, qtbot, clock, None)

    yield begin
    for program in running:
        end(program)


def test_an_older_database_is_brought_up_to_date_by_a_press(
    bureau: Database, start: Callable[[str], Window]
) -> None:
    with writing(bureau.engine, rebuilding=True) as connection:
        move_to(connection, "0001")
    window = start(bureau.url)
    assert "旧版本" in window.find("cannot_open_card").accessibleName()
    window.click("open_upgrade")
    assert window.find("page_sign_in").isVisible()
    if bureau.is_sqlite:
        assert "before-0001" in window.find("answer").text()


def test_a_file_that_is_away_is_tried_again_and_nothing_is_begun_anew(
    bureau: Database, start: Callable[[str], Window], tmp_path: Path
) -> None:
    if not bureau.is_sqlite:
        pytest.skip("a file is moved away; a server that is away is the same path")
    bureau.close()
    path, elsewhere = bureau.place.path, tmp_path / "elsewhere.db"
    path.rename(elsewhere)
    window = start(str(path))
    assert str(path) in window.find("cannot_open_reason").text()
    window.click("open_again")
    assert window.find("page_cannot_open").isVisible()
    assert not path.exists()
    elsewhere.rename(path)
    window.click("open_again")
    assert window.find("page_sign_in").isVisible()


def test_another_database_may_be_chosen(start: Callable[[str], Window], tmp_path: Path) -> None:
    window = start(str(tmp_path / "none.db"))
    window.find("page_cannot_open")
    window.click("open_other")
    assert window.find("page_first_start").isVisible()


def test_the_password_of_a_server_is_not_among_the_preferences(
    bureau: Database, start: Callable[[str], Window]
) -> None:
    if bureau.is_sqlite:
        pytest.skip("a file has no password")
    url = bureau.engine.url.set(password="ge:heim")  # noqa: S106  (the server asks for none)
    window = start(url.render_as_string(hide_password=False))
    window.find("page_sign_in")
    remembered = window.program.preferences.database
    assert "heim" not in remembered
    assert window.program.preferences.beside("pgpass.conf").read_text().endswith(":ge\\:heim\n")
    # The next start opens what is remembered.
    again = start(remembered)
    again.qtbot.waitUntil(lambda: _asks_who(again))


def test_a_password_that_cannot_be_kept_stops_nobody(
    bureau: Database, start: Callable[[str], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_location: str, _passfile: Path) -> str:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("desk_maint.db.location.keep_password", full)
    window = start(bureau.url)
    assert window.find("page_sign_in").isVisible()
    assert "No space left on device" in window.find("answer").text()
    assert window.program.preferences.database is None


def _asks_who(window: Window) -> bool:
    page = window.program.window.findChild(QWidget, "page_sign_in")
    return page is not None and page.isVisible()
