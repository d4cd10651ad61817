"""Repair limits by category, grade and zone; the manager edits them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned, partial_index
from desk_maint.db.types import enum_column
from desk_maint.domain.devices import Category
from desk_maint.domain.outlets import Zone

__all__ = ["RepairLimit"]


class RepairLimit(Versioned, Base):
    """How soon a fault is accepted, attended and repaired; a category's own row goes first."""

    __tablename__ = "repair_limit"
    __table_args__ = (
        UniqueConstraint("category", "grade", "zone"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade"),
        # NULL equals nothing, so the rows for all categories need a key of their own.
        partial_index(
            "uq_repair_limit_for_all",
            "grade",
            "zone",
            unique=True,
            where="category IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[Category | None] = mapped_column(enum_column(Category))
    """None: all categories without a row of their own."""
    grade: Mapped[int]
    zone: Mapped[Zone] = mapped_column(enum_column(Zone))
    clock: Mapped[str] = mapped_column(String(100))
    """``service``, ``elapsed`` or the name of a calendar."""
    accept: Mapped[str | None] = mapped_column(String(16))
    """``30m``, ``8h`` or ``2wd``; None: no such limit."""
    on_site: Mapped[str | None] = mapped_column(String(16))
    repair: Mapped[str | None] = mapped_column(String(16))
