"""Opening a database: SQLite by default, PostgreSQL by URL, both behind the same two blocks.

Reading sees one state of the data; writing is one at a time on both, so that what a person was
shown to be free, open or unapproved still is when the change is made.

SQLite runs in WAL mode with foreign keys on and every commit forced to the disk: a ticket number
that somebody was told survives a power cut.  The engine emits BEGIN itself, since the driver's
own handling leaks savepoints, and a writer takes the write lock at once, so that two windows
wait for each other instead of failing half-way.  PostgreSQL's writers queue for one lock.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from desk_maint.db.change import Work
from desk_maint.db.location import Place, place_of, refuse_network_share
from desk_maint.db.problems import told_plainly
from desk_maint.db.revisions import HEAD, known_revisions
from desk_maint.domain.errors import EnvironmentProblem, InputError, OutdatedDatabase
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from desk_maint.domain.people import Actor

__all__ = [
    "Database",
    "begin_sqlite",
    "connect",
    "create_database",
    "find_revision",
    "open_database",
    "writing",
]

BUSY_SECONDS = 10
"""So long a writer waits for another before it is told that the database is held."""
_WRITES = "desk_maint_writes"
_READS = {"desk_maint_reads": True}
_SERVER_READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_WRITERS_LOCK = 0x4465736B  # «Desk»: the advisory lock that PostgreSQL's writers queue for
_LOG_BYTES = 64 * 2**20  # what a big import leaves of SQLite's log


class Database:
    """An open database; safe to be used by several threads."""

    def __init__(self, place: Place) -> None:
        self.engine = connect(place)
        self.place = place
        self.is_sqlite = place.path is not None
        self.location = str(place)
        """For people: the file, or the URL without its password."""
        self.kept: Path | None = None
        """The copy of the older file, where opening it has just brought it up to date."""

    @property
    def url(self) -> str:
        """What :func:`open_database` opens this database by; it may hold a password."""
        return self.place.location

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the data, closed at the end; nothing in it may be written."""
        with told_plainly(self.location), Session(self.engine, autoflush=False) as session:
            session.connection(execution_options=_READS if self.is_sqlite else _SERVER_READS)
            yield session

    @contextmanager
    def change(
        self, actor: Actor, action: str, *, at: int, reason: str | None = None
    ) -> Iterator[Work]:
        """One thing that ``actor`` does at the instant ``at``: all of it, or nothing.

        The history is written with it.  ``Work.changes`` tells afterwards what changed.  Raises
        :class:`EnvironmentProblem` where the database cannot be written, and
        :class:`~desk_maint.domain.errors.StaleError` where a record was changed meanwhile.
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


def connect(place: Place) -> Engine:
    """Return an engine for a place, whatever is or is not there; nothing is touched yet."""
    if place.path is None:
        engine = create_engine(
            place.url, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS}
        )
        event.listen(engine, "connect", _prepare_server)
        event.listen(engine, "begin", _begin_server)
        return engine
    refuse_network_share(place.path)
    engine = create_engine(
        place.url,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def create_database(location: str) -> Database:
    """Make a new database at the newest revision with the house's defaults in it.

    All of it is one transaction: cut short, it can be made again.  Raises :class:`InputError`
    where there is anything already: it is never overwritten.
    """
    from desk_maint.db.migrate import create_schema  # noqa: PLC0415  (Alembic, only when migrating)
    from desk_maint.db.seed import seed  # noqa: PLC0415

    place = place_of(location)
    if place.path is not None:
        _make_room(place.path)
    database = Database(place)
    try:
        with told_plainly(database.location):
            with writing(database.engine) as connection:
                _refuse_occupied(connection, database.location)
                create_schema(connection)
                seed(connection)
            if database.is_sqlite:
                _keep_log(database.engine)
    except BaseException:
        database.close()
        raise
    return database


def open_database(location: str, *, upgrade: bool = False) -> Database:
    """Open an existing database at the newest revision.

    Raises :class:`InputError` where it is no database of this program, and
    :class:`EnvironmentProblem` where there is none, where it cannot be reached, or where it is
    newer than the program, and :class:`OutdatedDatabase` where it is older (unless ``upgrade``,
    which migrates it after making a copy).
    """
    place = place_of(location)
    if place.path is not None:
        _refuse_unusable(place.path)
    database = Database(place)
    try:
        if _revision(database, upgrade=upgrade) != HEAD:
            from desk_maint.db.migrate import upgrade as migrate  # noqa: PLC0415  (Alembic)

            database.kept = migrate(database)
        if database.is_sqlite:
            with told_plainly(database.location):
                _keep_log(database.engine)
    except BaseException:
        database.close()
        raise
    return database


def find_revision(connection: Connection) -> str | None:
    """Return the revision of the schema.

    None: nothing there yet; empty: there is something, but not of this program.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "setting", "changed_field"} <= tables:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


@contextmanager
def writing(engine: Engine, *, rebuilding: bool = False) -> Iterator[Connection]:
    """One transaction past the history: for the schema, its first rows, and a restore.

    With ``rebuilding``, SQLite's foreign keys rest until the end and are proven then: it changes
    a table by making it anew, and dropping the old one would empty all that refer to it.
    """
    off = rebuilding and engine.dialect.name == "sqlite"
    with engine.connect() as plain:
        raw = plain.connection.cursor()
        if off:
            raw.execute("PRAGMA foreign_keys = OFF")  # without effect once a transaction runs
        try:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
                if off:
                    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if orphan is not None:
                        problem = f"a row of {orphan[0]} refers to a missing row of {orphan[2]}"
                        raise AssertionError(problem)
        finally:
            if off:
                raw.execute("PRAGMA foreign_keys = ON")
            raw.close()


def _revision(database: Database, *, upgrade: bool) -> str:
    """Return the revision, one that this program works with (``upgrade``: or knows)."""
    with told_plainly(database.location), database.engine.connect() as connection:
        revision = find_revision(connection)
    if revision is None:
        raise _missing(database.location)
    if not revision:
        raise _foreign(database.location)
    if revision not in known_revisions():
        raise EnvironmentProblem(
            msg(
                "{where} was made by a newer version of this program. Install the newest "
                "version, then open it again; nothing was changed.",
                where=database.location,
            )
        )
    if revision != HEAD and not upgrade:
        raise OutdatedDatabase(
            msg(
                "{where} was made by an older version of this program. Bring it up to date with: "
                "desk-maint database upgrade (a copy is kept).",
                where=database.location,
            )
        )
    return revision


def _make_room(path: Path) -> None:
    """Make the folder of a new file; refuse a file that is not even an empty SQLite database."""
    if path.is_dir():
        raise InputError(msg("{path} is a folder, not a database file.", path=str(path)))
    if path.exists() and _head_of(path) not in {b"", _MAGIC}:
        raise _file_there(str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            msg("The folder {path} cannot be made. Choose another.", path=str(path.parent))
        ) from error


def _refuse_occupied(connection: Connection, where: str) -> None:
    revision = find_revision(connection)
    if revision is None:
        return
    if revision:
        raise InputError(msg("There is already a database at {where}.", where=where))
    if connection.dialect.name == "sqlite":
        raise _file_there(where)
    raise InputError(
        msg("{where} holds data of another program. Name an empty database.", where=where)
    )


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise InputError(msg("{path} is a folder, not a database file.", path=str(path)))
    if not path.exists():
        raise _missing(str(path))
    head = _head_of(path)
    if not head:
        raise _missing(str(path))
    if head != _MAGIC:
        raise _foreign(str(path))


_MAGIC = b"SQLite format 3\x00"


def _head_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC))
    except OSError as error:
        raise EnvironmentProblem(
            msg(
                "{where} cannot be opened. See whether its disk and folder are there.",
                where=str(path),
            )
        ) from error


def _missing(where: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        msg(
            "There is no database at {where} yet. Make one with: desk-maint database init.",
            where=where,
        )
    )


def _foreign(where: str) -> InputError:
    return InputError(msg("{where} is not a database of this program.", where=where))


def _file_there(where: str) -> InputError:
    return InputError(msg("There is already a file {path}. Choose another name.", path=where))


def _keep_log(engine: Engine) -> None:
    """Turn on WAL, which the file then keeps: only once it is known to be ours."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA journal_mode = WAL")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction of SQLite: a writer's at once with the lock."""
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA query_only = {options.keys() >= _READS.keys():d}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


def _prepare_server(connection: psycopg.Connection, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{int(BUSY_SECONDS * 1000)}ms'")
    connection.commit()


def _begin_server(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")
