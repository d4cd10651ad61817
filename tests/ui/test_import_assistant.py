"""Somebody's own table comes in by pointing at its columns; what is refused is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QStandardPaths

from desk_maint.exchange.template import write_template
from desk_maint.language import LANGUAGES
from desk_maint.services import device_lists
from tests.ui.conftest import ADMINISTRATOR
from tests.ui.test_pages import cut_texts
from ui.managers.inventory.import_assistant import ImportAssistant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.conftest import Window

HEADER = ("序号", "资产编号", "设备名称", "网点编码", "启用日期", "备注")
ROWS = (
    (1, "ATM-0101-02", "自动柜员机", "0101", "2021年3月5日", None),
    (2, "ATM-0101-03", "自动柜员机", "0101", "2021.3.6", "大厅"),
    (3, "ATM-0101-04", "自动柜员机", "0999", "2021.3.7", None),
    (4, "ATM-0101-05", "点钞机", "0101", "2021.3.8", None),
)


@pytest.fixture(autouse=True)
def own_profiles() -> None:
    QStandardPaths.setTestModeEnabled(True)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger as people keep it: a title above, their own headers, a total below."""
    workbook = Workbook()
    page = workbook.active
    page.title = "台账"
    page.append(["柳河区邮政局设备台账"])
    for row in (HEADER, *ROWS, ("合计", 4)):
        page.append(row)
    path = tmp_path / "台账.xlsx"
    workbook.save(path)
    return path


def tags(window: Window) -> set[str]:
    return {row.tag for row in device_lists.list_devices(window.database, ADMINISTRATOR).rows}


def opened(window: Window, path: Path) -> ImportAssistant:
    window.sign_in("lin")
    window.open("inventory")
    assistant = ImportAssistant(window.program.context, window.program.window)
    assistant.show()
    assistant.open_file(path)
    window.settle()
    return assistant


def test_a_ledger_comes_in_and_every_refused_row_is_shown(window: Window, ledger: Path) -> None:
    before = tags(window)
    assistant = opened(window, ledger)
    assert assistant.mapping()["tag"] == "资产编号"
    assistant.look()
    window.settle()
    assert assistant.pages.currentIndex() == 0
    assert "设备类别" in assistant.problem.text()
    assistant.point("category", "设备名称")
    assistant.look()
    window.settle()
    assert assistant.pages.currentIndex() == 1
    found = {(row.row, row.column, row.value) for row in assistant.refused.rows}
    assert found == {(5, "网点编码", "0999"), (6, "设备名称", "点钞机")}
    assert tags(window) == before
    assert not assistant.take.isEnabled()
    assistant.skip.setChecked(True)
    assistant.import_now()
    window.settle()
    assert tags(window) - before == {"ATM-0101-02", "ATM-0101-03"}
    assert (ledger.parent / "台账-refused.xlsx").exists()
    assert "台账-refused.xlsx" in assistant.problem.text()


def test_a_value_may_hold_for_every_row_and_be_kept_as_a_profile(
    window: Window, ledger: Path
) -> None:
    assistant = opened(window, ledger)
    window.find("import_constant_category").setText("绿卡终端")
    assistant.save_as("我的台账")
    window.settle()
    again = ImportAssistant(window.program.context, window.program.window)
    again.show()
    again.open_file(ledger)
    window.settle()
    again.profile_box.setCurrentIndex(again.profile_box.findText("我的台账"))
    again.profile_box.activated.emit(again.profile_box.currentIndex())
    window.settle()
    assert again.constants() == {"category": "绿卡终端"}
    again.look()
    window.settle()
    assert [row.row for row in again.refused.rows] == [5]


def test_what_is_no_table_is_said_plainly(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n")
    assistant = opened(window, path)
    assert assistant.problem.text()
    assert not assistant.check.isEnabled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut(
    make_window: Callable[..., Window], demo_bureau: object, tmp_path: Path, language: str
) -> None:
    window = make_window(demo_bureau, language=language)
    window.sign_in("zhoumin")
    assistant = ImportAssistant(window.program.context, window.program.window)
    assistant.show()
    assert cut_texts(assistant) == []
    path = tmp_path / "template.xlsx"
    write_template(path, language)
    assistant.open_file(path)
    window.settle()
    assert cut_texts(assistant) == []
    assistant.look()
    window.settle()
    assert cut_texts(assistant) == []
