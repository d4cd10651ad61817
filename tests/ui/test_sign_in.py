"""Whoever works here is found by a few letters, among two hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget

from desk_maint.domain.people import Role
from desk_maint.services import people
from desk_maint.services.people import PersonData
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window


def shown(window: Window) -> list[str]:
    names = window.find("sign_in_names", QListWidget)
    items = [names.item(number) for number in range(names.count())]
    return [item.text() for item in items if not item.isHidden()]


def test_a_name_is_found_by_a_few_letters_and_return_signs_in(window: Window) -> None:
    narrow = window.find("sign_in_narrow", QLineEdit)
    assert shown(window)[0].split("　")[:2] == ["何秀梅", "报修员"]
    assert "何秀梅　报修员　中心营业厅" in shown(window)
    for typed in ("LIN", "林芳"):
        narrow.setText(typed)
        assert [text.split("　")[0] for text in shown(window)] == ["林芳"]
    narrow.setText("营业厅")
    assert [text.split("　")[0] for text in shown(window)] == ["何秀梅"]
    narrow.setText("管理员")
    assert {text.split("　")[1] for text in shown(window)} == {"系统管理员"}
    window.program.context.texts.use("en")
    narrow.setText("technician")
    assert [text.split("　")[1] for text in shown(window)] == ["Maintenance technician"]
    window.program.context.texts.use("zh_CN")
    narrow.setText("nobody")
    assert window.find("sign_in_nobody").isVisible()
    assert not window.find("sign_in_enter").isEnabled()
    narrow.clear()
    window.qtbot.keyClick(narrow, Qt.Key.Key_Down)
    second = window.find("sign_in_names", QListWidget).selectedItems()[0].text()
    assert second == shown(window)[1]
    narrow.setText("lin")
    window.qtbot.keyClick(narrow, Qt.Key.Key_Return)
    window.find("nav_settings")
    assert window.program.context.actor.name == "林芳"


def test_a_password_is_asked_for_below_and_a_wrong_one_is_refused(
    make_window: Callable[..., Window], bureau: Database
) -> None:
    people.add(
        bureau,
        ADMINISTRATOR,
        PersonData("ma", "马丽", Role.MANAGER),
        "geheim1",
        at=MONDAY_NINE,
    )
    window = make_window(bureau)
    narrow = window.find("sign_in_narrow", QLineEdit)
    narrow.setText("ma")
    password = window.find("sign_in_password", QLineEdit)
    assert password.echoMode() is QLineEdit.EchoMode.Password
    narrow.setFocus()
    window.qtbot.keyClick(narrow, Qt.Key.Key_Return)
    assert password.hasFocus()
    window.qtbot.keyClicks(password, "wrong")
    window.qtbot.keyClick(password, Qt.Key.Key_Return)
    window.settle()
    assert window.find("sign_in_problem").text()
    window.qtbot.keyClicks(password, "geheim1")
    window.qtbot.keyClick(password, Qt.Key.Key_Return)
    window.find("nav_settings")
    assert window.program.context.actor.name == "马丽"
