"""Backing up and restoring a database, by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.db import backup
from desk_maint.db.engine import open_database
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["back_up", "restore"]


def back_up(database: Database, actor: Actor, target: Path) -> Path:
    """Write a proven copy of the database to ``target``, while people go on working.

    Raises as :func:`desk_maint.db.backup.backup`.
    """
    require(actor, "database.backup")
    return backup.backup(database, target)


def restore(location: str, actor: Actor, source: Path, *, at: int) -> Path | None:
    """Put a backup in the place of the database at ``location``, and record that it was done.

    Whoever has the database open in this process closes it first.  The people, and with them the
    actor, are those of the backup afterwards.  Returns where the replaced data were kept; raises
    as :func:`desk_maint.db.backup.restore`.
    """
    require(actor, "database.restore")
    kept = backup.restore(location, source)
    database = open_database(location)
    try:
        with database.change(actor, "database.restore", at=at) as work:
            work.record("database", 1, "", None, source.name)
    finally:
        database.close()
    return kept
