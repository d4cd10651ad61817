"""When an inspection is due: the plan that rules, the interval, the first time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_maint.domain.devices import Category
from desk_maint.domain.inspections import IntervalUnit, Plan, due_on, plan_for
from desk_maint.domain.outlets import OutletKind

EXTINGUISHER = Category.FIRE_EXTINGUISHER
MONTHLY = Plan(EXTINGUISHER, None, 1, IntervalUnit.MONTHS)
HALF_MONTHLY = Plan(EXTINGUISHER, OutletKind.OUTLET, 15, IntervalUnit.DAYS)
DATES = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def plan(every: int, unit: IntervalUnit) -> Plan:
    return Plan(EXTINGUISHER, None, every, unit)


@pytest.mark.parametrize(
    ("last", "every", "unit", "due"),
    [
        (date(2026, 6, 1), 15, IntervalUnit.DAYS, date(2026, 6, 16)),
        (date(2026, 6, 1), 1, IntervalUnit.MONTHS, date(2026, 7, 1)),
        (date(2026, 1, 31), 1, IntervalUnit.MONTHS, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, IntervalUnit.MONTHS, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, IntervalUnit.MONTHS, date(2029, 2, 28)),
        (date(2026, 12, 5), 1, IntervalUnit.MONTHS, date(2027, 1, 5)),
        (date(2026, 11, 30), 3, IntervalUnit.MONTHS, date(2027, 2, 28)),
    ],
)
def test_the_next_date(last, every, unit, due):
    assert plan(every, unit).after(last) == due


@given(DATES, st.integers(1, 60))
def test_months_go_on_as_counting_them_one_by_one(last, months):
    """A slow reference: the same day so many months on, or the last day before the next month."""
    year, month = last.year, last.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    wanted, day = None, last.day
    while wanted is None:
        try:
            wanted = date(year, month, day)
        except ValueError:
            day -= 1
    assert plan(months, IntervalUnit.MONTHS).after(last) == wanted


def test_the_plan_for_its_kind_of_unit_goes_first():
    plans = [MONTHLY, HALF_MONTHLY]
    for order in (plans, plans[::-1]):
        assert plan_for(order, EXTINGUISHER, OutletKind.OUTLET) is HALF_MONTHLY
        assert plan_for(order, EXTINGUISHER, OutletKind.BUREAU) is MONTHLY
        assert plan_for(order, Category.ATM, OutletKind.OUTLET) is None


@given(DATES, st.integers(0, 4000))
def test_what_was_never_inspected_is_due_from_its_first_day(commissioned, days):
    assert due_on(MONTHLY, None, commissioned) == commissioned
    last = commissioned + timedelta(days=days)
    assert due_on(MONTHLY, last, commissioned) == MONTHLY.after(last)
    before = commissioned - timedelta(days=days + 1)
    assert due_on(MONTHLY, before, commissioned) == commissioned
