"""The whole report against a slow reading of the rules, quarter of an hour by quarter of an hour.

Every moment of these bureaus lies on a quarter, so that counting quarters counts seconds.  The
reading asks for each quarter by itself where the device stood, whether it was in use and open,
which stoppages and faults covered it, and adds up; it shares no arithmetic with the program.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    Device,
    DeviceStateChange,
    Fault,
    Outlet,
    Placement,
    Setting,
    Stoppage,
)
from desk_maint.domain.devices import GROUP_OF, Category, DeviceState, Group
from desk_maint.domain.faults import ExemptState, Impact, TicketState
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.domain.targets import Counts
from desk_maint.services.evidence import evidence
from desk_maint.services.uptime import By, uptime
from tests.domain.test_uptime import Plan
from tests.services.ledger import ALWAYS, MANAGER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_maint.db.engine import Database

QUARTER = 900
WORKING = ("08:00-17:30",) * 5 + ("closed",) * 2
WEEKS = (
    ("24h",) * 7,
    ("08:00-12:00 13:00-17:30",) * 5 + ("closed", "09:00-16:00"),
    ("09:00-17:00",) * 7,
    ("00:00-06:00 22:00-24:00",) * 7,
)
PERIODS = (
    ("Asia/Shanghai", date(2024, 2, 24), date(2024, 3, 5)),
    ("Asia/Shanghai", date(2026, 4, 28), date(2026, 5, 11)),
    ("Europe/Berlin", date(2026, 3, 26), date(2026, 4, 3)),
    ("Europe/Berlin", date(2026, 10, 22), date(2026, 11, 3)),
)
CATEGORIES = (Category.ATM, Category.GREEN_CARD_TERMINAL, Category.ALARM)
NAMES = (
    "scheduled_seconds",
    "exempt_seconds",
    "down_seconds",
    "whole_scheduled_seconds",
    "device_days",
    "bad_days_strict",
    "bad_days_within_limits",
    "faults",
    "first_down_at",
)


@dataclass
class Bureau:
    """What a test writes into the tables, and reads by itself."""

    zone: str
    first: date
    last: date
    now: int
    counts: dict[Group, Counts]
    calendars: list[list[tuple[date, Plan]]]
    outlets: list[int | None]
    """The calendar of each."""
    devices: list[dict[str, Any]]
    stoppages: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def instant(self, day: date) -> int:
        return int(datetime.combine(day, time.min, self.tz).timestamp())


@st.composite
def bureaus(draw: st.DrawFn) -> Bureau:
    zone, first, last = draw(st.sampled_from(PERIODS))
    tz = ZoneInfo(zone)
    start, end = (int(datetime.combine(day, time.min, tz).timestamp()) for day in (first, last))
    days = st.integers(-2, (last - first).days + 2).map(lambda n: first + timedelta(days=n))
    moments = st.integers(-100, (end - start) // QUARTER + 100).map(lambda n: start + n * QUARTER)
    spans = st.tuples(moments, st.integers(0, 200)).map(lambda s: (s[0], s[0] + s[1] * QUARTER))
    faults = st.builds(
        lambda span, until, **rest: {
            "occurred": span[0],
            "restored": span[1] if until else None,
            **rest,
        },
        spans,
        st.sampled_from((True, True, True, True, False)),
        impact=st.sampled_from((Impact.OUT_OF_SERVICE, Impact.OUT_OF_SERVICE, Impact.DEGRADED)),
        exempt=st.sampled_from((None, None, None, None, *ExemptState, ExemptState.APPROVED)),
        cancelled=st.sampled_from((False,) * 7 + (True,)),
        due=st.none() | moments | st.just(start),
        spare=st.none() | st.none() | moments,
    )
    plans = st.builds(
        Plan,
        st.just(zone),
        st.sampled_from(WEEKS),
        st.sampled_from(("closed", "24h", "10:00-12:00")),
        st.none() | st.just("10:00-18:00"),
        st.just(()),
        st.booleans(),
    )
    calendars = draw(
        st.lists(
            st.tuples(plans, st.none() | st.tuples(days, plans)).map(
                lambda pair: [(ALWAYS, pair[0]), *([pair[1]] if pair[1] else [])]
            ),
            min_size=1,
            max_size=3,
        )
    )
    own = st.none() | st.integers(0, len(calendars) - 1)
    outlets = draw(st.lists(own, min_size=1, max_size=3))
    outlet = st.integers(0, len(outlets) - 1)
    devices = [
        {
            "category": draw(st.sampled_from(CATEGORIES)),
            "calendar": draw(own),
            "commissioned_on": (begun := draw(st.sampled_from([date(2020, 1, 1)] * 3) | days)),
            "retired_on": draw(st.none() | days.map(lambda day, begun=begun: max(day, begun))),
            "places": [
                (ALWAYS, draw(outlet)),
                *sorted(
                    draw(st.lists(st.tuples(days, outlet), max_size=2, unique_by=lambda m: m[0]))
                ),
            ],
            "states": [
                (ALWAYS, draw(st.sampled_from([DeviceState.IN_USE] * 5 + [DeviceState.STANDBY]))),
                *sorted(
                    draw(
                        st.lists(
                            st.tuples(days, st.sampled_from(DeviceState)),
                            max_size=2,
                            unique_by=lambda change: change[0],
                        )
                    )
                ),
            ],
            "faults": draw(st.lists(faults, min_size=1, max_size=6)),
        }
        for _ in range(draw(st.integers(1, 4)))
    ]
    stoppages = [
        {
            "span": (span[0], span[1] + QUARTER),
            "scope": scope,
            "device": draw(st.integers(0, len(devices) - 1)),
            "outlet": draw(outlet),
            "category": draw(st.sampled_from(CATEGORIES)),
            "approved": draw(st.sampled_from([True, True, False])),
        }
        for span, scope in draw(
            st.lists(st.tuples(spans, st.sampled_from(StoppageScope)), max_size=3)
        )
    ]
    return Bureau(
        zone=zone,
        first=first,
        last=last,
        now=draw(st.just(end + 10**6) | st.just(end - 100 * QUARTER) | moments),
        counts={group: draw(st.sampled_from(Counts)) for group in Group},
        calendars=calendars,
        outlets=outlets,
        devices=devices,
        stoppages=stoppages,
    )


def fill(database: Database, bureau: Bureau) -> None:
    """Put the bureau in place of whatever the database held."""
    with database.change(MANAGER, "import", at=0) as work:
        session = work.session
        for table in (Fault, Stoppage, Placement, DeviceStateChange, Device, Outlet):
            session.execute(delete(table))
        made = select(Calendar.id).where(Calendar.name.startswith("c"))
        session.execute(delete(CalendarVersion).where(CalendarVersion.calendar_id.in_(made)))
        session.execute(delete(Calendar).where(Calendar.name.startswith("c")))
        session.execute(update(Setting).where(Setting.key == "timezone").values(value=bureau.zone))
        for group, counts in bureau.counts.items():
            session.execute(
                update(Setting).where(Setting.key == f"counts.{group}").values(value=counts.value)
            )
        calendars = [Calendar(name=f"c{n}") for n in range(len(bureau.calendars))]
        for row, versions in zip(calendars, bureau.calendars, strict=True):
            for day, plan in versions:
                hours = dict(
                    zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), plan.week, strict=True)
                )
                row.versions.append(
                    CalendarVersion(
                        valid_from=day,
                        rest_day=plan.rest,
                        makeup_workday=plan.makeup,
                        holidays="cn" if plan.follows_cn else "none",
                        **hours,
                    )
                )
        session.add_all(calendars)
        session.flush()
        keys: list[int | None] = [row.id for row in calendars]
        outlets = [
            Outlet(code=f"{n}", name="网点", calendar_id=None if own is None else keys[own])
            for n, own in enumerate(bureau.outlets)
        ]
        session.add_all(outlets)
        session.flush()
        devices = []
        for number, spec in enumerate(bureau.devices):
            own = spec["calendar"]
            device = Device(
                tag=f"D{number}",
                category=spec["category"],
                outlet_id=outlets[spec["places"][-1][1]].id,
                calendar_id=None if own is None else keys[own],
                state=spec["states"][-1][1],
                commissioned_on=spec["commissioned_on"],
                retired_on=spec["retired_on"],
            )
            for day, place in spec["places"]:
                device.placements.append(Placement(from_on=day, outlet_id=outlets[place].id))
            for day, state in spec["states"]:
                device.state_changes.append(DeviceStateChange(from_on=day, state=state))
            devices.append(device)
        session.add_all(devices)
        session.flush()
        for number, spec in enumerate(bureau.devices):
            session.add_all(
                Fault(
                    number=f"{number}-{n}",
                    device_id=devices[number].id,
                    outlet_id=devices[number].outlet_id,
                    occurred_at=fault["occurred"],
                    reported_at=fault["occurred"],
                    restored_at=fault["restored"],
                    impact=fault["impact"],
                    grade=2,
                    exempt_state=fault["exempt"],
                    state=TicketState.REPORTED,
                    cancelled_at=fault["occurred"] if fault["cancelled"] else None,
                    repair_due_at=fault["due"],
                    spare_from=fault["spare"],
                )
                for n, fault in enumerate(spec["faults"])
            )
        session.add_all(
            Stoppage(
                scope=stop["scope"],
                device_id=devices[stop["device"]].id if stop["scope"] == "device" else None,
                outlet_id=outlets[stop["outlet"]].id if stop["scope"] == "outlet" else None,
                category=stop["category"] if stop["scope"] == "category" else None,
                from_at=stop["span"][0],
                to_at=stop["span"][1],
                reason="检修",
                approved_by="局长" if stop["approved"] else None,
            )
            for stop in bureau.stoppages
        )


class Tally:
    """The figures of one row of the report, by quarters."""

    def __init__(self) -> None:
        self.seconds: dict[str, int] = defaultdict(int)
        self.days: dict[str, set[tuple[int, date]]] = defaultdict(set)
        self.faults: set[tuple[int, int]] = set()
        self.first_down: int | None = None
        self.devices: set[int] = set()

    def figures(self) -> tuple[int | None, ...]:
        return (
            self.seconds["scheduled"],
            self.seconds["exempt"],
            self.seconds["down"],
            self.seconds["whole"],
            len(self.days["all"]),
            len(self.days["strict"]),
            len(self.days["late"]),
            len(self.faults),
            self.first_down,
        )


def in_force(entries: list[tuple[date, Any]], day: date) -> Any:
    return [value for since, value in entries if since <= day][-1]


def in_service(device: dict[str, Any], day: date) -> bool:
    retired = device["retired_on"]
    return (
        device["commissioned_on"] <= day
        and (retired is None or day < retired)
        and in_force(device["states"], day) is DeviceState.IN_USE
    )


def is_open(bureau: Bureau, device: dict[str, Any], place: int, local: datetime) -> bool:
    own = device["calendar"] if device["calendar"] is not None else bureau.outlets[place]
    if own is not None:
        plan = in_force(bureau.calendars[own], local.date())
    elif device["category"] is Category.ATM:
        plan = Plan(bureau.zone, WEEKS[0], "24h", None, (), follows_cn=False)
    else:
        plan = Plan(bureau.zone, WORKING, "closed", None, (), follows_cn=True)
    of_day = local.hour * 3600 + local.minute * 60
    return any(a <= of_day < b for a, b in plan.hours(local.date()))


def is_stopped(bureau: Bureau, number: int, place: int, quarter: int) -> bool:
    return any(
        stop["approved"]
        and stop["span"][0] <= quarter < stop["span"][1]
        and {
            "device": stop["device"] == number,
            "outlet": stop["outlet"] == place,
            "category": stop["category"] is bureau.devices[number]["category"],
            "all": True,
        }[stop["scope"]]
        for stop in bureau.stoppages
    )


def is_late(fault: dict[str, Any], quarter: int) -> bool:
    return (
        fault["due"] is not None
        and fault["due"] <= quarter
        and (fault["spare"] is None or quarter < fault["spare"])
    )


def read(bureau: Bureau) -> dict[tuple[Any, ...], Tally]:
    """Return every row of the report, by kind and key."""
    rows: dict[tuple[Any, ...], Tally] = defaultdict(Tally)
    start, end = bureau.instant(bureau.first), bureau.instant(bureau.last)
    clock = [
        (quarter, datetime.fromtimestamp(quarter, UTC).astimezone(bureau.tz))
        for quarter in range(start, end, QUARTER)
    ]
    for number, device in enumerate(bureau.devices):
        group = GROUP_OF[device["category"]]
        faults = {
            n: fault
            for n, fault in enumerate(device["faults"])
            if not fault["cancelled"]
            and (bureau.counts[group] == "any_fault" or fault["impact"] == "out_of_service")
        }
        for quarter, local in clock:
            if in_service(device, local.date()):
                place = in_force(device["places"], local.date())
                keys = (
                    ("group", group),
                    ("outlet", str(place), group),
                    ("device", f"D{number}", str(place)),
                    ("month", f"{local:%Y-%m}", group),
                )
                opened = is_open(bureau, device, place, local)
                scheduled = opened and not is_stopped(bureau, number, place, quarter)
                for key in keys:
                    count(rows[key], bureau, number, faults, quarter, local, scheduled=scheduled)
    return rows


def count(
    row: Tally,
    bureau: Bureau,
    number: int,
    faults: dict[int, dict[str, Any]],
    quarter: int,
    local: datetime,
    *,
    scheduled: bool,
) -> None:
    """Add one quarter of a device in service to a row."""
    row.devices.add(number)
    row.seconds["whole"] += QUARTER * scheduled
    if quarter >= bureau.now:
        return
    touching = {
        n: fault
        for n, fault in faults.items()
        if fault["occurred"] <= quarter
        and (fault["restored"] is None or quarter < max(fault["restored"], fault["occurred"] + 1))
    }
    counted = {n: fault for n, fault in touching.items() if fault["exempt"] != "approved"}
    row.faults.update((number, n) for n in counted)
    if not scheduled:
        return
    day = (number, local.date())
    row.seconds["scheduled"] += QUARTER
    row.days["all"].add(day)
    # One that was restored in the second it occurred touches the quarter without taking time.
    lasting = {n for n, fault in touching.items() if fault["restored"] != fault["occurred"]}
    if lasting & counted.keys():
        row.seconds["down"] += QUARTER
        row.days["strict"].add(day)
        row.first_down = min(row.first_down or quarter, quarter)
    elif lasting:
        row.seconds["exempt"] += QUARTER
    if any(is_late(counted[n], quarter) for n in lasting & counted.keys()):
        row.days["late"].add(day)


def rows_of(report: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the rows of the report as the reading names them."""
    for row in report.groups:
        yield ("group", row.group), row
    for row in report.outlets:
        yield ("outlet", row.outlet, row.group), row
    for row in report.devices:
        yield ("device", row.tag, row.outlet), row
    for row in report.months:
        yield ("month", row.month, row.group), row


def compare(database: Database, bureau: Bureau) -> None:
    fill(database, bureau)
    expected = read(bureau)
    report = uptime(database, MANAGER, bureau.first, bureau.last, as_of=bureau.now, by=set(By))
    got = dict(rows_of(report))
    assert not expected.keys() - got.keys()
    for key, row in got.items():
        tally = expected[key]
        figures = tuple(getattr(row.figures, name) for name in NAMES)
        assert (key, figures) == (key, tally.figures())
        if hasattr(row, "devices"):
            assert row.devices == len(tally.devices)
    seconds: dict[tuple[str, str, bool], int] = defaultdict(int)
    for piece in evidence(database, MANAGER, bureau.first, bureau.last, as_of=bureau.now):
        seconds[piece.tag, piece.outlet, piece.exempt] += piece.seconds
    for row in report.devices:
        assert seconds[row.tag, row.outlet, False] == row.figures.down_seconds
        assert seconds[row.tag, row.outlet, True] == row.figures.exempt_seconds


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bureaus())
def test_every_row_of_the_report_is_what_a_reading_by_quarters_finds(
    sqlite_database: Database, bureau: Bureau
) -> None:
    compare(sqlite_database, bureau)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bureaus())
def test_postgresql_gives_the_same_rows(database: Database, bureau: Bureau) -> None:
    compare(database, bureau)
