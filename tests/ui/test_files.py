"""Files that a person names: the ending, the folder that is remembered, and the way to open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from tests.ui.test_journeys import answer_dialog
from tests.ui.test_workshop import with_two_reports

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QUrl

    from tests.ui.conftest import Window


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """What the desktop is asked to open."""
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url) or True)
    return asked


def test_a_file_gets_its_ending_and_opens_from_the_answer(
    window: Window, tmp_path: Path, opened: list[QUrl]
) -> None:
    with_two_reports(window)
    window.open("workshop")
    folders: list[str] = []

    def name_it(dialog: QFileDialog) -> None:
        folders.append(dialog.directory().absolutePath())
        labels = {label.text() for label in dialog.findChildren(QLabel)}
        assert {"文件夹：", "文件类型："} <= labels
        dialog.selectFile(str(tmp_path / f"工单{len(folders)}"))

    for _time in range(2):
        answer_dialog("file_dialog", name_it)
        window.click("ticket_pdf")
    assert folders[1] == str(tmp_path)
    assert (tmp_path / "工单2.pdf").read_bytes().startswith(b"%PDF")
    window.click("answer_open")
    window.click("answer_folder")
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "工单2.pdf"), str(tmp_path)]
    window.click("sign_out")
    assert window.program.window.findChild(QLabel, "answer").text() == ""
    assert not window.program.window.answer.findChild(QWidget, "answer_open").isVisible()


def test_a_long_path_never_widens_the_window(window: Window, tmp_path: Path) -> None:
    window.sign_in("lin")
    frame = window.program.window
    frame.resize(frame.minimumSize())
    QApplication.processEvents()
    window.program.context.written.emit(tmp_path / ("很长的文件名" * 30 + ".xlsx"))
    QApplication.processEvents()
    assert frame.size() == frame.minimumSize()
    assert window.find("answer_open").isVisible()
