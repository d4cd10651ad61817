"""Alembic run from within the package: no ini file, one transaction for all steps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from desk_maint.db.backup import copy_sqlite
from desk_maint.db.engine import Database, _writing, revision_of
from desk_maint.db.location import sqlite_path
from desk_maint.db.problems import told_plainly

__all__ = ["config", "create_schema", "upgrade"]


def config(connection: Connection) -> Config:
    """Return the configuration that runs the migrations on an open connection."""
    made = Config()
    made.set_main_option("script_location", "desk_maint.db:migrations")
    made.attributes["connection"] = connection
    return made


def create_schema(connection: Connection) -> None:
    """Bring an empty database to the newest revision."""
    command.upgrade(config(connection), "head")


def upgrade(database: Database, *, now: datetime | None = None) -> Path | None:
    """Bring a database up to date; returns the copy made of a SQLite file beforehand.

    All steps are one transaction: a cut leaves the old schema or the new one, nothing between.
    """
    path, copy = sqlite_path(database.url), None
    if path is not None:
        moment = f"{now or datetime.now(UTC):%Y%m%d-%H%M%S}"
        copy = path.with_name(f"{path.name}.before-{revision_of(database)}-{moment}")
        copy_sqlite(path, copy)
    with told_plainly(database.location), _writing(database.engine) as connection:
        command.upgrade(config(connection), "head")
    return copy
