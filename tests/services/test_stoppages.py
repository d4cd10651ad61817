"""Planned stoppages: two people, and the history of both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError, NotFoundError, PermissionDeniedError, StaleError
from desk_maint.domain.instants import HOUR
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services import history, stoppages
from desk_maint.services.history import HistoryFilter
from desk_maint.services.stoppages import StoppageData, StoppageStanding
from tests.services.conftest import local

AT = local("2026-06-01 08:00")
START = local("2026-06-20 01:00")


def _proposed(district, actor=None, **more):
    given = {"scope": StoppageScope.DEVICE, "device_id": district.atm} | more
    data = StoppageData(from_at=START, to_at=START + 2 * HOUR, reason="计划检修", **given)
    return stoppages.propose(district.database, actor or district.technician, data, at=AT).id


def _list(district, actor=None, **more):
    return stoppages.list_stoppages(district.database, actor or district.manager, **more)


def test_a_proposal_counts_once_somebody_else_approves(district):
    key = _proposed(district, district.manager)
    (row,) = _list(district)
    assert (row.standing, row.subject, row.may_decide) == (
        StoppageStanding.PROPOSED,
        "ATM-01",
        False,
    )
    with pytest.raises(PermissionDeniedError, match="yourself"):
        stoppages.approve(district.database, district.manager, key, version=1, at=AT)
    with pytest.raises(PermissionDeniedError):
        stoppages.approve(district.database, district.technician, key, version=1, at=AT)
    assert _list(district, district.other_manager)[0].may_decide
    stoppages.approve(district.database, district.other_manager, key, version=1, at=AT)
    (row,) = _list(district, standing=StoppageStanding.APPROVED)
    assert (row.proposed_by, row.approved_by) == ("赵经理", "钱经理")
    with pytest.raises(InputError, match="already decided"):
        stoppages.refuse(
            district.database, district.manager, key, "不行", version=row.version, at=AT
        )


def test_a_refusal_stays_on_record_with_its_reason(district):
    key = _proposed(district)
    with pytest.raises(StaleError):
        stoppages.refuse(district.database, district.manager, key, "太忙", version=9, at=AT)
    with pytest.raises(InputError, match="reason"):
        stoppages.refuse(district.database, district.manager, key, " ", version=1, at=AT)
    stoppages.refuse(district.database, district.manager, key, "太忙", version=1, at=AT)
    (row,) = _list(district, standing=StoppageStanding.REFUSED)
    assert (row.refused_by, row.refuse_reason) == ("赵经理", "太忙")


def test_taking_back_leaves_a_line_in_the_history(district):
    own, approved = _proposed(district), _proposed(district)
    with pytest.raises(PermissionDeniedError, match="Only its proposer"):
        stoppages.withdraw(
            district.database, district.other_technician, own, "取消", version=1, at=AT
        )
    stoppages.withdraw(district.database, district.technician, own, "取消", version=1, at=AT)
    stoppages.approve(district.database, district.manager, approved, version=1, at=AT)
    with pytest.raises(PermissionDeniedError):
        stoppages.withdraw(
            district.database, district.technician, approved, "取消", version=2, at=AT
        )
    stoppages.withdraw(district.database, district.manager, approved, "改期", version=2, at=AT)
    assert _list(district) == ()
    with pytest.raises(NotFoundError):
        stoppages.approve(district.database, district.manager, own, version=1, at=AT)
    lines = history.list_changes(
        district.database, district.manager, HistoryFilter(action="stoppage.withdraw")
    )
    assert [line.reason for line in lines.rows] == ["改期", "取消"]


def test_exactly_what_the_scope_asks_for(district):
    for wrong in (
        {"device_id": None},
        {"outlet_id": district.north},
        {"scope": StoppageScope.ALL},
        {"scope": StoppageScope.CATEGORY, "device_id": None},
    ):
        with pytest.raises(InputError, match="Choose what"):
            _proposed(district, **wrong)
    with pytest.raises(NotFoundError):
        _proposed(district, device_id=999)
    data = StoppageData(StoppageScope.ALL, START, START, "停电")
    with pytest.raises(InputError, match="end after it begins"):
        stoppages.propose(district.database, district.technician, data, at=AT)
    with pytest.raises(InputError, match="reason"):
        stoppages.propose(district.database, district.technician, replace(data, reason=" "), at=AT)


def test_the_list_is_of_a_period_and_of_ones_outlets(district):
    _proposed(district)
    _proposed(district, scope=StoppageScope.OUTLET, device_id=None, outlet_id=district.south)
    _proposed(district, scope=StoppageScope.CATEGORY, device_id=None, category=Category.ATM)
    assert len(_list(district)) == 3
    assert _list(district, since=START + 2 * HOUR) == ()
    assert _list(district, until=START) == ()
    assert len(_list(district, since=START + HOUR, until=START + 2 * HOUR)) == 3
    seen = {row.subject for row in _list(district, district.clerk)}
    assert seen == {"ATM-01", None}, "not the other outlet's, but the category's"
