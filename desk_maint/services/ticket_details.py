"""One ticket with all that is known of it: clocks, notes, pictures, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Attachment, Fault, FaultNote
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.faults import ExemptState, TicketState
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Role
from desk_maint.domain.tickets import ALLOWED, TicketAction, is_open, is_repeat
from desk_maint.services.permissions import may, require
from desk_maint.services.records import look_up
from desk_maint.services.ticket_corrections import Correction
from desk_maint.services.ticket_rows import TicketRow, read_rows
from desk_maint.services.ticket_timeline import TimelineEvent, read_timeline

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import HoldReason
    from desk_maint.domain.people import Actor

__all__ = [
    "AttachmentRow",
    "HoldRow",
    "NoteRow",
    "TicketDetails",
    "find_number",
    "read_ticket",
]

_EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A rest in the work; moments in UTC seconds."""

    from_at: int
    to_at: int | None
    """None: still running."""
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What somebody added; ``at`` in UTC seconds."""

    at: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A picture; its content is read by :func:`desk_maint.services.attachments.read`."""

    id: int
    at: int
    author: str
    file_name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class TicketDetails:
    """A ticket as its page shows it; its clocks are asked for apart (``ticket_clocks``)."""

    row: TicketRow
    grade_reason: str | None
    action_taken: str | None
    parts_used: str | None
    exempt_reason: str | None
    exempt_proposed_by: str | None
    exempt_by: str | None
    cancel_reason: str | None
    remarks: str | None
    holds: tuple[HoldRow, ...]
    notes: tuple[NoteRow, ...]
    attachments: tuple[AttachmentRow, ...]
    timeline: tuple[TimelineEvent, ...]
    earlier: tuple[TicketRow, ...]
    """Tickets of the same device before this one, the latest first."""
    repeat_of: str | None
    """Number of the ticket that this one repeats: same symptom within days of restoration."""
    possible: frozenset[str]
    """The actions the reader may take now, as the permissions name them (``ticket.accept``…)."""
    correction: Correction
    """What a form for correcting the ticket starts with."""


def find_number(database: Database, actor: Actor, number: str) -> int:
    """Return the key of the ticket with this number (a scanned QR code, say).

    Raises :class:`NotFoundError` where the actor sees none.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        found = session.execute(
            select(Fault.id, Fault.outlet_id).where(Fault.number == number.strip())
        ).one_or_none()
    if found is None or not actor.may_see(found.outlet_id):
        raise NotFoundError(
            msg("There is no ticket with the number {number}. Check the number.", number=number)
        )
    return int(found.id)


def read_ticket(database: Database, actor: Actor, ticket_id: int) -> TicketDetails:
    """Return a ticket with all that is known of it."""
    require(actor, "ticket.read")
    with database.read() as session:
        fault = look_up(session, Fault, ticket_id)
        require(actor, "ticket.read", fault.outlet_id)
        earlier = _earlier(session, fault)
        return TicketDetails(
            row=read_rows(session, [fault.id])[0],
            grade_reason=fault.grade_reason,
            action_taken=fault.action_taken,
            parts_used=fault.parts_used,
            exempt_reason=fault.exempt_reason,
            exempt_proposed_by=fault.exempt_proposed_by,
            exempt_by=fault.exempt_by,
            cancel_reason=fault.cancel_reason,
            remarks=fault.remarks,
            holds=tuple(HoldRow(each.from_at, each.to_at, each.reason) for each in fault.holds),
            notes=tuple(
                NoteRow(each.at, each.author, each.text)
                for each in session.scalars(
                    select(FaultNote)
                    .where(FaultNote.fault_id == ticket_id)
                    .order_by(FaultNote.at, FaultNote.id)
                )
            ),
            attachments=tuple(
                AttachmentRow(each.id, each.at, each.author, each.file_name, each.media_type)
                for each in session.scalars(
                    select(Attachment)
                    .where(Attachment.fault_id == ticket_id)
                    .order_by(Attachment.at, Attachment.id)
                )
            ),
            timeline=read_timeline(session, fault),
            earlier=earlier,
            repeat_of=_repeat_of(fault, earlier),
            possible=_possible(actor, fault),
            correction=Correction(**{name: getattr(fault, name) for name in Correction.__slots__}),
        )


def _earlier(session: Session, fault: Fault) -> tuple[TicketRow, ...]:
    keys = session.scalars(
        select(Fault.id)
        .where(
            Fault.device_id == fault.device_id,
            Fault.reported_at <= fault.reported_at,
            Fault.id != fault.id,
        )
        .order_by(Fault.reported_at.desc(), Fault.id.desc())
        .limit(_EARLIER_SHOWN)
    )
    return read_rows(session, keys.all())


def _repeat_of(fault: Fault, earlier: tuple[TicketRow, ...]) -> str | None:
    for each in earlier:
        if each.restored_at is not None and is_repeat(
            fault.symptom, fault.occurred_at, [(each.symptom, each.restored_at)]
        ):
            return each.number
    return None


def _possible(actor: Actor, fault: Fault) -> frozenset[str]:
    """Return what the actor may do to the ticket in its present state."""
    wanted = {
        f"ticket.{action}": action for action in TicketAction if fault.state in ALLOWED[action]
    }
    found = {key for key in wanted if may(actor, key, fault.outlet_id)}
    always = ["ticket.note", "ticket.attach", "ticket.edit"]
    if actor.role is Role.REPORTER and (
        fault.state is not TicketState.REPORTED or fault.reported_by != actor.name
    ):
        found.discard("ticket.cancel")
    if is_open(fault.state):
        always += ["ticket.assign", "ticket.grade"]
    own_proposal = fault.exempt_proposed_by == actor.name
    if fault.exempt_state in {None, ExemptState.REFUSED}:
        if fault.state is not TicketState.CANCELLED:
            always.append("ticket.propose_exemption")
    elif fault.exempt_state is ExemptState.APPROVED:
        always.append("ticket.refuse_exemption")
    elif not own_proposal:
        always += ["ticket.approve_exemption", "ticket.refuse_exemption"]
    return frozenset(found | {key for key in always if may(actor, key, fault.outlet_id)})
