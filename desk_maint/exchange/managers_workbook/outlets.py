"""The sheet *Outlets*: the devices of each group at each outlet, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.exchange.managers_workbook.formulas import derived, sum_where
from desk_maint.exchange.managers_workbook.layout import (
    FIRST_ROW,
    NUMBER,
    OUTLETS,
    PERCENT,
    SECONDS,
    WHOLE,
    WORD,
    Field,
    Formula,
    Table,
)
from desk_maint.exchange.writing import new_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_maint.domain.devices import Group
    from desk_maint.exchange.managers_workbook.book import Book
    from desk_maint.exchange.managers_workbook.devices import DevicesSheet

__all__ = ["OutletsSheet"]

_FIELDS = (
    Field("no", "row_no", 6, NUMBER),
    Field("outlet", "outlet_code", 10),
    Field("outlet_name", "outlet_name", 22),
    Field("group", "equipment_group", 17),
    Field("devices", "total_units", 8, WHOLE),
    Field("scheduled", "scheduled_time", 15, SECONDS, total=True),
    Field("exempt", "excluded_time", 12, SECONDS, total=True),
    Field("required", "required_time", 15, SECONDS, total=True),
    Field("down", "down_time", 12, SECONDS, total=True),
    Field("uptime", "uptime", 10, PERCENT),
    Field("actual", "actual_uptime", 10, PERCENT),
    Field("target", "target", 9, PERCENT),
    Field("verdict", "verdict", 13, WORD),
    Field("allowed", "allowed_downtime", 12, SECONDS),
    Field("left", "downtime_left", 12, SECONDS),
    Field("device_days", "scheduled_device_days", 11, WHOLE, total=True),
    Field("bad_strict", "bad_days_strict", 10, WHOLE, total=True),
    Field("strict", "good_days_strict", 10, PERCENT),
    Field("bad_within", "bad_days_within_limits", 10, WHOLE, total=True),
    Field("within", "good_days_within_limits", 10, PERCENT),
    Field("faults", "fault_count", 8, WHOLE, total=True),
    Field("whole_scheduled", "whole_scheduled_time", 16, SECONDS, total=True, printed=False),
)
_SUMMED = ("scheduled", "exempt", "down", "device_days", "bad_strict", "bad_within", "faults")


class OutletsSheet:
    """Numbers the outlets, writes them, and names their cells to the formulas."""

    def __init__(self, book: Book) -> None:
        self._book = book
        page = new_page(book.workbook, OUTLETS)
        self._table = Table(page, _FIELDS, book.lang, frozen="group")
        self.numbers = {
            (row.outlet_id, row.group): number
            for number, row in enumerate(book.statement.report.outlets, start=1)
        }
        """The number of each group at each outlet, by the outlet's key in the database."""

    def write(self, devices: DevicesSheet, targets: Mapping[Group, str]) -> None:
        """Write all rows; ``targets`` are the cells of the targets."""
        book, table = self._book, self._table
        table.begin(book.word("outlets_title"), book.print_text)
        here = devices.all("outlet_row")
        for number, outlet in enumerate(book.statement.report.outlets, start=1):
            row = table.row

            def at(key: str, row: int = row) -> str:
                return table.local(key, row)

            cells = {
                key: f"={sum_where(devices.all(key), (here, at('no')))}"
                for key in (*_SUMMED, "whole_scheduled")
            }
            cells |= derived(at, outlet.figures.measure, book.verdicts)
            cells["devices"] = f"=COUNTIFS({here},{at('no')})"
            cells["target"] = f"={targets[outlet.group]}"
            given = {
                "no": number,
                "outlet": outlet.outlet,
                "outlet_name": outlet.outlet_name,
                "group": book.name(outlet.group),
            }
            table.append(
                given[field.key] if field.key in given else Formula(cells[field.key])
                for field in _FIELDS
            )
        table.finish(verdicts=["verdict", "uptime", "actual"], negative=["left"])

    def at(self, key: str, outlet_id: int, group: Group) -> str:
        """Return the cell of a field of an outlet."""
        return self._table.at(key, FIRST_ROW + self.numbers[outlet_id, group] - 1)
