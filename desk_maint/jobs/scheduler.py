"""The clockwork: APScheduler wakes every minute, the table of runs decides who does the work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from desk_maint.domain.errors import DeskMaintError
from desk_maint.jobs.schedule import Notice, run_due

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.db.engine import Database

__all__ = ["Scheduler"]

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 60


class Scheduler:
    """Runs scheduled work on a thread of its own while a window or the agent is open."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        tell: Callable[[tuple[Notice, ...]], object],
        *,
        looked: Callable[[], object] = lambda: None,
    ) -> None:
        """``tell`` and ``looked`` (after each look, whatever came of it) run on its thread."""
        self._database = database
        self._clock = clock
        self._tell = tell
        self._looked = looked
        self._scheduler = BackgroundScheduler(
            # One run at a time, and one only for all that were missed while the PC slept.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._trigger = IntervalTrigger(seconds=_EVERY_SECONDS)

    def start(self) -> None:
        """Do what is due at once, then look again every minute."""
        from datetime import UTC, datetime  # noqa: PLC0415

        self._scheduler.add_job(self.run_once, self._trigger, next_run_time=datetime.now(UTC))
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for what is under way and end."""
        self._scheduler.shutdown(wait=True)

    def run_once(self) -> None:
        """Do what is due now; a database that cannot be reached is tried again next time."""
        try:
            notices = run_due(self._database, at=self._clock())
            if notices:
                self._tell(notices)
        except DeskMaintError as error:
            _log.info("scheduled work waits: %s", error)
        finally:
            self._looked()
