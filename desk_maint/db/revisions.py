"""The revisions of the schema by name, known without loading Alembic."""

from __future__ import annotations

from importlib import resources

__all__ = ["HEAD", "known_revisions"]

HEAD = "0001"
"""The newest revision; ``tests/db/test_migrations.py`` holds it against the migrations."""


def known_revisions() -> frozenset[str]:
    """Return the revisions that this program can bring up to date: its migration files."""
    folder = resources.files("desk_maint.db") / "migrations" / "versions"
    return frozenset(
        entry.name.partition("_")[0] for entry in folder.iterdir() if entry.name.endswith(".py")
    )
