"""The table of repair limits, and the deadlines that follow it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError, NotFoundError
from desk_maint.domain.faults import Grade
from desk_maint.domain.outlets import Zone
from desk_maint.services import repair_limits
from desk_maint.services.repair_limits import RepairLimitData
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def _limit(district, grade=Grade.DEVICE_STOPPED, zone=Zone.CITY, category=None):
    return next(
        row
        for row in repair_limits.list_limits(district.database, district.manager)
        if (row.data.category, row.data.grade, row.data.zone) == (category, grade, zone)
    )


def test_the_house_table_comes_in_order(district):
    rows = repair_limits.list_limits(district.database, district.clerk)
    assert [(row.data.grade, row.data.zone) for row in rows] == [
        (grade, zone) for grade in Grade for zone in Zone
    ]
    assert rows[3].data == RepairLimitData(
        None, Grade.DEVICE_STOPPED, Zone.CITY, "service", "30m", "2h", "8h"
    )


def test_an_edit_moves_the_deadlines_of_its_grade_and_zone_only(district):
    city = district.report(district.atm)
    country = district.report(district.south_atm)
    row = _limit(district)
    changes = repair_limits.save(
        district.database,
        district.manager,
        replace(row.data, repair="4小时", on_site=" "),
        version=row.version,
        at=AT,
    )
    assert changes.ids["fault"] == {city.id}
    moved = district.ticket(city.id).row
    assert (moved.repair_due_at, moved.on_site_due_at) == (local("2026-06-01 13:00"), None)
    assert district.ticket(country.id).row.repair_due_at == country.repair_due_at
    assert _limit(district).data.repair == "4h"


def test_a_category_of_its_own_goes_first_until_it_is_removed(district):
    reported = district.report(district.atm)
    own = RepairLimitData(
        Category.ATM, Grade.DEVICE_STOPPED, Zone.CITY, "elapsed", None, None, "3h"
    )
    repair_limits.save(district.database, district.manager, own, at=AT)
    row = district.ticket(reported.id).row
    assert (row.repair_due_at, row.accept_due_at) == (local("2026-06-01 12:00"), None)
    with pytest.raises(InputError, match="Change those") as refused:
        repair_limits.save(district.database, district.manager, own, at=AT)
    assert refused.value.field == "category"
    added = _limit(district, category=Category.ATM)
    repair_limits.remove(
        district.database, district.manager, added.id, version=added.version, at=AT
    )
    assert district.ticket(reported.id).row.repair_due_at == reported.repair_due_at
    general = _limit(district)
    with pytest.raises(InputError, match="change them instead"):
        repair_limits.remove(
            district.database, district.manager, general.id, version=general.version, at=AT
        )


def test_a_clock_that_is_no_calendar_is_refused(district):
    row = _limit(district)
    for wrong, error in (({"clock": "夜班"}, NotFoundError), ({"repair": "soon"}, InputError)):
        with pytest.raises(error):
            repair_limits.save(
                district.database,
                district.manager,
                replace(row.data, **wrong),
                version=row.version,
                at=AT,
            )
    assert _limit(district) == row


def test_what_is_refused_names_its_limit(district):
    row = _limit(district)
    for field, text in (
        ("clock", "夜班"),
        ("accept", "soon"),
        ("on_site", "0h"),
        ("repair", "now"),
    ):
        with pytest.raises(InputError) as refused:
            repair_limits.save(
                district.database,
                district.manager,
                replace(row.data, **{field: text}),
                version=row.version,
                at=AT,
            )
        assert refused.value.field == field
