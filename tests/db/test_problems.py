from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from desk_maint.db.check import check_structure
from desk_maint.db.engine import Database, connect, create_database, open_database
from desk_maint.db.location import place_of
from desk_maint.db.models import Fault, Outlet, Symptom
from desk_maint.db.problems import told_plainly
from desk_maint.domain.errors import EnvironmentProblem, InputError
from tests.db.filling import ANNA, fill
from tests.killing import count_steps, run_and_kill, spread

ON_SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
INIT = (
    "import sys; from desk_maint.db.engine import create_database; "
    "create_database(sys.argv[1]).close()"
)


def raising(error: Exception, kind: type[OperationalError] = OperationalError) -> None:
    with told_plainly("X"):
        raise kind("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "X is full"),
        (sqlite3.SQLITE_BUSY, "Another program"),
        (sqlite3.SQLITE_BUSY | 2 << 8, "Another program"),  # SQLITE_BUSY_SNAPSHOT
        (sqlite3.SQLITE_READONLY | 3 << 8, "may not be written"),
        (sqlite3.SQLITE_CORRUPT, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "is damaged"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR, "cannot be opened"),
    ],
)
def test_what_sqlite_complains_of_is_told(code: int, said: str) -> None:
    error = sqlite3.OperationalError("whatever it says")
    error.sqlite_errorcode = code
    with pytest.raises(EnvironmentProblem, match=said):
        raising(error)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg.errors.DiskFull, "X is full"),
        (psycopg.errors.LockNotAvailable, "Another program"),
        (psycopg.errors.DeadlockDetected, "Another program"),
        (psycopg.errors.SerializationFailure, "Another program"),
        (psycopg.errors.InsufficientPrivilege, "may not be written"),
        (psycopg.errors.ReadOnlySqlTransaction, "may not be written"),
        (psycopg.errors.InvalidCatalogName, "no database called like X"),
        (psycopg.errors.InvalidPassword, "refuses the user name"),
        (psycopg.errors.AdminShutdown, "cannot be reached"),
        (psycopg.errors.TooManyConnections, "cannot be reached"),
    ],
)
def test_what_a_server_complains_of_is_told_whatever_its_language(
    error: type[psycopg.Error], said: str
) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        raising(error("磁盘或别的什么出了问题"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('FATAL:  password authentication failed for user "anna"', "refuses the user name"),
        ("fe_sendauth: no password supplied", "refuses the user name"),
        ('FATAL:  role "anna" does not exist', "refuses the user name"),
        ('FATAL:  database "desk" does not exist', "no database called like X"),
        ("could not translate host name", "cannot be reached"),
    ],
)
def test_what_goes_wrong_while_connecting_is_told(words: str, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        raising(psycopg.OperationalError(words))


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("", {}, psycopg.errors.UniqueViolation("Key (name)=(disk full) exists")),
        ProgrammingError("", {}, psycopg.errors.UndefinedColumn('role "x" does not exist')),
        IntegrityError("", {}, sqlite3.IntegrityError("database is locked")),
    ],
)
def test_a_fault_of_the_program_stays_one(error: IntegrityError | ProgrammingError) -> None:
    with pytest.raises(type(error)), told_plainly("X"):
        raise error


@ON_SERVER
def test_a_server_that_knows_no_such_database_is_told(database_url: str) -> None:
    place = place_of(database_url)
    url = place.url.set(database="no_such_one").render_as_string(hide_password=False)
    with pytest.raises(EnvironmentProblem, match="no database called like"):
        open_database(url)
    url = place.url.set(username="nobody_here").render_as_string(hide_password=False)
    with pytest.raises(EnvironmentProblem, match="refuses the user name"):
        open_database(url)


@ON_SERVER
def test_a_server_that_goes_away_is_told_and_found_again(database: Database) -> None:
    def cut() -> None:
        with database.change(ANNA, "outlet.edit", at=1) as work:
            work.session.add(Outlet(code="1", name="a"))
            work.session.flush()
            pid = work.session.scalar(text("SELECT pg_backend_pid()"))
            with database.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    with pytest.raises(EnvironmentProblem, match="cannot be reached"):
        cut()
    with database.read() as session:
        assert session.scalars(select(Outlet)).all() == []


@ON_SERVER
def test_a_server_with_data_of_another_program_is_refused(database_url: str) -> None:
    engine = connect(place_of(database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoice (id integer)"))
    engine.dispose()
    with pytest.raises(InputError, match="not a database of this program"):
        open_database(database_url)
    with pytest.raises(InputError, match="another program"):
        create_database(database_url)


def test_the_sqlite_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE invoice (id integer)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="not a database of this program"):
        open_database(str(path))
    with pytest.raises(InputError, match="already a file"):
        create_database(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"Dear Anna,", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises((InputError, EnvironmentProblem)):
        open_database(str(path))
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    for opens in (open_database, create_database):
        with pytest.raises(InputError, match="is a folder"):
            opens(str(tmp_path))


def test_a_letter_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna,")
    with pytest.raises(InputError, match="already a file"):
        create_database(str(path))
    assert path.read_text() == "Dear Anna,"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem):
        create_database(str(tmp_path / "file" / "deep" / "x.db"))


def test_a_damaged_page_is_told_when_it_is_read(tmp_path: Path) -> None:
    database = create_database(str(tmp_path / "x.db"))
    fill(database, faults=200)
    database.close()
    path = Path(database.location)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'fault'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("rb+") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    opened = open_database(str(path))

    def read() -> None:
        with opened.read() as session:
            session.scalars(select(Fault.remarks)).all()

    with pytest.raises(EnvironmentProblem, match="is damaged"):
        read()
    assert any("is damaged" in str(finding) for finding in check_structure(opened))
    opened.close()


def test_making_a_database_can_be_killed_and_begun_again(tmp_path: Path) -> None:
    steps = count_steps(["-c", INIT, str(tmp_path / "counted.db")])
    for step in spread(steps, 12):
        location = str(tmp_path / f"{step}.db")
        assert run_and_kill(["-c", INIT, location], after_steps=step)
        try:
            database = create_database(location)
        except InputError as made:
            assert "already a database" in str(made)  # noqa: PT017  (it may be either)
            database = open_database(location)
        assert check_structure(database) == ()
        with database.read() as session:
            assert session.scalar(select(func.count(Symptom.id)))
        database.close()
