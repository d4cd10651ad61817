"""What a new database begins with: the house's calendars, limits, settings, symptoms, plans.

All of it is data that a manager edits afterwards.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert

from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    InspectionPlan,
    RepairLimit,
    Setting,
    Symptom,
)
from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.devices import Category, Group
from desk_maint.domain.faults import Impact
from desk_maint.domain.inspections import IntervalUnit
from desk_maint.domain.instants import DEFAULT_ZONE
from desk_maint.domain.outlets import OutletKind
from desk_maint.domain.repair_limits import (
    HOUSE_DEFAULTS,
    MAINTENANCE_HOURS,
    ROUND_THE_CLOCK_NAME,
    WORKING_HOURS,
)
from desk_maint.domain.targets import (
    DEFAULT_COUNTS,
    DEFAULT_MEASURE,
    DEFAULT_TARGETS,
    format_target,
)

__all__ = ["SYMPTOMS", "seed"]

_STOP, _LESS = Impact.OUT_OF_SERVICE, Impact.DEGRADED
SYMPTOMS: dict[Category, tuple[tuple[str, Impact], ...]] = {
    Category.ATM: (
        ("卡钞", _STOP),
        ("吞卡", _STOP),
        ("缺钞", _STOP),
        ("通讯中断", _STOP),
        ("读卡器故障", _STOP),
        ("屏幕黑屏", _STOP),
        ("键盘失灵", _STOP),
        ("屏幕花屏", _LESS),
        ("凭条打印机缺纸", _LESS),
    ),
    Category.GREEN_CARD_TERMINAL: (
        ("死机", _STOP),
        ("无法联网", _STOP),
        ("密码键盘失灵", _STOP),
        ("读卡器故障", _STOP),
        ("存折打印偏移", _LESS),
        ("打印机卡纸", _LESS),
    ),
    Category.REMITTANCE_TERMINAL: (
        ("死机", _STOP),
        ("无法登录", _STOP),
        ("无法联网", _STOP),
        ("打印机卡纸", _LESS),
        ("打印不清", _LESS),
    ),
    Category.FIRE_EXTINGUISHER: (
        ("压力不足", _STOP),
        ("喷管破损", _STOP),
        ("被挪用或丢失", _STOP),
        ("铅封脱落", _LESS),
        ("铭牌不清", _LESS),
    ),
    Category.CCTV_CAMERA: (
        ("无图像", _STOP),
        ("硬盘录像机停录", _STOP),
        ("画面模糊", _LESS),
        ("时间不准", _LESS),
        ("角度偏移", _LESS),
    ),
    Category.ALARM: (
        ("不报警", _STOP),
        ("无法布防", _STOP),
        ("误报", _LESS),
        ("电池电量低", _LESS),
    ),
    Category.OTHER_SAFETY: (("不能使用", _STOP), ("部件缺损", _LESS)),
}
_EXTINGUISHER = "压力指针在绿区\n铅封与保险销完好\n喷管无破损\n摆放在位、取用无遮挡"
INSPECTION_PLANS = (
    ("灭火器月检", Category.FIRE_EXTINGUISHER, None, 1, IntervalUnit.MONTHS, _EXTINGUISHER),
    # Crowded places more often; a business hall is taken for one (domain, section 5).
    (
        "灭火器半月检",
        Category.FIRE_EXTINGUISHER,
        OutletKind.OUTLET,
        15,
        IntervalUnit.DAYS,
        _EXTINGUISHER,
    ),
    (
        "摄像头月检",
        Category.CCTV_CAMERA,
        None,
        1,
        IntervalUnit.MONTHS,
        "图像清晰\n时间准确\n角度正确\n录像保存天数达标",
    ),
    ("报警器月检", Category.ALARM, None, 1, IntervalUnit.MONTHS, "布防撤防正常\n按钮触发有响应"),
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def seed(connection: Connection) -> None:
    """Fill an empty schema."""
    connection.execute(
        insert(Setting),
        [
            {"key": "timezone", "value": DEFAULT_ZONE, "version": 1},
            {"key": "bureau_name", "value": "", "version": 1},
            *(
                {"key": f"{part}.{group}", "value": value, "version": 1}
                for group in Group
                for part, value in (
                    ("target", format_target(DEFAULT_TARGETS[group])),
                    ("counts", DEFAULT_COUNTS[group].value),
                    ("measure", DEFAULT_MEASURE[group].value),
                )
            ),
        ],
    )
    _calendar(connection, ROUND_THE_CLOCK_NAME, ["24h"] * 7, "24h", HolidaySource.NONE)
    every_day = ["08:00-20:00"] * 7
    _calendar(connection, MAINTENANCE_HOURS, every_day, "08:00-20:00", HolidaySource.NONE)
    working = ["08:00-17:30"] * 5 + ["closed"] * 2
    _calendar(connection, WORKING_HOURS, working, "closed", HolidaySource.CN)
    connection.execute(
        insert(RepairLimit),
        [
            {
                "category": row.category,
                "grade": row.grade,
                "zone": row.zone,
                "clock": row.clock,
                "accept": str(row.accept) if row.accept else None,
                "on_site": str(row.on_site) if row.on_site else None,
                "repair": str(row.repair) if row.repair else None,
                "version": 1,
            }
            for row in HOUSE_DEFAULTS
        ],
    )
    connection.execute(
        insert(Symptom),
        [
            {"category": category, "text": words, "impact": impact, "rank": rank, "version": 1}
            for category, symptoms in SYMPTOMS.items()
            for rank, (words, impact) in enumerate(symptoms)
        ],
    )
    connection.execute(
        insert(InspectionPlan),
        [
            {
                "name": name,
                "category": category,
                "outlet_kind": kind,
                "every": every,
                "unit": unit,
                "items": items,
                "version": 1,
            }
            for name, category, kind, every, unit, items in INSPECTION_PLANS
        ],
    )


def _calendar(
    connection: Connection, name: str, week: list[str], rest_day: str, holidays: HolidaySource
) -> None:
    key = connection.execute(
        insert(Calendar).values(name=name, version=1).returning(Calendar.id)
    ).scalar_one()
    connection.execute(
        insert(CalendarVersion).values(
            calendar_id=key,
            valid_from=date.min,
            rest_day=rest_day,
            holidays=holidays,
            **dict(zip(_DAYS, week, strict=True)),
        )
    )
