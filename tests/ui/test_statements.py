"""The statement: its figures, its rule, what each line is made of, what waits, and paper."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QComboBox, QMessageBox, QPlainTextEdit

from desk_maint.cli.main import main
from desk_maint.domain.devices import Group
from desk_maint.domain.errors import Cancelled
from desk_maint.domain.faults import ExemptState
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.domain.targets import Measure
from desk_maint.language import LANGUAGES
from desk_maint.services import exemptions, settings, stoppages, ticket_queue, uptime
from desk_maint.services.stoppages import StoppageStanding
from desk_maint.services.ticket_filter import TicketFilter
from desk_maint.services.uptime import By
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE, pages_of
from tests.ui.test_journeys import answer_dialog
from ui.managers.periods import moved_on, quarter_of, same_length_before, year_of
from ui.printing.paper import pdf_paper
from ui.printing.statement import statement_table
from ui.printing.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window
    from ui.printing.tables import PrintedTable

MAY = (date(2026, 5, 1), date(2026, 6, 1))
LEVELS = {By.GROUP: "groups", By.OUTLET: "outlets", By.DEVICE: "devices", By.MONTH: "months"}
MANAGER = "周敏"


@pytest.fixture
def window(make_window: Callable[..., Window], demo_bureau: Database) -> Window:
    """A manager at the demo district."""
    window = make_window(demo_bureau)
    window.sign_in("zhoumin")
    return window


def of_may(window: Window) -> Any:
    """Return the statement of May, which is over."""
    page = window.open("statements")
    window.click("period_before")
    assert (page.period.first, page.period.last) == MAY
    return page


def look_at_dialog(name: str, look: Callable[[Any], bool]) -> None:
    """Call ``look`` with the dialog that is about to open until it answers True; then close it."""

    def again() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != name or not look(dialog):
            QTimer.singleShot(10, again)
            return
        dialog.reject()

    QTimer.singleShot(0, again)


def open_line(page: Any, number: int) -> None:
    page.table.activated.emit(page.table.model().index(number, 0))


def told(row: Any) -> dict[str, Any]:
    """Return the figures of a line in the contract's words."""
    figures = row.figures
    return {
        "required_seconds": figures.required_seconds,
        "exempt_seconds": figures.exempt_seconds,
        "down_seconds": figures.down_seconds,
        "uptime_percent": figures.uptime_percent,
        "actual_percent": figures.actual_percent,
        "remaining_down_seconds": figures.remaining_down_seconds,
        "met": figures.met,
        "bad_days_strict": figures.bad_days_strict,
        "bad_days_within_limits": figures.bad_days_within_limits,
        "faults": figures.faults,
    }


@pytest.mark.parametrize("by", LEVELS)
def test_every_figure_is_the_command_lines(
    window: Window, capsys: pytest.CaptureFixture[str], by: By
) -> None:
    page = of_may(window)
    window.click(f"by_{by.value}")
    capsys.readouterr()
    period = ["--from", "2026-05-01", "--to", "2026-06-01", "--as-of", "2026-06-01T09:00"]
    words = ["--database", window.database.url, "uptime", *period, "--by", by.value, "--json"]
    assert main(words, clock=lambda: MONDAY_NINE) == 0
    rows = json.loads(capsys.readouterr().out)[LEVELS[by]]
    shown = [told(row) for row in page.table.model().rows]
    assert shown == [{key: row[key] for key in shown[0]} for row in rows]
    # What stands in the cells is that and nothing else.
    model = page.table.model()
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    rate = titles.index("开通率\n完好率 %")
    cells = [model.index(at, rate).data() for at in range(len(rows))]
    assert cells == [row["uptime_percent"] or "不适用" for row in rows]


def test_the_change_is_that_of_the_rates(window: Window) -> None:
    page = of_may(window)
    before = uptime.uptime(
        window.database, ADMINISTRATOR, date(2026, 4, 1), date(2026, 5, 1), as_of=MONDAY_NINE
    )
    model = page.table.model()
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    for number, row in enumerate(before.groups):
        now = model.rows[number].figures.uptime_percent
        cell = model.index(number, titles.index("增减")).data().replace("−", "-")
        assert row.figures.uptime_percent == model.index(number, titles.index("上期\n%")).data()
        assert float(cell) == pytest.approx(float(now) - float(row.figures.uptime_percent))


def choose_rule(window: Window, page: Any, measure: Measure | None) -> None:
    number = page.judged_by.findData(measure)
    page.judged_by.setCurrentIndex(number)
    page.judged_by.activated.emit(number)
    window.settle()


@pytest.mark.parametrize("measure", Measure)
def test_a_rule_judges_table_paper_and_workbook_and_leaves_the_settings(
    window: Window, tmp_path: Path, measure: Measure
) -> None:
    page = of_may(window)
    as_set = settings.read_settings(window.database, ADMINISTRATOR)
    choose_rule(window, page, measure)
    report = uptime.uptime(window.database, ADMINISTRATOR, *MAY, as_of=MONDAY_NINE, measure=measure)
    rows = page.table.model().rows
    assert [row.figures for row in rows] == [row.figures for row in report.groups]
    assert {row.figures.measure for row in rows} == {measure}
    say = window.program.context.texts.say
    closing = text_of(paper_of(page).closing)
    assert all(say(rule) in closing for rule in report.rules)
    assert page._basis.text() == "\n".join(say(rule) for rule in report.rules)
    path = tmp_path / "may.xlsx"
    page.export(path)
    window.settle()
    rules = load_workbook(path)["Rules"]
    cells = [str(cell.value) for line in rules.iter_rows() for cell in line if cell.value]
    assert sum(f"({measure.value})" in cell for cell in cells) == len(Group)
    assert settings.read_settings(window.database, ADMINISTRATOR) == as_set
    choose_rule(window, page, None)
    assert {row.figures.measure for row in page.table.model().rows} == {Measure.UPTIME}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_fits_beside_nothing(
    make_window: Callable[..., Window], demo_bureau: Database, language: str
) -> None:
    window = make_window(demo_bureau, language=language)
    window.sign_in("zhoumin")
    page = of_may(window)
    for by in LEVELS:
        window.click(f"by_{by.value}")
        bar = page.table.horizontalScrollBar()
        assert bar.maximum() == 0, by
        assert page.table.width() >= page.width() - 40


def test_a_group_opens_its_outlets_an_outlet_its_devices(window: Window) -> None:
    page = of_may(window)
    rows = page.table.model().rows
    number = [row.group for row in rows].index(Group.NETWORKED_TERMINAL)
    open_line(page, number)
    window.settle()
    assert page.level is By.OUTLET
    outlet = page.table.model().rows[0]
    assert {row.group for row in page.table.model().rows} == {Group.NETWORKED_TERMINAL}
    seen: list[set[int]] = []

    def look(dialog: Any) -> bool:
        seen.append({row.figures.down_seconds for row in dialog.table.model().rows})
        return bool(dialog.table.model().rows)

    look_at_dialog("breakdown", look)
    open_line(page, 0)
    window.settle()
    devices = uptime.uptime(
        window.database, ADMINISTRATOR, *MAY, as_of=MONDAY_NINE, by={By.DEVICE}
    ).devices
    own = [
        row for row in devices if row.outlet_id == outlet.of.outlet_id and row.group is outlet.group
    ]
    assert seen[-1] == {row.figures.down_seconds for row in own}


def test_a_device_opens_at_itself_with_its_timeline(window: Window) -> None:
    page = of_may(window)
    window.click("by_device")
    rows = page.table.model().rows
    # Not the first of its outlet in the dialog, which begins with the one that was down longest.
    number = max(range(len(rows)), key=lambda at: (rows[at].figures.down_seconds == 0, -at))
    tags: list[str] = []

    def look(dialog: Any) -> bool:
        if not dialog.timeline.accessibleDescription():
            return False
        tags.append(dialog.table.currentIndex().data())
        return True

    look_at_dialog("breakdown", look)
    open_line(page, number)
    window.settle()
    assert tags == [rows[number].of.tag]


def test_a_month_becomes_the_period(window: Window) -> None:
    page = window.open("statements")
    window.program.window.findChild(type(page.period._usual), "period_usual")
    page.period._use(date(2026, 4, 1), date(2026, 7, 1))
    window.settle()
    window.click("by_month")
    months = [row.of.month for row in page.table.model().rows]
    open_line(page, months.index("2026-05"))
    window.settle()
    assert (page.period.first, page.period.last) == MAY
    assert page.level is By.GROUP


def test_the_usual_periods_and_the_moment_of_the_figures(window: Window) -> None:
    page = window.open("statements")
    bar = page.period
    actions = {action.objectName(): action for action in bar._usual.menu().actions()}
    for name, period in (
        ("period_this_quarter", (date(2026, 4, 1), date(2026, 7, 1))),
        ("period_this_year", (date(2026, 1, 1), date(2027, 1, 1))),
        ("period_last_month", MAY),
        ("period_this_month", (date(2026, 6, 1), date(2026, 7, 1))),
    ):
        actions[name].trigger()
        window.settle()
        assert (bar.first, bar.last) == period
        report = page._answer.report.period
        assert (report.first, report.last) == period
        assert bar._usual.text().startswith(actions[name].text())
    assert window.find("period_as_of").text() == "数据截至 2026-06-01 09:00"
    window.open("overview")
    assert window.find("period_as_of").text() == "数据截至 2026-06-01 09:00"


def test_dates_in_the_wrong_order_are_said_and_change_nothing(window: Window) -> None:
    page = of_may(window)
    shown = page._answer
    window.find("period_first").setDate(QDate(2026, 6, 3))
    window.settle()
    assert "2026-05-01" in window.find("period_problem").text()
    assert (page.period.first, page.period.last) == MAY
    assert page._answer is shown
    window.find("period_last").setDate(QDate(2026, 6, 5))
    window.settle()
    assert (page.period.first, page.period.last) == (date(2026, 6, 3), date(2026, 6, 6))
    assert page._answer.report.period.first == date(2026, 6, 3)
    assert not page.period._problem.isVisible()


def test_periods_move_by_their_own_length() -> None:
    quarter = quarter_of(date(2026, 5, 20))
    assert quarter == (date(2026, 4, 1), date(2026, 7, 1))
    assert same_length_before(*quarter) == (date(2026, 1, 1), date(2026, 4, 1))
    assert moved_on(*year_of(date(2026, 5, 20)), 1) == (date(2027, 1, 1), date(2028, 1, 1))
    assert same_length_before(date(2026, 1, 1), date(2026, 2, 1)) == (
        date(2025, 12, 1),
        date(2026, 1, 1),
    )
    week = date(2026, 6, 8), date(2026, 6, 15)
    assert same_length_before(*week) == (date(2026, 6, 1), date(2026, 6, 8))


def propose(database: Database, actor: Actor) -> Any:
    """Propose an exemption of a fault in May that counts, and return its ticket."""
    rows = ticket_queue.list_tickets(database, ADMINISTRATOR, TicketFilter(), limit=None).rows
    down = {
        row.device_id: row.figures.down_seconds
        for row in uptime.uptime(
            database, ADMINISTRATOR, *MAY, as_of=MONDAY_NINE, by={By.DEVICE}
        ).devices
    }
    ticket = next(
        row
        for row in rows
        if row.exempt_state is None
        and row.restored_at is not None
        and row.tag.startswith("ATM")
        and down.get(row.device_id)
        and 1_777_600_000 < row.occurred_at < row.restored_at < MONDAY_NINE - 86_400
    )
    exemptions.propose(
        database, actor, ticket.id, "运营商光缆中断", version=ticket.version, at=MONDAY_NINE
    )
    return ticket


def down_in_may(database: Database) -> int:
    report = uptime.uptime(database, ADMINISTRATOR, *MAY, as_of=MONDAY_NINE)
    return report.groups[0].figures.down_seconds


def waiting(page: Any) -> int:
    return int(page._decisions_chip.text().strip("待审批（）"))


def test_an_exemption_is_decided_with_all_that_a_decision_needs(window: Window) -> None:
    ticket = propose(window.database, Actor("刘洋", Role.TECHNICIAN))
    page = of_may(window)
    count, down = waiting(page), down_in_may(window.database)
    window.click("view_decisions")
    card = window.find(f"decide_{ticket.number}")
    texts = " ".join(label.text() for label in card.findChildren(type(page._basis)))
    assert all(words in texts for words in (ticket.tag, "运营商光缆中断", "刘洋"))
    (proposed,) = (
        each for each in page.decisions._waiting.exemptions if each.ticket.number == ticket.number
    )
    assert proposed.seconds > 0
    window.click(f"approve_{ticket.number}")
    assert down_in_may(window.database) == down - proposed.seconds
    assert waiting(page) == count - 1
    assert page.table.model().rows[0].figures.down_seconds == down - proposed.seconds


def test_a_card_opens_its_ticket(window: Window) -> None:
    ticket = propose(window.database, Actor("刘洋", Role.TECHNICIAN))
    of_may(window)
    window.click("view_decisions")
    window.click(f"open_{ticket.number}")
    queue = window.find("queue")
    window.settle()
    assert [queue.model.row(0).number] == [ticket.number]


def test_nobody_decides_what_is_his_own_and_is_told_why(window: Window) -> None:
    ticket = propose(window.database, Actor(MANAGER, Role.ADMINISTRATOR))
    of_may(window)
    window.click("view_decisions")
    for deed in ("approve", "refuse"):
        made = window.find(f"{deed}_{ticket.number}")
        assert not made.isEnabled()
        assert "本人" in made.toolTip() or "您" in made.toolTip()
    assert window.find(f"forbidden_{ticket.number}").text()
    row = ticket_queue.list_tickets(
        window.database, ADMINISTRATOR, TicketFilter(text=ticket.number)
    ).rows[0]
    assert row.exempt_state is ExemptState.PROPOSED


def test_a_refusal_asks_why(window: Window) -> None:
    ticket = propose(window.database, Actor("刘洋", Role.TECHNICIAN))
    of_may(window)
    window.click("view_decisions")
    answer_dialog(
        "reason_dialog", lambda dialog: dialog.findChild(QPlainTextEdit).setPlainText("无故障单")
    )
    window.click(f"refuse_{ticket.number}")
    row = ticket_queue.list_tickets(
        window.database, ADMINISTRATOR, TicketFilter(text=ticket.number)
    ).rows[0]
    assert row.exempt_state is ExemptState.REFUSED


def new_stoppage(window: Window) -> Any:
    known = {row.id for row in stoppages.list_stoppages(window.database, ADMINISTRATOR)}

    def fill(dialog: Any) -> None:
        scope = dialog.findChild(QComboBox, "stoppage_scope")
        scope.setCurrentIndex(scope.findData(StoppageScope.OUTLET))
        assert not dialog.accept_button.isEnabled()
        dialog.findChild(QPlainTextEdit, "stoppage_reason").setPlainText("空调检修")
        assert dialog.accept_button.isEnabled()

    answer_dialog("stoppage_dialog", fill)
    window.click("stoppage_propose")
    (row,) = (
        row
        for row in stoppages.list_stoppages(window.database, ADMINISTRATOR)
        if row.id not in known
    )
    return row


def test_a_stoppage_is_proposed_by_one_and_approved_by_another(window: Window) -> None:
    page = window.open("statements")
    window.click("view_decisions")
    count = waiting(page)
    row = new_stoppage(window)
    assert (row.standing, row.proposed_by) == (StoppageStanding.PROPOSED, MANAGER)
    assert row.data.to_at - row.data.from_at == 7200
    assert row.data.from_at == MONDAY_NINE + 3600
    assert waiting(page) == count + 1
    assert not window.find(f"approve_stoppage_{row.id}").isEnabled()
    window.sign_in("linfang")
    window.open("statements")
    window.click("view_decisions")
    window.click(f"approve_stoppage_{row.id}")
    (row,) = (
        each
        for each in stoppages.list_stoppages(window.database, ADMINISTRATOR)
        if each.id == row.id
    )
    assert (row.standing, row.approved_by) == (StoppageStanding.APPROVED, "林芳")


def test_its_proposer_takes_a_stoppage_back(window: Window) -> None:
    window.open("statements")
    window.click("view_decisions")
    row = new_stoppage(window)
    answer_dialog(
        "reason_dialog", lambda dialog: dialog.findChild(QPlainTextEdit).setPlainText("改期")
    )
    window.click(f"withdraw_stoppage_{row.id}")
    left = stoppages.list_stoppages(window.database, ADMINISTRATOR)
    assert row.id not in {each.id for each in left}


def test_the_statement_on_paper(window: Window, tmp_path: Path) -> None:
    page = of_may(window)
    window.click("by_outlet")
    path = tmp_path / "may.pdf"
    page.write_pdf(path)
    window.settle()
    assert pages_of(path) > 1
    paper = paper_of(page)
    bureau = settings.read_settings(window.database, ADMINISTRATOR).bureau_name
    assert paper.title == f"{bureau} 设备开通（完好）率统计表"
    assert "2026-06-01 09:00" in paper.lines[0]
    closing = text_of(paper.closing)
    assert "服务日历：全天24小时" in closing
    assert "working hours" not in closing
    assert closing.index("统计口径") < closing.index("制表人：") < closing.index("审批人：")
    model = page.table.model()
    first = model.fields[0]
    assert [row[0] for row in paper.rows] == [first.show(row) for row in model.rows]
    assert len(paper.rows) > 10
    for row, cells in zip(model.rows, paper.rows, strict=True):
        assert row.of.outlet_name in cells[0]
    assert paper.right == {number for number, field in enumerate(model.fields) if field.right}, (
        "figures stand under each other"
    )


def test_a_long_statement_goes_on_and_closes_with_the_rules(window: Window, tmp_path: Path) -> None:
    paper = paper_of(of_may(window))
    many = replace(paper, rows=list(paper.rows) * 40)
    path = tmp_path / "many.pdf"
    told: list[tuple[int, int]] = []
    context = window.program.context

    def write(table: PrintedTable) -> int:
        told.clear()
        with pdf_paper(path, landscape=True) as on:
            print_table(context, table, on, progress=lambda *far: told.append(far))
        assert told == [(page, len(told)) for page in range(1, len(told) + 1)]
        assert pages_of(path) == len(told)
        return len(told)

    usual = write(many)
    assert usual > 1
    # Rules that fill pages of their own are not cut.
    assert write(replace(many, closing=paper.closing * 30)) > usual + 1
    # They go to a new page where the last one has no room for them, which the table fills alone.
    assert {write(replace(many, rows=many.rows[:count])) for count in range(1, 40, 4)} == {1, 2}

    with pytest.raises(Cancelled), pdf_paper(tmp_path / "no.pdf") as on:
        print_table(context, many, on, cancelled=lambda: True)
    assert not (tmp_path / "no.pdf").exists()


def paper_of(page: Any) -> PrintedTable:
    """What the page would print."""
    model = page._model
    return statement_table(page.context.texts, page._head(page._answer), model.fields, model.rows)


def text_of(rich: str) -> str:
    """The words of a rich text."""
    document = QTextDocument()
    document.setHtml(rich)
    return document.toPlainText()


def test_a_statement_that_cannot_be_written_is_told(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = of_may(window)
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    written: list[object] = []
    window.program.context.written.connect(written.append)
    page.write_pdf(tmp_path)
    window.settle()
    assert len(told) == 1
    assert str(tmp_path) in told[0]
    assert written == []


def test_a_month_of_the_trend_is_opened_by_keys(window: Window) -> None:
    page = window.open("overview")
    page.trend.setFocus()
    window.qtbot.keyClick(page.trend, Qt.Key.Key_Left)
    assert page.trend.accessibleDescription().startswith("26-05")
    window.qtbot.keyClick(page.trend, Qt.Key.Key_Return)
    window.settle()
    assert (page.period.first, page.period.last) == MAY


def test_enter_opens_the_outlet_of_the_ranking_once(window: Window) -> None:
    page = window.open("overview")
    window.click("period_before")
    seen: list[str] = []

    def look(dialog: Any) -> bool:
        seen.append(dialog.windowTitle())
        return True

    look_at_dialog("breakdown", look)
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    window.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    window.settle()
    assert len(seen) == 1
    assert page.table.model().rows[0].outlet_name in seen[0]
