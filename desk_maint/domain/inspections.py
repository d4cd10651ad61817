"""When a device is to be inspected next: plans, their intervals and the date that follows."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_maint.domain.devices import Category
    from desk_maint.domain.outlets import OutletKind

__all__ = ["InspectionResult", "IntervalUnit", "Plan", "due_on", "plan_for"]

MONTHS = 12


class InspectionResult(StrEnum):
    """What an inspection found; a device that was not looked at has no record at all."""

    PASSED = "passed"
    FAILED = "failed"


class IntervalUnit(StrEnum):
    """What an interval between two inspections is counted in."""

    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Plan:
    """How often the devices of a category are inspected, in units of one kind or in all."""

    category: Category
    outlet_kind: OutletKind | None
    """None: in units of every kind that has no plan of its own."""
    every: int
    unit: IntervalUnit

    def after(self, last: date) -> date:
        """Return the date of the inspection that follows one on ``last``.

        Months keep the day; where the month is too short for it, it is the month's last day, as
        29 February plus years is 28 February (domain, section 5).
        """
        if self.unit is IntervalUnit.DAYS:
            return last + timedelta(days=self.every)
        month = last.year * MONTHS + last.month - 1 + self.every
        year, month = month // MONTHS, month % MONTHS + 1
        return date(year, month, min(last.day, calendar.monthrange(year, month)[1]))


def plan_for(plans: Iterable[Plan], category: Category, kind: OutletKind) -> Plan | None:
    """Return the plan that rules a device: that for its kind of unit goes before the general."""
    general = None
    for plan in plans:
        if plan.category is category:
            if plan.outlet_kind is kind:
                return plan
            if plan.outlet_kind is None:
                general = plan
    return general


def due_on(plan: Plan, last: date | None, commissioned_on: date) -> date:
    """Return the date by which a device is to be inspected; it is due on that date itself.

    One that was never inspected is due from the day it came into service.  An inspection before
    that day (of an earlier life) does not count.
    """
    if last is None or last < commissioned_on:
        return commissioned_on
    return plan.after(last)
