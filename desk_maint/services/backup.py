"""Backing up and restoring a database, by those who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk_maint.db import backup
from desk_maint.db.engine import open_database
from desk_maint.db.models import Change, ChangedField, JobRun
from desk_maint.services.job_runs import DONE
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["BackedUp", "LastBackup", "back_up", "last_backup", "restore"]


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that the database knows of."""

    at: int
    """UTC seconds."""
    by: str | None
    """Who made it; None: the program itself, as every day."""
    name: str | None
    """The file, where somebody has named one."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was just made."""

    path: Path
    changes: Changes


def back_up(database: Database, actor: Actor, target: Path, *, at: int) -> BackedUp:
    """Write a proven copy of the database to ``target``, while people go on working.

    The history of the database, not that of the copy, then says that it was made.  Raises as
    :func:`desk_maint.db.backup.backup`.
    """
    require(actor, "database.backup")
    path = backup.backup(database, target)
    with database.change(actor, "database.backup", at=at) as work:
        work.record("database", 1, "", None, target.name)
    return BackedUp(path, work.changes)


def last_backup(database: Database, actor: Actor) -> LastBackup | None:
    """Return the newest backup that is known: one that somebody made, or that of the day."""
    require(actor, "database.backup")
    with database.read() as session:
        made = session.execute(
            select(Change.at, Change.actor, ChangedField.new)
            .join(ChangedField)
            .where(Change.action == "database.backup")
            .order_by(Change.at.desc(), Change.id.desc())
            .limit(1)
        ).first()
        daily = session.scalar(
            select(func.max(JobRun.finished_at)).where(
                JobRun.job == "backup", JobRun.outcome == DONE
            )
        )
    if not database.is_sqlite or (made is not None and made.at >= (daily or 0)):
        # A server is backed up by its administrator: the daily work leaves it alone.
        return None if made is None else LastBackup(made.at, made.actor, made.new)
    return None if daily is None else LastBackup(daily, None, None)


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
