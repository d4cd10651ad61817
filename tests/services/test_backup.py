"""The database knows when it was last copied, and by whom."""

from __future__ import annotations

import pytest

from desk_maint.db.engine import open_database
from desk_maint.domain.errors import EnvironmentProblem, PermissionDeniedError
from desk_maint.domain.instants import DAY, HOUR
from desk_maint.services import backup, job_runs
from desk_maint.services.backup import LastBackup
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def test_a_backup_is_known_from_the_history(district, tmp_path):
    d = district
    assert backup.last_backup(d.database, d.administrator) is None
    made = backup.back_up(d.database, d.administrator, tmp_path / "kept.db", at=AT)
    assert made.path.exists()
    assert made.changes.kinds == {"database"}
    last = backup.last_backup(d.database, d.administrator)
    assert last == LastBackup(AT, d.administrator.name, "kept.db")
    copy = open_database(str(made.path))
    assert backup.last_backup(copy, d.administrator) is None, "the copy was made before"
    copy.close()
    with pytest.raises(PermissionDeniedError):
        backup.last_backup(d.database, d.manager)


def test_a_backup_that_failed_is_not_known(district, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(EnvironmentProblem):
        backup.back_up(district.database, district.administrator, blocked / "kept.db", at=AT)
    assert backup.last_backup(district.database, district.administrator) is None


def test_the_daily_backup_counts_where_the_program_makes_it(district, tmp_path):
    d = district
    backup.back_up(d.database, d.administrator, tmp_path / "kept.db", at=AT)
    for day, problem in ((1, None), (2, "no room")):
        due = AT + day * DAY
        assert job_runs.claim(d.database, "backup", due, by="pc", at=due)
        job_runs.finish(d.database, "backup", due, at=due + HOUR, problem=problem)
    last = backup.last_backup(d.database, d.administrator)
    assert last is not None
    if d.database.is_sqlite:
        assert last == LastBackup(AT + DAY + HOUR, None, None)
    else:
        assert last.name == "kept.db"
