"""Who works with the program, and for which outlets."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk_maint.db.models.base import Base, Versioned
from desk_maint.db.models.outlets import Outlet
from desk_maint.db.types import enum_column
from desk_maint.domain.people import Role

__all__ = ["Person", "person_outlet"]

person_outlet = Table(
    "person_outlet",
    Base.metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("outlet_id", ForeignKey("outlet.id", ondelete="CASCADE"), primary_key=True),
)


class Person(Versioned, Base):
    """A user with one role; a reporter is bound to outlets, the others see the whole bureau."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """scrypt, None: signs in without a password (one PC, trusted)."""
    active: Mapped[bool] = mapped_column(default=True)
    outlets: Mapped[list[Outlet]] = relationship(secondary=person_outlet, order_by=Outlet.code)
