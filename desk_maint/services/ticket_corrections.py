"""Putting a ticket right: a manager may correct what was entered wrongly, closed ones included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.services.records import fill, need_reason
from desk_maint.services.tickets import doing, refuse_future

if TYPE_CHECKING:
    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import Grade, Impact, Responsibility
    from desk_maint.domain.people import Actor

__all__ = ["Correction", "correct"]


@dataclass(frozen=True, slots=True)
class Correction:
    """All that a manager may put right on a ticket, closed ones too; moments in UTC seconds."""

    occurred_at: int
    reported_at: int
    accepted_at: int | None
    on_site_at: int | None
    restored_at: int | None
    confirmed_at: int | None
    impact: Impact
    grade: Grade
    symptom: str | None
    cause: str | None
    responsibility: Responsibility | None
    technician: str | None
    action_taken: str | None
    parts_used: str | None
    spare_from: int | None
    remarks: str | None


def correct(
    database: Database,
    actor: Actor,
    ticket_id: int,
    correction: Correction,
    reason: str,
    *,
    version: int,
    at: int,
) -> Changes:
    """Put a ticket right, whatever its state; the reason and every value stay in the history."""
    need_reason(reason)
    with doing(database, actor, "ticket.edit", ticket_id, version, at, reason) as (work, fault):
        values = {name: getattr(correction, name) for name in Correction.__slots__}
        for name, value in values.items():
            if name.endswith("_at") or name == "spare_from":
                refuse_future(at if value is None else value, at)
        fault.occurred_estimated = (
            fault.occurred_estimated and correction.occurred_at == fault.occurred_at
        )
        fill(fault, values | {"grade": int(correction.grade)})
    return work.changes
