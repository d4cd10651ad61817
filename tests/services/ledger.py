"""A small bureau written straight into the tables, with local times as a person writes them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    Device,
    DeviceStateChange,
    Fault,
    Hold,
    Outlet,
    Placement,
    Stoppage,
)
from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import ExemptState, HoldReason, Impact, TicketState
from desk_maint.domain.instants import from_local
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services import settings
from desk_maint.services.deadlines import DeadlineBook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database

__all__ = ["ALWAYS", "MANAGER", "Ledger", "write"]

MANAGER = Actor("王主任", Role.MANAGER)
ALWAYS = date.min
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Ledger:
    """Adds outlets, devices and faults to a transaction; they have their keys at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._zone = settings.load(session).zone
        self._number = 0

    def moment(self, text: str | None) -> int | None:
        """Return the instant of ``2026-06-03 08:00`` in the bureau's zone."""
        return None if text is None else from_local(datetime.fromisoformat(text), self._zone)

    def calendar(
        self,
        name: str,
        week: str | Sequence[str],
        *,
        rest_day: str = "closed",
        holidays: HolidaySource = HolidaySource.NONE,
        zone: str | None = None,
    ) -> Calendar:
        hours = [week] * 7 if isinstance(week, str) else week
        row = Calendar(name=name)
        row.versions.append(
            CalendarVersion(
                valid_from=ALWAYS,
                timezone=zone,
                rest_day=rest_day,
                holidays=holidays,
                **dict(zip(_DAYS, hours, strict=True)),
            )
        )
        return self._add(row)

    def outlet(self, code: str, calendar: Calendar | None = None) -> Outlet:
        return self._add(
            Outlet(code=code, name=f"网点{code}", calendar_id=calendar and calendar.id)
        )

    def device(
        self,
        tag: str,
        outlet: Outlet,
        calendar: Calendar | None = None,
        *,
        category: Category = Category.ATM,
        commissioned_on: date = date(2020, 1, 1),
        retired_on: date | None = None,
        moves: Sequence[tuple[date, Outlet]] = (),
        states: Sequence[tuple[date, DeviceState]] = ((ALWAYS, DeviceState.IN_USE),),
    ) -> Device:
        row = Device(
            tag=tag,
            category=category,
            outlet_id=(moves[-1][1] if moves else outlet).id,
            calendar_id=calendar and calendar.id,
            state=states[-1][1],
            commissioned_on=commissioned_on,
            retired_on=retired_on,
        )
        for day, place in ((ALWAYS, outlet), *moves):
            row.placements.append(Placement(from_on=day, outlet_id=place.id))
        for day, state in states:
            row.state_changes.append(DeviceStateChange(from_on=day, state=state))
        return self._add(row)

    def fault(
        self,
        device: Device,
        occurred: str,
        restored: str | None,
        *,
        impact: Impact = Impact.OUT_OF_SERVICE,
        exempt: ExemptState | None = None,
        holds: Sequence[tuple[str, str | None, HoldReason]] = (),
        reported: str | None = None,
        **more: Any,
    ) -> Fault:
        """Add a fault of grade 2 (degraded: 3), reported when it occurred unless said."""
        self._number += 1
        occurred_at, restored_at = self.moment(occurred), self.moment(restored)
        moments = {
            key: self.moment(value)
            for key, value in more.items()
            if key.endswith("_at") or key == "spare_from"
        }
        open_state = TicketState.REPORTED if restored_at is None else TicketState.RESTORED
        row = Fault(
            number=more.get("number", f"F{self._number}"),
            device_id=device.id,
            outlet_id=more.get("outlet_id", device.outlet_id),
            occurred_at=occurred_at,
            reported_at=self.moment(reported) or occurred_at,
            restored_at=restored_at,
            impact=impact,
            grade=more.get("grade", 2 if impact is Impact.OUT_OF_SERVICE else 3),
            exempt_state=exempt,
            state=TicketState.CANCELLED if moments.get("cancelled_at") else open_state,
            **{key: more[key] for key in ("symptom", "cause", "responsibility") if key in more},
            **moments,
        )
        for start, end, reason in holds:
            row.holds.append(
                Hold(from_at=self.moment(start), to_at=self.moment(end), reason=reason)
            )
        return self._add(row)

    def stoppage(
        self,
        start: str,
        end: str,
        *,
        device: Device | None = None,
        outlet: Outlet | None = None,
        category: Category | None = None,
        approved: bool = True,
    ) -> Stoppage:
        scope = StoppageScope.ALL
        if device is not None:
            scope = StoppageScope.DEVICE
        elif outlet is not None:
            scope = StoppageScope.OUTLET
        elif category is not None:
            scope = StoppageScope.CATEGORY
        return self._add(
            Stoppage(
                scope=scope,
                device_id=device and device.id,
                outlet_id=outlet and outlet.id,
                category=category,
                from_at=self.moment(start),
                to_at=self.moment(end),
                reason="检修",
                approved_by="局长" if approved else None,
            )
        )

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row


@contextmanager
def write(database: Database) -> Iterator[Ledger]:
    """One transaction around a ledger; the deadlines are found at its end."""
    with database.change(MANAGER, "import", at=0) as work:
        yield Ledger(work.session)
        DeadlineBook(work.session).recompute(work.session, None)
