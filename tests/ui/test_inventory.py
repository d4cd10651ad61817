"""The inventory through the real window: what is filled in there stands in the database."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)

from desk_maint.db.engine import create_database
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import Impact
from desk_maint.domain.instants import DAY
from desk_maint.domain.people import Role
from desk_maint.exchange.importing import import_file
from desk_maint.services import device_lists, devices, fault_reports, outlets, people
from desk_maint.services.device_lists import DeviceFilter
from desk_maint.services.outlets import OutletData
from desk_maint.services.people import PersonData
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE, pages_of
from ui.paged_model import ROWS_PER_PAGE
from ui.printing.labels import LABELS_PER_SHEET

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import pytest

    from desk_maint.db.engine import Database
    from desk_maint.services.device_lists import DeviceRow
    from tests.ui.conftest import Window

ATM, TERMINAL, EXTINGUISHER = "ATM-0101-01", "LK-0101-01", "MH-0101-01"
MONDAY = date(2026, 6, 1)


def ledger_of(database: Database) -> dict[str, DeviceRow]:
    """The devices in the database, by tag."""
    rows = device_lists.list_devices(database, ADMINISTRATOR, limit=None).rows
    return {row.tag: row for row in rows}


def open_inventory(window: Window) -> Any:
    window.sign_in("lin")
    return window.open("inventory")


def shown_tags(page: Any) -> list[str]:
    model = page.ledger.model
    return [model.row(number).tag for number in range(model.rowCount())]


def select(window: Window, page: Any, *tags: str) -> None:
    """Select these devices as clicks with the Ctrl key do."""
    flags = QItemSelectionModel.SelectionFlag
    chosen = page.ledger.table.selectionModel()
    chosen.clearSelection()
    for tag in tags:
        index = page.ledger.model.index(shown_tags(page).index(tag), 0)
        chosen.setCurrentIndex(index, flags.Select | flags.Rows)
    window.settle()


def write(window: Window, name: str, text: str) -> None:
    """Type a text in the place of what a field holds."""
    write_in(window.find(name, QLineEdit), text)


def write_in(field: QLineEdit, text: str) -> None:
    field.selectAll()
    field.insert(text)
    field.textEdited.emit(text)


def choose_in(box: QComboBox, words: str) -> None:
    number = box.findText(words, Qt.MatchFlag.MatchContains)
    assert number >= 0, words
    box.setCurrentIndex(number)
    box.activated.emit(number)


def answer(window: Window, press: str, dialog_name: str, fill: Callable[[Any], object]) -> None:
    """Press a button, fill in the dialog that it opens and accept it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != dialog_name:
            QTimer.singleShot(10, look)
            return
        fill(dialog)
        dialog.accept()

    QTimer.singleShot(0, look)
    window.click(press)


def elsewhere_edit(database: Database, tag: str, **values: object) -> None:
    """Change a device as somebody at another PC does."""
    row = ledger_of(database)[tag]
    data = replace(row.data, **values)
    devices.edit(database, ADMINISTRATOR, row.id, data, version=row.version, at=MONDAY_NINE)


def test_the_ledger_is_narrowed_as_one_types(window: Window) -> None:
    page = open_inventory(window)
    assert shown_tags(page) == [ATM, TERMINAL, EXTINGUISHER]
    search = window.find("ledger_search", QLineEdit)
    search.insert("绿卡")  # as an input method does
    window.qtbot.waitUntil(lambda: page.ledger.model.rowCount() == 1)
    window.settle()
    assert shown_tags(page) == [TERMINAL]
    assert window.find("device_tag", QLineEdit).text() == TERMINAL, "the only one is in hand"
    search.setText("没有这台")
    window.qtbot.waitUntil(lambda: page.ledger.model.rowCount() == 0)
    assert window.find("ledger_empty").isVisible()
    search.clear()
    window.qtbot.waitUntil(lambda: page.ledger.model.rowCount() == 3)
    page.ledger.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    window.settle()
    assert shown_tags(page) == [EXTINGUISHER, TERMINAL, ATM]


def test_what_narrows_the_ledger_is_shown_and_cleared_at_one_press(window: Window) -> None:
    south = outlets.create(
        window.database, ADMINISTRATOR, OutletData("0102", "城南支局"), at=MONDAY_NINE
    )
    key = ledger_of(window.database)[TERMINAL]
    devices.change_state(
        window.database,
        ADMINISTRATOR,
        {key.id: key.version},
        DeviceState.SEALED,
        on=MONDAY,
        at=MONDAY_NINE,
    )
    page = open_inventory(window)
    assert not page.ledger.filters.active
    choose_in(window.find("ledger_state", QComboBox), "封存")
    window.settle()
    assert shown_tags(page) == [TERMINAL]
    assert window.find("ledger_only_state").text().startswith("封存")
    window.click("ledger_only_state")
    assert len(shown_tags(page)) == 3
    window.click("ledger_faulty")
    choose_in(window.find("ledger_category", QComboBox), "自动柜员机")
    item = page.tree.findItems("城南支局", Qt.MatchFlag.MatchContains)[0]
    page.tree.setCurrentItem(item)
    window.find("ledger_search", QLineEdit).setText("没有")
    window.qtbot.waitUntil(lambda: page.ledger.filters.wanted().text == "没有")
    window.settle()
    assert page.ledger.filters.wanted().outlet_id == south.id
    assert window.find("ledger_only_unit").text().startswith("城南支局")
    assert window.find("empty_clear").isVisible()
    window.click("ledger_clear")
    assert len(shown_tags(page)) == 3
    assert page.ledger.filters.wanted() == DeviceFilter()
    assert page.tree.currentItem() is page.tree.topLevelItem(0)
    assert not window.program.window.findChild(QWidget, "ledger_active").isVisible()


def test_an_empty_ledger_offers_the_import_and_a_first_device(
    make_window: Callable[..., Window], database: Database
) -> None:
    outlets.create(database, ADMINISTRATOR, OutletData("0101", "中心营业厅"), at=MONDAY_NINE)
    data = PersonData("lin", "林芳", Role.MANAGER, frozenset())
    people.add(database, ADMINISTRATOR, data, at=MONDAY_NINE)
    window = make_window(database)
    open_inventory(window)
    opened: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, look)
            return
        opened.append(dialog.objectName())
        dialog.reject()

    QTimer.singleShot(0, look)
    window.click("empty_import")
    assert opened == ["import_assistant"]
    window.click("empty_add")
    write(window, "device_tag", "ATM-0101-01")
    window.click("device_save")
    assert set(ledger_of(window.database)) == {"ATM-0101-01"}


def test_enter_in_the_list_begins_to_edit(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, TERMINAL)
    page.panel.tabs.setCurrentIndex(1)
    page.ledger.table.setFocus()
    window.qtbot.keyClick(page.ledger.table, Qt.Key.Key_Return)
    assert page.panel.tabs.currentIndex() == 0
    tag = window.find("device_tag", QLineEdit)
    assert window.program.window.focusWidget() is tag
    assert tag.text() == TERMINAL
    assert {"Ctrl+F", "Ctrl+N", "Ctrl+S", "Ctrl+P", "Return"} <= {key.sequence for key in page.keys}


def test_the_past_of_a_device_opens_its_tickets_and_tells_values_before_and_after(
    window: Window,
) -> None:
    key = ledger_of(window.database)[ATM].id
    number = fault_reports.report(
        window.database,
        ADMINISTRATOR,
        key,
        impact=Impact.OUT_OF_SERVICE,
        symptom="卡钞",
        at=MONDAY_NINE,
    ).number
    elsewhere_edit(window.database, ATM, custodian="孙营业")
    elsewhere_edit(window.database, ATM, custodian="马建国")
    page = open_inventory(window)
    select(window, page, ATM)
    page.panel.turn()
    assert "卡钞" in {label.text() for label in window.find("past_tickets").findChildren(QLabel)}
    assert window.find("past_inspections_none").isVisible()
    assert not window.program.window.findChild(QPushButton, "device_save").isVisible()
    page.panel.turn()
    told = {label.text() for label in window.find("device_log").findChildren(QLabel)}
    assert {"— → 孙营业", "孙营业 → 马建国"} <= told
    page.panel.tabs.setCurrentIndex(1)
    window.click(f"past_ticket_{number}")
    queue = window.find("queue")
    window.settle()
    assert [queue.model.row(n).number for n in range(queue.model.rowCount())] == [number]


def test_a_new_device_has_no_past(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    window.click("device_new")
    page.panel.tabs.setCurrentIndex(2)
    assert window.find("log_none").isVisible()
    page.panel.tabs.setCurrentIndex(1)
    assert window.find("past_tickets_none").isVisible()


def test_columns_are_chosen_and_remembered(window: Window) -> None:
    page = open_inventory(window)
    place = [column.key for column in page.ledger.model.columns].index("custodian")
    assert page.ledger.table.isColumnHidden(place)
    page.ledger.show_column("custodian", shown=True)
    window.program.sign_out()
    window.settle()
    again = open_inventory(window)
    assert again is not page
    assert not again.ledger.table.isColumnHidden(place)


def test_a_device_is_added(window: Window) -> None:
    page = open_inventory(window)
    window.click("device_new")
    window.click("device_save")
    assert window.find("device_tag_problem").text(), "a tag is needed, and that stands beside it"
    write(window, "device_tag", "ATM-0101-02")
    write(window, "device_name", "离行式柜员机")
    write(window, "device_commissioned_on", "2026-5-7")
    window.click("device_save")
    row = ledger_of(window.database)["ATM-0101-02"]
    assert (row.name, row.category, row.commissioned_on, row.outlet_code, row.state) == (
        "离行式柜员机",
        Category.ATM,
        date(2026, 5, 7),
        "0101",
        DeviceState.IN_USE,
    )
    assert "ATM-0101-02" in shown_tags(page)


def test_a_refused_edit_keeps_the_form(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, TERMINAL)
    write(window, "device_tag", ATM)
    write(window, "device_custodian", "马建国")
    page.panel.save()
    window.settle()
    assert ATM in window.find("device_tag_problem").text(), "said beside the field"
    assert window.find("device_tag", QLineEdit).text() == ATM
    assert window.find("device_custodian", QLineEdit).text() == "马建国"
    assert ledger_of(window.database)[TERMINAL].custodian is None
    write(window, "device_tag", "LK-0101-99")
    page.panel.save()
    window.settle()
    assert ledger_of(window.database)["LK-0101-99"].custodian == "马建国"
    assert not page.panel.findChild(QLabel, "device_tag_problem").isVisible()


def test_a_wrong_date_is_told_beside_its_field(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    write(window, "device_warranty_until", "2026-02-30")
    page.panel.save()
    window.settle()
    assert window.find("device_warranty_until_problem").text()
    assert ledger_of(window.database)[ATM].warranty_until is None


def test_a_stale_edit_shows_both_versions(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    write(window, "device_custodian", "马建国")
    elsewhere_edit(window.database, ATM, custodian="孙营业", model="CRS-200")
    page.panel.save()
    window.settle()
    assert "孙营业" in window.find("device_custodian_theirs").text()
    assert window.find("device_custodian", QLineEdit).text() == "马建国"
    assert window.find("device_model", QLineEdit).text() == "CRS-200", "only they touched it"
    row = ledger_of(window.database)[ATM]
    assert (row.custodian, row.model) == ("孙营业", "CRS-200"), "nothing is overwritten unseen"
    page.panel.save()
    window.settle()
    row = ledger_of(window.database)[ATM]
    assert (row.custodian, row.model) == ("马建国", "CRS-200")


def test_theirs_are_taken_field_by_field(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    write(window, "device_custodian", "马建国")
    write(window, "device_owner", "区局")
    elsewhere_edit(window.database, ATM, custodian="孙营业", owner="市局")
    page.panel.save()
    window.settle()
    window.click("device_owner_take")
    page.panel.save()
    window.settle()
    row = ledger_of(window.database)[ATM]
    assert (row.custodian, row.owner) == ("马建国", "市局")


def test_many_devices_are_changed_together(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM, TERMINAL)

    def fill(dialog: Any) -> None:
        assert "2" in dialog.findChild(QLabel, "bulk_what").text()
        write_in(dialog.findChild(QLineEdit, "bulk_custodian"), "刘芳")

    answer(window, "inventory_bulk", "bulk_dialog", fill)
    custodians = {tag: row.custodian for tag, row in ledger_of(window.database).items()}
    assert custodians == {ATM: "刘芳", TERMINAL: "刘芳", EXTINGUISHER: None}


def test_devices_are_moved_from_a_day_on(window: Window) -> None:
    south = outlets.create(
        window.database, ADMINISTRATOR, OutletData("0102", "城南支局"), at=MONDAY_NINE
    )
    page = open_inventory(window)
    select(window, page, TERMINAL)

    def fill(dialog: Any) -> None:
        choose_in(dialog.findChild(QComboBox, "move_outlet_id"), "城南支局")
        write_in(dialog.findChild(QLineEdit, "move_on"), "2026-05-20")
        write_in(dialog.findChild(QLineEdit, "move_position"), "3号台席")

    answer(window, "inventory_move", "move_dialog", fill)
    key = ledger_of(window.database)[TERMINAL].id
    card = device_lists.read_card(window.database, ADMINISTRATOR, key)
    assert (card.row.outlet_id, card.row.position) == (south.id, "3号台席")
    assert [place.from_on for place in card.placements] == [None, date(2026, 5, 20)]


def test_a_scrapped_device_is_retired_from_a_day_on(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, EXTINGUISHER)

    def fill(dialog: Any) -> None:
        choose_in(dialog.findChild(QComboBox, "state_state"), "已报废")

    answer(window, "inventory_state", "state_dialog", fill)
    row = ledger_of(window.database)[EXTINGUISHER]
    assert (row.state, row.retired_on) == (DeviceState.SCRAPPED, MONDAY)


def test_nothing_is_dated_after_today(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    told: list[str] = []

    def fill(dialog: Any) -> None:
        choose_in(dialog.findChild(QComboBox, "state_state"), "封存")
        write_in(dialog.findChild(QLineEdit, "state_on"), "2026-06-02")

    def read_problem() -> None:
        dialog = QApplication.activeModalWidget()
        problem = None if dialog is None else dialog.findChild(QLabel, "state_on_problem")
        if problem is None or problem.isHidden():
            QTimer.singleShot(10, read_problem)
            return
        told.append(problem.text())
        assert dialog.findChild(QLineEdit, "state_on").text() == "2026-06-02", "it is still there"
        dialog.reject()

    QTimer.singleShot(50, read_problem)
    answer(window, "inventory_state", "state_dialog", fill)
    window.qtbot.waitUntil(lambda: bool(told))
    assert "2026" in told[0]
    assert ledger_of(window.database)[ATM].state is DeviceState.IN_USE


def test_a_move_refused_because_somebody_was_faster_is_done_at_the_next_ok(window: Window) -> None:
    south = outlets.create(
        window.database, ADMINISTRATOR, OutletData("0102", "城南支局"), at=MONDAY_NINE
    )
    page = open_inventory(window)
    select(window, page, TERMINAL)
    told: list[str] = []

    def fill(dialog: Any) -> None:
        choose_in(dialog.findChild(QComboBox, "move_outlet_id"), "城南支局")
        elsewhere_edit(window.database, TERMINAL, custodian="刘芳")

    def go_on() -> None:
        dialog = QApplication.activeModalWidget()
        problem = None if dialog is None else dialog.findChild(QLabel, "move_dialog_problem")
        if problem is None or problem.isHidden() or not window.program.context.tasks.idle:
            QTimer.singleShot(10, go_on)
            return
        told.append(problem.text())
        dialog.accept()

    QTimer.singleShot(50, go_on)
    answer(window, "inventory_move", "move_dialog", fill)
    window.settle()
    assert len(told) == 1
    row = ledger_of(window.database)[TERMINAL]
    assert (row.outlet_id, row.custodian) == (south.id, "刘芳")


def test_the_export_reads_back(window: Window, tmp_path: Path) -> None:
    page = open_inventory(window)
    elsewhere_edit(window.database, ATM, custodian="马建国", warranty_until=MONDAY)
    path = tmp_path / "台账.xlsx"
    page.export(path)
    window.settle()
    assert str(path) in window.find("answer").text()
    other = create_database(str(tmp_path / "other.db"))
    report = import_file(other, ADMINISTRATOR, path, at=MONDAY_NINE + DAY, lang="zh_CN")
    assert report.applied

    def told(database: Database) -> dict[str, object]:
        return {
            tag: replace(row.data, calendar_id=None) for tag, row in ledger_of(database).items()
        }

    assert told(other) == told(window.database)
    other.close()


def test_labels_and_list_go_to_paper(window: Window, tmp_path: Path) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    page.paper.write_list_pdf(tmp_path / "short.pdf")
    page.paper.write_labels_pdf(tmp_path / "label.pdf")
    outlet = ledger_of(window.database)[ATM].outlet_id
    for number in range(2 * LABELS_PER_SHEET):
        data = devices.DeviceData(f"T-{number:02}", Category.GREEN_CARD_TERMINAL, MONDAY)
        devices.create(window.database, ADMINISTRATOR, data, outlet, at=MONDAY_NINE)
    page.ledger.refresh()
    window.settle()
    page.ledger.table.selectAll()
    page.paper.write_list_pdf(tmp_path / "long.pdf")
    page.paper.write_labels_pdf(tmp_path / "labels.pdf")
    window.settle()
    window.settle()
    assert pages_of(tmp_path / "label.pdf") == 1
    assert pages_of(tmp_path / "labels.pdf") == 3, "51 devices, 24 labels on a sheet"
    assert pages_of(tmp_path / "short.pdf") == 1
    assert pages_of(tmp_path / "long.pdf") > 1


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    written: list[object] = []
    page.context.written.connect(written.append)
    for write in (page.paper.write_list_pdf, page.paper.write_labels_pdf):
        write(tmp_path)
        window.settle()
        window.settle()
        assert str(tmp_path) in told.pop()
    kept = tmp_path / "labels.pdf"
    kept.write_bytes(b"as it was")

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    page.paper.write_labels_pdf(kept)
    window.settle()
    window.settle()
    assert str(kept) in told.pop()
    assert kept.read_bytes() == b"as it was"
    assert [each.name for each in tmp_path.iterdir() if "labels" in each.name] == ["labels.pdf"]
    assert written == []


def test_what_is_chosen_and_not_yet_read_is_changed_too(window: Window) -> None:
    outlet = ledger_of(window.database)[ATM].outlet_id
    for number in range(ROWS_PER_PAGE):
        data = devices.DeviceData(f"T-{number:03}", Category.GREEN_CARD_TERMINAL, MONDAY)
        devices.create(window.database, ADMINISTRATOR, data, outlet, at=MONDAY_NINE)
    page = open_inventory(window)
    page.ledger.table.selectAll()

    def fill(dialog: Any) -> None:
        write_in(dialog.findChild(QLineEdit, "bulk_custodian"), "刘芳")

    answer(window, "inventory_bulk", "bulk_dialog", fill)
    window.settle()
    window.qtbot.waitUntil(lambda: page.context.tasks.idle)
    rows = ledger_of(window.database)
    assert len(rows) == ROWS_PER_PAGE + 3
    assert {row.custodian for row in rows.values()} == {"刘芳"}


def leave(which: QMessageBox.StandardButton) -> None:
    """Answer the question about what was typed and not saved."""

    def look() -> None:
        box = QApplication.activeModalWidget()
        if box is None or box.objectName() != "unsaved":
            QTimer.singleShot(10, look)
            return
        box.button(which).click()

    QTimer.singleShot(0, look)


def test_what_was_typed_is_not_lost_by_looking_at_another_device(window: Window) -> None:
    page = open_inventory(window)
    select(window, page, ATM)
    write(window, "device_custodian", "马建国")
    leave(QMessageBox.StandardButton.Cancel)
    select(window, page, TERMINAL)
    assert window.find("device_tag", QLineEdit).text() == ATM
    assert window.find("device_custodian", QLineEdit).text() == "马建国"
    leave(QMessageBox.StandardButton.Save)
    select(window, page, EXTINGUISHER)
    assert ledger_of(window.database)[ATM].custodian == "马建国"
    assert window.find("device_tag", QLineEdit).text() == EXTINGUISHER


def test_a_new_device_is_not_lost_when_the_list_is_read_again(window: Window) -> None:
    page = open_inventory(window)
    window.click("device_new")
    page.ledger.refresh()
    window.settle()
    write(window, "device_tag", "ATM-0101-02")
    page.ledger.refresh()
    window.settle()
    assert window.find("device_tag", QLineEdit).text() == "ATM-0101-02"
    window.click("device_save")
    assert "ATM-0101-02" in ledger_of(window.database)
