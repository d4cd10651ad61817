"""The lines of a statement: what each is of, its figures, and the rate of the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term
from desk_maint.services.uptime import (
    By,
    DeviceFigures,
    Figures,
    GroupFigures,
    MonthFigures,
    OutletFigures,
)
from ui.managers.figures import figure_fields
from ui.managers.rows_model import Field
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_maint.domain.devices import Group
    from desk_maint.services.uptime import UptimeReport
    from ui.context import Context

__all__ = ["StatementRow", "statement_fields", "statement_rows"]

Of = GroupFigures | OutletFigures | DeviceFigures | MonthFigures

_FIGURES = (
    "uptime",
    "before",
    "change",
    "verdict",
    "actual",
    "within",
    "strict",
    "required",
    "exempt",
    "down",
    "left",
    "faults",
)
_NAMES = {
    By.GROUP: "equipment_group",
    By.OUTLET: "outlet",
    By.DEVICE: "equipment",
    By.MONTH: "month",
}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of the statement."""

    of: Of
    before: str | None
    """Uptime of the period before, cut to two decimals; for a month, of the month before."""

    @property
    def group(self) -> Group:
        """The group of equipment that the line belongs to."""
        return self.of.group

    @property
    def figures(self) -> Figures:
        """Its figures."""
        return self.of.figures


def statement_fields(context: Context, by: By, group: Group | None) -> list[Field]:
    """Return the columns of a statement; the group only where not all lines are of the same."""
    say = context.texts.say

    def name(row: StatementRow) -> str:
        of = row.of
        if isinstance(of, OutletFigures):
            return f"{of.outlet} {of.outlet_name}"
        if isinstance(of, DeviceFigures):
            return of.tag
        return of.month if isinstance(of, MonthFigures) else say(word(of.group))

    def outlet(row: StatementRow) -> str:
        return row.of.outlet_name if isinstance(row.of, DeviceFigures) else ""

    def full_name(row: StatementRow) -> str:
        of = row.of
        return f"{of.tag} {of.name or ''}" if isinstance(of, DeviceFigures) else name(row)

    found = [Field(Term(_NAMES[by]), name, tip=full_name)]
    if by is By.DEVICE:
        found.append(Field(Term("outlet"), outlet))
    elif by is not By.GROUP and group is None:
        found.append(Field(Term("equipment_group"), lambda row: say(word(row.group))))
    return [*found, *figure_fields(context, *_FIGURES, in_numbers=True)]


def statement_rows(
    by: By, report: UptimeReport, earlier: UptimeReport, group: Group | None
) -> list[StatementRow]:
    """Return the lines of ``report``, of one group or of all, beside those of the period before."""
    before = {_key(row): row.figures.uptime_percent for row in _rows(by, earlier)}
    if by is By.MONTH:
        # A month is compared with the whole month before it, never with some days of that.
        whole = earlier.period.first.day == 1 and earlier.period.last.day == 1
        before = before if whole else {}
        before |= {_key(row): row.figures.uptime_percent for row in _rows(by, report)}
    return [
        StatementRow(row, before.get(_key(row, earlier=True)))
        for row in _rows(by, report)
        if group is None or row.group is group
    ]


def _rows(by: By, report: UptimeReport) -> Iterable[Of]:
    if by is By.OUTLET:
        return report.outlets
    if by is By.DEVICE:
        return report.devices
    return report.months if by is By.MONTH else report.groups


def _key(row: Of, *, earlier: bool = False) -> tuple[object, ...]:
    """Return what the same line is found by; ``earlier``: the one that it is compared with."""
    if isinstance(row, OutletFigures):
        return row.group, row.outlet_id
    if isinstance(row, DeviceFigures):
        return row.device_id, row.outlet_id
    if isinstance(row, MonthFigures):
        year, month = map(int, row.month.split("-"))
        return row.group, year * 12 + month - int(earlier)
    return (row.group,)
