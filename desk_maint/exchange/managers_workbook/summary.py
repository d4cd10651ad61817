"""The sheet *Summary*: the groups against their targets, on two printed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.worksheet.pagebreak import Break

from desk_maint.domain.faults import Responsibility
from desk_maint.exchange.managers_workbook.book import MEASURE_WORDS
from desk_maint.exchange.managers_workbook.charts import Curve, bar_chart, trend_chart
from desk_maint.exchange.managers_workbook.evidence import month_number
from desk_maint.exchange.managers_workbook.formulas import cut_percent, derived, sum_where
from desk_maint.exchange.managers_workbook.grid import Grid
from desk_maint.exchange.managers_workbook.layout import (
    MOMENT,
    MONTH,
    PERCENT,
    SECONDS,
    SUMMARY,
    WHOLE,
)
from desk_maint.exchange.managers_workbook.style import (
    colour_negative,
    colour_verdicts,
    set_up_print,
)
from desk_maint.exchange.writing import FONTS, new_page

if TYPE_CHECKING:
    from desk_maint.domain.devices import Group
    from desk_maint.exchange.managers_workbook.book import Book
    from desk_maint.exchange.managers_workbook.charts import Corners
    from desk_maint.exchange.managers_workbook.devices import DevicesSheet
    from desk_maint.exchange.managers_workbook.evidence import EvidenceSheet
    from desk_maint.exchange.managers_workbook.outlets import OutletsSheet
    from desk_maint.exchange.managers_workbook.tickets import TicketsSheet
    from desk_maint.services.uptime import GroupFigures, OutletFigures

__all__ = ["SummarySheet"]

HOURS = "#,##0.00_)"
_WIDTHS = [24.0, 15, 12, 15, 13, 15, 15, 13, 19, 17, 12, 12, 13]
_CHART_ROWS = 18
_CHART_LINE, _LOWEST_CHART_LINE = 15.0, 9.0
_PAGE = 650.0
"""Points of a printed page that is as wide as all columns together."""
_CHART_LABELS = 17
"""The column from which the figures of the trend stand, to the right of what is printed."""
_WORST_OUTLETS = 10
_LINE = 19.0
"""Points of a row of figures."""

_STANDING = {
    "group": "equipment_group",
    "devices": "total_units",
    "target": "target",
    "measure": "judged_by",
    "uptime": "uptime",
    "actual": "actual_uptime",
    "verdict": "verdict",
    "left_hours": "downtime_left",
    "first_down": "first_down_at",
    "strict": "good_days_strict",
    "within": "good_days_within_limits",
    "faults": "fault_count",
    "repaired": "repair_in_time_rate",
}
"""The fields of the upper block by the words above them, in the order of the columns."""
_BASIS = {
    "group_again": "equipment_group",
    "scheduled": "scheduled_time",
    "exempt": "excluded_time",
    "required": "required_time",
    "down": "down_time",
    "whole_scheduled": "whole_scheduled_time",
    "allowed": "allowed_downtime",
    "left": "downtime_left",
    "device_days": "scheduled_device_days",
    "bad_strict": "bad_days_strict",
    "bad_within": "bad_days_within_limits",
    "judged": "tickets_judged",
    "in_time": "tickets_in_time",
}
"""The fields of the lower block likewise."""
_OF_MONTH = (("required_time", True), ("down_time", True), ("uptime", False))
"""The words above the figures of a month, and whether these are seconds."""
_IN_SECONDS = {"scheduled", "exempt", "required", "down", "whole_scheduled", "allowed", "left"}


class SummarySheet:
    """Lays the summary out, so that others can name its cells, and fills it once they are there."""

    def __init__(self, book: Book) -> None:
        self._book = book
        page = new_page(book.workbook, SUMMARY)
        self._grid = Grid(page, _WIDTHS)
        report = book.statement.report
        self._groups = report.groups
        self._standing = 4 + len(report.warnings)
        self._basis = self._standing + 3 + len(self._groups)
        self._charts = self._basis + 3 + len(self._groups)
        self._months = self._charts + _CHART_ROWS
        self._below = self._months + 5 + len(book.statement.months)
        page.freeze_panes = "B3"
        self.targets: dict[Group, str] = {
            row.group: f"{SUMMARY}!{self._at('target', row.group, fixed=True)}"
            for row in self._groups
        }
        """The cells that hold the targets, as formulas on other sheets name them."""

    def write(
        self,
        outlets: OutletsSheet,
        devices: DevicesSheet,
        evidence: EvidenceSheet,
        tickets: TicketsSheet,
    ) -> None:
        """Write the sheet."""
        book, grid = self._book, self._grid
        set_up_print(grid.page, book.print_text)
        grid.text(1, 1, book.print_text.title, book.looks.title)
        grid.height(1, 30)
        grid.text(2, 1, book.print_text.subtitle, book.looks.subtitle)
        for row, warning in enumerate(book.statement.report.warnings, start=3):
            grid.span(row, 1, len(_WIDTHS), book.say(warning), book.looks.warning)
        self._head(self._standing, "summary_standing", _STANDING)
        self._head(self._basis, "summary_basis", _BASIS)
        for group in self._groups:
            self._write_group(group, devices, evidence, tickets)
        self._size_charts()
        self._write_months(devices, evidence)
        worst = self._write_outlets(outlets)
        last = max(self._write_holders(evidence), worst)
        self._write_checks(last + 2, devices, evidence)
        self._colour()
        grid.page.row_breaks.append(Break(id=self._months - 1))
        grid.page.print_area = f"A1:M{last + 4}"
        grid.write()

    def _place(self, key: str, group: Group) -> tuple[int, int]:
        """Return row and column of a figure of a group."""
        fields, top = (_STANDING, self._standing) if key in _STANDING else (_BASIS, self._basis)
        row = top + 2 + [each.group for each in self._groups].index(group)
        return row, 1 + list(fields).index(key)

    def _at(self, key: str, group: Group, *, fixed: bool = False) -> str:
        return Grid.at(*self._place(key, group), fixed=fixed)

    def _head(self, row: int, title: str, fields: dict[str, str]) -> None:
        book, grid = self._book, self._grid
        grid.text(row, 1, book.word(title), book.looks.section)
        grid.height(row, 20)
        grid.height(row + 1, 40)
        for column, (key, word) in enumerate(fields.items(), start=1):
            words = book.word(word)
            if key in _IN_SECONDS:
                words += "\n" + book.word("unit_seconds")
            elif key == "left_hours":
                words += "\n" + book.word("unit_hours")
            grid.text(row + 1, column, words, book.looks.header)

    def _write_group(
        self,
        group: GroupFigures,
        devices: DevicesSheet,
        evidence: EvidenceSheet,
        tickets: TicketsSheet,
    ) -> None:
        book = self._book
        settings = book.statement.settings
        figures = group.figures

        def at(key: str) -> str:
            return self._at(key, group.group)

        here = (devices.all("group"), at("group"))
        pieces = (evidence.all("group"), at("group"))
        formulas = derived(at, figures.measure, book.verdicts)
        for key in ("scheduled", "whole_scheduled", "device_days", "bad_strict", "bad_within"):
            formulas[key] = f"={sum_where(devices.all(key), here)}"
        for key, exempt in (("exempt", True), ("down", False)):
            seconds = sum_where(evidence.all("seconds"), pieces, evidence.whose(exempt=exempt))
            formulas[key] = f"={seconds}"
        formulas["devices"] = f"={sum_where(devices.all('counts'), here)}"
        formulas["faults"] = (
            f"={sum_where(devices.all('faults'), here)}-{sum_where(devices.all('elsewhere'), here)}"
        )
        formulas["left_hours"] = f"={at('left')}/3600"
        of_group = f"{tickets.all('group')},{at('group')},{tickets.all('repair')}"
        kept = f'COUNTIFS({of_group},"{book.word("in_time_yes")}")'
        missed = f'COUNTIFS({of_group},"{book.word("in_time_no")}")'
        formulas["in_time"] = f"={kept}"
        formulas["judged"] = f"={kept}+{missed}"
        formulas["repaired"] = cut_percent(at("in_time"), at("judged"), book.verdicts)
        formulas["group_again"] = f"={at('group')}"
        for key, formula in formulas.items():
            self._formula(key, group.group, formula)
        cell, looks = self._place, book.looks
        row, column = cell("group", group.group)
        self._grid.text(row, column, book.name(group.group), looks.label)
        self._grid.height(row, 26)
        self._grid.height(cell("group_again", group.group)[0], _LINE)
        row, column = cell("target", group.group)
        share = settings.target[group.group] / 10_000
        self._grid.number(row, column, share, looks.figure, PERCENT)
        row, column = cell("measure", group.group)
        words = book.word(MEASURE_WORDS[figures.measure])
        self._grid.text(row, column, words, looks.word)
        row, column = cell("first_down", group.group)
        moment = book.moment(figures.first_down_at)
        if isinstance(moment, str):
            self._grid.text(row, column, moment, looks.word)
        else:
            self._grid.number(row, column, moment, looks.word, MOMENT)

    def _formula(self, key: str, group: Group, formula: str) -> None:
        looks = self._book.looks
        row, column = self._place(key, group)
        look, form = looks.figure, WHOLE
        if key in {"uptime", "verdict"}:
            look, form = looks.prominent, PERCENT
        elif key in {"actual", "strict", "within", "repaired"}:
            form = PERCENT
        elif key == "left_hours":
            form = HOURS
        elif key in _IN_SECONDS:
            form = SECONDS
        elif key == "group_again":
            look = looks.label
        self._grid.formula(row, column, formula, look, form)

    def _size_charts(self) -> None:
        """Let the charts end where the first page does."""
        room = _PAGE - self._grid.height_of(1, self._charts - 1)
        for row in range(self._charts, self._charts + _CHART_ROWS):
            self._grid.height(row, max(_LOWEST_CHART_LINE, min(_CHART_LINE, room / _CHART_ROWS)))

    def _corners(self, left: int, right: int) -> Corners:
        return (self._charts, left), (self._charts + _CHART_ROWS - 2, right)

    def _write_months(self, devices: DevicesSheet, evidence: EvidenceSheet) -> None:
        book, grid, looks = self._book, self._grid, self._book.looks
        top = self._months
        grid.text(top, 1, book.word("summary_months"), looks.section)
        grid.height(top, 20)
        grid.text(top + 1, 1, book.word("month"), looks.header)
        grid.text(top + 2, 1, "", looks.header)
        grid.page.merged_cells.add(f"{grid.at(top + 1, 1)}:{grid.at(top + 2, 1)}")
        grid.height(top + 2, 30)
        months = book.statement.months
        lowest = 1.0
        known = {(row.month, row.group): row.figures for row in book.statement.report.months}
        for place, group in enumerate(self._groups):
            column = 2 + 3 * place
            name = book.name(group.group)
            grid.span(top + 1, column, column + 2, name, looks.header)
            unit = "\n" + book.word("unit_seconds")
            for offset, (word, in_seconds) in enumerate(_OF_MONTH):
                words = book.word(word) + (unit if in_seconds else "")
                grid.text(top + 2, column + offset, words, looks.header)
            grid.text(top + 2, _CHART_LABELS + 1 + place, name, looks.quiet)
        targets = sorted({row.figures.target for row in self._groups})
        first_target = _CHART_LABELS + 1 + len(self._groups)
        for place, target in enumerate(targets):
            words = f"{book.word('target')} {target / 100:.2f}%"
            grid.text(top + 2, first_target + place, words, looks.quiet)
        for row, month in enumerate(months, start=top + 3):
            grid.number(row, 1, month_number(month), looks.label, MONTH)
            grid.text(row, _CHART_LABELS, month, looks.quiet)
            for place, group in enumerate(self._groups):
                column = 2 + 3 * place
                name = self._at("group", group.group, fixed=True)
                scheduled = sum_where(devices.scheduled_in(month), (devices.all("group"), name))
                self._write_month((row, column), group.group, scheduled, evidence)
                share = grid.at(row, column + 2)
                figures = known[month, group.group]
                # Elsewhere "not applicable" would be drawn as 0 %.
                if figures.required_seconds:
                    grid.formula(row, _CHART_LABELS + 1 + place, f"={share}", looks.quiet, PERCENT)
                    up = figures.required_seconds - figures.down_seconds
                    lowest = min(lowest, up / figures.required_seconds)
            for place, target in enumerate(targets):
                group_of = next(row for row in self._groups if row.figures.target == target)
                cell = f"={self._at('target', group_of.group, fixed=True)}"
                grid.formula(row, first_target + place, cell, looks.quiet, PERCENT)
        curves = [
            *(Curve(_CHART_LABELS + 1 + place) for place in range(len(self._groups))),
            *(Curve(first_target + place, is_target=True) for place in range(len(targets))),
        ]
        trend_chart(
            grid.page,
            self._corners(1, 7),
            book.word("chart_trend"),
            rows=(top + 3, top + 2 + len(months)),
            labels=_CHART_LABELS,
            curves=curves,
            lowest=_axis_start(min(lowest, targets[0] / 10_000)),
            font=FONTS[book.lang],
        )

    def _write_month(
        self, place: tuple[int, int], group: Group, scheduled: str, evidence: EvidenceSheet
    ) -> None:
        """Write the figures of a group in a month; ``scheduled`` adds up the devices' seconds."""
        row, column = place
        grid, looks = self._grid, self._book.looks
        name = self._at("group", group, fixed=True)
        pieces = (
            (evidence.all("group"), name),
            (evidence.all("month"), f"$A{row}"),
        )
        exempt = sum_where(evidence.all("seconds"), *pieces, evidence.whose(exempt=True))
        down = sum_where(evidence.all("seconds"), *pieces, evidence.whose(exempt=False))
        required = grid.at(row, column)
        up = f"{required}-{grid.at(row, column + 1)}"
        grid.formula(row, column, f"={scheduled}-{exempt}", looks.figure, SECONDS)
        grid.formula(row, column + 1, f"={down}", looks.figure, SECONDS)
        share = cut_percent(up, required, self._book.verdicts)
        grid.formula(row, column + 2, share, looks.figure, PERCENT)

    def _write_holders(self, evidence: EvidenceSheet) -> int:
        """Write the downtime by who held it, and return the last row."""
        book, grid, looks = self._book, self._grid, self._book.looks
        top = self._below
        grid.text(top, 1, book.word("summary_holders"), looks.section)
        grid.height(top, 20)
        titles = [
            book.word("responsibility"),
            *(book.name(group.group) for group in self._groups),
            book.word("total"),
        ]
        for column, title in enumerate(titles, start=1):
            grid.text(top + 1, column, title, looks.header)
        grid.height(top + 1, 30)
        holders = [*(book.name(each) for each in Responsibility), book.word("not_stated")]
        last = len(titles)
        for row, holder in enumerate(holders, start=top + 2):
            grid.text(row, 1, holder, looks.label)
            for column, group in enumerate(self._groups, start=2):
                seconds = sum_where(
                    evidence.all("seconds"),
                    (evidence.all("group"), self._at("group", group.group, fixed=True)),
                    (evidence.all("holder"), f"$A{row}"),
                    evidence.whose(exempt=False),
                )
                grid.formula(row, column, f"={seconds}/3600", looks.figure, HOURS)
            whole = f"=SUM({grid.at(row, 2)}:{grid.at(row, last - 1)})"
            grid.formula(row, last, whole, looks.figure, HOURS)
        end = top + 2 + len(holders)
        grid.text(end, 1, book.word("total"), looks.total)
        for column in range(2, last + 1):
            added = f"=SUM({grid.at(top + 2, column)}:{grid.at(end - 1, column)})"
            grid.formula(end, column, added, looks.total, HOURS)
        return end

    def _write_outlets(self, outlets: OutletsSheet) -> int:
        """Write the outlets with most downtime, and return the last row."""
        book, grid, looks = self._book, self._grid, self._book.looks
        top, left = self._below, 7
        worst = _most_down(book.statement.report.outlets)
        grid.text(top, left, book.word("summary_outlets"), looks.section)
        grid.text(top + 1, left, book.word("outlet_code"), looks.header)
        grid.span(top + 1, left + 1, left + 2, book.word("outlet_name"), looks.header)
        hours = f"{book.word('down_time')}\n{book.word('unit_hours')}"
        for offset, title in enumerate(
            (book.word("equipment_group"), book.word("uptime"), hours, book.word("verdict"))
        ):
            grid.text(top + 1, left + 3 + offset, title, looks.header)
        for row, outlet in enumerate(worst, start=top + 2):

            def cell(key: str, outlet: OutletFigures = outlet) -> str:
                return f"={outlets.at(key, outlet.outlet_id, outlet.group)}"

            grid.formula(row, left, cell("outlet"), looks.cell)
            grid.formula(row, left + 1, cell("outlet_name"), looks.cell)
            grid.text(row, left + 2, "", looks.cell)
            grid.page.merged_cells.add(f"{grid.at(row, left + 1)}:{grid.at(row, left + 2)}")
            grid.formula(row, left + 3, cell("group"), looks.word)
            grid.formula(row, left + 4, cell("uptime"), looks.figure, PERCENT)
            grid.formula(row, left + 5, f"{cell('down')}/3600", looks.figure, HOURS)
            grid.formula(row, left + 6, cell("verdict"), looks.word)
        last = top + 1 + len(worst)
        if worst:
            title = f"{book.word('summary_outlets')}{book.word('unit_hours')}"
            bar_chart(
                grid.page,
                self._corners(9, 13),
                title,
                rows=(top + 2, last),
                labels=left + 1,
                values=left + 5,
                font=FONTS[book.lang],
            )
            colour_verdicts(grid.page, f"M{top + 2}:M{last}", book.lang)
        else:
            grid.span(top + 2, left, left + 6, book.word("no_downtime"), looks.cell)
            last += 1
        return last

    def _write_checks(self, row: int, devices: DevicesSheet, evidence: EvidenceSheet) -> None:
        """Write whether the evidence still adds up to the devices, whatever was sorted since."""
        book, grid, looks = self._book, self._grid, self._book.looks
        grid.span(row, 1, 4, book.word("check_evidence"), looks.label)
        agree, differ = book.word("check_agrees"), book.word("check_differs")
        formula = (
            f"=IF(SUM({evidence.all('seconds')})="
            f'SUM({devices.all("exempt")})+SUM({devices.all("down")}),"{agree}","{differ}")'
        )
        grid.formula(row, 5, formula, looks.word)
        colour_verdicts(grid.page, grid.at(row, 5), book.lang)

    def _colour(self) -> None:
        page, lang = self._grid.page, self._book.lang
        first, last = self._groups[0].group, self._groups[-1].group
        for key in ("uptime", "actual", "verdict", "strict", "within", "repaired"):
            colour_verdicts(page, f"{self._at(key, first)}:{self._at(key, last)}", lang)
        for key in ("left_hours", "left"):
            colour_negative(page, f"{self._at(key, first)}:{self._at(key, last)}")


def _most_down(outlets: tuple[OutletFigures, ...]) -> list[OutletFigures]:
    down = [row for row in outlets if row.figures.down_seconds]
    return sorted(down, key=lambda row: -row.figures.down_seconds)[:_WORST_OUTLETS]


def _axis_start(lowest: float) -> float:
    """Return where the axis of shares begins: a step of 5 %, 1 % or 0.5 % below the lowest."""
    for below, step in ((0.99, 0.005), (0.95, 0.01), (0.0, 0.05)):
        if lowest >= below:
            return max(0.0, round((int(lowest / step + 1e-9) - 1) * step, 4))
    return 0.0
