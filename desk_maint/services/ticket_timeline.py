"""What happened to a ticket, in order: from the history, and from the ticket itself.

The history knows who did what and when it was written, a repair that was sent back included; what
came with an import or the demo is known by the ticket's own moments only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Attachment, Change, ChangedField, FaultNote
from desk_maint.services.history import FieldRow, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from desk_maint.db.models import Fault
    from desk_maint.domain.faults import HoldReason

__all__ = ["TimelineEvent", "read_timeline"]


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened to a ticket."""

    at: int
    """When it happened, UTC seconds; not when it was written down."""
    action: str
    """Its words are ``language.fields.action_key(action)``."""
    actor: str | None
    """None: not known (an imported ticket)."""
    text: str | None = None
    """A reason, a note, the name of a picture, or whom the ticket was handed to."""
    hold_reason: HoldReason | None = None
    fields: tuple[FieldRow, ...] = ()
    """What was altered, for a change of grade and a correction."""


# The column that says when an action really happened.
_MOMENT_OF = {
    "ticket.report": "reported_at",
    "ticket.accept": "accepted_at",
    "ticket.arrive": "on_site_at",
    "ticket.restore": "restored_at",
    "ticket.confirm": "confirmed_at",
    "ticket.cancel": "cancelled_at",
    "ticket.spare": "spare_from",
}
# Told by rows of their own, with more than the history has.
_TOLD_BY_ROWS = frozenset(
    {"ticket.report", "ticket.note", "ticket.attach", "ticket.hold", "ticket.resume"}
)
_WITH_FIELDS = frozenset({"ticket.grade", "ticket.edit"})
_FOLLOWING = frozenset(
    {"state", "accept_due_at", "on_site_due_at", "repair_due_at", "grade_reason"}
)


def read_timeline(session: Session, fault: Fault) -> tuple[TimelineEvent, ...]:
    """Return what happened to a ticket, the earliest first."""
    written = list(_from_history(session, fault))
    known = {(event.action, event.at) for event in written}
    events = [
        *written,
        *(each for each in _from_moments(fault) if (each.action, each.at) not in known),
        *_from_rows(session, fault),
    ]
    # In order of time; what happened in one second keeps the order in which it was told.
    return tuple(sorted(events, key=lambda event: event.at))


def _from_history(session: Session, fault: Fault) -> Iterator[TimelineEvent]:
    rows: dict[int, list[ChangedField]] = {}
    changes: dict[int, Change] = {}
    for change, row in session.execute(
        select(Change, ChangedField)
        .join(ChangedField, ChangedField.change_id == Change.id)
        .where(
            ChangedField.kind == "fault",
            ChangedField.record_id == str(fault.id),
            Change.action.startswith("ticket."),
        )
        .order_by(Change.id, ChangedField.id)
    ):
        changes[change.id] = change
        rows.setdefault(change.id, []).append(row)
    for key, change in changes.items():
        if change.action in _TOLD_BY_ROWS:
            continue
        values = {row.field: row.new for row in rows[key]}
        moment = values.get(_MOMENT_OF.get(change.action, ""))
        shown = [row for row in rows[key] if row.field not in _FOLLOWING]
        yield TimelineEvent(
            at=change.at if moment is None else int(moment),
            action=change.action,
            actor=change.actor,
            text=values.get("technician") if change.action == "ticket.assign" else change.reason,
            fields=describe(session, shown) if change.action in _WITH_FIELDS else (),
        )


def _from_moments(fault: Fault) -> Iterator[TimelineEvent]:
    """Tell the moments of the ticket; for its reader those of the history go before them."""
    for action, column in _MOMENT_OF.items():
        moment = getattr(fault, column)
        if moment is not None:
            actor = fault.reported_by if action == "ticket.report" else None
            yield TimelineEvent(moment, action, actor)


def _from_rows(session: Session, fault: Fault) -> Iterator[TimelineEvent]:
    """Tell holds, notes and pictures, which stand in tables of their own."""
    begun, ended = _hold_writers(session, fault)
    for hold in fault.holds:
        writer = begun.get(hold.id)
        yield TimelineEvent(
            at=hold.from_at,
            action="ticket.hold",
            actor=writer.actor if writer is not None else None,
            text=writer.reason if writer is not None else None,
            hold_reason=hold.reason,
        )
        # A hold that ends with the restoration is told by it.
        if hold.to_at is not None and hold.to_at != fault.restored_at:
            writer = ended.get(hold.id)
            yield TimelineEvent(
                hold.to_at, "ticket.resume", writer.actor if writer is not None else None
            )
    for note in session.scalars(select(FaultNote).where(FaultNote.fault_id == fault.id)):
        yield TimelineEvent(note.at, "ticket.note", note.author, note.text)
    for picture in session.scalars(select(Attachment).where(Attachment.fault_id == fault.id)):
        yield TimelineEvent(picture.at, "ticket.attach", picture.author, picture.file_name)


def _hold_writers(session: Session, fault: Fault) -> tuple[dict[int, Change], dict[int, Change]]:
    """Return who began and who ended each hold, by its key."""
    begun: dict[int, Change] = {}
    ended: dict[int, Change] = {}
    for change, row in session.execute(
        select(Change, ChangedField)
        .join(ChangedField, ChangedField.change_id == Change.id)
        .where(
            ChangedField.kind == "hold",
            ChangedField.record_id.in_([str(hold.id) for hold in fault.holds]),
            Change.action.startswith("ticket."),
        )
    ):
        if row.field == "":
            begun[int(row.record_id)] = change
        elif row.field == "to_at":
            ended[int(row.record_id)] = change
    return begun, ended
