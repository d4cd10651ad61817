"""Kinds of units and the zones that repair limits distinguish."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["OutletKind", "Zone"]


class OutletKind(StrEnum):
    """What a unit of the bureau is."""

    BUREAU = "bureau"
    OUTLET = "outlet"
    PRODUCTION_SITE = "production_site"
    OFFICE = "office"


class Zone(StrEnum):
    """How far away an outlet is for the repair limits."""

    CITY = "city"
    COUNTY = "county"
    RURAL = "rural"
