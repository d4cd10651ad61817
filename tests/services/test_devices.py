"""The inventory: what is done to devices, and what follows for their tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
from desk_maint.domain.errors import InputError, PermissionDeniedError, StaleError
from desk_maint.services import device_lists, devices
from desk_maint.services.devices import DeviceData
from tests.services.conftest import COMMISSIONED, local

AT = local("2026-06-10 09:00")


def _card(district, key):
    return device_lists.read_card(district.database, district.manager, key)


def test_a_new_device_stands_where_it_is_put(district):
    data = DeviceData(
        " 灭-01 ",
        Category.FIRE_EXTINGUISHER,
        COMMISSIONED,
        position=" ",
        extinguisher_type=ExtinguisherType.CO2,
    )
    saved = devices.create(
        district.database, district.manager, data, district.south, DeviceState.STANDBY, at=AT
    )
    card = _card(district, saved.id)
    assert (card.row.tag, card.row.position, card.row.state) == ("灭-01", None, "standby")
    assert [(each.from_on, each.outlet_id) for each in card.placements] == [(None, district.south)]
    assert [(each.from_on, each.state) for each in card.states] == [(None, "standby")]
    assert "device" in saved.changes.kinds


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tag": "ATM-01"}, "belongs to another"),
        ({"tag": " "}, "needs an asset number"),
        ({"tag": "x" * 65}, "too long"),
        ({"retired_on": date(2025, 1, 1)}, "before it was put into service"),
        ({"extinguisher_type": ExtinguisherType.CO2}, "Only a fire extinguisher"),
        ({"retention_days_required": -1}, "cannot be negative"),
    ],
)
def test_what_cannot_be_so_is_refused(district, wrong, words):
    data = replace(DeviceData("N-1", Category.ATM, COMMISSIONED), **wrong)
    with pytest.raises(InputError, match=words):
        devices.create(district.database, district.manager, data, district.north, at=AT)


def test_only_managers_edit_the_inventory(district):
    row = _card(district, district.atm).row
    for actor in (district.clerk, district.technician):
        with pytest.raises(PermissionDeniedError):
            devices.edit(district.database, actor, row.id, row.data, version=row.version, at=AT)


def test_an_edit_of_what_somebody_else_changed_is_refused(district):
    row = _card(district, district.atm).row
    renamed = replace(row.data, name="存取款一体机", position="大厅东侧")
    devices.edit(district.database, district.manager, row.id, renamed, version=row.version, at=AT)
    card = _card(district, district.atm)
    assert card.row.name == "存取款一体机"
    assert card.placements[-1].position == "大厅东侧", "correcting a position is no move"
    with pytest.raises(StaleError) as refused:
        devices.edit(
            district.database, district.manager, row.id, row.data, version=row.version, at=AT
        )
    assert refused.value.message.values["who"] == "赵经理"


def test_a_move_takes_its_tickets_along(district):
    before = district.report(when="2026-06-01 09:00")
    _cancel(district, before.id)
    after = district.report(when="2026-06-03 09:00")
    assert after.repair_due_at == local("2026-06-03 17:00"), "eight hours in the city"
    version = _card(district, district.atm).row.version
    changes = devices.move(
        district.database,
        district.manager,
        {district.atm: version},
        district.south,
        "门口",
        on=date(2026, 6, 2),
        at=AT,
    )
    assert after.id in changes.ids["fault"]
    card = _card(district, district.atm)
    assert (card.row.outlet_id, card.row.position) == (district.south, "门口")
    assert [(each.from_on, each.outlet_id) for each in card.placements] == [
        (None, district.north),
        (date(2026, 6, 2), district.south),
    ]
    assert district.ticket(before.id).row.outlet_id == district.north
    moved = district.ticket(after.id).row
    assert moved.outlet_id == district.south
    assert moved.repair_due_at == local("2026-06-04 09:00"), "twelve hours in the country"
    devices.take_back_move(
        district.database,
        district.manager,
        district.atm,
        date(2026, 6, 2),
        version=card.row.version,
        at=AT,
    )
    assert district.ticket(after.id).row.repair_due_at == after.repair_due_at
    assert _card(district, district.atm).row.outlet_id == district.north


def test_a_move_dated_before_commissioning_corrects_the_first_place(district):
    version = _card(district, district.terminal).row.version
    devices.move(
        district.database,
        district.manager,
        {district.terminal: version},
        district.south,
        on=COMMISSIONED,
        at=AT,
    )
    card = _card(district, district.terminal)
    assert [(each.from_on, each.outlet_id) for each in card.placements] == [(None, district.south)]
    assert card.row.version > version, "an old form may not write over it"


def test_nothing_is_dated_after_today(district):
    version = _card(district, district.atm).row.version
    chosen, tomorrow = {district.atm: version}, date(2026, 6, 11)
    database, manager = district.database, district.manager
    with pytest.raises(InputError, match="still to come"):
        devices.move(database, manager, chosen, district.south, on=tomorrow, at=AT)
    with pytest.raises(InputError, match="still to come"):
        devices.change_state(database, manager, chosen, DeviceState.SEALED, on=tomorrow, at=AT)
    with pytest.raises(InputError, match="still to come"):
        devices.retire(database, manager, chosen, on=tomorrow, at=AT)


def test_states_have_a_history_without_repetitions(district):
    def enter(state, on):
        version = _card(district, district.atm).row.version
        devices.change_state(
            district.database, district.manager, {district.atm: version}, state, on=on, at=AT
        )

    enter(DeviceState.SEALED, date(2026, 3, 1))
    enter(DeviceState.SEALED, date(2026, 4, 1))
    enter(DeviceState.IN_USE, date(2026, 5, 1))
    card = _card(district, district.atm)
    assert [(each.from_on, each.state) for each in card.states] == [
        (None, "in_use"),
        (date(2026, 3, 1), "sealed"),
        (date(2026, 5, 1), "in_use"),
    ]
    devices.take_back_state(
        district.database,
        district.manager,
        district.atm,
        date(2026, 5, 1),
        version=card.row.version,
        at=AT,
    )
    assert _card(district, district.atm).row.state is DeviceState.SEALED
    with pytest.raises(InputError, match="can be taken back"):
        devices.take_back_state(
            district.database,
            district.manager,
            district.atm,
            date(2026, 5, 1),
            version=_card(district, district.atm).row.version,
            at=AT,
        )


def test_many_devices_are_changed_together_or_not_at_all(district):
    rows = [_card(district, key).row for key in (district.terminal, district.second_terminal)]
    versions = {row.id: row.version for row in rows}
    stale = versions | {district.second_terminal: 99}
    values = {"custodian": "孙营业", "calendar_id": 1}
    with pytest.raises(StaleError):
        devices.bulk_edit(district.database, district.manager, stale, values, at=AT)
    assert _card(district, district.terminal).row.custodian is None
    devices.bulk_edit(district.database, district.manager, versions, values, at=AT)
    assert {_card(district, key).row.custodian for key in versions} == {"孙营业"}
    with pytest.raises(ValueError, match="tag"):
        devices.bulk_edit(district.database, district.manager, versions, {"tag": "X"}, at=AT)
    versions = {key: _card(district, key).row.version for key in versions}
    devices.retire(district.database, district.manager, versions, on=date(2026, 6, 9), at=AT)
    row = _card(district, district.terminal).row
    assert (row.retired_on, row.state) == (date(2026, 6, 9), DeviceState.SCRAPPED)


def test_another_calendar_moves_the_deadlines_of_open_tickets(district):
    reported = district.report(district.terminal, "2026-06-01 16:30")
    # Working hours to 17:30: one hour today, seven tomorrow.
    assert reported.repair_due_at == local("2026-06-02 15:00")
    row = _card(district, district.terminal).row
    all_day = replace(row.data, calendar_id=1)
    changes = devices.edit(
        district.database, district.manager, row.id, all_day, version=row.version, at=AT
    )
    # Around the clock: repaired within maintenance hours, 08:00-20:00.
    assert district.ticket(reported.id).row.repair_due_at == local("2026-06-02 12:30")
    assert reported.id in changes.ids["fault"]
    assert district.version(reported.id) == 1, "a form on the ticket is not stale by that"


def _cancel(district, key):
    from desk_maint.services import tickets

    tickets.cancel(
        district.database, district.manager, key, "误报", version=1, at=local("2026-06-01 10:00")
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"extinguisher_type": ExtinguisherType.DRY_POWDER}, "extinguisher_type"),
        ({"retention_days_required": -1}, "retention_days_required"),
        ({"custodian": "长" * 500}, "custodian"),
    ],
)
def test_many_devices_are_not_made_what_one_could_not_be(district, values, field):
    with pytest.raises(InputError) as refused:
        devices.bulk_edit(
            district.database, district.manager, {district.terminal: 1}, values, at=AT
        )
    assert refused.value.field == field
