"""Input that cannot be taken: one plain sentence each, at its place, and nothing changed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from desk_maint.domain.errors import EnvironmentProblem, InputError
from desk_maint.language import LANGUAGES, render
from tests.exchange.district import DISTRICT, SHANGHAI, bring_in, contents, counts
from tests.exchange.test_reading import BROKEN_FILES
from tests.exchange.workbooks import make_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.engine import Database


@pytest.fixture
def district(database: Database, tmp_path: Path) -> Database:
    assert bring_in(database, DISTRICT, folder=tmp_path).applied
    return database


@pytest.fixture
def sqlite_district(sqlite_database: Database, tmp_path: Path) -> Database:
    assert bring_in(sqlite_database, DISTRICT, folder=tmp_path).applied
    return sqlite_database


DEVICE = ("tag", "category", "outlet_code", "commissioned_on", "retired_on", "extinguisher_type")
FAULT = ("number", "tag", "reported_at", "impact", "accepted_at", "restored_at", "cancelled_at")
OUTLET = ("code", "name", "parent_code", "calendar")
HOLD = ("number", "from", "to", "reason")
STOPPAGE = ("scope", "key", "from", "to", "reason", "approved_by")
LIMIT = ("category", "grade", "zone", "clock", "repair")
GOOD = "2026-06-01 10:00"

BAD_ROWS: dict[str, tuple[str, tuple[str, ...], list[tuple[Any, ...]], str | None, str]] = {
    # kind of mistake: sheet, header, rows of which the last is bad, its column, its reason
    "no tag": ("devices", DEVICE, [(None, "atm", "0101", "2020-01-01")], "tag", "is needed"),
    "formula in the place of a value": (
        "devices", DEVICE, [("=A1", "atm", "0101", "2020-01-01")], "tag", "the formula =A1",
    ),
    "error in the place of a value": (
        "devices", DEVICE, [("#REF!", "atm", "0101", "2020-01-01")], "tag", "the error #REF!",
    ),
    "unknown category": (
        "devices", DEVICE, [("A", "冰箱", "0101", "2020-01-01")], "category", "not known here",
    ),
    "unknown outlet": (
        "devices", DEVICE, [("A", "atm", "9999", "2020-01-01")], "outlet_code", "no outlet",
    ),
    "impossible date": (
        "devices", DEVICE, [("A", "atm", "0101", "2020-02-30")], "commissioned_on", "not exist",
    ),
    "retired before commissioned": (
        "devices", DEVICE, [("A", "atm", "0101", "2020-01-02", "2020-01-01")], None,
        "retired on 2020-01-01, before it was put into service on 2020-01-02",
    ),
    "extinguisher that is none": (
        "devices", DEVICE, [("A", "atm", "0101", "2020-01-01", None, "干粉")], None, "Only a fire",
    ),
    "device twice": (
        "devices", DEVICE,
        [("A", "atm", "0101", "2020-01-01"), ("Ａ", "atm", "0101", "2020-01-01")],
        "tag", "Row 3 is the same record as row 2",
    ),
    "negative days": (
        "devices", ("tag", "category", "outlet_code", "commissioned_on", "retention_days_required"),
        [("A", "cctv_camera", "0101", "2020-01-01", -90)], "retention_days_required", "negative",
    ),
    "text that is too long": (
        "devices", ("tag", "category", "outlet_code", "commissioned_on", "name"),
        [("A", "atm", "0101", "2020-01-01", "很" * 101)], "name", "at most 100",
    ),
    "unknown tag": ("faults", FAULT, [("A", "ATM-99", GOOD, "停机")], "tag", "tag ATM-99"),
    "restored before it was reported": (
        "faults", FAULT, [("A", "ATM-01", GOOD, "停机", None, "2026-06-01 09:00")],
        "restored_at", "2026-06-01 09:00) lies before",
    ),
    "accepted before it was reported": (
        "faults", FAULT, [("A", "ATM-01", GOOD, "停机", "2026-05-31 10:00")],
        "accepted_at", "2026-06-01 10:00). Mend one",
    ),
    "cancelled after it was restored": (
        "faults", FAULT, [("A", "ATM-01", GOOD, "停机", None, GOOD, GOOD)], None, "cancelled",
    ),
    "number twice": (
        "faults", FAULT,
        [("A", "ATM-01", GOOD, "停机"), ("A", "ATM-01", "2026-06-02 10:00", "停机")],
        "number", "same record as row 2",
    ),
    "the same fault twice without a number": (
        "faults", FAULT, [(None, "ATM-01", GOOD, "停机"), (None, "ATM-01", GOOD, "停机")],
        "reported_at", "same record as row 2",
    ),
    "number of another device's fault": (
        "faults", FAULT, [("F1", "ATM-01", GOOD, "停机")], "number", "of another device",
    ),
    "number that begins like a formula": (
        "faults", FAULT, [("@A", "ATM-01", GOOD, "停机")], "number", "begins with @",
    ),
    "hold of an unknown fault": (
        "holds", HOLD, [("F99", GOOD, None, "no_access")], "number", "number F99",
    ),
    "hold that ends before it begins": (
        "holds", HOLD, [("F1", "2026-06-05 15:00", "2026-06-05 14:00", "no_access")], "to",
        "ends (2026-06-05 14:00) before it begins (2026-06-05 15:00)",
    ),
    "hold before the report": (
        "holds", HOLD, [("F1", "2026-06-05 09:00", "2026-06-05 10:30", "no_access")], "from",
        "before the fault was reported",
    ),
    "hold that overlaps another": (
        "holds", HOLD, [("F1", "2026-06-05 11:30", "2026-06-05 13:00", "no_access")], "from",
        "overlap",
    ),
    "stoppage that ends before it begins": (
        "stoppages", STOPPAGE, [("all", None, GOOD, "2026-05-01", "检修", "李")], "to", "ends (",
    ),
    "stoppage of nothing": (
        "stoppages", STOPPAGE, [("device", None, GOOD, "2026-06-02", "检修", "李")], "key",
        "not said what stands still",
    ),
    "stoppage of an unknown category": (
        "stoppages", STOPPAGE, [("category", "冰箱", GOOD, "2026-06-02", "检修", "李")], "key",
        "not known here",
    ),
    "parent that is not there": ("outlets", OUTLET, [("1", "甲", "77")], "parent_code", "code 77"),
    "outlet below itself": (
        "outlets", OUTLET, [("01", "区邮政局", "0101")], "parent_code", "below itself",
    ),
    "calendar that is not there": (
        "outlets", OUTLET, [("1", "甲", None, "夜班")], "calendar", "no service calendar",
    ),
    "hours that are none": (
        "special_days", ("date", "kind", "hours"), [("2026-05-05", "work", "25:00-26:00")],
        "hours", "25:00",
    ),
    "limit that is none": (
        "repair_limits", LIMIT, [("atm", 1, "city", "service", "soon")], "repair", "soon",
    ),
    "clock that is none": (
        "repair_limits", LIMIT, [("atm", 1, "city", "沙漏", "2h")], "clock", "沙漏",
    ),
    "setting that is none": ("settings", ("key", "value"), [("colour", "red")], "key", "colour"),
    "target beyond reach": (
        "settings", ("key", "value"), [("target.atm", "101")], "value", "from 0 to 100",
    ),
    "zone that is none": (
        "settings", ("key", "value"), [("timezone", "Asia/Nowhere")], "value", "Asia/Nowhere",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BAD_ROWS)
def test_a_bad_row_is_named_and_nothing_goes_in(
    sqlite_district: Database, tmp_path: Path, mistake: str
) -> None:
    kind, head, rows, column, part = BAD_ROWS[mistake]
    before = contents(sqlite_district)
    report = bring_in(sqlite_district, {kind: [head, *rows]}, folder=tmp_path)
    assert not report.applied
    (refused,) = report.refused
    assert (refused.sheet, refused.row, refused.column) == (kind, len(rows) + 1, column)
    if column is not None:
        place = head.index(column)
        cell = rows[-1][place] if place < len(rows[-1]) else None
        assert refused.value == ("" if cell is None else str(cell))
    for lang in LANGUAGES:
        sentence = render(refused.reason, lang, tz=SHANGHAI)
        assert sentence
        assert "{" not in sentence
    assert part in render(refused.reason, "en", tz=SHANGHAI)
    assert report.sheets[0].refused == 1
    assert contents(sqlite_district) == before


BAD_TABLES: dict[str, tuple[dict[str, list[tuple[Any, ...]]], str]] = {
    "a required column is missing": (
        {"devices": [("tag", "category", "commissioned_on"), ("A", "atm", "2020-01-01")]},
        "lacks the column outlet_code",
    ),
    "a column comes twice": (
        {"moves": [("tag", "moved_on", "to_outlet_code", "资产编号"), ("A", 1, 2, 3)]},
        "has the column “资产编号” more than once",
    ),
    "no header at all": ({"devices": [("ATM-1", "取款机")]}, "has no header row"),
    "nothing of ours": (
        {"Sheet1": [("甲", "乙"), (1, 2)]},
        "Nothing in table.xlsx can be imported",
    ),
}


@pytest.mark.parametrize("mistake", BAD_TABLES)
def test_a_bad_table_is_refused_as_a_whole(
    sqlite_district: Database, tmp_path: Path, mistake: str
) -> None:
    sheets, part = BAD_TABLES[mistake]
    before = contents(sqlite_district)
    with pytest.raises(InputError) as refused:
        bring_in(sqlite_district, sheets, folder=tmp_path)
    assert part in str(refused.value)
    assert contents(sqlite_district) == before


_IMPORT_IN_LITTLE_MEMORY = """
import json, resource, sys
from pathlib import Path
from desk_maint.db.engine import open_database
from desk_maint.domain.errors import InputError
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.importing import import_file
import openpyxl, python_calamine  # before the limit counts

database = open_database(sys.argv[1])
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = ""
try:
    import_file(database, Actor("a", Role.MANAGER), Path(sys.argv[2]), at=0, lang="en")
except InputError as error:
    told = str(error)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
database.close()
print(json.dumps({"told": told, "grown": grown}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by a POSIX call")
@pytest.mark.parametrize(
    "kind", ["zip bomb", "lying zip bomb", "entity bomb", "lone far cell", "2 million empty rows"]
)
def test_what_would_fill_the_memory_does_not(
    sqlite_district: Database, tmp_path: Path, kind: str
) -> None:
    name, make, part = BROKEN_FILES[kind]
    path = make(tmp_path / name)
    before = contents(sqlite_district)
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_IN_LITTLE_MEMORY, sqlite_district.location, str(path)],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    answer = json.loads(done.stdout)
    assert part in answer["told"]
    assert answer["grown"] < 64 * 1024  # KiB
    assert contents(sqlite_district) == before


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_a_broken_file_changes_nothing(
    sqlite_district: Database, tmp_path: Path, kind: str
) -> None:
    if kind in {"zip bomb", "lying zip bomb", "2 million empty rows"}:
        return  # the test above
    name, make, _ = BROKEN_FILES[kind]
    before = contents(sqlite_district)
    with pytest.raises(InputError):
        bring_in(sqlite_district, make(tmp_path / name))
    assert contents(sqlite_district) == before


MIXED = [
    ("台账", None, None, None, None),
    ("资产编号", "设备类别", "网点编码", "启用日期", "备注"),
    ("N-1", "自动柜员机", "0101", "2020-01-01", "好"),
    ("N-2", "冰箱", "0101", datetime(2020, 1, 1), "-2+3"),
    ("N-3", "自动柜员机", "0101", "2020-01-01", "好"),
    (None, "自动柜员机", "0101", "2020-01-01", "=1+1"),
]


def test_bad_rows_come_back_and_can_be_mended(district: Database, tmp_path: Path) -> None:
    report = bring_in(
        district, {"devices": MIXED}, folder=tmp_path, skip_bad_rows=True, lang="zh_CN"
    )
    assert report.applied
    assert counts(report) == {"devices": (4, 2, 0, 0, 2)}
    assert report.refused_file == tmp_path / "table-refused.xlsx"
    workbook = load_workbook(report.refused_file)
    page = workbook["devices"]
    rows = [tuple(cell.value for cell in row) for row in page]
    assert rows[0][0] == "台账"
    assert rows[1] == (*MIXED[1], "拒绝原因")
    assert rows[2][:5] == MIXED[3]
    assert rows[3][:5] == (None, "自动柜员机", "0101", "2020-01-01", "=1+1")
    assert "冰箱" in rows[2][5]
    # What was a formula is text now, and text that looks like one stays text.
    assert {cell.data_type for row in page.iter_rows(min_row=3) for cell in row} <= {"s", "d", "n"}
    page["B3"] = "自动柜员机"
    page["A4"] = "N-4"
    workbook.save(report.refused_file)
    mended = bring_in(district, report.refused_file)
    assert mended.applied
    assert mended.unknown_columns == []
    assert counts(mended) == {"devices": (2, 2, 0, 0, 0)}


def test_the_file_of_refused_rows_never_replaces_another(
    district: Database, tmp_path: Path
) -> None:
    names = []
    for _ in range(3):
        report = bring_in(district, {"devices": MIXED}, folder=tmp_path, skip_bad_rows=True)
        assert report.refused_file is not None
        names.append(report.refused_file.name)
    assert names == ["table-refused.xlsx", "table-refused-2.xlsx", "table-refused-3.xlsx"]


def test_where_refused_rows_cannot_be_written_nothing_goes_in(
    sqlite_district: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk_maint.exchange import refused

    place = tmp_path / "nowhere" / "table-refused.xlsx"
    monkeypatch.setattr(refused, "_free_names", lambda _source: iter([place]))
    before = contents(sqlite_district)
    with pytest.raises(EnvironmentProblem, match="Nothing was imported"):
        bring_in(sqlite_district, {"devices": MIXED}, folder=tmp_path, skip_bad_rows=True)
    assert contents(sqlite_district) == before


def test_refused_rows_take_those_along_that_need_them(
    sqlite_district: Database, tmp_path: Path
) -> None:
    table = {
        "outlets": [
            ("code", "name", "parent_code"),
            ("A", "甲", "B"),
            ("B", "乙", "C"),
            ("C", "丙", "不存在"),
            ("D", "丁", "01"),
        ],
        "devices": [
            ("tag", "category", "outlet_code", "commissioned_on"),
            ("N-1", "atm", "A", "2020-01-01"),
            ("N-2", "atm", "D", "2020-01-01"),
        ],
    }
    report = bring_in(sqlite_district, table, folder=tmp_path, skip_bad_rows=True)
    assert [(each.sheet, each.row) for each in report.refused] == [
        ("outlets", 2),
        ("outlets", 3),
        ("outlets", 4),
        ("devices", 2),
    ]
    assert counts(report) == {"outlets": (4, 1, 0, 0, 3), "devices": (2, 1, 0, 0, 1)}


def test_a_spoiled_row_does_not_stand_in_a_good_one_s_way(
    sqlite_district: Database, tmp_path: Path
) -> None:
    rows = [
        ("tag", "category", "outlet_code", "commissioned_on"),
        ("N-1", "atm", "9999", "2020-01-01"),
        ("N-1", "atm", "0101", "2020-01-01"),
    ]
    report = bring_in(sqlite_district, {"devices": rows}, folder=tmp_path, skip_bad_rows=True)
    assert counts(report) == {"devices": (2, 1, 0, 0, 1)}
    assert report.refused[0].row == 2


def test_text_that_looks_like_a_formula_is_kept(district: Database, tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "a.xlsx",
        {
            "devices": [
                ("tag", "category", "outlet_code", "commissioned_on", "remarks", "custodian"),
                ("N-1", "atm", "0101", "2020-01-01", "=SUM(1,1)", "+86 10 1234"),
            ]
        },
    )
    assert bring_in(district, path).applied
    with district.read() as session:
        from sqlalchemy import select

        from desk_maint.db.models import Device

        device = session.scalars(select(Device).filter_by(tag="N-1")).one()
        assert (device.remarks, device.custodian) == ("=SUM(1,1)", "+86 10 1234")
