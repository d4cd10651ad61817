"""What an approved stoppage covers."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["StoppageScope"]


class StoppageScope(StrEnum):
    """How far a stoppage reaches; outlet means every device that stands there then."""

    DEVICE = "device"
    OUTLET = "outlet"
    CATEGORY = "category"
    ALL = "all"
