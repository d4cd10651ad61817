"""When a device has to serve, for people who ask about one device on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.db.models import Device, Outlet
from desk_maint.domain.instants import day_start, local_date
from desk_maint.services import calendar_book
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["opened_at"]


def opened_at(database: Database, actor: Actor, device_id: int, now: int) -> int | None:
    """Return when the device's service began on the local date of ``now`` (UTC seconds).

    None where it has not begun yet that day.
    """
    with database.read() as session:
        device = session.get_one(Device, device_id)
        require(actor, "device.read", device.outlet_id)
        book = calendar_book.load(session)
        outlet = session.get_one(Outlet, device.outlet_id)
        calendar = book.service(device.category, device.calendar_id, outlet.calendar_id)
        midnight = day_start(local_date(now, book.zone), book.zone)
        spans = calendar.open_spans(midnight, now)
        return spans[0].start if spans else None
