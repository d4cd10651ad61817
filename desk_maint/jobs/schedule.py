"""What is done when: each job, the moment at which it was last due, and the work itself."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desk_maint.domain.errors import DeskMaintError
from desk_maint.domain.instants import HOUR, MINUTE, day_start, local_date, wall_clock
from desk_maint.domain.people import Role
from desk_maint.services import settings
from desk_maint.services.escalation import SHARE_TOLD_TO, escalate
from desk_maint.services.job_runs import PROGRAM, claim, finish
from desk_maint.services.special_days import warn_of_years

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from desk_maint.db.engine import Database
    from desk_maint.domain.messages import Message

__all__ = ["JOBS", "Job", "Notice", "run_due"]

_log = logging.getLogger(__name__)
_BACKUP_AT = 12 * HOUR + 30 * MINUTE
"""At midday the PCs are on; one that was off does it when it next starts."""
_ESCALATION_EVERY = 5 * MINUTE
_NOVEMBER = 11
"""The State Council publishes next year's days in this month."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell, quietly, whoever works in this role."""

    message: Message
    role: Role


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of scheduled work."""

    key: str
    last_due: Callable[[int, ZoneInfo], int]
    """The latest moment up to now (UTC seconds) at which it was due."""
    work: Callable[[Database, ZoneInfo, int], tuple[Notice, ...]]


def run_due(database: Database, *, at: int) -> tuple[Notice, ...]:
    """Do what is due by ``at`` and nobody else has done or begun; returns what is to be told.

    A job that fails is told in a sentence and tried again when it is next due.
    """
    with database.read() as session:
        tz = settings.load(session).zone
    notices: list[Notice] = []
    for job in JOBS:
        notices += _run(job, database, tz, at)
    return tuple(notices)


def _run(job: Job, database: Database, tz: ZoneInfo, at: int) -> tuple[Notice, ...]:
    due = job.last_due(at, tz)
    if not claim(database, job.key, due, by=f"{socket.gethostname()}/{os.getpid()}", at=at):
        return ()
    _log.info("%s: due %d, begun", job.key, due)
    try:
        notices = job.work(database, tz, at)
    except DeskMaintError as error:
        _log.info("%s: %s", job.key, error)
        finish(database, job.key, due, at=at, problem=str(error))
        return (Notice(error.message, Role.ADMINISTRATOR),)
    finish(database, job.key, due, at=at)
    return notices


def _back_up(database: Database, tz: ZoneInfo, at: int) -> tuple[Notice, ...]:
    from desk_maint.jobs.backups import back_up  # noqa: PLC0415  (Alembic)

    back_up(database, tz, at=at)
    return ()


def _escalate(database: Database, _tz: ZoneInfo, at: int) -> tuple[Notice, ...]:
    return tuple(
        Notice(each.message, SHARE_TOLD_TO[each.share])
        for each in escalate(database, PROGRAM, at=at)
    )


def _ask_for_holidays(database: Database, tz: ZoneInfo, at: int) -> tuple[Notice, ...]:
    """Ask for next year's rest days from November on, while nobody has given them."""
    today = local_date(at, tz)
    if today.month < _NOVEMBER:
        return ()
    start = day_start(date(today.year + 1, 1, 1), tz)
    end = day_start(date(today.year + 2, 1, 1), tz)
    with database.read() as session:
        warnings = warn_of_years(session, start, end)
    return tuple(Notice(warning, Role.MANAGER) for warning in warnings)


def _daily(seconds: int) -> Callable[[int, ZoneInfo], int]:
    def last_due(now: int, tz: ZoneInfo) -> int:
        today = local_date(now, tz)
        moment = wall_clock(today, seconds, tz)
        return moment if moment <= now else wall_clock(today - timedelta(days=1), seconds, tz)

    return last_due


def _every(seconds: int) -> Callable[[int, ZoneInfo], int]:
    return lambda now, _tz: now - now % seconds


JOBS = (
    Job("backup", _daily(_BACKUP_AT), _back_up),
    Job("escalation", _every(_ESCALATION_EVERY), _escalate),
    Job("holidays", _daily(9 * HOUR), _ask_for_holidays),
)
