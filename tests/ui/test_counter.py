"""The report at the counter: nothing typed is lost, and pictures go with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from desk_maint.services import attachments, ticket_details
from tests.ui.conftest import ADMINISTRATOR
from tests.ui.test_journeys import only_ticket, report_by_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window

TAG = "ATM-0101-01"


@pytest.fixture
def screenshot() -> Iterator[QImage]:
    """A picture on the clipboard."""
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QApplication.clipboard().setImage(image)
    yield image
    QApplication.clipboard().clear()


def choose(window: Window, tag: str) -> QLineEdit:
    """Begin a report; returns its note."""
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, tag)
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    note: QLineEdit = window.find("report_note", QLineEdit)
    window.settle()
    return note


def pictures_of(window: Window) -> list[bytes]:
    details = ticket_details.read_ticket(window.database, ADMINISTRATOR, only_ticket(window).id)
    return [
        attachments.read(window.database, ADMINISTRATOR, each.id).content
        for each in details.attachments
    ]


def test_esc_loses_neither_note_nor_picture(window: Window, screenshot: QImage) -> None:
    window.sign_in("anna")
    note = choose(window, TAG)
    note.insert("吞卡后黑屏")
    window.qtbot.keyClick(note, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert note.text() == "吞卡后黑屏"
    window.qtbot.keyClick(note, Qt.Key.Key_Escape)
    window.settle()
    assert window.find("device_box", QLineEdit).hasFocus()
    # She signs out and in again: it still waits, and does not push itself forward.
    window.program.sign_out()
    window.settle()
    window.sign_in("anna")
    assert not window.program.window.findChild(QWidget, "report_form").isVisible()
    note = choose(window, TAG)
    assert note.text() == "吞卡后黑屏"
    assert window.find("report_picture_1").isVisible()

    form = window.find("report_form")
    window.qtbot.keyClick(form, Qt.Key.Key_2)
    window.qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    (picture,) = pictures_of(window)
    assert QImage.fromData(picture).size() == screenshot.size()
    assert choose(window, "LK-0101-01").text() == "", "a report that was sent leaves nothing behind"
    assert not window.program.window.findChild(QWidget, "report_picture_1")


def test_a_picture_can_be_taken_away_again(window: Window, screenshot: QImage) -> None:
    assert not screenshot.isNull()
    window.sign_in("anna")
    note = choose(window, TAG)
    for _ in range(2):
        window.qtbot.keyClick(note, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.click("report_picture_2")
    form = window.find("report_form")
    window.qtbot.keyClick(form, Qt.Key.Key_1)
    window.qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert len(pictures_of(window)) == 1


def test_a_device_reported_already_asks_for_a_note_only(window: Window) -> None:
    window.sign_in("anna")
    report_by_keys(window, TAG, Qt.Key.Key_1)
    choose(window, TAG)
    assert not window.find("report_form").findChild(QWidget, "began_now").isVisible()
    assert window.find("report_send").text() == "补充到工单 (Ctrl+Enter)"


def test_the_past_is_a_press_away_and_what_had_the_keys_keeps_them(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    page = window.open("counter")
    (head,) = (
        each for each in page.board.findChildren(QLabel) if each.text().startswith("近 30 天")
    )
    count = int(re.sub(r"\D", "", head.text().removeprefix("近 30 天")))
    assert window.find("past_all").text() == f"显示其余 {count - 20} 条"
    window.click("past_all")
    assert page.board.findChild(QPushButton, "past_all") is None
    confirm = next(
        each
        for each in page.board.findChildren(QPushButton)
        if each.objectName().startswith("confirm_")
    )
    name = confirm.objectName()
    confirm.setFocus()
    page._read_board()
    window.settle()
    focused = QApplication.focusWidget()
    assert focused is not confirm
    assert focused.objectName() == name


def test_a_technician_adds_pictures_from_files(
    window: Window, screenshot: QImage, tmp_path: Path
) -> None:
    window.sign_in("anna")
    report_by_keys(window, TAG, Qt.Key.Key_1)
    window.sign_in("wu")
    page = window.open("workshop")
    path = tmp_path / "cassette.png"
    screenshot.save(str(path))
    page._operations().attach_files(page.view.details.row, [path])
    window.settle()
    assert pictures_of(window) == [path.read_bytes()]
    assert window.find("ticket_pictures").isVisible()
