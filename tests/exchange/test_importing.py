"""The exchange workbook, from the file to the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from desk_maint.db.models import (
    Change,
    ChangedField,
    Device,
    DeviceStateChange,
    Fault,
    Hold,
    Outlet,
    Placement,
    Setting,
    Stoppage,
)
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.errors import Cancelled, InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState, TicketState
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.columns import sheet
from desk_maint.language import LANGUAGES
from tests.exchange.district import (
    DISTRICT,
    MANAGER,
    at,
    bring_in,
    contents,
    counts,
    without_history,
)

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.engine import Database


@pytest.fixture
def district(database: Database, tmp_path: Path) -> Database:
    assert bring_in(database, DISTRICT, folder=tmp_path).applied
    return database


def the(database: Database, model: Any, **values: Any) -> Any:
    with database.read() as session:
        return session.scalars(select(model).filter_by(**values)).one()


def places_of(database: Database, tag: str) -> list[tuple[date, str]]:
    """Return from when a device stood where, and check that it knows where it stands now."""
    with database.read() as session:
        rows = session.execute(
            select(Placement.from_on, Outlet.code, Outlet.id)
            .join(Outlet, Outlet.id == Placement.outlet_id)
            .join(Device, Device.id == Placement.device_id)
            .where(Device.tag == tag)
            .order_by(Placement.from_on)
        ).all()
        device = session.scalars(select(Device).where(Device.tag == tag)).one()
        assert device.outlet_id == rows[-1].id
        return [(row.from_on, row.code) for row in rows]


def test_a_whole_district_comes_in(database: Database, tmp_path: Path) -> None:
    report = bring_in(database, DISTRICT, folder=tmp_path)
    assert report.applied
    assert report.refused == []
    # The seed knows these settings, and the house's limits for all categories.
    assert counts(report) == {
        "settings": (2, 0, 2, 0, 0),
        "calendars": (1, 1, 0, 0, 0),
        "special_days": (1, 1, 0, 0, 0),
        "outlets": (3, 3, 0, 0, 0),
        "devices": (4, 4, 0, 0, 0),
        "moves": (1, 1, 0, 0, 0),
        "repair_limits": (2, 1, 0, 1, 0),
        "faults": (3, 3, 0, 0, 0),
        "holds": (1, 1, 0, 0, 0),
        "stoppages": (3, 3, 0, 0, 0),
    }
    assert the(database, Setting, key="target.atm").value == "95.50"
    hall, branch = the(database, Outlet, code="0101"), the(database, Outlet, code="0102")
    assert hall.parent_id == the(database, Outlet, code="01").id
    assert (hall.networked, branch.networked) == (True, False)
    upgrade = the(database, Stoppage, reason="升级")
    assert (upgrade.category, upgrade.approved_by) == (Category.ATM, "李局长")


def test_twice_changes_nothing(district: Database, tmp_path: Path) -> None:
    before = without_history(contents(district))
    report = bring_in(district, DISTRICT, folder=tmp_path)
    assert report.applied
    assert counts(report) == {
        name: (len(rows) - 1, 0, 0, len(rows) - 1, 0) for name, rows in DISTRICT.items()
    }
    assert without_history(contents(district)) == before


def test_any_order_of_sheets_and_columns(database: Database, tmp_path: Path) -> None:
    turned = {
        name: [tuple(reversed(row)) for row in rows] for name, rows in reversed(DISTRICT.items())
    }
    assert bring_in(database, turned, folder=tmp_path).refused == []
    straight = bring_in(database, DISTRICT, folder=tmp_path)
    assert {each[3] - each[0] for each in counts(straight).values()} == {0}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_instead_of_keys(sqlite_database: Database, tmp_path: Path, lang: str) -> None:
    titled = {
        sheet(name).title_in(lang): [
            tuple(f" {sheet(name).column(key).title_in(lang).upper()} " for key in rows[0]),
            *rows[1:],
        ]
        for name, rows in DISTRICT.items()
    }
    report = bring_in(sqlite_database, titled, folder=tmp_path)
    assert report.refused == []
    assert report.unknown_columns == []
    assert {each.kind for each in report.sheets} == set(DISTRICT)


def test_states_and_deadlines_follow(district: Database) -> None:
    first = the(district, Fault, number="F1")
    # 8 hours of 08:00-17:00 from 10:00 on, one of them held: the next day at 10:00.
    assert first.repair_due_at == at(2026, 6, 6, 10, 0)
    assert first.accept_due_at == at(2026, 6, 5, 10, 30)
    assert first.state is TicketState.REPORTED
    assert first.occurred_at == first.reported_at == at(2026, 6, 5, 10, 0)
    assert first.occurred_estimated
    assert first.grade == 2
    second = the(district, Fault, number="F2")
    assert second.repair_due_at == at(2026, 6, 3, 14, 10)
    assert second.state is TicketState.RESTORED
    assert (second.exempt_state, second.exempt_by) == (ExemptState.APPROVED, "李局长")
    third = the(district, Fault, symptom="缺纸")
    assert third.grade == 3
    assert third.number == "WX20260610-0001"


def test_a_fault_belongs_to_the_outlet_of_its_day(district: Database, tmp_path: Path) -> None:
    rows = [
        ("number", "tag", "reported_at", "impact"),
        ("M9", "LK-01", "2026-06-09 23:59", "停机"),
        ("M10", "LK-01", "2026-06-10 00:00", "停机"),
    ]
    assert bring_in(district, {"faults": rows}, folder=tmp_path).applied
    assert the(district, Fault, number="M9").outlet_id == the(district, Outlet, code="0101").id
    assert the(district, Fault, number="M10").outlet_id == the(district, Outlet, code="0102").id


def test_states_of_devices_that_come_as_they_are(district: Database) -> None:
    def states(tag: str) -> list[tuple[date, DeviceState]]:
        device = the(district, Device, tag=tag)
        with district.read() as session:
            rows = session.execute(
                select(DeviceStateChange.from_on, DeviceStateChange.state)
                .where(DeviceStateChange.device_id == device.id)
                .order_by(DeviceStateChange.from_on)
            )
            return [tuple(row) for row in rows]

    assert states("ATM-01") == [(date.min, DeviceState.IN_USE)]
    assert states("JK-01") == [(date.min, DeviceState.SEALED)]
    assert states("MH-01") == [
        (date.min, DeviceState.IN_USE),
        (date(2026, 1, 1), DeviceState.SCRAPPED),
    ]


def test_only_given_columns_change(district: Database, tmp_path: Path) -> None:
    rows = [
        ("tag", "category", "outlet_code", "commissioned_on", "custodian", "name"),
        ("ATM-01", "atm", "0101", "2020-01-01", "陈志强", None),
        ("LK-01", "green_card_terminal", "0101", "2020-02-01", None, None),
    ]
    report = bring_in(district, {"devices": rows}, folder=tmp_path)
    assert counts(report) == {"devices": (2, 0, 1, 1, 0)}
    atm = the(district, Device, tag="ATM-01")
    assert (atm.custodian, atm.name) == ("陈志强", "取款机")


def test_a_changed_fault_is_brought_up_to_date(district: Database, tmp_path: Path) -> None:
    rows = [
        ("number", "tag", "reported_at", "impact", "accepted_at", "grade", "occurred_at"),
        ("F1", "LK-01", "2026-06-05 10:00", "停机", "2026-06-05 10:10", 3, "2026-06-05 09:50"),
    ]
    report = bring_in(district, {"faults": rows}, folder=tmp_path)
    assert counts(report) == {"faults": (1, 0, 1, 0, 0)}
    fault = the(district, Fault, number="F1")
    assert fault.state is TicketState.ACCEPTED
    assert fault.occurred_at == at(2026, 6, 5, 9, 50)
    assert not fault.occurred_estimated
    # Two working days later (a weekend lies between), and the open time of the hold.
    assert fault.repair_due_at == at(2026, 6, 9, 11, 0)
    assert fault.version == 2
    assert bring_in(district, {"faults": rows}, folder=tmp_path).sheets[0].unchanged == 1


def test_an_open_hold_puts_the_ticket_on_hold(district: Database, tmp_path: Path) -> None:
    head = ("number", "from", "to", "reason")
    rows = [head, ("F1", "2026-06-05 13:00", None, "third_party")]
    assert counts(bring_in(district, {"holds": rows}, folder=tmp_path)) == {
        "holds": (1, 1, 0, 0, 0)
    }
    assert the(district, Fault, number="F1").state is TicketState.ON_HOLD
    rows = [head, ("F1", "2026-06-05 13:00", "2026-06-05 16:00", "third_party")]
    assert counts(bring_in(district, {"holds": rows}, folder=tmp_path)) == {
        "holds": (1, 0, 1, 0, 0)
    }
    fault = the(district, Fault, number="F1")
    assert fault.state is TicketState.REPORTED
    assert fault.repair_due_at == at(2026, 6, 6, 13, 0)


def test_faults_and_holds_that_no_longer_fit(district: Database, tmp_path: Path) -> None:
    before = contents(district)
    rows = [
        ("number", "tag", "reported_at", "impact", "restored_at"),
        ("F1", "LK-01", "2026-06-05 10:00", "停机", "2026-06-05 11:30"),
    ]
    with pytest.raises(InputError, match="Fault F1: The hold that began"):
        bring_in(district, {"faults": rows}, folder=tmp_path)
    assert contents(district) == before


def test_a_later_change_of_the_limits_moves_deadlines(district: Database, tmp_path: Path) -> None:
    rows = [
        ("category", "grade", "zone", "clock", "repair"),
        ("绿卡终端", "二级", "城区", "自然小时", "3小时"),
    ]
    assert counts(bring_in(district, {"repair_limits": rows}, folder=tmp_path)) == {
        "repair_limits": (1, 1, 0, 0, 0)
    }
    assert the(district, Fault, number="F1").repair_due_at == at(2026, 6, 5, 14, 0)


def test_the_zone_of_the_same_workbook_applies(database: Database, tmp_path: Path) -> None:
    table = DISTRICT | {
        "settings": [("key", "value"), ("timezone", "America/Denver")],
        "faults": [
            ("number", "tag", "reported_at", "impact"),
            ("F1", "LK-01", datetime(2026, 6, 5, 10, 0), "停机"),
        ],
        "holds": [("number", "from", "reason")],
    }
    report = bring_in(database, table, folder=tmp_path)
    assert report.applied
    assert report.timezone.key == "America/Denver"
    assert the(database, Fault, number="F1").reported_at == at(2026, 6, 6, 0, 0)


def test_lost_zeros_are_found_again(district: Database, tmp_path: Path) -> None:
    rows = [
        ("tag", "category", "outlet_code", "commissioned_on"),
        ("A", "atm", 101, "2020-01-01"),
        ("B", "atm", "102", "2020-01-01"),
    ]
    assert bring_in(district, {"devices": rows}, folder=tmp_path).applied
    assert places_of(district, "A") == [(date.min, "0101")]
    assert places_of(district, "B") == [(date.min, "0102")]
    outlets = [("code", "name"), ("00101", "另一个")]
    assert bring_in(district, {"outlets": outlets}, folder=tmp_path).applied
    rows[1] = ("C", "atm", 101, "2020-01-01")
    report = bring_in(district, {"devices": rows}, folder=tmp_path)
    assert "may be 00101, 0101" in str(report.refused[0].reason)


HEAD = ("tag", "category", "outlet_code", "commissioned_on", "position")
MOVES = ("tag", "moved_on", "to_outlet_code", "position")


def test_the_whole_history_of_a_moved_device(district: Database, tmp_path: Path) -> None:
    """As exported: the present outlet, and moves that begin with the first one."""
    table = {
        "devices": [HEAD, ("N-1", "atm", "0102", "2020-01-01", "右")],
        "moves": [
            MOVES,
            ("N-1", "2020-01-01", "0101", "左"),
            ("N-1", "2024-01-01", "01", "中"),
            ("N-1", "2025-01-01", "0102", "右"),
        ],
    }
    history = [(date.min, "0101"), (date(2024, 1, 1), "01"), (date(2025, 1, 1), "0102")]
    for _ in range(2):
        report = bring_in(district, table, folder=tmp_path)
        assert places_of(district, "N-1") == history
        assert the(district, Device, tag="N-1").position == "右"
    assert counts(report) == {"devices": (1, 0, 0, 1, 0), "moves": (3, 0, 0, 3, 0)}


def test_the_outlet_of_a_known_device(district: Database, tmp_path: Path) -> None:
    def devices(tag: str, code: str) -> Any:
        rows = [HEAD[:4], (tag, "green_card_terminal", code, "2020-02-01")]
        return bring_in(district, {"devices": rows}, folder=tmp_path)

    # It moved from 0101 to 0102: both are right, another one is not.
    assert devices("LK-01", "0101").sheets[0].unchanged == 1
    assert devices("LK-01", "0102").sheets[0].unchanged == 1
    assert "has been moved" in str(devices("LK-01", "01").refused[0].reason)
    # It never moved: its outlet is corrected.
    assert devices("ATM-01", "0102").sheets[0].changed == 1
    assert places_of(district, "ATM-01") == [(date.min, "0102")]


def test_a_move_takes_the_tickets_along(district: Database, tmp_path: Path) -> None:
    rows = [MOVES[:3], ("ATM-01", "2026-06-05", "0102")]
    assert counts(bring_in(district, {"moves": rows}, folder=tmp_path)) == {
        "moves": (1, 1, 0, 0, 0)
    }
    branch, hall = the(district, Outlet, code="0102"), the(district, Outlet, code="0101")
    assert the(district, Fault, number="F2").outlet_id == hall.id
    assert the(district, Fault, symptom="缺纸").outlet_id == branch.id


def test_a_changed_state_is_dated_the_day_of_the_import(district: Database, tmp_path: Path) -> None:
    rows = [(*HEAD[:4], "state"), ("ATM-01", "atm", "0101", "2020-01-01", "备用")]
    assert bring_in(district, {"devices": rows}, folder=tmp_path).sheets[0].changed == 1
    device = the(district, Device, tag="ATM-01")
    assert device.state is DeviceState.STANDBY
    assert the(district, DeviceStateChange, device_id=device.id, from_on=date(2026, 7, 5))


def test_the_history_tells_who_brought_what(database: Database, tmp_path: Path) -> None:
    bring_in(database, DISTRICT, folder=tmp_path, name="六月.xlsx")
    rows = [
        ("number", "tag", "reported_at", "impact", "cause"),
        ("F1", "LK-01", "2026-06-05 10:00", "停机", "老化"),
    ]
    bring_in(database, {"faults": rows}, folder=tmp_path, name="更正.xlsx")
    with database.read() as session:
        changes = session.scalars(select(Change).order_by(Change.id)).all()[-2:]
        assert [(c.actor, c.action, c.reason) for c in changes] == [
            ("王主任", "import", "六月.xlsx"),
            ("王主任", "import", "更正.xlsx"),
        ]

        def recorded(change: Change, kind: str) -> list[tuple[str, str | None, str | None]]:
            rows = session.scalars(
                select(ChangedField).filter_by(change_id=change.id, kind=kind)
            ).all()
            return sorted((row.field, row.old, row.new) for row in rows)

        came = [entry for entry in recorded(changes[0], "fault") if entry[0] == ""]
        assert [new for _, _, new in came] == ["F1", "F2", "WX20260610-0001"]
        assert len(recorded(changes[0], "device")) >= 4
        assert recorded(changes[1], "fault") == [("cause", None, "老化")]


def test_an_unchanged_import_leaves_no_line_in_the_history(
    district: Database, tmp_path: Path
) -> None:
    before = contents(district)
    bring_in(district, DISTRICT, folder=tmp_path)
    assert contents(district) == before


def test_approved_without_a_name_is_vouched_for_by_who_imports(
    district: Database, tmp_path: Path
) -> None:
    rows = [
        ("number", "tag", "reported_at", "impact", "exempt"),
        ("X1", "ATM-01", "2026-06-05 10:00", "停机", "approved"),
        ("X2", "ATM-01", "2026-06-05 10:00", "停机", "proposed"),
    ]
    assert bring_in(district, {"faults": rows}, folder=tmp_path).applied
    assert the(district, Fault, number="X1").exempt_by == MANAGER.name
    assert the(district, Fault, number="X2").exempt_by is None


def test_a_dry_run_reports_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    before = contents(database)
    report = bring_in(database, DISTRICT, folder=tmp_path, dry_run=True)
    assert not report.applied
    assert counts(report)["faults"] == (3, 3, 0, 0, 0)
    assert contents(database) == before


def test_only_managers_import(sqlite_database: Database, tmp_path: Path) -> None:
    for role in (Role.REPORTER, Role.TECHNICIAN):
        with pytest.raises(PermissionDeniedError):
            bring_in(sqlite_database, DISTRICT, folder=tmp_path, actor=Actor("张三", role))


def test_titles_subtotals_and_signatures(district: Database, tmp_path: Path) -> None:
    head = ("序号", "资产编号", "报修时间", "影响程度", "故障现象")
    rows = [
        ("设备故障登记簿（２０２６年）",),
        (None, "填报单位：中心营业厅"),
        head,
        (1, "ATM-01", "3月5日9时05分", "停机", "死机"),
        (None, None, None, None, None),
        ("小计：1起",),
        head,
        (2, "ATM-01", "3月6日9时05分", "停机", "死机"),
        ("合计", None, 2),
        ("制表人：张三", None, None, "审核人：李四"),
        ("注：以上为三月数据",),
    ]
    report = bring_in(district, {"故障登记": rows}, folder=tmp_path)
    assert report.refused == []
    assert counts(report) == {"faults": (2, 2, 0, 0, 0)}
    assert report.sheets[0].left_out == 5
    assert [column.title for column in report.unknown_columns] == ["序号"]
    with district.read() as session:
        moments = session.scalars(select(Fault.reported_at).where(Fault.symptom == "死机")).all()
    assert {at(2026, 3, 5, 9, 5), at(2026, 3, 6, 9, 5)} <= set(moments)


def test_a_sheet_is_known_by_its_columns_too(district: Database, tmp_path: Path) -> None:
    rows = [("资产编号", "调拨日期", "调入网点编码"), ("ATM-01", "2026-07-01", "0102")]
    table = {"Sheet1": rows, "说明事项": [("随便写的",)], "Explanation": [("x",)]}
    report = bring_in(district, table, folder=tmp_path)
    assert counts(report) == {"moves": (1, 1, 0, 0, 0)}
    assert [str(warning) for warning in report.warnings] == [
        "“说明事项” was passed over: it is none of the sheets that can be imported."
    ]


@pytest.mark.parametrize("name", ["outlets.csv", "随便.csv"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv(sqlite_database: Database, tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_text("网点编码,网点名称,区域\n0101,中心营业厅,城区\n", encoding=encoding)
    report = bring_in(sqlite_database, path)
    assert counts(report) == {"outlets": (1, 1, 0, 0, 0)}
    assert the(sqlite_database, Outlet, code="0101").name == "中心营业厅"


def test_progress_is_told_and_it_can_be_cancelled(district: Database, tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("number", "tag", "reported_at", "impact")]
    rows += [(f"P{n}", "ATM-01", datetime(2026, 1, 1), "停机") for n in range(6_500)]
    told: list[tuple[str, int, int]] = []
    report = bring_in(
        district, {"faults": rows}, folder=tmp_path, progress=lambda *step: told.append(step)
    )
    assert report.sheets[0].added == 6_500
    assert [done for _, done, _ in told] == [1000, 2000, 3000, 4000, 5000, 6000, 6500]
    assert told[-1] == ("faults", 6_500, 6_500)
    before = contents(district)
    rows = [rows[0], *[(f"Q{n}", *row[1:]) for n, row in enumerate(rows[1:])]]
    looks = iter([False, True])
    with pytest.raises(Cancelled):
        bring_in(district, {"faults": rows}, folder=tmp_path, cancelled=lambda: next(looks))
    assert contents(district) == before


def test_numbers_for_rows_without_one(district: Database, tmp_path: Path) -> None:
    rows = [
        ("number", "tag", "reported_at", "impact", "symptom"),
        (None, "ATM-01", "2026-06-10 08:00", "停机", "甲"),
        (None, "ATM-01", "2026-06-10 08:00", "停机", "乙"),
        (None, "ATM-01", "2026-06-11 08:00", "停机", None),
    ]
    for outcome in ((3, 3, 0, 0, 0), (3, 0, 0, 3, 0)):
        report = bring_in(district, {"faults": rows}, folder=tmp_path)
        assert counts(report) == {"faults": outcome}
    with district.read() as session:
        numbers = set(session.scalars(select(Fault.number).where(Fault.number.like("WX%"))))
    assert numbers == {
        "WX20260610-0001",
        "WX20260610-0002",
        "WX20260610-0003",
        "WX20260611-0001",
    }


def test_holds_come_with_their_faults(district: Database) -> None:
    fault = the(district, Fault, number="F1")
    hold = the(district, Hold, fault_id=fault.id)
    assert (hold.from_at, hold.to_at) == (at(2026, 6, 5, 11, 0), at(2026, 6, 5, 12, 0))
