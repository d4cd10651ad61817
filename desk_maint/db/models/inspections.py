"""Inspection plans and the inspections that were made."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned, partial_index
from desk_maint.db.types import Instant, enum_column
from desk_maint.domain.devices import Category
from desk_maint.domain.inspections import InspectionResult, IntervalUnit
from desk_maint.domain.outlets import OutletKind

__all__ = ["Inspection", "InspectionPlan"]


class InspectionPlan(Versioned, Base):
    """How often the devices of a category are inspected, and what is looked at."""

    __tablename__ = "inspection_plan"
    __table_args__ = (
        CheckConstraint("every > 0", name="every"),
        Index("uq_inspection_plan_kind", "category", "outlet_kind", unique=True),
        # NULL equals nothing, so the plans for all kinds of units need a key of their own.
        partial_index(
            "uq_inspection_plan_general", "category", where="outlet_kind IS NULL", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[Category] = mapped_column(enum_column(Category))
    outlet_kind: Mapped[OutletKind | None] = mapped_column(enum_column(OutletKind))
    """None: units of every kind without a plan of their own."""
    every: Mapped[int]
    unit: Mapped[IntervalUnit] = mapped_column(enum_column(IntervalUnit))
    items: Mapped[str | None] = mapped_column(Text)
    """What is looked at, one line each."""


class Inspection(Base):
    """One look at one device; what failed has become a fault."""

    __tablename__ = "inspection"
    __table_args__ = (Index("ix_inspection_device_id_on_date", "device_id", "on_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    on_date: Mapped[date]
    """The bureau's date."""
    at: Mapped[int] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(100))
    plan: Mapped[str | None] = mapped_column(String(100))
    """The name of the plan at that time; plans come and go."""
    result: Mapped[InspectionResult] = mapped_column(enum_column(InspectionResult))
    failed_items: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    fault_id: Mapped[int | None] = mapped_column(ForeignKey("fault.id"), index=True)
    """The fault that it opened, or joined."""
