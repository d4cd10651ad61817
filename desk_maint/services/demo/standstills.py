"""Approved stoppages of the demo district: upgrades at night, refurbishments, one removal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from desk_maint.db.models import Stoppage
from desk_maint.domain.devices import Category
from desk_maint.domain.instants import DAY, HOUR, local_date, wall_clock
from desk_maint.domain.people import Role
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services.demo.places import PEOPLE

if TYPE_CHECKING:
    from random import Random
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from desk_maint.db.models import Outlet
    from desk_maint.services.demo.district import Post

__all__ = ["build_stoppages"]

_SUNDAY = 6
_PROPOSER = next(w.name for w in PEOPLE if w.role is Role.TECHNICIAN)
_APPROVER, _SECOND = [w.name for w in PEOPLE if w.role is Role.MANAGER][:2]


def build_stoppages(
    session: Session,
    random: Random,
    posts: list[Post],
    outlets: dict[str, Outlet],
    *,
    first: date,
    now: int,
    tz: ZoneInfo,
) -> None:
    """Add the stoppages from ``first`` on, up to those that are planned for the coming weeks."""
    today = local_date(now, tz)

    def add(
        day: date, hours: tuple[int, int], reason: str, *, approved: bool = True, **key: object
    ) -> None:
        start = wall_clock(day, hours[0] * HOUR, tz)
        session.add(
            Stoppage(
                from_at=start,
                to_at=start + (hours[1] - hours[0]) * HOUR,
                reason=reason,
                proposed_by=_PROPOSER,
                approved_by=_APPROVER if approved else None,
                **key,
            )
        )

    day = first
    while day <= today + timedelta(days=31):
        second_sunday = day.replace(day=8) + timedelta(
            days=(_SUNDAY - day.replace(day=8).weekday()) % 7
        )
        if second_sunday >= first:
            add(second_sunday, (1, 4), "自助设备系统月度升级",
                scope=StoppageScope.CATEGORY, category=Category.ATM)  # fmt: skip
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    span = (today - first).days
    for code, days in (("0104", 12), ("0112", 8)):
        begin = first + timedelta(days=random.randint(0, max(1, span - days - 10)))
        add(begin, (0, days * 24), "营业厅装修", scope=StoppageScope.OUTLET,
            outlet_id=outlets[code].id)  # fmt: skip
    machines = [post.device for post in posts if post.device.category is Category.ATM]
    for device in random.sample(machines, 3):
        add(first + timedelta(days=random.randint(5, max(6, span - 5))), (9, 33), "设备移位",
            scope=StoppageScope.DEVICE, device_id=device.id)  # fmt: skip
    add(today + timedelta(days=6), (8, 32), "营业厅线路改造", approved=False,
        scope=StoppageScope.OUTLET, outlet_id=outlets["0103"].id)  # fmt: skip
    refused_from = now - 20 * DAY
    session.add(
        Stoppage(
            scope=StoppageScope.OUTLET,
            outlet_id=outlets["0105"].id,
            from_at=refused_from,
            to_at=refused_from + 3 * DAY,
            reason="门前道路施工",
            proposed_by=_PROPOSER,
            refused_by=_SECOND,
            refuse_reason="不影响网点供电和通信，不予批准",
        )
    )
    session.flush()
