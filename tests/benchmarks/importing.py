"""Importing 20,000 devices and 200,000 faults, against plain openpyxl reading of the same cells.

    python -m tests.benchmarks.importing [DEVICES FAULTS]

Each measurement runs in a process of its own.  Wall time is what a user waits; processor time is
steadier on a busy machine; the peak is the process's largest resident memory.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook, load_workbook

from desk_maint.exchange.columns import sheet
from tests.benchmarks.processes import measure, print_table

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTLETS = 200
_THIS = "tests.benchmarks.importing"
CATEGORIES = ("atm", "green_card_terminal", "remittance_terminal", "cctv_camera")


def write_district(path: Path, devices: int, faults: int) -> int:
    """Write the workbook and return how many cells it has."""
    workbook = Workbook(write_only=True)
    cells = 0

    def page(kind: str, rows: Iterable[dict[str, object]]) -> None:
        nonlocal cells
        keys = [column.key for column in sheet(kind).columns]
        written = workbook.create_sheet(kind)
        written.append(keys)
        for row in rows:
            written.append([row.get(key) for key in keys])
            cells += len(keys)

    page("outlets", map(_outlet, range(OUTLETS)))
    page("devices", map(_device, range(devices)))
    page("faults", (_fault(number, devices) for number in range(faults)))
    workbook.save(path)
    return cells


def _outlet(number: int) -> dict[str, object]:
    zone = ("city", "county", "rural")[number % 3]
    hours = "24h" if number % 2 else "working hours"
    return {"code": f"{number:04}", "name": f"网点{number}", "zone": zone, "calendar": hours}


def _device(number: int) -> dict[str, object]:
    return {
        "tag": f"D-{number:05}",
        "name": "终端",
        "category": CATEGORIES[number % 4],
        "outlet_code": f"{number % OUTLETS:04}",
        "position": "大堂",
        "state": "在用",
        "commissioned_on": date(2019, 1, 1) + timedelta(days=number % 900),
        "manufacturer": "广电运通",
        "model": "H22N",
        "serial_number": f"SN{number}",
        "warranty_until": date(2027, 1, 1),
        "custodian": "张三",
        "manufactured_on": date(2018, 6, 1),
    }


def _fault(number: int, devices: int) -> dict[str, object]:
    occurred = datetime(2025, 1, 1) + timedelta(minutes=number * 2.5)
    return {
        "number": f"F{number:07}",
        "tag": f"D-{number * 7919 % devices:05}",
        "occurred_at": occurred,
        "reported_at": occurred + timedelta(minutes=5),
        "reported_by": "张三",
        "impact": "停机" if number % 3 else "功能受限",
        "symptom": "卡钞",
        "cause": "线路故障",
        "responsibility": "carrier",
        "accepted_at": occurred + timedelta(minutes=15),
        "on_site_at": occurred + timedelta(minutes=55),
        "restored_at": occurred + timedelta(hours=3),
        "technician": "李四",
        "action_taken": "重启",
    }


def read_plainly(path: str) -> None:
    """Read every cell, and do nothing with it."""
    workbook = load_workbook(path, read_only=True, data_only=True)
    count = sum(len(row) for page in workbook for row in page.iter_rows(values_only=True))
    workbook.close()
    assert count


def bring_in(path: str, location: str) -> None:
    """Import the workbook into the database there, or into a new one."""
    from desk_maint.db.engine import create_database, open_database
    from desk_maint.domain.people import Actor, Role
    from desk_maint.exchange.importing import import_file

    database = (open_database if Path(location).exists() else create_database)(location)
    report = import_file(
        database, Actor("benchmark", Role.MANAGER), Path(path), at=1_790_000_000, lang="en"
    )
    database.close()
    assert report.applied


def main() -> None:
    """Print the table."""
    devices, faults = map(int, sys.argv[1:] or (20_000, 200_000))
    with tempfile.TemporaryDirectory() as folder:
        path, location = Path(folder) / "district.xlsx", str(Path(folder) / "district.db")
        cells = write_district(path, devices, faults)
        print(f"{devices:,} devices, {faults:,} faults, {cells:,} cells, {path.stat().st_size:,} B")
        plain = measure(_THIS, "read_plainly", str(path))
        rows = [
            ("openpyxl, read-only, values only", plain),
            ("import into an empty database", measure(_THIS, "bring_in", str(path), location)),
            ("import again, nothing changes", measure(_THIS, "bring_in", str(path), location)),
        ]
    print_table(rows)


if __name__ == "__main__":
    main()
