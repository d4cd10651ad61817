"""What goes wrong in the demo district: symptoms with their causes, and how long they take."""

from __future__ import annotations

from typing import NamedTuple

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import HoldReason, Impact, Responsibility

__all__ = ["FAULTS_A_YEAR", "TROUBLES", "Trouble"]

_STOP, _LESS = Impact.OUT_OF_SERVICE, Impact.DEGRADED
_PARTS, _OTHERS, _NO_ACCESS = (
    HoldReason.WAITING_FOR_PARTS,
    HoldReason.THIRD_PARTY,
    HoldReason.NO_ACCESS,
)
_R = Responsibility


class Trouble(NamedTuple):
    """A kind of fault; the symptoms are those that a new database offers."""

    symptom: str
    impact: Impact
    weight: int
    """How often, against the others of its category."""
    cause: str
    responsibility: Responsibility
    action: str
    hours: float
    """Usual time of work on site."""
    hold: HoldReason | None = None
    held_share: float = 0.0
    parts: str | None = None
    exempt_reason: str | None = None
    """Why it may leave the required time; None: it never does."""


FAULTS_A_YEAR = {
    Category.ATM: 44.0,
    Category.GREEN_CARD_TERMINAL: 1.1,
    Category.REMITTANCE_TERMINAL: 0.9,
    Category.FIRE_EXTINGUISHER: 0.15,
    Category.CCTV_CAMERA: 0.6,
    Category.ALARM: 0.5,
    Category.OTHER_SAFETY: 0.3,
}
"""Per device, in a unit of middling care."""

TROUBLES: dict[Category, tuple[Trouble, ...]] = {
    Category.ATM: (
        Trouble("卡钞", _STOP, 20, "卡钞", _R.MAINTENANCE, "清除卡钞，清洁出钞通道", 2.5),
        Trouble("吞卡", _STOP, 9, "读卡器故障", _R.MAINTENANCE, "取出吞卡，调整读卡器", 1.0),
        Trouble("缺钞", _STOP, 18, "缺钞", _R.BRANCH, "加钞并试机", 3.5),
        Trouble("通讯中断", _STOP, 12, "通信线路故障", _R.CARRIER, "运营商恢复线路后试机", 1.0,
                _OTHERS, 0.6, None, "通信线路中断，有运营商故障单"),
        Trouble("读卡器故障", _STOP, 10, "读卡器故障", _R.MAINTENANCE, "更换读卡器", 4.5,
                _PARTS, 0.3, "读卡器"),
        Trouble("屏幕黑屏", _STOP, 6, "市电停电", _R.POWER, "来电后重启试机", 0.8,
                _OTHERS, 0.5, None, "区域停电，有供电部门通知"),
        Trouble("屏幕黑屏", _STOP, 6, "硬件故障", _R.MAINTENANCE, "更换电源模块", 5.0,
                _PARTS, 0.4, "电源模块"),
        Trouble("键盘失灵", _STOP, 7, "硬件故障", _R.MAINTENANCE, "更换密码键盘", 2.5,
                _NO_ACCESS, 0.25, "密码键盘"),
        Trouble("通讯中断", _STOP, 3, "中心系统故障", _R.UPPER_LEVEL, "中心恢复后试机", 0.5,
                None, 0.0, None, "上级中心系统故障，有通报"),
        Trouble("屏幕花屏", _LESS, 8, "硬件故障", _R.MAINTENANCE, "更换显示屏排线", 2.0),
        Trouble("凭条打印机缺纸", _LESS, 14, "缺纸", _R.BRANCH, "更换凭条纸", 0.4),
    ),
    Category.GREEN_CARD_TERMINAL: (
        Trouble("死机", _STOP, 12, "软件故障", _R.MAINTENANCE, "重装终端程序", 1.0),
        Trouble("无法联网", _STOP, 8, "通信线路故障", _R.CARRIER, "运营商恢复线路", 0.8,
                _OTHERS, 0.5, None, "通信线路中断，有运营商故障单"),
        Trouble("密码键盘失灵", _STOP, 6, "硬件故障", _R.MAINTENANCE, "更换密码键盘", 0.8,
                _PARTS, 0.3, "密码键盘"),
        Trouble("读卡器故障", _STOP, 6, "读卡器故障", _R.MAINTENANCE, "清洁磁头", 0.6),
        Trouble("存折打印偏移", _LESS, 9, "打印机故障", _R.MAINTENANCE, "调整打印位置", 0.5),
        Trouble("打印机卡纸", _LESS, 8, "操作不当", _R.BRANCH, "清除卡纸", 0.3),
    ),
    Category.REMITTANCE_TERMINAL: (
        Trouble("死机", _STOP, 10, "软件故障", _R.MAINTENANCE, "重装终端程序", 1.0),
        Trouble("无法登录", _STOP, 5, "中心系统故障", _R.UPPER_LEVEL, "中心恢复后试机", 0.5,
                None, 0.0, None, "上级中心系统故障，有通报"),
        Trouble("无法联网", _STOP, 7, "通信线路故障", _R.CARRIER, "运营商恢复线路", 0.8,
                _OTHERS, 0.5, None, "通信线路中断，有运营商故障单"),
        Trouble("打印机卡纸", _LESS, 8, "操作不当", _R.BRANCH, "清除卡纸", 0.3),
        Trouble("打印不清", _LESS, 7, "打印机故障", _R.MAINTENANCE, "更换色带", 0.4, parts="色带"),
    ),
    Category.FIRE_EXTINGUISHER: (
        Trouble("压力不足", _STOP, 10, "超期未充装", _R.BRANCH, "送检充装", 1.0, _OTHERS, 0.4),
        Trouble("铅封脱落", _LESS, 6, "使用不当", _R.BRANCH, "重新加封", 0.5),
        Trouble("铭牌不清", _LESS, 3, "使用年久", _R.MAINTENANCE, "更换铭牌", 0.5),
        Trouble("喷管破损", _STOP, 4, "老化", _R.MAINTENANCE, "更换喷管", 0.5, parts="喷射软管"),
    ),
    Category.CCTV_CAMERA: (
        Trouble("无图像", _STOP, 10, "硬件故障", _R.MAINTENANCE, "更换摄像机电源", 1.0,
                _PARTS, 0.2, "电源适配器"),
        Trouble("画面模糊", _LESS, 8, "镜头脏污", _R.BRANCH, "清洁镜头并对焦", 0.5),
        Trouble("硬盘录像机停录", _STOP, 5, "硬件故障", _R.MAINTENANCE, "更换硬盘", 1.5,
                _PARTS, 0.3, "硬盘"),
        Trouble("时间不准", _LESS, 5, "软件故障", _R.MAINTENANCE, "校时", 0.3),
    ),
    Category.ALARM: (
        Trouble("误报", _LESS, 6, "线路接触不良", _R.MAINTENANCE, "紧固接线", 0.8),
        Trouble("无法布防", _STOP, 4, "硬件故障", _R.MAINTENANCE, "更换主机", 1.5, _PARTS, 0.3,
                "报警主机"),
        Trouble("电池电量低", _LESS, 5, "电池老化", _R.BRANCH, "更换电池", 0.4, parts="蓄电池"),
    ),
    Category.OTHER_SAFETY: (
        Trouble("不能使用", _STOP, 5, "灯管损坏", _R.MAINTENANCE, "更换灯管", 0.5),
        Trouble("部件缺损", _LESS, 4, "外力碰撞", _R.EXTERNAL, "更换外壳", 0.5),
    ),
}  # fmt: skip
