"""Long lists that are read again: what is in hand stays where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractItemView

from desk_maint.db.change import Changes
from desk_maint.services.paging import Page
from ui.paged_model import PagedModel, choose_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window

FAR_DOWN = 450


@pytest.fixture
def demo(make_window: Callable[..., Window], demo_bureau: Database) -> Window:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    return window


def far_down(window: Window, view: Any) -> Any:
    """Choose a row that is not on the first page, and return it."""
    view.table.scrollTo(
        view.model.index(FAR_DOWN, 0), QAbstractItemView.ScrollHint.PositionAtCenter
    )
    view.table.viewport().repaint()
    window.settle()
    choose_place(view.table, FAR_DOWN, 0)
    window.settle()
    row = view.model.row(FAR_DOWN)
    assert row is not None
    return row


@pytest.mark.parametrize("desk", ["workshop", "inventory"])
def test_a_list_that_is_read_again_stands_where_it_stood(demo: Window, desk: str) -> None:
    page = demo.open(desk)
    view = page.queue if desk == "workshop" else page.ledger
    if desk == "workshop":
        view.use_chip("all")
        demo.settle()
    row = far_down(demo, view)
    first = view.table.rowAt(0)
    kinds = {"fault": frozenset({row.id}), "device": frozenset({row.id})}
    demo.program.context.report(Changes(kinds))
    demo.settle()
    assert view.table.currentIndex().row() == FAR_DOWN
    assert view.model.row(FAR_DOWN).id == row.id
    assert view.table.rowAt(0) == first
    assert view.model.row(0) is None, "only what is in view was read"


def test_a_list_that_got_shorter_begins_at_its_top(demo: Window) -> None:
    queue = demo.open("workshop").queue
    queue.use_chip("all")
    demo.settle()
    far_down(demo, queue)
    queue.use_chip("open")
    demo.settle()
    assert queue.table.currentIndex().row() == 0
    assert queue.current() is not None
    assert queue.model.rowCount() < FAR_DOWN


def test_rows_that_are_gone_are_not_looked_for(demo: Window) -> None:
    rows = list(range(500))

    def fetch(offset: int, limit: int, *_sorted: object) -> Page[int]:
        return Page(tuple(rows[offset : offset + limit]), len(rows))

    model = PagedModel(demo.program.context, [], fetch, demo.program.window)
    model.refresh(FAR_DOWN)
    demo.settle()
    assert (model.rowCount(), model.row(FAR_DOWN), model.row(0)) == (500, FAR_DOWN, None)
    assert model.place_of(lambda row: row == FAR_DOWN + 1) == FAR_DOWN + 1
    del rows[100:]
    model.refresh(FAR_DOWN)
    demo.settle()
    assert (model.rowCount(), model.row(0), model.place_of(lambda row: row > 99)) == (100, 0, None)
