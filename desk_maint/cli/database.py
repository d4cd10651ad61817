"""``desk-maint database``: making, upgrading, checking, backing up and restoring one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.cli.arguments import file, needed, one_of
from desk_maint.cli.console import DONE, REFUSED
from desk_maint.cli.location import location_of, opened
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    import argparse

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console

__all__ = ["add_commands"]

_ACTIONS = ("init", "upgrade", "check", "backup", "restore")


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "database",
        "init | upgrade | check [--json] | backup FILE | restore FILE",
        msg("make, upgrade, check, back up or restore the database"),
        _run,
    )
    parser.takes(
        "action",
        metavar="|".join(_ACTIONS),
        nargs="?",
        type=one_of("database", _ACTIONS),
        about=msg(
            "init makes a new one with the house's rules; upgrade brings one of an older version "
            "up to date and keeps a copy; check proves that it is sound"
        ),
    )
    parser.takes(
        "file",
        metavar="FILE",
        nargs="?",
        type=file,
        about=msg("the backup that is written, or restored from"),
    )
    parser.takes_json()


def _run(options: argparse.Namespace, console: Console) -> int:
    action = needed("|".join(_ACTIONS), options.action)
    if action in {"backup", "restore"}:
        needed("FILE", options.file)
    return _RUN[action](options, console)


def _init(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.db.engine import create_database  # noqa: PLC0415

    database = create_database(location_of(options))
    database.close()
    console.print(msg("A new database has been made: {where}", where=database.location))
    return DONE


def _upgrade(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.db.engine import open_database  # noqa: PLC0415

    database = open_database(location_of(options), upgrade=True)
    database.close()
    console.print(msg("The database is up to date: {where}", where=database.location))
    if database.kept is not None:
        console.print(msg("A copy of the older one is kept as {path}.", path=str(database.kept)))
    return DONE


def _check(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.check import check  # noqa: PLC0415

    with opened(options, console, sound=False) as database:
        findings = check(database)
        where = database.location
    if console.json:
        said = [console.say(finding) for finding in findings]
        console.document({"format": "desk-maint/check/1", "ok": not findings, "findings": said})
    elif findings:
        console.print(*findings)
    else:
        console.print(msg("The database is sound: {where}", where=where))
    return REFUSED if findings else DONE


def _backup(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.backup import back_up  # noqa: PLC0415

    with opened(options, console) as database:
        back_up(database, console.actor, options.file, at=console.now())
    console.print(msg("The backup has been written: {path}", path=str(options.file)))
    return DONE


def _restore(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.backup import restore  # noqa: PLC0415

    kept = restore(location_of(options), console.actor, options.file, at=console.now())
    console.print(msg("The backup {path} has been restored.", path=str(options.file)))
    if kept is not None:
        console.print(msg("The database that it replaced is kept as {path}.", path=str(kept)))
    return DONE


_RUN = {
    "init": _init,
    "upgrade": _upgrade,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
}
