"""Alembic run from within the package: no ini file, one transaction for all steps.

A migration changes tables only.  The views and the guards of the history are taken away before
it and put back as this version of the program knows them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from desk_maint.db.engine import find_revision, writing
from desk_maint.db.files import claim_name, copy_sqlite
from desk_maint.db.problems import told_plainly
from desk_maint.db.revisions import HEAD
from desk_maint.db.views import create_guards, create_views, drop_guards, drop_views

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from desk_maint.db.engine import Database

__all__ = ["create_schema", "move_to", "upgrade"]


def create_schema(connection: Connection) -> None:
    """Bring an empty database to the newest revision."""
    move_to(connection, HEAD)


def upgrade(database: Database, *, now: datetime | None = None) -> Path | None:
    """Bring a database up to date; returns the copy made of a SQLite file beforehand.

    All steps are one transaction: a cut leaves the old schema or the new one, nothing between.
    ``now`` goes into the name of the copy.
    """
    copy: Path | None = None
    with told_plainly(database.location):
        if database.place.path is not None:
            with database.engine.connect() as connection:
                revision = find_revision(connection)
            moment = f"{now or datetime.now(UTC):%Y%m%d-%H%M%S}"
            copy = claim_name(database.place.path, f"before-{revision}-{moment}")
            copy_sqlite(database.place.path, copy)
        with writing(database.engine, rebuilding=True) as connection:
            move_to(connection, HEAD)
    return copy


def move_to(connection: Connection, revision: str) -> None:
    """Run the migrations up or down to ``revision``, in the connection's own transaction.

    ``base`` is the empty schema.  Below the newest revision there are no views and no guards:
    nobody works with it.
    """
    drop_views(connection)
    drop_guards(connection)
    config = Config()
    config.set_main_option("script_location", "desk_maint.db:migrations")
    config.attributes["connection"] = connection
    if revision == "base" or revision < (find_revision(connection) or ""):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    if revision == HEAD:
        create_views(connection)
        create_guards(connection)
