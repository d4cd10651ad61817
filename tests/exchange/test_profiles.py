"""Profiles: somebody else's table, and what is wrong with a profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from desk_maint.db.models import Device, Fault, Outlet
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError
from desk_maint.exchange.profiles import Profile, read_profile, save_profile
from tests.exchange.district import at, bring_in, counts

if TYPE_CHECKING:
    from desk_maint.db.engine import Database

PROFILES = Path(__file__).parent / "profiles"

BOOK = [
    ("××局故障登记（2026）", None, None, None, None, None, None, None),
    (None, None, "单位：技术维护中心"),
    ("机号", "段", "类型", "时间", "好了", "硬件", "软件", "说明"),
    (7, "甲", "柜员机", "3/5/2026 9:05", "3/5/2026 10:05", "卡钞", None, None),
    (7, "甲", "柜员机", "3/6/2026 9:05", "未", None, "死机", None),
    (8, "乙", "打印机", "3/6/2026 9:05", None, None, None, "作 废"),
    (9, "乙", "终端", "3/7/2026 9:05", None, None, None, None),
    ("合计", 3),
]
PROFILE = Profile(
    kind="faults",
    sheet="登记",
    date_formats=("%m/%d/%Y %H:%M",),
    columns={"reported_at": "时间", "restored_at": "好了", "remarks": "说明"},
    templates={"tag": "{段}-{机号}", "number": "登记{#row}"},
    filled={"cause": ("硬件", "软件")},
    constants={"impact": "停机"},
    values={"restored_at": {"未": ""}, "category": {"柜员机": "atm", "终端": "绿卡终端"}},
    outlet={"code": "{段}", "name": "{段}区", "zone": "rural"},
    device={"category": "{类型}", "outlet_code": "{段}", "commissioned_on": "2020-01-01"},
    leave_out={"说明": ("作废",)},
)


def test_a_table_laid_out_by_somebody_else(database: Database, tmp_path: Path) -> None:
    sheets = {"登记": BOOK, "别的": [("x",)]}
    for outcome in ((3, 3, 0, 0, 0), (3, 0, 0, 3, 0)):
        report = bring_in(database, sheets, folder=tmp_path, profile=PROFILE, create_devices=True)
        assert report.applied
        assert counts(report)["faults"] == outcome
    assert report.sheets[-1].left_out == 2
    assert report.unknown_columns == []
    with database.read() as session:
        faults = {fault.number: fault for fault in session.scalars(select(Fault))}
        devices = {device.tag: device for device in session.scalars(select(Device))}
        outlets = {outlet.code: outlet for outlet in session.scalars(select(Outlet))}
    assert set(faults) == {"登记4", "登记5", "登记7"}
    assert faults["登记4"].reported_at == at(2026, 3, 5, 9, 5)
    assert faults["登记4"].restored_at == at(2026, 3, 5, 10, 5)
    assert [faults[number].cause for number in ("登记4", "登记5", "登记7")] == [
        "硬件",
        "软件",
        None,
    ]
    assert faults["登记5"].restored_at is None
    assert {tag: device.category for tag, device in devices.items()} == {
        "甲-7": Category.ATM,
        "乙-9": Category.GREEN_CARD_TERMINAL,
    }
    assert devices["甲-7"].outlet_id == outlets["甲"].id
    assert (outlets["乙"].name, outlets["乙"].zone) == ("乙区", "rural")


def test_devices_are_made_only_when_wanted(database: Database, tmp_path: Path) -> None:
    report = bring_in(database, {"登记": BOOK}, folder=tmp_path, profile=PROFILE)
    assert not report.applied
    assert [refused.row for refused in report.refused] == [4, 5, 7]
    assert "no device with the tag 甲-7" in str(report.refused[0].reason)


def test_a_device_that_cannot_be_made_is_told_by_its_cell(
    sqlite_database: Database, tmp_path: Path
) -> None:
    rows = [*BOOK[:3], (7, "甲", "微波炉", "3/5/2026 9:05", None, None, None, None)]
    report = bring_in(
        sqlite_database, {"登记": rows}, folder=tmp_path, profile=PROFILE, create_devices=True
    )
    (refused,) = report.refused
    assert (refused.row, refused.column, refused.value) == (4, "类型", "微波炉")


def test_refused_rows_of_a_profile_come_in_by_it_once_mended(
    sqlite_database: Database, tmp_path: Path
) -> None:
    rows = [*BOOK, (9, "乙", "终端", "13/7/2026 9:05", None, None, None, None)]
    options = {"profile": PROFILE, "create_devices": True}
    report = bring_in(
        sqlite_database, {"登记": rows}, folder=tmp_path, skip_bad_rows=True, **options
    )
    assert report.refused_file is not None
    workbook = load_workbook(report.refused_file)
    workbook["登记"]["D9"] = "12/7/2026 9:05"
    workbook.save(report.refused_file)
    mended = bring_in(sqlite_database, report.refused_file, **options)
    # Its number is made of the row's place, which therefore is the same there.
    assert mended.refused == []
    assert counts(mended)["faults"] == (1, 1, 0, 0, 0)
    with sqlite_database.read() as session:
        assert session.scalars(select(Fault.reported_at).filter_by(number="登记9")).one() == at(
            2026, 12, 7, 9, 5
        )


def test_a_saved_profile_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    save_profile(PROFILE, path)
    assert read_profile(path) == PROFILE
    save_profile(Profile(kind="settings", columns={"key": "项"}), path)
    assert read_profile(path) == Profile(kind="settings", columns={"key": "项"})


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_profiles_of_the_samples_are_sound(path: Path) -> None:
    assert read_profile(path).kind in {"devices", "faults"}


SOUND = """
kind = "moves"
[columns]
tag = "机号"
moved_on = "日期"
to_outlet_code = "去处"
"""


@pytest.mark.parametrize(
    ("text", "key", "part"),
    [
        ("kind = ", "", "not in TOML form"),
        ("", "kind", "must be one of: settings"),
        ('kind = "printers"', "kind", "must be one of: settings"),
        (SOUND.replace("[columns]", "[spalten]"), "spalten", "no such key"),
        (SOUND + 'colour = "色"', "columns.colour", "no such key"),
        (SOUND.replace('tag = "机号"', "tag = 1.5") + "[values]\ntag = 3", "values.tag", "words"),
        (SOUND.replace('tag = "机号"', ""), "columns", "tag is missing"),
        (SOUND + '[constants]\ntag = "A"', "constants.tag", "given under columns too"),
        (SOUND.replace("[columns]", "header_row = 0\n[columns]"), "header_row", "from 1"),
        (SOUND.replace("[columns]", 'header_row = "x"\n[columns]'), "header_row", "whole number"),
        (SOUND.replace("[columns]", "sheet = 3\n[columns]"), "sheet", "A text belongs"),
        (SOUND.replace("[columns]", 'timezone = "Mars"\n[columns]'), "timezone", "Mars"),
        (SOUND.replace("[columns]", 'date_formats = "%Y"\n[columns]'), "date_formats", "list"),
        (SOUND + '[values.tag]\n"x" = "=1"', "values.tag.x", "begins with ="),
        (SOUND + '[values.moved_on]\n"x" = "soon"', "values.moved_on.x", "cannot be read"),
        (SOUND + '[values.position]\n"x" = "y"', "values.position", "not filled"),
        (SOUND + '[outlet]\ncode = "{去处}"', "outlet", "name is missing"),
        (SOUND + '[device]\ncategory = "冰箱"\noutlet_code="1"\ncommissioned_on="2020-01-01"',
         "device.category", "not known here"),
        (SOUND + '[leave_out]\n"机号" = "x"', "leave_out.机号", "list of texts"),
        (SOUND + "[filled]\nposition = 1", "filled.position", "list of texts"),
        (SOUND.replace("[columns]", "columns = 1\n[outlet]"), "columns", "table belongs here"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_told_by_its_key(tmp_path: Path, text: str, key: str, part: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_profile(path)
    sentence = str(refused.value)
    assert part in sentence
    assert "mine.toml" in sentence
    if key:
        assert f"“{key}”" in sentence


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no profile"):
        read_profile(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    ("profile", "part"),
    [
        (Profile("moves", sheet="丙"), "has no sheet “丙”"),
        (Profile("moves"), "has several sheets (('甲', '乙'))"),
        (Profile("moves", sheet="甲", columns={"tag": "没有"}), "No row of “甲” has the columns"),
        (
            Profile("moves", sheet="甲", columns={"tag": "机号", "moved_on": "没有"}),
            "has no column “没有”",
        ),
        (
            Profile("moves", sheet="甲", header_row=2, columns={"tag": "机号"}),
            "No row of “甲” has the columns",
        ),
    ],
)
def test_a_profile_that_does_not_fit_the_table(
    sqlite_database: Database, tmp_path: Path, profile: Profile, part: str
) -> None:
    sheets = {"甲": [("机号", "日期"), (1, 2)], "乙": [("机号",)]}
    with pytest.raises(InputError) as refused:
        bring_in(sqlite_database, sheets, folder=tmp_path, profile=profile)
    assert part in str(refused.value)


def test_the_profile_s_own_zone(database: Database, tmp_path: Path) -> None:
    profile = Profile(
        kind="faults",
        timezone="America/Denver",
        columns={"reported_at": "时间"},
        templates={"tag": "{机}"},
        constants={"impact": "停机"},
        outlet={"code": "1", "name": "甲"},
        device={"category": "atm", "outlet_code": "1", "commissioned_on": "2000-01-01"},
    )
    rows = [("机", "时间"), ("A", "2026-07-01 10:00")]
    report = bring_in(database, {"x": rows}, folder=tmp_path, profile=profile, create_devices=True)
    assert report.applied
    with database.read() as session:
        assert session.scalars(select(Fault.reported_at)).one() == at(2026, 7, 2, 0, 0)
