"""What is to be inspected today: shown at the counter, answered by a press."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit

from desk_maint.domain.faults import Impact
from desk_maint.domain.inspections import InspectionResult
from desk_maint.services import device_lists, devices, inspections, ticket_queue
from desk_maint.services.device_finder import find_tag
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE
from tests.ui.test_journeys import answer_dialog
from tests.ui.test_settings import section, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.ui.conftest import Window

EXTINGUISHER = "MH-0101-01"


def recorded(window: Window) -> Sequence[inspections.InspectionRow]:
    device = find_tag(window.database, ADMINISTRATOR, EXTINGUISHER)
    return inspections.list_inspections(window.database, ADMINISTRATOR, device.id)


def test_a_press_records_what_passed(window: Window) -> None:
    window.sign_in("anna")
    card = window.find(f"inspect_{EXTINGUISHER}")
    assert "压力指针在绿区" in card.toolTip()
    window.click(f"pass_{EXTINGUISHER}")
    window.settle()
    (row,) = recorded(window)
    assert (row.result, row.by) == (InspectionResult.PASSED, "何秀梅")
    assert EXTINGUISHER in window.find("answer").text()
    board = window.open("counter").board
    assert not board.widget().findChildren(type(card), f"inspect_{EXTINGUISHER}")


def test_what_failed_is_a_fault_at_once(window: Window) -> None:
    window.sign_in("anna")

    def fill(dialog: object) -> None:
        assert not dialog.accept_button.isEnabled(), "nothing is said to have failed yet"
        dialog.findChild(QCheckBox, "failed_item_2").click()
        dialog.findChild(QLineEdit, "failed_note").insert("铅封断了")

    answer_dialog("failed_dialog", fill)
    window.click(f"fail_{EXTINGUISHER}")
    window.settle()
    (ticket,) = ticket_queue.list_tickets(window.database, ADMINISTRATOR).rows
    assert (ticket.tag, ticket.symptom) == (EXTINGUISHER, "铅封与保险销完好")
    assert ticket.impact is Impact.DEGRADED
    (row,) = recorded(window)
    assert (row.fault_number, row.note) == (ticket.number, "铅封断了")
    assert ticket.number in window.find("report_answer").accessibleName()
    assert window.find(f"ticket_{ticket.number}").isVisible()


def test_a_refusal_keeps_what_was_ticked(window: Window) -> None:
    """The device is scrapped at another PC while the dialog stands open."""
    window.sign_in("anna")
    device = find_tag(window.database, ADMINISTRATOR, EXTINGUISHER)

    def fill(dialog: object) -> None:
        dialog.findChild(QLineEdit, "failed_note").insert("铅封断了")
        version = device_lists.read_versions(window.database, ADMINISTRATOR, [device.id])
        devices.retire(window.database, ADMINISTRATOR, version, on=date(2026, 6, 1), at=MONDAY_NINE)
        window.qtbot.waitUntil(dialog.accept_button.isEnabled)
        answer_refusal(dialog)

    def answer_refusal(dialog: object) -> None:
        def look() -> bool:
            if dialog.problem.isHidden():
                return False
            kept.append((dialog.problem.text(), dialog.findChild(QLineEdit).text()))
            dialog.reject()
            return True

        timer.timeout.connect(lambda: look() and timer.stop())
        timer.start()

    kept: list[tuple[str, str]] = []
    timer = QTimer(QApplication.instance(), interval=10)
    answer_dialog("failed_dialog", fill)
    window.click(f"fail_{EXTINGUISHER}")
    assert len(kept) == 1
    assert EXTINGUISHER in kept[0][0]
    assert kept[0][1] == "铅封断了"
    assert inspections.list_inspections(window.database, ADMINISTRATOR, device.id) == ()


def test_a_manager_changes_how_often(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "plans")
    names = [panel.model.fields[0].show(row) for row in panel.model.rows]
    assert "灭火器半月检" in names
    panel.table.selectRow(names.index("灭火器半月检"))
    write(window, "plans_every", "0")
    window.click("plans_save")
    assert window.find("plans_every_problem").text(), "said beside its field"
    write(window, "plans_every", "7")
    window.click("plans_save")
    plans = {
        row.data.name: row.data for row in inspections.list_plans(window.database, ADMINISTRATOR)
    }
    assert plans["灭火器半月检"].every == 7
