"""The worked examples of the rules: June 2026, through the service, on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from desk_maint.domain.devices import Category, Group
from desk_maint.domain.faults import ExemptState
from desk_maint.domain.instants import zone
from desk_maint.domain.targets import Measure
from desk_maint.services.evidence import device_timeline, evidence
from desk_maint.services.uptime import By, uptime
from tests.services.ledger import MANAGER, write

if TYPE_CHECKING:
    from desk_maint.db.engine import Database
    from desk_maint.services.evidence import TimelinePiece
    from desk_maint.services.uptime import Figures, UptimeReport

FIRST, LAST = date(2026, 6, 1), date(2026, 7, 1)
SHANGHAI = zone("Asia/Shanghai")


def at(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=SHANGHAI).timestamp())


NOW = at(2026, 7, 5, 8)
HOUR = 3600


def june(database: Database) -> UptimeReport:
    return uptime(database, MANAGER, FIRST, LAST, as_of=NOW, by=set(By))


def figures_of(report: UptimeReport, group: Group) -> Figures:
    """The figures of a group; those of its rows must add up to them, and so must the evidence."""
    whole = next(row.figures for row in report.groups if row.group is group)
    for rows in (report.outlets, report.devices, report.months):
        parts = [row.figures for row in rows if row.group is group]
        for name in (
            "scheduled_seconds",
            "exempt_seconds",
            "down_seconds",
            "whole_scheduled_seconds",
            "device_days",
            "bad_days_strict",
            "bad_days_within_limits",
        ):
            assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    return whole


def of_device(report: UptimeReport, tag: str) -> Figures:
    return next(row.figures for row in report.devices if row.tag == tag)


def add_up(database: Database) -> tuple[int, int]:
    rows = list(evidence(database, MANAGER, FIRST, LAST, as_of=NOW))
    down = sum(row.seconds for row in rows if not row.exempt)
    return down, sum(row.seconds for row in rows if row.exempt)


def test_a_month_with_an_exempt_fault_and_a_stoppage(database: Database) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        ledger.fault(atm, "2026-06-03 08:00", "2026-06-03 14:00", cause="读卡器")
        ledger.fault(
            atm,
            "2026-06-03 12:00",
            "2026-06-03 18:00",
            exempt=ExemptState.APPROVED,
            cause="线路",
        )
        ledger.fault(atm, "2026-06-10 20:00", "2026-06-11 06:00", cause="缺钞")
        ledger.stoppage("2026-06-20 01:00", "2026-06-20 03:00", device=atm)
    got = figures_of(june(database), Group.ATM)
    assert got.scheduled_seconds == 2_584_800
    assert got.down_seconds == 57_600
    assert got.exempt_seconds == 14_400
    assert got.required_seconds == 2_570_400
    assert got.uptime_percent == "97.75"
    assert got.actual_percent == "97.21"
    assert got.actual_down_seconds == 72_000
    assert got.met is True
    assert got.faults == 2
    assert got.allowed_down_seconds == 128_520
    assert got.remaining_down_seconds == 70_920
    assert got.first_down_at == at(2026, 6, 3, 8)
    assert (got.device_days, got.bad_days_strict) == (30, 3)
    assert add_up(database) == (57_600, 14_400)


@pytest.mark.parametrize(
    ("restored", "percent", "met", "left"),
    [("2026-06-03 12:00:00", "95.00", True, 0), ("2026-06-03 12:00:01", "94.99", False, -1)],
)
def test_b_a_second_decides(
    database: Database, *, restored: str, percent: str, met: bool, left: int
) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        ledger.fault(atm, "2026-06-02 00:00", restored)
    got = figures_of(june(database), Group.ATM)
    assert (got.uptime_percent, got.met, got.remaining_down_seconds) == (percent, met, left)


def test_c_a_group_is_a_sum_of_seconds_not_a_mean_of_percentages(database: Database) -> None:
    with write(database) as ledger:
        daily = ledger.calendar("白天", "09:00-17:00")
        outlet = ledger.outlet("0101")
        first = ledger.device("ATM-01", outlet)
        ledger.device("ATM-02", outlet, daily)
        ledger.fault(first, "2026-06-02 00:00", "2026-06-04 12:00")
    report = june(database)
    assert of_device(report, "ATM-01").uptime_percent == "91.66"
    assert of_device(report, "ATM-02").uptime_percent == "100.00"
    got = figures_of(report, Group.ATM)
    assert (got.uptime_percent, got.met) == ("93.75", False)


def test_d_only_service_hours_of_the_month_count(database: Database) -> None:
    with write(database) as ledger:
        daily = ledger.calendar("白天", "09:00-17:00")
        atm = ledger.device("ATM-01", ledger.outlet("0101", daily))
        ledger.fault(atm, "2026-06-29 15:00", "2026-07-02 10:00")
    got = figures_of(june(database), Group.ATM)
    assert (got.down_seconds, got.uptime_percent) == (36_000, "95.83")


def test_e_overlapping_faults_count_once(database: Database) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        for start, end in (("08", "14"), ("09", "12"), ("13", "16")):
            ledger.fault(atm, f"2026-06-03 {start}:00", f"2026-06-03 {end}:00")
    got = figures_of(june(database), Group.ATM)
    assert (got.down_seconds, got.faults) == (28_800, 3)
    rows = list(evidence(database, MANAGER, FIRST, LAST, as_of=NOW))
    assert [(row.number, row.seconds) for row in rows] == [("F1", 6 * HOUR), ("F3", 2 * HOUR)]


def test_f_exempt_all_month_is_not_applicable(database: Database) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        ledger.fault(atm, "2026-05-20 00:00", None, exempt=ExemptState.APPROVED)
    got = figures_of(june(database), Group.ATM)
    assert (got.uptime_percent, got.actual_percent, got.met) == (None, "0.00", None)
    assert (got.required_seconds, got.allowed_down_seconds, got.faults) == (0, 0, 0)


@pytest.mark.parametrize(
    ("restored", "within", "strict"),
    [
        ("2026-06-06 09:00", 360, 2),
        ("2026-06-06 11:00", 359, 2),
        ("2026-06-08 10:00", 357, 4),
    ],
)
def test_g_device_days_within_repair_limits(
    database: Database, restored: str, within: int, strict: int
) -> None:
    with write(database) as ledger:
        daily = ledger.calendar("营业厅", "08:00-17:00")
        outlet = ledger.outlet("0101", daily)
        terminals = [
            ledger.device(f"LK-{n:02d}", outlet, category=Category.GREEN_CARD_TERMINAL)
            for n in range(12)
        ]
        ledger.fault(terminals[0], "2026-06-05 10:00", restored)
    got = figures_of(june(database), Group.NETWORKED_TERMINAL)
    assert got.device_days == 360
    assert got.device_days - got.bad_days_within_limits == within
    assert got.bad_days_strict == strict
    assert got.met is False
    assert got.remaining_down_seconds == -got.down_seconds
    assert got.first_down_at == at(2026, 6, 5, 10)


@pytest.mark.parametrize("measure", Measure)
def test_another_measure_moves_the_verdict_alone(database: Database, measure: Measure) -> None:
    with write(database) as ledger:
        atm = ledger.device(
            "ATM-01", ledger.outlet("0101", ledger.calendar("round the clock", "24h"))
        )
        ledger.fault(atm, "2026-06-03 08:00", "2026-06-03 20:00")
        ledger.fault(atm, "2026-06-05 08:00", "2026-06-06 00:30")
    judged = uptime(database, MANAGER, FIRST, LAST, as_of=NOW, by=set(By), measure=measure)
    as_set = june(database)
    for one, other in zip(judged.devices, as_set.devices, strict=True):
        assert replace(one.figures, measure=Measure.UPTIME) == other.figures
    (figures,) = (row.figures for row in judged.devices)
    assert figures.met is (measure is Measure.UPTIME)
    same = judged.rules == as_set.rules
    assert same is (measure is Measure.UPTIME)


def test_the_timeline_of_a_device_adds_up_to_its_figures(database: Database) -> None:
    with write(database) as ledger:
        atm = ledger.device(
            "ATM-01", ledger.outlet("0101", ledger.calendar("daytime", "09:00-17:00"))
        )
        ledger.fault(atm, "2026-06-29 15:00", "2026-07-02 10:00")
        ledger.fault(atm, "2026-06-03 08:00", "2026-06-03 12:00", exempt=ExemptState.APPROVED)
        key = atm.id
    line = device_timeline(database, MANAGER, key, FIRST, LAST, as_of=NOW)
    figures = of_device(june(database), "ATM-01")

    def length(pieces: tuple[TimelinePiece, ...]) -> int:
        return sum(piece.end - piece.start for piece in pieces)

    assert length(line.scheduled) == figures.scheduled_seconds
    assert length(line.down) == figures.down_seconds > 0
    assert length(line.exempt) == figures.exempt_seconds > 0
    assert {piece.number for piece in line.down} == {"F1"}
