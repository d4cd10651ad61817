"""Inspections: what is to be inspected when, and what was found.

The using unit looks after its equipment day by day (domain, section 6): a plan says how often the
devices of a category are looked at, the counter desk shows what is due, and what fails becomes a
fault by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from desk_maint.db.models import Device, Fault, Inspection, InspectionPlan, Outlet
from desk_maint.domain.devices import DeviceState
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import Impact
from desk_maint.domain.inspections import InspectionResult, IntervalUnit, Plan, due_on, plan_for
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Term, msg
from desk_maint.services import settings
from desk_maint.services.fault_reports import enter
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, fill, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Category
    from desk_maint.domain.outlets import OutletKind
    from desk_maint.domain.people import Actor

__all__ = [
    "DueInspection",
    "InspectionRow",
    "PlanData",
    "PlanRow",
    "Recorded",
    "add_plan",
    "edit_plan",
    "list_due",
    "list_inspections",
    "list_plans",
    "record",
    "remove_plan",
]

LONGEST_INTERVAL = 3650
_LONGEST_SYMPTOM = 200


@dataclass(frozen=True, slots=True)
class PlanData:
    """A plan as it is edited."""

    name: str
    category: Category
    outlet_kind: OutletKind | None
    """None: units of every kind without a plan of their own."""
    every: int
    unit: IntervalUnit
    items: str | None
    """What is looked at, one line each."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as it is kept."""

    id: int
    version: int
    data: PlanData


@dataclass(frozen=True, slots=True)
class DueInspection:
    """A device that is to be inspected."""

    device_id: int
    tag: str
    name: str | None
    category: Category
    position: str | None
    plan: str
    items: tuple[str, ...]
    last_on: date | None
    due_on: date
    overdue_days: int
    """0: it is due today."""


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection that was made."""

    id: int
    on: date
    at: int
    """UTC seconds."""
    by: str
    plan: str | None
    result: InspectionResult
    failed_items: tuple[str, ...]
    note: str | None
    fault_number: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to an inspection."""

    id: int
    fault_number: str | None
    """The ticket that it opened, or joined."""
    repair_due_at: int | None
    """UTC seconds."""
    joined: bool
    changes: Changes


def list_plans(database: Database, actor: Actor) -> tuple[PlanRow, ...]:
    """Return the plans by category, the general one of each first."""
    require(actor, "inspection_plan.read")
    with database.read() as session:
        rows = [PlanRow(row.id, row.version, _data_of(row)) for row in _plans(session)]
    return tuple(sorted(rows, key=lambda row: (row.data.category, row.data.outlet_kind or "")))


def add_plan(database: Database, actor: Actor, data: PlanData, *, at: int) -> Changes:
    """Add a plan; a category has one for each kind of unit, and one for all others."""
    require(actor, "inspection_plan.edit")
    with database.change(actor, "inspection_plan.edit", at=at) as work:
        plan = InspectionPlan()
        _fill_plan(work.session, plan, data)
        work.session.add(plan)
    return work.changes


def edit_plan(
    database: Database, actor: Actor, plan_id: int, data: PlanData, *, version: int, at: int
) -> Changes:
    """Change a plan; what is due follows at once, what was inspected stays as it is."""
    require(actor, "inspection_plan.edit")
    with database.change(actor, "inspection_plan.edit", at=at) as work:
        plan = fetch(work.session, InspectionPlan, plan_id, version=version)
        _fill_plan(work.session, plan, data)
    return work.changes


def remove_plan(
    database: Database, actor: Actor, plan_id: int, *, version: int, at: int
) -> Changes:
    """Ask for these inspections no more; those that were made stay."""
    require(actor, "inspection_plan.edit")
    with database.change(actor, "inspection_plan.edit", at=at) as work:
        work.session.delete(fetch(work.session, InspectionPlan, plan_id, version=version))
    return work.changes


def list_due(
    database: Database, actor: Actor, outlet_id: int, *, at: int
) -> tuple[DueInspection, ...]:
    """Return what is to be inspected in an outlet on the bureau's date of ``at``, oldest first.

    Devices in use only (domain, section 2); what is overdue stays due.
    """
    require(actor, "inspection.read", outlet_id)
    with database.read() as session:
        today = local_date(at, settings.load(session).zone)
        plans = {_plan_of(row): row for row in _plans(session)}
        kind = look_up(session, Outlet, outlet_id).kind
        last = (
            select(Inspection.device_id, func.max(Inspection.on_date).label("on_date"))
            .join(Device, Device.id == Inspection.device_id)
            .where(Device.outlet_id == outlet_id)
            .group_by(Inspection.device_id)
            .subquery()
        )
        devices = session.execute(
            select(Device, last.c.on_date)
            .outerjoin(last, last.c.device_id == Device.id)
            .where(
                Device.outlet_id == outlet_id,
                Device.category.in_({plan.category for plan in plans}),
                Device.state == DeviceState.IN_USE,
                Device.commissioned_on <= today,
                or_(Device.retired_on.is_(None), Device.retired_on > today),
            )
        ).all()
        found = []
        for device, last_on in devices:
            plan = plan_for(plans, device.category, kind)
            if plan is None:
                continue
            due = due_on(plan, last_on, device.commissioned_on)
            if due <= today:
                row = plans[plan]
                found.append(
                    DueInspection(
                        device.id,
                        device.tag,
                        device.name,
                        device.category,
                        device.position,
                        row.name,
                        _lines(row.items),
                        last_on,
                        due,
                        (today - due).days,
                    )
                )
    return tuple(sorted(found, key=lambda each: (each.due_on, each.tag)))


def record(
    database: Database,
    actor: Actor,
    device_id: int,
    result: InspectionResult,
    *,
    failed_items: Sequence[str] = (),
    impact: Impact = Impact.DEGRADED,
    note: str | None = None,
    at: int,
) -> Recorded:
    """Record what an inspection of a device found at the instant ``at``.

    What failed opens a fault of ``impact`` by itself, or joins the open one (domain, section 6).
    Its symptom is what failed.  A second inspection of the same day stands beside the first.
    """
    require(actor, "inspection.record")
    failed = tuple(item.strip() for item in failed_items if item.strip())
    if result is InspectionResult.FAILED and not failed and not (note and note.strip()):
        raise InputError(msg("Say what has failed: choose it from the list or write a note."))
    with database.change(actor, "inspection.record", at=at) as work:
        session = work.session
        device = fetch(session, Device, device_id)
        require(actor, "inspection.record", device.outlet_id)
        if device.state is DeviceState.SCRAPPED:
            raise InputError(
                msg("{tag} has been scrapped; it is not inspected any more.", tag=device.tag)
            )
        kind = look_up(session, Outlet, device.outlet_id).kind
        plans = {_plan_of(row): row for row in _plans(session)}
        plan = plan_for(plans, device.category, kind)
        fault, joined = None, False
        if result is InspectionResult.FAILED:
            symptom = "、".join(failed)[:_LONGEST_SYMPTOM] or None
            fault, joined = enter(work, actor, device, impact, symptom, note=note, at=at)
        inspection = Inspection(
            device_id=device.id,
            on_date=local_date(at, settings.load(session).zone),
            at=at,
            result=result,
            fault_id=fault.id if fault is not None else None,
        )
        fill(
            inspection,
            {
                "by": actor.name,
                "plan": plans[plan].name if plan is not None else None,
                "failed_items": "\n".join(failed),
                "note": note,
            },
        )
        session.add(inspection)
        session.flush()
        answer = (
            inspection.id,
            fault.number if fault is not None else None,
            fault.repair_due_at if fault is not None else None,
            joined,
        )
    return Recorded(*answer, work.changes)


def list_inspections(
    database: Database, actor: Actor, device_id: int, *, limit: int = 100
) -> tuple[InspectionRow, ...]:
    """Return the inspections of a device, newest first."""
    require(actor, "inspection.read")
    with database.read() as session:
        require(actor, "inspection.read", look_up(session, Device, device_id).outlet_id)
        rows = session.execute(
            select(Inspection, Fault.number)
            .outerjoin(Fault, Fault.id == Inspection.fault_id)
            .where(Inspection.device_id == device_id)
            .order_by(Inspection.at.desc(), Inspection.id.desc())
            .limit(limit)
        )
        return tuple(
            InspectionRow(
                row.id,
                row.on_date,
                row.at,
                row.by,
                row.plan,
                row.result,
                _lines(row.failed_items),
                row.note,
                number,
            )
            for row, number in rows
        )


def _plans(session: Session) -> Sequence[InspectionPlan]:
    return session.scalars(select(InspectionPlan)).all()


def _plan_of(row: InspectionPlan) -> Plan:
    return Plan(row.category, row.outlet_kind, row.every, row.unit)


def _data_of(row: InspectionPlan) -> PlanData:
    return PlanData(row.name, row.category, row.outlet_kind, row.every, row.unit, row.items)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _fill_plan(session: Session, plan: InspectionPlan, data: PlanData) -> None:
    if not data.name.strip():
        raise InputError(msg("A plan needs a name."), field="name")
    if not 0 < data.every <= LONGEST_INTERVAL:
        raise InputError(
            msg(
                "“{field}” is a whole number from 1 to {most}.",
                field=Term("inspection_every"),
                most=LONGEST_INTERVAL,
            ),
            field="every",
        )
    same_kind = (
        InspectionPlan.outlet_kind.is_(None)
        if data.outlet_kind is None
        else InspectionPlan.outlet_kind == data.outlet_kind
    )
    other = session.scalar(
        select(InspectionPlan.name).where(
            and_(
                InspectionPlan.category == data.category,
                same_kind,
                InspectionPlan.id != (plan.id or 0),
            )
        )
    )
    if other is not None:
        raise InputError(
            msg("“{name}” is the plan for these devices already. Change that one.", name=other),
            field="category",
        )
    values: Mapping[str, object] = {
        "name": data.name,
        "category": data.category,
        "outlet_kind": data.outlet_kind,
        "every": data.every,
        "unit": data.unit,
        "items": data.items,
    }
    fill(plan, values)
