"""A killed import leaves a database that opens and holds all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.db.check import check_structure
from desk_maint.db.engine import open_database
from tests.exchange.district import DISTRICT, NOW, contents
from tests.exchange.workbooks import make_workbook
from tests.killing import count_steps, run_and_kill, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desk_maint.db.engine import Database

    Contents = dict[str, list[tuple[object, ...]]]

IMPORT = f"""
import sys
from pathlib import Path
from desk_maint.db.engine import open_database
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.importing import import_file

database = open_database(sys.argv[1])
import_file(database, Actor("王主任", Role.MANAGER), Path(sys.argv[2]), at={NOW}, lang="en")
database.close()
"""
ROWS = 600
KILLS = {True: 16, False: 6}
"""By whether it is SQLite, where the file itself could be left half written."""


def look(location: str, before: Contents) -> bool:
    """Return whether the import is there as a whole; it must be, or not at all."""
    database = open_database(location)
    try:
        assert check_structure(database) == ()
        found = contents(database)
    finally:
        database.close()
    if found == before:
        return False
    assert len(found["fault"]) == ROWS + 3
    assert len(found["change"]) == len(before["change"]) + 1
    came = [row for row in found["changed_field"] if row[2] == "fault" and row[4] == ""]
    assert len(came) == ROWS + 3
    return True


def test_killed_at_any_moment(database: Database, tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [("tag", "reported_at", "impact", "symptom")]
    rows += [
        ("ATM-01", f"2026-05-{1 + n % 30:02} {n % 24:02}:00", "停机", f"{n}") for n in range(ROWS)
    ]
    table = make_workbook(tmp_path / "table.xlsx", DISTRICT | {"故障登记": rows})
    before = contents(database)
    location = database.url
    database.close()
    # Rehearsed, so that the steps can be counted while nothing is there yet.
    steps = count_steps(["-c", IMPORT.replace("at=", "dry_run=True, at="), location, str(table)])
    kills = KILLS[database.is_sqlite]
    assert steps > kills
    done = False
    for step in spread(steps, kills):
        killed = run_and_kill(["-c", IMPORT, location, str(table)], after_steps=step)
        done = look(location, before)
        assert killed or done
        if done:
            break
    if not done:
        assert not run_and_kill(["-c", IMPORT, location, str(table)])
        assert look(location, before)
