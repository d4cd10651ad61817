"""Which database a command works on, and opening it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from desk_maint.domain.errors import DeskMaintError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desk_maint.cli.console import Console
    from desk_maint.db.engine import Database

__all__ = ["location_of", "opened"]


def location_of(options: argparse.Namespace) -> str:
    """Return the database's place: the option, else the environment, else the user's own file."""
    named = options.database or os.environ.get("DESK_MAINT_DATABASE")
    if named:
        return str(named)
    from desk_maint.db.location import default_path  # noqa: PLC0415

    return str(default_path())


@contextmanager
def opened(
    options: argparse.Namespace, console: Console, *, sound: bool = True
) -> Iterator[Database]:
    """Open the database of a command; from here on moments are told in the bureau's zone.

    ``sound`` False: for looking what is wrong with it, so that even the zone may be unreadable.
    """
    from desk_maint.db.engine import open_database  # noqa: PLC0415  (SQLAlchemy)
    from desk_maint.services.settings import read_settings  # noqa: PLC0415

    database = open_database(location_of(options))
    try:
        with suppress(*(() if sound else (DeskMaintError,))):
            console.zone = read_settings(database, console.actor).zone
        yield database
    finally:
        database.close()
