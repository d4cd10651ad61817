"""Opening a database: SQLite by default, PostgreSQL by URL, both behind the same two blocks.

SQLite runs in WAL mode with foreign keys on and every commit forced to the disk: a ticket number
that somebody was told survives a power cut.  The engine emits BEGIN itself, since the driver's
own handling leaks savepoints, and a writer takes the write lock at once, so that two windows
wait for each other instead of failing half-way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from desk_maint.db.change import Work
from desk_maint.db.location import refuse_network_share, sqlite_path, url_of
from desk_maint.db.problems import told_plainly
from desk_maint.db.revisions import HEAD, known_revisions
from desk_maint.domain.errors import EnvironmentProblem, InputError
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Actor

__all__ = ["Database", "connect", "create_database", "open_database", "revision_of"]

BUSY_SECONDS = 10
_WRITES = "desk_maint_writes"


class Database:
    """An open database; safe to be used by several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.url = engine.url.render_as_string(hide_password=False)
        self.is_sqlite = engine.dialect.name == "sqlite"
        path = sqlite_path(self.url)
        self.location = str(path) if path is not None else engine.url.render_as_string()
        """For people: the file, or the URL without its password."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the data, closed at the end; nothing in it may be written."""
        with told_plainly(self.location), Session(self.engine, autoflush=False) as session:
            if not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def change(
        self, actor: Actor, action: str, *, at: int, reason: str | None = None
    ) -> Iterator[Work]:
        """One thing that ``actor`` does at the instant ``at``: all of it, or nothing.

        The history is written with it.  ``Work.changes`` tells afterwards what changed.
        """
        with told_plainly(self.location), Session(self.engine) as session:
            session.connection(execution_options={_WRITES: True})
            work = Work(session, actor, action, at, reason)
            yield work
            work.finish()
            session.commit()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def connect(location: str) -> Engine:
    """Return an engine for a path or URL, whatever is or is not there."""
    url = url_of(location)
    path = sqlite_path(url)
    if path is None:
        return create_engine(
            make_url(url), pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS}
        )
    refuse_network_share(path)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def create_database(location: str) -> Database:
    """Make a new database at the newest revision with the house's defaults in it.

    Raises :class:`InputError` where there is one already: it is never overwritten.
    """
    from desk_maint.db.migrate import create_schema  # noqa: PLC0415  (Alembic, only when migrating)
    from desk_maint.db.seed import seed  # noqa: PLC0415

    path = sqlite_path(url_of(location))
    if path is not None:
        if path.exists() and path.stat().st_size:
            raise InputError(
                msg("There is already a file {path}. Choose another name.", path=str(path))
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProblem(
                msg("The folder {path} cannot be made. Choose another.", path=str(path.parent))
            ) from error
    engine = connect(location)
    database = Database(engine)
    try:
        with told_plainly(database.location), engine.connect() as connection:
            if inspect(connection).has_table("setting"):
                raise InputError(
                    msg("There is already a database at {where}.", where=database.location)
                )
        with told_plainly(database.location), _writing(engine) as connection:
            create_schema(connection)
            seed(connection)
    except BaseException:
        engine.dispose()
        raise
    return database


def open_database(location: str, *, upgrade: bool = False) -> Database:
    """Open an existing database at the newest revision.

    Raises :class:`InputError` where there is none, or it is no database of this program, or it
    is older (unless ``upgrade``, which migrates it after making a copy) or newer than the
    program; :class:`EnvironmentProblem` where it cannot be reached.
    """
    path = sqlite_path(url_of(location))
    if path is not None:
        _refuse_unusable(path)
    database = Database(connect(location))
    try:
        revision = revision_of(database)
        if revision == HEAD:
            return database
        if revision not in known_revisions():
            raise EnvironmentProblem(
                msg(
                    "{where} was made by a newer version of this program. Install the newest "
                    "version, then open it again; nothing was changed.",
                    where=database.location,
                )
            )
        if not upgrade:
            raise EnvironmentProblem(
                msg(
                    "{where} was made by an older version of this program. Bring it up to date "
                    "with: desk-maint database upgrade (a copy is kept).",
                    where=database.location,
                )
            )
        from desk_maint.db.migrate import upgrade as migrate  # noqa: PLC0415  (Alembic)

        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def revision_of(database: Database) -> str:
    """Return the revision of the schema; raise where the data are not this program's."""
    with told_plainly(database.location), database.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" not in tables or "setting" not in tables:
            if tables:
                raise InputError(
                    msg("{where} is not a database of this program.", where=database.location)
                )
            raise EnvironmentProblem(
                msg(
                    "There is no database at {where} yet. Make one with: desk-maint database init.",
                    where=database.location,
                )
            )
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise InputError(msg("{path} is a folder, not a database file.", path=str(path)))
    if not path.exists() or not path.stat().st_size:
        raise EnvironmentProblem(
            msg(
                "There is no database at {where} yet. Make one with: desk-maint database init.",
                where=str(path),
            )
        )
    try:
        with path.open("rb") as file:
            magic = file.read(16)
    except OSError as error:
        raise EnvironmentProblem(
            msg("{where} cannot be opened. See whether its disk and folder are there.", where=str(path))
        ) from error
    if magic != b"SQLite format 3\x00":
        raise InputError(msg("{where} is not a database of this program.", where=str(path)))


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
