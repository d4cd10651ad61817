"""Scheduled work: due when it is, done once however many windows are open, told to whom."""

import threading
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from desk_maint.db.engine import open_database
from desk_maint.db.models import Change, ChangedField, Fault, JobRun
from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.instants import DAY, HOUR, MINUTE
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Actor, Role
from desk_maint.jobs import backups, schedule
from desk_maint.jobs.backups import DAYS_KEPT, MONTHS_KEPT, superfluous
from desk_maint.jobs.schedule import run_due
from desk_maint.jobs.scheduler import Scheduler
from desk_maint.language import render
from desk_maint.services.demo import fill_demo
from desk_maint.services.escalation import Escalation, escalate
from desk_maint.services.job_runs import PROGRAM, claim, finish
from desk_maint.services.waiting import list_news

ZONE = ZoneInfo("Asia/Shanghai")
ADMINISTRATOR = Actor("周敏", Role.ADMINISTRATOR)


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


NOW = at("2026-07-06 10:30")


def runs(database):
    with database.read() as session:
        return {
            (row.job, row.due_at): (row.claimed_by, row.finished_at, row.outcome)
            for row in session.scalars(select(JobRun))
        }


def test_a_run_is_claimed_once(database):
    assert claim(database, "backup", NOW, by="one", at=NOW)
    assert not claim(database, "backup", NOW, by="two", at=NOW + 60)
    assert claim(database, "backup", NOW + DAY, by="two", at=NOW + DAY)
    assert claim(database, "holidays", NOW, by="two", at=NOW)
    finish(database, "backup", NOW, at=NOW + 5)
    assert not claim(database, "backup", NOW, by="two", at=NOW + DAY)
    assert runs(database)["backup", NOW] == ("one", NOW + 5, "done")


def test_a_claim_that_was_cut_short_is_taken_over(database):
    """The PC that had it was switched off in the middle of the work."""
    assert claim(database, "backup", NOW, by="one", at=NOW)
    assert not claim(database, "backup", NOW, by="two", at=NOW + HOUR)
    assert claim(database, "backup", NOW, by="two", at=NOW + HOUR + 1)
    assert runs(database)["backup", NOW][0] == "two"


def test_old_runs_are_forgotten(database):
    for days in (0, 1, 200):
        assert claim(database, "backup", NOW + days * DAY, by="one", at=NOW + days * DAY)
    assert set(runs(database)) == {("backup", NOW + 200 * DAY)}


def test_of_many_windows_one_does_the_work(database, monkeypatch):
    """Eight windows, each with its own connection, look at the same moment."""
    done = []
    job = schedule.Job("work", lambda now, _tz: now, lambda *_unused: done.append(1) or ())
    monkeypatch.setattr(schedule, "JOBS", (job,))
    windows = [open_database(database.url) for _ in range(8)]
    ready = threading.Barrier(len(windows))

    def look(window):
        ready.wait()
        run_due(window, at=NOW)

    threads = [threading.Thread(target=look, args=(window,)) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for window in windows:
        window.close()
    assert done == [1]
    assert len(runs(database)) == 1


def test_two_schedulers_on_one_database(database, monkeypatch):
    """The clockwork itself: both look at once when they start, and end when they are told to."""
    done, told = [], []
    notice = schedule.Notice(msg("any fault"), Role.MANAGER)
    job = schedule.Job("work", lambda now, _tz: now, lambda *_unused: done.append(1) or (notice,))
    monkeypatch.setattr(schedule, "JOBS", (job,))
    looked = [threading.Event(), threading.Event()]
    other = open_database(database.url)
    schedulers = []
    for window, event in zip((database, other), looked, strict=True):
        scheduler = Scheduler(window, lambda: NOW, told.append, looked=event.set)
        scheduler.start()
        schedulers.append(scheduler)
    for event in looked:
        assert event.wait(60)
    for scheduler in schedulers:
        scheduler.stop()
    other.close()
    assert done == [1]
    assert told == [(notice,)]


@pytest.mark.parametrize(
    ("job", "now", "due"),
    [
        ("backup", "2026-07-06 12:29:59", "2026-07-05 12:30"),
        ("backup", "2026-07-06 12:30", "2026-07-06 12:30"),
        ("backup", "2026-07-06 23:59", "2026-07-06 12:30"),
        ("holidays", "2026-07-06 08:00", "2026-07-05 09:00"),
        ("escalation", "2026-07-06 08:04:59", "2026-07-06 08:00"),
        ("escalation", "2026-07-06 08:05", "2026-07-06 08:05"),
    ],
)
def test_the_last_moment_at_which_a_job_was_due(job, now, due):
    (found,) = [each for each in schedule.JOBS if each.key == job]
    assert found.last_due(at(now), ZONE) == at(due)


def test_a_failing_job_is_told_and_does_not_stop_the_others(sqlite_database, monkeypatch):
    problem = EnvironmentProblem(msg("any fault"))

    def fail(*_unused, **_more):
        raise problem

    monkeypatch.setattr(backups, "back_up", fail)
    notices = run_due(sqlite_database, at=at("2026-12-01 13:00"))
    assert notices[0] == schedule.Notice(problem.message, Role.ADMINISTRATOR)
    outcomes = {job: outcome for (job, _), (_, _, outcome) in runs(sqlite_database).items()}
    assert outcomes == {"backup": "any fault", "escalation": "done", "holidays": "done"}


def test_the_daily_backup(sqlite_database, tmp_path):
    run_due(sqlite_database, at=at("2026-07-06 13:00"))
    run_due(sqlite_database, at=at("2026-07-06 17:00"))
    (first,) = tmp_path.glob("backups/*.db")
    assert first.name == "desk-maint-20260706-1300.db"
    open_database(str(first)).close()
    run_due(sqlite_database, at=at("2026-07-07 12:31"))
    assert len(list(tmp_path.glob("backups/*.db"))) == 2


def test_a_server_is_not_backed_up_here(database, tmp_path):
    run_due(database, at=NOW)
    assert bool(list(tmp_path.rglob("backups"))) is database.is_sqlite


def test_two_weeks_and_a_year_of_months_are_kept():
    days = [f"x-2025{month:02d}{day:02d}-1230.db" for month in range(1, 13) for day in range(1, 29)]
    days += [f"x-2026{month:02d}{day:02d}-1230.db" for month in range(1, 7) for day in range(1, 29)]
    strangers = ["x-before-audit.db", "x-20260101.db"]
    gone = {path.name for path in superfluous(map(Path, days + strangers))}
    kept = [name for name in days if name not in gone]
    assert len(kept) == DAYS_KEPT + MONTHS_KEPT - 1
    assert kept[-DAYS_KEPT:] == days[-DAYS_KEPT:]
    assert kept[0] == "x-20250728-1230.db"
    assert not gone & set(strangers)


def test_next_years_rest_days_are_asked_for_from_november(sqlite_database):
    assert not [n for n in run_due(sqlite_database, at=at("2030-10-31 12:00")) if n.role]
    (notice,) = run_due(sqlite_database, at=at("2030-11-01 12:00"))
    assert notice.role is Role.MANAGER
    assert render(notice.message, "zh_CN").startswith("2031 年度节假日未导入。")


@pytest.fixture
def district(database):
    fill_demo(database, ADMINISTRATOR, months=1, at=NOW)
    return database


def told(database):
    with database.read() as session:
        rows = session.execute(
            select(Fault.number, ChangedField.new, Change.reason, Change.actor)
            .join(ChangedField, ChangedField.change_id == Change.id)
            .join(Fault, ChangedField.record_id == Fault.id.cast(ChangedField.record_id.type))
            .where(Change.action == "ticket.escalate")
            .order_by(ChangedField.id)
        ).all()
    return [tuple(row) for row in rows]


def test_each_share_of_a_limit_is_told_once(district):
    first = escalate(district, ADMINISTRATOR, at=NOW)
    assert {each.share for each in first} <= {50, 80, 100, 150}
    assert {100, 150} & {each.share for each in first}
    assert sorted((each.number, str(each.share)) for each in first) == sorted(
        (number, share) for number, share, *_ in told(district)
    )
    assert escalate(district, ADMINISTRATOR, at=NOW) == ()
    assert escalate(district, ADMINISTRATOR, at=NOW + MINUTE) == ()
    later = escalate(district, ADMINISTRATOR, at=NOW + 3 * DAY)
    before = {each.number: each.share for each in first}
    assert later
    assert all(each.share > before.get(each.number, 0) for each in later)
    assert all(reason == f"{share} %" for _, share, reason, _ in told(district))


def test_a_ticket_that_is_held_is_not_told_further(district):
    with district.read() as session:
        held = {
            row.number: row.holds[-1].reason.value
            for row in session.scalars(select(Fault).where(Fault.state == "on_hold"))
        }
    escalate(district, ADMINISTRATOR, at=NOW)
    later = {each.number for each in escalate(district, ADMINISTRATOR, at=NOW + 3 * DAY)}
    stopped = {n for n, reason in held.items() if reason in {"no_access", "third_party"}}
    assert stopped
    assert not stopped & later


@pytest.mark.parametrize(
    ("share", "lang", "said"),
    [
        (
            50,
            "zh_TW",
            "工單 WX1（ATM-01，城北支局）已用去修復時限的 50%，截止時間 2026-07-06 10:30。",
        ),
        (80, "en", "Ticket WX1 (ATM-01, 城北支局) has used up 80 % of its repair limit; "),
        (100, "zh_CN", "工单 WX1（ATM-01，城北支局）已超过修复时限，截止时间 2026-07-06 10:30。"),
        (150, "en", "is past its repair limit of 2026-07-06 10:30."),
    ],
)
def test_what_a_notice_says(share, lang, said):
    found = Escalation(1, "WX1", "ATM-01", "城北支局", None, share, NOW)
    assert said in render(found.message, lang)


def test_managers_and_the_technician_read_it_as_news(district):
    before = list_news(district, ADMINISTRATOR, None).last_change
    found = escalate(district, PROGRAM, at=NOW)
    to_managers = {each.number for each in found if each.share >= 80}
    manager = Actor("陈建国", Role.MANAGER)
    news = list_news(district, manager, before)
    assert {each.number for each in news.items} == to_managers
    assert {each.action for each in news.items} == {"ticket.escalate"}
    assert list_news(district, manager, news.last_change).items == ()
    told_one = next(each for each in found if each.technician)
    technician = Actor(told_one.technician, Role.TECHNICIAN)
    mine = {each.number for each in found if each.technician == technician.name}
    assert {each.number for each in list_news(district, technician, before).items} == mine
