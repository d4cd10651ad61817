"""Claims on scheduled work, so that of many open windows and agents only one does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import Table, and_, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from desk_maint.db.models import JobRun
from desk_maint.domain.instants import DAY, HOUR
from desk_maint.domain.people import Actor, Role

if TYPE_CHECKING:
    from desk_maint.db.engine import Database

__all__ = ["DONE", "PROGRAM", "claim", "finish"]

PROGRAM = Actor("DeskMaint", Role.ADMINISTRATOR)
"""The program itself, as it stands in the history."""
DONE = "done"
"""Outcome of a run that ended well."""
_GIVEN_UP_AFTER = HOUR
"""A claim that has not been finished by then was cut short (a PC switched off): another may."""
_KEPT = 90 * DAY
_LONGEST_OUTCOME = 200
_RUN = cast("Table", JobRun.__table__)


def claim(database: Database, job: str, due_at: int, *, by: str, at: int) -> bool:
    """Claim the run of ``job`` that was due at ``due_at``; whoever gets True does the work.

    All in UTC seconds; ``by`` says which PC and process.
    """
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    row = insert(_RUN).values(
        job=job, due_at=due_at, claimed_at=at, claimed_by=by, finished_at=None, outcome=None
    )
    claimed = row.on_conflict_do_update(
        index_elements=[_RUN.c.job, _RUN.c.due_at],
        set_={"claimed_at": at, "claimed_by": by},
        where=and_(_RUN.c.finished_at.is_(None), _RUN.c.claimed_at < at - _GIVEN_UP_AFTER),
    )
    with database.change(PROGRAM, "job", at=at) as work:
        work.session.execute(delete(_RUN).where(_RUN.c.job == job, _RUN.c.due_at < due_at - _KEPT))
        return work.session.execute(claimed.returning(_RUN.c.job)).first() is not None


def finish(
    database: Database, job: str, due_at: int, *, at: int, problem: str | None = None
) -> None:
    """Record that a claimed run has ended, and the problem where it failed."""
    with database.change(PROGRAM, "job", at=at) as work:
        work.session.execute(
            update(_RUN)
            .where(_RUN.c.job == job, _RUN.c.due_at == due_at)
            .values(finished_at=at, outcome=(problem or DONE)[:_LONGEST_OUTCOME])
        )
