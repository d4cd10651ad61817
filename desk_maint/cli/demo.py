"""``desk-maint demo``: a lifelike district to try the program with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.cli.arguments import whole_number
from desk_maint.cli.console import DONE
from desk_maint.cli.location import opened
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    import argparse

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console

__all__ = ["add_commands"]

_LONGEST_MONTHS = 120


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "demo",
        "[--months 12]",
        msg("fill an empty database with a lifelike district, to try the program"),
        _run,
    )
    parser.takes(
        "--months",
        metavar="N",
        type=whole_number("--months", 1, _LONGEST_MONTHS),
        default=12,
        about=msg("so many months of faults up to now (12)"),
    )


def _run(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.demo import fill_demo  # noqa: PLC0415

    with opened(options, console) as database:
        made = fill_demo(database, console.actor, months=options.months, at=console.now())
        console.print(
            msg(
                "The demo district is in {where}: {outlets} units, {devices} devices, {faults} "
                "faults.",
                where=database.location,
                outlets=made.outlets,
                devices=made.devices,
                faults=made.faults,
            )
        )
    return DONE
