"""Approved stoppages: planned time that leaves the required time altogether."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned
from desk_maint.db.types import Instant, enum_column
from desk_maint.domain.devices import Category
from desk_maint.domain.stoppages import StoppageScope

__all__ = ["Stoppage"]


class Stoppage(Versioned, Base):
    """Planned maintenance, removal or refurbishment over ``[from_at, to_at)``.

    It counts from the moment it is approved (``approved_by``), by someone other than
    ``proposed_by``, and never once it is refused.  Exactly the key that ``scope`` asks for is
    filled.
    """

    __tablename__ = "stoppage"
    __table_args__ = (
        CheckConstraint("to_at > from_at", name="order"),
        CheckConstraint(
            "(scope = 'device') = (device_id IS NOT NULL)"
            " AND (scope = 'outlet') = (outlet_id IS NOT NULL)"
            " AND (scope = 'category') = (category IS NOT NULL)",
            name="key",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[StoppageScope] = mapped_column(enum_column(StoppageScope))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), index=True)
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    category: Mapped[Category | None] = mapped_column(enum_column(Category))
    from_at: Mapped[int] = mapped_column(Instant)
    to_at: Mapped[int] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str | None] = mapped_column(String(100))
    approved_by: Mapped[str | None] = mapped_column(String(100))
    """None: proposed only, and without effect."""
    refused_by: Mapped[str | None] = mapped_column(String(100))
    refuse_reason: Mapped[str | None] = mapped_column(Text)
