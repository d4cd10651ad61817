"""Real and realistic input: a failure log as published, and two ledgers kept by hand."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from shutil import copy
from statistics import mean, median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from sqlalchemy import func, select

from desk_maint.db.models import Device, Fault, Outlet
from desk_maint.domain.devices import DeviceState
from tests.exchange.district import at, bring_in, contents, counts

if TYPE_CHECKING:
    from desk_maint.db.engine import Database

PROFILES = Path(__file__).parent / "profiles"
CAUSES = ("Facilities", "Hardware", "Human Error", "Network", "Undetermined", "Software")

Figures = dict[str | None, tuple[int, float, float]]


def figures_by_script(path: Path) -> Figures:
    """Count, mean and median minutes per cause, straight from the raw file."""
    zone = ZoneInfo("America/Denver")
    minutes = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            start, end = (
                datetime.strptime(row[name], "%m/%d/%Y %H:%M").replace(tzinfo=zone).timestamp()
                for name in ("Prob Started", "Prob Fixed")
            )
            cause = next((cause for cause in CAUSES if row[cause].strip()), None)
            minutes[cause].append((end - start) / 60)
    return {cause: (len(each), mean(each), median(each)) for cause, each in minutes.items()}


def figures_of(database: Database) -> Figures:
    minutes = defaultdict(list)
    with database.read() as session:
        for cause, start, end in session.execute(
            select(Fault.cause, Fault.occurred_at, Fault.restored_at)
        ):
            minutes[cause].append((end - start) / 60)
    return {cause: (len(each), mean(each), median(each)) for cause, each in minutes.items()}


def test_the_failure_log_of_los_alamos(database: Database, samples: Path) -> None:
    path = samples / "lanl-failures.csv"
    options = {"profile": PROFILES / "lanl-failures.toml", "create_devices": True}
    first = bring_in(database, path, **options)
    assert first.refused == []
    assert counts(first) == {
        "outlets": (1, 1, 0, 0, 0),
        "devices": (1142, 1142, 0, 0, 0),
        "faults": (12_407, 12_407, 0, 0, 0),
    }
    by_script = figures_by_script(path)
    assert sum(count for count, _, _ in by_script.values()) == 12_407
    assert figures_of(database) == by_script
    before = contents(database)
    second = bring_in(database, path, **options)
    assert counts(second)["faults"] == (12_407, 0, 0, 12_407, 0)
    assert contents(database) == before


def told(report: object) -> list[tuple[int, str | None, str, str]]:
    return [(row.row, row.column, row.value, str(row.reason)) for row in report.refused]


def test_the_ledger_and_the_fault_book(database: Database, samples: Path, tmp_path: Path) -> None:
    ledger = Path(copy(samples / "设备台账.xlsx", tmp_path))
    book = Path(copy(samples / "故障登记簿.xlsx", tmp_path))
    before = contents(database)
    whole = bring_in(database, ledger, profile=PROFILES / "设备台账.toml")
    assert not whole.applied
    assert contents(database) == before

    for outcome in ((87, 84, 0, 0, 3), (87, 0, 0, 84, 3)):
        report = bring_in(database, ledger, profile=PROFILES / "设备台账.toml", skip_bad_rows=True)
        assert counts(report)["devices"] == outcome
        assert [row[:3] for row in told(report)] == [
            (94, "资产编号", "LK-0101-02"),
            (95, "资产编号", ""),
            (96, "启用日期", "2O21-13-45"),
        ]
        assert report.sheets[-1].left_out == 3  # two subtotals and the signatures
    reasons = [reason for *_, reason in told(report)]
    assert reasons[0] == "Row 94 is the same record as row 7. Keep one of the two."
    assert "needed" in reasons[1]
    assert "cannot be read as a date" in reasons[2]

    for outcome in ((317, 314, 0, 0, 3), (317, 0, 0, 314, 3)):
        report = bring_in(database, book, profile=PROFILES / "故障登记簿.toml", skip_bad_rows=True)
        assert counts(report)["faults"] == outcome
        assert [row[:3] for row in told(report)] == [
            (317, "报修时间", "2026-06-31 10:00"),
            (318, "资产编号", "ATM-9999-01"),
            (319, "修复时间", "2026-07-02 09:00"),
        ]
    reasons = [reason for *_, reason in told(report)]
    assert "does not exist" in reasons[0]
    assert "no device with the tag" in reasons[1]
    assert "lies before" in reasons[2]

    with database.read() as session:
        devices = {device.tag: device for device in session.scalars(select(Device))}
        outlets = {outlet.code: outlet for outlet in session.scalars(select(Outlet))}
        open_faults = session.scalar(
            select(func.count()).select_from(Fault).where(Fault.restored_at.is_(None))
        )
        unsure = session.scalar(
            select(func.count()).select_from(Fault).where(Fault.occurred_estimated)
        )
        first = session.scalars(select(Fault).filter_by(number="GZ2026-1")).one()
    assert len(outlets) == 9
    assert devices["ATM-0101-02"].state is DeviceState.IN_USE  # full-width dashes, stray blanks
    assert devices["JK-0104-01"].state is DeviceState.SEALED
    assert devices["JK-0104-02"].remarks == "=SUM(1,1)"
    assert first.accepted_at == at(2026, 1, 3, 12, 57)  # «1月3日12时57分», the year from the title
    raw = list(load_workbook(book).active.iter_rows(min_row=3, max_row=316, values_only=True))
    assert open_faults == sum(row[10] is None for row in raw)
    assert unsure == sum(row[7] is None for row in raw)
