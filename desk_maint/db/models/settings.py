"""Settings of the bureau: rules and targets that a manager edits."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned

__all__ = ["Setting"]


class Setting(Versioned, Base):
    """One rule or particular by its contract key, e.g. ``target.atm`` = ``95.00``."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
