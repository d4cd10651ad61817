"""The usual symptoms: what they say, what they mean, in which order."""

from __future__ import annotations

import pytest

from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError, PermissionDeniedError, StaleError
from desk_maint.domain.faults import Impact
from desk_maint.services import symptoms
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def _texts(district):
    return [row.text for row in _rows(district)]


def _rows(district):
    return symptoms.list_symptoms(district.database, district.clerk, Category.ALARM)


def test_a_symptom_comes_and_goes_and_changes(district):
    before = _texts(district)
    d = district
    symptoms.add(d.database, d.manager, Category.ALARM, " 无信号 ", Impact.OUT_OF_SERVICE, at=AT)
    assert _texts(d) == [*before, "无信号"]
    row = _rows(d)[-1]
    symptoms.edit(
        d.database, d.manager, row.id, "信号弱", Impact.DEGRADED, version=row.version, at=AT
    )
    with pytest.raises(StaleError):
        symptoms.remove(d.database, d.manager, row.id, version=row.version, at=AT)
    row = _rows(d)[-1]
    assert (row.text, row.impact) == ("信号弱", Impact.DEGRADED)
    symptoms.remove(d.database, d.manager, row.id, version=row.version, at=AT)
    assert _texts(d) == before


def test_the_buttons_are_put_in_order(district):
    rows = _rows(district)
    turned = [row.id for row in reversed(rows)]
    symptoms.reorder(district.database, district.manager, Category.ALARM, turned, at=AT)
    assert [row.id for row in _rows(district)] == turned
    with pytest.raises(StaleError):
        symptoms.reorder(district.database, district.manager, Category.ALARM, turned[1:], at=AT)


def test_each_wording_stands_once(district):
    existing = _texts(district)[0]
    for text in (existing, "  "):
        with pytest.raises(InputError):
            symptoms.add(
                district.database, district.manager, Category.ALARM, text, Impact.DEGRADED, at=AT
            )
    with pytest.raises(PermissionDeniedError):
        symptoms.add(
            district.database, district.clerk, Category.ALARM, "新", Impact.DEGRADED, at=AT
        )


def test_all_categories_come_in_one_list(district):
    found = symptoms.list_symptoms(district.database, district.clerk)
    assert {row.category for row in found} == set(Category)


def test_what_is_refused_is_about_the_wording(district):
    existing = _texts(district)[0]
    for text in (existing, "  "):
        with pytest.raises(InputError) as refused:
            symptoms.add(
                district.database, district.manager, Category.ALARM, text, Impact.DEGRADED, at=AT
            )
        assert refused.value.field == "text"


def test_the_list_goes_by_category_as_people_count_them(district):
    found = symptoms.list_symptoms(district.database, district.clerk)
    assert list(dict.fromkeys(row.category for row in found)) == list(Category)
