"""Kinds and states of equipment (domain rules, section 2)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["GROUP_OF", "Category", "DeviceState", "ExtinguisherType", "Group"]


class Category(StrEnum):
    """What a device is."""

    ATM = "atm"
    GREEN_CARD_TERMINAL = "green_card_terminal"
    REMITTANCE_TERMINAL = "remittance_terminal"
    FIRE_EXTINGUISHER = "fire_extinguisher"
    CCTV_CAMERA = "cctv_camera"
    ALARM = "alarm"
    OTHER_SAFETY = "other_safety"


class Group(StrEnum):
    """The groups that have a target of their own."""

    ATM = "atm"
    NETWORKED_TERMINAL = "networked_terminal"
    SAFETY = "safety"


GROUP_OF = {
    Category.ATM: Group.ATM,
    Category.GREEN_CARD_TERMINAL: Group.NETWORKED_TERMINAL,
    Category.REMITTANCE_TERMINAL: Group.NETWORKED_TERMINAL,
    Category.FIRE_EXTINGUISHER: Group.SAFETY,
    Category.CCTV_CAMERA: Group.SAFETY,
    Category.ALARM: Group.SAFETY,
    Category.OTHER_SAFETY: Group.SAFETY,
}


class DeviceState(StrEnum):
    """Where a device stands in its life; only ``IN_USE`` counts in any figure."""

    IN_USE = "in_use"
    STANDBY = "standby"
    SEALED = "sealed"
    PENDING_SCRAP = "pending_scrap"
    SCRAPPED = "scrapped"


class ExtinguisherType(StrEnum):
    """Kinds of extinguishing agent; they decide when an extinguisher is serviced and scrapped."""

    WATER_BASED = "water_based"
    DRY_POWDER = "dry_powder"
    CLEAN_AGENT = "clean_agent"
    CO2 = "co2"
