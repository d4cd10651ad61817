"""Which words of the glossary name the database's records and fields, and what is done to them.

The history keeps tables, columns and actions by their keys; people read these words.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTION_WORDS", "FIELD_WORDS", "KIND_WORDS", "action_key", "field_key", "kind_key"]

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "attachment": "attachment",
        "calendar": "service_calendar",
        "calendar_version": "service_hours",
        "database": "database",
        "device": "equipment",
        "device_state_change": "equipment_state",
        "fault": "repair_ticket",
        "fault_note": "note",
        "hold": "ticket_holds",
        "inspection": "inspection",
        "inspection_plan": "inspection_plan",
        "outlet": "outlet",
        "person": "user_account",
        "placement": "equipment_moves",
        "repair_limit": "repair_limits",
        "setting": "ui_settings",
        "special_day": "special_days",
        "stoppage": "stoppages",
        "symptom": "fault_symptom",
    }
)
"""Glossary key by table."""

_COMMON = {
    "accept": "response_limit",
    "accept_due_at": "response_limit",
    "accepted_at": "accepted_at",
    "action_taken": "repair_action",
    "active": "user_active",
    "address": "address",
    "approved_by": "role_approver",
    "at": "date",
    "author": "user_account",
    "calendar_id": "service_calendar",
    "by": "role_inspector",
    "cancel_reason": "reason",
    "cancelled_at": "cancelled_at",
    "category": "equipment_category",
    "cause": "fault_cause",
    "clock": "repair_clock",
    "code": "outlet_code",
    "commissioned_on": "commission_date",
    "confirmed_at": "verified_at",
    "custodian": "custodian",
    "day": "date",
    "device_id": "equipment",
    "every": "inspection_every",
    "exempt_by": "exempt_by",
    "exempt_proposed_by": "proposed_by",
    "exempt_reason": "exempt_reason",
    "exempt_state": "exclude_from_assessment",
    "extinguisher_type": "ext_type",
    "failed_items": "failed_items",
    "fault_id": "repair_ticket",
    "file_name": "attachment",
    "from_at": "time_from",
    "fri": "friday",
    "grade": "fault_level",
    "grade_reason": "reason",
    "holidays": "holiday_source",
    "hours": "service_hours",
    "impact": "impact",
    "items": "inspection_item",
    "key": "setting_key",
    "last_serviced_on": "ext_service_date",
    "login": "user_login",
    "makeup_workday": "makeup_workday",
    "manager": "responsible_person",
    "manufactured_on": "manufacture_date",
    "manufacturer": "manufacturer",
    "media_type": "attachment",
    "model": "model_spec",
    "mon": "monday",
    "name": "name",
    "networked": "networked",
    "note": "note",
    "number": "ticket_no",
    "occurred_at": "occurred_at",
    "occurred_estimated": "occurred_estimated",
    "on_date": "inspection_date",
    "on_site": "arrival_limit",
    "on_site_at": "arrived_at",
    "on_site_due_at": "arrival_limit",
    "outlet_kind": "outlet_kind",
    "outlet_id": "outlet",
    "outlets": "outlet",
    "owner": "equipment_owner",
    "parent_id": "parent_outlet_code",
    "parts_used": "parts_replaced",
    "password_hash": "ui_password",
    "phone": "phone",
    "plan": "inspection_plan",
    "position": "install_location",
    "proposed_by": "proposed_by",
    "rank": "row_no",
    "reason": "reason",
    "refuse_reason": "reason",
    "refused_by": "refused_by",
    "remarks": "remark",
    "repair": "repair_limit",
    "repair_due_at": "repair_limit",
    "reported_at": "reported_at",
    "reported_by": "reporter",
    "responsibility": "responsibility",
    "rest_day": "rest_day",
    "restored_at": "service_restored_at",
    "result": "inspection_result",
    "retention_days_required": "retention_days_required",
    "retired_on": "retirement_date",
    "role": "user_role",
    "sat": "saturday",
    "scope": "stoppage_scope",
    "serial_number": "serial_no",
    "spare_from": "spare_from",
    "sun": "sunday",
    "symptom": "fault_symptom",
    "tag": "asset_no",
    "technician": "role_technician",
    "text": "note",
    "thu": "thursday",
    "timezone": "time_zone",
    "to_at": "time_to",
    "tue": "tuesday",
    "unit": "inspection_unit",
    "valid_from": "valid_from",
    "value": "setting_value",
    "warranty_until": "warranty_until",
    "wed": "wednesday",
    "zone": "outlet_zone",
}
FIELD_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "": _COMMON,
        "calendar": {"name": "calendar_name"},
        "device": {"name": "equipment_name", "state": "equipment_state"},
        "device_state_change": {"from_on": "valid_from", "state": "equipment_state"},
        "fault": {"escalated": "limit_used_up", "state": "ticket_state"},
        "hold": {"reason": "hold_reason"},
        "outlet": {"kind": "outlet_kind", "name": "outlet_name"},
        "placement": {"from_on": "moved_on"},
        "special_day": {"kind": "special_day_kind", "name": "special_day_name"},
        "symptom": {"text": "fault_symptom"},
    }
)
"""Glossary key by table and column; what is called the same everywhere stands under ``""``."""

ACTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "calendar.edit": "act_calendar_edit",
        "database.backup": "ui_backup",
        "database.restore": "ui_restore",
        "demo": "act_demo",
        "device.edit": "act_device_edit",
        "device.move": "act_device_move",
        "device.retire": "act_device_retire",
        "device.state": "act_device_state",
        "import": "ui_import",
        "inspection.record": "act_inspection_record",
        "inspection_plan.edit": "act_inspection_plan_edit",
        "job": "act_job",
        "outlet.edit": "act_outlet_edit",
        "person.edit": "act_person_edit",
        "person.password": "act_person_password",
        "repair_limit.edit": "act_repair_limit_edit",
        "settings.edit": "act_settings_edit",
        "stoppage.approve": "act_stoppage_approve",
        "stoppage.propose": "act_stoppage_propose",
        "stoppage.refuse": "act_stoppage_refuse",
        "stoppage.withdraw": "act_stoppage_withdraw",
        "symptom.edit": "act_symptom_edit",
        "ticket.accept": "act_ticket_accept",
        "ticket.approve_exemption": "act_ticket_approve_exemption",
        "ticket.arrive": "act_ticket_arrive",
        "ticket.assign": "act_ticket_assign",
        "ticket.attach": "act_ticket_attach",
        "ticket.cancel": "act_ticket_cancel",
        "ticket.confirm": "act_ticket_confirm",
        "ticket.edit": "act_ticket_edit",
        "ticket.escalate": "escalation",
        "ticket.grade": "act_ticket_grade",
        "ticket.hold": "act_ticket_hold",
        "ticket.note": "act_ticket_note",
        "ticket.propose_exemption": "act_ticket_propose_exemption",
        "ticket.refuse_exemption": "act_ticket_refuse_exemption",
        "ticket.report": "act_ticket_report",
        "ticket.restore": "act_ticket_restore",
        "ticket.resume": "act_ticket_resume",
        "ticket.send_back": "act_ticket_send_back",
        "ticket.spare": "act_ticket_spare",
    }
)
"""Glossary key by action of the history."""


def kind_key(kind: str) -> str:
    """Return the glossary key of the word for a table."""
    return KIND_WORDS[kind]


def field_key(kind: str, field: str) -> str:
    """Return the glossary key of the word for a column of a table."""
    own = FIELD_WORDS.get(kind, {})
    return own[field] if field in own else _COMMON[field]


def action_key(action: str) -> str:
    """Return the glossary key of the words for what was done."""
    return ACTION_WORDS[action]
