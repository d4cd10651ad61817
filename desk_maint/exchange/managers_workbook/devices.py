"""The sheet *Devices*: one row per device and outlet, the inputs that all figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.exchange.managers_workbook.formulas import derived
from desk_maint.exchange.managers_workbook.layout import (
    DEVICES,
    FIRST_ROW,
    MOMENT,
    NUMBER,
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
    from desk_maint.exchange.managers_workbook.evidence import EvidenceSheet

__all__ = ["DevicesSheet"]

_FIELDS = (
    Field("no", "row_no", 6, NUMBER),
    Field("tag", "asset_no", 17),
    Field("name", "equipment_name", 20),
    Field("group", "equipment_group", 17),
    Field("outlet", "outlet_code", 9),
    Field("outlet_name", "outlet_name", 20),
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
    Field("faults", "fault_count", 8, WHOLE, total=True),
    Field("whole_scheduled", "whole_scheduled_time", 16, SECONDS, total=True, printed=False),
    Field("device_days", "scheduled_device_days", 11, WHOLE, total=True, printed=False),
    Field("bad_strict", "bad_days_strict", 11, WHOLE, total=True, printed=False),
    Field("bad_within", "bad_days_within_limits", 11, WHOLE, total=True, printed=False),
    Field("first_down", "first_down_at", 19, MOMENT, printed=False),
    Field("outlet_row", "row_in_outlets", 10, NUMBER, printed=False),
    Field("counts", "counts_as_device", 9, WHOLE, total=True, printed=False),
    Field("elsewhere", "faults_elsewhere", 12, WHOLE, total=True, printed=False),
)
"""Without the months, which follow."""


class DevicesSheet:
    """Numbers the devices, writes them, and names their cells to the formulas."""

    def __init__(self, book: Book) -> None:
        self._book = book
        months = book.statement.months
        self._monthly = (
            [
                Field(month, "scheduled_time", 13, SECONDS, total=True, printed=False, month=month)
                for month in months
            ]
            if len(months) > 1
            else []
        )
        fields = (*_FIELDS, *self._monthly)
        self._table = Table(new_page(book.workbook, DEVICES), fields, book.lang, frozen="name")
        self.numbers = {
            (row.device_id, row.outlet_id): number
            for number, row in enumerate(book.statement.report.devices, start=1)
        }
        """The number of each device at each outlet, by their keys in the database."""

    def write(
        self,
        evidence: EvidenceSheet,
        outlets: Mapping[tuple[int, Group], int],
        targets: Mapping[Group, str],
    ) -> None:
        """Write all rows; ``outlets`` are numbers of outlets, ``targets`` cells of targets."""
        book, table = self._book, self._table
        rows = book.statement.report.devices
        table.begin(book.word("devices_title"), book.print_text)
        seen: set[int] = set()
        for number, device in enumerate(rows, start=1):
            book.pace.step()
            figures, row = device.figures, table.row

            def at(key: str, row: int = row) -> str:
                return table.local(key, row)

            formulas = derived(at, figures.measure, book.verdicts)
            months = [at(field.key) for field in self._monthly]
            scheduled = (
                Formula(f"=SUM({months[0]}:{months[-1]})") if months else figures.scheduled_seconds
            )
            table.append(
                (
                    number,
                    device.tag,
                    device.name,
                    book.name(device.group),
                    device.outlet,
                    device.outlet_name,
                    scheduled,
                    Formula(evidence.seconds_of(number, at("no"), len(rows), exempt=True)),
                    Formula(formulas["required"]),
                    Formula(evidence.seconds_of(number, at("no"), len(rows), exempt=False)),
                    Formula(formulas["uptime"]),
                    Formula(formulas["actual"]),
                    Formula(f"={targets[device.group]}"),
                    Formula(formulas["verdict"]),
                    Formula(formulas["allowed"]),
                    Formula(formulas["left"]),
                    figures.faults,
                    figures.whole_scheduled_seconds,
                    figures.device_days,
                    figures.bad_days_strict,
                    figures.bad_days_within_limits,
                    book.moment(figures.first_down_at),
                    outlets[device.outlet_id, device.group],
                    int(device.device_id not in seen),
                    device.faults_elsewhere,
                    *(device.scheduled_by_month if months else ()),
                )
            )
            seen.add(device.device_id)
        table.finish(verdicts=["verdict", "uptime", "actual"], negative=["left"])

    def all(self, key: str) -> str:
        """Return the cells of a field as a range."""
        return self._table.all(key, FIRST_ROW, FIRST_ROW + max(len(self.numbers), 1) - 1)

    def scheduled_in(self, month: str) -> str:
        """Return the cells of the scheduled seconds of a month."""
        return self.all(month if self._monthly else "scheduled")
