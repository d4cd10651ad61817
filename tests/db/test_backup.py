from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text, update

from desk_maint.db import files, transfer
from desk_maint.db.backup import backup, restore
from desk_maint.db.check import check_structure
from desk_maint.db.engine import Database, create_database, open_database, writing
from desk_maint.db.location import place_of
from desk_maint.db.migrate import move_to
from desk_maint.db.models import Fault, Outlet
from desk_maint.db.revisions import HEAD
from desk_maint.domain.errors import EnvironmentProblem, InputError
from tests.db.filling import ANNA, contents, fill, without_newer
from tests.killing import count_steps, run_and_kill, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
RESTORE = (
    "import sys; from pathlib import Path; from desk_maint.db.backup import restore; "
    "restore(sys.argv[1], Path(sys.argv[2]))"
)


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return contents(session.connection())


def rows_at(location: str | Path) -> dict[str, list[tuple[object, ...]]]:
    opened = open_database(str(location))
    found = rows(opened)
    opened.close()
    return found


def names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def add_outlet(database: Database, code: str) -> None:
    with database.change(ANNA, "outlet.edit", at=9) as work:
        work.session.add(Outlet(code=code, name=code))


@pytest.fixture
def filled(database: Database) -> Iterator[Database]:
    fill(database)
    return database


def test_a_backup_holds_every_row_and_the_guards(filled: Database, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "局 1.db"
    assert backup(filled, target) == target
    assert names(target.parent) == [target.name]
    opened = open_database(str(target))
    assert rows(opened) == rows(filled)
    assert check_structure(opened) == ()
    opened.close()


def test_a_backup_is_one_moment_of_a_database_in_use(filled: Database, tmp_path: Path) -> None:
    """What a writer has not committed stays out, and neither waits for the other."""
    before = rows(filled)
    with filled.change(ANNA, "outlet.edit", at=9) as work:
        work.session.add(Outlet(code="9", name="half done"))
        work.session.flush()
        backup(filled, tmp_path / "copy.db")
    assert rows_at(tmp_path / "copy.db") == before


def test_a_backup_overwrites_nothing(filled: Database, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_text("letter")
    with pytest.raises(InputError, match="already a file"):
        backup(filled, target)
    assert target.read_text() == "letter"


def test_a_backup_that_fails_leaves_nothing(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_unused: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    folder = tmp_path / "backups"
    with pytest.raises(EnvironmentProblem, match="No space left"):
        backup(filled, folder / "copy.db")
    assert names(folder) == []


def test_a_backup_into_a_place_that_is_not_there_is_told(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        backup(filled, tmp_path / "file" / "copy.db")


def test_restore_brings_everything_back(
    filled: Database, database_url: str, tmp_path: Path
) -> None:
    before = rows(filled)
    source = backup(filled, tmp_path / "copy.db")
    add_outlet(filled, "9")
    after = rows(filled)
    filled.close()
    kept = restore(database_url, source, now=NOW)
    assert kept is not None
    assert kept.name.endswith(".replaced-20260601-083000")
    assert rows_at(kept) == after
    opened = open_database(database_url)
    assert rows(opened) == before
    assert check_structure(opened) == ()
    # New rows get new keys, and the history is guarded as before.
    add_outlet(opened, "10")
    with opened.engine.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("DELETE FROM change"))
    opened.close()


ON_SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@ON_SERVER
def test_a_backup_goes_from_either_kind_of_database_to_the_other(
    database: Database, database_url: str, sqlite_database: Database, tmp_path: Path
) -> None:
    fill(sqlite_database)
    database.close()
    restore(database_url, backup(sqlite_database, tmp_path / "a.db"))
    opened = open_database(database_url)
    assert rows(opened) == rows(sqlite_database)
    add_outlet(opened, "9")
    source = backup(opened, tmp_path / "b.db")
    expected = rows(opened)
    opened.close()
    location = sqlite_database.url
    sqlite_database.close()
    restore(location, source)
    assert rows_at(location) == expected


def test_restore_onto_nothing_makes_the_database(
    sqlite_database: Database, database_url: str, tmp_path: Path
) -> None:
    fill(sqlite_database)
    source = backup(sqlite_database, tmp_path / "copy.db")
    location = database_url.replace("desk-maint.db", "new/desk-maint.db")
    assert restore(location, source) is None
    assert rows_at(location) == rows(sqlite_database)


def test_an_older_backup_is_brought_up_to_date_on_the_way(
    filled: Database, database_url: str, tmp_path: Path
) -> None:
    before = without_newer(rows(filled), "0001")
    source = backup(filled, tmp_path / "copy.db")
    as_old = Database(place_of(str(source)))
    with writing(as_old.engine, rebuilding=True) as connection:
        move_to(connection, "0001")
    as_old.close()
    written = source.read_bytes()
    add_outlet(filled, "9")
    filled.close()
    restore(database_url, source)
    assert rows_at(database_url) == before
    assert source.read_bytes() == written


def unreadable(kind: str, source: Path) -> None:
    """Spoil a backup."""
    if kind == "no database":
        source.write_text("Dear Anna,\n" * 100)
    elif kind == "empty":
        source.write_bytes(b"")
    elif kind == "cut short":
        with source.open("rb+") as file:
            file.truncate(source.stat().st_size * 2 // 3)
    elif kind == "damaged":
        with source.open("rb+") as file:
            file.seek(4096 * 3)
            file.write(os.urandom(4096 * 4))
    else:
        with closing(sqlite3.connect(source)) as connection:
            connection.executescript(
                {
                    "somebody else's": "DROP TABLE alembic_version",
                    "newer": "UPDATE alembic_version SET version_num = '9999'",
                    "orphans": "PRAGMA foreign_keys = OFF; DELETE FROM device",
                }[kind]
            )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("no database", "not a whole backup"),
        ("empty", "not a whole backup"),
        ("cut short", "not a whole backup"),
        ("damaged", "not a whole backup"),
        ("somebody else's", "not a whole backup"),
        ("orphans", "not a whole backup"),
        ("newer", "newer version"),
    ],
)
def test_what_is_no_whole_backup_is_refused(
    filled: Database, database_url: str, tmp_path: Path, kind: str, said: str
) -> None:
    source = backup(filled, tmp_path / "copy.db")
    unreadable(kind, source)
    before = rows(filled)
    with pytest.raises(InputError, match=said):
        restore(database_url, source)
    assert rows(filled) == before


def test_a_missing_backup_is_told(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(InputError, match="no backup file"):
        restore(database_url, tmp_path / "none.db")


def test_a_database_is_not_restored_from_itself(sqlite_database: Database, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(sqlite_database.location)
    sqlite_database.close()
    with pytest.raises(InputError, match="same file"):
        restore(sqlite_database.location, link)


def test_a_file_that_somebody_works_with_is_not_replaced(
    sqlite_database: Database, tmp_path: Path
) -> None:
    source = backup(sqlite_database, tmp_path / "copy.db")
    add_outlet(sqlite_database, "9")
    before = rows(sqlite_database)
    with pytest.raises(EnvironmentProblem, match="open in another window"):
        restore(sqlite_database.location, source)
    assert rows(sqlite_database) == before
    sqlite_database.close()
    restore(sqlite_database.location, source)
    assert rows_at(sqlite_database.location) != before


def test_a_damaged_file_is_replaced_and_kept(sqlite_database: Database, tmp_path: Path) -> None:
    fill(sqlite_database)
    source = backup(sqlite_database, tmp_path / "copy.db")
    before = rows(sqlite_database)
    sqlite_database.close()
    target = Path(sqlite_database.location)
    spoilt = b"SQLite format 3\x00" + os.urandom(20_000)
    target.write_bytes(spoilt)
    log = target.with_name(target.name + "-wal")
    log.write_bytes(b"old log")
    kept = restore(str(target), source)
    assert kept is not None
    assert kept.read_bytes() == spoilt
    assert not log.exists()
    assert rows_at(target) == before


@ON_SERVER
def test_a_restore_into_a_server_in_use_waits_and_is_all_or_nothing(
    filled: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = backup(filled, tmp_path / "copy.db")
    add_outlet(filled, "9")
    before = rows(filled)

    def fail(*_unused: object) -> None:
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(transfer, "create_guards", fail)
        with pytest.raises(KeyError):
            restore(database_url, source)
    assert rows(filled) == before
    thread = threading.Thread(target=restore, args=(database_url, source))
    with filled.change(ANNA, "outlet.edit", at=9) as work:
        thread.start()
        work.session.add(Outlet(code="10", name="before the restore"))
    thread.join()
    with filled.read() as session:
        codes = session.scalars(select(Outlet.code).order_by(Outlet.code)).all()
    assert codes == ["01", "0101"]


@ON_SERVER
def test_the_database_of_another_program_is_not_replaced(
    filled: Database, database_url: str, tmp_path: Path
) -> None:
    source = backup(filled, tmp_path / "copy.db")
    with filled.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(InputError, match="another program"):
        restore(database_url, source)
    with filled.engine.begin() as connection:
        assert connection.execute(select(func.count(Fault.id))).scalar() == 5


def test_photos_go_into_the_backup_whole(filled: Database, tmp_path: Path) -> None:
    with filled.engine.begin() as connection:
        connection.execute(update(Fault).values(remarks="x" * 5000))
        connection.execute(
            text("UPDATE attachment SET content = :content"), {"content": os.urandom(300_000)}
        )
    backup(filled, tmp_path / "copy.db")
    assert rows_at(tmp_path / "copy.db") == rows(filled)


def test_a_kept_name_is_never_taken_twice(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    for expected in ("x.db.before-1", "x.db.before-1-2", "x.db.before-1-3"):
        found = files.free_name(database, "before-1")
        assert found.name == expected
        found.touch()


def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    database = create_database(str(tmp_path / "old.db"))
    fill(database, faults=50)
    new = without_newer(rows(database), "0001")
    source = backup(database, tmp_path / "copy.db")
    as_old = Database(place_of(str(source)))
    with writing(as_old.engine, rebuilding=True) as connection:
        move_to(connection, "0001")  # so that there is much to do
    as_old.close()
    add_outlet(database, "9")
    old = rows(database)
    database.close()

    def fresh(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        return Path(shutil.copy(tmp_path / "old.db", folder / "desk-maint.db"))

    steps = count_steps(["-c", RESTORE, str(fresh("counted")), str(source)])
    for step in spread(steps, 12):
        target = fresh(f"step-{step}")
        assert run_and_kill(["-c", RESTORE, str(target), str(source)], after_steps=step)
        assert rows_at(target) in (old, new)
        assert restore(str(target), source) is not None
        assert rows_at(target) == new
        assert not any(name.endswith(".part") for name in names(target.parent))


def test_the_newest_revision_is_what_a_backup_holds(filled: Database, tmp_path: Path) -> None:
    source = backup(filled, tmp_path / "copy.db")
    with closing(sqlite3.connect(source)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
