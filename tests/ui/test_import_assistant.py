"""Somebody's own table comes in by pointing at its columns; what is refused is shown."""

from __future__ import annotations

from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox

from desk_maint.db.engine import create_database
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import Impact
from desk_maint.domain.outlets import Zone
from desk_maint.domain.people import Role
from desk_maint.exchange.template import write_template
from desk_maint.language import LANGUAGES
from desk_maint.services import device_lists, outlets, people, ticket_queue
from desk_maint.services.people import PersonData
from desk_maint.services.ticket_filter import TicketFilter
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE
from tests.ui.test_pages import cut_texts
from ui.managers.inventory.importing.assistant import COLUMNS, RESULT, WORDS, ImportAssistant

if TYPE_CHECKING:
    from collections.abc import Callable

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


def choose(window: Window, name: str, words: str) -> None:
    """Choose in a box as a person does."""
    box = window.find(name, QComboBox)
    number = box.findText(words)
    assert number >= 0, [box.itemText(n) for n in range(box.count())]
    box.setCurrentIndex(number)
    box.activated.emit(number)


def word_boxes(assistant: ImportAssistant) -> dict[str, QComboBox]:
    """The boxes of the words that are asked about, by their word."""
    table = assistant.words_page.table
    return {table.item(n, 1).text(): table.cellWidget(n, 3) for n in range(table.rowCount())}


def refused_rows(assistant: ImportAssistant) -> set[tuple[int, str, str]]:
    return {(row.row, row.column, row.value) for row in assistant.result_page.refused.rows}


def test_a_ledger_comes_in_and_every_refused_row_is_shown(window: Window, ledger: Path) -> None:
    before = tags(window)
    assistant = opened(window, ledger)
    assert assistant.columns_page.columns.mapping()["tag"] == "资产编号"
    assert assistant.columns_page.columns.mapping()["category"] == "设备名称", "by its words"
    choose(window, "import_column_category", "—")
    window.click("import_check")
    assert assistant.step == COLUMNS
    assert "设备类别" in assistant.problem.text()
    choose(window, "import_column_category", "设备名称")
    window.click("import_check")
    assert assistant.step == WORDS
    window.click("import_check")
    assert assistant.step == RESULT
    assert refused_rows(assistant) == {(5, "网点编码", "0999"), (6, "设备名称", "点钞机")}
    assert window.find("import_devices_refused", QLabel).text() == "2"
    assert tags(window) == before
    assert not assistant.take.isEnabled()
    window.click("import_skip")
    window.click("import_now")
    assert tags(window) - before == {"ATM-0101-02", "ATM-0101-03"}
    assert (ledger.parent / "台账-refused.xlsx").exists()
    assert "台账-refused.xlsx" in assistant.problem.text()


def test_return_goes_on_from_a_field_and_presses_the_button_that_has_the_focus(
    window: Window, ledger: Path
) -> None:
    assistant = opened(window, ledger)
    assert assistant.focusWidget() is assistant.check, "not the button for another file"
    choose(window, "import_column_category", "—")
    assistant.check.setFocus()
    window.qtbot.keyClick(assistant.check, Qt.Key.Key_Return)
    window.settle()
    assert assistant.step == COLUMNS
    assert assistant.focusWidget() is assistant.check, "Return once more does not cancel"
    choose(window, "import_column_category", "设备名称")
    field = window.find("import_header_row")
    field.setFocus()
    window.qtbot.keyClick(field, Qt.Key.Key_Return)
    window.settle()
    assert assistant.step == WORDS
    assistant.back.setFocus()
    window.qtbot.keyClick(assistant.back, Qt.Key.Key_Return)
    assert assistant.step == COLUMNS
    assistant.leave.setFocus()
    window.qtbot.keyClick(assistant.leave, Qt.Key.Key_Return)
    assert not assistant.isVisible()


def test_the_refused_rows_are_saved_before_anything_goes_in_and_opened(
    window: Window, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[Path] = []
    monkeypatch.setattr(
        ImportAssistant, "_open_refused", lambda _self, path: looked_at.append(path)
    )
    before = tags(window)
    assistant = opened(window, ledger)
    choose(window, "import_column_category", "设备名称")
    assistant.look()
    window.settle()
    window.click("import_save_refused")
    path = ledger.parent / "台账-refused.xlsx"
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][0] == "柳河区邮政局设备台账"
    assert [row[1] for row in rows[2:]] == ["ATM-0101-04", "ATM-0101-05"]
    assert tags(window) == before
    window.click("import_save_refused")
    assert looked_at == [path]


def test_words_are_asked_about_by_pointing_kept_in_the_profile_and_restored(
    window: Window, ledger: Path
) -> None:
    before = tags(window)
    assistant = opened(window, ledger)
    choose(window, "import_column_category", "设备名称")
    window.click("import_check")
    assert list(word_boxes(assistant)) == ["点钞机"], "what is understood is not asked about"
    window.click("import_all_words")
    assert {word: box.currentText() for word, box in word_boxes(assistant).items()} == {
        "点钞机": "不导入这些行",
        "自动柜员机": "自动柜员机",
    }
    box = word_boxes(assistant)["点钞机"]
    box.setCurrentIndex(box.findText("其他安全设备"))
    window.click("import_check")
    assert refused_rows(assistant) == {(5, "网点编码", "0999")}
    window.click("import_back")
    assert assistant.step == WORDS
    window.click("import_back")
    assert assistant.step == COLUMNS
    assistant.save_as("点钞机算安全设备")
    window.settle()
    assistant.reject()

    again = opened(window, ledger)
    choose(window, "import_profile", "点钞机算安全设备")
    window.settle()
    assert again.profile().values == {"category": {"点钞机": "other_safety"}}
    window.click("import_check")
    assert again.step == RESULT, "nothing is left to be asked"
    assert refused_rows(again) == {(5, "网点编码", "0999")}
    window.click("import_back")
    assert word_boxes(again)["点钞机"].currentText() == "其他安全设备"
    window.click("import_check")
    window.click("import_skip")
    window.click("import_now")
    assert tags(window) - before == {"ATM-0101-02", "ATM-0101-03", "ATM-0101-05"}


def test_the_header_may_be_in_another_row(window: Window, tmp_path: Path) -> None:
    workbook = Workbook()
    page = workbook.active
    page.title = "台账"
    for row in (
        ("A", "B", "C", "D"),
        (None,),
        ("机器", "哪里", "从何时", "是什么"),
        ("ATM-0101-07", "0101", "2021-03-05", "ATM"),
    ):
        page.append(row)
    path = tmp_path / "没有我们的列名.xlsx"
    workbook.save(path)
    assistant = opened(window, path)
    spin = window.find("import_header_row", QSpinBox)
    assert spin.value() == 1
    spin.setValue(2)
    window.settle()
    assert "2" in assistant.problem.text(), "nothing stands there, which is said"
    spin.setValue(3)
    window.settle()
    assert assistant.problem.text() == ""
    for key, title in (
        ("tag", "机器"),
        ("outlet_code", "哪里"),
        ("commissioned_on", "从何时"),
        ("category", "是什么"),
    ):
        choose(window, f"import_column_{key}", title)
    window.click("import_check")
    assert assistant.step == RESULT
    window.click("import_now")
    assert "ATM-0101-07" in tags(window)


def test_a_value_may_hold_for_every_row_and_be_kept_as_a_profile(
    window: Window, ledger: Path
) -> None:
    assistant = opened(window, ledger)
    choose(window, "import_column_category", "—")
    choose(window, "import_constant_category", "绿卡终端")
    assistant.save_as("我的台账")
    window.settle()
    assistant.reject()
    again = opened(window, ledger)
    choose(window, "import_profile", "我的台账")
    window.settle()
    assert again.columns_page.columns.constants() == {"category": "green_card_terminal"}
    window.click("import_check")
    assert [row.row for row in again.result_page.refused.rows] == [5]


def test_what_is_pointed_at_after_a_profile_was_loaded_counts(window: Window, ledger: Path) -> None:
    assistant = opened(window, ledger)
    choose(window, "import_column_category", "—")
    choose(window, "import_constant_category", "绿卡终端")
    assistant.save_as("先前")
    window.settle()
    choose(window, "import_profile", "先前")
    window.settle()
    choose(window, "import_column_category", "设备名称")
    choose(window, "import_column_remarks", "—")
    profile = assistant.profile()
    assert profile.columns["category"] == "设备名称"
    assert profile.constants == {}
    assert "remarks" not in profile.columns


def test_what_is_no_table_is_said_plainly(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n")
    assistant = opened(window, path)
    assert assistant.problem.text()
    assert not assistant.check.isEnabled()


LEDGER_HEADER = (
    "序号", "资产编号", "设备名称", "使用单位", "网点编码", "区域", "启用日期", "设备状态", "备注"
)  # fmt: skip
LEDGER = (
    (1, " ATM－0101－02 ", "自动柜员机", "中心营业厅", "0101", "城区", "2019年12月12日", "在用",
     None),
    (2, "HD-0101-01", "电子汇兑终端", "中心营业厅", "0101", "城区", "2020.08.21", "停用", None),
    (3, "MH-0205-01", "干粉灭火器", "河口乡邮政所", "0205", "农村", "2021/1/20", "报废",
     "=SUM(1,1)"),
    ("小计", 3, None, None, None, None, None, None, None),
    (4, "HD-0101-02", "电子汇兑终端", "中心营业厅", "0101", "城区", "2O21-13-45", "在用", None),
    ("制表人：", None, None, "审核人：", None, None, None, None, None),
)  # fmt: skip
BOOK_HEADER = (
    "序号", "报修时间", "网点", "资产编号", "故障现象", "影响", "发生时间", "受理时间",
    "修复时间", "维修人",
)  # fmt: skip
BOOK = (
    (1, "1月3日12时57分", "河口", "ATM-0101-02", "死机", "停机", None, "1月3日13时10分",
     "2026-01-03 16:26", "钱工"),
    (2, "2026-01-04 13:44", "中心", "ATM-0101-02", "卡钞", "慢", None, None, None, None),
    (3, "2026-06-31 10:00", "中心", "ATM-0101-02", "卡钞", "停机", None, None, None, None),
)  # fmt: skip


def book_of(path: Path, title: str, *rows: tuple[object, ...]) -> Path:
    workbook = Workbook()
    page = workbook.active
    page.title = path.stem
    page.append((title,))
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=9)
    page.append(("填报单位：区邮政局",))
    for row in rows:
        page.append(row)
    workbook.save(path)
    return path


def bring_in_by_pointing(window: Window, path: Path, columns: dict[str, str], **words: str) -> None:
    """Open a file, point at what was not found, say what words mean, take the good rows."""
    window.open("inventory")
    assistant = ImportAssistant(window.program.context, window.program.window)
    assistant.show()
    assistant.open_file(path)
    window.settle()
    for key, title in columns.items():
        choose(window, f"import_column_{key}", title)
    window.click("import_check")
    if words:
        assert assistant.step == WORDS
        boxes = word_boxes(assistant)
        assert set(boxes) == set(words)
        for theirs, ours in words.items():
            boxes[theirs].setCurrentIndex(boxes[theirs].findText(ours))
        window.click("import_check")
    assert assistant.step == RESULT, assistant.problem.text()
    window.click("import_skip")
    window.click("import_now")
    assert assistant.problem.text()
    assistant.reject()


def new_bureau(make_window: Callable[..., Window], tmp_path: Path) -> Window:
    made = create_database(str(tmp_path / "new.db"))
    data = PersonData("zhou", "周敏", Role.ADMINISTRATOR, frozenset())
    people.add(made, ADMINISTRATOR, data, at=MONDAY_NINE)
    window = make_window(made)
    window.sign_in("zhou")
    return window


def test_a_new_bureau_gets_its_ledger_and_its_fault_book_in_by_pointing_only(
    make_window: Callable[..., Window], tmp_path: Path
) -> None:
    ledger = book_of(tmp_path / "设备台账.xlsx", "××区邮政局设备台账", LEDGER_HEADER, *LEDGER)
    book = book_of(tmp_path / "登记簿.xlsx", "设备故障登记簿（2026年）", BOOK_HEADER, *BOOK)
    window = new_bureau(make_window, tmp_path)
    bring_in_by_pointing(
        window,
        ledger,
        {"category": "设备名称"},
        干粉灭火器="灭火器",
        停用="封存",
    )
    found = device_lists.list_devices(window.database, ADMINISTRATOR).rows
    assert {(row.tag, row.category, row.state, row.outlet_name) for row in found} == {
        ("ATM-0101-02", Category.ATM, DeviceState.IN_USE, "中心营业厅"),
        ("HD-0101-01", Category.REMITTANCE_TERMINAL, DeviceState.SEALED, "中心营业厅"),
        ("MH-0205-01", Category.FIRE_EXTINGUISHER, DeviceState.SCRAPPED, "河口乡邮政所"),
    }
    units = outlets.tree(window.database, ADMINISTRATOR)
    assert {unit.data.code: unit.data.zone for unit in units} == {
        "0101": Zone.CITY,
        "0205": Zone.RURAL,
    }
    bring_in_by_pointing(
        window,
        book,
        {
            "impact": "影响",
            "occurred_at": "发生时间",
            "restored_at": "修复时间",
            "technician": "维修人",
        },
        慢="功能受限",
    )
    tickets = ticket_queue.list_tickets(window.database, ADMINISTRATOR, TicketFilter()).rows
    assert {(row.symptom, row.impact) for row in tickets} == {
        ("死机", Impact.OUT_OF_SERVICE),
        ("卡钞", Impact.DEGRADED),
    }


def test_the_sample_ledger_and_fault_book_by_pointing_only(
    make_window: Callable[..., Window], samples: Path, tmp_path: Path
) -> None:
    window = new_bureau(make_window, tmp_path)
    ledger = Path(copy(samples / "设备台账.xlsx", tmp_path))
    book = Path(copy(samples / "故障登记簿.xlsx", tmp_path))
    bring_in_by_pointing(
        window,
        ledger,
        {"category": "设备名称"},
        干粉灭火器="灭火器",
        停用="封存",
    )
    assert device_lists.list_devices(window.database, ADMINISTRATOR).total == 84
    bring_in_by_pointing(
        window,
        book,
        {
            "impact": "影响",
            "occurred_at": "发生时间",
            "restored_at": "修复时间",
            "technician": "维修人",
            "action_taken": "处理措施",
        },
    )
    assert ticket_queue.list_tickets(window.database, ADMINISTRATOR, TicketFilter()).total == 314


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
