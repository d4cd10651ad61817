"""Units of the bureau."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base, Versioned
from desk_maint.db.types import enum_column
from desk_maint.domain.outlets import OutletKind, Zone

__all__ = ["Outlet"]


class Outlet(Versioned, Base):
    """A bureau, outlet, production site or office, in a tree by ``parent_id``."""

    __tablename__ = "outlet"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    kind: Mapped[OutletKind] = mapped_column(enum_column(OutletKind), default=OutletKind.OUTLET)
    zone: Mapped[Zone] = mapped_column(enum_column(Zone), default=Zone.CITY)
    networked: Mapped[bool] = mapped_column(default=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"), index=True)
    manager: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(50))
    address: Mapped[str | None] = mapped_column(Text)
    remarks: Mapped[str | None] = mapped_column(Text)
