from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from desk_maint.db.check import check_structure
from tests.db.filling import fill

if TYPE_CHECKING:
    from desk_maint.db.engine import Database


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database)
    return database


def spoil(database: Database, *statements: str) -> list[str]:
    """Change the database behind the program's back; return what the check says."""
    with database.engine.connect() as connection:
        raw = connection.connection.cursor()
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            raw.execute(statement)
        connection.connection.commit()
        raw.close()
    database.engine.dispose()
    return [str(finding) for finding in check_structure(database)]


def test_a_sound_database_has_no_findings(filled: Database) -> None:
    assert check_structure(filled) == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP INDEX ix_fault_uptime", "ix_fault_uptime"),
        ("ALTER TABLE fault ADD COLUMN mine TEXT", "mine"),
        ("DROP VIEW v_fault", "view v_fault is missing"),
        ("DROP TABLE job_run", "job_run"),
        ("CREATE TABLE mine (id integer)", "mine"),
    ],
)
def test_another_schema_is_told(filled: Database, statement: str, said: str) -> None:
    (finding,) = spoil(filled, statement)
    assert "The schema is not that of this version" in finding
    assert said in finding


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_missing_rule_is_told(filled: Database) -> None:
    (finding,) = spoil(filled, "ALTER TABLE device DROP CONSTRAINT ck_device_retired")
    assert "device: check ck_device_retired is missing" in finding


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE fault SET state = 'lost'", "5 values of state in the table fault"),
        ("UPDATE outlet SET zone = 'moon' WHERE code = '01'", "1 values of zone"),
    ],
)
def test_words_of_no_vocabulary_are_told(filled: Database, statement: str, said: str) -> None:
    (finding,) = spoil(filled, statement)
    assert said in finding


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE fault SET reported_at = '2026-03-05 09:05'", "5 values of reported_at"),
        ("UPDATE fault SET accepted_at = 1.5 WHERE number = 'F-00000'", "1 values of accepted_at"),
        ("UPDATE device SET commissioned_on = '5.3.2026'", "1 values of commissioned_on"),
        ("UPDATE device SET warranty_until = 20260305", "1 values of warranty_until"),
        ("UPDATE outlet SET networked = 'yes'", "2 values of networked"),
        ("DELETE FROM device", "rows of the table fault refer to rows of device"),
        ("UPDATE fault SET grade = 9", "The file is damaged: CHECK constraint failed"),
    ],
)
def test_what_sqlite_lets_through_is_told(filled: Database, statement: str, said: str) -> None:
    findings = spoil(filled, statement)
    assert any(said in finding for finding in findings), findings


def test_a_history_without_its_guards_is_told(filled: Database) -> None:
    guard = "guard_change_delete" if filled.is_sqlite else "guard_change ON change"
    (finding,) = spoil(filled, f"DROP TRIGGER {guard}")
    assert "The guard guard_change" in finding


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_guard_that_is_switched_off_is_told(filled: Database) -> None:
    (finding,) = spoil(filled, "ALTER TABLE change DISABLE TRIGGER guard_change")
    assert "The guard guard_change" in finding


def test_a_change_that_lost_its_lines_is_told(filled: Database) -> None:
    with filled.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO change (at, actor, role, action) "
                "VALUES (5, 'Anna', 'manager', 'outlet.edit')"
            )
        )
    (finding,) = check_structure(filled)
    assert "Change 3 of the history has lost its lines" in str(finding)
