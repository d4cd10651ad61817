"""Usual symptoms of each category, offered as buttons when a fault is reported."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned
from desk_maint.db.types import enum_column
from desk_maint.domain.devices import Category
from desk_maint.domain.faults import Impact

__all__ = ["Symptom"]


class Symptom(Versioned, Base):
    """A symptom and the impact it usually has."""

    __tablename__ = "symptom"
    __table_args__ = (UniqueConstraint("category", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[Category] = mapped_column(enum_column(Category), index=True)
    text: Mapped[str] = mapped_column(String(200))
    impact: Mapped[Impact] = mapped_column(enum_column(Impact))
    rank: Mapped[int] = mapped_column(default=0)
    """Place among the buttons, 0 first."""
