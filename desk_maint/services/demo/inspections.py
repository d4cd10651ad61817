"""The inspections of the demo district's safety equipment, the last of them just about due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Inspection, InspectionPlan
from desk_maint.domain.devices import DeviceState
from desk_maint.domain.inspections import InspectionResult, Plan, due_on, plan_for
from desk_maint.domain.instants import HOUR, day_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from desk_maint.services.demo.district import Post

__all__ = ["build_inspections"]

_LATEST_DAYS = 2
"""How late a branch is at most."""
_BEHIND_DAYS = 5
"""How far behind today the last round may be, so that something waits at most counters."""
_UNNAMED = "网点负责人"


def build_inspections(
    session: Session, random: Random, posts: list[Post], *, first: date, today: date, tz: ZoneInfo
) -> None:
    """Add what was inspected since ``first``; all of it passed, for faults tell of the rest."""
    plans = {
        Plan(row.category, row.outlet_kind, row.every, row.unit): row.name
        for row in session.scalars(select(InspectionPlan))
    }
    for post in posts:
        outlet = post.stays[-1][1]
        plan = plan_for(plans, post.device.category, outlet.kind)
        if plan is None or post.device.state is not DeviceState.IN_USE:
            continue
        began = max(post.device.commissioned_on, first)
        for day in _days(random, plan, began, today):
            at = day_start(day, tz) + random.randint(9 * HOUR, 11 * HOUR)
            session.add(
                Inspection(
                    device_id=post.device.id,
                    on_date=day,
                    at=at,
                    by=outlet.manager or _UNNAMED,
                    plan=plans[plan],
                    result=InspectionResult.PASSED,
                )
            )


def _days(random: Random, plan: Plan, began: date, today: date) -> Iterator[date]:
    # Each device begins its round on another day, so that not all are due at once.
    day = due_on(plan, None, began) + timedelta(days=random.randint(0, 14))
    done_until = today - timedelta(days=random.randint(0, _BEHIND_DAYS))
    while day < done_until:
        yield day
        day = plan.after(day) + timedelta(days=random.randint(0, _LATEST_DAYS))
