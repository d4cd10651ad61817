"""A database with something in every table."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select

from desk_maint.db.models import (
    Attachment,
    Base,
    Calendar,
    Device,
    DeviceStateChange,
    Fault,
    FaultNote,
    Hold,
    Inspection,
    JobRun,
    Outlet,
    Person,
    Placement,
    SpecialDay,
    Stoppage,
)
from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import HoldReason, Impact, TicketState
from desk_maint.domain.inspections import InspectionResult
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.stoppages import StoppageScope

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database

ANNA = Actor("Anna", Role.MANAGER)
DAY = 86400


def fill(database: Database, faults: int = 5) -> None:
    """Put at least one row into every table; ``faults`` tickets on one device."""
    with database.change(ANNA, "import", at=1_000, reason="Übernahme") as work:
        _fill(work.session, faults)
    with database.change(ANNA, "outlet.edit", at=2_000) as work:
        work.session.scalars(select(Outlet).where(Outlet.code == "0101")).one().name = "东街支局"


def _fill(session: Session, faults: int) -> None:
    calendar = session.scalars(select(Calendar).where(Calendar.name == "24h")).one()
    # The outlet gets a lower key than the bureau that it belongs to.
    outlet = Outlet(code="0101", name="东街", calendar_id=calendar.id)
    session.add(outlet)
    session.flush()
    bureau = Outlet(code="01", name="市局")
    session.add(bureau)
    session.flush()
    outlet.parent_id = bureau.id
    device = Device(
        tag="ATM-01",
        category=Category.ATM,
        outlet_id=outlet.id,
        commissioned_on=date(2020, 2, 29),
        placements=[
            Placement(from_on=date.min, outlet_id=bureau.id),
            Placement(from_on=date(2021, 1, 1), outlet_id=outlet.id),
        ],
        state_changes=[DeviceStateChange(from_on=date.min, state=DeviceState.IN_USE)],
    )
    person = Person(login="anna", name="Anna", role=Role.MANAGER, outlets=[outlet, bureau])
    session.add_all([device, person])
    session.flush()
    session.add_all(
        [
            Stoppage(
                scope=StoppageScope.DEVICE,
                device_id=device.id,
                from_at=DAY,
                to_at=2 * DAY,
                reason="搬迁",
                approved_by="Anna",
            ),
            SpecialDay(day=date(2026, 10, 1), kind=SpecialDayKind.REST, name="国庆节"),
            JobRun(job="reminders", due_at=DAY, claimed_at=DAY, claimed_by="pc-1"),
        ]
    )
    for number in range(faults):
        at = 10 * DAY + number * 3600
        session.add(
            Fault(
                number=f"F-{number:05}",
                device_id=device.id,
                outlet_id=outlet.id,
                occurred_at=at,
                reported_at=at + 60,
                impact=Impact.OUT_OF_SERVICE,
                grade=2,
                state=TicketState.ON_HOLD,
                symptom="卡钞",
                accepted_at=at + 120,
                holds=[
                    Hold(from_at=at + 200, to_at=at + 300, reason=HoldReason.NO_ACCESS),
                    Hold(from_at=at + 400, reason=HoldReason.THIRD_PARTY),
                ],
            )
        )
    session.flush()
    fault = session.scalars(select(Fault).order_by(Fault.id).limit(1)).one()
    session.add_all(
        [
            Inspection(
                device_id=device.id,
                on_date=date(2026, 6, 1),
                at=11 * DAY,
                by="Anna",
                plan="月检",
                result=InspectionResult.FAILED,
                failed_items="图像清晰",
                fault_id=fault.id,
            ),
            FaultNote(fault_id=fault.id, at=11 * DAY, author="Anna", text="=1+1 «客户催»"),
            Attachment(
                fault_id=fault.id,
                at=11 * DAY,
                author="Anna",
                file_name="p.png",
                media_type="image/png",
                content=bytes(range(256)),
            ),
        ]
    )


TABLES_SINCE = {"inspection": "0003", "inspection_plan": "0003"}
"""The revision that brought a table, where it was not the first."""


def contents(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables in the order of their keys; a missing one has none."""
    there = set(inspect(connection).get_table_names())
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
        if table.name in there
        else []
        for table in Base.metadata.sorted_tables
    }


def without_newer(
    rows: dict[str, list[tuple[object, ...]]], revision: str
) -> dict[str, list[tuple[object, ...]]]:
    """Return what is left of ``rows`` where tables younger than ``revision`` were dropped."""
    return {
        name: [] if TABLES_SINCE.get(name, "") > revision else found for name, found in rows.items()
    }
