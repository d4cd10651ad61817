"""Which word of the glossary stands for each value of the domain's vocabularies.

``term(word_key(Impact.DEGRADED), lang)`` is what a person reads; the value itself (``degraded``)
is what files and scripts carry.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from desk_maint.domain.calendars import HolidaySource, SpecialDayKind
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType, Group
from desk_maint.domain.faults import (
    ExemptState,
    HoldReason,
    Impact,
    Responsibility,
    TicketState,
)
from desk_maint.domain.inspections import InspectionResult, IntervalUnit
from desk_maint.domain.messages import Term
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.people import Role
from desk_maint.domain.repair_limits import MAINTENANCE_HOURS, ROUND_THE_CLOCK_NAME, WORKING_HOURS
from desk_maint.domain.stoppages import StoppageScope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

__all__ = ["WORDS", "calendar_words", "word_key"]

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = MappingProxyType(
    {
        Category: {
            "atm": "atm",
            "green_card_terminal": "green_card_terminal",
            "remittance_terminal": "remittance_terminal",
            "fire_extinguisher": "fire_extinguisher",
            "cctv_camera": "camera",
            "alarm": "intrusion_alarm",
            "other_safety": "other_safety",
        },
        Group: {
            "atm": "atm",
            "networked_terminal": "networked_terminal",
            "safety": "safety_equipment",
        },
        DeviceState: {
            "in_use": "state_in_use",
            "standby": "state_standby",
            "sealed": "state_sealed",
            "pending_scrap": "state_pending_scrap",
            "scrapped": "state_scrapped",
        },
        ExtinguisherType: {
            "water_based": "ext_water_based",
            "dry_powder": "ext_dry_powder",
            "clean_agent": "ext_clean_gas",
            "co2": "ext_co2",
        },
        InspectionResult: {"passed": "result_pass", "failed": "result_fail"},
        IntervalUnit: {"days": "unit_days", "months": "unit_months"},
        Impact: {"out_of_service": "outage", "degraded": "impact_degraded"},
        Responsibility: {
            "branch": "using_unit",
            "maintenance": "maintenance_dept",
            "carrier": "carrier",
            "power": "resp_power",
            "upper_level": "resp_upper_level",
            "external": "resp_external",
        },
        ExemptState: {
            "proposed": "exclusion_request",
            "approved": "exclusion_approved",
            "refused": "exclusion_rejected",
        },
        HoldReason: {
            "no_access": "hold_no_access",
            "third_party": "hold_third_party",
            "waiting_for_parts": "hold_waiting_parts",
        },
        TicketState: {
            "reported": "ts_reported",
            "accepted": "ts_accepted",
            "on_site": "ts_on_site",
            "on_hold": "ts_on_hold",
            "restored": "ts_pending_check",
            "closed": "ts_closed",
            "cancelled": "ts_cancelled",
        },
        OutletKind: {
            "bureau": "district_post_bureau",
            "outlet": "outlet",
            "production_site": "production_site",
            "office": "outlet_kind_office",
        },
        Zone: {"city": "area_urban", "county": "area_county", "rural": "area_rural"},
        SpecialDayKind: {"rest": "rest_day", "work": "makeup_workday"},
        HolidaySource: {"cn": "holidays_cn", "none": "holidays_none"},
        StoppageScope: {
            "device": "equipment",
            "outlet": "outlet",
            "category": "equipment_category",
            "all": "scope_all",
        },
        Role: {
            "reporter": "role_reporter",
            "technician": "role_technician",
            "manager": "role_manager",
            "administrator": "role_administrator",
        },
    }
)
"""Term key by value, per vocabulary."""


_CALENDARS = {
    ROUND_THE_CLOCK_NAME: Term("calendar_24h"),
    MAINTENANCE_HOURS: Term("calendar_maintenance_hours"),
    WORKING_HOURS: Term("calendar_working_hours"),
}


def calendar_words(name: str) -> Term | str:
    """Return what a service calendar is called to people: the house's own have their words.

    Their stored names stay the keys of files, limits and scripts.
    """
    return _CALENDARS.get(name, name)


def word_key(value: StrEnum) -> str:
    """Return the glossary key of the word for ``value``."""
    return WORDS[type(value)][value.value]
