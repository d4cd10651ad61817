from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from desk_maint.db import engine as engine_module
from desk_maint.db.engine import Database, create_database, open_database
from desk_maint.db.models import Calendar, Change, ChangedField, Outlet, RepairLimit, Setting
from desk_maint.domain.errors import EnvironmentProblem, InputError, StaleError
from desk_maint.domain.people import Actor, Role

ANNA = Actor("Anna", Role.MANAGER)


def add_outlet(database: Database, code: str = "0101") -> int:
    with database.change(ANNA, "outlet.edit", at=100) as work:
        outlet = Outlet(code=code, name="中心营业厅")
        work.session.add(outlet)
        work.session.flush()
        return outlet.id


def history(database: Database) -> list[tuple[object, ...]]:
    with database.read() as session:
        return [
            tuple(row)
            for row in session.execute(
                select(
                    Change.actor,
                    Change.action,
                    ChangedField.kind,
                    ChangedField.field,
                    ChangedField.old,
                    ChangedField.new,
                )
                .join(ChangedField)
                .order_by(ChangedField.id)
            )
        ]


def test_a_new_database_holds_the_house_defaults(database: Database) -> None:
    with database.read() as session:
        names = set(session.scalars(select(Calendar.name)))
        limits = session.scalar(select(func.count(RepairLimit.id)))
        target = session.get(Setting, "target.atm")
    assert names == {"24h", "maintenance hours", "working hours"}
    assert limits == 12
    assert target is not None
    assert target.value == "95.00"


def test_a_change_is_written_with_its_history(database: Database) -> None:
    key = add_outlet(database)
    with database.change(ANNA, "outlet.edit", at=200) as work:
        outlet = work.session.get(Outlet, key)
        assert outlet is not None
        outlet.name = "新中心"
    assert work.changes.ids == {"outlet": frozenset({key})}
    assert history(database) == [
        ("Anna", "outlet.edit", "outlet", "", None, "0101"),
        ("Anna", "outlet.edit", "outlet", "name", "中心营业厅", "新中心"),
    ]


def test_what_fails_half_way_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.change(ANNA, "outlet.edit", at=100) as work:
            work.session.add(Outlet(code="1", name="a"))
            work.session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.read() as session:
        assert session.scalar(select(func.count(Outlet.id))) == 0
    assert history(database) == []


def test_a_change_of_nothing_leaves_no_line(database: Database) -> None:
    with database.change(ANNA, "outlet.edit", at=100) as work:
        work.session.scalars(select(Outlet)).all()
    assert not work.changes
    with database.read() as session:
        assert session.scalar(select(func.count(Change.id))) == 0


def test_the_second_of_two_edits_is_refused(database: Database) -> None:
    key = add_outlet(database)
    with database.read() as session:
        seen = session.get(Outlet, key)
        assert seen is not None
        session.expunge(seen)
    with database.change(ANNA, "outlet.edit", at=200) as work:
        work.session.get_one(Outlet, key).name = "first"

    def second() -> None:
        with database.change(ANNA, "outlet.edit", at=300) as work:
            seen.name = "second"
            work.session.add(seen)

    with pytest.raises(StaleError):
        second()
    with database.read() as session:
        assert session.get_one(Outlet, key).name == "first"


@pytest.mark.parametrize(
    "statement", ["UPDATE change SET actor = 'x'", "DELETE FROM changed_field"]
)
def test_the_history_only_grows(database: Database, statement: str) -> None:
    add_outlet(database)
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))
    assert len(history(database)) == 1


def test_the_views_can_be_read(database: Database) -> None:
    add_outlet(database)
    with database.read() as session:
        assert session.execute(text("SELECT code, name FROM v_outlet")).all() == [
            ("0101", "中心营业厅")
        ]
        line = session.execute(text("SELECT at_utc, actor FROM v_history")).one()
        assert tuple(line) == ("1970-01-01 00:01:40Z", "Anna")
        for view in ("v_device", "v_fault", "v_hold"):
            assert session.execute(text(f"SELECT * FROM {view}")).all() == []  # noqa: S608


def test_it_opens_again_and_is_not_made_twice(database: Database, database_url: str) -> None:
    add_outlet(database)
    again = open_database(database_url)
    with again.read() as session:
        assert session.scalar(select(func.count(Outlet.id))) == 1
    again.close()
    with pytest.raises(InputError, match="already"):
        create_database(database_url)


def test_a_missing_database_says_how_to_make_one(database_url: str) -> None:
    with pytest.raises(EnvironmentProblem, match="database init"):
        open_database(database_url)


def test_a_newer_database_is_refused(database: Database, database_url: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(EnvironmentProblem, match="newer version"):
        open_database(database_url)


def test_a_full_disk_is_told_and_changes_nothing(sqlite_database: Database) -> None:
    add_outlet(sqlite_database)
    with sqlite_database.read() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with sqlite_database.change(ANNA, "outlet.edit", at=1) as work:
            work.session.execute(text(f"PRAGMA max_page_count = {pages}"))
            for number in range(2000):
                work.session.add(Outlet(code=f"x{number}", name="x" * 90))

    with pytest.raises(EnvironmentProblem, match="full"):
        fill()
    with sqlite_database.read() as session:
        assert session.scalar(select(func.count(Outlet.id))) == 1


def test_a_locked_file_is_told(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    other = open_database(sqlite_database.url)
    with (
        sqlite_database.change(ANNA, "outlet.edit", at=1),
        pytest.raises(EnvironmentProblem, match="Another program"),
    ):
        add_outlet(other)
    other.close()


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be reached"):
        open_database("postgresql://nobody@127.0.0.1:1/none")
