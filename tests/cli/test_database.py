"""Making, upgrading, checking, backing up and restoring, on both kinds of database."""

import json
import sqlite3
from contextlib import closing

import pytest


def test_the_whole_life_of_a_database(run, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_MAINT_DATABASE", database_url)
    assert run("database", "init").status == 0
    assert run("database", "check").out.startswith("The database is sound: ")
    assert run("database", "upgrade").status == 0

    backup = tmp_path / "backup.db"
    assert run("database", "backup", backup).out == f"The backup has been written: {backup}\n"
    again = run("database", "backup", backup)
    assert (again.status, again.out) == (2, "")
    assert "There is already a file" in again.error

    assert run("demo", "--months", "1").status == 0
    assert json.loads(run("tickets", "--json").out)["tickets"]
    restored = run("database", "restore", backup)
    assert restored.status == 0
    assert "The database that it replaced is kept as" in restored.out
    assert json.loads(run("tickets", "--json").out)["tickets"] == []


def test_a_database_is_never_overwritten(run, demo_copy):
    before = demo_copy.read_bytes()
    answer = run("database", "init")
    assert answer.status == 2
    assert demo_copy.read_bytes() == before


def test_check_names_what_is_wrong(run, demo_copy):
    with closing(sqlite3.connect(demo_copy)) as connection, connection:
        connection.execute("UPDATE fault SET state = 'reported' WHERE state = 'closed'")
    answer = run("database", "check")
    assert answer.status == 1
    assert "does not follow from their moments" in answer.out
    answer = run("database", "check", "--json", "--lang", "zh_CN")
    assert answer.status == 1
    document = json.loads(answer.out)
    assert document["format"] == "desk-maint/check/1"
    assert document["ok"] is False
    assert "工单的状态与其时间和挂起记录不符" in document["findings"][0]


def test_a_database_that_cannot_even_be_read_is_looked_at_all_the_same(run, demo_copy):
    with closing(sqlite3.connect(demo_copy)) as connection, connection:
        connection.execute("UPDATE setting SET value = 'Mars/Olympus' WHERE key = 'timezone'")
    answer = run("database", "check")
    assert answer.status == 1
    assert "Mars/Olympus" in answer.out


@pytest.mark.parametrize("content", [b"", b"not a backup", b"SQLite format 3\x00" + bytes(2000)])
def test_what_is_no_backup_is_not_restored(run, demo_copy, tmp_path, content):
    file, before = tmp_path / "x.db", demo_copy.read_bytes()
    file.write_bytes(content)
    answer = run("database", "restore", file)
    assert (answer.status, answer.out) == (2, "")
    assert answer.error.count("\n") == 1
    assert demo_copy.read_bytes() == before


def test_the_demo_goes_into_an_empty_database_only(run, demo_copy):
    answer = run("demo", "--lang", "zh_TW")
    assert (answer.status, answer.out) == (2, "")
    assert "中已有資料" in answer.error
    assert str(demo_copy) in answer.error
