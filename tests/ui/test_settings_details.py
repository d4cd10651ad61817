"""What makes the settings easy: order, words, days, filters; and what is refused, where."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolTip

from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.devices import Category
from desk_maint.domain.instants import DAY
from desk_maint.language import LANGUAGES
from desk_maint.services import backup, calendars, special_days, symptoms
from desk_maint.services.special_days import SpecialDayData
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE
from tests.ui.test_settings import answer, choose, section, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from desk_maint.db.engine import Database
    from desk_maint.services.special_days import DayView
    from tests.ui.conftest import Window

TUESDAY = date(2026, 6, 2)


def middle(field: Any, form: Any) -> float:
    return float(field.mapTo(form, QPoint(0, 0)).y() + field.height() / 2)


def test_a_label_stands_on_the_middle_of_its_field(window: Window) -> None:
    window.sign_in("lin")
    form = section(window, "outlets").form
    for key in ("code", "name", "zone", "phone"):
        label, line = form._labels[key], form._lines[key]
        assert abs(middle(label, form) - middle(line.editor, form)) <= 1, key
    tall = form._lines["remarks"].editor
    assert middle(form._labels["remarks"], form) < middle(tall, form)


def test_what_is_needed_is_marked_and_an_example_looks_like_one(window: Window) -> None:
    window.sign_in("lin")
    form = section(window, "outlets").form
    assert form._labels["code"].text().endswith(" *")
    assert not form._labels["phone"].text().endswith("*")
    assert window.find("outlets_needed").text().startswith("*")
    assert window.find("outlets_code", QLineEdit).placeholderText() == "如 0101"
    section(window, "calendars")
    valid_from = window.find("hours_valid_from", QLineEdit)
    assert valid_from.placeholderText() == "如 2026-06-01"
    window.program.context.texts.use("en")
    assert valid_from.placeholderText() == "e.g. 2026-06-01"


def test_ctrl_s_saves_from_within_the_form(window: Window) -> None:
    window.sign_in("lin")
    section(window, "outlets")
    write(window, "outlets_phone", "0431-8")
    window.program.window.activateWindow()
    field = window.find("outlets_phone", QLineEdit)
    field.setFocus()
    window.qtbot.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert "0431-8" in [row.data.phone for row in section(window, "outlets").model.rows]


def order(database: Database) -> list[str]:
    rows = symptoms.list_symptoms(database, ADMINISTRATOR, Category.ATM)
    return [row.text for row in rows]


def test_a_symptom_moves_among_those_of_its_category(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "symptoms")
    choose(window, "symptoms_category_shown", 1)
    before = order(window.database)
    assert [row.text for row in panel.model.rows] == before
    assert not window.find("symptoms_up").isEnabled()
    panel.table.setFocus()
    for _ in range(2):
        window.qtbot.keyClick(panel.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    window.settle()
    assert order(window.database) == [*before[1:3], before[0], *before[3:]]
    assert panel.row.text == before[0]
    keys = [panel.model.index(number, 1).data() for number in range(3)]
    assert keys == ["1", "2", "3"]
    window.click("symptoms_up")
    assert order(window.database) == [before[1], before[0], *before[2:]]
    # The counter shows its buttons in this order.
    window.sign_in("anna")
    box = window.find("device_box", QLineEdit)
    window.qtbot.keyClicks(box, "ATM-0101-01")
    window.qtbot.keyClick(box, Qt.Key.Key_Return)
    window.find("report_form")
    window.settle()
    assert before[1] in window.find("symptom_1").accessibleName()


def test_the_category_of_a_symptom_is_chosen_once(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "symptoms")
    category = window.find("symptoms_category", QComboBox)
    assert not category.isEnabled()
    choose(window, "symptoms_category_shown", 2)
    window.click("symptoms_new")
    assert category.isEnabled()
    assert category.currentText() == "绿卡终端"
    write(window, "symptoms_text", "花屏严重")
    choose(window, "symptoms_category", 0)
    window.click("symptoms_save")
    assert panel.category.currentText() == "自动柜员机"
    assert (panel.row.text, panel.row.category) == ("花屏严重", Category.ATM)
    # The same wording twice is refused beside the wording.
    window.click("symptoms_new")
    write(window, "symptoms_text", "花屏严重")
    window.click("symptoms_save")
    assert "花屏严重" in window.find("symptoms_text_problem").text()


def day_of(database: Database, name: str, day: date) -> DayView:
    rows = calendars.list_calendars(database, ADMINISTRATOR)
    key = next(row.id for row in rows if row.name == name)
    found = special_days.view_year(database, ADMINISTRATOR, key, day.year)
    return next(each for each in found.days if each.day == day)


def test_published_days_are_brought_in_from_a_file(window: Window, tmp_path: Path) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    told: list[str] = []
    window.program.context.told.connect(lambda text, _tone: told.append(text))
    panel.year.setValue(2027)
    window.settle()
    assert panel._warning.isVisible()
    assert window.find("calendar_warning_import").isVisible()
    table = tmp_path / "2027.json"
    table.write_text("{}", encoding="utf-8")
    panel.import_days(table)
    window.settle()
    assert "JSON" in panel._warning.accessibleName()
    days = [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "国庆节", "date": "2027-10-01", "isOffDay": True},
        {"name": "国庆节", "date": "2027-10-09", "isOffDay": False},
    ]
    table.write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")
    panel.import_days(table)
    window.settle()
    assert told[-1] == "已导入：新增 3 天，更改 0 天，0 天不变。"
    assert not panel._warning.isVisible()
    assert day_of(window.database, "working hours", date(2027, 1, 1)).kind is SpecialDayKind.REST
    # A table as an office saves it, a day of it changed.
    table.write_bytes("2027-01-01,休,元旦节\n2027-10-01,休,国庆节\n".encode("gb18030"))
    panel.import_days(table)
    window.settle()
    assert told[-1] == "已导入：新增 0 天，更改 1 天，1 天不变。"
    panel.import_days(tmp_path / "none.csv")
    window.settle()
    assert "none.csv" in panel._warning.accessibleName()


def test_a_day_gets_hours_and_a_name_of_its_own(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    assert panel.row.name == "working hours"

    def fill_and_mend() -> None:
        choose(window, "day_kind", 2)
        write(window, "day_hours", "9-12 noon")
        write(window, "day_name", "局庆")
        QApplication.activeModalWidget().accept_button.click()
        window.qtbot.waitUntil(lambda: bool(window.find("day_hours_problem").text()))
        write(window, "day_hours", "09:00-12:00")

    answer("day_dialog", fill_and_mend)
    panel.year_card.view.day_chosen.emit(TUESDAY)
    window.settle()
    day = day_of(window.database, "working hours", TUESDAY)
    assert (day.kind, day.hours, day.name) == (SpecialDayKind.WORK, "09:00-12:00", "局庆")
    answer("day_dialog", lambda: choose(window, "day_kind", 0))
    panel.year_card.view.day_chosen.emit(TUESDAY)
    window.settle()
    day = day_of(window.database, "working hours", TUESDAY)
    assert (day.kind, day.hours, day.own) == (None, "08:00-17:30", False)


def test_a_day_of_all_calendars_is_taken_back_from_all(window: Window) -> None:
    special_days.set_days(
        window.database,
        ADMINISTRATOR,
        [SpecialDayData(TUESDAY, SpecialDayKind.REST)],
        at=MONDAY_NINE,
    )
    window.sign_in("lin")
    panel = section(window, "calendars")
    problems: list[str] = []

    def fill() -> None:
        assert window.find("day_for_all", QComboBox).currentIndex() == 1
        choose(window, "day_kind", 0)
        choose(window, "day_for_all", 0)
        QApplication.activeModalWidget().accept_button.click()
        problems.append(window.find("day_for_all_problem").text())
        choose(window, "day_for_all", 1)

    answer("day_dialog", fill)
    panel.year_card.view.day_chosen.emit(TUESDAY)
    window.settle()
    assert problems[0]
    assert not day_of(window.database, "working hours", TUESDAY).own


def test_the_year_tells_today_what_is_closed_and_the_hours(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    view = panel.year_card.view
    assert view.mark_of(date(2026, 6, 1)).today
    assert not view.mark_of(TUESDAY).closed
    assert view.mark_of(date(2026, 6, 6)).closed
    national = view.mark_of(date(2026, 10, 1))
    assert (national.letter, national.closed) == ("休", True)
    assert national.tip == "2026-10-01　星期四　国庆节\n休息日\n休息"
    shown = {each.text() for each in panel.year_card.findChildren(QLabel)}
    assert {"休息日", "调休上班日", "本局自行设置", "休息", "今天"} <= shown
    view.choose(TUESDAY)
    window.qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == "2026-06-03　星期三\n08:00-17:30"
    place = view._cells[TUESDAY].center().toPoint()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert QToolTip.text() == "2026-06-02　星期二\n08:00-17:30"
    QToolTip.hideText()


def test_the_year_fits_wide_and_narrow(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    for width, height in ((1366, 768), (1280, 720), (960, 600)):
        window.program.window.resize(width, height)
        window.settle()
        panel.year_card.view.repaint()
        cells = panel.year_card.view._cells
        assert len(cells) == 365
        assert min(cell.width() for cell in cells.values()) >= 16
        assert min(cell.height() for cell in cells.values()) >= 18


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ["全天24小时", "维护时间", "工作时间"]),
        ("zh_TW", ["全天24小時", "維護時間", "工作時間"]),
        ("en", ["Around the clock", "Maintenance hours", "Working hours"]),
    ],
)
def test_the_calendars_of_the_house_are_called_by_words(
    make_window: Callable[..., Window], bureau: Database, language: str, words: list[str]
) -> None:
    window = make_window(bureau, language=language)
    window.sign_in("lin")

    def shown(name: str) -> list[str]:
        box = window.find(name, QComboBox)
        return [box.itemText(number) for number in range(box.count())]

    section(window, "calendars")
    assert shown("calendar_choice") == words
    section(window, "outlets")
    assert shown("outlets_calendar_id")[1:] == words
    limits = section(window, "limits")
    assert shown("limits_clock")[2:] == words
    assert {row.data.clock for row in limits.model.rows} == {"service", "working hours"}
    names = [row.name for row in calendars.list_calendars(bureau, ADMINISTRATOR)]
    assert names == ["24h", "maintenance hours", "working hours"]


def test_a_new_calendar_is_shown_and_a_name_twice_is_refused_in_its_dialog(
    window: Window,
) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    problems: list[str] = []

    def fill() -> None:
        write(window, "calendar_name_name", "Working hours")
        QApplication.activeModalWidget().accept_button.click()
        window.qtbot.waitUntil(lambda: bool(window.find("calendar_name_name_problem").text()))
        problems.append(window.find("calendar_name_name", QLineEdit).text())
        write(window, "calendar_name_name", "窗口时间")

    answer("calendar_name_dialog", fill)
    window.click("calendar_new")
    assert problems == ["Working hours"]
    assert panel.row.name == "窗口时间"


def test_wrong_hours_are_refused_beside_their_day(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "calendars")
    write(window, "hours_wed", "never")
    window.click("hours_save")
    assert "never" in window.find("hours_wed_problem").text()
    assert not panel.problem.isVisible()


def test_limits_that_are_there_already_are_refused_beside_the_category(window: Window) -> None:
    window.sign_in("lin")
    panel = section(window, "limits")
    assert not window.find("limits_grade", QComboBox).isEnabled()
    window.click("limits_new")
    assert window.find("limits_grade", QComboBox).isEnabled()
    write(window, "limits_repair", "3h")
    window.click("limits_save")
    assert window.find("limits_category_problem").text()
    choose(window, "limits_category", 1)
    window.click("limits_save")
    assert panel.row.data.category is Category.ATM
    assert "自动柜员机" in {panel.model.index(n, 2).data() for n in range(panel.model.rowCount())}
    assert not panel.table.isColumnHidden(2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_fit_a_small_screen(
    make_window: Callable[..., Window], bureau: Database, language: str
) -> None:
    window = make_window(bureau, language=language)
    window.sign_in("lin")
    panel = section(window, "limits")
    assert not panel.table.horizontalScrollBar().isVisible()
    clock = panel.model.index(0, 3).data()
    assert clock in {"服务时间", "服務時間", "Service hours"}


def test_the_newest_change_is_in_hand_and_filters_take_dates(window: Window) -> None:
    window.sign_in("lin")
    section(window, "bureau")
    choose(window, "rules_atm_counts", 0)
    window.clock.now += DAY
    window.click("bureau_save")
    panel = section(window, "audit")
    assert panel.table.currentIndex().row() == 0
    (line,) = panel._fields.rows
    shown = [panel._fields.index(0, column).data() for column in range(4)]
    assert shown == ["设置 自动柜员机 计入考核", "设置值", "仅停机故障", "所有故障"]
    assert line.record_id == "counts.atm"
    assert panel.model.index(0, 4).data() == "设置 自动柜员机 计入考核"
    total = panel.model.rowCount()
    assert total > 1
    write_date(window, "audit_from", "2026-06-02")
    assert panel.model.rowCount() == 1
    write_date(window, "audit_from", "")
    write_date(window, "audit_to", "2026-06-01")
    assert panel.model.rowCount() == total - 1
    times = [panel.model.row(number).at for number in range(total - 1)]
    assert times == sorted(times, reverse=True)
    write_date(window, "audit_to", "2020-01-01")
    assert window.find("audit_empty").isVisible()
    assert panel._fields.rows == []
    window.click("audit_clear")
    assert panel.model.rowCount() == total
    assert panel.table.isVisible()
    # Half a date changes nothing.
    write_date(window, "audit_to", "2020-")
    assert panel.model.rowCount() == total


def write_date(window: Window, name: str, text: str) -> None:
    window.find(name, QLineEdit).setText(text)
    window.settle()


def test_the_last_backup_is_told(window: Window, tmp_path: Path) -> None:
    window.sign_in("zhou")
    panel = section(window, "safekeeping")
    assert panel.last.accessibleName() == "尚无备份记录。"
    panel.back_up(tmp_path / "kept.backup")
    window.settle()
    assert panel.last.accessibleName() == "上次备份：2026-06-01 09:00，周敏，kept.backup"
    last = backup.last_backup(window.database, ADMINISTRATOR)
    assert last is not None
    assert (last.at, last.by) == (MONDAY_NINE, "周敏")
    audit = section(window, "audit")
    assert audit.model.row(0).action == "database.backup"
