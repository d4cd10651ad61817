"""Inspections: what is due at an outlet, what is recorded, what becomes a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from desk_maint.db.models import Inspection
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.errors import InputError, NotFoundError, PermissionDeniedError, StaleError
from desk_maint.domain.faults import Impact, TicketState
from desk_maint.domain.inspections import InspectionResult, IntervalUnit
from desk_maint.domain.outlets import OutletKind
from desk_maint.services import device_lists, devices, history, inspections, ticket_details
from desk_maint.services.inspections import PlanData
from tests.services.conftest import local

JUNE = "2026-06-01 09:00"
PASSED, FAILED = InspectionResult.PASSED, InspectionResult.FAILED


def due(district, when=JUNE, outlet=None, actor=None):
    outlet = district.south if outlet is None else outlet
    actor = district.south_clerk if actor is None else actor
    return inspections.list_due(district.database, actor, outlet, at=local(when))


def record(district, result=PASSED, when=JUNE, actor=None, device=None, **more):
    return inspections.record(
        district.database,
        actor or district.south_clerk,
        device or district.camera,
        result,
        at=local(when),
        **more,
    )


def test_a_camera_is_due_from_its_first_day_and_again_after_a_month(district):
    (first,) = due(district)
    assert (first.tag, first.plan, first.last_on) == ("C-01", "摄像头月检", None)
    assert first.due_on == date(2026, 1, 5)
    assert first.overdue_days == 147
    assert "图像清晰" in first.items
    record(district)
    assert due(district) == ()
    assert due(district, "2026-06-30 23:59") == ()
    (again,) = due(district, "2026-07-01 00:00")
    assert (again.last_on, again.due_on) == (date(2026, 6, 1), date(2026, 7, 1))
    assert again.overdue_days == 0, "on the date itself it is due, not late"


def test_only_what_is_in_use_is_due(district):
    d = district
    version = {d.camera: devices_version(d, d.camera)}
    on, at = date(2026, 6, 1), local(JUNE)
    devices.change_state(d.database, d.manager, version, DeviceState.SEALED, on=on, at=at)
    assert due(d) == ()


def devices_version(district, device):
    return device_lists.read_versions(district.database, district.manager, [device])[device]


def test_what_failed_becomes_a_fault_with_what_failed_as_its_symptom(district):
    answer = record(district, FAILED, failed_items=["图像清晰", " 时间准确 "], note="左下角发黑")
    key = ticket_details.find_number(district.database, district.manager, answer.fault_number)
    ticket = district.ticket(key)
    assert ticket.row.symptom == "图像清晰、时间准确"
    assert (ticket.row.impact, ticket.row.state) == (Impact.DEGRADED, TicketState.REPORTED)
    assert answer.repair_due_at == ticket.row.repair_due_at
    assert not answer.joined
    assert {"fault", "inspection"} <= answer.changes.kinds
    (made,) = inspections.list_inspections(district.database, district.manager, district.camera)
    assert (made.result, made.by, made.plan) == (FAILED, "周营业", "摄像头月检")
    assert (made.failed_items, made.note) == (("图像清晰", "时间准确"), "左下角发黑")
    assert made.fault_number == answer.fault_number
    assert due(district) == (), "it was inspected, whatever was found"


def test_a_second_failure_joins_the_open_fault(district):
    first = record(district, FAILED, failed_items=["图像清晰"])
    second = record(district, FAILED, "2026-06-02 09:00", failed_items=["角度正确"])
    assert second.joined
    assert second.fault_number == first.fault_number


def test_a_failure_says_what_failed(district):
    with pytest.raises(InputError):
        record(district, FAILED, failed_items=["  "], note=" ")
    with district.database.read() as session:
        assert session.scalars(select(Inspection)).all() == []


def test_a_branch_inspects_its_own_equipment_only(district):
    with pytest.raises(PermissionDeniedError):
        record(district, actor=district.clerk)
    with pytest.raises(PermissionDeniedError):
        due(district, actor=district.clerk)
    with pytest.raises(PermissionDeniedError):
        inspections.list_inspections(district.database, district.clerk, district.camera)
    with pytest.raises(NotFoundError):
        record(district, device=999)


def test_what_is_scrapped_is_not_inspected(district):
    d = district
    version = {d.camera: devices_version(d, d.camera)}
    devices.retire(d.database, d.manager, version, on=date(2026, 5, 31), at=local(JUNE))
    assert due(d) == ()
    with pytest.raises(InputError):
        record(d)


def plans(district):
    return {
        row.data.name: row for row in inspections.list_plans(district.database, district.manager)
    }


def test_plans_are_data_that_a_manager_edits(district):
    d, at = district, local(JUNE)
    row = plans(d)["摄像头月检"]
    weekly = replace(row.data, every=7, unit=IntervalUnit.DAYS, name="摄像头周检")
    inspections.edit_plan(d.database, d.manager, row.id, weekly, version=row.version, at=at)
    record(d)
    assert due(d, "2026-06-07 09:00") == ()
    assert [each.plan for each in due(d, "2026-06-08 09:00")] == ["摄像头周检"]
    with pytest.raises(StaleError):
        inspections.remove_plan(d.database, d.manager, row.id, version=row.version, at=at)
    row = plans(d)["摄像头周检"]
    inspections.remove_plan(d.database, d.manager, row.id, version=row.version, at=at)
    assert due(d, "2026-09-01 09:00") == ()
    assert len(inspections.list_inspections(d.database, d.manager, d.camera)) == 1
    atm = PlanData("取款机周检", Category.ATM, OutletKind.OUTLET, 7, IntervalUnit.DAYS, None)
    inspections.add_plan(d.database, d.manager, atm, at=at)
    assert [each.tag for each in due(d)] == ["ATM-02"]
    actions = {row.action for row in history.list_changes(d.database, d.manager).rows}
    assert {"inspection.record", "inspection_plan.edit"} <= actions


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "  "}, "name"), ({"every": 0}, "every"), ({"every": 99_999}, "every")],
)
def test_a_plan_that_makes_no_sense_is_refused(district, change, field):
    good = PlanData("新计划", Category.ATM, None, 1, IntervalUnit.MONTHS, None)
    with pytest.raises(InputError) as refused:
        inspections.add_plan(
            district.database, district.manager, replace(good, **change), at=local(JUNE)
        )
    assert refused.value.field == field
    assert "新计划" not in plans(district)


def test_a_kind_of_unit_has_one_plan_for_a_category(district):
    d = district
    for kind in (None, OutletKind.OUTLET):
        second = PlanData("第二个", Category.FIRE_EXTINGUISHER, kind, 7, IntervalUnit.DAYS, None)
        with pytest.raises(InputError):
            inspections.add_plan(d.database, d.manager, second, at=local(JUNE))
    with pytest.raises(PermissionDeniedError):
        inspections.add_plan(d.database, d.clerk, second, at=local(JUNE))
