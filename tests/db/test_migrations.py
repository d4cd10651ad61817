from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, insert, inspect, select, update

from desk_maint.db import migrate
from desk_maint.db.check import check_structure
from desk_maint.db.engine import Database, create_database, open_database, writing
from desk_maint.db.location import place_of
from desk_maint.db.migrate import move_to, upgrade
from desk_maint.db.models import Device, Fault, Hold, RepairLimit, SpecialDay
from desk_maint.db.revisions import HEAD, known_revisions
from desk_maint.domain.calendars import SpecialDayKind
from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.outlets import Zone
from tests.db.filling import contents, fill, without_newer
from tests.killing import count_steps, run_and_kill, spread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLDEST = "0001"
UPGRADE = (
    "import sys; from desk_maint.db.engine import open_database; "
    "open_database(sys.argv[1], upgrade=True).close()"
)


def go_to(database: Database, revision: str) -> None:
    with writing(database.engine, rebuilding=True) as connection:
        move_to(connection, revision)


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return contents(session.connection())


@pytest.fixture
def old(database: Database) -> Iterator[Database]:
    """A filled database as the oldest version left it."""
    fill(database)
    go_to(database, OLDEST)
    return database


def test_the_names_of_the_revisions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "desk_maint.db:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert {each.revision for each in scripts.walk_revisions()} == known_revisions()


def test_the_newest_schema_is_that_of_the_models(database: Database) -> None:
    assert check_structure(database) == ()


@pytest.mark.parametrize("revision", sorted(known_revisions() - {HEAD}))
def test_each_step_down_and_up_keeps_every_row(database: Database, revision: str) -> None:
    fill(database)
    before = rows(database)
    assert all(before.values()), "a table without a row proves nothing"
    kept = without_newer(before, revision)
    go_to(database, revision)
    assert rows(database) == kept
    go_to(database, HEAD)
    assert rows(database) == kept
    assert check_structure(database) == ()


def test_down_to_nothing_and_up_again(database: Database) -> None:
    fill(database)
    go_to(database, "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    go_to(database, HEAD)
    assert check_structure(database) == ()
    assert not any(rows(database).values())


def test_what_breaks_the_new_rules_is_mended_on_the_way(old: Database) -> None:
    day = date(2027, 1, 1)
    with writing(old.engine) as connection:
        fault = connection.scalar(select(func.min(Fault.id)))
        for name in ("first", "second"):
            connection.execute(
                insert(SpecialDay).values(day=day, kind=SpecialDayKind.REST, name=name, version=1)
            )
        connection.execute(
            insert(RepairLimit).values(
                grade=1, zone=Zone.CITY, clock="elapsed", repair="9h", version=1
            )
        )
        connection.execute(update(Device).values(retired_on=date(2019, 1, 1)))
        connection.execute(delete(Hold).where(Hold.fault_id == fault))
        for start in (100, 200):
            connection.execute(
                insert(Hold).values(fault_id=fault, from_at=start, reason="no_access")
            )
    upgrade(old)
    with old.read() as session:
        assert session.scalars(select(SpecialDay.name).where(SpecialDay.day == day)).all() == [
            "second"
        ]
        clocks = session.scalars(
            select(RepairLimit.clock).where(
                RepairLimit.category.is_(None),
                RepairLimit.grade == 1,
                RepairLimit.zone == Zone.CITY,
            )
        ).all()
        assert clocks == ["elapsed"]
        assert session.scalars(select(Device.retired_on)).all() == [date(2020, 2, 29)]
        holds = session.execute(
            select(Hold.from_at, Hold.to_at).where(Hold.fault_id == fault).order_by(Hold.from_at)
        ).all()
        assert [tuple(hold) for hold in holds] == [(100, 200), (200, None)]
    assert check_structure(old) == ()


def test_an_older_database_is_opened_only_to_be_upgraded(old: Database, database_url: str) -> None:
    before = rows(old)
    with pytest.raises(EnvironmentProblem, match="database upgrade"):
        open_database(database_url)
    assert rows(old) == before
    opened = open_database(database_url, upgrade=True)
    assert rows(opened) == before
    assert check_structure(opened) == ()
    opened.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_of_the_old_file_is_kept(old: Database) -> None:
    before = rows(old)
    kept = upgrade(old, now=datetime(2026, 6, 1, 8, 30, tzinfo=UTC))
    assert kept is not None
    assert old.place.path is not None
    assert kept.name == f"{old.place.path.name}.before-{OLDEST}-20260601-083000"
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (OLDEST,)
    copy = Database(place_of(str(kept)))
    assert rows(copy) == before
    copy.close()


def test_a_step_that_fails_leaves_the_old_schema(
    old: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old)

    def fail(_connection: object) -> None:
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "create_guards", fail)
        with pytest.raises(KeyError):
            upgrade(old)
    with pytest.raises(EnvironmentProblem, match="older version"):
        open_database(database_url)
    assert rows(old) == before
    upgrade(old)
    assert check_structure(old) == ()


def test_two_windows_may_upgrade_at_once(old: Database, database_url: str) -> None:
    before = rows(old)
    failed: list[BaseException] = []

    def one() -> None:
        try:
            open_database(database_url, upgrade=True).close()
        except BaseException as error:  # noqa: BLE001  (told to the test's own thread)
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert rows(old) == before
    assert check_structure(old) == ()


def is_old_or_new(location: str, before: dict[str, list[tuple[object, ...]]]) -> str:
    """Prove that a database left by a killed upgrade is whole; return its revision."""
    place = place_of(location)
    if place.path is not None:
        with closing(sqlite3.connect(place.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    left = Database(place)
    assert rows(left) == before
    with left.engine.connect() as connection:
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    left.close()
    opened = open_database(location, upgrade=True)
    assert check_structure(opened) == ()
    assert rows(opened) == before
    opened.close()
    return str(revision)


def test_an_upgrade_killed_at_any_step_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    database = create_database(str(tmp_path / "old.db"))
    fill(database, faults=400)
    go_to(database, OLDEST)
    before = rows(database)
    database.close()

    def fresh(name: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        return str(shutil.copy(tmp_path / "old.db", folder / "desk-maint.db"))

    steps = count_steps(["-c", UPGRADE, fresh("counted")])
    left = set()
    for step in spread(steps, 32):
        location = fresh(f"step-{step}")
        assert run_and_kill(["-c", UPGRADE, location], after_steps=step)
        left.add(is_old_or_new(location, before))
    assert left == {OLDEST, HEAD}, "the kills did not fall on both sides of the commit"


def test_an_upgrade_killed_while_it_writes_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    database = create_database(str(tmp_path / "old.db"))
    fill(database, faults=400)
    go_to(database, OLDEST)
    before = rows(database)
    database.close()
    killed = 0
    for size in range(0, 240_000, 20_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        location = str(shutil.copy(tmp_path / "old.db", folder / "desk-maint.db"))
        log = folder / "desk-maint.db-wal"
        killed += run_and_kill(["-c", UPGRADE, location], watch=log, after_bytes=size)
        assert is_old_or_new(location, before) in {OLDEST, HEAD}
    assert killed


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_whose_client_is_killed_keeps_the_old_or_the_new(
    old: Database, database_url: str
) -> None:
    before = rows(old)
    old.close()
    steps = count_steps(["-c", UPGRADE, database_url])
    for step in spread(steps - 1, 16):
        go_back = open_database(database_url)
        go_to(go_back, OLDEST)
        go_back.close()
        assert run_and_kill(["-c", UPGRADE, database_url], after_steps=step)
        assert is_old_or_new(database_url, before) in {OLDEST, HEAD}
