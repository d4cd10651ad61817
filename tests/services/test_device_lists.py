"""Finding devices, and the ledger in pages."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.errors import NotFoundError, PermissionDeniedError
from desk_maint.domain.outlets import Zone
from desk_maint.services import device_finder, device_lists, devices, outlets
from desk_maint.services.device_lists import DeviceFilter, DeviceRow
from desk_maint.services.outlets import OutletData
from tests.services.conftest import COMMISSIONED, local

AT = local("2026-06-10 09:00")


def _found(district, text, actor=None):
    found = device_finder.find(district.database, actor or district.manager, text)
    return [each.tag for each in found]


def test_the_exact_tag_comes_first(district):
    data = devices.DeviceData("T-011", Category.ATM, COMMISSIONED, name="T-01")
    devices.create(district.database, district.manager, data, district.north, at=AT)
    assert _found(district, "T-01") == ["T-01", "T-011"]
    assert _found(district, "t-01")[0] == "T-01"
    assert _found(district, "Ｔ－０１")[0] == "T-01", "full width, as some scanners type it"
    assert _found(district, "台席") == ["T-01", "T-02"]
    assert _found(district, "取款") == ["ATM-01"]
    assert _found(district, " ") == []


def test_a_reporter_finds_what_stands_in_her_outlet(district):
    assert _found(district, "ATM", district.clerk) == ["ATM-01"]
    tiles = device_finder.devices_of_outlet(district.database, district.clerk, district.north)
    assert [each.tag for each in tiles] == ["ATM-01", "T-01", "T-02"]
    with pytest.raises(PermissionDeniedError):
        device_finder.devices_of_outlet(district.database, district.clerk, district.south)
    with pytest.raises(NotFoundError):
        device_finder.find_tag(district.database, district.clerk, "ATM-02")


def test_an_open_fault_is_told_before_it_is_reported_twice(district):
    reported = district.report()
    found = device_finder.find_tag(district.database, district.clerk, "ATM-01")
    assert found.open_fault.number == reported.number
    assert found.open_fault.repair_due_at == reported.repair_due_at
    other = device_finder.find_tag(district.database, district.clerk, "T-01")
    assert other.open_fault is None


def test_scrapped_devices_are_not_offered(district):
    devices.retire(
        district.database, district.manager, {district.terminal: 1}, on=date(2026, 6, 9), at=AT
    )
    assert _found(district, "T-0") == ["T-02"]


def _tags(district, wanted, actor=None, **more):
    page = device_lists.list_devices(district.database, actor or district.manager, wanted, **more)
    assert page.total == len(page.rows)
    return [row.tag for row in page.rows]


def test_filters_of_the_ledger(district):
    d = district
    reported = d.report(d.terminal)
    devices.change_state(
        d.database, d.manager, {d.camera: 1}, DeviceState.SEALED, on=date(2026, 6, 9), at=AT
    )
    for wanted, expected in (
        (DeviceFilter(outlet_id=d.south), ["ATM-02", "C-01"]),
        (DeviceFilter(outlet_id=d.bureau), ["ATM-01", "ATM-02", "C-01", "T-01", "T-02"]),
        (DeviceFilter(categories=frozenset({Category.ATM})), ["ATM-01", "ATM-02"]),
        (DeviceFilter(states=frozenset({DeviceState.SEALED})), ["C-01"]),
        (DeviceFilter(faulty=True), ["T-01"]),
        (DeviceFilter(faulty=False), ["ATM-01", "ATM-02", "C-01", "T-02"]),
        (DeviceFilter(text="城北"), ["ATM-01", "T-01", "T-02"]),
        (DeviceFilter(text="1号"), ["T-01"]),
        (DeviceFilter(columns={"tag": "02", "outlet_name": "城南"}), ["ATM-02"]),
        (DeviceFilter(columns={"open_fault": reported.number}), ["T-01"]),
        (DeviceFilter(columns={"commissioned_on": "2026-01"}), _tags(d, DeviceFilter())),
        (DeviceFilter(columns={"name": "  "}), _tags(d, DeviceFilter())),
    ):
        assert _tags(d, wanted) == expected, wanted
    assert _tags(d, DeviceFilter(), d.south_clerk) == ["ATM-02", "C-01"]


def test_every_column_sorts_and_pages(district):
    district.report(district.terminal)
    names = [name for name in DeviceRow.__slots__ if name not in ("id", "version")]
    for sort, descending in product(names, (False, True)):
        keys, values = [], []
        for offset in (0, 2, 4):
            page = device_lists.list_devices(
                district.database,
                district.manager,
                sort=sort,
                descending=descending,
                offset=offset,
                limit=2,
            )
            assert page.total == 5
            keys += [row.id for row in page.rows]
            values += [getattr(row, sort) for row in page.rows]
        assert len(set(keys)) == 5, sort
        known = [value for value in values if value is not None]
        assert values[: len(known)] == known, f"unknown values of {sort} stand last"
    with pytest.raises(ValueError, match="weather"):
        device_lists.list_devices(district.database, district.manager, sort="weather")


def test_the_ledger_is_narrowed_by_zone_and_to_one_unit(district):
    database, manager = district.database, district.manager
    village = outlets.create(
        database, manager, OutletData("0901", "村所", district.north, zone=Zone.RURAL), at=AT
    ).id
    data = devices.DeviceData("R-01", Category.ATM, COMMISSIONED)
    devices.create(database, manager, data, village, at=AT)

    def tags(**wanted):
        page = device_lists.list_devices(database, manager, DeviceFilter(**wanted))
        return {row.tag for row in page.rows}

    assert tags(zone=Zone.RURAL) == {"ATM-02", "C-01", "R-01"}
    assert tags(zone=Zone.CITY) == {"ATM-01", "T-01", "T-02"}
    assert tags(outlet_id=district.north) == {"ATM-01", "T-01", "T-02", "R-01"}
    assert tags(outlet_id=district.north, with_below=False) == {"ATM-01", "T-01", "T-02"}
