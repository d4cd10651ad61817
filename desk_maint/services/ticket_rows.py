"""A ticket as one row of a list, and reading such rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Device, Fault, Hold, Outlet
from desk_maint.domain.faults import STOPPING_HOLDS, TicketState
from desk_maint.domain.tickets import OPEN_STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from desk_maint.domain.devices import Category
    from desk_maint.domain.faults import ExemptState, HoldReason, Impact, Responsibility

__all__ = ["TicketRow", "read_rows"]

_KEYS_PER_QUERY = 1000


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in a list; moments are UTC seconds."""

    id: int
    version: int
    number: str
    device_id: int
    tag: str
    device_name: str | None
    category: Category
    position: str | None
    outlet_id: int
    outlet_code: str
    outlet_name: str
    state: TicketState
    impact: Impact
    grade: int
    symptom: str | None
    cause: str | None
    responsibility: Responsibility | None
    technician: str | None
    reported_by: str | None
    occurred_at: int
    occurred_estimated: bool
    reported_at: int
    accepted_at: int | None
    on_site_at: int | None
    restored_at: int | None
    confirmed_at: int | None
    cancelled_at: int | None
    accept_due_at: int | None
    on_site_due_at: int | None
    repair_due_at: int | None
    spare_from: int | None
    exempt_state: ExemptState | None
    held_since: int | None
    """Beginning of the hold that is running, if any."""
    hold_reason: HoldReason | None

    @property
    def clock_stopped(self) -> bool:
        """Whether a running hold stops the clock: the due moments move on until it ends."""
        return self.hold_reason in STOPPING_HOLDS

    def clock_at(self, now: int) -> int:
        """Return the instant at which its clocks stand: ``now``, or when a hold stopped them."""
        if self.clock_stopped and self.held_since is not None:
            return min(self.held_since, now)
        return now

    @property
    def next_due_at(self) -> int | None:
        """The deadline that comes next: to accept, to be on site, or to repair."""
        if self.state is TicketState.REPORTED:
            return self.accept_due_at
        if self.state is TicketState.ACCEPTED and self.on_site_due_at is not None:
            return self.on_site_due_at
        return self.repair_due_at if self.state in OPEN_STATES else None

    def overdue(self, now: int) -> bool:
        """Whether the ticket is open and past its repair limit at ``now``."""
        due = self.repair_due_at
        if due is None or self.state not in OPEN_STATES or due >= now:
            return False
        return not (self.clock_stopped and self.held_since is not None and self.held_since < due)


_COLUMNS = (
    Fault.id,
    Fault.version,
    Fault.number,
    Fault.device_id,
    Device.tag,
    Device.name.label("device_name"),
    Device.category,
    Device.position,
    Fault.outlet_id,
    Outlet.code.label("outlet_code"),
    Outlet.name.label("outlet_name"),
    Fault.state,
    Fault.impact,
    Fault.grade,
    Fault.symptom,
    Fault.cause,
    Fault.responsibility,
    Fault.technician,
    Fault.reported_by,
    Fault.occurred_at,
    Fault.occurred_estimated,
    Fault.reported_at,
    Fault.accepted_at,
    Fault.on_site_at,
    Fault.restored_at,
    Fault.confirmed_at,
    Fault.cancelled_at,
    Fault.accept_due_at,
    Fault.on_site_due_at,
    Fault.repair_due_at,
    Fault.spare_from,
    Fault.exempt_state,
)


def read_rows(session: Session, ticket_ids: Sequence[int]) -> tuple[TicketRow, ...]:
    """Return the rows of these tickets, in the order of their keys as given.

    The database sorts and pages over keys alone; the rest is read for the rows of the page only.
    """
    found: dict[int, TicketRow] = {}
    for start in range(0, len(ticket_ids), _KEYS_PER_QUERY):
        keys = ticket_ids[start : start + _KEYS_PER_QUERY]
        holds = {
            key: (from_at, reason)
            for key, from_at, reason in session.execute(
                select(Hold.fault_id, Hold.from_at, Hold.reason).where(
                    Hold.fault_id.in_(keys), Hold.to_at.is_(None)
                )
            )
        }
        for row in session.execute(
            select(*_COLUMNS)
            .join(Device, Device.id == Fault.device_id)
            .join(Outlet, Outlet.id == Fault.outlet_id)
            .where(Fault.id.in_(keys))
        ):
            held_since, hold_reason = holds.get(row.id, (None, None))
            found[row.id] = TicketRow(
                **row._asdict(), held_since=held_since, hold_reason=hold_reason
            )
    return tuple(found[key] for key in ticket_ids)
