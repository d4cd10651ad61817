"""The daily backup of a SQLite database, and which of the old ones are kept.

A server is backed up by its administrator: its data are not on this PC.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desk_maint.db.backup import backup
from desk_maint.domain.instants import to_local

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from desk_maint.db.engine import Database

__all__ = ["DAYS_KEPT", "FOLDER", "MONTHS_KEPT", "back_up", "superfluous"]

FOLDER = "backups"
"""Beside the database file."""
DAYS_KEPT = 14
MONTHS_KEPT = 12
"""The last backup of each of so many months is kept besides."""
_NAME = re.compile(r".+-(\d{4})(\d{2})\d{2}-\d{4}\.db")


def back_up(database: Database, tz: ZoneInfo, *, at: int) -> Path | None:
    """Write today's backup and delete what is no longer kept; None: nothing to do here.

    Raises :class:`~desk_maint.domain.errors.EnvironmentProblem` where it cannot be written; the
    older ones stay then.
    """
    source = database.place.path
    if source is None:
        return None
    target = source.parent / FOLDER / f"{source.stem}-{to_local(at, tz):%Y%m%d-%H%M}.db"
    if not target.exists():
        backup(database, target)
    for old in superfluous(target.parent.glob(f"{source.stem}-*.db")):
        old.unlink(missing_ok=True)
    return target


def superfluous(backups: Iterable[Path]) -> list[Path]:
    """Return the backups that may go: all but the newest days and the last of each month."""
    # The names sort by time; a file that somebody has named himself is none of ours.
    ours = sorted((path for path in backups if _NAME.fullmatch(path.name)), reverse=True)
    months: dict[str, Path] = {}
    for path in ours:
        months.setdefault(_month(path), path)
    kept = {*ours[:DAYS_KEPT], *list(months.values())[:MONTHS_KEPT]}
    return [path for path in ours if path not in kept]


def _month(path: Path) -> str:
    found = _NAME.fullmatch(path.name)
    return f"{found[1]}-{found[2]}" if found is not None else ""
