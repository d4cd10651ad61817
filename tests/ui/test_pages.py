"""Every page in every language, light and dark: it opens, and no text is cut at 1366 × 768."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QScrollArea,
    QStyle,
    QTableView,
    QWidget,
)

from desk_maint.domain.people import Role
from desk_maint.language import LANGUAGES
from desk_maint.services import statistics
from tests.ui.conftest import ADMINISTRATOR
from ui.desks import pages_of
from ui.managers.repairs import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window

BARS = ("downtime_by_cause_1", "downtime_by_holder_1")
ALL_PAGES = [page.name for page in pages_of(Role.ADMINISTRATOR)]


SIZES = ((1366, 768), (1280, 720), (960, 540))
"""The smallest screen, and what is left of larger ones at 150 % and 200 %."""


def cut_texts(root: QWidget) -> list[str]:
    """Return the texts of visible labels and buttons that do not fit."""
    cut = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if isinstance(widget, QLabel):
            if widget.wordWrap() and widget.text():
                if widget.height() < widget.heightForWidth(widget.width()):
                    cut.append(f"{widget.objectName()}: {widget.text()}")
                continue
            if widget.pixmap() and not widget.pixmap().isNull():
                continue
            wanted = widget.sizeHint().width()
        else:
            lines = widget.text().split("\n")
            wanted = max(widget.fontMetrics().horizontalAdvance(line) for line in lines)
        if widget.text() and widget.width() < wanted:
            cut.append(f"{widget.objectName()}: {widget.text()}")
    return [*cut, *cut_titles(root), *cut_sides(root)]


def cut_sides(root: QWidget) -> list[str]:
    """Return the visible areas that are wider than one sees, and do not scroll sideways."""
    return [
        area.objectName()
        for area in root.findChildren(QScrollArea)
        if area.isVisible()
        and area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        and area.widget().width() > area.viewport().width()
    ]


def cut_titles(root: QWidget) -> list[str]:
    """Return the titles of visible tables' columns that do not fit."""
    cut = []
    for table in root.findChildren(QTableView):
        head = table.horizontalHeader()
        if not table.isVisible() or not head.isVisible():
            continue
        room = 2 * head.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin, None, head)
        for column in range(head.count()):
            title = str(table.model().headerData(column, Qt.Orientation.Horizontal))
            lines = title.split("\n")
            wanted = max(map(head.fontMetrics().horizontalAdvance, lines)) + room
            if not head.isSectionHidden(column) and head.sectionSize(column) < wanted:
                cut.append(f"{table.objectName()}: {title}")
    return cut


def sections_of(page: QWidget) -> list[str]:
    """Return the sections of the settings; other pages have none."""
    return [each.name for each in getattr(page, "sections", ())]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut(
    make_window: Callable[..., Window],
    demo_bureau: Database,
    language: str,
    dark: bool,  # noqa: FBT001
) -> None:
    window = make_window(demo_bureau, language=language, dark=dark)
    assert cut_texts(window.program.window) == []
    window.sign_in("zhoumin")
    for size in SIZES:
        window.program.window.resize(*size)
        for name in ALL_PAGES:
            page = window.open(name)
            window.settle()
            assert cut_texts(window.program.window) == [], (size, name)
            for section in sections_of(page):
                page.choose(section)
                window.settle()
                assert cut_texts(window.program.window) == [], (size, name, section)
    assert window.program.context.theme.dark is dark


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_queue_tells_states_and_times_whole(
    make_window: Callable[..., Window], demo_bureau: Database, language: str
) -> None:
    window = make_window(demo_bureau, language=language)
    window.sign_in("zhoumin")
    window.open("workshop")
    table = window.find("queue_table")
    cut = [
        index.data()
        for row in range(table.model().rowCount())
        for index in (table.model().index(row, column) for column in (0, 1))
        if table.sizeHintForIndex(index).width() > table.columnWidth(index.column())
    ]
    assert table.model().rowCount() > 10
    assert cut == []


def test_a_narrow_window_shows_the_pages_by_their_icons(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    button = window.find("nav_workshop")
    assert button.text() == "维修"
    window.program.window.resize(960, 540)
    assert (button.text(), button.toolTip(), button.accessibleName()) == ("", "维修", "维修")
    assert not button.icon().isNull()
    window.program.context.texts.use("en")
    assert button.toolTip() == "Workshop"
    window.program.window.resize(1366, 768)
    assert button.text() == "Workshop"


def test_alt_and_a_number_open_the_page_at_that_place(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    shown = window.program.window
    window.program.context.texts.use("en")  # a button that is named anew keeps its key
    keys = {each.key().toString(): each for each in shown.findChildren(QShortcut)}
    for number, name in enumerate(ALL_PAGES, start=1):
        keys[f"Alt+{number}"].activated.emit()
        window.settle()
        assert shown.findChild(QWidget, f"page_{name}").isVisible(), name


def test_the_language_changes_without_a_restart(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    window.open("workshop")
    heading = window.find("heading")
    texts = []
    for language in LANGUAGES:
        window.program.context.texts.use(language)
        texts.append(heading.text())
    assert texts == ["维修", "維修", "Workshop"]


def test_what_is_gone_hears_no_more_of_language_and_colours(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    program = window.program
    window.sign_in("zhoumin")
    for name in ALL_PAGES:
        page = window.open(name)
        for section in sections_of(page):
            page.choose(section)
            window.settle()
    program.context.texts.use("en")  # what lists cards or lines makes them anew
    window.settle()
    program.context.theme.wear(dark=True)
    program.sign_out()
    window.settle()
    program.context.texts.use("zh_TW")
    program.context.theme.wear(dark=False)
    window.settle()
    window.sign_in("zhoumin")
    assert window.find("heading").text() == "總覽"


def test_a_number_opens_what_it_is_made_of(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    window.open("overview")
    shown = window.find("tickets_overdue").text()
    window.click("tickets_overdue")
    queue = window.find("queue")
    window.settle()
    assert queue.chips["overdue"].isChecked()
    assert shown.endswith(f" {queue.model.rowCount()}")
    assert queue.model.rowCount() > 0


@pytest.mark.parametrize(
    "pressed",
    [*(f"repairs_{figure}" for figure in Figure if not figure.startswith("by_")), *BARS],
)
def test_a_figure_of_the_repairs_opens_its_lines_and_a_line_its_ticket(
    make_window: Callable[..., Window], demo_bureau: Database, pressed: str
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    window.open("overview")
    window.click("period_before")
    numbers: list[str] = []

    def open_first_line() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.table.model().rowCount():
            QTimer.singleShot(10, open_first_line)
            return
        numbers.append(dialog.table.model().index(0, 0).data())
        dialog.table.activated.emit(dialog.table.model().index(0, 0))

    QTimer.singleShot(0, open_first_line)
    window.click(pressed)
    queue = window.find("queue")
    window.settle()
    assert [queue.model.row(0).number] == numbers
    assert queue.model.rowCount() == 1


def test_a_bar_opens_the_downtime_that_it_stands_for(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    page = window.open("overview")
    period = (page.period.first, page.period.last)
    found = statistics.statistics(
        demo_bureau, ADMINISTRATOR, *period, as_of=window.program.context.now()
    )
    longest = found.groups[0].by_cause[0]
    told: list[tuple[set[str | None], int]] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.table.model().rowCount():
            QTimer.singleShot(10, read)
            return
        rows = dialog.table.model().rows
        told.append(({row.cause for row in rows}, sum(row.seconds for row in rows)))
        dialog.reject()

    QTimer.singleShot(0, read)
    window.click("downtime_by_cause_1")
    assert told == [({longest.of}, longest.seconds)]


def test_a_month_of_the_trend_becomes_the_period(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    page = window.open("overview")
    page.trend.chosen.emit(10)
    window.settle()
    assert (page.period.first, page.period.last) == (date(2026, 5, 1), date(2026, 6, 1))


def test_everything_that_can_be_used_has_a_name(
    make_window: Callable[..., Window], demo_bureau: Database
) -> None:
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    for name in ALL_PAGES:
        page = window.open(name)
        assert nameless_buttons(page) == [], name
        for section in sections_of(page):
            page.choose(section)
            window.settle()
            assert nameless_buttons(page) == [], (name, section)


def nameless_buttons(page: QWidget) -> list[str]:
    return [
        type(widget).__name__
        for widget in page.findChildren(QAbstractButton)
        if widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not (widget.objectName() and (widget.text() or widget.accessibleName()))
        and type(widget.parentWidget()).__name__ not in {"QTableView", "QLineEdit"}
    ]
