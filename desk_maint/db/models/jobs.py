"""Scheduled work: one row per job and due moment, so that of many windows one does it."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desk_maint.db.models.base import Base
from desk_maint.db.types import Instant

__all__ = ["JobRun"]


class JobRun(Base):
    """The claim on one run of a job; who writes it first does the work."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[int] = mapped_column(Instant, primary_key=True)
    claimed_at: Mapped[int] = mapped_column(Instant)
    claimed_by: Mapped[str] = mapped_column(String(100))
    finished_at: Mapped[int | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(200))
