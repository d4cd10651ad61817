"""The append-only history: who changed what, from which value to which."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk_maint.db.models.base import Base
from desk_maint.db.types import Instant, enum_column
from desk_maint.domain.people import Role

__all__ = ["Change", "ChangedField"]


class Change(Base):
    """One thing a person did: one transaction."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(100), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    action: Mapped[str] = mapped_column(String(64))
    """What was done, as a key, e.g. ``ticket.accept``, ``import``."""
    reason: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[list[ChangedField]] = relationship(
        back_populates="change", order_by="ChangedField.id"
    )


class ChangedField(Base):
    """One value of one record before and after; ``field`` empty: the record came or went."""

    __tablename__ = "changed_field"
    __table_args__ = (Index("ix_changed_field_kind_record_id", "kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """Table of the record, e.g. ``fault``."""
    record_id: Mapped[str] = mapped_column(String(64))
    """Its primary key as text (a setting's key is a word)."""
    field: Mapped[str] = mapped_column(String(64), default="")
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    change: Mapped[Change] = relationship(back_populates="fields")
