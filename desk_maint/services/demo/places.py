"""The invented district of the demo: its units, their hours, its people and its equipment.

Names of places, people and makers are made up.  What the user sees here is data such as a bureau
on the mainland would enter, and so it is in Chinese whatever the language of the program.
"""

from __future__ import annotations

from typing import NamedTuple

from desk_maint.domain.devices import Category
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.people import Role
from desk_maint.domain.repair_limits import ROUND_THE_CLOCK_NAME, WORKING_HOURS

__all__ = [
    "BUREAU_NAME",
    "CALENDARS",
    "DEPOT",
    "MAKES",
    "NAMES",
    "PEOPLE",
    "PLACES",
    "Hours",
    "Make",
    "Place",
    "Worker",
]

BUREAU_NAME = "临江区邮政局"
DEPOT = "0191"
"""Where the spares stand."""

_CITY, _COUNTY, _RURAL = "城区网点营业时间", "县城网点营业时间", "乡镇网点营业时间"


class Hours(NamedTuple):
    """A service calendar of the district."""

    name: str
    workday: str
    saturday: str
    sunday: str
    rest_day: str
    longer_workday: str
    """The same from the middle of the demo's time on: hours change, past figures do not."""


CALENDARS = (
    Hours(_CITY, "08:00-17:30", "09:00-16:30", "09:00-16:30", "09:00-16:00", "08:00-18:00"),
    Hours(_COUNTY, "08:00-17:30", "08:30-16:30", "08:30-16:30", "09:00-15:00", "08:00-17:30"),
    Hours(_RURAL, "08:00-12:00 13:30-17:30", "08:00-12:00", "closed", "closed",
          "08:00-12:00 13:30-17:30"),
)  # fmt: skip


class Place(NamedTuple):
    """A unit and how much equipment it has, in the order of :class:`Category`."""

    code: str
    name: str
    parent: str | None
    kind: OutletKind
    zone: Zone
    calendar: str
    devices: tuple[int, int, int, int, int, int, int]
    address: str


_OUTLET, _C, _T, _R = OutletKind.OUTLET, Zone.CITY, Zone.COUNTY, Zone.RURAL
_CITY_OFFICE = (5, 7, 4, 8, 6, 1, 1)
_CITY_AGENCY = (2, 4, 3, 4, 3, 1, 0)
_TOWN_OFFICE = (4, 6, 4, 6, 4, 1, 1)
_RURAL_OFFICE = (3, 4, 3, 4, 3, 1, 0)
_RURAL_AGENCY = (1, 3, 2, 3, 2, 0, 0)
_LOBBY = (6, 0, 0, 2, 4, 0, 0)

PLACES = (
    Place("01", BUREAU_NAME, None, OutletKind.BUREAU, _C, WORKING_HOURS, (0, 0, 0, 6, 3, 1, 0),
          "临江区人民路1号"),
    Place("0190", "邮件处理中心", "01", OutletKind.PRODUCTION_SITE, _C, ROUND_THE_CLOCK_NAME,
          (0, 0, 0, 12, 8, 1, 0), "临江区物流园路8号"),
    Place(DEPOT, "中心机房", "01", OutletKind.PRODUCTION_SITE, _C, ROUND_THE_CLOCK_NAME,
          (4, 1, 1, 6, 3, 0, 0), "临江区人民路1号附楼"),
    Place("0192", "安全保卫科", "01", OutletKind.OFFICE, _C, WORKING_HOURS, (0, 0, 0, 3, 0, 0, 0),
          "临江区人民路1号3楼"),
    Place("0101", "人民路邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "人民路12号"),
    Place("010101", "东风邮政所", "0101", _OUTLET, _C, _CITY, _CITY_AGENCY, "东风街45号"),
    Place("0102", "解放路邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "解放路88号"),
    Place("0103", "火车站邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "站前广场3号"),
    Place("010301", "站前邮政所", "0103", _OUTLET, _C, _CITY, _CITY_AGENCY, "站前路21号"),
    Place("0104", "滨江邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "滨江大道102号"),
    Place("010401", "滨江花园邮政所", "0104", _OUTLET, _C, _CITY, _CITY_AGENCY, "花园路6号"),
    Place("0105", "开发区邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "创业路9号"),
    Place("0106", "大学城邮政支局", "01", _OUTLET, _C, _CITY, _CITY_OFFICE, "学府路30号"),
    Place("0120", "万丰广场自助银行", "0102", _OUTLET, _C, ROUND_THE_CLOCK_NAME, _LOBBY,
          "解放路200号一楼"),
    Place("0121", "人民医院自助银行", "0101", _OUTLET, _C, ROUND_THE_CLOCK_NAME, _LOBBY,
          "人民路56号门诊楼"),
    Place("0107", "城关邮政支局", "01", _OUTLET, _T, _COUNTY, _TOWN_OFFICE, "城关镇中街5号"),
    Place("010701", "南街邮政所", "0107", _OUTLET, _T, _COUNTY, _CITY_AGENCY, "城关镇南街18号"),
    Place("010702", "文庙邮政所", "0107", _OUTLET, _T, _COUNTY, _CITY_AGENCY, "城关镇文庙巷2号"),
    Place("0108", "西关邮政支局", "01", _OUTLET, _T, _COUNTY, _TOWN_OFFICE, "西关大街77号"),
    Place("0109", "北门邮政支局", "01", _OUTLET, _T, _COUNTY, _TOWN_OFFICE, "北门路15号"),
    Place("010901", "北集邮政所", "0109", _OUTLET, _T, _COUNTY, _CITY_AGENCY, "北门集市东口"),
    Place("0110", "青山镇邮政支局", "01", _OUTLET, _R, _RURAL, _RURAL_OFFICE, "青山镇正街10号"),
    Place("011001", "上湾邮政所", "0110", _OUTLET, _R, _RURAL, _RURAL_AGENCY, "青山镇上湾村"),
    Place("0111", "白沙镇邮政支局", "01", _OUTLET, _R, _RURAL, _RURAL_OFFICE, "白沙镇河西路3号"),
    Place("011101", "沙洲邮政所", "0111", _OUTLET, _R, _RURAL, _RURAL_AGENCY, "白沙镇沙洲村"),
    Place("0112", "双桥镇邮政支局", "01", _OUTLET, _R, _RURAL, _RURAL_OFFICE, "双桥镇桥南街7号"),
    Place("011201", "桥头邮政所", "0112", _OUTLET, _R, _RURAL, _RURAL_AGENCY, "双桥镇桥头村"),
    Place("0113", "柳河镇邮政支局", "01", _OUTLET, _R, _RURAL, _RURAL_OFFICE, "柳河镇东街26号"),
    Place("011301", "柳林邮政所", "0113", _OUTLET, _R, _RURAL, _RURAL_AGENCY, "柳河镇柳林村"),
    Place("0114", "石门镇邮政支局", "01", _OUTLET, _R, _RURAL, _RURAL_OFFICE, "石门镇石门路1号"),
    Place("011401", "石坪邮政所", "0114", _OUTLET, _R, _RURAL, _RURAL_AGENCY, "石门镇石坪村"),
)  # fmt: skip


class Worker(NamedTuple):
    """A person of the district; ``outlets`` binds a reporter, his outlets below included."""

    login: str
    name: str
    role: Role
    outlets: tuple[str, ...] = ()


_ADMIN, _MANAGER, _TECH, _REPORTER = (
    Role.ADMINISTRATOR,
    Role.MANAGER,
    Role.TECHNICIAN,
    Role.REPORTER,
)
PEOPLE = (
    Worker("zhoumin", "周敏", _ADMIN),
    Worker("chenjianguo", "陈建国", _MANAGER),
    Worker("linfang", "林芳", _MANAGER),
    Worker("wangzhiyuan", "王志远", _MANAGER),
    Worker("liqiang", "李强", _TECH),
    Worker("zhangwei", "张伟", _TECH),
    Worker("liuyang", "刘洋", _TECH),
    Worker("zhaolei", "赵磊", _TECH),
    Worker("suntao", "孙涛", _TECH),
    Worker("huangli", "黄丽", _REPORTER, ("0101", "0121")),
    Worker("wuting", "吴婷", _REPORTER, ("010101",)),
    Worker("xuna", "徐娜", _REPORTER, ("0102", "0120")),
    Worker("mahongmei", "马红梅", _REPORTER, ("0103",)),
    Worker("zhuyan", "朱燕", _REPORTER, ("010301",)),
    Worker("hujuan", "胡娟", _REPORTER, ("0104",)),
    Worker("guojing", "郭静", _REPORTER, ("010401",)),
    Worker("hexiumei", "何秀梅", _REPORTER, ("0105",)),
    Worker("gaoyuan", "高媛", _REPORTER, ("0106",)),
    Worker("luohui", "罗慧", _REPORTER, ("0107",)),
    Worker("zhengshuang", "郑爽", _REPORTER, ("010701",)),
    Worker("liangyue", "梁月", _REPORTER, ("010702",)),
    Worker("xiedan", "谢丹", _REPORTER, ("0108",)),
    Worker("songjia", "宋佳", _REPORTER, ("0109",)),
    Worker("tangli", "唐莉", _REPORTER, ("010901",)),
    Worker("xulin", "许琳", _REPORTER, ("0110", "011001")),
    Worker("dengchao", "邓超", _REPORTER, ("0111", "011101")),
    Worker("hanxue", "韩雪", _REPORTER, ("0112", "011201")),
    Worker("fengqin", "冯琴", _REPORTER, ("0113", "011301")),
    Worker("caojun", "曹军", _REPORTER, ("0114", "011401")),
    Worker("pengtao", "彭涛", _REPORTER, ("0190", "0191", "0192", "01")),
)

NAMES = {
    Category.ATM: ("存取款一体机", "自动柜员机"),
    Category.GREEN_CARD_TERMINAL: ("绿卡终端",),
    Category.REMITTANCE_TERMINAL: ("电子汇兑终端",),
    Category.FIRE_EXTINGUISHER: ("干粉灭火器", "水基型灭火器", "二氧化碳灭火器"),
    Category.CCTV_CAMERA: ("监控摄像机",),
    Category.ALARM: ("入侵报警器",),
    Category.OTHER_SAFETY: ("应急照明灯",),
}


class Make(NamedTuple):
    """Tag prefix, and maker with model as they stand in the ledger."""

    prefix: str
    models: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    """Where in an outlet such a device stands; ``{}`` is its number there."""


MAKES = {
    Category.ATM: Make(
        "ATM",
        (("恒钞设备", "HC-8600"), ("恒钞设备", "HC-6200"), ("东联金融机具", "DL-3100")),
        ("自助服务区{}号机", "营业厅{}号机"),
    ),
    Category.GREEN_CARD_TERMINAL: Make(
        "LK", (("长河电子", "CH-T20"), ("长河电子", "CH-T30")), ("{}号台席",)
    ),
    Category.REMITTANCE_TERMINAL: Make(
        "DH", (("长河电子", "CH-R10"), ("新远信息", "XY-500")), ("汇兑{}号台席",)
    ),
    Category.FIRE_EXTINGUISHER: Make(
        "MH",
        (("安泰消防", "MFZ/ABC4"), ("安泰消防", "MSZ/3"), ("安泰消防", "MT/3")),
        ("营业厅{}", "机房{}", "走廊{}"),
    ),
    Category.CCTV_CAMERA: Make(
        "JK", (("明视科技", "MS-D2"), ("明视科技", "MS-B4")), ("营业厅{}", "现金区{}", "门口{}")
    ),
    Category.ALARM: Make("BJ", (("安盾电子", "AD-16"),), ("现金区",)),
    Category.OTHER_SAFETY: Make("AQ", (("光明照明", "GM-YJ2"),), ("疏散通道",)),
}
