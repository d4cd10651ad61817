"""The inventory: devices, where each stood when, and in which state."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk_maint.db.models.base import Base, Versioned
from desk_maint.db.types import enum_column
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType

__all__ = ["Device", "DeviceStateChange", "Placement"]


class Device(Versioned, Base):
    """One piece of equipment.

    ``outlet_id``, ``position`` and ``state`` repeat the last entry of its placements and state
    changes, so that lists need no search through the history.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("retired_on IS NULL OR retired_on >= commissioned_on", name="retired"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str | None] = mapped_column(String(100))
    category: Mapped[Category] = mapped_column(enum_column(Category), index=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"), index=True)
    position: Mapped[str | None] = mapped_column(String(100))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"), index=True)
    """The device's own calendar; None: its outlet's."""
    state: Mapped[DeviceState] = mapped_column(enum_column(DeviceState), default=DeviceState.IN_USE)
    commissioned_on: Mapped[date]
    retired_on: Mapped[date | None]
    manufacturer: Mapped[str | None] = mapped_column(String(100))
    model: Mapped[str | None] = mapped_column(String(100))
    serial_number: Mapped[str | None] = mapped_column(String(100))
    warranty_until: Mapped[date | None]
    custodian: Mapped[str | None] = mapped_column(String(100))
    owner: Mapped[str | None] = mapped_column(String(100))
    extinguisher_type: Mapped[ExtinguisherType | None] = mapped_column(
        enum_column(ExtinguisherType)
    )
    manufactured_on: Mapped[date | None]
    last_serviced_on: Mapped[date | None]
    retention_days_required: Mapped[int | None]
    remarks: Mapped[str | None] = mapped_column(Text)
    placements: Mapped[list[Placement]] = relationship(
        back_populates="device", cascade="all, delete-orphan", order_by="Placement.from_on"
    )
    state_changes: Mapped[list[DeviceStateChange]] = relationship(
        back_populates="device", cascade="all, delete-orphan", order_by="DeviceStateChange.from_on"
    )


class Placement(Base):
    """Where a device stands from the start of a local date; the first entry has ``date.min``."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("device_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"), index=True)
    position: Mapped[str | None] = mapped_column(String(100))
    device: Mapped[Device] = relationship(back_populates="placements")


class DeviceStateChange(Base):
    """The state of a device from the start of a local date; the first entry has ``date.min``."""

    __tablename__ = "device_state_change"
    __table_args__ = (UniqueConstraint("device_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    state: Mapped[DeviceState] = mapped_column(enum_column(DeviceState))
    device: Mapped[Device] = relationship(back_populates="state_changes")
