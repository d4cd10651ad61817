"""Backups: one SQLite file, whatever the database is, written whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from desk_maint.db.engine import (
    Database,
    _writing,
    connect,
    create_database,
    open_database,
    revision_of,
)
from desk_maint.db.location import sqlite_path, url_of
from desk_maint.db.models import Base
from desk_maint.db.problems import told_plainly
from desk_maint.db.revisions import HEAD, known_revisions
from desk_maint.db.views import create_guards, drop_guards
from desk_maint.domain.errors import DeskMaintError, EnvironmentProblem, InputError
from desk_maint.domain.messages import msg

__all__ = ["backup", "copy_sqlite", "restore"]

_ROWS_AT_ONCE = 2000


def backup(database: Database, target: Path) -> Path:
    """Write a copy of ``database`` to ``target`` while people go on working, and prove it.

    A PostgreSQL database becomes a SQLite file too, so that one PC can open it.  Raises
    :class:`InputError` where ``target`` is there already, :class:`EnvironmentProblem` where it
    cannot be written; nothing half-written is left.
    """
    if target.exists():
        raise InputError(
            msg("There is already a file {path}. Choose another name.", path=str(target))
        )
    with _replacing(target) as part:
        source = sqlite_path(database.url)
        if source is not None:
            copy_sqlite(source, part)
        else:
            _copy_rows(database, part)
        _prove(part)
    return target


def restore(location: str, source: Path, *, now: datetime | None = None) -> Path | None:
    """Put the backup ``source`` in the place of the database at ``location``.

    Returns where the replaced file was kept (SQLite).  Into PostgreSQL all rows are replaced in
    one transaction.  Raises :class:`InputError` where ``source`` is not a whole, readable backup
    of this program, or of a newer one.
    """
    if not source.is_file():
        raise InputError(msg("There is no backup file {path}.", path=str(source)))
    _prove(source)
    target = sqlite_path(url_of(location))
    if target is None:
        _replace_rows(open_database(location), source)
        return None
    if target.exists() and target.samefile(source):
        raise InputError(msg("The backup and the database are the same file {path}.", path=str(target)))
    kept: Path | None = None
    if target.exists():
        _refuse_in_use(target)
        moment = f"{now or datetime.now(UTC):%Y%m%d-%H%M%S}"
        kept = target.with_name(f"{target.name}.replaced-{moment}")
    with _replacing(target) as part:
        copy_sqlite(source, part)
        _prove(part)
        if kept is not None:
            # A hard link first: at every moment one whole database bears the name.
            copy_sqlite(target, kept)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    return kept


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file with SQLite's own online backup, what stands in its log included."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise EnvironmentProblem(
            msg(
                "{path} cannot be written ({problem}). See whether the disk is full or the "
                "folder is read-only.",
                path=str(target),
                problem=str(error),
            )
        ) from error


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Hand out a name beside ``target`` that takes its place only when all went well."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise EnvironmentProblem(
            msg(
                "{path} cannot be written ({problem}). See whether the disk is full or the "
                "folder is read-only.",
                path=str(target),
                problem=error.strerror or str(error),
            )
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _prove(path: Path) -> None:
    """Raise :class:`InputError` unless ``path`` is a whole database of this program."""
    broken = InputError(
        msg("{path} is not a whole backup of this program. Choose another file.", path=str(path))
    )
    try:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\x00":
                raise broken
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            connection.execute("SELECT count(*) FROM setting").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise broken from error
    if not sound or orphans is not None or row is None:
        raise broken
    if row[0] not in known_revisions():
        raise InputError(
            msg(
                "{path} was made by a newer version of this program. Install the newest version "
                "first.",
                path=str(path),
            )
        )


def _refuse_in_use(path: Path) -> None:
    """Raise where another program is working with the file: its changes would be lost."""
    try:
        with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
            # Leaving WAL needs the file to oneself.
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        in_use = mode != "delete"
    except sqlite3.OperationalError:
        in_use = True
    except sqlite3.DatabaseError:
        return  # damaged: all the more reason to restore
    if in_use:
        raise EnvironmentProblem(
            msg(
                "{path} is open in another window or program. Close it there, then restore.",
                path=str(path),
            )
        )


def _copy_rows(database: Database, target: Path) -> None:
    """Copy all rows of a server's database into a new SQLite file of the same schema."""
    copy = create_database(str(target))
    try:
        with database.read() as session, _writing(copy.engine) as into:
            _transfer(session.connection(), into)
    finally:
        copy.close()
    copy_path = target.with_name(f"{target.name}.copy")
    copy_sqlite(target, copy_path)  # folds the log into one file
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    copy_path.replace(target)


def _replace_rows(database: Database, source: Path) -> None:
    engine = connect(str(source))
    try:
        if revision_of(Database(engine)) != HEAD:
            raise InputError(
                msg(
                    "The backup {path} is of an older version. Restore it on one PC first, bring "
                    "it up to date there, and back it up again.",
                    path=str(source),
                )
            )
        with (
            told_plainly(database.location),
            engine.connect() as old,
            _writing(database.engine) as new,
        ):
            _transfer(old, new)
    except DeskMaintError:
        raise
    finally:
        engine.dispose()
        database.close()


def _transfer(source: Connection, target: Connection) -> None:
    """Replace all rows of ``target`` by those of ``source``; parents come before children."""
    drop_guards(target)
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        target.execute(table.delete())
    for table in tables:
        # A tree that names its parent is read so that parents come first.
        ordered = select(table).order_by(*table.primary_key.columns)
        result = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(ordered)
        deferred = [column for column in table.columns if _points_home(table.name, column)]
        for rows in result.partitions(_ROWS_AT_ONCE):
            values = [dict(row._mapping) for row in rows]  # noqa: SLF001  (the public accessor)
            for row in values:
                for column in deferred:
                    row[column.name] = None
            target.execute(insert(table), values)
        for column in deferred:
            pairs = source.execute(
                select(table.c.id, column).where(column.is_not(None))
            ).all()
            for key, value in pairs:
                target.execute(table.update().where(table.c.id == key).values({column: value}))
    create_guards(target)
    if target.dialect.name == "postgresql":
        for table in tables:
            if "id" in table.c:
                newest = target.execute(select(func.max(table.c.id))).scalar()
                target.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :value, :used)"),
                    {"table": table.name, "value": newest or 1, "used": newest is not None},
                )


def _points_home(table: str, column: object) -> bool:
    return any(key.column.table.name == table for key in column.foreign_keys)  # type: ignore[attr-defined]
