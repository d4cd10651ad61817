"""A small district: a bureau with two outlets, five devices and one person of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import HoldReason, Impact, Responsibility
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.people import Actor, Role
from desk_maint.services import devices, fault_reports, outlets, people, ticket_details, tickets
from desk_maint.services.devices import DeviceData
from desk_maint.services.outlets import OutletData
from desk_maint.services.people import PersonData
from desk_maint.services.tickets import Repair

SHANGHAI = zone("Asia/Shanghai")
COMMISSIONED = date(2026, 1, 5)


def local(text: str) -> int:
    """The instant of a local time, ``2026-06-01 09:00``; that day is a Monday."""
    return from_local(datetime.fromisoformat(text), SHANGHAI)


@dataclass(frozen=True)
class District:
    """The keys of what the fixture made, and its people."""

    database: object
    bureau: int
    north: int
    south: int
    atm: int
    """ATM-01, north, serves around the clock; the north outlet's only one."""
    terminal: int
    """T-01, north, working hours."""
    second_terminal: int
    """T-02, north."""
    camera: int
    """C-01, south."""
    south_atm: int
    """ATM-02, south."""
    administrator: Actor
    manager: Actor
    other_manager: Actor
    technician: Actor
    other_technician: Actor
    clerk: Actor
    """Bound to the north outlet."""
    south_clerk: Actor

    def report(self, device: int | None = None, when: str = "2026-06-01 09:00", **more):
        """Report a fault as the clerk of the device's outlet; the north ATM by default."""
        device = self.atm if device is None else device
        clerk = self.south_clerk if device in {self.camera, self.south_atm} else self.clerk
        given = {"impact": Impact.OUT_OF_SERVICE, "symptom": "卡钞", "at": local(when)} | more
        return fault_reports.report(self.database, clerk, device, **given)

    def ticket(self, key: int):
        """The ticket as a manager sees it now."""
        return ticket_details.read_ticket(self.database, self.manager, key)

    def version(self, key: int) -> int:
        """The present version of a ticket."""
        return self.ticket(key).row.version


@pytest.fixture
def district(database) -> District:
    at = local("2026-05-01 08:00")
    administrator = people.add_first_administrator(database, "admin", "管理员", at=at).actor

    def outlet(code: str, name: str, **more) -> int:
        return outlets.create(database, administrator, OutletData(code, name, **more), at=at).id

    def device(tag: str, category: Category, outlet_id: int, **more) -> int:
        data = DeviceData(tag, category, COMMISSIONED, **more)
        return devices.create(database, administrator, data, outlet_id, at=at).id

    def person(login: str, name: str, role: Role, *places: int) -> Actor:
        data = PersonData(login, name, role, frozenset(places))
        return people.add(database, administrator, data, at=at).actor

    bureau = outlet("01", "城区邮政局", kind=OutletKind.BUREAU)
    north = outlet("0101", "城北支局", parent_id=bureau)
    south = outlet("0102", "城南支局", parent_id=bureau, zone=Zone.RURAL)
    return District(
        database=database,
        bureau=bureau,
        north=north,
        south=south,
        atm=device("ATM-01", Category.ATM, north, name="取款机", position="大厅"),
        terminal=device("T-01", Category.GREEN_CARD_TERMINAL, north, position="1号台席"),
        second_terminal=device("T-02", Category.GREEN_CARD_TERMINAL, north, position="2号台席"),
        camera=device("C-01", Category.CCTV_CAMERA, south),
        south_atm=device("ATM-02", Category.ATM, south),
        administrator=administrator,
        manager=person("manager", "赵经理", Role.MANAGER),
        other_manager=person("deputy", "钱经理", Role.MANAGER),
        technician=person("tech", "王师傅", Role.TECHNICIAN),
        other_technician=person("tech2", "李师傅", Role.TECHNICIAN),
        clerk=person("north", "孙营业", Role.REPORTER, north),
        south_clerk=person("south", "周营业", Role.REPORTER, south),
    )


@pytest.fixture
def queue(district):
    """Five tickets: overdue, held in time, held too late, restored, closed."""
    d = district
    made = {
        "overdue": d.report(d.atm, "2026-06-01 09:00"),
        "held": d.report(d.terminal, "2026-06-01 09:00", symptom="死机_1"),
        "late": d.report(d.second_terminal, "2026-06-01 08:00", symptom="100%卡纸"),
        "restored": d.report(d.south_atm, "2026-06-01 10:00"),
        "closed": d.report(d.camera, "2026-05-20 10:00", symptom="无图像"),
    }
    keys = {name: reported.id for name, reported in made.items()}
    when = local("2026-06-01 10:30")
    for name in ("held", "late", "restored"):
        tickets.accept(d.database, d.technician, {keys[name]: 1}, at=when)
    _hold(d, keys["held"], "2026-06-01 11:00")
    _hold(d, keys["late"], "2026-06-02 11:00")
    tickets.accept(
        d.database, d.other_technician, {keys["closed"]: 1}, at=local("2026-05-20 11:00")
    )
    for name, hour in (("restored", "2026-06-01 15:00"), ("closed", "2026-05-20 15:00")):
        tickets.restore(
            d.database,
            d.technician,
            keys[name],
            Repair("老化", Responsibility.MAINTENANCE),
            version=d.version(keys[name]),
            at=local(hour),
        )
    tickets.confirm(
        d.database,
        d.south_clerk,
        keys["closed"],
        version=d.version(keys["closed"]),
        at=local("2026-05-20 16:00"),
    )
    return keys


def _hold(d, key, when):
    tickets.hold(
        d.database,
        d.technician,
        key,
        HoldReason.NO_ACCESS,
        version=d.version(key),
        at=local(when),
    )
