"""Cells as people write them, read as values."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import from_local, zone
from desk_maint.exchange.columns import sheet
from desk_maint.exchange.values import LocalClock, Reader, clean_code, clean_text
from desk_maint.exchange.workbook_guard import CellError, Formula

SHANGHAI = zone("Asia/Shanghai")
NINE_FIVE = from_local(datetime(2026, 3, 5, 9, 5), SHANGHAI)
MIDNIGHT = from_local(datetime(2026, 3, 5), SHANGHAI)


@pytest.fixture
def reader() -> Reader:
    return Reader(LocalClock(SHANGHAI), year=2026)


def convert(reader: Reader, kind: str, column: str, cell: object) -> object:
    return reader.converter(sheet(kind).column(column))(cell)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        (datetime(2026, 3, 5, 9, 5), NINE_FIVE),
        (datetime(2026, 3, 5, 9, 4, 59, 999_600), NINE_FIVE),
        (date(2026, 3, 5), MIDNIGHT),
        ("2026-03-05 09:05", NINE_FIVE),
        ("2026/3/5 9:05", NINE_FIVE),
        ("2026/03/05 09:05:00", NINE_FIVE),
        ("2026年3月5日 9:05", NINE_FIVE),
        ("2026年3月5日9时05分", NINE_FIVE),
        ("2026年3月5日9時5分", NINE_FIVE),
        ("2026 年 3 月 5 日 9 点 5 分", NINE_FIVE),
        ("3月5日9时05分", NINE_FIVE),
        ("３月５日９时０５分", NINE_FIVE),
        ("2026.3.5 9：05", NINE_FIVE),
        ("2026年3月5日(星期四) 9:05", NINE_FIVE),
        ("2026年3月5日 上午9:05", NINE_FIVE),
        ("2026-03-05 9:05 AM", NINE_FIVE),
        ("2026年3月5日 下午9:05", NINE_FIVE + 12 * 3600),
        ("2026-03-05T09:05:00", NINE_FIVE),
        ("2026-03-05T01:05:00Z", NINE_FIVE),
        ("2026-03-05T10:05:00+09:00", NINE_FIVE),
        ("2026-03-04 24:00", MIDNIGHT),
        ("2026.3.5", MIDNIGHT),
        ("20260305", MIDNIGHT),
        (20260305.0, MIDNIGHT),
        ("  2026-03-05　", MIDNIGHT),
        ("   ", None),
        (None, None),
    ],
)
def test_moment(reader: Reader, cell: object, instant: int | None) -> None:
    assert convert(reader, "faults", "reported_at", cell) == instant


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026年3月5日", date(2026, 3, 5)),
        ("２０２６－０３－０５", date(2026, 3, 5)),
        (datetime(2026, 3, 5, 0, 0), date(2026, 3, 5)),
        ("2021年8月", date(2021, 8, 1)),
        ("2021-08", date(2021, 8, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_date(reader: Reader, cell: object, day: date) -> None:
    assert convert(reader, "devices", "commissioned_on", cell) == day


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("5-Mar", "cannot be read"),
        ("3/5", "cannot be read"),
        ("26-3-5", "cannot be read"),
        ("3/5/2026", "cannot be read"),
        ("2026/3-5", "cannot be read"),
        ("2O21-13-45", "cannot be read"),
        ("2026-06-31 10:00", "does not exist"),
        ("2025-02-29", "does not exist"),
        ("2026-03-05 25:00", "does not exist"),
        ("1900-01-01", "impossible year"),
        (datetime(1900, 1, 1), "impossible year"),
        (46086.0, "is a number"),
        (time(9, 5), "not a date"),
        (Formula("NOW()"), "formula =NOW()"),
        (CellError("#REF!"), "#REF!"),
    ],
)
def test_no_guessing_at_dates(reader: Reader, cell: object, part: str) -> None:
    with pytest.raises(InputError) as refused:
        convert(reader, "faults", "reported_at", cell)
    assert part in str(refused.value)


def test_without_a_year_in_the_title_a_date_needs_its_own() -> None:
    with pytest.raises(InputError) as refused:
        convert(Reader(LocalClock(SHANGHAI)), "faults", "reported_at", "3月5日9时05分")
    assert "no year" in str(refused.value)


def test_the_profile_s_forms_go_first() -> None:
    reader = Reader(LocalClock(SHANGHAI), date_formats=("%m/%d/%Y %H:%M", "%y-%b"))
    assert convert(reader, "faults", "reported_at", "3/5/2026 9:05") == NINE_FIVE
    assert convert(reader, "devices", "commissioned_on", "5-Jun") == date(2005, 6, 1)
    assert convert(reader, "devices", "commissioned_on", "96-Nov") == date(1996, 11, 1)


@given(
    st.datetimes(datetime(1996, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(["America/Denver", "Asia/Shanghai", "Australia/Lord_Howe", "Europe/Berlin"]),
)
def test_the_quick_clock_agrees_with_the_zone(moment: datetime, name: str) -> None:
    moment = moment.replace(microsecond=0)
    assert LocalClock(ZoneInfo(name)).instant(moment) == from_local(moment, ZoneInfo(name))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (" ATM－0101－02 ", "ATM-0101-02"),
        ("ATM — 0101 – 02", "ATM-0101-02"),
        ("ＡＴＭ-01", "ATM-01"),
        (101.0, "101"),
        (101, "101"),
        ('="0101"', "0101"),
        ("'0101", "0101"),
        ("a\u200bb", "ab"),
    ],
)
def test_code(reader: Reader, cell: object, code: str) -> None:
    assert convert(reader, "devices", "tag", cell) == code


@pytest.mark.parametrize("cell", [1.2345678901234567e18, datetime(2026, 1, 2), True])
def test_a_code_that_the_spreadsheet_spoiled_is_refused(reader: Reader, cell: object) -> None:
    with pytest.raises(InputError):
        convert(reader, "devices", "tag", cell)


@pytest.mark.parametrize(
    ("kind", "column", "cell", "value"),
    [
        ("devices", "category", "自动柜员机", Category.ATM),
        ("devices", "category", "自動櫃員機", Category.ATM),
        ("devices", "category", " Green-Card Terminal ", Category.GREEN_CARD_TERMINAL),
        ("devices", "category", "green card terminal", Category.GREEN_CARD_TERMINAL),
        ("devices", "state", "已报废", DeviceState.SCRAPPED),
        ("devices", "state", "报废", DeviceState.SCRAPPED),
        ("devices", "state", " ", None),
        ("outlets", "networked", "是", True),
        ("outlets", "networked", "否", False),
        ("outlets", "networked", "NO", False),
        ("outlets", "networked", True, True),
        ("outlets", "phone", 13800138000.0, "13800138000"),
        ("faults", "grade", "二级", 2),
        ("faults", "grade", "Ⅲ级", 3),
        ("faults", "grade", 4.0, 4),
        ("faults", "grade", "Grade I: whole outlet stopped", 1),
        ("devices", "retention_days_required", "90天", 90),
        ("devices", "remarks", Formula("SUM(1,1)"), "=SUM(1,1)"),
        ("devices", "remarks", "-见附页", "-见附页"),
        ("devices", "model", 5887.0, "5887"),
        ("repair_limits", "repair", "2wd", "2wd"),
        ("calendars", "mon", "０８：００－１２：００ 13:00-17:30", "08:00-12:00 13:00-17:30"),
    ],
)
def test_other_kinds(reader: Reader, kind: str, column: str, cell: object, value: object) -> None:
    read = convert(reader, kind, column, cell)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "column", "cell", "part"),
    [
        ("devices", "category", "冰箱", "not known here"),
        ("faults", "grade", "5", "fault grade"),
        ("outlets", "networked", "也许", "neither yes nor no"),
        ("devices", "retention_days_required", -3, "negative"),
        ("devices", "retention_days_required", 1.5, "whole number"),
        ("devices", "tag", "x" * 65, "at most 64"),
        ("devices", "tag", "=cmd|' /C calc'!A0", "begins with ="),
        ("devices", "tag", "＋1", "begins with +"),
        ("devices", "outlet_code", "－0101", "begins with -"),
        ("faults", "number", "@SUM(A1)", "begins with @"),
        ("devices", "name", Formula("A1&B1"), "formula =A1&B1"),
    ],
)
def test_refused(reader: Reader, kind: str, column: str, cell: object, part: str) -> None:
    with pytest.raises(InputError) as refused:
        convert(reader, kind, column, cell)
    assert part in str(refused.value)


def test_the_keeper_s_own_words() -> None:
    reader = Reader(
        LocalClock(SHANGHAI), words={"state": {"停用": "sealed", "current": "", "": "in_use"}}
    )
    assert convert(reader, "devices", "state", " 停 用 ") is DeviceState.SEALED
    assert convert(reader, "devices", "state", "CURRENT") is None
    assert convert(reader, "devices", "state", "备用") is DeviceState.STANDBY
    assert convert(reader, "devices", "state", None) is DeviceState.IN_USE


@given(st.text())
def test_cleaning_is_done_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_code(clean_code(text)) == clean_code(text)
