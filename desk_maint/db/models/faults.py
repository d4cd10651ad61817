"""Faults with their repair tickets: one row is both, for one never exists without the other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk_maint.db.models.base import Base, Versioned, partial_index
from desk_maint.db.types import Instant, enum_column
from desk_maint.domain.faults import (
    ExemptState,
    HoldReason,
    Impact,
    Responsibility,
    TicketState,
)

__all__ = ["Attachment", "Fault", "FaultNote", "Hold"]


class Fault(Versioned, Base):
    """One fault of one device from ``occurred_at`` to ``restored_at``, and the work on it.

    All moments are UTC seconds.  ``state`` and the three ``…_due_at`` follow from the other
    columns, the holds, the calendars and the repair limits; the services keep them so, and
    ``database check`` proves it.
    """

    __tablename__ = "fault"
    __table_args__ = (
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade"),
        CheckConstraint("restored_at IS NULL OR restored_at >= occurred_at", name="restored"),
        CheckConstraint("reported_at >= occurred_at", name="reported"),
        Index("ix_fault_state_repair_due_at", "state", "repair_due_at"),
        Index("ix_fault_outlet_id_state", "outlet_id", "state"),
        Index("ix_fault_reported_at", "reported_at"),
        Index("ix_fault_repair_due_at", "repair_due_at"),
        Index("ix_fault_device_id_reported_at", "device_id", "reported_at"),
        # The few exemptions that wait for a decision, found among all the faults there ever were.
        partial_index(
            "ix_fault_exemption_proposed",
            "reported_at",
            where="exempt_state = 'proposed'",
        ),
        # Covers the bulk reading of the uptime figures, so that it never touches the table.
        partial_index(
            "ix_fault_uptime",
            "device_id",
            "occurred_at",
            "restored_at",
            "impact",
            "exempt_state",
            "repair_due_at",
            "spare_from",
            "cancelled_at",
            where="cancelled_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"))
    """Where the device stood when the fault was reported."""
    state: Mapped[TicketState] = mapped_column(
        enum_column(TicketState), default=TicketState.REPORTED
    )
    occurred_at: Mapped[int] = mapped_column(Instant)
    occurred_estimated: Mapped[bool] = mapped_column(default=False)
    """True where the moment of occurrence was unknown and the report stands for it."""
    reported_at: Mapped[int] = mapped_column(Instant)
    reported_by: Mapped[str | None] = mapped_column(String(100))
    impact: Mapped[Impact] = mapped_column(enum_column(Impact))
    grade: Mapped[int]
    grade_reason: Mapped[str | None] = mapped_column(Text)
    symptom: Mapped[str | None] = mapped_column(String(200))
    cause: Mapped[str | None] = mapped_column(String(200))
    responsibility: Mapped[Responsibility | None] = mapped_column(enum_column(Responsibility))
    exempt_state: Mapped[ExemptState | None] = mapped_column(enum_column(ExemptState))
    exempt_reason: Mapped[str | None] = mapped_column(Text)
    exempt_proposed_by: Mapped[str | None] = mapped_column(String(100))
    exempt_by: Mapped[str | None] = mapped_column(String(100))
    """Who approved or refused the exemption."""
    accepted_at: Mapped[int | None] = mapped_column(Instant)
    on_site_at: Mapped[int | None] = mapped_column(Instant)
    restored_at: Mapped[int | None] = mapped_column(Instant)
    confirmed_at: Mapped[int | None] = mapped_column(Instant)
    technician: Mapped[str | None] = mapped_column(String(100), index=True)
    action_taken: Mapped[str | None] = mapped_column(Text)
    parts_used: Mapped[str | None] = mapped_column(Text)
    spare_from: Mapped[int | None] = mapped_column(Instant)
    cancelled_at: Mapped[int | None] = mapped_column(Instant)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    remarks: Mapped[str | None] = mapped_column(Text)
    accept_due_at: Mapped[int | None] = mapped_column(Instant)
    on_site_due_at: Mapped[int | None] = mapped_column(Instant)
    repair_due_at: Mapped[int | None] = mapped_column(Instant)
    """The moments of the repair limits; while a hold stops the clock, as if it ended at once."""
    holds: Mapped[list[Hold]] = relationship(
        back_populates="fault", cascade="all, delete-orphan", order_by="Hold.from_at"
    )


class Hold(Base):
    """A rest in the work on a ticket, ``[from_at, to_at)``; an open one is still running."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="order"),
        partial_index(
            "uq_hold_running",
            "fault_id",
            unique=True,
            where="to_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id", ondelete="CASCADE"), index=True)
    from_at: Mapped[int] = mapped_column(Instant)
    to_at: Mapped[int | None] = mapped_column(Instant)
    reason: Mapped[HoldReason] = mapped_column(enum_column(HoldReason))
    fault: Mapped[Fault] = relationship(back_populates="holds")


class FaultNote(Base):
    """What somebody added to a ticket later, a second report of the same fault included."""

    __tablename__ = "fault_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id", ondelete="CASCADE"), index=True)
    at: Mapped[int] = mapped_column(Instant)
    author: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)


class Attachment(Base):
    """A photo or screenshot that belongs to a ticket."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id", ondelete="CASCADE"), index=True)
    at: Mapped[int] = mapped_column(Instant)
    author: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
