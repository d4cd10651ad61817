"""Repair limits by category, grade and zone (section 3): the house's table, and looking it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.domain.deadlines import Limit, clock_seconds, due_at, parse_limit
from desk_maint.domain.faults import Grade, Impact
from desk_maint.domain.outlets import Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_maint.domain.calendars import ServiceCalendar
    from desk_maint.domain.devices import Category

__all__ = [
    "ELAPSED_CLOCK",
    "HOUSE_DEFAULTS",
    "MAINTENANCE_HOURS",
    "ROUND_THE_CLOCK_NAME",
    "SERVICE_CLOCK",
    "WARNING_SHARES",
    "WORKING_HOURS",
    "RepairLimitRow",
    "RepairLimits",
    "default_grade",
    "warning_moments",
]

SERVICE_CLOCK = "service"
"""The device's own service hours; for a device that serves around the clock the calendar
«maintenance hours» in their place."""
ELAPSED_CLOCK = "elapsed"
"""Natural hours."""
ROUND_THE_CLOCK_NAME = "24h"
MAINTENANCE_HOURS = "maintenance hours"
WORKING_HOURS = "working hours"

WARNING_SHARES = (50, 80, 100, 150)
"""Percent of a limit at which technician, head of maintenance, manager and leader are told."""


@dataclass(frozen=True, slots=True)
class RepairLimitRow:
    """The limits of one grade in one zone; None: no such limit."""

    category: Category | None
    """None: every category without a row of its own."""
    grade: int
    zone: Zone
    clock: str
    """:data:`SERVICE_CLOCK`, :data:`ELAPSED_CLOCK` or the name of a calendar."""
    accept: Limit | None
    on_site: Limit | None
    repair: Limit | None


def _house(
    grade: Grade, clock: str, accept: str, on_site: str, repair: str
) -> list[RepairLimitRow]:
    """Spread one line of the house's table over the three zones."""
    return [
        RepairLimitRow(
            None,
            grade.value,
            zone,
            clock,
            parse_limit(accept),
            parse_limit(there) if there != "-" else None,
            parse_limit(repaired),
        )
        for zone, there, repaired in zip(Zone, on_site.split(), repair.split(), strict=True)
    ]


HOUSE_DEFAULTS: tuple[RepairLimitRow, ...] = (
    *_house(Grade.WHOLE_OUTLET, SERVICE_CLOCK, "15m", "1h 2h 4h", "4h 6h 8h"),
    *_house(Grade.DEVICE_STOPPED, SERVICE_CLOCK, "30m", "2h 4h 6h", "8h 8h 12h"),
    *_house(Grade.DEGRADED, WORKING_HOURS, "2h", "1wd 1wd 1wd", "2wd 2wd 3wd"),
    *_house(Grade.MINOR, WORKING_HOURS, "1wd", "- - -", "5wd 5wd 5wd"),
)
"""The defaults of section 3; zones in the order city, county, rural."""


class RepairLimits:
    """A table of limits, looked up by category first, then for all."""

    def __init__(self, rows: Iterable[RepairLimitRow]) -> None:
        self._rows = {(row.category, row.grade, row.zone): row for row in rows}

    def of(self, category: Category, grade: int, zone: Zone) -> RepairLimitRow | None:
        """Return the limits for a fault of this grade; None where the table names none."""
        return self._rows.get((category, grade, zone)) or self._rows.get((None, grade, zone))


def default_grade(impact: Impact) -> Grade:
    """Return the grade a fault has unless a person says otherwise: stopped 2, degraded 3."""
    return Grade.DEVICE_STOPPED if impact is Impact.OUT_OF_SERVICE else Grade.DEGRADED


def warning_moments(
    limit: Limit, clock: ServiceCalendar, start: int, holds: Sequence[tuple[int, int]] = ()
) -> tuple[tuple[int, int], ...]:
    """Return at which instant each of :data:`WARNING_SHARES` of a limit has gone: (share, instant).

    Shares are parts of the clock time that the limit comes to, cut to a second; that of a limit
    in working days is the open time up to its deadline.  100 is the deadline itself.
    """
    due = due_at(limit, clock, start, holds)
    whole = limit.seconds
    if whole is None:
        whole = clock_seconds(clock, start, due, holds)[0]
    return tuple(
        (
            share,
            due if share == 100 else clock.after_open_seconds(start, whole * share // 100, holds),  # noqa: PLR2004  (percent)
        )
        for share in WARNING_SHARES
    )
