"""Service calendars (domain rules, section 1)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["HolidaySource", "SpecialDayKind"]


class HolidaySource(StrEnum):
    """Whose public rest days a calendar follows."""

    CN = "cn"
    NONE = "none"


class SpecialDayKind(StrEnum):
    """A rest day, or a workday made up for one."""

    REST = "rest"
    WORK = "work"
