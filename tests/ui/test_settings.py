"""What is set in the window holds at once, for everybody, on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMessageBox, QWidget

from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.devices import Group
from desk_maint.domain.faults import Impact
from desk_maint.domain.instants import DAY, HOUR
from desk_maint.domain.people import Role
from desk_maint.services import (
    calendars,
    fault_reports,
    history,
    outlets,
    people,
    settings,
    special_days,
    symptoms,
    ticket_queue,
)
from desk_maint.services.device_finder import find_tag
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.ui.conftest import Window


def section(window: Window, name: str) -> Any:
    page = window.program.window.open("settings")
    panel = page.choose(name)
    window.settle()
    return panel


def write(window: Window, name: str, text: str) -> None:
    """Type a text in the place of what a field holds."""
    field = window.find(name, QLineEdit)
    field.selectAll()
    field.insert(text)
    field.textEdited.emit(text)


def choose(window: Window, name: str, number: int) -> None:
    box = window.find(name, QComboBox)
    box.setCurrentIndex(number)
    box.activated.emit(number)


def test_a_new_target_is_refused_or_holds(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "bureau")
    write(window, "rules_atm_target", "195")
    window.click("bureau_save")
    assert "195" in window.find("rules_atm_target_problem").text()
    assert not panel.problem.isVisible()
    assert window.find("rules_atm_target", QLineEdit).text() == "195"
    write(window, "rules_atm_target", "97.5")
    window.click("bureau_save")
    assert not panel.problem.isVisible()
    assert settings.read_settings(window.database, ADMINISTRATOR).target[Group.ATM] == 9750


def answer(name: str, fill: Callable[[], object]) -> None:
    """Fill in the dialog that opens next, and press OK."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != name:
            QTimer.singleShot(10, look)
            return
        fill()
        dialog.accept_button.click()

    QTimer.singleShot(0, look)


def test_a_person_who_is_added_signs_in(window: Window) -> None:
    window.sign_in("zhou")
    section(window, "people")
    window.click("people_new")
    write(window, "people_name", "吴婷")
    window.click("people_save")
    assert window.find("people_login_problem").text()
    write(window, "people_login", "wuting")
    choose(window, "people_role", 0)
    window.click("people_save")
    assert window.find("people_outlets_problem").text()
    # By keyboard: the first that fits what is typed.
    narrow = window.find("people_outlets_narrow", QLineEdit)
    window.qtbot.keyClicks(narrow, "0101")
    window.qtbot.keyClick(narrow, Qt.Key.Key_Return)
    assert "中心营业厅" in window.find("people_outlets_chosen").text()
    window.qtbot.keyClicks(window.find("people_password"), "geheim1")
    assert window.find("people_password").echoMode() is QLineEdit.EchoMode.Password
    window.click("people_save")
    actor = people.sign_in(window.database, "wuting", "geheim1")
    assert (actor.name, len(actor.outlet_ids)) == ("吴婷", 1)
    assert window.find("people_name", QLineEdit).text() == "吴婷"


def test_outlets_matter_for_reporters_only(window: Window) -> None:
    window.sign_in("zhou")
    panel = section(window, "people")
    found = people.list_people(window.database, ADMINISTRATOR)
    row = next(row for row in found if row.login == "anna")
    panel.table.selectRow([each.id for each in panel.model.rows].index(row.id))
    assert window.find("people_outlets").isVisible()
    choose(window, "people_role", 2)
    assert not panel.form.findChild(QWidget, "people_outlets").isVisible()
    # What is refused changes nothing, whatever else was to be changed by the same press.
    write(window, "people_password", "short")
    window.click("people_save")
    assert window.find("people_password_problem").text()
    kept = people.list_people(window.database, ADMINISTRATOR)
    assert next(each for each in kept if each.id == row.id) == row
    write(window, "people_password", "longer")
    window.click("people_save")
    actor = people.sign_in(window.database, "anna", "longer")
    assert (actor.role, actor.outlet_ids) == (Role.MANAGER, frozenset())


def test_a_stale_change_shows_both_versions(window: Window) -> None:
    window.sign_in("lin")
    section(window, "outlets")
    (row,) = outlets.tree(window.database, ADMINISTRATOR)
    write(window, "outlets_phone", "0431-1")
    # Somebody else changes two fields of the same unit, without this window hearing of it.
    theirs = type(row.data)(**{**as_dict(row.data), "phone": "0431-2", "manager": "李强"})
    outlets.edit(
        window.database, ADMINISTRATOR, row.id, theirs, version=row.version, at=MONDAY_NINE
    )
    window.click("outlets_save")
    assert "0431-2" in window.find("outlets_phone_theirs").text()
    assert window.find("outlets_phone", QLineEdit).text() == "0431-1"
    assert window.find("outlets_manager", QLineEdit).text() == "李强"
    window.click("outlets_save")
    (row,) = outlets.tree(window.database, ADMINISTRATOR)
    assert (row.data.phone, row.data.manager) == ("0431-1", "李强")
    # The other way: their phone is taken by a press.
    theirs = type(row.data)(**{**as_dict(row.data), "phone": "0431-3"})
    write(window, "outlets_phone", "0431-9")
    outlets.edit(
        window.database, ADMINISTRATOR, row.id, theirs, version=row.version, at=MONDAY_NINE
    )
    window.click("outlets_save")
    window.click("outlets_phone_take")
    assert window.find("outlets_phone", QLineEdit).text() == "0431-3"


def as_dict(data: Any) -> dict[str, Any]:
    return {name: getattr(data, name) for name in type(data).__dataclass_fields__}


def test_a_rest_day_that_is_clicked_moves_a_deadline(window: Window) -> None:
    device = find_tag(window.database, ADMINISTRATOR, "LK-0101-01")
    reported = fault_reports.report(
        window.database,
        ADMINISTRATOR,
        device.id,
        Impact.DEGRADED,
        "卡纸",
        at=MONDAY_NINE,
    )
    window.sign_in("lin")
    panel = section(window, "calendars")
    rows = calendars.list_calendars(window.database, ADMINISTRATOR)
    limits = next(n for n, row in enumerate(rows) if row.name == "working hours")
    panel.calendar.setCurrentIndex(limits)
    panel.calendar.activated.emit(limits)
    window.settle()
    answer("day_dialog", lambda: choose(window, "day_kind", 1))
    panel.year_card.view.day_chosen.emit(date(2026, 6, 2))
    window.settle()
    year = special_days.view_year(window.database, ADMINISTRATOR, rows[limits].id, 2026)
    day = next(each for each in year.days if each.day == date(2026, 6, 2))
    assert (day.kind, day.own) == (SpecialDayKind.REST, True)
    (row,) = ticket_queue.list_tickets(window.database, ADMINISTRATOR).rows
    assert row.repair_due_at is not None
    assert reported.repair_due_at is not None
    assert row.repair_due_at == reported.repair_due_at + DAY


def test_a_limit_is_said_plainly_when_it_makes_no_sense(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "limits")
    write(window, "limits_repair", "soon")
    window.click("limits_save")
    assert "soon" in window.find("limits_repair_problem").text()
    assert window.find("limits_repair", QLineEdit).text() == "soon"
    write(window, "limits_repair", "3h")
    window.click("limits_save")
    assert not panel.problem.text()
    assert not panel.form.findChild(QLabel, "limits_repair_problem").text()


def test_a_symptom_gets_a_button_at_the_counter(window: Window) -> None:
    window.sign_in("lin")
    section(window, "symptoms")
    window.click("symptoms_new")
    write(window, "symptoms_text", "吐钞口异物")
    window.click("symptoms_save")
    window.sign_in("anna")
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, "ATM-0101-01")
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    window.find("report_form")
    window.settle()
    texts = [
        button.accessibleName()
        for button in window.find("report_form").findChildren(type(window.find("report_send")))
    ]
    assert any("吐钞口异物" in text for text in texts)


def test_the_history_says_who_changed_what(window: Window) -> None:
    window.sign_in("lin")
    section(window, "bureau")
    write(window, "bureau_bureau_name", "柳河区邮政局")
    window.click("bureau_save")
    panel = section(window, "audit")
    first = panel.model.row(0)
    assert (first.actor, first.action) == ("林芳", "settings.edit")
    panel.table.setCurrentIndex(panel.model.index(0, 0))
    shown = [panel._fields.fields[3].show(row) for row in panel._fields.rows]
    assert shown == ["柳河区邮政局"]
    panel.actor.setCurrentIndex(panel.actor.findData("周敏"))
    panel.actor.activated.emit(panel.actor.currentIndex())
    window.settle()
    assert {panel.model.row(n).actor for n in range(panel.model.rowCount())} == {"周敏"}


def test_a_backup_brings_back_what_it_held(window: Window, tmp_path: Path) -> None:
    window.sign_in("zhou")
    panel = section(window, "safekeeping")
    target = tmp_path / "kept.backup"
    panel.back_up(target)
    window.settle()
    assert target.exists()
    settings.update(
        window.database,
        ADMINISTRATOR,
        {"bureau_name": "改名之后"},
        expected=settings.read_settings(window.database, ADMINISTRATOR),
        at=MONDAY_NINE + HOUR,
    )
    window.database.close()
    panel.restore(target)
    window.find("nav_settings")
    window.settle()
    database = window.program.context.database
    assert settings.read_settings(database, ADMINISTRATOR).bureau_name != "改名之后"
    (newest, *_) = history.list_changes(database, ADMINISTRATOR).rows
    assert newest.action == "database.restore"


def answer_unsaved(which: QMessageBox.StandardButton) -> list[str]:
    """Answer the question about what was typed and not saved; returns what it asked, later."""
    asked: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        if box is None or box.objectName() != "unsaved":
            QTimer.singleShot(10, look)
            return
        asked.append(box.text())
        box.button(which).click()

    QTimer.singleShot(0, look)
    return asked


def test_what_is_typed_is_not_lost_by_choosing_another_record(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "symptoms")
    panel.table.selectRow(0)
    write(window, "symptoms_text", "写到一半")
    asked = answer_unsaved(QMessageBox.StandardButton.Cancel)
    panel.table.selectRow(1)
    assert asked
    assert window.find("symptoms_text", QLineEdit).text() == "写到一半"
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [0]
    answer_unsaved(QMessageBox.StandardButton.Save)
    panel.table.selectRow(1)
    window.settle()
    assert panel.row.id != panel.model.rows[0].id
    texts = [row.text for row in symptoms.list_symptoms(window.database, ADMINISTRATOR)]
    assert "写到一半" in texts
    write(window, "symptoms_text", "不要了")
    answer_unsaved(QMessageBox.StandardButton.Discard)
    window.click("symptoms_new")
    assert window.find("symptoms_text", QLineEdit).text() == ""


def test_the_window_asks_before_it_closes_over_what_is_typed(window: Window) -> None:
    window.sign_in("lin")
    section(window, "bureau")
    write(window, "bureau_bureau_name", "新名称")
    frame = window.program.window
    answer_unsaved(QMessageBox.StandardButton.Cancel)
    frame.close()
    assert frame.isVisible()
    assert window.find("bureau_bureau_name", QLineEdit).text() == "新名称"
    answer_unsaved(QMessageBox.StandardButton.Save)
    window.click("sign_out")
    window.find("page_sign_in")
    assert settings.read_settings(window.database, ADMINISTRATOR).bureau_name == "新名称"


def test_a_stale_calendar_shows_both_versions(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    write(window, "hours_mon", "09:00-17:00")
    row = panel.row
    latest = row.hours[-1]
    theirs = calendars.CalendarData(
        latest.valid_from,
        ("10:00-16:00", *latest.week[1:]),
        latest.rest_day,
        latest.makeup_workday,
        latest.holidays,
        latest.timezone,
    )
    calendars.set_hours(
        window.database, ADMINISTRATOR, row.id, theirs, version=row.version, at=MONDAY_NINE
    )
    window.click("hours_save")
    assert "10:00-16:00" in window.find("hours_mon_theirs").text()
    assert window.find("hours_mon", QLineEdit).text() == "09:00-17:00"
    window.click("hours_save")
    rows = calendars.list_calendars(window.database, ADMINISTRATOR)
    assert next(each for each in rows if each.id == row.id).hours[-1].week[0] == "09:00-17:00"
