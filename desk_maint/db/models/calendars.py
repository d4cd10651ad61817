"""Service calendars, their versions by date, and the user's own rest and make-up days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk_maint.db.models.base import Base, Versioned, partial_index
from desk_maint.db.types import enum_column
from desk_maint.domain.calendars import HolidaySource, SpecialDayKind

__all__ = ["Calendar", "CalendarVersion", "SpecialDay"]


class Calendar(Versioned, Base):
    """A named service calendar."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    versions: Mapped[list[CalendarVersion]] = relationship(
        back_populates="calendar",
        cascade="all, delete-orphan",
        order_by="CalendarVersion.valid_from",
    )


class CalendarVersion(Base):
    """The opening hours of a calendar from one date on, each day as text (``08:00-12:00 …``)."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("calendar_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    """First local date of this version; ``date.min`` for one that was always valid."""
    timezone: Mapped[str | None] = mapped_column(String(64))
    """IANA zone; None: the bureau's."""
    mon: Mapped[str] = mapped_column(String(200))
    tue: Mapped[str] = mapped_column(String(200))
    wed: Mapped[str] = mapped_column(String(200))
    thu: Mapped[str] = mapped_column(String(200))
    fri: Mapped[str] = mapped_column(String(200))
    sat: Mapped[str] = mapped_column(String(200))
    sun: Mapped[str] = mapped_column(String(200))
    rest_day: Mapped[str] = mapped_column(String(200), default="closed")
    makeup_workday: Mapped[str | None] = mapped_column(String(200))
    """None: Monday's hours."""
    holidays: Mapped[HolidaySource] = mapped_column(
        enum_column(HolidaySource), default=HolidaySource.CN
    )
    calendar: Mapped[Calendar] = relationship(back_populates="versions")


class SpecialDay(Versioned, Base):
    """A rest day or make-up workday of the user's own; it goes before all published tables."""

    __tablename__ = "special_day"
    __table_args__ = (
        UniqueConstraint("day", "calendar_id"),
        CheckConstraint("kind IN ('rest', 'work')", name="kind"),
        # NULL equals nothing, so the general days need a key of their own.
        partial_index(
            "uq_special_day_general",
            "day",
            unique=True,
            where="calendar_id IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[SpecialDayKind] = mapped_column(enum_column(SpecialDayKind))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    """None: all calendars that follow ``cn``."""
    hours: Mapped[str | None] = mapped_column(String(200))
    """Opening hours of that day; None: as the calendar says for such a day."""
    name: Mapped[str | None] = mapped_column(String(100))
