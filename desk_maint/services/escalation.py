"""Warning and escalation: who is told as a ticket uses up its repair limit (section 3).

Each share of the limit is told once, in the history of the ticket, so that it does not matter
which of many open windows looked, nor how long none did.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import Integer, String, cast, func, select
from sqlalchemy.orm import selectinload

from desk_maint.db.models import ChangedField, Device, Fault, Outlet
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import At, Message, msg
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.repair_limits import warning_moments
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.deadlines import DeadlineBook, stopping
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database

__all__ = ["ESCALATED", "SHARE_TOLD_TO", "Escalation", "escalate"]

ACTION = "ticket.escalate"
ESCALATED = "escalated"
"""Not a column: only the history knows it, ``new`` is the share in percent."""
SHARE_TOLD_TO: Mapping[int, Role] = MappingProxyType(
    {50: Role.TECHNICIAN, 80: Role.MANAGER, 100: Role.MANAGER, 150: Role.MANAGER}
)
"""From which share on whose desk shows it; the head of maintenance and the leader are managers."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A ticket that has used up one more share of its repair limit."""

    fault_id: int
    number: str
    tag: str
    outlet: str
    """Name of the outlet."""
    technician: str | None
    share: int
    """Percent of the limit: 50, 80, 100 or 150."""
    due_at: int
    """The repair deadline, UTC seconds."""

    @property
    def message(self) -> Message:
        """What a notice says."""
        if self.share >= 100:  # noqa: PLR2004  (percent)
            return msg(
                "Ticket {number} ({tag}, {outlet}) is past its repair limit of {due}.",
                number=self.number,
                tag=self.tag,
                outlet=self.outlet,
                due=At(self.due_at),
            )
        return msg(
            "Ticket {number} ({tag}, {outlet}) has used up {share} % of its repair limit; it is "
            "due {due}.",
            number=self.number,
            tag=self.tag,
            outlet=self.outlet,
            share=self.share,
            due=At(self.due_at),
        )


def escalate(database: Database, actor: Actor, *, at: int) -> tuple[Escalation, ...]:
    """Record for every open ticket the highest share that it has used up by ``at`` and not told.

    Returns what is new, the most urgent first.
    """
    require(actor, ACTION)
    with database.read() as session:
        found = _find(session, at)
    for share in sorted({each.share for each in found}):
        with database.change(actor, ACTION, at=at, reason=f"{share} %") as work:
            for each in found:
                if each.share == share:
                    work.record("fault", each.fault_id, ESCALATED, None, share)
    return tuple(sorted(found, key=lambda each: (-each.share, each.due_at, each.number)))


def _find(session: Session, at: int) -> list[Escalation]:
    open_ids = select(Fault.id).where(Fault.state.in_(OPEN_STATES), Fault.reported_at <= at)
    told = dict(
        session.execute(
            select(ChangedField.record_id, func.max(cast(ChangedField.new, Integer)))
            .where(
                ChangedField.kind == "fault",
                ChangedField.field == ESCALATED,
                ChangedField.record_id.in_(select(cast(open_ids.subquery().c.id, String))),
            )
            .group_by(ChangedField.record_id)
        ).all()
    )
    book = DeadlineBook(session)
    book.preload()
    found: list[Escalation] = []
    for fault, tag, outlet in session.execute(
        select(Fault, Device.tag, Outlet.name)
        .join(Device, Device.id == Fault.device_id)
        .join(Outlet, Outlet.id == Fault.outlet_id)
        .where(Fault.id.in_(open_ids))
        .options(selectinload(Fault.holds))
    ):
        moments = _moments(book, fault, at)
        share = max((share for share, moment in moments.items() if moment <= at), default=0)
        if share > told.get(str(fault.id), 0):
            found.append(
                Escalation(
                    fault.id, fault.number, tag, outlet, fault.technician, share, moments[100]
                )
            )
    return found


def _moments(book: DeadlineBook, fault: Fault, at: int) -> dict[int, int]:
    clock = book.clock(fault)
    if clock is None or clock.repair is None:
        return {}
    try:
        return dict(
            warning_moments(
                clock.repair, clock.calendar, fault.reported_at, stopping(fault.holds, at)
            )
        )
    except InputError:
        return {}  # a calendar that never opens has no deadline
