"""What is asked of each group of equipment, and by which measure it is judged (section 4).

The house defaults stand here; a manager edits them, and every report prints those in force.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from desk_maint.domain.devices import Group
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

__all__ = [
    "DEFAULT_COUNTS",
    "DEFAULT_MEASURE",
    "DEFAULT_TARGETS",
    "Counts",
    "Measure",
    "format_target",
    "parse_target",
]


class Counts(StrEnum):
    """Which faults of a group count as downtime."""

    OUT_OF_SERVICE = "out_of_service"
    """開通: the device can serve."""
    ANY_FAULT = "any_fault"
    """完好: nothing is wrong with it."""


class Measure(StrEnum):
    """The figure that is held against the target."""

    UPTIME = "uptime"
    DEVICE_DAYS = "device_days"
    """Strict: any counted fault makes the day a bad one."""
    DEVICE_DAYS_WITHIN_LIMITS = "device_days_within_limits"
    """限時修復口徑: only what is past its repair limit with no spare in service."""


_WHOLE = 10000
"""100 % in hundredths of a percent."""
DEFAULT_TARGETS = {Group.ATM: 9500, Group.NETWORKED_TERMINAL: _WHOLE, Group.SAFETY: _WHOLE}
"""Hundredths of a percent; the paper names 95 % and 100 %, that for safety is the house's own."""
DEFAULT_COUNTS = {
    Group.ATM: Counts.OUT_OF_SERVICE,
    Group.NETWORKED_TERMINAL: Counts.ANY_FAULT,
    Group.SAFETY: Counts.ANY_FAULT,
}
DEFAULT_MEASURE = dict.fromkeys(Group, Measure.UPTIME)

_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2})0*)?%?")


def parse_target(text: str) -> int:
    """Return the hundredths of a percent that ``95``, ``95.5`` or ``95.00 %`` means.

    Raises :class:`InputError` for anything that is not 0 to 100 with at most two decimals.
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _PERCENT.fullmatch(plain)
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= hundredths <= _WHOLE:
        raise InputError(
            msg(
                "“{text}” is not a target. Give a percentage from 0 to 100 with at most two "
                "decimals, such as 95.00.",
                text=text,
            )
        )
    return hundredths


def format_target(hundredths: int) -> str:
    """Return a target as text with two decimals, e.g. ``95.00``."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
