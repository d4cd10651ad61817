"""Units of the bureau: a tree without circles, and its counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk_maint.domain.errors import InputError, NotFoundError, PermissionDeniedError
from desk_maint.domain.outlets import Zone
from desk_maint.services import outlets
from desk_maint.services.outlets import OutletData
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def _node(district, key):
    return outlets.read_outlet(district.database, district.manager, key)


def test_the_tree_counts_what_stands_below(district):
    district.report(district.terminal)
    tree = outlets.tree(district.database, district.manager)
    assert [(node.data.code, node.depth) for node in tree] == [("01", 0), ("0101", 1), ("0102", 1)]
    bureau, north, south = tree
    assert (bureau.devices, bureau.all_devices, bureau.all_open_faults) == (0, 5, 1)
    assert (north.devices, north.in_use, north.open_faults) == (3, 3, 1)
    assert (south.all_devices, south.all_in_use, south.all_open_faults) == (2, 2, 0)
    own = outlets.tree(district.database, district.clerk)
    assert [(node.id, node.depth) for node in own] == [(district.north, 0)]


def test_a_unit_cannot_stand_below_itself(district):
    office = outlets.create(
        district.database,
        district.manager,
        OutletData("010101", "城北代办所", parent_id=district.north),
        at=AT,
    ).id
    node = _node(district, district.bureau)
    for parent in (district.bureau, district.north, office):
        with pytest.raises(InputError, match="below itself"):
            outlets.edit(
                district.database,
                district.manager,
                node.id,
                replace(node.data, parent_id=parent),
                version=node.version,
                at=AT,
            )


def test_codes_are_unique_and_needed(district):
    for data in (OutletData("0101", "另一支局"), OutletData("", "无编号"), OutletData("9", " ")):
        with pytest.raises(InputError):
            outlets.create(district.database, district.manager, data, at=AT)
    with pytest.raises(PermissionDeniedError):
        outlets.create(district.database, district.technician, OutletData("9", "新"), at=AT)


def test_another_zone_moves_the_deadlines_of_its_tickets(district):
    north, south = district.report(district.atm), district.report(district.south_atm)
    node = _node(district, district.north)
    changes = outlets.edit(
        district.database,
        district.manager,
        node.id,
        replace(node.data, zone=Zone.RURAL),
        version=node.version,
        at=AT,
    )
    assert changes.ids["fault"] == {north.id}
    assert district.ticket(north.id).row.repair_due_at == south.repair_due_at


def test_only_what_nothing_belongs_to_is_removed(district):
    empty = outlets.create(district.database, district.manager, OutletData("99", "空"), at=AT).id
    for key in (district.bureau, district.north):
        with pytest.raises(InputError, match="cannot be removed"):
            outlets.remove(
                district.database,
                district.manager,
                key,
                version=_node(district, key).version,
                at=AT,
            )
    outlets.remove(district.database, district.manager, empty, version=1, at=AT)
    with pytest.raises(NotFoundError):
        _node(district, empty)


def test_a_code_is_found_where_the_actor_may_see_it(district):
    found = outlets.find_code(district.database, district.clerk, " 0101 ")
    assert (found.id, found.name) == (district.north, "城北支局")
    with pytest.raises(NotFoundError):
        outlets.find_code(district.database, district.clerk, "0102")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": " "}, "code"), ({"name": ""}, "name"), ({"code": "0101"}, "code")],
)
def test_what_is_refused_names_its_field(district, wrong, field):
    with pytest.raises(InputError) as refused:
        outlets.create(
            district.database,
            district.manager,
            replace(OutletData("99", "新支局"), **wrong),
            at=AT,
        )
    assert refused.value.field == field
    node = _node(district, district.bureau)
    with pytest.raises(InputError) as refused:
        outlets.edit(
            district.database,
            district.manager,
            node.id,
            replace(node.data, parent_id=district.north),
            version=node.version,
            at=AT,
        )
    assert refused.value.field == "parent_id"
