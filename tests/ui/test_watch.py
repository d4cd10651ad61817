"""What waits is counted, and a ticket that others move is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSystemTrayIcon

from desk_maint.domain.faults import Impact
from desk_maint.domain.instants import MINUTE
from desk_maint.services import fault_reports, people, ticket_queue, tickets
from desk_maint.services.device_finder import find_tag
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE

if TYPE_CHECKING:
    import pytest

    from tests.ui.conftest import Window


def report(window: Window, tag: str) -> fault_reports.Reported:
    clerk = people.sign_in(window.database, "anna")
    device = find_tag(window.database, clerk, tag)
    return fault_reports.report(
        window.database, clerk, device.id, Impact.OUT_OF_SERVICE, "卡钞", at=MONDAY_NINE
    )


def test_what_waits_stands_in_the_title_and_beside_the_icon(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    watch = window.program.watch
    window.sign_in("wu")
    watch.look()
    window.settle()
    assert "(" not in window.program.window.windowTitle()
    report(window, "ATM-0101-01")
    report(window, "LK-0101-01")
    watch.look()
    window.settle()
    assert watch.waiting.total == 2
    assert window.program.window.windowTitle().startswith("(2) ")
    assert "待受理 2" in watch.tray.toolTip()
    assert watch.tray.isVisible()
    window.program.sign_out()
    assert "(" not in window.program.window.windowTitle()
    assert not watch.tray.isVisible()


def test_a_clerk_hears_that_her_ticket_was_accepted(window: Window) -> None:
    reported = report(window, "ATM-0101-01")
    window.sign_in("anna")
    told: list[str] = []
    refreshed: list[object] = []
    context = window.program.context
    context.told.connect(lambda sentence, _tone: told.append(sentence))
    window.program.watch.look()
    window.settle()
    assert told == []
    context.changed.connect(refreshed.append)
    worker = people.sign_in(window.database, "wu")
    (row,) = ticket_queue.list_tickets(window.database, ADMINISTRATOR).rows
    tickets.accept(window.database, worker, {row.id: row.version}, at=MONDAY_NINE + MINUTE)
    window.program.watch.look()
    window.settle()
    assert len(told) == 1
    assert reported.number in told[0]
    assert "刘洋" in told[0]
    assert len(refreshed) == 1
    window.program.watch.look()
    window.settle()
    assert len(told) == 1
