"""The revisions of the schema by name, known without loading Alembic."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["HEAD", "known_revisions"]

HEAD = "0003"
"""The newest revision; ``tests/db/test_migrations.py`` holds it against the migrations."""


def known_revisions() -> frozenset[str]:
    """Return the revisions that this program can bring up to date: its migration files."""
    folder = Path(__file__).parent / "migrations" / "versions"
    names = (re.match(r"(\d+)_\w+\.py", entry.name) for entry in folder.iterdir())
    return frozenset(name[1] for name in names if name)
