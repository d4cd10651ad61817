"""A fault from the counter to the statement, through the real window, on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from PySide6.QtCore import Qt, QTime, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import HOUR, MINUTE
from desk_maint.services import ticket_queue, uptime
from desk_maint.services.uptime import By
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.conftest import Window


def only_ticket(window: Window) -> ticket_queue.TicketRow:
    (row,) = ticket_queue.list_tickets(window.database, ADMINISTRATOR).rows
    return row


def report_by_keys(window: Window, tag: str, *keys: Qt.Key) -> None:
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, tag)
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    form = window.find("report_form")
    window.settle()
    for key in keys:
        window.qtbot.keyClick(QApplication.focusWidget() or form, key)
    window.qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.settle()


def answer_dialog(name: str, fill: object) -> None:
    """Fill and accept the dialog that is about to open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != name:
            QTimer.singleShot(10, look)
            return
        fill(dialog)
        dialog.accept()

    QTimer.singleShot(0, look)


def test_three_keys_besides_the_tag_report_a_fault(window: Window) -> None:
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)
    row = only_ticket(window)
    assert (row.tag, row.symptom, row.reported_by) == ("ATM-0101-01", "卡钞", "何秀梅")
    assert row.occurred_at == MONDAY_NINE
    answer = window.find("report_answer")
    assert row.number in answer.accessibleName()


def test_a_second_report_becomes_a_note_on_the_first(window: Window) -> None:
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, "ATM-0101-01")
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    note = window.find("report_note", QLineEdit)
    window.settle()
    assert window.find("report_already").isVisible()
    note.insert("顾客的卡还在里面")  # as an input method does
    window.qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert only_ticket(window).symptom == "卡钞"


def test_a_draft_survives_the_end_of_the_program(window: Window) -> None:
    window.sign_in("anna")
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, "LK-0101-01")
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    note = window.find("report_note", QLineEdit)
    window.settle()
    note.insert("屏幕不亮")
    preferences = window.program.preferences
    window.qtbot.waitUntil(lambda: "屏幕不亮" in preferences.note("report_draft"))
    # The next start of the program reads the same preferences.
    window.program.sign_out()
    window.settle()
    window.sign_in("anna")
    window.qtbot.waitUntil(lambda: window.find("report_note", QLineEdit).text() == "屏幕不亮")


def test_from_report_to_statement(window: Window, tmp_path: Path) -> None:
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)

    window.sign_in("wu")
    window.clock.now += 10 * MINUTE
    window.click("do_accept")
    window.clock.now += 20 * MINUTE
    answer_dialog("when_dialog", lambda _dialog: None)
    window.click("do_arrive")
    assert only_ticket(window).state is TicketState.ON_SITE

    window.clock.now += 10 * MINUTE
    answer_dialog("hold_dialog", lambda _dialog: None)
    window.click("do_hold")
    assert only_ticket(window).state is TicketState.ON_HOLD
    window.clock.now += HOUR
    answer_dialog("when_dialog", lambda _dialog: None)
    window.click("do_resume")

    def say_cause(dialog: object) -> None:
        dialog.findChild(type(dialog._cause), "restore_cause").setCurrentText("硬件故障")

    window.clock.now += 20 * MINUTE
    answer_dialog("restore_dialog", say_cause)
    window.click("do_restore")
    row = only_ticket(window)
    assert (row.state, row.cause) == (TicketState.RESTORED, "硬件故障")

    window.sign_in("anna")
    window.program.window.open("counter")
    window.settle()
    answer_dialog(
        "reason_dialog", lambda dialog: dialog.findChild(QPlainTextEdit).setPlainText("还是卡钞")
    )
    window.click(f"send_back_{row.number}")
    assert only_ticket(window).restored_at is None

    window.sign_in("wu")
    window.clock.now += HOUR
    answer_dialog("restore_dialog", say_cause)
    window.click("do_restore")

    window.sign_in("anna")
    window.clock.now += 5 * MINUTE
    window.click(f"confirm_{row.number}")
    row = only_ticket(window)
    assert row.state is TicketState.CLOSED
    assert row.restored_at == MONDAY_NINE + 3 * HOUR

    window.sign_in("lin")
    window.open("overview")
    assert window.find("group_atm").isVisible()
    report = uptime.uptime(
        window.database,
        ADMINISTRATOR,
        date(2026, 6, 1),
        date(2026, 7, 1),
        as_of=window.clock.now,
        by={By.OUTLET},
    )
    assert report.groups[0].figures.down_seconds == 3 * HOUR
    read_back(window, report, row.number, tmp_path / "june.xlsx")


def test_what_is_entered_later_keeps_its_moment(window: Window) -> None:
    """A technician comes back from the site and enters when things really happened."""
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)
    window.sign_in("wu")
    window.click("do_accept")
    window.clock.now += 3 * HOUR

    answer_dialog("when_dialog", lambda dialog: dialog.findChild(QWidget, "when_60").click())
    window.click("do_arrive")
    assert only_ticket(window).on_site_at == MONDAY_NINE + 2 * HOUR

    def say(dialog: QDialog) -> None:
        dialog.findChild(QComboBox, "restore_cause").setCurrentText("硬件故障")
        # The zone of this PC plays no part: what is typed is the bureau's time.
        dialog.findChild(QDateTimeEdit, "restored_at").setTime(QTime(11, 40))

    answer_dialog("restore_dialog", say)
    window.click("do_restore")
    assert only_ticket(window).restored_at == MONDAY_NINE + 2 * HOUR + 40 * MINUTE


def test_a_dialog_begins_at_its_first_field_and_ends_at_its_buttons(window: Window) -> None:
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)
    window.sign_in("wu")
    window.click("do_accept")
    seen: list[str] = []

    def walk(dialog: QDialog) -> None:
        while (name := dialog.focusWidget().objectName()) not in seen:
            seen.append(name)
            dialog.focusNextPrevChild(True)  # noqa: FBT003  (as the Tab key does)

    answer_dialog("when_dialog", walk)
    window.click("do_arrive")
    assert seen[0] == "when_0"
    assert seen.index("when_at") < seen.index("when_dialog_ok")


def read_back(window: Window, report: uptime.UptimeReport, number: str, path: Path) -> None:
    """The statement shows the figures, and its workbook holds the ticket they come from."""
    statements = window.open("statements")
    (atm, *_) = statements.table.model().rows
    assert atm.figures == report.groups[0].figures
    statements.export(path)
    window.settle()
    evidence = load_workbook(path)["Evidence"]
    cells = {cell.value for line in evidence.iter_rows() for cell in line}
    assert {number, "ATM-0101-01", "硬件故障"} <= cells
    assert 3 * HOUR in cells
