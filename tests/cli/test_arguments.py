"""Dates and times as people write them on the command line."""

from datetime import UTC, date, datetime, timedelta, timezone
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from desk_maint.cli.arguments import day, instant, moment
from desk_maint.cli.console import ProgressLine
from desk_maint.domain.errors import InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text", ["2026-06-01", "2026/6/1", "2026.6.1", "2026年6月1日", " 2026-6-1"]
)
def test_dates(text):
    assert day(text) == date(2026, 6, 1)


@pytest.mark.parametrize(
    "text", ["", "06-01-2026", "2026-13-01", "2026-06-31", "20260601", "1/6/26"]
)
def test_what_is_no_date(text):
    with pytest.raises(InputError):
        day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-01 08:00", datetime(2026, 6, 1, 8)),
        ("2026-06-01T08:00", datetime(2026, 6, 1, 8)),
        ("2026/6/1 8:05:09", datetime(2026, 6, 1, 8, 5, 9)),
        ("2026-06-01", datetime(2026, 6, 1)),
        ("2026-06-01T08:00:00Z", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        (
            "2026-06-01T08:00+08:00",
            datetime(2026, 6, 1, 8, tzinfo=timezone(timedelta(hours=8))),
        ),
    ],
)
def test_moments(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["08:00", "2026-06-01 25:00", "2026-06-01 8", "now"])
def test_what_is_no_moment(text):
    with pytest.raises(InputError):
        moment(text)


def test_a_moment_without_an_offset_is_local_to_the_bureau():
    assert instant(moment("2026-06-01 08:00"), SHANGHAI, 0) == 1_780_272_000
    assert instant(moment("2026-06-01 08:00+00:00"), SHANGHAI, 0) == 1_780_300_800
    assert instant(None, SHANGHAI, 5) == 5


class Terminal(StringIO):
    def isatty(self):
        return True


def test_progress_is_quiet_for_a_second_then_redraws_one_line():
    now, stream = [0.0], Terminal()
    with ProgressLine("Importing", stream, lambda: now[0]) as progress:
        progress.advance(1, 100)
        assert stream.getvalue() == ""
        now[0] = 1.5
        progress.advance(50, 100, of="faults")
        progress.advance(51, 100)  # too soon to be drawn again
    assert stream.getvalue() == "\r\x1b[2KImporting faults 50/100 (50 %)\r\x1b[2K"


def test_progress_in_a_file_is_a_line_now_and_then():
    now, stream = [0.0], StringIO()
    progress = ProgressLine("Importing", stream, lambda: now[0])
    for now[0] in (1.0, 2.0, 10.9, 11.1):
        progress.advance(int(now[0]))
    progress.clear()
    assert stream.getvalue() == "Importing 1\nImporting 11\n"
