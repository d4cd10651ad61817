"""A large made-up district for the benchmarks: mixed hours, holidays, stoppages, overlaps, open
faults; written straight into the tables, the same for the same numbers.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from sqlalchemy import insert

from desk_maint.db.engine import Database, create_database
from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    Device,
    DeviceStateChange,
    Fault,
    Outlet,
    Placement,
    Stoppage,
)
from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import ExemptState, Impact, TicketState
from desk_maint.domain.instants import DAY, HOUR, day_start, zone
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.stoppages import StoppageScope

__all__ = ["build"]

_WEEKS = (
    ("24h", "24h", "none"),
    ("08:00-12:00 13:00-17:30", "closed", "cn"),
    ("08:30-17:00", "closed", "cn"),
    ("09:00-17:00", "09:00-16:00", "none"),
)
_CATEGORIES = (Category.ATM, Category.GREEN_CARD_TERMINAL, Category.REMITTANCE_TERMINAL)
_AT_ONCE = 20_000


def build(
    location: str, *, devices: int, faults: int, first: date, last: date, seed: int = 20260601
) -> Database:
    """Make the database and return it open; faults lie between the two dates."""
    database = create_database(location)
    chance = np.random.default_rng(seed)
    tz = zone("Asia/Shanghai")
    start, end = day_start(first, tz), day_start(last, tz)
    with database.change(Actor("benchmark", Role.ADMINISTRATOR), "import", at=start) as work:
        session = work.session
        calendars = []
        for number, (week, saturday, holidays) in enumerate(_WEEKS):
            calendar = Calendar(name=f"hours {number}")
            version = CalendarVersion(
                valid_from=date.min, rest_day="closed", holidays=HolidaySource(holidays)
            )
            for day in ("mon", "tue", "wed", "thu", "fri"):
                setattr(version, day, week)
            version.sat = version.sun = saturday
            if holidays == "none":
                version.rest_day = week
            calendar.versions.append(version)
            session.add(calendar)
            calendars.append(calendar)
        outlets = [Outlet(code=f"{n:05d}", name=f"网点{n}") for n in range(max(devices // 20, 1))]
        for number, outlet in enumerate(outlets):
            outlet.calendar_id = None
            session.add(outlet)
            if number % 1000 == 0:
                session.flush()
        session.flush()
        keys = [outlet.id for outlet in outlets]
        rows = [
            {
                "id": n + 1,
                "tag": f"D{n:06d}",
                "category": _CATEGORIES[n % 3],
                "outlet_id": keys[n % len(keys)],
                "calendar_id": calendars[n % len(calendars)].id,
                "state": DeviceState.IN_USE,
                "commissioned_on": date(2005, 1, 1),
                "version": 1,
            }
            for n in range(devices)
        ]
        session.execute(insert(Device), rows)
        session.execute(
            insert(Placement),
            [
                {"device_id": row["id"], "from_on": date.min, "outlet_id": row["outlet_id"]}
                for row in rows
            ],
        )
        session.execute(
            insert(DeviceStateChange),
            [
                {"device_id": row["id"], "from_on": date.min, "state": DeviceState.IN_USE}
                for row in rows
            ],
        )
        session.execute(
            insert(Stoppage),
            [
                {
                    "scope": StoppageScope.DEVICE,
                    "device_id": int(device),
                    "from_at": int(at),
                    "to_at": int(at) + 6 * HOUR,
                    "reason": "检修",
                    "approved_by": "局长",
                    "version": 1,
                }
                for device, at in zip(
                    chance.integers(1, devices + 1, devices // 2),
                    start + chance.integers(0, (end - start) // HOUR, devices // 2) * HOUR,
                    strict=True,
                )
            ],
        )
        _faults(session, chance, devices, faults, start, end, keys)
    return database


def _faults(session, chance, devices, faults, start, end, outlets):
    device = chance.integers(1, devices + 1, faults)
    occurred = start + chance.integers(0, (end - start) // 60, faults) * 60
    lasts = np.maximum(chance.exponential(4 * HOUR, faults) // 60, 5).astype(np.int64) * 60
    restored = occurred + lasts
    still_open = (occurred > end - 2 * DAY) & (chance.random(faults) < 0.5)
    degraded = chance.random(faults) < 0.25
    exempt = chance.random(faults) < 0.05
    due = occurred + chance.integers(8, 25, faults) * HOUR
    for low in range(0, faults, _AT_ONCE):
        rows = range(low, min(low + _AT_ONCE, faults))
        session.execute(
            insert(Fault),
            [
                {
                    "number": f"F{n:08d}",
                    "device_id": int(device[n]),
                    "outlet_id": outlets[(int(device[n]) - 1) % len(outlets)],
                    "state": TicketState.ON_SITE if still_open[n] else TicketState.CLOSED,
                    "occurred_at": int(occurred[n]),
                    "occurred_estimated": False,
                    "reported_at": int(occurred[n]),
                    "accepted_at": int(occurred[n]),
                    "on_site_at": int(occurred[n]),
                    "restored_at": None if still_open[n] else int(restored[n]),
                    "confirmed_at": None if still_open[n] else int(restored[n]),
                    "impact": Impact.DEGRADED if degraded[n] else Impact.OUT_OF_SERVICE,
                    "grade": 3 if degraded[n] else 2,
                    "symptom": "卡钞",
                    "cause": "硬件故障",
                    "exempt_state": ExemptState.APPROVED if exempt[n] else None,
                    "repair_due_at": int(due[n]),
                    "version": 1,
                }
                for n in rows
            ],
        )
