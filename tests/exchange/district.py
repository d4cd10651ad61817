"""A small district in an exchange workbook, and ways to bring tables in and look at the result."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desk_maint.db.models import Base, Change, ChangedField
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.importing import ImportReport, import_file
from tests.exchange.workbooks import make_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_maint.db.engine import Database

MANAGER = Actor("王主任", Role.MANAGER)
SHANGHAI = zone("Asia/Shanghai")
NOW = from_local(datetime(2026, 7, 5, 8, 0), SHANGHAI)

DISTRICT: dict[str, list[Sequence[Any]]] = {
    "settings": [("key", "value"), ("bureau_name", "柳河区邮政局"), ("target.atm", "95.5")],
    "calendars": [
        ("name", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "rest_day", "holidays"),
        ("大厅", *["08:00-17:00"] * 7, "08:00-17:00", "none"),
    ],
    "special_days": [("date", "kind", "name"), ("2026-05-04", "rest", "青年节")],
    "outlets": [
        ("code", "name", "parent_code", "kind", "zone", "networked", "calendar"),
        ("0101", "中心营业厅", "01", "outlet", "city", "是", "大厅"),
        ("0102", "东关邮政所", "01", "outlet", "rural", "否", None),
        ("01", "区邮政局", None, "bureau", "city", None, None),
    ],
    "devices": [
        ("tag", "name", "category", "outlet_code", "commissioned_on", "state", "retired_on"),
        ("ATM-01", "取款机", "atm", "0101", date(2020, 1, 1), "在用", None),
        ("LK-01", "绿卡终端", "绿卡终端", "0101", "2020-02-01", None, None),
        ("MH-01", "灭火器", "fire_extinguisher", "0102", "2019年3月", "报废", "2026-01-01"),
        ("JK-01", "摄像机", "cctv_camera", "0102", "2019-03-01", "封存", None),
    ],
    "moves": [("tag", "moved_on", "to_outlet_code"), ("LK-01", "2026-06-10", "0102")],
    "repair_limits": [
        ("category", "grade", "zone", "clock", "accept", "on_site", "repair"),
        (None, 2, "city", "service", "30m", "2h", "8h"),
        ("atm", 2, "city", "elapsed", "15m", "1h", "6h"),
    ],
    "faults": [
        ("number", "tag", "occurred_at", "reported_at", "impact", "symptom", "restored_at",
         "exempt", "exempt_by"),
        ("F1", "LK-01", None, datetime(2026, 6, 5, 10, 0), "停机", "死机", None, None, None),
        ("F2", "ATM-01", "2026-06-03 08:00", "2026-06-03 08:10", "停机", "卡钞",
         "2026-06-03 14:00", "approved", "李局长"),
        (None, "ATM-01", "2026-06-10 20:00", "2026-06-10 20:05", "degraded", "缺纸", None, None,
         None),
    ],
    "holds": [
        ("number", "from", "to", "reason"),
        ("F1", "2026-06-05 11:00", "2026-06-05 12:00", "no_access"),
    ],
    "stoppages": [
        ("scope", "key", "from", "to", "reason", "approved_by"),
        ("device", "ATM-01", "2026-06-20 01:00", "2026-06-20 03:00", "检修", "李局长"),
        ("category", "自动柜员机", "2026-06-21 01:00", "2026-06-21 03:00", "升级", "李局长"),
        ("all", None, "2026-06-22 01:00", "2026-06-22 03:00", "停电检修", "李局长"),
    ],
}  # fmt: skip


def at(*moment: int) -> int:
    """Return the instant of a local time in the district."""
    return from_local(datetime(*moment), SHANGHAI)  # type: ignore[arg-type]


def bring_in(
    database: Database, table: Path | Mapping[str, Sequence[Sequence[Any]]], **options: Any
) -> ImportReport:
    """Import a file, or a workbook of these rows."""
    if not isinstance(table, Path):
        folder = options.pop("folder")
        table = make_workbook(folder / options.pop("name", "table.xlsx"), table)
    options = {"at": NOW, "lang": "en"} | options
    return import_file(database, options.pop("actor", MANAGER), table, **options)


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int, int]]:
    """Return read, added, changed, unchanged and refused by kind."""
    return {
        each.kind: (each.read, each.added, each.changed, each.unchanged, each.refused)
        for each in report.sheets
    }


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that an import may touch."""
    with database.read() as session:
        return {
            name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
        }


def without_history(tables: dict[str, list[tuple[object, ...]]]) -> dict[str, object]:
    """Leave out the tables of the history."""
    history = {Change.__tablename__, ChangedField.__tablename__}
    return {name: rows for name, rows in tables.items() if name not in history}
