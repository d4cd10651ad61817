from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from desk_maint.domain.devices import DeviceState
from desk_maint.domain.faults import HoldReason
from desk_maint.services import devices, tickets
from desk_maint.services.check import check
from tests.services.conftest import local

if TYPE_CHECKING:
    from tests.services.conftest import District


@pytest.fixture
def worked(district: District) -> District:
    """Two tickets, one of them held, a terminal that has moved and a camera that is sealed."""
    first = district.report().id
    district.report(district.terminal, "2026-06-02 10:00")
    accepted = {"at": local("2026-06-01 09:10")}
    held = {"at": local("2026-06-01 09:30")}
    tickets.accept(
        district.database, district.technician, {first: district.version(first)}, **accepted
    )
    tickets.hold(
        district.database,
        district.technician,
        first,
        HoldReason.NO_ACCESS,
        version=district.version(first),
        **held,
    )
    devices.move(
        district.database,
        district.manager,
        {district.terminal: 1},
        district.south,
        on=date(2026, 6, 3),
        at=local("2026-06-03 09:00"),
    )
    devices.change_state(
        district.database,
        district.manager,
        {district.camera: 1},
        DeviceState.SEALED,
        on=date(2026, 6, 3),
        at=local("2026-06-03 09:00"),
    )
    return district


def spoil(district: District, statement: str) -> list[str]:
    """Change the database behind the services' back; return what the check says."""
    with district.database.engine.begin() as connection:
        connection.execute(text(statement))
    return [str(finding) for finding in check(district.database)]


def test_what_the_services_write_is_sound(worked: District) -> None:
    assert check(worked.database) == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            (
                "UPDATE fault SET state = 'closed' WHERE reported_at = (SELECT max(reported_at) "
                "FROM fault)"
            ),
            "The state of 1 tickets does not follow",
        ),
        ("UPDATE fault SET repair_due_at = repair_due_at + 1", "The deadlines of 2 tickets"),
        ("UPDATE fault SET accept_due_at = NULL", "The deadlines of 2 tickets"),
        ("UPDATE repair_limit SET repair = '9h'", "The deadlines of 2 tickets"),
        (
            (
                "UPDATE fault SET outlet_id = (SELECT id FROM outlet WHERE code = '01'), "
                "accept_due_at = accept_due_at"
            ),
            "2 tickets belong to another outlet",
        ),
        (
            "UPDATE fault SET accepted_at = reported_at - 1 WHERE accepted_at IS NOT NULL",
            "lies before",
        ),
        ("UPDATE hold SET from_at = from_at - 86400", "A hold begins"),
        (
            (
                "UPDATE device SET outlet_id = (SELECT id FROM outlet WHERE code = '0101') "
                "WHERE tag = 'T-01'"
            ),
            "1 devices do not stand where their last move took them: ('T-01',)",
        ),
        ("UPDATE device SET position = '楼顶' WHERE tag = 'T-02'", "('T-02',)"),
        (
            "UPDATE device SET state = 'in_use' WHERE tag = 'C-01'",
            "1 devices are not in the state that was entered last: ('C-01',)",
        ),
        ("DELETE FROM placement", "5 devices lack the entry"),
        (
            "UPDATE device_state_change SET from_on = '2026-01-05' WHERE from_on = '0001-01-01'",
            "5 devices lack the entry",
        ),
        ("UPDATE calendar_version SET mon = 'all day'", "are no opening hours"),
        ("UPDATE setting SET value = 'Mars/Olympus' WHERE key = 'timezone'", "no time zone"),
        ("UPDATE repair_limit SET clock = 'moonlight'", "moonlight"),
    ],
)
def test_what_does_not_follow_is_told(worked: District, statement: str, said: str) -> None:
    findings = spoil(worked, statement)
    assert any(said in finding for finding in findings), findings


def test_of_many_strays_the_first_are_named(worked: District) -> None:
    with worked.database.engine.begin() as connection:
        for number in range(30):
            connection.execute(
                text(
                    "INSERT INTO device (tag, category, outlet_id, state, commissioned_on, version)"
                    " VALUES (:tag, 'atm', :outlet, 'in_use', '2026-01-05', 1)"
                ),
                {"tag": f"X-{number:02}", "outlet": worked.north},
            )
    (finding,) = check(worked.database)
    assert finding.values["count"] == 30
    assert finding.values["names"] == (*(f"X-{number:02}" for number in range(10)), "…")


def test_a_broken_schema_is_all_that_is_told(worked: District) -> None:
    (finding,) = spoil(worked, "DROP VIEW v_fault")
    assert "view v_fault is missing" in finding
