"""What the first frame waits for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "numpy", "openpyxl", "apscheduler", "alembic", "psycopg")


def _of_new_process(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_nothing_heavy_is_imported_before_the_first_frame() -> None:
    code = f"import ui.app, sys; print([name for name in {HEAVY} if name in sys.modules])"

    assert _of_new_process(code) == "[]"


def test_what_comes_after_qt_is_not_read_in_search_of_qts_features() -> None:
    """Qt's binding would read the source of each module of the database layer."""
    code = (
        "import builtins; plain = builtins.__import__;"
        "import ui.app, PySide6.QtPrintSupport, sqlalchemy.orm, linecache;"
        "print(builtins.__import__ is plain,"
        " [name for name in linecache.cache if 'sqlalchemy' in name and name.endswith('.py')])"
    )

    assert _of_new_process(code) == "True []"
