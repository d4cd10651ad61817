from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select, text

from desk_maint.db import engine as engine_module
from desk_maint.db.engine import Database, open_database
from desk_maint.db.models import (
    Calendar,
    Change,
    ChangedField,
    Device,
    Fault,
    Hold,
    Outlet,
    Person,
    Placement,
    Setting,
)
from desk_maint.domain.errors import EnvironmentProblem, StaleError
from desk_maint.domain.people import Role
from tests.db.filling import ANNA, fill

if TYPE_CHECKING:
    from collections.abc import Callable


def lines(database: Database, kind: str) -> list[tuple[str, str | None, str | None]]:
    """Field, old and new of what the last change did to records of a kind."""
    with database.read() as session:
        last = select(func.max(Change.id)).scalar_subquery()
        found = session.execute(
            select(ChangedField.field, ChangedField.old, ChangedField.new)
            .where(ChangedField.change_id == last, ChangedField.kind == kind)
            .order_by(ChangedField.id)
        )
        return [tuple(row) for row in found]


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database)
    return database


def test_what_a_relationship_takes_away_is_recorded_with_its_last_values(filled: Database) -> None:
    with filled.change(ANNA, "device.move", at=3) as work:
        device = work.session.scalars(select(Device)).one()
        key, first = device.id, device.placements[0].outlet_id
        gone = device.placements[0].id
        device.placements.pop(0)
    assert work.changes.ids == {"placement": {gone}}
    assert lines(filled, "placement") == [
        ("", "0001-01-01", None),
        ("device_id", str(key), None),
        ("from_on", "0001-01-01", None),
        ("outlet_id", str(first), None),
    ]


def test_what_a_relationship_adds_is_recorded(filled: Database) -> None:
    with filled.change(ANNA, "device.move", at=3) as work:
        device = work.session.scalars(select(Device)).one()
        device.placements.append(Placement(from_on=date(2026, 5, 4), outlet_id=device.outlet_id))
    assert lines(filled, "placement") == [("", None, "2026-05-04")]


def test_a_value_that_was_never_read_is_recorded_as_it_was(filled: Database) -> None:
    with filled.change(ANNA, "outlet.edit", at=3) as work:
        outlet = work.session.scalars(select(Outlet).where(Outlet.code == "0101")).one()
        work.session.expire(outlet, ["name"])
        outlet.name = "新名"
    assert lines(filled, "outlet") == [("name", "东街支局", "新名")]


def test_the_same_value_again_is_no_change(filled: Database) -> None:
    with filled.change(ANNA, "outlet.edit", at=3) as work:
        outlet = work.session.scalars(select(Outlet).where(Outlet.code == "0101")).one()
        outlet.name = "东街支局"
        outlet.manager = None
    assert not work.changes
    assert work.changes.kinds == frozenset()


def test_values_are_kept_as_they_are_stored(filled: Database) -> None:
    with filled.change(ANNA, "ticket.edit", at=3) as work:
        hold = work.session.scalars(select(Hold).where(Hold.to_at.is_(None)).limit(1)).one()
        start, hold.to_at = hold.from_at, hold.from_at + 60
        fault = work.session.get_one(Fault, hold.fault_id)
        fault.grade, fault.occurred_estimated = 1, True
    assert lines(filled, "hold") == [("to_at", None, str(start + 60))]
    assert sorted(lines(filled, "fault")) == [
        ("grade", "2", "1"),
        ("occurred_estimated", "False", "True"),
    ]


def test_a_password_never_stands_in_the_history(filled: Database) -> None:
    for at, password in enumerate(("one", "two", None), 3):
        with filled.change(ANNA, "person.password", at=at) as work:
            work.session.scalars(select(Person)).one().password_hash = password
    with filled.read() as session:
        kept = session.execute(
            select(ChangedField.old, ChangedField.new)
            .where(ChangedField.field == "password_hash")
            .order_by(ChangedField.id)
        )
        assert [tuple(row) for row in kept] == [(None, "•••"), ("•••", "•••"), ("•••", None)]


def test_a_removed_record_leaves_all_its_values(filled: Database) -> None:
    with filled.change(ANNA, "ticket.edit", at=3) as work:
        fault = work.session.scalars(select(Fault).where(Fault.number == "F-00001")).one()
        hold_ids = {hold.id for hold in fault.holds}
        work.session.delete(fault)
    assert work.changes.ids["hold"] == hold_ids
    told = {field: old for field, old, new in lines(filled, "fault") if new is None}
    assert told["symptom"] == "卡钞"
    assert told["impact"] == "out_of_service"
    assert told["accepted_at"] == str(10 * 86400 + 3600 + 120)


def test_bulk_writers_say_themselves_what_changed(filled: Database) -> None:
    many = 12_000  # more than is written at once
    with filled.change(ANNA, "import", at=3, reason="ledger.xlsx") as work:
        work.record_added("fault", ((-key, f"N-{key}") for key in range(1, many + 1)))
        work.record("fault", -1, "grade", 2, 3)
        work.touched("hold", [7, 8])
        work.touched("device", [])
    assert len(work.changes.ids["fault"]) == many
    assert work.changes.ids["hold"] == {7, 8}
    assert work.changes.kinds == {"fault", "hold"}
    written = lines(filled, "fault")
    assert len(written) == many + 1
    assert written[-1] == ("grade", "2", "3")
    with filled.read() as session:
        change = session.scalars(select(Change).order_by(Change.id.desc()).limit(1)).one()
        assert (change.actor, change.role, change.reason) == ("Anna", Role.MANAGER, "ledger.xlsx")


def test_a_savepoint_given_up_leaves_the_rest(database: Database) -> None:
    with database.change(ANNA, "import", at=3) as work:
        work.session.add(Outlet(code="1", name="kept"))
        work.session.flush()
        point = work.session.begin_nested()
        work.session.execute(insert(Outlet).values(code="2", name="given up", version=1))
        point.rollback()
    with database.read() as session:
        codes = session.scalars(select(Outlet.code)).all()
    assert codes == ["1"]


def test_a_key_that_leads_nowhere_is_refused(database: Database) -> None:
    def write() -> None:
        with database.change(ANNA, "outlet.edit", at=3) as work:
            work.session.add(Outlet(code="1", name="a", parent_id=999))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        write()


def test_reading_sees_one_state_while_others_write(filled: Database) -> None:
    with filled.read() as session:
        before = session.scalar(select(func.count(Outlet.id)))
        with filled.change(ANNA, "outlet.edit", at=3) as work:
            work.session.add(Outlet(code="9", name="new"))
        assert session.scalar(select(func.count(Outlet.id))) == before
    with filled.read() as session:
        assert session.scalar(select(func.count(Outlet.id))) == before + 1


def test_nothing_can_be_written_while_reading(filled: Database) -> None:
    def write() -> None:
        with filled.read() as session:
            session.add(Outlet(code="9", name="new"))
            session.flush()

    with pytest.raises(EnvironmentProblem):
        write()
    with filled.read() as session:
        assert session.scalar(select(func.count(Outlet.id)).where(Outlet.code == "9")) == 0


def all_at_once(*works: Callable[[], None]) -> list[BaseException]:
    failed: list[BaseException] = []

    def one(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (told to the test's own thread)
            failed.append(error)

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_writers_wait_for_each_other_and_lose_nothing(
    database: Database, database_url: str
) -> None:
    """Each reads a number and writes the next: two at once would write the same one."""
    other = open_database(database_url)
    with database.change(ANNA, "settings.edit", at=1) as work:
        work.session.add(Setting(key="counter", value="0"))

    def count(where: Database) -> Callable[[], None]:
        def run() -> None:
            for _ in range(10):
                with where.change(ANNA, "settings.edit", at=2) as work:
                    row = work.session.get_one(Setting, "counter")
                    row.value = str(int(row.value) + 1)

        return run

    failed = all_at_once(count(database), count(database), count(other))
    other.close()
    assert failed == []
    with database.read() as session:
        assert session.get_one(Setting, "counter").value == "30"


def test_two_edits_of_one_state_from_two_windows(database: Database, database_url: str) -> None:
    fill(database)
    other = open_database(database_url)
    with other.read() as session:
        seen = session.scalars(select(Calendar).where(Calendar.name == "24h")).one()
        session.expunge(seen)
    with database.change(ANNA, "calendar.edit", at=3) as work:
        work.session.scalars(select(Calendar).where(Calendar.name == "24h")).one().name = "24 h"

    def late() -> None:
        with other.change(ANNA, "calendar.edit", at=4) as work:
            seen.name = "round the clock"
            work.session.add(seen)

    with pytest.raises(StaleError):
        late()
    other.close()
    with database.read() as session:
        assert "24 h" in session.scalars(select(Calendar.name)).all()


def test_a_writer_that_waits_too_long_is_told(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    other = open_database(database_url)

    def write() -> None:
        with other.change(ANNA, "outlet.edit", at=1) as work:
            work.session.add(Outlet(code="1", name="a"))

    with (
        database.change(ANNA, "outlet.edit", at=1),
        pytest.raises(EnvironmentProblem, match="Another program"),
    ):
        write()
    write()
    with other.read() as session:
        assert session.scalar(select(func.count(Outlet.id))) == 1
    other.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sqlite_file_is_set_up_to_survive_a_power_cut(database: Database) -> None:
    with database.read() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
