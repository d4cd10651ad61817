"""A printer gets whole pages or none, and one that takes nothing is told."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtPrintSupport import QPrinter

from desk_maint.domain.errors import EnvironmentProblem
from tests.ui.conftest import pages_of
from ui.printing.paper import a4_printer, painting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window


@pytest.fixture
def printer(qapp: QApplication, tmp_path: Path) -> QPrinter:  # noqa: ARG001  (Qt must be up)
    """A printer whose paper is a file."""
    made = a4_printer(landscape=True, margin=12)
    made.setOutputFileName(str(tmp_path / "paper.pdf"))
    return made


def test_list_labels_and_statement_go_to_a_printer(
    make_window: Callable[..., Window], demo_bureau: Database, printer: QPrinter, tmp_path: Path
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    inventory = window.open("inventory")
    statements = window.open("statements")
    window.click("by_outlet")
    told: list[object] = []
    window.program.context.written.connect(told.append)
    for put in (
        inventory.paper._print_list,
        inventory.paper._print_labels,
        statements._print,
    ):
        put(lambda: nullcontext(printer))
        window.settle()
        window.settle()
        path = tmp_path / "paper.pdf"
        assert pages_of(path) >= 1
        path.unlink()
    assert told == [], "what went to a printer is no file to be opened"


def test_what_fails_half_way_is_taken_back_from_the_printer(
    printer: QPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    aborted: list[QPrinter] = []

    def abort(paper: QPrinter) -> bool:
        aborted.append(paper)
        return True

    monkeypatch.setattr(QPrinter, "abort", abort)
    with painting(printer) as painter:
        painter.drawRect(QRectF(0, 0, 1, 1))
    assert aborted == []
    with pytest.raises(ZeroDivisionError), painting(printer) as painter:
        painter.drawRect(QRectF(0, 0, 1 / 0, 1))
    assert aborted == [printer]


def test_a_printer_that_takes_nothing_is_told(printer: QPrinter, tmp_path: Path) -> None:
    printer.setOutputFileName(str(tmp_path / "nowhere" / "paper.pdf"))
    with pytest.raises(EnvironmentProblem, match="switched on"), painting(printer):
        pass
