"""Backups: one SQLite file, whatever the database is, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event

from desk_maint.db.engine import Database, begin_sqlite, find_revision, writing
from desk_maint.db.files import BESIDE, at_rest, copy_sqlite, free_name, replacing
from desk_maint.db.location import place_of, refuse_network_share
from desk_maint.db.migrate import create_schema, move_to
from desk_maint.db.problems import sqlite_problem, told_plainly
from desk_maint.db.revisions import HEAD, known_revisions
from desk_maint.db.transfer import replace_rows
from desk_maint.domain.errors import EnvironmentProblem, InputError
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

__all__ = ["backup", "restore"]


def backup(database: Database, target: Path) -> Path:
    """Write a copy of ``database`` to ``target`` while people go on working, and prove it.

    A PostgreSQL database becomes a SQLite file too, which any PC can open.  Raises
    :class:`InputError` where ``target`` is there already, :class:`EnvironmentProblem` where it
    cannot be written; nothing half-written is left.
    """
    if target.exists():
        raise InputError(
            msg("There is already a file {path}. Choose another name.", path=str(target))
        )
    with replacing(target) as part:
        if database.place.path is not None:
            copy_sqlite(database.place.path, part)
        else:
            with database.read() as session:
                _write_file(session.connection(), part)
        _prove(part)
    return target


def restore(location: str, source: Path, *, now: datetime | None = None) -> Path | None:
    """Put the backup ``source`` in the place of the database at ``location``.

    A backup of an older version is brought up to date on the way.  Returns where the replaced
    data were kept: a SQLite file beside its successor, the rows of a server as a backup beside
    ``source``; None where there was nothing.  ``now`` goes into that name.

    Raises :class:`InputError` where ``source`` is not a whole, readable backup of this program,
    or one of a newer version, and :class:`EnvironmentProblem` where somebody works with the
    file.  The history goes the way of all rows here, whole for whole: its guards are taken away
    for that one transaction, which nobody else sees.
    """
    if not source.is_file():
        raise InputError(msg("There is no backup file {path}.", path=str(source)))
    _prove(source)
    moment = f"replaced-{now or datetime.now(UTC):%Y%m%d-%H%M%S}"
    place = place_of(location)
    if place.path is None:
        return _restore_server(location, source, free_name(source, moment))
    if place.path.exists() and place.path.samefile(source):
        raise InputError(
            msg("The backup and the database are the same file {path}.", path=str(source))
        )
    refuse_network_share(place.path)
    return _restore_file(place.path, source, free_name(place.path, moment))


def _restore_file(target: Path, source: Path, kept: Path) -> Path | None:
    if target.is_dir():
        raise InputError(msg("{path} is a folder, not a database file.", path=str(target)))
    there = target.exists()
    with _alone_with(target) if there else nullcontext(), replacing(target) as part:
        copy_sqlite(at_rest(source), part)
        _bring_up_to_date(part)
        if there:
            _keep(target, kept)
    return kept if there else None


def _restore_server(location: str, source: Path, kept: Path) -> Path | None:
    database = Database(place_of(location))
    try:
        with TemporaryDirectory() as folder, told_plainly(database.location):
            copy = Path(folder) / "backup.db"
            copy_sqlite(at_rest(source), copy)
            _bring_up_to_date(copy)
            with (
                _only_file(copy) as engine,
                engine.connect() as old,
                writing(database.engine) as new,
            ):
                revision = find_revision(new)
                if revision is not None and revision not in known_revisions():
                    raise _not_ours(database.location, revision)
                if revision is None:
                    create_schema(new)
                else:
                    move_to(new, HEAD)
                    with replacing(kept) as part:
                        _write_file(new, part)
                replace_rows(old, new)
        return None if revision is None else kept
    finally:
        database.close()


def _write_file(source: Connection, path: Path) -> None:
    """Write all rows of a database into a new SQLite file."""
    with _only_file(path) as engine, writing(engine, rebuilding=True) as target:
        create_schema(target)
        replace_rows(source, target)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _bring_up_to_date(path: Path) -> None:
    with (
        _only_file(path) as engine,
        told_plainly(str(path)),
        writing(engine, rebuilding=True) as connection,
    ):
        move_to(connection, HEAD)


@contextmanager
def _only_file(path: Path) -> Iterator[Engine]:
    """Open a SQLite file that nobody else knows of: without locks, so on a share too."""
    uri = f"{path.absolute().as_uri()}?nolock=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None)
    )
    event.listen(engine, "begin", begin_sqlite)
    try:
        yield engine
    finally:
        engine.dispose()


def _prove(path: Path) -> None:
    """Raise :class:`InputError` unless ``path`` is a whole database of this program."""
    broken = msg(
        "{path} is not a whole backup of this program. Choose another file.", path=str(path)
    )
    try:
        with closing(sqlite3.connect(at_rest(path), uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            ours = connection.execute("SELECT 1 FROM setting").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise InputError(broken) from error
    if not sound or orphan is not None or row is None or ours is None:
        raise InputError(broken)
    if row[0] not in known_revisions():
        raise InputError(
            msg(
                "{path} was made by a newer version of this program. Install the newest version "
                "first.",
                path=str(path),
            )
        )


def _not_ours(where: str, revision: str) -> InputError:
    if revision:
        return InputError(
            msg(
                "{path} was made by a newer version of this program. Install the newest version "
                "first.",
                path=where,
            )
        )
    return InputError(
        msg("{where} holds data of another program. Name an empty database.", where=where)
    )


@contextmanager
def _alone_with(path: Path) -> Iterator[None]:
    """Keep everybody else from the file, so that nobody's change is lost with it.

    Raises :class:`EnvironmentProblem` where another program has it open.  What stood in its log
    is in the file then; a damaged file is left as it is.
    """
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
        try:
            # Only the last one who has the file open can leave WAL.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise EnvironmentProblem(
                    msg(
                        "{path} is open in another window or program. Close it there, then "
                        "restore.",
                        path=str(path),
                    )
                ) from error
            if code not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise sqlite_problem(error, str(path)) from error
        if os.name == "nt":
            # Windows does not replace a file that anybody has open, ourselves included.
            connection.close()
        yield


def _keep(target: Path, kept: Path) -> None:
    """Give the file that is about to be replaced another name as well."""
    try:
        kept.hardlink_to(target)
    except OSError:  # a file system that knows one name only
        shutil.copy2(target, kept)
    for suffix in BESIDE:
        beside = target.with_name(target.name + suffix)
        if beside.exists():  # of a damaged file; it would be played into the new one
            beside.replace(kept.with_name(kept.name + suffix))
