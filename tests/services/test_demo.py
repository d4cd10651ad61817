"""The demo district is lifelike, sound, and the same for the same moment."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from desk_maint.db.engine import create_database
from desk_maint.db.models import Base, Change, ChangedField, Device, Fault, Hold, Outlet, Stoppage
from desk_maint.domain.devices import GROUP_OF, DeviceState, Group
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState, HoldReason, TicketState
from desk_maint.domain.people import Actor, Role
from desk_maint.services import people, settings
from desk_maint.services.check import check
from desk_maint.services.demo import fill_demo
from desk_maint.services.uptime import By, uptime

ZONE = ZoneInfo("Asia/Shanghai")
NOW = int(datetime(2026, 7, 5, 10, 30, tzinfo=ZONE).timestamp())
ADMINISTRATOR = Actor("周敏", Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """A year up to :data:`NOW`; read only."""
    database = create_database(str(tmp_path_factory.mktemp("demo") / "demo.db"))
    fill_demo(database, ADMINISTRATOR, at=NOW)
    yield database
    database.close()


def contents(database):
    """Return every row of every table."""
    with database.read() as session:
        return {
            table.name: session.execute(select(table).order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
        }


def test_the_size_of_a_district(district):
    with district.read() as session:
        kinds = Counter(GROUP_OF[each] for each in session.scalars(select(Device.category)))
        outlets = session.scalar(select(func.count(Outlet.id)))
        faults = session.scalar(select(func.count(Fault.id)))
        roots = session.scalars(select(Outlet.code).where(Outlet.parent_id.is_(None))).all()
    assert kinds == {Group.ATM: 90, Group.NETWORKED_TERMINAL: 200, Group.SAFETY: 300}
    assert 28 <= outlets <= 32
    assert 2500 <= faults <= 5000
    assert roots == ["01"]


def test_it_is_sound_on_both_kinds_of_database(database):
    fill_demo(database, ADMINISTRATOR, months=2, at=NOW)
    assert check(database) == ()


def test_a_year_of_it_is_sound(district):
    assert check(district) == ()


def test_the_same_moment_makes_the_same_district(tmp_path):
    made = []
    for name in ("one", "two"):
        database = create_database(str(tmp_path / f"{name}.db"))
        fill_demo(database, ADMINISTRATOR, months=2, at=NOW)
        made.append(contents(database))
        database.close()
    assert made[0] == made[1]
    assert made[0]["fault"]


def test_the_atms_are_about_at_their_target_and_some_outlets_miss_it(district):
    report = uptime(
        district, ADMINISTRATOR, date(2025, 8, 1), date(2026, 7, 1), as_of=NOW, by={By.OUTLET}
    )
    groups = {row.group: row.figures for row in report.groups}
    assert 94 <= float(groups[Group.ATM].uptime_percent) <= 97
    assert float(groups[Group.ATM].actual_percent) < float(groups[Group.ATM].uptime_percent)
    assert 99.5 <= float(groups[Group.NETWORKED_TERMINAL].uptime_percent) < 100
    outlets = Counter(row.figures.met for row in report.outlets if row.group is Group.ATM)
    assert outlets[True] >= 10
    assert outlets[False] >= 2
    june = uptime(
        district, ADMINISTRATOR, date(2026, 6, 1), date(2026, 7, 1), as_of=NOW, by={By.OUTLET}
    )
    terminals = [row for row in june.outlets if row.group is Group.NETWORKED_TERMINAL]
    assert {row.figures.met for row in terminals} == {True, False}


def test_there_is_work_in_every_state(district):
    with district.read() as session:
        states = Counter(session.scalars(select(Fault.state)))
        overdue = session.scalar(
            select(func.count(Fault.id)).where(
                Fault.state.in_([TicketState.ACCEPTED, TicketState.ON_SITE]),
                Fault.repair_due_at < NOW,
            )
        )
        running = set(session.scalars(select(Hold.reason).where(Hold.to_at.is_(None))))
        exempt = Counter(session.scalars(select(Fault.exempt_state)))
    assert set(states) == set(TicketState)
    assert overdue >= 2
    assert running == set(HoldReason)
    assert {state for state in exempt if state is not None} == set(ExemptState)
    assert all(exempt[state] >= 3 for state in ExemptState)


def test_devices_have_a_history(district):
    with district.read() as session:
        states = Counter(session.scalars(select(Device.state)))
        moved = session.scalar(
            select(func.count()).select_from(
                select(Device.id)
                .join(Device.placements)
                .group_by(Device.id)
                .having(func.count() > 1)
                .subquery()
            )
        )
        approved = Counter(
            (row.approved_by is not None, row.refused_by is not None)
            for row in session.scalars(select(Stoppage))
        )
    assert {DeviceState.STANDBY, DeviceState.SEALED, DeviceState.SCRAPPED} <= set(states)
    assert moved >= 10
    assert approved[True, False] >= 10
    assert approved[False, False] >= 1
    assert approved[False, True] == 1


def test_nothing_is_in_the_future_and_nothing_ran_backwards(district):
    moments = ("occurred_at", "reported_at", "accepted_at", "on_site_at", "restored_at")
    with district.read() as session:
        for fault in session.scalars(select(Fault)):
            given = [getattr(fault, name) for name in moments]
            order = [moment for moment in given if moment is not None]
            assert order == sorted(order)
            assert order[-1] <= NOW


def test_everybody_can_sign_in_and_reporters_belong_to_outlets(district):
    everyone = people.list_people(district, ADMINISTRATOR)
    roles = Counter(row.role for row in everyone)
    assert set(roles) == set(Role)
    assert roles[Role.REPORTER] >= 20
    assert all(row.outlet_ids for row in everyone if row.role is Role.REPORTER)
    reporter = next(row for row in everyone if row.role is Role.REPORTER)
    assert people.sign_in(district, reporter.login).outlet_ids == reporter.outlet_ids


def test_the_history_says_that_it_was_made_up(district):
    with district.read() as session:
        (change,) = session.scalars(select(Change))
        faults = session.scalar(
            select(func.count()).where(ChangedField.kind == "fault", ChangedField.field == "")
        )
        count = session.scalar(select(func.count(Fault.id)))
    assert (change.action, change.actor, change.at) == ("demo", "周敏", NOW)
    assert faults == count


def test_it_goes_into_an_empty_database_only(sqlite_database):
    fill_demo(sqlite_database, ADMINISTRATOR, months=1, at=NOW)
    before = contents(sqlite_database)
    with pytest.raises(InputError):
        fill_demo(sqlite_database, ADMINISTRATOR, months=1, at=NOW)
    assert contents(sqlite_database) == before


def test_people_and_settings_may_be_there_already(sqlite_database):
    added = people.add_first_administrator(sqlite_database, "me", "周敏", None, at=NOW)
    in_force = settings.read_settings(sqlite_database, added.actor)
    settings.update(
        sqlite_database, added.actor, {"bureau_name": "我局"}, expected=in_force, at=NOW
    )
    fill_demo(sqlite_database, added.actor, months=1, at=NOW)
    names = [row.name for row in people.list_people(sqlite_database, added.actor)]
    assert names.count("周敏") == 1
    assert settings.read_settings(sqlite_database, added.actor).bureau_name == "我局"


def test_only_an_administrator_may_fill_it(sqlite_database):
    with pytest.raises(PermissionDeniedError):
        fill_demo(sqlite_database, Actor("李强", Role.TECHNICIAN), at=NOW)
