"""The workshop desk: the queue, several tickets at once, and the ticket on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from desk_maint.domain.faults import TicketState
from desk_maint.services import ticket_queue
from desk_maint.services.ticket_filter import TicketFilter
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE
from tests.ui.test_journeys import answer_dialog, report_by_keys
from ui.printing.ticket import ticket_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window

NUMBER = 5
"""The column of the queue with the tickets' numbers."""


def tickets_of(window: Window) -> dict[str, ticket_queue.TicketRow]:
    rows = ticket_queue.list_tickets(window.database, ADMINISTRATOR).rows
    return {row.tag: row for row in rows}


def with_two_reports(window: Window) -> None:
    window.sign_in("anna")
    report_by_keys(window, "ATM-0101-01", Qt.Key.Key_1)
    report_by_keys(window, "LK-0101-01", Qt.Key.Key_1)
    window.sign_in("wu")


def test_a_selection_is_accepted_and_handed_over_at_once(window: Window) -> None:
    with_two_reports(window)
    table = window.find("queue_table")
    assert not window.program.window.findChild(QWidget, "bulk_bar").isVisible()
    table.selectAll()
    window.click("bulk_accept")
    assert {row.state for row in tickets_of(window).values()} == {TicketState.ACCEPTED}
    assert {row.technician for row in tickets_of(window).values()} == {"刘洋"}

    window.sign_in("lin")
    window.open("workshop")
    table = window.find("queue_table")
    window.qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    table.selectAll()

    def choose(dialog: object) -> None:
        box = dialog.findChild(QComboBox, "choice_names")
        assert box.findText("刘洋") >= 0
        box.setCurrentText("刘洋")

    answer_dialog("choice_dialog", choose)
    window.click("bulk_assign")
    assert {row.technician for row in tickets_of(window).values()} == {"刘洋"}


def test_what_is_chosen_and_not_yet_read_is_accepted_too(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    page = window.open("workshop")
    page.queue.use_chip("all")
    window.settle()
    model, new = page.queue.model, TicketFilter(states=frozenset({TicketState.REPORTED}))
    waiting = ticket_queue.list_tickets(demo_bureau, ADMINISTRATOR, new).total
    page.queue.table.sortByColumn(NUMBER, Qt.SortOrder.AscendingOrder)
    window.settle()
    page.queue.table.selectAll()
    assert waiting > 3
    assert page.queue.selection.count() == model.rowCount() > 500
    read = {row.number for row in page.queue.selection.rows()}
    assert not read & {
        row.number for row in ticket_queue.list_tickets(demo_bureau, ADMINISTRATOR, new).rows
    }, "the newest stand at the end, and nobody has looked there"
    window.click("bulk_accept")
    window.settle()
    assert ticket_queue.list_tickets(demo_bureau, ADMINISTRATOR, new).total == 0
    assert f"{waiting}" in window.find("answer").text()
    page.queue.table.selectAll()
    window.click("bulk_accept")
    window.settle()
    assert window.find("answer").text() == "所选工单均不处于可执行此操作的状态。"


def test_a_view_is_saved_used_and_forgotten(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_reports(window)
    queue = window.find("queue")
    queue.search.setText("LK-0101")
    queue.refresh()
    window.settle()
    assert queue.model.rowCount() == 1
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("绿卡", True))
    queue._save_view()
    queue.show_part("open")
    window.settle()
    assert queue.model.rowCount() == 2
    queue._fill_views()
    actions = {action.text(): action for action in queue.views.menu().actions()}
    actions["绿卡"].trigger()
    window.settle()
    assert (queue.search.text(), queue.model.rowCount()) == ("LK-0101", 1)
    (forget,) = (action for text, action in actions.items() if "绿卡" in text and text != "绿卡")
    forget.trigger()
    queue._fill_views()
    assert "绿卡" not in {action.text() for action in queue.views.menu().actions()}


def test_why_a_deadline_is_told_step_by_step(window: Window) -> None:
    with_two_reports(window)
    texts: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != "why_dialog":
            QTimer.singleShot(10, read)
            return
        texts.append(dialog._text.toPlainText())
        dialog.reject()

    QTimer.singleShot(0, read)
    window.click("ticket_why")
    window.qtbot.waitUntil(lambda: bool(texts))
    # Grade 2 in the city: 30 minutes to accept, from the report at 09:00 on.
    assert "30 分钟  →  2026-06-01 09:30" in texts[0]
    assert "2026-06-01 09:00 – 2026-06-01 09:30    计时 30 分钟" in texts[0]


def test_the_ticket_is_written_as_pdf(window: Window, tmp_path: Path) -> None:
    with_two_reports(window)
    page = window.open("workshop")
    details = page.view.details
    path = tmp_path / "ticket.pdf"
    page.write_pdf(details, path)
    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in window.find("answer").text()
    text = ticket_document(window.program.context, details).toPlainText()
    assert {details.row.number, details.row.tag, "何秀梅"} <= set(text.split())


def test_a_ticket_that_cannot_be_written_is_told(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_reports(window)
    page = window.open("workshop")
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    path = tmp_path / "nowhere" / "ticket.pdf"
    page.write_pdf(page.view.details, path)
    assert len(told) == 1
    assert str(path) in told[0]
    assert str(path) not in window.find("answer").text()


def test_a_manager_corrects_what_was_entered_wrongly(window: Window) -> None:
    with_two_reports(window)
    page = window.open("workshop")
    number = page.view.details.row.number
    tag = page.view.details.row.tag
    assert "ticket.edit" not in page.view.details.possible, "a technician corrects nothing"
    window.sign_in("lin")
    window.open("workshop").queue.show_part(number)
    window.settle()
    window.qtbot.waitUntil(lambda: window.open("workshop").view.details is not None)

    def mend(dialog: QDialog) -> None:
        assert dialog.findChild(QLineEdit, "correct_when_occurred_at").text() == "2026-06-01 09:00"
        assert not dialog.accept_button.isEnabled(), "a correction needs its reason"
        dialog.findChild(QLineEdit, "correct_when_occurred_at").setText("2026-6-1 8:40:30")
        dialog.findChild(QLineEdit, "correct_what_symptom").setText("吞卡")
        dialog.findChild(QPlainTextEdit, "correct_reason").setPlainText("柜员口述有误")

    answer_dialog("correct_dialog", mend)
    window.click("do_edit")
    row = tickets_of(window)[tag]
    assert (row.occurred_at, row.symptom) == (MONDAY_NINE - 19 * 60 - 30, "吞卡")
    assert number in window.find("answer").text()


def test_a_correction_that_runs_backwards_stays_in_the_dialog(window: Window) -> None:
    with_two_reports(window)
    window.sign_in("lin")
    window.open("workshop")
    told: list[str] = []

    def mend(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit, "correct_when_reported_at")
        field.setText("gestern")
        dialog.findChild(QPlainTextEdit, "correct_reason").setPlainText("更正")
        dialog.accept()
        told.append(dialog.findChild(QLabel, "correct_when_reported_at_problem").text())
        field.setText("2026-06-01 08:30")
        dialog.accept()
        window.qtbot.waitUntil(dialog.problem.isVisible)
        told.append(dialog.problem.text())
        field.setText("2026-06-01 09:00")

    answer_dialog("correct_dialog", mend)
    window.find("do_edit").click()
    window.settle()
    assert "2026-06-01 08:05" in told[0]
    assert "早于" in told[1]
