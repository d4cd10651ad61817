"""Settings: typed, checked in one place, never overwritten unseen."""

from __future__ import annotations

import pytest

from desk_maint.domain.devices import Group
from desk_maint.domain.errors import InputError, PermissionDeniedError, StaleError
from desk_maint.domain.targets import Counts, Measure, format_target, parse_target
from desk_maint.services import settings
from desk_maint.services.settings import DEFAULTS
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def test_a_new_database_has_the_house_rules(district):
    found = settings.read_settings(district.database, district.clerk)
    assert found.zone.key == "Asia/Shanghai"
    assert found.target == {Group.ATM: 9500, Group.NETWORKED_TERMINAL: 10000, Group.SAFETY: 10000}
    assert found.counts[Group.ATM] is Counts.OUT_OF_SERVICE
    assert found.measure[Group.SAFETY] is Measure.UPTIME
    assert {key: found.value(key) for key in DEFAULTS} == dict(DEFAULTS)


def test_values_are_kept_in_one_writing(district):
    before = settings.read_settings(district.database, district.manager)
    changes = settings.update(
        district.database,
        district.manager,
        {
            "target.atm": "９６.5 ％",
            "measure.safety": "Device days",
            "counts.atm": "any_fault",
            "bureau_name": " 城区邮政局 ",
        },
        expected=before,
        at=AT,
    )
    assert changes.kinds == {"setting"}
    after = settings.read_settings(district.database, district.manager)
    assert after.target[Group.ATM] == 9650
    assert after.measure[Group.SAFETY] is Measure.DEVICE_DAYS
    assert after.bureau_name == "城区邮政局"
    with pytest.raises(StaleError, match=r"96\.50"):
        settings.update(
            district.database, district.other_manager, {"target.atm": "97"}, expected=before, at=AT
        )


def test_another_time_zone_moves_all_deadlines(district):
    reported = district.report()
    before = settings.read_settings(district.database, district.manager)
    changes = settings.update(
        district.database, district.manager, {"timezone": "UTC"}, expected=before, at=AT
    )
    assert reported.id in changes.ids["fault"]
    # 09:00 in Shanghai is 01:00 UTC: eight hours from 08:00 UTC on.
    assert district.ticket(reported.id).row.repair_due_at == local("2026-06-02 00:00")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("target.atm", "101"),
        ("target.atm", "95.123"),
        ("target.atm", "-1"),
        ("timezone", "Asia/Nowhere"),
        ("counts.atm", "some"),
        ("measure.atm", ""),
        ("colour", "red"),
    ],
)
def test_what_is_no_value_is_refused_in_a_sentence(key, value):
    with pytest.raises(InputError):
        settings.normal_value(key, value)


@pytest.mark.parametrize(
    ("text", "hundredths"), [("95", 9500), ("95.5", 9550), ("100.00%", 10000), ("0", 0)]
)
def test_targets_are_read_and_written(text, hundredths):
    assert parse_target(text) == hundredths
    assert parse_target(format_target(hundredths)) == hundredths


def test_only_managers_change_the_rules(district):
    with pytest.raises(PermissionDeniedError):
        settings.update(
            district.database,
            district.technician,
            {"target.atm": "1"},
            expected=settings.read_settings(district.database, district.technician),
            at=AT,
        )


@pytest.mark.parametrize(
    ("key", "text"),
    [("target.safety", "101"), ("timezone", "Mars/Base"), ("counts.atm", "some")],
)
def test_what_is_refused_names_its_setting(district, key, text):
    before = settings.read_settings(district.database, district.manager)
    with pytest.raises(InputError) as refused:
        settings.update(
            district.database,
            district.manager,
            {"bureau_name": "新", key: text},
            expected=before,
            at=AT,
        )
    assert refused.value.field == key
    assert settings.read_settings(district.database, district.manager) == before
