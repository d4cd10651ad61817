"""``desk-maint agent``: runs the scheduled work without a window."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from desk_maint.cli.console import DONE
from desk_maint.cli.location import opened
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    import argparse

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console
    from desk_maint.jobs.schedule import Notice

__all__ = ["add_commands"]


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "agent",
        "[--once]",
        msg("run the scheduled work without a window: backups, escalation, reminders"),
        _run,
    )
    parser.takes("--once", action="store_true", about=msg("do what is due now, then end"))


def _run(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.jobs.schedule import run_due  # noqa: PLC0415  (SQLAlchemy)

    def tell(notices: tuple[Notice, ...]) -> None:
        console.print(*(notice.message for notice in notices))

    with opened(options, console) as database:
        if options.once:
            tell(run_due(database, at=console.now()))
            return DONE
        from desk_maint.jobs.scheduler import Scheduler  # noqa: PLC0415  (APScheduler)

        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_unused: stopped.set())
        scheduler = Scheduler(database, console.now, tell)
        scheduler.start()
        console.note(
            msg("The agent works on {where}. Stop it with Ctrl+C.", where=database.location)
        )
        stopped.wait()
        scheduler.stop()
    console.note(msg("The agent has stopped."))
    return DONE
