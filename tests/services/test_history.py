"""The history as a manager reads it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import desk_maint
from desk_maint.db.change import _NAMED_BY, _UNRECORDED
from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.errors import PermissionDeniedError
from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import HOUR
from desk_maint.domain.messages import Term
from desk_maint.language import terms
from desk_maint.language.fields import action_key, field_key, kind_key
from desk_maint.services import (
    device_lists,
    devices,
    history,
    outlets,
    repair_limits,
    special_days,
    symptoms,
    tickets,
)
from desk_maint.services.history import HistoryFilter, ValueKind
from desk_maint.services.special_days import SpecialDayData
from tests.services.conftest import local

AT = local("2026-06-01 08:00")
_WRITERS = {"change", "doing"}


def _changes(district, **wanted):
    return history.list_changes(district.database, district.manager, HistoryFilter(**wanted))


def test_changes_come_newest_first_and_in_pages(district):
    everything = _changes(district)
    # The fixture: seven people, three outlets, five devices.
    assert everything.total == 15
    ids = [row.id for row in everything.rows]
    assert ids == sorted(ids, reverse=True)
    page = history.list_changes(district.database, district.manager, offset=10, limit=3)
    assert [row.id for row in page.rows] == ids[10:13]
    assert history.list_actors(district.database, district.manager) == ("管理员",)


def test_values_are_told_as_people_call_them(district):
    reported = district.report()
    at = local("2026-06-01 09:10")
    tickets.accept(district.database, district.technician, {reported.id: 1}, at=at)
    (change,) = _changes(district, action="ticket.accept").rows
    assert (change.actor, change.at) == ("王师傅", at)
    lines = {line.field: line for line in change.fields}
    assert {line.record for line in change.fields} == {reported.number}
    assert (lines["state"].old, lines["state"].new) == ("reported", "accepted")
    assert (lines["state"].value_kind, lines["state"].words) == (ValueKind.WORD, TicketState)
    assert (lines["accepted_at"].value_kind, lines["accepted_at"].new) == (
        ValueKind.INSTANT,
        str(at),
    )


def test_references_are_told_by_name(district):
    row = device_lists.read_card(district.database, district.manager, district.terminal).row
    devices.edit(
        district.database,
        district.manager,
        row.id,
        replace(row.data, calendar_id=1),
        version=row.version,
        at=AT,
    )
    node = outlets.read_outlet(district.database, district.manager, district.south)
    outlets.edit(
        district.database,
        district.manager,
        node.id,
        replace(node.data, parent_id=district.north),
        version=node.version,
        at=AT,
    )
    moved, edited = _changes(district, actor="赵经理").rows
    assert [(line.record, line.old, line.new) for line in edited.fields] == [("T-01", None, "24h")]
    assert [(line.old, line.new) for line in moved.fields] == [("城区邮政局", "城北支局")]


def test_filters(district):
    first = district.report()
    district.report(district.terminal, "2026-06-02 09:00")
    record = {"kind": "fault", "record_id": str(first.id)}
    assert [row.action for row in _changes(district, **record).rows] == ["ticket.report"]
    assert _changes(district, kind="fault").total == 2
    assert _changes(district, since=local("2026-06-02 00:00")).total == 1
    assert _changes(district, until=local("2026-06-01 09:00") + HOUR, kind="fault").total == 1
    assert _changes(district, actor="孙营业").total == 2
    assert _changes(district, actor="谁").rows == ()


def test_a_long_change_is_read_in_pages(district):
    many = {f"设备{number}" for number in range(60)}
    with district.database.change(district.manager, "import", at=AT) as work:
        for number, name in enumerate(sorted(many)):
            work.record("device", 100_000 + number, "name", None, name)
    (change,) = _changes(district, action="import").rows
    assert change.field_count == 60
    assert len(change.fields) == history.FIELDS_SHOWN
    rest = history.list_fields(district.database, district.manager, change.id, offset=30)
    assert (rest.total, len(rest.rows)) == (60, 30)
    assert {line.new for line in rest.rows} | {line.new for line in change.fields} == many
    assert rest.rows[0].record == "100030", "a record that is gone is told by its key"


def test_everything_the_history_can_hold_has_a_word():
    words = terms()
    for model in _NAMED_BY:
        kind = model.__tablename__
        assert kind_key(kind) in words
        for column in model.__table__.c:
            if column.name != "id" and column.name not in _UNRECORDED:
                assert field_key(kind, column.name) in words, (kind, column.name)


def test_every_action_that_is_written_has_its_words():
    words = terms()
    written = {
        node.value
        for path in Path(desk_maint.__path__[0]).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in _WRITERS
        for node in call.args
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert "ticket.send_back" in written
    assert {action for action in written if action_key(action) not in words} == set()


def test_the_history_is_for_managers(district):
    for actor in (district.clerk, district.technician):
        with pytest.raises(PermissionDeniedError):
            history.list_changes(district.database, actor)


def test_a_device_tells_only_what_was_done_to_it(district):
    database, manager = district.database, district.manager
    both = {district.terminal: 1, district.second_terminal: 1}
    devices.move(database, manager, both, district.south, "库房", on=date(2026, 5, 29), at=AT)
    devices.bulk_edit(
        database, manager, {district.second_terminal: 2}, {"custodian": "马建国"}, at=AT + HOUR
    )
    page = history.list_device_changes(database, manager, district.terminal)
    assert [change.action for change in page.rows] == ["device.move", "device.edit"]
    move = page.rows[0]
    assert {field.record for field in move.fields} == {"T-01"}
    assert {field.kind for field in move.fields} == {"device", "placement"}
    assert move.field_count == len(move.fields)
    assert history.list_device_changes(database, manager, district.terminal, limit=1).total == 2
    with pytest.raises(PermissionDeniedError):
        history.list_device_changes(database, district.clerk, district.terminal)


def test_days_and_limits_are_told_by_what_they_are_for(district):
    d = district
    day = SpecialDayData(date(2026, 6, 3), SpecialDayKind.REST)
    special_days.set_days(d.database, d.manager, [day], at=AT)
    row = repair_limits.list_limits(d.database, d.manager)[0]
    shorter = replace(row.data, repair="3h")
    repair_limits.save(d.database, d.manager, shorter, version=row.version, at=AT)
    limits, days = _changes(d, actor=d.manager.name).rows
    assert {line.record for line in days.fields} == {"2026-06-03"}
    assert limits.fields[0].record == (Term("fault_level_1"), Term("area_urban"))


def test_what_is_gone_is_told_by_the_name_it_left(district):
    d = district
    (row, *_) = symptoms.list_symptoms(d.database, d.manager)
    symptoms.remove(d.database, d.manager, row.id, version=row.version, at=AT)
    (gone,) = _changes(d, kind="symptom").rows
    assert {line.record for line in gone.fields} == {row.text}
    assert gone.fields[0].old == row.text
