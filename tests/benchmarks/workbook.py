"""Writing the managers' workbook, against plain openpyxl writing of the same cells.

    python -m tests.benchmarks.workbook [DEVICES FAULTS]

Each measurement runs in a process of its own.  The plain one writes the values and formulas of
every cell, and nothing of how they look.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.benchmarks.processes import Measure, measure, print_table

FIRST, LAST = date(2025, 1, 1), date(2026, 1, 1)


def build(location: str, devices: str, faults: str) -> None:
    """Make the district."""
    from tests.benchmarks.district import build

    build(location, devices=int(devices), faults=int(faults), first=FIRST, last=LAST).close()


def write_statement(location: str, path: str) -> None:
    """Write the managers' workbook."""
    from desk_maint.db.engine import open_database
    from desk_maint.domain.instants import day_start, zone
    from desk_maint.domain.people import Actor, Role
    from desk_maint.exchange.managers_workbook import export_uptime

    database = open_database(location)
    actor = Actor("benchmark", Role.MANAGER)
    as_of = day_start(LAST, zone("Asia/Shanghai"))
    export_uptime(database, actor, FIRST, LAST, Path(path), as_of=as_of, lang="zh_CN")
    database.close()


def read_and_write_plainly(path: str, copy: str) -> None:
    """Write the same cells by openpyxl alone; they come out of the file row by row."""
    import openpyxl

    source = openpyxl.load_workbook(path, read_only=True)
    workbook = openpyxl.Workbook(write_only=True)
    for page in source:
        written = workbook.create_sheet(page.title)
        for row in page.iter_rows(values_only=True):
            written.append(row)
    workbook.save(copy)


def read_plainly(path: str) -> None:
    """Read the cells, whose time is taken off what reading and writing them took."""
    import openpyxl

    source = openpyxl.load_workbook(path, read_only=True)
    assert sum(1 for page in source for _ in page.iter_rows(values_only=True))


def main() -> None:
    """Print the table."""
    devices, faults = sys.argv[1:] or ("5000", "200000")
    this = "tests.benchmarks.workbook"
    with tempfile.TemporaryDirectory() as folder:
        location, path, copy = (str(Path(folder) / name) for name in ("d.db", "u.xlsx", "c.xlsx"))
        measure(this, "build", location, devices, faults)
        ours = measure(this, "write_statement", location, path)
        both = measure(this, "read_and_write_plainly", path, copy)
        reading = measure(this, "read_plainly", path)
        plain = Measure(both.wall - reading.wall, both.processor - reading.processor, both.peak)
        print(f"{devices} devices, {faults} faults, {Path(path).stat().st_size:,} B")
        print_table([("openpyxl, write-only, the same cells", plain), ("managers' workbook", ours)])


if __name__ == "__main__":
    main()
