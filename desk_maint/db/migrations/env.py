"""Runs the migrations on the connection that ``desk_maint.db.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from desk_maint.db.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
